"""Reading a package out of a file or folder, and packing it. What no honest package has is refused.

An `.argosmodel` is a zip file with one folder. It is read whole into memory, so that nothing is
written before everything has been looked at.
"""

from __future__ import annotations

import io
import mmap
import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Mapping
from itertools import islice
from pathlib import Path, PurePosixPath

from translator.errors import TranslatorError

LARGEST = 4 << 30  # bytes unpacked
LARGEST_RATIO = 100  # unpacked to packed; real models reach 10
MOST_FILES = 1000
FOLDER = re.compile(r"\w[\w.-]{0,99}")
SPLITTERS = frozenset({"stanza", "spacy", "minisbd"})  # sentence splitters, partly pickles
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

Files = dict[str, bytes]


class _Refused(Exception):
    """What is wrong with an archive or folder."""


def read(path: Path) -> tuple[str, Files]:
    """The folder's name and the files of a package, without its sentence splitters.

    Raises TranslatorError where that is no package, or a hostile one.
    """
    try:
        return _read_folder(path) if path.is_dir() else _read_archive(path)
    except _Refused as error:
        raise TranslatorError(f"refused: {error}", file=path) from error
    except MemoryError as error:
        raise TranslatorError("is too large for this machine's memory", file=path) from error


def _read_archive(path: Path) -> tuple[str, Files]:
    try:
        with path.open("rb") as file:
            _count(file.fileno())
            with zipfile.ZipFile(file) as archive:
                entries = archive.infolist()
                folder = _check(entries, os.fstat(file.fileno()).st_size)
                return folder, {
                    name: archive.read(entry)
                    for entry in entries
                    if not entry.is_dir()
                    and (name := entry.filename.partition("/")[2]).split("/")[0] not in SPLITTERS
                }
    except (
        zipfile.BadZipFile,
        EOFError,
        OSError,
        RuntimeError,
        NotImplementedError,
        ValueError,
    ) as error:
        raise TranslatorError(
            f"is no readable .argosmodel (zip) file: {error}", file=path
        ) from error


def _count(file: int) -> None:
    """Refuse an archive of very many entries before `zipfile` makes an object of each.

    What the archive says of their number may be a lie, so the entries themselves are counted.
    """
    if os.fstat(file).st_size == 0:  # cannot be mapped; zipfile says that it is no zip file
        return
    with mmap.mmap(file, 0, access=mmap.ACCESS_READ) as content:
        count = sum(1 for _ in islice(re.finditer(rb"PK\x01\x02", content), MOST_FILES + 1))
    if count > MOST_FILES:
        raise _Refused(f"more than {MOST_FILES} files")


def _check(entries: list[zipfile.ZipInfo], packed: int) -> str:
    """Refuse what no honest package has; return the one folder that everything lies in."""
    seen: dict[str, str] = {}
    for entry in entries:
        name = PurePosixPath(entry.filename)
        # orig_filename: zipfile cuts a name at a null byte
        if (
            name.is_absolute()
            or ".." in name.parts
            or re.search(r"[\\:\x00-\x1f\x7f]", entry.orig_filename)
        ):
            raise _Refused(f"unsafe path {entry.filename!r}")
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or (
            entry.is_dir() != (kind == stat.S_IFDIR) and kind
        ):
            raise _Refused(f"{entry.filename!r} is a link or a special file")
        folded = unicodedata.normalize("NFC", str(name)).casefold()
        if folded in seen:
            how = "the same" if seen[folded] == entry.filename else "the same but for case"
            raise _Refused(f"two files have {how} name: {seen[folded]!r}, {entry.filename!r}")
        seen[folded] = entry.filename
        if entry.flag_bits & 1:
            raise _Refused(f"{entry.filename!r} is encrypted")
        if entry.compress_type not in METHODS:
            raise _Refused(f"{entry.filename!r} is packed in an unusual way")
        if entry.file_size > 1 << 20 and entry.file_size > LARGEST_RATIO * entry.compress_size:
            raise _Refused(
                f"{entry.filename!r} unpacks to more than {LARGEST_RATIO} times its size"
            )
    files = [entry for entry in entries if not entry.is_dir()]
    total = sum(entry.file_size for entry in files)
    # Entries may share their packed bytes, so that each alone looks harmless.
    if total > 1 << 20 and total > LARGEST_RATIO * packed:
        raise _Refused(f"unpacks to more than {LARGEST_RATIO} times its size")
    if total > LARGEST:
        raise _Refused(f"unpacks to more than {LARGEST >> 30} GiB")
    folders = {entry.filename.partition("/")[0] for entry in entries}
    if len(folders) != 1 or not FOLDER.fullmatch(folder := folders.pop()):
        raise _Refused("its files do not lie in one folder")
    if any("/" not in entry.filename for entry in files):
        raise _Refused("its files do not lie in one folder")
    return folder


def _read_folder(path: Path) -> tuple[str, Files]:
    folder = path.resolve().name
    if not FOLDER.fullmatch(folder):
        raise _Refused(f"{folder!r} cannot be the name of a package's folder")
    found: list[tuple[str, Path]] = []
    total = 0
    try:
        for file in path.rglob("*"):
            name = file.relative_to(path).as_posix()
            mode = file.lstat().st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                raise _Refused(f"{name!r} is a link or a special file")
            if stat.S_ISDIR(mode) or name.split("/")[0] in SPLITTERS:
                continue
            found.append((name, file))
            total += file.lstat().st_size
            if len(found) > MOST_FILES:
                raise _Refused(f"more than {MOST_FILES} files")
            if total > LARGEST:
                raise _Refused(f"more than {LARGEST >> 30} GiB")
        return folder, {name: file.read_bytes() for name, file in sorted(found)}
    except OSError as error:
        raise TranslatorError(f"cannot be read: {error.strerror}", file=path) from error


def pack(folder: str, files: Mapping[str, bytes]) -> bytes:
    """The `.argosmodel` of a package: always the same bytes for the same files.

    Nothing is compressed: other versions of zlib would give other bytes, and a model shrinks by a
    tenth only.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{name}", (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # Unix, whatever system this is
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, files[name])
    return made.getvalue()
