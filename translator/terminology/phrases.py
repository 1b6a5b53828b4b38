"""Phrases that recur: Polish noun phrases by lemma, and sequences of stems in other languages.

A Polish candidate has the form of a term: groups of adjectives around a noun, the later ones in the
genitive or after a preposition or "i"; after Marciniak, Mykowiecka & Rychlik 2016 ("TermoPL"). How
much of a unit it is, rather than a piece of a longer one, is its C-value (Frantzi, Ananiadou & Mima
2000).
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product
from typing import NamedTuple

from translator.terminology.polish import ADJECTIVES, NOUNS, Reading, analyse, tokenize

LONGEST = 7  # words
FREE = 0.1  # the share of its occurrences that a term has outside of longer ones, at least
Key = tuple[str, ...]
Features = frozenset[tuple[str, str, str]]

_CONJUNCTIONS = frozenset({"i", "oraz"})
_LINKS = _CONJUNCTIONS | {"ds"}
_NAMES = frozenset({"imię", "nazwisko"})
# Words that point, or date; a phrase with one of them is no term.
_NO_TERMS = frozenset(
    {"ten", "ta", "to", "tamten", "taki", "jaki", "który", "każdy", "inny", "sam", "wszystek",
     "wszystko", "mój", "nasz", "swój", "kolejny", "ubiegły", "przyszły", "bieżący", "obecny",
     "cały", "jeden", "rok", "miesiąc", "tydzień", "dzień", "godzina", "raz", "tysiąc", "milion",
     "miliard", "procent"}
)  # fmt: skip
_WORD = re.compile(r"\w+(?:[-‑’']\w+)*")
_FUNCTION_WORDS = {
    "en": "a an and as at by for from in into its of on or our that the their this to was with",
    "ru": "а в во для до за и из или к ко на над о об от по под при с со у что это",
    "kk": "ал арқылы бойынша бұл да де және жөнінде кейін мен бен пен осы сол туралы үшін",
}
_KAZAKH_ENDING = re.compile(
    r"(?:лар|лер|дар|дер|тар|тер|ымыз|іміз|ым|ім|сы|сі|ы|і"
    r"|ның|нің|дың|дің|тың|тің|ға|ге|қа|ке|на|не|ды|ді|ты|ті|ны|ні|нда|нде|да|де|та|те"
    r"|нан|нен|дан|ден|тан|тен|мен|бен|пен|ндағы|ндегі|дағы|дегі|тағы|тегі|н)$"
)


class Word(NamedTuple):
    """A word with its stem (of Polish, its lemma) and its place in the text."""

    stem: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where a phrase stands: the number of its text and the words from `first` to `last`,
    exclusive.
    """

    text: int
    first: int
    last: int


class Corpus:
    """Texts as sequences of stemmed words; a phrase does not go over punctuation."""

    def __init__(self, texts: Sequence[str], words: Sequence[Sequence[Word]]):
        self.texts = texts
        self.words = words

    def surface(self, at: Occurrence) -> str:
        """The words of the text there."""
        words = self.words[at.text]
        return self.texts[at.text][words[at.first].start : words[at.last - 1].end]

    def recurring(self, count: int, *, longest: int = LONGEST) -> dict[Key, list[Occurrence]]:
        """The sequences of up to `longest` words that stand in at least `count` texts.

        A longer one is looked for only where both of its parts without an end recur.
        """
        found: dict[Key, list[Occurrence]] = defaultdict(list)
        for text, words in enumerate(self.words):
            for i, word in enumerate(words):
                found[(word.stem,)].append(Occurrence(text, i, i + 1))
        level = _in_texts(found, count)
        every = dict(level)
        for _ in range(1, longest):
            longer: dict[Key, list[Occurrence]] = defaultdict(list)
            for key, places in level.items():
                for at in places:
                    words = self.words[at.text]
                    if at.last < len(words) and self._touch(at.text, at.last):
                        end = words[at.last].stem
                        if (*key[1:], end) in level:
                            longer[(*key, end)].append(Occurrence(at.text, at.first, at.last + 1))
            level = _in_texts(longer, count)
            every |= level
        return every

    def is_unbroken(self, text: int, first: int, last: int) -> bool:
        """Whether there are words from `first` to `last`, exclusive, without punctuation."""
        return 0 <= first < last <= len(self.words[text]) and all(
            self._touch(text, index) for index in range(first + 1, last)
        )

    def _touch(self, text: int, index: int) -> bool:
        """Whether there is no punctuation before the word, but for the point of "ds."."""
        before, word = self.words[text][index - 1], self.words[text][index]
        between = self.texts[text][before.end : word.start].strip()
        return not between or (between == "." and before.stem in _LINKS)


def _in_texts(found: Mapping[Key, list[Occurrence]], count: int) -> dict[Key, list[Occurrence]]:
    return {key: at for key, at in found.items() if len({each.text for each in at}) >= count}


def polish(texts: Sequence[str]) -> Corpus:
    """Polish texts by lemma: of a form's lemmas the one that most forms in the texts can have."""
    tokens = [tokenize(text) for text in texts]
    forms = Counter(token.text for each in tokens for token in each)
    frequency: Counter[str] = Counter()
    for form, count in forms.items():
        for lemma in _lemmas(form):
            frequency[lemma] += count
    chosen = {
        form: max(_lemmas(form), key=lambda lemma: (frequency[lemma], -len(lemma), lemma))
        for form in forms
    }
    return Corpus(texts, [[Word(chosen[t.text], t.start, t.end) for t in each] for each in tokens])


def keys(phrase: str) -> Iterator[Key]:
    """The lemma sequences that a Polish phrase can be."""
    return product(*(sorted(_lemmas(token.text)) for token in tokenize(phrase)))


def target(texts: Sequence[str], language: str) -> Corpus:
    """Texts of a target language by stem."""
    stem = stemmer(language)
    return Corpus(
        texts,
        [[Word(stem(m.group()), *m.span()) for m in _WORD.finditer(text)] for text in texts],
    )


def stemmer(language: str) -> Callable[[str], str]:
    """What cuts a word to what its inflected forms share; without rules, small letters alone."""
    return {"en": _english, "ru": _russian, "kk": _kazakh}.get(language, str.lower)


def function_words(language: str) -> frozenset[str]:
    """The stems that a term does not begin or end with."""
    stem = stemmer(language)
    return frozenset(stem(word) for word in _FUNCTION_WORDS.get(language, "").split())


def candidates(corpus: Corpus, count: int) -> dict[Key, list[Occurrence]]:
    """The Polish phrases of several words that have the form of a term in at least `count` texts;
    of each the places where it has it.
    """
    found = {}
    for key, places in corpus.recurring(count).items():
        if len(key) < 2:
            continue
        if not _NO_TERMS.isdisjoint(key):
            continue
        proper = [at for at in places if _is_phrase(_forms(corpus, at))]
        if len({at.text for at in proper}) >= count:
            found[key] = proper
    return _independent(corpus, found)


def _independent(
    corpus: Corpus, found: Mapping[Key, list[Occurrence]]
) -> dict[Key, list[Occurrence]]:
    """Those that are not nearly always a piece of a longer phrase ("ministra spraw zagranicznych"):
    of one that recurs too, or of one that a neighbouring word makes.
    """
    spans: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
    for places in found.values():
        for at in places:
            spans[at.text].add((at.first, at.last))

    def stands_alone(at: Occurrence) -> bool:
        wider = [(at.first - 1, at.last), (at.first, at.last + 1)]
        return not any(
            f <= at.first and at.last <= e and e - f > at.last - at.first for f, e in spans[at.text]
        ) and not any(
            corpus.is_unbroken(at.text, first, last)
            and _is_phrase(_forms(corpus, Occurrence(at.text, first, last)))
            for first, last in wider
        )

    return {
        key: places
        for key, places in found.items()
        if sum(map(stands_alone, places)) >= FREE * len(places)
    }


def size(key: Key) -> int:
    """How many content words a Polish phrase has."""
    return sum(not _form(lemma).link for lemma in key)


def c_values(found: Mapping[Key, Sequence[Occurrence]]) -> dict[Key, float]:
    """The C-value of each phrase, by the texts that it stands in."""
    frequency = {key: len({at.text for at in places}) for key, places in found.items()}
    around: defaultdict[Key, list[int]] = defaultdict(list)
    for key, count in frequency.items():
        parts = {
            key[i:j] for i in range(len(key)) for j in range(i + 2, len(key) + 1) if key[i:j] != key
        }
        for part in parts & frequency.keys():
            around[part].append(count)
    return {
        key: math.log2(len(key))
        * (count - (sum(around[key]) / len(around[key]) if around[key] else 0))
        for key, count in frequency.items()
    }


@lru_cache(maxsize=1 << 16)
def _lemmas(form: str) -> frozenset[str]:
    readings = nominal(form)
    return frozenset(r.lemma.lower() for r in readings) or frozenset({form.lower()})


@lru_cache(maxsize=1 << 16)
def nominal(form: str) -> tuple[Reading, ...]:
    """The readings of a form as a noun or adjective; numerals and persons' names have none."""
    readings = analyse(form)
    if any(r.pos == "num" for r in readings):
        return ()
    found = tuple(r for r in readings if r.pos in NOUNS | ADJECTIVES)
    return tuple(r for r in found if not _NAMES & set(r.labels))


class _Form(NamedTuple):
    noun: bool
    adjective: bool
    link: bool
    conjunction: bool
    features: Features
    acronym: bool


@lru_cache(maxsize=1 << 16)
def _form(word: str) -> _Form:
    readings = nominal(word)
    acronym = word.isupper() and len(word) > 1 and word.isalpha()
    noun = acronym or any(r.pos in NOUNS for r in readings)
    adjective = not acronym and any(r.pos in ADJECTIVES for r in readings)
    preposition = word != "a" and any(r.pos == "prep" for r in analyse(word))
    link = word in _LINKS or (preposition and not acronym)
    features = frozenset(f for r in readings for f in r.features)
    return _Form(
        noun and not link,
        adjective and not link,
        link,
        word in _CONJUNCTIONS,
        features,
        acronym,
    )


def _forms(corpus: Corpus, at: Occurrence) -> list[_Form]:
    text = corpus.texts[at.text]
    return [_form(text[w.start : w.end]) for w in corpus.words[at.text][at.first : at.last]]


def _is_phrase(words: Sequence[_Form]) -> bool:
    """Whether the words can be a noun phrase: no link at an end or beside another, every adjective
    with a noun to agree with, every further noun linked or in the genitive.

    Two heads joined by a conjunction ("Polska i Kazachstan") are two phrases.
    """
    if words[0].link or words[-1].link or any(a.link and b.link for a, b in pairwise(words)):
        return False
    if not any(w.noun for w in words) or not all(w.noun or w.adjective or w.link for w in words):
        return False
    nouns = [i for i, w in enumerate(words) if w.noun and not _is_attribute(words, i)]
    first_link = next((i for i, word in enumerate(words) if word.link), len(words))
    if not nouns or (
        first_link < len(words)
        and words[first_link].conjunction
        and sum(n < first_link for n in nouns) == 1
    ):
        return False
    for i, word in enumerate(words):
        if word.link or i in nouns:
            continue
        beside = [n for n in nouns if n > i][:1] + [n for n in nouns if n < i][-1:]
        if not any(_agree(word, words[n]) and not _linked(words, i, n) for n in beside):
            return False
    return all(
        words[n].acronym
        or any(case == "gen" for _, case, _ in words[n].features)
        or _linked(words, before, n)
        for before, n in pairwise(nouns)
    )


def _is_attribute(words: Sequence[_Form], index: int) -> bool:
    """Whether a word that is an adjective too ("stały", "polski") stands as one beside a noun."""
    return words[index].adjective and any(
        0 <= i < len(words) and words[i].noun and not words[i].adjective
        and _agree(words[index], words[i])
        for i in (index - 1, index + 1)
    )  # fmt: skip


def _agree(adjective: _Form, noun: _Form) -> bool:
    return noun.acronym or bool(adjective.features & noun.features)


def _linked(words: Sequence[_Form], a: int, b: int) -> bool:
    """Whether a preposition or conjunction stands between two words."""
    return any(word.link for word in words[min(a, b) : max(a, b)])


@lru_cache(maxsize=1 << 16)
def _english(word: str) -> str:
    word = word.lower().replace("’", "'").removesuffix("'s").removesuffix("'")
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


@lru_cache(maxsize=1 << 16)
def _russian(word: str) -> str:
    from translator.terminology.morphology.russian import lemma

    return lemma(word.lower()).replace("ё", "е")


@lru_cache(maxsize=1 << 16)
def _kazakh(word: str) -> str:
    word = word.lower()
    while (ending := _KAZAKH_ENDING.search(word)) and ending.start() > 2:
        word = word[: ending.start()]
    return word
