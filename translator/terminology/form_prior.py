"""How likely each form of a target term is, given the form and the neighbourhood of the Polish one.

P(target case, possessed | what governs the Polish term, its case), with Witten-Bell interpolation
between the three contexts: governor and case, case alone, nothing. The counts come from the
project's own parallel corpus (`python -m training.form_prior` makes them) and are a file of a few
kilobytes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from translator.model import Match
from translator.terminology.morphology import Form
from translator.terminology.polish import analyse, tokenize

COUNTS = Path(__file__).with_name("form_prior.json")
WINDOW = 60  # characters before the term in which its governor is looked for

Context = tuple[str, str]


def context(text: str, match: Match) -> Context:
    """What governs the matched term (a preposition itself, else noun, verb, start or other) and its
    case.
    """
    before = tokenize(text[max(0, match.start - WINDOW) : match.start])
    for token in reversed(before):
        readings = {reading.pos for reading in analyse(token.text.lower())}
        if "prep" in readings:
            return token.text.lower(), match.case
        if readings & {"adj", "ppas", "pact", "adv", "adjp"}:
            continue  # attributes stand between a governor and its noun
        if readings & {"subst", "ger"} or not readings:
            return "noun", match.case
        if readings & {"fin", "praet", "inf", "imps", "pcon", "pant", "impt"}:
            return "verb", match.case
        return "other", match.case
    return "start", match.case


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
    for key in ("", where[1], "|".join(where)):
        counts = _counts().get(language, {}).get(key)
        if counts:
            total, kinds = sum(counts.values()), len(counts)
            p = (counts.get(wanted, 0) + kinds * p) / (total + kinds)
    return p


def keys(where: Context) -> Sequence[str]:
    """The keys under which an observation in this context is counted."""
    return "", where[1], "|".join(where)


@cache
def _counts() -> dict[str, dict[str, dict[str, int]]]:
    loaded: dict[str, dict[str, dict[str, int]]] = json.loads(COUNTS.read_text(encoding="utf-8"))
    return loaded
