"""Writers of one catalog at the same time (see interleavings.py)."""

from __future__ import annotations

import os
import shutil

import pytest
from interleavings import play

RUNS = int(os.environ.get("INTERLEAVINGS", "100"))


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="needs msgfmt (Debian: gettext)")
def test_no_order_of_writers_loses_an_edit() -> None:
    log = play(RUNS, seed=1_000_000)
    for event in ("page", "editor", "translate", "approve", "editor saved in between"):
        assert log[event] >= RUNS, event
    assert log["editor saved at the last moment"] >= RUNS // 2
    assert log["told to be stale"]
