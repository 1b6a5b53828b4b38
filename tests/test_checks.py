"""Each check finds what is wrong and lets right translations pass; reports have four formats."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest
from conftest import ROOT

from translator.checks import REGISTRY, check
from translator.checks.report import render
from translator.errors import TranslatorError
from translator.model import Finding, Match, Severity, Term

SOURCE = (
    "Wiceminister Andrzej Wiśniewski pogratulował Kazachstanowi wyboru Kajrata Abdrachmanowa "
    "na stanowisko Wysokiego Komisarza OBWE ds. Mniejszości Narodowych."
)
RIGHT = {
    "en": "Deputy Minister Andrzej Wiśniewski congratulated Kazakhstan on the election of Kairat "
    "Abdrakhmanov to the post of OSCE High Commissioner on National Minorities.",
    "ru": "Заместитель министра Анджей Висьневский поздравил Казахстан с избранием Кайрата "
    "Абдрахманова на пост Верховного комиссара ОБСЕ по делам национальных меньшинств.",
    "kk": "Министрдің орынбасары Анджей Висьневский Қазақстанды Қайрат Әбдірахмановтың ЕҚЫҰ-ның "
    "Ұлттық азшылықтар істері жөніндегі Жоғарғы комиссары болып сайлануымен құттықтады.",
}
COMMISSIONER = Term(
    "Wysoki Komisarz OBWE ds. Mniejszości Narodowych",
    {
        "en": "OSCE High Commissioner on National Minorities",
        "ru": "Верховный комиссар ОБСЕ по делам национальных меньшинств",
        "kk": "ЕҚЫҰ-ның Ұлттық азшылықтар істері жөніндегі Жоғарғы комиссары",
    },
    domain="institution",
    forbidden={"ru": ("Высокий комиссар ОБСЕ",)},
)
OSCE = Term("OBWE", {"en": "OSCE", "ru": "ОБСЕ", "kk": "ЕҚЫҰ"}, domain="abbreviation")
ABDRAKHMANOV = Term(
    "Kajrat Abdrachmanow",
    {"en": "Kairat Abdrakhmanov", "ru": "Кайрат Абдрахманов", "kk": "Қайрат Әбдірахманов"},
    domain="person",
)
POLISH = Term("polski", {"ru": "польский", "kk": "польшалық"}, domain="demonym")


def found_at(term: Term, surface: str, source: str = SOURCE, **more) -> Match:
    start = source.index(surface)
    return Match(term, start, start + len(surface), surface, **more)


MATCHES = [
    found_at(ABDRAKHMANOV, "Kajrata Abdrachmanowa", gender="m"),
    found_at(COMMISSIONER, "Wysokiego Komisarza OBWE ds. Mniejszości Narodowych"),
    found_at(OSCE, "OBWE"),
]


def ids(source: str, target: str, language: str, **more) -> list[str]:
    return [finding.id for finding in check(source, target, language, **more)]


@pytest.mark.parametrize(
    ("language", "wrong", "right"),
    [
        ("en", "on 08/12/2021 in Warsaw", "on 8 December 2021 in Warsaw"),
        ("en", "on 8.12.2021 in Warsaw", "on December 8, 2021 in Warsaw"),
        ("en", "on 2021-12-08 in Warsaw", "no. 8/12, 2021 people, 8.5%"),
        ("ru", "декабря 8, 2021 в Варшаве", "8 декабря 2021 года в Варшаве"),
        ("ru", "08/12/2021 в Варшаве", "08.12.2021 в Варшаве, из 12 декабря 30 часов"),
        ("kk", "8 желтоқсан 2021 Варшавада", "2021 жылғы 8 желтоқсанда Варшавада"),
        ("kk", "2021-12-08 Варшавада", "6 ақпанда 1200-ден астам адам, 08.12.2021"),
    ],
)
def test_dates_are_written_as_the_language_writes_them(
    language: str, wrong: str, right: str
) -> None:
    source = "8 grudnia 2021 r. w Warszawie"
    assert "date-format" in ids(source, wrong, language)
    assert "date-format" not in ids(source, right, language)


def test_no_date_of_the_corpus_is_called_unusual() -> None:
    lines = (ROOT / "corpus/bilateral.tsv").read_text(encoding="utf-8").splitlines()
    for row in (line.split("\t") for line in lines):
        for language, target in zip(("en", "ru", "kk"), row[1:], strict=True):
            assert "date-format" not in ids(row[0], target, language), target


@pytest.mark.parametrize("language", RIGHT)
def test_a_right_translation_has_no_findings(language):
    assert check(SOURCE, RIGHT[language], language, matches=MATCHES) == []


BAD = [
    ("untranslated", SOURCE, "", "ru"),
    ("untranslated", SOURCE, " \n", "kk"),
    ("untranslated-copy", SOURCE, SOURCE, "en"),
    ("number-differs", "Eksport wzrósł o 18,4%.", "Экспорт вырос на 18,5%.", "ru"),
    ("number-differs", "Spotkanie 8 grudnia 2021 r.", "Встреча 8 ноября 2021 года.", "ru"),
    ("date-format", "Spotkanie 8 grudnia 2021 r.", "Встреча 08/12/2021.", "ru"),
    ("tags", "Konsultacje w <1>Astanie</1>", "Консультации в Астане", "ru"),
    ("tags", "Konsultacje w <1>Astanie</1>", "<1>Консультации</1> в <1>Астане</1>", "ru"),
    ("tags", "<1>Rozmowy</1> w <2>Astanie</2>", "<1>Переговоры <2>в</1> Астане</2>", "ru"),
    ("wrong-script", "Konsultacje w Astanie", "Consultations in Astana", "ru"),
    ("wrong-script", "Konsultacje w Astanie", "konsultacje в Астане", "ru"),
    ("wrong-script", "Konsultacje w Astanie", "Консультации in Astana", "en"),
    ("wrong-script", "Konsultacje w Astanie", "Консультации в Қазақстане", "ru"),
    (
        "wrong-language",
        "Strony omówiły współpracę gospodarczą i polityczną.",
        "Стороны обсудили экономическое и политическое сотрудничество.",
        "kk",
    ),
    ("mixed-script", "Konsultacje w Astanie", "Консультaции в Астане", "ru"),  # Latin a
    ("leftover-polish", "Rozmowa o współpracy", "A talk about współpraca", "en"),
    ("leftover-polish", "Minister Wiśniewski w Astanie", "Министр Wiśniewski в Астане", "ru"),
    ("mojibake", "Wizyta w Łodzi", "A visit to Å\x81Ã³dÅº", "en"),
    ("mojibake", "Wizyta w Łodzi", "Визит в \ufffdодзь", "ru"),
    ("bidi-control", "Wizyta w Łodzi", "A visit to \u202eŁódź", "en"),
    ("doubled-word", "Minister odwiedził Warszawę.", "The the Minister visited Warsaw.", "en"),
    ("doubled-word", "Wizyta ministra w Łodzi", "Визит министра министра в Лодзь", "ru"),
    (
        "doubled-text",
        "Strony omówiły współpracę gospodarczą.",
        "Стороны обсудили экономическое сотрудничество, экономическое сотрудничество, "
        "экономическое сотрудничество.",
        "ru",
    ),
    ("end-punctuation", "Rząd przyjął ustawę.", "The government adopted the law", "en"),
    ("end-punctuation", "Kto wygrał?", "Кто победил.", "ru"),
    ("end-punctuation", "Konsultacje w Astanie", "Консультации в Астане.", "ru"),
    ("quotes", "Nagroda „Żubr”", "The „Bison” award", "en"),
    ("quotes", "Nagroda „Żubr”", "Премия “Зубр”", "ru"),
    ("quotes", "Nagroda „Żubr”", '"Зубр" сыйлығы', "kk"),
    ("quotes", "Nagroda „Żubr”", "Премия «Зубр", "ru"),
    ("double-spaces", "Rząd przyjął ustawę.", "The government  adopted the law.", "en"),
    ("double-spaces", "Tak, przyjął.", "Да , принял.", "ru"),
    ("length-ratio", SOURCE, "Заместитель министра.", "ru"),
    ("length-ratio", "Ustawa wejdzie w życie za rok.", RIGHT["en"], "en"),
]


@pytest.mark.parametrize(("id", "source", "target", "language"), BAD)
def test_what_is_wrong_is_found(id, source, target, language):
    assert id in ids(source, target, language)


GOOD = [
    ("Rozmowa z <1>ministrem</1><2/>.", "Беседа с <1>министром</1><2/>.", "ru"),
    ("<1>18</1>,4% w <2>2021</2> r.", "<1>18</1>,4% в <2>2021</2> году", "ru"),  # one figure
    ("Marcin Przydacz", "Marcin Przydacz", "en"),  # a name stays as it is
    ("2021", "2021", "kk"),
    ("Sprzęt podarował łódzki szpital.", "The equipment came from a hospital in Łódź.", "en"),
    ("Wnioski w systemie e-Konsulat", "Заявления в системе e-Konsulat", "ru"),
    ("Szczepionka przeciw COVID-19", "Вакцина против COVID-19", "ru"),
    ("Więcej na stronie www.gov.pl/polskapomoc.", "Подробнее на www.gov.pl/polskapomoc.", "ru"),
    ("Spółka córka Orlenu", "Дочерняя компания Orlen", "ru"),
    ("Warszawa, 9 lutego 2023 r.", "Варшава, 9 февраля 2023 года", "ru"),
    ("– Nie mówimy „żegnajcie” – zdradził.", "«Мы не говорим “прощайте”», – сказал он.", "ru"),
    ("– Uczy słowo „solidarność” – mówił.", "«Учит слово «солидарность», – сказал он.", "ru"),
    ("Państwa wejdą do Unii, sama Unia czeka.", "States join the Union, the Union waits.", "en"),
    ("Złoży ślubowanie w październiku.", "The judge will be sworn in in October.", "en"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "target", "language"), GOOD)
def test_what_is_right_passes(source, target, language):
    assert check(source, target, language) == []


def test_an_untranslated_segment_has_only_that_finding():
    assert ids(SOURCE, "", "ru", fuzzy=True, matches=MATCHES) == ["untranslated"]


def test_a_fuzzy_entry_is_unreviewed():
    assert ids(SOURCE, RIGHT["ru"], "ru", fuzzy=True, matches=MATCHES) == ["unreviewed"]


@pytest.mark.parametrize(
    ("language", "written", "instead"),
    [
        ("en", "OSCE High Commissioner on National Minorities", "OSCE envoy for minorities"),
        (
            "ru",
            "Верховного комиссара ОБСЕ по делам национальных меньшинств",
            "Высокого комиссара ОБСЕ по вопросам меньшинств",
        ),
        (
            "kk",
            "ЕҚЫҰ-ның Ұлттық азшылықтар істері жөніндегі Жоғарғы комиссары",
            "ЕҚЫҰ-ның азшылықтар жөніндегі өкілі",
        ),
    ],
)
def test_a_missing_term_names_what_it_needs(language, written, instead):
    target = RIGHT[language].replace(written, instead)
    missing = [
        f for f in check(SOURCE, target, language, matches=MATCHES) if f.id == "term-missing"
    ]
    assert len(missing) == 1  # OBWE within it is not told again
    assert COMMISSIONER.targets[language] in missing[0].message
    assert missing[0].severity is Severity.ERROR


def test_a_short_reference_to_a_term_need_not_be_written_in_full():
    source = "Wysoki Komisarz odwiedził Wilno."
    short = found_at(COMMISSIONER, "Wysoki Komisarz", source, short=True)
    assert ids(source, "Комиссар посетил Вильнюс.", "ru", matches=[short]) == []


def test_a_forbidden_variant_is_found_in_any_case():
    target = RIGHT["ru"].replace("Верховного комиссара", "Высокого комиссара")
    assert "term-forbidden" in ids(SOURCE, target, "ru", matches=MATCHES)
    assert "term-forbidden" not in ids(SOURCE, RIGHT["ru"], "ru", matches=MATCHES)


def test_a_missing_name_is_an_error():
    target = RIGHT["ru"].replace("Абдрахманова", "Ибрагимова")
    assert ids(SOURCE, target, "ru", matches=MATCHES) == ["name-missing"]


def test_a_surname_is_enough_for_a_person_named_before():
    source = "Minister Abdrachmanow odwiedził Wilno."
    match = found_at(ABDRAKHMANOV, "Abdrachmanow", source, short=True, gender="m")
    assert ids(source, "Министр Абдрахманов посетил Вильнюс.", "ru", matches=[match]) == []
    assert ids(source, "Министр посетил Вильнюс.", "ru", matches=[match]) == ["name-missing"]


def test_a_transcribed_name_is_only_doubted():
    guess = Term("Jan Nowak", {"ru": "Ян Новак"}, domain="person", guess=True)
    source = "Konsul Jan Nowak otworzył wystawę."
    match = found_at(guess, "Jan Nowak", source, gender="m")
    findings = check(source, "Консул Иван Новик открыл выставку.", "ru", matches=[match])
    assert [(f.id, f.severity) for f in findings] == [("name-unsure", Severity.WARNING)]


def test_an_advisory_term_requires_nothing():
    source = "Polska delegacja odwiedziła Astanę."
    match = found_at(POLISH, "Polska", source)
    assert ids(source, "Польша делегациясы Астанаға барды.", "kk", matches=[match]) == []


def test_this_year_is_checked_against_the_release_s_year():
    source, target = "Spotkanie 8 grudnia br.", "Встреча 8 декабря 2020 года"
    assert "number-differs" in ids(source, target, "ru", year=2021)
    assert ids(source, "Встреча 8 декабря 2021 года", "ru", year=2021) == []


def test_every_check_has_an_id_a_severity_and_a_sentence():
    assert {"untranslated", "unreviewed", "term-missing", "number-differs"} <= set(REGISTRY)
    for id, entry in REGISTRY.items():
        assert id == entry.id == entry.id.lower()
        assert entry.severity in Severity
        assert entry.doc.endswith(".")


def test_each_check_has_a_bad_example_here():
    shown = {row[0] for row in BAD} | {
        "unreviewed", "term-missing", "term-forbidden", "name-missing", "name-unsure",
    }  # fmt: skip
    assert shown == set(REGISTRY)


# reports

FINDINGS = [
    Finding("term-missing", Severity.ERROR, "Needs “X”: 50%\nof it.", "OBWE <b>", "a,b:c.po", 7),
    Finding("quotes", Severity.WARNING, "Write « ».", "„Żubr”", "locales/kk/x.po", 3, "kk"),
]  # fmt: skip


def test_the_text_report_has_a_line_each():
    assert render(FINDINGS, "text").splitlines() == [
        "a,b:c.po:7: error: term-missing: Needs “X”: 50% of it.",
        "locales/kk/x.po:3: warning: quotes: Write « ».",
    ]


def test_the_json_report_has_all_fields():
    first = json.loads(render(FINDINGS, "json"))[0]
    assert first["id"] == "term-missing"
    assert first["line"] == 7
    assert first["message"] == FINDINGS[0].message


def test_the_github_report_escapes_what_its_syntax_uses():
    assert render(FINDINGS, "github").splitlines() == [
        "::error file=a%2Cb%3Ac.po,line=7,title=term-missing::Needs “X”: 50%25%0Aof it.",
        "::warning file=locales/kk/x.po,line=3,title=quotes::Write « ».",
    ]


class _Tags(HTMLParser):
    """Keeps the open tags, and fails where one closes that is not the last opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.append(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_html_report_is_well_formed_grouped_and_escaped():
    page = render([*FINDINGS, FINDINGS[0]], "html")
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    assert tags.seen.count("section") == 2
    assert tags.seen.count("li") == 3
    assert "OBWE &lt;b&gt;" in page
    assert "2 errors, 1 warnings" in page


@pytest.mark.parametrize(
    ("format", "expected"), [("text", "no findings"), ("json", "[]"), ("github", "")]
)
def test_no_findings_are_said_plainly(format, expected):
    assert render([], format) == expected
    assert "no findings" in render([], "html")


def test_an_unknown_format_is_refused():
    with pytest.raises(TranslatorError, match="text, json, github, html"):
        render([], "pdf")
