"""Figures are found, compared and written in Polish, English, Russian and Kazakh."""

from __future__ import annotations

from pathlib import Path

import pytest

from translator.model import Fact, FactKind
from translator.terminology.facts import differences, find, render

PARALLEL = [
    line.split("\t")
    for line in (Path(__file__).parent / "data/facts/parallel.tsv")
    .read_text(encoding="utf-8")
    .splitlines()
]
COLUMNS = {"en": 1, "ru": 2, "kk": 3}

FOUND = [
    # numbers
    ("pl", "Wystawę obejrzało 1 234 567 osób.", "number 1234567"),
    ("pl", "Wystawę obejrzało 1\u00a0234\u00a0567 osób.", "number 1234567"),
    ("ru", "Выставку посетили 1\u2009234\u2009567 человек.", "number 1234567"),
    ("en", "1,234,567 people saw the exhibition.", "number 1234567"),
    ("en", "A 7.1-magnitude earthquake struck Nepal.", "number 7.1"),
    ("pl", "trzęsienie ziemi o sile 7,1 stopnia", "number 7.1"),
    ("pl", "ewakuowano ponad 110 tysięcy żołnierzy", "number 110000"),
    ("en", "more than 110 thousand soldiers", "number 110000"),
    ("ru", "более 110 тысяч военных", "number 110000"),
    ("kk", "110 мыңнан астам әскер", "number 110000"),
    ("pl", "30-tysięczna społeczność polska", "number 30000"),
    ("en", "the 30,000-strong Polish community", "number 30000"),
    ("ru", "30-тысячная польская община", "number 30000"),
    ("kk", "30 мың адамдық поляк қауымы", "number 30000"),
    ("pl", "17 mln konsumentów", "number 17000000"),
    ("kk", "17 млн-нан астам тұтынушы", "number 17000000"),
    ("pl", "od 10 do 20 mln osób", "number 10000000", "number 20000000"),
    ("kk", "150-ден астам жұмыс тобы", "number 150"),
    ("pl", "szczepionka przeciw COVID-19", "number 19"),
    # percentages
    ("pl", "wzrost o 53,9%", "percent 53.9"),
    ("pl", "wzrost o 53,9 proc.", "percent 53.9"),
    ("pl", "wzrost o 53,9 procent", "percent 53.9"),
    ("en", "a rise of 53.9 per cent", "percent 53.9"),
    ("en", "a rise of 53.9%", "percent 53.9"),
    ("ru", "рост на 53,9 процента", "percent 53.9"),
    ("kk", "53,9 пайызға өсті", "percent 53.9"),
    ("kk", "18,4%-ға өсіп", "percent 18.4"),
    ("pl", "od 5 do 8%", "percent 5", "percent 8"),
    ("pl", "udział rzędu 5–8%", "percent 5", "percent 8"),
    # money
    ("pl", "1,2 mld euro", "money 1200000000 EUR"),
    ("en", "EUR 1.2 billion", "money 1200000000 EUR"),
    ("en", "€1.2bn", "money 1200000000 EUR"),
    ("ru", "1,2 млрд евро", "money 1200000000 EUR"),
    ("kk", "1,2 млрд еуроға жетті", "money 1200000000 EUR"),
    ("pl", "420 tys. złotych", "money 420000 PLN"),
    ("en", "a grant of PLN 420,000", "money 420000 PLN"),
    ("en", "140 million zlotys", "money 140000000 PLN"),
    ("kk", "340 млн злотыйдан аспайды", "money 340000000 PLN"),
    ("pl", "3 mld dolarów", "money 3000000000 USD"),
    ("en", "$3 billion", "money 3000000000 USD"),
    ("ru", "3 млрд долларов", "money 3000000000 USD"),
    ("kk", "3 млрд АҚШ доллары", "money 3000000000 USD"),
    ("pl", "500 tenge", "money 500 KZT"),
    ("kk", "500 теңге", "money 500 KZT"),
    ("ru", "200 рублей", "money 200 RUB"),
    # ordinals
    ("pl", "85. rocznica deportacji", "ordinal 85"),
    ("en", "the 85th anniversary", "ordinal 85"),
    ("ru", "85-я годовщина", "ordinal 85"),
    ("ru", "85-летие депортации", "number 85"),
    ("kk", "85-ші сессия", "ordinal 85"),
    ("kk", "85 жыл толуына", "number 85"),
    ("pl", "W XXI wieku", "ordinal 21"),
    ("ru", "в ХХІ веке", "ordinal 21"),  # Cyrillic letters for Roman numerals
    ("kk", "XXI ғасырда", "ordinal 21"),
    ("pl", "pielgrzymka Jana Pawła II", "ordinal 2"),
    # dates
    ("pl", "8 grudnia 2021 r. w Warszawie", "date 2021-12-08"),
    ("en", "on 8 December 2021 in Warsaw", "date 2021-12-08"),
    ("en", "on December 8, 2021", "date 2021-12-08"),
    ("ru", "8 декабря 2021 года в Варшаве", "date 2021-12-08"),
    ("ru", "8 декабря 2021 г.", "date 2021-12-08"),
    ("kk", "2021 жылғы 8 желтоқсанда", "date 2021-12-08"),
    ("pl", "08.12.2021", "date 2021-12-08"),
    ("pl", "8.12.2021 r.", "date 2021-12-08"),
    ("en", "2021-12-08", "date 2021-12-08"),
    ("pl", "8 grudnia br.", "date --12-08"),
    ("en", "8 December this year", "date --12-08"),
    ("ru", "8 декабря с.г.", "date --12-08"),
    ("ru", "8 декабря текущего года", "date --12-08"),
    ("kk", "осы жылғы 8 желтоқсанда", "date --12-08"),
    ("kk", "биылғы 8 желтоқсан", "date --12-08"),
    ("pl", "w dniach 3–5 maja 2023 r.", "date 2023-05-03/05"),
    ("en", "3–5 May 2023", "date 2023-05-03/05"),
    ("en", "from 3 to 5 May 2023", "date 2023-05-03/05"),
    ("ru", "с 3 по 5 мая", "date --05-03/05"),
    ("kk", "3–5 мамырда", "date --05-03/05"),
    ("kk", "3-тен 14 шілдеге дейін", "date --07-03/14"),
    ("pl", "3 i 4 maja 2023 r.", "date 2023-05-03", "date 2023-05-04"),
    ("pl", "w marcu 2024 r.", "date 2024-03"),
    ("kk", "2024 жылғы наурыздан бері", "date 2024-03"),
    # years
    ("pl", "w 2021 r.", "year 2021"),
    ("en", "in 2021", "year 2021"),
    ("ru", "в 2021 году", "year 2021"),
    ("kk", "2021 жылы", "year 2021"),
    ("pl", "na lata 2025–2027", "year 2025/2027"),
    ("en", "for 2025–2027", "year 2025/2027"),
    ("pl", "rok akademicki 2025/26", "year 2025/2026"),
    ("pl", "w latach 90.", "year 1990s"),
    ("en", "in the early 1990s", "year 1990s"),
    ("ru", "в начале 1990-х годов", "year 1990s"),
    ("kk", "1990-жылдардың басында", "year 1990s"),
    ("pl", "w latach 30. XX w.", "year 1930s"),
    # times
    ("pl", "o godz. 15.30", "time 15:30"),
    ("en", "at 15:30", "time 15:30"),
    ("en", "at 3.30 pm", "time 15:30"),
    ("en", "at 9 a.m.", "time 09:00"),
    ("en", "at 12 p.m.", "time 12:00"),
    ("ru", "в 10:30", "time 10:30"),
    ("kk", "сағат 10:30-да", "time 10:30"),
    ("pl", "godz. 9.00–17.00", "time 09:00", "time 17:00"),
    # words
    ("pl", "trzy umowy", "number 3"),
    ("en", "three agreements", "number 3"),
    ("ru", "три соглашения", "number 3"),
    ("kk", "үш келісім", "number 3"),
    ("pl", "dwudziestu pięciu ekspertów", "number 25"),
    ("en", "twenty-five experts", "number 25"),
    ("ru", "двадцать пять экспертов", "number 25"),
    ("kk", "жиырма бес сарапшы", "number 25"),
    ("kk", "он екі шешім", "number 12"),
    ("pl", "dwieście konwencji", "number 200"),
    ("en", "two hundred and twenty soldiers", "number 220"),
    ("ru", "четырёхсот солдат", "number 400"),
    ("kk", "екі жүзден астам", "number 200"),
    ("pl", "sto dwadzieścia tysięcy osób", "number 120000"),
    ("pl", "dwa i pół raza", "number 2.5"),
    ("en", "two and a half times", "number 2.5"),
    ("ru", "в два с половиной раза", "number 2.5"),
    ("kk", "екі жарым есе", "number 2.5"),
    ("pl", "półtora roku", "number 1.5"),
    ("pl", "trzecia sesja", "ordinal 3"),
    ("ru", "третьей сессии", "ordinal 3"),
    ("kk", "үшінші сессия", "ordinal 3"),
    ("en", "the twenty-first session", "ordinal 21"),
    ("ru", "двадцатилетие независимости", "number 20"),
    ("en", "three decades", "number 30"),
]

NOTHING = [
    ("pl", "kilka osób przyjechało w piątek"),
    ("pl", "setki i tysiące mieszkańców"),
    ("en", "several thousand people may march"),
    ("ru", "несколько тысяч жителей"),
    ("kk", "алтын медаль үшін оның алғысы"),
    ("pl", "CV i list motywacyjny"),
]

WRONG = [
    # target, what is wrong in it
    ("wzrósł o 18,4%", "rose by 18.5%", "en"),
    ("wzrósł o 53,9%", "вырос на 5,39%", "ru"),
    ("wartość 1,3 mld euro", "EUR 1.3 million", "en"),
    ("wartość 1,3 mld euro", "1,3 млн евро", "ru"),
    ("wartość 1,3 mld euro", "USD 1.3 billion", "en"),
    ("wartość 1,3 mld euro", "1,3 млн еуро", "kk"),
    ("8 grudnia 2021 r.", "12 August 2021", "en"),
    ("8 grudnia 2021 r.", "8 ноября 2021 года", "ru"),
    ("8 grudnia 2021 r.", "2012 жылғы 8 желтоқсан", "kk"),
    ("w dniach 3–5 maja", "3–6 May", "en"),
    ("na lata 2025–2027", "на 2025–2028 годы", "ru"),
    ("o godz. 15.30", "at 3.30 am", "en"),
    ("85. rocznica", "58th anniversary", "en"),
    ("85. rocznica", "годовщина", "ru"),
    ("trzy umowy", "five agreements", "en"),
    ("trzy umowy", "пять соглашений", "ru"),
    ("trzy umowy", "бес келісім", "kk"),
    ("XXI wiek", "XX век", "ru"),
    ("30-tysięczna społeczność", "300,000-strong community", "en"),
    ("Przyjechało 12 osób.", "Люди приехали.", "ru"),
    ("w latach 90.", "in the 1980s", "en"),
    ("5 proc.", "5", "en"),
]

SAME = [
    ("Podpisano trzy umowy.", "3 agreements were signed.", "en"),
    ("Podpisano 3 umowy.", "Три соглашения подписаны.", "ru"),
    ("stulecie niepodległości", "100-летие независимости", "ru"),
    ("w ciągu doby", "within 24 hours", "en"),
    ("30-lecie niepodległości", "тәуелсіздігінің отыз жылдығы", "kk"),
    ("II wojna światowa", "the Second World War", "en"),
    ("XIX-wieczny dom", "a nineteenth-century house", "en"),
    ("o godz. 15", "в 15 часов", "ru"),
    ("28 lutego – 2 marca 2024 r.", "2024 жылғы 28 ақпан – 2 наурыз", "kk"),
    ("od 2 do 5 tys. euro", "EUR 2 to 5 thousand", "en"),
    ("od 18 do 20 milionów Polaków", "18 миллионнан 20 миллионға дейін", "kk"),
    ("z 900 do 1,5 tys.", "900-ден 1,5 мыңға дейін", "kk"),
    ("obie strony", "the parties", "en"),
    ("w 2025 r. i w 2026 r.", "в 2025 и 2026 годах", "ru"),
]


@pytest.mark.parametrize(("language", "text", "expected"), [(c[0], c[1], c[2:]) for c in FOUND])
def test_a_figure_is_read_into_its_canonical_value(language, text, expected):
    assert [f"{f.kind.value} {f.value}" for f in find(text, language)] == list(expected)


@pytest.mark.parametrize(("language", "text"), NOTHING)
def test_a_vague_amount_is_no_figure(language, text):
    assert find(text, language) == []


@pytest.mark.parametrize("language", COLUMNS)
@pytest.mark.parametrize("row", PARALLEL, ids=lambda row: row[0][:40])
def test_a_right_translation_has_the_same_figures(row, language):
    assert differences(row[0], row[COLUMNS[language]], language) == ([], [])


@pytest.mark.parametrize(("source", "target", "language"), SAME)
def test_the_same_said_in_another_way_is_no_difference(source, target, language):
    assert differences(source, target, language) == ([], [])


@pytest.mark.parametrize(("source", "target", "language"), WRONG)
def test_another_value_is_a_difference(source, target, language):
    missing, _ = differences(source, target, language)
    assert missing


@pytest.mark.parametrize("language", COLUMNS)
def test_a_figure_in_excess_is_a_difference(language):
    rows = [row for row in PARALLEL if find(row[0], "pl")]
    for row in rows:
        missing, extra = differences(row[0], row[COLUMNS[language]] + " 987654", language)
        assert not missing
        assert [fact.value for fact in extra] == ["987654"]


def test_offsets_point_at_the_text_with_its_soft_hyphens_and_non_breaking_spaces():
    text = "Obroty wyniosły 1,2\u00a0mld\u00a0eu\u00adro, tj. 53,9\u00a0%."
    money, percent = find(text, "pl")
    assert text[money.start : money.end] == money.surface == "1,2\u00a0mld\u00a0eu\u00adro"
    assert text[percent.start : percent.end] == percent.surface
    assert (money.value, percent.value) == ("1200000000 EUR", "53.9")


@pytest.mark.parametrize(
    ("language", "target"),
    [
        ("en", "on 8 December this year"),
        ("en", "on 8 December 2021"),
        ("ru", "8 декабря 2021 года"),
        ("kk", "осы жылғы 8 желтоқсанда"),
    ],
)
def test_this_year_is_the_release_s_year(language, target):
    assert find("8 grudnia br.", "pl", year=2021)[0].value == "2021-12-08"
    assert differences("8 grudnia br.", target, language, year=2021) == ([], [])


def test_a_year_that_nobody_knows_is_an_extra_fact():
    _, extra = differences("8 grudnia br.", "8 December 2021", "en")
    assert [fact.value for fact in extra] == ["2021-12-08"]
    missing, _ = differences("8 grudnia br.", "8 December 2020", "en", year=2021)
    assert [fact.value for fact in missing] == ["2021-12-08"]


RENDERED = [
    (FactKind.DATE, "2021-12-08", "en", "8 December 2021"),
    (FactKind.DATE, "2021-12-08", "ru", "8 декабря 2021 года"),
    (FactKind.DATE, "2021-12-08", "kk", "2021 жылғы 8 желтоқсан"),
    (FactKind.DATE, "--12-08", "ru", "8 декабря"),
    (FactKind.DATE, "2023-05-03/05", "en", "3–5 May 2023"),
    (FactKind.DATE, "2024-03", "ru", "март 2024 года"),
    (FactKind.PERCENT, "53.9", "en", "53.9%"),
    (FactKind.PERCENT, "53.9", "ru", "53,9%"),
    (FactKind.PERCENT, "53.9", "kk", "53,9%"),
    (FactKind.MONEY, "1200000000 EUR", "en", "EUR 1.2 billion"),
    (FactKind.MONEY, "1200000000 EUR", "ru", "1,2 млрд евро"),
    (FactKind.MONEY, "1200000000 EUR", "kk", "1,2 млрд еуро"),
    (FactKind.NUMBER, "30000", "en", "30,000"),
    (FactKind.NUMBER, "30000", "ru", "30\u00a0000"),
    (FactKind.ORDINAL, "85", "en", "85th"),
    (FactKind.ORDINAL, "22", "en", "22nd"),
    (FactKind.ORDINAL, "85", "kk", "85-ші"),
    (FactKind.ORDINAL, "30", "kk", "30-шы"),
    (FactKind.ORDINAL, "85", "ru", "85-й"),
    (FactKind.YEAR, "2025/2027", "ru", "2025–2027"),
    (FactKind.YEAR, "1990s", "kk", "1990-жылдар"),
    (FactKind.TIME, "15:30", "en", "15:30"),
]


@pytest.mark.parametrize(("kind", "value", "language", "expected"), RENDERED)
def test_a_fact_is_written_as_the_language_writes_it(kind, value, language, expected):
    assert render(Fact(kind, value, 0, 1, ""), language) == expected


@pytest.mark.parametrize("language", ["pl", "en", "ru", "kk"])
@pytest.mark.parametrize(
    ("kind", "value"),
    sorted({(k, v) for k, v, _, _ in RENDERED if v != "2024-03"}),
    ids=lambda x: str(x),
)
def test_what_is_written_is_read_back(kind, value, language):
    text = render(Fact(kind, value, 0, 1, ""), language)
    sentence = {"pl": f"godz. {text} a", "kk": f"сағат {text}"}.get(language, text)
    context = sentence if kind is FactKind.TIME else f"{text} a"
    assert [f.value for f in find(context, language)] == [value]
