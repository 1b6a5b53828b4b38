"""Boundary F1 and speed of the segmenter beside LanguageTool's rules alone and pysbd.

    python benchmarks/segmentation.py FILE

FILE holds one sentence a line (measured on: the UD_Polish-PDB development set, which is not part of
the product). Groups of eight sentences are joined by one space and split again; a boundary is the
number of non-space characters before it in its group.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pysbd
from choppa import SrxTextIterator

from translator import segmentation

GROUP = 8

Splitter = Callable[[str], Sequence[str]]


def ours(text: str) -> list[str]:
    return [segment.text for segment in segmentation.split(text)]


def languagetool(text: str) -> list[str]:
    return list(SrxTextIterator(segmentation.rules(None), segmentation.LANGUAGE, text))


def boundaries(sentences: Sequence[str]) -> set[int]:
    """Inner boundaries as numbers of non-space characters before them."""
    ends, position = [], 0
    for sentence in sentences:
        position += len("".join(sentence.split()))
        ends.append(position)
    return {end for end in ends if end < position}


def f1(groups: Sequence[Sequence[str]], splits: Sequence[Sequence[str]]) -> tuple[float, int, int]:
    """Boundary F1, false breaks, missed breaks."""
    right = false = missed = 0
    for expected, found in zip(map(boundaries, groups), map(boundaries, splits), strict=True):
        right += len(expected & found)
        false += len(found - expected)
        missed += len(expected - found)
    return 2 * right / (2 * right + false + missed), false, missed


def main() -> None:
    parser = argparse.ArgumentParser(description="Boundary F1 and speed of sentence segmentation.")
    parser.add_argument("file", type=Path, help="one Polish sentence a line; evaluation data only")
    sentences = parser.parse_args().file.read_text(encoding="utf-8").splitlines()
    groups = [sentences[i : i + GROUP] for i in range(0, len(sentences), GROUP)]
    texts = [" ".join(group) for group in groups]
    splitters: dict[str, Splitter] = {
        "translator": ours,
        "LanguageTool": languagetool,
        "pysbd": pysbd.Segmenter(language="pl", clean=False).segment,
    }
    print(f"{'':14}{'F1':>8}{'false':>8}{'missed':>8}{'segments/s':>12}")
    for name, splitter in splitters.items():
        splitter(texts[0])  # loads and compiles the rules
        start = time.perf_counter()
        splits = [splitter(text) for text in texts]
        seconds = time.perf_counter() - start
        score, false, missed = f1(groups, splits)
        speed = sum(map(len, splits)) / seconds
        print(f"{name:14}{score:8.4f}{false:8}{missed:8}{speed:12,.0f}")


if __name__ == "__main__":
    main()
