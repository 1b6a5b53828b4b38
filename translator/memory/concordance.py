"""Looking for a phrase in whatever inflection: by the Polish lemma of each of its words."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from translator.memory.entry import normalize
from translator.terminology.polish import analyse, decline, tokenize

_WORD = re.compile(r"\w+")


class Phrase:
    """A phrase to look for; `forms` has, for each word, all forms of its lemmas in small letters.

    The parts of a hyphenated word count as words.
    """

    def __init__(self, text: str):
        self.forms = [_forms(word) for word in _WORD.findall(normalize(text))]

    def find(self, text: str) -> tuple[tuple[int, int], ...]:
        """Where the phrase stands in a text, as offsets (start, end)."""
        words = [
            (part.lower(), token.start, token.end)
            for token in tokenize(text)
            for part in _WORD.findall(token.text)
        ]
        size = len(self.forms)
        return tuple(
            (words[at][1], words[at + size - 1][2])
            for at in range(len(words) - size + 1 if size else 0)
            if all(words[at + k][0] in self.forms[k] for k in range(size))
        )


def _forms(word: str) -> frozenset[str]:
    """A word of no dictionary that starts with a capital is declined as a surname."""
    readings = analyse(word)
    found = {word}
    for lemma in {reading.lemma for reading in readings}:
        found.update(form for form, *_ in _generator().generate(lemma))
    if not readings and word[0].isupper():
        found.update(form for sex in "mf" for form in decline(word, sex, surname=True))
    return frozenset(form.lower() for form in found)


@cache
def _generator() -> Any:
    import morfeusz2

    return morfeusz2.Morfeusz(analyse=False)
