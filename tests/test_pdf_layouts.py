"""Layouts of the PDF, read back with pypdf, pikepdf, poppler, qpdf and outloud (PDF/UA-1)."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from conftest import SAMPLE, translator
from pypdf import PdfReader
from rich_release import CHART, LANGUAGES, rich
from test_publishing import flat, sample

from translator.errors import TranslatorError
from translator.model import BlockKind, Inline, Row
from translator.publishing.pdf import LAYOUTS, TEMPLATE, Design, render
from translator.publishing.runs import block_runs, split

ALL = [rich(language) for language in LANGUAGES]


def words(text: str) -> set[str]:
    """Words without figures, since the mark of a footnote touches its word."""
    return set(re.findall(r"[^\W\d]+", text))


def pages(pdf: bytes) -> list[str]:
    reader = PdfReader(io.BytesIO(pdf))
    return [re.sub(r"\u00ad\s*", "", page.extract_text()) for page in reader.pages]


def elements(
    pdf: pikepdf.Pdf, node: pikepdf.Object | None = None, lang: str = ""
) -> Iterator[tuple[str, str, pikepdf.Object]]:
    """All structure elements in reading order: type, language that it is in, itself."""
    if node is None:
        node, lang = pdf.Root.StructTreeRoot, str(pdf.Root.Lang)
    lang = str(node.get("/Lang", lang))
    if "/S" in node:
        yield str(node.S)[1:], lang, node
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and ("/S" in kid or "/K" in kid):
            yield from elements(pdf, kid, lang)


def structure(pdf: bytes) -> list[tuple[str, str, str]]:
    """All structure elements in reading order: type, language, alternative text."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [(tag, lang, str(e.get("/Alt", ""))) for tag, lang, e in elements(opened)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_shows_every_word(layout: str) -> None:
    publication = rich("kk")
    shown = words("\n".join(pages(render(publication, Design(layout)))))
    for row in publication.rows:
        if row.kind is BlockKind.IMAGE:
            continue
        assert not words(row.target) - shown
        if layout != "target-only":
            assert not words(row.source) - shown
    assert ("Kazachstan" in shown) == (layout != "target-only")


def test_several_languages_stand_beside_each_other() -> None:
    for layout in ("columns", "interleaved"):
        text = flat("\n".join(pages(render(ALL, Design(layout)))))
        found = [
            text.index(start)
            for start in ("Najważniejsze", "Main conclusions", "Основные", "Негізгі")
        ]
        assert found == sorted(found)


@pytest.mark.parametrize(
    ("layout", "targets", "paper", "size"),
    [
        ("columns", 1, "", (210, 297)),
        ("columns", 2, "", (297, 210)),
        ("columns", 3, "", (420, 297)),
        ("columns", 3, "a4", (297, 210)),
        ("columns", 1, "a3", (297, 420)),
        ("interleaved", 3, "", (210, 297)),
        ("facing", 1, "", (210, 297)),
    ],
)
def test_paper(layout: str, targets: int, paper: str, size: tuple[int, int]) -> None:
    reader = PdfReader(io.BytesIO(render(ALL[:targets], Design(layout, paper))))
    for page in reader.pages:
        points = (float(page.mediabox.width), float(page.mediabox.height))
        assert tuple(round(p * 25.4 / 72) for p in points) == size


# --- tags ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_block_is_tagged_in_its_language(layout: str) -> None:
    """Paragraphs, headings, lists, quotations, table headers and notes, once in each language."""
    publication = rich("kk")
    found = structure(render(publication, Design(layout)))
    sides = ["kk"] if layout == "target-only" else ["pl", "kk"]
    by_side = {side: Counter(tag for tag, lang, _ in found if lang == side) for side in sides}
    kinds = Counter(row.kind for row in publication.rows)
    for counts in by_side.values():
        assert counts["H1"] == 1
        assert [counts[f"H{level}"] for level in range(2, 6)] == [1, 1, 1, 0]  # none is skipped
        assert counts["LI"] == kinds[BlockKind.ITEM]
        assert counts["BlockQuote"] == kinds[BlockKind.QUOTE]
        assert counts["Table"] == 2
        assert counts["TH"] == 3 + 5
        assert counts["TD"] == 2 * (3 + 5)
        assert counts["P"] >= kinds[BlockKind.PARAGRAPH] + kinds[BlockKind.CAPTION]
        assert counts["Link"] >= 1
    notes = sum(tag == "Note" for tag, _, _ in found)
    assert notes == kinds[BlockKind.FOOTNOTE] * (2 if layout == "facing" else 1)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_images_have_an_alternative_text(layout: str) -> None:
    alts = [alt for tag, _, alt in structure(render(rich("kk"), Design(layout))) if tag == "Figure"]
    assert len(alts) == (4 if layout == "facing" else 2)
    chart = "Бағанды диаграмма: экспорт жыл сайын өседі"
    assert any(chart in alt for alt in alts)
    assert any("Wykres słupkowy" in alt for alt in alts) == (layout != "target-only")


def test_images_that_say_nothing_are_ornaments() -> None:
    rows = tuple(
        replace(row, source="", target="") if row.kind is BlockKind.IMAGE else row
        for row in rich("kk").rows
        if row.kind is not BlockKind.SIGNATURE
    )
    for layout in LAYOUTS:
        made = render(replace(rich("kk"), rows=rows), Design(layout))
        assert not [tag for tag, _, _ in structure(made) if tag == "Figure"]


def test_links_lead_to_the_address() -> None:
    reader = PdfReader(io.BytesIO(render(rich("ru"))))
    targets = {
        annotation.get_object()["/A"]["/URI"]
        for page in reader.pages
        for annotation in page.get("/Annots", [])
        if "/A" in annotation.get_object() and "/URI" in annotation.get_object()["/A"]
    }
    assert targets == {"https://www.gov.pl/web/dyplomacja"}


@pytest.mark.parametrize(
    ("languages", "design"),
    [(LANGUAGES, Design("columns", cover=True)), (["kk"], Design("facing"))],
)
def test_validator_finds_no_error(languages: list[str], design: Design, tmp_path: Path) -> None:
    pytest.importorskip("outloud", reason="outloud is missing: pip install outloud")
    if not Path(sys.executable).with_name("outloud").exists():
        pytest.skip("outloud has no command")
    file = tmp_path / "release.pdf"
    file.write_bytes(render([rich(language) for language in languages], design))
    done = subprocess.run(
        [Path(sys.executable).with_name("outloud"), file],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "0 error(s)" in done.stdout, done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize("layout", LAYOUTS)
def test_qpdf_finds_no_fault(layout: str, tmp_path: Path) -> None:
    if shutil.which("qpdf") is None:
        pytest.skip("qpdf is missing: install it")
    (tmp_path / "x.pdf").write_bytes(render(rich("kk"), Design(layout)))
    done = subprocess.run(["qpdf", "--check", tmp_path / "x.pdf"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_archival_profile_is_2a() -> None:
    for layout in LAYOUTS:
        with pikepdf.open(io.BytesIO(render(rich("ru"), Design(layout)))) as opened:
            xmp = opened.Root.Metadata.read_bytes()
        assert b"<pdfaid:part>2</pdfaid:part>" in xmp
        assert b"<pdfaid:conformance>A</pdfaid:conformance>" in xmp
        assert b"<pdfuaid:part>1</pdfuaid:part>" in xmp


# --- pages --------------------------------------------------------------------------------------


def long_release(paragraphs: int) -> object:
    """The sample with many paragraphs and one that is longer than a page."""
    publication = sample("kk")
    body = [row for row in publication.rows if row.kind is BlockKind.PARAGRAPH] * paragraphs
    giant = Row(
        BlockKind.PARAGRAPH,
        " ".join(row.source for row in body[:15]),
        " ".join(row.target for row in body[:15]),
        pairs=tuple((row.source, row.target) for row in body[:15]),
    )
    rows = (publication.rows[0], *body[:4], giant, *body[4:])
    return replace(publication, rows=rows).typeset()


def test_facing_pages_take_turns_and_hold_the_same_rows() -> None:
    publication = long_release(6)
    shown = pages(render(publication, Design("facing")))  # type: ignore[arg-type]
    assert len(shown) % 2 == 1  # the cover, then spreads
    assert len(shown) > 8
    for left, right in zip(shown[1::2], shown[2::2], strict=True):
        assert "POLSKI" in left
        assert "ҚАЗАҚ ТІЛІ" in right
        assert "Strona" in left
        assert "беттің" in right
        # The same facts stand on both pages of a spread.
        assert left.count("53,9%") == right.count("53,9%")
        assert left.count("COVID-19") == right.count("COVID-19")
    text = " ".join(shown)
    for row in publication.rows:  # type: ignore[attr-defined]
        assert not words(row.target) - words(text)


def test_rows_begin_level_on_facing_pages(tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is missing: install poppler-utils")
    (tmp_path / "x.pdf").write_bytes(render(rich("kk"), Design("facing")))
    done = subprocess.run(
        ["pdftotext", "-bbox", tmp_path / "x.pdf", "-"], capture_output=True, text=True, check=True
    )

    def top(word: str) -> float:
        found = re.search(rf'yMin="([\d.]+)" xMax="[\d.]+" yMax="[\d.]+">{word}<', done.stdout)
        assert found, word
        return float(found[1])

    for polish, kazakh in (("Najważniejsze", "Негізгі"), ("uruchomić", "Каспий")):
        assert abs(top(polish) - top(kazakh)) < 0.5


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_runs_out_of_the_page(layout: str, tmp_path: Path) -> None:
    """A table of many columns with long words, and one of more rows than a page has."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is missing: install poppler-utils")
    wide = [
        Row(BlockKind.CELL, f"kolumna{c}", f"ынтымақтастығымыздың{c}", cell=(1, r, c))
        for r in range(1, 4)
        for c in range(1, 10)
    ]
    tall = [
        Row(BlockKind.CELL, f"wiersz {r} w kolumnie {c}", f"{c}-бағандағы {r}-жол", cell=(2, r, c))
        for r in range(1, 80)
        for c in range(1, 4)
    ]
    rows = (*rich("kk").rows[:2], *wide, Row(BlockKind.PARAGRAPH, "A", "B"), *tall)
    (tmp_path / "x.pdf").write_bytes(render(replace(rich("kk"), rows=rows), Design(layout)))
    done = subprocess.run(
        ["pdftotext", "-bbox", tmp_path / "x.pdf", "-"], capture_output=True, text=True, check=True
    )
    width, height = 210 / 25.4 * 72, 297 / 25.4 * 72
    boxes = re.findall(
        r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"', done.stdout
    )
    assert len(boxes) > 500
    for x0, y0, x1, y1 in boxes:
        assert float(x0) > 50
        assert float(x1) < width - 50
        assert float(y0) > 15
        assert float(y1) < height - 20


def test_target_only_has_a_section_for_each_language() -> None:
    shown = pages(render(ALL, Design("target-only")))
    languages = [
        next(name for name in ("ENGLISH", "РУССКИЙ", "ҚАЗАҚ ТІЛІ") if name in page)
        for page in shown
    ]
    assert list(dict.fromkeys(languages)) == ["ENGLISH", "РУССКИЙ", "ҚАЗАҚ ТІЛІ"]
    assert languages == sorted(languages, key=["ENGLISH", "РУССКИЙ", "ҚАЗАҚ ТІЛІ"].index)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_footnotes_stand_on_the_page_of_their_mark(layout: str) -> None:
    shown = pages(render(rich("kk"), Design(layout)))
    for mark, note in (("Варшавада", "Хаттамаға"), ("Азиядағы", "стратегиясын")):
        assert [mark in page and note in page for page in shown].count(True) == 1


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_heading_ends_a_page(layout: str) -> None:
    publication = sample("kk")
    body = [row for row in publication.rows if row.kind is BlockKind.PARAGRAPH]
    rows = [publication.rows[0]]
    for number in range(24):
        rows += [Row(BlockKind.HEADING, f"Rozdział {number}", f"Тарау {number}"), body[number % 5]]
    shown = pages(render(replace(publication, rows=tuple(rows)).typeset(), Design(layout)))
    for page in shown:
        lines = [line for line in page.split("\n") if line.strip()]
        text = flat(" ".join(lines))
        ends = re.search(r"Тарау \d+ (?:\d+ беттің|Strona|$)", text)
        assert not ends, text[-200:]


def test_the_cover_has_the_title_in_all_languages() -> None:
    first, second, *_ = pages(render(ALL, Design(cover=True)))
    for title in (ALL[0].source_title, *(p.title for p in ALL)):
        assert flat(title) in flat(first)
    assert "12 марта 2026" in flat(first)
    assert "Najważniejsze" in second


def test_the_same_input_gives_the_same_bytes() -> None:
    for layout in LAYOUTS:
        assert render(rich("kk"), Design(layout)) == render(rich("kk"), Design(layout))


# --- what is wrong ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("design", "message"),
    [
        (Design("rows"), "unknown layout “rows”: use columns, interleaved, facing, target-only"),
        (Design(paper="letter"), "unknown paper “letter”: use a4 or a3"),
        (Design("facing"), "two pages face each other"),
        (Design(template=Path("/nowhere")), "holds no publication.typ"),
    ],
)
def test_what_cannot_be_is_refused(design: Design, message: str) -> None:
    with pytest.raises(TranslatorError, match=message):
        render(ALL, design)


def test_damaged_and_unknown_images() -> None:
    damaged = replace(rich("en"), assets={"talks.png": b"\x89PNG\r\n\x1a\nrubbish"})
    with pytest.raises(TranslatorError, match=r"damaged \(talks\.png\)"):
        render(damaged)
    unknown = replace(rich("en"), assets={"talks.png": b"II*\0 a TIFF"})
    assert "The heads of both delegations" in flat(" ".join(pages(render(unknown))))


def test_hostile_inline_markup_stays_data() -> None:
    hostile = '#panic("x") *b* <label> $x$'
    link = Inline("link", 0, len(hostile), "javascript:alert(1)")
    note = Inline("footnote", 3, 3, '"]#panic()')
    rows = (
        Row(BlockKind.TITLE, "T", "T"),
        Row(BlockKind.PARAGRAPH, hostile, hostile, target_inlines=(link, note)),
        Row(BlockKind.FOOTNOTE, hostile, hostile),
    )
    pdf = render(replace(rich("en"), rows=rows))
    shown = re.sub(r"\s", "", " ".join(pages(pdf)))
    assert shown.replace("#pa1nic", "#panic").count('#panic("x")*b*<label>$x$') == 4
    assert b"javascript" not in pdf


def test_runs_keep_the_text_and_its_markup() -> None:
    text = "  Ala ma kota,\nżółtego "
    marks = (Inline("bold", 2, 8), Inline("italic", 6, 8), Inline("footnote", 14, 14, "1"))
    ((*runs,),) = block_runs(BlockKind.PARAGRAPH, text, marks, [(9, 13)])
    assert "".join(run.get("text", "") for run in runs) == "Ala ma kota, żółtego"
    assert [run["text"] for run in runs if run.get("bold")] == ["Ala ", "ma"]
    assert [run["text"] for run in runs if run.get("italic")] == ["ma"]
    assert [run["text"] for run in runs if run.get("term")] == ["kota"]
    assert runs.index({"note": "1"}) == len(runs) - 2
    pieces = split(runs, [5, 99])
    assert ["".join(run.get("text", "") for run in piece).strip() for piece in pieces] == [
        "Ala ma",
        "kota, żółtego",
    ]


# --- the project's own templates -----------------------------------------------------------------


def test_templates_are_copied_and_used(drafts: Path) -> None:
    done = translator("init", "--templates", cwd=drafts)
    assert done.returncode == 0
    names = {path.name for path in (drafts / "templates").iterdir()}
    assert names == {path.name for path in TEMPLATE.glob("*.typ")}
    letterhead = drafts / "templates/letterhead.typ"
    text = letterhead.read_text("utf-8")
    letterhead.write_text(text.replace("side.organisation); line", '"Hausnotiz"); line'), "utf-8")
    (drafts / "templates/logo.svg").write_bytes(CHART)
    pdf = ("pdf", SAMPLE, "--to", "kk", "--draft")
    done = translator(*pdf, cwd=drafts)
    assert done.returncode == 0, done.stderr
    made = (drafts / done.stdout.strip()).read_bytes()
    assert "Hausnotiz" in pages(made)[0]
    assert [tag for tag, _, _ in structure(made)].count("Figure") == 1

    letterhead.write_text(text.replace("upper(body)", "uppercase(body)"), "utf-8")
    done = translator(*pdf, cwd=drafts)
    assert done.returncode == 2
    line = text[: text.index("upper(body)")].count("\n") + 1
    assert done.stderr.strip().endswith(
        f"templates/letterhead.typ:{line}: the template has an error: unknown variable: uppercase"
    )


def test_languages_together_and_apart_on_the_command_line(drafts: Path) -> None:
    pdf = ("pdf", SAMPLE, "--draft")
    apart = translator(*pdf, cwd=drafts).stdout.split()
    assert apart == [
        f"public/{code}/konsultacje-polska-kazachstan.draft.pdf" for code in ("en", "ru", "kk")
    ]
    together = translator(*pdf, "--to", "ru,kk", "--cover", cwd=drafts)
    assert together.stdout.strip() == "public/konsultacje-polska-kazachstan.ru-kk.draft.pdf"
    refused = translator(*pdf, "--to", "ru,kk", "--layout", "facing", cwd=drafts)
    assert refused.returncode == 2
    assert "give one language" in refused.stderr
