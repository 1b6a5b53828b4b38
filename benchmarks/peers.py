"""Readers, checks and catalog updates beside Translate Toolkit and po4a, on the same files.

    .venv/bin/python benchmarks/peers.py [--segments 2000] [--pages 15] [--runs 3]

checks     a PO file of corpus rows: `translator check` (terms, names and figures included) against
           `pofilter --language ru`; and how many of the wrong figures that are put into every tenth
           row each finds.
HTML       pages of a ministry into units and back: our reader and writer against html2po, po2html.
catalogs   a changed text into its catalog: our update against po4a-updatepo (a command of its own
           in Perl, so with the start of a process; ours is the function that the command calls).

All in one process but po4a; medians of several runs.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import archive
from timing import timed

sys.path.insert(0, str(archive.ROOT / "tests"))

import papers
from documents import translations
from translate.convert import html2po, po2html
from translate.filters import checks as toolkit_checks
from translate.filters import pofilter
from translate.storage import po as toolkit_po

from translator import documents, pipeline, settings
from translator.catalogs import Catalog
from translator.model import Block, BlockKind, Draft, Release, Segment


def spoilt(target: str) -> str:
    """The translation with a figure changed, where it has one."""
    return re.sub(r"\d", lambda m: str((int(m[0]) + 1) % 10), target, count=1)


def check(count: int, runs: int, folder: Path) -> None:
    rows = archive.rows()[:count]
    targets = {}
    wrong = set()
    for number, row in enumerate(rows):
        targets[row[0]] = row[2]
        if number % 10 == 0 and (changed := spoilt(row[2])) != row[2]:
            targets[row[0]] = changed
            wrong.add(row[0])
    blocks = tuple(
        Block(n, BlockKind.PARAGRAPH, text, segments=(Segment(text),))
        for n, text in enumerate(targets, 1)
    )
    release = Release("check", folder / "releases/check.txt", "0" * 64, blocks)
    project = archive.project(folder / "project", 1)
    path = project.catalog("check", "ru")
    catalog = Catalog.new(path, release, "ru", "releases/check.txt")
    catalog.update(release, {t: Draft(u, "x") for t, u in targets.items()}, source_file="x")
    catalog.approve(targets)
    catalog.save()
    ours, findings = timed(runs, lambda: pipeline.check(project, [path]))
    options = SimpleNamespace(
        excludefilters=[], limitfilters=None, includefuzzy=True, includereview=True,
        autocorrect=False, addnotes=False,
    )  # fmt: skip
    config = toolkit_checks.CheckerConfig(targetlanguage="ru")
    filter = pofilter.pocheckfilter(options, checkerconfig=config)
    store = toolkit_po.pofile(io.BytesIO(path.read_bytes()))

    def filtered() -> list[tuple[str, set[str]]]:
        return [(u.source, set(filter.filterunit(u))) for u in store.units if not u.isheader()]

    theirs, failed = timed(runs, filtered)
    seen = {f.source for f in findings if f.id in ("number-differs", "name-missing")}
    told = {source for source, failures in failed if "numbers" in failures}
    clean = set(targets) - wrong
    print(f"checks, {len(targets)} units, {len(wrong)} of them with a wrong figure")
    print(
        f"  translator check {len(targets) / ours:8.0f} units/s, figures found "
        f"{len(seen & wrong)}/{len(wrong)}, alarms about figures of right rows {len(seen & clean)}"
    )
    print(
        f"  pofilter         {len(targets) / theirs:8.0f} units/s, figures found "
        f"{len(told & wrong)}/{len(wrong)}, alarms about figures of right rows {len(told & clean)}"
    )


def pages(count: int, runs: int, folder: Path) -> None:
    paths = []
    for name in list(papers.SHAPES)[:count]:
        path = folder / f"{name}.html"
        path.write_text(papers.page(name), encoding="utf-8")
        paths.append(path)

    def ours() -> int:
        written = 0
        for path in paths:
            release = documents.read(path)
            written += len(documents.write(path, translations(release), "ru"))
        return written

    def theirs() -> int:
        written = 0
        for path in paths:
            units, page = io.BytesIO(), io.BytesIO()
            html2po.converthtml(io.BytesIO(path.read_bytes()), units, None)
            units = io.BytesIO(units.getvalue())
            po2html.converthtml(units, page, io.BytesIO(path.read_bytes()), includefuzzy=True)
            written += len(page.getvalue())
        return written

    seconds, _ = timed(runs, ours)
    toolkit, _ = timed(runs, theirs)
    print(f"HTML, {len(paths)} pages read, segmented and written")
    print(f"  translator       {len(paths) / seconds:8.0f} pages/s")
    print(f"  html2po, po2html {len(paths) / toolkit:8.0f} pages/s")


def catalogs(runs: int, folder: Path) -> None:
    if not shutil.which("po4a-updatepo"):
        print("catalogs: po4a is not installed (Debian: po4a)")
        return
    project: settings.Settings = archive.project(folder / "catalogs", 20)
    paths = sorted(project.releases.iterdir())
    releases = [pipeline.open_release(path) for path in paths]
    for release in releases:
        drafts = {s.text: Draft("Текст.", "x") for s in release.segments}
        pipeline._update(project, project.catalog(release.name, "ru"), release, drafts)

    def ours() -> None:
        for number, path in enumerate(paths):
            text = path.read_text(encoding="utf-8").rstrip("\n") + f" Zmiana {number}.\n"
            path.write_text(text, encoding="utf-8")
            release = replace(pipeline.open_release(path), name=path.stem)
            pipeline._update(project, project.catalog(path.stem, "ru"), release, {})

    def theirs() -> None:
        for path in paths:
            command: Sequence[str | Path] = [
                *("po4a-updatepo", "-f", "text", "-M", "UTF-8", "-m", path),
                *("-p", folder / f"{path.stem}.po"),
            ]
            subprocess.run(command, check=True, capture_output=True)

    seconds, _ = timed(runs, ours)
    perl, _ = timed(runs, theirs)
    print(f"catalogs, {len(paths)} changed releases")
    print(f"  translator       {1000 * seconds / len(paths):8.1f} ms a release")
    print(f"  po4a-updatepo    {1000 * perl / len(paths):8.1f} ms a release")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--segments", type=int, default=2000)
    parser.add_argument("--pages", type=int, default=15)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        check(options.segments, options.runs, Path(name))
        pages(options.pages, options.runs, Path(name))
        catalogs(options.runs, Path(name))


if __name__ == "__main__":
    main()
