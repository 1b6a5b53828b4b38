"""New terms from approved translations: Polish phrases that recur and what translates them.

Of the sequences of target words the translation is the one with the highest Dice coefficient, the
measure of co-occurrence that Smadja, McKeown & Hatzivassiloglou 1996 ("Translating collocations
for bilingual lexicons") found best for this; of nearly equal ones the one that is as long as the
Polish, or what that is always a piece of. A phrase is proposed where that translation stands in
most of its segments.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from translator.terminology import citation, phrases
from translator.terminology.phrases import Corpus, Key, Occurrence

COUNT = 3  # segments that a phrase must stand in
SHARE = 0.6  # of them that have the translation
NEAR = 0.9  # of the best coefficient: as good
LONGEST = 9  # words of a translation
PIECE = 5  # occurrences from which on it is no chance that a phrase is always a piece of another
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """An approved translation; `place` is where it stands: a file and line, or a release."""

    source: str
    target: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A term that is not in the glossary yet.

    `count` segments have it, `share` of them with this translation; `score` is its C-value times
    the Dice coefficient. `key` and `stems` are the two sides without inflection; `translated` and
    `otherwise` the numbers of the pairs with and without this translation.
    """

    source: str
    target: str
    count: int
    share: float
    score: float
    examples: tuple[Pair, ...]
    key: Key
    stems: Key
    translated: tuple[int, ...]
    otherwise: tuple[int, ...]


def suggest(
    pairs: Sequence[Pair],
    language: str,
    *,
    known: Iterable[str] = (),
    count: int = COUNT,
    share: float = SHARE,
    limit: int | None = None,
) -> list[Proposal]:
    """Terms to add to a glossary that has `known` Polish terms, the best `limit` of them first."""
    source = phrases.polish([pair.source for pair in pairs])
    target = phrases.target([pair.target for pair in pairs], language)
    found = phrases.candidates(source, count)
    values = phrases.c_values(found)
    there = {key for term in known for key in phrases.keys(term)}
    rated = []
    translations = Translations(target, language, count)
    for key, places in found.items():
        if key in there or values[key] <= 0:
            continue
        texts = {at.text for at in places}
        best = translations.best(texts, phrases.size(key))
        if best is not None and best.count >= share * len(texts):
            rated.append((values[key] * best.dice, key, best))
    rated.sort(key=lambda each: (-each[0], each[1]))
    return [
        _proposal(
            score,
            key,
            best,
            pairs,
            source,
            target,
            found[key],
            translations.places[best.stems],
            language,
        )
        for score, key, best in islice(_distinct(rated), limit)
    ]


@dataclass(frozen=True, slots=True)
class Translation:
    """A sequence of target stems, in how many of the texts asked about, and how exclusively."""

    stems: Key
    count: int
    dice: float


class Translations:
    """Finds what goes with a set of texts: the target phrases that recur, by text."""

    def __init__(self, corpus: Corpus, language: str, count: int):
        self._function = phrases.function_words(language)
        self.places: dict[Key, list[Occurrence]] = {
            stems: places
            for stems, places in corpus.recurring(count, longest=LONGEST).items()
            if not {stems[0], stems[-1]} & self._function and not all(s.isdigit() for s in stems)
        }
        self._frequency: dict[Key, int] = {}
        self._by_text: defaultdict[int, list[Key]] = defaultdict(list)
        for stems, places in self.places.items():
            texts = {at.text for at in places}
            self._frequency[stems] = len(texts)
            for text in texts:
                self._by_text[text].append(stems)

    def best(self, texts: set[int], length: int) -> Translation | None:
        """The phrase that goes best with these texts; their Polish has `length` content words."""
        together = Counter(stems for text in texts for stems in self._by_text[text])
        rated = {
            stems: 2 * count / (len(texts) + self._frequency[stems])
            for stems, count in together.items()
            if count > 1
        }
        if not rated:
            return None
        near = NEAR * max(rated.values())
        stems = min(
            (stems for stems, dice in rated.items() if dice >= near),
            key=lambda stems: (abs(self._size(stems) - length), -rated[stems], stems),
        )
        whole = max(
            (
                longer
                for longer, dice in rated.items()
                if dice >= NEAR * rated[stems] and self._is_piece(stems, longer)
            ),
            key=lambda longer: (len(longer), rated[longer], longer),
            default=stems,
        )
        return Translation(whole, together[whole], rated[whole])

    def _is_piece(self, stems: Key, longer: Key) -> bool:
        """Whether a phrase stands nowhere but in the longer one."""
        frequency = self._frequency[stems]
        return (
            frequency >= PIECE
            and self._frequency[longer] >= NEAR * frequency
            and contains(longer, stems)
        )

    def _size(self, stems: Key) -> int:
        return sum(stem not in self._function for stem in stems)


def _distinct(
    rated: Sequence[tuple[float, Key, Translation]],
) -> Iterator[tuple[float, Key, Translation]]:
    """Without those that are a piece of another with the same translation, or the reverse: the one
    that is more nearly as long as the translation stays.
    """
    taken: defaultdict[Key, list[Key]] = defaultdict(list)
    for _, key, best in sorted(rated, key=lambda r: abs(phrases.size(r[1]) - len(r[2].stems))):
        if not any(contains(key, o) or contains(o, key) for o in taken[best.stems]):
            taken[best.stems].append(key)
    return (each for each in rated if each[1] in taken[each[2].stems])


def contains(longer: Key, piece: Key) -> bool:
    """Whether `piece` is a contiguous part of `longer`, or all of it."""
    size = len(piece)
    return any(longer[i : i + size] == piece for i in range(len(longer) - size + 1))


def _proposal(
    score: float,
    key: Key,
    best: Translation,
    pairs: Sequence[Pair],
    source: Corpus,
    target: Corpus,
    places: Sequence[Occurrence],
    occurrences: Sequence[Occurrence],
    language: str,
) -> Proposal:
    texts = {at.text for at in places}
    translated = [at for at in occurrences if at.text in texts]
    polish = citation.polish(_surfaces(source, places), key)
    text = citation.target(_surfaces(target, translated), language)
    if not any(at.first for at in places):
        polish = _decapitalized(polish)
    if polish[:1].islower() and not any(at.first for at in translated):
        text = _decapitalized(text)
    with_it = list(dict.fromkeys(at.text for at in translated))
    return Proposal(
        source=polish,
        target=text,
        count=len(texts),
        share=best.count / len(texts),
        score=score,
        examples=tuple(pairs[number] for number in with_it[:EXAMPLES]),
        key=key,
        stems=best.stems,
        translated=tuple(sorted(with_it)),
        otherwise=tuple(sorted(texts.difference(with_it))),
    )


def _surfaces(corpus: Corpus, places: Sequence[Occurrence]) -> list[str]:
    """The phrase as it stands inside of segments, or at their beginnings where it is only there."""
    return [corpus.surface(at) for at in places if at.first] or list(map(corpus.surface, places))


def _decapitalized(text: str) -> str:
    """A phrase known from the beginnings of segments only, with a small letter; what has capitals
    further on is a name.
    """
    return text[:1].lower() + text[1:] if text[1:].islower() else text
