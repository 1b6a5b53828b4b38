"""How likely each form of a target term is, given the form and the neighbourhood of the Polish one.

P(target case, possessed | context), interpolated after Witten and Bell from the widest context to
the narrowest: nothing; the Polish case; with what kind of word governs the term; with the term's
domain; with the very word that governs it. The counts come from the project's own parallel corpus
(`python -m training.form_prior` makes them).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from translator.model import Match
from translator.terminology.morphology import Form
from translator.terminology.polish import analyse, tokenize

COUNTS = Path(__file__).with_name("form_prior.json")
WINDOW = 60  # characters before the term in which its governor is looked for

Counts = dict[str, dict[str, dict[str, float]]]  # by language, context and form feature
Context = tuple[str, ...]  # keys of counts, from the widest context to the narrowest

_FOLLOWING = re.compile(r"\s*(?:(?P<mark>[^\w\s])|(?P<word>\w+))")
_CONJUNCTIONS = frozenset({"i", "oraz", "a", "lub", "czy"})
_ATTRIBUTES = frozenset({"adj", "adja", "adjp", "ppas", "pact", "adv", "num"})
_KINDS = {
    "noun": frozenset({"subst", "ger", "depr"}),
    "verb": frozenset({"fin", "praet", "inf", "imps", "pcon", "pant", "impt", "bedzie"}),
}


def context(text: str, match: Match) -> Context:
    """The contexts of a matched term: its case, what governs it (a preposition, else a noun, a
    verb, the start of the text or another word), what follows it, its domain and whether it has
    several words.
    """
    kind, governor = _governor(text, match.start)
    follower = _follower(text, match.end)
    shape = f"{match.term.domain}{'s' if ' ' in match.term.source else ''}"
    case = match.case
    return (
        "",
        case,
        f"{case}|{kind}",
        f"{case}|{kind}|{follower}",
        f"{case}|{kind}|{follower}|{shape}",
        f"{case}|{kind}|{governor}|{shape}",
    )


def _follower(text: str, start: int) -> str:
    """What comes after a term: a conjunction (in Kazakh only the last of a list has the ending), a
    place or another noun in the genitive (whose possession it then is), a name (a title before a
    name has no ending), a mark, or another word.
    """
    found = _FOLLOWING.match(text, start)
    if found is None:
        return "end"
    if found["mark"]:
        return found["mark"] if found["mark"] == "," else "end"
    word = found["word"]
    if word in _CONJUNCTIONS:
        return "and"
    readings = analyse(word)
    if any("geograficzna" in label for reading in readings for label in reading.labels):
        return "place"
    if word[0].isupper() and not word.isupper():
        return "name"
    nouns = [reading for reading in readings if reading.pos in _KINDS["noun"]]
    return "genitive" if any("gen" in reading.cases for reading in nouns) else "word"


def _governor(text: str, end: int) -> tuple[str, str]:
    """The kind and the lemma of the word before `end` that governs what follows.

    Attributes between the two are passed over, and so are the first parts of a list ("w Polsce i").
    """
    listed = False
    for token in reversed(tokenize(text[max(0, end - WINDOW) : end])):
        word = token.text.lower()
        readings = analyse(word) or analyse(token.text)
        tags = {reading.pos for reading in readings}
        if "prep" in tags:
            return word, word
        if word in _CONJUNCTIONS:
            listed = True
            continue
        if tags & _ATTRIBUTES or (listed and not tags & _KINDS["verb"]):
            continue
        for kind, wanted in _KINDS.items():
            if tags & wanted:
                return kind, next(r.lemma for r in readings if r.pos in wanted)
        return ("other", word) if readings else ("noun", "?")
    return "start", ""


def feature(form: Form) -> str:
    """The part of a form's features that the counts distinguish."""
    return f"{form.case}+" if form.possessed else form.case


def rank(possible: Iterable[Form], where: Context, language: str) -> tuple[tuple[Form, float], ...]:
    """The forms with their log-probabilities here, the likeliest first, each text once."""
    best: dict[str, tuple[Form, float]] = {}
    totals: dict[str, float] = {}
    for form in possible:
        p = probability(feature(form), where, language)
        totals[form.text] = totals.get(form.text, 0.0) + p
        if form.text not in best or p > best[form.text][1]:
            best[form.text] = (form, p)
    norm = sum(totals.values()) or 1.0
    ranked = sorted(best, key=lambda text: -totals[text])
    return tuple((best[text][0], math.log(max(totals[text] / norm, 1e-6))) for text in ranked)


def probability(wanted: str, where: Context, language: str) -> float:
    """P(form feature | context)."""
    p = 1 / 14  # uniform over seven cases, possessed or not
    for key in where:
        counts = _counts().get(language, {}).get(key)
        if counts:
            total, kinds = sum(counts.values()), len(counts)
            p = (counts.get(wanted, 0) + kinds * p) / (total + kinds)
    return p


@cache
def _counts() -> Counts:
    loaded: Counts = json.loads(COUNTS.read_text(encoding="utf-8"))
    return loaded
