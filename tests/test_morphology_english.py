"""English forms against tables written from the grammar, and how they are found in texts."""

import csv
from pathlib import Path

import pytest

from translator.terminology.morphology import find_forms, forms, inflect

TABLE = Path(__file__).parent / "data" / "morphology" / "en.tsv"


def rows() -> list[tuple[str, str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(r["lemma"], r["features"], r["form"]) for r in reader]


@pytest.mark.parametrize(("lemma", "features", "form"), rows())
def test_paradigm(lemma: str, features: str, form: str) -> None:
    given = set(features.split())
    if "verb" in given:
        assert form in {each.text for each in forms(lemma, "en")}
        return
    (case,) = given & {"nom", "gen", "dat"}
    (number,) = given & {"sg", "pl"}
    found = inflect(
        lemma,
        "en",
        case=case,
        number=number,
        possessed="possessed" in given,
        person="person" in given,
    )
    assert found == form


def found(lemma: str, text: str, **kwargs: object) -> list[str]:
    return [text[start:end] for start, end, _ in find_forms(lemma, "en", text, **kwargs)]  # type: ignore[arg-type]


def test_finds_inflected_terms_in_text() -> None:
    text = "Deputy foreign ministers met; the foreign minister’s spokesperson briefed the press."
    assert found("foreign minister", text) == ["foreign ministers", "foreign minister’s"]
    assert found("prime minister", text) == []


def test_a_capital_is_accepted_only_where_a_sentence_starts() -> None:
    assert found("official visit", "Official visit to Astana. Official visits follow.") == [
        "Official visit",
        "Official visits",
    ]
    assert found("official visit", "during the Official visit") == []


def test_a_part_of_a_longer_word_is_no_match() -> None:
    assert found("consul", "The vice-consul and the consular staff") == []
    assert found("EU", "EU-Kazakhstan Cooperation Council") == ["EU"]


def test_the_article_of_a_name_may_be_small() -> None:
    assert found("The Hague", "He spoke in the Hague and at The Hague’s court.") == [
        "the Hague",
        "The Hague’s",
    ]


def test_persons_take_a_possessive_but_no_plural() -> None:
    assert [f.text for f in forms("Marcin Przydacz", "en", person=True)] == [
        "Marcin Przydacz",
        "Marcin Przydacz's",
    ]


def test_capitals_may_be_ignored() -> None:
    assert found("prime minister", "with Prime Minister Tusk", ignore_case=True) == [
        "Prime Minister"
    ]
    assert found("prime minister", "with Prime Minister Tusk") == []
