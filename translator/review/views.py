"""What the page shows of a release: plain values for the templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from translator import inline, model
from translator.catalogs import State, Unit
from translator.checks import REGISTRY
from translator.memory import Match
from translator.review.difference import Piece, difference
from translator.review.session import Session, id_of, version_of
from translator.terminology.requirements import Requirement, places, required_terms

FORMS = 3  # of a required term that are offered, the likeliest first

Span = tuple[int, int, str, str]  # start, end, kind, what it requires or is


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of a text; `kind` is "term", "name", "tag" or "" for plain text, `title` a remark."""

    text: str
    kind: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A term or name of the source: what it requires and the forms to choose from.

    `status` is "present", "missing" or "advice" where nothing requires it.
    """

    surface: str
    lemma: str
    kind: str
    status: str
    forms: tuple[str, ...]
    note: str = ""
    guess: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding, with what its check is about."""

    id: str
    severity: str
    doc: str
    message: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """A translation from the memory, with what its source has different from the entry's."""

    score: int
    place: str
    difference: tuple[Piece, ...]
    target: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as the page shows it."""

    id: str
    version: str
    state: State
    target: str
    source: tuple[Mark, ...]
    marked: tuple[Mark, ...]
    terms: tuple[Term, ...]
    findings: tuple[Finding, ...]
    memory: tuple[Remembered, ...]
    changes: tuple[Piece, ...]
    origin: str
    draft: str
    plain_source: str
    previous: tuple[Piece, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the release; each of its `entries` has its text and, where it was not shown
    before, its unit.
    """

    kind: str
    level: int
    entries: tuple[tuple[str, Unit | None], ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the review is, in entries and in Polish words."""

    approved: int
    entries: int
    words_approved: int
    words: int


def blocks(session: Session) -> list[Block]:
    """The release in its layout; entries that its source no longer has stand at the end."""
    left = {unit.source: unit for unit in session.units}
    shown: list[Block] = []
    for block in session.source.blocks:
        entries = tuple((s.text, left.pop(s.text, None)) for s in block.segments)
        if entries:
            shown.append(Block(block.kind.value.replace(" ", "-"), block.level, entries))
    shown += [Block("paragraph", 1, ((unit.source, unit),)) for unit in left.values()]
    return shown


def progress(units: Sequence[Unit]) -> Progress:
    """How far the review of these entries is."""
    words = [(len(inline.plain(u.source).split()), u.state is State.APPROVED) for u in units]
    return Progress(
        approved=sum(done for _, done in words),
        entries=len(words),
        words_approved=sum(n for n, done in words if done),
        words=sum(n for n, _ in words),
    )


def entry(session: Session, unit: Unit) -> Entry:
    """All that the page shows of an entry."""
    matches = session.matches(unit)
    required = required_terms(inline.plain(unit.source), matches, session.language)
    target = inline.plain(unit.target)
    found = [(r, places(r, target, session.language)) for r in required]
    draft = unit.draft
    return Entry(
        id=id_of(unit),
        version=version_of(unit),
        state=unit.state,
        target=unit.target,
        source=_marks(unit.source, _source_spans(matches, session.language)),
        marked=_marks(
            unit.target,
            [
                (start, end, _kind(r.match), form.text)
                for r, forms in found
                for start, end, form in forms
            ],
        ),
        terms=tuple(_terms(matches, found, session.language)),
        findings=tuple(
            Finding(f.id, f.severity.value, REGISTRY[f.id].doc, f.message)
            for f in session.findings(unit)
        ),
        memory=tuple(_remembered(match, unit) for match in session.remembered(unit)),
        changes=tuple(difference(draft, unit.target)) if draft and draft != unit.target else (),
        origin=unit.origin,
        draft=draft,
        plain_source=unit.source,
        previous=tuple(difference(unit.previous, unit.source)) if unit.previous else (),
        notes=tuple(n for n in unit.notes if n.startswith(("tag ", "figure: ", "machine: "))),
    )


def _kind(match: model.Match | None) -> str:
    return "name" if match is not None and match.term.is_person else "term"


def _source_spans(matches: Iterable[model.Match], language: str) -> list[Span]:
    return [
        (match.start, match.end, _kind(match), match.term.targets[language])
        for match in matches
        if language in match.term.targets
    ]


def _terms(
    matches: Iterable[model.Match], found: Iterable[tuple[Requirement, list]], language: str
) -> Iterable[Term]:
    required = {id(r.match): (r, bool(places)) for r, places in found}
    seen: set[tuple[str, str]] = set()
    for match in matches:
        lemma = match.term.targets.get(language, "")
        surface = " ".join(match.surface.split())
        if not lemma or (surface, lemma) in seen:
            continue
        seen.add((surface, lemma))
        requirement, present = required.get(id(match), (None, False))
        forms = [form.text for form, _ in requirement.forms] if requirement else [lemma]
        status = "present" if present else "missing" if requirement else "advice"
        yield Term(
            surface,
            lemma,
            _kind(match),
            status,
            tuple(dict.fromkeys(forms))[:FORMS],
            match.term.note,
            match.term.guess,
        )


def _remembered(match: Match, unit: Unit) -> Remembered:
    known = match.entry
    return Remembered(
        match.score,
        ", ".join(part for part in (known.release, known.date, known.reviewer) if part),
        tuple(difference(known.source, unit.source)),
        match.target,
    )


def _marks(text: str, spans: Sequence[Span]) -> tuple[Mark, ...]:
    """`text`, which may hold tags, cut at its tags and at `spans`, whose offsets count no tags; of
    overlapping spans the first one counts.
    """
    places = inline.offsets(text)
    cuts: list[Span] = [(m.start(), m.end(), "tag", "") for m in inline.TAG.finditer(text)]
    for start, end, kind, title in sorted(spans, key=lambda span: (span[0], -span[1])):
        pieces = _runs(places[start:end])
        if all(b <= c or d <= a for a, b in pieces for c, d, k, _ in cuts if k != "tag"):
            cuts += [(a, b, kind, title) for a, b in pieces]
    marks, last = [], 0
    for start, end, kind, title in sorted(cuts):
        marks += [Mark(text[last:start])] if last < start else []
        marks.append(Mark(text[start:end], kind, title))
        last = end
    return (*marks, Mark(text[last:])) if last < len(text) or not marks else tuple(marks)


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """The stretches of neighbouring offsets, each as (start, end)."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    return runs
