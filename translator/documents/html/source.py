"""The text of an HTML file as a tree, and a tree as text: nothing outside is loaded, no entities
are defined, and what nobody changed comes out as it went in.

libxml2's own serialiser is not used: it rewrites addresses and the declared encoding.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5
from pathlib import Path

from lxml import etree

from translator.documents import encoding
from translator.errors import TranslatorError

LARGEST = 20_000_000  # bytes, whose tree takes many times as much
DEEPEST = 100  # elements inside each other; libxml2 drops without a word what is deeper than 255

_DECLARED = re.compile(
    rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]{1,200}?encoding=[\"']([\w.-]+)",
    re.IGNORECASE,
)
_HONEST = re.compile(r"utf-8|iso8859-\d+|cp125\d")  # what a page that declares it can be in
_BROWSERS = {"iso8859-1": "cp1252"}  # what browsers take it for
_PROLOGUE = re.compile(r"(?:\s+|<!--.*?-->|<\?[^>]*>|<![^>\[]*>)*", re.DOTALL)
_XHTML = re.compile(r"\s*<\?xml\b|\s*(?:<!--.*?-->\s*)?<!doctype[^>]*\bXHTML\b", re.I | re.DOTALL)
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z]\w*;)")
_ENCODING = re.compile(r"(<\?xml[^>]*?encoding=)([\"'])[^\"']*\2")

_VOID = frozenset(
    (
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param"),
        *("source", "track", "wbr", "basefont", "frame"),
    )
)
_BOOLEAN = frozenset(
    (
        *("allowfullscreen", "async", "autofocus", "autoplay", "checked", "controls", "default"),
        *("defer", "disabled", "hidden", "inert", "ismap", "itemscope", "loop", "multiple"),
        *("muted", "nomodule", "novalidate", "open", "playsinline", "readonly", "required"),
        *("reversed", "selected"),
    )
)
_RAW = frozenset((*("script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext"),))


def local(node: etree._Element) -> str:
    """The name of an element in lower case without its namespace; "" for a comment."""
    tag = node.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed page: its root element, what stands before it, whether it is XML, and whether it is
    a whole page or only a piece of one.
    """

    root: etree._Element
    prologue: str
    is_xml: bool
    is_whole: bool

    def make(self, name: str, text: str = "", /, **attributes: str) -> etree._Element:
        """A new element of the page's language."""
        namespace = etree.QName(self.root).namespace
        element = etree.Element(f"{{{namespace}}}{name}" if namespace else name, attributes)
        element.text = text or None
        return element

    def find(self, *names: str) -> list[etree._Element]:
        """All elements of these names, in order."""
        return [element for element in self.root.iter() if local(element) in names]

    def save(self) -> bytes:
        """The page in UTF-8."""
        if self.is_xml:
            body = etree.tostring(self.root, encoding="unicode", with_tail=False)
        elif self.is_whole:
            body = "".join(_written(self.root))
        else:
            body = "".join(
                _text(part.text or "") + "".join(map("".join, map(_written_with_tail, part)))
                for part in self.root
            )
        after = "".join(
            f"<!--{node.text}-->" for node in self.root.itersiblings() if not local(node)
        )
        before = _ENCODING.sub(r"\1\2UTF-8\2", self.prologue)
        return f"{before}{body}{after}\n".encode()


def parse(data: bytes, path: Path) -> Source:
    """The page in `data`. TranslatorError, naming `path`, where it is none."""
    if len(data) > LARGEST:
        raise TranslatorError(
            f"has more than {LARGEST // 1_000_000} MB: save the page without embedded files",
            file=path,
        )
    text = _decoded(data, path).replace("\0", "\ufffd")
    prologue = _PROLOGUE.match(text)
    before = prologue[0] if prologue else ""
    if "<!ENTITY" in text[: len(before) + 1000]:
        raise TranslatorError("defines entities, which no page needs: do not open it", file=path)
    is_whole = re.match("<html[\\s>]", text[len(before) :], re.IGNORECASE) is not None
    root = None
    if is_whole and _XHTML.match(text):
        root = _as_xml(text[len(before) :])
    is_xml = root is not None
    if root is None:
        parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
        try:
            root = etree.fromstring(text[len(before) :].encode() or b" ", parser)
        except etree.XMLSyntaxError as error:
            raise TranslatorError(f"is no HTML page: {error.msg}", file=path) from error
    if root is None:
        raise TranslatorError("has no text; there is nothing to translate", file=path)
    if _depth(root) > DEEPEST:
        raise TranslatorError(
            f"has more than {DEEPEST} elements inside each other: save the page anew", file=path
        )
    return Source(root, before, is_xml, is_whole)


def _decoded(data: bytes, path: Path) -> str:
    """As the byte order mark or the page itself declares, else as it reads best."""
    declared = _DECLARED.search(data[:4096])
    if declared and not data.startswith(
        (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    ):
        try:
            name = codecs.lookup((declared[1] or declared[2]).decode()).name
            if _HONEST.fullmatch(name):
                return data.decode(_BROWSERS.get(name, name))
        except (LookupError, UnicodeDecodeError):
            pass
    return encoding.decode(data, path)


def _as_xml(text: str) -> etree._Element | None:
    """The root of an XHTML page, None where it is not well-formed and must be read as HTML."""
    known = _ENTITY.sub(lambda m: html5.get(m[1], m[0]), text)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, strip_cdata=False
    )
    try:
        return etree.fromstring(known.encode(), parser)
    except etree.XMLSyntaxError:
        return None


def _depth(root: etree._Element) -> int:
    depth = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _written_with_tail(node: etree._Element) -> Iterator[str]:
    yield from _written(node)
    yield _text(node.tail or "")


def _written(node: etree._Element) -> Iterator[str]:
    if not local(node):
        yield f"<!--{node.text}-->"
        return
    name = str(node.tag)
    yield f"<{name}"
    for key, value in node.attrib.items():
        is_bare = not value and key in _BOOLEAN
        yield f" {key}" if is_bare else f' {key}="{_value(str(value))}"'
    yield ">"
    if name in _VOID:
        return
    yield (node.text or "") if name in _RAW else _text(node.text or "")
    for child in node:
        yield from _written_with_tail(child)
    yield f"</{name}>"


def _text(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("\u00a0", "&nbsp;")


def _value(text: str) -> str:
    return _text(text).replace('"', "&quot;")
