"""Text as Markdown that shows exactly these characters."""

from __future__ import annotations

import re

# What CommonMark, tables, strike-through and mathematics extensions read as markup anywhere …
_SPECIAL = re.compile(r"[\\`*_\[\]<>&~|$]")
# … and at the start of a line: headings, lists, rules, numbered lists.
_AT_START = re.compile(r"(?m)^(?:(?=[#+\-=])|\d{1,9}(?=[.)](?:\s|$)))")


def escape(text: str) -> str:
    """Text that no line begins with."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def escape_starts(markdown: str) -> str:
    """Markdown, its text escaped, of which each line is one of a paragraph."""
    return _AT_START.sub(r"\g<0>\\", markdown)
