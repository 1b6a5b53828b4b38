"""Markdown (CommonMark) with YAML front matter."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

from translator.model import BlockKind, Inline
from translator.publishing.furniture import draft_mark
from translator.publishing.markup import address, footnotes, woven
from translator.publishing.publication import Publication

# What CommonMark, tables, strike-through and mathematics extensions read as markup anywhere …
_SPECIAL = re.compile(r"[\\`*_\[\]<>&~|$]")
# … and at the start of a line: headings, lists, rules, numbered lists.
_AT_START = re.compile(r"^(?:[#+\-=]|\d{1,9}(?=[.)]))")

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
    blocks.append(f"# {escape(publication.title)}")
    notes = footnotes(publication.rows)
    numbers = {id(row): number for number, row in notes.items()}

    def wrap(inline: Inline, content: str) -> str:
        if inline.kind == "footnote":
            return f"[^{inline.detail}]" if inline.detail in notes else f"\\[{inline.detail}\\]"
        return _wrap(inline, content)

    for row in publication.body:
        text = woven(row, _escape, wrap, "\\\n")
        text = "\n".join(map(_escape_start, text.split("\n")))
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


def escape(text: str) -> str:
    """One line of text as Markdown that shows exactly these characters."""
    return _escape_start(_escape(text))


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _escape_start(line: str) -> str:
    start = _AT_START.match(line)
    if start is None:
        return line
    end = start.end()
    return f"{line[:end]}\\{line[end:]}" if line[0].isdigit() else f"\\{line}"


def _front_matter(publication: Publication) -> str:
    # A JSON string is a YAML string.
    fields = {"title": publication.title, "lang": publication.language}
    if publication.date:
        fields["date"] = publication.date.isoformat()
    pairs = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()]
    if publication.draft:
        pairs.append("draft: true")
    return "\n".join(["---", *pairs, "---"])
