"""Documents made to harm are refused with one line and little memory (see the benchmark)."""

from __future__ import annotations

import subprocess
import sys

import pytest
from conftest import ROOT


@pytest.mark.parametrize("chosen", ["docx", "XXE", "laughs", "path"])
def test_traps_do_no_harm(chosen: str) -> None:
    run = subprocess.run(
        [sys.executable, ROOT / "benchmarks/hostile.py", "--only", chosen],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 of them did harm" in run.stdout
    assert len(run.stdout.splitlines()) > 5
