"""Atomic writing of a user's files: after a crash at any moment a file is the old or the new
version, whole.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from translator.errors import Conflict, TranslatorError

_log = logging.getLogger(__name__)

SCRATCH = ".new"  # behind the name of what is written, which has a dot before it meanwhile
RENAME_NOREPLACE, RENAME_EXCHANGE = 1, 2  # of Linux' fs.h
AT_FDCWD = -100  # of its fcntl.h
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
    held = FileLock(folder_ / LOCK, timeout=PATIENCE)
    try:
        held.acquire()
    except Timeout as error:
        raise TranslatorError(
            f"another translator has been writing here for {PATIENCE:.0f} s: end it and try again",
            file=folder_,
        ) from error
    except OSError as error:
        raise TranslatorError(
            f"cannot be written: {error.strerror or error}; nothing was changed", file=folder_
        ) from error
    try:
        yield
    finally:
        held.release()


def write(path: Path, content: str | bytes, *, over: bytes | None = None) -> None:
    """Write `content` (text as UTF-8 with its newlines unchanged) to `path`, which appears whole or
    not at all.

    The folder is made where it is missing. An existing file keeps its permissions; a new one gets
    the umask's. Raises TranslatorError where the disk is full or the place cannot be written, and
    Conflict where `over` is given and the file holds something else by now (`b""`: where it
    exists); who gives `over` holds the folder's `lock`.
    """
    data = content.encode() if isinstance(content, str) else content
    path = path.resolve()  # a symbolic link stays a link: its target is replaced
    folder(path.parent)
    try:
        handle, scratch = _open_scratch(path)
        with os.fdopen(handle, "wb") as file:
            try:
                file.write(data)
                file.flush()
                mode = path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask()
                os.fchmod(file.fileno(), mode)
                os.fsync(file.fileno())
                if over is None:
                    os.replace(scratch, path)
                else:
                    _replace(path, scratch, data, over)
            except BaseException:
                scratch.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise TranslatorError(
            f"cannot be written: {error.strerror or error}; nothing was changed", file=path
        ) from error
    sync_folder(path.parent)
    _log.debug("wrote %s, %d bytes", path, len(data))


def clear(path: Path) -> None:
    """Remove what a killed writer of `path` left beside it; only for who holds the `lock`."""
    with suppress(OSError):
        _scratch_of(path).unlink(missing_ok=True)


def _scratch_of(path: Path) -> Path:
    return path.with_name(f".{path.name}{SCRATCH}")


def _open_scratch(path: Path) -> tuple[int, Path]:
    """An empty file beside `path` to write to, for the user alone, and for no other writer
    meanwhile: its handle and its name.

    It always has the same name, so that what a killed process leaves is written over by the next;
    where that was a colleague's, in a folder that several share, it gets a name of its own.
    """
    scratch = _scratch_of(path)
    try:
        return _open_alone(scratch), scratch
    except PermissionError:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=SCRATCH)
        return handle, Path(name)


def _open_alone(scratch: Path) -> int:
    """`scratch`, open and empty, once no other writer has it."""
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


def _replace(path: Path, scratch: Path, data: bytes, over: bytes) -> None:
    """Rename `scratch`, which holds `data`, to `path`, or raise Conflict where that does not hold
    `over`.

    A PO editor knows no lock. What it saves between a look at the file and the renaming would be
    lost; so the two files are exchanged, and what came out is what is looked at.
    """
    conflict = Conflict("was changed by another program: try again", file=path)
    if (path.read_bytes() if path.exists() else b"") != over:
        raise conflict
    try:
        if not renameat2(scratch, path, RENAME_EXCHANGE if over else RENAME_NOREPLACE):
            os.replace(scratch, path)
            return
    except (FileExistsError, FileNotFoundError) as error:
        raise conflict from error
    out = scratch.read_bytes() if over else over
    if out == over:
        scratch.unlink(missing_ok=True)
        return
    put = data
    while True:  # back with it, unless that was replaced by something newer in turn
        renameat2(scratch, path, RENAME_EXCHANGE)
        back = scratch.read_bytes()
        if back == put:
            raise conflict
        put, out = out, back


def renameat2(one: Path, other: Path, how: int) -> bool:
    """Linux' call of this name: rename in one step only where `other` is not there, or exchange the
    two. False where the system or the file system (NFS, for one) cannot; OSError where it fails.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        failed = libc.renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), how)
    except AttributeError:  # another C library
        return False
    code = ctypes.get_errno()
    if failed and code not in (errno.ENOSYS, errno.EINVAL):
        raise OSError(code, os.strerror(code), str(other))
    return not failed


def write_folder(path: Path, contents: Mapping[str, bytes | None]) -> None:
    """Write a new folder of files, by their names in it (None: an empty folder), which appears
    whole or not at all. Raises TranslatorError where it cannot be written or is there already.
    """
    path = path.resolve()
    folder(path.parent)
    made = _scratch_of(path)
    try:
        with lock(path.parent):
            shutil.rmtree(made, ignore_errors=True)  # a killed process has left it
            unpack(contents, made)
            if not renameat2(made, path, RENAME_NOREPLACE):
                made.rename(path)
    except OSError as error:
        shutil.rmtree(made, ignore_errors=True)
        raise TranslatorError(
            f"cannot be written: {error.strerror or error}; nothing was changed", file=path
        ) from error
    sync_folder(path.parent)


def unpack(contents: Mapping[str, bytes | None], folder: Path) -> None:
    """Write files by their names in `folder` (None: an empty folder), and see that they last."""
    for name, content in contents.items():
        place = folder / name
        (place if content is None else place.parent).mkdir(parents=True, exist_ok=True)
        if content is not None:
            with open(place, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
    for made in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        sync_folder(made)


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
