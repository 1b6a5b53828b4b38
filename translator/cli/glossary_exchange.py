"""`translator glossary import` and `export`: glossaries from and for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from translator.cli import options, output
from translator.cli.glossary import app
from translator.errors import TranslatorError

if TYPE_CHECKING:
    from translator.terminology.merging import Merged

SHOWN = 10  # unusable rows of an import; the rest is counted

Into = Annotated[
    Path | None,
    typer.Option("--into", metavar="FILE.csv", help="The glossary that takes the new terms."),
]


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="TBX, CSV or TSV.")],
    into: Into = None,
    to: options.To = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Bring the terms of a TBX file or table into a glossary; nothing in it is overwritten.

    Exports of IATE and tables with a column for each language are understood. A table without
    Polish fills in what the glossaries' terms lack. New terms go into glossaries/FILE.csv if not
    told otherwise; exits 1 where the glossaries require something else already.

    Example: translator glossary import IATE_export.csv --into glossaries/iate.csv
    """
    from translator import files
    from translator.terminology import exchange, merging, termbase

    project = options.project()
    languages = options.languages(to, project.languages)
    into = into or project.root / "glossaries" / f"{file.stem}.csv"
    if into.suffix != ".csv":
        raise TranslatorError("is no glossary: --into takes a .csv", file=into)
    merged = merging.merge(
        exchange.read(file, languages), file, into, project.glossaries, languages
    )
    if merged.changed:
        present = (code for term in merged.terms for code in term.targets)
        columns = tuple(dict.fromkeys((*project.languages, *present)))
        files.write(into, termbase.render(merged.terms, into, columns))
    if json:
        output.as_json(
            {
                "file": project.relative(into),
                "added": [term.source for term in merged.added],
                "completed": [term.source for term in merged.completed],
                "present": [term.source for term in merged.present],
                "conflicts": merged.conflicts,
                "unusable": merged.unusable,
                "without_polish": merged.unnamed,
            }
        )
    else:
        _report(merged, project.relative(into), quiet=quiet)
    if merged.changed and into.resolve() not in {path.resolve() for path in project.glossaries}:
        output.remark(
            f"add “{project.relative(into)}” to `glossaries` in translator.toml to use it",
            quiet=quiet,
        )
    if merged.conflicts:
        raise typer.Exit(1)


def _report(merged: Merged, into: str, *, quiet: bool) -> None:
    for word, terms in (("added", merged.added), ("completed", merged.completed)):
        for term in terms:
            targets = ", ".join(f"{code}: {text}" for code, text in term.targets.items())
            output.result(f"{word}: {term.source} → {targets}")
    for conflict in merged.conflicts:
        output.result(f"conflict: {conflict}")
    for problem in merged.unusable[:SHOWN]:
        output.remark(f"left out: {problem}", quiet=quiet)
    counts = [
        f"{len(merged.added)} terms added to {into}",
        f"{len(merged.completed)} completed",
        f"{len(merged.present)} there already",
        f"{len(merged.conflicts)} conflicts",
    ]
    if merged.unusable:
        counts.append(f"{len(merged.unusable)} unusable")
    if merged.unnamed:
        counts.append(f"{merged.unnamed} without Polish that belong to no term")
    output.remark(", ".join(counts), quiet=quiet)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .tbx or .csv to write.")],
    to: options.To = None,
    quiet: options.Quiet = False,
) -> None:
    """Write the terms of the project's glossaries to one file that other tools read.

    Example: translator glossary export terms.tbx --to ru,kk
    """
    from translator import files
    from translator.terminology import exchange, termbase

    project = options.project()
    languages = options.languages(to, project.languages)
    write = exchange.writer(file)
    terms = termbase.TermBase.load(project.glossaries).terms
    chosen = [term for term in terms if any(code in term.targets for code in languages)]
    files.write(file, write(chosen, languages))
    output.remark(f"{len(chosen)} terms exported", quiet=quiet)
