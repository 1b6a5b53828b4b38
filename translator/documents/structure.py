"""What a document does not say in so many words: which block is its title, where its signature
begins, which date stands in its dateline.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from translator.model import Block, BlockKind

SHORT = 200  # characters of a headline
LABEL = 100  # characters of a heading or of a line of a signature
SIGNATURE_LINES = 6
DATELINE_LINES = 5  # a dateline stands among the first so many blocks

_MONTHS = (
    *("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca"),
    *("lipca", "sierpnia", "września", "października", "listopada", "grudnia"),
)
_DATELINE = re.compile(
    r"(?:[A-ZŁŚŻŹĆ][\w -]{1,40},\s+)?(?:dnia\s+)?"
    rf"(?:(?P<day>\d{{1,2}})\s+(?P<month>{'|'.join(_MONTHS)})\s+(?P<year>\d{{4}})(?:\s*r\.|\s+roku)?"
    r"|(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})(?:\s*r\.)?)"
)
# What stands beside the body's flow of text.
_BESIDE = frozenset(
    {
        *(BlockKind.CAPTION, BlockKind.FOOTNOTE, BlockKind.IMAGE),
        *(BlockKind.FURNITURE, BlockKind.METADATA),
    }
)


def is_dateline(text: str) -> bool:
    """Whether `text` is a line such as "Warszawa, 8 grudnia 2021 r."."""
    return _DATELINE.fullmatch(text) is not None


def is_label(text: str) -> bool:
    """One short line, no sentence and no item of a list: a heading or a line of a signature."""
    return (
        len(text) <= LABEL
        and "\n" not in text
        and not text.endswith(tuple(".!?…,:;"))
        and text[:1].isalnum()
    )


def settle(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with numbers, and with the title, headings and signature that they lack.

    What the document itself says (a style, a level) is left as it is: a title is looked for where
    no block is one, headings where there is none.
    """
    kinds = [block.kind for block in blocks]
    body = [k for k, block in enumerate(blocks) if block.kind not in _BESIDE]
    labels = {
        k for k in body if kinds[k] is BlockKind.PARAGRAPH and blocks[k].cell is None
        if is_label(blocks[k].text) or is_dateline(blocks[k].text)
    }  # fmt: skip
    last = max((k for k in body if k not in labels), default=-1)
    if BlockKind.HEADING not in kinds:
        for k in labels:
            if k < last and not is_dateline(blocks[k].text):
                kinds[k] = BlockKind.HEADING
    title = next((k for k in body if not is_dateline(blocks[k].text)), None)
    if BlockKind.TITLE not in kinds and title is not None and _is_headline(blocks[title]):
        kinds[title] = BlockKind.TITLE
    tail = [k for k in body if k > last]
    if last >= 0 and len(tail) <= SIGNATURE_LINES:
        for k in tail:
            kinds[k] = BlockKind.SIGNATURE
    return tuple(
        replace(block, number=number, kind=kind)
        for number, (block, kind) in enumerate(zip(blocks, kinds, strict=True), start=1)
    )


def _is_headline(block: Block) -> bool:
    if block.kind is BlockKind.HEADING:
        return True
    is_prose = block.kind is not BlockKind.PARAGRAPH or block.cell is not None
    text = block.text
    return not is_prose and len(text) <= SHORT and not text.endswith((".", "…", ",", ":", ";"))


def stated_date(blocks: Iterable[Block]) -> date | None:
    """The date of the dateline, where there is one."""
    texts = [block.text for block in blocks if block.kind not in _BESIDE]
    for text in texts[:DATELINE_LINES]:
        if match := _DATELINE.fullmatch(text):
            month = match["month"]
            try:
                return date(
                    int(match["year"] or match["y"]),
                    _MONTHS.index(month) + 1 if month else int(match["m"]),
                    int(match["day"] or match["d"]),
                )
            except ValueError:  # such as 31 February: a slip of the author, no date
                continue
    return None
