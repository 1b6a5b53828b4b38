"""Documents: a release is read by the reader of its format and comes out as blocks; a writer puts
their translation into the same document.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from translator.documents.document import BlockTranslation, Document
from translator.errors import TranslatorError
from translator.model import Release

__all__ = ["READERS", "WRITERS", "BlockTranslation", "Document", "read", "write"]


def _lazily(module: str, function: str) -> Callable[..., Any]:
    """A function of a format's module, which is imported when a document of that format comes."""

    def call(*arguments: Any) -> Any:
        return getattr(import_module(f"{__name__}.{module}"), function)(*arguments)

    return call


_MODULES = {
    ".docx": "docx",
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    **dict.fromkeys((".md", ".markdown"), "markdown"),
    ".odt": "odt",
}
# A reader takes the file's bytes and path.
READERS: dict[str, Callable[[bytes, Path], Document]] = {
    **{suffix: _lazily(module, "read") for suffix, module in _MODULES.items()},
    ".txt": _lazily("text", "read"),
}
# A writer takes what its reader does, the translation of each block that its reader gave, the
# target language, and the mark that a draft bears at its top and on its pages.
WRITERS: dict[str, Callable[[bytes, Path, Sequence[BlockTranslation], str, str], bytes]] = {
    suffix: _lazily(module, "write") for suffix, module in _MODULES.items()
}

LARGEST = 100_000_000  # bytes of a file
LONGEST = 5_000_000  # characters of a release: two books of a thousand pages

# Formats that hold a document in a way of their own: reading them as plain text would mangle them.
UNREADABLE = frozenset(
    {
        *(".doc", ".docm", ".dotm", ".dotx", ".epub", ".fodt", ".htm", ".html", ".json"),
        *(".markdown", ".md", ".mht", ".mhtml", ".odp", ".ods", ".odt", ".ott", ".pdf", ".po"),
        *(".pptx", ".rst", ".rtf", ".tex", ".xhtml", ".xlsx", ".xml", ".zip"),
    }
)


def read(path: Path, *, date: datetime.date | None = None) -> Release:
    """The release in the file `path`, named after it, its blocks not segmented yet.

    `date` takes precedence over the one that the document states. A suffix that belongs to no known
    format is read as plain text. Raises TranslatorError where the file cannot be read as a release.
    """
    suffix = path.suffix.lower()
    if suffix in UNREADABLE and suffix not in READERS:
        raise TranslatorError(
            f"{suffix} files cannot be read: save the release as {' or '.join(READERS)}", file=path
        )
    data = _bytes(path)
    document = READERS.get(suffix, READERS[".txt"])(data, path)
    length = sum(len(block.text) for block in document.blocks)
    if length > LONGEST:
        raise TranslatorError(
            f"has a text of more than {LONGEST // 1_000_000} million characters: split it",
            file=path,
        )
    if not length:
        raise TranslatorError("has no text; there is nothing to translate", file=path)
    return Release(
        name=path.stem,
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        blocks=document.blocks,
        date=date or document.date,
        assets=document.assets,
        findings=tuple(replace(finding, file=str(path)) for finding in document.findings),
    )


def write(
    path: Path, targets: Sequence[BlockTranslation], language: str, *, mark: str = ""
) -> bytes:
    """The document at `path` with the targets of its segmented blocks in their places; a draft has
    `mark` at its top and on its pages. TranslatorError where its format has no writer.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise TranslatorError("a translation cannot be put into this format", file=path)
    return writer(_bytes(path), path, targets, language, mark)


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise TranslatorError("is a folder; name the release's file", file=path)
        if path.exists() and not path.is_file():  # a device or pipe may never end
            raise TranslatorError("is not a regular file; name the release's file", file=path)
        if path.stat().st_size > LARGEST:
            raise TranslatorError(
                f"is larger than {LARGEST // 1_000_000} MB; split the release", file=path
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise TranslatorError("does not exist; check the name", file=path) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise TranslatorError(f"cannot be read: {reason}", file=path) from error
