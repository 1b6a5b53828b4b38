"""The properties of runs: what a run of a Word document looks like."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from translator.documents.docx.names import W, local, make, value
from translator.documents.docx.styles import TOGGLES, state
from translator.documents.markup import weight

_NO_FORMAT = ("lang", "noProof", "webHidden", "bCs", "iCs", "ins", "del", "moveFrom", "moveTo")
_WORDS = {
    **{"color": "colour", "sz": "size", "szCs": "", "rFonts": "font", "highlight": "highlighted"},
    **{"shd": "shading", "caps": "capitals", "smallCaps": "small capitals", "dstrike": "struck"},
}
# The order in which the schema wants the properties of a run.
_ORDER = (
    *("rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike"),
    *("outline", "shadow", "emboss", "imprint", "noProof", "snapToGrid", "vanish", "webHidden"),
    *("color", "spacing", "w", "kern", "position", "sz", "szCs", "highlight", "u", "effect"),
    *("bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout"),
)
Key = tuple[tuple[object, ...], ...]  # what the rest of a run's properties says


@dataclass(frozen=True, slots=True)
class Format:
    """The properties of a run, sorted out: its character style, the toggles, and the rest."""

    style: str = ""
    toggles: Mapping[str, etree._Element] = field(default_factory=dict)
    rest: tuple[etree._Element, ...] = ()

    @property
    def key(self) -> Key:
        """Equal where `rest` says the same."""
        return tuple(map(said, self.rest))


def is_hidden(run: etree._Element) -> bool:
    """Whether a run's text is hidden, which Word shows only to those who ask for it."""
    hidden = run.find(f"{W}rPr/{W}vanish")
    return hidden is not None and state(hidden) != ""


def usual_formats(runs: Iterable[etree._Element]) -> Counter[Key]:
    """How much text has which formatting, toggles and character style apart."""
    usual: Counter[Key] = Counter()
    for run in runs:
        if length := sum(weight(text.text or "") for text in run.iterchildren(W + "t")):
            usual[format_of(run).key] += length
    return usual


def described(rest: Iterable[etree._Element], base: Format) -> str:
    """In words, in what these properties differ from the rest of `base`."""
    words = [_WORDS.get(local(e), local(e)) for e in rest if said(e) not in base.key]
    return " ".join(filter(None, words)) or "plain"


def said(element: etree._Element) -> tuple[object, ...]:
    """What a property says, to be compared."""
    return (element.tag, *sorted(element.attrib.items()))


def format_of(run: etree._Element) -> Format:
    """The properties of a run that a person can see."""
    toggles: dict[str, etree._Element] = {}
    rest = []
    style = ""
    properties = run.find(W + "rPr")
    for element in () if properties is None else properties:
        name = local(element)
        if name in _NO_FORMAT or name.endswith("Change"):
            continue
        if name == "rStyle":
            style = value(element)
        elif name in TOGGLES:
            toggles[name] = element
        elif name == "rFonts":
            fonts = copy.deepcopy(element)
            fonts.attrib.pop(W + "hint", None)
            if fonts.attrib:
                rest.append(fonts)
        else:
            rest.append(element)
    return Format(style, {n: toggles[n] for n in TOGGLES if n in toggles}, tuple(rest))


def properties(style: str, elements: Iterable[etree._Element]) -> etree._Element | None:
    """The properties of a run with this character style and copies of these elements; None where
    there are none.
    """
    found = [copy.deepcopy(element) for element in elements]
    if style:
        found.append(make("rStyle", val=style))
    order = {name: k for k, name in enumerate(_ORDER)}
    found.sort(key=lambda element: order.get(local(element), len(order)))
    return make("rPr", *found) if found else None
