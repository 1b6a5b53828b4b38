"""Terminology: the terms, names and figures of a text, and what a translation must make of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from translator.model import Match, Term


class Terminology:
    """The glossaries of a project, ready to find their terms, and any person's name, in Polish
    text.
    """

    def __init__(self, terms: Sequence[Term]):
        from translator.terminology.matching import Matcher

        self.terms = tuple(terms)
        self._matcher = Matcher(self.terms)

    @classmethod
    def load(cls, glossaries: Sequence[Path]) -> Terminology:
        """The terminology of these glossaries; TranslatorError where one is broken."""
        return _load(tuple(glossaries))

    @classmethod
    def fresh(cls, glossaries: Sequence[Path]) -> Terminology:
        """The same read again, since a glossary has changed."""
        _load.cache_clear()
        return cls.load(glossaries)

    def find(self, texts: Sequence[str]) -> list[list[Match]]:
        """The terms and names in each text, by their place. The texts are in reading order: a later
        one may refer by a shorter name to what an earlier one named in full.
        """
        from translator.terminology import names

        terms = self._matcher.find_all(texts)
        people = names.find_all(texts, terms)
        return [
            sorted([*t, *p], key=lambda match: match.start)
            for t, p in zip(terms, people, strict=True)
        ]


@cache
def _load(glossaries: tuple[Path, ...]) -> Terminology:
    from translator.terminology.termbase import TermBase

    return Terminology(TermBase.load(glossaries).terms)
