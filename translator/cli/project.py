"""`translator init` and `translator status`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from translator import settings
from translator.cli import options, output
from translator.model import Severity

if TYPE_CHECKING:
    from translator.catalogs import Unit


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
    findings: Annotated[
        bool,
        typer.Option("--findings", help="Also run the checks and count what they find: slower."),
    ] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Show how far each release is in each language.

    The columns count entries: `machine` and `memory` are drafts that nobody touched, by their
    origin, `edited` ones that somebody worked on without approving them. `words left` counts the
    Polish words of what is not approved.

    Example: translator status --to kk --findings
    """
    from translator.project import find_catalogs, is_current, open_catalog

    project = options.project()
    paths = find_catalogs(project, releases, options.languages(to, ()))
    rows = []
    for path in paths:
        catalog = open_catalog(path)
        release, language = project.named(path)
        rows.append(
            {
                "release": release,
                "language": language,
                **_counts(catalog.units),
                "reviewer": catalog.reviewer,
                "revised": catalog.revised,
                "source_changed": not is_current(project, catalog),
                "file": project.relative(path),
            }
        )
    if findings:
        from translator import pipeline

        found = Counter((f.file, f.severity) for f in pipeline.check(project, paths))
        for row in rows:
            place = str(row["file"])
            row |= {f"{severity}s": found[place, severity] for severity in Severity}
    if json:
        output.as_json(rows)
        return
    if not rows:
        output.remark("no catalogs yet: run `translator translate releases/NAME.txt`", quiet=quiet)
        return
    numbers = ["entries", "untranslated", "machine", "memory", "edited", "approved", "words_left"]
    numbers += [f"{severity}s" for severity in Severity] if findings else []
    columns = ["release", "language", *numbers, "reviewer", "revised"]
    output.table(
        [column.replace("_", " ") for column in columns],
        [[_cell(row, column) for column in columns] for row in rows],
        numbers=[column.replace("_", " ") for column in numbers],
    )
    for row in rows:
        if row["source_changed"]:
            output.remark(
                f"{row['file']}: the source has changed: run `translator translate` again",
                quiet=quiet,
            )


def _cell(row: Mapping[str, object], column: str) -> str:
    """What the table shows: of the time of a revision the day."""
    return str(row[column])[:10] if column == "revised" else str(row[column])


def _counts(units: Sequence[Unit]) -> dict[str, int]:
    """How many units are how far, and how many Polish words and seconds of work that is."""
    from translator.catalogs import State

    states = Counter(unit.state for unit in units)
    memory = sum(unit.state is State.DRAFT and unit.from_memory for unit in units)
    open_units = [unit for unit in units if unit.state is not State.APPROVED]
    return {
        "entries": len(units),
        "untranslated": states[State.UNTRANSLATED],
        "machine": states[State.DRAFT] - memory,
        "memory": memory,
        "edited": states[State.EDITED],
        "approved": states[State.APPROVED],
        "words": sum(len(unit.source.split()) for unit in units),
        "words_left": sum(len(unit.source.split()) for unit in open_units),
        "seconds": sum(unit.seconds for unit in units),
    }
