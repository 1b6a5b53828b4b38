"""Tells a translation that must not reach a reviewer.

That is one that is empty, loops, is in the wrong script or language, or absurdly long or short.
"""

from __future__ import annotations

import re
from collections import Counter

LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
CYRILLIC = re.compile(r"[\u0400-\u052f]")
KAZAKH = re.compile(r"[әғқңөұүһі]", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+")
ADDRESS = re.compile(r"\S+@\S+|https?://\S+|\b(?:[\w-]+\.)+[a-z]{2,}\b[/\w.-]*")
ROMAN = re.compile(r"[IVXLCDM]+")
LETTERS_AGAIN = re.compile(r"([^\W\d_]{1,4}?)\1{4,}", re.IGNORECASE)
CYRILLIC_LANGUAGES = frozenset({"be", "bg", "kk", "ky", "mk", "ru", "sr", "tg", "uk"})
LATIN_LANGUAGES = frozenset({"cs", "de", "en", "es", "fr", "it", "lt", "lv", "pl", "pt", "sk"})


def problem(source: str, target: str, language: str) -> str:
    """What makes `target` unusable as the translation of `source`, or "" where nothing does."""
    if not re.search(r"\w", target):
        return "empty"
    if _loops(target) and not _loops(source):
        return "repeats itself"
    return _wrong_script(source, target, language) or _wrong_length(source, target)


def is_foreign(token: str, language: str) -> bool:
    """Whether a token of a vocabulary has letters that no ordinary word of `language` has."""
    if token.startswith("<") and token.endswith(">"):
        return False
    if language in LATIN_LANGUAGES:
        return bool(CYRILLIC.search(token))
    if language in CYRILLIC_LANGUAGES:
        return bool(LATIN.search(token)) or (language == "ru" and bool(KAZAKH.search(token)))
    return False


def _loops(text: str) -> bool:
    """Whether words or letters come again and again.

    That is: one or two words three times running, a longer phrase twice running, four words three
    times anywhere, or a syllable five times running.
    """
    if LETTERS_AGAIN.search(text):
        return True
    words = re.findall(r"\w+", text.casefold())
    if len(set(words)) == len(words):
        return False
    for size in range(1, len(words) // 2 + 1):
        again = 0
        for word, later in zip(words, words[size:], strict=False):
            again = again + 1 if word == later else 0
            if again >= size * (2 if size < 3 else 1):
                return True
    grams = Counter(zip(words, words[1:], words[2:], words[3:], strict=False))
    return any(count > 2 for count in grams.values())


def _wrong_script(source: str, target: str, language: str) -> str:
    source_words = {word.casefold() for word in WORD.findall(source)}
    words = WORD.findall(ADDRESS.sub(" ", target))
    if language in LATIN_LANGUAGES:
        foreign = [w for w in words if CYRILLIC.search(w) and w.casefold() not in source_words]
    elif language in CYRILLIC_LANGUAGES:
        foreign = [w for w in words if LATIN.search(w) and not _may_stay(w, source_words)]
        if language == "ru":
            foreign += [w for w in words if KAZAKH.search(w)]
    else:
        return ""
    return f"wrong script or language: {foreign[0]}" if foreign else ""


def _may_stay(word: str, source_words: set[str]) -> bool:
    """Whether a Latin word may stand in Cyrillic text: a numeral, or a name of the source.

    A name may have lost its Polish ending: "Twitter" for "Twitterze".
    """
    if ROMAN.fullmatch(word):
        return True
    if CYRILLIC.search(word) or word.islower():
        return False
    folded = word.casefold()
    return folded in source_words or (
        len(word) > 3 and any(known.startswith(folded) for known in source_words)
    )


def _wrong_length(source: str, target: str) -> str:
    """The margins leave room for an abbreviation that is written out, or the other way round."""
    if len(target) > 3 * len(source) + 40:
        return "much longer than the source"
    if len(target) < 0.3 * len(source) - 10:
        return "much shorter than the source"
    return ""
