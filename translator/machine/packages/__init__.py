"""Argos packages: which there are, which serve a pair of languages, installing and removing them.

A package that the user installed (with Argos Translate or `translator packages install`) comes
before the ones that ship with translator. Nothing in a package is executed, and what only reads
writes nothing.

`local` finds and chooses; `store` writes, removes and verifies; `archive` reads and packs
files; `validation` says what a package may hold; `index` goes to the network; `convert` makes
packages of Hugging Face checkouts.
"""

from translator.machine.packages.local import (
    EMBEDDED,
    PIVOT,
    Candidate,
    Package,
    candidates,
    info,
    installed,
    route,
    scan,
    user_folder,
)
from translator.machine.packages.store import export, install, remove, verify

__all__ = [
    "EMBEDDED",
    "PIVOT",
    "Candidate",
    "Package",
    "candidates",
    "export",
    "info",
    "install",
    "installed",
    "remove",
    "route",
    "scan",
    "user_folder",
    "verify",
]
