"""Source documents: a release is read by the reader of its format and comes out as blocks."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable
from pathlib import Path

from translator.documents import text
from translator.errors import TranslatorError
from translator.model import Block, Release

Reader = Callable[[bytes, Path], tuple[tuple[Block, ...], datetime.date | None]]

# A reader takes the file's bytes and path and gives its blocks and the date it states, if any.
READERS: dict[str, Reader] = {".txt": text.read}

# Formats that hold a document in a way of their own: reading them as plain text would mangle them.
UNREADABLE = (
    *(
        ".doc",
        ".docm",
        ".docx",
        ".epub",
        ".htm",
        ".html",
        ".json",
        ".markdown",
        ".md",
        ".odt",
        ".pdf",
    ),
    *(".po", ".pptx", ".rst", ".rtf", ".tex", ".xhtml", ".xlsx", ".xml", ".zip"),
)


def read(path: Path, *, date: datetime.date | None = None) -> Release:
    """The release in the file `path`, named after it, its blocks not segmented yet.

    `date` takes precedence over the one that the document states. A suffix that belongs to no known
    format is read as plain text. Raises TranslatorError where the file cannot be read as a release.
    """
    suffix = path.suffix.lower()
    if suffix not in READERS and suffix in UNREADABLE:
        raise TranslatorError(
            f"{suffix} files cannot be read; save the release as plain text (.txt)", file=path
        )
    data = _bytes(path)
    blocks, stated = READERS.get(suffix, text.read)(data, path)
    return Release(
        name=path.stem,
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        blocks=blocks,
        date=date or stated,
    )


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise TranslatorError("is a folder; name the release's file", file=path)
        if path.exists() and not path.is_file():  # a device or pipe may never end
            raise TranslatorError("is not a regular file; name the release's file", file=path)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise TranslatorError("does not exist; check the name", file=path) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise TranslatorError(f"cannot be read: {reason}", file=path) from error
