"""One passage of running text in a page: the text and inline elements between two blocks, as
pieces of formatted text, and back.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from lxml import etree

from translator.documents.html.elements import (
    KINDS,
    OBJECTS,
    SILENT,
    is_beside,
    is_foreign,
    is_hidden,
    is_named_beside,
    is_note_mark,
    words,
)
from translator.documents.html.source import local
from translator.documents.markup import Content, Piece, compose, shared
from translator.model import Inline

_SPACES = re.compile(r"[ \t\n\r\f]+")
_EDGES = re.compile(r"([ \t\n\r\f]*)(.*?)([ \t\n\r\f]*)", re.DOTALL)
_DETAIL = 40  # characters of what a tag says of its element


class Passage:
    """What stands in `parent` behind its child `before` (None: from its beginning): text, and the
    inline elements and comments `nodes`, which follow each other.
    """

    def __init__(
        self,
        parent: etree._Element,
        before: etree._Element | None,
        nodes: Sequence[etree._Element],
    ):
        self._parent, self._before, self._nodes = parent, before, nodes
        self._sources: list[etree._Element] = []  # of a mark or object; its ref is the index
        self._objects: set[int] = set()  # refs of what has no text of its own
        self._speaking: dict[etree._Element, bool] = {}
        self._silent: list[etree._Element] = []  # what a text may move around without harm

    @cached_property
    def content(self) -> Content:
        """The text and markup, white space as browsers show it."""
        start = (self._parent.text if self._before is None else self._before.tail) or ""
        self._lead, start, self._trail = _split(start)
        if self._nodes:
            # White space between `start` and the first element is no edge.
            start += self._trail if start else ""
            self._trail = ""
        pieces = list(self._inside(start, self._nodes, ()))
        if self._nodes:
            *rest, last = pieces
            before, text, self._trail = _split(last.text)
            pieces = [*rest, Piece(before + text if text else "", last.marks)]
        return compose(collapsed(pieces))

    def put(self, text: str, inlines: Sequence[Inline]) -> None:
        """Replace the text; elements without text move, others are made anew."""
        content = self.content
        pieces = content.pieces(text, inlines)
        for node in self._nodes:
            self._parent.remove(node)
        row = etree.Element("row")
        for node in self._silent:
            node.tail = None
            row.append(node)
        self._used: set[int] = set()
        self._build(row, pieces, 0)
        _add_text(row, self._trail)
        start = self._lead + (row.text or "")
        at = 0
        if self._before is None:
            self._parent.text = start
        else:
            self._before.tail = start
            at = self._parent.index(self._before) + 1
        self._parent[at:at] = list(row)

    # Reading

    def _inside(
        self, text: str | None, nodes: Iterable[etree._Element], marks: tuple[Inline, ...]
    ) -> Iterator[Piece]:
        yield Piece(text or "", marks)
        for node in nodes:
            yield from self._node(node, marks)
            yield Piece(node.tail or "", marks)

    def _node(self, node: etree._Element, marks: tuple[Inline, ...]) -> Iterator[Piece]:
        name = local(node)
        if not name or name in SILENT:
            self._silent.append(node)
        elif name == "br":
            yield self._object(node, marks, "break", text="\n", loose=True)
        elif name == "img":
            yield self._object(node, marks, "image", loose=True)
        elif is_note_mark(node):
            number = re.sub(r"[\[\]()*\s]", "", words(node)) or words(node)
            yield self._object(node, marks, "footnote", number)
        elif not self._speaks(node):
            said = "" if _is_apparatus(node) else words(node)
            kind = "image" if any(local(e) == "img" for e in node.iter()) else "object"
            yield self._object(node, marks, kind, said or name, loose=not said)
        else:
            kind = KINDS.get(name, "style")
            detail = node.get("href", "") if kind == "link" else ""
            if kind == "style":
                detail = f"{name} {node.get('class', '')}"[:_DETAIL].strip()
            mark = self._inline(node, kind, detail)
            yield from self._inside(node.text, node, (*marks, mark))

    def _speaks(self, node: etree._Element) -> bool:
        """Whether an inline element has text to translate."""
        if node not in self._speaking:
            name = local(node)
            is_silent = not name or name in SILENT or name in OBJECTS
            texts = [node.text, *(child.tail for child in node)]
            self._speaking[node] = not (
                is_silent or is_foreign(node) or _is_apparatus(node) or is_note_mark(node)
            ) and (any(t and t.strip() for t in texts) or any(map(self._speaks, node)))
        return self._speaking[node]

    def _object(
        self,
        node: etree._Element,
        marks: tuple[Inline, ...],
        kind: str,
        detail: str = "",
        *,
        text: str = "",
        loose: bool = False,
    ) -> Piece:
        inline = self._inline(node, kind, detail[:_DETAIL])
        self._objects.add(inline.ref)
        return Piece(text, marks, inline, loose)

    def _inline(self, node: etree._Element, kind: str, detail: str) -> Inline:
        self._sources.append(node)
        return Inline(kind, 0, 0, detail, len(self._sources) - 1)

    # Writing

    def _build(self, parent: etree._Element, pieces: Sequence[Piece], depth: int) -> None:
        """Append the pieces to `parent`; those that share a mark at `depth` go into one element."""
        at = 0
        while at < len(pieces):
            marks = self._marks(pieces[at])
            if len(marks) <= depth:
                self._append(parent, pieces[at])
                at += 1
                continue
            end = at + 1
            while end < len(pieces) and self._marks(pieces[end])[depth : depth + 1] == (
                marks[depth],
            ):
                end += 1
            source = self._sources[marks[depth].ref]
            shell = etree.SubElement(parent, source.tag, dict(source.attrib), nsmap=source.nsmap)
            if marks[depth].ref in self._used:  # an id stands in a page once
                shell.attrib.pop("id", None)
            self._used.add(marks[depth].ref)
            self._build(shell, pieces[at:end], depth + 1)
            at = end

    def _marks(self, piece: Piece) -> tuple[Inline, ...]:
        """The marks that go around text: a translator may have put text into an object's tag."""
        return tuple(mark for mark in piece.marks if mark.ref not in self._objects)

    def _append(self, parent: etree._Element, piece: Piece) -> None:
        if piece.object is None:
            _add_text(parent, piece.text)
        elif piece.object.ref in self._objects:  # and not a mark that lost its text
            element = self._sources[piece.object.ref]
            if piece.object.ref in self._used:
                element = copy.deepcopy(element)
                element.attrib.pop("id", None)
            self._used.add(piece.object.ref)
            element.tail = None
            parent.append(element)


def _is_apparatus(node: etree._Element) -> bool:
    return is_hidden(node) or is_beside(node) or is_named_beside(node)


def _split(text: str) -> tuple[str, str, str]:
    match = _EDGES.fullmatch(text)
    assert match is not None
    return match[1], match[2], match[3]


def collapsed(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces as browsers show them: runs of white space are one space, and there is none beside
    a line break. An object that white space parts from a text's beginning or end is loose.
    """
    row: list[Piece] = []
    spaced = True
    for piece in pieces:
        if piece.object is not None:
            if piece.object.kind == "break":
                _trim(row)
            spaced = piece.object.kind == "break"
            row.append(piece)
            continue
        text = _SPACES.sub(" ", piece.text)
        text = text[1:] if spaced and text.startswith(" ") else text
        if text:
            row.append(replace(piece, text=text))
            spaced = text.endswith(" ")
    words = [k for k, piece in enumerate(row) if piece.text.strip()]
    if words:
        before = [k for k in range(words[0] + 1) if row[k].text[:1].isspace()]
        after = [k for k in range(words[-1], len(row)) if row[k].text[-1:].isspace()]
        for k in (*range(max(before, default=0)), *range(min(after, default=len(row)), len(row))):
            row[k] = replace(row[k], loose=True)
    return _anchored(row)


def _anchored(row: list[Piece]) -> list[Piece]:
    """The row with objects bearing only what a word beside them bears, or the words on both sides:
    no mark goes around an object alone, or ends with a line break.
    """
    sides: list[list[tuple[tuple[Inline, ...], tuple[Inline, ...]]]] = []
    for order in (row, row[::-1]):
        side = []
        beside: tuple[Inline, ...] = ()  # of the word right beside
        word: tuple[Inline, ...] = ()  # of the next word, which may stand behind a space
        for piece in order:
            side.append((beside, word))
            if piece.text:
                text = piece.text if order is row else piece.text[::-1]
                word = word if piece.is_blank else piece.marks
                beside = () if text[-1:].isspace() else piece.marks
        sides.append(side)
    found = []
    for piece, left, right in zip(row, sides[0], sides[1][::-1], strict=True):
        if piece.object is not None:
            chains = [shared(left[1], right[1])]
            if piece.object.kind != "break":  # which is white space itself
                chains += [left[0], right[0]]
            marks = max((shared(piece.marks, chain) for chain in chains), key=len)
            piece = replace(piece, marks=marks)
        found.append(piece)
    return found


def _trim(row: list[Piece]) -> None:
    """Take the white space off the end of the row."""
    while row and row[-1].object is None:
        text = row[-1].text.rstrip(" ")
        if text:
            row[-1] = replace(row[-1], text=text)
            return
        row.pop()


def _add_text(parent: etree._Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
