"""Archives of synthetic releases, made from the corpus: what the benchmarks of speed run on.

A segment is half of one sentence and half of another, with figures drawn at random, so that
hundreds of thousands are all different and yet have the words, lengths and terms of real ones.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from translator import settings  # noqa: E402

SEGMENTS = 8  # of a release, its headline included
Row = tuple[str, str, str, str]  # pl, en, ru, kk


def rows(corpus: Path = ROOT / "corpus") -> list[Row]:
    """The sentences of a TSV file, or of all in a folder."""
    files = sorted(corpus.glob("*.tsv")) if corpus.is_dir() else [corpus]
    cells = [line.split("\t") for f in files for line in f.read_text("utf-8").splitlines()]
    return [(row[0], row[1], row[2], row[3]) for row in cells if len(row) == 4 and " " in row[0]]


def segments(sentences: Sequence[str], draw: random.Random) -> Iterator[str]:
    """Segments without end."""
    words = [sentence.split() for sentence in sentences]
    while True:
        first, second = draw.choice(words), draw.choice(words)
        text = " ".join(first[: len(first) // 2] + second[len(second) // 2 :])
        yield re.sub(r"\d+", lambda _: str(draw.randrange(1, 2000)), text)


def releases(count: int, *, size: int = SEGMENTS, seed: int = 1) -> Iterator[str]:
    """The texts of `count` releases: a headline and a paragraph for each two sentences more."""
    made = segments([row[0] for row in rows()], random.Random(seed))
    for number in range(count):
        headline, *sentences = (next(made).rstrip(".!?…”") for _ in range(size))
        paragraphs = [
            " ".join(f"{s[0].upper()}{s[1:]}." for s in sentences[start : start + 2])
            for start in range(0, len(sentences), 2)
        ]
        yield "\n\n".join([f"{headline} ({number + 1})", *paragraphs]) + "\n"


def project(folder: Path, count: int, *, size: int = SEGMENTS, seed: int = 1) -> settings.Settings:
    """A project in `folder` with the repository's glossaries and `count` releases."""
    glossaries = ", ".join(f'"{path}"' for path in sorted((ROOT / "glossaries").glob("*.csv")))
    (folder / "releases").mkdir(parents=True)
    (folder / settings.FILE).write_text(
        f"[project]\nglossaries = [{glossaries}]\n", encoding="utf-8"
    )
    for number, text in enumerate(releases(count, size=size, seed=seed)):
        (folder / "releases" / f"{number:06}.txt").write_text(text, encoding="utf-8")
    return settings.load(folder)
