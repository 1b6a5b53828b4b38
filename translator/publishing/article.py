"""The body of a release as HTML: lists, tables and figures put together from their rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from typing import Final

from translator.model import BlockKind, Inline, Row
from translator.publishing import images, tables
from translator.publishing.markup import address, footnotes, woven
from translator.publishing.publication import Publication, grouped

_ELEMENTS: Final = {
    "bold": "strong",
    "italic": "em",
    "underline": "u",
    "superscript": "sup",
    "subscript": "sub",
}
Image = Callable[[str], str]
Texts = Mapping[int, str]  # by the row's id
HEADER: Final = 'th scope="col"'


def body(publication: Publication, image: Image | None = None) -> str:
    """The blocks below the headline; a footnote and its first mark lead to each other.

    `image` gives the address of an asset, "" where it is not to be shown; left out, images stand in
    the page itself.
    """
    notes = footnotes(publication.rows)
    numbers = {id(row): escape(number) for number, row in notes.items()}
    texts = _texts(publication.body, notes)
    parts: list[str] = []
    level = 1
    for rows in grouped(publication.body):
        first = rows[0]
        match first.kind:
            case BlockKind.TITLE | BlockKind.HEADING:
                # No level is left out, as screen readers expect.
                depth = 1 if first.kind is BlockKind.TITLE else max(first.level, 1)
                level = min(depth + 1, level + 1, 6)
                parts.append(f"<h{level}>{texts[id(first)]}</h{level}>")
            case BlockKind.ITEM:
                parts.append(_list(rows, texts))
            case BlockKind.CELL if first.cell:
                parts.append(_table(rows, texts))
            case BlockKind.IMAGE:
                parts.append(_figure(rows, texts, image or partial(_embedded, publication.assets)))
            case _:
                parts.append(_paragraph(first, texts[id(first)], numbers.get(id(first), "")))
    return "\n".join(filter(None, parts))


def _texts(rows: Sequence[Row], notes: Mapping[str, Row]) -> Texts:
    """The blocks' texts with their markup; `notes` are the footnotes by their marks."""
    marked: set[str] = set()

    def wrap(inline: Inline, content: str) -> str:
        if inline.kind == "link" and (target := address(inline)):
            return f'<a href="{escape(target)}">{content}</a>'
        if inline.kind == "footnote":
            number = escape(inline.detail)
            if inline.detail not in notes:
                return f"<sup>{number}</sup>"
            id = "" if number in marked else f' id="mark-{number}"'
            marked.add(number)
            return f'<sup><a href="#note-{number}"{id}>{number}</a></sup>'
        if not content or inline.kind not in _ELEMENTS:
            return content
        return f"<{_ELEMENTS[inline.kind]}>{content}</{_ELEMENTS[inline.kind]}>"

    return {id(row): woven(row, escape, wrap, "<br>") for row in rows}


def _paragraph(row: Row, text: str, number: str) -> str:
    match row.kind:
        case BlockKind.FOOTNOTE if number:
            back = f'<sup><a href="#mark-{number}">{number}</a></sup>'
            return f'<p class="footnote" id="note-{number}">{back} {text}</p>'
        case BlockKind.QUOTE:
            return f"<blockquote><p>{text}</p></blockquote>"
        case BlockKind.SIGNATURE | BlockKind.FOOTNOTE | BlockKind.CAPTION:
            return f'<p class="{row.kind.value}">{text}</p>'
        case _:
            return f"<p>{text}</p>"


def _list(rows: Sequence[Row], texts: Texts) -> str:
    """List items, those of a deeper level in a list inside the item above them."""
    pieces: list[str] = []
    depths: list[tuple[int, str]] = []  # the open lists: level, element
    for row in rows:
        kind = "ol" if row.ordered else "ul"
        while depths and (depths[-1][0] > row.level or depths[-1] == (row.level, _other(kind))):
            pieces.append(f"</li>\n</{depths.pop()[1]}>")
        if depths and depths[-1][0] == row.level:
            pieces.append("</li>\n")
        else:
            pieces.append(f"\n<{kind}>\n" if depths else f"<{kind}>\n")
            depths.append((row.level, kind))
        pieces.append(f"<li>{texts[id(row)]}")
    pieces += [f"</li>\n</{kind}>" for _, kind in reversed(depths)]
    return "".join(pieces)


def _other(kind: str) -> str:
    return "ul" if kind == "ol" else "ol"


def _table(rows: Sequence[Row], texts: Texts) -> str:
    shape = tables.shape(rows)
    cells: dict[tuple[int, ...], list[str]] = {}
    for row in rows:
        cells.setdefault((row.cell or ())[1:], []).append(texts[id(row)])

    def line(r: int, element: str) -> str:
        columns = range(1, shape.columns + 1)
        classes = [' class="number"' if number else "" for number in shape.numeric]
        said = ("<br>".join(cells.get((r, c), ())) for c in columns)
        return (
            "<tr>"
            + "".join(
                f"<{element}{style}>{text}</{element.split()[0]}>"
                for text, style in zip(said, classes, strict=True)
            )
            + "</tr>"
        )

    head = f"<thead>\n{line(1, HEADER)}\n</thead>\n" if shape.header else ""
    lines = "\n".join(line(r, "td") for r in range(1 + shape.header, shape.rows + 1))
    return (
        f'<div class="table" tabindex="0"><table>\n{head}<tbody>\n{lines}\n</tbody>\n</table></div>'
    )


def _figure(rows: Sequence[Row], texts: Texts, image: Image) -> str:
    """Images with the captions below them."""
    shown = ""
    for row in rows:
        if row.kind is BlockKind.CAPTION:
            shown += f"<figcaption>{texts[id(row)]}</figcaption>\n"
        elif source := image(row.asset):
            alt = escape(" ".join(row.target.split()))
            shown += f'<img src="{escape(source)}" alt="{alt}">\n'
    return f"<figure>\n{shown}</figure>" if "<img" in shown else ""


def _embedded(assets: Mapping[str, bytes], asset: str) -> str:
    return images.data_address(assets.get(asset, b""))
