"""What the pipeline asks of the memory: to learn what was approved, and to draft from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from translator import inline
from translator.catalogs import Catalog, State
from translator.memory.adaptation import adapt
from translator.memory.entry import Entry, Match, normalize
from translator.memory.store import Memory
from translator.model import Draft, FactKind, Release
from translator.terminology import Terminology, facts

THRESHOLD = 85  # percent: below it the machine's draft is less work to mend
ADAPTABLE = 70  # percent: figures and names may differ more, if they can be put in

Neighbours = tuple[str, str, str]  # a segment, the one before, the one after


def neighbours(release: Release) -> Iterator[Neighbours]:
    """Each segment of a release with the ones beside it, "" at the ends, in reading order."""
    texts = ["", *(segment.text for segment in release.segments), ""]
    return zip(texts[1:-1], texts, texts[2:], strict=False)


def learn(memory: Memory, catalog: Catalog, release: Release) -> int:
    """Bring the approved translations of a release's catalog into the memory, in place of what it
    had learnt from that release; how many.
    """
    approved = {u.source: u.target for u in catalog.units if u.state is State.APPROVED}
    entries = [
        Entry(
            text,
            approved[text],
            catalog.language,
            release.name,
            before,
            after,
            catalog.revised[:10],
            catalog.reviewer,
        )
        for text, before, after in neighbours(release)
        if text in approved
    ]
    return memory.replace(release.name, catalog.language, entries) if entries else 0


def reuse(
    memory: Memory,
    texts: Iterable[Neighbours],
    language: str,
    *,
    threshold: int = THRESHOLD,
    terminology: Terminology | None = None,
    year: int | None = None,
) -> dict[str, Draft]:
    """Drafts from the memory, by segment, for those that it has in a usable translation.

    The same segment comes first, unless its translation names another year than `year`, the
    release's; then the most similar one from `threshold` percent on, adapted; that only where it
    holds the figures and, with the terminology, the terms and names that the segment requires:
    otherwise the machine's draft is the safer one.

    Only the same segment's translation comes with its tags. Any other, also that of one which has
    the same words but other tags, comes without: they have to be put in.
    """
    drafts: dict[str, Draft] = {}
    for text, before, after in texts:
        if text in drafts:
            continue
        plain = inline.plain(text)
        match = memory.exact(text, language, before, after)
        if match is None or not _dated(match, plain, language, year):
            match = _similar(memory, plain, language, threshold, terminology, year)
        if match is not None:
            drafts[text] = Draft(match.target, match.origin, tuple(_notes(match, plain)))
    return drafts


def _similar(
    memory: Memory,
    text: str,
    language: str,
    threshold: int,
    terminology: Terminology | None,
    year: int | None,
) -> Match | None:
    similar = memory.fuzzy(text, language, threshold=min(threshold, ADAPTABLE))
    found = [adapt(match, text, terminology) for match in similar]
    for match in sorted(found, key=lambda match: -match.score):
        if match.score >= threshold and _holds(match, text, language, terminology, year):
            return match
    return None


def _dated(match: Match, text: str, language: str, year: int | None) -> bool:
    """Whether no date of the translation is another than the segment's: "8 grudnia br." may have
    been translated with the year that it was then.
    """
    _, extra = facts.differences(text, inline.plain(match.target), language, year=year)
    return not any(fact.kind in (FactKind.DATE, FactKind.YEAR) for fact in extra)


def _holds(
    match: Match, text: str, language: str, terminology: Terminology | None, year: int | None
) -> bool:
    missing, extra = facts.differences(text, match.target, language, year=year)
    if missing or extra:
        return False
    if terminology is None:
        return True
    from translator.terminology.requirements import places, required_terms

    (matches,) = terminology.find([text])
    required = required_terms(text, matches, language)
    return all(places(requirement, match.target, language) for requirement in required)


def _notes(match: Match, text: str) -> Iterator[str]:
    """Where a translation comes from, and what it translated there, if not this very segment."""
    entry = match.entry
    known = ", ".join(part for part in (entry.release, entry.date, entry.reviewer) if part)
    yield "memory: " + (known or "imported")
    source = inline.plain(entry.source)
    if normalize(source) != normalize(text):
        yield f"memory source: {source}"
