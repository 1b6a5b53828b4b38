"""A user's file is the old or the new version, whole, whatever happens while it is written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from translator import files
from translator.errors import Conflict, TranslatorError


def test_write_makes_the_folder_and_the_file(tmp_path: Path) -> None:
    files.write(tmp_path / "a/b/c.txt", "Қазақстан\n")
    assert (tmp_path / "a/b/c.txt").read_bytes() == "Қазақстан\n".encode()


def test_permissions_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    path.chmod(0o640)
    files.write(path, "new")
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("new", 0o640)


def test_a_new_file_has_the_permissions_of_the_umask(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        files.write(tmp_path / "a.txt", "x")
    finally:
        os.umask(old)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to("real.txt")
    files.write(tmp_path / "link.txt", "new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_failure_at_any_step_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(TranslatorError, match=r"a\.txt: cannot be written: No space left"):
        files.write(path, "new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("moment", ["before the look", "after the look"])
def test_what_another_program_saves_in_between_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    path = tmp_path / "a.po"
    path.write_text("read")

    def editor_saves() -> None:
        (tmp_path / "editor").write_text("from the editor")
        os.rename(tmp_path / "editor", path)

    if moment == "before the look":
        editor_saves()
    else:
        exchange = files.renameat2

        def late(one: Path, other: Path, how: int) -> bool:
            monkeypatch.setattr(files, "renameat2", exchange)
            editor_saves()
            return exchange(one, other, how)

        monkeypatch.setattr(files, "renameat2", late)
    with pytest.raises(Conflict):
        files.write(path, "mine", over=b"read")
    assert path.read_text() == "from the editor"
    assert [p.name for p in tmp_path.iterdir()] == ["a.po"]


def test_what_a_killed_process_left_is_written_over(tmp_path: Path) -> None:
    (tmp_path / ".a.txt.new").write_text("half of something much longer")
    (tmp_path / ".a.txt.new").chmod(0o644)
    files.write(tmp_path / "a.txt", "x")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("a.txt", "x")]


def test_a_folder_appears_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = {"a.txt": b"1", "b/c.txt": b"2", "empty": None}
    files.write_folder(tmp_path / "x", contents)
    made = sorted(p.relative_to(tmp_path / "x").as_posix() for p in (tmp_path / "x").rglob("*"))
    assert made == ["a.txt", "b", "b/c.txt", "empty"]
    with pytest.raises(TranslatorError, match="nothing was changed"):
        files.write_folder(tmp_path / "x", contents)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(TranslatorError, match="No space left"):
        files.write_folder(tmp_path / "y", contents)
    assert sorted(p.name for p in tmp_path.iterdir()) == [".lock", "x"]


def test_what_a_colleague_left_in_a_shared_folder_is_in_nobodys_way(tmp_path: Path) -> None:
    if os.geteuid():
        pytest.skip("only root can be two users")
    shared = tmp_path / "shared"
    shared.mkdir()
    path, left = shared / "a.txt", shared / f".a.txt{files.SCRATCH}"
    path.write_text("old")
    left.write_text("half")
    os.chown(left, 1001, 1001)
    for folder in (shared, *tmp_path.parents[:3], tmp_path):
        folder.chmod(folder.stat().st_mode | 0o001)
    shared.chmod(0o777)
    child = os.fork()
    if not child:
        try:
            os.setgid(1002)
            os.setuid(1002)
            files.write(path, "new")
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert path.read_text() == "new"
    assert {p.name for p in shared.iterdir()} == {"a.txt", left.name}
