"""Whether the tags of a segment stand around the right words of its translation.

    .venv/bin/python benchmarks/tags.py [--errors]

tests/data/tags/segments.tsv has segments of the corpus with tags around terms, names, figures,
phrases and clauses, some nested, and marks of footnotes, and the same in the reference
translations, put in by the glossaries' forms and read and corrected by hand.

"reference": the tags are put into the reference translation. "exact" is the share of tags around
exactly the right characters, "words" that of tags around the right words, where articles, which
Polish does not have, do not count, "word F1" how far the words agree. "relative place" is the
baseline: the stretch of words with the same share of the text before and in it.

"machine": they are put into the machine's own draft. A tag around a term, name or figure that the
draft has once in a correct form is right where it holds that form and at most two more words.
With "both" that says little, since the forms are themselves the anchors; "model" does without them.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from translator import anchors, inline  # noqa: E402
from translator.drafting import Drafter, Job  # noqa: E402
from translator.inline import Tag  # noqa: E402
from translator.machine.engine import Engine  # noqa: E402
from translator.projection import project  # noqa: E402
from translator.terminology import Terminology  # noqa: E402

SEGMENTS = ROOT / "tests/data/tags/segments.tsv"
LANGUAGES = ("en", "ru", "kk")
WORD = re.compile(r"\w+")


def relative(source: str, tags: Sequence[Tag], target: str) -> Iterator[Tag]:
    """The baseline."""
    words = [m.span() for m in WORD.finditer(target)] or [(0, 0)]
    for tag in tags:
        share = len(target) / max(1, len(source))
        start, end = tag.start * share, tag.end * share
        first = min(range(len(words)), key=lambda k: abs(words[k][0] - start))
        last = min(range(first, len(words)), key=lambda k: abs(words[k][1] - end))
        if tag.empty:
            yield Tag(tag.number, words[last][1], words[last][1], empty=True)
        else:
            yield Tag(tag.number, words[first][0], words[last][1])


def held(text: str, tag: Tag) -> set[int]:
    return {m.start() for m in WORD.finditer(text) if tag.start <= m.start() < tag.end}


def agreement(target: str, found: Sequence[Tag], wanted: Sequence[Tag]) -> Iterator[float]:
    """1 for each exact tag, else the F1 of the words it holds (0 for one without content)."""
    right = {tag.number: tag for tag in wanted}
    for tag in found:
        one, other = held(target, tag), held(target, right[tag.number])
        if (tag.start, tag.end) == (right[tag.number].start, right[tag.number].end):
            yield 1.0
        else:
            yield min(0.999, 2 * len(one & other) / max(1, len(one) + len(other)))


def same_words(target: str, found: Sequence[Tag], wanted: Sequence[Tag]) -> Iterator[bool]:
    right = {tag.number: tag for tag in wanted}
    articles = {m.start() for m in WORD.finditer(target) if m[0].lower() in ("a", "an", "the")}
    for tag in found:
        other = right[tag.number]
        if other.empty:
            yield tag.start == other.start
        else:
            yield held(target, tag) - articles == held(target, other) - articles


def show(
    name: str,
    scores: Sequence[float],
    words: Sequence[bool],
    broken: int,
    doubtful: int | None = None,
) -> None:
    exact = sum(score == 1 for score in scores) / len(scores)
    told = "" if doubtful is None else f", doubtful {doubtful}"
    print(
        f"  {name:28} exact {exact:6.1%}, words {sum(words) / len(words):6.1%}, "
        f"word F1 {sum(scores) / len(scores):.3f}, lost, doubled or crossed {broken}{told}"
    )


def reference(
    drafter: Drafter, engine: Engine, jobs: Sequence[Job], references: Sequence[str], errors: bool
) -> list[bool]:
    """Print the figures; for each tag whether "both" has put it around the right words."""
    parsed = [inline.parse(text) for text in references]
    language = drafter.language
    started = time.perf_counter()
    aligned = engine.align([job.text for job in jobs], [text for text, _ in parsed], language)
    seconds = time.perf_counter() - started
    rows: dict[str, list[float]] = {"relative place": [], "anchors": [], "model": [], "both": []}
    words: dict[str, list[bool]] = {name: [] for name in rows}
    broken, doubtful = dict.fromkeys(rows, 0), 0
    for job, (target, wanted), attention in zip(jobs, parsed, aligned, strict=True):
        certain = anchors.find(job.text, target, language, job.matches)
        placed = {
            "anchors": project(job.text, job.tags, target, certain, language=language),
            "model": project(job.text, job.tags, target, (), attention, language=language),
            "both": project(job.text, job.tags, target, certain, attention, language=language),
        }
        found = {name: list(projection.tags) for name, projection in placed.items()}
        found["relative place"] = list(relative(job.text, job.tags, target))
        doubtful += len(placed["both"].doubtful)
        for name, tags in found.items():
            scores = list(agreement(target, tags, wanted))
            rows[name] += scores
            words[name] += same_words(target, tags, wanted)
            broken[name] += bool(inline.problems(job.marked, inline.insert(target, tags)))
            if errors and name == "both" and min(scores) < 1:
                print(f"    {inline.insert(target, tags)}\n  → {inline.insert(target, wanted)}")
    print(f" reference ({seconds / len(jobs) * 1000:.0f} ms a segment to align)")
    for name, scores in rows.items():
        show(name, scores, words[name], broken[name], doubtful if name == "both" else None)
    return words["both"]


def machine(drafter: Drafter, engine: Engine, jobs: Sequence[Job], errors: bool) -> None:
    language = drafter.language
    drafts = drafter.draft(jobs)
    plain = [inline.plain(draft.text) for draft in drafts]
    aligned = engine.align([job.text for job in jobs], plain, language)
    names = ("relative place", "model", "both")
    judged, right, broken = 0, dict.fromkeys(names, 0), dict.fromkeys(names, 0)
    for job, draft, target, attention in zip(jobs, drafts, plain, aligned, strict=True):
        if not target:
            continue
        expected = {anchor[:2]: anchor[2:] for anchor in forms(job, target, language)}
        found = {
            "relative place": list(relative(job.text, job.tags, target)),
            "model": project(job.text, job.tags, target, (), attention, language=language).tags,
            "both": inline.parse(draft.text)[1],
        }
        judged += sum((tag.start, tag.end) in expected for tag in job.tags)
        for name, tags in found.items():
            broken[name] += bool(inline.problems(job.marked, inline.insert(target, tags)))
            spans = {tag.number: tag for tag in tags}
            for tag in job.tags:
                if (tag.start, tag.end) not in expected:
                    continue
                start, end = expected[tag.start, tag.end]
                placed = spans[tag.number]
                extra = len(held(target, placed)) - len(held(target, Tag(0, start, end)))
                hit = placed.start <= start and end <= placed.end and extra <= 2
                right[name] += hit
                if errors and name == "both" and not hit:
                    print(f"    {draft.text}  ({target[start:end]})")
    print(f" machine: {judged} tags judged")
    for name in names:
        share = right[name] / judged
        print(f"  {name:28} right {share:6.1%}, lost, doubled or crossed {broken[name]}")


def forms(job: Job, target: str, language: str) -> list[anchors.Anchor]:
    """Terms, names and figures, each by all that the draft may say for it."""
    return [
        anchor
        for anchor in anchors.find(job.text, target, language, job.matches)
        if any((tag.start, tag.end) == anchor[:2] for tag in job.tags)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--errors", action="store_true", help="show each tag that is not exact")
    options = parser.parse_args()
    rows = [line.split("\t") for line in SEGMENTS.read_text("utf-8").splitlines()]
    terminology = Terminology.load(sorted((ROOT / "glossaries").glob("*.csv")))
    engine = Engine()
    print(f"{len(rows)} segments, {sum(len(inline.parse(row[0])[1]) for row in rows)} tags")
    right: list[bool] = []
    for column, language in enumerate(LANGUAGES, 1):
        drafter = Drafter(engine, terminology, language)
        jobs = drafter.jobs_of([row[0] for row in rows])
        print(language)
        right += reference(drafter, engine, jobs, [row[column] for row in rows], options.errors)
        machine(drafter, engine, jobs, options.errors)
    print(
        f"around the right words: {sum(right)} of {len(right)} tags ({sum(right) / len(right):.1%})"
    )


if __name__ == "__main__":
    main()
