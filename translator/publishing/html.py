"""A web page in one file: HTML5, its style inside, nothing loaded from anywhere."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from pathlib import Path
from string import Template
from textwrap import shorten

from translator.model import BlockKind, Inline, Row
from translator.publishing.furniture import draft_mark, long_date, translate
from translator.publishing.markup import address, footnotes, woven
from translator.publishing.publication import Publication

_TEMPLATES = Path(__file__).parent / "templates"
_ELEMENTS = {
    "bold": "strong",
    "italic": "em",
    "underline": "u",
    "superscript": "sup",
    "subscript": "sub",
}


def render(publication: Publication) -> str:
    """The page in the target language. All text is escaped; only the template holds markup."""
    language = publication.language
    values = {
        "language": escape(language),
        "title": escape(publication.title),
        "style": _template("page.css"),
        "meta": "\n".join(_meta(publication)),
        "draft": _draft(publication),
        "header": _header(publication),
        "kind": escape(translate("Press release", language)),
        "date": _date(publication),
        "body": _body(publication),
        "origin": escape(translate("Source: Polish original", language)),
        "source_title": escape(publication.source_title),
        "release_name": escape(publication.release_name),
    }
    return Template(_template("page.html")).substitute(values)


@lru_cache
def _template(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _meta(publication: Publication) -> list[str]:
    paragraphs = (row.target for row in publication.body if row.kind is BlockKind.PARAGRAPH)
    fields = {
        "description": shorten(next(paragraphs, publication.title), 200, placeholder=" …"),
        "author": publication.byline,
        "date": publication.date.isoformat() if publication.date else "",
        "robots": "noindex, nofollow" if publication.draft else "",
    }
    return [
        f'<meta name="{name}" content="{escape(content)}">'
        for name, content in fields.items()
        if content
    ]


def _draft(publication: Publication) -> str:
    if not publication.draft:
        return ""
    mark = escape(draft_mark(publication.language))
    word = escape(translate("Draft", publication.language))
    return (
        f'<p class="draft" role="note">{mark}</p>\n'
        f'<div class="watermark" aria-hidden="true"><b>{word}</b>{mark}</div>'
    )


def _header(publication: Publication) -> str:
    """The letterhead: the last line of the signature, which names the ministry."""
    if not publication.signature:
        return ""
    return f"<header>\n<p>{escape(publication.signature[-1])}</p>\n</header>"


def _date(publication: Publication) -> str:
    if publication.date is None:
        return ""
    day = escape(long_date(publication.date, publication.language))
    label = escape(translate("Published", publication.language))
    return f'<p class="date">{label}: <time datetime="{publication.date}">{day}</time></p>'


def _body(publication: Publication) -> str:
    """The blocks; a footnote and its first mark lead to each other."""
    body = publication.body
    notes = footnotes(publication.rows)
    numbers = {id(row): number for number, row in notes.items()}
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

    return "\n".join(
        _block(row, woven(row, escape, wrap, "<br>"), escape(numbers.get(id(row), "")))
        for row in body
    )


def _block(row: Row, text: str, number: str) -> str:
    match row.kind:
        case BlockKind.TITLE | BlockKind.HEADING:
            return f"<h2>{text}</h2>"
        case BlockKind.SIGNATURE:
            return f'<p class="signature">{text}</p>'
        case BlockKind.FOOTNOTE if number:
            back = f'<sup><a href="#mark-{number}">{number}</a></sup>'
            return f'<p class="footnote" id="note-{number}">{back} {text}</p>'
        case _:
            return f"<p>{text}</p>"
