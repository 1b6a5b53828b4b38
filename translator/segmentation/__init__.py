"""Sentences: SRX rules of LanguageTool under an overlay of our own for what a ministry writes.

The rules see a tidied copy of a text (plain spaces and dashes, no soft hyphens); the segments are
cut from the text itself, so that their characters and the white space between them are unchanged.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from translator import inline
from translator.model import Block, BlockKind, Release, Segment

if TYPE_CHECKING:
    from choppa import SrxDocument

OVERLAY = Path(__file__).with_name("ministry.srx")
LANGUAGE = "pl_two"  # LanguageTool's name for Polish whose lines may be wrapped within a paragraph

# What is running text; a headline or a line of a signature is one segment.
_SENTENCES = frozenset(
    {
        BlockKind.PARAGRAPH,
        BlockKind.ITEM,
        BlockKind.QUOTE,
        BlockKind.CELL,
        BlockKind.CAPTION,
        BlockKind.FOOTNOTE,
        BlockKind.IMAGE,
        BlockKind.METADATA,
    }
)

# Characters without a width of their own: soft hyphen, zero-width space, joiners, word joiner, BOM.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_UNTIDY = re.compile(rf"[\s{_INVISIBLE}]+")
_ITEM = re.compile(r"(?:[•▪●◦‣·*]|\d{1,2}\)|[a-z]\))\s")
_LETTERS = str.maketrans("\u2010\u2011\u2012\u2014\u2015\u2212", "--\u2013\u2013\u2013\u2013")


def split(text: str) -> list[Segment]:
    """The sentences of `text`, each with the exact white space that followed it: joined, they give
    the text back without the white space at its ends."""
    text = text.strip()
    if not text:
        return []
    return _cut(text, _boundaries(text))


def segment(release: Release) -> Release:
    """The release with its blocks segmented; a headline or a signature line is one segment."""
    return replace(release, blocks=tuple(_segment_block(block) for block in release.blocks))


def _segment_block(block: Block) -> Block:
    if not block.text:  # an image that nothing describes
        return block
    segments = split(block.text) if block.kind in _SENTENCES else [Segment(block.text)]
    if block.inlines:
        segments = _with_tags(block, segments)
    return replace(block, segments=tuple(segments))


def _with_tags(block: Block, segments: list[Segment]) -> list[Segment]:
    """The segments with the block's markup in them."""
    tagged, start = [], 0
    for segment in segments:
        end = start + len(segment.text)
        reach = end + len(segment.gap)
        last = reach + (segment is segments[-1])
        parts = inline.within(block.inlines, start, end, last)
        tagged.append(replace(inline.tagged(segment.text, parts), gap=segment.gap))
        start = reach
    return tagged


def _boundaries(text: str) -> list[int]:
    """Offsets into `text` at which a new segment begins."""
    from choppa import SrxTextIterator

    tidy, offsets = _tidy(text)
    boundaries, position = [], 0
    for sentence in SrxTextIterator(rules(), LANGUAGE, tidy):
        position += len(sentence)
        boundaries.append(offsets[position])
    return boundaries[:-1]


def _tidy(text: str) -> tuple[str, list[int]]:
    """The copy of `text` that rules are matched on, and the offset in `text` of each of its own.

    A run of white space becomes one space (a newline where the next item of a list begins on a new
    line); invisible characters go.
    """
    pieces: list[str] = []
    offsets: list[int] = []
    end = 0
    for match in _UNTIDY.finditer(text):
        pieces.append(text[end : match.start()])
        offsets.extend(range(end, match.start()))
        if match[0].strip(_INVISIBLE):
            item = "\n" in match[0] and _ITEM.match(text, match.end())
            pieces.append("\n" if item else " ")
            offsets.append(match.start())
        end = match.end()
    pieces.append(text[end:])
    offsets.extend(range(end, len(text) + 1))
    return "".join(pieces).translate(_LETTERS), offsets


def _cut(text: str, boundaries: list[int]) -> list[Segment]:
    segments = []
    starts = [0, *boundaries]
    for start, end in zip(starts, [*boundaries, len(text)], strict=True):
        piece = text[start:end]
        sentence = piece.rstrip()
        segments.append(Segment(sentence, piece[len(sentence) :]))
    return segments


@cache
def rules(overlay: Path | None = OVERLAY) -> SrxDocument:
    """LanguageTool's rules, those of the SRX file `overlay` before them, compiled once a process.

    In SRX an earlier rule wins over a later one at the same place: the overlay has the last word.
    """
    from choppa import DEFAULT_SRX_RULESET, SrxDocument

    document = SrxDocument(ruleset=DEFAULT_SRX_RULESET)
    if overlay is not None:
        document.language_map_list[:0] = SrxDocument(ruleset=overlay).language_map_list
    return document
