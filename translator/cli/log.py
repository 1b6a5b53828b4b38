"""`translator --verbose`: what a command does, in a file beside the project. It names files, counts
and times, and never holds a word of a release, nor the arguments, which may be such.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from importlib.metadata import version
from pathlib import Path

from translator.settings import find_root

FILE = "translator.log"

_log = logging.getLogger("translator")


def begin(command: str) -> None:
    """Write all that translator logs from now on to the end of a file that only the user reads."""
    folder = find_root(Path.cwd()) or Path.cwd()
    handle = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    handler = logging.StreamHandler(os.fdopen(handle, "w", encoding="utf-8"))
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(name)s: %(message)s"))
    _log.addHandler(handler)
    _log.setLevel(logging.DEBUG)
    _log.propagate = False
    python = ".".join(map(str, sys.version_info[:3]))
    _log.info("%s, translator %s, Python %s", command, version("translator"), python)


def ended(error: BaseException | None = None) -> None:
    """Note how a command ended: of an error its kind and where it arose, since its words may quote
    a release.
    """
    if not _log.handlers:
        return
    if error is None:
        _log.info("done")
        return
    frames = "".join(traceback.format_tb(error.__traceback__)[-3:]).rstrip()
    _log.error("%s at\n%s", type(error).__name__, frames)
