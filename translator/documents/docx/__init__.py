"""Word documents (.docx): `document` finds the places of text, `paragraph` reads and writes one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from translator.documents.document import (
    BlockTranslation,
    Document,
    locale_of,
    put_all,
    title_of,
)
from translator.documents.docx.document import WordDocument
from translator.documents.structure import settle, stated_date

__all__ = ["read", "write"]


def read(data: bytes, path: Path) -> Document:
    """The document's text, then its footnotes, its headers and footers; changes are accepted."""
    word = WordDocument(data, path)
    blocks = settle([place.block for place in word.places])
    return Document(blocks, stated_date(blocks), word.assets, tuple(word.findings))


def write(
    data: bytes,
    path: Path,
    targets: Sequence[BlockTranslation],
    language: str,
    mark: str = "",
) -> bytes:
    """The document with the targets in its places, `mark` at its top and on its pages."""
    word = WordDocument(data, path)
    put_all(word.places, targets, path)
    return word.save(title=title_of(targets), locale=locale_of(language), mark=mark)
