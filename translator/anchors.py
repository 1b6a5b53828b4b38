"""Word pairs of a text and its translation that are certain without any model: terms, names and
figures by what is required of their translation, and words that look or sound the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from translator.model import SOURCE, Match
from translator.terminology import facts
from translator.terminology.morphology import find_forms
from translator.terminology.transcription import transcribe

WORD = re.compile(r"[^\W_]+")
ALIKE = 75.0  # percent from which two words of at least LETTERS letters count as the same
LETTERS = 5

Span = tuple[int, int]
Anchor = tuple[int, int, int, int]  # offsets into the source and into the target


def find(
    source: str,
    target: str,
    language: str,
    matches: Sequence[Match] = (),
    *,
    year: int | None = None,
) -> list[Anchor]:
    """The anchors of two texts without tags, in the order of the source, not overlapping.

    `matches` are the terms and names in the source. The longer anchor wins over the shorter one.
    What occurs more often on one side than on the other is none.
    """
    found = [
        *_terms(target, language, matches),
        *_facts(source, target, language, year),
    ]
    found.sort(key=lambda anchor: anchor[0] - anchor[1])
    kept: list[Anchor] = []
    for anchor in (*found, *_words(source, target, language)):
        if not any(_overlap(anchor, other) for other in kept):
            kept.append(anchor)
    return sorted(kept)


def _overlap(one: Anchor, other: Anchor) -> bool:
    return (one[0] < other[1] and other[0] < one[1]) or (one[2] < other[3] and other[2] < one[3])


def _paired(sources: Sequence[Span], targets: Sequence[Span]) -> Iterator[Anchor]:
    """Occurrences in their order, where both sides have as many."""
    if len(sources) == len(targets):
        for (start, end), (there, until) in zip(sources, targets, strict=True):
            yield start, end, there, until


def _terms(target: str, language: str, matches: Sequence[Match]) -> Iterator[Anchor]:
    places: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        lemma = match.term.targets.get(language, "")
        if match.short and match.term.is_person:
            lemma = lemma.split()[-1] if lemma else ""
        if lemma and not (match.short and not match.term.is_person):
            places[lemma].append(match)
    for lemma, found in places.items():
        forms = find_forms(
            lemma,
            language,
            target,
            person=found[0].term.is_person,
            gender=found[0].gender,
            ignore_case=not found[0].term.case_sensitive,
        )
        yield from _paired([(m.start, m.end) for m in found], [(a, b) for a, b, _ in forms])


def _facts(source: str, target: str, language: str, year: int | None) -> Iterator[Anchor]:
    sides: list[dict[str, list[Span]]] = []
    for text, code in ((source, SOURCE), (target, language)):
        places: dict[str, list[Span]] = defaultdict(list)
        for fact in facts.find(text, code, year=year):
            places[fact.value].append((fact.start, fact.end))
        sides.append(places)
    for value, found in sides[0].items():
        yield from _paired(found, sides[1][value])


def _words(source: str, target: str, language: str) -> Iterator[Anchor]:
    """The same words, then those alike in letters (as the target's alphabet writes them), each
    being the other's best match.
    """
    from rapidfuzz import fuzz, process

    ours = [match.span() for match in WORD.finditer(source)]
    theirs = [match.span() for match in WORD.finditer(target)]
    left, right = _by_word(source, ours), _by_word(target, theirs)
    for word in left.keys() & right.keys():
        if word.isdigit() or not word.islower():
            yield from _paired(left[word], right[word])
    names = [word for word in left if len(word) >= LETTERS and len(left[word]) == 1]
    heard = [word for word in right if len(word) >= LETTERS and len(right[word]) == 1]
    if not names or not heard:
        return
    written = [_folded(transcribe(word, language)) for word in names]
    scores = process.cdist(written, [_folded(word) for word in heard], scorer=fuzz.ratio)
    for row, name in enumerate(names):
        best = int(scores[row].argmax())
        alike = scores[row, best] >= ALIKE and scores[:, best].argmax() == row
        if alike and name[0].isupper() == heard[best][0].isupper():
            yield from _paired(left[name], right[heard[best]])


def _by_word(text: str, spans: Iterable[Span]) -> dict[str, list[Span]]:
    places: dict[str, list[Span]] = defaultdict(list)
    for start, end in spans:
        places[text[start:end]].append((start, end))
    return places


def _folded(word: str) -> str:
    return word.casefold().replace("ё", "е").replace("ь", "")
