"""`translator exchange export` and `import`: work in a CAT tool."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import Annotated

import typer

from translator.cli import options, output

app = typer.Typer(
    help="Hand a release to a CAT tool and take it back.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def export(
    release: options.ReleaseName,
    to: Annotated[str, typer.Option("--to", "-t", metavar="LANG", help="One target language.")],
    format: Annotated[
        str,
        typer.Option(
            "--format", "-f", metavar="xliff|xliff2|omegat", help="XLIFF 1.2, 2.0, or OmegaT."
        ),
    ] = "xliff",
    into: Annotated[
        Path | None,
        typer.Option("-o", metavar="PATH", help="In exchange/ if left out; must not exist yet."),
    ] = None,
) -> None:
    """Write a release's catalog as XLIFF or as an OmegaT project, with drafts, terms and matches.

    Example: translator exchange export konsultacje-polska-kazachstan --to kk --format omegat
    """
    from translator import handoff

    project = options.project()
    written = handoff.export(project, release, options.language(to), format, into)
    output.result(project.relative(written))


@app.command("import")
def import_(
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="An XLIFF file, or the OmegaT project's folder.")
    ],
    approve: Annotated[
        bool,
        typer.Option("--approve", help="Approve what the CAT tool marks as translated."),
    ] = False,
    reviewer: Annotated[
        str | None, typer.Option(help="Who translated, for the PO header; $USER if left out.")
    ] = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Bring the work of a CAT tool back into the catalog that it was exported from.

    What was changed in the catalog meanwhile is never overwritten: it is listed, and the command
    exits 1.

    Example: translator exchange import exchange/konsultacje-polska-kazachstan.kk.xlf --approve
    """
    from translator import handoff

    project = options.project()
    reviewer = reviewer or os.environ.get("USER") or "reviewer"
    catalog, outcome = handoff.take_back(project, path, approve=approve, reviewer=reviewer)
    place = project.relative(catalog)
    if json:
        output.as_json({"catalog": place, **dataclasses.asdict(outcome)})
    else:
        for line, problem in outcome.conflicts:
            output.result(f"{place}:{line}: {problem}" if line else f"{place}: {problem}")
    output.remark(
        f"{place}: {outcome.approved} approved, {outcome.edited} edited, {outcome.reopened}"
        f" reopened, {outcome.unchanged} unchanged, {len(outcome.conflicts)} left alone",
        quiet=quiet,
    )
    if outcome.conflicts:
        raise typer.Exit(1)
