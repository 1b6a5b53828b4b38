"""The errors that end a command with one clear line instead of a traceback."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class TranslatorError(Exception):
    """Bad input or a condition that the user can mend: one line that says where, what is wrong,
    what to do.

    The command line prints `details`, where there are any, then the line, and exits with
    `exit_code` (2: usage or bad input, 1: findings or refusal).
    """

    exit_code = 2

    def __init__(
        self,
        message: str,
        *,
        file: Path | str | None = None,
        line: int | None = None,
        details: Sequence[str] = (),
    ):
        place = "" if file is None else f"{file}:{line}: " if line else f"{file}: "
        # A library's message that it quotes may have line breaks.
        super().__init__(" ".join(line.strip() for line in (place + message).splitlines()))
        self.details = tuple(details)


class Refusal(TranslatorError):
    """The input is fine but the tool will not do it, such as publishing what nobody reviewed."""

    exit_code = 1


class Conflict(TranslatorError):
    """A file is no longer what was read: another program wrote it in the meantime."""


class Interrupted(TranslatorError):
    """The user stopped the run (Ctrl-C); what was finished has been saved."""

    exit_code = 130
