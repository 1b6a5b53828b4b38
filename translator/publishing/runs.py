"""Text cut into runs that are set alike: what a typesetter that knows no offsets needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from translator.model import BlockKind, Inline
from translator.publishing import typography
from translator.publishing.markup import address, ends_line
from translator.publishing.publication import lines

Span = tuple[int, int]
# {"text": …} with the markup it bears, or "counted" where it is a number that is no part of the
# block's own text; {"newline": True}; or {"note": the footnote's number}.
Run = dict[str, Any]

_STYLES: Final = {"bold", "italic", "underline", "superscript", "subscript"}


def block_runs(
    kind: BlockKind, text: str, inlines: Sequence[Inline] = (), terms: Iterable[Span] = ()
) -> list[list[Run]]:
    """The block's printed lines (see `publication.lines`), each as runs.

    `terms` are spans to mark as `term`; overlapping spans become one. Addresses that only make
    sense beside the source, such as "#top", are no links.
    """
    terms = list(terms)
    result = []
    offset = 0
    for line in lines(kind, text):
        # A line is the text itself but for its ends and its line breaks.
        start = text.replace("\n", " ").index(line, offset)
        offset = start + len(line)
        result.append(list(_runs(line, start, inlines, terms)))
    return result


def _runs(line: str, start: int, inlines: Sequence[Inline], terms: Sequence[Span]) -> Iterator[Run]:
    end = start + len(line)
    edges = {start, end}
    for first, last in (*((i.start, i.end) for i in inlines), *terms):
        edges |= {min(max(first, start), end), min(max(last, start), end)}
    places = sorted(edges)
    line_ends = {i.start for i in inlines if ends_line(i)}
    for at, after in zip(places, [*places[1:], None], strict=True):
        yield from _empty(inlines, at, start, end)
        if after is not None:
            text = typography.single_spaces(line[at - start : after - start].replace("\t", " "))
            text = text.lstrip() if at in line_ends else text
            if text:
                yield {"text": text, **_marks(inlines, terms, at, after)}


def _empty(inlines: Sequence[Inline], at: int, start: int, end: int) -> Iterator[Run]:
    """What stands at `at` and has no text of its own."""
    for inline in inlines:
        # In white space that print leaves out, it moves to the line's end.
        place = min(max(inline.start, start), end) if inline.start >= start - 1 else inline.start
        if inline.start != inline.end or place != at:
            continue
        if ends_line(inline) and start < at < end:
            yield {"newline": True}
        elif inline.kind == "footnote":
            yield {"note": inline.detail}
        elif inline.kind == "number":
            yield {"text": inline.detail, "counted": True}


def _marks(
    inlines: Sequence[Inline], terms: Sequence[Span], first: int, last: int
) -> dict[str, Any]:
    marks: dict[str, Any] = {}
    for inline in inlines:
        if not (inline.start <= first < last <= inline.end):
            continue
        if inline.kind in _STYLES:
            marks[inline.kind] = True
        elif inline.kind == "link" and (target := address(inline)):
            marks["link"] = target
    if any(start <= first and last <= end for start, end in terms):
        marks["term"] = True
    return marks


def split(runs: Sequence[Run], sizes: Sequence[int]) -> list[list[Run]]:
    """Runs in pieces of so many letters each (white space not counted); the last has the rest."""
    pieces: list[list[Run]] = [[]]
    left = list(sizes)
    for run in runs:
        text = None if "counted" in run else run.get("text")  # no letters of the block's own text
        while text is not None and len(left) > 1 and (cut := _after(text, left[0])) < len(text):
            pieces[-1].append({**run, "text": text[:cut].rstrip()})
            text = text[cut:].lstrip()
            pieces.append([])
            left.pop(0)
        if text is None:
            pieces[-1].append(run)
        elif text:
            pieces[-1].append({**run, "text": text})
            left[0] -= letters(text)
    return pieces


def letters(text: str) -> int:
    """How many characters are not white space."""
    return sum(not c.isspace() for c in text)


def _after(text: str, count: int) -> int:
    """The offset behind so many letters and the white space that follows them."""
    for at, character in enumerate(text):
        if count <= 0 and not character.isspace():
            return at
        count -= not character.isspace()
    return len(text)
