"""XLIFF 1.2 (OASIS Standard, 2008), which every CAT tool reads.

An approved unit is `approved="yes"` with the state `final`; anything else that has a translation
`needs-review-translation`, its `state-qualifier` telling a machine's draft from a memory's match.
The draft and the memory's matches are `alt-trans`, terms and remarks are notes.
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

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
DIALECT = Dialect(NAMESPACE, pair="g", alone="x", begin="bx", end="ex")

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_DONE = frozenset({"translated", "signed-off", "final"})
_TO_DO = frozenset(
    {"new", "needs-translation", "needs-adaptation", "needs-l10n", "needs-review-translation",
     "needs-review-adaptation", "needs-review-l10n"}
)  # fmt: skip


def write(package: Package) -> bytes:
    """The file's content. The units' texts must fit (see `inline.unfit`)."""
    from lxml import etree

    root = etree.Element(_name("xliff"), {"version": "1.2"}, nsmap={None: NAMESPACE})
    file = etree.SubElement(
        root,
        _name("file"),
        {
            "original": package.source_file,
            "source-language": SOURCE,
            "target-language": package.language,
            "datatype": "plaintext",
        },
    )
    body = etree.SubElement(file, _name("body"))
    texts: list[tuple[etree._Element, str]] = []
    for unit in package.units:
        _add_unit(body, unit, texts)
    etree.indent(root)  # before there is any text that it could change
    for element, text in texts:
        inline.fill(element, text, DIALECT)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _add_unit(
    body: etree._Element, unit: Exported, texts: list[tuple[etree._Element, str]]
) -> None:
    from lxml import etree

    approved = "yes" if unit.state is State.APPROVED else "no"
    element = etree.SubElement(
        body, _name("trans-unit"), {"id": unit.id, "approved": approved, _SPACE: "preserve"}
    )
    texts.append((etree.SubElement(element, _name("source")), unit.source))
    if unit.target:
        target = etree.SubElement(element, _name("target"), _state(unit))
        texts.append((target, unit.target))
    for suggestion in unit.suggestions:
        if inline.unfit(suggestion.source + suggestion.target, DIALECT):
            continue
        alternative = etree.SubElement(element, _name("alt-trans"), {_SPACE: "preserve"})
        if suggestion.score:
            alternative.set("match-quality", f"{suggestion.score}%")
        alternative.set("origin", inline.printable(suggestion.origin))
        texts.append((etree.SubElement(alternative, _name("source")), suggestion.source))
        texts.append((etree.SubElement(alternative, _name("target")), suggestion.target))
    for note in unit.notes:
        element.append(_note(note))


def _note(text: str) -> etree._Element:
    from lxml import etree

    note = etree.Element(_name("note"), {"from": "translator"})
    note.text = inline.printable(text)
    return note


def _state(unit: Exported) -> dict[str, str]:
    if unit.state is State.APPROVED:
        return {"state": "final"}
    state = {"state": "needs-review-translation"}
    if unit.state is State.DRAFT:
        memory = any(s.score and s.target == unit.target for s in unit.suggestions)
        state["state-qualifier"] = "tm-suggestion" if memory else "mt-suggestion"
    return state


def read(root: etree._Element, path: Path) -> ReturnedPackage:
    """The units of a file that came back. TranslatorError where it is none that we exported."""
    file = root.find(_name("file"))
    if file is None:
        raise TranslatorError("has no <file>: export it again from the CAT tool", file=path)
    units = []
    for element in root.iter(_name("trans-unit")):
        line = element.sourceline or 0
        target = element.find(_name("target"))
        try:
            units.append(
                Returned(
                    element.get("id", ""),
                    inline.read(element.find(_name("source")), DIALECT),
                    inline.read(target, DIALECT),
                    _is_done(element, target),
                    line,
                )
            )
        except ValueError as error:
            raise TranslatorError(
                f"has the tag {error}, which the Polish has not: remove it", file=path, line=line
            ) from error
    language = file.get("target-language", "").replace("_", "-").split("-")[0].lower()
    return ReturnedPackage(file.get("original", ""), language, tuple(units))


def _is_done(unit: etree._Element, target: etree._Element | None) -> bool | None:
    state = "" if target is None else target.get("state", "")
    if unit.get("approved") == "yes" or state in _DONE:
        return True
    return False if unit.get("approved") == "no" or state in _TO_DO else None


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"
