"""How likely each form of a target term is where the Polish one stands: a maximum entropy
classifier.

P(target case, possessed | features of the Polish term and its neighbourhood) ∝ exp Σ weights, after
Berger, Della Pietra & Della Pietra 1996. The weights come from the project's own parallel corpus
(`python -m training.form_prior` fits them).
"""

from __future__ import annotations

import gzip
import json
import math
import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from translator.model import Match
from translator.terminology.morphology import Form
from translator.terminology.polish import ADJECTIVES, NOUNS, VERBS, Token, analyse, tokenize

WEIGHTS = Path(__file__).with_name("form_prior.json.gz")
BIAS = ""  # the feature that always holds

Weights = dict[str, dict[str, dict[str, float]]]  # by language, feature and class

_FOLLOWING = re.compile(r"\s*(?:(?P<mark>[^\w\s])|(?P<word>\w+))")
_CONJUNCTIONS = frozenset({"i", "oraz", "a", "lub", "czy"})
_ATTRIBUTES = ADJECTIVES | {"adja", "adjp", "adv", "num"}


def features(text: str, match: Match, matches: Sequence[Match] = ()) -> tuple[str, ...]:
    """What is known of a matched term and of the words around it, as names of binary features.

    In Kazakh only the last of a list takes the ending, a title before a name takes none, and what
    belongs to a place or person takes the possessive: so what follows matters as what governs does.
    `matches` are all of the text, in order.
    """
    before, after = (
        tokenize(text[: _title_start(text, match, matches)]),
        tokenize(text[match.end :]),
    )
    case, term = match.case, match.term
    kind, governor, at = _governor(before)
    further, its_governor, _ = _governor(before[:at])
    follower = _follower(text, match.end)
    shape = f"{term.domain}{'*' if ' ' in term.source else ''}"
    left = [_Word.of(token) for token in before[-2:]] or [_START]
    right = [_Word.of(token) for token in after[:2]] or [_END]
    tags = "+".join(word.pos for word in left)
    found = {
        "case": case,
        "number": match.number + case,
        "governor": kind,
        "governor, case": f"{kind} {case}",
        "governor lemma": governor,
        "governor lemma, case": f"{governor} {case}",
        "its governor": f"{further} {kind} {case}",
        "its governor lemma": f"{its_governor} {kind}",
        "follower": follower,
        "follower, case": f"{follower} {case}",
        "governor, follower, case": f"{kind} {follower} {case}",
        "domain": shape,
        "domain, case": f"{shape} {case}",
        "domain, governor, case": f"{shape} {kind} {case}",
        "domain, governor, follower, case": f"{shape} {kind} {follower} {case}",
        "term": term.source,
        "term, case": f"{term.source} {case}",
        "term, governor": f"{term.source} {kind}",
        "word before": left[-1].text,
        "lemma before": left[-1].lemma,
        "lemma before that": left[0].lemma if len(left) > 1 else "",
        "tags before": f"{tags} {case}",
        "word after": right[0].text,
        "lemma after": right[0].lemma,
        "tag after": f"{right[0].pos} {case}",
        "tags after": "+".join(word.pos for word in right),
        "around": f"{left[-1].pos} {right[0].lemma}",
        "mark after": f"{text[match.end : match.end + 1]} {case}",
        "verb before": _verb(reversed(before)),
        "verb after": _verb(after),
        "position": "start" if not before else "middle",
        "length": str(min(6, (len(before) + len(after)) // 6)),
    }
    return (
        BIAS,
        *(f"{name}={value}" for name, value in found.items()),
        *(f"perhaps={part}" for part in case.split(".")),
    )


def feature_of(lemma: str) -> str:
    """The feature of the target lemma itself: how its last word ends."""
    return f"ending={lemma.split()[-1][-3:]}"


def label(form: Form) -> str:
    """The class that a form belongs to: its case, and whether it is possessed."""
    return f"{form.case}+" if form.possessed else form.case


def rank(
    possible: Iterable[Form], known: Sequence[str], language: str
) -> tuple[tuple[Form, float], ...]:
    """The forms with their log-probabilities here, the likeliest first, each text once.

    `known` are the features. A text that several cases share has their probabilities together.
    """
    likely = _distribution(language, tuple(known))
    best: dict[str, tuple[Form, float]] = {}
    totals: dict[str, float] = {}
    for form in possible:
        p = likely.get(label(form), 0.0) + 1e-4
        totals[form.text] = totals.get(form.text, 0.0) + p
        if form.text not in best or p > best[form.text][1]:
            best[form.text] = (form, p)
    norm = sum(totals.values())
    ranked = sorted(best, key=lambda text: -totals[text])
    return tuple((best[text][0], math.log(totals[text] / norm)) for text in ranked)


@lru_cache(maxsize=1 << 12)
def _distribution(language: str, known: tuple[str, ...]) -> dict[str, float]:
    weights = _weights().get(language, {})
    scores = dict.fromkeys(weights.get(BIAS, {}), 0.0)
    for feature in known:
        for name, weight in weights.get(feature, {}).items():
            scores[name] = scores.get(name, 0.0) + weight
    top = max(scores.values(), default=0.0)
    exponentials = {name: math.exp(score - top) for name, score in scores.items()}
    norm = sum(exponentials.values())
    return {name: value / norm for name, value in exponentials.items()}


@cache
def _weights() -> Weights:
    loaded: Weights = json.loads(gzip.decompress(WEIGHTS.read_bytes()))
    return loaded


class _Word(NamedTuple):
    """A word of the neighbourhood with its likeliest lemma and part of speech, and all that it may
    be.
    """

    text: str
    lemma: str
    pos: str
    tags: frozenset[str] = frozenset()

    @classmethod
    def of(cls, token: Token) -> _Word:
        text = token.text.lower()
        readings = analyse(token.text) or analyse(text)
        if not readings:
            return cls(text, text, "unknown")
        tags = frozenset(reading.pos for reading in readings)
        return cls(text, readings[0].lemma, readings[0].pos, tags)


_START, _END = _Word("^", "^", "start"), _Word("$", "$", "end")


def _title_start(text: str, match: Match, matches: Sequence[Match]) -> int:
    """Where a person's title begins, or that of the persons before: one thing governs all."""
    start = match.start
    if match.term.is_person:
        for earlier in reversed(matches):
            between = text[earlier.end : start].strip()
            if earlier.end > start:
                continue
            if between and not (earlier.term.is_person and between in (*_CONJUNCTIONS, ",")):
                break
            start = earlier.start
    return start


def _governor(before: Sequence[Token]) -> tuple[str, str, int]:
    """What governs the word after these: its kind, its lemma, and where it stands.

    A preposition is its own kind; else it is a noun, a verb, the start of the text or another word.
    Attributes between the two are passed over, and so are the first parts of a list ("w Polsce i").
    """
    listed = False
    for at in range(len(before) - 1, -1, -1):
        word = _Word.of(before[at])
        if "prep" in word.tags:
            return word.text, word.text, at
        if word.text in _CONJUNCTIONS:
            listed = True
        elif word.tags & VERBS:
            return "verb", word.lemma, at
        elif not word.tags & _ATTRIBUTES and not listed:
            noun = not word.tags or word.tags & NOUNS
            return "noun" if noun else "other", word.lemma, at
    return "start", "", 0


def _follower(text: str, start: int) -> str:
    """What comes after a term: a conjunction, a place, a name, another noun in the genitive, a
    mark, or another word.
    """
    found = _FOLLOWING.match(text, start)
    if found is None:
        return "end"
    if found["mark"]:
        return "," if found["mark"] == "," else "end"
    word = found["word"]
    if word in _CONJUNCTIONS:
        return "and"
    readings = analyse(word)
    if any("geograficzna" in name for reading in readings for name in reading.labels):
        return "place"
    if word[0].isupper() and not word.isupper():
        return "name"
    nouns = [reading for reading in readings if reading.pos in NOUNS]
    return "genitive" if any("gen" in reading.cases for reading in nouns) else "word"


def _verb(tokens: Iterable[Token]) -> str:
    """The lemma of the first verb among these words, or ""."""
    words = map(_Word.of, tokens)
    return next((word.lemma for word in words if word.tags & VERBS), "")
