"""`translator doctor`: what it finds in a project that somebody broke, and what it gives away."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from argosmodels import FOLDER, archive, unpacked
from conftest import ROOT, SAMPLE, new_project, translator

from translator import diagnosis
from translator.catalogs import Catalog
from translator.diagnosis import Level, Result
from translator.machine import packages
from translator.memory import Entry, Memory

PO = f"locales/ru/{SAMPLE}.po"
AREAS = {check.__name__.removeprefix("_") for check in diagnosis.CHECKS} | {"settings"}


@pytest.fixture(scope="session")
def _healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with catalogs (those of this repository) and a memory."""
    folder = new_project(tmp_path_factory.mktemp("doctor") / "project")
    shutil.rmtree(folder / "locales")
    shutil.copytree(ROOT / "locales", folder / "locales")
    for path in folder.glob("locales/*/LC_MESSAGES"):
        shutil.rmtree(path)
    units = Catalog.read(folder / PO).units
    with Memory(folder / "memory.sqlite") as memory:
        memory.add(
            Entry(u.source, u.target, "ru", release=SAMPLE, date="2026-11-01") for u in units
        )
    return folder


@pytest.fixture
def healthy(_healthy: Path, tmp_path: Path, user_packages: Path) -> Path:
    return Path(shutil.copytree(_healthy, tmp_path / "project"))


def look(project: Path, area: str, monkeypatch: pytest.MonkeyPatch) -> list[Result]:
    """What the check of one area finds that is not well."""
    chosen = [check for check in diagnosis.CHECKS if check.__name__ == f"_{area}"]
    monkeypatch.setattr(diagnosis, "CHECKS", chosen)
    return [r for r in diagnosis.diagnose(project) if r.level is not Level.OK]


def test_a_healthy_project_is_all_ok(healthy: Path) -> None:
    results = diagnosis.diagnose(healthy)
    assert [str(result) for result in results if result.level is not Level.OK] == []
    assert {result.area for result in results} == AREAS


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def damage_memory(project: Path) -> None:
    path = project / "memory.sqlite"
    data = bytearray(path.read_bytes())
    data[5000:9000] = bytes(4000)
    path.write_bytes(data)


def old_file(path: Path) -> None:
    path.touch()
    os.utime(path, (time.time() - 9999,) * 2)


def stranger(project: Path) -> None:
    unpacked(packages.user_folder() / "translate-pl_kk-0_5")


def tamper(project: Path) -> None:
    package = packages.install(archive(project / "a.argosmodel"))
    (package.path / "README.md").write_text("changed")


def interrupted_install(project: Path) -> None:
    scratch = packages.user_folder().parent / ".packages-abc"
    scratch.mkdir(parents=True)
    os.utime(scratch, (1, 1))


# what breaks it, area, level, what is said
BROKEN: dict[str, tuple[Callable[[Path], object], str, Level, str]] = {
    "settings": (
        lambda p: (p / "translator.toml").write_text("[project]\nlanguages = 5"),
        "settings",
        Level.ERROR,
        "`languages` must be a list",
    ),
    "catalog": (
        lambda p: rewrite(p / PO, 'msgstr "', 'msgstr '),
        "catalogs",
        Level.ERROR,
        rf"{re.escape(PO)}:\d+",
    ),
    "catalog of another language": (
        lambda p: rewrite(p / PO, "Language: ru", "Language: kk"),
        "catalogs",
        Level.ERROR,
        "is a catalog for “kk”",
    ),
    "glossary": (
        lambda p: (p / "glossaries/people.csv").open("a").write("Anna Nowak,Anna Nowak\n"),
        "glossaries",
        Level.ERROR,
        r"people\.csv:\d+",
    ),
    "memory": (damage_memory, "memory", Level.ERROR, "damaged|malformed"),
    "memory that is none": (
        lambda p: (p / "memory.sqlite").write_bytes(b"hello " * 999),
        "memory",
        Level.ERROR,
        "not a database",
    ),
    "language without a package": (
        lambda p: rewrite(p / "translator.toml", '"kk"]', '"de"]'),
        "machine",
        Level.ERROR,
        "translator packages install translate-pl_de",
    ),
    "chosen package": (
        lambda p: rewrite(p / "translator.toml", '# pl-kk = "translate-pl_kk"', 'pl-kk = "mine"'),
        "machine",
        Level.ERROR,
        "'mine', chosen for pl-kk, is not installed",
    ),
    "tampered package": (tamper, "packages", Level.ERROR, f"{FOLDER}: changed: README.md"),
    "unknown package": (stranger, "packages", Level.WARN, "if you trust it: translator packages"),
    "interrupted install": (interrupted_install, "packages", Level.WARN, "interrupted run"),
    "old temporary file": (
        lambda p: old_file(p / f"locales/ru/.{SAMPLE}.po.new"),
        "leftovers",
        Level.WARN,
        "interrupted command; delete it",
    ),
    "file of an editor": (
        lambda p: (p / "locales/ru/.#x.po").symlink_to("anna@host.17"),
        "leftovers",
        Level.WARN,
        "open in an editor",
    ),
    "folder for everybody": (
        lambda p: (p / "locales").chmod(0o777),
        "permissions",
        Level.WARN,
        "everybody may write",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_broken_is_told(case: str, healthy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil, area, level, expected = BROKEN[case]
    spoil(healthy)
    (result,) = look(healthy, area, monkeypatch)
    assert (result.area, result.level) == (area, level)
    assert re.search(expected, str(result))
    assert "\n" not in str(result)


def test_a_fresh_temporary_file_belongs_to_a_running_command(
    healthy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (healthy / f"locales/ru/.{SAMPLE}.po.new").touch()
    assert look(healthy, "leftovers", monkeypatch) == []


def test_a_lock_counts_while_it_is_held(healthy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = healthy / "locales/ru/.lock"
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        (result,) = look(healthy, "leftovers", monkeypatch)
        assert "another translator is writing" in result.message
    assert look(healthy, "leftovers", monkeypatch) == []


def test_wrong_versions_are_told(healthy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needed = [
        "polib>=99",
        "no-such-thing>=1,<2",
        "rich>=1",
        "old-thing>=1; python_version < '3'",
        "extra-thing>=1; extra == 'dev'",
    ]
    monkeypatch.setattr(diagnosis, "_requirements", lambda: ("<3", needed))
    both = [check for check in diagnosis.CHECKS if check.__name__ in ("_python", "_dependencies")]
    monkeypatch.setattr(diagnosis, "CHECKS", both)
    bad = [str(r) for r in diagnosis.diagnose(healthy) if r.level is Level.ERROR]
    assert re.match(r"error  python: 3\.\d+\.\d+ \(needed: <3\)", bad[0])
    assert re.match(r"error  dependencies: polib [\d.]+ \(needed: >=99\); pip install", bad[1])
    assert re.match(r"error  dependencies: no-such-thing missing", bad[2])
    assert len(bad) == 3


def test_little_room_is_told(healthy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "LITTLE_ROOM", 1 << 62)
    assert {r.level for r in look(healthy, "disk", monkeypatch)} == {Level.WARN}
    monkeypatch.setattr(diagnosis, "NO_ROOM", 1 << 62)
    assert {r.level for r in look(healthy, "disk", monkeypatch)} == {Level.ERROR}


def test_a_check_that_breaks_stops_no_other(healthy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)  # as if it were not installed
    results = diagnosis.diagnose(healthy)
    (bad,) = [result for result in results if result.level is not Level.OK]
    assert (bad.area, bad.level) == ("fonts", Level.ERROR)
    assert results[-1].area == "leftovers"


def test_nothing_is_changed(healthy: Path) -> None:
    def state() -> dict[Path, tuple[int, bytes]]:
        return {
            path: (path.stat().st_mtime_ns, path.read_bytes())
            for path in healthy.rglob("*")
            if path.is_file()
        }

    before = state()
    diagnosis.diagnose(healthy)
    assert state() == before


def test_outside_of_a_project_the_installation_is_checked(tmp_path: Path) -> None:
    done = translator("doctor", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    results = json.loads(done.stdout)
    assert {result["area"] for result in results} == AREAS
    assert [r["message"] for r in results if r["level"] == "warn"] == ["no project here"]


def texts_of(project: Path) -> set[str]:
    """What must not leave the house: segments, translations, words in them that are names."""
    found = set()
    for path in project.glob("locales/*/*.po"):
        for unit in Catalog.read(path).units:
            found |= {unit.source, unit.target}
    found |= {word for text in found for word in re.findall(r"\w+", text) if word.istitle()}
    return {text for text in found if len(text) > 6}


def test_a_bug_report_holds_no_text_of_a_release(healthy: Path) -> None:
    forbidden = texts_of(healthy)
    assert len(forbidden) > 100
    rewrite(healthy / PO, 'msgstr "', "msgstr ")
    old_file(healthy / f"locales/ru/.{SAMPLE}.po.new")
    done = translator("doctor", "--bundle", "report.zip", cwd=healthy)
    assert done.returncode == 1
    assert re.search(rf"^error  catalogs: .*{PO}:\d+: ", done.stdout, re.M)
    with zipfile.ZipFile(healthy / "report.zip") as archive_:
        parts = {name: archive_.read(name).decode() for name in archive_.namelist()}
    names = {"versions.json", "settings.json", "doctor.json", "counts.json"}
    assert parts.keys() == names
    report = "\n".join(parts.values())
    assert not re.search(r"[\u0400-\u04ff]", report)
    assert [text for text in forbidden if text in report] == []
    for name in (SAMPLE, "konsultacje", str(healthy), str(Path.home())):
        assert name not in report
    counts = json.loads(parts["counts.json"])
    assert counts["releases"] == 1
    assert counts["catalogs"].keys() == {"en", "kk"}
    assert counts["catalogs"]["kk"]["catalogs"] == counts["catalogs_unreadable"] == 1
    assert counts["memory"]["translations"] == {"ru": counts["memory"]["segments"]}
    levels = [r["level"] for r in json.loads(parts["doctor.json"])]
    assert levels.count("error") == levels.count("warn") == 1


def test_a_bug_report_can_be_made_of_a_broken_project(healthy: Path) -> None:
    (healthy / "translator.toml").write_text("[")
    done = translator("doctor", "--bundle", "report.zip", "--quiet", cwd=healthy)
    assert done.returncode == 1
    assert done.stdout.startswith("error  settings: ")
    assert done.stderr == ""
    assert zipfile.is_zipfile(healthy / "report.zip")
