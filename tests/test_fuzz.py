"""Damaged files of every format are read or refused with one clear line (see fuzz.py)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import fuzz
import pytest

# 20,100 inputs in all, fewer of what takes longer; the long run is `python tests/fuzz.py`.
SHARE = float(os.environ.get("FUZZ_SHARE", "1"))
SLOW = {"HTML": 600, "Markdown": 600, "text": 600, "DOCX": 600, "ODT": 600}
OTHERS = 1_900


def test_twenty_thousand_inputs_are_tried() -> None:
    assert sum(SLOW.get(format.name, OTHERS) for format in fuzz.FORMATS) >= 20_000


@pytest.mark.parametrize("format", fuzz.FORMATS, ids=lambda format: format.name)
def test_damage_is_read_or_refused(format: fuzz.Format) -> None:
    count = int(SHARE * SLOW.get(format.name, OTHERS))
    result = fuzz.run(format, count, seed=11)
    assert [why for why, _ in result.failures] == []
    assert result.read + result.refused == count
    assert result.refused  # the damage is damage


def test_coverage_guides_the_damage() -> None:
    pytest.importorskip("atheris", reason="atheris has no wheel for this Python")
    guided = Path(__file__).with_name("guided.py")
    run = subprocess.run(
        [sys.executable, guided, "--only", "T", "--inputs", "1200"], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 formats failed" in run.stdout
