"""The tool's own words (page furniture, draft marks) in the languages of publications."""

from __future__ import annotations

from functools import lru_cache

from translator.resources import resource


def translate(message: str, language: str) -> str:
    """`message`, an English msgid, in `language`; itself where no catalog translates it."""
    return _catalog(language).get(message, message)


@lru_cache
def _catalog(language: str) -> dict[str, str]:
    import polib

    path = resource(f"locales/{language}/LC_MESSAGES/translator.po")
    if not path.exists():
        return {}
    return {entry.msgid: entry.msgstr for entry in polib.pofile(path).translated_entries()}
