"""What the PDF's templates are given: a release in its languages as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final

from translator.model import SOURCE, BlockKind, Row, Term
from translator.publishing import script, tables
from translator.publishing.furniture import draft_mark, language_name, long_date, translate
from translator.publishing.publication import Publication
from translator.publishing.runs import Run, Span, block_runs, letters, split

# On facing pages a longer block may go on overleaf, at the end of a sentence; a piece that is
# longer than a good part of a page is divided further, between words.
DIVISIBLE: Final = 600
PIECE: Final = 900


def data(publications: Sequence[Publication], *, layout: str) -> dict[str, Any]:
    """The content of a PDF; publication.typ says what each key is. The publications are typeset."""
    first = publications[0]
    with_source = layout != "target-only"
    languages = [_side(first, SOURCE), *(_side(p, p.language) for p in publications)]
    sides = languages if with_source else languages[1:]
    writer = _Writer(publications, with_source=with_source, apart=layout in _APART)
    day = first.date or date.today()
    rows = writer.rows()
    return {
        "author": first.byline,
        "keywords": [first.release_name, SOURCE, *(p.language for p in publications)],
        "description": " – ".join(side["title"] for side in languages),
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "draft": first.draft,
        "languages": languages,
        "sides": sides,
        "targets": int(with_source),
        "main": languages[1],
        "rows": rows,
        "notes": writer.notes,
        "terms": _terms(publications) if first.show_terms else [],
        "colophon": _colophon(first),
    }


_APART: Final = ("facing", "target-only")


def _side(publication: Publication, language: str) -> dict[str, Any]:
    """One language: its title, letterhead and the words of the page."""
    is_source = language == SOURCE
    signature = publication.source_signature if is_source else publication.signature
    return {
        "language": script.base(language),  # Typst knows no scripts
        "name": language_name(language),
        "title": publication.source_title if is_source else publication.title,
        "organisation": signature[-1] if signature else "",
        "kind": translate("Press release", language),
        "date": long_date(publication.date, language) if publication.date else "",
        "page": translate("Page {page} of {pages}", language),
        "draft": translate("Draft", language),
        "notice": draft_mark(language),
        "terms": translate("Terms", language),
        "note": translate("Note", language),
    }


def _colophon(publication: Publication) -> list[str]:
    language = publication.language
    name = publication.release_name
    if publication.date:
        name += f" · {long_date(publication.date, language)}"
    origin = translate("Source: Polish original", language)
    if publication.draft:
        return [origin, translate("Machine translation, not yet reviewed", language), name]
    return [origin, name]


def _terms(publications: Sequence[Publication]) -> list[tuple[list[str], str]]:
    """Each term of the release once, in reading order: in all languages, and its note."""
    terms: dict[str, Term] = {}
    for row in publications[0].rows:
        for match in sorted(row.terms, key=lambda match: match.start):
            terms.setdefault(match.term.source, match.term)
    # The glossary's notes are for the reviewer, not for readers of what is published.
    return [
        (
            [t.source, *(t.targets.get(p.language, "") for p in publications)],
            t.note if publications[0].draft else "",
        )
        for t in terms.values()
    ]


Texts = tuple[Row, ...]  # one block: its row in each publication


class _Writer:
    """Writes the rows of all publications side by side, and the footnotes that they refer to."""

    def __init__(
        self, publications: Sequence[Publication], *, with_source: bool, apart: bool
    ) -> None:
        self.publications = publications
        self.with_source = with_source
        self.apart = apart
        self.notes: dict[str, Any] = {}
        self._seen: set[tuple[str, int]] = set()
        self._level = 1
        self._numbers: list[int] = []

    def rows(self) -> list[dict[str, Any]]:
        """The headline and the body; footnotes that nothing refers to stand at the end."""
        body = list(zip(*(p.body for p in self.publications), strict=True))
        footnotes = [row for row in body if row[0].kind is BlockKind.FOOTNOTE]
        flow = [row for row in body if row[0].kind is not BlockKind.FOOTNOTE]
        title = tuple(p.headline for p in self.publications)
        loose = self._number_notes([title, *flow], footnotes)
        rows: list[dict[str, Any]] = [{"kind": "title", "texts": self._texts(title)}]
        for table, members in groupby(flow, key=lambda row: row[0].cell and row[0].cell[0]):
            if table:
                rows.append(self._table(list(members)))
            else:
                rows += [self._row(row) for row in members]
        rows += [self._row(row) for row in loose]
        kinds = [None, *(row["kind"] for row in rows), None]
        for row, before, after in zip(rows, kinds, kinds[2:], strict=False):
            row |= {"before": before, "after": after}
            row |= {"notes": self._referred(row), "length": _length(row)}
        return rows

    def _number_notes(self, flow: Sequence[Texts], footnotes: Sequence[Texts]) -> list[Texts]:
        """Give the marks their footnotes, in order; the footnotes without a mark."""
        marks = dict.fromkeys(
            inline.detail
            for row in flow
            for inlines in (row[0].source_inlines, *(r.target_inlines for r in row))
            for inline in inlines
            if inline.kind == "footnote"
        )
        if all(mark.isdigit() for mark in marks):
            marks = dict.fromkeys(sorted(marks, key=int))
        for number, (mark, row) in enumerate(zip(marks, footnotes, strict=False), start=1):
            self.notes[mark] = {"mark": str(number), "texts": self._note(row)}
        return list(footnotes[len(marks) :])

    def _note(self, row: Texts) -> list[list[Run]]:
        return [[run for line in text for run in line] for text in self._texts(row)]

    def _referred(self, row: dict[str, Any]) -> list[str]:
        """The footnotes that a row refers to."""
        texts = row.get("texts") or [
            cell for side in row.get("cells", []) for cells in side for cell in cells
        ]
        found = [run["note"] for text in texts for line in text for run in line if "note" in run]
        return list(dict.fromkeys(found))

    def _row(self, row: Texts) -> dict[str, Any]:
        kind = row[0].kind
        if kind is BlockKind.IMAGE:
            return {"kind": "image", "asset": row[0].asset, "alts": self._plain(row)}
        written: dict[str, Any] = {"kind": kind.value, "texts": self._texts(row)}
        if kind in (BlockKind.TITLE, BlockKind.HEADING):
            # PDF/UA: a heading is at most one level below the one before it.
            level = 1 if kind is BlockKind.TITLE else max(row[0].level, 1)
            self._level = min(level + 1, self._level + 1, 6)
            written |= {"kind": "heading", "level": self._level}
        elif kind is BlockKind.ITEM:
            written |= {"level": row[0].level, "ordered": row[0].ordered, "number": self._item(row)}
        if kind is not BlockKind.ITEM:
            self._numbers = []
        if self.apart and kind in (BlockKind.PARAGRAPH, BlockKind.QUOTE, BlockKind.ITEM):
            written |= self._pieces(row, written["texts"])
        return written

    def _item(self, row: Texts) -> int:
        """The number of a list item among those of its level."""
        level = max(row[0].level, 1)
        self._numbers = [*self._numbers[:level], *[0] * (level - len(self._numbers))]
        self._numbers[-1] += 1
        return self._numbers[-1]

    def _texts(self, row: Texts) -> list[list[list[Run]]]:
        """The lines of runs of each side."""
        texts: list[list[list[Run]]] = []
        for publication, one in zip(self.publications, row, strict=True):
            if not texts and self.with_source:
                spans = [(m.start, m.end) for m in one.terms] if publication.show_terms else []
                texts.append(block_runs(one.kind, one.source, one.source_inlines, spans))
            spans = _find_terms(one, publication.language) if publication.show_terms else []
            texts.append(block_runs(one.kind, one.target, one.target_inlines, spans))
        for side, text in enumerate(texts):
            for line in text:
                line[:] = list(self._with_notes(line, side))
        return texts

    def _with_notes(self, line: list[Run], side: int) -> Iterator[Run]:
        for run in line:
            if "note" not in run:
                yield run
            elif run["note"] in self.notes:
                place = (run["note"], side if self.apart else 0)
                yield {**run, "first": place not in self._seen}
                self._seen.add(place)

    def _plain(self, row: Texts) -> list[str]:
        texts = [one.target for one in row]
        texts = [row[0].source, *texts] if self.with_source else texts
        return [" ".join(text.split()) for text in texts]

    def _table(self, rows: Sequence[Texts]) -> dict[str, Any]:
        shape = tables.shape([row[-1] for row in rows])
        self._numbers = []
        sides = range(len(self.publications) + self.with_source)
        columns = range(shape.columns)
        cells: list[Any] = [[[[] for _ in columns] for _ in range(shape.rows)] for _ in sides]
        said: list[list[list[str]]] = [[[] for _ in columns] for _ in sides]
        for row in rows:
            assert row[0].cell is not None
            _, r, c = row[0].cell
            for side, text, plain in zip(sides, self._texts(row), self._plain(row), strict=True):
                cells[side][r - 1][c - 1] += text
                said[side][c - 1].append(plain)
        return {
            "kind": "table",
            "columns": shape.columns,
            "header": shape.header,
            "numeric": shape.numeric,
            "weights": [
                max([1, *(min(len(text), 120) for side in said for text in side[column])])
                for column in columns
            ],
            "words": [[_longest(column) for column in side] for side in said],
            "cells": cells,
        }

    def _pieces(self, row: Texts, texts: list[list[list[Run]]]) -> dict[str, Any]:
        """A long block cut at the ends of its sentences, alike in each language."""
        plain = self._plain(row)
        if max(map(len, plain)) <= DIVISIBLE:
            return {}
        pairs = row[0].pairs or ((row[0].source, row[0].target),)
        sizes: list[list[int]] = [[] for _ in texts]
        for index, pair in enumerate(pairs):
            both = (pair[0], *(one.pairs[index][1] if one.pairs else one.target for one in row))
            said = both if self.with_source else both[1:]
            parts = 1 + max(map(len, said)) // PIECE
            for side, text in enumerate(said):
                sizes[side] += _portions(text, parts)
        pieces = [split(text[0], size) for text, size in zip(texts, sizes, strict=True)]
        count = max(map(len, pieces))
        return {"pieces": [[*side, *[[]] * (count - len(side))] for side in pieces]}


def _portions(text: str, parts: int) -> list[int]:
    """The letters of a text in so many parts of about the same length, cut between words."""
    words = [letters(word) for word in text.split()]
    portions = [0] * parts
    total, reached = sum(words), 0
    for word in words:
        portions[min(parts * reached // max(total, 1), parts - 1)] += word
        reached += word
    return portions


def _length(row: dict[str, Any]) -> int:
    """The characters of a block in the language where it is longest."""
    texts = row.get("texts", [])
    return max((sum(len(r.get("text", "")) for line in t for r in line) for t in texts), default=0)


def _longest(texts: Sequence[str]) -> list[str]:
    """The few longest words."""
    return sorted({w for text in texts for w in text.split()}, key=lambda w: (-len(w), w))[:3]


def _find_terms(row: Row, language: str) -> list[Span]:
    """Where the target has a correct form of a term that the source has."""
    from translator.terminology.morphology import find_forms

    found: list[Span] = []
    for match in row.terms:
        lemma = match.term.targets.get(language)
        if lemma:
            forms = find_forms(
                lemma, language, row.target, person=match.term.is_person, gender=match.gender
            )
            found += [(start, end) for start, end, _ in forms]
    return found
