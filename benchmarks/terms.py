"""Term, name and number accuracy of drafts on a parallel text, with and without enforcement.

Usage: python benchmarks/terms.py FILE.tsv [--to en,ru,kk] [--packages FOLDER]
                                  [--first N] [--worst N]

FILE has the columns pl, en, ru, kk. For each language it prints, for the machine alone and with
enforcement in the same run:
  terms    share of required terms of the Polish that stand in the output in some correct form
  form     share of those in the reference too whose very form there is in the output
  names    share of persons whose lemma stands in the output in some form
  numbers  share of segments with the figures and dates of the source, none missing and none added
  chrF     of the whole output (sacreBLEU)
  time     seconds; of enforcement as a multiple of plain decoding
Terms of advisory domains (demonyms, running text's abbreviations) are not required.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import sacrebleu

from translator.drafting import Drafter, Job
from translator.machine.engine import Engine
from translator.machine.packages.local import open_package
from translator.terminology import Terminology, facts
from translator.terminology.requirements import Requirement, places, required_terms

COLUMNS = {"en": 1, "ru": 2, "kk": 3}
ROOT = Path(__file__).parent.parent


def places_in(folder: Path | None) -> list[Path]:
    return sorted(path.parent for path in folder.glob("*/metadata.json")) if folder else []


def share(good: int, total: int) -> str:
    return f"{100 * good / total:5.1f}% ({good}/{total})" if total else "    – (0)"


def score(
    jobs: Sequence[Job],
    required: Sequence[Sequence[Requirement]],
    outputs: Sequence[str],
    references: Sequence[str],
    language: str,
) -> str:
    """One line of figures."""
    terms = [0, 0]
    names = [0, 0]
    forms = [0, 0]
    numbers = 0
    for job, requirements, output, reference in zip(
        jobs, required, outputs, references, strict=True
    ):
        numbers += not any(facts.differences(job.text, output, language, year=job.year))
        for requirement in requirements:
            person = requirement.match is not None and requirement.match.term.is_person
            found = places(requirement, output, language)
            tally = names if person else terms
            tally[0] += bool(found)
            tally[1] += 1
            wanted = {
                reference[a:b].casefold() for a, b, _ in places(requirement, reference, language)
            }
            if wanted:
                forms[0] += any(output[a:b].casefold() in wanted for a, b, _ in found)
                forms[1] += 1
    chrf = sacrebleu.corpus_chrf(list(outputs), [list(references)]).score
    return (
        f"terms {share(*terms)}  form {share(*forms)}  names {share(*names)}  "
        f"numbers {share(numbers, len(jobs))}  chrF {chrf:.1f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--to", default="en,ru,kk")
    parser.add_argument(
        "--packages", type=Path, help="a folder of unpacked packages, instead of the shipped ones"
    )
    parser.add_argument("--first", type=int, help="only the first N rows")
    parser.add_argument(
        "--worst", type=int, default=0, help="show N segments that enforcement changed"
    )
    arguments = parser.parse_args()

    rows = [
        line.split("\t") for line in arguments.file.read_text(encoding="utf-8").splitlines() if line
    ][: arguments.first]
    terminology = Terminology.load(sorted((ROOT / "glossaries").glob("*.csv")))
    others = [open_package(path) for path in places_in(arguments.packages)]
    engine = Engine(routes={package.to_code: (package,) for package in others if package})
    for language in arguments.to.split(","):
        references = [row[COLUMNS[language]] for row in rows]
        drafter = Drafter(engine, terminology, language)
        plain = Drafter(engine, terminology, language, enforce=False)
        jobs = [drafter.jobs_of([row[0]])[0] for row in rows]
        required = [required_terms(job.text, job.matches, language) for job in jobs]
        plain.draft(jobs[:2])  # load the package outside of the timing
        start = time.perf_counter()
        alone = [draft.text for draft in plain.draft(jobs)]
        decoding = time.perf_counter() - start
        start = time.perf_counter()
        decided = drafter.decide(jobs)
        enforcing = time.perf_counter() - start
        outputs = [enforced.text for _, enforced in decided]
        figures = score(jobs, required, alone, references, language)
        print(f"{language}  machine   {figures}  {decoding:.1f} s")
        print(
            f"{language}  enforced  {score(jobs, required, outputs, references, language)}  "
            f"{enforcing:.1f} s = {enforcing / decoding:.2f} ×"
        )
        changed = [k for k in range(len(jobs)) if alone[k] != outputs[k]][: arguments.worst]
        for k in changed:
            print(f"\n  pl        {jobs[k].text}\n  reference {references[k]}")
            print(f"  machine   {alone[k]}\n  enforced  {outputs[k]}")
            for decision in decided[k][1].decisions:
                form = decision.form.text if decision.form else "–"
                lemma = decision.requirement.lemma
                print(f"    {lemma} → {form} ({decision.how}, {decision.loss:.2f})")


if __name__ == "__main__":
    main()
