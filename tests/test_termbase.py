"""The term base: what loads, what is refused and where, what is only warned of."""

from pathlib import Path

import pytest

from translator.errors import TranslatorError
from translator.terminology.termbase import TermBase

GLOSSARIES = Path(__file__).parent.parent / "glossaries"
HEADER = "pl,en,ru,kk,domain,note\n"


def glossary(folder: Path, text: str | bytes, name: str = "terms.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_the_shipped_glossaries_load_clean():
    base = TermBase.load([GLOSSARIES / "diplomacy.csv", GLOSSARIES / "people.csv"])
    assert len(base.terms) > 900
    assert base.conflicts == ()
    assert base.languages == ("en", "ru", "kk")
    assert base.check() == []
    commissioner = next(t for t in base.terms if t.source.startswith("Wysoki Komisarz OBWE"))
    assert commissioner.targets["ru"].startswith("Верховный комиссар ОБСЕ")
    assert (commissioner.domain, commissioner.line) == ("institution", 4)


def test_people_without_a_domain_column_are_persons(tmp_path):
    people = glossary(tmp_path, "pl,en,note\nJan Nowak,Jan Nowak,\n", "people-2024.csv")
    terms = glossary(tmp_path, "pl,en,note\nszczyt,summit,\n")
    assert TermBase.load([people]).terms[0].is_person
    assert not TermBase.load([terms]).terms[0].is_person


def test_optional_columns_and_quoted_cells(tmp_path):
    path = glossary(
        tmp_path,
        "\ufeffpl,uk,forbidden_uk,case_sensitive\r\n"
        '"Rada, Sejm  i Senat","Рада, Сейм",Совєт | Дума,yes\r\n\r\nszczyt,саміт,,\r\n',
    )
    first, second = TermBase.load([path]).terms
    assert first.source == "Rada, Sejm i Senat"
    assert first.targets == {"uk": "Рада, Сейм"}
    assert first.forbidden == {"uk": ("Совєт", "Дума")}
    assert first.case_sensitive
    assert not second.case_sensitive
    assert (second.forbidden, second.line) == ({}, 4)


def test_the_later_file_wins_and_the_conflict_is_reported(tmp_path):
    one = glossary(tmp_path, "pl,en\nszczyt,summit\nresort,ministry\n", "one.csv")
    two = glossary(tmp_path, "pl,en\nresort,department\nszczyt,summit\n", "two.csv")
    base = TermBase.load([one, two])
    assert [(t.source, t.targets["en"]) for t in base.terms] == [
        ("szczyt", "summit"),
        ("resort", "department"),
    ]
    (conflict,) = base.conflicts
    assert conflict.startswith(f"{two}:2: “resort” overrules {one}:3")
    assert "ministry → department" in conflict


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", None, "is empty"),
        ("en,ru\nsummit,саммит\n", 1, "column “pl” is missing"),
        ("pl,domain\nszczyt,term\n", 1, "target language"),
        ("pl,en,colour\nszczyt,summit,red\n", 1, "“colour” is unknown"),
        ("pl,en,en\nszczyt,summit,summit\n", 1, "stands twice"),
        ("pl;en;ru\nszczyt;summit;саммит\n", 1, "separated by commas"),
        (HEADER + "szczyt,summit,саммит\n", 2, "3 cells where the header has 6"),
        (HEADER + '"a,\nb",x,y,z,term,\nszczyt,summit\n', 4, "2 cells"),
        (HEADER + " ,summit,саммит,саммит,term,\n", 2, "lemma is empty"),
        (HEADER + "szczyt,,,,term,\n", 2, "no translation"),
        (HEADER + "a,b,в,г,,\nszczyt,x,у,у,,\nszczyt,z,з,з,,\n", 4, "stands already in line 3"),
        (HEADER + "ONZ,UN,БҰҰ,БҰҰ,,\n", 2, "letters of another language: ұ"),
        (HEADER + "ONZ,ООН,ООН,БҰҰ,,\n", 2, "column “en”"),
        ("pl,en,case_sensitive\nszczyt,summit,maybe\n", 2, "case_sensitive is “maybe”"),
        ("pl,en,forbidden_en\nszczyt,summit,peak|summit\n", 2, "both required and forbidden"),
        ('pl,en\nok,fine\n"szczyt,summit\n', 3, "not proper CSV"),
        ("pl,en\nłódź,boat\n".encode("cp1250"), 2, "not UTF-8"),
        (b"pl,en\na,\0\n", None, "binary"),
    ],
)
def test_a_broken_glossary_is_refused_with_its_line(tmp_path, text, line, words):
    path = glossary(tmp_path, text)
    with pytest.raises(TranslatorError) as error:
        TermBase.load([path])
    place = f"{path}:{line}: " if line else f"{path}: "
    assert str(error.value).startswith(place)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_glossary_is_one_clear_line(tmp_path):
    with pytest.raises(TranslatorError, match="cannot be read"):
        TermBase.load([tmp_path / "none.csv"])


def test_check_warns_of_what_is_merely_suspicious(tmp_path):
    path = glossary(
        tmp_path,
        "pl,en,ru,forbidden_en\n"
        "umowa o partnerstwie,partnership agreement,соглашение о партнёрстве,\n"
        "w partnerstwie,in partnership,в партнерстве,\n"
        "szczyt,the summit meeting,,summit\n"
        "Szczyt,summit,cаммит,\n",  # its first letter is Latin
    )
    warnings = TermBase.load([path]).check()
    assert [w.removeprefix(f"{path}:")[:1] for w in warnings] == ["3", "4", "4", "5", "5"]
    assert "“партнерстве” is spelled “партнёрстве”" in warnings[0]
    assert any("no translation into “ru”" in w for w in warnings)
    assert any("forbidden “summit”" in w for w in warnings)
    assert any("Latin letters" in w for w in warnings)
    assert any("only in capitals" in w for w in warnings)
