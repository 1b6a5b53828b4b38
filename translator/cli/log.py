"""`translator --verbose`: what a command does, in a file beside the project. It names files, counts
and times, and never holds a word of a release, nor the arguments, which may be such.
"""

from __future__ import annotations

from pathlib import Path

FILE = "translator.log"

_begun = False


def begin(command: str) -> None:
    """Write all that translator logs from now on to the end of a file that only the user reads."""
    import logging
    import os
    import platform
    from importlib.metadata import version

    from translator.settings import find_root

    global _begun
    folder = find_root(Path.cwd()) or Path.cwd()
    handle = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    handler = logging.StreamHandler(os.fdopen(handle, "w", encoding="utf-8"))
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(name)s: %(message)s"))
    log = logging.getLogger("translator")
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    log.propagate = False
    python = platform.python_version()
    log.info("%s, translator %s, Python %s", command, version("translator"), python)
    _begun = True


def ended(error: BaseException | None = None) -> None:
    """Note how a command ended: of an error its kind and where it arose, since its words may quote
    a release.
    """
    if not _begun:
        return
    import logging
    import traceback

    log = logging.getLogger("translator")
    if error is None:
        log.info("done")
        return
    frames = "".join(traceback.format_tb(error.__traceback__)[-3:]).rstrip()
    log.error("%s at\n%s", type(error).__name__, frames)
