"""How fast the memory is, and how much its index misses: beside a search of everything.

    .venv/bin/python benchmarks/memory.py [--segments N] [--corpus FOLDER_OR_TSV]

The segments are made from the corpus: half of one sentence and half of another, figures drawn at
random. The queries are such segments with one to three words deleted, replaced or doubled.

The baseline is `rapidfuzz.process.extract` with the same scores over all segments in memory, so
what it finds at 70% is all there is to find; "found" is the share of its queries with a match whose
best match the memory finds too (or one as good). It runs on the first few queries only, and so does
the matcher of Translate Toolkit (`translate.search.match`, which its tmserver served).
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from rapidfuzz import fuzz, process  # noqa: E402
from translate.search import match  # noqa: E402
from translate.storage import po  # noqa: E402

from translator.memory import Entry, Memory  # noqa: E402
from translator.memory.entry import normalize  # noqa: E402
from translator.memory.similarity import rank  # noqa: E402


def read(corpus: Path) -> list[tuple[str, str]]:
    """The sentences (pl, ru) of a TSV file, or of all in a folder."""
    files = sorted(corpus.glob("*.tsv")) if corpus.is_dir() else [corpus]
    rows = [line.split("\t") for f in files for line in f.read_text("utf-8").splitlines()]
    return [(row[0], row[2]) for row in rows if len(row) == 4 and " " in row[0]]


def synthetic(rows: Sequence[tuple[str, str]], count: int, draw: random.Random) -> Iterator[Entry]:
    sentences = [text.split() for text, _ in rows]
    for number in range(count):
        first, second = draw.choice(sentences), draw.choice(sentences)
        text = " ".join(first[: len(first) // 2] + second[len(second) // 2 :])
        text = re.sub(r"\d+", lambda _: str(draw.randrange(1, 2000)), text)
        yield Entry(text, rows[number % len(rows)][1], "ru")


def spoil(text: str, draw: random.Random) -> str:
    words = text.split()
    for _ in range(draw.randint(1, 3)):
        at = draw.randrange(len(words))
        words[at : at + 1] = draw.choice(([], ["nowy"], [words[at], words[at]]))
        words = words or ["nowy"]
    return " ".join(words)


def times(call: Callable[[str], object], texts: Sequence[str]) -> str:
    """Median, 95th percentile and maximum, in milliseconds."""
    taken = []
    for text in texts:
        begin = time.perf_counter()
        call(text)
        taken.append(1000 * (time.perf_counter() - begin))
    taken.sort()
    p95 = taken[int(0.95 * (len(taken) - 1))]
    return f"p50 {taken[len(taken) // 2]:.2f} ms, p95 {p95:.2f} ms, max {taken[-1]:.2f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--segments", type=int, default=200_000)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--baseline", type=int, default=20, help="queries of the full search")
    parser.add_argument("--toolkit", type=int, default=3, help="queries of Translate Toolkit's")
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    arguments = parser.parse_args()
    rows = read(arguments.corpus)
    if not rows:
        parser.error(f"no sentences in {arguments.corpus}")
    draw = random.Random(1)
    entries = list(synthetic(rows, arguments.segments, draw))
    known = [entry.source for entry in draw.sample(entries, arguments.queries)]
    queries = [spoil(text, draw) for text in known]
    with tempfile.TemporaryDirectory() as folder, Memory(Path(folder) / "memory.sqlite") as memory:
        begin, own = time.perf_counter(), time.process_time()
        memory.add(entries)
        taken, own = time.perf_counter() - begin, time.process_time() - own
        size = memory.stats()["bytes"] / 1e6
        rates = (
            f"{len(entries) / taken:.0f}/s ({len(entries) / own:.0f} per second of processor time)"
        )
        print(f"import: {len(entries)} in {taken:.1f} s, {rates}, {size:.0f} MB")
        print("exact look-up:", times(lambda text: memory.exact(text, "ru"), known))
        print("fuzzy look-up:", times(lambda text: memory.fuzzy(text, "ru"), queries))
        phrases = [" ".join(text.split()[1:3]) for text in known]
        print("concordance:  ", times(lambda text: memory.concordance(text), phrases[:50]))
        few = queries[: arguments.baseline]
        every = list(dict.fromkeys(normalize(entry.source) for entry in entries))
        plain = times(
            lambda text: process.extract(text, every, scorer=fuzz.ratio, score_cutoff=70, limit=5),
            few,
        )
        print("process.extract:", plain)
        store = po.pofile()
        for text in every:
            store.addsourceunit(text).target = "x"
        matcher = match.matcher(store, max_candidates=5, min_similarity=70, max_length=1000)
        toolkit = times(matcher.matches, few[: arguments.toolkit])
        print(f"Translate Toolkit's matcher, {arguments.toolkit} queries:", toolkit)
        best = [rank(normalize(text), every, limit=1, threshold=70) for text in few]
        ours = [memory.fuzzy(text, "ru", limit=1) for text in few]
        there = [(b[0][0], o[0].score if o else 0) for b, o in zip(best, ours, strict=True) if b]
        found = sum(score >= wanted for wanted, score in there)
        print(f"found: {found} of the {len(there)} queries for which there is a match")


if __name__ == "__main__":
    main()
