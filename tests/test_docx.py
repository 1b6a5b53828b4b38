"""Word documents: what is read of them, and that a translation stands in the same document."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
from conftest import translator
from documents import assert_identity, marked, translated
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from translator import documents, segmentation
from translator.errors import TranslatorError
from translator.model import BlockKind

FORMATS = ("bold", "italic", "underline")


def release(path: Path) -> Path:
    """A release as an office writes it: styles, runs split at random, a list, a table, a header."""
    document = docx.Document()
    document.add_heading("Minister Zbigniew Rau z wizytą w Astanie", 0)
    document.add_paragraph("Warszawa, 8 grudnia 2021 r.")
    paragraph = document.add_paragraph("Minister ")
    for piece in ("Zbig", "niew", " Rau"):  # Word splits what looks like one
        paragraph.add_run(piece).bold = True
    paragraph.add_run(" rozmawiał w Astanie o ")
    paragraph.add_run("współpracy gospodarczej").italic = True
    paragraph.add_run(". Wizyta potrwa dwa dni.")
    document.add_heading("Program wizyty", 1)
    for item in ("rozmowy w Ministerstwie Spraw Zagranicznych", "spotkanie z Polonią"):
        document.add_paragraph(item, style="List Bullet")
    table = document.add_table(rows=2, cols=2, style="Table Grid")
    for row, texts in enumerate((("Rok", "Eksport"), ("2020", "53,9%"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    lines = document.add_paragraph("Pierwsza linia")
    lines.runs[0].add_break()
    lines.add_run("druga linia komunikatu o wizycie ministra.")
    document.add_paragraph("Biuro Rzecznika Prasowego")
    document.add_paragraph("Ministerstwo Spraw Zagranicznych")
    document.sections[0].header.paragraphs[0].text = "Ministerstwo Spraw Zagranicznych RP"
    document.save(str(path))
    return path


def test_what_is_read(tmp_path: Path) -> None:
    read = documents.read(release(tmp_path / "wizyta.docx"))
    kinds = [block.kind for block in read.blocks]
    assert kinds.count(BlockKind.TITLE) == 1
    assert kinds.count(BlockKind.ITEM) == 2
    assert kinds[-1] is BlockKind.FURNITURE
    assert str(read.date) == "2021-12-08"
    body = next(block for block in read.blocks if block.text.startswith("Minister Zbigniew Rau r"))
    assert marked(body) == [
        ("bold", "", "Zbigniew Rau"),
        ("italic", "", "współpracy gospodarczej"),
    ]
    segments = [s.text for b in segmentation.segment(read).blocks for s in b.segments]
    assert (
        "Minister <1>Zbigniew Rau</1> rozmawiał w Astanie o <2>współpracy gospodarczej</2>."
        in segments
    )
    cells = {block.cell: block.text for block in read.blocks if block.kind is BlockKind.CELL}
    assert cells[(1, 2, 2)] == "53,9%"


def test_a_translation_equal_to_its_source_changes_nothing(tmp_path: Path) -> None:
    assert_identity(release(tmp_path / "wizyta.docx"))


def test_the_translation_has_the_formatting_of_its_tags(tmp_path: Path) -> None:
    path = release(tmp_path / "wizyta.docx")
    targets = {
        "Minister <1>Zbigniew Rau</1> rozmawiał w Astanie o <2>współpracy gospodarczej</2>.": (
            "О <2>хозяйственном сотрудничестве</2> говорил в Астане <1>Збигнев Рау</1>."
        )
    }
    written = translated(path, lambda text: targets.get(text, text))
    block = next(b for b in documents.read(written).blocks if b.text.startswith("О хозяйственном"))
    assert marked(block) == [
        ("italic", "", "хозяйственном сотрудничестве"),
        ("bold", "", "Збигнев Рау"),
    ]
    with zipfile.ZipFile(written) as package:
        assert 'w:lang w:val="ru' in package.read("word/styles.xml").decode()
    document = docx.Document(str(written))
    assert document.core_properties.title == "Minister Zbigniew Rau z wizytą w Astanie"
    assert document.tables[0].style.name == "Table Grid"


def test_a_draft_says_so_at_its_top_and_on_its_pages(tmp_path: Path) -> None:
    written = translated(release(tmp_path / "wizyta.docx"), mark="ЧЕРНОВИК")
    document = docx.Document(str(written))
    assert document.paragraphs[0].text == "ЧЕРНОВИК"
    assert any("ЧЕРНОВИК" in p.text for p in document.sections[0].header.paragraphs)


RUNS = st.lists(
    st.tuples(
        st.text(alphabet="abc ąż.,\u00a0\u00ad-", max_size=6),
        st.sets(st.sampled_from(FORMATS)),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(RUNS, min_size=1, max_size=3))
def test_any_runs_survive(tmp_path_factory: pytest.TempPathFactory, paragraphs: list) -> None:
    path = tmp_path_factory.mktemp("runs") / "a.docx"
    document = docx.Document()
    document.add_heading("Komunikat o wizycie", 0)
    for runs in paragraphs:
        paragraph = document.add_paragraph()
        for text, formats in runs:
            run = paragraph.add_run(text)
            for name in formats:
                setattr(run, name, True)
    document.save(str(path))
    assert_identity(path)


def test_changes_are_accepted_and_comments_are_not_published(tmp_path: Path) -> None:
    path = tmp_path / "zmiany.docx"
    document = docx.Document()
    paragraph = document.add_paragraph("Minister jest ")
    for name, tag, text in (("del", "delText", "przeciw"), ("ins", "t", "za")):
        change = OxmlElement(f"w:{name}")
        change.set(qn("w:id"), "1")
        change.set(qn("w:author"), "x")
        run, content = OxmlElement("w:r"), OxmlElement(f"w:{tag}")
        content.text = text
        run.append(content)
        change.append(run)
        paragraph._p.append(change)
    paragraph.add_run(" umową o współpracy.")
    document.save(str(path))
    read = documents.read(path)
    assert read.blocks[0].text == "Minister jest za umową o współpracy."
    assert "tracked changes" in read.findings[0].message
    with zipfile.ZipFile(translated(path)) as package:
        assert "przeciw" not in package.read("word/document.xml").decode()


def broken(path: Path, kind: str) -> None:
    release(path)
    match kind:
        case "cut off":
            path.write_bytes(path.read_bytes()[:-200])
        case "no zip":
            path.write_bytes(b"Ministerstwo")
        case "password":
            path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
        case _:
            names = {
                "entity": ("word/document.xml", b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'),
                "bomb": ("word/media/a.bin", bytes(60_000_000)),
                "outside": ("../../a.xml", b"<a/>"),
                "macros": ("word/vbaProject.bin", b"x"),
            }
            name, content = names[kind]
            with zipfile.ZipFile(path) as old:
                parts = {n: old.read(n) for n in old.namelist()}
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
                for key, value in ({**parts, name: content}).items():
                    package.writestr(key, value)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("cut off", "is damaged"),
        ("no zip", "is damaged"),
        ("password", "has a password"),
        ("entity", "defines entities"),
        ("bomb", "unpacks to more than"),
        ("outside", "points outside"),
        ("macros", "has macros"),
    ],
)
def test_what_is_broken_or_a_trap_is_refused(tmp_path: Path, kind: str, message: str) -> None:
    path = tmp_path / "a.docx"
    broken(path, kind)
    with pytest.raises(TranslatorError, match=message) as error:
        documents.read(path)
    assert "a.docx" in str(error.value)
    assert "\n" not in str(error.value)


def test_from_a_word_document_to_word_documents(project: Path) -> None:
    release(project / "releases/wizyta.docx")
    done = translator("translate", "releases/wizyta.docx", "--to", "ru", cwd=project)
    assert done.returncode == 0, done.stderr
    catalog = (project / "locales/ru/wizyta.po").read_text(encoding="utf-8")
    assert "#. tag 1: bold" in catalog
    refused = translator("publish", "wizyta", "--to", "ru", cwd=project)
    assert refused.returncode == 1
    done = translator("publish", "wizyta", "--to", "ru", "--draft", cwd=project)
    assert done.returncode == 0, done.stderr
    assert "public/ru/wizyta.draft.docx" in done.stdout.splitlines()
    document = docx.Document(str(project / "public/ru/wizyta.draft.docx"))
    assert document.paragraphs[0].text.startswith("ПРОЕКТ")
    assert "Збигнев Рау" in "".join(p.text for p in document.paragraphs)
    assert document.tables[0].cell(1, 1).text == "53,9\u00a0%"
    html = (project / "public/ru/wizyta.draft.html").read_text(encoding="utf-8")
    assert "<strong>" in html
    assert "Spraw Zagranicznych RP" not in html  # a page header is no part of the release


def test_a_word_document_of_our_own_making(drafted: Path) -> None:
    name = "konsultacje-polska-kazachstan"
    done = translator(*("publish", name, "--to", "ru", "--format", "docx", "--draft"), cwd=drafted)
    assert done.returncode == 0, done.stderr
    read = documents.read(drafted / f"public/ru/{name}.draft.docx")
    texts = [block.text for block in read.blocks]
    assert texts[0].startswith("ПРОЕКТ")
    assert any("ОБСЕ" in text for text in texts)
    assert BlockKind.TITLE in [block.kind for block in read.blocks]


def test_another_format_s_own_document_is_refused(drafted: Path) -> None:
    done = translator(
        *("publish", "konsultacje-polska-kazachstan", "--to", "ru", "--format", "exe"), cwd=drafted
    )
    assert done.returncode == 2
    assert "unknown format “exe”: use txt, md, html, docx, pdf" in done.stderr


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_what_was_written(tmp_path: Path) -> None:
    written = translated(release(tmp_path / "wizyta.docx"), mark="ЧЕРНОВИК")
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation={(tmp_path / 'office').as_uri()}", "--headless"),
            *("--convert-to", "txt:Text", "--outdir", str(tmp_path), str(written)),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    text = written.with_suffix(".txt").read_text(encoding="utf-8-sig")
    assert "Minister Zbigniew Rau rozmawiał w Astanie" in text
    assert "53,9%" in text
