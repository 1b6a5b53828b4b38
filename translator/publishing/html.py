"""A web page in one file: HTML5, its style inside, nothing loaded from anywhere."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from pathlib import Path
from string import Template
from textwrap import shorten

from translator.model import BlockKind
from translator.publishing import metadata
from translator.publishing.article import Image, body
from translator.publishing.furniture import draft_mark, long_date, translate
from translator.publishing.publication import Publication

_TEMPLATES = Path(__file__).parent / "templates"


def render(publication: Publication) -> str:
    """The page in the target language. All text is escaped; only the template holds markup."""
    language = publication.language
    values = {
        "language": escape(language),
        "title": escape(publication.title),
        "style": _template("page.css"),
        "meta": "\n".join([*meta(publication), *_for_machines(publication)]),
        "draft": _draft(publication),
        "header": _header(publication),
        "article": article(publication),
        "origin": origin(publication),
    }
    return Template(_template("page.html")).substitute(values)


@lru_cache
def _template(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def article(publication: Publication, image: Image | None = None) -> str:
    """What stands inside the `article` element: kind, headline, date and body (see there)."""
    kind = escape(translate("Press release", publication.language))
    title = escape(publication.title)
    parts = [f'<p class="kind">{kind}</p>', f"<h1>{title}</h1>", _date(publication)]
    return "\n".join([*filter(None, parts), body(publication, image)])


def origin(publication: Publication) -> str:
    """The footer: what was translated."""
    words = escape(translate("Source: Polish original", publication.language))
    title = escape(publication.source_title)
    name = escape(publication.release_name)
    return f'<p>{words} – <cite lang="pl">{title}</cite></p>\n<p>{name}</p>'


def summary(publication: Publication) -> str:
    """The beginning of the first paragraph, for those who list the page."""
    paragraphs = (row.target for row in publication.body if row.kind is BlockKind.PARAGRAPH)
    return shorten(next(paragraphs, publication.title), 200, placeholder=" …")


def meta(publication: Publication) -> list[str]:
    """The `meta` elements that say what the page is."""
    fields = {
        "description": summary(publication),
        "author": publication.byline,
        "date": publication.date.isoformat() if publication.date else "",
        "robots": "noindex, nofollow" if publication.draft else "",
    }
    return [
        f'<meta name="{name}" content="{escape(content)}">'
        for name, content in fields.items()
        if content
    ]


def _for_machines(publication: Publication) -> list[str]:
    """Versions, Open Graph, schema.org; a draft is no news and has none."""
    if publication.draft:
        return []
    known = publication.addresses
    own = known.get(publication.language, "")
    said = summary(publication)
    fields = metadata.article_graph(publication, said) | {"og:url": own}
    links = metadata.links(own, known, known[metadata.default_version(known)]) if known else []
    publisher = publication.signature[-1] if publication.signature else ""
    return [
        *links,
        *metadata.graph(publication.language, known, fields),
        metadata.news_article(publication, said, publisher=publisher, address=own),
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
