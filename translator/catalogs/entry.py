"""One entry of a PO file as the other stages see it, and how far its translation is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import polib

ORIGIN, DRAFT, TIME = "origin: ", "draft: ", "time: "
IGNORE = "check: ignore "
MEMORY = "memory "  # how the origin of a draft begins that came from the translation memory
# The origin of an entry whose translation another sentence had before it was changed.
EARLIER = "earlier translation of a changed sentence"


class State(StrEnum):
    """How far a unit is: untouched drafts and a person's unfinished edits are both not approved."""

    UNTRANSLATED = "untranslated"
    DRAFT = "draft"
    EDITED = "edited"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Unit:
    """An entry as the other stages see it; `line` is its first line in the PO file, `blocks` its
    block numbers. `ignored` are checks that a reviewer overruled: `# check: ignore term-missing`.
    """

    source: str
    target: str
    state: State
    line: int
    blocks: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    previous: str = ""
    ignored: frozenset[str] = frozenset()

    @property
    def origin(self) -> str:
        """Where the draft came from (`machine pl→kk 1.0`), empty where a person wrote it."""
        return note_of(self.notes, ORIGIN)

    @property
    def from_memory(self) -> bool:
        """Whether the draft came from the translation memory."""
        return self.origin.startswith(MEMORY)

    @property
    def draft(self) -> str:
        """What the machine or the memory proposed."""
        return note_of(self.notes, DRAFT)

    @property
    def seconds(self) -> int:
        """How long a person worked on it, as far as the review page has measured it."""
        return _seconds(note_of(self.notes, TIME))


def read_unit(entry: polib.POEntry) -> Unit:
    """The unit that a PO entry stands for."""
    notes = tuple(entry.comment.split("\n")) if entry.comment else ()
    if not entry.msgstr:
        state = State.UNTRANSLATED
    elif not entry.fuzzy:
        state = State.APPROVED
    else:
        untouched = one_line(entry.msgstr) == note_of(notes, DRAFT)
        state = State.DRAFT if untouched else State.EDITED
    blocks = tuple(int(number) for _, number in entry.occurrences if number.isdigit())
    return Unit(
        source=entry.msgid,
        target=entry.msgstr,
        state=state,
        line=entry.linenum or 0,
        blocks=blocks,
        notes=notes,
        previous=entry.previous_msgid or "",
        ignored=frozenset(
            name
            for line in entry.tcomment.split("\n")
            if line.startswith(IGNORE)
            for name in line.removeprefix(IGNORE).replace(",", " ").split()
        ),
    )


def mark(entry: polib.POEntry, *, fuzzy: bool) -> None:
    """Set or clear the flag that says: no person has approved this."""
    entry.flags = [flag for flag in entry.flags if flag != "fuzzy"] + ["fuzzy"] * fuzzy


def add_seconds(entry: polib.POEntry, seconds: int) -> None:
    """Add to the time that a person has worked on the entry."""
    notes = entry.comment.split("\n") if entry.comment else []
    total = _seconds(note_of(notes, TIME)) + seconds
    kept = [note for note in notes if not note.startswith(TIME)]
    entry.comment = "\n".join([*kept, f"{TIME}{total} s"])


def _seconds(note: str) -> int:
    number = note.removesuffix(" s")
    return int(number) if number.isascii() and number.isdigit() else 0


def one_line(text: str) -> str:
    """`text` as it stands in a comment: no line break, and no backslash at the end, which gettext
    reads as a promise that the comment goes on in the next line.
    """
    return " ".join(text.split("\n")).rstrip("\\")


def note_of(notes: Sequence[str], prefix: str) -> str:
    """What the first note with this prefix says after it."""
    return next((note.removeprefix(prefix) for note in notes if note.startswith(prefix)), "")
