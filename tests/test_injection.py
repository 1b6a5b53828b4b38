"""Text is data: known payloads in every place that text comes from, in every page it goes to, read
by a real Chromium.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, translator
from documents import translated
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pypdf import PdfReader

from translator import pipeline, publishing, settings, spreadsheet
from translator.catalogs import Catalog
from translator.memory import Entry, Memory, exchange
from translator.model import BlockKind, Draft, Row, Term
from translator.publishing.site import Entry as Published
from translator.publishing.site import Site, build
from translator.terminology import termbase

PAYLOADS = (ROOT / "tests/data/injection/payloads.txt").read_text(encoding="utf-8").splitlines()
NAME = "\"><img src=x onerror=pwned()>' onfocus='pwned()"  # of a file, a reviewer, a publisher

# What a payload wants to run; and what would run if somebody clicked or pointed at it. `data-`
# attributes and the values of fields are texts, and so is a link to a page of the site.
TRAP = "window.pwned = () => document.documentElement.setAttribute('data-pwned', '1');"
TRIGGERS = r"""() => [...document.querySelectorAll('*')].flatMap(element =>
  [...element.attributes]
    .filter(a => /^on/i.test(a.name) || (
      /^(xlink:)?(href|src|srcset|action|formaction|data|srcdoc)$/i.test(a.name) &&
      /^\s*(javascript|vbscript|data:text)/i.test(a.value.replace(/\s/g, ''))))
    .map(a => `${element.tagName} ${a.name}=${a.value}`)
).concat([...document.querySelectorAll('xss, mglyph, isindex, keygen, marquee, foreignObject')]
  .map(element => element.tagName))"""


def test_there_are_a_hundred_payloads() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 100


@contextmanager
def watched(browser: Any, allowed: str) -> Iterator[tuple[Any, list[str]]]:
    """A tab, and a list of what happens in it that must not."""
    context = browser.new_context()
    context.add_init_script(TRAP)
    tab = context.new_page()
    seen: list[str] = []
    tab.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
    tab.on("request", lambda r: r.url.startswith(allowed) or seen.append(f"request: {r.url}"))
    tab.on("popup", lambda popup: seen.append(f"popup: {popup.url}"))
    tab.on("framenavigated", lambda f: f.url.startswith(allowed) or seen.append(f"to: {f.url}"))
    yield tab, seen
    context.close()


def assert_harmless(tab: Any, seen: list[str]) -> None:
    tab.wait_for_timeout(300)  # for what begins after a moment
    assert tab.locator("html").get_attribute("data-pwned") is None
    assert tab.evaluate(TRIGGERS) == []
    assert seen == []


def publication(language: str = "ru", draft: bool = False) -> publishing.Publication:
    """A release whose every sentence is a payload, in blocks of all kinds."""
    kinds = [BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.QUOTE, BlockKind.HEADING]
    rows = [Row(BlockKind.TITLE, PAYLOADS[0], PAYLOADS[1], pairs=((PAYLOADS[0], PAYLOADS[1]),))]
    rows += [
        Row(kinds[n % 4], f"Zdanie {n} {p}", f"Предложение {n} {p}", level=2 if n % 4 == 3 else 1)
        for n, p in enumerate(PAYLOADS)
    ]
    rows += [
        Row(BlockKind.CELL, f"Komórka {p}", f"Ячейка {p}", cell=(1, 1 + n // 2, 1 + n % 2))
        for n, p in enumerate(PAYLOADS[:40])
    ]
    return publishing.Publication(
        release_name=NAME.replace("/", ""),
        language=language,
        rows=tuple(rows),
        date=date(2026, 11, 25),
        draft=draft,
        author=NAME,
        show_terms=True,
    )


def test_published_html_runs_nothing(browser: Any, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(publishing.render(publication().typeset(), "html"))
    with watched(browser, page.as_uri()) as (tab, seen):
        tab.goto(page.as_uri())
        assert_harmless(tab, seen)
        text = " ".join(tab.inner_text("body").split())
    missing = [p for p in PAYLOADS if f"{' '.join(p.split())}" not in text]
    # Quotation marks and spaces are typeset; all else is there to be read, letter by letter.
    assert all('"' in p or "'" in p or "  " in p or " " in p for p in missing)
    assert len(missing) < len(PAYLOADS)


def test_the_site_runs_nothing(browser: Any, tmp_path: Path) -> None:
    entries = [Published(publication(language).typeset()) for language in ("ru", "en")]
    site = Site("https://www.example.org/news", {"": NAME, "ru": PAYLOADS[2]}, b"")
    for name, content in build(site, entries).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    with watched(browser, tmp_path.as_uri()) as (tab, seen):
        for page in sorted(tmp_path.rglob("*.html")):
            tab.goto(page.as_uri())
            assert_harmless(tab, seen)
        tab.goto((tmp_path / "ru/index.html").as_uri())
        for query in ("script", "img", "предложение", PAYLOADS[3]):
            tab.fill("input[type=search]", query)
            assert_harmless(tab, seen)


def test_markdown_as_others_render_it_runs_nothing(browser: Any, tmp_path: Path) -> None:
    content = publishing.render(publication().typeset(), "md").decode()
    page = tmp_path / "page.html"
    # The most trusting of renderers: it lets HTML through.
    page.write_text("<meta charset=utf-8>" + MarkdownIt("commonmark").render(content))
    with watched(browser, page.as_uri()) as (tab, seen):
        tab.goto(page.as_uri())
        assert_harmless(tab, seen)


def test_a_translation_in_its_own_html_page_runs_nothing(browser: Any, tmp_path: Path) -> None:
    source = tmp_path / "komunikat.html"
    paragraphs = "".join(f"<p>Zdanie numer {n}.</p>" for n in range(len(PAYLOADS)))
    source.write_text(
        f"<!doctype html><html lang=pl><title>Komunikat</title><body>{paragraphs}</body></html>"
    )
    payloads = iter(PAYLOADS * 2)
    page = translated(source, lambda text: f"Предложение {next(payloads)}")
    with watched(browser, page.as_uri()) as (tab, seen):
        tab.goto(page.as_uri())
        assert_harmless(tab, seen)
        assert tab.locator("p").count() == len(PAYLOADS)


def test_typst_sees_text_and_no_markup(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(publishing.render(publication().typeset(), "pdf"))
    text = "".join(p.extract_text() for p in PdfReader(tmp_path / "a.pdf").pages)
    letters = "".join(text.split())
    for payload in ('#image("/etc/passwd")', '#eval("1+1")', '#letx=read("/etc/passwd")'):
        assert payload.split("(")[0] in letters
    assert "root:" not in text


@pytest.fixture
def attacked(tmp_path: Path) -> settings.Settings:
    """A project whose sources, drafts, comments, glossary, memory and reviewer are hostile."""
    (tmp_path / "releases").mkdir()
    (tmp_path / "glossaries").mkdir()
    (tmp_path / settings.FILE).write_text('[project]\nglossaries = ["glossaries/a.csv"]\n')
    quoted = [payload.replace('"', '""') for payload in PAYLOADS]
    rows = [f'"termin {n}","{p} 1","{p} 2","{p} 3","{p}"' for n, p in enumerate(quoted)]
    (tmp_path / "glossaries/a.csv").write_text("\n".join(["pl,en,ru,kk,note", *rows]) + "\n")
    source = tmp_path / "releases/atak.txt"
    source.write_text(
        "\n\n".join(f"Termin {n} to {payload}" for n, payload in enumerate(PAYLOADS)) + "\n"
    )
    project = settings.load(tmp_path)
    release = pipeline.open_release(source)
    catalog = Catalog.new(project.catalog("atak", "ru"), release, "ru", "releases/atak.txt")
    drafts = {
        segment.text: Draft(f"Слово {segment.text}", f"machine {NAME}", (f"term: {segment.text}",))
        for segment in release.segments
    }
    catalog.update(release, drafts, source_file="releases/atak.txt")
    catalog.sign(NAME)
    catalog.save()
    with Memory(project.memory) as memory:
        memory.add(
            Entry(segment.text + " x", f"{segment.text} y", "ru", NAME, reviewer=NAME)
            for segment in release.segments
        )
    return project


def test_the_review_page_runs_nothing(browser: Any, attacked: settings.Settings) -> None:
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", "from translator.cli import main; main()"),
            *("review", "atak", "--to", "ru", "--no-browser", "--reviewer", NAME),
        ],
        cwd=attacked.root,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "HOME": str(attacked.root)},
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        with watched(browser, address.partition("/review")[0]) as (tab, seen):
            tab.goto(address)
            assert tab.locator("article").count() >= len(PAYLOADS)
            assert_harmless(tab, seen)
            for place in range(0, len(PAYLOADS), 12):  # what belongs to an entry, when it has focus
                area = tab.locator("textarea").nth(place)
                area.focus()
                area.press("End")
                area.type(PAYLOADS[place])
                tab.wait_for_timeout(200)
            assert_harmless(tab, seen)
    finally:
        process.kill()
        process.wait()


def test_the_report_runs_nothing(browser: Any, attacked: settings.Settings, tmp_path: Path) -> None:
    assert translator("approve", "atak", "--to", "ru", cwd=attacked.root).returncode == 0
    done = translator("report", "-o", "report.html", cwd=attacked.root)
    assert done.returncode == 0, done.stderr
    page = attacked.root / "report.html"
    with watched(browser, page.as_uri()) as (tab, seen):
        tab.goto(page.as_uri())
        assert_harmless(tab, seen)


def test_what_machines_read_in_a_page_is_data() -> None:
    from lxml import html

    page = html.document_fromstring(publishing.render(publication().typeset(), "html").decode())
    (data,) = page.xpath('//script[@type="application/ld+json"]')
    assert "</script" not in data.text
    assert json.loads(data.text)["headline"]


# --- spreadsheets


FORMULAS = [
    '=HYPERLINK("https://evil.example")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "'=1+1",
    "'apostrof",
]


@given(st.text(max_size=20))
def test_a_guarded_cell_comes_back_and_is_no_formula(cell: str) -> None:
    assert spreadsheet.unguard(spreadsheet.guard(cell)) == cell
    assert not spreadsheet.guard(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("ending", ["csv", "tsv"])
def test_no_cell_of_an_exported_memory_is_a_formula(tmp_path: Path, ending: str) -> None:
    entries = [Entry(text, f"{text} ru", "ru", release=text.strip()) for text in FORMULAS]
    with Memory(tmp_path / "memory.sqlite") as memory:
        memory.add(entries)
        content = exchange.writer(tmp_path / f"out.{ending}")(memory.entries())
    path = tmp_path / f"out.{ending}"
    path.write_bytes(content)
    separator = "," if ending == "csv" else "\t"
    rows = csv.reader(io.StringIO(content.decode()), delimiter=separator)
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]
    assert [e.source for e in exchange.read(path)] == [text.strip() for text in FORMULAS]


def test_no_cell_of_a_glossary_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "terms.csv"
    terms = [Term(text.strip(), {"ru": text.strip()}) for text in FORMULAS]
    path.write_text(termbase.render(terms, path, ["ru"]), encoding="utf-8")
    cells = [cell for row in csv.reader(path.open(encoding="utf-8")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert [term.source for term in termbase.TermBase.load([path]).terms] == [
        term.source for term in terms
    ]
