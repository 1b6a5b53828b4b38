"""How many of the glossary's own terms `glossary suggest` finds again when it does not know them.

Usage: python benchmarks/suggest.py FILE.tsv… [--to en,ru,kk] [--at 100,200,…]

The files have the columns pl, en, ru, kk and stand for approved translations; the glossary is
withheld. Sought are its terms of several words that stand in at least 5 segments, advisory ones and
persons aside. A proposal is right where its Polish is the term's, by lemma, and its translation the
term's, by stem. For each language it prints, for the proposals and for plain n-grams by frequency
(the most frequent sequences of Polish lemmas that do not begin or end with a preposition or the
like, each with the sequence of as many target words that stands in most of its segments):
  k          how many of the ranking are looked at
  found      share of the sought terms that are among them with the right translation
  polish     share of the sought terms that are among them with any translation
  glossary   share of the k that are a term of the glossary with its translation, which is less than
             the share that are good terms: most good terms are not in the glossary
The project's corpus was written with its glossary in view, so that terms are translated more
consistently than in releases, and the thresholds of `suggest` were set while looking at lists from
that corpus.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from translator.model import Term
from translator.terminology import Terminology, phrases
from translator.terminology.phrases import Key
from translator.terminology.suggest import Pair, suggest

COLUMNS = {"en": 1, "ru": 2, "kk": 3}
OFTEN = 5
ROOT = Path(__file__).parent.parent


def stems(text: str, language: str) -> Key:
    """The stems of a phrase, function words left out: "the Council" is "Council"."""
    (words,) = phrases.target([text], language).words
    function = phrases.function_words(language)
    return tuple(word.stem for word in words if word.stem not in function)


def frequent(pairs: Sequence[Pair], language: str) -> Iterator[tuple[Key, Key]]:
    """The baseline's (Polish lemmas, target stems), the most frequent first."""
    source = phrases.polish([pair.source for pair in pairs])
    target = phrases.target([pair.target for pair in pairs], language)
    function = phrases.function_words(language)
    texts = {
        key: {at.text for at in places}
        for key, places in source.recurring(3).items()
        if len(key) > 1
    }
    by_text: defaultdict[int, set[Key]] = defaultdict(set)
    for key, places in target.recurring(3).items():
        if not {key[0], key[-1]} & function:
            for at in places:
                by_text[at.text].add(key)
    content = {key for key in texts if len(key[0]) > 2 and len(key[-1]) > 2 and "się" not in key}
    for key in sorted(content, key=lambda key: (-len(texts[key]), key)):
        together = Counter(t for text in texts[key] for t in by_text[text] if len(t) == len(key))
        if together:
            yield key, max(together, key=lambda t: (together[t], t))


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--to", default="en,ru,kk")
    parser.add_argument("--at", default="100,200,500,1000,3000")
    arguments = parser.parse_args()
    rows = [
        line.split("\t")
        for path in arguments.files
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.count("\t") == 3
    ]
    terminology = Terminology.load(sorted((ROOT / "glossaries").glob("*.csv")))
    segments: defaultdict[str, set[int]] = defaultdict(set)
    terms: dict[str, Term] = {}
    for number, matches in enumerate(terminology.find([row[0] for row in rows])):
        for match in matches:
            term = match.term
            several = " " in term.source and not match.short
            if several and not term.is_person and not term.is_advisory and not term.guess:
                segments[term.source].add(number)
                terms[term.source] = term
    sought = {name: set(phrases.keys(name)) for name, s in segments.items() if len(s) >= OFTEN}
    print(f"{len(rows)} segments, {len(sought)} terms sought")
    for language in arguments.to.split(","):
        pairs = [Pair(row[0], row[COLUMNS[language]]) for row in rows]
        start = time.perf_counter()
        proposals = suggest(pairs, language)
        seconds = time.perf_counter() - start
        rankings = {
            "proposed": [(p.key, stems(p.target, language)) for p in proposals],
            "frequent": [(key, t) for key, t in frequent(pairs, language)],
        }
        exact = {(p.source, p.target) for p in proposals}
        print(f"{language}: {len(proposals)} proposals in {seconds:.1f} s")
        for name, ranking in rankings.items():
            for k in map(int, arguments.at.split(",")):
                if k > len(ranking) and k != int(arguments.at.split(",")[-1]):
                    continue
                report(name, ranking[:k], sought, terms, language)
        letters = sum((name, terms[name].targets.get(language)) in exact for name in sought)
        print(f"  letter for letter as in the glossary: {letters} of {len(sought)}")


def report(
    name: str,
    ranking: Sequence[tuple[Key, Key]],
    sought: dict[str, set[Key]],
    terms: dict[str, Term],
    language: str,
) -> None:
    """Print one line of figures."""
    by_key = {key: term for term, keys in sought.items() for key in keys}
    wanted = {term: stems(terms[term].targets.get(language, ""), language) for term in sought}
    polish = {by_key[key] for key, _ in ranking if key in by_key}
    right = {by_key[key] for key, target in ranking if wanted.get(by_key.get(key, "")) == target}
    print(
        f"  {name}  k {len(ranking):5}  found {len(right) / len(sought):6.1%}"
        f"  polish {len(polish) / len(sought):6.1%}  glossary {len(right) / len(ranking):6.1%}"
    )


if __name__ == "__main__":
    main()
