"""Markdown (CommonMark) with YAML front matter."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from urllib.parse import quote

from translator.markdown import escape, escape_starts
from translator.model import BlockKind, Inline, Row
from translator.publishing import tables
from translator.publishing.furniture import draft_mark
from translator.publishing.markup import address, footnotes, woven
from translator.publishing.publication import Publication, grouped

Wrap = Callable[[Inline, str], str]

_ELEMENTS = {
    "bold": ("**", "strong"),
    "italic": ("*", "em"),
    "underline": ("", "u"),
    "superscript": ("", "sup"),
    "subscript": ("", "sub"),
}


def render(publication: Publication) -> str:
    """The target text; a draft has its mark right under the front matter, which must come first."""
    blocks = [_front_matter(publication)]
    if publication.draft:
        blocks.append(f"**{escape(draft_mark(publication.language))}**")
    blocks.append(f"# {escape_starts(escape(publication.title))}")
    notes = footnotes(publication.rows)
    numbers = {id(row): number for number, row in notes.items()}

    def wrap(inline: Inline, content: str) -> str:
        if inline.kind == "footnote":
            return f"[^{inline.detail}]" if inline.detail in notes else f"\\[{inline.detail}\\]"
        return _wrap(inline, content)

    for rows in grouped(publication.body):
        if rows[0].kind is BlockKind.ITEM:
            blocks.append(_list(rows, wrap))
        elif rows[0].cell is not None:
            blocks.append(_table(rows, wrap))
        else:
            for row in rows:
                text = escape_starts(woven(row, escape, wrap, "\\\n"))
                if row.kind in (BlockKind.TITLE, BlockKind.HEADING):
                    text = f"## {text}"
                elif id(row) in numbers:
                    text = f"[^{numbers[id(row)]}]: {text}"
                blocks.append(text)
    return "\n\n".join(blocks) + "\n"


def _list(rows: Sequence[Row], wrap: Wrap) -> str:
    """Items, a deeper level four spaces in: that is inside the item above with either marker."""
    lines = []
    counts: dict[int, int] = {}  # of the numbered items at each level so far
    for row in rows:
        counts = {level: count for level, count in counts.items() if level <= row.level}
        counts[row.level] = counts.get(row.level, 0) + 1 if row.ordered else 0
        indent = " " * 4 * (row.level - 1)
        marker = f"{counts[row.level]}." if row.ordered else "-"
        text = escape_starts(woven(row, escape, wrap, "\\\n")).replace("\n", f"\n{indent}   ")
        lines.append(f"{indent}{marker} {text}")
    return "\n".join(lines)


def _table(rows: Sequence[Row], wrap: Wrap) -> str:
    """A table as GitHub's Markdown has it, which wants a header, if need be an empty one."""
    shape = tables.shape(rows)
    grid = [[""] * shape.columns for _ in range(shape.rows)]
    for row in rows:
        if row.cell is not None:
            _, line, column = row.cell
            before = grid[line - 1][column - 1]
            text = woven(row, escape, wrap, "<br>")
            grid[line - 1][column - 1] = f"{before}<br>{text}" if before else text
    if not shape.header:
        grid.insert(0, [""] * shape.columns)
    grid.insert(1, ["---:" if numeric else "---" for numeric in shape.numeric])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in grid)


def _wrap(inline: Inline, content: str) -> str:
    """Stars hold only around what begins and ends with a letter or digit; else HTML, which
    CommonMark takes anywhere.
    """
    if inline.kind == "link" and (target := address(inline)):
        place = quote(target, safe="%/:=&?~#+!$,;'@()*[]").replace("&", "&amp;")
        return f"[{content}](<{place}>)"
    if not content or inline.kind not in _ELEMENTS:
        return content
    stars, element = _ELEMENTS[inline.kind]
    if stars and content[0].isalnum() and content[-1].isalnum():
        return f"{stars}{content}{stars}"
    return f"<{element}>{content}</{element}>"


def _front_matter(publication: Publication) -> str:
    # A JSON string is a YAML string. What could open a tag is written by its number: a program that
    # knows no front matter takes it for Markdown.
    fields = {"title": publication.title, "lang": publication.language}
    if publication.date:
        fields["date"] = publication.date.isoformat()
    pairs = [
        f"{key}: {json.dumps(value, ensure_ascii=False)}".replace("<", r"\u003c")
        for key, value in fields.items()
    ]
    if publication.draft:
        pairs.append("draft: true")
    return "\n".join(["---", *pairs, "---"])
