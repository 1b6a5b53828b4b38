"""One release in one language under review: the catalog on disk and what belongs to it.

The PO file is the only state. It is read again whenever it has changed, and every edit goes into it
at once, so that a reviewer may have it open in a PO editor at the same time.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from translator import checks, harvesting, inline, memory, pipeline
from translator.catalogs import Catalog, State, Unit, edit
from translator.errors import TranslatorError
from translator.machine.engine import Engine
from translator.memory import Memory
from translator.model import SOURCE, Finding, Match, Release
from translator.project import find_catalogs, open_catalog
from translator.settings import Settings
from translator.terminology import Terminology
from translator.terminology.suggest import Proposal

MATCHES = 3  # fuzzy matches of the memory that are shown for an entry
ALTERNATIVES = 4  # hypotheses of the machine that are shown for an entry

_LINE_END = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


PROPOSALS = 8  # terms that are proposed at a time
RECURRING = 3  # approved segments that a proposed term must stand in


class Stale(TranslatorError):
    """An entry is no longer what the page showed when the person edited it."""


class Session:
    """The review of `release` in `language` by `reviewer`, whose name goes into the PO header."""

    def __init__(self, project: Settings, release: str, language: str, reviewer: str):
        (path,) = find_catalogs(project, [release], [language])
        self.project, self.path = project, path
        self._release = project.named(path)[0]
        self.language, self.reviewer = language, reviewer
        self._catalog = open_catalog(path)
        self._stamp = _stamp(path)
        self.source: Release = pipeline.open_source(project, self._catalog)
        self._terminology = Terminology.load(project.glossaries)
        self._matches: dict[str, Sequence[Match]] = {}
        self._memory = Memory(project.memory)
        self._engine: Engine | None = None  # loaded when first asked for

    def close(self) -> None:
        """Close the memory."""
        self._memory.close()

    def refresh(self) -> None:
        """Read the catalog again where it has changed on disk."""
        if (stamp := _stamp(self.path)) != self._stamp:
            self._catalog, self._stamp = open_catalog(self.path), stamp

    @property
    def units(self) -> list[Unit]:
        """The entries as they were when last read."""
        return self._catalog.units

    def unit(self, id: str) -> Unit:
        """The entry with this id (see `id_of`). KeyError where there is none."""
        found = next((unit for unit in self.units if id_of(unit) == id), None)
        if found is None:
            raise KeyError(id)
        return found

    def matches(self, unit: Unit) -> Sequence[Match]:
        """The terms and names in the entry's source without its tags, as the whole release tells
        them.
        """
        if unit.source not in self._matches:
            sources = [other.source for other in self.units]
            found = self._terminology.find([inline.plain(source) for source in sources])
            self._matches = dict(zip(sources, found, strict=True))
        return self._matches[unit.source]

    def findings(self, unit: Unit) -> list[Finding]:
        """What the checks say of the entry, but for those that a reviewer overruled."""
        date = self._catalog.source_date
        found = checks.check(
            unit.source,
            unit.target,
            self.language,
            matches=self.matches(unit),
            year=date.year if date else None,
        )
        return [finding for finding in found if finding.id not in unit.ignored]

    def revise(self, id: str, target: str, *, base: str, approved: bool, seconds: int = 0) -> None:
        """Write what a person made of an entry. Raises Stale, and writes nothing, where the entry
        is no longer of the version `base` that the person saw.
        """

        def change(catalog: Catalog) -> None:
            unit = next((unit for unit in catalog.units if id_of(unit) == id), None)
            if unit is None:
                raise Stale("the entry is gone: the source has changed")
            wanted = replace(
                unit, target=tame(target), state=State.APPROVED if approved else State.EDITED
            )
            if version_of(unit) not in (base, version_of(wanted)):
                raise Stale("the entry was changed by another person")
            catalog.revise(unit.source, tame(target), approved=approved, seconds=seconds)
            catalog.sign(self.reviewer)

        self._edit(change)

    def overrule(self, id: str, check: str) -> None:
        """Note in the entry that a person found this check wrong about it."""
        source = self.unit(id).source
        self._edit(lambda catalog: catalog.overrule(source, check))

    def remembered(self, unit: Unit) -> list[memory.Match]:
        """The memory's nearest translations of other segments, best first."""
        found = self._memory.fuzzy(unit.source, self.language, limit=MATCHES)
        return [match for match in found if match.target != unit.target]

    def alternatives(self, unit: Unit) -> list[str]:
        """Other translations by the machine, the likeliest first; loads the package at first."""
        if self._engine is None:
            self._engine = pipeline.engine(self.project)
        (found,) = self._engine.hypotheses([inline.plain(unit.source)], self.language, ALTERNATIVES)
        texts = [hypothesis.text for hypothesis in found]
        return [text for text in dict.fromkeys(texts) if text and text != unit.target]

    def proposals(self) -> list[Proposal]:
        """Terms that the approved translations of this release and the memory suggest."""
        pairs = harvesting.approved_pairs(self.project, None, self.language)
        return harvesting.propose(
            self.project, pairs, self.language, count=RECURRING, limit=PROPOSALS
        )

    def add_term(self, source: str, target: str) -> str:
        """Write a term into the project's `suggested.csv`, and heed it from now on; that file, as
        the project names it. TranslatorError where a glossary says otherwise.
        """
        into = self.project.root / "glossaries" / "suggested.csv"
        row = {SOURCE: source.strip(), self.language: target.strip(), "domain": "term"}
        if not all(row.values()):
            raise TranslatorError("a term needs both its Polish and its translation")
        merged = harvesting.add(self.project, [(1, row)], into, into, (self.language,))
        if problems := [*merged.conflicts, *merged.unusable]:
            raise TranslatorError(problems[0])
        if into not in self.project.glossaries:
            glossaries = (*self.project.glossaries, into)
            self.project = replace(self.project, glossaries=glossaries)
        self._terminology = Terminology.fresh(self.project.glossaries)
        self._matches = {}
        return self.project.relative(into)

    def preview(self, format: str) -> bytes:
        """The publication as it stands, marked as a draft while anything keeps it back."""
        return pipeline.preview(self.project, self._release, self.language, format)

    def publish(self) -> list[Path]:
        """Publish in all formats; Refusal where anything is in the way."""
        return pipeline.publish(self.project, self._release, self.language)

    def _edit(self, change: Callable[[Catalog], None]) -> None:
        def both(catalog: Catalog) -> Catalog:
            change(catalog)
            return catalog

        self._catalog = edit(self.path, open_catalog, both)
        self._stamp = _stamp(self.path)


def id_of(unit: Unit) -> str:
    """What the page calls an entry: it stays the same while others come and go."""
    return _digest(unit.source)


def version_of(unit: Unit) -> str:
    """What tells whether two readings of an entry are the same to a reviewer."""
    approved = unit.state is State.APPROVED
    return _digest("\0".join([str(approved), unit.target, *sorted(unit.ignored)]))


def tame(text: str) -> str:
    """A text from a browser without the characters that a PO file cannot hold: what ends a line in
    some program becomes a plain line break, other control characters go.
    """
    return _CONTROL.sub("", _LINE_END.sub("\n", text))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _stamp(path: Path) -> tuple[int, int, int]:
    """What changes whenever the file does."""
    found = os.stat(path)
    return found.st_mtime_ns, found.st_size, found.st_ino
