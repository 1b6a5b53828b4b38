"""How well persons that stand in no glossary are lemmatised, transcribed and found.

    python benchmarks/names.py [--reference tests/data/names] [--people glossaries/people.csv]
                               [--corpus FILE.tsv …]

The rules were written with the reference files, people.csv and the corpus in view, so their
figures are no held-out ones (the halves only show how even they are). A corpus file that no rule
was written for, such as dev.tsv, is the honest measure: of each person found in its Polish column
the words' stems are looked for in the reference translations (columns pl, en, ru, kk, tab-
separated). A name that the reference spells otherwise, or leaves out, counts as wrong.
"""

from __future__ import annotations

import argparse
import csv
import re
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from translator.terminology import names, transcription

Row = dict[str, str]


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def report(what: str, results: Iterable[bool]) -> None:
    marks = list(results)
    share = sum(marks) / len(marks) if marks else 0.0
    print(f"{what:55} {sum(marks):5} of {len(marks):5}  {share:7.2%}")


def halves(what: str, right: list[bool]) -> None:
    """All results, then the odd and even rows apart."""
    report(what, right)
    for half in (0, 1):
        report(f"  half {half + 1}", right[half::2])


def lemmas(items: list[Row]) -> None:
    right = [names.lemmatize(row["pl_form"]).lemma == row["pl_lemma"] for row in items]
    halves("lemma, names-inflected.csv", right)
    for language in ("ru", "kk"):
        polish = [r for r in items if transcription.origin(r["pl_lemma"], known=True) == "polish"]
        report(
            f"  form to {language}, Polish spelling",
            (
                transcribed(names.lemmatize(r["pl_form"]), language) == r[f"{language}_lemma"]
                for r in polish
            ),
        )


def transcribed(name: names.Name, language: str) -> str:
    return names.transcribe(name.lemma, language, gender=name.gender)


def transcriptions(items: list[Row]) -> None:
    for language in ("ru", "kk"):
        right = [names.transcribe(row["pl"], language) == row[language] for row in items]
        halves(f"transcription to {language}, names-pl.csv", right)


def people(items: list[Row]) -> None:
    for language in ("en", "ru", "kk"):
        marks: dict[str, list[bool]] = {}
        for row in items:
            kind = str(transcription.origin(row["pl"]))
            right = names.transcribe(row["pl"], language) == row[language]
            marks.setdefault(kind, []).append(right)
        report(
            f"transcription to {language}, people.csv", (m for part in marks.values() for m in part)
        )
        for kind, part in sorted(marks.items()):
            report(f"  {kind}", part)


def corpus(paths: list[Path]) -> None:
    lines = [
        line.rstrip("\n").split("\t")
        for path in paths
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    lines = [line for line in lines if len(line) == 4]
    start = time.perf_counter()
    found = names.find_all([line[0] for line in lines])
    seconds = time.perf_counter() - start
    print(f"find_all: {len(lines)} segments in {seconds:.2f} s, {Counter(map(len, found))}")
    for language, column in (("en", 1), ("ru", 2), ("kk", 3)):
        marks = [
            all(stem(word) in line[column] for word in match.term.targets[language].split())
            for line, matches in zip(lines, found, strict=True)
            for match in matches
            if not match.short
        ]
        report(f"persons whose {language} stems stand in the reference", marks)


def stem(word: str) -> str:
    """What a Cyrillic word keeps in all cases; a Latin one as it is."""
    return re.sub(r"(?:ий|ый|ая|[аеёиоуыэюяйь])$", "", word) or word


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--reference", type=Path, default=Path("tests/data/names"))
    parser.add_argument("--people", type=Path, default=Path("glossaries/people.csv"))
    parser.add_argument("--corpus", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    lemmas(rows(options.reference / "names-inflected.csv"))
    transcriptions(rows(options.reference / "names-pl.csv"))
    people(rows(options.people))
    if options.corpus:
        corpus(options.corpus)


if __name__ == "__main__":
    main()
