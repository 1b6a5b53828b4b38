"""Whether the time per segment stays the same from a hundred segments to a hundred thousand.

    .venv/bin/python benchmarks/growth.py [--largest 100000] [--memory 1000000] [--plot FILE.svg]

The stages of the pipeline beside the machine, each over archives of synthetic releases (see
archive.py) of 100, 1,000, … segments: the milliseconds of the processor for a segment, and the
largest deviation from the stage's own mean. All is measured after the first 10,000 segments, when
words that come often have been looked up; small archives several times over, other ones each time,
so that every figure stands for at least 4,000 segments.

`matching`: 10,000 terms. `memory`: exact and fuzzy look-ups in a memory of so many segments, at
most 10,000 of them. `catalogs`: written, read and brought up to date. `publishing`: text and HTML.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from math import log10
from pathlib import Path

import archive
from matching import noun_phrases

from translator import checks, pipeline
from translator.catalogs import Catalog
from translator.memory import Entry, Memory
from translator.model import Draft, Release, Term
from translator.reporting import plot
from translator.settings import Settings
from translator.terminology import Terminology
from translator.terminology.matching import Matcher
from translator.terminology.termbase import TermBase

LEAST = 4_000  # segments that a figure stands for
LOOKUPS = 10_000
FIRST = 10_000  # segments before anything is measured
TERMS = 10_000


@dataclass
class Sample:
    """An archive to measure on: its project, its files, and what they hold."""

    project: Settings
    paths: list[Path]
    releases: list[Release]
    targets: Iterator[str]

    @property
    def texts(self) -> list[str]:
        return [segment.text for release in self.releases for segment in release.segments]


def segmenting(sample: Sample) -> int:
    return sum(len(pipeline.open_release(path).segments) for path in sample.paths)


def checking(rows: Sequence[archive.Row], terminology: Terminology) -> Callable[[Sample], int]:
    draw = random.Random(2)

    def check(sample: Sample) -> int:
        for release in sample.releases:
            chosen = draw.choices(rows, k=len(release.segments))
            matches = terminology.find([row[0] for row in chosen])
            for row, found in zip(chosen, matches, strict=True):
                checks.check(row[0], row[2], "ru", matches=found, year=2021)
        return len(sample.texts)

    return check


def catalogs(sample: Sample) -> int:
    for release in sample.releases:
        path = sample.project.catalog(release.name, "ru")
        source = sample.project.relative(release.path)
        drafts = {s.text: Draft(next(sample.targets), "machine") for s in release.segments}
        catalog = Catalog.new(path, release, "ru", source)
        catalog.update(release, drafts, source_file=source)
        catalog.save()
        catalog = Catalog.read(path)
        catalog.update(release, {}, source_file=source)
        catalog.save()
    return len(sample.texts)


def publishing(sample: Sample) -> int:
    for release in sample.releases:
        pipeline.publish(sample.project, release.name, "ru", ["txt", "html"], draft=True)
    return len(sample.texts)


def looking_up(memory: Memory) -> Callable[[Sample], int]:
    def look(sample: Sample) -> int:
        texts = sample.texts[:LOOKUPS]
        for text in texts:
            memory.exact(text, "ru")
            memory.fuzzy(text, "ru")
        return len(texts)

    return look


def matching(terms: Sequence[Term]) -> Callable[[Sample], int]:
    matcher = Matcher(terms)

    def match(sample: Sample) -> int:
        matcher.find_all(sample.texts)
        return len(sample.texts)

    return match


def ten_thousand_terms(texts: list[str]) -> list[Term]:
    """The glossaries', and noun phrases of the corpus."""
    terms = list(TermBase.load(sorted((archive.ROOT / "glossaries").glob("*.csv"))).terms)
    known = {term.source for term in terms}
    phrases = (p for p in dict.fromkeys(noun_phrases(texts)) if p not in known)
    return terms + [Term(p, {"ru": p}) for p in islice(phrases, TERMS - len(terms))]


def samples(size: int, rows: Sequence[archive.Row], folder: Path) -> Iterator[Sample]:
    """Archives of `size` segments each, as many as a figure needs."""
    count = max(1, size // archive.SEGMENTS)
    for seed in range(max(1, LEAST // size)):
        root = folder / f"{size}-{seed}"
        project = archive.project(root, count, seed=size + seed)
        paths = sorted(project.releases.iterdir())
        releases = [pipeline.open_release(path) for path in paths]
        yield Sample(project, paths, releases, cycle(row[2] for row in rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--largest", type=int, default=100_000)
    parser.add_argument("--memory", type=int, default=1_000_000)
    parser.add_argument("--plot", type=Path, help="write the curves there, as SVG")
    options = parser.parse_args()
    sizes = [10**n for n in range(2, 7) if 10**n <= options.largest]
    rows = archive.rows()
    draw = random.Random(1)
    with tempfile.TemporaryDirectory() as name, Memory(Path(name) / "memory.sqlite") as memory:
        made = islice(archive.segments([row[0] for row in rows], draw), options.memory)
        memory.add(Entry(text, "Текст", "ru") for text in made)
        terminology = Terminology.load(sorted((archive.ROOT / "glossaries").glob("*.csv")))
        stages: dict[str, Callable[[Sample], int]] = {
            "segmenting": segmenting,
            "matching": matching(ten_thousand_terms([row[0] for row in rows])),
            "memory": looking_up(memory),
            "checks": checking(rows, terminology),
            "catalogs": catalogs,
            "publishing": publishing,
        }
        for sample in samples(FIRST, rows, Path(name) / "first"):  # imports and first look-ups
            for work in stages.values():
                work(sample)
        measured: dict[str, list[float]] = {stage: [] for stage in stages}
        print(f"{'ms a segment':12}" + "".join(f"{stage:>12}" for stage in stages))
        for size in sizes:
            spent, done = dict[str, float](), dict[str, int]()
            archives = list(samples(size, rows, Path(name)))
            for stage, work in stages.items():
                start = time.process_time()
                done[stage] = sum(map(work, archives))
                spent[stage] = time.process_time() - start
            for stage in stages:
                measured[stage].append(1000 * spent[stage] / done[stage])
            print(f"{size:<12}" + "".join(f"{measured[stage][-1]:12.3f}" for stage in stages))
    means = {stage: sum(found) / len(found) for stage, found in measured.items()}
    worst = {s: max(abs(ms / means[s] - 1) for ms in found) for s, found in measured.items()}
    print(f"{'deviation':12}" + "".join(f"{worst[stage]:12.0%}" for stage in stages))
    if options.plot:
        curves = [
            plot.Curve(
                stage,
                [
                    (log10(n), ms / means[stage], f"{n:,} segments: {ms:.3f} ms a segment")
                    for n, ms in zip(sizes, found, strict=True)
                ],
            )
            for stage, found in measured.items()
        ]
        svg = plot.lines(
            curves,
            id="growth",
            title="Time of a segment, against the stage's mean",
            description="Flat curves: ten times the segments take ten times as long.",
            ticks=[(log10(size), f"{size:,}") for size in sizes],
            high=2,
        )
        options.plot.write_text(plot.standalone(svg), encoding="utf-8")


if __name__ == "__main__":
    main()
