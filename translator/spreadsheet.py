"""Cells of the tables that people open in a spreadsheet, which runs what looks like a formula.

A cell that begins with = + - @ or a control character gets an apostrophe before it when it is
written, which spreadsheets take for “text follows” and which is taken off again when it is read
(OWASP's advice against CSV injection).
"""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n]")


def guard(cell: str) -> str:
    """The cell as it is written."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """The cell that was written: `unguard(guard(cell)) == cell` for every cell."""
    return cell[1:] if _GUARDED.match(cell) else cell
