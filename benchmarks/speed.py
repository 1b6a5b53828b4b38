"""Segments per second over an archive of releases, beside Argos Translate's own API.

    .venv/bin/python benchmarks/speed.py [--releases 100] [--to ru] [--runs 3] [--profile]

The releases are synthetic (see archive.py). translator's time is all of `translator translate`
without start-up: releases read and segmented, looked up in the memory, decoded, checked, catalogs
written; once without and once with the enforcement of terms. Argos gets the segments alone.

Both get the same packages, beam and threads. Argos's sentence splitter wants a download, so one
that returns the segment whole takes its place; its API takes one text at a time. Equal outputs are
counted over all segments and over those where Argos's output is usable: translator decodes the
others (empty, looping, wrong script, absurd length) again in other ways, which is part of its time.
"Raw" is CTranslate2 alone on the same tokens in batches that it makes itself, one thread a batch as
translator has it. All figures are medians.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import archive
from timing import timed

from translator import pipeline
from translator.machine import packages
from translator.machine.engine import LENGTH_PENALTY, Engine
from translator.machine.quality import problem
from translator.settings import Settings


def argos(route: tuple[packages.Package, ...], beam: int, threads: int) -> Callable[[str], str]:
    """Argos Translate's PackageTranslation (CompositeTranslation for a pivot) on our packages."""
    from argostranslate import settings
    from argostranslate.translate import CompositeTranslation, Language, PackageTranslation

    settings.beam_size, settings.inter_threads, settings.intra_threads = beam, 1, threads
    hops = []
    for package in route:
        ends = [Language(code, code) for code in (package.from_code, package.to_code)]
        hop = PackageTranslation(*ends, package.argos)
        hop.sentencizer = SimpleNamespace(split_sentences=lambda text: [text])
        hops.append(hop)
    return (hops[0] if len(hops) == 1 else CompositeTranslation(*hops)).translate


@contextmanager
def silent(total: int, label: str) -> Any:
    yield lambda count: None


def translate(project: Settings, paths: Sequence[Path], to: str, *, enforce: bool) -> None:
    """All of a first run: no catalogs are there."""
    shutil.rmtree(project.locales, ignore_errors=True)
    for _ in pipeline.translate(project, paths, [to], progress=silent, enforce=enforce):
        pass


def raw(engine: Engine, package: packages.Package, segments: Sequence[str]) -> None:
    tokens = [package.argos.tokenizer.encode(segment) for segment in segments]
    tag = [[package.target_prefix]] * len(tokens) if package.target_prefix else None
    engine._model(package).translate_batch(
        tokens,
        target_prefix=tag,
        beam_size=engine.beam,
        length_penalty=LENGTH_PENALTY,
        max_batch_size=engine.batch_tokens,
        batch_type="tokens",
    )


def profile(work: Callable[[], Any]) -> None:
    """Where the time goes, by the folder or module of translator that spends it."""
    profiler = cProfile.Profile()
    profiler.runcall(work)
    spent: Counter[str] = Counter()
    for (file, _, name), (_, _, own, _, callers) in pstats.Stats(profiler).stats.items():  # type: ignore[attr-defined]
        # What a library spends is counted where translator calls it, as far as that is direct.
        ours = {caller: row[2] for caller, row in callers.items() if "/translator/" in caller[0]}
        if "/translator/" in file:
            spent[_part(file)] += own
        elif "result" in name and ours:
            spent["waiting for CTranslate2"] += own
        elif ours:
            for caller, seconds in ours.items():
                spent[_part(caller[0])] += seconds
        else:
            spent["other libraries"] += own
    total = sum(spent.values())
    print("where the time goes (under the profiler):")
    for part, seconds in spent.most_common(8):
        print(f"  {part:28} {seconds / total:5.1%}")


def _part(file: str) -> str:
    return "/".join(file.partition("/translator/")[2].removesuffix(".py").split("/")[:2])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--releases", type=int, default=100)
    parser.add_argument("--to", default="ru")
    parser.add_argument("--beam", type=int, default=4)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    to = options.to

    with tempfile.TemporaryDirectory() as folder:
        project = archive.project(Path(folder) / "project", options.releases)
        project = replace(project, beam=options.beam, threads=options.threads)
        paths = sorted(project.releases.iterdir())
        found = [s.text for path in paths for s in pipeline.open_release(path).segments]
        segments = list(dict.fromkeys(found))
        engine = pipeline.engine(project)
        route = engine.route(to)
        peer = argos(route, options.beam, options.threads)
        engine.translate(segments[:2], to)  # both with their models loaded
        peer(segments[0])

        ours, _ = timed(options.runs, lambda: translate(project, paths, to, enforce=False))
        enforced, _ = timed(options.runs, lambda: translate(project, paths, to, enforce=True))
        decoding, mine = timed(options.runs, lambda: engine.translate(segments, to))
        alone, _ = timed(options.runs, lambda: raw(engine, route[-1], segments))
        theirs, other = timed(options.runs, lambda: [peer(segment) for segment in segments])

        count = len(segments)
        equal = [m.text == o.strip() for m, o in zip(mine, other, strict=True)]
        usable = [not problem(s, o, to) for s, o in zip(segments, other, strict=True)]
        equal_usable = sum(e and u for e, u in zip(equal, usable, strict=True))
        print(
            f"{options.releases} releases, {count} segments to {to}, beam {options.beam}, "
            f"{options.threads} threads, median of {options.runs}"
        )
        print(f"translator translate --no-enforce {count / ours:8.1f} segments/s")
        print(f"translator translate              {count / enforced:8.1f} segments/s")
        print(f"its engine alone                  {count / decoding:8.1f} segments/s")
        print(f"Argos Translate                   {count / theirs:8.1f} segments/s")
        print(f"ratio to Argos {theirs / ours:.1f}, with enforcement {theirs / enforced:.1f}")
        if len(route) == 1:
            print(
                f"raw CTranslate2                   {count / alone:8.1f} segments/s "
                f"(reached: {alone / ours:.0%} end to end, {alone / decoding:.0%} by the engine)"
            )
        print(f"equal outputs {sum(equal)} of {count}; of {sum(usable)} usable ones {equal_usable}")
        print(f"left untranslated by translator: {sum(bool(m.problem) for m in mine)}")
        if options.profile:
            profile(lambda: translate(project, paths, to, enforce=False))


if __name__ == "__main__":
    main()
