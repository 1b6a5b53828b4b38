"""An HTML page: where its article is, what its head says of it; the page in another language."""

from __future__ import annotations

import datetime
from pathlib import Path

from lxml import etree

from translator.documents.document import Place
from translator.documents.html.elements import is_beside, is_hidden, is_named_beside, words
from translator.documents.html.flow import Flow, TextPlace, ValuePlace
from translator.documents.html.source import Source, local, parse
from translator.documents.pictures import Pictures
from translator.errors import TranslatorError
from translator.model import SOURCE, Block, BlockKind

_MOST = 0.85  # of the text of all paragraphs
_SUMMARIES = ("description", "og:description", "twitter:description")
_TITLES = ("og:title", "twitter:title")
_DATES = (
    *("article:published_time", "datepublished", "dc.date", "dcterms.date", "date"),
    "dcterms.created",
)
_LOOK = "border:2px solid #b00020;color:#b00020;font-weight:bold;padding:.5em;text-align:center"


class Page:
    """The page in `data`; `path` is for messages, and for the pictures beside it."""

    def __init__(self, data: bytes, path: Path):
        self._source: Source = parse(data, path)
        self._article = _article(self._source)
        self.pictures = Pictures(path)
        flow = Flow(self._article, self.pictures)
        title = next((p.block.text for p in flow.places if p.block.kind is BlockKind.TITLE), None)
        # Where the head repeats the headline, perhaps with the site's name, so does the
        # translation.
        self._repeats: list[ValuePlace] = []
        self._title = title and " ".join(title.split())
        self.places: list[Place] = [*flow.places, *self._metadata()]
        if not any(isinstance(place, TextPlace) for place in self.places):
            raise TranslatorError("has no text; there is nothing to translate", file=path)

    def _metadata(self) -> list[Place]:
        """The places of text in the page's head."""
        found: list[Place] = []
        named = [(e, "") for e in self._source.find("title") if _is_in(e, "head")]
        named += [(e, "content") for e in self._source.find("meta")]
        for element, attribute in named:
            name = _name(element)
            if attribute and name not in (*_SUMMARIES, *_TITLES):
                continue
            text = " ".join((element.get("content", "") if attribute else words(element)).split())
            block = Block(0, BlockKind.METADATA, text, element.sourceline or 1)
            place = ValuePlace(block, element, attribute)
            if self._title and self._title in text and name not in _SUMMARIES:
                self._repeats.append(place)
            elif text:
                found.append(place)
        return found

    @property
    def date(self) -> datetime.date | None:
        """The day that the page says it was published on."""
        given = {_name(e): e.get("content", "") for e in reversed(self._source.find("meta"))}
        stated = [given[name] for name in _DATES if name in given]
        times = [e for e in self._article.iter() if local(e) == "time"]
        times.sort(key=lambda e: (e.get("itemprop") != "datePublished", e.get("pubdate") is None))
        stated += [e.get("datetime", "") for e in times[:1]]
        for text in stated:
            try:
                return datetime.date.fromisoformat(text.strip()[:10])
            except ValueError:
                continue
        return None

    # Writing

    def save(self, *, title: str, language: str, locale: tuple[str, str], mark: str) -> bytes:
        """The page in UTF-8, its head in `language`, marked as a draft by `mark`."""
        for place in self._repeats:
            if title and self._title:
                place.put(place.block.text.replace(self._title, title), ())
        self._set_language(language, locale)
        self._set_links(language)
        self._declare_encoding()
        if mark:
            self._mark(mark)
        return self._source.save()

    def _set_language(self, language: str, locale: tuple[str, str]) -> None:
        root, xml_lang = self._source.root, "{http://www.w3.org/XML/1998/namespace}lang"
        root.set("lang", language)
        outer = [root, *self._article.iterancestors()]
        for element in (*outer, *self._article.iter()):
            for name in ("lang", "xml:lang", xml_lang):
                if (element.get(name) or "").lower().split("-")[0] == SOURCE:
                    element.set(name, language)
        for element in self._source.find("meta"):
            name = _name(element)
            if name == "og:locale":
                element.set("content", "_".join(filter(None, locale)))
            elif name in ("language", "content-language", "dc.language", "dcterms.language"):
                element.set("content", language)

    def _set_links(self, language: str) -> None:
        """The page's own address is that of the source: it stays as a link to that version, and the
        canonical one is that of this version where the page knows it.
        """
        links = self._source.find("link")
        versions = {e.get("hreflang", "").lower(): e for e in links if e.get("hreflang")}
        own = versions.get(language)
        for link in links:
            if "canonical" not in link.get("rel", "").lower().split():
                continue
            address = link.get("href", "")
            if own is not None:
                link.set("href", own.get("href", ""))
            else:
                link.set("rel", "alternate")
                link.set("hreflang", SOURCE)
            if SOURCE not in versions and own is not None:
                other = self._source.make("link", rel="alternate", hreflang=SOURCE, href=address)
                other.tail, link.tail = link.tail, "\n"
                link.addnext(other)
            elif SOURCE in versions and own is None:
                _remove(link)
        for element in self._source.find("meta"):
            if _name(element) == "og:url":
                if own is not None:
                    element.set("content", own.get("href", ""))
                else:
                    _remove(element)

    def _declare_encoding(self) -> None:
        declared = False
        for element in self._source.find("meta"):
            if element.get("charset") is not None:
                element.set("charset", "utf-8")
                declared = True
            elif element.get("http-equiv", "").lower() == "content-type":
                element.set("content", "text/html; charset=utf-8")
                declared = True
        head = self._source.root.find("{*}head")
        if head is not None and not declared and self._source.is_whole:
            head.insert(0, self._source.make("meta", charset="utf-8"))

    def _mark(self, mark: str) -> None:
        """The draft's mark at the top of the article and in the title; search engines are told to
        stay away.
        """
        note = self._source.make("p", mark, role="note", style=_LOOK)
        article, before = self._article, self._article.text
        note.tail, article.text = before, None
        article.insert(0, note)
        for element in self._source.find("title"):
            if _is_in(element, "head"):
                element.text = f"{mark} – {words(element)}"
        head = self._source.root.find("{*}head")
        if head is not None:
            head.append(self._source.make("meta", name="robots", content="noindex"))


def _article(source: Source) -> etree._Element:
    """The element that holds the article and as little else as can be."""
    bodies = source.find("body")
    body = bodies[0] if bodies else source.root
    mains = [e for e in body.iter() if local(e) == "main" or e.get("role") == "main"]
    articles = [e for e in body.iter() if local(e) == "article"]
    outer = max(mains, key=_length, default=None)
    if outer is not None:
        articles = [e for e in articles if outer in e.iterancestors()]
    best = max(articles, key=_length, default=None)
    if outer is None and best is not None:
        return best if len(articles) == 1 or _length(best) * 2 > _length(body) else body
    if outer is not None:
        has_title = best is not None and any(local(e) == "h1" for e in best.iter())
        return best if best is not None and has_title else outer
    return _densest(body)


def _densest(body: etree._Element) -> etree._Element:
    """The innermost element with the headline and most of the paragraphs' text."""
    lengths: dict[etree._Element, int] = {}
    titles: set[etree._Element] = set()
    for element in body.iter():
        if local(element) not in ("p", "h1"):
            continue
        outer = [e for e in element.iterancestors() if e is not body]
        if local(element) == "h1":
            titles = titles or {element, *outer}
        elif not any(is_beside(e) or is_named_beside(e) or is_hidden(e) for e in outer):
            length = _length(element)
            for holder in outer:
                lengths[holder] = lengths.get(holder, 0) + length
    total = sum(lengths.get(child, 0) for child in body)
    best = body
    while True:
        inner = [
            child
            for child in best
            if lengths.get(child, 0) > _MOST * total and (not titles or child in titles)
        ]
        if not inner:
            return best
        best = inner[0]


def _length(element: etree._Element) -> int:
    """How much text an element has that is not the text of links."""
    links = sum(len(words(e)) for e in element.iter() if local(e) == "a")
    return len(words(element)) - links


def _name(element: etree._Element) -> str:
    """What a meta element is about."""
    for attribute in ("name", "property", "itemprop", "http-equiv"):
        if given := element.get(attribute):
            return given.strip().lower()
    return ""


def _is_in(element: etree._Element, name: str) -> bool:
    return any(local(outer) == name for outer in element.iterancestors())


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
