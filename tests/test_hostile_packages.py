"""Packages that an enemy made: each is refused with one clear line, and nothing is written."""

from __future__ import annotations

import io
import json
import os
import pickle
import random
import shutil
import stat
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from argosmodels import FOLDER, archive, embedded, files, unpacked
from conftest import translator

from translator.errors import TranslatorError
from translator.machine import packages
from translator.machine.packages.archive import MOST_FILES

Made = dict[str, bytes] | list[tuple[str | zipfile.ZipInfo, bytes]] | bytes


def special(kind: int, name: str = f"{FOLDER}/NOTICE") -> zipfile.ZipInfo:
    """An entry for a file of a kind that `stat` names."""
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = (kind | 0o777) << 16
    return entry


def packed(
    *entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as file:
        for entry, data in entries:
            file.writestr(entry, data)
    return made.getvalue()


def renamed(old: str, new: str) -> bytes:
    """An archive with a name that `zipfile` would not write."""
    assert len(old) == len(new)
    return packed((f"{FOLDER}/{old}", b"x")).replace(old.encode(), new.encode())


def overlapping() -> bytes:
    """Many entries that share the packed bytes of the first (as in David Fifield's zip bomb)."""
    made = packed((f"{FOLDER}/model/a.txt", bytes(90 << 10) + os.urandom(1 << 10)))
    at = made.index(b"PK\x01\x02")
    end = made.index(b"PK\x05\x06")
    entry = made[at:end]
    many = b"".join(entry.replace(b"a.txt", b"%05d" % n) for n in range(900))
    tail = bytearray(made[end:])
    struct.pack_into("<HHII", tail, 8, 900, 900, len(many), at)
    return made[:at] + many + bytes(tail)


def lying_size() -> bytes:
    """An entry that says it is small and unpacks to 32 MB."""
    made = bytearray(packed((f"{FOLDER}/model/model.bin", bytes(32 << 20))))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", made, made.index(mark) + offset, 1000)
    return bytes(made)


def encrypted() -> bytes:
    made = bytearray(packed((f"{FOLDER}/metadata.json", b"{}")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[made.index(mark) + offset] |= 1
    return bytes(made)


def with_file(name: str, data: bytes | None) -> dict[str, bytes]:
    return files({name: data})


# name: (what makes it, what the refusal says)
ATTACKS: dict[str, tuple[Callable[[], Made], str]] = {
    # names
    "traversal": (lambda: [(f"{FOLDER}/../../evil", b"x")], "unsafe path"),
    "traversal in a folder": (lambda: [(f"{FOLDER}/../../evil/", b"")], "unsafe path"),
    "absolute": (lambda: [("/etc/evil", b"x")], "unsafe path"),
    "backslash": (lambda: [("p\\..\\evil", b"x")], "unsafe path"),
    "drive": (lambda: [("C:/evil", b"x")], "unsafe path"),
    "null byte": (lambda: renamed("README.txt", "README\0txt"), "unsafe path"),
    "control character": (lambda: [(f"{FOLDER}/README\x1b[2J", b"x")], "unsafe path"),
    "hidden folder": (lambda: [(".packages-x/metadata.json", b"{}")], "one folder"),
    "two folders": (lambda: [("p/metadata.json", b"{}"), ("q/NOTICE", b"")], "one folder"),
    "no folder": (lambda: [("metadata.json", b"{}")], "one folder"),
    "long name": (lambda: [("p" * 300 + "/metadata.json", b"{}")], "one folder"),
    "twice the same": (lambda: [("p/NOTICE", b"1"), ("p/NOTICE", b"2")], "have the same name"),
    "same but for case": (lambda: [("p/NOTICE", b"1"), ("p/Notice", b"2")], "but for case"),
    "same but for composition": (
        lambda: [("p/\u00e9.json", b"1"), ("p/e\u0301.json", b"2")],
        "two files have",
    ),
    "file where a folder is": (lambda: with_file("model", b"x"), "unexpected file|same name"),
    # kinds of files
    "symbolic link": (lambda: [(special(stat.S_IFLNK), b"/etc/passwd")], "link or a special"),
    "link to a folder": (
        lambda: [(special(stat.S_IFLNK, f"{FOLDER}/model/"), b"/tmp"), (f"{FOLDER}/model/x", b"")],
        "link or a special",
    ),
    "device": (lambda: [(special(stat.S_IFCHR), b"")], "link or a special"),
    "block device": (lambda: [(special(stat.S_IFBLK), b"")], "link or a special"),
    "pipe": (lambda: [(special(stat.S_IFIFO), b"")], "link or a special"),
    "socket": (lambda: [(special(stat.S_IFSOCK), b"")], "link or a special"),
    # sizes
    "bomb": (lambda: packed((f"{FOLDER}/model/model.bin", bytes(64 << 20))), "100 times"),
    "bomb of shared bytes": (overlapping, "100 times|[Oo]verlap"),
    "size that lies": (lying_size, "no readable|CRC"),
    "thousands of files": (
        lambda: {f"model/{n}.txt": b"" for n in range(MOST_FILES + 1)},
        "more than 1000 files",
    ),
    "thousands of folders": (
        lambda: [(f"{FOLDER}/{n}/", b"") for n in range(MOST_FILES + 1)],
        "more than 1000 files",
    ),
    # the archive
    "no zip": (lambda: b"hello", "no readable"),
    "nothing": (lambda: b"", "no readable"),
    "no entries": (packed, "one folder"),
    "cut": (lambda: packed((f"{FOLDER}/metadata.json", b"{}"))[:-30], "no readable"),
    "encrypted": (encrypted, "encrypted"),
    "lzma": (lambda: packed(("p/a", b"x" * 99), method=zipfile.ZIP_LZMA), "unusual way"),
    # metadata
    "no metadata": (lambda: with_file("metadata.json", None), "no metadata.json"),
    "broken metadata": (lambda: with_file("metadata.json", b"{"), "no JSON"),
    "deep metadata": (lambda: with_file("metadata.json", b"[" * 100_000), "no JSON"),
    "endless number": (lambda: with_file("metadata.json", b"1" * 10_000), "no JSON"),
    "metadata in Latin-1": (lambda: with_file("metadata.json", b'{"a": "\xe9"}'), "no UTF-8"),
    "metadata is a list": (lambda: with_file("metadata.json", b"[]"), "no translation package"),
    "another type": (lambda: files(type="sbd"), "no translation package"),
    "language is a path": (lambda: files(to_code="../x"), "no valid to_code"),
    "language is a list": (lambda: files(to_code=["kk"]), "no valid to_code"),
    "no language": (lambda: files(from_code=None), "no valid from_code"),
    "version is a number": (lambda: files(package_version=3), "package_version"),
    "code with a line break": (lambda: files(code="a\nb"), "code in metadata.json"),
    "name with an escape": (lambda: files(to_name="\x1b[31mx"), "to_name"),
    "prefix is a map": (lambda: files(target_prefix={}), "target_prefix"),
    "capabilities are a number": (lambda: files(capabilities=7), "capabilities"),
    "languages are a text": (lambda: files(languages="xx"), "languages"),
    # models
    "no model": (lambda: with_file("model/model.bin", None), "model.bin is missing"),
    "text as model": (lambda: with_file("model/model.bin", b"hello world"), "no CTranslate2"),
    "cut model": (
        lambda: with_file("model/model.bin", files()["model/model.bin"][:90_000]),
        "does not load",
    ),
    "no vocabulary": (lambda: with_file("model/shared_vocabulary.json", None), "does not load"),
    "vocabulary of another size": (
        lambda: with_file("model/shared_vocabulary.json", b'["a"]'),
        "does not load",
    ),
    "no tokenizer": (lambda: with_file("sentencepiece.model", None), "no sentencepiece.model"),
    "broken tokenizer": (lambda: with_file("sentencepiece.model", b"nothing"), "does not load"),
    "broken second tokenizer": (
        lambda: with_file("target_sentencepiece.model", b"nothing"),
        "does not load",
    ),
    # code
    "pickle": (lambda: with_file("model/extra.json", pickle.dumps([1])), "code or a pickle"),
    "old pickle": (lambda: with_file("model/extra.json", pickle.dumps([1], 0)), "no JSON"),
    "pickle by its name": (lambda: with_file("model.pt", b"x"), "unexpected file"),
    "PyTorch model": (lambda: with_file("model/model.bin", packed(("a", b"b"))), "holds code"),
    "Python": (lambda: with_file("setup.py", b"import os"), "unexpected file"),
    "Python in the model": (lambda: with_file("model/__init__.py", b""), "unexpected file"),
    "library by its name": (lambda: with_file("model/x.so", b"\x7fELF"), "unexpected file"),
    "library": (lambda: with_file("model/x.json", b"\x7fELF"), "code or a pickle"),
    "Windows program": (lambda: with_file("README.md", b"MZ\x90"), "code or a pickle"),
    "script": (lambda: with_file("README.md", b"#!/bin/sh\nid"), "code or a pickle"),
    "archive in it": (lambda: with_file("NOTICE", packed(("a", b"b"))), "code or a pickle"),
    "bytes as text": (lambda: with_file("NOTICE", b"a\0b"), "no text"),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_hostile_package_is_refused_and_nothing_written(
    attack: str, tmp_path: Path, user_packages: Path
) -> None:
    make, expected = ATTACKS[attack]
    made = make()
    path = tmp_path / "evil.argosmodel"
    if isinstance(made, dict):
        archive(path, made)
    else:
        path.write_bytes(made if isinstance(made, bytes) else packed(*made))
    before = sorted(tmp_path.rglob("*"))
    start = time.monotonic()
    with pytest.raises(TranslatorError, match=expected) as refused:
        packages.install(path)
    assert time.monotonic() - start < 5
    assert str(refused.value).startswith(f"{path}: ")
    assert "\n" not in str(refused.value)
    assert "\x1b" not in str(refused.value)
    assert sorted(tmp_path.rglob("*")) == before


def link_in(folder: Path) -> None:
    (folder / "NOTICE").symlink_to("/etc/passwd")


def linked_model(folder: Path) -> None:
    shutil.rmtree(folder / "model")
    (folder / "model").symlink_to(embedded() / "model")


def pipe_in(folder: Path) -> None:
    os.mkfifo(folder / "NOTICE")  # whoever opened it would wait for ever


def many_files(folder: Path) -> None:
    for n in range(MOST_FILES + 1):
        (folder / f"model/{n}.txt").touch()


FOLDERS = {
    "link": (link_in, "link or a special"),
    "linked model": (linked_model, "link or a special"),
    "pipe": (pipe_in, "link or a special"),
    "many files": (many_files, "more than 1000 files"),
    "script": (lambda folder: (folder / "run.sh").write_text("id"), "unexpected file"),
}


@pytest.mark.parametrize("attack", FOLDERS)
def test_hostile_folder_is_refused(attack: str, tmp_path: Path, user_packages: Path) -> None:
    spoil, expected = FOLDERS[attack]
    folder = unpacked(tmp_path / "translate-pl_kk-1")
    spoil(folder)
    with pytest.raises(TranslatorError, match=expected):
        packages.install(folder)
    assert not user_packages.exists()


def test_what_is_installed_cannot_be_run(tmp_path: Path, user_packages: Path) -> None:
    made = [(special(stat.S_IFREG, f"{FOLDER}/{name}"), data) for name, data in files().items()]
    path = tmp_path / "a.argosmodel"
    path.write_bytes(packed(*made, method=zipfile.ZIP_STORED))
    package = packages.install(path)
    modes = [file.stat().st_mode for file in package.path.rglob("*") if file.is_file()]
    assert len(modes) == len(files())
    assert not any(mode & 0o111 for mode in modes)


def test_a_model_that_crashes_the_engine_is_refused(tmp_path: Path, user_packages: Path) -> None:
    """The reader of models is C++ code: whatever a spoilt header does to it, we go on."""
    rng, model, reasons = random.Random(8), files()["model/model.bin"], []
    for _ in range(6):
        spoilt = bytearray(model)
        for _ in range(20):
            spoilt[rng.randrange(4, 4000)] = rng.randrange(256)
        path = archive(tmp_path / "evil.argosmodel", files({"model/model.bin": bytes(spoilt)}))
        try:
            package = packages.install(path)
        except TranslatorError as error:
            reasons.append(str(error))
        else:  # only weights were hit
            packages.remove(package.path.name)
    assert len(reasons) > 3
    assert all("does not load" in reason and reason.isprintable() for reason in reasons)


def test_the_command_line_refuses_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "evil.argosmodel"
    path.write_bytes(packed(("p/../../evil", b"x")))
    done = translator("packages", "install", str(path), cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == f"translator: {path}: refused: unsafe path 'p/../../evil'\n"
    assert [p.name for p in tmp_path.iterdir()] == ["evil.argosmodel"]


def test_a_million_entries_take_neither_time_nor_memory(tmp_path: Path) -> None:
    """Counted before `zipfile` makes an object of each, which would take 500 MB."""
    entry = packed((f"{FOLDER}/1", b""))
    at, end = entry.index(b"PK\x01\x02"), entry.index(b"PK\x05\x06")
    tail = bytearray(entry[end:])
    struct.pack_into("<II", tail, 12, 1_000_000 * (end - at), at)
    path = tmp_path / "evil.argosmodel"
    with path.open("wb") as file:
        file.write(entry[:at])
        for _ in range(100):
            file.write(entry[at:end] * 10_000)
        file.write(tail)
    code = (
        "import json, resource, sys\n"
        "from translator.errors import TranslatorError\n"
        "from translator.machine import packages\n"
        "packages.installed()\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try: packages.install(sys.argv[1])\n"
        "except TranslatorError as error: said = str(error)\n"
        "peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before\n"
        "print(json.dumps([said, peak]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    said, kilobytes = json.loads(done.stdout)
    assert "more than 1000 files" in said
    assert kilobytes < 50_000
