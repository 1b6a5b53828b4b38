"""A Word document as a whole: its parts, and all places of text in them in reading order."""

from __future__ import annotations

import copy
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from translator.documents.document import Place
from translator.documents.docx import changes
from translator.documents.docx.names import MC, NAMESPACE, VML, WP, R, W, local, make, value
from translator.documents.docx.paragraph import Paragraph, blips
from translator.documents.docx.styles import Numbering, Styles
from translator.documents.package import Package
from translator.errors import TranslatorError
from translator.model import Block, BlockKind, Finding, Inline, Severity

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_OVERRIDE = "{http://schemas.openxmlformats.org/package/2006/content-types}Override"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg")
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
    """A picture; `holder` has its alternative text in the attribute `name`."""

    block: Block
    holder: etree._Element
    name: str

    def put(self, text: str, inlines: Sequence[Inline]) -> None:
        self.holder.set(self.name, text)


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
        self.package = Package(data, path)
        self.main = self._main()
        self._relations = self._related(self.main)
        self.body = self._open(self.main)
        self.assets: dict[str, bytes] = {}
        self.findings: list[Finding] = []
        self._tables = 0
        parts = [self.main, *self._parts("header", "footer", "footnotes", "endnotes")]
        roots = [self.package.xml(name) for name in parts]
        if sum(changes.accept(root) for root in roots):
            self._find(
                "tracked-changes", "has tracked changes: it is read with all of them accepted"
            )
        if sum(changes.drop_comments(root) for root in roots) or self._parts("comments"):
            self._find("comments", "has comments: they are not translated and not published")
        self.styles = Styles(self._optional("styles"))
        self.numbering = Numbering(self._optional("numbering"))
        self.places: list[Place] = list(self._all_places())

    def _find(self, id: str, message: str) -> None:
        self.findings.append(Finding(id, Severity.WARNING, f"{self.package.path}: {message}"))

    def _main(self) -> str:
        for relation in self.package.xml("_rels/.rels").iter(_RELATIONSHIP):
            if relation.get("Type", "").endswith("/officeDocument"):
                if not relation.get("Type", "").startswith(_OFFICE):
                    raise TranslatorError(
                        "is a Strict Open XML document: save it as an ordinary Word document",
                        file=self.package.path,
                    )
                return str(relation.get("Target", "")).lstrip("/")
        raise TranslatorError("is not a Word document", file=self.package.path)

    def _open(self, name: str) -> etree._Element:
        root = self.package.xml(name)
        for override in self.package.xml("[Content_Types].xml").iter(_OVERRIDE):
            if "macroEnabled" in override.get("ContentType", ""):
                raise TranslatorError("holds macros: save it without", file=self.package.path)
        if root.tag != W + "document":
            raise TranslatorError("is not a Word document", file=self.package.path)
        return root

    # Parts

    def _relationships(self, part: str) -> str:
        folder, name = posixpath.split(part)
        return posixpath.join(folder, "_rels", f"{name}.rels")

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """For each relationship of a part its type and the address or part that it leads to."""
        name = self._relationships(part)
        if name not in self.package.names:
            return {}
        found = {}
        for relation in self.package.xml(name).iter(_RELATIONSHIP):
            target = str(relation.get("Target", ""))
            if relation.get("TargetMode") != "External":
                target = posixpath.normpath(
                    posixpath.join("/", posixpath.dirname(part), target)
                ).lstrip("/")
            found[str(relation.get("Id"))] = (relation.get("Type", "").rpartition("/")[2], target)
        return found

    def _parts(self, *types: str) -> list[str]:
        """The parts of these types that the main one refers to, in the order of `types`."""
        found = [
            target
            for type in types
            for kind, target in self._relations.values()
            if kind == type and target in self.package.names
        ]
        return list(dict.fromkeys(found))

    def _optional(self, type: str) -> etree._Element | None:
        parts = self._parts(type)
        return self.package.xml(parts[0]) if parts else None

    # Places

    def _all_places(self) -> Iterator[Place]:
        notes = {
            f"{local(reference)}{value(reference, 'id')}": str(number)
            for number, reference in enumerate(
                self.body.iter(W + "footnoteReference", W + "endnoteReference"), 1
            )
        }
        yield from self._places(self.main, None, notes)
        order = list(notes)
        for type in ("footnotes", "endnotes"):
            root = self._optional(type)
            if root is None:
                continue
            name = type.removesuffix("s")
            wanted = [key.removeprefix(f"{name}Reference") for key in order if key.startswith(name)]
            found = {
                value(note, "id"): note
                for note in root
                if local(note) == name and value(note, "type") not in _NO_NOTE
            }
            links = self._links(self._parts(type)[0])
            for id in wanted:
                if id in found:
                    context = _Context(links, {}, BlockKind.FOOTNOTE)
                    yield from self._inside(found[id], context, frozenset())
        for part in self._parts("header", "footer"):
            yield from self._places(part, BlockKind.FURNITURE, {})

    def _places(
        self, part: str, kind: BlockKind | None, notes: Mapping[str, str]
    ) -> Iterator[Place]:
        root = self.package.xml(part)
        context = _Context(self._links(part), notes, kind)
        top = root.find(W + "body") if local(root) == "document" else root
        if top is not None:
            yield from self._inside(top, context, _generated(root))

    def _links(self, part: str) -> dict[str, str]:
        return {id: target for id, (_, target) in self._related(part).items()}

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
        paragraph = Paragraph(element, self.styles, style, context.links, context.notes)
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
        name = next((n for n in names if n.lower().endswith(_PICTURES)), "")
        if name and name not in self.assets:
            target = next(t for t in context.links.values() if posixpath.basename(t) == name)
            if target in self.package.names:
                self.assets[name] = self.package.read(target)
        if name not in self.assets:
            name = ""
        found = [(e, "descr") for e in drawing.iter(WP + "docPr")]
        found += [(e, "alt") for e in drawing.iter(VML + "shape")]
        for holder, attribute in found[:1]:
            text = " ".join(holder.get(attribute, "").split())
            if text or name:
                kind = context.kind if context.kind is BlockKind.FURNITURE else BlockKind.IMAGE
                block = Block(0, kind or BlockKind.IMAGE, text, cell=context.cell, asset=name)
                yield PicturePlace(block, holder, attribute)

    # Writing

    def save(self, *, title: str, locale: tuple[str, str], mark: str) -> bytes:
        """The package with the document's title and language set, marked as a draft by `mark`."""
        if mark:
            self._mark(mark)
        for box in self.body.iter(MC + "AlternateContent"):
            _repeat_in_fallback(box)
        self._set_language("-".join(filter(None, locale)))
        if title and "docProps/core.xml" in self.package.names:
            for element in self.package.xml("docProps/core.xml"):
                if etree.QName(element).localname == "title":
                    element.text = title
        for part in self._parts(
            *("comments", "commentsExtended", "commentsIds", "commentsExtensible", "people")
        ):
            self._remove(part)
        return self.package.save()

    def _set_language(self, tag: str) -> None:
        parts = [self.main, *self._parts("styles", "header", "footer", "footnotes", "endnotes")]
        for part in parts:
            for element in self.package.xml(part).iter(W + "lang"):
                if element.get(W + "val") is not None:
                    element.set(W + "val", tag)
        styles = self._optional("styles")
        if styles is None:
            return
        path = ("docDefaults", "rPrDefault", "rPr", "lang")
        element = styles
        for name in path:
            found = element.find(W + name)
            if found is None:
                found = make(name)
                element.insert(0 if name == "docDefaults" else len(element), found)
            element = found
        element.set(W + "val", tag)

    def _remove(self, part: str) -> None:
        """Take a part out with all that refers to it."""
        self.package.remove(part)
        for relation in list(self.package.xml(self._relationships(self.main)).iter(_RELATIONSHIP)):
            if self._relations.get(str(relation.get("Id")), ("", ""))[1] == part:
                relation.getparent().remove(relation)  # type: ignore[union-attr]
        for override in list(self.package.xml("[Content_Types].xml").iter(_OVERRIDE)):
            if override.get("PartName") == f"/{part}":
                override.getparent().remove(override)  # type: ignore[union-attr]

    def _mark(self, mark: str) -> None:
        """The draft's mark at the top of the text and of every page."""
        body = self.body.find(W + "body")
        if body is not None:
            body.insert(0, _marked(mark))
        for part in self._parts("header"):
            self.package.xml(part).insert(0, _marked(mark))
        sections = list(self.body.iter(W + "sectPr"))
        first = sections[0] if sections else None
        if first is not None and not any(
            value(r, "type") in ("", "default") for r in first.iterchildren(W + "headerReference")
        ):
            self._add_header(first, mark)

    def _add_header(self, section: etree._Element, mark: str) -> None:
        part, id = posixpath.join(posixpath.dirname(self.main), "header-draft.xml"), "rIdDraft"
        header = etree.Element(W + "hdr", nsmap={"w": NAMESPACE})
        header.append(_marked(mark))
        self.package.add(
            part, etree.tostring(header, xml_declaration=True, encoding="UTF-8", standalone=True)
        )
        etree.SubElement(
            self.package.xml("[Content_Types].xml"),
            _OVERRIDE,
            {"PartName": f"/{part}", "ContentType": f"{_TYPES}header+xml"},
        )
        etree.SubElement(
            self.package.xml(self._relationships(self.main)),
            _RELATIONSHIP,
            {"Id": id, "Type": f"{_OFFICE}header", "Target": "header-draft.xml"},
        )
        reference = make("headerReference", type="default")
        reference.set(R + "id", id)
        section.insert(0, reference)


def _marked(mark: str) -> etree._Element:
    text = make("t")
    text.text = mark
    look = make("rPr", make("b"), make("color", val="B00020"))
    alignment = make("pPr", make("jc", val="center"))
    return make("p", alignment, make("r", look, text))


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


def _repeat_in_fallback(element: etree._Element) -> None:
    """A text box for old programs says what the one for new ones says."""
    new = element.findall(f"{MC}Choice//{W}txbxContent")
    old = element.findall(f"{MC}Fallback//{W}txbxContent")
    if len(new) == len(old):
        for source, target in zip(new, old, strict=True):
            target[:] = [copy.deepcopy(child) for child in source]
