"""What is published: the blocks of a release in both languages, and what a page says of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from translator import inline
from translator.model import BlockKind, Inline, Row
from translator.publishing import script, typography


@dataclass(frozen=True, slots=True)
class Publication:
    """A release in Polish and one target language, in reading order; there is at least one row.
    `language` is a tag that may name a script (kk-Latn).

    `draft` marks every page as not reviewed. `show_terms` underlines and lists terms in the PDF.
    `author` is for the metadata; left empty, the signature of the release stands there. `assets`
    has the images that rows name. `addresses` are where the release's versions stand on the web, by
    language, its own among them; empty where that is not known.
    """

    release_name: str
    language: str
    rows: tuple[Row, ...]
    date: date | None = None
    draft: bool = False
    show_terms: bool = False
    author: str = ""
    assets: Mapping[str, bytes] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)

    @property
    def headline(self) -> Row:
        """The first title; where there is none, the first sentence, which is in the body too."""
        first = self.rows[0]
        source, target = first.pairs[0] if first.pairs else (first.source, first.target)
        sentence = Row(BlockKind.TITLE, source, target)
        return next((row for row in self.rows if row.kind is BlockKind.TITLE), sentence)

    @property
    def body(self) -> tuple[Row, ...]:
        """The rows but the headline, and but its repetition right below (as web pages have it)."""
        headline = self.headline
        if headline not in self.rows:
            return self.rows
        at = self.rows.index(headline)
        below = self.rows[at + 1 :]
        if below and _same_heading(headline, below[0]):
            below = below[1:]
        return self.rows[:at] + below

    @property
    def source_title(self) -> str:
        return " ".join(lines(self.headline.kind, self.headline.source))

    @property
    def title(self) -> str:
        return " ".join(lines(self.headline.kind, self.headline.target))

    @property
    def source_signature(self) -> tuple[str, ...]:
        """The signature's lines in Polish."""
        signed = [row for row in self.rows if row.kind is BlockKind.SIGNATURE]
        return tuple(line for row in signed for line in lines(row.kind, row.source))

    @property
    def signature(self) -> tuple[str, ...]:
        """The signature's lines in the target language."""
        signed = [row for row in self.rows if row.kind is BlockKind.SIGNATURE]
        return tuple(line for row in signed for line in lines(row.kind, row.target))

    @property
    def byline(self) -> str:
        return self.author or ", ".join(self.signature)

    def typeset(self) -> Publication:
        """The same with the target language's typography and script in all target texts."""

        def change(text: str) -> str:
            set_in_type = typography.apply(text, script.base(self.language))
            return script.apply(set_in_type, self.language)

        rows = (
            replace(
                row,
                target=change(row.target),
                target_inlines=inline.moved(row.target_inlines, row.target, change),
            )
            for row in self.rows
        )
        return replace(self, rows=tuple(rows))


def grouped(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows that make one list, one table, or an image and its caption; others are alone."""
    groups: list[list[Row]] = []
    for row in rows:
        last = groups[-1][-1] if groups else None
        together = last is not None and (
            (row.kind is last.kind is BlockKind.ITEM)
            or (row.cell is not None and last.cell is not None and row.cell[0] == last.cell[0])
            or (row.kind is BlockKind.CAPTION and last.kind is BlockKind.IMAGE)
        )
        if together:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def whole_notes(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows with each footnote in one, the paragraphs of a longer one as its lines."""
    found: list[Row] = []
    for row in rows:
        goes_on = row.kind is BlockKind.FOOTNOTE and row.level > 1
        if goes_on and found and found[-1].kind is BlockKind.FOOTNOTE:
            found[-1] = _with_line(found[-1], row)
        else:
            found.append(row)
    return tuple(found)


def _with_line(row: Row, line: Row) -> Row:
    at_source, at_target = len(row.source), len(row.target)

    def below(given: Iterable[Inline], more: Iterable[Inline], at: int) -> tuple[Inline, ...]:
        moved = (replace(i, start=i.start + at + 1, end=i.end + at + 1) for i in more)
        return (*given, Inline("break", at, at), *moved)

    return replace(
        row,
        source=f"{row.source}\n{line.source}",
        target=f"{row.target}\n{line.target}",
        pairs=row.pairs + line.pairs,
        terms=(
            *row.terms,
            *(
                replace(m, start=m.start + at_source + 1, end=m.end + at_source + 1)
                for m in line.terms
            ),
        ),
        source_inlines=below(row.source_inlines, line.source_inlines, at_source),
        target_inlines=below(row.target_inlines, line.target_inlines, at_target),
    )


def _same_heading(headline: Row, row: Row) -> bool:
    is_heading = row.kind in (BlockKind.TITLE, BlockKind.HEADING)
    return is_heading and (row.source, row.target) == (headline.source, headline.target)


def lines(kind: BlockKind, text: str) -> list[str]:
    """The lines of a block in print: a signature keeps its own, other blocks flow as one."""
    if kind is BlockKind.SIGNATURE:
        return [line.strip() for line in text.split("\n") if line.strip()]
    return [text.replace("\n", " ").strip()]
