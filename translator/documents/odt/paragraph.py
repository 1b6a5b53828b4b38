"""One paragraph of an OpenDocument text: its spans as pieces of formatted text, and back."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from lxml import etree

from translator.documents.markup import Content, Piece, compose
from translator.documents.odt.names import DRAW, LIBREOFFICE, TEXT, XLINK, count, local
from translator.documents.odt.styles import (
    TOGGLES,
    Format,
    Properties,
    Styles,
    described,
    state,
    title,
)
from translator.model import Inline

PARAGRAPHS = (TEXT + "p", TEXT + "h")
_CONTAINERS = (TEXT + "a", TEXT + "meta", LIBREOFFICE + "content-control")
_ANCHOR = re.compile(
    r"(bookmark|reference-mark|toc-mark|user-index-mark|alphabetical-index-mark)(-start|-end)?"
)
_SPACES = re.compile(r"[ \t\r\n]+")
_NUMBER = re.compile(r"\d+(?:[.,\u2013-]\d+)*")
_SHARE = 8


@dataclass(frozen=True, slots=True)
class _Object:
    """An element without text of the paragraph, and what text in its place looks like."""

    element: etree._Element
    form: Format


@dataclass(frozen=True, slots=True)
class _Change:
    """What a mark changes of the formatting around it: the character style, toggles or the rest."""

    style: str | None = None
    toggle: Properties = ()
    rest: Properties | None = None


class Paragraph:
    """The paragraph `element`; `notes` are the numbers of the notes by their element, `usual` how
    much of the whole document's text has which formatting.
    """

    def __init__(
        self,
        element: etree._Element,
        styles: Styles,
        notes: Mapping[etree._Element, str],
        usual: Mapping[Properties, int],
    ):
        self.element = element
        self._styles, self._notes, self._usual = styles, notes, usual
        self._look = styles.properties("paragraph", element.get(TEXT + "style-name", ""))
        # What a mark or object was made of; its ref is the index.
        self._sources: list[etree._Element | _Object | _Change] = []
        self._known: dict[object, Inline] = {}
        self._bases: dict[tuple[Inline, ...], Format] = {}
        self._after_space = True  # where white space is none, as at a paragraph's beginning

    @cached_property
    def content(self) -> Content:
        """The text and markup of the paragraph."""
        rows = self.rows
        self._find_bases(rows)
        return compose(
            [
                Piece(piece.text, piece.marks + self._marks(piece, form))
                if piece.object is None
                else piece
                for piece, form in rows
            ]
        )

    @cached_property
    def rows(self) -> list[tuple[Piece, Format]]:
        """The pieces, which bear only the containers they stand in, with what they look like."""
        return list(self._inside(self.element, (), Format()))

    def put(self, text: str, inlines: Sequence[Inline]) -> None:
        """Replace the text: spans are made anew, objects move, bookmarks stand around it."""
        pieces = self.content.pieces(text, inlines)
        anchors = [
            e
            for e in self.element.iter(TEXT + "*")
            if _ANCHOR.fullmatch(local(e)) and next(e.iterancestors(*PARAGRAPHS)) is self.element
        ]
        ends = [e for e in anchors if local(e).endswith("-end")]
        self.element.text = None
        del self.element[:]
        for anchor in anchors:
            if anchor not in ends:
                _append(self.element, anchor)
        self._after_space = True
        self._build(self.element, pieces, 0, set())
        for anchor in ends:
            _append(self.element, anchor)

    # Reading

    def _inside(
        self, parent: etree._Element, chain: tuple[Inline, ...], form: Format
    ) -> Iterator[tuple[Piece, Format]]:
        yield from self._text(parent.text, chain, form)
        for child in parent:
            yield from self._child(child, chain, form)
            yield from self._text(child.tail, chain, form)

    def _text(
        self, text: str | None, chain: tuple[Inline, ...], form: Format
    ) -> Iterator[tuple[Piece, Format]]:
        shown = _SPACES.sub(" ", text or "")
        if self._after_space:
            shown = shown.removeprefix(" ")
        if shown:
            self._after_space = shown.endswith(" ")
            yield Piece(shown, chain), form

    def _child(
        self, child: etree._Element, chain: tuple[Inline, ...], form: Format
    ) -> Iterator[tuple[Piece, Format]]:
        name = local(child)
        style = child.get(TEXT + "style-name", "")
        if name == "span" and not self._styles.is_hidden("text", style):
            yield from self._inside(child, chain, self._styles.inside(form, style))
        elif child.tag in _CONTAINERS and _has_text(child):
            yield from self._inside(child, (*chain, self._container(child)), form)
        elif name == "s":
            self._after_space = False
            yield Piece(" " * count(child, TEXT + "c"), chain), form
        elif isinstance(child.tag, str) and not _ANCHOR.fullmatch(name):
            self._after_space = False
            inline, text, loose = self._object(child)
            self._sources.append(_Object(child, form))
            mark = Inline(inline.kind, 0, 0, inline.detail, len(self._sources) - 1)
            yield Piece(text, chain, mark, loose), form

    def _object(self, element: etree._Element) -> tuple[Inline, str, bool]:
        """What an element without text of the paragraph is, its text, and whether it is loose."""
        name = local(element)
        if name == "line-break":
            return Inline("break", 0, 0), "\n", True
        if name == "tab":
            return Inline("break", 0, 0, "tab"), "\t", True
        if name == "note":
            return Inline("footnote", 0, 0, self._notes.get(element, "")), "", False
        if name == "span":
            return Inline("object", 0, 0, "hidden text"), "", True
        if element.find(DRAW + "object") is not None:
            return Inline("object", 0, 0, "embedded object"), "", False
        if next(element.iter(DRAW + "*"), None) is not None:
            return Inline("image", 0, 0), "", True
        shown = "".join(element.itertext())
        if _NUMBER.fullmatch(shown) and "page" not in name:
            return Inline("number", 0, 0, shown), "", False
        return Inline("object", 0, 0, f"field {name}".strip()), "", not shown

    def _container(self, element: etree._Element) -> Inline:
        if local(element) == "a":
            return self._mark(element, Inline("link", 0, 0, element.get(XLINK + "href", "")))
        return self._mark(element, Inline("style", 0, 0, "field"))

    def _mark(self, source: etree._Element | _Change, inline: Inline, key: object = None) -> Inline:
        key = key if key is not None else source
        if key not in self._known:
            self._sources.append(source)
            self._known[key] = Inline(inline.kind, 0, 0, inline.detail, len(self._sources) - 1)
        return self._known[key]

    def _find_bases(self, rows: Iterable[tuple[Piece, Format]]) -> None:
        """What the text in each container looks like: that is no markup of its own.

        Where an eighth or more of a paragraph looks like most of the document does, that is it: in
        a short item a long coloured word is still what stands out.
        """
        styles: dict[tuple[Inline, ...], Counter[str]] = {}
        rests: dict[tuple[Inline, ...], Counter[Properties]] = {}
        for piece, form in rows:
            if piece.object is None and not piece.is_blank:
                styles.setdefault(piece.marks, Counter())[form.style] += piece.weight
                rests.setdefault(piece.marks, Counter())[form.rest] += piece.weight
        for chain, counted in styles.items():
            style = counted.most_common(1)[0][0]
            if not chain and self._effects(style):
                style = ""
            found = rests[chain]
            share = min(found.total() // _SHARE, max(found.values()))
            common = [rest for rest, length in found.most_common() if length >= share]
            rest = max(common, key=lambda rest: self._usual.get(rest, 0))
            self._bases[chain] = Format(style, rest)

    def _marks(self, piece: Piece, form: Format) -> tuple[Inline, ...]:
        """What a piece's formatting adds to that of its paragraph."""
        base = self._bases.get(piece.marks, Format(form.style, form.rest))
        marks = []
        if form.style != base.style:
            effects = self._effects(form.style)
            kind = effects[0] if len(effects) == 1 else "style"
            inline = Inline(kind, 0, 0, title(form.style) or "no style")
            marks.append(self._mark(_Change(style=form.style), inline, ("style", form.style)))
        for name in TOGGLES:
            toggle = form.toggle(name)
            given = state(name, toggle)
            if given is None or given == self._inherited(form.style, name):
                continue
            word = f"not {name}" if not given else name if given == "style" else ""
            inline = Inline(given or "style", 0, 0, word)
            marks.append(self._mark(_Change(toggle=toggle), inline, toggle))
        if form.rest != base.rest:
            changed = sorted(set(form.rest) - set(base.rest))
            inline = Inline("style", 0, 0, described(changed))
            marks.append(self._mark(_Change(rest=form.rest), inline, ("rest", form.rest)))
        return tuple(marks)

    def _inherited(self, style: str, name: str) -> str:
        own = state(name, self._styles.properties("text", style))
        return own if own is not None else state(name, self._look) or ""

    def _effects(self, style: str) -> list[str]:
        """The kinds of the visible toggles that a character style switches."""
        named = self._styles.properties("text", style)
        given = {name: state(name, named) for name in TOGGLES}
        return [
            kind or "style"
            for name, kind in given.items()
            if kind is not None and kind != (state(name, self._look) or "")
        ]

    # Writing

    def _build(
        self, parent: etree._Element, pieces: Sequence[Piece], depth: int, used: set[int]
    ) -> None:
        """Append the pieces to `parent`; those that share a container at `depth` go into one."""
        for container, inner in groupby(pieces, lambda p: self._chain(p)[depth : depth + 1]):
            if container:
                source = self._sources[container[0].ref]
                assert isinstance(source, etree._Element)
                shell = etree.Element(source.tag, dict(source.attrib), nsmap=source.nsmap)
                _append(parent, shell)
                self._build(shell, list(inner), depth + 1, used)
                continue
            for form, alike in groupby(inner, self._form):
                style = self._styles.name_of(form)
                into = parent
                if style:
                    into = etree.SubElement(parent, TEXT + "span", {TEXT + "style-name": style})
                for piece in alike:
                    self._append(into, piece, used)

    def _chain(self, piece: Piece) -> tuple[Inline, ...]:
        return tuple(m for m in piece.marks if isinstance(self._sources[m.ref], etree._Element))

    def _form(self, piece: Piece) -> Format:
        if piece.object is not None:
            source = self._sources[piece.object.ref]
            assert isinstance(source, _Object)
            return source.form
        base = self._bases.get(self._chain(piece)) or Format()
        style, rest, toggles = base.style, base.rest, dict[str, str]()
        for mark in piece.marks:
            source = self._sources[mark.ref]
            if isinstance(source, _Change):
                style = style if source.style is None else source.style
                rest = rest if source.rest is None else source.rest
                toggles |= dict(source.toggle)
        return Format(style, tuple(sorted({**dict(rest), **toggles}.items())))

    def _append(self, parent: etree._Element, piece: Piece, used: set[int]) -> None:
        if piece.object is None:
            self._append_text(parent, piece.text)
            return
        source = self._sources[piece.object.ref]
        assert isinstance(source, _Object)
        if piece.object.kind == "break":
            self._after_space = True
        if piece.object.ref not in used:
            _append(parent, source.element)
        elif piece.object.kind not in ("footnote", "image"):  # these hold text and stand only once
            _append(parent, copy.deepcopy(source.element))
        used.add(piece.object.ref)

    def _append_text(self, parent: etree._Element, text: str) -> None:
        """Append text; a space that a reader would take for none becomes an element."""
        for part in re.findall(r"[ \t\r\n]+|[^ \t\r\n]+", text):
            if not part.isspace() or part[0] not in " \t\r\n":
                self._after_space = False
                _append_string(parent, part)
                continue
            spaces = len(part)
            if not self._after_space:
                _append_string(parent, " ")
                spaces -= 1
            if spaces:
                number = {TEXT + "c": str(spaces)} if spaces > 1 else {}
                etree.SubElement(parent, TEXT + "s", number)
            self._after_space = True


def _append(parent: etree._Element, element: etree._Element) -> None:
    element.tail = None
    parent.append(element)


def _append_string(parent: etree._Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _has_text(element: etree._Element) -> bool:
    """Whether text of the paragraph itself stands in a container."""
    if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
        return True
    return any(child.tag in (TEXT + "span", *_CONTAINERS) and _has_text(child) for child in element)
