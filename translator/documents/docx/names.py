"""The XML names of WordprocessingML."""

from __future__ import annotations

from typing import Final

from lxml import etree

NAMESPACE: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W: Final = f"{{{NAMESPACE}}}"
R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PIC: Final = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
WP: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
VML: Final = "{urn:schemas-microsoft-com:vml}"
SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"


def local(element: etree._Element) -> str:
    """The name of an element of WordprocessingML without its namespace, empty for others."""
    tag = element.tag
    return tag.removeprefix(W) if isinstance(tag, str) and tag.startswith(W) else ""


def value(element: etree._Element | None, name: str = "val") -> str:
    """The attribute `w:name` of an element, empty where either is missing."""
    return "" if element is None else str(element.get(W + name, ""))


def make(name: str, *children: etree._Element, **attributes: str) -> etree._Element:
    """A new element `w:name`."""
    element = etree.Element(
        W + name, {W + key: text for key, text in attributes.items()}, nsmap={"w": NAMESPACE}
    )
    element.extend(children)
    return element
