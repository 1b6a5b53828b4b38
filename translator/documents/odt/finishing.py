"""What a translated OpenDocument text needs besides its text: language, title, a draft's mark."""

from __future__ import annotations

import copy
from collections.abc import Sequence

from lxml import etree

from translator.documents.odt.names import (
    DUBLIN,
    FO,
    MANIFEST,
    NUMBER,
    OFFICE,
    STYLE,
    TABLE,
    TEXT,
    local,
)
from translator.documents.odt.styles import Styles
from translator.documents.package import Package

_MANIFEST = "META-INF/manifest.xml"
# A signature holds for the source only; the picture of its first page shows the source.
_TRACES = ("META-INF/documentsignatures.xml", "Thumbnails/thumbnail.png")
_NO_LANGUAGE = ("none", "zxx", "qtz")  # set on text that is not to be spell-checked
_HEADERS = ("header", "header-left", "header-first")
_DRAFT, _FIRST = "TrDraft", "TrFirst"


def describe(
    package: Package, roots: Sequence[etree._Element], title: str, locale: tuple[str, str]
) -> None:
    """Set the title and the language, (code, country), in the document and its properties."""
    for root in roots:
        for style in root.iterfind(f"{OFFICE}styles/{STYLE}default-style"):
            if style.get(STYLE + "family") in ("paragraph", "graphic"):
                properties = style.find(STYLE + "text-properties")
                if properties is None:
                    properties = etree.SubElement(style, STYLE + "text-properties")
                properties.set(FO + "language", locale[0])
        for space in (FO, NUMBER):
            for element in root.iter(STYLE + "text-properties", NUMBER + "*"):
                if element.get(space + "language", "none") not in _NO_LANGUAGE:
                    _set_language(element, space, locale)
    if "meta.xml" not in package.names:
        return
    meta = package.xml("meta.xml").find(OFFICE + "meta")
    for name, text in (("title", title), ("language", "-".join(filter(None, locale)))):
        if meta is None or not text:
            continue
        found = meta.find(DUBLIN + name)
        (etree.SubElement(meta, DUBLIN + name) if found is None else found).text = text


def _set_language(element: etree._Element, space: str, locale: tuple[str, str]) -> None:
    for name in (space + "script", STYLE + "rfc-language-tag", NUMBER + "rfc-language-tag"):
        element.attrib.pop(name, None)
    for name, value in zip(("language", "country"), locale, strict=True):
        element.set(space + name, value or "none")


def drop_traces(package: Package) -> None:
    """Take the parts out that hold for the source only."""
    gone = [name for name in _TRACES if name in package.names]
    for name in gone:
        package.remove(name)
    if _MANIFEST in package.names:
        for entry in list(package.xml(_MANIFEST)):
            if entry.get(MANIFEST + "full-path") in gone:
                package.xml(_MANIFEST).remove(entry)


def mark_draft(
    body: etree._Element, roots: Sequence[etree._Element], styles: Sequence[Styles], mark: str
) -> None:
    """Put the draft's mark at the top of the text and of every page."""
    looks = [_add_look(found) for found in styles]
    at = next((k for k, child in enumerate(body) if _is_content(child)), len(body))
    first = next(iter(body[at:]), None)
    if first is not None:
        _move_break(first, styles[0], looks[0])
    body.insert(at, _paragraph(mark))
    for root in roots[1:]:
        if next(body.iter(TEXT + "note"), None) is not None:
            _name_endnotes_page(root)
        for page in root.iterfind(f"{OFFICE}master-styles/{STYLE}master-page"):
            if page.find(STYLE + "header") is None:
                page.insert(0, etree.Element(STYLE + "header"))
            for name in _HEADERS:
                for header in page.iterchildren(STYLE + name):
                    header.insert(0, _paragraph(mark))


def _name_endnotes_page(root: etree._Element) -> None:
    """LibreOffice prints endnotes on pages called "Endnote", which it makes up, without a header,
    where the document has none: let it have them, like its first ones but for what they bear.
    """
    pages = root.findall(f"{OFFICE}master-styles/{STYLE}master-page")
    if pages and all(page.get(STYLE + "name") != "Endnote" for page in pages):
        made = etree.Element(STYLE + "master-page", {STYLE + "name": "Endnote"})
        layout = pages[0].get(STYLE + "page-layout-name")
        if layout:
            made.set(STYLE + "page-layout-name", layout)
        pages[-1].addnext(made)


def _is_content(element: etree._Element) -> bool:
    """Whether an element of the text is more than a declaration or a frame fixed to a page."""
    if element.tag == TABLE + "table":
        return True
    return bool(local(element)) and not local(element).endswith(("-decls", "tracked-changes"))


def _move_break(first: etree._Element, styles: Styles, look: etree._Element) -> None:
    """Where the text's first paragraph or table chooses its page, let the mark before it do so:
    else the mark would stand on a page of its own.
    """
    element = next(first.iter(TEXT + "p", TEXT + "h", TABLE + "table"), None)
    if element is None:
        return
    space, family = (TABLE, "table") if element.tag == TABLE + "table" else (TEXT, "paragraph")
    style = next(styles.lineage(family, element.get(space + "style-name", "")), None)
    if style is None:
        return
    page = style.get(STYLE + "master-page-name")
    breaks = f"{STYLE}{family}-properties"
    properties = style.find(breaks)
    if not page and (properties is None or properties.get(FO + "break-before") is None):
        return
    if page:
        look.set(STYLE + "master-page-name", page)
    container = style.getparent()
    if container is not None and container.tag == OFFICE + "styles":
        own = styles.add(_FIRST, family, style.get(STYLE + "name", ""))
    else:
        own = styles.add(_FIRST, family, style.get(STYLE + "parent-style-name", ""))
        own.extend(copy.deepcopy(child) for child in style)
    found = own.find(breaks)
    if found is None:
        found = etree.Element(breaks)
        own.insert(0, found)
    found.attrib.pop(STYLE + "page-number", None)
    found.set(FO + "break-before", "auto")
    own.set(STYLE + "master-page-name", "")
    element.set(space + "style-name", _FIRST)


def _add_look(styles: Styles) -> etree._Element:
    style = styles.add(_DRAFT, "paragraph")
    etree.SubElement(style, STYLE + "paragraph-properties", {FO + "text-align": "center"})
    etree.SubElement(
        style,
        STYLE + "text-properties",
        {FO + "font-weight": "bold", FO + "color": "#b00020"},
    )
    return style


def _paragraph(mark: str) -> etree._Element:
    paragraph = etree.Element(TEXT + "p", {TEXT + "style-name": _DRAFT})
    paragraph.text = mark
    return paragraph
