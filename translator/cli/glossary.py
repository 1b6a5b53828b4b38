"""`translator glossary check`, `find` and `explain`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from translator.cli import options, output

if TYPE_CHECKING:
    from translator.terminology.enforcement import Decision

app = typer.Typer(help="Look into the glossaries.", no_args_is_help=True, rich_markup_mode=None)

SHOWN = 5  # candidates of a decision; JSON has all

Text = Annotated[str, typer.Argument(metavar="TEXT", help="Polish text.")]


@app.command()
def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]…", help="The project's glossaries if left out."),
    ] = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Validate glossaries: a broken row ends it with its file and line, what is merely odd is
    listed.

    Example: translator glossary check glossaries/diplomacy.csv
    """
    from translator.terminology.termbase import TermBase

    base = TermBase.load(files or options.project().glossaries)
    remarks = [*base.conflicts, *base.check()]
    if json:
        output.as_json({"terms": len(base.terms), "remarks": remarks})
        return
    for remark in remarks:
        output.result(remark)
    output.remark(f"{len(base.terms)} terms, {len(remarks)} remarks", quiet=quiet)


@app.command()
def find(
    text: Text, to: options.To = None, json: options.Json = False, quiet: options.Quiet = False
) -> None:
    """Show the terms and names in a Polish text, in whatever form they stand, and what they
    require.

    Example: translator glossary find "z Wysokim Komisarzem OBWE ds. Mniejszości Narodowych"
    """
    from translator.project import settings_or_defaults
    from translator.terminology import Terminology

    project = settings_or_defaults(Path.cwd())
    languages = options.languages(to, project.languages)
    matches = Terminology.load(project.glossaries).find([text])[0]
    rows = [
        {
            "found": match.surface,
            "start": match.start,
            "end": match.end,
            "term": match.term.source,
            "case": match.case,
            "number": match.number,
            "domain": match.term.domain,
            "guess": match.term.guess,
            **{language: match.term.targets.get(language, "") for language in languages},
        }
        for match in matches
    ]
    if json:
        output.as_json(rows)
        return
    if not rows:
        output.remark("no terms and no names", quiet=quiet)
        return
    columns = ["found", "term", "case", "number", "domain", *languages]
    output.table(columns, [[str(row[column]) for column in columns] for row in rows])


@app.command()
def explain(
    text: Text,
    to: Annotated[str, typer.Option("--to", "-t", metavar="LANG", help="One target language.")],
    date: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="The text's date.")] = None,
    json: options.Json = False,
) -> None:
    """Show how terms and names are brought into the translation of a sentence: candidates, scores,
    winner.

    Example: translator glossary explain "Pogratulował Kajratowi Abdrachmanowowi." --to ru
    """
    from translator import pipeline
    from translator.project import settings_or_defaults

    project = settings_or_defaults(Path.cwd())
    language = options.language(to)
    job, translation, enforced = pipeline.explain(
        project, text, language, date=options.parse_date(date)
    )
    decisions = [_explained(decision) for decision in enforced.decisions]
    if json:
        output.as_json(
            {
                "source": job.text,
                "machine": translation.text,
                "problem": translation.problem,
                "result": enforced.text,
                "decisions": decisions,
            }
        )
        return
    output.result(f"machine: {translation.text or translation.problem}")
    for decision in decisions:
        output.result(f"{decision['found']} → {decision['required']}: {decision['how']}")
        for candidate in decision["candidates"][:SHOWN]:
            mark = "*" if candidate["winner"] else " "
            output.result(
                f"  {mark} {candidate['score']:7.3f}  {candidate['form']}: {candidate['text']}"
            )
    output.result(f"result:  {enforced.text}")


def _explained(decision: Decision) -> dict[str, Any]:
    requirement = decision.requirement
    found = requirement.match or requirement.fact
    return {
        "found": found.surface if found else "",
        "required": requirement.lemma,
        "how": decision.how,
        "loss": round(decision.loss, 3),
        "candidates": [
            {
                "form": candidate.form.text,
                "case": candidate.form.case,
                "text": candidate.text,
                "score": round(candidate.score, 3),
                "continued": candidate.continued,
                "winner": candidate is decision.candidates[0],
            }
            for candidate in decision.candidates
        ],
    }
