"""Persons that stand in no glossary: found in any case, brought to the lemma, transcribed."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest

from translator.model import Match, Term
from translator.terminology import names

ROOT = Path(__file__).parent.parent
DATA = Path(__file__).parent / "data" / "names"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def found(text: str) -> list[tuple[str, str]]:
    return [(m.surface, m.term.source) for m in names.find(text)]


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_transcription_accuracy_on_the_reference_pairs(language: str) -> None:
    pairs = rows("names-pl.csv")
    right = [r for r in pairs if names.transcribe(r["pl"], language) == r[language]]
    assert len(pairs) == 300
    assert len(right) >= 0.97 * len(pairs)


def test_lemma_accuracy_on_the_inflected_names() -> None:
    pairs = rows("names-inflected.csv")
    right = [r for r in pairs if names.lemmatize(r["pl_form"]).lemma == r["pl_lemma"]]
    assert len(pairs) == 300
    assert len(right) >= 0.97 * len(pairs)


@pytest.mark.parametrize(
    ("name", "russian"),
    [
        ("Grzegorz Brzęczyszczykiewicz", "Гжегож Бженчищикевич"),
        ("Tomasz Gawroński", "Томаш Гавроньский"),
        ("Zofia Malinowska", "Зофия Малиновская"),
        ("Sylwia Domańska", "Сильвия Доманьская"),
        ("Szymon Hołownia", "Шимон Холовня"),
        ("Michał Łącki", "Михал Лонцкий"),
        ("Jan Żmijewski", "Ян Жмиевский"),
        ("Eryk Walczak", "Эрик Вальчак"),
        ("Szymon Szynkowski vel Sęk", "Шимон Шинковский вель Сенк"),
        ("Nurłan Ospanow", "Нурлан Оспанов"),
        ("Kajrat Abdrachmanow", "Кайрат Абдрахманов"),
        ("Jermek Koszerbajew", "Ермек Кошербаев"),
        ("Siergiej Iwanow", "Сергей Иванов"),
        ("Wołodymyr Hrojsman", "Владимир Гройсман"),
        ("Julia Swyrydenko", "Юлия Свириденко"),
        ("Mykoła Sawczenko", "Николай Савченко"),
        ("Szawkat Mirzijojew", "Шавкат Мирзиёев"),
        ("Hans Müller", "Ханс Мюллер"),
        ("Cezary Hoffmann", "Цезарий Хоффманн"),
        ("Rein Tamme", "Рейн Тамме"),
    ],
)
def test_transcription_to_russian(name: str, russian: str) -> None:
    assert names.transcribe(name, "ru") == russian


@pytest.mark.parametrize(
    ("name", "kazakh"),
    [
        ("Zofia Malinowska", "Зофия Малиновская"),
        ("Marcin Przydacz", "Марцин Пшидач"),
        ("Nurłan Ospanow", "Нұрлан Оспанов"),
        ("Kajrat Abdrachmanow", "Қайрат Әбдірахманов"),
        ("Margułan Baimuchan", "Марғұлан Баймұхан"),
        ("Muchtar Tleuberdi", "Мұхтар Тілеуберді"),
        ("Serik Żumangarin", "Серік Жұманғарин"),
        ("Alibek Kuantyrow", "Әлібек Қуантыров"),
    ],
)
def test_transcription_to_kazakh(name: str, kazakh: str) -> None:
    assert names.transcribe(name, "kk") == kazakh


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("Małgorzata Łabędź", "Małgorzata Łabędź"),
        ("Margułan Baimuchan", "Margulan Baimukhan"),
        ("Kajrat Abdrachmanow", "Kairat Abdrakhmanov"),
        ("Jermek Koszerbajew", "Yermek Kosherbayev"),
        ("Siergiej Iwanow", "Sergei Ivanov"),
        ("Wołodymyr Hrojsman", "Volodymyr Hroisman"),
        ("Duarte Meneses", "Duarte Meneses"),
        ("Lauri Hakala", "Lauri Hakala"),
    ],
)
def test_transcription_to_english(name: str, english: str) -> None:
    assert names.transcribe(name, "en") == english


@pytest.mark.parametrize(
    ("surface", "lemma", "gender", "case"),
    [
        ("panią Zofią Malinowską", "Zofia Malinowska", "f", "ins"),
        ("Margułana Baimuchana", "Margułan Baimuchan", "m", "gen.acc"),
        ("Marka Dudka", "Marek Dudek", "m", "gen.acc"),
        ("Leszka Gołębia", "Leszek Gołąb", "m", "gen.acc"),
        ("Roberta Kwietnia", "Robert Kwiecień", "m", "gen.acc"),
        ("Szymona Szynkowskiego vel Sęka", "Szymon Szynkowski vel Sęk", "m", "gen.acc"),
        ("Jerzemu Buzkowi", "Jerzy Buzek", "m", "dat"),
        ("Nurłanem Ospanowem", "Nurłan Ospanow", "m", "ins"),
        ("Romana Wasilenki", "Roman Wasilenko", "m", "gen"),
        ("Iraklego Garibaszwilego", "Irakli Garibaszwili", "m", "gen.acc"),
        ("Darigi Nazarbajewej", "Dariga Nazarbajewa", "f", "gen"),
        ("Petrą Schneider", "Petra Schneider", "f", "ins"),
        ("Magdalenie Szewczyk", "Magdalena Szewczyk", "f", "dat.loc"),
        ("Hansa Müllera", "Hans Müller", "m", "gen.acc"),
        ("Jeana-Claude'a Junckera", "Jean-Claude Juncker", "m", "gen.acc"),
        ("Anny Radwan-Röhrenschef", "Anna Radwan-Röhrenschef", "f", "gen"),
    ],
)
def test_lemma_gender_and_case(surface: str, lemma: str, gender: str, case: str) -> None:
    name = names.lemmatize(surface)
    assert (name.lemma, name.gender, name.case) == (lemma, gender, case)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Konsultacje przeprowadzone przez wiceministrów spraw zagranicznych Marcina Przydacza "
            "oraz Margułana Baimuchana potwierdziły dobry stan stosunków.",
            [
                ("Marcina Przydacza", "Marcin Przydacz"),
                ("Margułana Baimuchana", "Margułan Baimuchan"),
            ],
        ),
        (
            "Jego rozmówcą był sekretarz generalny estońskiego resortu dyplomacji Rein Tamme.",
            [("Rein Tamme", "Rein Tamme")],
        ),
        (
            "Rozmawiał z panią Zofią Malinowską o eksporcie.",
            [("Zofią Malinowską", "Zofia Malinowska")],
        ),
        (
            "Gospodarzem spotkania był szef tamtejszej dyplomacji Duarte Meneses.",
            [("Duarte Meneses", "Duarte Meneses")],
        ),
        (
            "Delegacji polskiej przewodniczył wiceminister Andrzej Wiśniewski, a kazachstańskiej – "
            "wiceminister Nurłan Ospanow.",
            [("Andrzej Wiśniewski", "Andrzej Wiśniewski"), ("Nurłan Ospanow", "Nurłan Ospanow")],
        ),
        (
            "Przyjął go minister transportu Peru Wilfredo Huamán.",
            [("Wilfredo Huamán", "Wilfredo Huamán")],
        ),
        (
            "Ich przeglądu dokonano na konsultacjach Piotra Langego i Radu Munteanu.",
            [("Piotra Langego", "Piotr Lange"), ("Radu Munteanu", "Radu Munteanu")],
        ),
        (
            "Prezydent odznaczył Annę Mickiewicz Krzyżem Kawalerskim.",
            [("Annę Mickiewicz", "Anna Mickiewicz")],
        ),
        ("Do Warszawy przyjechał Lauri Hakala, ambasador Finlandii.", [("Lauri Hakala",) * 2]),
        ("List podpisał J. Kowalski.", [("J. Kowalski", "J. Kowalski")]),
        ("– Dziękuję – powiedział ambasador Kumoch.", [("Kumoch", "Kumoch")]),
    ],
)
def test_persons_are_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Wysoki Komisarz OBWE ds. Mniejszości Narodowych odwiedził Ałmaty.",
        "Rada Bezpieczeństwa zajmie się regionem Azji Centralnej.",
        "Minister Spraw Zagranicznych Rzeczypospolitej Polskiej przyjął delegację.",
        "Minister Zdrowia i Prezes Rady Ministrów podpisali umowę.",
        "Prezydent Kazachstanu złożył wizytę w Nowym Jorku.",
        "Ambasador Wielkiej Brytanii spotkał się z Prezesem Rady Ministrów.",
        "W Grudniu i Maju nic się nie wydarzyło. Wczoraj Sejm Rzeczypospolitej obradował.",
        "Stypendia ufundowały Human Rights Watch i Visegrad Group.",
        "Jan Paweł II odwiedził Astanę.",
        "Konsulat Generalny w Nowej Hucie i Stare Miasto w Krakowie",
        "",
    ],
)
def test_places_institutions_and_offices_are_no_persons(text: str) -> None:
    assert found(text) == []


def test_a_match_says_all_that_a_reviewer_needs() -> None:
    text = "Minister pogratulował Kazachstanowi wyboru Kajrata Abdrachmanowa na stanowisko."
    (match,) = names.find(text)
    assert text[match.start : match.end] == match.surface == "Kajrata Abdrachmanowa"
    assert (match.case, match.number, match.gender, match.short) == ("gen.acc", "sg", "m", False)
    assert match.term.is_person
    assert match.term.guess
    assert match.term.note == names.NOTE
    assert match.term.targets == {
        "en": "Kairat Abdrakhmanov",
        "ru": "Кайрат Абдрахманов",
        "kk": "Қайрат Әбдірахманов",
    }


@pytest.mark.parametrize(
    ("text", "gender", "case"),
    [
        ("– oceniła brytyjska minister Eleanor Whitcombe.", "f", "nom"),
        ("Wiceminister Sylwia Domańska zgodziła się z tym.", "f", "nom"),
        ("Dyrektor polityczny resortu Jukka Saarinen uznał to za wzór.", "m", "nom"),
        ("Zapewnił wiceminister Corazon Villanuevę o poparciu.", "f", "acc"),
        ("Temat poruszył z wiceminister Eleną Dimową.", "f", "ins"),
    ],
)
def test_context_tells_gender_and_case(text: str, gender: str, case: str) -> None:
    (match,) = names.find(text)
    assert (match.gender, match.case) == (gender, case)


def test_a_later_surname_refers_to_the_person() -> None:
    first, second, third = names.find_all(
        [
            "Wizytę złożył wiceminister Nurłan Ospanow.",
            "Wiceminister Ospanow podziękował gospodarzom.",
            "Rozmowy z ministrem Ospanowem trwały godzinę.",
        ]
    )
    assert [m.short for m in (*first, *second, *third)] == [False, True, True]
    assert second[0].term == third[0].term == first[0].term
    assert (second[0].case, third[0].case) == ("nom", "ins")


def test_spans_of_the_glossary_are_left_alone_and_lend_their_context() -> None:
    text = "Spotkanie Marcina Przydacza oraz Lauriego Hakali"
    term = Term("Marcin Przydacz", {"ru": "Марцин Пшидач"}, domain="person")
    taken = [Match(term, 10, 27, "Marcina Przydacza")]
    assert [(m.surface, m.term.source) for m in names.find(text, taken)] == [
        ("Lauriego Hakali", "Lauri Hakala")
    ]


def test_the_sample_release() -> None:
    lines = (ROOT / "releases" / "konsultacje-polska-kazachstan.txt").read_text("utf-8").split("\n")
    matches = [m for line in names.find_all(lines) for m in line]
    assert [(m.term.source, m.short) for m in matches] == [
        ("Marcin Przydacz", False),
        ("Margułan Baimuchan", False),
        ("Marcin Przydacz", True),
        ("Marcin Przydacz", True),
        ("Marcin Przydacz", True),
        ("Kajrat Abdrachmanow", False),
    ]


def test_a_thousand_segments_take_less_than_a_second() -> None:
    text = (ROOT / "releases" / "konsultacje-polska-kazachstan.txt").read_text("utf-8")
    segments = [s for s in text.replace(". ", ".\n").split("\n") if s.strip()]
    many = (segments * 100)[:1000]
    start = time.perf_counter()
    matches = names.find_all(many)
    assert time.perf_counter() - start < 1.0
    assert sum(map(len, matches)) > 200
