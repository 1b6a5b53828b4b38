"""XLIFF 2.0 (OASIS Standard, 2014) with its Translation Candidates module.

An approved unit has the state `final`, anything else `initial`; a machine's or memory's draft is
told by `subState`. The draft and the memory's matches are candidates, terms and remarks are notes.
A tool may split a unit into several segments: they come back as one.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from translator.catalogs import State
from translator.errors import TranslatorError
from translator.exchange import inline
from translator.exchange.inline import Dialect
from translator.exchange.package import Exported, Package, Returned, ReturnedPackage
from translator.model import SOURCE

if TYPE_CHECKING:
    from lxml import etree

NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
CANDIDATES = "urn:oasis:names:tc:xliff:matches:2.0"
DIALECT = Dialect(
    NAMESPACE, pair="pc", alone="ph", begin="sc", end="ec", character="cp", isolated=True
)

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_DONE = frozenset({"translated", "reviewed", "final"})
_SEGMENT = "s1"


def write(package: Package) -> bytes:
    """The file's content."""
    from lxml import etree

    root = etree.Element(
        _name("xliff"),
        {"version": "2.0", "srcLang": SOURCE, "trgLang": package.language},
        nsmap={None: NAMESPACE, "mtc": CANDIDATES},
    )
    file = etree.SubElement(
        root,
        _name("file"),
        {"id": "f1", "original": package.source_file, "canResegment": "no"},
    )
    texts: list[tuple[etree._Element, str]] = []
    for unit in package.units:
        _add_unit(file, unit, texts)
    etree.indent(root)  # before there is any text that it could change
    for element, text in texts:
        inline.fill(element, text, DIALECT)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _add_unit(
    file: etree._Element, unit: Exported, texts: list[tuple[etree._Element, str]]
) -> None:
    from lxml import etree

    element = etree.SubElement(file, _name("unit"), {"id": unit.id, _SPACE: "preserve"})
    if unit.suggestions:
        matches = etree.SubElement(element, f"{{{CANDIDATES}}}matches")
        for suggestion in unit.suggestions:
            match = etree.SubElement(matches, f"{{{CANDIDATES}}}match", {"ref": f"#{_SEGMENT}"})
            if suggestion.score:
                match.set("similarity", str(min(suggestion.score, 100)))
            match.set("origin", inline.printable(suggestion.origin))
            match.set("type", "tm" if suggestion.score else "mt")
            texts.append((etree.SubElement(match, _name("source")), suggestion.source))
            texts.append((etree.SubElement(match, _name("target")), suggestion.target))
    if unit.notes:
        notes = etree.SubElement(element, _name("notes"))
        for note in unit.notes:
            etree.SubElement(notes, _name("note")).text = inline.printable(note)
    approved = unit.state is State.APPROVED
    segment = etree.SubElement(
        element,
        _name("segment"),
        {
            "id": _SEGMENT,
            "state": "final" if approved else "initial",
            "subState": f"translator:{unit.state.value}",
        },
    )
    texts.append((etree.SubElement(segment, _name("source")), unit.source))
    if unit.target:
        texts.append((etree.SubElement(segment, _name("target")), unit.target))


def read(root: etree._Element, path: Path) -> ReturnedPackage:
    """The units of a file that came back. TranslatorError where it is none that we exported."""
    file = root.find(_name("file"))
    if file is None:
        raise TranslatorError("has no <file>: export it again from the CAT tool", file=path)
    units = []
    for element in root.iter(_name("unit")):
        line = element.sourceline or 0
        try:
            units.append(_read_unit(element, line))
        except ValueError as error:
            raise TranslatorError(
                f"has the tag {error}, which the Polish has not: remove it", file=path, line=line
            ) from error
    language = root.get("trgLang", "").split("-")[0].lower()
    return ReturnedPackage(file.get("original", ""), language, tuple(units))


def _read_unit(element: etree._Element, line: int) -> Returned:
    source = target = ""
    states: list[bool | None] = []
    for part in element.iterchildren(_name("segment"), _name("ignorable")):
        text = inline.read(part.find(_name("source")), DIALECT)
        translated = part.find(_name("target"))
        source += text
        if translated is not None:
            target += inline.read(translated, DIALECT)
        elif part.tag == _name("ignorable"):
            target += text
        if part.tag == _name("segment"):
            state = part.get("state")
            states.append(None if state is None else state in _DONE)
    done = None if None in states else all(states)
    return Returned(element.get("id", ""), source, target, done, line)


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"
