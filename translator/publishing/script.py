"""Kazakh in the Latin alphabet that the government of Kazakhstan presented on 28 January 2021.

Its 31 letters: A Ä B D E F G Ğ H I(=І) İ(=И, Й) J K Q L M N Ñ O Ö P R S Ş T U(=У) Ū(=Ұ) Ü(=Ү) V
Y(=Ы) Z. Letters that only loans have are written with them: Ё io, Ц ts, Ч tş, Щ ştş, Э e, Ю iu,
Я ia; the signs Ъ and Ь go. Х and Һ fall together, as do И and Й. Source: the table of the draft of
28 January 2021, as listed in "Kazakh alphabets", Wikipedia. Latin words in a text stay as they are.

A language in this script is named by its BCP 47 tag, kk-Latn.
"""

from __future__ import annotations

from typing import Final

from translator.errors import TranslatorError

SCRIPTS: Final = {"Latn": ("kk",)}  # of which languages

_LETTERS: Final = {
    **dict(
        zip(
            "аәбвгғдежзийкқлмнңоөпрстуұүфхһшыіэ",
            "aäbvgğdejziikqlmnñoöprstuūüfhhşyıe",
            strict=True,
        )
    ),
    **{"ё": "io", "ц": "ts", "ч": "tş", "щ": "ştş", "ю": "iu", "я": "ia", "ъ": "", "ь": ""},
}
_CAPITALS: Final = {"i": "İ", "ı": "I"}


def in_script(language: str, script: str) -> str:
    """The tag of a language in this script; the language where it is not written in it, or none is
    given. TranslatorError on a script that nothing here is written in.
    """
    if script and script not in SCRIPTS:
        raise TranslatorError(f"unknown script “{script}”: use {', '.join(SCRIPTS)}")
    return f"{language}-{script}" if language in SCRIPTS.get(script, ()) else language


def base(language: str) -> str:
    """The language of a tag: kk for kk-Latn."""
    return language.partition("-")[0]


def apply(text: str, language: str) -> str:
    """Text of `base(language)` in the script that the tag names; unchanged where it names none."""
    return latin(text) if language == "kk-Latn" else text


def latin(text: str) -> str:
    """Kazakh Cyrillic in the Latin alphabet; the rest of the text is unchanged."""
    return "".join(_letter(text, at) for at in range(len(text)))


def _letter(text: str, at: int) -> str:
    char = text[at]
    written = _LETTERS.get(char.lower())
    if written is None or not written or char.islower():
        return char if written is None else written
    capital = _CAPITALS.get(written[0], written[0].upper())
    around = text[max(0, at - 1) : at] + text[at + 1 : at + 2]
    letters = [other for other in around if other.isalpha()]
    if letters and all(other.isupper() for other in letters):
        return capital + "".join(_CAPITALS.get(c, c.upper()) for c in written[1:])
    return capital + written[1:]
