"""The blocks of an article: one walk over its elements gives all places of text, in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from translator.documents.document import Place
from translator.documents.html.elements import (
    BLOCKS,
    SILENT,
    is_beside,
    is_foreign,
    is_hidden,
    is_named_beside,
    is_notes,
    words,
)
from translator.documents.html.passage import Passage
from translator.documents.html.source import local
from translator.documents.pictures import Pictures
from translator.model import Block, BlockKind, Inline

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LISTS = ("ul", "ol", "menu", "dir")


@dataclass(frozen=True, slots=True)
class TextPlace:
    """A passage of text."""

    block: Block
    passage: Passage

    def put(self, text: str, inlines: Sequence[Inline]) -> None:
        self.passage.put(text, inlines)


@dataclass(frozen=True, slots=True)
class ValuePlace:
    """A text without markup: an attribute of an element, or, without `attribute`, all its text."""

    block: Block
    element: etree._Element
    attribute: str = ""

    def put(self, text: str, inlines: Sequence[Inline]) -> None:
        if self.attribute:
            self.element.set(self.attribute, text)
        else:
            self.element.text = text


@dataclass(frozen=True, slots=True)
class _Context:
    """Where a block stands: what the elements around it make of it."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 1
    depth: int = 0
    ordered: bool = False
    cell: tuple[int, int, int] | None = None
    is_note: bool = False


class Flow:
    """All places of text below the element `root` of a page, `beside` it left out."""

    def __init__(self, root: etree._Element, pictures: Pictures):
        self._root = root
        self._pictures = pictures
        self._holders: set[etree._Element] = set()  # inline elements with blocks in them
        for element in root.iter():
            if local(element) in BLOCKS:
                for outer in element.iterancestors():
                    if outer in self._holders or outer is root:
                        break
                    self._holders.add(outer)
        self._half = len(words(root)) / 2
        self._tables = 0
        self._has_title = False
        self._item: etree._Element | None = None  # a list item that has no text yet
        self.places: list[Place] = list(self._inside(root, _Context()))

    def is_left_out(self, element: etree._Element) -> bool:
        """Whether a block is hidden, not to be translated or no part of the article."""
        if local(element) in SILENT or is_hidden(element) or is_foreign(element):
            return True
        if is_beside(element):
            return True
        if not is_named_beside(element):
            return False
        # A class name may mislead: what has the headline or most of the text is the article.
        has_title = any(local(e) == "h1" for e in element.iter())
        return not has_title and len(words(element)) <= self._half

    def _inside(self, parent: etree._Element, context: _Context) -> Iterator[Place]:
        before: etree._Element | None = None
        nodes: list[etree._Element] = []
        for child in parent:
            if local(child) in BLOCKS or child in self._holders:
                yield from self._passage(parent, before, nodes, context)
                yield from self._block(child, context)
                before, nodes = child, []
            else:
                nodes.append(child)
        yield from self._passage(parent, before, nodes, context)

    def _block(self, element: etree._Element, context: _Context) -> Iterator[Place]:
        if self.is_left_out(element):
            return
        name = local(element)
        if is_notes(element):
            context = replace(context, kind=BlockKind.FOOTNOTE, is_note=True)
        if name in _HEADINGS:
            context = self._heading(name, context)
        elif name in _LISTS and not context.is_note:
            context = replace(context, depth=context.depth + 1, ordered=name == "ol")
        elif name == "li" or (context.is_note and name in ("p", "div")):
            if name == "li" or self._item is None:
                self._item = element
            if not context.is_note:
                context = replace(context, kind=BlockKind.ITEM, level=context.depth)
        elif name == "blockquote":
            context = replace(context, kind=BlockKind.QUOTE)
        elif name in ("figcaption", "caption"):
            context = replace(context, kind=BlockKind.CAPTION)
        elif name == "table" and element.get("role") not in ("presentation", "none"):
            yield from self._table(element, context)
            return
        yield from self._inside(element, context)

    def _heading(self, name: str, context: _Context) -> _Context:
        if name == "h1" and not self._has_title:
            self._has_title = True
            return replace(context, kind=BlockKind.TITLE)
        return replace(context, kind=BlockKind.HEADING, level=int(name[1]))

    def _table(self, table: etree._Element, context: _Context) -> Iterator[Place]:
        self._tables += 1
        number, row = self._tables, 0
        taken: set[tuple[int, int]] = set()  # by cells that span rows or columns
        for part in table:
            if local(part) == "caption":
                yield from self._block(part, context)
                continue
            for line in [part] if local(part) == "tr" else part:
                if local(line) != "tr":
                    continue
                row += 1
                column = 1
                for cell in line:
                    if local(cell) not in ("td", "th"):
                        continue
                    while (row, column) in taken:
                        column += 1
                    width, height = _span(cell, "colspan"), _span(cell, "rowspan")
                    taken |= {(row + r, column + c) for r in range(height) for c in range(width)}
                    if not self.is_left_out(cell):
                        inner = _Context(BlockKind.CELL, cell=(number, row, column))
                        yield from self._inside(cell, inner)
                    column += width

    def _passage(
        self,
        parent: etree._Element,
        before: etree._Element | None,
        nodes: Sequence[etree._Element],
        context: _Context,
    ) -> Iterator[Place]:
        text = parent.text if before is None else before.tail
        if not nodes and not (text or "").strip():
            return
        passage = Passage(parent, before, nodes)
        content = passage.content
        if content.text:
            kind, level = self._kind(context)
            block = Block(
                *(0, kind, content.text),
                line=max(1, (nodes[0] if nodes and not parent.text else parent).sourceline or 1),
                inlines=content.inlines,
                level=level,
                ordered=context.ordered and kind is BlockKind.ITEM,
                cell=context.cell,
            )
            yield TextPlace(block, passage)
        for node in nodes:
            for image in (e for e in node.iter() if local(e) == "img"):
                if any(map(is_hidden, (image, *image.iterancestors()))):
                    continue
                text = " ".join(image.get("alt", "").split())
                asset = self._pictures.find(image.get("src", ""))
                # Without words an image is decoration, unless it is a figure of its own.
                if text or (asset and any(local(e) == "figure" for e in image.iterancestors())):
                    line = image.sourceline or 1
                    block = Block(0, BlockKind.IMAGE, text, line, cell=context.cell, asset=asset)
                    yield ValuePlace(block, image, "alt")

    def _kind(self, context: _Context) -> tuple[BlockKind, int]:
        """The kind of a block and its level; only the first one of an item or note is that."""
        if context.cell:
            return BlockKind.CELL, 1
        if context.kind in (BlockKind.ITEM, BlockKind.FOOTNOTE):
            is_first, self._item = self._item is not None, None
            return (context.kind, context.level) if is_first else (BlockKind.PARAGRAPH, 1)
        return context.kind, context.level if context.kind is BlockKind.HEADING else 1


def _span(cell: etree._Element, name: str) -> int:
    given = cell.get(name, "1").strip()
    return min(max(int(given), 1), 1000) if given.isascii() and given.isdigit() else 1
