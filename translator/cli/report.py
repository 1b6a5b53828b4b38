"""`translator report`."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from translator.cli import options, output

if TYPE_CHECKING:
    from translator.reporting.figures import Figures, Report


def register(app: typer.Typer) -> None:
    app.command()(report)


def report(
    releases: options.ReleaseNames = None,
    to: options.To = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="The page to write: report.html if left out."
        ),
    ] = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Show how far approved translations are from their drafts: by package, memory, release and
    term.

    Writes an HTML page with plots over the releases and prints a summary: TER counts the words that
    reviewers changed (lower is better), chrF the characters that they left (higher is better).
    --json prints all figures, and writes the page only with -o.

    Example: translator report --to kk -o report.html
    """
    from translator import files, reporting
    from translator.project import find_catalogs

    project = options.project()
    catalogs = find_catalogs(project, releases, options.languages(to, ()))
    still = quiet or not sys.stderr.isatty()  # a log wants the result alone
    with output.progress(len(catalogs), "reading", quiet=still, unit="catalogs") as advance:
        edits = reporting.read(project, catalogs, advance=advance)
    with output.progress(len(edits), "measuring", quiet=still, unit="entries") as advance:
        figures = reporting.report(edits, advance=advance)
    if json:
        output.as_json(_plain(figures))
    if not edits:
        output.remark("nothing to report: no entry is approved yet", quiet=quiet)
        return
    if not json:
        _summary(figures)
    if out is not None or not json:
        from translator.reporting.page import render

        out = out or Path("report.html")
        files.write(out, render(figures))
        output.remark(f"written: {out}", quiet=quiet)


def _summary(report: Report) -> None:
    rows = []
    for group in report.languages:
        rows.append([group.language, "all", *_cells(group.figures)])
        rows += [
            [part.language, part.origin, *_cells(part.figures)]
            for part in report.origins
            if part.language == group.language
        ]
    numbers = ["approved", "drafts", "unchanged", "TER", "chrF", "s/word", "terms in draft"]
    output.table(["language", "draft from", *numbers], rows, numbers=numbers)


def _cells(figures: Figures) -> list[str]:
    def shown(value: float | None, form: str) -> str:
        return "" if value is None else format(value, form)

    terms = figures.terms_in_draft / figures.terms if figures.terms else None
    return [
        str(figures.approved),
        str(figures.drafts),
        shown(figures.unchanged_share, ".0%"),
        shown(figures.ter, ".1f"),
        shown(figures.chrf, ".1f"),
        shown(figures.seconds_per_word, ".1f"),
        shown(terms, ".0%"),
    ]


def _plain(report: Report) -> dict[str, Any]:
    """The report in plain types; a group's figures stand beside its name."""
    from translator.reporting.figures import MEASURES

    def group(value: Any, *names: str) -> dict[str, Any]:
        return {n: getattr(value, n) for n in names} | dataclasses.asdict(value.figures)

    return {
        "measures": MEASURES,
        "languages": [group(g, "language") for g in report.languages],
        "origins": [group(g, "language", "origin") for g in report.origins],
        "releases": [
            group(g, "release", "language", "origins")
            | {"date": g.date.isoformat() if g.date else None}
            for g in report.releases
        ],
        "terms": [dataclasses.asdict(term) for term in report.terms],
    }
