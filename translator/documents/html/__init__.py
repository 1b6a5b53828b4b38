"""HTML pages: `page` finds the article, `flow` its places of text, `passage` reads and writes one
(`source` parses a page and saves it, `elements` says what each element is).
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
from translator.documents.html.page import Page
from translator.documents.structure import settle, stated_date

__all__ = ["read", "write"]


def read(data: bytes, path: Path) -> Document:
    """The text of the page's article, then its title and summary where they say something else."""
    page = Page(data, path)
    blocks = settle([place.block for place in page.places])
    return Document(blocks, page.date or stated_date(blocks), page.pictures.assets)


def write(
    data: bytes,
    path: Path,
    targets: Sequence[BlockTranslation],
    language: str,
    mark: str = "",
) -> bytes:
    """The page with the targets in its places, `mark` on top of the article and in the title."""
    page = Page(data, path)
    put_all(page.places, targets, path)
    return page.save(
        title=title_of(targets), language=language, locale=locale_of(language), mark=mark
    )
