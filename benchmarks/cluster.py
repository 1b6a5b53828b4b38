"""What 1, 10 and 100 machines need for a million releases, from one machine's figures.

    .venv/bin/python benchmarks/cluster.py [--releases 200] [--to ru] [--network 100]

Measured here: how many segments a machine like this one drafts in a second; how many the one
process does that reads releases, finds terms and writes catalogs (with workers that answer at
once); how many bytes go to the workers and back for a segment. Computed from that: the hours for a
million releases of eight segments in three languages, and what sets the limit: the workers, the one
process, or a network of so many megabytes per second. A memory of approved segments to look up in
costs the one process more (benchmarks/memory.py).
"""

from __future__ import annotations

import argparse
import os
import pickle
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import archive
from speed import silent

from translator import pipeline
from translator.cluster import Shipment, Task
from translator.drafting import Drafter, Job
from translator.model import Draft

RELEASES, LANGUAGES = 1_000_000, 3


class Answering:
    """Workers that have the drafts already."""

    workers = 1
    chunk = 64

    def __init__(self, drafts: dict[str, Draft]):
        self._drafts = drafts

    def draft(
        self, drafter: Drafter, chunks: Iterable[Sequence[Job]]
    ) -> Iterator[tuple[int, list[Draft]]]:
        for number, jobs in enumerate(chunks):
            yield number, [self._drafts[job.marked] for job in jobs]


class Listening(pipeline.Here):
    """This process, which keeps what it drafts and counts the bytes that would have been sent."""

    def __init__(self, task: Task):
        self.drafts: dict[str, Draft] = {}
        self.sent = self.received = 0
        self.seconds = 0.0
        self._task = task

    def draft(
        self, drafter: Drafter, chunks: Iterable[Sequence[Job]]
    ) -> Iterator[tuple[int, list[Draft]]]:
        for number, jobs in enumerate(chunks):
            start = time.perf_counter()
            drafts = drafter.draft(jobs)
            self.seconds += time.perf_counter() - start
            self.drafts |= {job.marked: d for job, d in zip(jobs, drafts, strict=True)}
            self.sent += len(pickle.dumps((self._task, jobs)))
            self.received += len(pickle.dumps(drafts))
            yield number, drafts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--releases", type=int, default=200)
    parser.add_argument("--to", default="ru")
    parser.add_argument("--network", type=float, default=100, help="megabytes per second")
    options = parser.parse_args()
    to = [options.to]
    with tempfile.TemporaryDirectory() as name:
        project = archive.project(Path(name) / "project", options.releases)
        paths = sorted(project.releases.iterdir())
        task = Task(options.to, True, project.style, project.beam, 0, project.batch_tokens, "cpu")
        here = Listening(task)
        for _ in pipeline.translate(project, paths, to, progress=silent, workers=here):
            pass
        count = len(here.drafts)
        for path in project.locales.rglob("*.po"):
            path.unlink()
        start = time.perf_counter()
        answering = Answering(here.drafts)
        for _ in pipeline.translate(project, paths, to, progress=silent, workers=answering):
            pass
        alone = time.perf_counter() - start
    engine = pipeline.engine(project)
    shipment = Shipment.of({code: engine.route(code) for code in project.languages})
    packages = sum(map(len, shipment.contents.values())) / 1e6
    worker, writer = count / here.seconds, count / alone
    traffic = (here.sent + here.received) / count
    print(f"a machine ({len(os.sched_getaffinity(0))} processors): {worker:.0f} segments/s drafted")
    print(f"the one process: {writer:.0f} segments/s read, looked up and written")
    print(f"{here.sent / count:.0f} bytes a segment sent, {here.received / count:.0f} received")
    print(f"{packages:.0f} MB of packages for each worker, once")
    segments = RELEASES * archive.SEGMENTS * LANGUAGES
    network = options.network * 1e6 / traffic
    print(f"\n{RELEASES:,} releases, {segments:,} segments:")
    for machines in (1, 10, 100):
        rates = {"the workers": machines * worker, "the one process": writer, "network": network}
        limit = min(rates, key=lambda name: rates[name])
        hours = segments / rates[limit] / 3600
        share = rates[limit] * traffic / 1e6
        print(f"{machines:4} machines  {hours:7.1f} h   limit: {limit:16} {share:5.1f} MB/s sent")
    print(
        f"the one process keeps up with {writer / worker:.0f} such machines; then split the archive"
    )


if __name__ == "__main__":
    main()
