"""A bug report that can leave the ministry: versions, settings, what `doctor` says, and counts.

It holds no text of a release, a catalog, a glossary or the memory, and no name of a file of the
project or of a user.
"""

from __future__ import annotations

import io
import json
import platform
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from translator.diagnosis import Result
from translator.errors import TranslatorError
from translator.settings import Settings


def bundle(settings: Settings, results: Sequence[Result]) -> bytes:
    """The report as a zip file of JSON files."""
    parts = {
        "versions": versions(),
        "settings": _settings(settings),
        "doctor": [_result(result, settings) for result in results],
        "counts": counts(settings),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in parts.items():
            text = json.dumps(value, ensure_ascii=False, indent=1)
            archive.writestr(f"{name}.json", text + "\n")
    return made.getvalue()


def versions() -> dict[str, Any]:
    """Of Python, the system, and everything that is installed beside translator."""
    installed = {d.metadata["Name"]: d.version for d in metadata.distributions()}
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "machine": platform.machine(),
        "installed": dict(sorted(installed.items())),
    }


def _settings(settings: Settings) -> dict[str, Any]:
    return {
        "languages": settings.languages,
        "glossaries": len(settings.glossaries),
        "beam": settings.beam,
        "threads": settings.threads,
        "batch_tokens": settings.batch_tokens,
        "device": settings.device,
        "packages": dict(settings.packages),
    }


def _result(result: Result, settings: Settings) -> dict[str, str]:
    message = "(left out: it may name a release)" if result.private else result.message
    return {
        "area": result.area,
        "level": result.level.value,
        "message": _anonymous(message, settings),
        "advice": _anonymous(result.advice, settings),
    }


def _anonymous(text: str, settings: Settings) -> str:
    """`text` without the names of folders that may be a person's."""
    text = text.replace(str(settings.root.resolve()), "PROJECT")
    return text.replace(str(Path.home()), "~")


def counts(settings: Settings) -> dict[str, Any]:
    """How many releases, catalogs, entries by state, terms and segments there are."""
    from translator.memory import Memory
    from translator.project import find_catalogs, open_catalog
    from translator.terminology.termbase import TermBase

    entries: dict[str, Counter[str]] = {}
    unreadable = 0
    for path in find_catalogs(settings, None, ()):
        try:
            units = open_catalog(path).units
        except TranslatorError:
            unreadable += 1
            continue
        states = entries.setdefault(settings.named(path)[1], Counter())
        states.update(unit.state.value for unit in units)
        states["catalogs"] += 1
    return {
        "releases": sum(path.is_file() for path in settings.releases.rglob("*")),
        "catalogs": {language: dict(states) for language, states in sorted(entries.items())},
        "catalogs_unreadable": unreadable,
        "terms": _or_none(lambda: len(TermBase.load(settings.glossaries).terms)),
        "memory": _or_none(lambda: Memory(settings.memory).stats()),
    }


def _or_none(count: Callable[[], Any]) -> Any:
    """What is counted, or None where it cannot be: `doctor` says why."""
    try:
        return count()
    except TranslatorError:
        return None
