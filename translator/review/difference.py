"""Word by word differences between two texts, for a person to see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

Piece = tuple[Literal["same", "deleted", "inserted"], str]

_WORD = re.compile(r"\w+|\s+|[^\w\s]")


def difference(old: str, new: str) -> list[Piece]:
    """Pieces that give `old` without the inserted ones and `new` without the deleted ones."""
    return list(_pieces(_WORD.findall(old), _WORD.findall(new)))


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    for operation, a, b, c, d in matcher.get_opcodes():
        if operation == "equal":
            yield "same", "".join(old[a:b])
            continue
        if a < b:
            yield "deleted", "".join(old[a:b])
        if c < d:
            yield "inserted", "".join(new[c:d])
