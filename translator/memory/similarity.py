"""How alike two segments are.

The score is the mean of two similarities, each `1 - d / (len(a) + len(b))` where `d` is the least
number of insertions and deletions that turn one sequence into the other (Indel distance, from the
longest common subsequence): one over the characters, which forgives another inflection, and one
over the words and punctuation marks, which counts a changed word as one change however long it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import Indel

_TOKEN = re.compile(r"\w+|[^\w\s]")


def score(a: str, b: str) -> int:
    """Percent, rounded down: 100 only for equal texts. The texts are normalised."""
    characters = Indel.normalized_similarity(a, b)
    return _combine(characters, _words(_TOKEN.findall(a), b)) if a != b else 100


def rank(text: str, others: Sequence[str], *, limit: int, threshold: int) -> list[tuple[int, int]]:
    """The (score, index) of the best `limit` of `others` that reach the threshold, best first."""
    # As no similarity is above 1, the one over the characters must reach twice the threshold less
    # 1, and none that it puts further back can overtake a full list.
    least = max(0.0, 2 * threshold / 100 - 1)
    tokens = _TOKEN.findall(text)
    found: list[tuple[int, int]] = []
    for other, characters, index in process.extract(
        text, others, scorer=Indel.normalized_similarity, score_cutoff=least, limit=None
    ):
        if len(found) == limit and _combine(characters, 1.0) <= found[-1][0]:
            break
        total = 100 if other == text else _combine(characters, _words(tokens, other))
        if total >= threshold:
            found = sorted([*found, (total, index)], key=lambda f: (-f[0], f[1]))[:limit]
    return found


def _words(tokens: Sequence[str], other: str) -> float:
    return Indel.normalized_similarity(tokens, _TOKEN.findall(other))


def _combine(characters: float, words: float) -> int:
    return min(99, int(50 * (characters + words) + 1e-9))
