"""A Markdown text as its lines: where each passage stands in them, and the lines with the passages
replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from translator.documents.document import Place
from translator.documents.markdown.frontmatter import FrontMatter
from translator.documents.markdown.passage import Image, Passage, parser
from translator.documents.pictures import Pictures
from translator.markdown import escape
from translator.model import Block, BlockKind, Finding, Inline, Severity

_LINE_END = re.compile(r"\r\n?|\n")
_HASHES = re.compile(r"#{1,6}[ \t]+")
_CONTAINERS = re.compile(
    r"(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])|\[\^[^\]\s]+\]:))*[ \t]*"
)
_PIPE = re.compile(r"(?<!\\)\|")
_LAST_HASH = re.compile(r"(?<!\\)#(?=\s*$)")
_TASK = re.compile(r"\[[ xX]\][ \t]+(?=\S)")


@dataclass(frozen=True, slots=True)
class _Span:
    """From `column` of line `first` to `end` of line `last`; `kind` is the token around it."""

    first: int
    column: int
    last: int
    end: int
    kind: str


@dataclass(slots=True)
class _Target:
    """A passage of the text with what is to stand there."""

    span: _Span
    passage: Passage
    text: str
    inlines: Sequence[Inline]


@dataclass(frozen=True, slots=True)
class TextPlace:
    """A passage of text."""

    block: Block
    target: _Target

    def put(self, text: str, inlines: Sequence[Inline]) -> None:
        self.target.text, self.target.inlines = text, inlines


@dataclass(frozen=True, slots=True)
class ImagePlace:
    """What an image shows, in words."""

    block: Block
    image: Image

    def put(self, text: str, inlines: Sequence[Inline]) -> None:
        self.image.alt = text


@dataclass(slots=True)
class _State:
    """Where the walk over the tokens is."""

    lists: list[bool] = field(default_factory=list)  # whether each is ordered
    quotes: int = 0
    is_item: bool = False  # at the first paragraph of an item
    note: str = ""
    table: int = 0
    row: int = 0
    column: int = 0


class MarkdownText:
    """The Markdown `text`; `pictures` are those beside it."""

    def __init__(self, text: str, pictures: Pictures):
        self._pictures = pictures
        self._lines = _LINE_END.split(text)
        self._ends = [*_LINE_END.findall(text), ""]
        self.front = FrontMatter(self._lines)
        body = [""] * self.front.end + self._lines[self.front.end :]
        self._tokens = parser().parse("\n".join(body))
        self.findings: list[Finding] = []
        self._targets: list[_Target] = []
        referred = {
            str(child.meta["label"])
            for token in self._tokens
            for child in token.children or ()
            if child.type == "footnote_ref"
        }
        labels = [t.meta["label"] for t in self._tokens if t.type == "footnote_reference_open"]
        noted = [label for label in labels if label in referred]
        self._notes = {str(label): str(number) for number, label in enumerate(noted, start=1)}
        body_places = list(self._body())
        titles = (p.block.text for p in body_places if p.block.kind is BlockKind.TITLE)
        self._title = next(titles, "")
        self.places: list[Place] = [*self.front.fields(self._title), *body_places]

    # Reading

    def _body(self) -> Iterator[Place]:
        state = _State()
        has_title = False
        for at, token in enumerate(self._tokens):
            match token.type:
                case "bullet_list_open" | "ordered_list_open":
                    state.lists.append(token.tag == "ol")
                case "bullet_list_close" | "ordered_list_close":
                    state.lists.pop()
                case "list_item_open":
                    state.is_item = True
                case "list_item_close":
                    state.is_item = False
                case "blockquote_open":
                    state.quotes += 1
                case "blockquote_close":
                    state.quotes -= 1
                case "footnote_reference_open":
                    state.note = str(token.meta["label"])
                case "footnote_reference_close":
                    state.note = ""
                case "table_open":
                    state.table, state.row = state.table + 1, 0
                case "tr_open":
                    state.row, state.column = state.row + 1, 0
                case "th_open" | "td_open":
                    state.column += 1
                case "html_block":
                    self._warn_of_html(token.map, token.content)
                case "inline" if token.content:
                    outer = self._tokens[at - 1]
                    span = self._span(outer.type, outer.markup, token.map, token.content, state)
                    if span is None:
                        self._warn(token.map, "unreadable", "is not translated: write it anew")
                        continue
                    task = _TASK.match(token.content) if state.is_item else None
                    if task and token.children:
                        token.children[0].content = token.children[0].content[task.end() :]
                        span = _Span(
                            *(span.first, span.column + task.end(), span.last, span.end),
                            span.kind,
                        )
                    passage = Passage(token, self._notes)
                    kind, level = self._kind(outer.type, outer.tag, state, has_title)
                    has_title = has_title or kind is BlockKind.TITLE
                    yield from self._places(passage, span, kind, level, state)

    def _places(
        self, passage: Passage, span: _Span, kind: BlockKind, level: int, state: _State
    ) -> Iterator[Place]:
        content = passage.content
        cell = (state.table, state.row, state.column) if kind is BlockKind.CELL else None
        target = _Target(span, passage, content.text, content.inlines)
        if content.text:
            block = Block(
                *(0, kind, content.text, span.first + 1),
                inlines=content.inlines,
                level=level,
                ordered=kind is BlockKind.ITEM and state.lists[-1],
                cell=cell,
            )
            yield TextPlace(block, target)
        shown = [(image, self._pictures.find(image.source)) for image in passage.images]
        shown = [(image, asset) for image, asset in shown if image.alt or asset]
        for image, asset in shown:
            line = span.first + 1
            block = Block(0, BlockKind.IMAGE, image.alt, line, cell=cell, asset=asset)
            yield ImagePlace(block, image)
        if content.text or shown:
            self._targets.append(target)

    def _kind(self, outer: str, tag: str, state: _State, has_title: bool) -> tuple[BlockKind, int]:
        """The kind of a block and its level; only the first one of an item or note is that."""
        if outer in ("th_open", "td_open"):
            return BlockKind.CELL, 1
        if outer == "heading_open":
            if tag == "h1" and not has_title:
                return BlockKind.TITLE, 1
            return BlockKind.HEADING, int(tag[1])
        if state.note:
            is_first, state.note = state.note in self._notes, ""
            return (BlockKind.FOOTNOTE if is_first else BlockKind.PARAGRAPH), 1
        if state.is_item:
            state.is_item = False
            return BlockKind.ITEM, len(state.lists)
        return (BlockKind.QUOTE if state.quotes else BlockKind.PARAGRAPH), 1

    def _span(
        self, outer: str, markup: str, lines: Sequence[int] | None, content: str, state: _State
    ) -> _Span | None:
        """Where the text of a token stands, None where that cannot be told."""
        assert lines is not None
        first = lines[0]
        line = self._lines[first]
        if outer in ("th_open", "td_open"):
            return self._cell(first, content, state.column)
        if outer == "heading_open" and markup.startswith("#"):
            hashes = _HASHES.search(line)
            if hashes is None or not line.startswith(content, hashes.end()):
                return None
            return _Span(first, hashes.end(), first, hashes.end() + len(content), "heading")
        parts = content.split("\n")
        last = first + len(parts) - 1
        line, part = line.rstrip(), parts[0].rstrip()
        if not line.endswith(part) or not self._lines[last].rstrip().endswith(parts[-1].lstrip()):
            return None
        return _Span(first, len(line) - len(part), last, len(self._lines[last].rstrip()), "text")

    def _cell(self, number: int, content: str, column: int) -> _Span | None:
        line = self._lines[number].rstrip()
        containers = _CONTAINERS.match(line)
        raw = content.replace("|", "\\|")
        for start in (containers.end() if containers else 0, 0):
            bounds = [start - 1, *(m.start() for m in _PIPE.finditer(line, start)), len(line)]
            if not line[start : bounds[1]].strip():
                bounds.pop(0)
            if column >= len(bounds):
                continue
            begin, end = bounds[column - 1] + 1, bounds[column]
            if line[begin:end].strip() == raw:
                begin += len(line[begin:end]) - len(line[begin:end].lstrip())
                return _Span(number, begin, number, begin + len(raw), "cell")
        return None

    def _warn_of_html(self, lines: Sequence[int] | None, content: str) -> None:
        if re.search(r"\w", re.sub(r"<!--.*?-->|<[^>]*>", "", content, flags=re.DOTALL)):
            self._warn(lines, "html-block", "is HTML and not translated: write it as Markdown")

    def _warn(self, lines: Sequence[int] | None, id: str, message: str) -> None:
        line = lines[0] + 1 if lines else 0
        self.findings.append(Finding(id, Severity.WARNING, message, line=line))

    # Writing

    def save(self, *, title: str, language: str, mark: str) -> bytes:
        """The text in UTF-8, its front matter in `language`, marked as a draft by `mark`."""
        lines = list(self._lines)
        ends = list(self._ends)
        for target in sorted(
            self._targets, key=lambda t: (t.span.first, t.span.column), reverse=True
        ):
            self._replace(lines, ends, target)
        if title and self._title and " ".join(self.front.text("title").split()) == self._title:
            self.front.set("title", title)
        self.front.set_language(language)
        newline = self._ends[0] or "\n"
        top = []
        if mark:
            self.front.set_draft()
            top = [f"**{escape(mark)}**", ""]
            if self.front.end:
                top.insert(0, "")
        front = "".join(line + newline for line in [*self.front.lines, *top])
        rest = zip(lines[self.front.end :], ends[self.front.end :], strict=True)
        return (front + "".join(line + end for line, end in rest)).encode()

    def _replace(self, lines: list[str], ends: list[str], target: _Target) -> None:
        span = target.span
        written = target.passage.written(target.text, target.inlines, in_cell=span.kind == "cell")
        if span.kind == "cell":
            written = _PIPE.sub(r"\\|", written.replace("\n", " "))
            # Even an escaped backslash would take the bar that ends the cell for its own.
            written = re.sub(r"\\\\$", "&#92;", written)
        elif span.kind == "heading":
            written = _LAST_HASH.sub(r"\\#", written.replace("\n", " "))
        before, after = lines[span.first][: span.column], lines[span.last][span.end :]
        indent = re.sub(r"[^\s>]", " ", before)
        parts = written.split("\n")
        new = [before + parts[0], *(indent + part for part in parts[1:])]
        new[-1] += after
        lines[span.first : span.last + 1] = new
        ends[span.first : span.last + 1] = [
            *[self._ends[span.first] or "\n"] * (len(new) - 1),
            ends[span.last],
        ]
