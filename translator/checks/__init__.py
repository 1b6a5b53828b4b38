"""Checks of a translation against its source; what a person must look at comes out as findings."""

from __future__ import annotations

from collections.abc import Sequence

from translator import inline
from translator.checks import content, form  # noqa: F401  (importing them registers the checks)
from translator.checks.registry import REGISTRY, Check, Entry, run
from translator.model import Finding, Match

__all__ = ["REGISTRY", "Check", "Entry", "check"]


def check(
    source: str,
    target: str,
    language: str,
    *,
    fuzzy: bool = False,
    matches: Sequence[Match] = (),
    year: int | None = None,
) -> list[Finding]:
    """All findings about the translation `target` of the Polish segment `source`.

    Both may have tags. `fuzzy`: nobody has reviewed it. `matches`: the terms and names in the
    source without its tags. `year`: the release's, which "br." refers to. File and line are the
    caller's to add.
    """
    plain = inline.plain(source), inline.plain(target)
    return run(Entry(*plain, language, fuzzy, tuple(matches), year, (source, target)))
