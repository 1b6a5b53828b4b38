"""What a translation of a text must hold: each term and name in some correct form, each figure.

A requirement lists the forms that would do with how likely each is where the Polish form stands,
which `form_prior` knows from the project's parallel corpus.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from translator.model import Fact, FactKind, Match
from translator.terminology import facts, form_prior
from translator.terminology.morphology import Form, find_forms, forms, inflect


@dataclass(frozen=True, slots=True)
class Requirement:
    """A term, name or figure of the source that must stand in the target.

    `start` and `end` are its place in the source. `forms` are the acceptable forms with the natural
    logarithm of each one's probability there, the likeliest first.
    """

    start: int
    end: int
    lemma: str
    forms: tuple[tuple[Form, float], ...]
    match: Match | None = None
    fact: Fact | None = None


def required_terms(text: str, matches: Sequence[Match], language: str) -> list[Requirement]:
    """The terms and names of `text` that its translation must hold, each once, in reading order.

    A `short` reference to a term is none, since a pronoun may translate it; of a person the surname
    is required. Nothing is required for advisory terms and those without a translation.
    """
    found: dict[str, Requirement] = {}
    for match in matches:
        lemma = _lemma(match, language)
        named = match.short and any(full.endswith(lemma) for full in found)
        if not lemma or match.term.is_advisory or lemma in found or named:
            continue
        possible = _inflections(lemma, language, match)
        known = (*form_prior.features(text, match, matches), form_prior.feature_of(lemma))
        found[lemma] = Requirement(
            match.start,
            match.end,
            lemma,
            form_prior.rank(possible, known, language),
            match=match,
        )
    return list(found.values())


def required_facts(
    text: str, target: str, language: str, *, year: int | None = None
) -> list[Requirement]:
    """The figures and dates of `text` that `target` lacks, as `language` writes them."""
    missing, _ = facts.differences(text, target, language, year=year)
    found = []
    for fact in missing:
        written = facts.render(fact, language)
        variants = [written]
        if language == "kk" and fact.kind is FactKind.DATE:  # most dates tell when something was
            variants.insert(0, inflect(written, language, case="loc"))
        possible = tuple((Form(variant, "", ""), 0.0) for variant in variants)
        found.append(Requirement(fact.start, fact.end, written, possible, fact=fact))
    return found


def places(requirement: Requirement, text: str, language: str) -> list[tuple[int, int, Form]]:
    """Where what is required stands in a target text, in whatever correct form."""
    match, fact = requirement.match, requirement.fact
    if match is None:
        return [
            (found.start, found.end, Form(found.surface, "", ""))
            for found in facts.find(text, language)
            if fact is not None and facts.says_the_same(found, fact)
        ]
    return find_forms(
        requirement.lemma,
        language,
        text,
        person=match.term.is_person,
        gender=match.gender,
        ignore_case=not match.term.case_sensitive,
    )


def _lemma(match: Match, language: str) -> str:
    """What is required for a match, "" where nothing is: of a person named again, the surname."""
    lemma = match.term.targets.get(language, "")
    if not match.short:
        return lemma
    return " ".join(lemma.split()[1:]) if match.term.is_person else ""


def _inflections(lemma: str, language: str, match: Match) -> Sequence[Form]:
    """The forms that can stand in a sentence: of the Polish form's number, where it tells it."""
    person = match.term.is_person
    every = [f for f in forms(lemma, language, person=person, gender=match.gender) if f.case]
    of_number = [form for form in every if form.number == match.number]
    return of_number or every or [Form(lemma, "nom", "sg")]
