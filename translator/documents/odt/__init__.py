"""OpenDocument texts (.odt): `document` finds the places of text, `paragraph` reads and writes
one.
"""

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
from translator.documents.odt.document import TextDocument
from translator.documents.structure import settle, stated_date

__all__ = ["read", "write"]


def read(data: bytes, path: Path) -> Document:
    """The document's text, then its notes, its headers and footers; changes are accepted."""
    odt = TextDocument(data, path)
    blocks = settle([place.block for place in odt.places])
    return Document(blocks, stated_date(blocks), odt.assets, tuple(odt.findings))


def write(
    data: bytes,
    path: Path,
    targets: Sequence[BlockTranslation],
    language: str,
    mark: str = "",
) -> bytes:
    """The document with the targets in its places, `mark` at its top and on its pages."""
    odt = TextDocument(data, path)
    put_all(odt.places, targets, path)
    return odt.save(title=title_of(targets), locale=locale_of(language), mark=mark)
