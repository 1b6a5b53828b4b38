"""An inverted index over the segments: which of them share words and pairs of words with a text.

A gram is a word's stem, or the stems of two neighbouring words (the segment's ends count as words);
a stem is the first six letters, so that most inflected forms agree, and any number is one stem, so
that segments that differ in figures agree. Grams are hashed into 2²⁰ buckets. Table `posting` has a
row per bucket: a packed, ascending array of 64-bit little-endian integers, each a segment's id ×
256 + the number of its words (255 at most). A collision costs a little time, never a wrong match:
what comes out are candidates to be scored.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from translator.memory.grams import BITS, Hasher, Hashes, Postings, bucket, pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray  # costs 24 ms

SCHEMA = "CREATE TABLE posting (gram INTEGER PRIMARY KEY, segments BLOB NOT NULL)"

_READ = 100_000  # postings that a look-up reads at most; the rarest grams first
_FLUSH = 3 << 23  # postings held in memory while a large import runs: 200 MB, twice when sorted
_QUERY = 10_000  # parameters in one statement, below SQLite's limit


class Builder:
    """Collects the postings of new segments; `flush` writes them, sorted, in one go."""

    def __init__(self, database: sqlite3.Connection):
        self._database = database
        self._hasher = Hasher()
        self._pending: list[Postings] = []
        self._size = 0

    def __enter__(self) -> Builder:
        return self

    def __exit__(self, *error: object) -> None:
        self._hasher.close()

    def add(self, segments: Sequence[tuple[int, str]]) -> None:
        """Index segments (id, normalised text); every id is above those of earlier calls."""
        self._collect(self._hasher.postings(segments))
        if self._size >= _FLUSH:
            self.flush()

    def _collect(self, packed: Postings) -> None:
        self._pending.append(packed)
        self._size += len(packed)

    def flush(self) -> None:
        """Write what was collected."""
        self._collect(self._hasher.rest())
        if not self._size:
            return
        packed = np.concatenate(self._pending)
        self._pending, self._size = [], 0
        packed.sort()
        packed = packed[_starts(packed)]
        grams = packed >> np.uint64(64 - BITS)
        segments = (packed & np.uint64((1 << (64 - BITS)) - 1)).astype("<u8").tobytes()
        starts = _starts(grams)
        bounds = [*(8 * starts).tolist(), len(segments)]
        wanted = grams[starts].tolist()
        old = dict(_select(self._database, "SELECT gram, segments", wanted))
        self._database.executemany(
            "INSERT OR REPLACE INTO posting VALUES (?, ?)",
            (
                (gram, old.get(gram, b"") + segments[start:end])
                for gram, start, end in zip(wanted, bounds[:-1], bounds[1:], strict=True)
            ),
        )


def candidates(database: sqlite3.Connection, text: str, count: int) -> list[int]:
    """The ids of the `count` segments that share most grams with a normalised text, in proportion
    to their length (Dice's coefficient), the likeliest first.
    """
    stems, _ = Hashes().of([text])
    words = len(stems) - 2
    if not words:
        return []
    grams = np.unique(np.concatenate([bucket(stems[1:-1]), pairs(stems[:-1], stems[1:])])).tolist()
    sizes = sorted(
        (size, gram) for gram, size in _select(database, "SELECT gram, length(segments)", grams)
    )
    chosen: list[int] = []
    total = 0
    for size, gram in sizes:
        total += size // 8
        if chosen and total > _READ:
            break
        chosen.append(gram)
    if not chosen:
        return []
    read = _select(database, "SELECT gram, segments", chosen)
    found, shared = _count(np.concatenate([np.frombuffer(blob, "<u8") for _, blob in read]))
    dice = shared / (words + (found & np.uint64(255)) + 1.0)
    return [int(packed) >> 8 for packed in found[_top(dice, count)]]


def holding(database: sqlite3.Connection, words: Sequence[Iterable[str]]) -> Iterator[int]:
    """The ids of the segments that may hold words one after the other, each in any of its forms:
    newest first.
    """
    stems = [np.unique(Hashes().of([" ".join(forms)])[0][1:-1]) for forms in words]
    if len(stems) == 1:
        alternatives = [bucket(stems[0])]
    else:
        alternatives = [pairs(np.repeat(a, len(b)), np.tile(b, len(a))) for a, b in pairwise(stems)]
    common: Postings | None = None
    for grams in alternatives:
        rows = _select(database, "SELECT gram, segments", np.unique(grams).tolist())
        ids = np.concatenate([np.frombuffer(blob, "<u8") for blob in [b"", *(b for _, b in rows)]])
        common = np.unique(ids) if common is None else np.intersect1d(common, ids)
    return (int(packed) >> 8 for packed in ([] if common is None else common[::-1]))


def _count(values: Postings) -> tuple[Postings, NDArray[np.int64]]:
    """The different values, ascending, and how often each occurs. (`np.unique` may hash, which for
    so many different ones takes several times as long as sorting.)
    """
    values = np.sort(values)
    starts = _starts(values)
    return values[starts], np.diff(starts, append=len(values))


def _starts(values: Postings) -> NDArray[np.int64]:
    """Where, in a sorted array that is not empty, each different value begins."""
    return np.concatenate([[0], np.flatnonzero(values[1:] != values[:-1]) + 1])


def _top(values: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """The indices of the `count` largest values, the largest first."""
    part = np.argpartition(-values, min(count, len(values) - 1))[:count]
    best: NDArray[np.int64] = part[np.argsort(-values[part], kind="stable")]
    return best


def _select(
    database: sqlite3.Connection, columns: str, grams: Sequence[int]
) -> Iterator[tuple[int, Any]]:
    for start in range(0, len(grams), _QUERY):
        part = grams[start : start + _QUERY]
        marks = ",".join("?" * len(part))
        yield from database.execute(f"{columns} FROM posting WHERE gram IN ({marks})", part)
