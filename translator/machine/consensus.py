"""Which of several hypotheses for a segment to take: a likely one that is like all the others.

The likeliest hypothesis is often one that leaves something out. Taking the one with the highest
expected similarity to the others is minimum Bayes risk decoding (Kumar & Byrne 2004), here over
the n-best list, each with the same weight; the similarity is chrF2 (Popović 2015), as sacreBLEU
computes it. By itself it prefers what is wordy; with the model's score added, it gains in BLEU,
TER and chrF alike (held-out rows of the corpus).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

if TYPE_CHECKING:
    from numpy.typing import NDArray  # costs 24 ms

ORDER = 6  # the longest n-grams of characters
DIGIT = 10  # bits for a character: no beam has more different ones, and a clash would do no harm
SHIFTS = DIGIT * np.arange(ORDER - 1, -1, -1)
BETA = 2.0  # what the other hypothesis has counts so many times what this one has beyond it


def best(texts: Sequence[str], scores: Sequence[float]) -> int:
    """The index of the text with the highest sum of its mean chrF2 against all of them and its
    score, the mean log-probability of a token; of equal ones the first.
    """
    if len(texts) == 1:
        return 0
    return int(np.argmax(np.round(similarities(texts).mean(axis=1) + scores, 9)))


def similarities(texts: Sequence[str]) -> NDArray[np.float64]:
    """The chrF2 (0 to 1) of each text, a row, against each as its reference, a column."""
    count = len(texts)
    plain = ["".join(text.split()) for text in texts]
    lengths = np.array([len(text) for text in plain])
    if not lengths.any():
        return np.zeros((count, count))
    # The n-grams of every order in one sorted array: those of fewer characters are the beginnings
    # of the longest, each one number of ORDER digits, and what begins alike stands together.
    padded = ("\0" * (ORDER - 1)).join([*plain, ""]).encode("utf-32-le", "surrogatepass")
    digits = np.unique(np.frombuffer(padded, np.uint32), return_inverse=True)[1]
    owners = np.repeat(np.arange(count), lengths)
    left = np.concatenate([np.arange(length, 0, -1) for length in lengths])
    longest = sliding_window_view(np.minimum(digits, 2**DIGIT - 1), ORDER) @ (1 << SHIFTS)
    longest = longest[np.arange(len(owners)) + owners * (ORDER - 1)]
    order = np.argsort(longest)
    grams = longest[order] >> SHIFTS[:, None]  # a row for each order
    fresh = np.ones(grams.shape, bool)
    np.not_equal(grams[:, 1:], grams[:, :-1], out=fresh[:, 1:])
    kinds = np.cumsum(fresh).reshape(grams.shape) - 1
    total = kinds[-1, -1] + 1
    whole = left[order] >= np.arange(1, ORDER + 1)[:, None]  # not over the end of a text
    found = np.bincount((owners[order] * total + kinds)[whole], minlength=count * total)
    counts = found.reshape(count, total)
    shared = np.add.reduceat(np.minimum(counts[:, None], counts[None]), kinds[:, 0], axis=2)
    sizes = np.maximum(lengths[:, None] - np.arange(ORDER), 0)
    orders = ((sizes[:, None] > 0) & (sizes[None] > 0)).sum(axis=2)
    precision = (shared / np.maximum(sizes[:, None], 1)).sum(axis=2) / np.maximum(orders, 1)
    recall = (shared / np.maximum(sizes[None], 1)).sum(axis=2) / np.maximum(orders, 1)
    weighed = BETA**2 * precision + recall
    return np.divide(
        (1 + BETA**2) * precision * recall, weighed, out=np.zeros_like(weighed), where=weighed > 0
    )
