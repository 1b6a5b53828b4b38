"""The installed package carries all that it needs at run time, and works away from the checkout."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from conftest import ROOT


def test_the_wheel_translates_without_the_checkout(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    work = tmp_path / "work"
    work.mkdir()
    code = (
        f"import sys; sys.path.insert(0, {str(site)!r});"
        "import translator; assert translator.__file__.startswith(sys.path[0]), translator;"
        "from translator.cli import main; main()"
    )

    def run(*arguments: str, stdin: str = "") -> str:
        command = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(
            command, cwd=work, input=stdin, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "Қазақстан" in run("translate", "-", "--to", "kk", stdin="Wizyta w Kazachstanie\n")
    run("init")
    assert (work / "glossaries/diplomacy.csv").is_file()
    text = "Konsultacje w Kazachstanie\n\nOdbyły się konsultacje polityczne.\n"
    (work / "releases/a.txt").write_text(text, encoding="utf-8")
    run("translate", "releases/a.txt", "--to", "kk")
    run("publish", "a", "--to", "kk", "--draft")
    assert "ЖОБА" in (work / "public/kk/a.draft.txt").read_text(encoding="utf-8")
