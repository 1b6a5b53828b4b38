"""What a Word document's styles and lists say of a paragraph or run that refers to them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from translator.documents.docx.names import W, value

# Formatting of characters that a person sees as such, with its kind where it is on.
TOGGLES = {"b": "bold", "i": "italic", "u": "underline", "strike": "style", "vertAlign": ""}
_OFF = ("", "0", "false", "off", "none", "baseline")


def state(element: etree._Element) -> str:
    """What a toggle property sets: "" for off, else "on" or the place of a script."""
    given = element.get(W + "val")
    if given is None:
        return "on"
    if given in _OFF:
        return ""
    return given if given in ("superscript", "subscript") else "on"


class Styles:
    """The styles of a document; `root` is that of its part, None where it has none."""

    def __init__(self, root: etree._Element | None):
        self._styles = (
            {} if root is None else {value(s, "styleId"): s for s in root.iter(W + "style")}
        )
        self._default = next(
            (
                name
                for name, style in self._styles.items()
                if value(style, "type") == "paragraph" and value(style, "default") in ("1", "true")
            ),
            "",
        )

    def name(self, style: str) -> str:
        """The name of a style as Word itself calls it in every language, in lower case."""
        found = self._styles.get(style)
        return "" if found is None else value(found.find(W + "name")).lower()

    def toggle(self, style: str, name: str) -> str | None:
        """What a style sets a toggle property to, None where it says nothing of it."""
        for found in self._chain(style):
            if (element := found.find(f"{W}rPr/{W}{name}")) is not None:
                return state(element)
        return None

    def paragraph(self, style: str, path: str) -> etree._Element | None:
        """The first element `path` below the paragraph properties of a style or its ancestors."""
        for found in self._chain(style or self._default):
            if (element := found.find(f"{W}pPr/{path}")) is not None:
                return element
        return None

    def _chain(self, style: str) -> Iterator[etree._Element]:
        seen = set()
        while style in self._styles and style not in seen:
            seen.add(style)
            found = self._styles[style]
            yield found
            style = value(found.find(W + "basedOn"))


class Numbering:
    """The lists of a document."""

    def __init__(self, root: etree._Element | None):
        self._lists: dict[str, etree._Element] = {}
        if root is None:
            return
        abstract = {value(a, "abstractNumId"): a for a in root.iter(W + "abstractNum")}
        for number in root.iter(W + "num"):
            found = abstract.get(value(number.find(W + "abstractNumId")))
            if found is not None:
                self._lists[value(number, "numId")] = found

    def is_ordered(self, number: str, level: str) -> bool:
        """Whether the items of list `number` at `level` (from "0") have numbers or letters."""
        found = self._lists.get(number)
        if found is None:
            return False
        formats = {
            value(lvl, "ilvl"): value(lvl.find(W + "numFmt")) for lvl in found.iter(W + "lvl")
        }
        return formats.get(level, "bullet") not in ("bullet", "none", "")
