"""Numbers written as words in Polish, English, Russian and Kazakh, in their inflected forms.

The forms are closed lists from the languages' grammars. A word is looked up whole, so that "piątek"
(Friday), "үшін" (for) or "алтын" (gold) is no number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class WordKind(StrEnum):
    """How a word carries its number."""

    CARDINAL = "cardinal"
    ORDINAL = "ordinal"
    COMPOUND = "compound"  # the number is a part of the word: "trzyletni", "двадцатилетие"


@dataclass(frozen=True, slots=True)
class NumberWord:
    """What a word counts."""

    value: int
    kind: WordKind


@lru_cache(maxsize=1 << 16)
def look_up(word: str, language: str) -> NumberWord | None:
    """The number that `word` says in `language`, or None; scales (thousand …) are not here."""
    pattern = _patterns(language)
    if pattern is None or not (match := pattern.fullmatch(word.lower().replace("ё", "е"))):
        return None
    kind, value = str(match.lastgroup).split("_")[:2]
    return NumberWord(int(value), WordKind(kind))


@lru_cache
def _patterns(language: str) -> re.Pattern[str] | None:
    lists = {"pl": _polish, "en": _english, "ru": _russian, "kk": _kazakh}
    if language not in lists:
        return None
    # A group's name holds what the word means; the running number keeps the names apart.
    groups = [
        f"(?P<{kind}_{value}_{i}>{pattern})"
        for i, (kind, value, pattern) in enumerate(lists[language]())
    ]
    return re.compile("|".join(groups))


_Rows = Iterator[tuple[WordKind, int, str]]


def _rows(kind: WordKind, table: dict[int, str], template: str = "{}") -> _Rows:
    for value, pattern in table.items():
        yield kind, value, template.format(f"(?:{pattern})")


def _compounds(tens: dict[int, str], small: dict[int, str], rest: str) -> _Rows:
    """Words that begin with a number up to 100 ("dwudziestopięcio-") and go on with `rest`."""
    for value, pattern in {**small, **tens}.items():
        yield WordKind.COMPOUND, value, f"(?:{pattern}){rest}"
    for ten, head in tens.items():
        for unit, tail in small.items():
            if ten < 100 and unit < 10:
                yield WordKind.COMPOUND, ten + unit, f"(?:{head})(?:{tail}){rest}"


def _polish() -> _Rows:
    many = "or(?:o|ga|gu|giem)"
    cardinals = {
        1: "jeden|jedn(?:a|ą|o|ej|ego|emu|ym)",
        2: "dwa|dwie|dwóch|dwu|dwóm|dwom|dwoma|dwiema|dwaj|dwoje|dwojga|dwojgu|dwojgiem",
        3: "trzy|trzech|trzem|trzema|trzej|troje|trojga|trojgu|trojgiem",
        4: "cztery|czterech|czterem|czterema|czterej|czworo|czworga|czworgu|czworgiem",
        5: f"pięć|pięciu|pięcioma|pięci{many}",
        6: f"sześć|sześciu|sześcioma|sześci{many}",
        7: f"siedem|siedmiu|siedmioma|siedmi{many}",
        8: f"osiem|ośmiu|ośmioma|ośmi{many}",
        9: f"dziewięć|dziewięciu|dziewięcioma|dziewięci{many}",
        10: f"dziesięć|dziesięciu|dziesięcioma|dziesięci{many}",
        **{
            value: f"{first}naście|{second}nastu|{second}nastoma|{first}naści{many}"
            for value, first, second in [
                (11, "jede", "jede"),
                (12, "dwa", "dwu"),
                (13, "trzy", "trzy"),
                (14, "czter", "czter"),
                (15, "pięt", "pięt"),
                (16, "szes", "szes"),
                (17, "siedem", "siedem"),
                (18, "osiem", "osiem"),
                (19, "dziewięt", "dziewięt"),
            ]
        },
        20: f"dwadzieścia|dwudziestu|dwudziestoma|dwadzieści{many}",
        30: f"trzydzieści|trzydziestu|trzydziestoma|trzydzieści{many}",
        40: f"czterdzieści|czterdziestu|czterdziestoma|czterdzieści{many}",
        **{
            value: f"{stem}dziesiąt|{stem}dziesięciu|{stem}dziesięcioma"
            for value, stem in [
                (50, "pięć"),
                (60, "sześć"),
                (70, "siedem"),
                (80, "osiem"),
                (90, "dziewięć"),
            ]
        },
        100: "sto|stu|stoma",
        200: "dwieście|dwustu",
        300: "trzysta|trzystu",
        400: "czterysta|czterystu",
        500: "pięćset|pięciuset",
        600: "sześćset|sześciuset",
        700: "siedemset|siedmiuset",
        800: "osiemset|ośmiuset",
        900: "dziewięćset|dziewięciuset",
    }
    ordinals = {
        1: "pierwsz",
        2: "drug",
        3: "trzec",
        4: "czwart",
        5: "piąt",
        6: "szóst",
        7: "siódm",
        8: "ósm",
        9: "dziewiąt",
        10: "dziesiąt",
        11: "jedenast",
        12: "dwunast",
        13: "trzynast",
        14: "czternast",
        15: "piętnast",
        16: "szesnast",
        17: "siedemnast",
        18: "osiemnast",
        19: "dziewiętnast",
        20: "dwudziest",
        30: "trzydziest",
        40: "czterdziest",
        50: "pięćdziesiąt",
        60: "sześćdziesiąt",
        70: "siedemdziesiąt",
        80: "osiemdziesiąt",
        90: "dziewięćdziesiąt",
        100: "setn",
    }
    small = {
        2: "dwu",
        3: "trzy|trój",
        4: "cztero|czwór",
        5: "pięcio",
        6: "sześcio",
        7: "siedmio",
        8: "ośmio",
        9: "dziewięcio",
        10: "dziesięcio",
        **{value: f"{ordinals[value]}o" for value in range(11, 20)},
    }
    tens = {
        **{value: f"{ordinals[value]}o" for value in (20, 30, 40)},
        50: "pięćdziesięcio",
        60: "sześćdziesięcio",
        70: "siedemdziesięcio",
        80: "osiemdziesięcio",
        90: "dziewięćdziesięcio",
        100: "stu",
    }
    rest = (
        r"(?:let|lec|lat|dni|miesi|tygod|godzin|osob|krot|stron|minut|rocz|pokoj|etap|częśc|punkt"
        r"|wieczn|procent|piętr|kilomet|stopni)\w*"
    )
    yield from _rows(WordKind.CARDINAL, cardinals)
    ending = "{}(?:i|y|ia|a|ią|ą|e|ie|i?ego|i?ej|i?emu|[iy]m|[iy]ch|[iy]mi)"
    yield from _rows(WordKind.ORDINAL, ordinals, ending)
    yield from _compounds(tens, small, rest)
    yield WordKind.COMPOUND, 100, r"stulec\w+"
    yield WordKind.COMPOUND, 24, r"dob(?:a|y|ę|ie|ą)|całodobow\w+"


def _english() -> _Rows:
    names = {
        1: ("one", "first"),
        2: ("two", "second"),
        3: ("three", "third"),
        4: ("four", "fourth"),
        5: ("five", "fifth"),
        6: ("six", "sixth"),
        7: ("seven", "seventh"),
        8: ("eight", "eighth"),
        9: ("nine", "ninth"),
        10: ("ten", "tenth"),
        11: ("eleven", "eleventh"),
        12: ("twelve", "twelfth"),
        13: ("thirteen", "thirteenth"),
        14: ("fourteen", "fourteenth"),
        15: ("fifteen", "fifteenth"),
        16: ("sixteen", "sixteenth"),
        17: ("seventeen", "seventeenth"),
        18: ("eighteen", "eighteenth"),
        19: ("nineteen", "nineteenth"),
        20: ("twenty", "twentieth"),
        30: ("thirty", "thirtieth"),
        40: ("forty", "fortieth"),
        50: ("fifty", "fiftieth"),
        60: ("sixty", "sixtieth"),
        70: ("seventy", "seventieth"),
        80: ("eighty", "eightieth"),
        90: ("ninety", "ninetieth"),
        100: ("hundred", "hundredth"),
    }
    for value, (cardinal, ordinal) in names.items():
        yield WordKind.CARDINAL, value, cardinal
        yield WordKind.ORDINAL, value, f"{ordinal}(?:s|ly)?"
    yield WordKind.COMPOUND, 3, "trilateral|triple|tripled|trio|threefold|thirdly|trebled"
    yield WordKind.COMPOUND, 4, "quadrupled?|quarter|quartet|quadrilateral"
    yield WordKind.COMPOUND, 10, "tenfold"
    yield WordKind.COMPOUND, 12, "dozen"
    yield WordKind.COMPOUND, 100, "centenary|centennial"
    yield WordKind.COMPOUND, 200, "bicentenary|bicentennial"


def _russian() -> _Rows:
    cardinals = {
        1: "один|одн(?:а|о|ой|ого|ому|им|ом|у)",
        2: "два|две|двух|двум|двумя|двое|двоих|двоим|двоими",
        3: "три|трех|трем|тремя|трое|троих|троим|троими",
        4: "четыре|четырех|четырем|четырьмя|четверо|четверых|четверым|четверыми",
        5: "пять|пяти|пятью|пятеро|пятерых|пятерым",
        6: "шесть|шести|шестью|шестеро|шестерых|шестерым",
        7: "семь|семи|семью|семеро|семерых|семерым",
        8: "восемь|восьми|восемью|восьмью|восьмеро|восьмерых",
        9: "девять|девяти|девятью",
        10: "десять|десяти|десятью",
        **{
            value: f"{stem}надцат(?:ь|и|ью)"
            for value, stem in [
                (11, "один"),
                (12, "две"),
                (13, "три"),
                (14, "четыр"),
                (15, "пят"),
                (16, "шест"),
                (17, "сем"),
                (18, "восем"),
                (19, "девят"),
            ]
        },
        20: "двадцат(?:ь|и|ью)",
        30: "тридцат(?:ь|и|ью)",
        40: "сорока?",
        50: "пятьдесят|пятидесяти|пятьюдесятью",
        60: "шестьдесят|шестидесяти|шестьюдесятью",
        70: "семьдесят|семидесяти|семьюдесятью",
        80: "восемьдесят|восьмидесяти|восемьюдесятью",
        90: "девяност[оа]",
        100: "сто|ста",
        200: "двести|двухсот|двумстам|двумястами|двухстах",
        300: "триста|трехсот|тремстам|тремястами|трехстах",
        400: "четыреста|четырехсот|четыремстам|четырьмястами|четырехстах",
        **{
            value: f"{stem}ьсот|{stem}исот|{stem}истам|{stem}ьюстами|{stem}истах"
            for value, stem in [(500, "пят"), (600, "шест"), (700, "сем"), (900, "девят")]
        },
        800: "восемьсот|восьмисот|восьмистам|восемьюстами|восьмистах",
    }
    ordinals = {
        1: "перв",
        2: "втор",
        4: "четверт",
        5: "пят",
        6: "шест",
        7: "седьм",
        8: "восьм",
        9: "девят",
        10: "десят",
        **{
            value: f"{stem}надцат"
            for value, stem in [
                (11, "один"),
                (12, "две"),
                (13, "три"),
                (14, "четыр"),
                (15, "пят"),
                (16, "шест"),
                (17, "сем"),
                (18, "восем"),
                (19, "девят"),
            ]
        },
        20: "двадцат",
        30: "тридцат",
        40: "сороков",
        50: "пятидесят",
        60: "шестидесят",
        70: "семидесят",
        80: "восьмидесят",
        90: "девяност",
        100: "сот",
    }
    small = {
        2: "двух|дву",
        3: "трех|тре",
        4: "четырех",
        5: "пяти",
        6: "шести",
        7: "семи",
        8: "восьми",
        9: "девяти",
        10: "десяти",
        **{value: f"{ordinals[value]}и" for value in range(11, 20)},
    }
    tens = {
        20: "двадцати",
        30: "тридцати",
        40: "сорока",
        50: "пятидесяти",
        60: "шестидесяти",
        70: "семидесяти",
        80: "восьмидесяти",
        90: "девяносто",
        100: "сто",
    }
    rest = (
        r"(?:лет|днев|месяч|недель|часов|кратн|сторон|минут|годич|годовал|человеч|комнатн|местн"
        r"|мест|этап|процентн|этажн|угольн|классн|километр|балльн)\w*"
    )
    yield from _rows(WordKind.CARDINAL, cardinals)
    ending = "{}(?:ый|ой|ая|ое|ую|ого|ому|ым|ом|ые|ых|ыми)"
    yield from _rows(WordKind.ORDINAL, ordinals, ending)
    yield WordKind.ORDINAL, 3, "трет(?:ий|ья|ье|ью|ьего|ьей|ьему|ьим|ьем|ьи|ьих|ьими|ь|и|ей)"
    yield from _compounds(tens, small, rest)
    yield WordKind.COMPOUND, 3, r"втрое|втроем|трижды|утро\w+|тройн\w+|тройк\w+"
    yield WordKind.COMPOUND, 4, r"вчетверо|вчетвером|четверть|четверти|четверк\w+"
    yield WordKind.COMPOUND, 5, r"впятеро|впятером|пятерк\w+|пятью"
    yield WordKind.COMPOUND, 10, r"десяток|десятка|десятку"
    yield WordKind.COMPOUND, 24, r"сутк\w+|суток|круглосуточ\w+"


def _kazakh() -> _Rows:
    roots = {
        1: "бір",
        2: "екі",
        3: "үш",
        4: "төрт",
        5: "бес",
        6: "алты",
        7: "жеті",
        8: "сегіз",
        9: "тоғыз",
        10: "он",
        20: "жиырма",
        30: "отыз",
        40: "қырық",
        50: "елу",
        60: "алпыс",
        70: "жетпіс",
        80: "сексен",
        90: "тоқсан",
        100: "жүз",
    }
    collectives = {
        1: "біреу",
        2: "екеу",
        3: "үшеу",
        4: "төртеу",
        5: "бесеу",
        6: "алтау",
        7: "жетеу",
    }
    case = (
        "(?:ті|ты|ді|ды|ні|ны|тен|тан|ден|дан|нен|нан|ке|қа|ге|ға|тің|тың|дің|дың|нің|ның|пен|бен|мен"
        "|те|та|де|да|дей|тай|дай|тей)?"
    )
    yield from _rows(
        WordKind.CARDINAL, {v: r for v, r in roots.items() if v not in (10, 90)}, "{}" + case
    )
    yield WordKind.CARDINAL, 90, "тоқсан"  # with an ending it is mostly a quarter of a year
    yield WordKind.CARDINAL, 10, "он|оннан|онға|онмен|онның|онды"
    yield WordKind.ORDINAL, 20, r"жиырмасыншы\w*"
    yield WordKind.ORDINAL, 40, r"қырқыншы\w*"
    yield from _rows(WordKind.ORDINAL, roots, r"{}(?:ыншы|інші|ншы|нші)\w*")
    yield from _rows(WordKind.COMPOUND, collectives, r"{}\w*")
    rest = r"(?:жыл|жақ|күн|ай|апта|сағат|бұрыш|мүше|бөлме|кезең)\w+"
    yield from _rows(WordKind.COMPOUND, roots, "{}" + rest)
    own = {v: r for v, r in roots.items() if v != 10}  # "оны" is the pronoun "him"
    yield from _rows(WordKind.COMPOUND, own, r"{}(?:[іы]|с[іы]|с[іы]н\w*|[іы]н\w+)")
    yield WordKind.COMPOUND, 3, r"үштік\w*"
    yield WordKind.COMPOUND, 24, r"тәулік\w*"
    yield WordKind.COMPOUND, 4, r"ширек\w*|тоқсан\w*|төрттік\w*"
