"""HTML pages: the article is found and read, and written back with everything else as it was."""

from __future__ import annotations

import html
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from documents import shown, translated, translations
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from translator import documents
from translator.errors import TranslatorError
from translator.model import Block, BlockKind, Release

PAGE = Path(__file__).parent / "data" / "documents" / "wizyta.html"
HOSTILE = [
    "<script>alert(1)</script>",
    "a <b>b</b> &lt;i&gt; &amp; <71>x</71> </p></article>",
    '"><img src=x onerror=alert(1)>',
    "</title><script>x</script>",
    "<!-- a --> ]]> &nbsp; <72/>",
]


def place(folder: Path, content: str | bytes, name: str = "a.html") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def blocks(release: Release) -> list[Block]:
    """Without lines: a paragraph is written on one."""
    return [replace(block, line=1) for block in release.blocks]


def assert_same(path: Path) -> Release:
    """A translation that equals its source reads as the source does."""
    release = documents.read(path)
    again = documents.read(translated(path))
    assert [shown(b) for b in again.blocks] == [shown(b) for b in release.blocks]
    assert blocks(again) == blocks(release)
    assert again.date == release.date
    return release


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return Path(shutil.copy(PAGE, tmp_path))


def test_an_article_is_read_and_its_page_left_out(page: Path) -> None:
    release = documents.read(page)
    assert release.title == "Wizyta ministra spraw zagranicznych w\u00a0Astanie"
    assert release.date == date(2023, 5, 16)
    read = "\n".join(block.text for block in release.blocks)
    for apparatus in (
        *("Przejdź do treści", "cookies", "Ministerstwo\n", "Aktualności", "Komunikaty"),
        *("Poprzednie zdjęcie", "Metryka", "Redaktor", "Udostępnij", "Stopka", "licencji"),
        *("okruszki", "treść od redakcji", "Treść strony", "Portal Gov.pl"),
    ):
        assert apparatus not in read
    assert [shown(b) for b in release.blocks][2:6] == [
        "paragraph: Minister spraw zagranicznych <b>Zbigniew Rau</b> złożył wizytę"
        " w\u00a0Kazachstanie. Rozmawiał o\u00a0<i>handlu, <b>energetyce</b></i>"
        " i bezpieczeństwie.",
        "image: Ministrowie podają sobie ręce przed flagami",
        "caption: Powitanie ministrów. Fot. Jan Kowalski\u00a0/\u00a0MSZ",
        "paragraph: Spotkanie odbyło się w\u00a0siedzibie <l>MSZ Kazachstanu</l>. Wymiana handlowa"
        " wzrosła o\u00a0<b>53,9\u00a0%</b> i\u00a0wyniosła 1,2\u00a0mld\u00a0euro.",
    ]
    items = [b for b in release.blocks if b.kind is BlockKind.ITEM]
    assert [(b.level, b.ordered) for b in items[:4]] == [
        *((1, False), (2, True), (2, True), (1, False)),
    ]
    cells = {b.cell: b.text for b in release.blocks if b.kind is BlockKind.CELL}
    assert cells[1, 2, 3] == "brak danych"
    assert (1, 3, 3) not in cells
    link = next(i for b in release.blocks for i in b.inlines if i.kind == "link")
    assert link.detail == "https://www.gov.kz/memleket/entities/mfa?lang=kk&x=1"
    contact = next(b for b in release.blocks if b.text.startswith("Zapytania"))
    assert [(i.kind, i.detail) for i in contact.inlines[:2]] == [
        ("object", "prasa@example.gov.pl"),
        ("object", "Astana 2023"),
    ]
    assert release.blocks[-1].kind is BlockKind.METADATA


def test_identity(page: Path) -> None:
    assert_same(page)


def test_everything_else_stays_as_it_is(page: Path) -> None:
    before = page.read_text(encoding="utf-8")
    after = translated(page, str.upper).read_text(encoding="utf-8")
    start, end = "<script>\n", "</script>"
    assert before[before.index(start) : before.index(end)] in after
    for piece in (
        *('<script src="/js/main.js" async></script>', '<a href="/formularz?a=ż ó">'),
        *('href="/css/main.css?v=1&amp;t=2"', "<!-- treść od redakcji -->"),
        *('<nav class="breadcrumbs" aria-label="Ścieżka powrotu">', 'target="_blank"'),
        *("<code>Astana 2023</code>", '<time datetime="2023-05-16">', "Metryka", "Stopka"),
        '<a href="/photo/1" data-gallery="1"><img src="/photo/1.jpg" width="640"'
        ' alt="MINISTROWIE PODAJĄ SOBIE RĘCE PRZED FLAGAMI"></a>',
    ):
        assert piece in after
    assert after.startswith('<!DOCTYPE html>\n<html lang="ru" class="no-js">\n<head>')
    assert "<h1>WIZYTA MINISTRA SPRAW ZAGRANICZNYCH W&nbsp;ASTANIE</h1>" in after


def test_the_head_is_in_the_target_language(page: Path) -> None:
    after = translated(page, str.upper, "en").read_text(encoding="utf-8")
    title = "WIZYTA MINISTRA SPRAW ZAGRANICZNYCH W&nbsp;ASTANIE - Ministerstwo Spraw Zagranicznych"
    assert f"<title>{title}" in after or f"<title>{title.replace('&nbsp;', ' ')}" in after
    assert f'"og:title" content="{title}' in after or 'content="WIZYTA' in after
    assert 'content="MINISTER ROZMAWIAŁ O HANDLU &amp; ENERGETYCE' in after
    assert '<meta property="og:locale" content="en_GB">' in after
    # The page's address is that of the Polish version.
    assert "og:url" not in after
    assert 'rel="canonical"' not in after
    assert 'rel="alternate"' in after
    assert 'hreflang="pl"' in after


def test_a_known_address_of_the_version_becomes_the_canonical_one(tmp_path: Path) -> None:
    head = (
        '<link rel="canonical" href="https://a/pl"><link rel="alternate" hreflang="en"'
        ' href="https://a/en"><meta property="og:url" content="https://a/pl">'
    )
    path = place(tmp_path, f"<html><head>{head}</head><body><p>Treść komunikatu.</p></body></html>")
    after = translated(path, language="en").read_text(encoding="utf-8")
    assert '<link rel="canonical" href="https://a/en">' in after
    assert '<link rel="alternate" hreflang="pl" href="https://a/pl">' in after
    assert '<meta property="og:url" content="https://a/en">' in after


def test_a_page_without_links_gets_none(tmp_path: Path) -> None:
    path = place(tmp_path, "<html><head></head><body><p>Treść komunikatu.</p></body></html>")
    assert "<link" not in translated(path).read_text(encoding="utf-8")


def test_a_draft_is_marked(page: Path) -> None:
    mark = "DRAFT – not reviewed <b>"
    after = translated(page, mark=mark).read_text(encoding="utf-8")
    escaped = html.escape(mark, quote=False)
    assert f"<title>{escaped} – Wizyta" in after
    assert re.search(rf'id="main-content"><p role="note"[^>]*>{re.escape(escaped)}</p>', after)
    assert '<meta name="robots" content="noindex">' in after


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_target_never_becomes_markup(page: Path, hostile: str) -> None:
    before = etree.parse(page, etree.HTMLParser(encoding="utf-8"))
    path = translated(page, lambda text: hostile + " " + text)
    after = etree.parse(path, etree.HTMLParser(encoding="utf-8"))

    def count(tree: etree._ElementTree, name: str) -> int:
        return len(tree.findall(f".//{name}"))

    for name in ("script", "img", "b", "i", "article", "p", "title", "strong", "a"):
        assert count(after, name) == count(before, name), name
    assert " ".join((after.findtext(".//h1") or "").split()).startswith(hostile[:12])


def test_tags_go_where_the_translator_puts_them(tmp_path: Path) -> None:
    path = place(
        tmp_path,
        '<p id="p">Ministrowie <b class="x">Polski</b> i <a id="k" href="/k">Kazachstanu</a>'
        " rozmawiali<br>w <code>x</code> Astanie.</p><p>Drugi akapit kończy komunikat.</p>",
    )
    target = "По словам <2>Казахстана</2> <4/>и<1></1><2>!</2><3/> <1>Польши</1> <9>нет</9>."
    after = translated(path, lambda t: target if "<1>" in t else t).read_text(encoding="utf-8")
    assert (
        '<p id="p">По словам <a id="k" href="/k">Казахстана</a> <code>x</code>и'
        '<a href="/k">!</a><br><b class="x">Польши</b> &lt;9&gt;нет&lt;/9&gt;.</p>'
    ) in after


def test_lost_and_misused_tags_lose_nothing(tmp_path: Path) -> None:
    path = place(tmp_path, "<p>Adres <code>a@b.pl</code> i <b>numer</b> są w stopce.</p>")
    assert "<code>a@b.pl</code>" in translated(path, lambda t: "Нет").read_text(encoding="utf-8")
    swapped = translated(path, lambda t: "<1>Да</1> и <2/>").read_text(encoding="utf-8")
    assert "<p>Да и <code>a@b.pl</code></p>" in swapped


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<p>Ala   ma\n <b> kota </b> w domu.</p>", ["paragraph: Ala ma <b>kota</b> w domu."]),
        ("<div>Ala<br>\n ma kota.<p>I psa.</div>",
         ["paragraph: Ala<b/>\nma kota.", "paragraph: I psa."]),
        ("<p>Rok<!-- x -->  temu<script>1</script>.</p>", ["paragraph: Rok temu."]),
        ("<p>A.<pre>kod</pre><p translate=no>B.<p>C.</p>", ["paragraph: A.", "paragraph: C."]),
        ("<p><span>&nbsp;</span></p><p>A\u00a0b.</p>", ["paragraph: A\u00a0b."]),
        ("<p><img src=a alt='Opis  zdjęcia'> Tekst.</p>",
         ["paragraph: Tekst.", "image: Opis zdjęcia"]),
        ("<p><code>x</code> jest dobry.</p>", ["paragraph: jest dobry."]),
        ("<a href=x><div>Całość jest linkiem.</div></a>", ["paragraph: Całość jest linkiem."]),
        ("<dl><dt>Termin<dd>Opis terminu.</dl>", ["paragraph: Termin", "paragraph: Opis terminu."]),
        ("<ul><li><p>Jeden.<p>Dalej.<li>Dwa.</ul>",
         ["list item: Jeden.", "paragraph: Dalej.", "list item: Dwa."]),
        (
            "<p>Tekst<sup><a href='#fn1'>1</a></sup>.</p><ol class=footnotes><li id=fn1><p>Przypis."
            " <a role='doc-backlink' href='#r'>x</a></ol>",
            ["paragraph: Tekst<f/>.", "footnote: Przypis. <l>x</l>"],
        ),
    ],
)  # fmt: skip
def test_what_is_read(tmp_path: Path, content: str, expected: list[str]) -> None:
    path = place(tmp_path, f"<main><h1>Tytuł</h1>{content}</main>")
    release = assert_same(path)
    assert [re.sub("^(heading|signature):", "paragraph:", shown(b)) for b in release.blocks] == [
        *("title: Tytuł", *expected),
    ]


def test_a_page_without_main_or_article(tmp_path: Path) -> None:
    menu = "".join(f"<li><a href=/{k}>Dział numer {k}</a>" for k in range(40))
    path = place(
        tmp_path,
        f"<body><div id=top><ul>{menu}</ul></div><div id=c><div><h1>Tytuł</h1></div><div><p>"
        + "Pierwszy akapit komunikatu. " * 9
        + "</p><p>"
        + "Drugi akapit komunikatu. " * 9
        + "</p></div></div><div class=stopka><p>Wszelkie prawa zastrzeżone.</p></div></body>",
    )
    release = documents.read(path)
    assert [b.kind.value for b in release.blocks] == ["title", "paragraph", "paragraph"]


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-2", "windows-1250", "utf-8-sig"])
@pytest.mark.parametrize("declared", [True, False])
def test_encodings(tmp_path: Path, encoding: str, declared: bool) -> None:
    meta = f'<meta charset="{encoding.removesuffix("-sig")}">' if declared else ""
    text = "Wizyta w Łodzi i Świnoujściu, źdźbło"
    content = f"<html><head>{meta}</head><body><p>{text}</p></body></html>"
    path = place(tmp_path, content.encode(encoding))
    assert documents.read(path).blocks[0].text == text
    after = translated(path)
    assert 'charset="utf-8"' in after.read_text(encoding="utf-8")
    assert documents.read(after).blocks[0].text == text


def test_xhtml(tmp_path: Path) -> None:
    page = (
        '<?xml version="1.0" encoding="iso-8859-2"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0'
        ' Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="pl"><head><title>Inny tytuł</title>'
        '<script src="a.js"/></head><body><h1>Tytuł</h1><p>Zażółć&nbsp;gęślą <b>jaźń</b><br/>&amp;'
        " dalej.</p></body></html>"
    )
    path = place(tmp_path, page.encode("iso-8859-2"), "a.xhtml")
    release = assert_same(path)
    assert shown(release.blocks[1]) == ("paragraph: Zażółć\u00a0gęślą <b>jaźń</b><b/>\n& dalej.")
    after = translated(path, mark="DRAFT").read_bytes()
    assert b'<?xml version="1.0" encoding="UTF-8"?>' in after
    root = etree.fromstring(after)
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "ru"
    assert {etree.QName(e).namespace for e in root.iter()} == {"http://www.w3.org/1999/xhtml"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("<html><body></body></html>", "no text"),
        ("<html><head><title>Sam tytuł</title></head><body><nav>A</nav></body></html>", "no text"),
        ("<!-- x -->", "no text"),
        ("<div>" * 3000 + "Tekst.", "inside each other"),
        ('<!DOCTYPE html [<!ENTITY x "y"><!ENTITY z "&x;&x;">]><html><p>&z;</p></html>',
         "entities"),
        (b"\x00\x01\x02\x03" * 50, "is not text"),
        (b"<p>" + b"a" * 20_000_000, "20 MB"),
    ],
    ids=["empty", "no body", "only a menu", "comment", "deep", "entities", "bytes", "large"],
)  # fmt: skip
def test_what_is_no_page_is_refused_in_one_line(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    with pytest.raises(TranslatorError, match=said) as caught:
        documents.read(place(tmp_path, content))
    assert "\n" not in str(caught.value)


def test_a_page_that_changed_is_not_written(page: Path) -> None:
    targets = translations(documents.read(page))
    page.write_text("<p>Nowa treść komunikatu.</p>", encoding="utf-8")
    with pytest.raises(TranslatorError, match="changed"):
        documents.write(page, targets, "ru")


WORDS = st.text(st.sampled_from("aąż <>&\"'\u00a0\n#|1-"), min_size=1, max_size=12).map(html.escape)
INLINE = st.recursive(
    WORDS | st.sampled_from(["<br>", "<img alt='opis'>", "<code>k</code>", "<!-- c -->", " "]),
    lambda inner: st.tuples(
        st.sampled_from(["b", "em", "a href='/x'", "span class=y", "sup"]),
        st.lists(inner, max_size=3).map("".join),
    ).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0].split()[0]}>"),
    max_leaves=8,
)
BLOCK = st.recursive(
    st.tuples(
        st.sampled_from(["p", "h1", "h2", "figcaption", "dd", "div"]),
        st.lists(INLINE, max_size=4).map("".join),
    ).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>\n"),
    lambda inner: st.tuples(
        st.sampled_from(["<div>{}</div>", "<ul><li>{}</li></ul>", "<blockquote>{}</blockquote>",
                         "<table><tr><td>{}</td><td>x</td></tr></table>", "<ol><li>{}<li>y</ol>"]),
        st.lists(inner | INLINE, max_size=3).map("".join),
    ).map(lambda pair: pair[0].format(pair[1])),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=60, derandomize=True, deadline=None)
@given(body=st.lists(BLOCK, min_size=1, max_size=4).map("".join))
def test_identity_of_generated_pages(tmp_path_factory, body: str) -> None:
    assume(not re.search("<a [^>]*>(?:(?!</a>).)*<a ", body, re.DOTALL))  # no link is in a link
    folder = tmp_path_factory.mktemp("page")
    assert_same(place(folder, f"<html><body><main><p>Początek.</p>{body}</main></body></html>"))
