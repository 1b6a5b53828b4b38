"""From approved translations to new terms for the glossaries, and to what is inconsistent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from textwrap import shorten

from translator import files
from translator.catalogs import State
from translator.memory import Memory
from translator.project import find_catalogs, open_catalog, release_name
from translator.settings import Settings
from translator.terminology import Terminology, merging, termbase
from translator.terminology.consistency import Inconsistency, inconsistencies
from translator.terminology.merging import Merged
from translator.terminology.suggest import Pair, Proposal, suggest

SHOWN = 60  # characters of a segment of the memory whose release is not known


def approved_pairs(project: Settings, releases: Sequence[str] | None, language: str) -> list[Pair]:
    """The approved translations into a language in the catalogs and in the memory, each once; of
    the named releases only, where any is named.
    """
    return list(
        {
            (pair.source, pair.target): pair
            for pair in reversed([*_of_catalogs(project, releases, language),
                                  *_of_memory(project, releases, language)])
        }.values()
    )[::-1]  # fmt: skip


def propose(
    project: Settings, pairs: Sequence[Pair], language: str, *, count: int, limit: int | None = None
) -> list[Proposal]:
    """Terms to add to the glossaries, in at least `count` pairs; the best `limit` of them."""
    terms = Terminology.load(project.glossaries).terms
    known = [term.source for term in terms if language in term.targets]
    return suggest(pairs, language, known=known, count=count, limit=limit)


def add(
    project: Settings,
    rows: Iterable[tuple[int, dict[str, str]]],
    file: Path,
    into: Path,
    languages: Sequence[str],
) -> Merged:
    """Write what is new in `rows` (line and columns), which come from `file`, to the glossary
    `into`; what became of each.
    """
    with files.lock(into.parent):
        before = into.read_bytes() if into.exists() else b""
        merged = merging.merge(rows, file, into, project.glossaries, languages)
        if merged.changed:
            present = (code for term in merged.terms for code in term.targets)
            columns = tuple(dict.fromkeys((*project.languages, *present)))
            files.write(into, termbase.render(merged.terms, into, columns), over=before)
    return merged


def compare(
    project: Settings, pairs: Sequence[Pair], language: str, proposals: Sequence[Proposal]
) -> list[Inconsistency]:
    """The terms of the glossaries and the proposed ones that are translated in different ways."""
    return inconsistencies(pairs, language, Terminology.load(project.glossaries), proposals)


def _of_catalogs(
    project: Settings, releases: Sequence[str] | None, language: str
) -> Iterator[Pair]:
    for path in find_catalogs(project, releases, [language]):
        place = project.relative(path)
        for unit in open_catalog(path).units:
            if unit.state is State.APPROVED:
                yield Pair(unit.source, unit.target, f"{place}:{unit.line}")


def _of_memory(project: Settings, releases: Iterable[str] | None, language: str) -> Iterator[Pair]:
    names = {release_name(project, release) for release in releases or ()}
    with Memory(project.memory) as memory:
        for entry in memory.entries((language,)):
            if not names or entry.release in names:
                known = ", ".join(part for part in (entry.release, entry.date) if part)
                place = known or f"“{shorten(entry.source, SHOWN, placeholder='…')}”"
                yield Pair(entry.source, entry.target, f"memory: {place}")
