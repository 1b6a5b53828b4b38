"""The pages of the site: an index for each language, and each release in each of its languages.

Everything is a static file, refers to its neighbours by relative addresses, and so works from a
web server's folder and from a disk alike; nothing is loaded from elsewhere. The same input gives
the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import quote

from translator.errors import TranslatorError
from translator.model import BlockKind
from translator.publishing import html, images, metadata
from translator.publishing.furniture import language_name, long_date, translate
from translator.publishing.publication import Publication
from translator.publishing.site import feeds, search

TEMPLATES: Final = Path(__file__).parent.parent / "templates" / "site"
# Nothing but the site's own files; search.js and search-index.js are the only scripts.
POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A release in one language, with the typography of its language, and when it last changed."""

    publication: Publication
    updated: date | None = None

    @property
    def language(self) -> str:
        return self.publication.language

    @property
    def name(self) -> str:
        return self.publication.release_name

    @property
    def path(self) -> str:
        return f"{self.language}/{self.name}.html"

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def images(self) -> dict[str, str]:
        """Where each image that browsers show lies, from the page on."""
        kinds = {name: images.kind(data) for name, data in self.publication.assets.items()}
        shown = [name for name in sorted(kinds) if kinds[name]]
        own = self.name.rpartition("/")[2]
        return {name: f"{own}/{n}.{kinds[name]}" for n, name in enumerate(shown, start=1)}

    @property
    def summary(self) -> str:
        return html.summary(self.publication)


@dataclass(frozen=True, slots=True)
class Site:
    """Whose site it is: its address ("" where it is not known) and the publisher's names by
    language, under "" the one for all others; `logo` is an SVG or PNG image.
    """

    url: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    logo: bytes = b""

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names.get("") or translate("News", language)

    def address(self, path: str) -> str:
        """The public address of a page, "" where the site's own is not known."""
        path = path.removesuffix("index.html")
        return f"{self.url}/{quote(path)}" if self.url else ""

    @property
    def logo_path(self) -> str:
        kind = "png" if self.logo.startswith(b"\x89PNG") else "svg"
        return f"logo.{kind}" if self.logo else ""


def build(site: Site, entries: Iterable[Entry]) -> dict[str, bytes]:
    """All files of the site by their path in it."""
    ordered = sorted(entries, key=lambda e: (_rank(e), e.name))
    ordered.sort(key=lambda e: e.publication.date or date.min, reverse=True)
    languages = list(dict.fromkeys(e.language for e in sorted(ordered, key=_rank)))
    if any(entry.name == "index" for entry in ordered):
        raise TranslatorError("a release called “index” has no place on the site: rename it")
    files: dict[str, bytes] = {"site.css": (TEMPLATES / "site.css").read_bytes()}
    if site.logo:
        files[site.logo_path] = site.logo
    for language in languages:
        own = [entry for entry in ordered if entry.language == language]
        files[f"{language}/index.html"] = _index(site, language, languages, own).encode()
        files[f"{language}/search-index.js"] = search.index(own).encode()
        files[f"{language}/feed.xml"] = feeds.atom(site, language, own)
    files["search.js"] = (TEMPLATES / "search.js").read_bytes()
    files["index.html"] = _entrance(site, languages).encode()
    versions: dict[str, list[Entry]] = {}
    for entry in sorted(ordered, key=_rank):
        versions.setdefault(entry.name, []).append(entry)
    for entry in ordered:
        files[entry.path] = _article(site, entry, versions[entry.name]).encode()
        for asset, path in entry.images.items():
            files[f"{entry.folder}/{path}"] = entry.publication.assets[asset]
    if site.url:
        files["sitemap.xml"] = feeds.sitemap(site, languages, ordered)
    return files


def _rank(entry: Entry) -> tuple[bool, str]:
    """English first, since it serves readers of any other language."""
    return (entry.language != "en", entry.language)


def _article(site: Site, entry: Entry, versions: Sequence[Entry]) -> str:
    publication = entry.publication
    paths = {version.language: version.path for version in versions}
    rows = [row for row in publication.rows if row.kind is BlockKind.IMAGE]
    pictures = [entry.images[row.asset] for row in rows if row.asset in entry.images]
    picture = site.address(f"{entry.folder}/{pictures[0]}") if pictures else ""

    def image(asset: str) -> str:
        return quote(entry.images.get(asset, ""))

    name = site.name(entry.language)
    address = site.address(entry.path)
    fields = metadata.article_graph(publication, entry.summary)
    fields |= {"og:url": address, "og:image": picture, "og:site_name": name}
    head = [
        *html.meta(publication),
        *_links(site, entry.path, paths),
        *metadata.graph(entry.language, paths, fields),
        metadata.news_article(
            publication,
            entry.summary,
            publisher=name,
            site=site.url,
            address=address,
            picture=picture,
            updated=entry.updated,
        ),
    ]
    return _page(
        site,
        entry.language,
        paths,
        title=f"{publication.title} – {name}",
        head=head,
        main=f"<article>\n{html.article(publication, image)}\n</article>",
        footer=html.origin(publication),
        root=_root(entry.path),
    )


def _index(site: Site, language: str, languages: Sequence[str], entries: Sequence[Entry]) -> str:
    paths = {code: f"{code}/index.html" for code in languages}
    name = site.name(language)
    heading = translate("News", language)
    path = f"{language}/index.html"
    fields = {"og:type": "website", "og:title": name, "og:url": site.address(path)}
    find = escape(translate("Search", language))
    nothing = escape(translate("Nothing found", language))
    items = "\n".join(
        f'<li data-name="{escape(entry.name)}">\n{_dated(entry)}'
        f'<h2><a href="{quote(entry.name)}.html">{escape(entry.publication.title)}</a></h2>\n'
        f"<p>{escape(entry.summary)}</p>\n</li>"
        for entry in entries
    )
    main = (
        f"<h1>{escape(heading)}</h1>\n"
        f'<div id="search" role="search" hidden>\n<label for="query">{find}</label>\n'
        f'<input id="query" type="search" autocomplete="off" spellcheck="false">\n'
        f'<p id="found" role="status" data-nothing="{nothing}"></p>\n</div>\n'
        f'<ol id="releases" class="releases">\n{items}\n</ol>'
    )
    return _page(
        site,
        language,
        paths,
        title=name if name == heading else f"{heading} – {name}",
        head=[
            f'<meta name="description" content="{escape(f"{heading}: {name}")}">',
            *_links(site, path, paths),
            *metadata.graph(language, paths, fields),
            '<script src="../search.js" defer></script>',
        ],
        main=main,
    )


def _dated(entry: Entry) -> str:
    day = entry.publication.date
    if day is None:
        return ""
    return f'<time datetime="{day}">{escape(long_date(day, entry.language))}</time>\n'


def _entrance(site: Site, languages: Sequence[str]) -> str:
    """The page at the site's root: which language?"""
    first = languages[0]
    paths = {code: f"{code}/index.html" for code in languages}
    choices = "\n".join(
        f'<li><a href="{code}/index.html" lang="{code}" hreflang="{code}">'
        f"{escape(site.name(code))} – {escape(language_name(code))}</a></li>"
        for code in languages
    )
    return _page(
        site,
        first,
        paths,
        title=site.name(first),
        head=_links(site, "index.html", paths, feed=False),
        main=f'<h1>{escape(site.name(first))}</h1>\n<ul class="choices">\n{choices}\n</ul>',
        root="",
    )


def _links(site: Site, path: str, paths: Mapping[str, str], *, feed: bool = True) -> list[str]:
    """Canonical address, the versions in other languages, and the feed."""
    root = _root(path)
    versions = {code: site.address(to) or root + quote(to) for code, to in paths.items()}
    # For an index, the choice of languages; for a release, English or what there is.
    if path.endswith("index.html"):
        default = site.address("index.html") or f"{root}index.html"
    else:
        default = versions[metadata.default_version(versions)]
    links = metadata.links(site.address(path), versions, default)
    if feed:
        language = path.split("/")[0]
        title = escape(site.name(language))
        feed_path = f"{root}{language}/feed.xml"
        links.append(
            f'<link rel="alternate" type="application/atom+xml" title="{title}" href="{feed_path}">'
        )
    return links


def _root(path: str) -> str:
    """The way from a page to the site's root."""
    return "../" * path.count("/")


def _page(
    site: Site,
    language: str,
    paths: Mapping[str, str],
    *,
    title: str,
    head: Sequence[str],
    main: str,
    footer: str = "",
    root: str = "../",
) -> str:
    name = escape(site.name(language))
    if site.logo:
        name = f'<img src="{root}{site.logo_path}" alt="" height="48">{name}'
    here = {language: ' aria-current="page"'} if root else {}
    switch = "\n".join(
        f'<li><a href="{root}{quote(path)}" lang="{code}" hreflang="{code}"{here.get(code, "")}>'
        f"{escape(language_name(code))}</a></li>"
        for code, path in paths.items()
    )
    values = {
        "language": language,
        "policy": escape(POLICY, quote=False),
        "title": escape(title),
        "head": "\n".join(head),
        "root": root,
        "skip": escape(translate("Skip to content", language)),
        "home": f"{root}{language}/index.html",
        "name": name,
        "languages": escape(translate("Languages", language)),
        "switch": switch,
        "main": main,
        "footer": f"<footer>\n{footer}\n</footer>\n" if footer else "",
    }
    return Template((TEMPLATES / "page.html").read_text(encoding="utf-8")).substitute(values)
