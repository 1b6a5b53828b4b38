"""Checks of what a translation says: is it there, reviewed, with its terms, names and figures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from translator.checks.registry import Entry, register
from translator.messages import Message
from translator.model import Match, Severity
from translator.terminology.facts import differences, render
from translator.terminology.morphology import find_forms


@register("untranslated", Severity.ERROR)
def untranslated(entry: Entry) -> Iterator[Message]:
    """A segment has no translation."""
    if not entry.target.strip():
        yield Message("The segment is not translated: translate it.")


@register("unreviewed", Severity.ERROR)
def unreviewed(entry: Entry) -> Iterator[Message]:
    """A translation is still marked fuzzy: no person has reviewed it."""
    if entry.fuzzy:
        yield Message("Nobody has reviewed the translation: correct it and clear the fuzzy flag.")


@register("untranslated-copy", Severity.ERROR)
def untranslated_copy(entry: Entry) -> Iterator[Message]:
    """The translation is the Polish source itself, which is more than a name or a number."""
    if entry.target.strip() != entry.source.strip():
        return
    rest = entry.source
    for match in sorted(entry.matches, key=lambda m: m.start, reverse=True):
        if match.term.targets.get(entry.language) == match.surface:
            rest = rest[: match.start] + rest[match.end :]
    if re.search(r"(?<!\w)[^\W\d_]{3,}", rest) and re.search(
        r"(?<![\w.@/-])[a-ząćęłńóśźż]{3,}", rest
    ):
        yield Message("The translation is a copy of the Polish source: translate it.")


@register("term-missing", Severity.ERROR)
def term_missing(entry: Entry) -> Iterator[Message]:
    """A glossary term of the source does not stand in the translation in any form."""
    for match, required in _required(entry):
        term = match.term
        folded = not term.case_sensitive
        if term.is_person or term.is_advisory:
            continue
        if not find_forms(required, entry.language, entry.target, ignore_case=folded):
            yield Message(
                "The term “{term}” needs “{required}” in some form: correct it, "
                "or approve a glossary change.",
                term=term.source,
                required=required,
            )


@register("term-forbidden", Severity.ERROR)
def term_forbidden(entry: Entry) -> Iterator[Message]:
    """The translation uses a variant that the glossary forbids."""
    told: set[str] = set()
    for match in entry.matches:
        required = match.term.targets.get(entry.language, "")
        right = find_forms(required, entry.language, entry.target) if required else []
        for variant in match.term.forbidden.get(entry.language, ()):
            wrong = [
                (start, end)
                for start, end, _ in find_forms(variant, entry.language, entry.target)
                if not any(a <= start and end <= b for a, b, _ in right)
            ]
            if wrong and variant not in told:
                told.add(variant)
                yield Message(
                    "“{variant}” must not be used for “{term}”: write “{required}”."
                    if required
                    else "“{variant}” must not be used for “{term}”: choose another term.",
                    variant=variant,
                    term=match.term.source,
                    required=required,
                )


@register("name-missing", Severity.ERROR)
def name_missing(entry: Entry) -> Iterator[Message]:
    """A person of the source does not stand in the translation by the name in the glossary."""
    for match, required in _required(entry, short=True):
        if match.term.is_person and not match.term.guess and not _named(entry, match, required):
            yield Message(
                "“{surface}” needs the name “{required}” in some form: correct it, "
                "or approve a change in the list of people.",
                surface=match.surface,
                required=required,
            )


@register("name-unsure", Severity.WARNING)
def name_unsure(entry: Entry) -> Iterator[Message]:
    """A person who is in no glossary is not called by the name that transcription gives."""
    for match, required in _required(entry, short=True):
        if match.term.is_person and match.term.guess and not _named(entry, match, required):
            yield Message(
                "“{surface}” would be “{required}” by transcription, which is not in the "
                "translation: check the name.",
                surface=match.surface,
                required=required,
            )


@register("number-differs", Severity.ERROR)
def number_differs(entry: Entry) -> Iterator[Message]:
    """A number, percentage, sum, date or time differs from the source."""
    missing, extra = differences(entry.source, entry.target, entry.language, year=entry.year)
    for fact in missing:
        yield Message(
            "“{surface}” of the source is not in the translation: write “{wanted}”.",
            surface=fact.surface,
            wanted=render(fact, entry.language),
        )
    for fact in extra:
        yield Message(
            "“{surface}” is not in the source: correct it or take it out.", surface=fact.surface
        )


def _required(entry: Entry, *, short: bool = False) -> Iterator[tuple[Match, str]]:
    """Each term once, with the target that it needs; one inside a longer match is left out."""
    told: set[tuple[str, str]] = set()
    for match in entry.matches:
        required = match.term.targets.get(entry.language, "")
        nested = any(
            other.start <= match.start
            and match.end <= other.end
            and (other.start, other.end) != (match.start, match.end)
            for other in entry.matches
        )
        if required and not nested and (short or not match.short):
            key = (match.term.source, required)
            if key not in told:
                told.add(key)
                yield match, required


def _named(entry: Entry, match: Match, required: str) -> bool:
    """Whether the name stands in the target; the surname does for one named in full before."""
    gender = match.gender

    def stands(name: str) -> bool:
        return bool(find_forms(name, entry.language, entry.target, person=True, gender=gender))

    parts = required.split()
    return stands(required) or (match.short and stands(parts[-1])) or all(map(stands, parts))


_KAZAKH_MONTH = "қаңтар|ақпан|наурыз|сәуір|мамыр|маусым|шілде|тамыз|қыркүйек|қазан|қараша|желтоқсан"
_RUSSIAN_MONTH = "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
# Dates that readers of the language misread or never write so, and how they do.
_UNUSUAL_DATES = {
    "en": (re.compile(r"\b\d{1,2}[./]\d{1,2}[./]\d{4}\b|\b\d{4}-\d\d-\d\d\b"), "8 December 2021"),
    "ru": (
        re.compile(
            r"\b\d{1,2}/\d{1,2}/\d{4}\b|\b\d{4}-\d\d-\d\d\b"
            rf"|\b(?:{_RUSSIAN_MONTH}) \d{{1,2}},? \d{{4}}\b"
        ),
        "8 декабря 2021 года",
    ),
    "kk": (
        re.compile(
            r"\b\d{1,2}/\d{1,2}/\d{4}\b|\b\d{4}-\d\d-\d\d\b"
            rf"|\b\d{{1,2}}[- ](?:{_KAZAKH_MONTH})ы?,? (?:1[89]|20)\d\d\b"
        ),
        "2021 жылғы 8 желтоқсан",
    ),
}


@register("date-format", Severity.WARNING)
def date_format(entry: Entry) -> Iterator[Message]:
    """A date is not written as the language writes it, or can be read in two ways."""
    if entry.language not in _UNUSUAL_DATES:
        return
    pattern, usual = _UNUSUAL_DATES[entry.language]
    for match in pattern.finditer(entry.target):
        if match[0] not in entry.source:  # in an address or a document's number
            yield Message(
                "“{date}” is no date as the language writes it: write it like “{usual}”.",
                date=match[0],
                usual=usual,
            )
