"""Changing a catalog that others may be changing at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from translator import files
from translator.catalogs.catalog import Catalog
from translator.errors import Conflict

TRIES = 20  # a PO editor saves when a person tells it to: more than one conflict in a row is rare

T = TypeVar("T")


def edit(path: Path, open: Callable[[Path], Catalog], change: Callable[[Catalog], T]) -> T:
    """What `change` returns for the catalog that `open` reads at `path`, which is saved then, as
    one step.

    Other translator processes wait meanwhile; where a PO editor, which knows no lock, saved the
    file in between, `change` is called again with what is there now: nobody's work is overwritten.
    """
    with files.lock(path.parent):
        for _ in range(TRIES):
            catalog = open(path)
            result = change(catalog)
            try:
                if not catalog.save():
                    files.clear(path)  # as `save` does where there is something to write
            except Conflict:
                continue
            return result
    raise Conflict("is changed by another program again and again: stop it", file=path)
