"""What readers give and writers take: a document, its text places, their translations."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from translator import inline
from translator.errors import TranslatorError
from translator.model import Block, BlockKind, Finding, Inline

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # XML has none


@dataclass(frozen=True, slots=True)
class Document:
    """A document as its reader sees it; `date` is the one it states, `findings` what a person must
    know of how it was read.
    """

    blocks: tuple[Block, ...]
    date: datetime.date | None = None
    assets: Mapping[str, bytes] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


class Place(Protocol):
    """A place of text in a document, open for reading and writing: reader and writer of a format
    share one traversal, which yields these.
    """

    @property
    def block(self) -> Block:
        """What stands there; its number is not set yet."""

    def put(self, text: str, inlines: Sequence[Inline]) -> None:
        """Let `text` with this markup (the `ref`s are those of `block`) stand there instead."""


@dataclass(frozen=True, slots=True)
class BlockTranslation:
    """A segmented block with the target of each of its segments, tags and all."""

    block: Block
    targets: tuple[str, ...]

    def content(self) -> tuple[str, list[Inline]]:
        """The target text of the block without tags, and its markup, an outer one before an inner
        one. A tag that the source segment does not have is text.
        """
        text = ""
        inlines: list[Inline] = []
        end = 0  # of the segment before
        for segment, target in zip(self.block.segments, self.targets, strict=True):
            plain, tags = inline.parse(target, segment.tags)
            parts = [replace(mark, start=0, end=len(plain)) for mark in segment.around]
            parts += [replace(segment.tags[t.number], start=t.start, end=t.end) for t in tags]
            start = len(text)
            shifted = [replace(i, start=i.start + start, end=i.end + start) for i in parts]
            inlines = _joined(inlines, shifted, end, start)
            end = start + len(plain)
            text += plain + segment.gap
        lead = len(text) - len(text.lstrip())
        text = text.strip()
        bounds = ((min(max(b - lead, 0), len(text)) for b in (i.start, i.end)) for i in inlines)
        moved = zip(inlines, bounds, strict=True)
        return text, [replace(i, start=start, end=end) for i, (start, end) in moved]


def _joined(before: list[Inline], after: list[Inline], end: int, start: int) -> list[Inline]:
    """Both lists in one; markup that was cut at the boundary of two segments, from `end` of the one
    to `start` of the other, is whole again.
    """
    left = [k for k, i in enumerate(before) if i.start < i.end == end]
    right = [k for k, i in enumerate(after) if start == i.start < i.end]
    rest = set(range(len(after)))
    for one, other in zip(left, right, strict=False):
        whole = replace(before[one], end=after[other].end)
        if replace(after[other], start=whole.start) != whole:
            break
        before[one] = whole
        rest.remove(other)
    return before + [after[k] for k in sorted(rest)]


def put_all(places: Sequence[Place], targets: Sequence[BlockTranslation], path: Path) -> None:
    """Put each target into its place. TranslatorError where they are not those of this document."""
    if len(places) != len(targets):
        raise TranslatorError("has changed since it was translated: translate it again", file=path)
    for place, target in zip(places, targets, strict=True):
        if target.block.segments:
            text, inlines = target.content()
            place.put(_CONTROL.sub(" ", text), inlines)


def title_of(targets: Sequence[BlockTranslation]) -> str:
    """The target of the title, in one line; empty where there is none."""
    for target in targets:
        if target.block.kind is BlockKind.TITLE:
            return " ".join(target.content()[0].split())
    return ""


def locale_of(language: str) -> tuple[str, str]:
    """A language with the country whose spelling its texts have, ("en", "GB"); the country is empty
    where none is known.
    """
    from babel.core import get_global

    if language == "en":
        return language, "GB"
    likely = get_global("likely_subtags").get(language, "")
    return language, likely.rpartition("_")[2] if "_" in likely else ""
