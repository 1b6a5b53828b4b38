"""Atomic writing of a user's files: after a crash at any moment a file is the old or the new
version, whole.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from translator.errors import Conflict, TranslatorError

LOCK = ".lock"  # the file in a folder that its writers lock
PATIENCE = 30.0  # seconds to wait for another writer, who needs milliseconds


@contextmanager
def lock(folder_: Path) -> Iterator[None]:
    """Keep other translator processes and threads from changing files in a folder meanwhile.

    The lock is the operating system's and ends with the process, however that ends. Raises
    TranslatorError where another holds it too long.
    """
    from filelock import FileLock, Timeout

    folder(folder_)
    try:
        with FileLock(folder_ / LOCK, timeout=PATIENCE):
            yield
    except Timeout as error:
        raise TranslatorError(
            f"another translator has been writing here for {PATIENCE:.0f} s: end it and try again",
            file=folder_,
        ) from error
    except PermissionError as error:
        raise TranslatorError(
            f"cannot be written: {error.strerror}; nothing was changed", file=folder_
        ) from error


def write(path: Path, content: str | bytes, *, over: bytes | None = None) -> None:
    """Write `content` (text as UTF-8 with its newlines unchanged) to `path`, which appears whole or
    not at all.

    The folder is made where it is missing. An existing file keeps its permissions; a new one gets
    the umask's. Raises TranslatorError where the disk is full or the place cannot be written, and
    Conflict where `over` is given and the file holds something else by now (`b""`: where it
    exists).
    """
    data = content.encode() if isinstance(content, str) else content
    path = path.resolve()  # a symbolic link stays a link: its target is replaced
    folder(path.parent)
    scratch = None
    try:
        handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(scratch, path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask())
        if over is not None and (path.read_bytes() if path.exists() else b"") != over:
            raise Conflict("was changed by another program: try again", file=path)
        os.replace(scratch, path)
        scratch = None
    except OSError as error:
        raise TranslatorError(
            f"cannot be written: {error.strerror or error}; nothing was changed", file=path
        ) from error
    finally:
        if scratch is not None:
            Path(scratch).unlink(missing_ok=True)
    sync_folder(path.parent)


def _umask() -> int:
    value = os.umask(0o077)
    os.umask(value)
    return value


def sync_folder(folder: Path) -> None:
    """Make the rename itself durable; some file systems cannot, which is no error."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def folder(path: Path) -> None:
    """Make the folder `path` where it is missing. Raises TranslatorError where that cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TranslatorError(f"cannot be made: {error.strerror or error}", file=path) from error
