"""The grams of texts, hashed, for the index: words' stems, and pairs of neighbouring stems.

Hashing takes a quarter of a large import, so a process of its own does it beside the database's
work where there are two processors.
"""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from translator.errors import TranslatorError

if TYPE_CHECKING:
    from numpy.typing import NDArray  # costs 24 ms

BITS = 20  # of a bucket's number
_STEM = 6
_WORD = re.compile(r"\w+|\n")  # a line break separates texts, none of which has one

Postings: TypeAlias = "NDArray[np.uint64]"
Segments = Sequence[tuple[int, str]]  # (id, normalised text)


class Hashes(dict[str, int]):
    """The hash of each word's stem, remembered: a million words are few different ones."""

    def __init__(self) -> None:
        self["\n"] = 0

    def __missing__(self, word: str) -> int:
        stem = "0" if word[0].isdigit() else word[:_STEM]
        value = self[word] = zlib.crc32(stem.encode()) or 1
        return value

    def of(self, texts: Sequence[str]) -> tuple[Postings, NDArray[np.int64]]:
        """The hashes of the words of all texts, one after the other, 0 between two texts and at
        both ends; and the number of words of each text.
        """
        words = _WORD.findall("\n".join(["", *texts, ""]).lower())
        hashes = np.fromiter(map(self.__getitem__, words), np.uint64, len(words))
        return hashes, np.diff(np.flatnonzero(hashes == 0)) - 1

    def postings(self, segments: Segments) -> Postings:
        """Gram, id and word count (255 at most) in one integer for each gram of each segment:
        sorting them sorts by gram, then by id.
        """
        stems, counts = self.of([text for _, text in segments])
        ids = np.fromiter((id for id, _ in segments), np.uint64, len(segments))
        owners = ids << np.uint64(8) | np.minimum(counts, 255).astype(np.uint64)
        single, double = bucket(stems[stems != 0]), pairs(stems[:-1], stems[1:])
        return np.concatenate(
            [
                grams << np.uint64(64 - BITS) | np.repeat(owners, repeats)
                for grams, repeats in ((single, counts), (double, counts + 1))
            ]
        )


def pairs(first: Postings, second: Postings) -> Postings:
    """The grams of two neighbouring stems each."""
    return bucket(first * np.uint64(0x9E3779B1) + second)


def bucket(hashes: Postings) -> Postings:
    """Fibonacci hashing: the highest bits of the product with 2⁶⁴ / φ."""
    mixed: Postings = hashes * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(64 - BITS)
    return mixed


class Hasher:
    """Makes postings, from the second call on in another process: what it hands out are then those
    of the call before.
    """

    def __init__(self) -> None:
        self._hashes = Hashes()
        self._calls = 0
        self._worker: subprocess.Popen[bytes] | None = None
        self._busy = False

    def postings(self, segments: Segments) -> Postings:
        """What is finished of these and earlier segments."""
        self._calls += 1
        if self._calls == 2 and len(os.sched_getaffinity(0)) > 1:
            self._worker = subprocess.Popen(
                [sys.executable, "-c", f"from {__name__} import serve; serve()"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C is for this process; the other ends with it
            )
        if self._worker is None:
            return self._hashes.postings(segments)
        finished = self.rest()  # first: two that both write would wait for each other forever
        assert self._worker.stdin is not None
        with _clear_end():
            pickle.dump(segments, self._worker.stdin)
            self._worker.stdin.flush()
        self._busy = True
        return finished

    def rest(self) -> Postings:
        """What is not handed out yet."""
        if self._worker is None or not self._busy:
            return np.empty(0, np.uint64)
        assert self._worker.stdout is not None
        self._busy = False
        with _clear_end():
            finished: Postings = pickle.load(self._worker.stdout)
        return finished

    def close(self) -> None:
        """End the other process."""
        if self._worker is not None:
            self._worker.kill()
            self._worker.communicate()
            self._worker = None


@contextmanager
def _clear_end() -> Iterator[None]:
    try:
        yield
    except (EOFError, BrokenPipeError, pickle.UnpicklingError) as error:
        raise TranslatorError(
            "a process of the import was ended from outside; nothing was added: import again"
        ) from error


def serve() -> None:
    """The other process: answer until the first one closes its end, or is killed."""
    hashes = Hashes()
    while True:
        try:
            segments = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        pickle.dump(hashes.postings(segments), sys.stdout.buffer)
        sys.stdout.buffer.flush()
