"""Terms and names found in any inflected form, and what must not be taken for them."""

from functools import cache
from pathlib import Path

import pytest

from translator.model import Match, Term
from translator.terminology.matching import Matcher
from translator.terminology.polish import analyse, decline, govern, tokenize
from translator.terminology.termbase import TermBase

ROOT = Path(__file__).parent.parent


def rows(name: str) -> list[tuple[str, ...]]:
    """The cases of a table in tests/data/matching, its header left out."""
    lines = (ROOT / "tests/data/matching" / f"{name}.tsv").read_text().splitlines()
    return [tuple(line.split("\t")) for line in lines[1:]]


@cache
def matcher() -> Matcher:
    paths = [ROOT / "glossaries/diplomacy.csv", ROOT / "glossaries/people.csv"]
    return Matcher(TermBase.load(paths).terms)


def find(text: str) -> list[Match]:
    return matcher().find(text)


def found(text: str) -> dict[str, Match]:
    return {m.surface: m for m in find(text)}


COMMISSIONER = "Wysoki Komisarz OBWE ds. Mniejszości Narodowych"


@pytest.mark.parametrize(("text", "surface", "lemma", "case", "number"), rows("terms"))
def test_an_inflected_term_is_found(text, surface, lemma, case, number):
    match = found(text)[surface]
    assert (match.term.source, match.case, match.number) == (lemma, case, number)
    assert text[match.start : match.end] == surface
    assert not match.short


@pytest.mark.parametrize(("text", "surface", "lemma", "case", "gender"), rows("persons"))
def test_a_person_is_found_in_any_case(text, surface, lemma, case, gender):
    match = found(text)[surface]
    assert (match.term.source, match.case, match.gender) == (lemma, case, gender)
    assert not match.short


@pytest.mark.parametrize(("text", "lemma"), rows("negative"))
def test_what_only_looks_like_a_term_is_left_alone(text, lemma):
    assert lemma not in {m.term.source for m in find(text)}


def test_the_longest_term_wins_and_then_the_glossary_order():
    assert [m.surface for m in find("Biuro Wysokiego Komisarza NZ ds. Uchodźców")] == [
        "Biuro Wysokiego Komisarza NZ ds. Uchodźców"
    ]
    terms = [Term("Rada Europy", {"en": "A"}), Term("Europy Środkowej", {"en": "B"})]
    text = "Rada Europy Środkowej"
    assert [m.term.targets["en"] for m in Matcher(terms).find(text)] == ["B"]
    same = [Term("dobra rada", {"en": "A"}), Term("rada dobra", {"en": "B"})]
    text = "rada dobra rada"
    assert [m.term.targets["en"] for m in Matcher(same).find(text)] == ["A"]
    assert [m.term.targets["en"] for m in Matcher(same[::-1]).find(text)] == ["B"]


def test_spaces_soft_hyphens_and_decomposed_letters_do_not_hide_a_term():
    text = "z\u00a0Wysokim\u00a0Komi\u00adsarzem  OBWE ds.\u00a0Mniejszos\u0301ci Narodowych."
    (match,) = find(text)
    assert match.term.source == COMMISSIONER
    assert (match.start, match.end) == (2, len(text) - 1)
    assert match.surface == text[2:-1]


def test_a_bare_head_refers_to_the_term_that_stood_in_full():
    first = "Wybrano Wysokiego Komisarza OBWE ds. Mniejszości Narodowych."
    later = "Wyraził nadzieję na współpracę z Wysokim Komisarzem oraz z Kazachstanem."
    before, after = matcher().find_all([later, first])
    assert not [m for m in before if m.short]
    matches = matcher().find_all([first, later])[1]
    (short,) = [m for m in matches if m.short]
    assert (short.surface, short.term.source) == ("Wysokim Komisarzem", COMMISSIONER)
    assert (short.case, short.number) == ("ins", "sg")
    assert [m.short for m in after] == [False]


def test_a_bare_head_is_taken_only_where_it_cannot_be_another():
    def later(*texts: str) -> list[tuple[str, bool]]:
        first = "Zebrało się Zgromadzenie Parlamentarne OBWE."
        matches = matcher().find_all([first, *texts])[-1]
        return [(m.term.source, m.short) for m in matches]

    full, other = "Zgromadzenie Parlamentarne OBWE", "Zgromadzenie Parlamentarne NATO"
    assert later("Tak to Zgromadzenie Parlamentarne przyjęło.") == [(full, True)]
    assert later(f"Tak to {other} przyjęło.") == [(other, False)]
    assert later("Tak to Zgromadzenie Parlamentarne Frankofonii przyjęło.") == []
    assert later(f"Zebrało się {other}.", "Tak to Zgromadzenie Parlamentarne wie.") == []


def test_a_surname_alone_follows_the_full_name_or_a_title():
    texts = ["Marcin Przydacz przybył.", "Rozmówcy podziękowali Przydaczowi.", "Jan Przydacz też."]
    _, second, third = matcher().find_all(texts)
    assert [(m.term.source, m.case, m.short) for m in second] == [("Marcin Przydacz", "dat", True)]
    assert third == []  # another person
    (match,) = find("ocenił wiceminister Przydacz")
    assert (match.surface, match.term.source, match.short) == ("Przydacz", "Marcin Przydacz", True)
    assert "Przydacza" not in found("minister Przydacza")


def test_a_title_tells_namesakes_apart():
    names = ["Nursułtan Nazarbajew i Dariga Nazarbajewa"]
    _, him = matcher().find_all([*names, "przyjęcie prezydenta Nazarbajewa"])
    _, her = matcher().find_all([*names, "wróciła pani Nazarbajewa"])
    assert "Nursułtan Nazarbajew" in {m.term.source for m in him}
    assert "Dariga Nazarbajewa" in {m.term.source for m in her}


@pytest.mark.parametrize(
    ("text", "surface", "lemma"),
    [
        ("Ministrowie złożyli kondolencje rodzinom.", "złożyli kondolencje", "złożyć kondolencje"),
        ("Delegacja złożyła tam także wieniec.", "złożyła tam także wieniec", "złożyć wieniec"),
        ("Nie złożono wieńca.", "złożono wieńca", "złożyć wieniec"),
        ("Wyraziła głębokie zaniepokojenie.", "Wyraziła głębokie zaniepokojenie",
         "wyrazić zaniepokojenie"),
        ("aby wymienić poglądy", "wymienić poglądy", "wymienić poglądy"),
    ],
)  # fmt: skip
def test_a_verb_is_found_with_its_object(text, surface, lemma):
    assert found(text)[surface].term.source == lemma


def test_a_verb_without_its_object_is_no_match():
    for text in (
        "Składano kondolencje.",
        "Złożył wizytę, a wieniec położył",
        "złożył bardzo piękny duży wieniec",
    ):
        assert not [m for m in find(text) if m.term.source.startswith("złożyć")]


def test_case_sensitive_terms_keep_their_letters():
    terms = [Term("szczyt", {"en": "summit"}, case_sensitive=True)]
    assert [m.surface for m in Matcher(terms).find("Szczyt za szczytem")] == ["szczytem"]


def test_the_sample_release_is_read_whole():
    path = ROOT / "releases/konsultacje-polska-kazachstan.txt"
    matches = [m for ms in matcher().find_all(path.read_text().split("\n\n")) for m in ms]
    surfaces = {" ".join(m.surface.split()) for m in matches}  # it has non-breaking spaces
    assert {
        "Marcina Przydacza", "Margułana Baimuchana", "Przydacz", "Kajrata Abdrachmanowa",
        "Wysokiego Komisarza OBWE ds. Mniejszości Narodowych", "Wysokim Komisarzem", "OBWE", "ONZ",
        "niestali członkowie Rady Bezpieczeństwa", "Unii Europejskiej", "Biuro Rzecznika Prasowego",
        "umowę o wzmocnionym partnerstwie i współpracy", "Ministerstwo Spraw Zagranicznych",
    } <= surfaces  # fmt: skip


def test_tokens_keep_the_offsets_of_the_original():
    text = "m.in. pol\u00adsko\u2011kazachskie, 53,9% – Koniec.Nowe"
    tokens = tokenize(text)
    assert [t.text for t in tokens] == ["m.in", "polsko-kazachskie", "53", "9", "Koniec", "Nowe"]
    assert [text[t.start : t.end] for t in tokens][1] == "pol\u00adsko\u2011kazachskie"


def test_readings_of_compounds_and_prepositions():
    assert {r.lemma for r in analyse("polsko-kazachskiego")} == {"polsko-kazachski"}
    assert ("sg", "ins", "m1") in {f for r in analyse("ministrem") for f in r.features}
    assert analyse("Baimuchanem") == ()
    assert govern("ze") == {"gen", "ins"}
    assert govern("minister") == frozenset()


@pytest.mark.parametrize(
    ("name", "sex", "surname", "forms"),
    [
        ("Baimuchan", "m", True, "Baimuchana Baimuchanowi Baimuchanem Baimuchanie"),
        ("Tokajew", "m", True, "Tokajewa Tokajewowi Tokajewem Tokajewie"),
        ("Dragutinek", "m", True, "Dragutinka Dragutinkowi Dragutinkiem Dragutinku"),
        ("Grossi", "m", True, "Grossiego Grossiemu Grossim"),
        ("Rutte", "m", True, "Ruttego Ruttemu Ruttem"),
        ("Sarybaj", "m", True, "Sarybaja Sarybajowi Sarybajem Sarybaju"),
        ("Bałajewa", "f", True, "Bałajewej Bałajewą"),
        ("Metsola", "f", True, "Metsoli Metsolę Metsolą"),
        ("Jumagulowska", "f", True, "Jumagulowskiej Jumagulowską"),
    ],
)
def test_names_unknown_to_the_dictionary_are_declined(name, sex, surname, forms):
    assert set(forms.split()) <= set(decline(name, sex, surname=surname))
