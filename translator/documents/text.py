"""Plain text: which lines belong together as a block."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from translator.documents.document import Document
from translator.documents.encoding import decode
from translator.documents.structure import is_dateline, is_label, settle, stated_date
from translator.errors import TranslatorError
from translator.model import Block, BlockKind

WRAPPED = 120  # a longer line was not wrapped by hand: each line of its group is a paragraph

_BLANK = re.compile(r"[\s\u00ad\u200b-\u200d\u2060\ufeff]*")
# Line ends of all systems, and what Word and web pages break lines with.
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block in the making."""

    text: str
    line: int


def read(data: bytes, path: Path) -> Document:
    """The blocks of a plain text, and the date of a line such as "Warszawa, 8 grudnia 2021 r."."""
    lines = _LINE_END.sub("\n", decode(data, path)).split("\n")
    pieces = _pieces(lines)
    if not pieces:
        raise TranslatorError("is empty; there is nothing to translate", file=path)
    blocks = settle([Block(0, BlockKind.PARAGRAPH, piece.text, piece.line) for piece in pieces])
    return Document(blocks, stated_date(blocks))


def _pieces(lines: list[str]) -> list[_Piece]:
    """Paragraphs are groups of lines between blank ones; a line stands for itself in the signature,
    in a group with a dateline, and in one that was not wrapped."""
    groups: list[list[_Piece]] = [[]]
    for number, line in enumerate(lines, start=1):
        if _BLANK.fullmatch(line):
            groups.append([])
        else:
            groups[-1].append(_Piece(line.strip(), number))
    groups = [group for group in groups if group]
    end_of_prose = max(
        (i for i, group in enumerate(groups) if not all(is_label(p.text) for p in group)),
        default=len(groups),
    )
    pieces: list[_Piece] = []
    for index, group in enumerate(groups):
        if index > end_of_prose or any(len(p.text) > WRAPPED or is_dateline(p.text) for p in group):
            pieces += group
        else:
            first, end = group[0].line - 1, group[-1].line
            pieces.append(_Piece("\n".join(lines[first:end]).strip(), group[0].line))
    return pieces
