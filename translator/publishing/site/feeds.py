"""The Atom feed of each language (RFC 4287) and the sitemap (sitemaps.org) with its languages."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from lxml import etree

from translator.publishing.article import body

if TYPE_CHECKING:
    from translator.publishing.site.pages import Entry, Site

ATOM: Final = "http://www.w3.org/2005/Atom"
SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML: Final = "http://www.w3.org/1999/xhtml"
XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
NEWEST: Final = 50  # entries of a feed


def atom(site: Site, language: str, entries: Sequence[Entry]) -> bytes:
    """The newest releases in one language; `entries` come newest first."""
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    feed.set(XML_LANG, language)
    path = f"{language}/feed.xml"
    _add(feed, "id", site.address(path) or _urn(path))
    _add(feed, "title", site.name(language))
    _add(feed, "updated", _moment(max((_changed(entry) for entry in entries), default=None)))
    _link(feed, "self", site.address(path) or "feed.xml", "application/atom+xml")
    _link(feed, "alternate", site.address(f"{language}/index.html") or "index.html", "text/html")
    _add(_add(feed, "author"), "name", site.name(language))
    for entry in entries[:NEWEST]:
        item = _add(feed, "entry")
        _add(item, "id", site.address(entry.path) or _urn(entry.path))
        _add(item, "title", entry.publication.title)
        _add(item, "updated", _moment(_changed(entry)))
        if entry.publication.date:
            _add(item, "published", _moment(entry.publication.date))
        page = site.address(entry.path) or f"{quote(entry.name)}.html"
        _link(item, "alternate", page, "text/html", hreflang=language)
        _add(item, "summary", entry.summary)
        _add(item, "content", body(entry.publication, _no_image), type="html")
    return _bytes(feed)


def sitemap(site: Site, languages: Sequence[str], entries: Sequence[Entry]) -> bytes:
    """All pages, each with its versions in other languages; the site's address must be known."""
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap={None: SITEMAP, "xhtml": XHTML})
    indexes = {code: f"{code}/index.html" for code in languages}
    pages = [(path, indexes, date.min) for path in indexes.values()]
    versions: dict[str, dict[str, str]] = {}
    for entry in entries:
        versions.setdefault(entry.name, {})[entry.language] = entry.path
    pages += [(entry.path, versions[entry.name], _changed(entry)) for entry in entries]
    for path, alternates, changed in pages:
        url = etree.SubElement(root, f"{{{SITEMAP}}}url")
        etree.SubElement(url, f"{{{SITEMAP}}}loc").text = site.address(path)
        if changed != date.min:
            etree.SubElement(url, f"{{{SITEMAP}}}lastmod").text = changed.isoformat()
        for code, target in sorted(alternates.items()):
            link = etree.SubElement(url, f"{{{XHTML}}}link", rel="alternate")
            link.set("hreflang", code)
            link.set("href", site.address(target))
    return _bytes(root)


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = _legal(text) or None
    return element


def _link(parent: etree._Element, rel: str, href: str, type: str, **attributes: str) -> None:
    _add(parent, "link", rel=rel, href=href, type=type, **attributes)


def _legal(text: str) -> str:
    """Without the control characters that XML has no way to write."""
    return "".join(c for c in text if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff"))


def _changed(entry: Entry) -> date:
    return max(filter(None, (entry.updated, entry.publication.date)), default=date.min)


def _moment(day: date | None) -> str:
    """Midnight of a day as RFC 3339 wants it; what has no date is of the year 1970."""
    return f"{day if day and day != date.min else date(1970, 1, 1)}T00:00:00Z"


def _urn(path: str) -> str:
    """A stable name for what has no address."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"translator:{path}").urn


def _no_image(asset: str) -> str:
    """Feed readers have no files beside the feed."""
    return ""


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
