"""What the tests of document formats share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from translator import documents, segmentation
from translator.documents import BlockTranslation
from translator.model import Block, Inline, Release


def translations(
    release: Release, translate: Callable[[str], str] = str
) -> list[BlockTranslation]:
    """Each block of `release` with each of its segments, tags and all, as `translate` gives it."""
    return [
        BlockTranslation(block, tuple(translate(segment.text) for segment in block.segments))
        for block in segmentation.segment(release).blocks
    ]


def translated(
    path: Path, translate: Callable[[str], str] = str, language: str = "ru", mark: str = ""
) -> Path:
    """The document at `path` with its segments translated, in a file beside it."""
    release = documents.read(path)
    data = documents.write(path, translations(release, translate), language, mark=mark)
    target = path.with_name(f"{path.stem}.{language}{path.suffix}")
    target.write_bytes(data)
    return target


def assert_identity(path: Path, copy: Path | None = None) -> Release:
    """A translation that equals its source has the same text and formatting; the release."""
    release = documents.read(path)
    again = documents.read(translated(path))
    assert [shown(block) for block in again.blocks] == [shown(block) for block in release.blocks]
    assert again.blocks == release.blocks
    assert again.assets == release.assets
    assert again.date == release.date
    return release


def shown(block: Block) -> str:
    """A block in one line, its markup as tags with the first letter of their kind."""
    text = block.text
    for at in range(len(text), -1, -1):
        here = [i for i in block.inlines if at in (i.start, i.end)]
        closing = "".join(f"</{i.kind[0]}>" for i in reversed(here) if i.start < i.end == at)
        opening = "".join(
            f"<{i.kind[0]}/>" if i.start == i.end else f"<{i.kind[0]}>"
            for i in here
            if i.start == at
        )
        text = text[:at] + closing + opening + text[at:]
    return f"{block.kind}: {text}"


def marked(block: Block) -> list[tuple[str, str, str]]:
    """The markup of a block: kind, detail, and the text that bears it."""
    return [(i.kind, i.detail, _borne(block, i)) for i in block.inlines]


def _borne(block: Block, inline: Inline) -> str:
    return block.text[inline.start : inline.end]
