"""Seconds and memory, the same way in every benchmark."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def timed(runs: int, work: Callable[[], Any]) -> tuple[float, Any]:
    """The median of the seconds that `work` takes, and its last result."""
    seconds, result = [], None
    for _ in range(runs):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), result


@dataclass(frozen=True, slots=True)
class Run:
    """A program that ended: seconds of the clock, its highest memory (MB), what it printed."""

    code: int
    seconds: float
    megabytes: float
    out: bytes
    complaint: str


def execute(arguments: Sequence[str | Path], *, folder: Path) -> Run:
    """Run a program to its end."""
    with tempfile.TemporaryFile() as out:
        start = time.perf_counter()
        process = subprocess.Popen(
            list(map(str, arguments)), cwd=folder, stdout=out, stderr=subprocess.PIPE
        )
        assert process.stderr is not None
        complaint = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        return Run(
            process.returncode,
            seconds,
            usage.ru_maxrss / 1024,
            out.read(),
            complaint.decode(errors="replace"),
        )


def command(arguments: Sequence[str | Path], *, folder: Path) -> tuple[float, float, bytes]:
    """Run a program that must succeed: its seconds, megabytes and output.

    Raises SystemExit, with what it complained of, where it fails.
    """
    run = execute(arguments, folder=folder)
    if run.code:
        raise SystemExit(f"{arguments[0]}: {run.complaint}")
    return run.seconds, run.megabytes, run.out
