"""What goes out to a CAT tool and comes back from it, in no particular format.

A unit's id says what the catalog held when it was exported: a digest of the Polish, one of the
translation, and whether it was approved. Every CAT tool must keep ids, so an import can tell what
was changed there from what was changed in the catalog meanwhile, with nothing stored on the side.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from translator.catalogs import State, Unit

_ID = re.compile(r"u([0-9a-f]{12})\.([0-9a-f]{12})\.([af])")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A translation to choose from: `score` percent of similarity, 0 for a machine's."""

    source: str
    target: str
    origin: str
    score: int = 0


@dataclass(frozen=True, slots=True)
class Exported:
    """A unit of a catalog with what helps to translate it."""

    id: str
    source: str
    target: str
    state: State
    notes: tuple[str, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Package:
    """A release's units for one language; `source_file` is the release as its catalog names it."""

    source_file: str
    language: str
    units: tuple[Exported, ...]


@dataclass(frozen=True, slots=True)
class Returned:
    """A unit as it came back. `done`: the CAT tool marks it as translated or approved (True), as
    still to do (False), or says nothing of it (None). `line` is its place in the file.
    """

    id: str
    source: str
    target: str
    done: bool | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class ReturnedPackage:
    """The units of a package that came back from a CAT tool."""

    source_file: str
    language: str
    units: tuple[Returned, ...]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What an id says of its unit at the time of the export."""

    source: str
    target: str
    approved: bool

    @classmethod
    def of(cls, source: str, target: str, approved: bool) -> Fingerprint:
        return cls(_digest(source), _digest(target), approved)

    @classmethod
    def of_unit(cls, unit: Unit) -> Fingerprint:
        return cls.of(unit.source, unit.target, unit.state is State.APPROVED)

    @classmethod
    def read(cls, id: str) -> Fingerprint | None:
        """What the id says; None where it is not one of ours."""
        found = _ID.fullmatch(id)
        return cls(found[1], found[2], found[3] == "a") if found else None

    def __str__(self) -> str:
        return f"u{self.source}.{self.target}.{'a' if self.approved else 'f'}"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
