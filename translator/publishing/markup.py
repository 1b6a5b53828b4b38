"""Markup of a text in print: the text and its markup woven together, whatever the format."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from translator.model import BlockKind, Inline, Row

_SAFE: Final = frozenset({"http", "https", "mailto", "tel"})


def woven(
    row: Row,
    escape: Callable[[str], str],
    wrap: Callable[[Inline, str], str],
    line_break: str,
) -> str:
    """The target text of a block in one format, as `publication.lines` has its lines.

    `escape` makes text of the format, `wrap` gives a piece of it a markup; `line_break` stands at
    the end of a line, for a break of the text and between the lines of a signature.
    """
    signed = row.kind is BlockKind.SIGNATURE

    def put(text: str) -> str:
        return (
            line_break.join(map(escape, text.split("\n")))
            if signed
            else escape(text.replace("\n", " "))
        )

    def mark(inline: Inline, content: str) -> str:
        if inline.kind == "number":
            return put(inline.detail)
        if inline.kind != "break":
            return wrap(inline, content)
        if not ends_line(inline):
            return ""
        is_line_end = signed and row.target[inline.start : inline.start + 1] == "\n"
        return "" if is_line_end else line_break

    text = _weave(row.target, list(row.target_inlines), 0, len(row.target), put, mark)
    return re.sub(rf"[ \t]*{re.escape(line_break)}[ \t]*", lambda _: line_break, text).strip()


def _weave(
    text: str,
    inlines: list[Inline],
    start: int,
    end: int,
    put: Callable[[str], str],
    mark: Callable[[Inline, str], str],
) -> str:
    pieces = []
    # What begins first is the outer; of equals the first (the order is kept).
    rest = sorted(inlines, key=lambda inline: inline.start)
    while rest:
        outer = rest.pop(0)
        inner, behind = [], []
        for inline in rest:
            if inline.start >= outer.end:
                behind.append(inline)
                continue
            inner.append(replace(inline, end=min(inline.end, outer.end)))
            if inline.end > outer.end:  # it crosses the end: cut there, it goes on behind
                behind.append(replace(inline, start=outer.end))
        pieces.append(put(text[start : outer.start]))
        content = _weave(text, inner, outer.start, outer.end, put, mark)
        pieces.append(mark(outer, content))
        start, rest = outer.end, behind
    return "".join([*pieces, put(text[start:end])])


def ends_line(inline: Inline) -> bool:
    """Whether a new line begins here; a tab is in print the white space that stands for it."""
    return inline.kind == "break" and inline.detail != "tab"


def address(inline: Inline) -> str:
    """Where a link leads, "" where a reader must not be led there."""
    try:
        scheme = urlsplit(inline.detail.strip()).scheme.lower()
    except ValueError:
        return ""
    return inline.detail.strip() if scheme in _SAFE else ""


def footnotes(rows: Sequence[Row]) -> dict[str, Row]:
    """The footnotes by the number that their marks in the text have, in the order of the marks."""
    marks = [i.detail for row in rows for i in row.target_inlines if i.kind == "footnote"]
    numbers = sorted(dict.fromkeys(marks), key=lambda n: (int(n) if n.isdigit() else 0, n))
    notes = [row for row in rows if row.kind is BlockKind.FOOTNOTE]
    return dict(zip(numbers, notes, strict=False))
