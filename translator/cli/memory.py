"""`translator memory import`, `export`, `search` and `stats`."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from translator.cli import options, output

if TYPE_CHECKING:
    from translator.memory import Memory

app = typer.Typer(
    help="Keep and search the translations that people approved.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def _memory() -> Memory:
    from translator.memory import Memory

    return Memory(options.project().memory)


@app.command("import")
def import_(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE…", help="TMX, TSV, CSV, or PO (its approved entries)."),
    ],
    quiet: options.Quiet = False,
) -> None:
    """Add translations from files to the memory: all of them or, where one is wrong, none.

    A table has columns pl, en, ru, kk, or a header that names its columns by language code.

    Example: translator memory import corpus/news.tsv old.tmx
    """
    from translator.memory import exchange

    with _memory() as memory:
        total = memory.add(entry for path in files for entry in exchange.read(path))
    output.remark(f"{total} translations imported", quiet=quiet)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .tmx, .tsv or .csv to write.")],
    to: options.To = None,
    quiet: options.Quiet = False,
) -> None:
    """Write the memory, or the given languages of it, to a file that other tools read.

    Example: translator memory export memory.tmx --to ru,kk
    """
    from translator import files
    from translator.memory import exchange

    write = exchange.writer(file)
    with _memory() as memory:
        entries = list(memory.entries(options.languages(to, ())))
    files.write(file, write(entries))
    output.remark(f"{len(entries)} translations exported", quiet=quiet)


@app.command()
def search(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Polish words, in any inflection.")],
    to: options.To = None,
    limit: Annotated[int, typer.Option(min=1, help="How many translations at most.")] = 20,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Show how a phrase was translated, in whatever inflection it stands.

    Example: translator memory search "konsultacje polityczne" --to kk
    """
    languages = options.languages(to, ())
    with _memory() as memory:
        hits = memory.concordance(text, languages, limit=limit)
    if json:
        output.as_json(
            [
                {**dataclasses.asdict(hit.entry), "spans": [list(s) for s in hit.spans]}
                for hit in hits
            ]
        )
        return
    if not hits:
        output.remark("not in the memory", quiet=quiet)
        return
    columns = ["language", "source", "target", "release", "date", "reviewer"]
    output.table(columns, [[getattr(hit.entry, column) for column in columns] for hit in hits])


@app.command()
def stats(json: options.Json = False) -> None:
    """Show how much the memory holds.

    Example: translator memory stats
    """
    with _memory() as memory:
        found = memory.stats()
    if json:
        output.as_json(found)
        return
    rows = [
        ["segments", str(found["segments"])],
        *([f"translations {language}", str(n)] for language, n in found["translations"].items()),
        ["releases", str(found["releases"])],
        ["newest", found["newest"]],
        ["megabytes", f"{found['bytes'] / 1e6:.1f}"],
    ]
    output.table(["what", "value"], rows, numbers=["value"])
