"""Required terms marked in the source, so that a model learns to use and inflect them.

"Wizyta <t> Ministra <u> министр </t> …" asks for a form of "министр" as the translation of
"Ministra": target lemma annotation (Bergmanis & Pinnis 2021, "Facilitating Terminology Translation
with Target Lemma Annotations"), with the lemma after the term it translates.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from training.align import words
from training.vocabulary import CLOSE, MIDDLE, OPEN, TARGETS

if TYPE_CHECKING:
    from training.data import Row
    from translator.model import Match

Spot = tuple[int, int, int, int, str]  # source words from, to; target words from, to; the lemma


class Annotator:
    """Marks one to three places of a row: terms that `find` tells, else single content words."""

    def __init__(
        self,
        rows: Iterable[Row] = (),
        find: Callable[[Row, str], Sequence[Spot]] | None = None,
    ):
        self.find = find
        self.known = {
            language: Counter() for language in TARGETS
        }  # how often each word form occurs
        for row in rows:
            for language in row.texts.keys() & set(TARGETS):
                text = row.texts[language]
                self.known[language].update(text[s:e] for s, e in row.spans[language])

    def annotate(self, row: Row, language: str, rng: random.Random) -> Row | None:
        """`row` with marks for `language` and only that target, or None where there is nothing to
        mark."""
        spots = [*self.find(row, language)] if self.find else []
        rng.shuffle(spots)
        spots = spots[: rng.randint(1, 3)]
        if not spots or rng.random() < 0.3:
            single = self.single_words(row, language)
            spots += rng.sample(single, min(len(single), rng.randint(1, 2)))
        chosen: list[Spot] = []
        for spot in spots:
            if all(spot[1] <= other[0] or spot[0] >= other[1] for other in chosen):
                chosen.append(spot)
        return mark(row, language, chosen) if chosen else None

    def single_words(self, row: Row, language: str) -> list[Spot]:
        """The content words that are linked one to one and whose target lemma can be told."""
        links = row.links[language].tolist()
        sources, targets = Counter(i for i, _ in links), Counter(j for _, j in links)
        found: list[Spot] = []
        for i, j in links:
            if sources[i] == targets[j] == 1:
                a = row.texts["pl"][slice(*row.spans["pl"][i])]
                b = row.texts[language][slice(*row.spans[language][j])]
                if len(a) > 3 and len(b) > 3 and a.isalpha() and b.isalpha():
                    lemma = self.lemma(b, language)
                    if lemma:
                        found.append((i, i + 1, j, j + 1, lemma))
        return found

    def lemma(self, word: str, language: str) -> str:
        """The dictionary form of a content word with the capital that `word` has, "" where it is
        none."""
        if language == "ru":
            return _russian_lemma(word)
        known = self.known[language]
        stems = _english_stems(word) if language == "en" else _kazakh_stems(word)
        return next((stem for stem in stems if known[stem]), word)


class GlossarySpots:
    """Finds the terms and names of a row whose required lemma stands, in some form, in the
    target."""

    def __init__(self, glossaries: Sequence[Path]):
        from translator.terminology import Terminology

        self.terminology = Terminology.load(glossaries)
        self.matches: dict[str, list[Match]] = {}

    def __call__(self, row: Row, language: str) -> list[Spot]:
        from translator.terminology.morphology import find_forms

        text = row.texts["pl"]
        if text not in self.matches:
            (self.matches[text],) = self.terminology.find([text])
        found: list[Spot] = []
        for match in self.matches[text]:
            lemma = match.term.targets.get(language, "")
            person = match.term.is_person
            target = row.texts[language]
            places = find_forms(lemma, language, target, person=person, gender=match.gender)
            if len(places) == 1 and lemma:
                source_words = covered(row.spans["pl"], match.start, match.end)
                target_words = covered(row.spans[language], *places[0][:2])
                if source_words and target_words:
                    found.append((*source_words, *target_words, lemma))
        return found


def covered(spans: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    """The words (from, to) that make up the text from `start` to `end`; None where it cuts one."""
    begin = [k for k, span in enumerate(spans) if span[0] == start]
    last = [k for k, span in enumerate(spans) if span[1] == end]
    return (begin[0], last[0] + 1) if begin and last else None


@lru_cache(1)
def _analyzer():
    import pymorphy3

    return pymorphy3.MorphAnalyzer()


@lru_cache(200_000)
def _russian_lemma(word: str) -> str:
    best = _analyzer().parse(word)[0]
    if best.tag.POS not in ("NOUN", "ADJF"):
        return ""
    lemma = best.normal_form
    return lemma.capitalize() if word[0].isupper() else lemma


def _english_stems(word: str) -> list[str]:
    stems = []
    for ending, instead in (("ies", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e")):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stems.append(word[: -len(ending)] + instead)
    return stems


KAZAKH_ENDING = re.compile(
    r"((лар|лер|дар|дер|тар|тер)?(ым|ім|ымыз|іміз|ы|і|сы|сі)?"
    r"(ның|нің|дың|дің|тың|тің|ға|ге|қа|ке|на|не|а|е|ды|ді|ты|ті|ны|ні|н|да|де|та|те|нда|нде"
    r"|дан|ден|тан|тен|нан|нен|мен|бен|пен|дағы|дегі|тағы|тегі|ндағы|ндегі)?)"
)


def _kazakh_stems(word: str) -> list[str]:
    return [
        word[:size]
        for size in range(4, len(word))
        if KAZAKH_ENDING.fullmatch(word[size:]) and not word[:size].endswith(("ып", "іп"))
    ]


def mark(row: Row, language: str, spots: Sequence[Spot]) -> Row:
    """Write `spots` into the Polish text of `row`; the lemma takes over the links of what it
    stands for."""
    text, spans = row.texts["pl"], row.spans["pl"]
    new_text, new_spans = "", []
    place: dict[int, int] = {}  # old number of a Polish word -> new number
    lemmas: list[tuple[Spot, list[int]]] = []
    last, word = 0, 0

    def copy(until: int, to: int) -> None:
        nonlocal new_text, last, word
        for k in range(word, to):
            place[k] = len(new_spans)
            shift = len(new_text) - last
            new_spans.append((spans[k][0] + shift, spans[k][1] + shift))
        new_text += text[last:until]
        last, word = until, to

    for spot in sorted(spots):
        begin, end = spans[spot[0]][0], spans[spot[1] - 1][1]
        copy(begin, spot[0])
        new_text += f"{OPEN} "
        copy(end, spot[1])
        new_text += f" {MIDDLE} "
        numbers = list(range(len(new_spans), len(new_spans) + len(words(spot[4]))))
        new_spans += [(s + len(new_text), e + len(new_text)) for s, e in words(spot[4])]
        lemmas.append((spot, numbers))
        new_text += f"{spot[4]} {CLOSE}"
    copy(len(text), len(spans))
    taken = {j: (spot, numbers) for spot, numbers in lemmas for j in range(spot[2], spot[3])}
    links = [(place[i], j) for i, j in row.links[language].tolist() if j not in taken]
    for j, (spot, numbers) in taken.items():
        # Words of the lemma and of its form correspond in order.
        links.append((numbers[(j - spot[2]) * len(numbers) // (spot[3] - spot[2])], j))
    return replace(
        row,
        texts={"pl": new_text, language: row.texts[language]},
        spans={"pl": new_spans, language: row.spans[language]},
        links={language: np.array(links, np.int16).reshape(-1, 2)},
    )
