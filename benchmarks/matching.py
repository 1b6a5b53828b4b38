"""How fast terms are found, and how many: against a search for surface forms, in the same run.

    .venv/bin/python benchmarks/matching.py --corpus FOLDER_OR_TSV

Speed: the glossaries and synthetic terms (noun phrases of the corpus) against segments of the
corpus; "cold" with all dictionary look-ups of the texts, "warm" the same texts again.

Recall: of the rows whose Russian (Kazakh) reference has the stems of a term of several words, the
share in whose Polish the term was found (itself, or a longer term that holds it). The baseline is
what glossaries of translation tools do: the lemma as a string, whole words, letter case ignored. A
reference may have the term where the Polish has other words, so neither share can reach 100%.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from translator.model import Term  # noqa: E402
from translator.terminology.matching import Matcher  # noqa: E402
from translator.terminology.polish import analyse, tokenize  # noqa: E402
from translator.terminology.termbase import TermBase  # noqa: E402

COLUMNS = {"ru": 2, "kk": 3}


def read(corpus: Path) -> list[list[str]]:
    """The rows (pl, en, ru, kk) of a TSV file, or of all in a folder."""
    files = sorted(corpus.glob("*.tsv")) if corpus.is_dir() else [corpus]
    rows = [line.split("\t") for f in files for line in f.read_text().splitlines()]
    return [row for row in rows if len(row) == 4]


def noun_phrases(texts: list[str]) -> Iterator[str]:
    """Two or three neighbouring nouns and adjectives, the first in the nominative."""
    for text in texts:
        tokens = tokenize(text)
        for size in (2, 3):
            for start in range(len(tokens) - size + 1):
                words = [token.text for token in tokens[start : start + size]]
                if all(_is_nominal(word) for word in words) and _is_nominative(words[0]):
                    yield " ".join(words)


def _is_nominal(word: str) -> bool:
    return word.islower() and any(r.pos in {"subst", "adj"} for r in analyse(word))


def _is_nominative(word: str) -> bool:
    return any("nom" in r.cases for r in analyse(word) if r.pos in {"subst", "adj"})


def stems(lemma: str) -> re.Pattern[str]:
    """The words of a Russian or Kazakh term, each without its ending."""
    words = [
        re.escape(w if len(w) < 4 else w[: max(3, len(w) - 2)]) for w in re.findall(r"\w+", lemma)
    ]
    return re.compile(r"\b" + r"\w*\W+".join(words), re.IGNORECASE)


def clear_caches() -> None:
    from translator.terminology import matching, polish

    for module in (matching, polish):
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def speed(terms: list[Term], texts: list[str]) -> None:
    clear_caches()
    begin = time.perf_counter()
    matcher = Matcher(terms)
    built = time.perf_counter()
    found = sum(map(len, matcher.find_all(texts)))
    cold = time.perf_counter()
    matcher.find_all(texts)
    warm = time.perf_counter()
    print(f"{len(terms)} terms × {len(texts)} segments: {found} matches")
    print(f"  build {built - begin:.2f} s, cold {cold - built:.2f} s, warm {warm - cold:.2f} s")


def recall(terms: list[Term], rows: list[list[str]]) -> None:
    matcher = Matcher(terms)
    found = [matcher.find(row[0]) for row in rows]
    surface = {t.source: re.compile(rf"(?<!\w){re.escape(t.source)}(?!\w)", re.I) for t in terms}
    for language, column in COLUMNS.items():
        total = ours = plain = 0
        for term in terms:
            target = term.targets.get(language, "")
            if " " not in target or " " not in term.source:
                continue
            wanted = stems(target)
            for row, matches in zip(rows, found, strict=True):
                if wanted.search(row[column]):
                    total += 1
                    ours += any(wanted.search(m.term.targets.get(language, "")) for m in matches)
                    plain += bool(surface[term.source].search(row[0]))
        print(
            f"{language}: {total} references with a term; found {ours / total:.1%},"
            f" by surface form {plain / total:.1%}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    parser.add_argument("--terms", type=int, default=10_000)
    parser.add_argument("--segments", type=int, default=1_000)
    arguments = parser.parse_args()
    rows = read(arguments.corpus)
    if not rows:
        parser.error(f"no rows of four columns in {arguments.corpus}")
    paths = [ROOT / "glossaries" / name for name in ("diplomacy.csv", "people.csv")]
    terms = list(TermBase.load(paths).terms)
    texts = [row[0] for row in rows]
    known = {term.source for term in terms}
    phrases = (p for p in dict.fromkeys(noun_phrases(texts)) if p not in known)
    synthetic = [
        Term(phrase, {"en": phrase})
        for phrase, _ in zip(phrases, range(arguments.terms - len(terms)), strict=False)
    ]
    speed(
        terms + synthetic, texts[:: max(1, len(texts) // arguments.segments)][: arguments.segments]
    )
    recall(terms, rows)


if __name__ == "__main__":
    main()
