"""What `translator doctor` looks at: each check says what is well and what is to be done.

Nothing is changed, and what goes wrong in one check keeps no other from being made.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import sqlite3
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path

from translator import files
from translator.errors import TranslatorError
from translator.resources import PACKAGE, resource
from translator.settings import FILE, Settings

MEGABYTE = 1 << 20
LITTLE_ROOM, NO_ROOM = 500 * MEGABYTE, 50 * MEGABYTE
STALE = 3600  # seconds after which a temporary file belongs to no running command
# What `files.write` writes before it renames, and what editors keep beside a file that is open.
TEMPORARY = re.compile(r"\..+" + re.escape(files.SCRATCH))
OPEN_ELSEWHERE = re.compile(r"\.#.+|\.~lock\..+#|\..+\.sw[op]")
ALPHABETS = {
    "en": "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz “”‘’–—€",
    "ru": "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ абвгдеёжзийклмнопрстуфхцчшщъыьэюя «»„“№",
    "kk": "ӘҒҚҢӨҰҮҺІ әғқңөұүһі АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
}
POLISH = "ĄĆĘŁŃÓŚŹŻ ąćęłńóśźż „”"


class Level(StrEnum):
    """How grave it is: with an error, something does not work."""

    OK = "ok"
    WARN = "warn"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found, and what to do about it ("" where all is well).

    `private` marks a message that may name a release or cite one: it stays out of a bug report.
    """

    area: str
    level: Level
    message: str
    advice: str = ""
    private: bool = False

    def __str__(self) -> str:
        line = f"{self.level.value:5}  {self.area}: {self.message}"
        return f"{line}; {self.advice}" if self.advice else line


def diagnose(project: Path) -> list[Result]:
    """All results for the installation and for the project in or around a folder."""
    from translator import project as projects

    results = []
    try:
        settings = projects.settings_or_defaults(project)
    except TranslatorError as error:
        results.append(_failed("settings", error, "mend it"))
        settings = Settings(root=project.resolve())
    else:
        there = (settings.root / FILE).is_file()
        said = f"{settings.root / FILE}" if there else "no project here"
        advice = "" if there else "run this in a project, or make one with `translator init`"
        results.append(
            Result("settings", Level.OK if there else Level.WARN, said, advice, private=True)
        )
    for check in CHECKS:
        area = check.__name__.removeprefix("_")
        try:
            results += check(settings)
        except TranslatorError as error:
            results.append(_failed(area, error))
        except OSError as error:
            results.append(_failed(area, error, "look at the file's or folder's permissions"))
        except Exception as error:  # such as a library that is missing or broken
            results.append(_failed(area, error, "if this stays, send `translator doctor --bundle`"))
    return results


def _failed(area: str, error: Exception, advice: str = "") -> Result:
    expected = isinstance(error, (TranslatorError, OSError))
    message = str(error) if expected else f"{type(error).__name__}: {error}"
    return Result(area, Level.ERROR, " ".join(message.split()), advice, private=True)


def _python(settings: Settings) -> Iterator[Result]:
    from packaging.specifiers import SpecifierSet

    version = ".".join(map(str, sys.version_info[:3]))
    needed = _requirements()[0]
    fits = SpecifierSet(needed).contains(version)
    yield Result(
        "python",
        Level.OK if fits else Level.ERROR,
        f"{version} (needed: {needed})",
        "" if fits else "make the virtual environment anew with a Python that fits",
    )


def _dependencies(settings: Settings) -> Iterator[Result]:
    from packaging.requirements import Requirement

    fine = 0
    for requirement in map(Requirement, _requirements()[1]):
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        version = _version(requirement.name)
        if not version and requirement.name == "argos-translate-lt" and _version("argostranslate"):
            fine += 1  # the same thing by another name
        elif version and requirement.specifier.contains(version, prereleases=True):
            fine += 1
        else:
            yield Result(
                "dependencies",
                Level.ERROR,
                f"{requirement.name} {version or 'missing'} (needed: {requirement.specifier})",
                f"pip install '{requirement.name}{requirement.specifier}'",
            )
    yield Result("dependencies", Level.OK, f"{fine} as needed")


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


def _requirements() -> tuple[str, list[str]]:
    """The Python and the dependencies that are needed: of the checkout we run from, else of the
    installation.
    """
    path = PACKAGE.parent / "pyproject.toml"
    if path.is_file():
        project = tomllib.loads(path.read_text(encoding="utf-8")).get("project", {})
        if project.get("name") == "translator":
            return project["requires-python"], project["dependencies"]
    installed = metadata.metadata("translator")
    return installed["Requires-Python"], metadata.requires("translator") or []


def _packages(settings: Settings) -> Iterator[Result]:
    from translator.machine import packages
    from translator.machine.packages import store

    count, differences = packages.verify()
    for difference in differences:
        ours = difference.package.startswith(str(packages.EMBEDDED))
        yield Result(
            "packages",
            Level.WARN if difference.kind == "unlisted" else Level.ERROR,
            str(difference),
            "install translator again" if ours else "install the package again"
            if difference.file else "",
        )  # fmt: skip
    for line in packages.scan()[1]:
        yield Result("packages", Level.WARN, line)
    for folder in packages.local.folders()[:-1]:
        for path in store.leftovers(folder):
            if _age(path) > STALE:
                advice = "the next `translator packages install` clears it away"
                yield Result("packages", Level.WARN, f"left by an interrupted run: {path}", advice)
    if not differences:
        yield Result("packages", Level.OK, f"{count} as they were installed")


def _machine(settings: Settings) -> Iterator[Result]:
    """Whether each language of the project is translated into."""
    from translator.machine.engine import Engine

    engine = Engine(threads=1, device=settings.device, chosen=settings.packages)
    told = set()
    for language in settings.languages:
        try:
            (translation,) = engine.translate(["Dzień dobry."], language)
        except TranslatorError as error:
            if str(error) not in told:
                yield Result("machine", Level.ERROR, str(error))
            told.add(str(error))
            continue
        way = " + ".join(package.path.name for package in engine.route(language))
        bad = translation.problem
        yield Result(
            "machine",
            Level.WARN if bad else Level.OK,
            f"{language}: {way}{f' gives nothing usable ({bad})' if bad else ''}",
            "try another package" if bad else "",
        )


def _fonts(settings: Settings) -> Iterator[Result]:
    """Whether a PDF can be made, with all letters of each language."""
    from translator import publishing
    from translator.model import BlockKind, Row

    for language in settings.languages:
        row = Row(BlockKind.PARAGRAPH, POLISH, ALPHABETS.get(language, ALPHABETS["en"]))
        publication = publishing.Publication("doctor", language, (row,), draft=True)
        try:
            publishing.render(publication, "pdf")
        except TranslatorError as error:
            yield Result("fonts", Level.ERROR, f"{language}: {error}", "install typst again")
        else:
            yield Result("fonts", Level.OK, f"{language}: all letters in the PDF")


def _glossaries(settings: Settings) -> Iterator[Result]:
    from translator.terminology.termbase import TermBase

    terms = TermBase.load(settings.glossaries).terms
    yield Result("glossaries", Level.OK, f"{len(settings.glossaries)} with {len(terms)} terms")


def _catalogs(settings: Settings) -> Iterator[Result]:
    from translator.catalogs import Catalog
    from translator.project import find_catalogs, open_catalog

    fine = 0
    for path in find_catalogs(settings, None, ()):
        try:
            open_catalog(path)
            fine += 1
        except TranslatorError as error:
            yield _failed("catalogs", error)
    for path in resource("locales").glob("*/LC_MESSAGES/translator.po"):
        Catalog.read(path)  # our own words
    yield Result("catalogs", Level.OK, f"{fine} can be read")


def _memory(settings: Settings) -> Iterator[Result]:
    path = settings.memory
    if not path.exists():
        yield Result("memory", Level.OK, "none yet")
        return
    advice = "restore it from a backup, or delete it and import your catalogs again"
    try:
        uri = f"{path.resolve().as_uri()}?mode=rw"  # not ro: SQLite would leave files behind
        with closing(sqlite3.connect(uri, uri=True, timeout=5)) as database:
            said = [row[0] for row in database.execute("PRAGMA integrity_check(3)")]
            segments = database.execute("SELECT count(*) FROM segment").fetchone()[0]
    except sqlite3.Error as error:
        yield Result("memory", Level.ERROR, f"{path.name}: {error}", advice)
        return
    if said == ["ok"]:
        yield Result("memory", Level.OK, f"sound, {segments} segments")
    else:
        yield Result("memory", Level.ERROR, f"{path.name} is damaged: {said[0]}", advice)


def _permissions(settings: Settings) -> Iterator[Result]:
    from translator.machine import packages

    folders = [settings.root, settings.releases, settings.locales, settings.public]
    there = [folder for folder in folders if folder.is_dir()]
    bad = [folder for folder in there if not os.access(folder, os.W_OK | os.X_OK)]
    nearest = packages.user_folder()
    while not nearest.exists():
        nearest = nearest.parent
    for folder in bad:
        yield Result("permissions", Level.ERROR, f"{folder} cannot be written", "chmod u+w it")
    if not os.access(nearest, os.W_OK | os.X_OK):
        yield Result(
            "permissions",
            Level.WARN,
            f"no packages can be installed: {nearest} cannot be written",
            "set ARGOS_PACKAGES_DIR to a folder of yours if you need to",
        )
    for folder in there:
        if folder.stat().st_mode & 0o002 and not folder.stat().st_mode & 0o1000:
            yield Result(
                "permissions", Level.WARN, f"everybody may write to {folder}", "chmod o-w it"
            )
    if not bad:
        yield Result("permissions", Level.OK, "the project can be written")


def _disk(settings: Settings) -> Iterator[Result]:
    for name, folder in (("project", settings.root), ("temporary files", tempfile.gettempdir())):
        free = shutil.disk_usage(folder).free
        level = Level.ERROR if free < NO_ROOM else Level.WARN if free < LITTLE_ROOM else Level.OK
        advice = "" if level is Level.OK else f"make room: {LITTLE_ROOM // MEGABYTE} MB will do"
        yield Result("disk", level, f"{name}: {free // MEGABYTE} MB free", advice)


def _leftovers(settings: Settings) -> Iterator[Result]:
    """Temporary files of interrupted commands, locks that are held, files open in an editor."""
    count = 0
    for folder in (settings.locales, settings.public, settings.releases, settings.root):
        deep = folder != settings.root
        for path in sorted(folder.rglob(".*") if deep else folder.glob(".*")):
            if not path.is_file() and not path.is_symlink():
                continue
            said = advice = ""
            if path.name == ".lock" and _is_locked(path):
                said = "another translator is writing there"
                advice = "wait for it; if it hangs, end that process"
            elif OPEN_ELSEWHERE.fullmatch(path.name):
                said, advice = "open in an editor", "save and close it there; if it is not, delete"
            elif TEMPORARY.fullmatch(path.name) and _age(path) > STALE:
                said, advice = "left by an interrupted command", "delete it"
            if said:
                count += 1
                place = settings.relative(path)
                yield Result("leftovers", Level.WARN, f"{place}: {said}", advice, private=True)
    if not count:
        yield Result("leftovers", Level.OK, "none")


def _is_locked(path: Path) -> bool:
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _age(path: Path) -> float:
    try:
        return time.time() - path.lstat().st_mtime
    except FileNotFoundError:
        return 0.0


CHECKS: tuple[Callable[[Settings], Iterator[Result]], ...] = (
    _python,
    _dependencies,
    _packages,
    _machine,
    _fonts,
    _glossaries,
    _catalogs,
    _memory,
    _permissions,
    _disk,
    _leftovers,
)
