"""OpenDocument texts: what is read of them, and that a translation stands in the same document."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from conftest import translator
from documents import assert_identity, marked, shown, translated, translations
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from translator import documents
from translator.errors import TranslatorError
from translator.model import BlockKind, Inline

RELEASE = Path(__file__).parent / "data/documents/konsultacje.odt"  # saved by LibreOffice
MIMETYPE = "application/vnd.oasis.opendocument.text"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMESPACES = " ".join(
    [
        *(f'xmlns:{name}="{_OASIS}{name}:1.0"' for name in ("office", "text", "table", "style")),
        f'xmlns:draw="{_OASIS}drawing:1.0" xmlns:fo="{_OASIS}xsl-fo-compatible:1.0"',
        f'xmlns:svg="{_OASIS}svg-compatible:1.0" xmlns:meta="{_OASIS}meta:1.0"',
        'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"',
    ]
)
# The automatic styles of the documents made here.
LOOKS = {
    "B": 'fo:font-weight="bold"',
    "I": 'fo:font-style="italic"',
    "U": 'style:text-underline-style="solid" style:text-underline-width="auto"',
    "Up": 'style:text-position="super 58%"',
    "Down": 'style:text-position="-33% 58%"',
    "Red": 'fo:color="#c00000"',
    "Blue": 'fo:color="#0000c0"',
    "Plain": 'fo:font-weight="normal"',
    "Struck": 'style:text-line-through-style="solid"',
    "Revision": 'fo:language="pl" fo:country="PL"',
    "Secret": 'text:display="none"',
}


def style(family: str, name: str, properties: str = "", attributes: str = "") -> str:
    text = f"<style:text-properties {properties}/>" if properties else ""
    named = f'style:name="{name}" style:family="{family}" {attributes}'
    return f"<style:style {named}>{text}</style:style>"


_AUTOMATIC = "".join(style("text", name, look) for name, look in LOOKS.items()) + (
    style("paragraph", "P1", attributes='style:parent-style-name="Title"')
    + style("paragraph", "Page", attributes='style:master-page-name="First"')
    + '<text:list-style style:name="L"><text:list-level-style-bullet text:level="1"/>'
    '<text:list-level-style-number text:level="2" style:num-format="1"/></text:list-style>'
)
_COMMON = (
    '<style:default-style style:family="paragraph"><style:text-properties fo:language="pl" '
    'fo:country="PL"/></style:default-style>'
    + style("paragraph", "Title", 'fo:font-weight="bold"')
    + style("paragraph", "Caption")
    + style("paragraph", "Figure", attributes='style:parent-style-name="Caption"')
    + style("text", "Strong_20_Emphasis", 'fo:font-weight="bold"')
)


def span(name: str, content: str) -> str:
    return f'<text:span text:style-name="{name}">{content}</text:span>'


def p(*content: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{"".join(content)}</text:p>'


def note(*paragraphs: str, kind: str = "footnote") -> str:
    return (
        f'<text:note text:note-class="{kind}"><text:note-citation>1</text:note-citation>'
        f"<text:note-body>{''.join(paragraphs)}</text:note-body></text:note>"
    )


def odt(path: Path, body: str, *, header: str = "", extra: dict[str, bytes] | None = None) -> Path:
    """A document in `path` with this `body` and header."""
    master = f"<style:header>{header}</style:header>" if header else ""
    parts = {
        "mimetype": MIMETYPE,
        "content.xml": f"<office:document-content {_NAMESPACES}><office:automatic-styles>"
        f"{_AUTOMATIC}</office:automatic-styles><office:body><office:text>{body}</office:text>"
        "</office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {_NAMESPACES}><office:styles>{_COMMON}"
        '</office:styles><office:master-styles><style:master-page style:name="Standard">'
        f"{master}</style:master-page></office:master-styles></office:document-styles>",
        "meta.xml": f"<office:document-meta {_NAMESPACES}><office:meta/></office:document-meta>",
        **(extra or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


TITLE = p("Wizyta w Astanie", style="P1")
_CHANGED = (
    '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion>'
    "<text:p>przeciw</text:p></text:deletion></text:changed-region></text:tracked-changes>"
)

# What an office program writes, and what is to be read of it after the title.
CASES: dict[str, tuple[str, list[str]]] = {
    "formatting": (
        p("Minister ", span("B", "Rau"), " ", span("I", "mówił"), span("U", " dużo"), " o H",
          span("Down", "2"), "O i m", span("Up", "2"), "."),
        ["paragraph: Minister <b>Rau</b> <i>mówił</i> <u>dużo</u> o H<s>2</s>O i m<s>2</s>."],
    ),
    "spans split at random": (
        p("Mini", span("Revision", "ster "), span("B", "Zbig"), span("B", span("Revision", "niew")),
          span("B", " Rau"), "<text:soft-page-break/> mówił."),
        ["paragraph: Minister <b>Zbigniew Rau</b> mówił."],
    ),
    "spans in spans": (
        p("Minister ", span("B", "Zbigniew " + span("I", "Rau")), " mówił ",
          span("B", span("Plain", "cicho")), "."),
        ["paragraph: Minister <b>Zbigniew <i>Rau</i></b> mówił cicho."],
    ),
    "what all the text looks like": (
        p(span("Red", "Minister rozmawiał o wielu sprawach, "), span("Blue", "także"),
          span("Red", " trudnych.")),
        ["paragraph: Minister rozmawiał o wielu sprawach, <s>także</s> trudnych."],
    ),
    "a style of characters": (
        p(span("Strong_20_Emphasis", "Uwaga: "), "spotkanie ", span("Struck", "odwołano"), "."),
        ["paragraph: <b>Uwaga:</b> spotkanie <s>odwołano</s>."],
    ),
    "formatting switched off": (
        p("Program ", span("Plain", "próbny"), style="P1") + p("Zdanie."),
        ["title: Program <s>próbny</s>", "paragraph: Zdanie."],
    ),
    "white space": (
        p("\n   Nr\n  5 <text:s text:c='2'/>ustawy<text:tab/>z<text:line-break/> dnia.  "),
        ["paragraph: Nr 5   ustawy<b/>\tz<b/>\n dnia."],
    ),
    "links": (
        p("Zobacz ", '<text:a xlink:href="https://www.gov.pl">stronę ' + span("B", "MSZ"),
          "</text:a>."),
        ["paragraph: Zobacz <l>stronę <b>MSZ</b></l>."],
    ),
    "bookmarks and fields": (
        p('<text:bookmark-start text:name="a"/>Tabela <text:sequence>1</text:sequence>',
          '<text:bookmark-end text:name="a"/> na stronie <text:page-number>5</text:page-number>.'),
        ["paragraph: Tabela <n/> na stronie <o/>."],
    ),
    "headings": (
        '<text:h text:outline-level="2">Program</text:h>' + p("Minister był w Astanie."),
        ["heading: Program", "paragraph: Minister był w Astanie."],
    ),
    "an index": (
        "<text:table-of-content><text:index-body>" + p("Program 1") + "</text:index-body>"
        "</text:table-of-content><text:section>" + p("Po spisie.") + "</text:section>",
        ["paragraph: Po spisie."],
    ),
    "notes": (
        p("Jedno", note(p("Pierwszy."), p("Dalej.")), " zdanie", note(p("Drugi."), kind="endnote"),
          "."),
        ["paragraph: Jedno<f/> zdanie<f/>.", "footnote: Pierwszy.", "footnote: Dalej.",
         "footnote: Drugi."],
    ),
    "merged cells": (
        '<table:table><table:table-column/><table:table-header-rows><table:table-row>'
        '<table:table-cell table:number-columns-spanned="2">' + p("Lata") + "</table:table-cell>"
        "<table:covered-table-cell/><table:table-cell>" + p("a") + p("b") + "</table:table-cell>"
        "</table:table-row></table:table-header-rows></table:table>" + p("Pod tabelą."),
        ["table cell: Lata", "table cell: a", "table cell: b", "paragraph: Pod tabelą."],
    ),
    "a picture with its caption in a frame": (
        p("Przed. ", "<draw:frame><draw:text-box>" + p(
            '<draw:frame><draw:image xlink:href="Pictures/a.png"/><svg:title>Foto</svg:title>'
            "<svg:desc>Minister wita gości</svg:desc></draw:frame>Rysunek ",
            "<text:sequence>1</text:sequence>. Powitanie", style="Figure"),
          "</draw:text-box></draw:frame>", "Po."),
        ["paragraph: Przed. <i/>Po.", "caption: Rysunek <n/>. Powitanie",
         "image: Minister wita gości", "metadata: Foto"],
    ),
    "a shape with text": (
        p("Zdanie.", "<draw:custom-shape>" + p("W ", span("B", "kształcie."))
          + "</draw:custom-shape>"),
        ["paragraph: Zdanie.", "paragraph: W <b>kształcie.</b>"],
    ),
    "tracked changes and comments": (
        _CHANGED + p('Minister jest <text:change text:change-id="c1"/>za',
                     "<office:annotation><text:p>Sprawdzić!</text:p></office:annotation>",
                     "<office:annotation-end/> umową."),
        ["paragraph: Minister jest za umową."],
    ),
    "what looks like a tag": (
        p("Znak &lt;1&gt; i ", span("B", "gruby &lt;/1&gt;"), " tekst."),
        ["paragraph: Znak <1> i <b>gruby </1></b> tekst."],
    ),
    "hidden text": (
        p("Widoczne. ", span("Secret", "Tajne. "), "Koniec."),
        ["paragraph: Widoczne. <o/>Koniec."],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_an_office_program_writes(tmp_path: Path, name: str) -> None:
    body, wanted = CASES[name]
    path = odt(
        tmp_path / "a.odt", TITLE + body, header=p("MSZ"), extra={"Pictures/a.png": b"\x89PNG"}
    )
    release = assert_identity(path)
    title, *blocks, header = map(shown, release.blocks)
    assert (title, header) == ("title: Wizyta w Astanie", "page header or footer: MSZ")
    assert blocks == wanted


def test_lists(tmp_path: Path) -> None:
    inner = f"<text:list><text:list-item>{p('o handlu,')}{p('dalej')}</text:list-item></text:list>"
    body = f'<text:list text:style-name="L"><text:list-item>{p("rozmowy:")}{inner}</text:list-item>'
    path = odt(tmp_path / "a.odt", TITLE + body + "</text:list>" + p("Zdanie, które trwa."))
    _, *blocks = assert_identity(path).blocks
    assert [(b.kind, b.level, b.ordered) for b in blocks] == [
        (BlockKind.ITEM, 1, False),
        (BlockKind.ITEM, 2, True),
        *((BlockKind.HEADING, 1, False), (BlockKind.PARAGRAPH, 1, False)),
    ]


def test_what_the_formatting_is_called(tmp_path: Path) -> None:
    body = p("Minister przyjął ", span("Red", "gości"), " w m", span("Up", "2"), ".")
    body += p("Program ", span("Plain", "próbny"), style="P1")
    _, prose, title = documents.read(odt(tmp_path / "a.odt", TITLE + body)).blocks
    assert marked(prose) == [("style", "colour", "gości"), ("superscript", "", "2")]
    assert marked(title) == [("style", "not bold", "próbny")]


@pytest.mark.parametrize(
    ("name", "finding"),
    [("tracked changes and comments", ["tracked-changes", "comments"]),
     ("hidden text", ["hidden-text"]), ("links", [])],
)  # fmt: skip
def test_a_person_is_told(tmp_path: Path, name: str, finding: list[str]) -> None:
    release = documents.read(odt(tmp_path / "a.odt", TITLE + CASES[name][0]))
    assert [f.id for f in release.findings] == finding


def content(path: Path, part: str = "content.xml") -> str:
    with zipfile.ZipFile(path) as package:
        return package.read(part).decode()


def test_the_translation_has_the_formatting_of_its_tags(tmp_path: Path) -> None:
    body = p("Minister ", span("B", "Rau"), " mówił o ", span("I", "handlu"), ".")
    path = odt(tmp_path / "a.odt", TITLE + body)
    wanted = {
        "Minister <1>Rau</1> mówił o <2>handlu</2>.": "О <2>торговле и <1>Рау</1></2>  говорил."
    }
    written = translated(path, lambda text: wanted.get(text, text))
    block = documents.read(written).blocks[1]
    # Formatting set on one span has no order: bold and italic text is read as bold first.
    assert shown(block) == "paragraph: О <i>торговле и</i> <b><i>Рау</i></b>  говорил."
    assert 'text:style-name="I">торговле и ' in content(written)  # the document's own style


RUNS = st.lists(
    st.tuples(
        st.text(alphabet="abc ąż.,\u00a0\u00ad-<&", max_size=6),
        st.lists(st.sampled_from([*[*LOOKS][:9], "Strong_20_Emphasis"]), max_size=3),
        st.sampled_from(["", "<text:line-break/>", "<text:tab/>", "<text:s text:c='3'/>", "N"]),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(RUNS, min_size=1, max_size=3))
@example(
    [
        [
            ("<<<<", ["Red"], "<text:s text:c='3'/>"),
            ("<", [], ""),
            ("", ["Red"], "<text:s text:c='3'/>"),
            ("<", [], ""),
            ("<<<<<", ["Red"], "<text:s text:c='3'/>"),
        ]
    ]
)
def test_any_spans_survive(tmp_path_factory: pytest.TempPathFactory, paragraphs: list) -> None:
    body = ""
    for runs in paragraphs:
        pieces = []
        for text, names, element in runs:
            piece = escape(text) + (note(p("Przypis.")) if element == "N" else element)
            for name in names:
                piece = span(name, piece)
            pieces.append(piece)
        body += p(*pieces)
    path = odt(tmp_path_factory.mktemp("spans") / "a.odt", TITLE + body)
    blocks = documents.read(path).blocks
    same = [documents.BlockTranslation(b, b.text, b.inlines) for b in blocks]
    path.write_bytes(documents.write(path, same, "ru"))
    assert list(map(shown, documents.read(path).blocks)) == list(map(shown, blocks))
    assert documents.read(path).blocks == blocks


def copied(tmp_path: Path) -> Path:
    return Path(shutil.copy(RELEASE, tmp_path / RELEASE.name))


def test_a_release_saved_by_libreoffice(tmp_path: Path) -> None:
    release = assert_identity(copied(tmp_path))
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
    assert str(release.date) == "2021-12-08"
    assert len(release.assets) == 1


def foreign(text: str) -> str:
    """A "translation" that shows what was left out: each word in capitals with a Cyrillic end."""
    return re.sub(r"(</?\d+/?>)|(\w+)", lambda m: m[1] or f"{m[2].upper()}ж", text)


def test_nothing_of_the_source_is_left(tmp_path: Path) -> None:
    path = copied(tmp_path)
    written = translated(path, foreign)
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(written) as after:
        first = after.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert set(before.namelist()) - set(after.namelist()) == {"Thumbnails/thumbnail.png"}
        for name in after.namelist():
            text = after.read(name).decode("utf-8", "replace")
            assert not re.search("Astan|gości|Sprawdzić|Redaktor|thumbnail", text), name
            assert not re.search('language="pl"|country="PL"', text), name
        pictures = [name for name in before.namelist() if name.startswith("Pictures/")]
        assert pictures
        assert all(before.read(name) == after.read(name) for name in pictures)
    meta = content(written, "meta.xml")
    assert "<dc:title>KONSULTACJEж POLITYCZNEж Wж ASTANIEж</dc:title>" in meta
    assert "<dc:language>ru-RU</dc:language>" in meta
    assert 'fo:language="ru" fo:country="RU"' in content(written, "styles.xml")


@pytest.mark.parametrize("header", ["", p("MSZ")])
def test_a_draft_says_so_at_its_top_and_on_its_pages(tmp_path: Path, header: str) -> None:
    body = "<text:sequence-decls/>" + p("Na pierwszej stronie.", style="Page") + TITLE
    written = translated(odt(tmp_path / "a.odt", body, header=header), mark="ЧЕРНОВИК")
    blocks = documents.read(written).blocks
    assert blocks[0].text == "ЧЕРНОВИК"
    furniture = [b.text for b in blocks if b.kind is BlockKind.FURNITURE]
    assert furniture == ["ЧЕРНОВИК", "MSZ"][: 1 + bool(header)]
    # The mark begins the page that the first paragraph chose, or it would have one of its own.
    root = etree.fromstring(content(written).encode())
    pages = {
        s.get(f"{{{_OASIS}style:1.0}}name"): s.get(f"{{{_OASIS}style:1.0}}master-page-name")
        for s in root.iter(f"{{{_OASIS}style:1.0}}style")
    }
    used = [e.get(f"{{{_OASIS}text:1.0}}style-name") for e in root.iter(f"{{{_OASIS}text:1.0}}p")]
    assert [pages[str(name)] or "" for name in used[:2]] == ["First", ""]


def test_a_lost_note_is_put_back_and_a_doubled_one_stands_once(tmp_path: Path) -> None:
    path = odt(tmp_path / "a.odt", TITLE + CASES["notes"][0])
    for change in (r"", r"\g<0>\g<0>"):
        written = translated(path, lambda text, to=change: re.sub(r"<\d/>", to, text))
        assert [b.text for b in documents.read(written).blocks][2:] == [
            *("Pierwszy.", "Dalej.", "Drugi.")
        ]


ENTITY = b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'
MACRO = (
    f"<office:document-content {_NAMESPACES}><office:scripts><office:script>x</office:script>"
    "</office:scripts></office:document-content>"
).encode()
SHEET = f"<office:document-content {_NAMESPACES}/>".encode()
LOCKED = (
    f'<m:manifest xmlns:m="{_OASIS}manifest:1.0"><m:file-entry m:full-path="content.xml">'
    "<m:encryption-data/></m:file-entry></m:manifest>"
).encode()


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ({"content.xml": ENTITY}, "defines entities"),
        ({"styles.xml": ENTITY}, "defines entities"),
        ({"content.xml": b"<a>"}, "is damaged"),
        ({"content.xml": MACRO}, "has macros"),
        ({"content.xml": SHEET}, "is not an OpenDocument text"),
        ({"META-INF/manifest.xml": LOCKED, "content.xml": b"\x01\x02"}, "has a password"),
        ({"Pictures/a.png": bytes(60_000_000)}, "unpacks to more than"),
        ({"../../a.xml": b"<a/>"}, "points outside"),
        ({"Basic/Standard/a.xml": b"x"}, "has macros"),
    ],
)
def test_what_is_broken_or_a_trap_is_refused(
    tmp_path: Path, extra: dict[str, bytes], message: str
) -> None:
    path = odt(tmp_path / "a.odt", TITLE, extra=extra)
    with pytest.raises(TranslatorError, match=message) as error:
        documents.read(path)
    assert "a.odt" in str(error.value)
    assert "\n" not in str(error.value)


def test_spaces_without_end_are_refused(tmp_path: Path) -> None:
    path = odt(tmp_path / "a.odt", TITLE + p("a", '<text:s text:c="99999"/>' * 2, "b"))
    with pytest.raises(TranslatorError, match="has more than 100,000 spaces"):
        documents.read(path)


def test_what_is_no_package_is_refused(tmp_path: Path) -> None:
    path = odt(tmp_path / "a.odt", TITLE)
    for data in (b"Ministerstwo", path.read_bytes()[:-200]):
        path.write_bytes(data)
        with pytest.raises(TranslatorError, match="is damaged"):
            documents.read(path)


def test_a_document_that_has_changed_is_refused(tmp_path: Path) -> None:
    path = odt(tmp_path / "a.odt", TITLE + p("Zdanie."))
    targets = translations(documents.read(path))
    odt(path, TITLE)
    with pytest.raises(TranslatorError, match="has changed since"):
        documents.write(path, targets, "ru")


def test_the_number_of_a_note_is_that_of_its_place(tmp_path: Path) -> None:
    block = documents.read(odt(tmp_path / "a.odt", TITLE + CASES["notes"][0])).blocks[1]
    assert block.inlines == (
        Inline("footnote", 5, 5, "1", 1),
        Inline("footnote", 12, 12, "2", 2),
    )


def test_from_an_opendocument_text_to_opendocument_texts(project: Path) -> None:
    copied(project / "releases")
    done = translator("translate", "releases/konsultacje.odt", "--to", "ru", cwd=project)
    assert done.returncode == 0, done.stderr
    assert "tracked changes" in done.stderr
    catalog = (project / "locales/ru/konsultacje.po").read_text(encoding="utf-8")
    assert "#. tag 1: bold" in catalog
    done = translator("publish", "konsultacje", "--to", "ru", "--draft", cwd=project)
    assert done.returncode == 0, done.stderr
    assert "public/ru/konsultacje.draft.odt" in done.stdout.splitlines()
    blocks = documents.read(project / "public/ru/konsultacje.draft.odt").blocks
    assert blocks[0].text.startswith("ПРОЕКТ")
    assert any(block.text == "53,9\u00a0%" and block.cell for block in blocks)


@pytest.mark.skipif(
    shutil.which("soffice") is None or shutil.which("pdftotext") is None,
    reason="LibreOffice and poppler are not installed",
)
def test_libreoffice_shows_the_translation_where_the_source_was(tmp_path: Path) -> None:
    written = translated(copied(tmp_path), foreign, mark="ЧЕРНОВИК")
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
    first, *others = done.stdout.rstrip("\f").split("\f")
    lines = [" ".join(line.split()) for line in first.splitlines()]
    assert lines.index("ЧЕРНОВИК") < lines.index("KONSULTACJEж POLITYCZNEж Wж ASTANIEж")
    assert lines.count("ЧЕРНОВИК") == 2
    assert all("ЧЕРНОВИК" in page for page in others)
    assert any("NURж-SUŁTANж" in line for line in lines)
    assert any("MINISTERSTWOж" in line for line in lines)
