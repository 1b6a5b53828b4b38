"""Bringing the terms of an import into one of the project's glossaries; nothing is overwritten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from translator.errors import TranslatorError
from translator.model import SOURCE, Term
from translator.terminology import termbase


@dataclass(slots=True)
class Merged:
    """What became of the rows of an import; `terms` are the glossary's afterwards, in order.

    `completed` terms of the glossary took over what they lacked (a language, a note). `conflicts`
    say where another translation is required already; `unusable` rows are none of a glossary;
    `unnamed` ones have no Polish and belong to no term.
    """

    terms: list[Term]
    added: list[Term] = field(default_factory=list)
    completed: list[Term] = field(default_factory=list)
    present: list[Term] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    unusable: list[str] = field(default_factory=list)
    unnamed: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.added or self.completed)


def merge(
    rows: Iterable[tuple[int, dict[str, str]]],
    file: Path,
    into: Path,
    others: Sequence[Path],
    languages: Sequence[str],
) -> Merged:
    """Compare the rows of `file` (as `exchange.read` gives them) with the glossaries `others` and
    with that at `into`, which takes what is new; it may not exist yet.

    A row without Polish belongs to the one term that has one of its translations already.
    """
    own = termbase.read(into) if into.exists() else []
    elsewhere = [path for path in others if path.resolve() != into.resolve()]
    known = {term.source: term for term in termbase.TermBase.load(elsewhere).terms}
    mine = {term.source: term for term in own}
    names = _names([*known.values(), *mine.values()])
    merged = Merged([])
    for line, row in rows:
        if not row.get(SOURCE):
            row[SOURCE] = _name(row, names)
        if not row[SOURCE]:
            merged.unnamed += 1
            continue
        try:
            term = termbase.parse(row, languages, file, line)
        except TranslatorError as error:
            merged.unusable.append(str(error))
            continue
        earlier = mine.get(term.source) or known.get(term.source)
        if earlier is None:
            mine[term.source] = term
            merged.added.append(term)
        elif differences := _differences(earlier, term):
            merged.conflicts.append(f"{file}:{line}: “{term.source}”: {differences}")
        elif (united := _united(earlier, term)) == earlier:
            merged.present.append(earlier)
        elif term.source in mine:
            mine[term.source] = united
            if term.source not in {each.source for each in merged.added}:
                merged.completed.append(united)
        else:
            merged.conflicts.append(
                f"{file}:{line}: “{term.source}” has more than {earlier.file}:{earlier.line}:"
                " complete it there, or import into that file"
            )
    merged.terms = list(mine.values())
    return merged


def _names(terms: Iterable[Term]) -> dict[tuple[str, str], set[str]]:
    """The Polish of each translation, by its language and text in small letters."""
    names: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for term in terms:
        for language, text in term.targets.items():
            names[language, text.casefold()].add(term.source)
    return names


def _name(row: Mapping[str, str], names: Mapping[tuple[str, str], set[str]]) -> str:
    """The Polish of the one term that a row without Polish belongs to, "" where that is unclear."""
    found = {
        name
        for language, text in row.items()
        for name in names.get((language, text.casefold()), ())
    }
    return found.pop() if len(found) == 1 else ""


def _differences(earlier: Term, term: Term) -> str:
    """In what the two contradict each other, "" if in nothing."""
    found = []
    for language, text in term.targets.items():
        required = earlier.targets.get(language)
        if required and required.casefold() != text.casefold():  # else the glossary's capitals win
            found.append(f"{language} “{text}”, but “{required}” is required")
        elif text in earlier.forbidden.get(language, ()):
            found.append(f"{language} “{text}” is forbidden")
    for language, variants in term.forbidden.items():
        if earlier.targets.get(language) in variants:
            found.append(f"{language} forbids “{earlier.targets[language]}”, which is required")
    return "; ".join(found) + f" in {earlier.file}:{earlier.line}" if found else ""


def _united(earlier: Term, term: Term) -> Term:
    """The earlier term with what only the other one has."""
    forbidden = dict(earlier.forbidden)
    for language, variants in term.forbidden.items():
        forbidden[language] = tuple(dict.fromkeys((*forbidden.get(language, ()), *variants)))
    return replace(
        earlier,
        targets={**term.targets, **earlier.targets},
        domain=earlier.domain or term.domain,
        note=earlier.note or term.note,
        forbidden=forbidden,
        case_sensitive=earlier.case_sensitive or term.case_sensitive,
    )
