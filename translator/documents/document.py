"""What readers give and writers take: a document, its text places, their translations."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

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
    """A block of a document with its target `text`, without tags, and the markup of that."""

    block: Block
    text: str
    inlines: tuple[Inline, ...] = ()


def put_all(places: Sequence[Place], targets: Sequence[BlockTranslation], path: Path) -> None:
    """Put each target into its place. TranslatorError where they are not those of this document."""
    if len(places) != len(targets):
        raise TranslatorError("has changed since it was translated: translate it again", file=path)
    for place, target in zip(places, targets, strict=True):
        if target.block.text:
            place.put(*_stripped(_CONTROL.sub(" ", target.text), target.inlines))


def _stripped(text: str, inlines: Sequence[Inline]) -> tuple[str, list[Inline]]:
    """The text without white space at its ends, and its markup there; an object at an end keeps
    the white space that parts it from the text.
    """
    objects = [inline.start for inline in inlines if inline.start == inline.end]
    lead = min(len(text) - len(text.lstrip()), *objects, len(text))
    text = text[lead : max(len(text.rstrip()), *objects, lead)]

    def moved(offset: int) -> int:
        return min(max(offset - lead, 0), len(text))

    return text, [replace(i, start=moved(i.start), end=moved(i.end)) for i in inlines]


def title_of(targets: Sequence[BlockTranslation]) -> str:
    """The target of the title, in one line; empty where there is none."""
    for target in targets:
        if target.block.kind is BlockKind.TITLE:
            return " ".join(target.text.split())
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
