"""Plain text: what each group of lines is, from headline to signature, and the date it states."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from translator.documents.encoding import decode
from translator.errors import TranslatorError
from translator.model import Block, BlockKind

WRAPPED = 120  # a longer line was not wrapped by hand: each line of its group is a paragraph
SHORT = 200  # characters of a headline
LABEL = 100  # characters of a heading or of a line of a signature
SIGNATURE_LINES = 6
DATELINE_LINES = 5  # a dateline stands among the first so many lines

_BLANK = re.compile(r"[\s\u00ad\u200b-\u200d\u2060\ufeff]*")
_MONTHS = (
    *("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca"),
    *("lipca", "sierpnia", "września", "października", "listopada", "grudnia"),
)
_DATELINE = re.compile(
    r"(?:[A-ZŁŚŻŹĆ][\w -]{1,40},\s+)?(?:dnia\s+)?"
    rf"(?:(?P<day>\d{{1,2}})\s+(?P<month>{'|'.join(_MONTHS)})\s+(?P<year>\d{{4}})(?:\s*r\.|\s+roku)?"
    r"|(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})(?:\s*r\.)?)"
)
# Line ends of all systems, and what Word and web pages break lines with.
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block in the making."""

    text: str
    line: int

    @property
    def is_dateline(self) -> bool:
        return _DATELINE.fullmatch(self.text) is not None

    @property
    def is_headline(self) -> bool:
        return len(self.text) <= SHORT and not self.text.endswith((".", "…", ",", ":", ";"))

    @property
    def is_label(self) -> bool:
        """One short line, no sentence and no item of a list: a heading or a line of a signature."""
        return (
            len(self.text) <= LABEL
            and "\n" not in self.text
            and not self.text.endswith(tuple(".!?…,:;"))
            and self.text[0].isalnum()
        )


def read(data: bytes, path: Path) -> tuple[tuple[Block, ...], date | None]:
    """The blocks of a plain text, and the date of a line such as "Warszawa, 8 grudnia 2021 r."."""
    lines = _LINE_END.sub("\n", decode(data, path)).split("\n")
    pieces = _pieces(lines)
    if not pieces:
        raise TranslatorError("is empty; there is nothing to translate", file=path)
    blocks = tuple(
        Block(number, kind, piece.text, piece.line)
        for number, (piece, kind) in enumerate(zip(pieces, _kinds(pieces), strict=True), start=1)
    )
    return blocks, _stated_date(pieces)


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
        (i for i, group in enumerate(groups) if not all(p.is_label for p in group)),
        default=len(groups),
    )
    pieces: list[_Piece] = []
    for index, group in enumerate(groups):
        if index > end_of_prose or any(len(p.text) > WRAPPED or p.is_dateline for p in group):
            pieces += group
        else:
            first, end = group[0].line - 1, group[-1].line
            pieces.append(_Piece("\n".join(lines[first:end]).strip(), group[0].line))
    return pieces


def _kinds(pieces: list[_Piece]) -> list[BlockKind]:
    kinds = [BlockKind.PARAGRAPH] * len(pieces)
    prose = [i for i, piece in enumerate(pieces) if not (piece.is_label or piece.is_dateline)]
    for index in range(prose[-1] if prose else 0):
        if pieces[index].is_label and not pieces[index].is_dateline:
            kinds[index] = BlockKind.HEADING
    title = next((i for i, piece in enumerate(pieces) if not piece.is_dateline), None)
    if title is not None and pieces[title].is_headline:
        kinds[title] = BlockKind.TITLE
    if prose and len(pieces) - prose[-1] <= SIGNATURE_LINES + 1:
        for index in range(prose[-1] + 1, len(pieces)):
            kinds[index] = BlockKind.SIGNATURE
    return kinds


def _stated_date(pieces: list[_Piece]) -> date | None:
    for piece in pieces[:DATELINE_LINES]:
        if match := _DATELINE.fullmatch(piece.text):
            month = match["month"]
            try:
                return date(
                    int(match["year"] or match["y"]),
                    _MONTHS.index(month) + 1 if month else int(match["m"]),
                    int(match["day"] or match["d"]),
                )
            except ValueError:  # such as 31 February: a slip of the author, no date
                continue
    return None
