"""`translator doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from translator.cli import options, output

if TYPE_CHECKING:
    from translator.diagnosis import Result


def register(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(
    bundle: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write a bug report (.zip) without any text of a release."
        ),
    ] = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Check the installation and the project, and say what to do; exits with 1 on errors.

    Example: translator doctor --bundle report.zip
    """
    from translator import diagnosis

    results = diagnosis.diagnose(Path.cwd())
    if json:
        output.as_json(
            [
                {"area": r.area, "level": r.level.value, "message": r.message, "advice": r.advice}
                for r in results
            ]
        )
    else:
        for result in results:
            if not (quiet and result.level is diagnosis.Level.OK):
                output.result(str(result))
    if bundle is not None:
        _write(bundle, results, quiet=quiet)
    if any(result.level is diagnosis.Level.ERROR for result in results):
        raise typer.Exit(1)


def _write(path: Path, results: list[Result], *, quiet: bool) -> None:
    from translator import bugreport, files
    from translator.errors import TranslatorError
    from translator.project import settings_or_defaults
    from translator.settings import Settings

    try:
        settings = settings_or_defaults(Path.cwd())
    except TranslatorError:  # which `results` tell
        settings = Settings(root=Path.cwd())
    files.write(path, bugreport.bundle(settings, results))
    output.remark(f"wrote {path}; it holds no text of a release: look into it", quiet=quiet)
