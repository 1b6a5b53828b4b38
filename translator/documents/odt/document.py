"""An OpenDocument text as a whole: all places of text in it in reading order."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree

from translator.documents.document import Place
from translator.documents.odt import finishing
from translator.documents.odt.names import (
    DRAW,
    MANIFEST,
    OFFICE,
    STYLE,
    SVG,
    TABLE,
    TEXT,
    XLINK,
    count,
    local,
)
from translator.documents.odt.paragraph import PARAGRAPHS, Paragraph
from translator.documents.odt.styles import Properties, Styles, title
from translator.documents.package import Package
from translator.documents.pictures import PICTURES
from translator.errors import TranslatorError
from translator.model import Block, BlockKind, Finding, Inline, Severity

_CHANGES = tuple(TEXT + n for n in ("tracked-changes", "change", "change-start", "change-end"))
_COMMENTS = (OFFICE + "annotation", OFFICE + "annotation-end")
_MOST_SPACES = 100_000  # that elements of a few bytes may stand for in all
_PAGES = ("header", "header-left", "header-first", "footer", "footer-left", "footer-first")
_ROWS = ("table-header-rows", "table-rows", "table-row-group")
_KINDS = {  # LibreOffice's styles, and Word's, whose names it keeps
    "title": (BlockKind.TITLE, 1),
    "subtitle": (BlockKind.HEADING, 2),
    "caption": (BlockKind.CAPTION, 1),
    "quotations": (BlockKind.QUOTE, 1),
    "quote": (BlockKind.QUOTE, 1),
    "intense quote": (BlockKind.QUOTE, 1),
    "block text": (BlockKind.QUOTE, 1),
}


@dataclass(frozen=True, slots=True)
class TextPlace:
    """A paragraph with text."""

    block: Block
    paragraph: Paragraph

    def put(self, text: str, inlines: Sequence[Inline]) -> None:
        self.paragraph.put(text, inlines)


@dataclass(frozen=True, slots=True)
class PicturePlace:
    """Elements that say what a picture shows."""

    block: Block
    holders: Sequence[etree._Element]

    def put(self, text: str, inlines: Sequence[Inline]) -> None:
        for holder in self.holders:
            holder.text = text


@dataclass(frozen=True, slots=True)
class _Context:
    """Where a paragraph stands: its part's styles, its kind if that is not its own, its table's
    cell, its list.
    """

    styles: Styles
    kind: BlockKind | None = None
    cell: tuple[int, int, int] | None = None
    list_style: str = ""
    depth: int = 0
    notes: Mapping[etree._Element, str] = field(default_factory=dict)


class TextDocument:
    """The document in `data`, all changes accepted, without comments."""

    def __init__(self, data: bytes, path: Path):
        self.package = Package(data, path)
        self._refuse()
        self.assets: dict[str, bytes] = {}
        self.findings: list[Finding] = []
        self._tables = 0
        self.root = self.package.xml("content.xml")
        body = self.root.find(f"{OFFICE}body/{OFFICE}text")
        if body is None:
            raise TranslatorError("is not an OpenDocument text", file=path)
        self.body = body
        common = self.package.xml("styles.xml") if "styles.xml" in self.package.names else None
        self.roots = [self.root] if common is None else [self.root, common]
        self._clean()
        self.styles = [Styles(root, common) for root in self.roots]
        self._usual: Counter[Properties] = Counter()
        for styles, root in zip(self.styles, self.roots, strict=True):
            for element in root.iter(*PARAGRAPHS):
                for piece, form in Paragraph(element, styles, {}, {}).rows:
                    self._usual[form.rest] += 0 if piece.object else piece.weight
        self.places: list[Place] = list(self._all_places())
        self._tell()

    def _refuse(self) -> None:
        """Refuse what is encrypted, is no text, or runs programs."""
        names, path = self.package.names, self.package.path
        if "content.xml" not in names:
            raise TranslatorError("is not an OpenDocument text", file=path)
        if "META-INF/manifest.xml" in names:
            manifest = self.package.xml("META-INF/manifest.xml")
            if next(manifest.iter(MANIFEST + "encryption-data"), None) is not None:
                raise TranslatorError("has a password: save it without one", file=path)
        root = self.package.xml("content.xml")
        scripts = root.iter(OFFICE + "script", OFFICE + "event-listeners", TEXT + "script")
        if any(len(element) or element.text or element.attrib for element in scripts):
            raise TranslatorError("has macros in it: save it without macros", file=path)

    def _clean(self) -> None:
        """Accept all changes and take all comments out; refuse what would grow out of bounds."""
        changed = commented = False
        for root in self.roots:
            if sum(count(s, TEXT + "c") for s in root.iter(TEXT + "s")) > _MOST_SPACES:
                raise TranslatorError(
                    f"has more than {_MOST_SPACES:,} spaces beside each other: take them out",
                    file=self.package.path,
                )
            changed |= next(root.iter(TEXT + "changed-region"), None) is not None
            commented |= next(root.iter(*_COMMENTS), None) is not None
            etree.strip_elements(
                root, *_CHANGES, *_COMMENTS, TEXT + "soft-page-break", with_tail=False
            )
        if changed:
            self._find(
                "tracked-changes", "has tracked changes: it is read with all of them accepted"
            )
        if commented:
            self._find("comments", "has comments: they are not translated and not published")

    def _tell(self) -> None:
        hidden = any(
            styles.is_hidden(family, element.get(TEXT + "style-name", ""))
            for styles, root in zip(self.styles, self.roots, strict=True)
            for tags, family in ((PARAGRAPHS, "paragraph"), ((TEXT + "span",), "text"))
            for element in root.iter(*tags)
            if "".join(element.itertext()).strip()
        )
        if hidden or any(map(_is_hidden, self.root.iter(TEXT + "section"))):
            self._find(
                "hidden-text",
                "has hidden text: it is not translated, but stays in the OpenDocument text; delete "
                "it there if it is not to be published",
            )
        if next(self.root.iter(DRAW + "object", DRAW + "object-ole"), None) is not None:
            self._find(
                "embedded-object",
                "has formulas, charts or other embedded objects: text in them is not translated",
            )

    def _find(self, id: str, message: str) -> None:
        self.findings.append(Finding(id, Severity.WARNING, message))

    # Places

    def _all_places(self) -> Iterator[Place]:
        notes = {note: str(k) for k, note in enumerate(self.body.iter(TEXT + "note"), 1)}
        yield from self._inside(self.body, _Context(self.styles[0], notes=notes))
        for note in notes:
            yield from self._note(note, _Context(self.styles[0], BlockKind.FOOTNOTE))
        for styles, root in zip(self.styles[1:], self.roots[1:], strict=True):
            for page in root.iterfind(f"{OFFICE}master-styles/{STYLE}master-page"):
                for name in _PAGES:
                    for part in page.iterchildren(STYLE + name):
                        yield from self._inside(part, _Context(styles, BlockKind.FURNITURE))

    def _note(self, note: etree._Element, context: _Context) -> Iterator[Place]:
        level = 1
        for body in note.iterchildren(TEXT + "note-body"):
            for place in self._inside(body, context):
                if isinstance(place, TextPlace):
                    place = replace(place, block=replace(place.block, level=level, ordered=False))
                    level = 2
                yield place

    def _inside(self, parent: etree._Element, context: _Context) -> Iterator[Place]:
        for child in parent:
            match local(child):
                case "p" | "h":
                    yield from self._paragraph(child, context)
                case "list":
                    yield from self._list(child, context)
                case "numbered-paragraph":
                    style = child.get(TEXT + "style-name", "")
                    level = count(child, TEXT + "level")
                    yield from self._inside(child, replace(context, list_style=style, depth=level))
                case "section" if not _is_hidden(child):
                    yield from self._inside(child, context)
                case _ if child.tag == TABLE + "table":
                    yield from self._table(child, context)
                case _ if isinstance(child.tag, str) and child.tag.startswith(DRAW):
                    yield from self._drawing(child, context)

    def _list(self, element: etree._Element, context: _Context) -> Iterator[Place]:
        style = element.get(TEXT + "style-name") or context.list_style
        inner = replace(context, list_style=style, depth=context.depth + 1)
        for item in element.iterchildren(TEXT + "list-item", TEXT + "list-header"):
            numbered = local(item) == "list-item"
            for child in item:
                if local(child) == "list":
                    yield from self._list(child, inner)
                    continue
                # Only the first paragraph of an item has its number.
                yield from self._one(child, inner if numbered else replace(inner, depth=0))
                numbered = numbered and local(child) not in ("p", "h")

    def _one(self, child: etree._Element, context: _Context) -> Iterator[Place]:
        if local(child) in ("p", "h"):
            yield from self._paragraph(child, context)
        elif child.tag == TABLE + "table":
            yield from self._table(child, context)

    def _table(self, table: etree._Element, context: _Context) -> Iterator[Place]:
        self._tables += 1
        number, row_number = self._tables, 1
        kind = context.kind or BlockKind.CELL
        for shapes in table.iterchildren(TABLE + "shapes"):
            yield from self._inside(shapes, context)
        for row in _rows(table):
            column = 1
            for cell in row.iterchildren(TABLE + "table-cell", TABLE + "covered-table-cell"):
                inner = _Context(
                    context.styles, kind, (number, row_number, column), notes=context.notes
                )
                yield from self._inside(cell, inner)
                column += count(cell, TABLE + "number-columns-repeated")
            row_number += count(row, TABLE + "number-rows-repeated")

    def _paragraph(self, element: etree._Element, context: _Context) -> Iterator[Place]:
        style = element.get(TEXT + "style-name", "")
        if not context.styles.is_hidden("paragraph", style):
            paragraph = Paragraph(element, context.styles, context.notes, self._usual)
            content = paragraph.content
            if content.text:
                kind, level, ordered = self._kind(element, style, context)
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
        outside = replace(context, list_style="", depth=0)
        for drawing in _drawings(element):
            yield from self._drawing(drawing, outside)

    def _kind(
        self, element: etree._Element, style: str, context: _Context
    ) -> tuple[BlockKind, int, bool]:
        """The kind of a paragraph, its level, and whether it is numbered."""
        for found in context.styles.lineage("paragraph", style):
            if (name := title(found.get(STYLE + "name", "")).casefold()) in _KINDS:
                return *_KINDS[name], False
        outline = context.styles.attribute("paragraph", style, STYLE + "default-outline-level")
        if local(element) == "h":
            return BlockKind.HEADING, count(element, TEXT + "outline-level"), False
        if outline.isdecimal() and 0 < int(outline) <= 10:
            return BlockKind.HEADING, int(outline), False
        if context.depth:
            own = context.styles.attribute("paragraph", style, STYLE + "list-style-name")
            ordered = context.styles.is_ordered(context.list_style or own, context.depth)
            return BlockKind.ITEM, context.depth, ordered
        return BlockKind.PARAGRAPH, 1, False

    def _drawing(self, element: etree._Element, context: _Context) -> Iterator[Place]:
        """The text in a frame or shape, and the place of what is said of a picture."""
        yield from self._picture(element, context)
        yield from self._inside(element, context)

    def _picture(self, frame: etree._Element, context: _Context) -> Iterator[Place]:
        """The places of a picture's description and its title, and the picture in the assets."""
        found = [image.get(XLINK + "href", "") for image in frame.iterchildren(DRAW + "image")]
        links = [posixpath.normpath(link) for link in found if link.lower().endswith(PICTURES)]
        link = next((link for link in links if link in self.package.names), "")
        name = posixpath.basename(link)
        if name:
            self.assets.setdefault(name, self.package.read(link))
        said = [
            (element, " ".join((element.text or "").split()))
            for element in (*frame.iterchildren(SVG + "desc"), *frame.iterchildren(SVG + "title"))
        ]
        texts = list(dict.fromkeys(text for _, text in said if text)) or ([""] if name else [])
        is_box = frame.find(DRAW + "text-box") is not None
        kinds = [BlockKind.METADATA if is_box else BlockKind.IMAGE, BlockKind.METADATA]
        for text, kind in zip(texts, kinds, strict=False):
            if context.kind is BlockKind.FURNITURE:
                kind = context.kind
            asset = name if text == texts[0] else ""
            block = Block(0, kind, text, cell=context.cell, asset=asset)
            yield PicturePlace(block, [element for element, of in said if of == text])

    def save(self, *, title: str, locale: tuple[str, str], mark: str) -> bytes:
        """The package with the document's title and language set, marked as a draft by `mark`."""
        finishing.describe(self.package, self.roots, title, locale)
        finishing.drop_traces(self.package)
        if mark:
            finishing.mark_draft(self.body, self.roots, self.styles, mark)
        return self.package.save()


def _rows(parent: etree._Element) -> Iterator[etree._Element]:
    for child in parent:
        if child.tag == TABLE + "table-row":
            yield child
        elif child.tag in [TABLE + name for name in _ROWS]:
            yield from _rows(child)


def _drawings(paragraph: etree._Element) -> list[etree._Element]:
    """The outermost drawings anchored in a paragraph itself."""
    return [
        drawing
        for drawing in paragraph.iter(DRAW + "*")
        if not _is_drawing(drawing.getparent())
        and next(drawing.iterancestors(*PARAGRAPHS), None) is paragraph
    ]


def _is_drawing(element: etree._Element | None) -> bool:
    return element is not None and str(element.tag).startswith(DRAW)


def _is_hidden(section: etree._Element) -> bool:
    return section.get(TEXT + "display") == "none"
