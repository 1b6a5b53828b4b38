"""Atomic writing of a user's files: after a crash at any moment a file is the old or the new
version, whole.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from translator.errors import Conflict, TranslatorError

_log = logging.getLogger(__name__)

SCRATCH = ".new"  # behind the name of what is written, which has a dot before it meanwhile
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
    except OSError as error:
        raise TranslatorError(
            f"cannot be written: {error.strerror or error}; nothing was changed", file=folder_
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
    scratch = path.with_name(f".{path.name}{SCRATCH}")
    try:
        with os.fdopen(_open_scratch(scratch), "wb") as file:
            try:
                file.write(data)
                file.flush()
                mode = path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask()
                os.fchmod(file.fileno(), mode)
                os.fsync(file.fileno())
                if over is not None and (path.read_bytes() if path.exists() else b"") != over:
                    raise Conflict("was changed by another program: try again", file=path)
                os.replace(scratch, path)
            except BaseException:
                scratch.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise TranslatorError(
            f"cannot be written: {error.strerror or error}; nothing was changed", file=path
        ) from error
    sync_folder(path.parent)
    _log.debug("wrote %s, %d bytes", path, len(data))


def _open_scratch(scratch: Path) -> int:
    """An empty file to write to, for the user alone, and for no other writer meanwhile.

    It always has the same name, so that what a killed process leaves is written over by the next.
    """
    while True:
        handle = os.open(scratch, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            with suppress(OSError):  # on a file system without locks
                fcntl.flock(handle, fcntl.LOCK_EX)
            try:
                is_there = os.path.samestat(os.fstat(handle), os.stat(scratch))
            except FileNotFoundError:
                is_there = False
            if is_there:
                os.fchmod(handle, 0o600)
                os.ftruncate(handle, 0)
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # the writer before renamed or removed it


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
