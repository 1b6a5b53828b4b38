"""How long a bilingual PDF takes: the sample's paragraphs, again and again, numbered.

    python benchmarks/pdf.py [--pages 1 20 200]

Prints the pages as they came out, the best and the median of several runs, and the size. The first
line is a new process's first PDF, with Typst and its fonts still to be loaded.
"""

from __future__ import annotations

import argparse
import re
import statistics
import time
from datetime import date
from pathlib import Path

from translator.model import BlockKind, Row
from translator.publishing import Publication, render

ROOT = Path(__file__).parent.parent
PARAGRAPHS_PER_PAGE = 3.8


def publication(pages: int, run: int = 0) -> Publication:
    """A publication in Kazakh of about so many pages; no paragraph is like another, in any run.

    Typst would answer a text that it has set before from its cache.
    """
    source = (ROOT / "releases/konsultacje-polska-kazachstan.txt").read_text("utf-8")
    target = (ROOT / "tests/data/publishing/human-reference.kk.txt").read_text("utf-8")
    pairs = list(zip(source.split("\n\n"), target.split("\n\n"), strict=True))
    title, paragraphs = pairs[0], pairs[2:-1]
    count = max(1, round(pages * PARAGRAPHS_PER_PAGE) - 1)
    rows = [Row(BlockKind.TITLE, *title)]
    for number in range(count):
        polish, kazakh = paragraphs[number % len(paragraphs)]
        mark = f"{run}.{number} "
        rows.append(Row(BlockKind.PARAGRAPH, mark + polish, mark + kazakh))
    return Publication("benchmark", "kk", tuple(rows), date(2021, 12, 8))


def timed(publication: Publication) -> tuple[float, bytes]:
    start = time.perf_counter()
    pdf = render(publication, "pdf")
    return time.perf_counter() - start, pdf


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, nargs="+", default=[1, 20, 200])
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()

    print(f"first PDF of a process: {timed(publication(1))[0]:.3f} s")
    print(f"{'pages':>5} {'best s':>8} {'median s':>9} {'KiB':>6}")
    for pages in arguments.pages:
        times = []
        for run in range(arguments.runs):
            seconds, pdf = timed(publication(pages, run))
            times.append(seconds)
        made = len(re.findall(rb"/Type /Page\b(?!s)|/Type/Page\b(?!s)", pdf))
        print(
            f"{made:>5} {min(times):>8.3f} {statistics.median(times):>9.3f} {len(pdf) // 1024:>6}"
        )


if __name__ == "__main__":
    main()
