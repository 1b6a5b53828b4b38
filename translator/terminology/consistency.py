"""Terms that approved segments translate in different ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from translator.terminology import Terminology, citation, phrases
from translator.terminology.requirements import places, required_terms
from translator.terminology.suggest import Pair, Proposal, Translations

TWICE = 2  # segments that make another wording a rendering of its own
EXCLUSIVE = 0.3  # Dice coefficient from which on it is one


@dataclass(frozen=True, slots=True)
class Rendering:
    """One way to translate a term, and the places of the segments that have it; `text` is empty
    where it is not known which words translate it.
    """

    text: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """A Polish term and its renderings, that of the glossary (or the usual one) first."""

    term: str
    renderings: tuple[Rendering, ...]

    @property
    def otherwise(self) -> int:
        """How many segments have anything but the first rendering."""
        return sum(len(rendering.places) for rendering in self.renderings[1:])


def inconsistencies(
    pairs: Sequence[Pair],
    language: str,
    terminology: Terminology,
    proposals: Sequence[Proposal] = (),
) -> list[Inconsistency]:
    """The terms of the glossaries, and the proposed ones, that some of the pairs translate
    otherwise than required (or usual), the most deviations first.
    """
    corpus = phrases.target([pair.target for pair in pairs], language)
    translations = Translations(corpus, language, TWICE)

    def compare(term: str, text: str, with_it: Sequence[int], without: Sequence[int]) -> None:
        if without:
            usual = Rendering(text, tuple(pairs[n].place for n in with_it))
            others = _others(term, pairs, without, corpus, translations, language)
            found.append(Inconsistency(term, (usual, *others)))

    found: list[Inconsistency] = []
    for term, (required, with_it, without) in _uses(pairs, language, terminology).items():
        compare(term, required, with_it, without)
    for proposal in proposals:
        compare(proposal.source, proposal.target, proposal.translated, proposal.otherwise)
    return sorted(found, key=lambda each: (-each.otherwise, each.term))


def _uses(
    pairs: Sequence[Pair], language: str, terminology: Terminology
) -> dict[str, tuple[str, list[int], list[int]]]:
    """For each term of the glossaries what is required, and the numbers of the pairs that have it
    and have it not.
    """
    uses: dict[str, tuple[str, list[int], list[int]]] = {}
    found = terminology.find([pair.source for pair in pairs])
    for number, (pair, matches) in enumerate(zip(pairs, found, strict=True)):
        for requirement in required_terms(pair.source, matches, language):
            match = requirement.match
            if match is None or match.term.guess:
                continue
            term = match.term
            use = uses.setdefault(term.source, (term.targets[language], [], []))
            _, with_it, without = use
            (with_it if places(requirement, pair.target, language) else without).append(number)
    return uses


def _others(
    term: str,
    pairs: Sequence[Pair],
    without: Sequence[int],
    corpus: phrases.Corpus,
    translations: Translations,
    language: str,
) -> Iterator[Rendering]:
    """What stands in the segments without the usual translation, the most frequent first."""
    left = set(without)
    length = len(term.split())
    while (best := translations.best(left, length)) and best.dice >= EXCLUSIVE:
        surfaces = defaultdict(list)
        for at in translations.places[best.stems]:
            if at.text in left:
                surfaces[at.text].append(corpus.surface(at))
        text = citation.target([s for each in surfaces.values() for s in each], language)
        yield Rendering(text, tuple(pairs[number].place for number in sorted(surfaces)))
        left -= surfaces.keys()
    if left:
        yield Rendering("", tuple(pairs[number].place for number in sorted(left)))
