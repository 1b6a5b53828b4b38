"""`translator init` and `translator status`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from translator import settings
from translator.cli import options, output


def register(app: typer.Typer) -> None:
    app.command()(init)
    app.command()(status)


def init(
    folder: Annotated[Path, typer.Argument(help="The new project's folder.")] = Path("."),
    templates: Annotated[
        bool,
        typer.Option("--templates", help="Also copy the PDF's templates, for you to change."),
    ] = False,
    quiet: options.Quiet = False,
) -> None:
    """Make a project folder: settings, glossaries, and places for releases, catalogs and
    publications.

    What is there already is left as it is, so that --templates can be asked for later. The copies
    in templates/ are used from then on: letterhead.typ has colours, type, letterhead and cover, and
    a logo.svg or logo.png beside it is shown.

    Example: translator init ~/releases-2026 --templates
    """
    from translator import files
    from translator.resources import resource

    made = []
    wanted = {folder / settings.FILE: settings.TEMPLATE}
    for glossary in sorted(resource("glossaries").glob("*.csv")):
        wanted[folder / "glossaries" / glossary.name] = glossary.read_text(encoding="utf-8")
    if templates:
        from translator.publishing import TEMPLATE

        for template in sorted(TEMPLATE.glob("*.typ")):
            wanted[folder / settings.TEMPLATES / template.name] = template.read_text("utf-8")
    for path, content in wanted.items():
        if not path.exists():
            files.write(path, content)
            made.append(path)
    for name in ("releases", "locales", "public"):
        files.folder(folder / name)
    for path in made:
        output.remark(f"made {path}", quiet=quiet)
    output.remark(
        f"The project is ready: put releases into {folder / 'releases'} and run "
        "`translator translate releases/NAME.txt` there.",
        quiet=quiet,
    )


def status(
    releases: options.ReleaseNames = None,
    to: options.To = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Show how far each release is in each language.

    The columns count entries; `words left` counts the Polish words of what is not approved.

    Example: translator status --to kk
    """
    from translator.catalogs import State
    from translator.project import find_catalogs, is_current, open_catalog

    project = options.project()
    rows = []
    for path in find_catalogs(project, releases, options.languages(to, ())):
        catalog = open_catalog(path)
        release, language = project.named(path)
        units = catalog.units
        counts = Counter(unit.state for unit in units)
        left = sum(len(u.source.split()) for u in units if u.state is not State.APPROVED)
        rows.append(
            {
                "release": release,
                "language": language,
                "entries": len(units),
                **{state.value: counts[state] for state in State},
                "words_left": left,
                "reviewer": catalog.reviewer,
                "revised": catalog.revised,
                "source_changed": not is_current(project, catalog),
                "file": project.relative(path),
            }
        )
    if json:
        output.as_json(rows)
        return
    if not rows:
        output.remark("no catalogs yet: run `translator translate releases/NAME.txt`", quiet=quiet)
        return
    numbers = ["entries", *(state.value for state in State), "words_left"]
    columns = ["release", "language", *numbers, "reviewer", "revised"]
    output.table(
        [column.replace("_", " ") for column in columns],
        [[str(row[column]) for column in columns] for row in rows],
        numbers=[column.replace("_", " ") for column in numbers],
    )
    for row in rows:
        if row["source_changed"]:
            output.remark(
                f"{row['file']}: the source has changed: run `translator translate` again",
                quiet=quiet,
            )
