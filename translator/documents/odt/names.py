"""The XML names of OpenDocument."""

from __future__ import annotations

from typing import Final

from lxml import etree

_OASIS: Final = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE: Final = f"{{{_OASIS}office:1.0}}"
TEXT: Final = f"{{{_OASIS}text:1.0}}"
TABLE: Final = f"{{{_OASIS}table:1.0}}"
DRAW: Final = f"{{{_OASIS}drawing:1.0}}"
STYLE: Final = f"{{{_OASIS}style:1.0}}"
NUMBER: Final = f"{{{_OASIS}datastyle:1.0}}"
META: Final = f"{{{_OASIS}meta:1.0}}"
MANIFEST: Final = f"{{{_OASIS}manifest:1.0}}"
FO: Final = f"{{{_OASIS}xsl-fo-compatible:1.0}}"
SVG: Final = f"{{{_OASIS}svg-compatible:1.0}}"
XLINK: Final = "{http://www.w3.org/1999/xlink}"
DUBLIN: Final = "{http://purl.org/dc/elements/1.1/}"
LIBREOFFICE: Final = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"


def local(element: etree._Element) -> str:
    """The name of an element of the text namespace without it, empty for others."""
    tag = element.tag
    return tag.removeprefix(TEXT) if isinstance(tag, str) and tag.startswith(TEXT) else ""


def count(element: etree._Element, name: str, default: int = 1) -> int:
    """The positive number in the attribute `name`; `default` where there is none."""
    given = element.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 7 and int(given) else default
