"""What HTML's elements are to a translator: running text, markup inside it, or no text at all."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from translator.documents.html.source import local

# Elements that begin a new block.
BLOCKS: Final = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "col"),
        *("colgroup", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset"),
        *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head"),
        *("header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p"),
        *("pre", "search", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead"),
        *("tr", "ul"),
    )
)
# The kind of markup that an element inside a text is; any other one is a "style".
KINDS: Final = {
    **{"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline"},
    **{"a": "link", "sup": "superscript", "sub": "subscript"},
}
# What a text goes around, as it is.
OBJECTS: Final = frozenset(
    (
        *("area", "audio", "button", "canvas", "code", "embed", "iframe", "input", "kbd", "map"),
        *("math", "meter", "object", "output", "progress", "samp", "select", "svg", "textarea"),
        *("tt", "video", "wbr"),
    )
)
# What nobody sees.
SILENT: Final = frozenset(
    (*("base", "link", "meta", "noscript", "param", "script", "source", "style", "template"),)
)

_BESIDE = frozenset(["aside", "dialog", "footer", "nav", "pre", "search"])
_ROLES = frozenset(
    (
        *("alertdialog", "banner", "complementary", "contentinfo", "dialog", "menu", "menubar"),
        *("navigation", "search", "tablist", "toolbar"),
    )
)
_CLASSES = re.compile(
    r"(?:^|[\s_-])(?:breadcrumbs?|carousel-(?:control|indicator)s?|controls|cookies?|lightbox|"
    r"menu|metrics|nav|navbar|navigation|pager|pagination|print|related|share|sharing|sidebar|"
    r"skip|social|sr-only|toc|toolbar|visually-hidden)(?=$|[\s_-])",
    re.IGNORECASE,
)
_INVISIBLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_MARK = 6  # characters of the mark of a footnote
_NOTE = re.compile(r"#(?:_?ftn|fn|footnote|note|przypis)[\w:.-]*", re.IGNORECASE)


def is_hidden(element: etree._Element) -> bool:
    """Whether nobody is meant to see or hear it."""
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or _INVISIBLE.search(element.get("style", "")) is not None
    )


def is_foreign(element: etree._Element) -> bool:
    """Whether its text is not to be translated."""
    return element.get("translate", "").lower() == "no" or (
        "notranslate" in element.get("class", "").split()
    )


def is_beside(element: etree._Element) -> bool:
    """Whether it is a page's apparatus: navigation, asides, controls."""
    return not is_notes(element) and (local(element) in _BESIDE or element.get("role") in _ROLES)


def is_named_beside(element: etree._Element) -> bool:
    """Whether its class or id calls it apparatus; a form may also hold a whole page."""
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return local(element) == "form" or _CLASSES.search(names) is not None


def is_notes(element: etree._Element) -> bool:
    """Whether it holds footnotes."""
    words = element.get("class", "").lower().split()
    return element.get("role", "") in ("doc-footnote", "doc-endnotes") or bool(
        {"footnotes", "footnote", "endnotes", "przypisy"}.intersection(words)
    )


def is_note_mark(element: etree._Element) -> bool:
    """Whether it is the mark of a footnote: a link to one, of a few characters."""
    if local(element) == "sup" and len(element) == 1 and not (element.text or "").strip():
        return not (element[0].tail or "").strip() and is_note_mark(element[0])
    if local(element) != "a":
        return False
    is_marked = element.get("role") == "doc-noteref" or (
        _NOTE.fullmatch(element.get("href", "")) is not None
        and any(local(e) == "sup" for e in (*element.iterancestors(), *element.iter()))
    )
    return is_marked and len(words(element)) <= _MARK


def words(element: etree._Element) -> str:
    """The text of an element in one line, without what nobody sees."""
    texts = (
        str(text)
        for text in element.xpath("descendant::text()")
        if local(text.getparent()) not in SILENT or text.is_tail
    )
    return " ".join("".join(texts).split())
