"""`translator translate` and `translator segment`."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from translator import settings
from translator.cli import options, output
from translator.errors import TranslatorError

if TYPE_CHECKING:
    from translator import pipeline
    from translator.model import Finding
    from translator.pipeline import Outcome

STDIN = "-"
FAST, BEST = 1, 8  # beams; `benchmarks/presets.py` has what they cost and give


def register(app: typer.Typer) -> None:
    app.command()(translate)
    app.command()(segment)


def translate(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|FOLDER…|-",
            help="Releases, folders of them, or - for lines of standard input.",
        ),
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
    fast: Annotated[
        bool, typer.Option("--fast", help="Beam 1: nearly twice as fast, rougher drafts.")
    ] = False,
    best: Annotated[
        bool, typer.Option("--best", help="Beam 8: half as fast, somewhat better drafts.")
    ] = False,
    threads: Annotated[int | None, typer.Option(min=0, help="Processor threads; 0 is all.")] = None,
    device: Annotated[str | None, typer.Option(help="cpu or cuda.")] = None,
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Go on: translate what is added or changed, until Ctrl-C."),
    ] = False,
    workers: Annotated[
        int,
        typer.Option(min=0, metavar="N", help="Draft on N processes of this machine (Dask)."),
    ] = 0,
    scheduler: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="Draft on a Dask cluster: tcp://HOST:PORT."),
    ] = "",
    quiet: options.Quiet = False,
) -> None:
    """Draft the translation of releases into their PO files; reviewed text is never changed.

    Of a folder, all documents in it and below are translated; catalogs lie in the same folders as
    the documents in releases/. Those that are translated and have not changed since are skipped;
    name one itself to have it read again all the same.

    With - it is a filter: Polish segments from standard input, one a line, each line's translation
    to standard output, and nothing is written elsewhere.

    \b
    Examples:
      translator translate releases/*.txt
      translator translate releases/ --watch
      echo "Umowa weszła w życie." | translator translate - --to ru
    """
    if sum((fast, best, beam is not None)) > 1:
        raise TranslatorError("--fast, --best and --beam set the same thing: give one")
    beam = FAST if fast else BEST if best else beam
    settable = {"beam": beam, "threads": threads, "device": device}
    if device is not None:
        settings.check_device(device)
    changes = {key: value for key, value in settable.items() if value is not None}
    if STDIN in sources:
        if len(sources) > 1 or watch or workers or scheduler:
            raise TranslatorError(
                "- (standard input) goes alone, without files, --watch, --workers or --scheduler"
            )
        _filter(to, options.parse_date(date), enforce, changes, quiet)
    else:
        _files(
            [Path(name) for name in sources],
            to,
            options.parse_date(date),
            redo,
            enforce,
            changes,
            workers,
            scheduler,
            watch,
            quiet,
        )


def _files(
    sources: list[Path],
    to: str | None,
    date: datetime.date | None,
    redo: bool,
    enforce: bool,
    changes: dict[str, Any],
    workers: int,
    scheduler: str,
    watch: bool,
    quiet: bool,
) -> None:
    import dataclasses

    from translator import batch, pipeline

    project = dataclasses.replace(options.project(), **changes)
    languages = options.languages(to, project.languages)
    in_folders = watch or any(source.is_dir() for source in sources)
    always = set() if watch else set(sources)  # what is named itself is read again
    refused = []

    def leave_out(reason: str) -> None:
        refused.append(reason)
        output.remark(f"left out: {reason}")

    def draft(paths: list[Path], crew: pipeline.Workers) -> None:
        doubtful = [] if redo else [path for path in paths if path not in always]
        todo = set(batch.needing_work(project, doubtful, languages, date=date))
        wanted = [path for path in paths if path in todo or path not in doubtful]
        if skipped := len(paths) - len(wanted):
            output.remark(f"unchanged: {skipped} of {len(paths)} documents", quiet=quiet)
        if wanted:
            run = pipeline.translate(
                project,
                wanted,
                languages,
                date=date,
                redo=redo,
                enforce=enforce,
                progress=lambda total, label: output.progress(total, label, quiet=quiet),
                left_out=leave_out if in_folders else None,
                workers=crew,
            )
            told: set[Finding] = set()
            for outcome in run:
                _report(project, outcome, told, quiet)

    with _workers(project, languages, workers, scheduler) as crew:
        if not watch:
            draft(batch.expand(sources), crew)
            if refused:
                raise TranslatorError(f"documents left out: {len(refused)}, see above")
            return
        try:
            for paths in batch.watch(sources):
                draft(paths, crew)
                sys.stdout.flush()
                output.remark("watching, Ctrl-C ends it", quiet=quiet)
        except KeyboardInterrupt:
            output.remark("stopped watching", quiet=quiet)


@contextmanager
def _workers(
    project: settings.Settings, languages: tuple[str, ...], workers: int, scheduler: str
) -> Iterator[pipeline.Workers]:
    """This process, or the cluster that was asked for."""
    if not workers and not scheduler:
        from translator.pipeline import HERE

        yield HERE
        return
    if workers and scheduler:
        raise TranslatorError("--workers starts a cluster here, --scheduler uses one: give one")
    try:
        from translator.cluster import Cluster
    except ImportError as error:
        raise TranslatorError(
            "--workers and --scheduler need Dask: pip install 'translator[cluster]'"
        ) from error
    with Cluster(project, languages, workers=workers, scheduler=scheduler) as cluster:
        yield cluster


def _report(project: settings.Settings, outcome: Outcome, told: set[Finding], quiet: bool) -> None:
    """What was done; what is to be said of a source is `told` once, not for each language."""
    place = project.relative(outcome.catalog)
    for finding in outcome.findings:
        where = place
        if finding.file:
            if finding in told:
                continue
            told.add(finding)
            line = f":{finding.line}" if finding.line else ""
            where = f"{project.relative(Path(finding.file))}{line}"
        output.remark(f"{where}: {finding.severity}: {finding.message}", quiet=quiet)
    output.remark(
        f"{outcome.language}: {outcome.drafted} segments drafted, {outcome.kept} kept", quiet=quiet
    )
    output.result(place)


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
