"""How often a generated form of a glossary term stands in the reference, where its Polish uses it.

    python benchmarks/morphology.py CORPUS.tsv … [--language ru] [--misses 40]

Corpus rows are Polish, English, Russian, Kazakh, tab-separated. A miss is not always a missing
form: references also use synonyms and free wording, so the figure is a lower bound and the list of
the most frequent misses is what to read.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from translator.model import Match, Term
from translator.resources import resource
from translator.terminology.matching import Matcher
from translator.terminology.morphology import find_forms, forms
from translator.terminology.termbase import TermBase

LANGUAGES = ("en", "ru", "kk")


def main(argv: Sequence[str] | None = None) -> None:
    """Print the coverage of each language and its most frequent misses."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("corpus", nargs="+", type=Path)
    parser.add_argument("--language", choices=LANGUAGES, action="append")
    parser.add_argument("--misses", type=int, default=20)
    options = parser.parse_args(argv)

    folder = resource("glossaries")
    terms = TermBase.load([folder / "diplomacy.csv", folder / "people.csv"]).terms
    rows = [
        line.split("\t")
        for path in options.corpus
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    matches = Matcher(terms).find_all([row[0] for row in rows])
    for language in options.language or LANGUAGES:
        started = time.perf_counter()
        count = sum(
            len(forms(term.targets[language], language, person=term.is_person))
            for term in terms
            if term.targets.get(language)
        )
        seconds = time.perf_counter() - started
        report(language, rows, matches, options.misses)
        print(f"   {count} forms of {len(terms)} terms in {seconds:.2f} s")


def report(language: str, rows: list[list[str]], matches: list[list[Match]], misses: int) -> None:
    """Print the share of occurrences whose reference has a form, and the terms missed most."""
    column = 1 + LANGUAGES.index(language)
    seen: Counter[str] = Counter()
    missed: dict[str, list[str]] = defaultdict(list)
    for row, found in zip(rows, matches, strict=True):
        terms: dict[str, Term] = {m.term.source: m.term for m in found if not m.short}
        for term in terms.values():
            lemma = term.targets.get(language, "")
            if not lemma:
                continue
            seen[lemma] += 1
            if not find_forms(
                lemma, language, row[column], person=term.is_person, ignore_case=True
            ):
                missed[lemma].append(row[column])
    total, hits = seen.total(), seen.total() - sum(map(len, missed.values()))
    print(f"{language}: {hits} of {total} occurrences, {hits / max(total, 1):.1%}")
    for lemma, texts in sorted(missed.items(), key=lambda each: -len(each[1]))[:misses]:
        print(f"   {len(texts):4} of {seen[lemma]:4}  {lemma}  ← {texts[0][:140]}")


if __name__ == "__main__":
    main()
