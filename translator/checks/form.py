"""Checks of how a translation is written: letters, punctuation, spaces, repetitions and length."""

from __future__ import annotations

import re
from collections.abc import Iterator

from translator import inline
from translator.checks.registry import Entry, register
from translator.messages import Message
from translator.model import Severity

_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_KAZAKH_ONLY = re.compile(r"[әғқңөұүһіӘҒҚҢӨҰҮҺІ]")
_POLISH = re.compile(r"[ąćęłńśźżĄĆĘŁŃŚŹŻ]")
_ADDRESS = re.compile(r"\S+@\S+|(?:https?://|www\.)\S+|\b\w+(?:\.\w+)*\.(?:pl|eu|org|com|int)\b\S*")
_FOLDED = str.maketrans("ąćęłńóśźż", "acelnoszz")
_WORD = re.compile(r"[^\W\d_]+")
_QUOTES = {
    "en": ("“ ”", '„«»"'),
    "ru": ("« »", '”"'),
    "kk": ("« »", '”"'),
}
_BIDI = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# UTF-8 read as Latin-1, CP1252 or CP1251, and the replacement character.
_MOJIBAKE = re.compile(
    "\ufffd|[ÃÂÄÅÐÑ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ•˜™š›œžŸ]"
    "|(?:[РС][ЂЃѓЉЊЌЋЏђљњќћџЎўЈҐЄЇґ°±µ¶·†‡€‰‚][РС]?){2,}"
)
# An abbreviation's full stop may or may not be the sentence's: "Warszawa, 9 lutego 2023 r."
_TOKEN = re.compile(r"\w+|[^\w\s]")
_ABBREVIATED_END = r"\b(?:b?r|w|tys|proc|itd|itp|in|zł|godz|ww|bm)\.\W*$"
_SHORTEST, _LONGEST, _COUNTED = (
    0.45,
    2.2,
    25,
)  # length ratios, and the source length they count from


@register("tags", Severity.ERROR)
def tags(entry: Entry) -> Iterator[Message]:
    """A tag of the source is missing, stands there twice or crosses another one."""
    for problem in inline.problems(*entry.tagged):
        yield Message("{problem}: set the tags as in the source.", problem=problem)


@register("wrong-script", Severity.ERROR)
def wrong_script(entry: Entry) -> Iterator[Message]:
    """The translation has words in another script than its language's."""
    if entry.language == "en":
        wrong = [w for w in _WORD.findall(entry.target) if _CYRILLIC.search(w)]
    elif entry.language in ("ru", "kk"):
        wrong = _latin_words(entry) if _LATIN.search(entry.target) else []
        if not _CYRILLIC.search(entry.target) and re.search(r"\b[^\W\d_A-Z]{3,}", entry.target):
            wrong = _WORD.findall(entry.target)[:3]
        if entry.language == "ru" and _KAZAKH_ONLY.search(entry.target):
            wrong += [w for w in _WORD.findall(entry.target) if _KAZAKH_ONLY.search(w)]
    else:
        return
    if wrong:
        yield Message(
            "{words} is not written in the language's Latin letters: correct it."
            if entry.language == "en"
            else "{words} is not written in the language's Cyrillic letters: correct it.",
            words=_quoted(wrong),
        )


def _latin_words(entry: Entry) -> list[str]:
    """Those that should not be: acronyms and names that the source has in the same spelling stay
    Latin (NATO, e-Konsulat).
    """
    kept = {w.casefold()[:4] for w in _WORD.findall(entry.source) if not w.islower()}
    return [
        w
        for w in _WORD.findall(_ADDRESS.sub("", entry.target))
        if _LATIN.search(w)
        and len(w) > 1
        and not _CYRILLIC.search(w)
        and not w.isupper()
        and (w.islower() or w.casefold()[:4] not in kept)
        and not _in_quotes(w, entry)
    ]


@register("mixed-script", Severity.ERROR)
def mixed_script(entry: Entry) -> Iterator[Message]:
    """A word mixes Latin and Cyrillic letters that look alike."""
    if not (_LATIN.search(entry.target) and _CYRILLIC.search(entry.target)):
        return
    words = [w for w in _WORD.findall(entry.target) if _LATIN.search(w) and _CYRILLIC.search(w)]
    if words:
        yield Message(
            "{words} mixes Latin and Cyrillic letters: type it again.", words=_quoted(words)
        )


@register("leftover-polish", Severity.ERROR)
def leftover_polish(entry: Entry) -> Iterator[Message]:
    """The translation has words with Polish letters that are no names of the source."""
    if not _POLISH.search(entry.target):
        return
    names = " ".join(m.term.targets.get(entry.language, "") for m in entry.matches)
    known = f"{entry.source} {names}".casefold().translate(_FOLDED)
    wrong = [
        w
        for w in _WORD.findall(entry.target)
        if _POLISH.search(w) and w not in names and not _in_quotes(w, entry)
    ]
    if (
        entry.language == "en"
    ):  # names stay as they are: Wrocław, of which the source has an adjective
        wrong = [
            w for w in wrong if w[0].islower() or w[:3].casefold().translate(_FOLDED) not in known
        ]
    if wrong:
        yield Message("{words} is left in Polish: translate it.", words=_quoted(wrong))


@register("mojibake", Severity.ERROR)
def mojibake(entry: Entry) -> Iterator[Message]:
    """Letters are broken by a wrong encoding."""
    if match := _MOJIBAKE.search(entry.target):
        yield Message("“{text}” is text broken by a wrong encoding: type it again.", text=match[0])


@register("bidi-control", Severity.ERROR)
def bidi_control(entry: Entry) -> Iterator[Message]:
    """The translation has invisible characters that turn the direction of writing."""
    if match := _BIDI.search(entry.target):
        yield Message(
            "The invisible character {code} can hide or turn text: delete it.",
            code=f"U+{ord(match[0]):04X}",
        )


@register("wrong-language", Severity.ERROR)
def wrong_language(entry: Entry) -> Iterator[Message]:
    """The Kazakh translation has none of the letters that tell Kazakh from Russian."""
    letters = re.findall(r"[а-яё]", entry.target.lower())
    if entry.language == "kk" and len(letters) > 40 and not _KAZAKH_ONLY.search(entry.target):
        yield Message("The text has no Kazakh letter and looks Russian: translate it into Kazakh.")


@register("doubled-word", Severity.WARNING)
def doubled_word(entry: Entry) -> Iterator[Message]:
    """A word stands twice in a row."""
    doubled = r"(?<![\w-])([^\W\d_]{2,})\s+\1(?![\w-])"
    if re.search(doubled, entry.source, re.IGNORECASE):
        return
    for match in re.finditer(doubled, entry.target, re.IGNORECASE):
        if match[1].lower() not in ("had", "that", "in"):  # "sworn in in October"
            yield Message("“{text}” has a word twice: delete one.", text=match[0])


@register("doubled-text", Severity.ERROR)
def doubled_text(entry: Entry) -> Iterator[Message]:
    """A phrase stands twice, as when the machine loops."""
    tokens = _TOKEN.findall(entry.target.casefold())
    phrase = next(filter(None, (_doubled(tokens, size) for size in range(2, 7))), None)
    if phrase and not _comes_again(_TOKEN.findall(entry.source.casefold()), 3):
        yield Message("“{text}” is said twice: delete one.", text=" ".join(phrase))


@register("end-punctuation", Severity.WARNING)
def end_punctuation(entry: Entry) -> Iterator[Message]:
    """The translation ends with another mark than the source."""
    wanted, found = _end(entry.source), _end(entry.target)
    if re.search(_ABBREVIATED_END, entry.source) and found in ("", "."):
        return
    if wanted != found:
        if not wanted:
            yield Message("The source ends without a mark: take “{mark}” off the end.", mark=found)
        else:
            yield Message(
                "The source ends with “{mark}”: end the translation with it.", mark=wanted
            )


@register("quotes", Severity.WARNING)
def quotes(entry: Entry) -> Iterator[Message]:
    """Quotation marks are not those of the language, or one of a pair is missing."""
    if entry.language not in _QUOTES:
        return
    right, wrong = _QUOTES[entry.language]
    text = entry.target
    if entry.language != "en":  # „ “ and “ ” are the inner marks within « »
        text = re.sub(r"(?<=«)(?:[^«»]*[„“][^„“”]*[“”])+", "", text)
        wrong += "„“"
    found = [c for c in text if c in wrong]
    opening, closing = right.split()
    if found:
        yield Message(
            "“{mark}” is no quotation mark of the language: write {right}.",
            mark=found[0],
            right=right,
        )
    elif (lone := text.count(opening) - text.count(closing)) and "««" not in _nesting(text):
        lone_mark = opening if lone > 0 else closing
        if entry.source.count("„") == entry.source.count("”"):
            yield Message(
                "The quotation mark {mark} has no partner: add or delete one.", mark=lone_mark
            )


@register("double-spaces", Severity.WARNING)
def double_spaces(entry: Entry) -> Iterator[Message]:
    """The translation has double spaces, or a space before a comma or full stop."""
    if re.search(r"[ \u00a0]{2,}", entry.target):
        yield Message("There are two spaces in a row: delete one.")
    if match := re.search(r"\s[,;.](?=\s|$)", entry.target):
        yield Message("There is a space before “{mark}”: delete it.", mark=match[0].strip())


@register("length-ratio", Severity.WARNING)
def length_ratio(entry: Entry) -> Iterator[Message]:
    """The translation is far shorter or longer than the source."""
    ratio = len(entry.target) / max(1, len(entry.source))
    if len(entry.source) >= _COUNTED and not _SHORTEST <= ratio <= _LONGEST:
        yield Message(
            "The translation is very short ({ratio} of the source): see that it is whole."
            if ratio < 1
            else "The translation is very long ({ratio} of the source): see that it is whole.",
            ratio=f"{ratio:.0%}",
        )


def _quoted(words: list[str]) -> str:
    return ", ".join(f"“{w}”" for w in dict.fromkeys(words[:3]))


def _in_quotes(word: str, entry: Entry) -> bool:
    """A Polish title or word that the translation cites as the source has it."""
    return any(
        word in cited and cited in entry.source
        for cited in re.findall(r"[“«„(]([^“”«»„()]+)[”»“)]", entry.target)
    )


def _nesting(text: str) -> str:
    """The guillemets alone: inner ones that end with the outer share the closing mark."""
    return re.sub(r"[^«»]", "", text)


def _end(text: str) -> str:
    """The last mark of a text, whatever quotes and brackets stand around it."""
    match = re.search(r"([.?!:;…])[”“»’'\")\]\s]*$", text.replace("...", "…"))
    return match[1] if match else ""


def _doubled(words: list[str], size: int) -> list[str]:
    """The first phrase of `size` words that comes again at once."""
    equal = 0
    for i, (word, later) in enumerate(zip(words, words[size:], strict=False)):
        equal = equal + 1 if word == later else 0
        if equal >= size and any(map(str.isalpha, phrase := words[i - size + 1 : i + 1])):
            return phrase
    return []


def _comes_again(words: list[str], size: int) -> bool:
    """Whether a phrase of `size` words comes again anywhere."""
    first: dict[tuple[str, ...], int] = {}
    for i in range(len(words) - size + 1):
        phrase = tuple(words[i : i + size])
        if i - first.setdefault(phrase, i) >= size and any(map(str.isalpha, phrase)):
            return True
    return False
