"""Finding a project's things: its settings, the source of a release, its catalogs."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from translator import settings
from translator.catalogs import Catalog
from translator.documents import READERS
from translator.errors import TranslatorError
from translator.resources import resource
from translator.settings import LOCALES, Settings

MESSAGES = "LC_MESSAGES"  # gettext's name for the folder of a program's own catalog


def settings_or_defaults(start: Path) -> Settings:
    """The settings of the project around `start`; outside of any project, the defaults and shipped
    glossaries.
    """
    if settings.find_root(start) is not None:
        return settings.load(start)
    glossaries = tuple(sorted(resource("glossaries").glob("*.csv")))
    return Settings(root=start.resolve(), glossaries=glossaries)


def find_catalogs(
    project: Settings, releases: Sequence[str] | None, languages: Sequence[str]
) -> list[Path]:
    """The catalogs of these releases (all where none is named) in these languages (likewise).

    TranslatorError where a named release has no catalog in a named language, or in any.
    """
    folders = (
        [project.locales / language for language in languages]
        if languages
        else sorted(f for f in project.locales.glob("*") if f.is_dir())
    )
    if not releases:
        return [path for folder in folders for path in _catalogs_in(folder)]
    found = []
    for name in (release_name(project, release) for release in releases):
        paths = [folder / f"{name}.po" for folder in folders]
        there = [path for path in paths if path.is_file()]
        if not there or (languages and len(there) < len(paths)):
            missing = next((path for path in paths if path not in there), project.locales)
            raise TranslatorError(
                f"there is no catalog of “{name}”: translate it first",
                file=project.relative(missing),
            )
        found += there
    return found


def _catalogs_in(folder: Path) -> list[Path]:
    """The catalogs of releases in a language's folder, where the tool's own messages may be too."""
    found = sorted(folder.rglob("*.po"), key=lambda path: (path.parent, path))
    return [path for path in found if MESSAGES not in path.relative_to(folder).parts]


def open_catalog(path: Path) -> Catalog:
    """The catalog at `path`; TranslatorError where its language is not that of its folder."""
    catalog = Catalog.read(path)
    folders = [path.parent, *path.parent.parents]
    languages = [folder.name for folder in folders if folder.parent.name == LOCALES]
    catalog.require(languages[0] if languages else path.parent.name)
    return catalog


def release_name(project: Settings, release: str) -> str:
    """The name of a release that a user gave by name or by the path of its source or catalog."""
    path = Path(os.path.abspath(release))
    if path.is_file() and path.is_relative_to(project.locales):
        return project.named(path)[0]
    is_path = path.is_file() or path.suffix.lower() in READERS
    if is_path or ("/" in release and path.is_relative_to(project.releases)):
        return project.release_of(path)
    return release


def source_of(project: Settings, catalog: Catalog) -> Path:
    """The source document that a catalog translates."""
    if not catalog.source_file:
        raise TranslatorError(
            "its header has no X-Source-File: translate the release again", file=catalog.path
        )
    path = project.root / catalog.source_file
    if not path.is_file():
        raise TranslatorError(
            f"its source {catalog.source_file} is gone: bring it back", file=catalog.path
        )
    return path


def is_current(project: Settings, catalog: Catalog) -> bool:
    """Whether the source is still, byte for byte, the one that the catalog was made from."""
    path = project.root / catalog.source_file
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == catalog.source_sha256
    except OSError:
        return False
