"""Commands that are killed or disturbed in the middle leave whole files (see crash.py)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from crash import scenarios

# Every call that changes a file is tried by `python tests/crash.py`; here every so many-th.
STEP = int(os.environ.get("CRASH_STEP", "37"))

pytestmark = [
    pytest.mark.skipif(not shutil.which("gcc"), reason="gcc (Debian: gcc) builds the faults"),
    pytest.mark.skipif(not shutil.which("msgfmt"), reason="needs msgfmt (Debian: gettext)"),
]


@pytest.mark.parametrize("scenario", [scenario.name for scenario in scenarios()])
def test_what_is_left_is_whole_and_the_next_run_completes_it(scenario: str) -> None:
    run = subprocess.run(
        [
            sys.executable,
            Path(__file__).with_name("crash.py"),
            *("--only", scenario, "--exactly", "--every", str(STEP)),
            *("--random", "1", "--faults", "killed,disk full,file vanished,clock set back"),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "killed at random: 1" in run.stdout
