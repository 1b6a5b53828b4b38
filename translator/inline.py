"""Markup inside a segment as numbered tags: `<1>…</1>` around text, `<2/>` for what has none.

That is how CAT tools show it (XLIFF's `g` and `x`): a translator moves tags about without seeing
fonts or addresses, and a writer finds by the number what each one stood for. A source that has such
a string of its own keeps it: the tags of its segment are numbered after it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from translator.messages import Message
from translator.model import Inline, Segment

TAG = re.compile(r"<(?P<close>/?)(?P<number>[1-9]\d{0,3})(?P<empty>/?)>")
LEGEND = "tag "  # how the line begins that says what a number stands for


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


def plain(text: str, numbers: Container[int] | None = None) -> str:
    """`text` without its tags (of these `numbers` only, where they are known)."""
    return parse(text, numbers)[0] if "<" in text else text


def offsets(text: str) -> list[int]:
    """For each offset into `plain(text)`, its end included, the offset of that character in
    `text`.
    """
    inside = [i for match in TAG.finditer(text) for i in range(match.start(), match.end())]
    hidden = set(inside)
    return [i for i in range(len(text) + 1) if i not in hidden]


def parse(text: str, numbers: Container[int] | None = None) -> tuple[str, list[Tag]]:
    """`text` without its tags, and the tags, an outer one before an inner one.

    Tags that do not pair up or that cross are taken out and not listed: `problems` names them. With
    `numbers`, which a segment's tags have, only those are tags, and others are text.
    """
    pieces: list[str] = []
    tags: list[tuple[int, Tag]] = []  # with the order of opening
    opened: list[tuple[int, int, int]] = []  # number, offset, order
    offset = end = 0
    for order, match in enumerate(TAG.finditer(text)):
        if numbers is not None and int(match["number"]) not in numbers:
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


def problems(source: str, target: str) -> list[Message]:
    """What is wrong with the tags of `target`, in words: missing, foreign, doubled or crossed
    ones.
    """
    if "<" not in source and "<" not in target:
        return []
    wanted = Counter(match[0] for match in TAG.finditer(source))
    given = Counter(match[0] for match in TAG.finditer(target))
    found = [Message("{tag} is missing", tag=tag) for tag in wanted if not given[tag]]
    found += [Message("{tag} is not in the source", tag=t) for t in given if not wanted[t]]
    found += [
        Message("{tag} stands there {count} times", tag=tag, count=given[tag])
        for tag in given
        if 0 < wanted[tag] < given[tag]
    ]
    listed = len(parse(target)[1])
    if not found and listed != sum(not tag.startswith("</") for tag in given.elements()):
        found.append(Message("Tags cross each other or close before they open"))
    return found


def legend(tags: Mapping[int, Inline]) -> list[str]:
    """What the numbers of a segment's tags stand for, a line each: "tag 2: link https://…"."""
    return [
        " ".join(f"{LEGEND}{number}: {inline.kind} {inline.detail}".split())
        for number, inline in sorted(tags.items())
    ]


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


def joined(parts: Iterable[tuple[str, Segment]]) -> tuple[str, tuple[Inline, ...]]:
    """The text of a block without tags, and its markup: the inverse of cutting it into segments.

    `parts` are, for each segment, its text with tags, or its translation, and the segment itself.
    Markup that goes on from one segment to the next is one again.
    """
    text, inlines = "", list[Inline]()
    goes_on: dict[Inline, int] = {}  # markup up to the end of the text so far: where it is listed
    for marked, segment in parts:
        plain, tags = parse(marked, segment.tags)
        found = [replace(inline, start=0, end=len(plain)) for inline in segment.around]
        found += [replace(segment.tags[tag.number], start=tag.start, end=tag.end) for tag in tags]
        reached: dict[Inline, int] = {}
        for inline in found:
            element = replace(inline, start=0, end=0)
            start, end = inline.start + len(text), inline.end + len(text)
            at = len(inlines)
            if inline.ref and inline.start == 0 < inline.end and element in goes_on:
                at = goes_on[element]
                start = inlines[at].start
            inlines[at : at + 1] = [replace(inline, start=start, end=end)]
            if inline.start < inline.end == len(plain):
                reached[element] = at
        text += plain + segment.gap
        goes_on = reached
    return text, tuple(inlines)


def moved(inlines: Iterable[Inline], text: str, change: Callable[[str], str]) -> tuple[Inline, ...]:
    """The markup of `text` as it stands in `change(text)`.

    How long the beginning of the text becomes must not depend on what follows it.
    """
    return tuple(
        replace(
            inline, start=len(change(text[: inline.start])), end=len(change(text[: inline.end]))
        )
        for inline in inlines
    )
