"""Reading releases: encodings, kinds of blocks, dates, and files that are no release."""

from __future__ import annotations

import hashlib
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.documents import READERS, read
from translator.errors import TranslatorError
from translator.model import BlockKind, Release

SAMPLE = Path(__file__).parent.parent / "releases" / "konsultacje-polska-kazachstan.txt"
RELEASE = (
    "Wysoki Komisarz w Łodzi\n\n"
    "Minister pogratulował wyboru Wysokiego Komisarza OBWE ds. Mniejszości Narodowych. "
    "Źródła: „Życie”, ćwierć wieku – ąćęłńóśźż ĄĆĘŁŃÓŚŹŻ.\n\n"
    "Biuro Prasowe\n"
)
# The same without the quotation marks and dash that ISO-8859-2 does not have.
PLAIN = RELEASE.replace("„", '"').replace("”", '"').replace("–", "-")


@pytest.fixture
def release(tmp_path: Path):
    def make(content: str | bytes, name: str = "wizyta.txt") -> Release:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read(path)

    return make


def kinds(release: Release) -> list[str]:
    return [block.kind.value for block in release.blocks]


def texts(release: Release) -> list[str]:
    return [block.text for block in release.blocks]


def test_sample_release() -> None:
    release = read(SAMPLE)
    assert release.name == "konsultacje-polska-kazachstan"
    assert release.path == SAMPLE
    assert release.sha256 == hashlib.sha256(SAMPLE.read_bytes()).hexdigest()
    assert release.date is None
    assert kinds(release) == ["title", "heading", *["paragraph"] * 5, "signature", "signature"]
    assert [b.number for b in release.blocks] == list(range(1, 10))
    assert [b.line for b in release.blocks] == [1, 3, 5, 7, 9, 11, 13, 15, 16]
    assert release.title == release.blocks[1].text == "Konsultacje polityczne Polski i Kazachstanu"
    assert texts(release)[-2:] == ["Biuro Rzecznika Prasowego", "Ministerstwo Spraw Zagranicznych"]
    assert release.blocks[3].text.startswith("–\u00a0Kazachstan pozostaje")
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    assert all(lines[b.line - 1].strip() == b.text for b in release.blocks)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1250"]
)
def test_encodings(release, encoding: str) -> None:
    assert texts(release(RELEASE.encode(encoding))) == texts(release(RELEASE))


def test_iso_8859_2(release) -> None:
    assert texts(release(PLAIN.encode("iso-8859-2"))) == texts(release(PLAIN))


@pytest.mark.parametrize("encoding", ["cp1250", "iso-8859-2"])
@pytest.mark.parametrize(
    "text",
    [
        "ąćęłńóśźż",
        "Wizyta w Łodzi",
        "świąteczne życzenia",
        "Źródła",
        "Rozmowa o współpracy",
        "pamięć",
        "gęś",
        "Spotkanie z kanclerzem w Köln i w Malmö, a później w Łodzi",
        "Przemówienie ministra na sesji",
    ],
)
def test_short_texts_in_single_byte_encodings(release, encoding: str, text: str) -> None:
    assert texts(release(text.encode(encoding))) == [text]


def test_sample_in_windows_encoding(release) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    assert texts(release(text.encode("cp1250"))) == texts(read(SAMPLE))


@settings(max_examples=100, deadline=None)
@given(st.text("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ abcdefghijklmnoprstuwyz.,", min_size=1).filter(str.strip))
def test_polish_letters_survive_windows_encoding(tmp_path_factory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "windows.txt"
    text = "Wizyta w Łodzi " + text  # "ĆŚ" alone would be UTF-8 as well
    path.write_bytes(text.encode("cp1250"))
    assert texts(read(path)) == [text.strip()]


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
def test_newlines(release, newline: str) -> None:
    text = "Tytuł wizyty\n\nPierwszy wiersz\ndrugi wiersz.\n\n\nKoniec obrad.\n".replace(
        "\n", newline
    )
    found = release(text)
    assert texts(found) == ["Tytuł wizyty", "Pierwszy wiersz\ndrugi wiersz.", "Koniec obrad."]
    assert [b.line for b in found.blocks] == [1, 3, 7]


def test_inner_white_space_is_kept(release) -> None:
    found = release(
        "  Tytuł\n\n\u00a0– \u00a0Dobrze  oceniamy\u00a0to.\u00a0\n \u00a0\t\n\u200b\nKoniec.\n"
    )
    assert texts(found) == ["Tytuł", "– \u00a0Dobrze  oceniamy\u00a0to.", "Koniec."]


def test_headings_and_signature(release) -> None:
    found = release(
        "Wizyta w Astanie\n\nMinister przybył do Astany.\n\nRozmowy gospodarcze\n\n"
        "Omówiono handel.\n\n– Bez kropki na końcu\n\nPodpisano umowę.\n\n"
        "Jan Kowalski\nrzecznik prasowy\n\nMinisterstwo Spraw Zagranicznych\n"
    )
    assert kinds(found) == [
        *("title", "paragraph", "heading", "paragraph", "paragraph", "paragraph"),
        *("signature", "signature", "signature"),
    ]
    assert texts(found)[-3:] == [
        *("Jan Kowalski", "rzecznik prasowy", "Ministerstwo Spraw Zagranicznych"),
    ]
    assert [b.line for b in found.blocks][-3:] == [13, 14, 16]


def test_no_headline_and_no_signature(release) -> None:
    found = release("Minister przybył do Astany.\n\nPodpisano umowę.\n")
    assert kinds(found) == ["paragraph", "paragraph"]
    assert found.title == "Minister przybył do Astany."


def test_a_lone_headline(release) -> None:
    assert kinds(release("Wizyta w Astanie\n")) == ["title"]


def test_wrapped_last_paragraph_is_no_signature(release) -> None:
    found = release("Wizyta\n\nMinister przybył\ndo Astany i rozmawiał\nz premierem.\n")
    assert kinds(found) == ["title", "paragraph"]


def test_a_list_at_the_end_is_no_signature(release) -> None:
    found = release("Wizyta\n\nOmówiono:\n\n• handel\n• naukę\n")
    assert kinds(found) == ["title", "paragraph", "paragraph"]
    assert texts(found)[-1] == "• handel\n• naukę"


def test_unwrapped_lines_are_paragraphs(release) -> None:
    long = "Minister przybył do Astany, aby rozmawiać o współpracy. " * 4
    found = release(f"Wizyta w Astanie\n{long}\n{long}\nBiuro Rzecznika Prasowego")
    assert kinds(found) == ["title", "paragraph", "paragraph", "signature"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Warszawa, 8 grudnia 2021 r.", date(2021, 12, 8)),
        ("Nur-Sułtan, dnia 1 maja 2019 roku", date(2019, 5, 1)),
        ("08.12.2021", date(2021, 12, 8)),
        ("Bielsko-Biała, 31 października 2022 r.", date(2022, 10, 31)),
        ("Warszawa, 31 lutego 2021 r.", None),
        ("Minister był 8 grudnia 2021 r. w Warszawie.", None),
        ("Warszawa, 8 grudnia br.", None),
    ],
)
def test_datelines(release, line: str, expected: date | None) -> None:
    found = release(f"{line}\n\nWizyta w Astanie\n\nMinister przybył 5 maja 2020 r. do Astany.\n")
    assert found.date == expected
    assert found.blocks[0].text == line


def test_a_dateline_is_no_headline(release) -> None:
    found = release("Warszawa, 8 grudnia 2021 roku\nWizyta w Astanie\n\nMinister przybył.\n")
    assert found.title == "Wizyta w Astanie"
    assert found.date == date(2021, 12, 8)
    assert [b.kind for b in found.blocks][:2] == [BlockKind.PARAGRAPH, BlockKind.TITLE]


def test_a_given_date_wins(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Warszawa, 8 grudnia 2021 r.\n\nTekst.\n", encoding="utf-8")
    assert read(path, date=date(2020, 1, 2)).date == date(2020, 1, 2)


@pytest.mark.parametrize("name", ["komunikat", "komunikat.2021", "KOMUNIKAT.TXT", "a.release"])
def test_unknown_suffixes_are_text(release, name: str) -> None:
    assert texts(release("Wizyta w Łodzi\n", name)) == ["Wizyta w Łodzi"]


@pytest.mark.parametrize("name", ["a.pdf", "a.DOC", "a.pptx", "a.rtf"])
def test_other_formats_are_refused(release, name: str) -> None:
    with pytest.raises(TranslatorError, match=r"files cannot be read: save the release as \.docx"):
        release("Wizyta\n", name)


def test_a_reader_can_be_added(release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(READERS, ".md", READERS[".txt"])
    assert texts(release("Wizyta\n", "a.md")) == ["Wizyta"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \r\n\t\n", "is empty"),
        ("\ufeff\n\u00a0\n\u200b".encode(), "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "is not text"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\x00<<", "is not text"),
        (b"Wizyta\x00w \x07Astanie", "is not text"),
        ("Визит министра в Астану прошёл".encode("cp1251"), "is not text"),
        ("Wizyta w Łodzi i źdźbło".encode("cp852"), "is not text"),
        ("Łódź".encode() + b"\xff\xfe\x81", "is not text"),
        (b"\xff\xfe\x00\xd8", "is not text"),
        (b"\xff\xfeW", "is not text"),
        (os.urandom(4096), "is not text"),
    ],
)
def test_bad_content(release, content: bytes, message: str) -> None:
    with pytest.raises(TranslatorError, match=message) as error:
        release(content)
    line = str(error.value)
    assert "\n" not in line
    assert "wizyta.txt: " in line


def test_bad_places(tmp_path: Path) -> None:
    with pytest.raises(TranslatorError, match="does not exist"):
        read(tmp_path / "nothing.txt")
    with pytest.raises(TranslatorError, match="is a folder"):
        read(tmp_path)
    with pytest.raises(TranslatorError, match="cannot be read"):
        read(tmp_path / ("x" * 300 + ".txt"))
    with pytest.raises(TranslatorError, match="is not a regular file"):
        read(Path("/dev/zero"))
    with pytest.raises(TranslatorError, match="cannot be read"):
        read(Path("a\0b.txt"))
    (tmp_path / "file.txt").write_text("x")
    with pytest.raises(TranslatorError, match="cannot be read"):
        read(tmp_path / "file.txt" / "x.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "locked.txt"
    path.write_text("Tekst.")
    path.chmod(0)
    with pytest.raises(TranslatorError, match="cannot be read: Permission denied"):
        read(path)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path_factory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes(data)
    try:
        found = read(path)
    except TranslatorError:
        return
    assert found.blocks
    assert all(block.text and block.text == block.text.strip() for block in found.blocks)
