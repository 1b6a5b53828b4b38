"""`translator check` and `translator approve`."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from translator.cli import options, output
from translator.errors import TranslatorError


def register(app: typer.Typer) -> None:
    app.command()(check)
    app.command()(approve)


def check(
    releases: options.ReleaseNames = None,
    to: options.To = None,
    format: Annotated[
        str, typer.Option(metavar="text|json|github|html", help="How to print.")
    ] = "text",
    listing: Annotated[bool, typer.Option("--list", help="List all checks and leave.")] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Check translations; exits 1 where there is any error-level finding.

    Example: translator check konsultacje-polska-kazachstan --to kk
    """
    from translator import checks, pipeline
    from translator.checks import report
    from translator.model import Severity
    from translator.project import find_catalogs

    if listing:
        output.table(
            ["id", "severity", "what it finds"],
            [[c.id, c.severity.value, c.doc] for c in checks.REGISTRY.values()],
        )
        return
    format = "json" if json else format
    if format not in report.FORMATS:
        raise TranslatorError(f"unknown format “{format}”: use {', '.join(report.FORMATS)}")
    project = options.project()
    found = pipeline.check(project, find_catalogs(project, releases, options.languages(to, ())))
    if found or format != "text" or not quiet:
        output.result(report.render(found, format).rstrip("\n"))
    if any(finding.severity is Severity.ERROR for finding in found):
        raise typer.Exit(1)


def approve(
    release: options.ReleaseName,
    to: Annotated[
        str, typer.Option("--to", "-t", metavar="LANG", help="The language you reviewed.")
    ],
    entry: Annotated[
        list[int] | None,
        typer.Option(
            metavar="LINE", help="Only the entry that holds this line of the PO file; repeatable."
        ),
    ] = None,
    reviewer: Annotated[
        str | None, typer.Option(help="Your name, for the PO header; $USER if left out.")
    ] = None,
    quiet: options.Quiet = False,
) -> None:
    """Mark translations as reviewed by you, as clearing the “fuzzy” flag in a PO editor does.

    Example: translator approve konsultacje-polska-kazachstan --to kk --entry 26
    """
    from translator import pipeline

    project = options.project()
    language = options.language(to)
    changed = pipeline.approve(
        project,
        release,
        language,
        entry or (),
        reviewer=reviewer or os.environ.get("USER") or "reviewer",
    )
    output.remark(f"{language}: {changed} entries approved", quiet=quiet)
