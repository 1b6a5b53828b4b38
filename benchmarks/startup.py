"""Start-up and memory of the commands, each in a process of its own.

    .venv/bin/python benchmarks/startup.py [--runs 5] [--archives 10,1000,20000]

Seconds are medians of the clock, megabytes the highest resident size. `first segment` is the filter
`translator translate -` with one line; `sample` the sample release in three languages with catalogs
written; `package` a process that loads one package and translates with it. The archives are
synthetic (see archive.py), two segments a release, translated to Russian from nothing: how much
memory they need must not depend on how many they are.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import archive
from timing import command

TRANSLATOR = Path(sys.executable).with_name("translator")
SAMPLE = "konsultacje-polska-kazachstan"
PACKAGE = """
from translator.machine.engine import Engine
print(Engine().translate(["Minister spotkał się z ambasadorem."], "ru"))
"""


def sample_project(folder: Path) -> Path:
    """A copy of the repository's project without its drafts."""
    for name in ("translator.toml", "glossaries", "releases"):
        source = archive.ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--archives", default="10,1000")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "line.sh").write_text(
            f'echo "Minister spotkał się z ambasadorem." | "{TRANSLATOR}" translate - --to ru\n'
        )
        (folder / "sample.sh").write_text(
            f'rm -rf locales; "{TRANSLATOR}" translate releases/{SAMPLE}.txt --date 2021-12-08 -q\n'
        )
        sample_project(folder)
        commands = {
            "--help": [TRANSLATOR, "--help"],
            "first segment": ["sh", "line.sh"],
            "sample": ["sh", "sample.sh"],
            "status": [TRANSLATOR, "status"],
            "package": [sys.executable, "-c", PACKAGE],
        }
        for label, arguments in commands.items():
            runs = [command(arguments, folder=folder) for _ in range(options.runs)]
            seconds, memory = statistics.median(r[0] for r in runs), max(r[1] for r in runs)
            shown = f"{memory:5.0f} MB" if label not in ("first segment", "sample") else ""
            print(f"{label:16} {seconds:7.3f} s  {shown}")
        for count in map(int, options.archives.split(",")):
            project = archive.project(folder / str(count), count, size=2)
            run = [TRANSLATOR, "translate", "releases/", "--to", "ru", "-q"]
            seconds, memory, _ = command(run, folder=project.root)
            print(f"{count:6} releases  {seconds:7.1f} s  {memory:5.0f} MB")


if __name__ == "__main__":
    main()
