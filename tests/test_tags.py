"""Markup on its way from a source to what is published."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from translator import inline, segmentation
from translator.catalogs import Catalog
from translator.model import Block, BlockKind, Draft, Inline, Release, Row
from translator.pipeline import _rows
from translator.publishing import Publication, typography
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
