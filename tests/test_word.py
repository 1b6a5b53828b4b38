"""Documents as Word and LibreOffice themselves write them: read, translated, and looked at."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
from conftest import translator
from documents import assert_identity, marked, shown, translated
from pypdf import PdfReader
from word import cell, field, note, paragraph, row, run, table, word

from translator import documents, publishing
from translator.model import BlockKind, Row
from translator.publishing.runs import block_runs

RELEASE = Path(__file__).parent / "data/documents/konsultacje.docx"  # saved by LibreOffice
TITLE = paragraph(run("Wizyta w Astanie"), style="Tytul")
LINK = '<w:hyperlink r:id="link">{}</w:hyperlink>'
LOOK = "<w:rFonts w:ascii='Arial'/><w:sz w:val='24'/>"


def content(tag: str, *inside: str, properties: str = "") -> str:
    inner = f"<w:sdtContent>{''.join(inside)}</w:sdtContent>"
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr>{inner}</w:sdt>"


def change(kind: str, *runs: str) -> str:
    return f'<w:{kind} w:id="1" w:author="Redaktor">{"".join(runs)}</w:{kind}>'


def deleted(text: str) -> str:
    return change("del", f"<w:r><w:delText>{text}</w:delText></w:r>")


def box(*inside: str) -> str:
    """A text box as Word writes it, a second time for old programs."""
    text = f"<w:txbxContent>{''.join(inside)}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor>'
        f'<wp:docPr id="1" name="Ramka"/><a:graphic><a:graphicData uri="x"><wps:wsp><wps:txbx>'
        f"{text}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{text}</v:textbox></v:shape></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )


def end_of_page(text: str) -> str:
    """The footer's words as a translator would write them, with their fields."""
    return text.replace("Strona <1/> z <2/>", "Страница <1/> из <2/>")


# What Word writes, and what is to be read of it after the title.
CASES: dict[str, tuple[str, list[str]]] = {
    "contents": (
        content("", paragraph(run("Program 1")), properties="<w:docPartObj><w:docPartGallery "
        'w:val="Table of Contents"/></w:docPartObj>')
        + paragraph(run("Program"), style="Naglowek1") + paragraph(run("Minister był w Astanie.")),
        ["heading: Program", "paragraph: Minister był w Astanie."],
    ),
    "contents as a field": (
        paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', run("Program 1"))
        + paragraph('<w:r><w:fldChar w:fldCharType="end"/></w:r>') + paragraph(run("Po spisie.")),
        ["paragraph: Po spisie."],
    ),
    "links": (
        paragraph(run("Zobacz "), LINK.format(run("stronę ", '<w:rStyle w:val="Link"/>')
        + run("MSZ", '<w:rStyle w:val="Link"/><w:b/>')), run(".")),
        ["paragraph: Zobacz <l>stronę <b>MSZ</b></l>."],
    ),
    "a link as a field": (
        paragraph(run("Zobacz "), field('HYPERLINK "https://www.gov.pl"', run("stronę")), run(".")),
        ["paragraph: Zobacz <l>stronę</l>."],
    ),
    "a field": (
        paragraph(run("Na stronie "), field("PAGEREF x", run("5")), run(" jest tabela "),
        '<w:fldSimple w:instr=" REF t ">' + run("2.1") + "</w:fldSimple>", run(".")),
        ["paragraph: Na stronie <o/> jest tabela <n/>."],
    ),
    "a field cut off": (
        paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', run("Minister był.")),
        ["paragraph: <o/>Minister był."],
    ),
    "a style of characters": (
        paragraph(run("Uwaga: ", '<w:rStyle w:val="Strong"/>'), run("spotkanie odwołano.")),
        ["paragraph: <b>Uwaga:</b> spotkanie odwołano."],
    ),
    "formatting switched off": (
        paragraph(run("Program "), run("próbny", '<w:b w:val="0"/>'), style="Naglowek1")
        + paragraph(run("Zdanie.")),
        ["heading: Program <s>próbny</s>", "paragraph: Zdanie."],
    ),
    "what all the text looks like": (
        paragraph(run("Minister ", LOOK), run("Rau", f"<w:b/>{LOOK}"), run(" mówił.", LOOK)),
        ["paragraph: Minister <b>Rau</b> mówił."],
    ),
    "what most of the document looks like": (
        paragraph(run("Minister rozmawiał o wielu sprawach."))
        + paragraph(run("o "), run("transporcie", '<w:color w:val="C00000"/>'), run(";")),
        ["paragraph: Minister rozmawiał o wielu sprawach.", "paragraph: o <s>transporcie</s>;"],
    ),
    "runs split at random": (
        paragraph(*map(run, "Minister"), '<w:proofErr w:type="spellStart"/>',
        "<w:r><w:lastRenderedPageBreak/></w:r>", run(" był w Astanie.")),
        ["paragraph: Minister był w Astanie."],
    ),
    "characters that are elements": (
        paragraph(run("Nr 5\u00a0ustawy"), "<w:r><w:noBreakHyphen/></w:r>", run("projektu."),
        '<w:r><w:sym w:font="Wingdings" w:char="F0E0"/></w:r>', run(" Dalej.")),
        ["paragraph: Nr 5\u00a0ustawy\u2011projektu.<o/> Dalej."],
    ),
    "a formula": (
        paragraph(run("Wzór "), "<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>", run(" i tyle.")),
        ["paragraph: Wzór <o/> i tyle."],
    ),
    "a content control": (
        paragraph(run("Data: "), content("", run("8 grudnia")), run(" i dalej."))
        + content("", paragraph(run("Treść w polu."))),
        ["paragraph: Data: <s>8 grudnia</s> i dalej.", "paragraph: Treść w polu."],
    ),
    "merged cells": (
        table(
            row(cell(paragraph(run("Lata")), properties='<w:gridSpan w:val="2"/>'),
                cell(paragraph(run("a")), paragraph(run("b")))),
            row(cell(paragraph(run("2020"))), cell(paragraph()), cell(paragraph(run("c")))),
        ) + paragraph(run("Pod tabelą.")),
        ["table cell: Lata", "table cell: a", "table cell: b", "table cell: 2020", "table cell: c",
         "paragraph: Pod tabelą."],
    ),
    "a text box": (
        paragraph(run("Przed ramką."), box(paragraph(run("Dla "), run("mediów.", "<w:b/>"))),
        run(" Po ramce.")),
        ["paragraph: Przed ramką.<i/> Po ramce.", "paragraph: Dla <b>mediów.</b>"],
    ),
    "text that was inserted": (
        paragraph(change("ins", run("Nowe "), deleted("i usunięte "), run("zdanie.")),
        properties='<w:rPr><w:ins w:id="3" w:author="x"/></w:rPr>'),
        ["paragraph: Nowe zdanie."],
    ),
    "paragraphs that were joined": (
        paragraph(run("Jeden "), properties='<w:rPr><w:del w:id="3" w:author="x"/></w:rPr>')
        + paragraph(deleted("dwa"), run("akapit.")),
        ["paragraph: Jeden akapit."],
    ),
    "text that was moved": (
        paragraph(change("moveFrom", run("Przeniesione."))) + paragraph(run("Zostaje. "),
        change("moveTo", run("Przeniesione."))),
        ["paragraph: Zostaje. Przeniesione."],
    ),
    "a row that was deleted": (
        table(row(cell(paragraph(run("stare"))), properties='<w:del w:id="1" w:author="x"/>'),
              row(cell(paragraph(run("nowe"))))) + paragraph(run("Zdanie.")),
        ["table cell: nowe", "paragraph: Zdanie."],
    ),
    "a cell that was deleted": (
        table(row(cell(paragraph(run("stare")), properties='<w:cellDel w:id="1" w:author="x"/>'),
                  cell(paragraph(run("nowe"))))) + paragraph(run("Zdanie.")),
        ["table cell: nowe", "paragraph: Zdanie."],
    ),
    "what is not hidden": (
        paragraph(run("Widoczne. "), run("Też. ", '<w:vanish w:val="0"/>'), run("Koniec.")),
        ["paragraph: Widoczne. <s>Też.</s> Koniec."],
    ),
    "what looks like a tag": (
        paragraph(run("Znak &lt;1&gt; i "), run("gruby &lt;/1&gt;", "<w:b/>"), run(" tekst.")),
        ["paragraph: Znak <1> i <b>gruby </1></b> tekst."],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_word_writes(tmp_path: Path, name: str) -> None:
    body, wanted = CASES[name]
    path = word(tmp_path / "a.docx", TITLE + body, header=paragraph(run("MSZ")))
    release = assert_identity(path)
    title, *blocks, header = map(shown, release.blocks)
    assert (title, header) == ("title: Wizyta w Astanie", "page header or footer: MSZ")
    assert blocks == wanted


def test_a_table_without_its_rows_is_gone(tmp_path: Path) -> None:
    """Word does not open a document with an empty table."""
    gone = table(row(cell(paragraph(run("a"))), properties='<w:del w:id="1" w:author="x"/>'))
    written = translated(word(tmp_path / "a.docx", TITLE + gone + paragraph(run("Zdanie."))))
    assert not docx.Document(str(written)).tables


def test_what_the_formatting_is_called(tmp_path: Path) -> None:
    look = f"<w:color w:val='FF0000'/>{LOOK}"
    body = paragraph(run("Minister przyjął ", LOOK), run("gości", look), run(".", LOOK))
    body += paragraph(run("Program "), run("próbny", '<w:b w:val="0"/>'), style="Naglowek1")
    _, prose, heading = documents.read(word(tmp_path / "a.docx", TITLE + body)).blocks
    assert marked(prose) == [("style", "colour", "gości")]
    assert marked(heading) == [("style", "not bold", "próbny")]


def test_hidden_text_is_told_of(tmp_path: Path) -> None:
    body = paragraph(run("Widoczne. "), run("Tajne. ", "<w:vanish/>"), run("Koniec."))
    path = word(tmp_path / "a.docx", TITLE + body)
    release = documents.read(path)
    assert "Tajne" not in release.blocks[1].text
    assert [finding.id for finding in release.findings] == ["hidden-text"]


def notes(tmp_path: Path) -> Path:
    """A document with its notes out of order in their parts, one of two paragraphs."""
    body = paragraph(
        *(run("Umowa"), note("footnote", 2), run(" weszła w życie"), note("endnote", 1)),
        *(run(" w 2021 r."), note("footnote", 1)),
    )
    return word(
        tmp_path / "umowa.docx",
        TITLE + body,
        footnotes='<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        f'<w:footnote w:id="1">{paragraph(run("Trzeci."))}</w:footnote>'
        f'<w:footnote w:id="2">{paragraph("<w:r><w:footnoteRef/></w:r>", run(" Pierwszy."))}'
        f"{paragraph(run('Dopisek do pierwszego.'))}</w:footnote>",
        endnotes=f'<w:endnote w:id="1">{paragraph(run("Drugi."))}</w:endnote>',
    )


def test_notes_stand_in_the_order_of_their_marks(tmp_path: Path) -> None:
    release = assert_identity(notes(tmp_path))
    assert [detail for kind, detail, _ in marked(release.blocks[1]) if kind == "footnote"] == [
        *("1", "2", "3")
    ]
    found = [(b.level, b.text) for b in release.blocks if b.kind is BlockKind.FOOTNOTE]
    assert found == [
        (1, "Pierwszy."),
        (2, "Dopisek do pierwszego."),
        (1, "Drugi."),
        (1, "Trzeci."),
    ]


def test_a_note_of_two_paragraphs_is_one_note_in_other_formats(project: Path) -> None:
    notes(project / "releases")
    done = translator("translate", "releases/umowa.docx", "--to", "en", cwd=project)
    assert done.returncode == 0, done.stderr
    done = translator("publish", "umowa", "--to", "en", "--draft", "-f", "txt,html", cwd=project)
    assert done.returncode == 0, done.stderr
    page = (project / "public/en/umowa.draft.html").read_text(encoding="utf-8")
    assert re.findall(r'id="note-(\d)"', page) == ["1", "2", "3"]
    text = (project / "public/en/umowa.draft.txt").read_text(encoding="utf-8")
    numbered = [line for line in text.splitlines() if line.startswith("[")]
    assert [line[:3] for line in numbered] == ["[1]", "[2]", "[3]"]


def test_the_draft_mark_stands_on_first_and_even_pages_too(tmp_path: Path) -> None:
    path = word(
        tmp_path / "a.docx",
        TITLE + paragraph(run("Zdanie.")),
        section="<w:titlePg/>",
        settings="<w:evenAndOddHeaders/>",
    )
    section = docx.Document(str(translated(path, mark="ЧЕРНОВИК"))).sections[0]
    headers = (section.header, section.first_page_header, section.even_page_header)
    assert ["".join(p.text for p in header.paragraphs) for header in headers] == ["ЧЕРНОВИК"] * 3


def test_a_release_saved_by_libreoffice(tmp_path: Path) -> None:
    path = tmp_path / RELEASE.name
    shutil.copy(RELEASE, path)
    release = assert_identity(path)
    lines = [shown(block) for block in release.blocks]
    assert (
        "paragraph: <b>Wiceminister Marcin Przydacz</b> odwiedził Astanę.<f/> Rozmawiał o "
        "<l>współpracy <b>gospodarczej</b></l> i <b><i>energetycznej</i></b>. Wizyta trwała dwa "
        "dni<f/>." in lines
    )
    assert "list item: o <s>transporcie</s>;" in lines
    assert "caption: Tabela <n/>. Obroty handlowe Polski i Kazachstanu" in lines
    assert "image: Minister Zbigniew Rau wita gości" in lines
    assert "page header or footer: Strona <o/> z <o/>" in lines
    items = [(b.level, b.ordered) for b in release.blocks if b.kind is BlockKind.ITEM]
    assert items == [(1, False), (2, False), (2, False), (1, False), (1, True), (1, True)]
    assert [b.cell for b in release.blocks if b.cell] == [
        *((1, 1, 1), (1, 1, 3), (1, 2, 1), (1, 2, 2), (1, 2, 3))
    ]
    assert [finding.id for finding in release.findings] == ["tracked-changes", "comments"]


def test_a_field_at_an_end_stays_apart_from_the_text(tmp_path: Path) -> None:
    path = tmp_path / RELEASE.name
    shutil.copy(RELEASE, path)
    footer = docx.Document(str(translated(path, end_of_page))).sections[0].footer
    assert "".join(p.text for p in footer.paragraphs) == "Страница 1 из 2"


def test_lines_and_tabs_in_print() -> None:
    block = next(b for b in documents.read(RELEASE).blocks if b.text.startswith("Pierwsza linia"))
    (line,) = block_runs(block.kind, block.text, block.inlines)
    assert [run.get("text", "newline") for run in line] == [
        *("Pierwsza linia", "newline", "druga linia z", " tabulatorem i 5 spacjami.")
    ]


@pytest.mark.parametrize("format", ["txt", "md", "html", "docx", "pdf"])
def test_the_number_of_a_table_stands_in_every_format(format: str) -> None:
    caption = next(b for b in documents.read(RELEASE).blocks if b.kind is BlockKind.CAPTION)
    title = Row(BlockKind.TITLE, "Handel", "Trade")
    row = Row(
        *(caption.kind, caption.text, caption.text),
        source_inlines=caption.inlines,
        target_inlines=caption.inlines,
    )
    content = publishing.render(publishing.Publication("a", "en", (title, row)), format)
    if format == "docx":
        text = "".join(p.text + "\n" for p in docx.Document(io.BytesIO(content)).paragraphs)
    elif format == "pdf":
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    else:
        text = content.decode()
    assert "Tabela 1. Obroty" in " ".join(text.replace("\u00a0", " ").replace("\\", "").split())


def foreign(text: str) -> str:
    """A "translation" that shows what was left out: each word in capitals with a Cyrillic end."""
    return re.sub(r"(</?\d+/?>)|(\w+)", lambda m: m[1] or f"{m[2].upper()}ж", text)


def test_what_is_to_be_said_of_a_source_is_said_once(project: Path) -> None:
    body = paragraph(run("Minister "), change("ins", run("nie")), run(" przyjedzie."))
    word(project / "releases/a.docx", TITLE + body)
    done = translator("translate", "releases/a.docx", "--to", "en,ru", cwd=project)
    remarks = [line for line in done.stderr.splitlines() if "tracked changes" in line]
    assert remarks == [
        "releases/a.docx: warning: has tracked changes: it is read with all of them accepted"
    ]


def test_nothing_of_the_source_is_left(tmp_path: Path) -> None:
    path = tmp_path / RELEASE.name
    shutil.copy(RELEASE, path)
    written = translated(path, foreign)
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(written) as after:
        comments = {name for name in before.namelist() if "comments" in name}
        assert comments
        assert set(before.namelist()) - set(after.namelist()) == comments
        for name in after.namelist():
            text = after.read(name).decode("utf-8", "replace")
            assert not re.search("Astan|gości|Sprawdzić|Redaktor|Nowak|pl-PL", text), name
        assert before.read("word/media/image1.png") == after.read("word/media/image1.png")
        assert before.read("word/numbering.xml") == after.read("word/numbering.xml")
        properties = after.read("docProps/core.xml").decode()
    assert "<dc:title>KONSULTACJEж POLITYCZNEж Wж ASTANIEж</dc:title>" in properties
    assert "<dc:language>ru-RU</dc:language>" in properties


@pytest.mark.skipif(
    shutil.which("soffice") is None or shutil.which("pdftotext") is None,
    reason="LibreOffice and poppler are not installed",
)
def test_libreoffice_shows_the_translation_where_the_source_was(tmp_path: Path) -> None:
    path = tmp_path / RELEASE.name
    shutil.copy(RELEASE, path)
    written = translated(path, foreign, mark="ЧЕРНОВИК")
    office = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    subprocess.run(
        ["soffice", office, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, written],
        check=True,
        capture_output=True,
        timeout=120,
    )
    pdf = written.with_suffix(".pdf")
    done = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True
    )
    first = done.stdout.split("\f")[0]
    lines = [" ".join(line.split()) for line in first.splitlines()]
    assert lines.index("ЧЕРНОВИК") < lines.index("KONSULTACJEж POLITYCZNEж Wж ASTANIEж")
    assert "1.PIERWSZYж PUNKTж OŚWIADCZENIAж." in [line.replace("1. ", "1.") for line in lines]
    assert "STRONAж 1 Zж 2" in lines
    assert any("NURж-SUŁTANж" in line for line in lines)


def test_lists_and_tables_in_markdown() -> None:
    kinds = (BlockKind.TITLE, BlockKind.ITEM, BlockKind.CELL, BlockKind.IMAGE, BlockKind.CAPTION)
    rows = [
        Row(
            *(b.kind, b.text, b.text),
            target_inlines=b.inlines,
            level=b.level,
            ordered=b.ordered,
            cell=b.cell,
        )
        for b in documents.read(RELEASE).blocks
        if b.kind in kinds
    ]
    publication = publishing.Publication("a", "pl", tuple(rows))
    text = publishing.render(publication, "md").decode().replace("\u00a0", " ")
    assert text.split("\n\n", 2)[2] == (
        "- rozmowy w Ministerstwie Spraw Zagranicznych Kazachstanu:\n"
        "    - o handlu,\n"
        "    - o transporcie;\n"
        "- spotkanie z Polonią.\n"
        "1. Pierwszy punkt oświadczenia.\n"
        "2. Drugi punkt oświadczenia.\n"
        "\n"
        "| **Obroty handlowe** |  | Zmiana |\n"
        "| --- | ---: | ---: |\n"
        "| 2020 | 1,2 mld EUR | 53,9% |\n"
        "\n"
        "Tabela 1. Obroty handlowe Polski i Kazachstanu\n"
        "\n"
        "Minister Zbigniew Rau wita gości\n"
    )
