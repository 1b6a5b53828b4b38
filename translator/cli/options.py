"""The options and arguments that several commands share, each spelled once."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

import typer

from translator import settings
from translator.errors import TranslatorError

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print results and errors only.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON to standard output.")]
To = Annotated[
    str | None,
    typer.Option(
        "--to", "-t", metavar="LANG,…", help="Target languages; all of the project's if left out."
    ),
]
ReleaseName = Annotated[
    str, typer.Argument(metavar="RELEASE", help="A release: its name, or the path of its source.")
]
ReleaseNames = Annotated[
    list[str] | None,
    typer.Argument(metavar="[RELEASE]…", help="Releases by name or path; all if left out."),
]


def project() -> settings.Settings:
    """The project around the working folder."""
    return settings.load(Path.cwd())


def names(text: str) -> tuple[str, ...]:
    """The names in a value such as "html,pdf", each once, in order."""
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def languages(to: str | None, default: tuple[str, ...]) -> tuple[str, ...]:
    """The codes in a `--to` value, each once, in order."""
    if to is None:
        return default
    codes = names(to)
    if not codes:
        raise TranslatorError("--to names no language: use for example --to en,ru")
    for code in codes:
        settings.check_language(code)
    return codes


def language(to: str | None) -> str:
    """The one code in a `--to` value."""
    codes = languages(to, ())
    if len(codes) != 1:
        raise TranslatorError("one language goes here: say for example --to ru")
    return codes[0]


def parse_date(text: str | None) -> datetime.date | None:
    """The date of a `--date` value."""
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise TranslatorError(f"--date {text} is no date: write it as 2026-12-08") from error
