"""Typography of the target language: quotation marks, and spaces at which a line must not end.

Letters, digits and dashes are never touched: without white space and quotation marks the text stays
the same. What is set already is left as it is, so setting it twice changes nothing. Languages other
than English, Russian and Kazakh pass unchanged.

Sources: for Russian, Мильчин and Чельцова, Справочник издателя и автора, and CLDR's percent pattern
(a non-breaking space before %); for English, the UN Editorial Manual; Kazakh follows Russian usage.
"""

from __future__ import annotations

import re
from typing import Final

NBSP: Final = "\u00a0"

# Opening and closing marks: outer, nested.
MARKS: Final = {
    "en": (("“", "”"), ("‘", "’")),
    "ru": (("«", "»"), ("„", "“")),
    "kk": (("«", "»"), ("„", "“")),
}


def apply(text: str, language: str) -> str:
    """The text as the language sets it in print."""
    if language not in MARKS:
        return text
    text = _double_quotes(single_spaces(text), MARKS[language])
    text = _apostrophes(text, language)
    if language == "ru":
        text = re.sub(rf"(?<=\d)[ {NBSP}]?%(?!-)", f"{NBSP}%", text)
    return _GLUE[language].sub(lambda m: m[0][:-1] + NBSP, text)


def single_spaces(text: str) -> str:
    """The text with one space for several: a non-breaking one where one of them was."""
    return re.sub(r"[ \t\u00a0]{2,}", lambda m: NBSP if NBSP in m[0] else " ", text)


def _double_quotes(text: str, marks: tuple[tuple[str, str], tuple[str, str]]) -> str:
    """Exchange all double marks for the language's; where they do not pair up, leave them all.

    What stands around a mark tells whether it opens or closes, since “ opens in English and closes
    in German and Russian. Marks that only ever open („ «) or close (” ») must agree.
    """
    result = list(text)
    depth = 0
    opened_at = -1  # where the last opening mark stands
    for i, mark in enumerate(text):
        if mark not in '"„“”«»':
            continue
        before, after = text[i - 1 : i], text[i + 1 : i + 2]
        starts = before == "" or before.isspace() or before in "([{-–—/" or opened_at == i - 1
        opens = starts and not (after == "" or after.isspace() or after in ",.;:!?)]}")
        if mark in ("”»" if opens else "„«"):
            return text
        if opens:
            opened_at = i
            depth += 1
        result[i] = marks[min(max(depth, 1), 2) - 1][0 if opens else 1]
        if not opens:
            depth -= 1
            if depth < 0:
                return text
    return "".join(result) if depth == 0 else text


_SINGLE_PAIR: Final = re.compile(r"(?<![\w'’])'(?=[^\W\d])([^'\n]*)(?<=[\w.,!?])'(?!\w)")


def _apostrophes(text: str, language: str) -> str:
    """Typographic apostrophes, and in English single quotation marks."""
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    if language != "en":
        return text
    while (paired := _SINGLE_PAIR.sub(r"‘\1’", text)) != text:
        text = paired
    return re.sub(r"(?<=[^\W\d_])'|'(?=\d\ds?\b)", "’", text)  # the ministers' talks, the '90s


# Each pattern ends with the space to glue and looks at no other, so that all work in one pass.
def _after(words: str, following: str = r"[\w«„“‘\"(]") -> str:
    return rf"(?<!\w)(?:{words}) (?={following})"


def _before(words: str) -> str:
    return rf"\S (?=(?:{words})(?!\w))"


def _number_and(words: str) -> str:
    return rf"\d (?=(?:{words})(?!\w))"


_CAPITAL: Final = "[A-ZĄĆĘŁŃÓŚŹŻА-ЯЁӘҒҚҢӨҰҮҺІ]"
_COMMON: Final = (
    r"\S (?=[–—](?:\s|$))",  # a dash does not begin a line …
    r"(?m:^[–—]) (?=\S)",  # … but where it opens a dialogue, and then it stays with its word
    rf"(?<!\w){_CAPITAL}\. (?={_CAPITAL})",  # initials and surname
    r"[№§] (?=\d)",
    r"\d (?=[%‰°€$£])",
    r"[€$£] (?=\d)",
    r"\d (?=\d{3}(?!\d))",  # thousands
)
_CURRENCIES: Final = "EUR|USD|PLN|KZT|RUB|GBP|CHF"
_MONTHS_EN: Final = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
)

_ENGLISH: Final = (
    _after("Nos?\\.|[Aa]rts?\\.|[Ff]igs?\\.|pp?\\.|paras?\\.|vol\\.|[Cc]h\\.", r"\d"),
    _after("Mr|Mrs|Ms|Dr|Mr\\.|Mrs\\.|Ms\\.|Dr\\.|Prof\\.|Gen\\.|Col\\.|St\\.?|H\\.E\\.", _CAPITAL),
    _after(_CURRENCIES, r"\d"),
    _after(_MONTHS_EN, r"\d{1,2}(?!\d)"),
    _number_and(_MONTHS_EN),
    _number_and("hundred|thousand|million|billion|trillion|per cent|percent|[ap]\\.m\\.|[ap]m"),
    _number_and(f"km²?|m²?|cm|mm|kg|g|t|ha|kW|MW|GW|kWh|MWh|GWh|TWh|{_CURRENCIES}"),
)
_RUSSIAN: Final = (
    _after("(?i:в|во|до|за|из|к|ко|на|о|об|от|по|с|со|у|а|и|да|но|не|ни)|см\\.|ср\\."),
    _after(r"[Гг]-(?:н|на|ну|ном|не|жа|жи|же|жу|жой)|им\.|ул\.|проф\.", _CAPITAL),
    rf"(?<!\w)(?<!\d\s)г\. (?={_CAPITAL})",  # a city, not a year
    _after("пп?\\.|стр?\\.|с\\.|гл\\.|рис\\.|д\\.|т\\.", r"\d"),
    _before("бы|б|ли|ль|же|ж"),
    r"(?<!\w)т\. (?=[едпкн]\.)",
    r"(?<!\w)и (?=(?:др|пр)\.)",
    r"[\dIVXLC] (?=(?:гг?|вв?)\.)",
    r"\d (?=(?:тыс|млн|млрд|трлн|руб|долл|коп|чел|тг|ч|мин)(?!\w))",
    _number_and(
        "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
    ),
    _number_and("года?|году|годом|годов|годы|лет|век[ае]?|веков"),
    _number_and(
        "процент(?:а|ов|ам|ами|ах)?|евро|злот(?:ый|ого|ых)|доллар(?:а|ов)?|рубл(?:ь|я|ей)|тенге"
    ),
    _number_and(f"км²?|м²?|см|мм|кг|г|т|га|кВт|МВт|ГВт|кВт·ч|{_CURRENCIES}"),
)
_KAZAKH: Final = (
    _before(
        "[дт][ае]|[мбп][ае]"
    ),  # particles that stand apart: да, де, та, те, ма, ме, ба, бе, па, пе
    _after("қ\\.|көш\\.|проф\\.", _CAPITAL),
    _after("б\\.|т\\.", r"\d"),
    r"[\dIVXLC] (?=(?:жж?|ғғ?)\.)",
    r"(?<!\w)(?:т|с)\. (?=[сбқ]\.)",
    _number_and(
        "(?:қаңтар|ақпан|наурыз|сәуір|мамыр|маусым|шілде|тамыз|қыркүйек|қазан|қараша|желтоқсан)\\w*"
    ),
    _number_and("жыл\\w*|ғасыр\\w*"),
    _number_and("(?:мың|миллион|миллиард|триллион|пайыз|еуро|злотый|доллар|рубль|теңге)\\w*"),
    r"\d (?=(?:млн|млрд|трлн|адам|тг|сағ|мин)(?!\w))",
    _number_and(f"км²?|м²?|см|мм|кг|г|т|га|кВт|МВт|ГВт|кВт·сағ|{_CURRENCIES}"),
)
_GLUE: Final = {
    language: re.compile("|".join((*_COMMON, *patterns)))
    for language, patterns in {"en": _ENGLISH, "ru": _RUSSIAN, "kk": _KAZAKH}.items()
}
