"""Russian forms against paradigms written from the grammar, and how they are found in texts."""

import csv
from pathlib import Path

import pytest

from translator.terminology.morphology import find_forms, forms, inflect

TABLE = Path(__file__).parent / "data" / "morphology" / "ru.tsv"
CASES = {"nom", "gen", "dat", "acc", "ins", "loc"}


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
    gender = "".join(given & {"m", "f"})
    person = "person" in given
    assert inflect(lemma, "ru", case=case, number=number, person=person, gender=gender) == form


def found(lemma: str, text: str, *, person: bool = False, gender: str = "") -> list[str]:
    matches = find_forms(lemma, "ru", text, person=person, gender=gender)
    return [text[start:end] for start, end, _ in matches]


def test_lemma_comes_first_and_every_form_once() -> None:
    found_forms = forms("Верховный комиссар ОБСЕ", "ru")
    assert found_forms[0].text == "Верховный комиссар ОБСЕ"
    assert len(found_forms) == len(set(found_forms))


def test_finds_the_term_in_the_sample_sentence() -> None:
    text = "назначен на пост Верховного комиссара ОБСЕ по делам национальных меньшинств."
    (match,) = find_forms("Верховный комиссар ОБСЕ по делам национальных меньшинств", "ru", text)
    assert text[match[0] : match[1]] == text[17:-1]
    assert match[2].number == "sg"
    assert match[2].case in {"gen", "acc"}


def test_yo_spaces_quotes_and_dashes_count_as_equal() -> None:
    assert found("Объединенные Арабские Эмираты", "в Объединённых\u00a0Арабских Эмиратах") == [
        "Объединённых\u00a0Арабских Эмиратах"
    ]
    assert found("программа «Эразмус+»", "по программе „Эразмус+“") == ["программе „Эразмус+“"]
    assert found("Совет Украина — НАТО", "в Совете Украина – НАТО") == ["Совете Украина – НАТО"]
    assert found("премьер-министр", "с премьер‑министром") == ["премьер‑министром"]


def test_lemma_keeps_its_no_break_space_and_capitals() -> None:
    lemma = "Верховный\u00a0комиссар"
    assert inflect(lemma, "ru", case="gen") == "Верховного\u00a0комиссара"
    assert inflect("ЮНЕСКО", "ru", case="gen") == "ЮНЕСКО"


def test_a_title_in_quotes_stays_or_declines() -> None:
    texts = {form.text for form in forms("«Польская помощь»", "ru")}
    assert {"«Польская помощь»", "«Польской помощи»"} <= texts


def test_compound_is_no_match_for_its_part() -> None:
    assert found("консул", "Консул встретился с вице-консулом и консулами.") == [
        "Консул",
        "консулами",
    ]


def test_place_has_the_second_locative_too() -> None:
    assert {"Крыме", "Крыму"} <= {f.text for f in forms("Крым", "ru") if f.case == "loc"}


def test_verb_phrase_is_recognised_in_all_its_forms() -> None:
    texts = {form.text for form in forms("выразить соболезнования", "ru")}
    assert {
        "выразил соболезнования",
        "выразили соболезнования",
        "выразит соболезнования",
        "выразив соболезнования",
        "выразивший соболезнования",
    } <= texts


def test_adjective_is_recognised_in_all_genders() -> None:
    text = "польско-казахстанские отношения и польско-казахстанской комиссии"
    assert found("польско-казахстанский", text) == [
        "польско-казахстанские",
        "польско-казахстанской",
    ]


def test_gender_decides_on_a_surname_in_a_consonant() -> None:
    assert found("Мишель Бачелет", "с Мишель Бачелет", person=True, gender="f") == [
        "Мишель Бачелет"
    ]
    assert (
        inflect("Мишель Бачелет", "ru", case="ins", person=True, gender="m") == "Мишелем Бачелетом"
    )


def test_unknown_language_leaves_the_lemma_alone() -> None:
    assert [f.text for f in forms("Генеральна Асамблея", "uk")] == ["Генеральна Асамблея"]
    assert inflect("Генеральна Асамблея", "uk", case="gen") == "Генеральна Асамблея"


def test_prepositional_phrase_does_not_decline() -> None:
    assert {f.text for f in forms("под эгидой", "ru")} == {"под эгидой"}
