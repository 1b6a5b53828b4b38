"""What an OpenDocument's styles say of the paragraphs, spans and lists that refer to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from translator.documents.odt.names import FO, OFFICE, STYLE, SVG, TEXT

# Formatting that a person sees as such: the attributes that make it, and its kind where it is on.
TOGGLES: Final = {
    "bold": (FO + "font-weight",),
    "italic": (FO + "font-style",),
    "underline": tuple(f"{STYLE}text-underline-{n}" for n in ("style", "type", "width", "color")),
    "script": (STYLE + "text-position",),
    "struck": tuple(f"{STYLE}text-line-through-{n}" for n in ("style", "type")),
}
_TOGGLE_NAMES = frozenset(name for names in TOGGLES.values() for name in names)
# What nobody sees in a Polish, Russian, Kazakh or English text.
_UNSEEN = re.compile(
    r".*-(asian|complex)|(rfc-)?language|country|script|script-type|font-(pitch|charset|"
    r"family-generic)|font-style-name|hyphen.*|letter-kerning|text-underline-mode"
)
_DEEPEST = 50  # styles that inherit from each other
_ESCAPE = re.compile(r"_([0-9a-f]{1,6})_")
Properties = tuple[tuple[str, str], ...]  # attributes of text properties, sorted by name


@dataclass(frozen=True, slots=True)
class Format:
    """What a piece of text looks like: its character style, and what is set beside it."""

    style: str = ""
    direct: Properties = ()

    @property
    def rest(self) -> Properties:
        """What is set apart from the toggles."""
        return tuple(item for item in self.direct if item[0] not in _TOGGLE_NAMES)

    def toggle(self, name: str) -> Properties:
        """What is set of a toggle."""
        return tuple(item for item in self.direct if item[0] in TOGGLES[name])


def state(name: str, properties: Properties) -> str | None:
    """What properties set a toggle to: its kind, "" for off, None where they say nothing of it."""
    given = dict(properties).get(TOGGLES[name][0])
    if given is None:
        return None
    if name == "bold":
        return name if given == "bold" or (given.isdecimal() and int(given[:4]) >= 600) else ""
    if name == "script":
        if given.startswith(("super", "sub")):
            return "superscript" if given.startswith("super") else "subscript"
        height = given.partition("%")[0]
        if height.strip("-0.") == "":
            return ""
        return "subscript" if height.startswith("-") else "superscript"
    if given in ("none", "normal", ""):
        return ""
    return "style" if name == "struck" else name


class Styles:
    """The styles that hold in the part `root`: its automatic ones and the common ones of
    `common`, the root of styles.xml.
    """

    def __init__(self, root: etree._Element, common: etree._Element | None):
        self._common: dict[tuple[str, str], etree._Element] = {}
        self._own: dict[tuple[str, str], etree._Element] = {}
        self._lists: dict[str, etree._Element] = {}
        self._resolved: dict[tuple[str, str], Properties] = {}
        self._root = root
        shared = None if common is None else common.find(OFFICE + "styles")
        for parent, known in (
            (shared, self._common),
            (root.find(OFFICE + "automatic-styles"), self._own),
        ):
            for element in () if parent is None else parent:
                name = element.get(STYLE + "name", "")
                if element.tag == STYLE + "style":
                    known[element.get(STYLE + "family", ""), name] = element
                elif element.tag == TEXT + "list-style":
                    self._lists[name] = element
        self._known = {
            Format(element.get(STYLE + "parent-style-name", ""), _properties(element)): name
            for (family, name), element in reversed(self._own.items())
            if family == "text" and not _is_hidden(element)
        }

    def lineage(self, family: str, name: str) -> Iterator[etree._Element]:
        """A style and those that it inherits from."""
        seen = set[str]()
        found = self._own.get((family, name))
        if found is not None:
            yield found
            name = found.get(STYLE + "parent-style-name", "")
        while (family, name) in self._common and name not in seen and len(seen) < _DEEPEST:
            seen.add(name)
            found = self._common[family, name]
            yield found
            name = found.get(STYLE + "parent-style-name", "")

    def attribute(self, family: str, name: str, attribute: str) -> str:
        """An attribute of a style, or of the next one that it inherits from and that has it."""
        found = (element.get(attribute) for element in self.lineage(family, name))
        return next((value for value in found if value is not None), "")

    def properties(self, family: str, name: str) -> Properties:
        """The text properties of a style, those inherited included."""
        if (family, name) not in self._resolved:
            merged: dict[str, str] = {}
            for element in self.lineage(family, name):
                merged = {**dict(_properties(element)), **merged}
            self._resolved[family, name] = tuple(sorted(merged.items()))
        return self._resolved[family, name]

    def is_hidden(self, family: str, name: str) -> bool:
        """Whether text of a style is hidden."""
        return any(_is_hidden(element) for element in self.lineage(family, name))

    def is_ordered(self, name: str, level: int) -> bool:
        """Whether the items of a list style at `level` (from 1) have numbers or letters."""
        for found in self._lists.get(name, ()):
            if found.get(TEXT + "level") == str(level):
                numbered = found.tag == TEXT + "list-level-style-number"
                return numbered and found.get(STYLE + "num-format", "") != ""
        return False

    def inside(self, outer: Format, name: str) -> Format:
        """What a span of the style `name` looks like in text that looks like `outer`."""
        element = self._own.get(("text", name))
        if element is None:
            style, own = (name, {}) if ("text", name) in self._common else ("", {})
        else:
            style, own = element.get(STYLE + "parent-style-name", ""), dict(_properties(element))
        kept = dict(outer.direct)
        if style and style != outer.style:
            named = dict(self.properties("text", style))
            kept = {**dict(self.properties("text", outer.style)), **kept}
            kept = {key: value for key, value in kept.items() if key not in named}
        return Format(style or outer.style, tuple(sorted({**kept, **own}.items())))

    def name_of(self, form: Format) -> str:
        """The style of a span that looks like `form`: the document's own where it has one, else one
        that is made; empty where it needs none.
        """
        if not form.direct:
            return form.style
        if form not in self._known:
            taken = {name for _, name in (*self._own, *self._common)}
            number = 1 + sum(name.startswith("Tr") for name in taken)
            while f"Tr{number}" in taken:
                number += 1
            element = self.add(f"Tr{number}", "text", form.style)
            etree.SubElement(element, STYLE + "text-properties", dict(form.direct))
            self._known[form] = f"Tr{number}"
        return self._known[form]

    def add(self, name: str, family: str, parent: str = "") -> etree._Element:
        """A new automatic style without properties."""
        automatic = self._root.find(OFFICE + "automatic-styles")
        if automatic is None:
            automatic = etree.Element(OFFICE + "automatic-styles")
            later = (OFFICE + "master-styles", OFFICE + "body")
            at = next((k for k, child in enumerate(self._root) if child.tag in later), 0)
            self._root.insert(at, automatic)
        element = etree.SubElement(automatic, STYLE + "style")
        element.set(STYLE + "name", name)
        element.set(STYLE + "family", family)
        if parent:
            element.set(STYLE + "parent-style-name", parent)
        self._own[family, name] = element
        return element


def title(style: str) -> str:
    """The name of a style as people read it."""
    return _ESCAPE.sub(_character, style)


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if code < 0x110000 and chr(code).isprintable() else match[0]


def described(changed: Iterable[tuple[str, str]]) -> str:
    """These properties in words."""
    words = {"color": "colour", "font-size": "size", "font-name": "font", "font-family": "font"}
    words |= {"background-color": "highlighted", "text-transform": "capitals"}
    words |= {"font-variant": "small capitals", "use-window-font-color": "colour"}
    names = (name.rpartition("}")[2] for name, _ in changed)
    return " ".join(dict.fromkeys(words.get(name, name) for name in names)) or "plain"


def _properties(style: etree._Element) -> Properties:
    found = style.find(STYLE + "text-properties")
    return tuple(
        sorted(
            (str(name), str(value))
            for name, value in ({} if found is None else found.attrib).items()
            if str(name).startswith((FO, STYLE, SVG))
            and not _UNSEEN.fullmatch(str(name).rpartition("}")[2])
        )
    )


def _is_hidden(style: etree._Element) -> bool:
    found = style.find(STYLE + "text-properties")
    return found is not None and found.get(TEXT + "display") == "none"
