"""Installing, removing, exporting and verifying packages.

A package appears and disappears in one step, whatever happens meanwhile. `packages.lock`, beside
the packages, has the SHA-256 of every file of each.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from translator import files as user_files
from translator.errors import TranslatorError
from translator.machine.packages import archive, index
from translator.machine.packages.local import (
    EMBEDDED,
    Package,
    folders,
    info,
    open_package,
    places,
    user_folder,
)
from translator.machine.packages.validation import validate

LOCK = "packages.lock"
SCRATCH = ".packages-"  # folders that an interrupted run may leave beside the packages
OLD = ".old"


@dataclass(frozen=True, slots=True)
class Difference:
    """How a package differs from what was installed.

    `kind` is "changed", "missing" or "extra", with `file` inside the package; or "unlisted" for a
    package that `packages.lock` does not know and "unreadable" for a lock file, with `file` "".
    """

    package: str
    kind: str
    file: str = ""

    def __str__(self) -> str:
        advice = {
            "unlisted": "not installed by translator; if you trust it: translator packages install "
            + self.package,
            "unreadable": "damaged; delete it and install your packages again",
        }
        return f"{self.package}: {advice.get(self.kind) or f'{self.kind}: {self.file}'}"


def install(
    source: str | Path, *, sha256: str = "", progress: index.Progress | None = None
) -> Package:
    """Install a package: an `.argosmodel` file, a folder, a URL or a name in the Argos index.

    It is checked whole, its model loaded, before anything is written, and then appears at once.
    Its sentence splitters are left out: translator never uses them. `sha256` is what the file must
    have, in hexadecimal; `progress` gets the bytes of a download. Raises TranslatorError.
    """
    path = Path(source)
    if path.is_dir():
        if sha256:
            raise TranslatorError("a folder has no SHA-256; give the .argosmodel file", file=path)
        return _place(*archive.read(path), origin=str(path))
    if path.is_file():
        found = index.hash_of(path)
        index.check(path, found, sha256)
        return _place(*archive.read(path), origin=str(path), sha256=found)
    if path.suffix == ".argosmodel" and "://" not in str(source):
        raise TranslatorError("no such file", file=path)
    with tempfile.TemporaryDirectory(prefix="translator-") as scratch:
        download = Path(scratch) / "package.argosmodel"
        link, found = index.fetch(str(source), download, sha256=sha256, progress=progress)
        try:
            content = archive.read(download)
        except TranslatorError as error:  # the user does not know our temporary file
            raise TranslatorError(str(error).removeprefix(f"{download}: "), file=link) from error
        return _place(*content, origin=link, sha256=found)


def remove(code: str) -> Package:
    """Delete a package of the user. Raises TranslatorError for an embedded or unknown one."""
    if _unfinished(user_folder()):  # a removal was interrupted, perhaps of this very package
        with _working(user_folder()):
            pass
    package = info(code)
    if package.embedded:
        raise TranslatorError(f"{package.code} ships with translator and cannot be removed")
    name = package.path.name
    try:
        with _working(package.path.parent) as scratch:
            entries = read_lock(package.path.parent)
            known = entries.pop(name, None)
            if known:  # until it is gone, it may be there or not
                _write_lock(package.path.parent, {**entries, name: {**known, "or": {}}})
            package.path.rename(scratch / name)
            _write_lock(package.path.parent, entries)
    except OSError as error:
        raise TranslatorError(
            f"cannot be removed: {error.strerror or error}", file=package.path
        ) from error
    return package


def export(code: str, file: Path) -> str:
    """Write an installed package as an `.argosmodel`, the same bytes each time; its SHA-256.

    Raises TranslatorError for an unknown package, or one that `install` would refuse.
    """
    package = info(code)
    folder, content = archive.read(package.path)
    try:
        validate(content)
    except ValueError as error:
        raise TranslatorError(f"cannot be exported: {error}", file=package.path) from error
    packed = archive.pack(folder, content)
    user_files.write(file, packed)
    return hashlib.sha256(packed).hexdigest()


def verify() -> tuple[int, list[Difference]]:
    """Compare all packages, shipped ones too, with their lock files: how many, and what differs."""
    count, differences = 0, list[Difference]()
    for folder in folders():
        there = {place.name: place for place in places(folder)}
        try:
            entries = read_lock(folder)
        except TranslatorError:
            differences.append(Difference(str(folder / LOCK), "unreadable"))
            continue
        count += len(there)
        for name in sorted(there.keys() | entries.keys()):
            if name not in entries:
                differences.append(Difference(str(there[name]), "unlisted"))
                continue
            found = hashes(there[name]) if name in there else {}
            if found != entries[name].get("or"):
                differences += _compare(str(folder / name), entries[name]["files"], found)
    return count, differences


def _compare(
    package: str, recorded: Mapping[str, str], found: Mapping[str, str]
) -> Iterator[Difference]:
    for file in sorted(recorded.keys() | found.keys()):
        if file not in found:
            yield Difference(package, "missing", file)
        elif file not in recorded:
            yield Difference(package, "extra", file)
        elif recorded[file] != found[file]:
            yield Difference(package, "changed", file)


def hashes(package: Path) -> dict[str, str]:
    """The SHA-256 of each file in a package's folder, by its name there; "" for what is no file."""
    found = {}
    for path in sorted(package.rglob("*")):
        mode = path.lstat().st_mode
        if not stat.S_ISDIR(mode):
            name = path.relative_to(package).as_posix()
            found[name] = index.hash_of(path) if stat.S_ISREG(mode) else ""
    return found


def read_lock(folder: Path) -> dict[str, Any]:
    """What `packages.lock` in a folder of packages says of each; {} where there is none.

    An entry has the SHA-256 of its `files`, of the `.argosmodel` and where it came `from`. `or` is
    there while the package is being replaced or removed: what it may consist of just as well.
    Raises TranslatorError where the file is damaged.
    """
    path = folder / LOCK
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["packages"]
        for entry in entries.values():
            if not isinstance(entry["files"], dict):
                raise TypeError
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise TranslatorError(
            "is damaged; delete it and install your packages again", file=path
        ) from error
    return entries


def _write_lock(folder: Path, entries: Mapping[str, Any]) -> None:
    text = json.dumps({"version": 1, "packages": entries}, indent=1, sort_keys=True)
    user_files.write(folder / LOCK, text + "\n")


def lock_embedded() -> None:
    """Write the lock file of the packages that ship with translator (when they are made)."""
    entries = {place.name: {"files": hashes(place)} for place in places(EMBEDDED)}
    _write_lock(EMBEDDED, entries)


def leftovers(folder: Path) -> list[Path]:
    """What interrupted runs left in and beside a folder of packages (or a run at work needs)."""
    return [*folder.parent.glob(SCRATCH + "*"), *folder.glob(f".{LOCK}{user_files.SCRATCH}")]


def _unfinished(folder: Path) -> bool:
    return bool(leftovers(folder)) or any("or" in entry for entry in read_lock(folder).values())


@contextmanager
def _working(folder: Path) -> Iterator[Path]:
    """A scratch folder beside a folder of packages, while no other process changes that.

    It is not among the packages, because Argos itself takes every folder there for one. What an
    interrupted run left is cleared away.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        for stale in leftovers(folder):
            for old in stale.glob("*" + OLD):  # half of an exchange in two steps
                if not (package := folder / old.name.removesuffix(OLD)).exists():
                    old.rename(package)
            shutil.rmtree(stale) if stale.is_dir() else stale.unlink()
        _settle(folder)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=SCRATCH) as scratch:
            yield Path(scratch)
    finally:
        os.close(handle)


def _settle(folder: Path) -> None:
    """Let the lock file say what is there where an interrupted run left two possibilities."""
    entries = read_lock(folder)
    open_ones = [name for name, entry in entries.items() if "or" in entry]
    for name in open_ones:
        entry = entries.pop(name)
        found = hashes(folder / name) if (folder / name).exists() else {}
        if found:
            entries[name] = {key: entry[key] for key in entry if key != "or"} | (
                {"files": found} if found == entry["or"] else {}
            )
    if open_ones:
        _write_lock(folder, entries)


def _place(folder: str, files: Mapping[str, bytes], *, origin: str, sha256: str = "") -> Package:
    """Check a package, write it beside the others and let it appear by renaming."""
    try:
        validate(files)
    except ValueError as error:
        raise TranslatorError(f"refused: {error}", file=origin) from error
    target = user_folder() / folder
    try:
        with _working(target.parent) as scratch:
            entries = read_lock(target.parent)
            fresh = scratch / folder
            user_files.unpack(files, fresh)
            entry = {"from": origin, "sha256": sha256, "files": hashes(fresh)}
            before = hashes(target) if target.exists() else {}
            _write_lock(target.parent, {**entries, folder: {**entry, "or": before}})
            if target.exists():
                _exchange(fresh, target)
            else:
                fresh.rename(target)
            user_files.sync_folder(target.parent)
            _write_lock(target.parent, {**entries, folder: entry})
    except OSError as error:
        raise TranslatorError(
            f"cannot be written: {error.strerror or error}; nothing was installed", file=target
        ) from error
    package = open_package(target)
    assert package is not None  # validate has seen its type
    return package


def _exchange(one: Path, other: Path) -> None:
    """Swap two folders in one step, so that a crash leaves either the old package or the new."""
    if user_files.renameat2(one, other, user_files.RENAME_EXCHANGE):
        return
    # A file system that cannot, such as NFS: two steps.
    old = one.with_name(one.name + OLD)
    other.rename(old)
    try:
        one.rename(other)
    except OSError:
        old.rename(other)
        raise
