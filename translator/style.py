"""The house style of the words themselves: ё in Russian, British or American spelling in English.

Nothing else of a text changes. In English, terms and names of the glossaries stay as they are, and
so does a word with a capital inside a sentence, which belongs to a name: World Trade Center.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from translator.errors import TranslatorError
from translator.model import Match

YO = ("keep", "never", "always")
ENGLISH = ("keep", "british", "american")

Span = tuple[int, int]

_ENGLISH_WORD = re.compile(r"(?<![\w@/.])[A-Za-z]+(?![\w@/]|\.\w)")
_RUSSIAN_WORD = re.compile(r"[а-яА-Я]+(?![\wё]|-[а-яё])")
_SENTENCE_START = re.compile(r"""(?:^|[.!?…]["”’»)]*\s)[\s"“‘«(–-]*\Z""")


@dataclass(frozen=True, slots=True)
class Style:
    """`yo`: whether ё is kept as written, always е, or put wherever a dictionary knows the word
    with it and without doubt. `english`: whose spelling.
    """

    yo: str = "keep"
    english: str = "keep"

    def check(self, *, file: Path | None = None) -> None:
        """Raise TranslatorError where a value is unknown."""
        for key, value, known in (("yo", self.yo, YO), ("english", self.english, ENGLISH)):
            if value not in known:
                raise TranslatorError(
                    f"`{key}` cannot be “{value}”: use {', '.join(known)}", file=file
                )

    def leaves(self, language: str) -> bool:
        """Whether all text in this language stays as it is."""
        return {"ru": self.yo, "en": self.english}.get(language, "keep") == "keep"

    def apply(self, text: str, language: str, kept: Sequence[Span] = ()) -> str:
        """`text` in this style; what stands at the `kept` places does not change."""
        if language == "ru" and self.yo == "never":
            return text.replace("ё", "е").replace("Ё", "Е")
        if language == "ru" and self.yo == "always":
            return _exchanged(text, _RUSSIAN_WORD, _with_yo, kept)
        if language == "en" and self.english != "keep":
            table = _spellings(self.english)
            return _exchanged(text, _ENGLISH_WORD, lambda word: table.get(word, word), kept)
        return text


AS_WRITTEN = Style()


def places(text: str, language: str, matches: Sequence[Match]) -> list[Span]:
    """Where terms and names, which are `matches` of the source, stand in a translation."""
    from translator.terminology.morphology import find_forms

    def found() -> Iterator[Span]:
        for match in matches:
            lemma = match.term.targets.get(language, "")
            person = match.term.is_person
            for name in (lemma, *(lemma.split() if person else ())):
                for start, end, _ in find_forms(
                    name, language, text, person=person, gender=match.gender
                ):
                    yield start, end

    return sorted(set(found()))


def _exchanged(text: str, pattern: re.Pattern[str], other: Any, kept: Sequence[Span]) -> str:
    def exchange(match: re.Match[str]) -> str:
        word = match[0]
        if any(match.start() < end and start < match.end() for start, end in kept):
            return word
        if word.islower():
            return str(other(word))
        if word[1:].islower() and _SENTENCE_START.search(text[: match.start()]):
            found = str(other(word.lower()))
            return found[0].upper() + found[1:]
        return word

    return pattern.sub(exchange, text)


@cache
def _spellings(english: str) -> dict[str, str]:
    """What each word becomes that is spelled otherwise there."""
    table = {}
    for line in Path(__file__).with_name("spelling.tsv").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        british, american, *one_way = line.split("\t")
        if english == "american":
            table[british] = american
        elif not one_way:
            table.setdefault(american, british)
    return table


@cache
def _with_yo(word: str) -> str:
    """The word with its ё where every reading in the dictionary has one at the same place: еще is
    certain, все is not.
    """
    # The dictionary has провёдший, the norm is проведший.
    if "е" not in word or "едш" in word:
        return word
    from translator.terminology.morphology.russian import analyzer

    readings = analyzer().parse(word)
    written = {reading.word for reading in readings}
    certain = len(written) == 1 and all(reading.is_known for reading in readings)
    return str(written.pop()) if certain else word
