"""What the tests of packages share: making packages, honest and other, out of an embedded one."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from translator.machine.packages import EMBEDDED

FOLDER = "translate-pl_kk-9_0"


def embedded(language: str = "kk") -> Path:
    """The folder of a package that ships with translator, found by its metadata."""
    (folder,) = EMBEDDED.glob(f"translate-pl_{language}-*")
    return folder


def metadata(**changes: object) -> bytes:
    """The embedded package's metadata; a value of None takes a key out."""
    real = json.loads((embedded() / "metadata.json").read_text(encoding="utf-8"))
    changed = {**real, "package_version": "9.0", **changes}
    return json.dumps({k: v for k, v in changed.items() if v is not None}).encode()


def files(changes: dict[str, bytes | None] | None = None, **fields: object) -> dict[str, bytes]:
    """The files of a real package; `changes` replaces, adds or (None) drops some, `fields` change
    its metadata.
    """
    source = embedded()
    content: dict[str, bytes | None] = {
        f.relative_to(source).as_posix(): f.read_bytes() for f in source.rglob("*") if f.is_file()
    }
    content |= {"metadata.json": metadata(**fields), **(changes or {})}
    return {name: data for name, data in content.items() if data is not None}


def archive(path: Path, content: dict[str, bytes] | None = None, folder: str = FOLDER) -> Path:
    """An `.argosmodel` with these files."""
    with zipfile.ZipFile(path, "w") as made:
        for name, data in (files() if content is None else content).items():
            made.writestr(f"{folder}/{name}", data)
    return path


def unpacked(place: Path, **fields: object) -> Path:
    """A folder with the files of a real package."""
    for name, data in files(**fields).items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)
    return place
