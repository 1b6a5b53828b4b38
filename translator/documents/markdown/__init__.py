"""Markdown: `source` finds the places of text, `passage` reads and writes one, `frontmatter` what
stands before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from translator.documents.document import BlockTranslation, Document, put_all, title_of
from translator.documents.encoding import decode
from translator.documents.markdown.source import MarkdownText
from translator.documents.pictures import Pictures
from translator.documents.structure import settle, stated_date
from translator.errors import TranslatorError

__all__ = ["read", "write"]


def read(data: bytes, path: Path) -> Document:
    """The texts of the front matter, then the body's."""
    pictures = Pictures(path)
    text = MarkdownText(decode(data, path), pictures)
    if not text.places:
        raise TranslatorError("has no text; there is nothing to translate", file=path)
    blocks = settle([place.block for place in text.places])
    findings = tuple(replace(f, file=str(path)) for f in text.findings)
    day = text.front.date or stated_date(blocks)
    return Document(blocks, day, pictures.assets, findings)


def write(
    data: bytes,
    path: Path,
    targets: Sequence[BlockTranslation],
    language: str,
    mark: str = "",
) -> bytes:
    """The text with the targets in its places, `mark` at the top."""
    text = MarkdownText(decode(data, path), Pictures(path))
    put_all(text.places, targets, path)
    return text.save(title=title_of(targets), language=language, mark=mark)
