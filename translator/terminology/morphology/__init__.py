"""Inflection of target terms and names: one small interface, one module a language.

A language module offers `paradigm(lemma, *, person, gender)`, which yields the lemma's forms.
Languages are loaded when first asked for; one without a module leaves every lemma as it is.
"""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from functools import lru_cache

_MODULES = {"en": "english", "ru": "russian", "kk": "kazakh"}


@dataclass(frozen=True, slots=True)
class Form:
    """An inflected form of a lemma.

    `case` is one of nom gen dat acc ins loc (loc is the Russian prepositional; Kazakh
    has abl too, and attr, the adjective made of the locative: Қазақстандағы).
    `number` is sg or pl. Both are empty for a form that is there to be recognised but never asked
    for, such as a finite form of a verb phrase. `possessed` is set where the form carries a
    possessive ending that the lemma itself has not: Kazakh -(с)ы/-(с)і, English 's.
    """

    text: str
    case: str
    number: str
    possessed: bool = False


@lru_cache(maxsize=1 << 15)
def _paradigm(lemma: str, language: str, person: bool, gender: str) -> tuple[Form, ...]:
    """The forms in the order of their grammar, a usual form before its variants."""
    if language not in _MODULES or not lemma.strip():
        return (Form(lemma, "nom", "sg"),)
    module = importlib.import_module(f"{__name__}.{_MODULES[language]}")
    return tuple(dict.fromkeys(module.paradigm(lemma, person=person, gender=gender)))


@lru_cache(maxsize=1 << 15)
def forms(lemma: str, language: str, *, person: bool = False, gender: str = "") -> tuple[Form, ...]:
    """All inflected forms of a term or name, the lemma itself first.

    `gender` ("m", "f" or unknown) is that of a person, or of the noun that an adjective goes with.
    """
    found = _paradigm(lemma, language, person, gender)
    first = next((form for form in found if form.text == lemma), Form(lemma, "nom", "sg"))
    return tuple(dict.fromkeys([first, *found]))


def inflect(
    lemma: str,
    language: str,
    *,
    case: str,
    number: str = "sg",
    possessed: bool = False,
    person: bool = False,
    gender: str = "",
) -> str:
    """The lemma in the form asked for, or in the nearest that it has.

    A lemma that exists in one number only comes in that number, and an ending that the language
    has not (an English dative, a Russian possessive) is left out.
    """

    def fit(form: Form) -> tuple[bool, bool, bool, bool]:
        in_number = form.number == number
        return bool(form.case), form.possessed == possessed, in_number, form.case == case

    return max(_paradigm(lemma, language, person, gender), key=fit).text


def dictionary_forms(phrase: str, language: str) -> list[str]:
    """What an inflected phrase can be in its dictionary form; none where that is not known."""
    if language not in ("ru", "kk"):  # in English the most frequent form is it
        return []
    module = importlib.import_module(f"{__name__}.{_MODULES[language]}")
    return list(dict.fromkeys(module.dictionary_forms(phrase)))


_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u2007\u2009\u202f", " "),
        **dict.fromkeys("„“”«»‟", '"'),
        **dict.fromkeys("’‘ʼ`", "'"),
        **dict.fromkeys("\u2010\u2011", "-"),
        **dict.fromkeys("—―−", "–"),
        "ё": "е",
        "Ё": "Е",
    }
)
# What stands before the first word of a sentence or quotation, item or heading.
_SENTENCE_START = re.compile(r"""(?:^\W*|\n\W*|[.!?…:]["')\]]*\s+["'(]?|\s["'(]|–\s)\Z""")


def find_forms(
    lemma: str,
    language: str,
    text: str,
    *,
    person: bool = False,
    gender: str = "",
    ignore_case: bool = False,
) -> list[tuple[int, int, Form]]:
    """Where a correct form of the lemma stands in a target text: (start, end, form), in order.

    Letters е and ё, kinds of spaces, quotes, apostrophes, hyphens and dashes count as equal, and a
    small first letter may be a capital where a sentence starts (with `ignore_case`, capitals and
    small letters are equal everywhere). A form that several cases share is reported once, as the
    first of them.
    """
    if not lemma.strip():
        return []
    pattern, by_text = _finder(lemma, language, person, gender, ignore_case)
    plain = text.translate(_ALIKE)
    found = []
    for match in pattern.finditer(plain):
        surface = match.group().casefold() if ignore_case else match.group()
        form = by_text.get(surface)
        if form is None and _SENTENCE_START.search(plain[: match.start()]):
            form = by_text.get(surface[0].lower() + surface[1:])
        if form is not None:
            found.append((match.start(), match.end(), form))
    return found


@lru_cache(maxsize=1 << 13)
def _finder(
    lemma: str, language: str, person: bool, gender: str, ignore_case: bool
) -> tuple[re.Pattern[str], dict[str, Form]]:
    by_text: dict[str, Form] = {}
    for form in forms(lemma, language, person=person, gender=gender):
        text = form.text.translate(_ALIKE)
        by_text.setdefault(text.casefold() if ignore_case else text, form)
    texts = sorted(by_text, key=len, reverse=True)
    words = "|".join(f"[{re.escape(t[0] + t[0].upper())}]{re.escape(t[1:])}" for t in texts)
    # A part of a hyphenated noun is another word (консул in вице-консул), that of a name is not.
    edge = r"\w-" if lemma[:1].islower() else r"\w"
    flags = re.IGNORECASE if ignore_case else re.NOFLAG
    return re.compile(f"(?<![{edge}])(?:{words})(?![{edge}])", flags), by_text
