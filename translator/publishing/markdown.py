"""Markdown (CommonMark) with YAML front matter."""

from __future__ import annotations

import json
import re

from translator.model import BlockKind
from translator.publishing.furniture import draft_mark
from translator.publishing.publication import Publication, lines

# What CommonMark, tables, strike-through and mathematics extensions read as markup anywhere …
_SPECIAL = re.compile(r"[\\`*_\[\]<>&~|$]")
# … and at the start of a line: headings, lists, rules, numbered lists.
_AT_START = re.compile(r"^(?:[#+\-=]|\d{1,9}(?=[.)]))")


def render(publication: Publication) -> str:
    """The target text; a draft has its mark right under the front matter, which must come first."""
    blocks = [_front_matter(publication)]
    if publication.draft:
        blocks.append(f"**{escape(draft_mark(publication.language))}**")
    blocks.append(f"# {escape(publication.title)}")
    for row in publication.body:
        text = "\\\n".join(escape(line) for line in lines(row.kind, row.target))
        is_heading = row.kind in (BlockKind.TITLE, BlockKind.HEADING)
        blocks.append(f"## {text}" if is_heading else text)
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    """One line of text as Markdown that shows exactly these characters."""
    text = _SPECIAL.sub(r"\\\g<0>", text)
    start = _AT_START.match(text)
    if start is None:
        return text
    end = start.end()
    return f"{text[:end]}\\{text[end:]}" if text[0].isdigit() else f"\\{text}"


def _front_matter(publication: Publication) -> str:
    # A JSON string is a YAML string.
    fields = {"title": publication.title, "lang": publication.language}
    if publication.date:
        fields["date"] = publication.date.isoformat()
    pairs = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()]
    if publication.draft:
        pairs.append("draft: true")
    return "\n".join(["---", *pairs, "---"])
