"""Markdown (CommonMark) with YAML front matter."""

from __future__ import annotations

import json
from urllib.parse import quote

from translator.markdown import escape, escape_starts
from translator.model import BlockKind, Inline
from translator.publishing.furniture import draft_mark
from translator.publishing.markup import address, footnotes, woven
from translator.publishing.publication import Publication

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

    for row in publication.body:
        text = woven(row, escape, wrap, "\\\n")
        text = escape_starts(text)
        if row.kind in (BlockKind.TITLE, BlockKind.HEADING):
            text = f"## {text}"
        elif id(row) in numbers:
            text = f"[^{numbers[id(row)]}]: {text}"
        blocks.append(text)
    return "\n\n".join(blocks) + "\n"


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
    # A JSON string is a YAML string.
    fields = {"title": publication.title, "lang": publication.language}
    if publication.date:
        fields["date"] = publication.date.isoformat()
    pairs = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()]
    if publication.draft:
        pairs.append("draft: true")
    return "\n".join(["---", *pairs, "---"])
