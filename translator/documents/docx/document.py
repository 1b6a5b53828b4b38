"""A Word document as a whole: its parts, and all places of text in them in reading order."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from translator.documents.document import Place
from translator.documents.docx import changes, finishing
from translator.documents.docx.names import MC, PIC, VML, WP, W, local, value
from translator.documents.docx.paragraph import Paragraph, blips
from translator.documents.docx.parts import Parts
from translator.documents.docx.runs import is_hidden, usual_formats
from translator.documents.docx.styles import Numbering, Styles
from translator.documents.pictures import PICTURES
from translator.model import Block, BlockKind, Finding, Inline, Severity

_NO_NOTE = ("separator", "continuationSeparator", "continuationNotice")


@dataclass(frozen=True, slots=True)
class TextPlace:
    """A paragraph with text."""

    block: Block
    paragraph: Paragraph

    def put(self, text: str, inlines: Sequence[Inline]) -> None:
        self.paragraph.put(text, inlines)


@dataclass(frozen=True, slots=True)
class PicturePlace:
    """A picture; each of the `holders` has its alternative text in an attribute of that name."""

    block: Block
    holders: Sequence[tuple[etree._Element, str]]

    def put(self, text: str, inlines: Sequence[Inline]) -> None:
        for holder, name in self.holders:
            holder.set(name, text)


@dataclass(frozen=True, slots=True)
class _Context:
    """Where a paragraph stands: its part's relationships, its kind if that is not its own, its
    table's cell.
    """

    links: Mapping[str, str]
    notes: Mapping[str, str]
    kind: BlockKind | None = None
    cell: tuple[int, int, int] | None = None


class WordDocument:
    """The document in `data`, all changes accepted, without comments."""

    def __init__(self, data: bytes, path: Path):
        self.parts = Parts(data, path)
        self.assets: dict[str, bytes] = {}
        self.findings: list[Finding] = []
        self._tables = 0
        with_text = ("header", "footer", "footnotes", "endnotes")
        names = [self.parts.main, *self.parts.named(*with_text)]
        roots = [self.parts.package.xml(name) for name in names]
        if sum(changes.accept(root) for root in roots):
            self._find(
                "tracked-changes", "has tracked changes: it is read with all of them accepted"
            )
        if sum(changes.drop_comments(root) for root in roots) or self.parts.named("comments"):
            self._find("comments", "has comments: they are not translated and not published")
        runs = [run for root in roots for run in root.iter(W + "r")]
        if any(is_hidden(run) and run.find(W + "t") is not None for run in runs):
            self._find(
                "hidden-text",
                "has hidden text: it is not translated, but stays in the Word document; delete it "
                "there if it is not to be published",
            )
        self._usual = usual_formats(runs)
        self.styles = Styles(self.parts.optional("styles"))
        self.numbering = Numbering(self.parts.optional("numbering"))
        self.places: list[Place] = list(self._all_places())

    def _find(self, id: str, message: str) -> None:
        self.findings.append(Finding(id, Severity.WARNING, message))

    # Places

    def _all_places(self) -> Iterator[Place]:
        notes = {
            f"{local(reference)}{value(reference, 'id')}": str(number)
            for number, reference in enumerate(
                self.parts.root.iter(W + "footnoteReference", W + "endnoteReference"), 1
            )
        }
        yield from self._places(self.parts.main, None, notes)
        yield from self._notes(notes)
        for part in self.parts.named("header", "footer"):
            yield from self._places(part, BlockKind.FURNITURE, {})

    def _notes(self, numbers: Iterable[str]) -> Iterator[Place]:
        """The footnotes and endnotes, in the order of their marks."""
        found: dict[str, tuple[etree._Element, dict[str, str]]] = {}
        for name in ("footnote", "endnote"):
            root = self.parts.optional(f"{name}s")
            if root is None:
                continue
            links = self.parts.links(self.parts.named(f"{name}s")[0])
            for note in root.iterchildren(W + name):
                if value(note, "type") not in _NO_NOTE:
                    found[f"{name}Reference{value(note, 'id')}"] = note, links
        for key in numbers:
            if key not in found:
                continue
            note, own_links = found[key]
            context = _Context(own_links, {}, BlockKind.FOOTNOTE)
            level = 1
            for place in self._inside(note, context, frozenset()):
                if isinstance(place, TextPlace):
                    place = replace(place, block=replace(place.block, level=level, ordered=False))
                    level = 2
                yield place

    def _places(
        self, part: str, kind: BlockKind | None, notes: Mapping[str, str]
    ) -> Iterator[Place]:
        root = self.parts.package.xml(part)
        context = _Context(self.parts.links(part), notes, kind)
        top = root.find(W + "body") if local(root) == "document" else root
        if top is not None:
            yield from self._inside(top, context, _generated(root))

    def _inside(
        self, parent: etree._Element, context: _Context, generated: frozenset[etree._Element]
    ) -> Iterator[Place]:
        for child in parent:
            match local(child):
                case "p" if child not in generated:
                    yield from self._paragraph(child, context, generated)
                case "tbl":
                    yield from self._table(child, context, generated)
                case "sdt" if not _is_contents(child):
                    for content in child.iterchildren(W + "sdtContent"):
                        yield from self._inside(content, context, generated)
                case "customXml" | "smartTag":
                    yield from self._inside(child, context, generated)

    def _table(
        self, table: etree._Element, context: _Context, generated: frozenset[etree._Element]
    ) -> Iterator[Place]:
        self._tables += 1
        number = self._tables
        rows = [row for row in table.iter(W + "tr") if _table_of(row) is table]
        for row_number, row in enumerate(rows, 1):
            column = 1
            for cell in (cell for cell in row.iter(W + "tc") if _table_of(cell) is table):
                kind = context.kind or BlockKind.CELL
                inner = _Context(context.links, context.notes, kind, (number, row_number, column))
                yield from self._inside(cell, inner, generated)
                span = value(cell.find(f"{W}tcPr/{W}gridSpan"))
                column += int(span) if span.isdigit() else 1

    def _paragraph(
        self, element: etree._Element, context: _Context, generated: frozenset[etree._Element]
    ) -> Iterator[Place]:
        style = value(element.find(f"{W}pPr/{W}pStyle"))
        paragraph = Paragraph(
            element, self.styles, style, context.links, context.notes, self._usual
        )
        content = paragraph.content
        if content.text:
            kind, level, ordered = self._kind(element, style)
            block = Block(
                0,
                context.kind or kind,
                content.text,
                inlines=content.inlines,
                level=level,
                ordered=ordered,
                cell=context.cell,
            )
            yield TextPlace(block, paragraph)
        for drawing in _drawings(element):
            yield from self._picture(drawing, context)
            for box in drawing.iter(W + "txbxContent"):
                if next(box.iterancestors(W + "p"), None) is element and not _is_fallback(box):
                    yield from self._inside(box, context, generated)

    def _kind(self, element: etree._Element, style: str) -> tuple[BlockKind, int, bool]:
        """The kind of a paragraph, its level, and whether it is numbered."""
        name = self.styles.name(style)
        outline = value(self._property(element, style, W + "outlineLvl"))
        if name == "title":
            return BlockKind.TITLE, 1, False
        if name == "subtitle":
            return BlockKind.HEADING, 2, False
        if outline.isdigit() and int(outline) < 9:
            return BlockKind.HEADING, int(outline) + 1, False
        if name == "caption":
            return BlockKind.CAPTION, 1, False
        if name in ("quote", "intense quote", "block text"):
            return BlockKind.QUOTE, 1, False
        number = value(self._property(element, style, f"{W}numPr/{W}numId"))
        if number not in ("", "0"):
            level = value(self._property(element, style, f"{W}numPr/{W}ilvl")) or "0"
            depth = int(level) + 1 if level.isdigit() else 1
            return BlockKind.ITEM, depth, self.numbering.is_ordered(number, level)
        return BlockKind.PARAGRAPH, 1, False

    def _property(self, element: etree._Element, style: str, path: str) -> etree._Element | None:
        own = element.find(f"{W}pPr/{path}")
        return own if own is not None else self.styles.paragraph(style, path)

    def _picture(self, drawing: etree._Element, context: _Context) -> Iterator[Place]:
        """The place of a picture's alternative text, and the picture among the assets."""
        if any(True for _ in drawing.iter(W + "txbxContent")):
            return
        names = [posixpath.basename(context.links.get(id, "")) for id in blips(drawing)]
        name = next((n for n in names if n.lower().endswith(PICTURES)), "")
        if name and name not in self.assets:
            target = next(t for t in context.links.values() if posixpath.basename(t) == name)
            if target in self.parts.package.names:
                self.assets[name] = self.parts.package.read(target)
        if name not in self.assets:
            name = ""
        holders = [(e, "descr") for e in drawing.iter(WP + "docPr")]
        holders += [(e, "alt") for e in drawing.iter(VML + "shape")]
        if not holders:
            return
        first, attribute = holders[0]
        given = first.get(attribute, "")
        text = " ".join(given.split())
        if text or name:
            kind = context.kind if context.kind is BlockKind.FURNITURE else BlockKind.IMAGE
            block = Block(0, kind or BlockKind.IMAGE, text, cell=context.cell, asset=name)
            copies = [(e, "descr") for e in drawing.iter(PIC + "cNvPr") if e.get("descr") == given]
            yield PicturePlace(block, [*holders[:1], *copies])

    def save(self, *, title: str, locale: tuple[str, str], mark: str) -> bytes:
        """The package with the document's title and language set, marked as a draft by `mark`."""
        finishing.repeat_in_fallbacks(self.parts.root)
        finishing.describe(self.parts, title, locale)
        finishing.drop_comments(self.parts)
        if mark:
            finishing.mark_draft(self.parts, mark)
        return self.parts.package.save()


def _generated(root: etree._Element) -> frozenset[etree._Element]:
    """The paragraphs in fields that go over several, such as a table of contents: the word
    processor writes them.
    """
    order = {paragraph: k for k, paragraph in enumerate(root.iter(W + "p"))}
    paragraphs = list(order)
    opened: list[int] = []
    found: set[etree._Element] = set()
    for mark in root.iter(W + "fldChar"):
        paragraph = next(mark.iterancestors(W + "p"), None)
        if paragraph is None:
            continue
        match value(mark, "fldCharType"):
            case "begin":
                opened.append(order[paragraph])
            case "end" if opened:
                first = opened.pop()
                if paragraphs[first] is not paragraph:
                    found.update(paragraphs[first : order[paragraph] + 1])
    return frozenset(found)


def _is_contents(element: etree._Element) -> bool:
    gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return value(gallery) == "Table of Contents"


def _table_of(element: etree._Element) -> etree._Element | None:
    return next(element.iterancestors(W + "tbl"), None)


def _drawings(paragraph: etree._Element) -> list[etree._Element]:
    """The drawings anchored in a paragraph itself."""
    return [
        drawing
        for drawing in paragraph.iter(W + "drawing", W + "pict", W + "object")
        if next(drawing.iterancestors(W + "p"), None) is paragraph and not _is_fallback(drawing)
    ]


def _is_fallback(element: etree._Element) -> bool:
    return any(True for _ in element.iterancestors(MC + "Fallback"))
