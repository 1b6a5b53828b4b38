"""One paragraph of a Word document: its runs as pieces of formatted text, and back."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from translator.documents.docx.names import MC, SPACE, A, R, W, local, make, value
from translator.documents.docx.runs import Format, Key, described, format_of, is_hidden, properties
from translator.documents.docx.styles import TOGGLES, Styles, state
from translator.documents.markup import Content, Piece, compose
from translator.model import Inline

_CHARACTERS = {"noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_ELEMENTS = {character: name for name, character in _CHARACTERS.items()}
_TEXT = re.compile("[\u2011\u00ad]|[^\u2011\u00ad]+")
_FOOTNOTES = ("footnoteReference", "endnoteReference")
_PICTURES = (W + "drawing", W + "pict", W + "object", MC + "AlternateContent")
_ANCHORS = {"bookmarkStart": True, "bookmarkEnd": False, "permStart": True, "permEnd": False}
_CONTAINERS = ("hyperlink", "sdt")
_TRANSPARENT = ("smartTag", "customXml", "dir", "bdo", "ins", "moveTo")
_DROPPED = ("rPr", "delText", "instrText", "lastRenderedPageBreak", "annotationRef", "delInstrText")
_SHARE = 8
_NUMBER = re.compile(r"\d+(?:[.,\u2013-]\d+)*")
_HYPERLINK = re.compile(r'\s*HYPERLINK\s+(?:\\l\s+)?"([^"]*)"')


@dataclass(frozen=True, slots=True)
class _Atom:
    """One child of a run, or an element that stands beside the runs; `chain` are the containers
    around it.
    """

    element: etree._Element
    run: etree._Element | None
    chain: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class _Field:
    """A field that is a link: what stands before and after its text."""

    opening: tuple[_Atom, ...]
    closing: _Atom


@dataclass(frozen=True, slots=True)
class _Change:
    """What a mark changes of the formatting around it: the character style, toggles or the rest."""

    style: str | None = None
    toggle: etree._Element | None = None
    rest: tuple[etree._Element, ...] | None = None


_Source = etree._Element | _Field | _Change | tuple[_Atom, ...]


class Paragraph:
    """The paragraph `element`; `style` is its style, `links` are the targets of relationships,
    `notes` the numbers of footnotes by their reference's id, `usual` how much of the whole
    document's text has which formatting.
    """

    def __init__(
        self,
        element: etree._Element,
        styles: Styles,
        style: str,
        links: Mapping[str, str],
        notes: Mapping[str, str],
        usual: Mapping[Key, int],
    ):
        self.element = element
        self._usual = usual
        self._styles, self._style, self._links, self._notes = styles, style, links, notes
        self._sources: list[_Source] = []  # what a mark or object was made of; its ref is the index
        self._known: dict[object, Inline] = {}
        self._bases: dict[tuple[Inline, ...], Format] = {}

    @cached_property
    def content(self) -> Content:
        """The text and markup of the paragraph."""
        rows: list[tuple[Piece, Format | None]] = list(self._pieces(list(self._atoms())))
        self._find_bases(rows)
        return compose(
            [
                piece if form is None else Piece(piece.text, piece.marks + self._marks(piece, form))
                for piece, form in rows
            ]
        )

    def put(self, text: str, inlines: Sequence[Inline]) -> None:
        """Replace the text: runs are made anew, objects move, bookmarks come to stand around it."""
        pieces = self.content.pieces(text, inlines)
        anchors = [e for e in self.element.iter() if local(e) in _ANCHORS and self._owns(e)]
        for child in list(self.element):
            if local(child) != "pPr":
                self.element.remove(child)
        self.element.extend(e for e in anchors if _ANCHORS[local(e)])
        self._build(self.element, pieces, 0, set())
        self.element.extend(e for e in anchors if not _ANCHORS[local(e)])

    def _owns(self, element: etree._Element) -> bool:
        return next(element.iterancestors(W + "p"), None) is self.element

    # Reading

    def _atoms(self) -> Iterator[_Atom]:
        yield from self._inside(self.element, ())

    def _inside(self, parent: etree._Element, chain: tuple[Inline, ...]) -> Iterator[_Atom]:
        for child in parent:
            name = local(child)
            if name == "r":
                if is_hidden(child):
                    yield _Atom(child, None, chain)
                else:
                    yield from (_Atom(e, child, chain) for e in child if local(e) not in _DROPPED
                                or local(e) == "instrText")  # fmt: skip
            elif name in _CONTAINERS and _has_text(child):
                content = child if name == "hyperlink" else child.find(W + "sdtContent")
                if content is not None:
                    yield from self._inside(content, (*chain, self._container(child)))
            elif name == "fldSimple" and (link := _HYPERLINK.match(value(child, "instr"))):
                mark = self._mark(child, Inline("link", 0, 0, link[1]))
                yield from self._inside(child, (*chain, mark))
            elif name in _TRANSPARENT:
                yield from self._inside(child, chain)
            elif name == "pPr" or name in _ANCHORS or name == "proofErr":
                continue
            elif isinstance(child.tag, str):
                yield _Atom(child, None, chain)

    def _container(self, element: etree._Element) -> Inline:
        if local(element) == "sdt":
            return self._mark(element, Inline("style", 0, 0, "field"))
        anchor = value(element, "anchor")
        address = self._links.get(element.get(R + "id", ""), "") + (f"#{anchor}" if anchor else "")
        return self._mark(element, Inline("link", 0, 0, address))

    def _pieces(self, atoms: Sequence[_Atom]) -> Iterator[tuple[Piece, Format | None]]:
        """Pieces of text with their run's formatting, and objects."""
        at = 0
        while at < len(atoms):
            atom = atoms[at]
            if value(atom.element, "fldCharType") == "begin":
                end = _field_end(atoms, at)
                yield from self._field(atoms[at:end])
                at = end
                continue
            yield from self._piece(atom)
            at += 1

    def _piece(self, atom: _Atom) -> Iterator[tuple[Piece, Format | None]]:
        name = local(atom.element)
        if atom.run is not None and (name == "t" or name in _CHARACTERS):
            text = _CHARACTERS.get(name) or _text(atom.element)
            if text:
                yield Piece(text, atom.chain), format_of(atom.run)
        elif name in ("br", "cr") and value(atom.element, "type") in ("", "textWrapping"):
            yield self._object([atom], Inline("break", 0, 0), "\n", loose=True)
        elif name in ("tab", "ptab"):
            yield self._object([atom], Inline("break", 0, 0, "tab"), "\t", loose=True)
        elif name in _FOOTNOTES:
            number = self._notes.get(f"{name}{value(atom.element, 'id')}", "")
            yield self._object([atom], Inline("footnote", 0, 0, number))
        elif atom.element.tag in _PICTURES:
            yield self._object([atom], Inline("image", 0, 0), loose=True)
        elif name == "sym":
            yield self._object([atom], Inline("object", 0, 0, "symbol"))
        elif name == "fldSimple":
            shown = "".join(text.text or "" for text in atom.element.iter(W + "t"))
            yield self._object([atom], _field_mark(value(atom.element, "instr"), shown))
        elif name != "instrText" and name != "fldChar":
            loose = "oMath" not in str(atom.element.tag)
            detail = name or etree.QName(atom.element).localname
            detail = "hidden text" if name == "r" else detail
            yield self._object([atom], Inline("object", 0, 0, detail), loose=loose)

    def _field(self, atoms: Sequence[_Atom]) -> Iterator[tuple[Piece, Format | None]]:
        """A field: the text of a link, or an object that the word processor fills."""
        types = [value(atom.element, "fldCharType") for atom in atoms]
        instruction = "".join(
            a.element.text or "" for a in atoms if local(a.element) == "instrText"
        )
        link = _HYPERLINK.match(instruction)
        if link and "separate" in types and types[-1] == "end":
            split = types.index("separate") + 1
            source = _Field(tuple(atoms[:split]), atoms[-1])
            mark = self._mark(source, Inline("link", 0, 0, link[1]))
            inner = [_Atom(a.element, a.run, (*a.chain, mark)) for a in atoms[split:-1]]
            yield from self._pieces(inner)
        else:
            shown = "".join(a.element.text or "" for a in atoms if local(a.element) == "t")
            yield self._object(atoms, _field_mark(instruction, shown))

    def _object(
        self, atoms: Sequence[_Atom], inline: Inline, text: str = "", *, loose: bool = False
    ) -> tuple[Piece, None]:
        self._sources.append(tuple(atoms))
        mark = Inline(inline.kind, 0, 0, inline.detail, len(self._sources) - 1)
        return Piece(text, atoms[0].chain, mark, loose), None

    def _mark(self, source: _Source, inline: Inline, key: object = None) -> Inline:
        key = key if key is not None else id(source)
        if key not in self._known:
            self._sources.append(source)
            self._known[key] = Inline(inline.kind, 0, 0, inline.detail, len(self._sources) - 1)
        return self._known[key]

    def _find_bases(self, rows: Iterable[tuple[Piece, Format | None]]) -> None:
        """What the text in each container looks like: that is no markup of its own.

        Where an eighth or more of a paragraph looks like most of the document does, that is it: in
        a short item a long coloured word is still what stands out.
        """
        styles: dict[tuple[Inline, ...], Counter[str]] = {}
        rests: dict[tuple[Inline, ...], Counter[Key]] = {}
        forms: dict[Key, Format] = {}
        for piece, form in rows:
            if form is not None and not piece.is_blank:
                styles.setdefault(piece.marks, Counter())[form.style] += piece.weight
                rests.setdefault(piece.marks, Counter())[form.key] += piece.weight
                forms.setdefault(form.key, form)
        for chain, counted in styles.items():
            style = counted.most_common(1)[0][0]
            if not chain and self._effects(style):
                style = ""
            found = rests[chain]
            share = min(found.total() // _SHARE, max(found.values()))
            common = [key for key, length in found.most_common() if length >= share]
            rest = forms[max(common, key=lambda key: self._usual.get(key, 0))].rest
            self._bases[chain] = Format(style, {}, rest)

    def _marks(self, piece: Piece, form: Format) -> tuple[Inline, ...]:
        """What a run's formatting adds to that of its paragraph."""
        base = self._bases.get(piece.marks, form)
        marks = []
        if form.style != base.style:
            effects = self._effects(form.style)
            kind = next(iter(effects.values())) if len(effects) == 1 else "style"
            inline = Inline(kind, 0, 0, self._styles.name(form.style) or "no style")
            marks.append(self._mark(_Change(style=form.style), inline, ("style", form.style)))
        for name, element in form.toggles.items():
            inherited = self._inherited(form.style, name)
            given = state(element)
            if given == inherited:
                continue
            kind = (TOGGLES[name] or given) if given else "style"
            word = TOGGLES[name] if TOGGLES[name] not in ("", "style") else name
            detail = "" if given and kind != "style" else f"{'' if given else 'not '}{word}"
            inline = Inline(kind, 0, 0, detail)
            marks.append(self._mark(_Change(toggle=element), inline, (name, value(element))))
        if form.key != base.key:
            inline = Inline("style", 0, 0, described(form.rest, base))
            marks.append(self._mark(_Change(rest=form.rest), inline, ("rest", form.key)))
        return tuple(marks)

    def _inherited(self, style: str, name: str) -> str:
        own = self._styles.toggle(style, name)
        return own if own is not None else self._styles.toggle(self._style, name) or ""

    def _effects(self, style: str) -> dict[str, str]:
        """The visible toggles that a character style switches, with the kind of each."""
        changed = {}
        for name, kind in TOGGLES.items():
            given = self._styles.toggle(style, name)
            if given is not None and given != (self._styles.toggle(self._style, name) or ""):
                changed[name] = (kind or given) if given else "style"
        return changed

    # Writing

    def _build(
        self, parent: etree._Element, pieces: Sequence[Piece], depth: int, used: set[int]
    ) -> None:
        """Append the pieces to `parent`; those that share a container at `depth` go into one."""
        at = 0
        while at < len(pieces):
            piece = pieces[at]
            chain = self._chain(piece)
            if len(chain) <= depth:
                self._append(parent, piece, used)
                at += 1
                continue
            end = at
            while end < len(pieces) and self._chain(pieces[end])[depth : depth + 1] == (
                chain[depth],
            ):
                end += 1
            source = self._sources[chain[depth].ref]
            if isinstance(source, _Field):
                parent.extend(_in_run(atom, used) for atom in source.opening)
                self._build(parent, pieces[at:end], depth + 1, used)
                parent.append(_in_run(source.closing, used))
            else:
                assert isinstance(source, etree._Element)
                shell, inside = _shell(source)
                self._build(inside, pieces[at:end], depth + 1, used)
                parent.append(shell)
            at = end

    def _chain(self, piece: Piece) -> tuple[Inline, ...]:
        return tuple(m for m in piece.marks if not isinstance(self._sources[m.ref], _Change))

    def _append(self, parent: etree._Element, piece: Piece, used: set[int]) -> None:
        if piece.object is not None:
            atoms = self._sources[piece.object.ref]
            assert isinstance(atoms, tuple)
            parent.extend(_in_run(atom, used) for atom in atoms)
            return
        run = make("r")
        look = self._properties(piece)
        if look is not None:
            run.append(look)
        for part in _TEXT.findall(piece.text):
            if part in _ELEMENTS:
                run.append(make(_ELEMENTS[part]))
                continue
            element = make("t")
            element.text = re.sub(r"[\n\t\r]", " ", part)
            element.set(SPACE, "preserve")
            run.append(element)
        parent.append(run)

    def _properties(self, piece: Piece) -> etree._Element | None:
        base = self._bases.get(self._chain(piece)) or Format()
        style, rest = base.style, base.rest
        found: list[etree._Element] = []
        for mark in piece.marks:
            source = self._sources[mark.ref]
            if isinstance(source, _Change):
                style = style if source.style is None else source.style
                rest = rest if source.rest is None else source.rest
                found += [] if source.toggle is None else [source.toggle]
        return properties(style, [*found, *rest])


def _has_text(element: etree._Element) -> bool:
    return any((t.text or "").strip() for t in element.iter(W + "t"))


def _text(element: etree._Element) -> str:
    text = re.sub(r"[\n\t\r]", " ", element.text or "")
    return text if element.get(SPACE) == "preserve" else text.strip(" ")


def _field_mark(instruction: str, shown: str) -> Inline:
    """A field that the word processor fills. Where it shows a number that holds without its pages
    ("Table 1"), other formats show that too.
    """
    name = (instruction.split() or [""])[0]
    if _NUMBER.fullmatch(shown) and "PAGE" not in name.upper():
        return Inline("number", 0, 0, shown)
    return Inline("object", 0, 0, f"field {name}".strip())


def _field_end(atoms: Sequence[_Atom], begin: int) -> int:
    """The index behind the end of the field that begins at `begin`; right behind it where it has
    none.
    """
    depth = 0
    for at in range(begin, len(atoms)):
        kind = value(atoms[at].element, "fldCharType")
        depth += {"begin": 1, "end": -1}.get(kind, 0)
        if depth == 0:
            return at + 1
    return begin + 1


def _in_run(atom: _Atom, used: set[int]) -> etree._Element:
    """The atom's element in a run of its own; a copy where it stands in the paragraph already."""
    element = copy.deepcopy(atom.element) if id(atom) in used else atom.element
    used.add(id(atom))
    if atom.run is None:
        return element
    run = make("r")
    look = atom.run.find(W + "rPr")
    if look is not None:
        run.append(copy.deepcopy(look))
    run.append(element)
    return run


def _shell(source: etree._Element) -> tuple[etree._Element, etree._Element]:
    """A container like `source` without content, and the element that content goes into."""
    shell = etree.Element(source.tag, dict(source.attrib), nsmap=source.nsmap)
    if local(source) != "sdt":
        return shell, shell
    inside = make("sdtContent")
    for child in source:
        shell.append(inside if local(child) == "sdtContent" else copy.deepcopy(child))
    return shell, inside


def blips(element: etree._Element) -> list[str]:
    """The ids of relationships to the pictures in a drawing."""
    ids = [blip.get(R + "embed", "") for blip in element.iter(A + "blip")]
    return [found for found in ids if found]
