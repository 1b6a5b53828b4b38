"""How a check is registered: an id, a severity and a sentence for the list that a user sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from translator.messages import Message
from translator.model import Finding, Match, Severity


@dataclass(frozen=True, slots=True)
class Entry:
    """What a check looks at: one segment and its translation.

    Both are without tags; `tagged` has them as they stand in the catalog. `matches` are the terms
    and names in the source, `year` is the release's.
    """

    source: str
    target: str
    language: str
    fuzzy: bool = False
    matches: Sequence[Match] = ()
    year: int | None = None
    tagged: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Check:
    """A registered check; `run` yields one message for each thing that is wrong."""

    id: str
    severity: Severity
    doc: str
    run: Callable[[Entry], Iterator[Message]]


REGISTRY: dict[str, Check] = {}


def register(
    id: str, severity: Severity
) -> Callable[[Callable[[Entry], Iterator[Message]]], Callable[[Entry], Iterator[Message]]]:
    """Register the decorated function as the check `id`; its docstring is what a user reads."""

    def add(function: Callable[[Entry], Iterator[Message]]) -> Callable[[Entry], Iterator[Message]]:
        doc = (function.__doc__ or "").strip().splitlines()[0]
        REGISTRY[id] = Check(id, severity, doc, function)
        return function

    return add


def run(entry: Entry) -> list[Finding]:
    """The findings of all checks on one entry; one without a translation has only that finding."""
    checks = REGISTRY.values() if entry.target.strip() else [REGISTRY["untranslated"]]
    return [
        Finding(c.id, c.severity, message=message, source=entry.source, language=entry.language)
        for c in checks
        for message in c.run(entry)
    ]
