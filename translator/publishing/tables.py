"""What the cells of a table tell of it: its size, whether it has a header, where figures stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from translator.model import Row

# "1 234,5", "–", "53,9%", "12 mln EUR", "EUR 12 m"
_FIGURE: Final = re.compile(
    r"(?=.*\d|[–—-]$)[A-Z]{0,3}[\s\d.,:%‰()€$£₸+–—−-]+(?:[^\W\d]{1,8}\.?\s?){0,2}"
)


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of a table of `rows` × `columns` cells; `numeric` columns are set to the right.

    The first row is its header, unless it has figures only; the first column names its row.
    """

    rows: int
    columns: int
    header: bool
    numeric: tuple[bool, ...]


def shape(cells: Sequence[Row]) -> Shape:
    """The shape of the table that these rows, all with a `cell` in one table, make."""
    places = [(*row.cell[1:], row.target.strip()) for row in cells if row.cell]
    count, columns = max(r for r, _, _ in places), max(c for _, c, _ in places)

    def figures(texts: list[str]) -> bool:
        said = [text for text in texts if text]
        return bool(said) and all(map(_FIGURE.fullmatch, said))

    return Shape(
        rows=count,
        columns=columns,
        header=count > 1 and not figures([text for r, _, text in places if r == 1]),
        numeric=tuple(
            column > 1 and figures([text for r, c, text in places if r > 1 and c == column])
            for column in range(1, columns + 1)
        ),
    )
