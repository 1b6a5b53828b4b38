"""Plain text: one paragraph a line, an empty line between two."""

from __future__ import annotations

from translator.publishing.furniture import draft_mark
from translator.publishing.publication import Publication, lines


def render(publication: Publication) -> str:
    """The target text; a draft has its mark as the first line."""
    blocks = [draft_mark(publication.language)] if publication.draft else []
    blocks.append(publication.title)
    blocks += ["\n".join(lines(row.kind, row.target)) for row in publication.body]
    return "\n\n".join(blocks) + "\n"
