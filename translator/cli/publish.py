"""`translator publish`, `translator pdf` and `translator site`."""

from __future__ import annotations

from pathlib import Path
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
    app.command()(site)


def publish(
    release: options.ReleaseName,
    to: options.To = None,
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT,…",
            help="txt, md, html, pdf, docx; if left out, the first four and the source's own.",
        ),
    ] = None,
    draft: Draft = False,
    show_terms: ShowTerms = False,
    script: Script = "",
    quiet: options.Quiet = False,
) -> None:
    """Write a reviewed release into public/; refuses what is not reviewed or has errors.

    A Word document is published as one too, with its layout, the translation in its place.

    Example: translator publish konsultacje-polska-kazachstan --to ru,kk --format html,pdf
    """
    from translator import pipeline

    project = options.project()
    formats = options.names(format) if format is not None else None
    for language in options.languages(to, project.languages):
        for path in pipeline.publish(
            project, release, language, formats, draft=draft, show_terms=show_terms, script=script
        ):
            output.result(project.relative(path))


def pdf(
    release: options.ReleaseName,
    to: options.To = None,
    layout: Annotated[
        str,
        typer.Option("--layout", "-l", help="columns, interleaved, facing or target-only."),
    ] = "columns",
    paper: Annotated[
        str, typer.Option("--paper", help="a4 or a3; what suits the layout if left out.")
    ] = "",
    cover: Annotated[
        bool, typer.Option("--cover", help="Begin with a cover: the title in all languages.")
    ] = False,
    draft: Draft = False,
    show_terms: ShowTerms = False,
    script: Script = "",
    quiet: options.Quiet = False,
) -> None:
    """Write the bilingual PDF of a release: Polish and its translation, in a layout of your choice.

    Without --to it writes one PDF for each of the project's languages; several languages in --to
    stand together in one, beside Polish. The look is changed in templates/ (see `init`).

    Example: translator pdf konsultacje-polska-kazachstan --to en,ru,kk --layout columns --cover
    """
    from translator import editions
    from translator.publishing import TEMPLATE, Design

    project = options.project()
    design = Design(layout, paper, cover, project.template or TEMPLATE)
    languages = options.languages(to, project.languages)
    for together in [languages] if to else [(language,) for language in languages]:
        path = editions.publish_pdf(
            project, release, together, design, draft=draft, show_terms=show_terms, script=script
        )
        output.result(project.relative(path))


def site(
    folder: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The site's folder; public/site if left out."),
    ] = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Build a static web site of all releases that are reviewed: pages, feeds, search, sitemap.

    What is not reviewed, or has errors, is left out and named. Name and address of the site stand
    in translator.toml under [site]. Pages of an earlier run that no longer belong are removed.

    Example: translator site -o public/site
    """
    from translator import editions

    project = options.project()
    left_out: list[str] = []
    pages = editions.publish_site(project, folder or project.public / "site", left_out.append)
    for line in left_out:
        output.remark(f"left out: {line}", quiet=quiet)
    if not project.site_url:
        output.remark("no sitemap: set url under [site] in translator.toml", quiet=quiet)
    names = [project.relative(page) for page in pages]
    if json:
        output.as_json({"pages": names, "left_out": left_out})
        return
    for name in names:
        output.result(name)
