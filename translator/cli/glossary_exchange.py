"""`translator glossary import`, `export` and `suggest`: where terms come from and go to."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from translator.cli import options, output
from translator.cli.glossary import app
from translator.errors import TranslatorError

if TYPE_CHECKING:
    from translator.settings import Settings
    from translator.terminology.consistency import Inconsistency
    from translator.terminology.merging import Merged
    from translator.terminology.suggest import Proposal

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
    from translator import harvesting
    from translator.terminology import exchange

    project = options.project()
    languages = options.languages(to, project.languages)
    into = _glossary(project, into, file.stem)
    merged = harvesting.add(project, exchange.read(file, languages), file, into, languages)
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
    _advise(project, merged, into, quiet=quiet)
    if merged.conflicts:
        raise typer.Exit(1)


def _glossary(project: Settings, into: Path | None, name: str) -> Path:
    into = into or project.root / "glossaries" / f"{name}.csv"
    if into.suffix != ".csv":
        raise TranslatorError("is no glossary: --into takes a .csv", file=into)
    return into


def _advise(project: Settings, merged: Merged, into: Path, *, quiet: bool) -> None:
    if merged.changed and into.resolve() not in {path.resolve() for path in project.glossaries}:
        output.remark(
            f"add “{project.relative(into)}” to `glossaries` in translator.toml to use it",
            quiet=quiet,
        )


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


@app.command()
def suggest(
    releases: options.ReleaseNames = None,
    to: Annotated[
        str | None, typer.Option("--to", "-t", metavar="LANG", help="One target language.")
    ] = None,
    at_least: Annotated[
        int, typer.Option("--min", min=2, help="Segments that a term must stand in.")
    ] = 3,
    limit: Annotated[int, typer.Option(min=0, help="How many terms at most.")] = 50,
    accept: Annotated[
        list[int] | None,
        typer.Option(metavar="N", help="Write the term of this number to --into; repeatable."),
    ] = None,
    into: Into = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Propose terms from approved translations, and list what is translated in different ways.

    A Polish phrase of several words that is in no glossary is proposed where it recurs with the
    same translation. Look at the list, then run the same command with --accept for what is right;
    terms go into glossaries/suggested.csv if not told otherwise.

    Example: translator glossary suggest --to ru --accept 1 --accept 4
    """
    from translator import harvesting

    project = options.project()
    language = options.language(to)
    pairs = harvesting.approved_pairs(project, releases, language)
    if not pairs:
        output.remark(
            f"no approved translations into “{language}”: approve some, or import a memory",
            quiet=quiet,
        )
    proposals = harvesting.propose(project, pairs, language, count=at_least, limit=limit)
    if accept:
        _accept(project, proposals, language, accept, into, quiet=quiet)
        return
    different = harvesting.compare(project, pairs, language, proposals)
    if json:
        output.as_json(
            {
                "proposals": [
                    {
                        "number": number,
                        "pl": proposal.source,
                        language: proposal.target,
                        "count": proposal.count,
                        "share": round(proposal.share, 3),
                        "score": round(proposal.score, 2),
                        "examples": [dataclasses.asdict(pair) for pair in proposal.examples],
                    }
                    for number, proposal in enumerate(proposals, 1)
                ],
                "inconsistent": [dataclasses.asdict(each) for each in different],
            }
        )
    else:
        _show(proposals, different, language, quiet=quiet)


def _accept(
    project: Settings,
    proposals: Sequence[Proposal],
    language: str,
    numbers: Sequence[int],
    into: Path | None,
    *,
    quiet: bool,
) -> None:
    from translator import harvesting

    if wrong := [n for n in numbers if not 1 <= n <= len(proposals)]:
        raise TranslatorError(f"--accept {wrong[0]}: there are {len(proposals)} proposals")
    rows = [
        (n, {"pl": chosen.source, language: chosen.target, "domain": "term"})
        for n in dict.fromkeys(numbers)
        for chosen in [proposals[n - 1]]
    ]
    into = _glossary(project, into, "suggested")
    merged = harvesting.add(project, rows, Path("--accept"), into, (language,))
    _report(merged, project.relative(into), quiet=quiet)
    _advise(project, merged, into, quiet=quiet)
    if merged.conflicts:
        raise typer.Exit(1)


def _show(
    proposals: Sequence[Proposal],
    different: Sequence[Inconsistency],
    language: str,
    *,
    quiet: bool,
) -> None:
    columns = ["number", "pl", language, "count", "share", "example"]
    rows = [
        [
            str(number),
            proposal.source,
            proposal.target,
            str(proposal.count),
            f"{proposal.share:.0%}",
            proposal.examples[0].place,
        ]
        for number, proposal in enumerate(proposals, 1)
    ]
    if rows:
        output.table(columns, rows, numbers=["number", "count", "share"])
    for each in different:
        usual, *others = each.renderings
        output.result(f"{each.term} → {usual.text} ({len(usual.places)})")
        for rendering in others:
            places = "; ".join(dict.fromkeys(rendering.places))
            output.result(f"  {rendering.text or 'otherwise'} ({len(rendering.places)}): {places}")
    output.remark(
        f"{len(proposals)} terms proposed, {len(different)} terms translated in different ways",
        quiet=quiet,
    )
