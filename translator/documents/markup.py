"""Formatting of a paragraph: from a row of formatted pieces to text with nested markup, and back.

Word processors split text into runs at random; here equal neighbours become one, and white space
bears only what both its sides bear, so that a tag stands around words and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from translator.model import Inline

_EDGES = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that bears `marks` (the outermost first, without offsets), or an `object`, which stands
    before its `text` ("\\n" for a line break). A `loose` object at an end of a paragraph is no part
    of its text.
    """

    text: str
    marks: tuple[Inline, ...] = ()
    object: Inline | None = None
    loose: bool = False

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()

    @property
    def weight(self) -> int:
        return weight(self.text)


@dataclass(frozen=True, slots=True)
class Content:
    """A paragraph's `text` with its `inlines`, whose `ref`s are numbered from 1; `originals` are
    the marks and objects, by that number, as the reader gave them. `lead` and `trail` stand before
    and after the text and are none of it.
    """

    text: str
    inlines: tuple[Inline, ...]
    originals: dict[int, Inline]
    lead: tuple[Piece, ...]
    trail: tuple[Piece, ...]

    def pieces(self, text: str, inlines: Sequence[Inline]) -> list[Piece]:
        """`text` with `inlines`, which may be a translation, cut into pieces with the reader's own
        marks, between `lead` and `trail`. Objects that it lacks come at its end.
        """
        found = [
            replace(
                piece,
                marks=tuple(self.originals[mark.ref] for mark in piece.marks),
                object=piece.object and self.originals[piece.object.ref],
            )
            for piece in cut(text, inlines)
        ]
        given = {piece.object for piece in found}
        wanted = (self.originals[i.ref] for i in self.inlines if i.start == i.end)
        lost = [Piece("", object=object) for object in wanted if object not in given]
        return [*self.lead, *found, *lost, *self.trail]


def weight(text: str) -> int:
    """How much of a text can look like something: white space looks alike in any formatting."""
    return len("".join(text.split()))


def compose(pieces: Sequence[Piece]) -> Content:
    """The text of a paragraph out of its pieces."""
    row = _settled(pieces)
    inner = [k for k, piece in enumerate(row) if not piece.is_blank or _holds(piece)]
    first, last = (inner[0], inner[-1] + 1) if inner else (len(row), len(row))
    if not any(not piece.is_blank for piece in row):
        first = last = len(row)
    body = row[first:last]
    text = "".join(piece.text for piece in body)
    inlines, originals = _numbered(_nested(body))
    return Content(text, inlines, originals, tuple(row[:first]), tuple(row[last:]))


def cut(text: str, inlines: Sequence[Inline]) -> list[Piece]:
    """`text` in pieces of one formatting each, the inverse of nesting; the white space that stands
    for a line break goes with its object.
    """
    bounds = sorted({0, len(text), *(b for i in inlines for b in (i.start, i.end))})
    pieces: list[Piece] = []
    for at, end in pairwise([*bounds, len(text)]):
        opened: list[Inline] = []
        for inline in inlines:
            if inline.start == inline.end == at:
                pieces.append(Piece("", tuple(opened), inline))
            elif inline.start <= at < inline.end:
                opened.append(inline)
        piece = text[at:end]
        if pieces and pieces[-1].object is not None and pieces[-1].object.kind == "break":
            piece = piece[piece[:1] in ("\n", "\t", " ") :]
        if piece:
            pieces.append(Piece(piece, tuple(opened)))
    return pieces


def _holds(piece: Piece) -> bool:
    return piece.object is not None and not piece.loose


def _settled(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with white space split off and bearing only what both its sides bear."""
    row: list[Piece] = []
    for piece in pieces:
        if piece.object is not None:
            row.append(piece)
            continue
        match = _EDGES.fullmatch(piece.text)
        assert match is not None
        row += [replace(piece, text=text) for text in match.groups() if text]
    words = [k for k, piece in enumerate(row) if not piece.is_blank]
    after = iter([*words, None])
    following = next(after)
    left: tuple[Inline, ...] = ()
    for k, piece in enumerate(row):
        if k == following:
            left, following = piece.marks, next(after)
            continue
        right = row[following].marks if following is not None else ()
        both = shared(left, right)
        own = piece.marks if piece.object is not None else ()
        row[k] = replace(piece, marks=both if both[: len(own)] == own else own)
    return row


def shared(one: tuple[Inline, ...], other: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """The marks that both begin with."""
    length = next(
        (k for k, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    return one[:length]


def _nested(body: Sequence[Piece]) -> list[Inline]:
    """The markup of all pieces with offsets, in the order of opening."""
    inlines: list[Inline] = []
    opened: list[int] = []  # indices of `inlines`
    chain: tuple[Inline, ...] = ()
    at = 0
    for piece in body:
        kept = len(shared(chain, piece.marks))
        for index in opened[kept:]:
            inlines[index] = replace(inlines[index], end=at)
        del opened[kept:]
        for mark in piece.marks[kept:]:
            opened.append(len(inlines))
            inlines.append(replace(mark, start=at, end=at))
        chain = piece.marks
        if piece.object is not None:
            inlines.append(replace(piece.object, start=at, end=at))
        at += len(piece.text)
    for index in opened:
        inlines[index] = replace(inlines[index], end=at)
    return inlines


def _numbered(inlines: Sequence[Inline]) -> tuple[tuple[Inline, ...], dict[int, Inline]]:
    numbers: dict[Inline, int] = {}
    numbered = []
    for inline in inlines:
        original = replace(inline, start=0, end=0)
        number = numbers.setdefault(original, len(numbers) + 1)
        numbered.append(replace(inline, ref=number))
    return tuple(numbered), {number: original for original, number in numbers.items()}
