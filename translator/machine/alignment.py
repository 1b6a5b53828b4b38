"""Which words of a text the words of its translation come from, by what the model itself tells.

Two signs are put together. Its attention, of the heads that CTranslate2 is told of in the model's
config, else of the last layer, says what the model looks at before it writes a word: right for its
own translation, less so for one that a person wrote. What a target word loses in probability when
a source word is erased (Li et al. 2019, "On the Word Alignment from Neural Machine Translation")
knows the word that stands there. The squares of the losses are weighed, since what is erased has a
small influence on every word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

SHARPNESS = 1.6  # the power of a weight; of faint links there are many, and most are wrong

Link = tuple[int, int, int, int]  # offsets into the source and the target
SoftAlignment = tuple[tuple[int, int, int, int, float], ...]  # with a weight; 1 for a target word
Span = tuple[int, int]
Rows = list[list[float]]  # for each target word the weights of the source words


def word_numbers(tokens: Sequence[str]) -> list[int]:
    """The number of the word that each SentencePiece token belongs to."""
    numbers, word, fresh = [], -1, True
    for token in tokens:
        fresh = fresh or token.startswith("▁")
        if fresh and token != "▁":
            word += 1
            fresh = False
        numbers.append(max(0, word + (token == "▁")))
    return numbers


def of_words(
    attention: Sequence[Sequence[float]], source: Sequence[str], target: Sequence[str]
) -> Rows:
    """Rows of the words of `source` and `target`, given in tokens, from rows of their tokens."""
    of_source, of_target = word_numbers(source), word_numbers(target)
    rows = [[0.0] * (of_source[-1] + 1) for _ in range(of_target[-1] + 1)]
    for word, weights in zip(of_target, attention, strict=False):
        for k, weight in zip(of_source, weights, strict=False):
            rows[word][k] += weight
    return rows


def losses(
    whole: Sequence[float], erased: Iterable[Sequence[float]], target: Sequence[str]
) -> Rows:
    """Rows of the squared losses of each target word's log-probability: `whole` are those of the
    tokens given the source, `erased` the same without its first word, its second, and so on.
    """
    of_target = word_numbers(target)
    rows: Rows = [[] for _ in range(of_target[-1] + 1)]
    for without in erased:
        lost = [0.0] * len(rows)
        for word, before, after in zip(of_target, whole, without, strict=False):
            lost[word] += max(0.0, before - after)
        for row, loss in zip(rows, lost, strict=True):
            row.append(loss * loss)
    return rows


def combined(
    signs: Sequence[Rows], source: Sequence[Span], target: Sequence[Span]
) -> SoftAlignment:
    """The mean of several signs of the same words, which stand at these places, sharpened. A source
    word that draws more than one target word's weight does not mean as much for each of them.
    """
    rows = [[0.0] * len(source) for _ in target]
    for sign in signs:
        for t, row in enumerate(sign):
            total = sum(row) * len(signs) or 1.0
            for s, weight in enumerate(row):
                rows[t][s] += weight / total
    rows = [_shares([weight**SHARPNESS for weight in row]) for row in rows]
    drawn = [max(1.0, sum(row[s] for row in rows)) for s in range(len(source))]
    links: list[tuple[int, int, int, int, float]] = []
    for row, there in zip(rows, target, strict=True):
        shares = _shares([weight / by for weight, by in zip(row, drawn, strict=True)])
        links += [(*here, *there, w) for here, w in zip(source, shares, strict=True) if w]
    return tuple(links)


def _shares(weights: Sequence[float]) -> list[float]:
    total = sum(weights) or 1.0
    return [weight / total for weight in weights]


def hard(rows: Rows, source: Sequence[Span], target: Sequence[Span]) -> tuple[Link, ...]:
    """For each target word the source word of the greatest weight."""
    return tuple(
        (*source[max(range(len(row)), key=row.__getitem__)], *there)
        for there, row in zip(target, rows, strict=True)
    )
