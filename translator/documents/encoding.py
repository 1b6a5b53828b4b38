"""The encodings that Polish offices save text in, told apart by how well the bytes read in each."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path

from translator.errors import TranslatorError

# The UTF-32 mark begins with the UTF-16 one and has to be looked for first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LARGEST = 20_000_000  # bytes; what is made of a text takes many times as much
_SINGLE_BYTE = ("cp1250", "iso-8859-2")
_EXPECTED = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ„”“’‘«»–—…§°€\u00a0\u00ad")
_LAYOUT = frozenset("\t\n\r\f")
_MUCH = 0.1  # more foreign letters than this share of all, and it is not Polish in this encoding


def decode(data: bytes, path: Path) -> str:
    """The text in `data`: UTF-8, UTF-16 (with or without its mark), Windows-1250 or ISO-8859-2.

    Raises TranslatorError, naming `path`, where the bytes are too many, no text, or Polish in none
    of these.
    """
    if not data.strip():
        raise TranslatorError("is empty; there is nothing to translate", file=path)
    if len(data) > LARGEST:
        raise TranslatorError(
            f"has more than {LARGEST // 1_000_000} MB of text: split the release", file=path
        )
    text = _unicode(data)
    if text is None:
        candidates = [t for t in (_decoded(data, e) for e in _SINGLE_BYTE) if t and _is_polish(t)]
        # Windows-1250 comes first and wins where both read well.
        text = max(candidates, key=lambda t: _expected(t) - _odd(t), default=None)
    if text is None or not _is_text(text):
        raise TranslatorError(
            "is not text in UTF-8, UTF-16, Windows-1250 or ISO-8859-2; save it as UTF-8", file=path
        )
    return text


def _unicode(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    # Without a mark, UTF-16 shows by the zero bytes of its many ASCII characters, all on one side.
    if len(data) % 2 == 0:
        zeros = data[0::2].count(0), data[1::2].count(0)
        if max(zeros) > len(data) // 4 and min(zeros) == 0:
            return _decoded(data, "utf-16-be" if zeros[0] else "utf-16-le")
    return _decoded(data, "utf-8")


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_text(text: str) -> bool:
    """No control characters, surrogates or code points that are no characters."""
    return not any(unicodedata.category(c) in ("Cc", "Cs", "Cn") and c not in _LAYOUT for c in text)


def _is_polish(text: str) -> bool:
    odd = _odd(text)
    return _is_text(text) and (odd <= _expected(text) or odd <= _MUCH * sum(map(str.isalpha, text)))


def _expected(text: str) -> int:
    return sum(c in _EXPECTED for c in text)


def _odd(text: str) -> int:
    return sum(not c.isascii() and c not in _EXPECTED for c in text)
