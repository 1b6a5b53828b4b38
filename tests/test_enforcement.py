"""Required terms, names and figures stand in the drafts, with a package that was never trained for
it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest
from conftest import ROOT, SAMPLE

from translator.drafting import Drafter
from translator.machine.engine import Engine
from translator.model import Hypothesis
from translator.pipeline import open_release
from translator.terminology import Terminology, enforcement, facts, form_prior
from translator.terminology.morphology import Form
from translator.terminology.requirements import places, required_terms

SENTENCE = (
    "Minister Przydacz pogratulował Kazachstanowi wyboru Kajrata Abdrachmanowa na stanowisko "
    "Wysokiego Komisarza OBWE ds. Mniejszości Narodowych."
)
HIGH_COMMISSIONER = {
    "en": "OSCE High Commissioner on National Minorities",
    "ru": "Верховный комиссар ОБСЕ по делам национальных меньшинств",
    "kk": "ЕҚЫҰ-ның Ұлттық азшылықтар істері жөніндегі Жоғарғы комиссары",
}


@cache
def terminology() -> Terminology:
    return Terminology.load(sorted((ROOT / "glossaries").glob("*.csv")))


@cache
def drafter(language: str) -> Drafter:
    return Drafter(Engine(), terminology(), language)


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_all_terms_names_and_figures_of_the_sample_are_in_its_drafts(language: str) -> None:
    release = open_release(ROOT / f"releases/{SAMPLE}.txt")
    texts = list(dict.fromkeys(segment.text for segment in release.segments))
    jobs = drafter(language).jobs_of(texts, year=2021)
    for job, (translation, enforced) in zip(jobs, drafter(language).decide(jobs), strict=True):
        if translation.problem:
            assert enforced.text == ""
            continue
        for requirement in required_terms(job.text, job.matches, language):
            assert places(requirement, enforced.text, language), (requirement.lemma, enforced.text)
        missing, _ = facts.differences(job.text, enforced.text, language, year=2021)
        assert not missing, enforced.text


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_title_and_the_name_are_found_inflected_and_required(language: str) -> None:
    (matches,) = terminology().find([SENTENCE])
    lemmas = [requirement.lemma for requirement in required_terms(SENTENCE, matches, language)]
    assert HIGH_COMMISSIONER[language] in lemmas
    assert len(lemmas) == 4  # the surname, the country, the person, the title, which holds OBWE


@pytest.mark.parametrize(
    ("text", "term", "language", "form"),
    [
        (SENTENCE, "ru", "ru", "Верховного комиссара ОБСЕ по делам национальных меньшинств"),
        ("Spotkał się z ambasadorem.", "посол", "ru", "послом"),
        ("Mówił o Kazachstanie.", "Казахстан", "ru", "Казахстане"),
        ("Pracuje w Kazachstanie.", "Қазақстан", "kk", "Қазақстанда"),
        ("Wizyta w Kazachstanie", "Қазақстан", "kk", "Қазақстанға"),  # a visit to it, in Kazakh
        ("Współpraca z Kazachstanem", "Қазақстан", "kk", "Қазақстанмен"),
        ("Wyjechał do Kazachstanu.", "Қазақстан", "kk", "Қазақстанға"),
    ],
)
def test_the_prior_knows_the_likeliest_form(text: str, term: str, language: str, form: str) -> None:
    (matches,) = terminology().find([text])
    required = required_terms(text, matches, language)
    wanted = HIGH_COMMISSIONER.get(term, term)
    (requirement,) = [r for r in required if r.lemma == wanted]
    assert requirement.forms[0][0].text == form


def test_the_prior_is_a_distribution_over_distinct_forms() -> None:
    import math

    (matches,) = terminology().find([SENTENCE])
    for language in ("en", "ru", "kk"):
        for requirement in required_terms(SENTENCE, matches, language):
            texts = [form.text for form, _ in requirement.forms]
            assert len(texts) == len(set(texts))
            assert math.isclose(sum(math.exp(p) for _, p in requirement.forms), 1, abs_tol=1e-3)
            logs = [p for _, p in requirement.forms]
            assert logs == sorted(logs, reverse=True)
            match = requirement.match
            assert match is not None
            assert form_prior.BIAS in form_prior.features(SENTENCE, match)


def enforce(source: str, hypothesis: str, language: str) -> enforcement.Enforced:
    (matches,) = terminology().find([source])
    required = required_terms(source, matches, language)
    (result,) = enforcement.enforce(
        Engine(), language, [source], [required], [Hypothesis(hypothesis)], [None]
    )
    return result


def test_a_wrong_title_is_replaced_and_does_not_stay_beside_the_right_one() -> None:
    result = enforce(
        "Spotkał się z Wysokim Komisarzem OBWE ds. Mniejszości Narodowych.",
        "Он встретился с Высоким комиссаром ОБСЕ по меньшинствам.",
        "ru",
    )
    assert "с Верховным комиссаром ОБСЕ по делам национальных меньшинств" in result.text
    assert "Высоким" not in result.text
    assert result.text.count("комиссар") == 1
    assert result.decisions[0].how == "enforced"


def test_a_wrong_case_of_the_right_title_is_put_right() -> None:
    result = enforce(
        "Spotkał się z Wysokim Komisarzem OBWE ds. Mniejszości Narodowych.",
        "Он встретился с Верховный комиссар ОБСЕ по делам национальных меньшинств.",
        "ru",
    )
    assert "с Верховным комиссаром ОБСЕ по делам национальных меньшинств" in result.text


def test_a_form_of_another_number_is_put_right() -> None:
    result = enforce("Minister spotkał się z ambasadorem.", "Министр встретился с послам.", "ru")
    assert result.text == "Министр встретился с послом."


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("Саммитке НАТО-ның ", "елдері келеді.", "Саммитке НАТО-ның шығыс қапталы елдері келеді."),
        ("Саммитке ", "шығыс қапталы келеді.", "Саммитке НАТО-ның шығыс қапталы келеді."),
        ("Саммитке НАТО ", "елдері келеді.", "Саммитке НАТО НАТО-ның шығыс қапталы елдері келеді."),
    ],
)
def test_words_that_stand_beside_the_place_are_not_doubled(
    before: str, after: str, whole: str
) -> None:
    form = Form("НАТО-ның шығыс қапталы", "nom", "sg")
    candidate = enforcement._put(before + after, len(before), len(before), form, 0.0)
    assert candidate.text == whole
    assert candidate.text[candidate.start : candidate.end] == form.text


def test_a_right_translation_is_left_as_it_is() -> None:
    right = "Он встретился с Верховным комиссаром ОБСЕ по делам национальных меньшинств."
    result = enforce(
        "Spotkał się z Wysokim Komisarzem OBWE ds. Mniejszości Narodowych.", right, "ru"
    )
    assert result.text == right
    assert [decision.how for decision in result.decisions] == ["by the machine"]


@pytest.mark.parametrize(
    ("source", "wrong", "language", "right"),
    [
        ("Eksport wzrósł o 53,9%.", "Экспорт вырос на 59,3%.", "ru", "53,9%"),
        ("Eksport wzrósł o 53,9%.", "Exports rose by 59.3%.", "en", "53.9%"),
        ("Eksport wzrósł o 53,9%.", "Экспорт 59,3%-ға өсті.", "kk", "53,9%"),
    ],
)
def test_a_wrong_figure_is_put_right(source: str, wrong: str, language: str, right: str) -> None:
    result = enforce(source, wrong, language)
    assert right in result.text
    assert facts.differences(source, result.text, language) == ([], [])


def test_a_number_that_became_a_percentage_is_put_right() -> None:
    source = "Poparło ją 12 państw i 40% posłów."
    result = enforce(source, "Оны 12% мемлекет және 40% депутат қолдады.", "kk")
    assert facts.differences(source, result.text, "kk") == ([], [])


def test_a_figure_that_the_source_lacks_is_taken_out_and_named() -> None:
    result = enforce("Eksport wzrósł o 53,9%.", "Экспорт вырос на 53,9% и 17%.", "ru")
    assert facts.differences("Eksport wzrósł o 53,9%.", result.text, "ru") == ([], [])
    assert result.removed == ("17%",)


class Recorder:
    """The real engine, counting what enforcement asks of it."""

    def __init__(self) -> None:
        self.engine = Engine()
        self.scored = 0

    def score(self, texts: Sequence[str], targets: Sequence[str], to: str) -> list[float]:
        self.scored += len(texts)
        return self.engine.score(texts, targets, to)

    def constrained(
        self, texts: Sequence[str], prefixes: Sequence[str], to: str
    ) -> Sequence[Hypothesis]:
        return self.engine.constrained(texts, prefixes, to)

    def usable(self, text: str, target: str, to: str) -> bool:
        return self.engine.usable(text, target, to)


def test_the_cost_of_a_missing_term_is_bounded() -> None:
    recorder = Recorder()
    (matches,) = terminology().find([SENTENCE])
    required = required_terms(SENTENCE, matches, "ru")
    hypothesis = Hypothesis("Министр поздравил с избранием.")
    (result,) = enforcement.enforce(recorder, "ru", [SENTENCE], [required], [hypothesis], [None])
    assert all(decision.form is not None for decision in result.decisions)
    each = 1 + enforcement.SPANS * enforcement.FORMS + 1
    assert recorder.scored <= len(required) * each


def test_the_reviewer_is_told_which_form_and_why() -> None:
    (job,) = drafter("ru").jobs_of([SENTENCE])
    (draft,) = drafter("ru").draft([job])
    (note,) = [note for note in draft.notes if "Wysokiego Komisarza" in note]
    assert note.startswith(
        "term: Wysokiego Komisarza OBWE ds. Mniejszości Narodowych → " + HIGH_COMMISSIONER["ru"]
    )
    assert "sg" in note
    assert draft.origin.startswith("machine pl→ru ")
