"""`translator publish` and `translator pdf`."""

from __future__ import annotations

from typing import Annotated

import typer

from translator.cli import options, output

Draft = Annotated[
    bool, typer.Option("--draft", help="Publish what is not reviewed, marked DRAFT on every page.")
]
ShowTerms = Annotated[
    bool, typer.Option("--show-terms", help="Underline terms in the PDF and list them at its end.")
]
Script = Annotated[
    str, typer.Option("--script", help="Latn: Kazakh in the Latin alphabet of 2021, in kk-Latn/.")
]


def register(app: typer.Typer) -> None:
    app.command()(publish)
    app.command()(pdf)


def publish(
    release: options.ReleaseName,
    to: options.To = None,
    format: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT,…", help="txt, md, html, pdf.")
    ] = "txt,md,html,pdf",
    draft: Draft = False,
    show_terms: ShowTerms = False,
    script: Script = "",
    quiet: options.Quiet = False,
) -> None:
    """Write a reviewed release into public/; refuses what is not reviewed or has errors.

    Example: translator publish konsultacje-polska-kazachstan --to ru,kk --format html,pdf
    """
    _publish(release, to, format, draft, show_terms, script)


def pdf(
    release: options.ReleaseName,
    to: options.To = None,
    draft: Draft = False,
    show_terms: ShowTerms = False,
    script: Script = "",
    quiet: options.Quiet = False,
) -> None:
    """Write the bilingual PDF of a release: Polish and its translation side by side.

    Example: translator pdf konsultacje-polska-kazachstan --to kk --draft
    """
    _publish(release, to, "pdf", draft, show_terms, script)


def _publish(
    release: str, to: str | None, format: str, draft: bool, show_terms: bool, script: str
) -> None:
    from translator import pipeline

    project = options.project()
    formats = tuple(dict.fromkeys(name.strip() for name in format.split(",") if name.strip()))
    for language in options.languages(to, project.languages):
        for path in pipeline.publish(
            project, release, language, formats, draft=draft, show_terms=show_terms, script=script
        ):
            output.result(project.relative(path))
