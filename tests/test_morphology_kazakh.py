"""Kazakh forms against paradigms written from the grammar, and how they are found in texts."""

import csv
from pathlib import Path

import pytest

from translator.terminology.morphology import find_forms, forms, inflect
from translator.terminology.morphology.kazakh import is_possessed

TABLE = Path(__file__).parent / "data" / "morphology" / "kk.tsv"
CASES = {"nom", "gen", "dat", "acc", "loc", "abl", "ins"}


def rows() -> list[tuple[str, str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            (r["lemma"], r["features"], r["form"]) for r in csv.DictReader(file, delimiter="\t")
        ]


@pytest.mark.parametrize(("lemma", "features", "form"), rows())
def test_paradigm(lemma: str, features: str, form: str) -> None:
    given = set(features.split())
    (case,) = given & CASES
    (number,) = given & {"sg", "pl"}
    found = inflect(
        lemma,
        "kk",
        case=case,
        number=number,
        possessed="possessed" in given,
        person="person" in given,
    )
    assert found == form


def found(lemma: str, text: str, *, person: bool = False) -> list[str]:
    return [text[start:end] for start, end, _ in find_forms(lemma, "kk", text, person=person)]


def texts(lemma: str) -> set[str]:
    return {form.text for form in forms(lemma, "kk")}


def test_finds_the_term_and_the_name_in_the_sample_sentence() -> None:
    text = (
        "Оны ЕҚЫҰ-ның Ұлттық азшылықтар істері жөніндегі Жоғарғы комиссары қызметіне "
        "Қайрат Әбдірахмановтың сайлануымен құттықтады."
    )
    lemma = "ЕҚЫҰ-ның Ұлттық азшылықтар істері жөніндегі Жоғарғы комиссары"
    assert found(lemma, text) == [lemma]
    assert found("Қайрат Әбдірахманов", text, person=True) == ["Қайрат Әбдірахмановтың"]
    assert found("ЕҚЫҰ", text) == ["ЕҚЫҰ-ның"]


def test_possessed_form_of_a_bare_lemma_and_bare_forms_of_a_possessed_one() -> None:
    assert inflect("кеңес", "kk", case="dat", possessed=True) == "кеңесіне"
    assert inflect("Вишеград тобы", "kk", case="dat") == "Вишеград тобына"
    assert inflect("Вишеград тобы", "kk", case="dat", possessed=True) == "Вишеград тобына"


def test_attributive_and_possessive_extras_are_recognised() -> None:
    assert {"Қазақстандағы", "қазақстандық", "Қазақстанымыз"} <= texts("Қазақстан")
    assert {"елшіліктегі", "елшілігіміз", "елшілігіміздің"} <= texts("елшілік")
    assert {"ЕҚЫҰ-дағы", "СІМ-індегі"} <= texts("ЕҚЫҰ") | texts("СІМ")


def test_verb_phrase_is_recognised_in_its_main_forms() -> None:
    assert {
        "көңіл айтты",
        "көңіл айтып",
        "көңіл айтқан",
        "көңіл айтады",
        "көңіл айтатын",
        "көңіл айтылды",
        "көңіл айтқаны",
    } <= texts("көңіл айту")
    assert {"алаңдаушылық білдірді", "алаңдаушылық білдіріп"} <= texts("алаңдаушылық білдіру")
    assert {"гүл шоғын қойды", "гүл шоғын қойып"} <= texts("гүл шоғын қою")


def test_what_stands_in_a_case_already_takes_no_suffix() -> None:
    for lemma in ("Еуропалық Одақтың", "шеңберінде", "істері жөніндегі", "ж."):
        assert texts(lemma) == {lemma}


def test_usage_that_varies_gives_both_forms() -> None:
    assert {"Минскіде", "Минскте"} <= texts("Минск")
    assert {"Познаньда", "Познаньде"} <= texts("Познань")


def test_suffix_goes_inside_the_quotes() -> None:
    assert inflect("«Польша көмегі»", "kk", case="acc") == "«Польша көмегін»"


def test_possessive_is_told_from_look_alikes() -> None:
    assert is_possessed("министрлігі")
    assert is_possessed("комиссары")
    assert not is_possessed("хатшы")
    assert not is_possessed("келісім")
    assert not is_possessed("елші", single=True)
