"""What is confidential stays: no network, files for the user alone, logs without text."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, SAMPLE, translator

COMMANDS = (
    ("translate", f"releases/{SAMPLE}.txt", "--to", "ru", "--redo"),
    ("status",),
    ("check",),
    ("publish", SAMPLE, "--to", "ru", "--draft"),
    ("pdf", SAMPLE, "--to", "ru", "--draft"),
    ("memory", "import", "memory.tsv"),
    ("memory", "search", "umowa"),
    ("glossary", "explain", "Minister spotkał się z ambasadorem.", "--to", "ru"),
    ("exchange", "export", SAMPLE, "--to", "ru"),
    ("packages", "list"),
    ("doctor",),
)


def prepare(project: Path) -> None:
    (project / "memory.tsv").write_text("pl\tru\nUmowa weszła w życie.\tДоговор вступил в силу.\n")


@pytest.mark.skipif(not shutil.which("strace"), reason="needs strace (Debian: strace)")
def test_no_command_opens_a_connection(drafts: Path, tmp_path: Path) -> None:
    prepare(drafts)
    trace = tmp_path / "trace"
    for command in COMMANDS:
        done = subprocess.run(
            [
                *("strace", "-f", "-qq", "-e", "trace=socket,connect,sendto,sendmsg,bind"),
                *("-o", trace, sys.executable),
                *("-c", "from translator.cli import main; main()", *command),
            ],
            cwd=drafts,
            env={"HOME": str(drafts), "PATH": "/usr/bin:/bin"},
            capture_output=True,
        )
        if b"ptrace" in done.stderr:
            pytest.skip("this machine does not let strace trace")
        assert done.returncode in (0, 1), done.stderr.decode()
        asked = [line for line in trace.read_text().splitlines() if "AF_UNIX" not in line]
        assert asked == [], command


def test_what_is_written_is_for_those_whom_the_umask_allows(drafts: Path) -> None:
    prepare(drafts)
    before = set(drafts.rglob("*"))
    code = "import os; os.umask(0o077); from translator.cli import main; main()"
    for command in COMMANDS:
        done = subprocess.run(
            [sys.executable, "-c", code, *command],
            cwd=drafts,
            env={"HOME": str(drafts), "PATH": "/usr/bin:/bin"},
            capture_output=True,
        )
        assert done.returncode in (0, 1), done.stderr.decode()
    made = set(drafts.rglob("*")) - before
    assert len(made) > 5
    assert [path for path in made if path.stat().st_mode & 0o077] == []


def test_a_log_names_files_and_no_word_of_a_release(drafts: Path) -> None:
    prepare(drafts)
    for command in COMMANDS:
        done = translator("--verbose", *command, cwd=drafts)
        assert done.returncode in (0, 1), done.stderr
    broken = translator("--verbose", "approve", "Umowa", "--to", "ru", cwd=drafts)
    assert broken.returncode == 2
    path = drafts / "translator.log"
    log = path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o777 == 0o600
    assert f"public/ru/{SAMPLE}.draft.html" in log
    assert "TranslatorError" in log
    words = set(re.findall(r"\w{5,}", (ROOT / f"releases/{SAMPLE}.txt").read_text("utf-8")))
    for po in (drafts / "locales").rglob("*.po"):
        words |= set(re.findall(r"[а-яёәғқңөұүһі]{4,}", po.read_text(encoding="utf-8").lower()))
    told = re.sub(r"\S*/\S*", "", log)  # the names of files
    assert sorted(words & set(re.findall(r"\w+", told))) == []
