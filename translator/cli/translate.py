"""`translator translate` and `translator segment`."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from translator import settings
from translator.cli import options, output
from translator.errors import TranslatorError

STDIN = "-"


def register(app: typer.Typer) -> None:
    app.command()(translate)
    app.command()(segment)


def translate(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="FILE…|-", help="Releases, or - for lines of standard input."),
    ],
    to: options.To = None,
    date: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM-DD", help="The releases' date: gives “br.” (this year) its year."
        ),
    ] = None,
    redo: Annotated[
        bool, typer.Option("--redo", help="Draft again what is still an untouched machine draft.")
    ] = False,
    enforce: Annotated[
        bool,
        typer.Option("--enforce/--no-enforce", help="Make the required terms and names appear."),
    ] = True,
    beam: Annotated[int | None, typer.Option(min=1, help="Hypotheses kept while decoding.")] = None,
    threads: Annotated[int | None, typer.Option(min=0, help="Processor threads; 0 is all.")] = None,
    device: Annotated[str | None, typer.Option(help="cpu or cuda.")] = None,
    quiet: options.Quiet = False,
) -> None:
    """Draft the translation of releases into their PO files; reviewed text is never changed.

    With - it is a filter: Polish segments from standard input, one a line, each line's translation
    to standard output, and nothing is written elsewhere.

    \b
    Examples:
      translator translate releases/*.txt
      echo "Umowa weszła w życie." | translator translate - --to ru
    """
    settable = {"beam": beam, "threads": threads, "device": device}
    if device is not None:
        settings.check_device(device)
    changes = {key: value for key, value in settable.items() if value is not None}
    if STDIN in sources:
        if len(sources) > 1:
            raise TranslatorError("- (standard input) goes alone, without files")
        _filter(to, options.parse_date(date), enforce, changes, quiet)
    else:
        _files(
            [Path(name) for name in sources],
            to,
            options.parse_date(date),
            redo,
            enforce,
            changes,
            quiet,
        )


def _files(
    paths: list[Path],
    to: str | None,
    date: datetime.date | None,
    redo: bool,
    enforce: bool,
    changes: dict[str, Any],
    quiet: bool,
) -> None:
    import dataclasses

    from translator import pipeline

    project = dataclasses.replace(options.project(), **changes)
    run = pipeline.translate(
        project,
        paths,
        options.languages(to, project.languages),
        date=date,
        redo=redo,
        enforce=enforce,
        progress=lambda total, label: output.progress(total, label, quiet=quiet),
    )
    for outcome in run:
        for finding in outcome.findings:
            place = project.relative(outcome.catalog)
            output.remark(f"{place}: {finding.severity}: {finding.message}", quiet=quiet)
        output.remark(
            f"{outcome.language}: {outcome.drafted} segments drafted, {outcome.kept} kept",
            quiet=quiet,
        )
        output.result(project.relative(outcome.catalog))


def _filter(
    to: str | None, date: datetime.date | None, enforce: bool, changes: dict[str, Any], quiet: bool
) -> None:
    import dataclasses

    from translator import pipeline
    from translator.project import settings_or_defaults

    language = options.language(to)
    project = settings_or_defaults(Path.cwd())
    project = dataclasses.replace(project, **changes)
    failed = False
    lines = _decode(sys.stdin.buffer.read(), "standard input").split("\n")
    if lines[-1] == "":
        lines.pop()
    drafts = pipeline.translate_lines(project, lines, language, date=date, enforce=enforce)
    for number, draft in enumerate(drafts, 1):
        output.result(draft.text.replace("\n", " "))
        for finding in draft.findings:
            failed = failed or finding.id == "machine-failed"
            output.remark(f"line {number}: {finding.severity}: {finding.message}", quiet=quiet)
    if failed:
        raise typer.Exit(1)


def segment(
    source: Annotated[
        str, typer.Argument(metavar="FILE|-", help="A release, or - for standard input.")
    ],
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Print the segments of a text, one a line.

    Example: translator segment releases/konsultacje-polska-kazachstan.txt
    """
    from translator import pipeline

    if source == STDIN:
        from translator.segmentation import split

        text = _decode(sys.stdin.buffer.read(), "standard input")
        found = [
            (0, "text", s.text) for line in text.splitlines() if line.strip() for s in split(line)
        ]
    else:
        release = pipeline.open_release(Path(source))
        found = [(b.number, b.kind.value, s.text) for b in release.blocks for s in b.segments]
    if json:
        output.as_json(
            [{"block": number, "kind": kind, "text": text} for number, kind, text in found]
        )
        return
    for _, _, text in found:
        output.result(text.replace("\n", " "))


def _decode(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise TranslatorError(
            f"is not UTF-8 (byte {error.start}): convert it first", file=name
        ) from error
