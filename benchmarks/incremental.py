"""What it costs to translate an archive again, unchanged or with one sentence changed.

    .venv/bin/python benchmarks/incremental.py [--releases 300] [--to ru]

The whole command `translator translate releases/` in a process of its own, start-up included.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path

import archive
from timing import command


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--releases", type=int, default=300)
    parser.add_argument("--to", default="ru")
    options = parser.parse_args()
    translator = Path(sys.executable).with_name("translator")
    with tempfile.TemporaryDirectory() as name:
        project = archive.project(Path(name) / "project", options.releases)
        run = [translator, "translate", "releases/", "--to", options.to, "-q"]
        first, _, _ = command(run, folder=project.root)
        again, _, _ = command(run, folder=project.root)
        path = sorted(project.releases.iterdir())[options.releases // 2]
        old = {p: p.read_bytes() for p in sorted((project.root / "locales").rglob("*.po"))}
        text = path.read_text(encoding="utf-8")
        changed = re.sub(r"\.\n\Z", " i uzgodniono następne spotkanie.\n", text)
        assert changed != text
        path.write_text(changed, encoding="utf-8")
        one, _, _ = command(run, folder=project.root)
        touched = [p for p in old if p.read_bytes() != old[p]]
        before = old[touched[0]].split(b"\n\n")
        after = touched[0].read_bytes().split(b"\n\n")[1:]  # without the header
        new = [entry for entry in after if entry not in before and b"#~ msgid" not in entry]

    print(f"{options.releases} releases to {options.to}")
    print(f"first run               {first:7.2f} s")
    print(f"unchanged               {again:7.2f} s ({again / first:.1%} of the first)")
    print(f"one sentence changed    {one:7.2f} s ({one / first:.1%})")
    print(f"catalogs changed: {len(touched)}; segments translated: {len(new)}")


if __name__ == "__main__":
    main()
