"""How long a PDF of each layout takes, beside WeasyPrint on the same text in the same run.

    python benchmarks/pdf.py [--pages 200] [--runs 3] [--layout columns …] [--no-weasyprint]

The text is the sample's paragraphs, again and again, numbered, so that no cache answers. Prints
the pages as they came out, the best and the median of several runs, the size, and the most memory
that a process of its own needed for one. WeasyPrint sets the two languages as a table of two
columns, tagged as PDF/UA-1; it is run once.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import time
from datetime import date
from html import escape
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

from translator.model import BlockKind, Row
from translator.publishing import LAYOUTS, Design, Publication, pdf

ROOT = Path(__file__).parent.parent
# Paragraphs that fill a page of each layout.
DENSITY = {"columns": 3.8, "interleaved": 3.4, "facing": 2.8, "target-only": 6.0}


def publication(layout: str, pages: int, run: int = 0) -> Publication:
    """A publication in Kazakh of about so many pages; no paragraph is like another, in any run."""
    source = (ROOT / "releases/konsultacje-polska-kazachstan.txt").read_text("utf-8")
    target = (ROOT / "tests/data/publishing/human-reference.kk.txt").read_text("utf-8")
    pairs = list(zip(source.split("\n\n"), target.split("\n\n"), strict=True))
    title, paragraphs = pairs[0], pairs[2:-1]
    rows = [Row(BlockKind.TITLE, *title)]
    for number in range(max(1, round(pages * DENSITY[layout]) - 1)):
        polish, kazakh = paragraphs[number % len(paragraphs)]
        mark = f"{run}.{number} "
        rows.append(Row(BlockKind.PARAGRAPH, mark + polish, mark + kazakh))
    return Publication("benchmark", "kk", tuple(rows), date(2021, 12, 8)).typeset()


def typst(layout: str, pages: int, run: int) -> tuple[float, bytes]:
    text = publication(layout, pages, run)
    start = time.perf_counter()
    made = pdf.render(text, Design(layout))
    return time.perf_counter() - start, made


def weasyprint(pages: int) -> tuple[float, bytes]:
    from weasyprint import HTML

    text = publication("columns", pages)
    rows = "".join(
        f'<tr><td lang="pl">{escape(row.source)}</td><td lang="kk">{escape(row.target)}</td></tr>'
        for row in text.body
    )
    style = (
        "@page{size:A4;margin:34mm 22mm 26mm} td{width:50%;padding:0 6mm 5mm 0;vertical-align:top;"
    )
    style += "hyphens:auto} body{font:10.5pt serif}"
    document = f"<title>{escape(text.title)}</title><style>{style}</style><table>{rows}</table>"
    start = time.perf_counter()
    made = HTML(string=f'<html lang="kk">{document}').write_pdf(pdf_variant="pdf/ua-1")
    return time.perf_counter() - start, made


def memory(engine: str, pages: int) -> int:
    """MiB that a new process needs at most."""
    command = [sys.executable, __file__, "--pages", str(pages), "--memory-of", engine]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def line(name: str, times: list[float], made: bytes, mib: int) -> None:
    pages = len(PdfReader(BytesIO(made)).pages)
    best, median = min(times), statistics.median(times)
    print(f"{name:<12} {pages:>5} {best:>8.2f} {median:>9.2f} {len(made) // 1024:>6} {mib:>11}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--layout", nargs="+", choices=LAYOUTS, default=LAYOUTS)
    parser.add_argument("--no-weasyprint", action="store_true")
    parser.add_argument("--memory-of", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.memory_of:
        if given.memory_of == "WeasyPrint":
            weasyprint(given.pages)
        else:
            typst(given.memory_of, given.pages, 0)
        # Not getrusage's figure, which a child process inherits.
        status = Path("/proc/self/status").read_text()
        print(int(re.findall(r"VmHWM:\s*(\d+) kB", status)[0]) // 1024)
        return
    print(f"first PDF of a process (one page): {typst('columns', 1, 99)[0]:.3f} s")
    print(f"{'':<12} pages   best s  median s    KiB  memory MiB")
    for layout in given.layout:
        runs = [typst(layout, given.pages, run) for run in range(given.runs)]
        line(layout, [seconds for seconds, _ in runs], runs[0][1], memory(layout, given.pages))
    if not given.no_weasyprint:
        seconds, made = weasyprint(given.pages)
        line("WeasyPrint", [seconds], made, memory("WeasyPrint", given.pages))


if __name__ == "__main__":
    main()
