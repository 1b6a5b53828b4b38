"""The words around a published text, in its language: dates, language names, the draft mark."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from translator import messages
from translator.publishing import script, typography

if TYPE_CHECKING:
    from babel import Locale

DRAFT = "DRAFT – not reviewed, do not publish"


def translate(message: str, language: str) -> str:
    """One of the tool's words in the language and script of a publication."""
    return script.apply(messages.translate(message, script.base(language)), language)


def draft_mark(language: str) -> str:
    """The line that stands on every page of a text that nobody has reviewed."""
    return translate(DRAFT, language)


def long_date(day: date, language: str) -> str:
    """A date in words, as "8 December 2021"."""
    from babel.dates import format_date

    words = format_date(day, "long", locale=_locale(language))
    # CLDR sets a narrow space before "г." and "ж.", where the text has a normal one.
    words = typography.apply(words.replace("\u202f", typography.NBSP), script.base(language))
    return script.apply(words, language)


def language_name(language: str) -> str:
    """A language's name in itself, as "polski"."""
    return script.apply(_locale(language).get_language_name() or language, language)


def _locale(language: str) -> Locale:
    """English is the European one, day before month; a code that CLDR lacks gets it too."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse("en_GB" if language == "en" else script.base(language))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")
