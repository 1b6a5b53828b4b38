"""The command line: one module per group of commands. Only this package prints.

Nothing heavy is imported before a command runs, so that `translator --help` answers at once.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated

import typer

from translator.cli import (
    catalogs,
    doctor,
    exchange,
    glossary_exchange,
    log,
    memory,
    packages,
    project,
    publish,
    report,
    review,
    translate,
)
from translator.errors import TranslatorError

app = typer.Typer(
    name="translator",
    help="Translate Polish releases offline, have them reviewed in PO files, publish them.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"translator {version('translator')}")
        raise typer.Exit


@app.callback()
def callback(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option("--verbose", help="Write what is done, without any text, to translator.log."),
    ] = False,
) -> None:
    """Translate Polish releases offline, have them reviewed in PO files, publish them."""
    if verbose:
        log.begin(context.invoked_subcommand or "")


for module in (project, translate, catalogs, review, publish, report, doctor):
    module.register(app)
app.add_typer(packages.app, name="packages")
app.add_typer(glossary_exchange.app, name="glossary")
app.add_typer(memory.app, name="memory")
app.add_typer(exchange.app, name="exchange")


def main() -> None:
    """Run the command line; errors that a user can mend end in one line, never in a traceback."""
    for stream in (sys.stdout, sys.stderr):  # in any locale; the texts are in three scripts
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    try:
        app()
    except SystemExit as end:
        log.ended(None if not end.code else end)
        raise
    except TranslatorError as error:
        log.ended(error)
        for line in (*error.details, f"translator: {error}"):
            print(line, file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output, such as `head`, has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except OSError as error:  # of the system: no right, a broken disk, no room
        log.ended(error)
        place = f"{error.filename}: " if error.filename else ""
        print(f"translator: {place}{error.strerror or error}", file=sys.stderr)
        sys.exit(2)
    except Exception as error:
        log.ended(error)
        raise
