"""A short stretch of random work that loses nothing and does not grow (see soak.py)."""

from __future__ import annotations

import os
import shutil

import pytest
from soak import run

SECONDS = float(os.environ.get("SOAK_SECONDS", "25"))


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="needs msgfmt (Debian: gettext)")
def test_random_work_loses_nothing() -> None:
    told: list[str] = []
    steps = run(SECONDS, releases=30, seed=5, told=told.append)
    assert "none lost" in told[-1]
    for kind in ("translate", "change", "review", "edit", "approve", "publish", "hand_over"):
        assert steps[kind], kind
