"""Segments per second of translator's engine beside Argos Translate's own API.

Usage: python benchmarks/speed.py FILE [--to ru] [--segments 500] [--beam 4] [--threads 2]

FILE is a text or TSV; the first column of each line is a segment. Both get the same packages, beam,
threads and segments. Argos's sentence splitter wants a download, so one that returns the segment
whole takes its place; its API takes one text at a time. Equal outputs are counted over all segments
and over those where Argos's output is usable: translator decodes the others (empty, looping, wrong
script, absurd length) again in other ways, which is part of its time.
"Raw" is CTranslate2 alone on the same tokens in batches that it makes itself.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from translator.machine import packages
from translator.machine.engine import LENGTH_PENALTY, Engine
from translator.machine.quality import problem


def timed(runs: int, work: Callable[[], Any]) -> tuple[float, Any]:
    """The median of the seconds that `work` takes, and its last result."""
    seconds, result = [], None
    for _ in range(runs):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), result


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--to", default="ru")
    parser.add_argument("--segments", type=int, default=500)
    parser.add_argument("--beam", type=int, default=4)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()

    lines = options.file.read_text(encoding="utf-8").splitlines()
    segments = [s for line in lines if (s := line.partition("\t")[0].strip())][: options.segments]
    engine = Engine(beam=options.beam, threads=options.threads)
    route = engine.route(options.to)
    peer = argos(route, options.beam, options.threads)
    engine.translate(segments[:2], options.to)  # both with their models loaded
    peer(segments[0])

    ours, mine = timed(options.runs, lambda: engine.translate(segments, options.to))
    theirs, other = timed(options.runs, lambda: [peer(segment) for segment in segments])

    package = route[-1]
    tokens = [package.argos.tokenizer.encode(segment) for segment in set(segments)]
    raw, _ = timed(
        options.runs,
        lambda: engine._model(package).translate_batch(
            tokens,
            target_prefix=[[package.target_prefix]] * len(tokens)
            if package.target_prefix
            else None,
            beam_size=options.beam,
            length_penalty=LENGTH_PENALTY,
            max_batch_size=engine.batch_tokens,
            batch_type="tokens",
        ),
    )
    count = len(segments)
    equal = [m.text == o.strip() for m, o in zip(mine, other, strict=True)]
    usable = [not problem(s, o, options.to) for s, o in zip(segments, other, strict=True)]
    equal_usable = sum(e and u for e, u in zip(equal, usable, strict=True))
    failed = sum(bool(m.problem) for m in mine)
    print(f"{count} segments to {options.to}, beam {options.beam}, {options.threads} threads")
    print(f"translator      {count / ours:8.1f} segments/s")
    print(f"Argos Translate {count / theirs:8.1f} segments/s")
    print(f"ratio           {theirs / ours:8.2f}")
    if len(route) == 1:
        print(f"raw CTranslate2 {count / raw:8.1f} segments/s ({raw / ours:.0%} of it reached)")
    print(f"equal outputs   {sum(equal)} of {count}")
    print(f"of usable ones  {equal_usable} of {sum(usable)} that Argos gave")
    print(f"left untranslated by translator: {failed}")


if __name__ == "__main__":
    main()
