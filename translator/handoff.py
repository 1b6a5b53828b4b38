"""Handing a release to a CAT tool and taking it back: which stage gives what, in what order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from translator import files, xml
from translator.catalogs import Catalog, State, Unit, edit
from translator.catalogs.entry import DRAFT
from translator.errors import TranslatorError
from translator.exchange import inline, omegat, xliff1, xliff2
from translator.exchange.inline import Dialect
from translator.exchange.package import (
    Exported,
    Fingerprint,
    Package,
    ReturnedPackage,
    Suggestion,
)
from translator.exchange.reconcile import Outcome, reconcile
from translator.memory import Memory, learn
from translator.model import Match
from translator.pipeline import open_source
from translator.project import find_catalogs, open_catalog
from translator.settings import Settings, check_language
from translator.terminology import Terminology

FORMATS = {"xliff": ".xlf", "xliff2": ".xlf", "omegat": ".omegat"}
MATCHES = 3  # of the memory, for each unit
SIMILAR = 70  # percent, from which on they are shown


def export(
    project: Settings, release: str, language: str, format: str, to: Path | None = None
) -> Path:
    """Write a release's catalog for a CAT tool; the file, or for OmegaT the folder, written.

    It must not be there yet: someone may be working in it.
    """
    if format not in FORMATS:
        raise TranslatorError(f"unknown format “{format}”: use {', '.join(FORMATS)}")
    (path,) = find_catalogs(project, [release], [language])
    catalog = open_catalog(path)
    if to is None:
        to = project.root / "exchange" / f"{project.named(path)[0]}.{language}{FORMATS[format]}"
    if to.exists():
        raise TranslatorError(
            "is there already: import it and delete it, or name another place with -o", file=to
        )
    terminology = Terminology.load(project.glossaries)
    with Memory(project.memory) as memory:
        if format == "omegat":
            contents = omegat.contents(
                catalog, list(memory.entries((language,))), terminology.terms
            )
            files.write_folder(to, {name.as_posix(): data for name, data in contents.items()})
        else:
            version = xliff1 if format == "xliff" else xliff2
            _refuse_unfit(project, catalog, version.DIALECT)
            files.write(to, version.write(_package(catalog, memory, terminology)))
    return to


def take_back(
    project: Settings, path: Path, *, approve: bool = False, reviewer: str = ""
) -> tuple[Path, Outcome]:
    """Bring an exported file or OmegaT project back into its catalog: the catalog, and what became
    of the units.

    What is approved by this goes into the memory, as with `translator approve`.
    """
    package = _read(path)
    name = project.release_of(project.root / package.source_file)
    if package.language:
        check_language(package.language, file=path)
    place = project.catalog(name, package.language)
    if not name or not package.language or not place.is_file():
        raise TranslatorError(
            f"belongs to {project.relative(place)}, which is not there: import it in the project"
            " that it was exported from",
            file=path,
        )

    def change(catalog: Catalog) -> tuple[Catalog, Outcome]:
        outcome = reconcile(catalog, package, approve=approve)
        if outcome.changed:
            catalog.sign(reviewer)
        return catalog, outcome

    catalog, outcome = edit(place, open_catalog, change)
    if approve or outcome.approved:  # also where a run before was killed before this
        source = open_source(project, catalog)
        with Memory(project.memory) as memory:
            learn(memory, catalog, source)
    return place, outcome


def _refuse_unfit(project: Settings, catalog: Catalog, dialect: Dialect) -> None:
    for unit in catalog.units:
        if strange := inline.unfit(unit.source + unit.target, dialect):
            raise TranslatorError(
                f"has the invisible character U+{ord(strange):04X}, which XLIFF 1.2 cannot hold:"
                " delete it, or use --format xliff2",
                file=project.relative(catalog.path),
                line=unit.line,
            )


def _read(path: Path) -> ReturnedPackage:
    from lxml import etree

    if path.is_dir() or path.name == omegat.PROJECT:
        return omegat.read(path if path.is_dir() else path.parent)
    root = xml.read(path)
    namespace = etree.QName(root).namespace
    for reader in (xliff1, xliff2):
        if namespace == reader.NAMESPACE:
            return reader.read(root, path)
    raise TranslatorError("is neither XLIFF 1.2 nor 2.0 nor an OmegaT project", file=path)


def _package(catalog: Catalog, memory: Memory, terminology: Terminology) -> Package:
    units = catalog.units
    found = terminology.find([unit.source for unit in units])
    return Package(
        catalog.source_file,
        catalog.language,
        tuple(
            Exported(
                str(Fingerprint.of_unit(unit)),
                unit.source,
                unit.target,
                unit.state,
                tuple(_notes(unit, matches, catalog.language)),
                tuple(_suggestions(unit, memory, catalog.language)),
            )
            for unit, matches in zip(units, found, strict=True)
        ),
    )


def _notes(unit: Unit, matches: Sequence[Match], language: str) -> list[str]:
    """The remarks of the catalog without the draft, and the terms that they do not mention."""
    notes = [note for note in unit.notes if not note.startswith(DRAFT)]
    for match in matches:
        kind = "name" if match.term.is_person else "term"
        note = f"{kind}: {' '.join(match.surface.split())} → {match.term.targets.get(language, '')}"
        if language in match.term.targets and not any(n.startswith(note) for n in notes):
            notes.append(note)
    return notes


def _suggestions(unit: Unit, memory: Memory, language: str) -> list[Suggestion]:
    """The draft and the memory's best matches, for what is not approved."""
    if unit.state is State.APPROVED:
        return []
    suggestions = []
    if unit.draft and not unit.origin.startswith("memory"):
        suggestions.append(Suggestion(unit.source, unit.draft, unit.origin))
    for match in memory.fuzzy(unit.source, language, limit=MATCHES, threshold=SIMILAR):
        origin = f"memory: {match.entry.release or 'imported'}"
        suggestions.append(Suggestion(match.entry.source, match.entry.target, origin, match.score))
    return suggestions
