"""Argos packages: which there are, which serve a pair of languages, installing and removing them.

A package that the user installed (with Argos Translate or `translator packages install`) comes
before the ones that ship with translator. Nothing in a package is executed, and what only reads
writes nothing.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import stat
import struct
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath
from types import MappingProxyType, ModuleType
from typing import Any

from translator.errors import TranslatorError

EMBEDDED = Path(__file__).parent / "embedded"
PIVOT = "en"

LARGEST = 4 << 30  # bytes unpacked
LARGEST_RATIO = 100  # unpacked to packed; real models reach 10
MOST_FILES = 1000
CODE = re.compile(r"[a-z]{2,3}([-_][A-Za-z]{2,4})?")
FOLDER = re.compile(r"\w[\w.-]*")
ALLOWED = re.compile(
    r"metadata\.json|sentencepiece\.model|bpe\.model|(README|LICENSE|NOTICE|CHANGELOG|MODEL_CARD)(\.\w+)?"
    r"|model/(model\.bin|[\w.-]+\.(json|txt))"
)
SPLITTERS = frozenset({"stanza", "spacy", "minisbd"})  # sentence splitters, partly pickles
EXECUTABLE = (b"\x7fELF", b"MZ", b"#!", b"PK\x03\x04", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")


@dataclass(frozen=True)
class Package:
    """An Argos package in a folder. `argos` is Argos's own object, with its tokenizer."""

    code: str
    from_code: str
    to_code: str
    version: str
    path: Path
    embedded: bool
    capabilities: frozenset[str]
    argos: Any = field(compare=False)

    @property
    def target_prefix(self) -> str:
        """The token that every translation begins with, such as "<2kk>", or ""."""
        return self.argos.target_prefix

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(f.stat().st_size for f in self.path.rglob("*") if f.is_file())


@cache
def _argos() -> ModuleType:
    """`argostranslate.package`, imported without the folders that its settings make in HOME.

    What only reads must not write, and HOME may be read-only: `install` makes the folders it needs.
    """
    makedirs, os.makedirs = os.makedirs, lambda *_, **__: None
    try:
        return importlib.import_module("argostranslate.package")
    finally:
        os.makedirs = makedirs


def user_folder() -> Path:
    """Where Argos Translate keeps the packages of this user (may not exist)."""
    return Path(_argos().settings.package_data_dir)


def installed() -> list[Package]:
    """All usable packages, the preferred first: the user's before the embedded, then the newer."""
    return scan()[0]


def scan() -> tuple[list[Package], list[str]]:
    """The packages that `installed` gives, and one line for each folder with a broken one."""
    packages, broken = [], []
    user = [(Path(folder), False) for folder in _argos().settings.package_dirs]
    for folder, embedded in [*user, (EMBEDDED, True)]:
        try:
            places = sorted(p for p in folder.iterdir() if p.is_dir() and p.name[0] != ".")
        except OSError:  # Argos has never run here, or the folder is not ours to read
            continue
        for place in places:
            try:
                package = _open(place, embedded)
            except (OSError, ValueError, TypeError, AttributeError) as error:
                broken.append(f"{place}: broken package, ignored ({error}); remove or reinstall it")
                continue
            if package is not None:
                packages.append(package)
    packages.sort(key=_version, reverse=True)
    packages.sort(key=lambda package: package.embedded)
    return packages, broken


def _open(path: Path, embedded: bool) -> Package | None:
    """The package in a folder; None where it is of another type than translation."""
    argos = _argos().Package(path)
    if argos.type != "translate":
        return None
    if not (path / "model" / "model.bin").is_file() or not hasattr(argos, "tokenizer"):
        raise ValueError("no model or no tokenizer")
    metadata = json.loads((path / "metadata.json").read_text(encoding="utf-8"))
    return Package(
        code=argos.code or f"translate-{argos.from_code}_{argos.to_code}",
        from_code=argos.from_code,
        to_code=argos.to_code,
        version=argos.package_version,
        path=path,
        embedded=embedded,
        capabilities=frozenset(metadata.get("capabilities", ())),
        argos=argos,
    )


def _version(package: Package) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", package.version))


def route(
    source: str, target: str, chosen: Mapping[str, str] = MappingProxyType({})
) -> tuple[Package, ...]:
    """The packages to go through from one language to another: one, or two by way of English.

    `chosen` names a package for a pair ("pl-kk": its code or folder), which comes before all
    others. Raises TranslatorError where no installed package leads there, or a chosen one is not
    installed.
    """
    pairs: dict[tuple[str, str], Package] = {}
    found = installed()
    for pair, name in chosen.items():
        fitting = [p for p in found if pair == f"{p.from_code}-{p.to_code}" and _is_called(p, name)]
        if not fitting:
            raise TranslatorError(
                f"{name!r}, chosen for {pair}, is not installed; `translator packages list` shows "
                "what there is"
            )
        pairs[fitting[0].from_code, fitting[0].to_code] = fitting[0]
    for package in found:
        pairs.setdefault((package.from_code, package.to_code), package)
    if (source, target) in pairs:
        return (pairs[source, target],)
    hops = ((source, PIVOT), (PIVOT, target))
    if all(hop in pairs for hop in hops):
        return tuple(pairs[hop] for hop in hops)
    raise TranslatorError(
        f"no package translates {source} to {target}, neither directly nor through {PIVOT}; "
        f"install one with: translator packages install translate-{source}_{target}"
    )


def info(code: str) -> Package:
    """The preferred package called `code`.

    That is "translate-pl_en", its folder's name, or the pair as "pl-en" or "pl_en".
    Raises TranslatorError where there is none.
    """
    for package in installed():
        pair = f"{package.from_code}-{package.to_code}"
        if _is_called(package, code) or code in (pair, pair.replace("-", "_")):
            return package
    raise TranslatorError(f"no package {code!r}; `translator packages list` shows what there is")


def _is_called(package: Package, name: str) -> bool:
    return name in (package.code, package.path.name)


def remove(code: str) -> Package:
    """Delete a package of the user. Raises TranslatorError for an embedded or unknown one."""
    package = info(code)
    if package.embedded:
        raise TranslatorError(f"{package.code} ships with translator and cannot be removed")
    try:
        # Renamed first, so that an interruption leaves no half-deleted package behind.
        with tempfile.TemporaryDirectory(dir=package.path.parent.parent, prefix=".remove-") as bin:
            package.path.rename(Path(bin) / package.path.name)
    except OSError as error:
        raise TranslatorError(
            f"cannot be removed: {error.strerror or error}", file=package.path
        ) from error
    return package


def install(source: str | Path) -> Package:
    """Install a package: an `.argosmodel` file, a folder, a URL or a name in the Argos index.

    It is checked whole, its model loaded, before anything is written, and then appears at once.
    Its sentence splitters are left out: translator never uses them. Raises TranslatorError.
    """
    path = Path(source)
    if path.is_dir():
        return _place(*_from_folder(path))
    if path.is_file():
        return _place(*_from_archive(path))
    if path.suffix == ".argosmodel" and not re.match("https?://", str(source)):
        raise TranslatorError("no such file", file=path)
    with tempfile.TemporaryDirectory(prefix="translator-") as scratch:
        download = Path(scratch) / "package.argosmodel"
        download.write_bytes(_download(str(source)))
        return _place(*_from_archive(download))


def available() -> list[Any]:
    """The packages in the Argos index, as Argos's AvailablePackage objects. Goes to the network."""
    argos = _argos()
    index = Path(argos.settings.local_package_index)
    try:
        index.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TranslatorError(f"cannot be made: {error.strerror}", file=index.parent) from error
    argos.update_package_index()  # logs what goes wrong and returns
    if not index.exists():  # Argos would ask again and again
        raise TranslatorError(
            "the Argos package index cannot be reached; with no network, copy an .argosmodel "
            "file here and run: translator packages install FILE"
        )
    try:
        return argos.get_available_packages()
    except ValueError as error:
        raise TranslatorError("is no Argos index; delete it and try again", file=index) from error


def _download(name: str) -> bytes:
    argos = _argos()
    if re.match("https?://", name):
        links = [name]
    else:
        pair = name.removeprefix("translate-").replace("_", "-")
        found = [p for p in available() if f"{p.from_code}-{p.to_code}" == pair]
        if not found:
            raise TranslatorError(f"neither a file nor a package of the Argos index: {name}")
        links = found[0].links
    data = argos.networking.get_from(links)
    if data is None:
        raise TranslatorError(
            f"cannot be downloaded: {name}; check the network, or install from a file"
        )
    return data


def _from_archive(path: Path) -> tuple[str, dict[str, bytes]]:
    """The folder name and the files of an `.argosmodel`; entries are checked before unpacking."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [e for e in archive.infolist() if not e.is_dir()]
            folder = _check_entries(path, entries)
            return folder, {
                name: archive.read(entry)
                for entry in entries
                if (name := entry.filename.partition("/")[2]).split("/")[0] not in SPLITTERS
            }
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise TranslatorError(
            f"is no readable .argosmodel (zip) file: {error}", file=path
        ) from error
    except MemoryError as error:
        raise TranslatorError("is too large for this machine's memory", file=path) from error


def _check_entries(path: Path, entries: list[zipfile.ZipInfo]) -> str:
    """Refuse what no honest package has; return the one folder that everything lies in."""

    def refuse(reason: str) -> TranslatorError:
        return TranslatorError(f"refused: {reason}", file=path)

    names = [entry.filename for entry in entries]
    if len(names) > MOST_FILES or len(set(names)) < len(names):
        raise refuse("too many files, or one name twice")
    for entry in entries:
        name = PurePosixPath(entry.filename)
        # orig_filename: zipfile cuts a name at a null byte
        if name.is_absolute() or ".." in name.parts or re.search(r"[\\:\0]", entry.orig_filename):
            raise refuse(f"unsafe path {entry.filename!r}")
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise refuse(f"{entry.filename!r} is a link or a special file")
        if entry.file_size > 1 << 20 and entry.file_size > LARGEST_RATIO * entry.compress_size:
            raise refuse(f"{entry.filename!r} unpacks to more than {LARGEST_RATIO} times its size")
    if sum(entry.file_size for entry in entries) > LARGEST:
        raise refuse(f"unpacks to more than {LARGEST >> 30} GiB")
    folders = {name.partition("/")[0] for name in names}
    if len(folders) != 1 or not FOLDER.fullmatch(folder := folders.pop()):
        raise refuse("its files do not lie in one folder")
    return folder


def _from_folder(path: Path) -> tuple[str, dict[str, bytes]]:
    files: dict[str, bytes] = {}
    try:
        for file in sorted(path.rglob("*")):
            name = file.relative_to(path).as_posix()
            if name.split("/")[0] in SPLITTERS:
                continue
            if file.is_symlink() or not (file.is_dir() or file.is_file()):
                raise TranslatorError(f"refused: {name!r} is a link or a special file", file=path)
            if file.is_file():
                files[name] = file.read_bytes()
    except OSError as error:
        raise TranslatorError(f"cannot be read: {error.strerror}", file=path) from error
    return path.resolve().name, files


def _validate(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The metadata of a package whose files are in order. Raises ValueError with the reason."""
    for name, content in files.items():
        if not ALLOWED.fullmatch(name):
            raise ValueError(f"unexpected file {name!r}")
        if content.startswith(EXECUTABLE) or re.match(rb"\x80[\x02-\x05]", content):
            raise ValueError(f"{name!r} holds code or a pickle")
    try:
        metadata = json.loads(files["metadata.json"])
    except KeyError:
        raise ValueError("no metadata.json") from None
    except (ValueError, RecursionError):
        raise ValueError("metadata.json is no JSON") from None
    if not isinstance(metadata, dict) or metadata.get("type", "translate") != "translate":
        raise ValueError("metadata.json describes no translation package")
    for key in ("from_code", "to_code"):
        if not isinstance(value := metadata.get(key), str) or not CODE.fullmatch(value):
            raise ValueError(f"metadata.json has no valid {key}")
    for key in (
        "package_version",
        "argos_version",
        "target_prefix",
        "code",
        "from_name",
        "to_name",
    ):
        if not isinstance(metadata.get(key, ""), str):
            raise ValueError(f"{key} in metadata.json is no text")
    capabilities = metadata.get("capabilities", [])
    if not isinstance(capabilities, list) or not all(isinstance(c, str) for c in capabilities):
        raise ValueError("capabilities in metadata.json are no list of texts")
    _try_model(files)
    return metadata


def _try_model(files: Mapping[str, bytes]) -> None:
    """Load model and tokenizer from memory and translate a word. Raises ValueError."""
    import ctranslate2
    import sentencepiece

    model = {n.removeprefix("model/"): c for n, c in files.items() if n.startswith("model/")}
    binary = model.get("model.bin", b"")
    if len(binary) < 8 or not 0 < struct.unpack_from("<I", binary)[0] < 100:
        raise ValueError("model/model.bin is missing or no CTranslate2 model")
    try:
        tokens = ["a"]
        if "sentencepiece.model" in files:
            processor = sentencepiece.SentencePieceProcessor(
                model_proto=files["sentencepiece.model"]
            )
            tokens = processor.encode("a", out_type=str)
        elif "bpe.model" not in files:
            raise ValueError("no sentencepiece.model or bpe.model")
        translator = ctranslate2.Translator("package", files=model, intra_threads=1)
        translator.translate_batch([tokens], beam_size=1, max_decoding_length=2)
    except (RuntimeError, MemoryError, OSError) as error:
        raise ValueError(f"its model does not load: {str(error).splitlines()[0]}") from error


def _place(folder: str, files: Mapping[str, bytes]) -> Package:
    """Check a package, write it beside the others and let it appear by renaming."""
    try:
        metadata = _validate(files)
    except ValueError as error:
        raise TranslatorError(f"refused: {error}", file=folder) from error
    target = user_folder() / folder
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Not among the packages: Argos itself takes every folder there for one.
        with tempfile.TemporaryDirectory(dir=target.parent.parent, prefix=".install-") as scratch:
            fresh = Path(scratch) / "new"
            for name, content in files.items():
                (fresh / name).parent.mkdir(parents=True, exist_ok=True)
                with open(fresh / name, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
            old = Path(scratch) / "old"
            if target.exists():
                target.rename(old)
            try:
                fresh.rename(target)
            except OSError:
                if old.exists():
                    old.rename(target)
                raise
    except OSError as error:
        raise TranslatorError(
            f"cannot be written: {error.strerror or error}; nothing was installed", file=target
        ) from error
    package = _open(target, embedded=False)
    if package is None:  # excluded by the checks above
        raise TranslatorError(f"is no translation package: {metadata}", file=target)
    return package
