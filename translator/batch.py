"""Folders of releases: which documents are in them, which of these need work, which have changed.

A watched folder is polled: notifications of the system do not reach across network shares, where
offices keep their documents.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import date as Date
from pathlib import Path

from translator.catalogs import is_complete
from translator.documents import READERS
from translator.errors import TranslatorError
from translator.settings import Settings

INTERVAL = 1.0  # seconds between two looks at a watched folder


def documents_in(folder: Path) -> list[Path]:
    """The documents below `folder` that can be read, in order; hidden files, and what word
    processors put beside an open document, are none.
    """
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in READERS
        and not any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
        and path.is_file()
    )


def expand(sources: Iterable[Path]) -> list[Path]:
    """The documents that `sources` name, each once; for a folder those in it. TranslatorError where
    a folder has none.
    """
    found: dict[Path, None] = {}
    for source in sources:
        inside = documents_in(source) if source.is_dir() else [source]
        if not inside:
            kinds = ", ".join(sorted(READERS))
            raise TranslatorError(f"has no document that can be read ({kinds})", file=source)
        found |= dict.fromkeys(inside)
    return list(found)


def needing_work(
    project: Settings, paths: Iterable[Path], languages: Sequence[str], *, date: Date | None
) -> list[Path]:
    """Those of `paths` that have changed since they were translated, or have something that is not
    translated in one of the `languages`. What cannot be read needs work too: it will be reported.
    """
    return [path for path in paths if not _is_done(project, path, languages, date)]


def _is_done(project: Settings, path: Path, languages: Sequence[str], date: Date | None) -> bool:
    try:
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return False
    catalogs = [project.catalog(project.release_of(path), language) for language in languages]
    source_file = project.relative(path)
    return all(
        is_complete(catalog, source_file=source_file, sha256=sha256, date=date)
        for catalog in catalogs
    )


def watch(sources: Sequence[Path], *, interval: float = INTERVAL) -> Iterator[list[Path]]:
    """The documents that `sources` name, then, without end, those that are new or were changed.

    One that is being written is held back until it has been left alone for `interval` seconds.
    """
    for source in sources:
        if not source.exists():
            raise TranslatorError("does not exist; check the name", file=source)
    before = done = _stamps(sources)
    yield list(done)
    while True:
        time.sleep(interval)
        now = _stamps(sources)
        settled = {
            path: stamp
            for path, stamp in now.items()
            if stamp == before.get(path) and stamp != done.get(path)
        }
        before, done = now, done | settled
        if settled:
            yield list(settled)


def _stamps(sources: Iterable[Path]) -> dict[Path, tuple[int, int]]:
    """When each document was last changed, and its size."""
    stamps = {}
    for source in sources:
        for path in documents_in(source) if source.is_dir() else [source]:
            try:
                status = path.stat()
            except OSError:  # deleted in the meantime, or not there yet
                continue
            stamps[path] = (status.st_mtime_ns, status.st_size)
    return stamps
