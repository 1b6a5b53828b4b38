"""What a web page says of itself to machines: its versions, Open Graph, schema.org."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from html import escape
from typing import Final

from translator.publishing.publication import Publication

LOCALES: Final = {"en": "en_GB", "ru": "ru_RU", "kk": "kk_KZ"}


def links(canonical: str, versions: Mapping[str, str], default: str) -> list[str]:
    """The page's own address, "" where it is not known, and those of its versions by language;
    `default` is for readers of none of these.
    """
    found = [f'<link rel="canonical" href="{escape(canonical)}">'] if canonical else []
    for code, address in (*versions.items(), ("x-default", default)):
        found.append(f'<link rel="alternate" hreflang="{code}" href="{escape(address)}">')
    return found


def default_version(languages: Iterable[str]) -> str:
    """The language for readers of none of these: English, or what there is."""
    codes = sorted(languages)
    return "en" if "en" in codes else codes[0]


def graph(language: str, others: Iterable[str], fields: Mapping[str, str]) -> list[str]:
    """Open Graph properties; those without a value are left out."""
    properties = [
        *fields.items(),
        ("og:locale", LOCALES.get(language, language)),
        *(("og:locale:alternate", LOCALES.get(c, c)) for c in others if c != language),
    ]
    return [
        f'<meta property="{name}" content="{escape(content)}">'
        for name, content in properties
        if content
    ]


def article_graph(publication: Publication, summary: str) -> dict[str, str]:
    """The properties of a release's page."""
    return {
        "og:type": "article",
        "og:title": publication.title,
        "og:description": summary,
        "article:published_time": publication.date.isoformat() if publication.date else "",
    }


def news_article(
    publication: Publication,
    summary: str,
    *,
    publisher: str,
    site: str = "",
    address: str = "",
    picture: str = "",
    updated: date | None = None,
) -> str:
    """schema.org's NewsArticle as JSON-LD in a script element, which no text can leave."""
    organization = {"@type": "GovernmentOrganization", "name": publisher, "url": site}
    author = {"@type": "Organization", "name": publication.byline}
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": publication.title,
        "description": summary,
        "inLanguage": publication.language,
        "datePublished": publication.date.isoformat() if publication.date else "",
        "dateModified": updated.isoformat() if updated else "",
        "author": author if publication.byline else "",
        "publisher": {k: v for k, v in organization.items() if v} if publisher else "",
        "image": picture,
        "mainEntityOfPage": address,
        "translationOfWork": {
            "@type": "NewsArticle",
            "inLanguage": "pl",
            "headline": publication.source_title,
        },
    }
    said = json.dumps({k: v for k, v in data.items() if v}, ensure_ascii=False)
    return '<script type="application/ld+json">' + said.replace("<", "\\u003c") + "</script>"
