"""What commands show: results on standard output, progress and remarks on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any


def result(text: str) -> None:
    """A line of the command's result."""
    print(text)


def remark(text: str, *, quiet: bool = False) -> None:
    """A line about what is going on."""
    if not quiet:
        print(text, file=sys.stderr)


def as_json(value: Any) -> None:
    """A value of plain types, as indented JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Sequence[str] = ()
) -> None:
    """A table: drawn by rich on a terminal, tab-separated lines otherwise. `numbers` are
    right-aligned.
    """
    if not sys.stdout.isatty():
        for row in (columns, *rows):
            print("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # On a narrow terminal headers and texts are folded rather than cut, and figures stay whole.
    drawn = Table(box=None, pad_edge=False, collapse_padding=True, header_style="bold")
    for index, column in enumerate(columns):
        is_number = column in numbers
        drawn.add_column(
            column,
            justify="right" if is_number else "left",
            overflow="fold",
            min_width=max((len(row[index]) for row in rows), default=0) if is_number else None,
        )
    for row in rows:
        drawn.add_row(*(Text(cell) for cell in row))
    Console().print(drawn)


@contextmanager
def progress(
    total: int, label: str, *, quiet: bool = False, unit: str = "segments"
) -> Iterator[Callable[[int], None]]:
    """Show how far a job of `total` segments (or MB, given in bytes) is; yields a function to call
    with the number just done.

    A bar with the speed and time left on a terminal; otherwise a plain line at each tenth.
    """
    if quiet or not total:
        yield lambda done: None
        return
    if not sys.stderr.isatty():
        yield _plain(total, label, unit)
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )
    from rich.text import Text

    class Rate(TextColumn):
        def render(self, task: Any) -> Text:
            return Text(f"{task.speed or 0:.1f} {unit}/s")

    counts: tuple[ProgressColumn, ...] = (MofNCompleteColumn(), Rate(""))
    if unit == "MB":
        counts = (DownloadColumn(), TransferSpeedColumn())
    columns = (TextColumn("{task.description}"), BarColumn(), *counts, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=total)
        yield lambda done: bar.advance(task, done)


def _plain(total: int, label: str, unit: str) -> Callable[[int], None]:
    import time

    start, state = time.monotonic(), {"done": 0, "shown": 0}

    def shown(number: int) -> str:
        return f"{number / 1e6:.1f}" if unit == "MB" else str(number)

    def advance(done: int) -> None:
        state["done"] += done
        tenth = 10 * state["done"] // total
        if tenth > state["shown"]:
            state["shown"] = tenth
            rate = state["done"] / max(time.monotonic() - start, 1e-6)
            rate = rate / 1e6 if unit == "MB" else rate
            remark(f"{label}: {shown(state['done'])}/{shown(total)} {unit}, {rate:.1f} {unit}/s")

    return advance
