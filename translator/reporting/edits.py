"""What reviewers did, entry by entry: the draft, the approved text, and the terms in both."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date as Date
from pathlib import Path

from translator import inline
from translator.catalogs import Catalog, State, Unit
from translator.catalogs.entry import EARLIER, MEMORY, one_line
from translator.model import Match, Term
from translator.project import open_catalog
from translator.settings import Settings
from translator.terminology import Terminology
from translator.terminology.requirements import places, required_terms

WRITTEN = "written by a person"
# The bands of fuzzy matches that translation offices count and pay by.
BANDS = (
    (101, "memory 101% (in context)"),
    (100, "memory 100%"),
    (95, "memory 95–99%"),
    (85, "memory 85–94%"),
    (75, "memory 75–84%"),
    (0, "memory below 75%"),
)
Advance = Callable[[int], None]
_SCORE = re.compile(MEMORY + r"(\d+)%")


@dataclass(frozen=True, slots=True)
class TermUse:
    """A term or name that a segment requires, and the forms of what is required in which it stands
    in the draft and in the approved text: none where it does not.
    """

    term: Term
    draft: tuple[str, ...]
    approved: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether the reviewer put it in, took it out, or inflected it otherwise."""
        return set(map(str.casefold, self.draft)) != set(map(str.casefold, self.approved))


@dataclass(frozen=True, slots=True)
class Edit:
    """An approved entry; its texts are without tags.

    `origin` is the package, the band of the memory, or `WRITTEN`; `draft` is empty where the
    reviewer did not start from one, and `terms` are then none. `unchanged` is said of the text with
    its tags. `words` are the source's, `seconds` of work are 0 where nobody measured them. `place`
    is file:line.
    """

    release: str
    language: str
    date: Date | None
    origin: str
    place: str
    draft: str
    target: str
    unchanged: bool
    words: int
    seconds: int
    terms: tuple[TermUse, ...] = ()


def ignore(done: int) -> None:
    """Show no progress."""


def read(project: Settings, catalogs: Iterable[Path], *, advance: Advance = ignore) -> list[Edit]:
    """The approved entries of these catalogs. The terms are those of the present glossaries.

    `advance` is called with 1 after each catalog.
    """
    terminology = Terminology.load(project.glossaries)
    edits: list[Edit] = []
    for path in catalogs:
        edits += _edits(project, open_catalog(path), terminology)
        advance(1)
    return edits


def _edits(project: Settings, catalog: Catalog, terminology: Terminology) -> Iterator[Edit]:
    units = catalog.units
    if not any(unit.state is State.APPROVED for unit in units):
        return
    place, date = project.relative(catalog.path), catalog.source_date or _day(catalog.revised)
    sources = [inline.plain(unit.source) for unit in units]
    for unit, source, matches in zip(units, sources, terminology.find(sources), strict=True):
        target = inline.plain(unit.target)
        if unit.state is not State.APPROVED or not target.strip():
            continue
        origin = _origin(unit)
        draft = "" if origin in (WRITTEN, EARLIER) else inline.plain(unit.draft)
        yield Edit(
            release=project.named(catalog.path)[0],
            language=catalog.language,
            date=date,
            origin=origin,
            place=f"{place}:{unit.line}",
            draft=draft,
            target=target,
            unchanged=bool(draft) and one_line(unit.target) == unit.draft,
            words=len(source.split()),
            seconds=unit.seconds,
            terms=_terms(source, matches, draft, target, catalog.language) if draft else (),
        )


def _origin(unit: Unit) -> str:
    """What the draft of a unit is counted under."""
    if not inline.plain(unit.draft).strip():  # also where the machine failed
        return EARLIER if unit.origin == EARLIER else WRITTEN
    if found := _SCORE.match(unit.origin):
        return next(name for least, name in BANDS if int(found[1]) >= least)
    return unit.origin or WRITTEN


def _terms(
    source: str, matches: Sequence[Match], draft: str, target: str, language: str
) -> tuple[TermUse, ...]:
    def forms(text: str) -> tuple[str, ...]:
        found = places(requirement, text, language)
        return tuple(dict.fromkeys(text[start:end] for start, end, _ in found))

    uses = []
    for requirement in required_terms(source, matches, language):
        if requirement.match is not None:
            uses.append(TermUse(requirement.match.term, forms(draft), forms(target)))
    return tuple(uses)


def _day(revised: str) -> Date | None:
    try:
        return Date.fromisoformat(revised[:10])
    except ValueError:
        return None
