"""Word alignment: which target word comes from which source word.

IBM Model 1 with a prior that favours the diagonal, trained in both directions at once, on word
stems; a link counts where both directions believe in it. In plain numpy: a hundred thousand rows
take a minute.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

WORD = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")
STEM = 5  # characters of a word that count: endings are noise here (Fraser & Marcu 2005 keep four)
LONGEST = 100  # words of a cell; longer rows stay unaligned
FLATNESS = (
    4.0  # how sharply a link off the diagonal is disfavoured (Dyer et al. 2013 call it lambda)
)
NULL = 0.08  # probability that a word comes from nothing
THRESHOLD = 0.25


def words(text: str) -> list[tuple[int, int]]:
    """Offsets (start, end) of the words, numbers and punctuation marks of a text."""
    return [m.span() for m in WORD.finditer(text)]


def stems(text: str) -> list[str]:
    """The lower-case stems of the words of `text`, in the order of `words`."""
    return [m.group().lower()[:STEM] for m in WORD.finditer(text)]


def align(
    pairs: Sequence[tuple[Sequence[str], Sequence[str]]], iterations: int = 5
) -> list[np.ndarray]:
    """Links of each (source stems, target stems) pair: an int array (links, 2) of source and
    target positions.

    The model is Dyer, Chahuneau & Smith 2013 ("fast_align") with its tension fixed; the two
    directions share their posteriors as in Liang, Taskar & Klein 2006 ("Alignment by Agreement").
    """
    source_ids, target_ids = _number(s for s, _ in pairs), _number(t for _, t in pairs)
    kept = [k for k, (s, t) in enumerate(pairs) if 0 < len(s) <= LONGEST and 0 < len(t) <= LONGEST]
    if not kept:
        return [np.zeros((0, 2), np.int16) for _ in pairs]
    m = np.array([len(pairs[k][0]) for k in kept])
    n = np.array([len(pairs[k][1]) for k in kept])
    # Every (source word, target word) cell of every row, flat, in this order.
    size = m * n
    first = np.concatenate([[0], np.cumsum(size)[:-1]])
    row = np.repeat(np.arange(len(kept)), size)
    within = np.arange(size.sum()) - first[row]
    i, j = np.divmod(within, n[row])
    at_source = (np.concatenate([[0], np.cumsum(m)[:-1]])[row] + i).astype(np.int32)
    at_target = (np.concatenate([[0], np.cumsum(n)[:-1]])[row] + j).astype(np.int32)
    e = np.concatenate([source_ids[k] for k in kept])
    f = np.concatenate([target_ids[k] for k in kept])
    types, pair = np.unique(
        e[at_source].astype(np.int64) * (f.max() + 1) + f[at_target], return_inverse=True
    )
    pair = pair.astype(np.int32)
    e_of, f_of = (types // (f.max() + 1)).astype(np.int32), (types % (f.max() + 1)).astype(np.int32)
    prior = np.exp(-FLATNESS * np.abs((i + 0.5) / m[row] - (j + 0.5) / n[row])).astype(np.float32)
    del row, within
    forward_prior = prior / np.bincount(at_target, prior)[at_target]
    backward_prior = prior / np.bincount(at_source, prior)[at_source]
    e_share = np.bincount(e) / len(e)
    f_share = np.bincount(f) / len(f)
    forward = np.full(len(types), 1 / len(f_share))
    backward = np.full(len(types), 1 / len(e_share))
    for _ in range(iterations):
        given_target = _posterior(forward_prior * forward[pair], at_target, NULL * f_share[f])
        given_source = _posterior(backward_prior * backward[pair], at_source, NULL * e_share[e])
        both = np.sqrt(given_target * given_source)
        count = np.bincount(pair, both) + 1e-6
        forward = count / np.bincount(e_of, count)[e_of]
        backward = count / np.bincount(f_of, count)[f_of]
    found: list[np.ndarray] = [np.zeros((0, 2), np.int16) for _ in pairs]
    links = both > THRESHOLD
    for k, start, width in zip(kept, first, n, strict=True):
        cells = np.flatnonzero(links[start : start + len(pairs[k][0]) * width])
        found[k] = np.stack(np.divmod(cells, width), 1).astype(np.int16)
    return found


def _number(sentences) -> list[np.ndarray]:
    index: dict[str, int] = {}
    return [
        np.array([index.setdefault(w, len(index)) for w in words], np.int32) for words in sentences
    ]


def _posterior(joint: np.ndarray, group: np.ndarray, null: np.ndarray) -> np.ndarray:
    """Share of each cell in its group, beside the null word's."""
    return ((1 - NULL) * joint / ((1 - NULL) * np.bincount(group, joint) + null)[group]).astype(
        np.float32
    )
