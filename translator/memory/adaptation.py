"""Putting the figures and names of a new segment into the translation of a similar old one.

Only what is certain is touched: the old segment and the new one must have the same figures and
names in the same order except for the pairs that differ, the old one of a pair must stand in the
translation exactly once in a form that says how the new one has to look, and words that agree with
it must not have to change (a number keeps its plural class, a person the gender).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from translator import model
from translator.memory import similarity
from translator.memory.entry import Match, normalize
from translator.model import SOURCE, Fact, FactKind
from translator.terminology import Terminology, facts
from translator.terminology.morphology import find_forms, forms

Change = tuple[int, int, str]  # start, end, what to put there

_SUFFIX = re.compile(r"-?[^\W\d]")  # after digits: it may depend on how they are read
_COUNTS = frozenset({FactKind.NUMBER, FactKind.PERCENT, FactKind.MONEY})


def adapt(match: Match, source: str, terminology: Terminology | None = None) -> Match:
    """The match with what differs in `source` put into its translation; as it was, where nothing
    differs, or the differences cannot be put in with certainty.

    Names need the terminology. The score becomes that of the old segment with the same changes
    made, 99 at most: a person must look at it.
    """
    old, target, language = match.entry.source, match.target, match.entry.language
    pairs = _figures(old, source, target, language)
    names = _names(old, source, target, language, terminology) if terminology else []
    if pairs is None or names is None or not (pairs or names):
        return match
    in_old, in_target = zip(*pairs, *names, strict=True)
    if _overlap(in_old) or _overlap(in_target):
        return match
    adapted = _apply(target, in_target)
    missing, extra = facts.differences(source, adapted, language)
    if missing or extra:
        return match
    score = min(99, similarity.score(normalize(_apply(old, in_old)), normalize(source)))
    return replace(match, score=score, target=adapted, adapted=True)


def _figures(old: str, new: str, target: str, language: str) -> list[tuple[Change, Change]] | None:
    """For each figure that differs, the changes to the old source and to the target; None where
    any is not certain.
    """
    before, after = facts.find(old, SOURCE), facts.find(new, SOURCE)
    if [fact.kind for fact in before] != [fact.kind for fact in after]:
        return None
    there = facts.find(target, language)
    changes = []
    for was, now in zip(before, after, strict=True):
        if was.value == now.value:
            continue
        places = [fact for fact in there if fact.value == was.value]
        if len(places) != 1 or sum(fact.value == was.value for fact in before) != 1:
            return None
        suffix = _SUFFIX.match(target, places[0].end) and not places[0].surface.endswith("%")
        written = None if suffix else _rewrite(places[0], was, now, language)
        if written is None:
            return None
        changes.append(
            ((was.start, was.end, now.surface), (places[0].start, places[0].end, written))
        )
    return changes


def _rewrite(place: Fact, was: Fact, now: Fact, language: str) -> str | None:
    """The new figure as it must stand at `place`, where the translation has the old one."""
    if _COUNTS & {was.kind, place.kind} and _plural(was, language) != _plural(now, language):
        return None
    old, new = facts.render(was, language), facts.render(now, language)
    if place.surface == old:
        return new
    # Written otherwise ("8 желтоқсанда"): the digits alone may change.
    digits, other = re.findall(r"\d+", old), re.findall(r"\d+", new)
    if (
        re.sub(r"\d+", "0", old) != re.sub(r"\d+", "0", new)
        or digits != re.findall(r"\d+", place.surface)
        or re.search(rf"\d{_SUFFIX.pattern}", place.surface)
    ):
        return None
    rest = iter(other)
    return re.sub(r"\d+", lambda _: next(rest), place.surface)


def _plural(fact: Fact, language: str) -> str:
    from babel import Locale

    return Locale(language).plural_form(Decimal(fact.value.split()[0]))


def _names(
    old: str, new: str, target: str, language: str, terminology: Terminology
) -> list[tuple[Change, Change]] | None:
    """As `_figures`, for the persons."""
    before, after = (
        [match for match in found if match.term.is_person and language in match.term.targets]
        for found in terminology.find([old, new])
    )
    if len(before) != len(after):
        return None
    changes = []
    for was, now in zip(before, after, strict=True):
        lemma, wanted = was.term.targets[language], now.term.targets[language]
        if lemma == wanted:
            continue
        if (was.gender, was.number, was.short) != (now.gender, now.number, now.short):
            return None
        places = find_forms(lemma, language, target, person=True, gender=was.gender)
        if len(places) != 1 or sum(other.term.targets[language] == lemma for other in before) != 1:
            return None
        ((start, end, form),) = places
        written = _same_form(form.text, was, now, language)
        if len(written) != 1:
            return None
        changes.append(((was.start, was.end, now.surface), (start, end, written.pop())))
    return changes


def _same_form(text: str, was: model.Match, now: model.Match, language: str) -> set[str]:
    """The forms that the new name may take where the old one stands as `text`: one for certain."""
    lemma, wanted = was.term.targets[language], now.term.targets[language]
    known = forms(lemma, language, person=True, gender=was.gender)
    roles = {(f.case, f.number, f.possessed) for f in known if f.text == text}
    return {
        f.text
        for f in forms(wanted, language, person=True, gender=now.gender)
        if (f.case, f.number, f.possessed) in roles
    }


def _overlap(changes: Sequence[Change]) -> bool:
    ordered = sorted(changes)
    return any(a[1] > b[0] for a, b in pairwise(ordered))


def _apply(text: str, changes: Sequence[Change]) -> str:
    for start, end, written in sorted(changes, reverse=True):
        text = text[:start] + written + text[end:]
    return text
