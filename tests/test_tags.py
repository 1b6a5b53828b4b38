"""Markup on its way from a source to what is published."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from translator import inline, segmentation
from translator.catalogs import Catalog
from translator.checks import check
from translator.drafting import Drafter
from translator.machine.engine import Engine
from translator.memory import Entry, Memory
from translator.model import Block, BlockKind, Draft, Inline, Release, Row
from translator.pipeline import _rows
from translator.publishing import Publication, render, typography
from translator.publishing.markup import woven
from translator.terminology import Terminology

TEXT = "Minister Rau rozmawiał w Astanie. Wizyta potrwa dwa dni."
INLINES = (
    Inline("bold", 0, 56, ref=1),
    Inline("link", 9, 12, "https://example.org", ref=2),
    Inline("italic", 25, 40, ref=3),  # over the boundary of the sentences
    Inline("footnote", 33, 33, "1", ref=4),
)


def release(*blocks: Block) -> Release:
    return segmentation.segment(Release("r", Path("releases/r.docx"), "0" * 64, blocks))


def rows(source: Release, translations: dict[str, str]) -> list[Row]:
    catalog = Catalog.new(Path("locales/en/r.po"), source, "en", "releases/r.docx")
    drafts = {text: Draft(target, "machine") for text, target in translations.items()}
    catalog.update(source, drafts, source_file="releases/r.docx")
    return list(_rows(source, catalog, Terminology(())))


def shown(text: str, inlines: tuple[Inline, ...]) -> list[tuple[str, str]]:
    return [(i.kind, text[i.start : i.end]) for i in inlines]


def test_a_row_has_the_markup_of_both_texts() -> None:
    source = release(Block(1, BlockKind.ITEM, TEXT, inlines=INLINES, level=2, ordered=True))
    (row,) = rows(
        source,
        {
            "Minister <1>Rau</1> rozmawiał w <2>Astanie.</2><3/>": (
                "In Astana<3/>, Minister <1>Rau</1> held <2>talks.</2>"
            ),
            "<1>Wizyta</1> potrwa dwa dni.": "<1>The visit</1> will last two days.",
        },
    )
    assert (row.source, row.source_inlines) == (TEXT, INLINES)
    assert row.target == "In Astana, Minister Rau held talks. The visit will last two days."
    assert shown(row.target, row.target_inlines) == [
        ("bold", row.target),
        ("footnote", ""),
        ("link", "Rau"),
        ("italic", "talks. The visit"),
    ]
    assert row.target[: row.target_inlines[1].start] == "In Astana"
    assert row.pairs[1] == ("Wizyta potrwa dwa dni.", "The visit will last two days.")
    assert (row.level, row.ordered) == (2, True)


def test_markup_stays_around_what_has_no_translation() -> None:
    source = release(Block(1, BlockKind.PARAGRAPH, TEXT[:33], inlines=INLINES[1:2]))
    (row,) = rows(source, {})
    assert shown(row.target, row.target_inlines) == [("link", "Rau")]


_SET = st.text(alphabet="ab 5%\u00a0\"'“”«», ", max_size=30)


@given(_SET, st.integers(0, 30), st.integers(0, 30), st.sampled_from(["en", "ru", "kk"]))
def test_markup_follows_typography(text: str, one: int, other: int, language: str) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    bold = Inline("bold", start, end)
    publication = Publication("r", language, (Row(BlockKind.PARAGRAPH, text, text),))
    publication = replace(publication, rows=(replace(publication.rows[0], target_inlines=(bold,)),))
    (row,) = publication.typeset().rows
    (moved,) = row.target_inlines
    assert row.target == typography.apply(text, language)
    for offset, at in ((start, moved.start), (end, moved.end)):
        before, after = row.target[:at], row.target[at:]
        assert len("".join(before.split())) == len("".join(text[:offset].split()))
        assert len("".join(after.split())) == len("".join(text[offset:].split()))


def test_moved_keeps_what_did_not_change() -> None:
    assert inline.moved(INLINES, TEXT, str) == INLINES


@cache
def drafter(language: str) -> Drafter:
    glossaries = sorted((ROOT / "glossaries").glob("*.csv"))
    return Drafter(Engine(), Terminology.load(glossaries), language)


LINKED = "Minister Zbigniew Rau rozmawiał w Astanie o Unii Europejskiej."
MARKUP = (
    Inline("bold", 9, 21, ref=1),
    Inline("link", 34, 41, "https://example.org", ref=2),
    Inline("footnote", 61, 61, "1", ref=3),
)
MARKED = "Minister <1>Zbigniew Rau</1> rozmawiał w <2>Astanie</2> o Unii Europejskiej<3/>."


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["<1>Zbigniew Rau</1>", "<2>Astana</2>", "European Union<3/>"]),
        ("ru", ["<1>Збигнев Рау</1>", "<2>Астане</2>", "союзе<3/>"]),
        ("kk", ["<1>Збигнев Рау", "<2>Астана", "<3/>"]),
    ],
)
def test_the_machine_s_draft_has_the_tags(language: str, expected: list[str]) -> None:
    source = release(Block(1, BlockKind.PARAGRAPH, LINKED, inlines=MARKUP))
    assert [segment.text for segment in source.segments] == [MARKED]
    (job,) = drafter(language).jobs(source, [MARKED], year=None)
    assert (job.text, job.marked) == (LINKED, MARKED)
    (draft,) = drafter(language).draft([job])
    assert inline.problems(MARKED, draft.text) == []
    assert [part for part in expected if part not in draft.text] == [], draft.text
    assert not [f for f in check(MARKED, draft.text, language) if f.id == "tags"]


def test_a_catalog_says_what_the_tags_mean_with_and_without_a_draft(tmp_path: Path) -> None:
    source = release(Block(1, BlockKind.PARAGRAPH, LINKED, inlines=MARKUP))
    legend = ["tag 1: bold", "tag 2: link https://example.org", "tag 3: footnote 1"]
    catalog = Catalog.new(tmp_path / "en/r.po", source, "en", "r.docx")
    catalog.update(source, {}, source_file="r.docx")
    assert catalog.units[0].notes == ("paragraph", *legend)
    catalog.update(source, {MARKED: Draft("Text.", "memory 100%")}, source_file="r.docx")
    wanted = ("paragraph", *legend, "origin: memory 100%", "draft: Text.")
    assert catalog.units[0].notes == wanted
    catalog.update(source, {}, source_file="r.docx")
    assert catalog.units[0].notes == wanted
    moved = (replace(MARKUP[0], kind="italic"), *MARKUP[1:])
    source = release(Block(1, BlockKind.PARAGRAPH, LINKED, inlines=moved))
    catalog.update(source, {}, source_file="r.docx")
    assert catalog.units[0].notes == ("paragraph", "tag 1: italic", *wanted[2:])


def test_the_memory_finds_a_segment_that_differs_only_in_its_tags(tmp_path: Path) -> None:
    approved = "Minister <1>Zbigniew Rau</1> held talks in <2>Astana</2> on the European Union<3/>."
    other = release(Block(1, BlockKind.PARAGRAPH, LINKED, inlines=MARKUP[1:2]))
    same = release(Block(1, BlockKind.PARAGRAPH, LINKED, inlines=MARKUP))
    bare = release(Block(1, BlockKind.PARAGRAPH, LINKED))
    with Memory(tmp_path / "memory.sqlite") as memory:
        memory.add([Entry(MARKED, approved, "en")])
        asked = Drafter(Engine(), Terminology(()), "en", memory=memory)

        def remembered(source: Release) -> Draft:
            (text,) = [segment.text for segment in source.segments]
            return asked.remember(source, [text], year=None)[text]

        assert remembered(same).text == approved
        assert remembered(same).origin == "memory 100%"
        assert remembered(bare).text == inline.plain(approved)
        draft = remembered(other)
        assert draft.text == (
            "Minister Zbigniew Rau held talks in <1>Astana</1> on the European Union."
        )
        assert draft.origin == "memory 100%, tags placed"
        (hit,) = memory.concordance("Unia Europejska", ["en"])
        (span,) = hit.spans
        assert hit.entry.source[slice(*span)] == "Unii Europejskiej"


def test_a_tag_that_the_source_itself_writes_is_text() -> None:
    source = release(Block(1, BlockKind.PARAGRAPH, "Znacznik <1> w tekście."))
    (segment,) = source.segments
    assert segment.tags == {}
    (job,) = drafter("ru").jobs(source, [segment.text], year=None)
    assert (job.text, job.tags) == (segment.text, ())


NOTE = "Tekst umowy."
PRINTED = Publication(
    "r",
    "en",
    (
        Row(BlockKind.TITLE, "Tytuł", "Title"),
        Row(
            BlockKind.PARAGRAPH,
            "",
            "See the <text> & [the rest], 'quoted': here.",
            target_inlines=(
                Inline("bold", 0, 14),
                Inline("link", 8, 14, 'https://example.org/?a="b"&c=<d>'),
                Inline("link", 17, 27, "javascript:alert(1)"),
                Inline("italic", 18, 21),
                Inline("italic", 29, 37),
                Inline("footnote", 38, 38, "1"),
                Inline("break", 38, 38),
            ),
        ),
        Row(BlockKind.FOOTNOTE, NOTE, "The text of the agreement."),
    ),
)


def test_a_page_shows_the_markup_and_leads_nowhere_dangerous() -> None:
    page = html.fromstring(render(PRINTED, "html"))
    (paragraph,) = page.xpath("//article/p[strong]")
    assert paragraph.text_content() == "See the <text> & [the rest], ‘quoted’:1here."
    (link,) = paragraph.xpath("./strong/a")
    assert (link.text, link.get("href")) == ("<text>", 'https://example.org/?a="b"&c=<d>')
    assert [e.text for e in paragraph.xpath("./em")] == ["the", "‘quoted’"]
    assert len(paragraph.xpath("./br")) == 1
    (mark,) = paragraph.xpath("./sup/a")
    (note,) = page.xpath("//p[@class='footnote']")
    assert mark.get("href") == "#" + note.get("id")
    assert note.xpath(".//a")[0].get("href") == "#" + mark.get("id")
    assert note.text_content() == "1 The text of the agreement."
    assert "javascript" not in html.tostring(page).decode()


def test_markdown_shows_the_markup() -> None:
    body = render(PRINTED, "md").decode().split("---\n", 2)[2]
    page = html.fromstring(MarkdownIt("commonmark").render(body))
    (paragraph,) = page.xpath("//p[strong]")
    assert paragraph.text_content() == "See the <text> & [the rest], ‘quoted’:[^1]\nhere."
    (link,) = paragraph.xpath("./strong/a")
    assert (link.text, link.get("href")) == ("<text>", "https://example.org/?a=%22b%22&c=%3Cd%3E")
    assert [e.text for e in paragraph.xpath("./em")] == ["the", "‘quoted’"]
    assert len(paragraph.xpath("./br")) == 1
    assert "[^1]: The text of the agreement." in body
    assert "javascript" not in body


def test_plain_text_keeps_the_marks_of_footnotes() -> None:
    blocks = render(PRINTED, "txt").decode().rstrip("\n").split("\n\n")
    assert blocks[1:] == [
        "See the <text> & [the rest], ‘quoted’:[1]\nhere.",
        "[1] The text of the agreement.",
    ]


def test_markup_that_crosses_is_cut_not_lost() -> None:
    row = Row(
        BlockKind.PARAGRAPH, "", "abcdef", target_inlines=(Inline("bold", 0, 4), Inline("u", 2, 6))
    )
    assert woven(row, str, lambda i, text: f"({i.kind}:{text})", "\n") == "(bold:ab(u:cd))(u:ef)"


def test_a_signature_has_one_break_for_a_line() -> None:
    text = "Jan Kowalski\nrzecznik prasowy"
    row = Row(BlockKind.SIGNATURE, text, text, target_inlines=(Inline("break", 12, 12),))
    assert woven(row, str, lambda _, text: text, "/") == "Jan Kowalski/rzecznik prasowy"
