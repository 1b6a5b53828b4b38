"""The tool's own words (page furniture, draft marks, findings) in the languages of publications."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from translator.resources import resource


class Message(str):
    """An English text that can be said in other languages: a msgid with `{names}` and their values.

    A value may be a message itself.
    """

    __slots__ = ("msgid", "values")

    msgid: str
    values: Mapping[str, Any]

    def __new__(cls, msgid: str, **values: Any) -> Message:
        message = super().__new__(cls, msgid.format(**values))
        message.msgid, message.values = msgid, values
        return message

    def __getnewargs_ex__(self) -> tuple[tuple[str], Mapping[str, Any]]:
        return (self.msgid,), self.values


def translate(message: str, language: str) -> str:
    """`message`, an English msgid, in `language`; itself where no catalog translates it."""
    return _catalog(language).get(message, message)


def say(text: str, language: str) -> str:
    """A text in `language`, where it is a message; any other as it is."""
    if not isinstance(text, Message):
        return text
    values = {
        name: say(value, language) if isinstance(value, str) else value
        for name, value in text.values.items()
    }
    return translate(text.msgid, language).format(**values)


@lru_cache
def _catalog(language: str) -> dict[str, str]:
    import polib

    path = resource(f"locales/{language}/LC_MESSAGES/translator.po")
    if not path.exists():
        return {}
    return {entry.msgid: entry.msgstr for entry in polib.pofile(path).translated_entries()}
