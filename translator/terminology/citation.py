"""The dictionary form of a phrase, as a glossary has it, from the inflected forms in texts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import takewhile

from translator.terminology.morphology import dictionary_forms, forms
from translator.terminology.phrases import Key, nominal
from translator.terminology.polish import NOUNS, Reading, inflections

TRIED = 8  # forms that are tried as the lemma of the others
RARE = 0.1  # of the occurrences: a spelling that counts for nothing


def polish(surfaces: Sequence[str], key: Key) -> str:
    """The lemma of a Polish noun phrase: its head and the adjectives beside it in the nominative.

    `key` has the lemma of each word. The number is the one that most of the surfaces can have, the
    singular first.
    """
    counts = Counter(unify_capitals(surfaces))
    (usual, _), *_ = counts.most_common(1)
    heads = {surface: _head(surface.split(), key) for surface in counts}
    singular = sum(
        count for surface, count in counts.items() if any(f[0] == "sg" for f in heads[surface][1])
    )
    number = "sg" if 2 * singular >= len(surfaces) else "pl"
    for surface, _ in counts.most_common():
        if any(f[:2] == (number, "nom") for f in heads[surface][1]):
            return surface
    words = usual.split()
    size, features = heads[usual]
    genders = sorted(gender for found, _, gender in features if found == number)
    for gender in genders:
        nominative = [
            _nominative(word, lemma, number, gender)
            for word, lemma in zip(words[:size], key, strict=False)
        ]
        if all(nominative):
            return " ".join([*nominative, *words[size:]])
    return usual


def target(surfaces: Sequence[str], language: str) -> str:
    """The dictionary form of a target phrase: of its surfaces, and of what the most frequent one
    can be the inflection of, the one whose inflected forms explain most of the surfaces.
    """
    counts = Counter(unify_capitals(surfaces))

    def explained(lemma: str) -> int:
        found = {form.text.casefold() for form in forms(lemma, language)}
        return sum(count for surface, count in counts.items() if surface.casefold() in found)

    usual = [surface for surface, _ in counts.most_common(TRIED)]
    possible = dictionary_forms(usual[0], language)
    return max(
        dict.fromkeys([*possible, *usual]),
        key=lambda each: (
            forms(each, language)[0].case == "nom",
            explained(each),
            each in possible,
            counts[each],
            -len(each),
        ),
    )


def unify_capitals(surfaces: Sequence[str]) -> list[str]:
    """The surfaces, each in the way with the fewest capitals that is no rarity: the others' are
    those of a sentence, a heading or a name.
    """
    counts = Counter(surfaces)
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for surface in counts:
        alike[surface.casefold()].append(surface)
    chosen = {}
    for folded, same in alike.items():
        enough = RARE * sum(counts[surface] for surface in same)
        usual = [surface for surface in same if counts[surface] >= enough]
        chosen[folded] = min(usual, key=lambda s: (sum(map(str.isupper, s)), -counts[s], s))
    return [chosen[surface.casefold()] for surface in surfaces]


def _head(words: Sequence[str], key: Key) -> tuple[int, frozenset[tuple[str, str, str]]]:
    """How many words the head with its adjectives has, and the (number, case, gender) that all of
    these can have together.
    """
    together: frozenset[tuple[str, str, str]] | None = None
    noun = False
    for index, (word, lemma) in enumerate(zip(words, key, strict=False)):
        readings = _readings(word, lemma)
        is_noun = bool(readings) and all(reading.pos in NOUNS for reading in readings)
        features = frozenset(f for reading in readings for f in reading.features)
        shared = features if together is None else together & features
        if index and (not shared or (noun and is_noun)):
            return index, together or frozenset()
        together, noun = shared, noun or is_noun
    return len(words), together or frozenset()


def _nominative(word: str, lemma: str, number: str, gender: str) -> str:
    """The word in the nominative, with its capitals; "" where it has none."""
    found = [
        form
        for reading in _readings(word, lemma)
        if any(f[0] == number and f[2] == gender for f in reading.features)
        for form, other in inflections(reading.lemma)
        if (other.lemma, other.pos) == (reading.lemma, reading.pos)
        and (number, "nom", gender) in other.features
    ]
    # of comparatives, negations and variants the one that is most like the word
    form = max(found, key=lambda f: (_shared(f, word.lower()), -len(f)), default="")
    return form if word[:1].islower() else form[:1].upper() + form[1:]


def _readings(word: str, lemma: str) -> list[Reading]:
    return [reading for reading in nominal(word) if reading.lemma.lower() == lemma]


def _shared(a: str, b: str) -> int:
    """How many letters two words share from the start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))
