"""Figures over groups of post-edited entries.

The measures are sacreBLEU's. TER (translation edit rate; Snover et al., 2006) of a draft against
the text that a person made of it is known as HTER: the words inserted, deleted, replaced and the
blocks of words moved, by the words of the approved text. chrF (Popović, 2015) compares sequences of
characters, so that another ending of a word, in Russian and Kazakh, counts for less than another
word. A word keeps its punctuation, and another capital is an edit.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date as Date
from functools import cache
from typing import TypeVar

from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER

from translator.model import Term
from translator.reporting.edits import Advance, Edit, TermUse, ignore

K = TypeVar("K", bound=Hashable)

MEASURES = {
    "ter": "sacreBLEU TER, case-sensitive, of the drafts against the approved texts, percent",
    "chrf": "sacreBLEU chrF2 of the drafts against the approved texts, percent",
    "unchanged_share": "Drafts approved as they were, of all drafts",
    "seconds_per_word": "Work on the review page by Polish words, where it was measured",
    "terms": "Terms and names that the drafted segments require, by the present glossaries",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured on a group of approved entries; None where there was nothing to measure.

    `drafts` of the `approved` entries came from a draft; `edits` and `words` are those of TER;
    `seconds` were measured on entries of `timed_words` Polish words. `terms` are required by the
    segments drafted, of which so many stand in the draft and in the approved text.
    """

    approved: int
    drafts: int
    unchanged: int
    unchanged_share: float | None
    edits: int
    words: int
    ter: float | None
    chrf: float | None
    seconds: int
    timed_words: int
    seconds_per_word: float | None
    terms: int
    terms_in_draft: int
    terms_in_approved: int


@dataclass(frozen=True, slots=True)
class Group:
    """Entries in one language that have something in common: an origin, or a release of this
    date, with the origins of its drafts.
    """

    language: str
    figures: Figures
    origin: str = ""
    release: str = ""
    date: Date | None = None
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deviation:
    """A place where a required term was changed or is missing; the forms are "" where it is."""

    place: str
    draft: str
    approved: str


@dataclass(frozen=True, slots=True)
class TermFigures:
    """How often a term or name was required in one language, stood in the draft and in the approved
    text, and was changed in between; `guess` is set on a name in no glossary.
    """

    language: str
    term: str
    required: str
    guess: bool
    uses: int
    in_draft: int
    in_approved: int
    changed: int
    deviations: tuple[Deviation, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All figures: releases in the order of their dates; first the terms missing most often
    in approved texts, then in drafts, then those whose form was changed most often.
    """

    languages: tuple[Group, ...]
    origins: tuple[Group, ...]
    releases: tuple[Group, ...]
    terms: tuple[TermFigures, ...]


def report(edits: Sequence[Edit], *, advance: Advance = ignore) -> Report:
    """The figures of these entries by language, by origin, by release and by term.

    `advance` is called with 1 after each entry.
    """
    for edit in edits:  # what takes long; `measure` finds it done
        if edit.draft:
            _ter(edit.draft, edit.target)
        advance(1)
    dates: dict[str, Date] = {}
    for edit in edits:
        if edit.date is not None:
            dates[edit.release] = min(edit.date, dates.get(edit.release, Date.max))

    def of_release(key: tuple[str, str]) -> tuple[Date, str, str]:
        return dates.get(key[0], Date.max), *key

    by_language = _grouped(edits, lambda edit: edit.language)
    by_origin = _grouped(edits, lambda edit: (edit.language, edit.origin))
    by_release = _grouped(edits, lambda edit: (edit.release, edit.language))
    return Report(
        languages=tuple(
            Group(language, measure(group)) for language, group in sorted(by_language.items())
        ),
        origins=tuple(
            Group(language, measure(group), origin=origin)
            for (language, origin), group in sorted(by_origin.items())
        ),
        releases=tuple(
            Group(
                language=key[1],
                figures=measure(by_release[key]),
                release=key[0],
                date=dates.get(key[0]),
                origins=tuple(sorted({edit.origin for edit in by_release[key]})),
            )
            for key in sorted(by_release, key=of_release)
        ),
        terms=tuple(_terms(edits)),
    )


def measure(edits: Sequence[Edit]) -> Figures:
    """The figures of one group."""
    drafted = [edit for edit in edits if edit.draft]
    timed = [edit for edit in edits if edit.seconds]
    uses = [use for edit in drafted for use in edit.terms]
    rates = [_ter(edit.draft, edit.target) for edit in drafted]
    changes, words = sum(rate[0] for rate in rates), sum(rate[1] for rate in rates)
    unchanged = sum(edit.unchanged for edit in drafted)
    seconds, timed_words = sum(e.seconds for e in timed), sum(e.words for e in timed)
    return Figures(
        approved=len(edits),
        drafts=len(drafted),
        unchanged=unchanged,
        unchanged_share=unchanged / len(drafted) if drafted else None,
        edits=changes,
        words=words,
        ter=100 * changes / words if words else None,
        chrf=_chrf(drafted) if drafted else None,
        seconds=seconds,
        timed_words=timed_words,
        seconds_per_word=seconds / timed_words if timed_words else None,
        terms=len(uses),
        terms_in_draft=sum(bool(use.draft) for use in uses),
        terms_in_approved=sum(bool(use.approved) for use in uses),
    )


@cache  # an entry stands in several groups
def _ter(draft: str, target: str) -> tuple[int, int]:
    """The edits between the two, and the words of the target."""
    score = TER(case_sensitive=True).sentence_score(draft, [target])
    return int(score.num_edits), int(score.ref_length)


def _chrf(edits: Sequence[Edit]) -> float:
    drafts, targets = [edit.draft for edit in edits], [edit.target for edit in edits]
    return float(CHRF().corpus_score(drafts, [targets]).score)


def _grouped(edits: Iterable[Edit], key: Callable[[Edit], K]) -> dict[K, list[Edit]]:
    groups: dict[K, list[Edit]] = {}
    for edit in edits:
        groups.setdefault(key(edit), []).append(edit)
    return groups


def _terms(edits: Iterable[Edit]) -> list[TermFigures]:
    found: dict[tuple[str, str], list[tuple[Edit, TermUse]]] = {}
    for edit in edits:
        for use in edit.terms:
            found.setdefault((edit.language, use.term.source), []).append((edit, use))
    figures = [_term(language, uses[0][1].term, uses) for (language, _), uses in found.items()]

    def worst_first(term: TermFigures) -> tuple[int, int, int, str, str]:
        missing = term.in_approved - term.uses, term.in_draft - term.uses
        return *missing, -len(term.deviations), term.language, term.term

    return sorted(figures, key=worst_first)


def _term(language: str, term: Term, uses: Sequence[tuple[Edit, TermUse]]) -> TermFigures:
    return TermFigures(
        language=language,
        term=term.source,
        required=term.targets[language],
        guess=term.guess,
        uses=len(uses),
        in_draft=sum(bool(use.draft) for _, use in uses),
        in_approved=sum(bool(use.approved) for _, use in uses),
        changed=sum(use.changed for _, use in uses),
        deviations=tuple(
            Deviation(edit.place, ", ".join(use.draft), ", ".join(use.approved))
            for edit, use in uses
            if use.changed or not use.approved
        ),
    )
