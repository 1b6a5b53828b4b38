"""Text with numbered tags (`<1>…</1>`, `<2/>`) as the content of an XLIFF element, and back.

A tag that has its partner becomes an element around its text (`g` in XLIFF 1.2, `pc` in 2.0), a
standalone one an empty element (`x`, `ph`), and one whose partner is missing an empty element that
says so (`bx` and `ex`, `sc` and `ec`). Characters that XML cannot hold become `cp` in XLIFF 2.0;
1.2 has nothing for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import etree

_TAG = re.compile(r"<(?:(?P<alone>[0-9]+)/|(?P<begin>[0-9]+)|/(?P<end>[0-9]+))>")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What tools put around parts of a text that is part of the text: segments, comments.
_TRANSPARENT = frozenset({"mrk", "sub"})


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a version of XLIFF calls the elements; `character` is "" where it has none."""

    namespace: str
    pair: str
    alone: str
    begin: str
    end: str
    character: str = ""
    isolated: bool = False  # begin and end must say that their partner is missing


def fill(element: etree._Element, text: str, dialect: Dialect) -> None:
    """Put `text`, which must fit the format (see `unfit`), into an empty element."""
    tags = list(_TAG.finditer(text))
    partners = _partners(tags)
    parents, position = [element], 0
    for index, tag in enumerate(tags):
        _append_text(parents[-1], text[position : tag.start()], dialect)
        position = tag.end()
        number = tag["alone"] or tag["begin"] or tag["end"]
        if tag["begin"] and index in partners:
            parents.append(_append(parents[-1], dialect, dialect.pair, id=number))
        elif tag["end"] and index in partners:
            parents.pop()
        elif tag["alone"]:
            _append(parents[-1], dialect, dialect.alone, id=number)
        else:
            name = dialect.begin if tag["begin"] else dialect.end
            isolated = {"isolated": "yes"} if dialect.isolated else {}
            _append(parents[-1], dialect, name, id=number, **isolated)
    _append_text(parents[-1], text[position:], dialect)


def read(element: etree._Element | None, dialect: Dialect) -> str:
    """The text of an element with its tags. ValueError, with its name, at an element that the
    tool did not get from us.
    """
    return "" if element is None else "".join(_read(element, dialect))


def printable(text: str) -> str:
    """The text with U+FFFD for what XML cannot hold, for remarks that no one translates."""
    return _NO_XML.sub("\ufffd", text)


def unfit(text: str, dialect: Dialect) -> str:
    """The first character that the format cannot hold, "" if there is none."""
    strange = None if dialect.character else _NO_XML.search(text)
    return strange[0] if strange else ""


def _partners(tags: Sequence[re.Match[str]]) -> set[int]:
    """The indices of those opening and closing tags that enclose something together."""
    found: set[int] = set()
    open: list[int] = []
    for index, tag in enumerate(tags):
        if tag["begin"]:
            open.append(index)
        elif tag["end"]:
            at = next((i for i in reversed(open) if tags[i]["begin"] == tag["end"]), None)
            if at is not None:
                found |= {at, index}
                del open[open.index(at) :]  # what is open inside has no partner
    return found


def _append(parent: etree._Element, dialect: Dialect, name: str, **values: str) -> etree._Element:
    from lxml import etree

    return etree.SubElement(parent, f"{{{dialect.namespace}}}{name}", values)


def _append_text(parent: etree._Element, text: str, dialect: Dialect) -> None:
    position = 0
    for strange in _NO_XML.finditer(text):
        _add_plain(parent, text[position : strange.start()])
        _append(parent, dialect, dialect.character, hex=f"{ord(strange[0]):04X}")
        position = strange.end()
    _add_plain(parent, text[position:])


def _add_plain(parent: etree._Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _read(element: etree._Element, dialect: Dialect) -> Iterator[str]:
    from lxml import etree

    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            name, number = etree.QName(child).localname, child.get("id", "")
            if name == dialect.character and name:
                yield chr(int(child.get("hex", ""), 16))
            elif name in _TRANSPARENT:
                yield from _read(child, dialect)
            elif not re.fullmatch("[0-9]+", number):
                raise ValueError(f"<{name}>")
            elif name == dialect.pair:
                yield f"<{number}>"
                yield from _read(child, dialect)
                yield f"</{number}>"
            elif name in (dialect.alone, dialect.begin, dialect.end):
                mark = {dialect.alone: "<{}/>", dialect.begin: "<{}>", dialect.end: "</{}>"}[name]
                yield mark.format(number)
            else:
                raise ValueError(f"<{name}>")
        yield child.tail or ""
