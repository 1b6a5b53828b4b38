"""Markup inside a segment as numbered tags: `<1>…</1>` around text, `<2/>` for what has none.

That is how CAT tools show it (XLIFF's `g` and `x`): a translator moves tags about without seeing
fonts or addresses, and a writer finds by the number what each one stood for. A source that has such
a string of its own keeps it: the tags of its segment are numbered after it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace

from translator.model import Inline, Segment

TAG = re.compile(r"<(?P<close>/?)(?P<number>[1-9]\d{0,3})(?P<empty>/?)>")


@dataclass(frozen=True, slots=True)
class Tag:
    """A pair of tags around the characters `start` to `end` of the text without tags, or, where
    `empty`, one tag without content there (both offsets equal).
    """

    number: int
    start: int
    end: int
    empty: bool = False


def has_tags(text: str) -> bool:
    """Whether any tag stands in `text`."""
    return TAG.search(text) is not None


def plain(text: str) -> str:
    """`text` without its tags."""
    return TAG.sub("", text)


def parse(text: str, known: Container[int] | None = None) -> tuple[str, list[Tag]]:
    """`text` without its tags, and the tags, an outer one before an inner one.

    A tag whose number is none of the `known` ones, where these are given, is text. Tags that do not
    pair up or that cross are taken out and not listed: `problems` names them.
    """
    pieces: list[str] = []
    tags: list[tuple[int, Tag]] = []  # with the order of opening
    opened: list[tuple[int, int, int]] = []  # number, offset, order
    offset = end = 0
    for order, match in enumerate(TAG.finditer(text)):
        if known is not None and int(match["number"]) not in known:
            continue
        pieces.append(text[end : match.start()])
        offset += match.start() - end
        end = match.end()
        number = int(match["number"])
        if match["empty"] and not match["close"]:
            tags.append((order, Tag(number, offset, offset, empty=True)))
        elif not match["close"]:
            opened.append((number, offset, order))
        elif opened and opened[-1][0] == number:
            _, start, at = opened.pop()
            tags.append((at, Tag(number, start, offset)))
    pieces.append(text[end:])
    return "".join(pieces), [tag for _, tag in sorted(tags, key=lambda item: item[0])]


def insert(text: str, tags: Iterable[Tag]) -> str:
    """`text`, which has no tags, with these put in: the inverse of `parse`, except that a tag
    without content at the end of a pair comes to stand behind the pair.

    Of tags that cover the same characters the first is the outermost; they must not cross.
    """
    before: dict[int, list[str]] = {}
    after: dict[int, list[str]] = {}
    for tag in tags:
        if tag.empty:
            before.setdefault(tag.start, []).append(f"<{tag.number}/>")
        elif tag.start == tag.end:
            before.setdefault(tag.start, []).append(f"<{tag.number}></{tag.number}>")
        else:
            before.setdefault(tag.start, []).append(f"<{tag.number}>")
            after.setdefault(tag.end, []).insert(0, f"</{tag.number}>")
    pieces: list[str] = []
    last = 0
    for at in sorted({*before, *after}):
        pieces += [text[last:at], *after.get(at, ()), *before.get(at, ())]
        last = at
    return "".join([*pieces, text[last:]])


def problems(source: str, target: str) -> list[str]:
    """What is wrong with the tags of `target`, in words: missing, foreign, doubled or crossed
    ones.
    """
    wanted = Counter(match[0] for match in TAG.finditer(source))
    given = Counter(match[0] for match in TAG.finditer(target))
    found = [f"{tag} is missing" for tag in wanted if not given[tag]]
    found += [f"{tag} is not in the source" for tag in given if not wanted[tag]]
    found += [
        f"{tag} stands there {given[tag]} times" for tag in given if 0 < wanted[tag] < given[tag]
    ]
    listed = len(parse(target)[1])
    if not found and listed != sum(not tag.startswith("</") for tag in given.elements()):
        found.append("tags cross each other or close before they open")
    return found


def tagged(text: str, inlines: Sequence[Inline]) -> Segment:
    """The segment that `text`, without markup, and its `inlines` (offsets into it) make."""
    around: list[Inline] = []
    inner = list(inlines)
    while inner and (inner[0].start, inner[0].end) == (0, len(text)) and text:
        around.append(inner.pop(0))
    first = 1 + max((int(match["number"]) for match in TAG.finditer(text)), default=0)
    tags = {first + index: inline for index, inline in enumerate(inner)}
    marked = insert(
        text,
        (Tag(n, i.start, i.end, empty=i.start == i.end) for n, i in tags.items()),
    )
    return Segment(marked, tags=tags, around=tuple(around))


def within(inlines: Iterable[Inline], start: int, end: int, reach: int) -> list[Inline]:
    """What of `inlines` belongs to the segment `start` to `end`, with offsets from `start`.

    What goes on beyond is cut there. Markup without content belongs to one segment only, the white
    space behind which ends at `reach`; in that white space it moves to the segment's end.
    """
    parts = []
    for inline in inlines:
        first, last = max(inline.start, start), min(inline.end, end)
        if inline.start == inline.end:
            if start <= inline.start < reach:
                at = min(inline.start, end) - start
                parts.append(replace(inline, start=at, end=at))
        elif first < last:
            parts.append(replace(inline, start=first - start, end=last - start))
    return parts
