"""Finding glossary terms in Polish text, whatever their inflected form.

A term is compiled to a pattern of words. Its varying words (the head and the adjectives that agree
with it) are sought by Morfeusz lemma and must agree in number, case and gender; its other words
(genitive complements, prepositional phrases, abbreviations) are sought literally. The patterns lie
in one trie whose edges are lemmas and literal words, so that a text is read once whatever the
number of terms. Names of persons, often unknown to the dictionary, lie in it with all their
generated forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from itertools import pairwise, product
from typing import NamedTuple

from translator.model import Match, Term
from translator.terminology.polish import (
    ADJECTIVES,
    CASES,
    PARTICLES,
    VERBS,
    Reading,
    Token,
    analyse,
    decline,
    gender,
    govern,
    tokenize,
)

Feature = tuple[str, str, str]  # number, case, gender
Features = frozenset[Feature]

# Ways to write the same inside a longer name; the full forms' genitive and locative are alike.
_EQUIVALENT = (
    ("ds.", "do spraw"),
    ("im.", "imienia"),
    ("RP", "Rzeczypospolitej Polskiej"),
    ("RK", "Republiki Kazachstanu"),
    ("UE", "Unii Europejskiej"),
    ("ONZ", "NZ", "Narodów Zjednoczonych", "Organizacji Narodów Zjednoczonych"),
    ("OBWE", "Organizacji Bezpieczeństwa i Współpracy w Europie"),
    ("MSZ", "Ministerstwa Spraw Zagranicznych"),
)
_INSIDE = tuple(
    (
        re.compile(
            rf"(?<=\w )(?:{'|'.join(map(re.escape, sorted(group, key=len, reverse=True)))})(?!\w)",
            re.IGNORECASE if group[0].islower() else 0,
        ),
        group,
    )
    for group in _EQUIVALENT
)
_ORGANISATION = re.compile(r" (?:OBWE|ONZ|NZ|UE|NATO|RP)\b")

# Words before a surname that show it to be one, and words with which a person's case agrees.
_TITLES = frozenset(
    """
    akim ambasador ambasadorka delegat doktor dyplomata dyrektor dyrektorka generał kanclerz
    kolega komisarz konsul król królowa marszałek minister ministra pan pani podsekretarz poseł
    posłanka premier prezes prezydent profesor przedstawiciel przewodnicząca przewodniczący
    rzecznik rzeczniczka sekretarz senator senatorka szef szefowa wiceminister wicekonsul
    wicemarszałek wicepremier wiceprezes wiceprezydent wiceszef wojewoda
    """.split()  # noqa: SIM905
)
_SUFFIX = re.compile(r"-(?:e?t)?(a|u|owi|em|ie|ecie|cie|i|y|ę|ą|ów|om|ami|ach)$")
_SUFFIX_CASES = {
    "a": ("gen", "acc"), "u": ("gen", "loc"), "owi": ("dat",), "em": ("ins",), "ie": ("loc",),
    "ecie": ("loc",), "cie": ("loc",), "i": ("gen", "dat", "loc"), "y": ("gen",), "ę": ("acc",),
    "ą": ("ins",), "ów": ("gen",), "om": ("dat",), "ami": ("ins",), "ach": ("loc",),
}  # fmt: skip
_LINKS = frozenset({"i", "oraz", "lub", "się"})  # may stand among the varying words
_MAX_GAP = 2  # words that may stand between a verb and its object
_ALL_CASES = frozenset(CASES)


class _Kind(Enum):
    FULL = "full"
    SHORT = "short"  # the head of a longer term
    SURNAME = "surname"


@dataclass(frozen=True, slots=True, eq=False)
class _Word:
    """A word of a pattern: `keys` are its edges in the trie, words of one `group` agree.

    A literal word is in no group (-1). `forms` has the features of a name's generated forms.
    """

    text: str
    glue: str
    keys: tuple[str, ...]
    group: int = -1
    forms: Mapping[str, Features] | None = None

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper()

    @property
    def acronym(self) -> bool:
        return _is_acronym(self.text)


@dataclass(frozen=True, slots=True, eq=False)
class _Pattern:
    term: Term
    order: int
    words: tuple[_Word, ...]
    tail: str = ""  # punctuation that ends the term: a dot, a quotation mark
    kind: _Kind = _Kind.FULL
    verb: bool = False


class _Node:
    __slots__ = ("edges", "gapped", "patterns")

    def __init__(self) -> None:
        self.edges: dict[str, _Node] = {}
        self.gapped: _Node | None = None  # what may follow at a distance
        self.patterns: list[_Pattern] = []


@dataclass(frozen=True, slots=True)
class _Text:
    """A tokenised text; `glue[i]` is the punctuation between tokens i - 1 and i."""

    text: str
    tokens: Sequence[Token]
    glue: Sequence[str]
    shouted: bool  # all capitals

    def starts_sentence(self, index: int) -> bool:
        return index == 0 or bool(re.search('[.!?:–"(]', self.glue[index]))


class _Candidate(NamedTuple):
    pattern: _Pattern
    first: int  # index of its first token
    last: int
    start: int
    end: int
    features: Features


class Matcher:
    """Finds the occurrences of many terms at once; make it once and use it for all texts."""

    def __init__(self, terms: Sequence[Term]):
        self._root = _Node()
        for order, term in enumerate(terms):
            for pattern in _compile(term, order):
                _insert(self._root, pattern)

    def find(self, text: str) -> list[Match]:
        """The matches in one text without overlap: the longest first, then glossary order."""
        return self.find_all([text])[0]

    def find_all(self, texts: Sequence[str]) -> list[list[Match]]:
        """The matches in each of `texts`, which are in reading order.

        After a title, institution or person has stood in full, its bare capitalised head or surname
        refers to it (`Match.short`); a surname also where a title word comes before it.
        """
        seen: dict[int, Term] = {}  # by order in the glossary; the most recent last
        return [self._find(_prepare(text), seen) for text in texts]

    def _find(self, text: _Text, seen: dict[int, Term]) -> list[Match]:
        candidates = list(self._candidates(text))
        full = _longest(c for c in candidates if c.pattern.kind is _Kind.FULL)
        others: dict[tuple[int, int], list[_Candidate]] = {}
        for candidate in candidates:
            if candidate.pattern.kind is not _Kind.FULL and not any(
                candidate.start < f.end and f.start < candidate.end for f in full
            ):
                others.setdefault((candidate.start, candidate.end), []).append(candidate)
        pending = sorted(full, key=lambda c: c.start)
        chosen: list[_Candidate] = []
        end = 0
        for (start, stop), group in sorted(others.items(), key=lambda o: (o[0][0], -o[0][1])):
            while pending and pending[0].start < start:
                chosen.append(_remember(pending.pop(0), seen))
            if start >= end and (best := _refer(text, group, seen, full)):
                chosen.append(_remember(best, seen))
                end = stop
        chosen += [_remember(candidate, seen) for candidate in pending]
        return list(_matches(text, sorted(chosen, key=lambda c: c.start)))

    def _candidates(self, text: _Text) -> Iterator[_Candidate]:
        keys = [_keys(token.text) for token in text.tokens]
        for first in range(len(keys)):
            stack: list[tuple[_Node, int, tuple[int, ...], bool]] = [(self._root, first, (), False)]
            while stack:
                node, index, path, far = stack.pop()
                for pattern in node.patterns:
                    if candidate := _verify(text, pattern, path):
                        yield candidate
                if node.gapped:
                    for skipped in range(_MAX_GAP + 1):
                        after = index + skipped
                        if after < len(keys) and not any(text.glue[index : after + 1]):
                            stack.append((node.gapped, after, path, True))
                if index < len(keys):
                    glue = text.glue[index] if path and not far else ""
                    for key in keys[index]:
                        following = node.edges.get(glue + key)
                        if following is not None:
                            stack.append((following, index + 1, (*path, index), False))


def _prepare(text: str) -> _Text:
    tokens = tokenize(text)
    glue = [""]
    for one, other in pairwise(tokens):
        between = text[one.end : other.start]
        glue.append("" if between.isspace() else _punctuation(between))
    if tokens:
        glue[0] = _punctuation(text[: tokens[0].start])
    return _Text(text, tokens, glue, text.isupper())


@lru_cache(maxsize=4096)
def _punctuation(between: str) -> str:
    """White space and soft hyphens dropped, dashes and quotation marks made alike."""
    between = re.sub(r"[\s\u00ad\u200b-\u200d\u2060]+", "", between)
    between = re.sub("[-‐‑‒—―]", "–", between)
    return re.sub("[„”“«»‟]", '"', between)


# --- the keys of words: literal ("=onz") and by lemma ("rada/n") ---


def _word_class(reading: Reading) -> str:
    if reading.pos in {"subst", "depr"}:
        return "n"
    return "v" if reading.pos in VERBS else reading.pos


def _lemma_key(reading: Reading) -> str:
    return f"{reading.lemma.casefold()}/{_word_class(reading)}"


@lru_cache(maxsize=1 << 17)
def _keys(word: str) -> tuple[str, ...]:
    literal = ["=" + word.casefold()]
    if suffix := _SUFFIX.search(word):
        stem = word[: suffix.start()]
        if stem.isupper():
            literal.append("=" + stem.casefold())
    lemmas = (_lemma_key(r) for r in analyse(word))
    return (*literal, *dict.fromkeys(lemmas))


@lru_cache(maxsize=1 << 17)
def _features(word: str, keys: tuple[str, ...]) -> Features:
    return frozenset().union(*(r.features for r in analyse(word) if _lemma_key(r) in keys))


@lru_cache(maxsize=1 << 16)
def _adjectival(word: str) -> Features:
    return frozenset().union(*(r.features for r in analyse(word) if r.pos in ADJECTIVES))


@lru_cache(maxsize=1 << 16)
def _nominal(word: str) -> Features:
    return frozenset().union(*(r.features for r in analyse(word) if r.pos in {"subst", "ger"}))


# --- compiling terms ---


def _insert(root: _Node, pattern: _Pattern) -> None:
    nodes = [root]
    for position, word in enumerate(pattern.words):
        if pattern.verb and position == 1:
            for node in nodes:
                node.gapped = node.gapped or _Node()
            nodes = [node.gapped for node in nodes if node.gapped]
        glue = word.glue if position else ""
        nodes = [n.edges.setdefault(glue + key, _Node()) for n, key in product(nodes, word.keys)]
    for node in nodes:
        node.patterns.append(pattern)


def _compile(term: Term, order: int) -> Iterator[_Pattern]:
    if term.is_person:
        yield from _person(term, order)
        return
    for source in _variants(term.source):
        pattern = _pattern(term, order, source)
        if not pattern.words:
            continue
        yield pattern
        if len(pattern.words) == 2 and source.islower() and not pattern.verb and not pattern.tail:
            noun, adjective = pattern.words
            if noun.group == adjective.group == 0 and not adjective.glue:
                yield replace(pattern, words=(adjective, noun))  # "oficjalna wizyta" is the same
        if term.domain in {"title", "institution"}:
            yield from _shortened(pattern, source)


def _variants(source: str) -> list[str]:
    """The term with its abbreviations written out and the other way round."""
    variants = list(dict.fromkeys([source, source.replace("–", "-")]))
    if source.startswith("Organizacja Narodów"):
        return variants
    for inside, group in _INSIDE:
        variants += [
            form
            for variant in tuple(variants)
            if inside.search(variant)
            for form in (inside.sub(written, variant) for written in group)
            if form not in variants
        ]
    return variants


def _pattern(term: Term, order: int, source: str) -> _Pattern:
    text = _prepare(source)
    tokens = text.tokens
    texts = [token.text for token in tokens]
    if not texts:
        return _Pattern(term, order, ())
    tail = _punctuation(source[tokens[-1].end :])
    verb = _is_verb(texts)
    groups: Structure = {}
    if not (len(texts) == 1 and (tail.startswith(".") or _is_acronym(texts[0]))):
        groups = _structure(texts, text.glue, first=int(verb), case="acc" if verb else "nom")
    words = []
    for index, word in enumerate(texts):
        literal = ("=" + word.casefold(),)
        if verb and index == 0:
            keys = tuple(dict.fromkeys(_lemma_key(r) for r in analyse(word) if r.pos == "inf"))
            words.append(_Word(word, "", keys))
        elif index in groups:
            keys, group = groups[index]
            words.append(_Word(word, text.glue[index], keys, group))
        elif len(texts) == 1 and not tail and not analyse(word) and not _is_acronym(word):
            words.append(_unknown(word))
        else:
            words.append(_Word(word, text.glue[index], literal))
    return _Pattern(term, order, tuple(words), tail, verb=verb)


def _is_acronym(word: str) -> bool:
    return sum(map(str.isupper, word)) > 1 and "-" not in word


def _is_verb(texts: Sequence[str]) -> bool:
    readings = analyse(texts[0])
    return any(r.pos == "inf" for r in readings) and all(r.pos == "inf" for r in readings)


def _unknown(word: str) -> _Word:
    """A noun that the dictionary lacks, such as a town, with the forms of a name of its kind."""
    sex = "f" if word.endswith("a") else "m"
    forms = {
        form.casefold(): frozenset(("sg", case, "") for case in cases)
        for form, cases in decline(word, sex).items()
    }
    if (
        sex == "m" and word[-1] not in "aeiouy"
    ):  # a thing: -u in the genitive, no ending in the accusative
        forms[word.casefold()] |= {("sg", "acc", "")}
        ending = (word + "u").casefold()
        forms[ending] = forms.get(ending, frozenset()) | {("sg", "gen", "")}
    return _Word(word, "", tuple("=" + form for form in forms), 0, forms)


Structure = dict[int, tuple[tuple[str, ...], int]]


def _agreeing(word: str, case: str, *, noun: bool) -> dict[Reading, set[tuple[str, str]]]:
    """The readings of a word as a noun or adjective in `case`, each with its (number, gender)."""
    found = {}
    for reading in analyse(word):
        fits = reading.pos in ({"subst", "ger"} if noun else ADJECTIVES) and reading.lemma != "rad"
        if fits and case in reading.cases:
            found[reading] = set(product(reading.numbers, reading.genders))
    if noun and word[0].isupper():  # "Niemcy" is the country, not the plural of "Niemiec"
        own = {r: f for r, f in found.items() if r.lemma.casefold() == word.casefold()}
        found = own or found
    return found


def _structure(texts: Sequence[str], glue: Sequence[str], *, first: int, case: str) -> Structure:
    """The varying words of a noun phrase that begins at `first`: keys and group by index.

    The head is the last noun with only agreeing adjectives before it; agreeing adjectives,
    coordinated words and lower-case appositions after it vary too, up to the first other word.
    """
    adjectives: list[int] = []
    head, agreement = -1, set[tuple[str, str]]()
    common: set[tuple[str, str]] | None = None
    for index in range(first, len(texts)):
        word = texts[index]
        nouns = _agreeing(word, case, noun=True)
        features = set().union(*nouns.values())
        fitting = features if common is None else features & common
        if fitting:
            head, agreement = index, fitting
        as_adjective = set().union(*_agreeing(word, case, noun=False).values())
        if as_adjective and (common is None or common & as_adjective):
            common = as_adjective if common is None else common & as_adjective
            adjectives.append(index)
        elif word not in _LINKS and not _is_adverb(word):
            break
    if head < 0:
        if common is None or len(adjectives) != len(texts) - first:
            return {}
        agreement, head = common, first - 1
    structure: Structure = {}

    def vary(index: int, group: int, agreement: set[tuple[str, str]], *, noun: bool) -> None:
        readings = _agreeing(texts[index], case, noun=noun)
        keys = dict.fromkeys(_lemma_key(r) for r, f in readings.items() if f & agreement)
        structure[index] = (tuple(keys), group)

    for index in adjectives:
        if index < head or head < first:
            vary(index, 0, agreement, noun=False)
    if head < first:
        return structure
    vary(head, 0, agreement, noun=True)
    group, index = 0, head + 1
    while index < len(texts) and glue[index] in {"", ","}:
        word = texts[index]
        adjective = agreement & set().union(*_agreeing(word, case, noun=False).values())
        nouns = _agreeing(word, case, noun=True)
        is_genitive = any("gen" in r.cases for r in analyse(word) if r.pos == "subst")
        joined = texts[index - 1] in _LINKS
        if adjective:
            agreement = adjective
            vary(index, group, agreement, noun=False)
        elif nouns and not is_genitive and (joined or word.islower()):
            group, agreement = group + 1, set().union(*nouns.values())
            vary(index, group, agreement, noun=True)
        elif word not in _LINKS and not _is_adverb(word):
            break
        index += 1
    return structure


def _is_adverb(word: str) -> bool:
    return any(r.pos == "adv" for r in analyse(word))


def _shortened(pattern: _Pattern, source: str) -> Iterator[_Pattern]:
    """The bare heads by which a title or an institution is called once it stood in full."""
    if len(pattern.words) < 2:
        return
    head = 0
    while head < len(pattern.words) and pattern.words[head].group >= 0:
        head += 1
    if not head or not pattern.words[0].capital:
        return
    without = _ORGANISATION.sub("", source)
    if without != source and " " in without:
        yield replace(_pattern(pattern.term, pattern.order, without), kind=_Kind.SHORT)
    if head < len(pattern.words):
        yield replace(pattern, words=pattern.words[:head], tail="", kind=_Kind.SHORT)


def _person(term: Term, order: int) -> Iterator[_Pattern]:
    """The full name, the name without its middle names, and the surname alone."""
    names = [token.text for token in tokenize(term.source)]
    middle = next((i for i, name in enumerate(names) if i and name in PARTICLES), len(names))
    if middle == len(names) or names[middle] == "vel":
        middle -= 1
    given, surname = names[:middle], names[middle:]
    sex = gender(given[0], surname[-1]) if given else gender("", surname[-1])
    if not sex:
        sex = gender(given[0] if given else "", surname[0])
    words = [_name(name, sex, surname=i >= middle) for i, name in enumerate(names)]
    surnames = [words[middle:]]
    if "vel" in surname:
        surnames.append(words[middle : names.index("vel")])
    for family in surnames:
        for first in {len(given): words[:middle], 1: words[:1]}.values() if given else ():
            yield _Pattern(term, order, (*first, *family))
        yield _Pattern(term, order, tuple(family), kind=_Kind.SURNAME if given else _Kind.FULL)


def _name(name: str, sex: str, *, surname: bool) -> _Word:
    if name in PARTICLES:
        return _Word(name, "", ("=" + name.casefold(),))
    forms: dict[str, Features] = {}
    for each in sex or "mf":
        for form, cases in decline(name, each, surname=surname).items():
            features = frozenset(("sg", case, each) for case in cases)
            forms[form.casefold()] = forms.get(form.casefold(), frozenset()) | features
    return _Word(name, "", tuple("=" + form for form in forms), 0, forms)


# --- checking candidates ---


def _verify(text: _Text, pattern: _Pattern, path: Sequence[int]) -> _Candidate | None:
    """The candidate, if capitals, closing punctuation and agreement are right."""
    start, end = text.tokens[path[0]].start, text.tokens[path[-1]].end
    if not all(_capitals(text, pattern, p, index) for p, index in enumerate(path)):
        return None
    if pattern.tail:
        end = _close(text.text, end, pattern.tail)
        if end < 0:
            return None
    groups: dict[int, Features] = {}
    for word, index in zip(pattern.words, path, strict=True):
        if word.group >= 0:
            token = text.tokens[index].text
            features = (
                _features(token, word.keys) if word.forms is None else word.forms[token.casefold()]
            )
            groups[word.group] = groups.get(word.group, features) & features
    features = _coordinate(groups)
    if groups and not features:
        return None
    if pattern.verb:
        features = frozenset(f for f in features if f[1] in {"acc", "gen"})
        if not features:
            return None
        return _Candidate(pattern, path[0], path[-1], start, end, frozenset())
    if not groups and pattern.words[0].acronym:
        features = _acronym(text.tokens[path[0]].text)
    features = _lemma_number(pattern, features)
    if groups and not features:
        return None
    if _is_attribute(text, pattern, path) or _is_longer_name(text, pattern, path):
        return None
    return _Candidate(pattern, path[0], path[-1], start, end, features)


def _capitals(text: _Text, pattern: _Pattern, position: int, index: int) -> bool:
    word, token, term = pattern.words[position], text.tokens[index].text, pattern.term
    if word.acronym:
        return token == word.text or token.startswith(word.text + "-")
    if term.case_sensitive and word.group < 0 and word.keys[0].startswith("="):
        return token == word.text
    if text.shouted:
        return True
    if word.capital:
        # "sekretarz generalny ONZ", "traktat o handlu bronią": the head of a title may be small
        small = term.domain in {"title", "treaty"} and word.group >= 0 and len(pattern.words) > 1
        return token[0].isupper() or (small and not term.case_sensitive)
    if not token[0].isupper():
        return True
    if term.case_sensitive or (len(token) > 1 and token.isupper()):
        return False
    return len(pattern.words) > 1 or term.domain == "title" or text.starts_sentence(index)


def _close(text: str, end: int, tail: str) -> int:
    """Where the punctuation `tail` that begins at `end` ends; -1 if something else stands there."""
    for sign in tail:
        if end >= len(text) or _punctuation(text[end]) != sign:
            return -1
        end += 1
    return end


def _coordinate(groups: Mapping[int, Features]) -> Features:
    """The first group's features in the cases that all groups share."""
    if not groups:
        return frozenset()
    cases = frozenset.intersection(*(frozenset(f[1] for f in g) for g in groups.values()))
    return frozenset(f for f in groups[0] if f[1] in cases)


def _acronym(token: str) -> Features:
    suffix = _SUFFIX.search(token)
    cases = _SUFFIX_CASES[suffix.group(1)] if suffix else CASES
    return frozenset(("sg", case, "") for case in cases)


def _lemma_number(pattern: _Pattern, features: Features) -> Features:
    """A lemma in the plural ("konsultacje polityczne") stands for plural forms only."""
    numbers = _numbers(pattern)
    if "sg" in numbers and pattern.term.domain != "place":  # but there is no second Poland
        return features
    return frozenset(f for f in features if f[0] in numbers) if numbers else features


@lru_cache(maxsize=1 << 16)
def _numbers(pattern: _Pattern) -> frozenset[str]:
    """The numbers that the lemma's own form may be in; empty where it is not known."""
    numbers = [
        frozenset(f[0] for f in _features(word.text, word.keys) if f[1] == "nom")
        for word in pattern.words
        if word.group == 0 and word.forms is None
    ]
    return frozenset.intersection(*numbers) if numbers else frozenset()


def _is_attribute(text: _Text, pattern: _Pattern, path: Sequence[int]) -> bool:
    """Whether "Polski" or "Polska" is the adjective of the noun after it, not the country."""
    after = path[-1] + 1
    if len(path) > 1 or after >= len(text.tokens) or text.glue[after]:
        return False
    word = pattern.words[0]
    if not word.capital or not word.keys[0].endswith("/n"):
        return False
    adjective = _adjectival(text.tokens[path[0]].text)
    return bool(adjective & _nominal(text.tokens[after].text))


def _is_longer_name(text: _Text, pattern: _Pattern, path: Sequence[int]) -> bool:
    """Whether a capitalised adjective goes on with the name: "Rada Bezpieczeństwa Narodowego"."""
    after = path[-1] + 1
    if len(path) < 2 or after >= len(text.tokens) or text.glue[after]:
        return False
    if not pattern.words[-1].capital or pattern.term.is_person or text.shouted:
        return False
    following = text.tokens[after].text
    if not following[0].isupper() or following.isupper():
        return False
    return bool(_nominal(text.tokens[path[-1]].text) & _adjectival(following))


# --- choosing among candidates ---


def _longest(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    chosen: list[_Candidate] = []
    for candidate in sorted(candidates, key=lambda c: (c.start - c.end, c.pattern.order, c.start)):
        if not any(candidate.start < c.end and c.start < candidate.end for c in chosen):
            chosen.append(candidate)
    return chosen


def _remember(candidate: _Candidate, seen: dict[int, Term]) -> _Candidate:
    seen.pop(candidate.pattern.order, None)
    seen[candidate.pattern.order] = candidate.pattern.term
    return candidate


def _refer(
    text: _Text, group: Sequence[_Candidate], seen: Mapping[int, Term], full: Sequence[_Candidate]
) -> _Candidate | None:
    """Which of the candidates for one span refers back, if that is beyond doubt."""
    surnames = [c for c in group if c.pattern.kind is _Kind.SURNAME]
    if surnames:
        return _refer_surname(text, surnames, seen, full)
    known = {c.pattern.order: c for c in group if c.pattern.order in seen}
    if len(known) != 1:
        return None
    candidate = next(iter(known.values()))
    if candidate.first == candidate.last and text.starts_sentence(candidate.first):
        return None
    return candidate if _is_bare(text, candidate, full) else None


def _is_bare(text: _Text, candidate: _Candidate, full: Sequence[_Candidate]) -> bool:
    """Whether nothing goes on with the name that would make it another's."""
    after = candidate.last + 1
    if after >= len(text.tokens) or text.glue[after]:
        return True
    following = text.tokens[after].text
    if any(f.first == after and f.pattern.term.is_person for f in full):
        return True
    labels = {label for r in analyse(following) for label in r.labels}
    return not (
        following.casefold() in {"ds", "do"} or (following[0].isupper() and "imię" not in labels)
    )


def _refer_surname(
    text: _Text, group: Sequence[_Candidate], seen: Mapping[int, Term], full: Sequence[_Candidate]
) -> _Candidate | None:
    first = group[0].first
    title = _title_before(text, first, full)
    if title is not None:
        agreeing = [c for c in group if _with_cases(c.features, title, c.pattern.term)]
        group = [
            c._replace(features=_with_cases(c.features, title, c.pattern.term)) for c in agreeing
        ]
    elif _other_given_name(text, first) or _is_common_word(text, group[0]):
        return None
    known = sorted(
        (c for c in group if c.pattern.order in seen),
        key=lambda c: list(seen).index(c.pattern.order),
    )
    if known:
        return known[-1]
    return group[0] if title is not None and len({c.pattern.order for c in group}) == 1 else None


def _with_cases(features: Features, title: Features, term: Term) -> Features:
    """The features that agree with a title in case, and in gender unless one title serves both."""
    allowed = {(case, sex[:1]) for _, case, sex in title}
    return frozenset(f for f in features if (f[1], f[2]) in allowed)


def _title_before(text: _Text, index: int, full: Sequence[_Candidate]) -> Features | None:
    """The features of the title word or the title term that ends right before token `index`."""
    if index == 0 or text.glue[index]:
        return None
    for candidate in full:
        if candidate.last == index - 1 and candidate.pattern.term.domain == "title":
            return candidate.features
    word = text.tokens[index - 1].text
    titles = [r.features for r in analyse(word) if r.pos == "subst" and r.lemma in _TITLES]
    return frozenset().union(*titles) if titles else None


def _other_given_name(text: _Text, index: int) -> bool:
    if index == 0 or text.glue[index]:
        return False
    before = text.tokens[index - 1].text
    if not before[0].isupper() or (len(before) > 1 and before.isupper()):
        return False
    readings = analyse(before)
    is_name = not readings or any("imię" in r.labels for r in readings)
    return is_name or not text.starts_sentence(index - 1)


def _is_common_word(text: _Text, candidate: _Candidate) -> bool:
    """Whether a sentence begins with the surname and it may be a plain word ("Prawda")."""
    word = text.tokens[candidate.first].text
    return text.starts_sentence(candidate.first) and any(
        "nazwa_pospolita" in r.labels or r.pos not in {"subst", "depr"} for r in analyse(word)
    )


# --- the case in its context ---


def _matches(text: _Text, candidates: Iterable[_Candidate]) -> Iterator[Match]:
    title: _Candidate | None = None
    for candidate in candidates:
        term = candidate.pattern.term
        if (
            title
            and term.is_person
            and _before(text, candidate.first)
            and (candidate.first == title.last + 1)
        ):
            cases = {case for _, case, _ in title.features}  # "minister spraw zagranicznych" + name
            features = frozenset(f for f in candidate.features if f[1] in cases)
        else:
            features = _narrow(text, candidate)
        features = features or candidate.features
        title = candidate._replace(features=features) if term.domain == "title" else None
        yield _match(text, candidate, features)


def _match(text: _Text, candidate: _Candidate, features: Features) -> Match:
    term = candidate.pattern.term
    if term.is_person and term.source.split()[0][-1] not in "aeiouyáéíóú":
        # a given name in a consonant that no dictionary knows is a man's
        features = frozenset(f for f in features if f[2] == "m") or features
    cases = frozenset(case for _, case, _ in features)
    if len(cases) > 1:
        cases -= {"voc"}
    known = cases if len(cases) < len(CASES) - 1 else frozenset()
    sexes = {sex for _, _, sex in features} if term.is_person else set()
    return Match(
        term=term,
        start=candidate.start,
        end=candidate.end,
        surface=text.text[candidate.start : candidate.end],
        case=".".join(case for case in CASES if case in known),
        number=".".join(n for n in ("sg", "pl") if any(n == f[0] for f in features)),
        gender=sexes.pop() if len(sexes) == 1 else "",
        short=candidate.pattern.kind is not _Kind.FULL,
    )


def _narrow(text: _Text, candidate: _Candidate) -> Features:
    """The features that agree with the adjectives, preposition, title or noun before the match."""
    features, index = _declined(candidate.features), candidate.first
    for _ in range(2):
        before = _before(text, index)
        adjective = frozenset() if govern(before) else _adjectival(before)
        agreeing = _agree(features, adjective) or _agree(candidate.features, adjective)
        if not agreeing or _adjectival(before) & _nominal(_before(text, index - 1)):
            break  # no adjective, or one that belongs to the noun before it
        features, index = agreeing, index - 1
    before = _before(text, index)
    if not before:
        return features
    if governed := govern(before):
        if {f[1] for f in features} >= {"acc", "loc"} and before.lower() in {"w", "we"}:
            governed = frozenset({"loc"})  # "w OBWE": the accusative is for time and motion
        for possible in (features, candidate.features):
            if fitting := frozenset(f for f in possible if f[1] in governed):
                return fitting
        return features
    readings = analyse(before)
    if candidate.pattern.term.is_person:
        titles = [r.features for r in readings if r.pos == "subst" and r.lemma in _TITLES]
        if titles:
            title = {case for t in titles for _, case, _ in t}
            return frozenset(f for f in features if f[1] in title) or features
    postposed = _adjectival(before) & _nominal(_before(text, index - 1))
    if postposed or (readings and all(r.pos in {"subst", "ger"} for r in readings)):
        return frozenset(f for f in features if f[1] == "gen") or features
    return features


def _declined(features: Features) -> Features:
    """Without the reading as an indeclinable ("pani ambasador"), if there is one that declines."""
    cases = {sex: len({f[1] for f in features if f[2] == sex}) for _, _, sex in features}
    declined = frozenset(f for f in features if cases[f[2]] < len(CASES) - 1)
    return declined or features


def _before(text: _Text, index: int) -> str:
    return "" if index <= 0 or text.glue[index] else text.tokens[index - 1].text


def _agree(features: Features, adjective: Features) -> Features:
    """The features that an adjective may share; a gender that is not known agrees with any."""
    return frozenset(
        f
        for f in features
        if any(f[:2] == a[:2] and (not f[2] or a[2].startswith(f[2])) for a in adjective)
    )
