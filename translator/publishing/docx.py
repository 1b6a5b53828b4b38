"""A Word document of its own making, for releases whose source is none."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from translator.messages import translate
from translator.model import BlockKind, Inline, Row
from translator.publishing.furniture import draft_mark, long_date
from translator.publishing.markup import address, footnotes
from translator.publishing.publication import Publication

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

LONGEST = 255  # characters of a property

_SWITCHES = ("bold", "italic", "underline", "superscript", "subscript")


def render(publication: Publication) -> bytes:
    """The document: the target text alone, in Word's own styles, so that it is easily restyled."""
    import docx
    from docx.shared import RGBColor

    document = docx.Document()
    _describe(document, publication)
    if publication.draft:
        for place in (document.sections[0].header.paragraphs[0], document.add_paragraph()):
            run = place.add_run(draft_mark(publication.language))
            run.bold = True
            run.font.color.rgb = RGBColor(0x9C, 0x1B, 0x30)
    document.add_heading(publication.title, 0)
    if publication.date:
        document.add_paragraph(long_date(publication.date, publication.language))
    notes = {id(row): number for number, row in footnotes(publication.rows).items()}
    for rows in _tables(publication.body):
        if rows[0].cell is not None:
            _table(document, rows)
            continue
        (row,) = rows
        paragraph = document.add_paragraph(style=_style(row))
        if number := notes.get(id(row)):
            paragraph.add_run(f"[{number}] ")
        _write(paragraph, row)
    _page_number(document)
    content = io.BytesIO()
    document.save(content)
    return _without_times(content)


def _without_times(package: io.BytesIO) -> bytes:
    """The same document whenever it is written: python-docx gives its parts the present time."""
    target = io.BytesIO()
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _describe(document: Document, publication: Publication) -> None:
    properties = document.core_properties
    properties.title = _property(publication.title)
    properties.author = _property(publication.byline)
    properties.language = publication.language
    properties.comments = translate("Source: Polish original", publication.language)
    day = publication.date
    properties.created = properties.modified = (
        datetime(day.year, day.month, day.day) if day else datetime(2000, 1, 1)
    )
    from docx.oxml.ns import qn

    language = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    if language is not None:
        language.set(qn("w:val"), publication.language)


def _property(text: str) -> str:
    """A text as a document's property, which Word limits."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _style(row: Row) -> str:
    match row.kind:
        case BlockKind.TITLE | BlockKind.HEADING:
            return f"Heading {min(max(row.level, 1), 9)}"
        case BlockKind.ITEM:
            name = "List Number" if row.ordered else "List Bullet"
            return name if row.level <= 1 else f"{name} {min(row.level, 3)}"
        case BlockKind.QUOTE:
            return "Quote"
        case BlockKind.CAPTION | BlockKind.IMAGE:
            return "Caption"
        case _:
            return "Normal"


def _tables(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Each row alone, but the cells of one table together."""
    group: list[Row] = []
    for row in rows:
        if group and (row.cell is None or group[0].cell is None or row.cell[0] != group[0].cell[0]):
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _table(document: Document, rows: Sequence[Row]) -> None:
    cells = [(row, row.cell) for row in rows if row.cell is not None]
    size = max(cell[1] for _, cell in cells), max(cell[2] for _, cell in cells)
    table = document.add_table(*size, style="Table Grid")
    for row, (_, line, column) in cells:
        place = table.cell(line - 1, column - 1)
        first = place.paragraphs[0]
        _write(place.add_paragraph() if first.text else first, row)


def _write(paragraph: Paragraph, row: Row) -> None:
    """Put the target text with its markup into a paragraph, cut where any of that begins or ends.

    A line ends in Word where it ends in print: in a signature, and where markup says so.
    """
    text, inlines = row.target, row.target_inlines
    if row.kind is not BlockKind.SIGNATURE:
        breaks = {inline.start for inline in inlines if inline.kind == "break"}
        text = "".join(
            " " if character == "\n" and at not in breaks else character
            for at, character in enumerate(text)
        )
    bounds = sorted({0, len(text), *(i.start for i in inlines), *(i.end for i in inlines)})
    for start, end in zip(bounds, [*bounds[1:], len(text)], strict=True):
        for inline in inlines:
            if not inline.start == inline.end == start:
                continue
            if inline.kind == "footnote":
                paragraph.add_run(f"[{inline.detail}]").font.superscript = True
            elif inline.kind == "number":
                paragraph.add_run(inline.detail)
        here = [i for i in inlines if i.start <= start < end <= i.end]
        if start < end:
            _run(paragraph, text[start:end], here)


def _run(paragraph: Paragraph, text: str, inlines: Sequence[Inline]) -> None:
    place: Any = paragraph
    link = next((url for i in inlines if i.kind == "link" and (url := address(i))), "")
    run = place.add_run(text)
    for inline in inlines:
        if inline.kind in _SWITCHES:
            setattr(run.font, inline.kind, True)
    if link:
        _link(paragraph, run, link)


def _link(paragraph: Paragraph, run: Any, url: str) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, True))
    run.font.underline = True
    link.append(run._r)
    body: Any = paragraph._p
    body.append(link)


def _page_number(document: Document) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    footer: Any = document.sections[0].footer.paragraphs[0]
    footer._p.append(field)
