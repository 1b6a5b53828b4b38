"""Plain text: one paragraph a line, an empty line between two, the mark of a footnote as [1]."""

from __future__ import annotations

from translator.model import Inline
from translator.publishing.furniture import draft_mark
from translator.publishing.markup import footnotes, woven
from translator.publishing.publication import Publication


def render(publication: Publication) -> str:
    """The target text; a draft has its mark as the first line."""
    blocks = [draft_mark(publication.language)] if publication.draft else []
    blocks.append(publication.title)
    numbers = {id(row): number for number, row in footnotes(publication.rows).items()}
    for row in publication.body:
        text = woven(row, str, _wrap, "\n")
        blocks.append(f"[{numbers[id(row)]}] {text}" if id(row) in numbers else text)
    return "\n\n".join(blocks) + "\n"


def _wrap(inline: Inline, content: str) -> str:
    return f"[{inline.detail}]" if inline.kind == "footnote" else content
