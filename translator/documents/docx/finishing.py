"""What a translated Word document needs besides its text: language, title, a draft's mark."""

from __future__ import annotations

import copy

from lxml import etree

from translator.documents.docx.names import MC, NAMESPACE, R, W, make, value
from translator.documents.docx.parts import Parts

_CORE = "docProps/core.xml"
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_COMMENTS = ("comments", "commentsExtended", "commentsIds", "commentsExtensible", "people")


def describe(parts: Parts, title: str, locale: tuple[str, str]) -> None:
    """Set the title and the language, (code, country), in the document and its properties."""
    _set_language(parts, "-".join(filter(None, locale)))
    if _CORE not in parts.package.names:
        return
    core = parts.package.xml(_CORE)
    for name, text in (("title", title), ("language", "-".join(filter(None, locale)))):
        element = core.find(_DUBLIN + name)
        if element is None and text:
            element = etree.SubElement(core, _DUBLIN + name)
        if element is not None and text:
            element.text = text


def _set_language(parts: Parts, tag: str) -> None:
    for part in (
        parts.main,
        *parts.named("styles", "header", "footer", "footnotes", "endnotes", "numbering"),
    ):
        for language in parts.package.xml(part).iter(W + "lang"):
            if language.get(W + "val") is not None:
                language.set(W + "val", tag)
    element = parts.optional("styles")
    if element is None:
        return
    for name in ("docDefaults", "rPrDefault", "rPr", "lang"):
        found = element.find(W + name)
        if found is None:
            found = make(name)
            element.insert(0 if name == "docDefaults" else len(element), found)
        element = found
    element.set(W + "val", tag)


def drop_comments(parts: Parts) -> None:
    """Take the parts out that hold comments and their authors."""
    for part in parts.named(*_COMMENTS):
        parts.remove(part)


def repeat_in_fallbacks(root: etree._Element) -> None:
    """Let each text box for old programs say what the one for new ones says."""
    for element in root.iter(MC + "AlternateContent"):
        new = element.findall(f"{MC}Choice//{W}txbxContent")
        old = element.findall(f"{MC}Fallback//{W}txbxContent")
        if len(new) == len(old):
            for source, target in zip(new, old, strict=True):
                target[:] = [copy.deepcopy(child) for child in source]


def mark_draft(parts: Parts, mark: str) -> None:
    """Put the draft's mark at the top of the text and of every page."""
    body = parts.root.find(W + "body")
    if body is None:
        return
    body.insert(0, _paragraph(mark))
    for part in parts.named("header"):
        parts.package.xml(part).insert(0, _paragraph(mark))
    sections = list(parts.root.iter(W + "sectPr"))
    if not sections:
        sections = [make("sectPr")]
        body.append(sections[0])
    # A section without a header of its own has that of the section before it.
    first = sections[0]
    there = {value(r, "type") or "default" for r in first.iterchildren(W + "headerReference")}
    for type in ("default", *_other_pages(parts, sections)):
        if type not in there:
            header = etree.Element(W + "hdr", nsmap={"w": NAMESPACE})
            header.append(_paragraph(mark))
            reference = make("headerReference", type=type)
            reference.set(R + "id", parts.add("header", f"header-draft-{type}.xml", header))
            first.insert(0, reference)


def _other_pages(parts: Parts, sections: list[etree._Element]) -> list[str]:
    """The types of pages that have a header of their own."""
    found = ["first"] if any(s.find(W + "titlePg") is not None for s in sections) else []
    settings = parts.optional("settings")
    if settings is not None and settings.find(W + "evenAndOddHeaders") is not None:
        found.append("even")
    return found


def _paragraph(mark: str) -> etree._Element:
    text = make("t")
    text.text = mark
    look = make("rPr", make("b"), make("color", val="B00020"))
    alignment = make("pPr", make("jc", val="center"))
    return make("p", alignment, make("r", look, text))
