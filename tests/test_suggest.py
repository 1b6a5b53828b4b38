"""New terms from approved translations, and terms that are translated in different ways."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT, SAMPLE, translator

from translator import harvesting, settings
from translator.model import Term
from translator.terminology import Terminology, citation, phrases, termbase
from translator.terminology.consistency import inconsistencies
from translator.terminology.morphology import dictionary_forms
from translator.terminology.suggest import Pair, Proposal, suggest

COLUMNS = {"en": 1, "ru": 2, "kk": 3}
FILES = ("releases1", "un")


@cache
def pairs(language: str) -> tuple[Pair, ...]:
    """Some rows of the corpus as approved translations."""
    rows = [
        line.split("\t")
        for name in FILES
        for line in (ROOT / f"corpus/{name}.tsv").read_text(encoding="utf-8").splitlines()
    ]
    return tuple(
        Pair(row[0], row[COLUMNS[language]], f"corpus:{n}") for n, row in enumerate(rows, 1)
    )


@cache
def proposals(language: str) -> dict[str, Proposal]:
    return {proposal.source: proposal for proposal in suggest(pairs(language), language)}


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", {"Rada Bezpieczeństwa": "Security Council", "prawa człowieka": "human rights"}),
        ("ru", {"Rada Bezpieczeństwa": "Совет Безопасности", "prawa człowieka": "права человека"}),
        ("kk", {"Rada Bezpieczeństwa": "Қауіпсіздік Кеңесі", "prawa człowieka": "адам құқықтары"}),
    ],
)
def test_terms_are_found_in_their_dictionary_forms(language: str, expected: dict[str, str]) -> None:
    found = proposals(language)
    assert {pl: found[pl].target for pl in expected} == expected
    council = found["Rada Bezpieczeństwa"]
    assert council.count >= 5
    assert council.share > 0.9
    assert all("Bezpieczeństwa" in pair.source for pair in council.examples)
    assert len(council.translated) + len(council.otherwise) == council.count


def test_pieces_of_longer_terms_and_dates_are_no_proposals() -> None:
    found = {source.lower() for source in proposals("ru")}
    assert "minister spraw zagranicznych" in found
    assert not {"minister spraw", "spraw zagranicznych", "sprawy zagraniczne"} & found
    assert not any("rok" in source.split() for source in found)


def test_what_the_glossary_has_is_not_proposed_in_any_form() -> None:
    known = ["Rady Bezpieczeństwa", "minister spraw zagranicznych"]
    found = {p.source for p in suggest(pairs("ru"), "ru", known=known)}
    assert "prawa człowieka" in found
    assert not {"Rada Bezpieczeństwa", "minister spraw zagranicznych"} & found


def test_the_limit_keeps_the_best() -> None:
    every = list(proposals("en").values())
    assert suggest(pairs("en"), "en", limit=5) == every[:5]
    assert [p.score for p in every] == sorted((p.score for p in every), reverse=True)


def test_a_phrase_without_a_steady_translation_is_not_proposed() -> None:
    sources = [
        "Otwarto most drogowy.",
        "Nowego mostu drogowego nie ma.",
        "Stoją przy moście drogowym.",
    ]
    steady = [
        "The road bridge opened.",
        "There is no new road bridge.",
        "They stand by the road bridge.",
    ]
    unsteady = ["The road bridge opened.", "There is no new viaduct.", "They stand by an overpass."]
    assert [(p.source, p.target) for p in suggest(list(map(Pair, sources, steady)), "en")] == [
        ("most drogowy", "road bridge")
    ]
    assert suggest(list(map(Pair, sources, unsteady)), "en") == []


@pytest.mark.parametrize(
    ("surfaces", "key", "lemma"),
    [
        (["Azji Środkowej", "Azję Środkową"], ("azja", "środkowy"), "Azja Środkowa"),
        (["stosunków dyplomatycznych"], ("stosunek", "dyplomatyczny"), "stosunki dyplomatyczne"),
        (["Narodów Zjednoczonych"], ("naród", "zjednoczyć"), "Narody Zjednoczone"),
        (
            ["Polskiego Instytutu Spraw Międzynarodowych"],
            ("polski", "instytut", "sprawa", "międzynarodowy"),
            "Polski Instytut Spraw Międzynarodowych",
        ),
        (
            ["prawa międzynarodowego", "prawie międzynarodowym"],
            ("prawo", "międzynarodowy"),
            "prawo międzynarodowe",
        ),
        (["nowszych miejsc pracy"], ("nowy", "miejsce", "praca"), "nowsze miejsca pracy"),
    ],
)
def test_polish_citation(surfaces: list[str], key: phrases.Key, lemma: str) -> None:
    assert citation.polish(surfaces, key) == lemma


def test_target_citation() -> None:
    russian = ["Генеральной Ассамблее", "Генеральной Ассамблеи", "Генеральную Ассамблею"]
    assert citation.target(russian, "ru") == "Генеральная Ассамблея"
    assert citation.target(["депутатов", "депутат", "депутатами"], "ru") == "депутат"
    assert citation.target(["правозащитников"], "ru") == "правозащитники"
    kazakh = ["Бас Ассамблеяның", "Бас Ассамблея", "Бас Ассамблеяда"]
    assert citation.target(kazakh, "kk") == "Бас Ассамблея"
    assert (
        citation.target(["member states", "Member States", "member states"], "en")
        == "member states"
    )
    assert citation.target(["Қауіпсіздік Кеңесінің"], "kk") == "Қауіпсіздік Кеңесі"
    assert dictionary_forms("Объединённых Наций", "ru") == ["Объединённые Нации"]
    assert dictionary_forms("Нью-Йоркте", "kk") == ["Нью-Йорк"]
    assert dictionary_forms("Астана", "kk") == []


def test_inconsistent_translations_are_listed_with_their_places() -> None:
    council = Term("Rada Bezpieczeństwa", {"ru": "Совет Безопасности"})
    texts = [
        ("Rada Bezpieczeństwa przyjęła rezolucję.", "Совет Безопасности принял резолюцию."),
        ("Posiedzenie Rady Bezpieczeństwa trwa.", "Заседание Совета Безопасности продолжается."),
        ("Polska w Radzie Bezpieczeństwa.", "Польша в Совбезе."),
        ("Wybory do Rady Bezpieczeństwa.", "Выборы в Совбез."),
        ("Głos w Radzie Bezpieczeństwa.", "Речь в этом органе."),
        ("Sejm obradował.", "Сейм заседал."),
    ]
    found = inconsistencies(
        [Pair(*text, f"locales/ru/{n}.po:{n}") for n, text in enumerate(texts)],
        "ru",
        Terminology([council]),
    )
    (only,) = found
    assert (only.term, only.otherwise) == ("Rada Bezpieczeństwa", 3)
    assert [(r.text, r.places) for r in only.renderings] == [
        ("Совет Безопасности", ("locales/ru/0.po:0", "locales/ru/1.po:1")),
        ("Совбез", ("locales/ru/2.po:2", "locales/ru/3.po:3")),
        ("", ("locales/ru/4.po:4",)),
    ]


def test_proposals_are_compared_too() -> None:
    found = inconsistencies(pairs("ru"), "ru", Terminology([]), list(proposals("ru").values()))
    unsteady = {p.source for p in proposals("ru").values() if p.otherwise}
    assert {each.term for each in found} == unsteady
    assert unsteady


def test_suggest_and_accept_on_the_command_line(project: Path) -> None:
    locales = project / "locales/ru"
    locales.mkdir()
    content = (ROOT / f"locales/ru/{SAMPLE}.po").read_text(encoding="utf-8")
    content = re.sub('(msgstr ".*)Казахстан', r"\1Казакстан", content, count=1)
    (locales / f"{SAMPLE}.po").write_text(content.replace("#, fuzzy\n", ""), encoding="utf-8")
    corpus = str(ROOT / "corpus/un.tsv")
    assert translator("memory", "import", corpus, cwd=project).returncode == 0
    options = ("glossary", "suggest", "--to", "ru", "--min", "3")
    done = translator(*options, "--json", cwd=project)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    first = report["proposals"][0]
    assert (first["number"], first["count"] >= 3, first["share"] >= 0.6) == (1, True, True)
    known = {
        term.source
        for term in termbase.TermBase.load(sorted((project / "glossaries").glob("*.csv"))).terms
    }
    assert first["pl"] not in known
    different = {each["term"]: each["renderings"] for each in report["inconsistent"]}
    usual, other = different["Kazachstan"]
    assert usual["text"] == "Казахстан"
    (place,) = other["places"]
    line = int(place.removeprefix(f"locales/ru/{SAMPLE}.po:"))
    entry = (locales / f"{SAMPLE}.po").read_text(encoding="utf-8").split("\n")[line - 1 :]
    assert "Казакстан" in next(text for text in entry if text.startswith("msgstr"))

    done = translator(*options, "--accept", "1", "--accept", "2", cwd=project)
    assert done.returncode == 0, done.stderr
    accepted = termbase.read(project / "glossaries/suggested.csv")
    assert [(t.source, dict(t.targets)) for t in accepted] == [
        (p["pl"], {"ru": p["ru"]}) for p in report["proposals"][:2]
    ]
    toml = project / "translator.toml"
    listed = toml.read_text(encoding="utf-8").replace(
        '"glossaries/people.csv"]', '"glossaries/people.csv", "glossaries/suggested.csv"]'
    )
    toml.write_text(listed, encoding="utf-8")
    found = settings.load(project)
    again = harvesting.propose(found, harvesting.approved_pairs(found, None, "ru"), "ru", count=3)
    assert not {t.source for t in accepted} & {p.source for p in again}
    wrong = translator(*options, "--accept", "999", cwd=project)
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)
