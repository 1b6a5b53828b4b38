"""One passage of running text in Markdown: inline tokens as pieces of formatted text, and back.

What is written is read again: where stars would not hold around a text (CommonMark's rules of
"flanking" depend on the characters beside them), HTML elements stand in their place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING

from translator.documents.html.elements import KINDS, OBJECTS
from translator.documents.html.passage import collapsed
from translator.documents.markup import Content, Piece, compose
from translator.markdown import escape, escape_starts
from translator.model import Inline

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][\w-]*)(?P<rest>[^>]*)>", re.DOTALL)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_ENTITY = re.compile(r"&(?=#?\w+;)")
_DEFINITION = re.compile(r"(?m)^(\[\^[^\]]+\]):")  # what a footnote's mark and a colon look like
_STARS = {"strong": ("**", "bold"), "em": ("*", "italic"), "s": ("~~", "style")}


@cache
def parser(*, alone: bool = False) -> MarkdownIt:
    """CommonMark with tables, struck text and footnotes; `alone`, their marks need no footnote."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return parser.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=alone)


@dataclass(slots=True)
class Image:
    """An image; a writer may change its `alt`. `address` is the `source` as Markdown writes it."""

    alt: str
    address: str
    source: str = ""

    def __str__(self) -> str:
        return f"![{_shown(self.alt)}]{self.address}"


@dataclass(frozen=True, slots=True)
class _Mark:
    """What stands around a text; `html` holds wherever that does not."""

    opening: str
    closing: str
    html: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _Group:
    """Objects with what stands around them."""

    parts: tuple[_Source, ...]

    def __str__(self) -> str:
        return "".join(map(str, self.parts))


_Source = _Mark | _Group | Image | str


class Passage:
    """The text of an inline `token`; `notes` are the numbers of footnotes by their labels."""

    def __init__(self, token: Token, notes: Mapping[str, str]):
        self._tokens = list(token.children or ())
        self._notes = notes
        self._is_cell = False
        self._sources: list[_Source] = []  # of a mark or object; its ref is the index

    @property
    def images(self) -> list[Image]:
        """The images in the text."""
        _ = self.content
        return [source for source in self._sources if isinstance(source, Image)]

    @cached_property
    def content(self) -> Content:
        """The text and markup."""
        pairs = _pairs(self._tokens)
        pieces: list[Piece] = []
        chain: list[Inline] = []
        starts: list[int] = []  # where the pieces of each mark in the chain begin
        autolink = False
        for at, token in enumerate(self._tokens):
            if autolink:
                autolink = token.type != "link_close"
            elif token.type == "link_open" and token.markup == "autolink":
                autolink = True
                text = self._tokens[at + 1].content
                pieces.append(self._object(chain, f"<{text}>", "object", text))
            elif token.nesting > 0 or pairs.get(at, 0) > at:
                starts.append(len(pieces))
                chain.append(
                    self._mark(token)
                    if token.nesting > 0
                    else self._element(token.content, self._tokens[pairs[at]].content)
                )
            elif token.nesting < 0 or at in pairs:
                mark, start = chain.pop(), starts.pop()
                if all(piece.is_blank for piece in pieces[start:]):
                    pieces[start:] = [self._group(chain, mark, pieces[start:])]
            else:
                pieces.append(self._piece(token, chain))
        return compose(collapsed(pieces))

    def written(self, text: str, inlines: Sequence[Inline], *, in_cell: bool = False) -> str:
        """The Markdown of `text` with this markup, a line for each line break; `in_cell`, for a
        table, the head of which may be one by its escaped pipes alone.
        """
        self._is_cell = in_cell
        pieces = [_spoken(piece) for piece in self.content.pieces(text, inlines)]
        pieces = collapsed(self._settled(piece) for piece in pieces)
        wanted = compose(pieces)
        pieces = wanted.pieces(wanted.text, wanted.inlines)  # no white space inside a mark's ends
        for html in (False, True):
            markdown = escape_starts(self._build(pieces, 0, html)).strip()
            markdown = _DEFINITION.sub(r"\1\\:", markdown)
            if _is_same(markdown, wanted):
                break
        return markdown

    # Reading

    def _piece(self, token: Token, chain: Sequence[Inline]) -> Piece:
        match token.type:
            case "text" | "text_special":
                return Piece(token.content, tuple(chain))
            case "softbreak":
                return Piece(" ", tuple(chain))
            case "hardbreak":
                return self._object(chain, "\\\n", "break", text="\n", loose=True)
            case "code_inline":
                return self._object(chain, _code(token.content), "object", token.content)
            case "footnote_ref":
                label = str(token.meta["label"])
                return self._object(chain, f"[^{label}]", "footnote", self._notes.get(label, label))
            case "image":
                address = _address(token, "src")
                source = str(token.attrs.get("src", ""))
                image = Image(_plain(token.children or ()), address, source)
                return self._object(chain, image, "image", loose=True)
        tag = _TAG.fullmatch(token.content)
        if tag and tag["name"].lower() == "br":
            return self._object(chain, token.content, "break", text="\n", loose=True)
        return self._object(chain, token.content, "object", token.content, loose=True)

    def _group(self, chain: Sequence[Inline], mark: Inline, pieces: Sequence[Piece]) -> Piece:
        """A mark around objects alone, such as a link on an image, as one object."""
        around = self._sources[mark.ref]
        assert isinstance(around, _Mark)
        parts = [
            self._sources[piece.object.ref] if piece.object else piece.text for piece in pieces
        ]
        kinds = {piece.object.kind for piece in pieces if piece.object}
        details = [piece.object.detail for piece in pieces if piece.object]
        return self._object(
            chain,
            _Group((around.opening, *parts, around.closing)),
            kinds.pop() if len(kinds) == 1 and "break" not in kinds else "object",
            " ".join(filter(None, details)),
            loose=all(piece.loose for piece in pieces if piece.object),
        )

    def _object(
        self,
        chain: Sequence[Inline],
        source: _Source,
        kind: str,
        detail: str = "",
        *,
        text: str = "",
        loose: bool = False,
    ) -> Piece:
        return Piece(text, tuple(chain), self._inline(source, kind, detail), loose)

    def _mark(self, token: Token) -> Inline:
        if token.type == "link_open":
            detail = str(token.attrs.get("href", ""))
            return self._inline(_Mark("[", f"]{_address(token, 'href')}"), "link", detail)
        stars, kind = _STARS[token.tag]
        html = (f"<{token.tag}>", f"</{token.tag}>")
        return self._inline(_Mark(stars, stars, html), kind, token.tag if kind == "style" else "")

    def _element(self, opening: str, closing: str) -> Inline:
        tag = _TAG.fullmatch(opening)
        assert tag is not None
        name = tag["name"].lower()
        kind = KINDS.get(name, "style")
        address = _HREF.search(tag["rest"]) if kind == "link" else None
        detail = (address[1] or address[2] or "") if address else ""
        detail = detail or (name if kind == "style" else "")
        return self._inline(_Mark(opening, closing), kind, detail)

    def _inline(self, source: _Source, kind: str, detail: str) -> Inline:
        self._sources.append(source)
        return Inline(kind, 0, 0, detail, len(self._sources) - 1)

    # Writing

    def _settled(self, piece: Piece) -> Piece:
        """The piece with marks around it and an object in it, whatever a translator made of their
        tags.
        """
        marks = tuple(m for m in piece.marks if isinstance(self._sources[m.ref], _Mark))
        made = piece.object
        if made is not None and isinstance(self._sources[made.ref], _Mark):
            made = None
        return replace(piece, marks=marks, object=made)

    def _build(self, pieces: Sequence[Piece], depth: int, html: bool) -> str:
        written = ""
        at = 0
        while at < len(pieces):
            piece = pieces[at]
            if len(piece.marks) <= depth:
                if piece.object is None:
                    written += (escape if self._is_cell else _shown)(piece.text)
                else:
                    written += str(self._sources[piece.object.ref])
                at += 1
                continue
            mark = piece.marks[depth]
            end = at + 1
            while end < len(pieces) and pieces[end].marks[depth : depth + 1] == (mark,):
                end += 1
            source = self._sources[mark.ref]
            assert isinstance(source, _Mark)
            around = source.html if html and source.html else (source.opening, source.closing)
            written += around[0] + self._build(pieces[at:end], depth + 1, html) + around[1]
            at = end
        return written


def _shown(text: str) -> str:
    """Text escaped. A pipe, even an escaped one, may make a line the head of a table."""
    return escape(text).replace("\\|", "&#124;")


def _spoken(piece: Piece) -> Piece:
    """A piece as it reads: a line break has its line end, and no other piece has one."""
    if piece.object is not None:
        return replace(piece, text="\n" if piece.object.kind == "break" else "")
    return replace(piece, text=piece.text.replace("\n", " "))


def _is_same(markdown: str, wanted: Content) -> bool:
    """Whether the Markdown reads as one paragraph of this text and markup."""
    tokens = parser(alone=True).parse(markdown)
    if [token.type for token in tokens] != ["paragraph_open", "inline", "paragraph_close"]:
        return not markdown
    found = Passage(tokens[1], {}).content
    return found.text == wanted.text and _shape(found) == _shape(wanted)


def _shape(content: Content) -> list[tuple[str, int, int]]:
    return [(i.kind, i.start, i.end) for i in content.inlines]


def _pairs(tokens: Sequence[Token]) -> dict[int, int]:
    """The indices of HTML tags that belong to each other, in both directions."""
    found: dict[int, int] = {}
    opened: list[tuple[str, int]] = []
    for at, token in enumerate(tokens):
        if token.nesting > 0:
            opened.append(("", at))
        elif token.nesting < 0:
            while opened and opened.pop()[0]:
                pass
        elif token.type == "html_inline" and (tag := _TAG.fullmatch(token.content)):
            name = tag["name"].lower()
            if name in OBJECTS or tag["rest"].endswith("/"):
                continue
            if not tag["close"]:
                opened.append((name, at))
            elif name in _innermost(opened):
                while opened[-1][0] != name:
                    opened.pop()
                other = opened.pop()[1]
                found |= {at: other, other: at}
    return found


def _innermost(opened: Sequence[tuple[str, int]]) -> list[str]:
    """The names of the tags that are open inside the innermost Markdown element."""
    names: list[str] = []
    for name, _ in reversed(opened):
        if not name:
            break
        names.append(name)
    return names


def _code(text: str) -> str:
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    is_padded = text[:1] in ("`", " ") or text[-1:] in ("`", " ")
    pad = " " if is_padded and text.strip() else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _address(token: Token, name: str) -> str:
    """Where a link or image leads, with its title, as it stands behind the brackets."""
    address = _ENTITY.sub("&amp;", str(token.attrs.get(name, "")))
    if not address or re.search(r"[\s()<>]", address):
        address = f"<{address.replace('<', '%3C').replace('>', '%3E')}>"
    title = str(token.attrs.get("title", ""))
    if not title:
        return f"({address})"
    quoted = _shown(title).replace('"', '\\"')
    return f'({address} "{quoted}")'


def _plain(tokens: Sequence[Token]) -> str:
    """The text of tokens in one line."""
    texts = (_plain(t.children) if t.children else t.content or " " for t in tokens)
    return " ".join("".join(texts).split())
