"""Publications are read back with independent readers: pypdf, poppler, lxml, markdown-it."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt
from pypdf import PdfReader

from translator.errors import TranslatorError
from translator.messages import translate
from translator.model import BlockKind, Match, Row, Term
from translator.publishing import FORMATS, Publication, render, typography
from translator.publishing.furniture import draft_mark, language_name, long_date

ROOT = Path(__file__).parent.parent
DAY = date(2021, 12, 8)
NBSP = "\u00a0"
TERMS = (
    Term(
        "Kazachstan",
        {"en": "Kazakhstan", "ru": "Казахстан", "kk": "Қазақстан"},
        "place",
        "capital: Astana",
    ),
    Term(
        "pomoc humanitarna",
        {"en": "humanitarian aid", "ru": "гуманитарная помощь", "kk": "гуманитарлық көмек"},
    ),
)
# As they stand in the sample.
SURFACES = (("Kazachstanu", TERMS[0]), ("pomocą humanitarną", TERMS[1]))


def sample(language: str, **options: object) -> Publication:
    """The sample release with a human translation."""
    source = (ROOT / "releases/konsultacje-polska-kazachstan.txt").read_text(encoding="utf-8")
    target = (ROOT / f"tests/data/publishing/human-reference.{language}.txt").read_text("utf-8")
    blocks = list(zip(source.split("\n\n"), target.split("\n\n"), strict=True))
    middle = [BlockKind.HEADING, *[BlockKind.PARAGRAPH] * (len(blocks) - 3)]
    kinds = [BlockKind.TITLE, *middle, BlockKind.SIGNATURE]
    rows = tuple(
        Row(kind, pl.strip(), text.strip(), terms=matches(pl.strip()))
        for kind, (pl, text) in zip(kinds, blocks, strict=True)
    )
    publication = Publication("konsultacje-polska-kazachstan", language, rows, DAY)
    return replace(publication, **options)  # type: ignore[arg-type]


def matches(text: str) -> tuple[Match, ...]:
    return tuple(
        Match(term, found.start(), found.end(), surface)
        for surface, term in SURFACES
        for found in re.finditer(surface, text)
    )


def publication(*targets: str, language: str = "en") -> Publication:
    rows = (
        Row(BlockKind.TITLE, "Tytuł", "Title"),
        *(Row(BlockKind.PARAGRAPH, "Akapit.", target) for target in targets),
    )
    return Publication("test", language, rows, DAY)


def pdf(publication: Publication) -> PdfReader:
    return PdfReader(io.BytesIO(render(publication, "pdf")))


def page_text(page: object) -> str:
    """A page's text with words put together again that were divided at a line's end."""
    return re.sub(r"\u00ad\s*", "", page.extract_text())  # type: ignore[attr-defined]


def pdf_text(publication: Publication) -> str:
    return "\n".join(page_text(page) for page in pdf(publication).pages)


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def flat(text: str) -> str:
    return " ".join(text.split())


# --- typography ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", 'He called it "historic".', "He called it “historic”."),
        ("en", 'The "so-called „Troika”" met', "The “so-called ‘Troika’” met"),
        ("en", "the ministers' talks and Poland's aims", "the ministers’ talks and Poland’s aims"),
        ("en", "on 8 December, No. 5, Mr Rau", "on 8~December, No.~5, Mr~Rau"),
        ("en", "EUR 1.3 billion, 25 km, W. S. Reymont", "EUR~1.3~billion, 25~km, W.~S.~Reymont"),
        ("en", "aid – said the minister", "aid~– said the minister"),
        ("en", "up 53.9%", "up 53.9%"),
        ("ru", 'в рамках "тройки"', "в~рамках «тройки»"),
        ("ru", 'назвал "проект „Тройка”"', "назвал «проект „Тройка“»"),
        ("ru", "в 2021 г. и в 2022 гг., XXI в.", "в~2021~г. и~в~2022~гг., XXI~в."),
        ("ru", "на 53,9% и 30%-ный рост", "на~53,9~% и~30%-ный рост"),
        ("ru", "1,2 млрд евро и 30 000 человек", "1,2~млрд евро и~30~000 человек"),
        ("ru", "8 декабря А. С. Пушкин", "8~декабря А.~С.~Пушкин"),
        ("ru", "в г. Варшаве, № 5, т. е. так же", "в~г.~Варшаве, №~5, т.~е. так~же"),
        ("ru", "– Казахстан – партнер", "–~Казахстан~– партнер"),
        ("kk", '"үштік" аясында', "«үштік» аясында"),
        ("kk", "2018 ж. 8 желтоқсанда", "2018~ж. 8~желтоқсанда"),
        ("kk", "30 мыңнан астам, салада да", "30~мыңнан астам, салада~да"),
        ("kk", "экспортын 53,9%-ға", "экспортын 53,9%-ға"),
        ("pl", 'zwany "trójką" w 2022 r.', 'zwany "trójką" w 2022 r.'),
        ("en", 'a 5" disk', 'a 5" disk'),  # an inch is no quotation
        ("ru", "слово –  слово", "слово~– слово"),
    ],
)
def test_typography_of_each_language(language: str, text: str, expected: str) -> None:
    assert typography.apply(text, language).replace(NBSP, "~") == expected


TEXT = st.text(st.sampled_from(list("aZvвиКг8 5%.,'\"„“”«»‘’–-—№(\n" + NBSP)), max_size=40)
WORDS = st.lists(
    st.sampled_from(
        ["в", "2021", "г.", "«слово»", '"so', 'it"', "–", "8", "May", "%", "А.", "С.", "No.", "'a'"]
    )
).map(" ".join)


@given(TEXT | WORDS | st.text(max_size=40), st.sampled_from(["en", "ru", "kk", "pl"]))
def test_typography_never_changes_more_than_spaces_and_quotes(text: str, language: str) -> None:
    once = typography.apply(text, language)

    def bare(text: str) -> str:
        return re.sub(r"[\s\"'„“”«»‘’]", "", text)

    assert bare(once) == bare(text)
    assert typography.apply(once, language) == once


def test_typography_keeps_the_words_of_a_real_text() -> None:
    for language in ("ru", "kk"):
        for row in sample(language).typeset().rows:
            assert not re.search(r'["]|\s–\S', row.target)
    russian = "\n".join(row.target for row in sample("ru").typeset().rows)
    assert f"2018{NBSP}г." in russian
    assert f"на{NBSP}53,9{NBSP}%" in russian
    assert "«Тройки»" in russian


# --- furniture ----------------------------------------------------------------------------------


def test_dates_and_language_names() -> None:
    assert flat(long_date(DAY, "en")) == "8 December 2021"
    assert flat(long_date(DAY, "ru")) == "8 декабря 2021 г."
    assert flat(long_date(DAY, "kk")) == "2021 ж. 8 желтоқсан"
    assert [language_name(code) for code in ("pl", "ru", "kk")] == [
        "polski",
        "русский",
        "қазақ тілі",
    ]
    assert flat(long_date(DAY, "pb")) == "8 December 2021"  # an Argos code that CLDR lacks


# --- text and Markdown --------------------------------------------------------------------------


def test_text_has_the_blocks_of_the_source() -> None:
    rendered = render(sample("kk"), "txt").decode()
    blocks = rendered.rstrip("\n").split("\n\n")
    assert len(blocks) == 7  # a headline that is repeated right away stands once
    assert blocks[0] == "Польша мен Қазақстанның саяси консультациялары"
    assert blocks[-1] == "Баспасөз хатшысының бюросы\nСыртқы істер министрлігі"
    assert blocks[2].startswith("– Қазақстан".replace(" ", NBSP))


def test_markdown_front_matter_and_structure() -> None:
    rendered = render(sample("ru"), "md").decode()
    assert rendered.startswith(
        '---\ntitle: "Политические консультации Польши и\u00a0Казахстана"\n'
        'lang: "ru"\ndate: "2021-12-08"\n---\n\n# Политические'
    )
    page = html.fromstring(MarkdownIt().render(rendered.split("---\n", 2)[2]))
    assert len(page.findall(".//h1")) == 1
    assert len(page.findall(".//p")) == 6
    assert page.findall(".//p")[-1].find("br") is not None


# --- hostile text -------------------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script> & &amp; <b>bold</b>",
    '#panic("typst") #import "x.typ" $x^2$ @label <label> // comment',
    "*bold* _emphasis_ `code` ~~gone~~ | table |",
    "[link](https://example.org) ![image](x.png) <https://example.org>",
    "# no heading",
    "- no list",
    "+ no list",
    "12. no list",
    "12) no list",
    "> no quotation",
    "--- no rule",
    "=== no heading",
    "\\ backslash \\n $title ${title} {page} %s",
    "--- ```fence",
]


@pytest.mark.parametrize("format", FORMATS)
def test_hostile_text_is_shown_as_it_is(format: str) -> None:
    rendered = render(publication(*HOSTILE, language="fr"), format)
    if format == "pdf":
        shown = "".join(page.extract_text() for page in PdfReader(io.BytesIO(rendered)).pages)
    elif format == "html":
        page = html.document_fromstring(rendered.decode())
        assert not page.xpath("//script[not(@type='application/ld+json')]")
        assert not page.findall(".//b")
        shown = page.text_content()
    elif format == "md":
        body = rendered.decode().split("---\n", 2)[2]
        parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
        page = html.fromstring(parser.render(body))
        assert {element.tag for element in page.iter()} == {"div", "h1", "p"}
        shown = page.text_content()
    elif format == "docx":
        document = docx.Document(io.BytesIO(rendered))
        shown = "".join(paragraph.text for paragraph in document.paragraphs)
    else:
        shown = rendered.decode()
    # Line ends of the PDF fall anywhere.
    bare = re.sub(r"\s|\u00ad", "", shown)
    for text in HOSTILE:
        assert re.sub(r"\s", "", text) in bare


def test_hostile_titles_and_names_do_not_leave_their_places() -> None:
    title = '"><script>x</script> {page} $body'
    rows = (Row(BlockKind.TITLE, title, title), Row(BlockKind.PARAGRAPH, "a", "b"))
    hostile = Publication('x"><img>', "fr", rows, author='"><i>')
    page = html.document_fromstring(render(hostile, "html").decode())
    assert page.findtext(".//title") == title
    assert page.findtext(".//h1") == title
    assert page.xpath("//meta[@name='author']/@content") == ['"><i>']
    assert not page.xpath("//script[not(@type='application/ld+json')] | //img | //i")
    assert pdf(hostile).metadata.title == title  # type: ignore[union-attr]
    front = render(hostile, "md").decode().splitlines()[1]
    assert json.loads(front.removeprefix("title: ")) == title
    assert "<" not in front


# --- HTML ---------------------------------------------------------------------------------------


def test_html_page() -> None:
    rendered = render(sample("kk"), "html").decode()
    page = html.document_fromstring(rendered)
    assert rendered.startswith("<!DOCTYPE html>")
    assert page.get("lang") == "kk"
    assert page.findtext(".//h1") == "Польша мен Қазақстанның саяси консультациялары"
    assert len(page.findall(".//article/p")) == 8  # kind, date, five paragraphs, signature
    assert [len(page.findall(f".//{role}")) for role in ("header", "main", "footer")] == [1, 1, 1]
    assert page.find(".//time").get("datetime") == "2021-12-08"  # type: ignore[union-attr]
    metas = {meta.get("name"): meta.get("content") for meta in page.findall(".//meta")}
    assert metas["author"] == "Баспасөз хатшысының бюросы, Сыртқы істер министрлігі"
    assert metas["date"] == "2021-12-08"
    assert "Марғұлан Баймұхан" in flat(str(metas["description"]))
    assert "robots" not in metas
    assert "draft" not in page.xpath("//@class")
    assert "@media print" in rendered
    loaded = rendered.replace('"@context": "https://schema.org"', "")  # a name, not an address
    assert not re.search(r"https?://|url\(|@import|\bsrc=|\bhref=", loaded)


def test_html_tells_machines_what_it_is() -> None:
    addresses = {code: f"https://www.example.org/{code}/x.html" for code in ("en", "kk")}
    page = html.document_fromstring(render(sample("kk", addresses=addresses), "html").decode())
    (data,) = page.xpath("//script[@type='application/ld+json']/text()")
    article = json.loads(data)
    assert (article["@type"], article["inLanguage"]) == ("NewsArticle", "kk")
    assert article["mainEntityOfPage"] == addresses["kk"]
    assert article["publisher"]["name"] == "Сыртқы істер министрлігі"
    links = {e.get("hreflang"): e.get("href") for e in page.xpath("//link[@hreflang]")}
    assert links == {**addresses, "x-default": addresses["en"]}
    assert page.xpath("//link[@rel='canonical']/@href") == [addresses["kk"]]
    assert page.xpath("//meta[@property='og:locale']/@content") == ["kk_KZ"]
    draft = render(sample("kk", addresses=addresses, draft=True), "html").decode()
    assert "canonical" not in draft
    assert "NewsArticle" not in draft


def test_html_without_date_or_signature() -> None:
    page = html.document_fromstring(render(replace(publication("Text"), date=None), "html"))
    assert page.find(".//time") is None
    assert page.find(".//header") is None
    assert not page.xpath("//meta[@name='author' or @name='date']")


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_drafts_say_so_in_every_format(language: str) -> None:
    draft = sample(language, draft=True)
    mark = draft_mark(language)
    assert mark != draft_mark("en")
    assert render(draft, "txt").decode().split("\n")[0] == mark
    markdown = render(draft, "md").decode().split("---\n")
    assert "draft: true" in markdown[1]
    assert markdown[2].lstrip().startswith(f"**{mark}**")
    page = html.document_fromstring(render(draft, "html").decode())
    assert page.findtext(".//p[@class='draft']") == mark
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex, nofollow"]
    for format in ("txt", "md", "html"):
        assert mark not in render(sample(language), format).decode()


# --- PDF ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_pdf_shows_both_texts_whole(language: str) -> None:
    shown = words(pdf_text(sample(language)))
    for row in sample(language).rows:
        assert words(row.source) - shown <= {"polsko", "kazachskich"}  # divided at its hyphen
        assert not words(row.target) - shown


def test_pdf_is_archival_tagged_and_described() -> None:
    reader = pdf(sample("kk"))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "kk"
    assert root["/StructTreeRoot"]
    xmp = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    metadata = reader.metadata
    assert metadata is not None
    assert metadata.title == "Польша мен Қазақстанның саяси консультациялары"
    assert metadata.author == "Баспасөз хатшысының бюросы, Сыртқы істер министрлігі"
    assert "konsultacje-polska-kazachstan" in metadata["/Keywords"]
    assert metadata.creation_date is not None
    assert metadata.creation_date.date() == DAY


def test_pdf_numbers_its_pages_and_repeats_both_titles() -> None:
    publication = sample("kk")
    pages = [flat(page.extract_text()) for page in pdf(publication).pages]
    assert len(pages) == 2
    for number, page in enumerate(pages, start=1):
        assert f"Strona {number} z 2" in page
        assert f"2 беттің {number}-беті" in page
        for title in ("Konsultacje polityczne Polski i Kazachstanu", publication.title):
            assert title in flat(page)


def test_pdf_draft_is_marked_on_each_page_and_nothing_else_is() -> None:
    marks = [draft_mark("kk"), draft_mark("pl"), translate("Draft", "kk").upper()]
    for page in pdf(sample("kk", draft=True)).pages:
        text = page.extract_text()
        for mark in marks:
            assert mark in flat(text)
        assert (
            "ЖОБА" in text.split("\n")[0]
        )  # the watermark lies behind the text: it is drawn first
    reviewed = pdf_text(sample("kk"))
    assert not any(mark in flat(reviewed) for mark in marks)


def test_pdf_lists_terms_only_on_request() -> None:
    shown = flat(pdf_text(sample("kk", show_terms=True)))
    listed = shown[shown.index("Терминдер") :]
    assert "Kazachstan Қазақстан pomoc" in listed  # without the note, which is for the reviewer
    assert "pomoc humanitarna гуманитарлық көмек" in listed
    assert "Терминдер" not in pdf_text(sample("kk"))
    draft = flat(pdf_text(sample("kk", show_terms=True, draft=True)))
    assert "Kazachstan Қазақстан capital: Astana" in draft


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_pdf_underlines_inflected_terms_in_both_languages(language: str) -> None:
    from translator.publishing import sheets

    data = sheets.data([sample(language, show_terms=True).typeset()], layout="columns")
    underlined: dict[str, set[str]] = {"source": set(), "target": set()}
    for row in data["rows"]:
        for text, found in zip(row["texts"], underlined.values(), strict=True):
            found |= {flat(run["text"]) for line in text for run in line if "term" in run}
    assert underlined["source"] == {"Kazachstanu", "pomocą humanitarną"}
    stems = {"ru": ("Казахстан", "гуманитарн"), "kk": ("Қазақстан", "гуманитарлық")}
    assert all(text.startswith(stems[language]) for text in underlined["target"])
    assert (
        underlined["target"]
        >= {
            "ru": {"Казахстан", "Казахстане", "гуманитарной помощью"},
            "kk": {"Қазақстан", "Қазақстанға", "гуманитарлық көмек"},
        }[language]
    )


def test_headings_and_signature_lines_keep_their_place_in_every_format() -> None:
    rows = (
        Row(BlockKind.TITLE, "Tytuł", "Title"),
        Row(BlockKind.HEADING, "Handel", "Trade"),
        Row(BlockKind.PARAGRAPH, "Akapit.", "Paragraph."),
        Row(BlockKind.SIGNATURE, "Rzecznik", "Spokesperson"),
        Row(BlockKind.SIGNATURE, "Ministerstwo", "Ministry"),
    )
    publication = Publication("test", "en", rows, DAY)
    assert publication.byline == "Spokesperson, Ministry"
    assert "# Title\n\n## Trade\n\nParagraph.\n\nSpokes" in render(publication, "md").decode()
    page = html.document_fromstring(render(publication, "html").decode())
    assert [h.text for h in page.iter("h1", "h2")] == ["Title", "Trade"]
    assert [p.text for p in page.xpath("//p[@class='signature']")] == ["Spokesperson", "Ministry"]
    reader = pdf(publication)
    assert [entry["/Title"] for entry in reader.outline if not isinstance(entry, list)] == ["Title"]
    shown = flat(pdf_text(publication))
    assert "Tytuł Title Handel Trade Akapit. Paragraph. Rzecznik Spokesperson" in shown


def test_only_a_headline_repeated_right_away_is_left_out() -> None:
    title = Row(BlockKind.TITLE, "Tytuł", "Title")
    heading = Row(BlockKind.HEADING, "Tytuł", "Title")
    paragraph = Row(BlockKind.PARAGRAPH, "Tytuł", "Title")
    repeated = Publication("test", "en", (title, heading, paragraph, heading), DAY)
    assert repeated.body == (paragraph, heading)
    assert replace(repeated, rows=(title, paragraph)).body == (paragraph,)
    assert replace(repeated, rows=(paragraph, heading)).title == "Title"


def test_pdf_breaks_an_address_without_changing_it() -> None:
    address = "https://www.gov.pl/web/dyplomacja/konsultacje-polityczne-polski-i-kazachstanu-2021"
    row = Row(BlockKind.PARAGRAPH, address, "See above.")
    shown = pdf_text(replace(publication(), rows=(*publication().rows, row)))
    assert address in re.sub(r"\s", "", shown)


def test_pdf_is_the_same_every_time() -> None:
    assert render(sample("ru"), "pdf") == render(sample("ru"), "pdf")


def test_pdf_refuses_what_its_font_cannot_show() -> None:
    with pytest.raises(TranslatorError, match="cannot show '中'"):
        render(publication("中文"), "pdf")


def test_long_paragraphs_and_many_pages() -> None:
    long = "Długie zdanie o współpracy obu państw w regionie. " * 150
    rows = (
        Row(BlockKind.TITLE, "Tytuł", "Тақырып"),
        *[Row(BlockKind.PARAGRAPH, long, "Қазақстан мен Польша арасындағы қатынастар. " * 150)] * 3,
    )
    reader = pdf(Publication("long", "kk", rows, DAY))
    text = flat(" ".join(page_text(page) for page in reader.pages))
    assert len(reader.pages) > 5
    assert text.count("арасындағы") == 450


@pytest.fixture
def pdf_file(tmp_path: Path) -> Path:
    path = tmp_path / "kk.pdf"
    path.write_bytes(render(sample("kk"), "pdf"))
    return path


def poppler(tool: str, *arguments: str | Path) -> str:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is missing: install poppler-utils")
    return subprocess.run([tool, *arguments], capture_output=True, text=True, check=True).stdout


def test_poppler_finds_all_fonts_embedded(pdf_file: Path) -> None:
    fonts = poppler("pdffonts", pdf_file).splitlines()[2:]
    assert fonts
    for font in fonts:
        assert "LibertinusSerif" in font
        assert font.split()[-5:-2] == ["yes", "yes", "yes"]  # embedded, subset, to Unicode


def test_poppler_reads_every_kazakh_word(pdf_file: Path) -> None:
    shown = words(re.sub(r"\u00ad\s*", "", poppler("pdftotext", pdf_file, "-")))
    kazakh = {word for row in sample("kk").rows for word in words(row.target)}
    assert {letter for letter in "әғқңөұүһі" if any(letter in word for word in kazakh)} >= set(
        "әғқңөұүі"
    )
    assert not kazakh - shown
    assert "\ufffd" not in "".join(shown)


def test_no_tofu_for_any_kazakh_letter() -> None:
    letters = "әғқңөұүһі ӘҒҚҢӨҰҮҺІ ₸ № « » “ ” – — ёЁ ąćęłńóśźż"
    assert flat(letters) in flat(pdf_text(publication(letters, language="fr")))


def test_unknown_format_is_refused() -> None:
    with pytest.raises(TranslatorError, match="use one of txt, md, html, docx, pdf"):
        render(publication("a"), "exe")
