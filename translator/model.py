"""The plain values that the stages of the pipeline hand to each other.

Every stage takes and returns these and knows nothing of the stages beside it.
Offsets are character offsets into the text they belong to, end exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

SOURCE = "pl"

# Domains whose translation depends on the sense in the sentence ("kazachski": казахский or
# казахстанский) or on style ("tzw."): the reviewer is shown what the glossary says, but nothing
# requires it.
ADVISORY_DOMAINS = frozenset({"demonym", "usage"})


class BlockKind(StrEnum):
    """What a block is in its document."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "list item"
    QUOTE = "quotation"
    CELL = "table cell"
    CAPTION = "caption"
    FOOTNOTE = "footnote"
    IMAGE = "image"
    SIGNATURE = "signature"
    # What belongs to the document but not to its text: left out of publications in another format.
    FURNITURE = "page header or footer"
    METADATA = "metadata"


@dataclass(frozen=True, slots=True)
class Inline:
    """Markup inside a text: the characters `start` to `end` bear it; where both are equal it has
    no content of its own (a line break, an image, the mark of a footnote).

    `kind` is "bold", "italic", "underline", "superscript", "subscript", "link", "style", "break",
    "image", "footnote", "number" (of a table, counted by the word processor) or "object"; `detail`
    is what a person should know of it (an address, the number itself or that of the footnote).
    `ref` is the reader's own number for the element it was read from.
    """

    kind: str
    start: int
    end: int
    detail: str = ""
    ref: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """The unit of translation: a sentence, a headline or a signature line, exactly as the source
    has it.

    `text` has no white space at its ends; everything inside it (double and non-breaking spaces,
    soft hyphens) is kept. `gap` is the white space that separated it from the next segment of its
    block. Markup inside it stands in `text` as numbered tags, `<1>…</1>` and `<2/>` (see
    `translator.inline`), and `tags` says what each number means; markup around all of it does not
    stand in `text` but is listed in `around`, the outermost first.
    """

    text: str
    gap: str = ""
    tags: Mapping[int, Inline] = field(default_factory=dict)
    around: tuple[Inline, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph-level piece of a document; `number` counts from 1, `line` is its first line in
    the file, where its format has lines.

    `text` is without markup, which `inlines` has with offsets into it, an outer one before an inner
    one. `level` is the depth of a heading or list item, from 1, and 2 for a further paragraph of
    the footnote before it; `ordered` is set on an item of a numbered list; `cell` is (table, row,
    column) of a table's cell, each from 1. `asset` is the name of an image among the release's
    assets; its `text` says what it shows.
    """

    number: int
    kind: BlockKind
    text: str
    line: int = 1
    segments: tuple[Segment, ...] = ()
    inlines: tuple[Inline, ...] = ()
    level: int = 1
    ordered: bool = False
    cell: tuple[int, int, int] | None = None
    asset: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """A source document, read and (once `segmentation` has run) segmented; `findings` is what a
    person must know of how it was read.
    """

    name: str
    path: Path
    sha256: str
    blocks: tuple[Block, ...]
    date: date | None = None
    assets: Mapping[str, bytes] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def title(self) -> str:
        """The text of the first title block, or of the first block."""
        titles = [b.text for b in self.blocks if b.kind is BlockKind.TITLE]
        return titles[0] if titles else self.blocks[0].text

    @property
    def segments(self) -> list[Segment]:
        """All segments in reading order, repetitions included."""
        return [s for b in self.blocks for s in b.segments]


@dataclass(frozen=True, slots=True)
class Term:
    """One row of a glossary: a lemma in Polish and its lemma in each target language.

    A person is a term of the domain `person`. `forbidden` holds variants that must not be used.
    `guess` is set on a name that was transcribed by rule and stands in no glossary.
    """

    source: str
    targets: Mapping[str, str]
    domain: str = ""
    note: str = ""
    forbidden: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    case_sensitive: bool = False
    file: str = ""
    line: int = 0
    guess: bool = False

    @property
    def is_person(self) -> bool:
        return self.domain == "person"

    @property
    def is_advisory(self) -> bool:
        return self.domain in ADVISORY_DOMAINS


@dataclass(frozen=True, slots=True)
class Match:
    """An occurrence of a term in a Polish text, in whatever inflected form.

    `case` and `number` are the head's, as far as the form tells them: one of nom gen dat acc ins
    loc voc and sg pl, alternatives joined by a dot as Morfeusz does ("gen.acc"), empty where
    unknown. `gender` is "m" or "f" for a person, else empty. `short` is set where only the head of
    a longer term that stood in full before is used ("Wysoki Komisarz"): it refers to the term but
    need not be translated in full.
    """

    term: Term
    start: int
    end: int
    surface: str
    case: str = ""
    number: str = ""
    gender: str = ""
    short: bool = False


class FactKind(StrEnum):
    """The kinds of figures that a translation must not change."""

    NUMBER = "number"
    PERCENT = "percent"
    ORDINAL = "ordinal"
    MONEY = "money"
    DATE = "date"
    YEAR = "year"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure or date in a text.

    `value` is the canonical, language-independent form, equal exactly where two texts say the same:
    a decimal as a string ("53.9", "1200000000"), money as "1200000000 EUR", a date as "2021-12-08"
    or "--12-08" (year unknown) or "2023-05-03/05" (range), a time as "14:30".
    """

    kind: FactKind
    value: str
    start: int
    end: int
    surface: str


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A translation as a package put it out.

    `score` is the mean log-probability of a target token. `alignment` has, where the package can
    tell, a pair (source start, source end, target start, target end) of offsets for each target
    word.
    """

    text: str
    score: float = 0.0
    alignment: tuple[tuple[int, int, int, int], ...] = ()


class Severity(StrEnum):
    """How grave a finding is: an error keeps a release from being published."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a translation that a person must look at.

    `message` says what is wrong and what to do. `file` and `line` point at the entry in its
    catalog, or at the place in a source document.
    """

    id: str
    severity: Severity
    message: str
    source: str = ""
    file: str = ""
    line: int = 0
    language: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the machine proposes for a segment; a reviewer sees the `notes` as `#.` lines."""

    text: str
    origin: str
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A block to publish: its source text, and its target text (equal to the source's where
    untranslated).

    All texts are without tags: `source_inlines` and `target_inlines` have the markup, with offsets
    into `source` and `target`, an outer one before an inner one. `pairs` are the aligned segments
    (source, target); `terms` the matches with offsets into `source`. `level`, `ordered`, `cell` and
    `asset` are the block's.
    """

    kind: BlockKind
    source: str
    target: str
    pairs: tuple[tuple[str, str], ...] = ()
    terms: tuple[Match, ...] = ()
    source_inlines: tuple[Inline, ...] = ()
    target_inlines: tuple[Inline, ...] = ()
    level: int = 1
    ordered: bool = False
    cell: tuple[int, int, int] | None = None
    asset: str = ""
