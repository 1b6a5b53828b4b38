"""The plain values of the memory, and when two segments count as the same."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A Polish segment with a translation that a person approved.

    `before` and `after` are the segments beside it in its release, empty at the release's ends and
    where they are not known. `date` is ISO 8601.
    """

    source: str
    target: str
    language: str
    release: str = ""
    before: str = ""
    after: str = ""
    date: str = ""
    reviewer: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that fits a segment to `score` percent.

    101: the same segment between the same neighbours; 100: the same segment; less: a similar one
    (`similarity.score`). `target` is the translation to use: the entry's, or where `adapted`, the
    entry's with the figures and names of the new segment in it.
    """

    entry: Entry
    score: int
    target: str
    adapted: bool = False

    @property
    def origin(self) -> str:
        """How a catalog names it: "memory 93%", "memory 99%, adapted"."""
        return f"memory {self.score}%" + (", adapted" if self.adapted else "")


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry whose source holds a phrase that was looked for, at these offsets (start, end)."""

    entry: Entry
    spans: tuple[tuple[int, int], ...]


def normalize(text: str) -> str:
    """The text as the memory compares it: NFC, no soft hyphens or other invisible characters, any
    white space as one space.
    """
    if not text:
        return ""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return " ".join(text.split())
