"""What a new version of a source does to its catalog: nothing that a person wrote is ever lost.

After `msgmerge`: an entry whose source is unchanged keeps its translation, byte for byte; a changed
sentence takes over the translation of the one it grew from, marked fuzzy, with the old source as
`#| msgid`; a sentence that is gone becomes obsolete (`#~`). Unlike `msgmerge`, the old entry of a
changed sentence stays as obsolete too, so that it is there again when the change is taken back.
"""

from __future__ import annotations

from collections.abc import Mapping

import polib

from translator.catalogs.entry import (
    DRAFT,
    EARLIER,
    ORIGIN,
    State,
    mark,
    note_of,
    one_line,
    read_unit,
)
from translator.inline import LEGEND, legend
from translator.model import Draft, Release

SIMILAR = 60.0  # percent, the threshold of msgmerge's own fuzzy matching


def merge(
    old: list[polib.POEntry], release: Release, drafts: Mapping[str, Draft], *, source_file: str
) -> list[polib.POEntry]:
    """The entries for `release`: live ones in reading order, then the obsolete ones in their old
    order.
    """
    places, heads = _places(release, source_file)
    known = {entry.msgid: entry for entry in sorted(old, key=lambda e: not e.obsolete)}
    gone = [
        e
        for e in old
        if e.msgid not in places and read_unit(e).state in (State.EDITED, State.APPROVED)
    ]
    origins = _ancestors([text for text in places if text not in known], gone)

    live = []
    for text, occurrences in places.items():
        entry = known.get(text) or polib.POEntry(msgid=text)
        entry.obsolete = False
        entry.occurrences = occurrences
        draft = drafts.get(text)
        if text in origins:
            _inherit(entry, origins[text])
        elif draft is not None and read_unit(entry).state in (State.UNTRANSLATED, State.DRAFT):
            _fill(entry, draft.text)
        notes = (
            _inherited(heads[text], draft) if text in origins else _notes(entry, heads[text], draft)
        )
        entry.comment = "\n".join(notes)
        live.append(entry)

    alive = {id(entry) for entry in live}
    obsolete = [entry for entry in old if id(entry) not in alive]
    for entry in obsolete:
        entry.obsolete = True
    return live + obsolete


def _places(
    release: Release, source_file: str
) -> tuple[dict[str, list[tuple[str, str]]], dict[str, list[str]]]:
    """For each distinct segment where it stands, `(file, block number)`, and its first `#.` lines:
    the kind of its first block and what its tags stand for there.
    """
    name = "".join(
        "%20" if c.isspace() else c for c in source_file
    )  # `#:` separates by white space
    places: dict[str, list[tuple[str, str]]] = {}
    heads: dict[str, list[str]] = {}
    for block in release.blocks:
        for segment in block.segments:
            place = (name, str(block.number))
            if place not in places.setdefault(segment.text, []):
                places[segment.text].append(place)
            head = [block.kind.value, *map(one_line, legend(segment.tags))]
            heads.setdefault(segment.text, head)
    return places, heads


def _ancestors(new: list[str], gone: list[polib.POEntry]) -> dict[str, polib.POEntry]:
    """For new segments, the vanished entry each one grew from: the most similar pairs first, each
    entry once.
    """
    if not new or not gone:
        return {}
    from rapidfuzz import fuzz, process

    scores = process.cdist(new, [e.msgid for e in gone], scorer=fuzz.ratio, score_cutoff=SIMILAR)
    pairs = sorted(
        ((float(scores[i, j]), i, j) for i, j in zip(*scores.nonzero(), strict=True)),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    found: dict[str, polib.POEntry] = {}
    taken: set[int] = set()
    for _, i, j in pairs:
        if new[i] not in found and j not in taken:
            found[new[i]] = gone[j]
            taken.add(j)
    return found


def _inherit(entry: polib.POEntry, ancestor: polib.POEntry) -> None:
    entry.msgstr = ancestor.msgstr
    entry.tcomment = ancestor.tcomment
    entry.previous_msgid = ancestor.msgid
    mark(entry, fuzzy=True)


def _fill(entry: polib.POEntry, text: str) -> None:
    entry.msgstr = text
    if text:
        mark(entry, fuzzy=True)


def _inherited(head: list[str], draft: Draft | None) -> list[str]:
    """The `#.` lines of an entry that took over a translation, with what the machine would say."""
    lines = [*head, ORIGIN + EARLIER]
    return [*lines, DRAFT + one_line(draft.text)] if draft is not None and draft.text else lines


def _notes(entry: polib.POEntry, head: list[str], draft: Draft | None) -> list[str]:
    """The `#.` lines: the head, then the new draft's notes and text, or the old ones."""
    if draft is None:
        return [
            *head,
            *(line for line in entry.comment.split("\n")[1:] if not line.startswith(LEGEND)),
        ]
    text = one_line(draft.text)
    kept = note_of(entry.comment.split("\n"), DRAFT)
    lines = [*head, ORIGIN + draft.origin, *draft.notes]
    return [*lines, DRAFT + (text or kept)] if text or kept else lines
