"""Figures in a text: numbers, percentages, money, ordinals, dates, years and times.

They are read from Polish, English, Russian and Kazakh into canonical, language-independent values
(`find`), compared between a source and its translation (`differences`), and written in a
language's own format (`render`). A figure in digits must stand in the translation, in digits or in
words. A number that the source writes in words ("obie strony", "trzy dni") may be phrased
otherwise, so it is only a difference where the translation has another number in its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from translator.model import SOURCE, Fact, FactKind
from translator.terminology.number_words import WordKind, look_up

# --- what the languages call things ---

_MONTHS: dict[str, tuple[str, ...]] = {
    "pl": (
        r"stycz(?:eń|nia|niu|niem|niowi)",
        r"lut(?:y|ego|emu|ym)",
        r"mar(?:zec|ca|cu|cem|cowi)",
        r"kwie(?:cień|tnia|tniu|tniem|tniowi)",
        r"maj(?:a|u|em|owi)?",
        r"czerw(?:iec|ca|cu|cem|cowi)",
        r"lip(?:iec|ca|cu|cem|cowi)",
        r"sierp(?:ień|nia|niu|niem|niowi)",
        r"wrze(?:sień|śnia|śniu|śniem|śniowi)",
        r"październik(?:a|u|iem|owi)?",
        r"listopad(?:a|zie|em|owi)?",
        r"grud(?:zień|nia|niu|niem|niowi)",
    ),
    "en": (
        r"Jan(?:uary|\.)",
        r"Feb(?:ruary|\.)",
        r"Mar(?:ch|\.)",
        r"Apr(?:il|\.)",
        r"May",
        r"June",
        r"July",
        r"Aug(?:ust|\.)",
        r"Sept?(?:ember|\.)",
        r"Oct(?:ober|\.)",
        r"Nov(?:ember|\.)",
        r"Dec(?:ember|\.)",
    ),
    "ru": (
        r"январ(?:ь|я|ю|ем|е)",
        r"феврал(?:ь|я|ю|ем|е)",
        r"март(?:а|у|ом|е)?",
        r"апрел(?:ь|я|ю|ем|е)",
        r"ма(?:й|я|ю|ем|е)",
        r"июн(?:ь|я|ю|ем|е)",
        r"июл(?:ь|я|ю|ем|е)",
        r"август(?:а|у|ом|е)?",
        r"сентябр(?:ь|я|ю|ем|е)",
        r"октябр(?:ь|я|ю|ем|е)",
        r"ноябр(?:ь|я|ю|ем|е)",
        r"декабр(?:ь|я|ю|ем|е)",
    ),
    "kk": (
        r"қаңтар\w*",
        r"ақпан\w*",
        r"наурыз\w*",
        r"сәуір\w*",
        r"мамыр\w*",
        r"маусым\w*",
        r"шілде\w*",
        r"тамыз\w*",
        r"қыркүйе[кг]\w*",
        r"қазан\w*",
        r"қараша\w*",
        r"желтоқсан\w*",
    ),
}

_THIS_YEAR = {
    "pl": r"br\.|b\.r\.|(?:tego|bieżącego) roku",
    "en": r"(?:of )?(?:this|the current) year",
    "ru": r"(?:с\.\s?г\.|т\.\s?г\.|(?:этого|текущего|сего) года)",
    "kk": r"(?:осы|ағымдағы|биылғы) жыл\w*|биыл\w*|ағ\. ж\.",
}

_YEAR_WORD = {
    "pl": r"r\.|rok(?:u|iem|owi)?\b",
    "en": r"",
    "ru": r"г\.|гг\.|год\w*",
    "kk": r"ж\.|жж\.|жыл\w*",
}

_DAY_JOINER = {
    "pl": r"[–—-]|,|i|oraz|do|na|lub|a",
    "en": r"[–—-]|,|and|to|or|until|till",
    "ru": r"[–—-]|,|и|по|до|или|на",
    "kk": r"[–—-]|,|және|мен|пен|бен|не|немесе|(?<=[тдн][ае]н)",
}
_RANGE_JOINERS = frozenset(
    ["–", "—", "-", "do", "to", "по", "до", "-тен", "-тан", "-ден", "-дан", "-нен", "-нан"]
)
_ABLATIVE = re.compile(r"[тдн][ае]н$")

_DAY_SUFFIX = {
    "pl": r"\.?",
    "en": r"(?:st|nd|rd|th)?",
    "ru": r"(?:-?(?:го|е|ое|му|ым))?",
    "kk": r"(?:-?[а-яәғқңөұүһі]{2,6})?",
}

_SCALES: dict[str, dict[int, str]] = {
    "pl": {
        10: r"dekad\w*|dziesięcioleci\w*",
        10**3: r"tys\.?|tysi[ąę]c\w*|tysięczn\w+",
        10**6: r"mln|milion\w*",
        10**9: r"mld|miliard\w*",
        10**12: r"bln|bilion\w*",
    },
    "en": {
        10: r"decades?",
        10**3: r"thousand|millenni\w+",
        10**6: r"million|mn|mln",
        10**9: r"billion|bn|bln",
        10**12: r"trillion|tn|trn",
    },
    "ru": {
        10: r"десятилети\w*",
        10**3: r"тыс\.?|тысяч\w*",
        10**6: r"млн\.?|миллион\w*",
        10**9: r"млрд\.?|миллиард\w*",
        10**12: r"трлн\.?|триллион\w*",
    },
    "kk": {
        10: r"онжылдық\w*",
        10**3: r"мың\w*",
        10**6: r"млн|миллион\w*",
        10**9: r"млрд|миллиард\w*",
        10**12: r"трлн|триллион\w*",
    },
}
# Scales that are a number of their own: "tysiąc osób", not "tysiące osób", "several thousand".
_SCALE_ALONE = {
    "pl": r"tysiąca?|milion|miliard|dekad(?:a|y|ę|zie)|dziesięcioleci[eau]",
    "en": r"decade",
    "ru": r"тысяч[ау]|миллион|миллиард|десятилети[еяю]",
    "kk": r"мың|миллион|миллиард|онжылдық\w*",
}

_HALF_BEFORE = {"pl": r"pół", "en": r"half an?", "ru": r"пол", "kk": r"жарты"}
_HALF_AFTER = {
    "pl": r"i pół",
    "en": r"and a half",
    "ru": r"с половиной",
    "kk": r"жарым\w*",
}
_ONE_AND_A_HALF = {
    "pl": r"półtor(?:a|ej|u)",
    "en": r"(?!)",
    "ru": r"полтор(?:а|ы)|полутора\w*",
    "kk": r"(?!)",
}

_PERCENT = {
    "pl": r"%|proc\.?\b|procent\w*|punkt\w* procentow\w*|pkt\.? proc\.|p\.\s?p\.",
    "en": r"%|per ?cent\b|percent\w*|pps?\b",
    "ru": r"%|процент\w*|п\.\s?п\.",
    "kk": r"%|пайыз\w*|процент\w*",
}

# Per currency, the signs and codes that stand before or after an amount, and the words after it.
_CURRENCIES: dict[str, tuple[str, str]] = {
    "EUR": (r"€|EUR\b", r"[Ee]uros?\b|евро\w*|еуро\w*"),
    "PLN": (r"PLN\b", r"zł\b\.?|złot\w+|zlot\w+|злот\w+"),
    "USD": (
        r"US\$|\$|USD\b",
        r"(?:US |American )?dollars?\b|(?:АҚШ )?доллар\w*|долл\.|dolar\w*",
    ),
    "KZT": (r"₸|KZT\b", r"[Tt]eng[eai]\w*|тенге|теңге\w*"),
    "RUB": (r"₽|RUB\b", r"rou?bles?\b|rubl\w+|rubel|руб\.|рубл\w*"),
    "GBP": (r"£|GBP\b", r"pounds?(?: sterling)?\b|funt\w*(?: szterling\w*)?|фунт\w*"),
    "UAH": (r"₴|UAH\b", r"hryvn\w+|hrywn\w+|гривн\w+|гривен"),
    "CHF": (
        r"CHF\b",
        r"Swiss francs?\b|frank\w* szwajcarsk\w+|швейцар\w+ франк\w*",
    ),
    "CNY": (r"CNY\b", r"yuan\b|juan\w*|юан\w*"),
    "JPY": (r"¥|JPY\b", r"yen\b|jen(?:a|ów|y|ami)?\b|иен\w*|йен\w*"),
    "CZK": (r"CZK\b", r"Czech (?:crown|korun)\w*|koron\w* czesk\w+|чешск\w+ крон\w*"),
}

# Between two amounts where the second's unit holds for both: "od 5 do 8%", "10–20 mln euro".
_AMOUNT_JOINER = {
    "pl": r"\s?[–—-]\s?| do | i | lub | a | oraz | czy ",
    "en": r"\s?[–—-]\s?| to | and | or ",
    "ru": r"\s?[–—-]\s?| до | и | или | по ",
    "kk": r"\s?[–—-]\s?| және | пен | бен | мен | немесе |-?[тдн][ае]н |(?<=[тдн][ае]н) ",
}

_DECADE = {
    "pl": r"lat(?:a|ach|ami|om)? (?P<n>\d\d)\.(?!\d)",
    "en": r"(?:the |mid-|early |late |[’'])*(?P<n>(?:\d\d)?\d0)s\b",
    "ru": r"(?P<n>(?:\d\d)?\d0)-(?:х|е|ые|ых|м|ми|ым)\b(?: (?:год\w*|гг\.))?",
    "kk": r"(?P<n>(?:\d\d)?\d0)-(?:шы|ші|ыншы|інші)? ?жылдар\w*",
}
_DECADE_WORDS = {
    "pl": r"lat(?:a|ach|ami|om)? (?P<n>\w+dziest\w+|\w+dziesiąt\w+)\b",
    "en": r"\b(?P<n>twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)\b",
    "ru": r"\b(?P<n>\w+ых|\w+ые|\w+ым) (?:год(?:ах|ов|ы|ам)\b)",
    "kk": r"\b(?P<n>\w+(?:ыншы|інші|ншы|нші)) жылдар\w*",
}
_ENGLISH_DECADES = {
    name: 20 + 10 * i
    for i, name in enumerate(
        [
            "twenties",
            "thirties",
            "forties",
            "fifties",
            "sixties",
            "seventies",
            "eighties",
            "nineties",
        ]
    )
}

_ORDINAL_SUFFIX = {
    "pl": r"\.(?=\s+[^\W\d_])(?!\s+[A-ZĄĆĘŁŃÓŚŹŻ])"
    r"|-(?:t?[yaeą]|t?ego|t?ej|t?ym|sz[yae]|szego|gi|ga)\b",
    "en": r"(?:st|nd|rd|th)\b",
    "ru": r"-(?:[йяею]|го|му|ми|[ыо]й|[аяуюое]{2}|[ое]го|[ое]му|ы[хм]|ом|ей|[хм])\b",
    "kk": r"-(?:ші|шы|інші|ыншы|нші|ншы)\w*",
}

_CENTURY = {
    "pl": r"wiek\w*|w\.|stuleci\w*|wieczn\w*",
    "en": r"centur\w+",
    "ru": r"век\w*|в\.|вв\.|столети\w*",
    "kk": r"ғасыр\w*|ғ\.",
}

_TIME = {
    "pl": r"(?:godz\.|godzin\w+|o|od|do|po|przed|około|ok\.|między|a)\s"
    r"(?P<h>\d{1,2})[.:](?P<m>[0-5]\d)\b"
    r"|(?:godz\.|godzin(?:a|ę|ie|ą)|godziny)\s(?P<h2>\d{1,2})\b(?![.,:]\d| (?:tys|mln|proc))",
    "en": r"(?P<h>\d{1,2})(?:[.:](?P<m>[0-5]\d))?\s?(?P<half>[ap])\.?m\b\.?"
    r"|(?:at|from|to|until|till|by|between|and|before|after|around|about|on|–)\s"
    r"(?P<h2>\d{1,2})\.(?P<m2>[0-5]\d)\b(?!%|\s?[ap]\.?m| (?:per|million|billion|thousand))"
    r"|(?:at|until|from) (?P<h4>\d{1,2}) o['’]clock",
    "ru": r"(?:в|во|с|со|до|к|от|около|после|по|на|и)\s(?P<h>\d{1,2})\.(?P<m>[0-5]\d)\b"
    r"(?!%| (?:процент|млн|млрд|тыс))",
    "kk": r"сағат\s(?P<h>\d{1,2})(?:[.:](?P<m>[0-5]\d))?(?!\d)",
}
_TIME_COLON = r"(?<![\d:])(?P<h3>\d{1,2}):(?P<m3>[0-5]\d)(?![\d:])"

# Grouped by spaces, then by points or commas, then with at most one decimal sign.
_DIGITS = (
    r"(?<!\d)\d{1,3}(?: \d{3})+(?:[.,]\d+)?(?!\d)"
    r"|\d{1,3}(?:([.,])\d{3}(?:\1\d{3})*)(?:(?!\1)[.,]\d+)?(?![\d.,]*\d)|\d+(?:[.,]\d+)?"
)
_YEAR = r"(?:1\d|20|21)\d\d"
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50}
_ROMAN_VALID = re.compile(r"(?:X{0,3}|XL)(?:IX|IV|V?I{0,3})")
_ROMAN_LOOKALIKES = str.maketrans("ІХ", "IX")  # Cyrillic letters typed for Roman numerals


_INVISIBLE = "\u00ad\u200b\u2060"
_ODD_CHARACTER = re.compile(rf"[{_INVISIBLE}]|(?! )\s")


# --- finding ---


def find(text: str, language: str, *, year: int | None = None) -> list[Fact]:
    """All figures of `text`, in reading order and not overlapping.

    `year` is the year of the release: "br.", "this year" after a day and month then mean that year.
    Numbers in words count as well; `kilka` and other vague amounts do not.
    """
    if language not in _MONTHS:
        return []
    plain, offsets = _plain(text)
    scan = _Scan(plain, language, year)
    facts = [
        Fact(
            f.kind,
            f.value,
            offsets[f.start],
            offsets[f.end - 1] + 1,
            text[offsets[f.start] : offsets[f.end - 1] + 1],
        )
        for f in scan.facts()
    ]
    return sorted(facts, key=lambda fact: fact.start)


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """`text` without soft hyphens and with plain spaces, and its characters' offsets in `text`."""
    if not _ODD_CHARACTER.search(text):
        return text, range(len(text))
    kept = [i for i, c in enumerate(text) if c not in _INVISIBLE]
    return "".join(" " if text[i].isspace() else text[i] for i in kept), kept


@dataclass(frozen=True, slots=True)
class _Amount:
    """A quantity before its unit is known."""

    start: int
    end: int
    value: Decimal
    scale: int  # the largest of its scale words: 1, 1000 …
    digits: bool
    ordinal: bool = False


class _Scan:
    """One pass over a text: each kind is looked for in what the kinds before it have left."""

    def __init__(self, text: str, language: str, year: int | None):
        self.text = text
        self.language = language
        self.year = year
        self.left = text  # what was taken is blanked out with NULs
        self.found: list[Fact] = []

    def facts(self) -> list[Fact]:
        digits = any(map(str.isdigit, self.text))
        if digits:
            self._days()
        self._months()
        self._decades()
        if digits:
            self._years()
            self._times()
        self._roman()
        self._amounts()
        return self.found

    def _add(self, kind: FactKind, value: str, start: int, end: int) -> None:
        while end > start and self.text[end - 1] == " ":
            end -= 1
        self.found.append(Fact(kind, value, start, end, self.text[start:end]))
        self.left = self.left[:start] + "\0" * (end - start) + self.left[end:]

    # dates

    def _days(self) -> None:
        for match in _numeric_date().finditer(self.left):
            y, m, d = (int(match[k] or match[k + "2"]) for k in "ymd")
            if 1 <= m <= 12 and 1 <= d <= 31:
                self._add(FactKind.DATE, f"{y}-{m:02}-{d:02}", match.start(), match.end())
        self._find_dates(_date_patterns(self.language)[0])

    def _months(self) -> None:
        self._find_dates(_date_patterns(self.language)[1])

    def _find_dates(self, patterns: Sequence[re.Pattern[str]]) -> None:
        for pattern in patterns:
            for match in list(pattern.finditer(self.left)):
                self._date(match)

    def _date(self, match: re.Match[str]) -> None:
        groups = match.groupdict()
        month = next(int(k[1:]) for k, v in groups.items() if v and re.fullmatch(r"m\d+", k))
        found_year = groups.get("year") or groups.get("year2")
        this_year = groups.get("this") or groups.get("this2")
        year = int(found_year) if found_year else self.year if this_year else None
        prefix = f"{year}-{month:02}" if year else f"--{month:02}"
        if not groups.get("days"):
            self._add(FactKind.DATE, prefix, match.start(), match.end())
            return
        days = [
            (int(d[0]), match.start("days") + d.start(), match.start("days") + d.end())
            for d in re.finditer(r"\d{1,2}", groups["days"])
        ]
        if not all(1 <= day <= 31 for day, _, _ in days):
            return
        between = self.text[days[0][2] : days[-1][1]].split()
        joiner = "".join(between).strip(".")
        if len(days) == 2 and re.sub(r"^(?:st|nd|rd|th|-го|-е)", "", joiner) in _RANGE_JOINERS:
            value = f"{prefix}-{days[0][0]:02}/{days[1][0]:02}"
            self._add(FactKind.DATE, value, match.start(), match.end())
            return
        # "3 i 4 maja" are two dates: the one next to the month takes the month's words along.
        main = 0 if match.start("month") < days[0][1] else len(days) - 1
        self._add(
            FactKind.DATE, f"{prefix}-{days[main][0]:02}", *self._main_span(match, days, main)
        )
        for i, (day, start, end) in enumerate(days):
            if i != main:
                self._add(FactKind.DATE, f"{prefix}-{day:02}", start, end)

    @staticmethod
    def _main_span(
        match: re.Match[str], days: list[tuple[int, int, int]], main: int
    ) -> tuple[int, int]:
        if len(days) == 1:
            return match.span()
        return (match.start(), days[0][2]) if main == 0 else (days[main][1], match.end())

    # years

    def _decades(self) -> None:
        for match in list(re.finditer(_DECADE[self.language], self.left)):
            self._decade(int(match["n"]), match)
        for match in list(re.finditer(_DECADE_WORDS[self.language], self.left, re.IGNORECASE)):
            word = look_up(match["n"], self.language)
            value = word.value if word else _ENGLISH_DECADES.get(match["n"].lower())
            if value is not None and value % 10 == 0 and 10 <= value < 100:
                self._decade(value, match)

    def _decade(self, value: int, match: re.Match[str]) -> None:
        start, end = match.span()
        if value < 1000:
            after, before = _centuries(self.language)
            century = after.match(self.left, end) or before.search(self.left, 0, start)
            number = _roman_value(century["n"].translate(_ROMAN_LOOKALIKES)) if century else 20
            value += 100 * (number - 1)
            if century:
                start, end = min(start, century.start()), max(end, century.end())
        self._add(FactKind.YEAR, f"{value}s", start, end)

    def _years(self) -> None:
        for match in list(_year_range().finditer(self.left)):
            first = int(match["a"])
            second = int(match["b"])
            if second < 100:
                second += first // 100 * 100
            ends_well = first < second and (match["sign"] != "/" or second == first + 1)
            if ends_well:
                self._add(FactKind.YEAR, f"{first}/{second}", match.start(), match.end())
        for match in list(_year_pattern(self.language).finditer(self.left)):
            group = "y" if match["y"] else "y2"
            self._add(FactKind.YEAR, match[group], match.start(group), match.end())

    # times

    def _times(self) -> None:
        pattern = f"{_TIME_COLON}|{_TIME[self.language]}"
        for match in list(re.finditer(rf"(?<!\w)(?:{pattern})", self.left, re.IGNORECASE)):
            groups = match.groupdict()
            hour = next(int(v) for k, v in groups.items() if k[0] == "h" and k != "half" and v)
            minute = next((int(v) for k, v in groups.items() if k[0] == "m" and v), 0)
            if half := groups.get("half"):
                hour = hour % 12 + (12 if half.lower() == "p" else 0)
            if hour > 24:
                continue
            start = next(
                match.start(k) for k, v in groups.items() if k[0] == "h" and v and v.isdigit()
            )
            self._add(FactKind.TIME, f"{hour:02}:{minute:02}", start, match.end())
            self._time_range(match.end())

    def _time_range(self, start: int) -> None:
        match = re.compile(r"\s?[–—-]\s?(\d{1,2})(?:[.:]([0-5]\d))?(?![\d%])").match(
            self.left, start
        )
        if match and int(match[1]) <= 24:
            self._add(
                FactKind.TIME,
                f"{int(match[1]):02}:{int(match[2] or 0):02}",
                match.start(1),
                match.end(),
            )

    # Roman numerals

    def _roman(self) -> None:
        single = rf"[IVXІХ](?=[ -](?:{_CENTURY[self.language]}))"
        if self.language != "en":  # where "I" is a pronoun
            single += r"|(?<=[^\W\d_A-Z] )[IІ](?= [^\W\d_])"
        for match in list(re.finditer(rf"(?<![\w-])(?:[IVXLІХ]{{2,}}|{single})(?!\w)", self.left)):
            numeral = match[0].translate(_ROMAN_LOOKALIKES)
            if _ROMAN_VALID.fullmatch(numeral):
                self._add(FactKind.ORDINAL, str(_roman_value(numeral)), match.start(), match.end())

    # amounts

    def _amounts(self) -> None:
        amounts = list(self._quantities())
        units = [self._unit(a) for a in amounts]
        joiner = re.compile(_AMOUNT_JOINER[self.language])
        for i in range(len(amounts) - 2, -1, -1):
            a, b = amounts[i], amounts[i + 1]
            if not a.digits or not joiner.fullmatch(self.text, a.end, units[i + 1][2]):
                continue
            near = a.value * b.scale < b.value * 100  # "z 900 do 1,5 tys." is no range of thousands
            if a.scale == 1 < b.scale and near and b.digits:
                amounts[i] = _Amount(a.start, a.end, a.value * b.scale, b.scale, True)
            if units[i][0] is FactKind.NUMBER and units[i + 1][0] in (
                FactKind.PERCENT,
                FactKind.MONEY,
            ):
                units[i] = (*units[i + 1][:2], a.start, a.end)
            elif (units[i][0], units[i + 1][0]) == (FactKind.MONEY, FactKind.NUMBER) and self.text[
                a.end : b.start
            ].strip() in _RANGE_JOINERS:
                units[i + 1] = (*units[i][:2], b.start, b.end)
        for amount, (kind, currency, start, end) in zip(amounts, units, strict=True):
            value = _canonical(amount.value)
            self._add(kind, f"{value} {currency}" if currency else value, start, end)

    def _unit(self, amount: _Amount) -> tuple[FactKind, str, int, int]:
        """What the amount counts (kind, currency, start, end), by the words around it."""
        start, end = amount.start, amount.end
        if match := _percent_after(self.language).match(self.left, end):
            return FactKind.PERCENT, "", start, match.end()
        if match := _currency_after().match(self.left, end):
            return FactKind.MONEY, str(match.lastgroup), start, match.end()
        before = _currency_before().search(self.left, max(0, start - 8), start)
        if before:
            return FactKind.MONEY, str(before.lastgroup), before.start(), end
        if amount.ordinal:
            return FactKind.ORDINAL, "", start, end
        if amount.digits and amount.scale == 1:
            suffix = _ordinal_after(self.language).match(self.left, end)
            if suffix:
                return FactKind.ORDINAL, "", start, suffix.end()
        return FactKind.NUMBER, "", start, end

    def _quantities(self) -> Iterator[_Amount]:
        """Digits or words with their scales: "1,2 mld", "sto pięć tysięcy", "30-tysięczna"."""
        tokens = list(_tokens(self.language).finditer(self.left))
        i = 0
        while i < len(tokens):
            if tokens[i].lastgroup == "word" and look_up(tokens[i][0], self.language) is None:
                i += 1
                continue
            amount, used = self._quantity(tokens, i)
            if amount is not None:
                yield amount
            i += max(used, 1)

    def _quantity(self, tokens: Sequence[re.Match[str]], first: int) -> tuple[_Amount | None, int]:
        """The quantity that begins at a token, if any, and how many tokens it takes."""
        total, current, scale = Decimal(0), Decimal(0), 1
        limit = Decimal("Infinity")  # the next part must be smaller than this
        digits = ordinal = False
        end = tokens[first].start()
        i = first
        while i < len(tokens):
            token, started = tokens[i], i > first
            if started and not _joined(self.text[end : token.start()], current, self.language):
                break
            kind = str(token.lastgroup)
            if kind == "digits":
                value = _decimal(token[0], self.language)
                factor = _scale(tokens, i + 1)
                if started and (current or not factor or value * factor >= limit):
                    break
                current, limit, digits = value, Decimal(0), True
            elif kind == "half" and not started:
                current, limit = Decimal("0.5"), Decimal(0)
            elif kind == "half_after" and current:
                current, limit = current + Decimal("0.5"), Decimal(0)
            elif kind == "one_and_a_half" and not started:
                current, limit = Decimal("1.5"), Decimal(0)
            elif factor := _scale(tokens, i):
                alone = re.fullmatch(_SCALE_ALONE[self.language], token[0].lower())
                if not current and (started or not alone):
                    break
                total += (current or 1) * factor
                current, limit, scale = Decimal(0), Decimal(factor), max(scale, factor)
                if self.language == "kk" and _ABLATIVE.search(token[0]):  # "2 мыңнан 5 мыңға"
                    end, i = token.end(), i + 1
                    break
            else:
                word = look_up(token[0], self.language) if kind == "word" else None
                if word is None or (ordinal and word.kind is not WordKind.ORDINAL):
                    break
                value = Decimal(word.value)
                if value == 100 and 1 <= current < 20 and not digits:
                    current, limit = current * 100, Decimal(100)
                elif value < limit:
                    current, limit = current + value, min(limit, _lowest(value))
                else:
                    break
                ordinal = word.kind is WordKind.ORDINAL
                if word.kind is WordKind.COMPOUND:
                    end, i = token.end(), i + 1
                    break
            end, i = token.end(), i + 1
        if i == first:
            return None, 1
        value = total + current
        amount = _Amount(tokens[first].start(), end, value, scale, digits, ordinal)
        return amount, i - first


def _scale(tokens: Sequence[re.Match[str]], i: int) -> int:
    """The factor that a token multiplies by, or 0."""
    kind = str(tokens[i].lastgroup) if i < len(tokens) else ""
    return int(kind.removeprefix("scale_")) if kind.startswith("scale_") else 0


def _joined(gap: str, current: Decimal, language: str) -> bool:
    """Whether two parts of a number may stand that far apart."""
    if gap in (" ", "-", ""):
        return True
    return language == "en" and gap == " and " and current >= 100


def _lowest(value: Decimal) -> Decimal:
    """What the next part must be below: 100 → 100, 20 → 10, 3 → 1 (10 → 10: Kazakh "он екі")."""
    return Decimal(100 if value >= 100 else 10 if value >= 20 or value == 10 else 1)


def _roman_value(numeral: str) -> int:
    values = [_ROMAN[c] for c in numeral]
    return sum(-v if v < w else v for v, w in zip(values, [*values[1:], 0], strict=True))


def _decimal(digits: str, language: str) -> Decimal:
    """A number in digits as its language writes it: "1 234,5", "1,234.5"."""
    text = digits.replace(" ", "")
    group, point = (",", ".") if language == "en" else (".", ",")
    if re.fullmatch(rf"\d{{1,3}}(?:\{group}\d{{3}})+(?:\{point}\d+)?", text):
        text = text.replace(group, "")
    return Decimal(text.replace(",", "."))


def _canonical(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache
def _centuries(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A century after a decade ("lata 30. XX w.") and one before it ("XX ғасырдың 30-жылдары")."""
    century = rf"(?P<n>[IVXІХ]+) ?(?:{_CENTURY[language]})"
    return re.compile(rf" {century}"), re.compile(rf"\b{century} $")


@lru_cache
def _tokens(language: str) -> re.Pattern[str]:
    """The parts of a number; a scale may follow its digits without a space ("5mln")."""
    scales = "|".join(f"(?P<scale_{f}>{p})" for f, p in _SCALES[language].items())
    unnamed = "|".join(_SCALES[language].values())
    return re.compile(
        rf"(?P<half_after>\b(?:{_HALF_AFTER[language]})\b)"
        rf"|(?P<one_and_a_half>\b(?:{_ONE_AND_A_HALF[language]})\b)"
        rf"|(?P<half>\b(?:{_HALF_BEFORE[language]})(?=\s?(?:{unnamed})))"
        rf"|(?<![^\W\d_])(?:{scales})(?![^\W\d_])"
        rf"|(?P<digits>{_DIGITS})"
        rf"|(?P<word>(?<![^\W\d_])(?!and\b)[^\W\d_]+)",
        re.IGNORECASE,
    )


@lru_cache
def _numeric_date() -> re.Pattern[str]:
    return re.compile(
        r"(?<![\d.])(?:(?P<d>\d{1,2})[./](?P<m>\d{1,2})[./](?P<y>\d{4})"
        r"|(?P<y2>\d{4})-(?P<m2>\d\d)-(?P<d2>\d\d))(?![\d])"
    )


@lru_cache
def _date_patterns(language: str) -> tuple[list[re.Pattern[str]], list[re.Pattern[str]]]:
    """Those of a day and month, those of a month alone; groups: days, month, m1–m12, year, this."""
    month = "|".join(f"(?P<m{i}>{m})" for i, m in enumerate(_MONTHS[language], 1))
    month = rf"(?P<month>\b(?:{month})(?!\w))"
    day = rf"\d{{1,2}}{_DAY_SUFFIX[language]}(?![\w%])"
    days = rf"(?P<days>(?<![\w.,:])(?:{day}\s?(?:(?:{_DAY_JOINER[language]})\s?))*{day})"
    year, this = rf"(?P<year>{_YEAR})(?!\d)", rf"(?P<this>{_THIS_YEAR[language]})"
    flags = re.IGNORECASE if language != "en" else 0  # May and March begin with a capital
    if language == "kk":
        lead = rf"(?:{year}\s?(?:{_YEAR_WORD['kk']})[ ,]+|{this}\s)"
        lead_days = days.replace(r"(?<![\w.,:])", "")
        with_days = [
            rf"{lead}{lead_days}\s{month}",
            rf"{days}\s{month}(?:[ ,]+{year}(?:\s?(?:{_YEAR_WORD['kk']}))?)?",
        ]
        alone = [
            rf"{lead}{month}",
            rf"{month}(?:\s{year}(?:\s?(?:{_YEAR_WORD['kk']}))?)?",
        ]
    elif language == "en":
        year_end = rf"(?:,? (?:of )?{year}|,? {this})?"
        back = days.replace(r"(?<![\w.,:])", "")
        with_days = [
            rf"{days}(?: of)?\s{month}{year_end}",
            rf"{month}\s(?!{_YEAR}){back}{year_end}",
        ]
        alone = [rf"{month}{year_end}"]
    else:
        year_end = rf"(?:\s{year}(?:\s?(?:{_YEAR_WORD[language]}))?|\s{this})?"
        with_days, alone = [rf"{days}\s{month}{year_end}"], [rf"{month}{year_end}"]
    return [re.compile(p, flags) for p in with_days], [re.compile(p, flags) for p in alone]


@lru_cache
def _year_range() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\d.,])(?P<a>{_YEAR})\s?(?P<sign>[–—/-])\s?(?P<b>{_YEAR}|\d\d)(?![\d%]|[.,]\d)"
    )


@lru_cache
def _year_pattern(language: str) -> re.Pattern[str]:
    number = r"(?<![\d.,]){}(?![\d%]|[.,]\d|[ ]\d{{3}}(?!\d))"
    after = number.format(rf"(?P<y>{_YEAR})")
    before = number.format(rf"(?P<y2>{_YEAR})")
    leads = {
        "pl": r"rok(?:u|iem)?|lat(?:a|ach)?",
        "en": r"in|since|of|by|until|till|from|before|after|during|the|year|early|late|mid",
        "ru": r"год(?:а|у|ом|ы|ов|ах)?",
        "kk": r"жыл\w*",
    }
    tail = _YEAR_WORD[language]
    first = rf"{after}\s?(?:{tail})" if tail else rf"{after}(?=['’]s|-)"
    return re.compile(rf"{first}|\b(?:{leads[language]}) {before}", re.IGNORECASE)


@lru_cache
def _percent_after(language: str) -> re.Pattern[str]:
    return re.compile(rf"[ -]?(?:{_PERCENT[language]})(?:-[^\W\d_]+)?", re.IGNORECASE)


@lru_cache
def _currency_after() -> re.Pattern[str]:
    names = "|".join(f"(?P<{c}>{signs}|{words})" for c, (signs, words) in _CURRENCIES.items())
    return re.compile(rf"(?:-[^\W\d_]+)?[ -]?(?:{names})")


@lru_cache
def _currency_before() -> re.Pattern[str]:
    names = "|".join(f"(?P<{code}>{signs})" for code, (signs, _) in _CURRENCIES.items())
    return re.compile(rf"(?<!\w)(?:{names})\s?$")


@lru_cache
def _ordinal_after(language: str) -> re.Pattern[str]:
    return re.compile(_ORDINAL_SUFFIX[language])


# --- comparing ---


def differences(
    source: str, target: str, language: str, *, year: int | None = None
) -> tuple[list[Fact], list[Fact]]:
    """The figures of the Polish `source` that `target` lacks, and those that it has beyond them.

    Equal values count as equal however they are written: in digits or words, as a number or an
    ordinal, as a range or its two ends. `year` is the release's, for "br." and "this year".
    """
    missing = [p for fact in find(source, SOURCE, year=year) for p in _parts(fact, SOURCE)]
    extra = [p for fact in find(target, language, year=year) for p in _parts(fact, language)]
    known = {str(year)} if year else set()
    years = {p.year for p in missing} | known, {p.year for p in extra} | known
    _cancel(missing, extra, lambda a, b: a.value == b.value and a.firm == b.firm)
    _cancel(missing, extra, lambda a, b: a.value == b.value)
    _cancel(missing, extra, lambda a, b: _loosely_equal(a, b, *years))
    lacking, beyond = [p for p in missing if p.firm], [p for p in extra if p.firm]
    # A number in words may be phrased away, but not into another number.
    said, put = [p for p in missing if p.plain], [p for p in extra if p.plain]
    if (said and (put or beyond)) or (put and lacking):
        lacking, beyond = lacking + said, beyond + put
    return _facts(lacking), _facts(beyond)


def says_the_same(one: Fact, other: Fact) -> bool:
    """Whether two facts have the same value, a number and an ordinal or year alike: "15" and "15."
    do, "15" and "15%" do not.
    """
    bare = (FactKind.NUMBER, FactKind.ORDINAL, FactKind.YEAR)
    kinds = one.kind == other.kind or (one.kind in bare and other.kind in bare)
    return kinds and one.value == other.value


@dataclass(frozen=True, slots=True)
class _Part:
    """What is compared of a fact: the whole of it, or one end of a range."""

    fact: Fact
    value: str  # numbers, ordinals and years alike are bare numbers; other kinds carry their kind
    year: str  # of a date or year
    firm: bool  # in digits or Roman numerals, so that a translation must have it
    plain: bool  # a cardinal of three or more in words


def _parts(fact: Fact, language: str) -> list[_Part]:
    firm = (
        fact.kind is FactKind.YEAR
        or any(c.isdigit() for c in fact.surface)
        or bool(re.fullmatch(r"[IVXLІХ]{2,}", fact.surface))
    )
    plain = not firm and fact.kind is FactKind.NUMBER and _plain_words(fact, language)
    if fact.kind is FactKind.DATE:
        head, _, last = fact.value.partition("/")
        values = [head, head[:-2] + last] if last else [head]
        year = re.match(r"\d{4}", head)
        return [_Part(fact, f"date {v}", year[0] if year else "", firm, False) for v in values]
    if fact.kind is FactKind.YEAR:
        return [_Part(fact, v, v, firm, False) for v in fact.value.split("/")]
    if fact.kind in (FactKind.NUMBER, FactKind.ORDINAL):
        bare_year = fact.value if re.fullmatch(_YEAR, fact.value) else ""
        return [_Part(fact, fact.value, bare_year, firm, plain)]
    return [_Part(fact, f"{fact.kind.value} {fact.value}", "", firm, False)]


def _plain_words(fact: Fact, language: str) -> bool:
    """Whether the fact is a cardinal of its own: "trzy", not "trzyletni"; two is often left out."""
    if not re.fullmatch(r"\d+", fact.value) or int(fact.value) < 3:
        return False
    words = [look_up(word, language) for word in re.findall(r"[^\W\d_]+", fact.surface)]
    return any(words) and all(w is None or w.kind is WordKind.CARDINAL for w in words)


def _cancel(missing: list[_Part], extra: list[_Part], same: Callable[[_Part, _Part], bool]) -> None:
    """Take pairs that are the same off both lists."""
    for part in list(missing):
        for other in extra:
            if same(part, other):
                missing.remove(part)
                extra.remove(other)
                break


def _loosely_equal(a: _Part, b: _Part, years_a: set[str], years_b: set[str]) -> bool:
    """Whether two parts say the same with a unit, a year or a century left to the context."""
    for x, y, years in ((a, b, years_b), (b, a, years_a)):
        kind, _, value = x.value.rpartition(" ")
        if kind == "date" and x.year and y.value == f"date -{value[4:]}" and x.year in years:
            return True  # "28 lutego – 2 marca 2024": which of the two days carries the year
        if x.fact.kind is FactKind.TIME and y.fact.kind in (FactKind.NUMBER, FactKind.ORDINAL):
            hour, minute = value.split(":")
            if Decimal(y.value) in (Decimal(f"{int(hour)}.{minute}"), Decimal(int(hour))):
                return minute == "00" or "." in y.value
        if x.value.endswith("s") and re.fullmatch(rf"(?:20)?{x.value[2:]}?", y.value):
            return True  # "lata 20." may be the 1920s or the 2020s
    return False


def _facts(parts: list[_Part]) -> list[Fact]:
    """The facts of some parts, each once, in reading order."""
    return sorted(dict.fromkeys(p.fact for p in parts), key=lambda fact: fact.start)


# --- writing ---

_SCALE_NAMES = {
    "pl": {10**12: "bln", 10**9: "mld", 10**6: "mln"},
    "en": {10**12: "trillion", 10**9: "billion", 10**6: "million"},
    "ru": {10**12: "трлн", 10**9: "млрд", 10**6: "млн"},
    "kk": {10**12: "трлн", 10**9: "млрд", 10**6: "млн"},
}
_DATE_ORDERS = {
    "pl": ("{days} {month} {year} r.", "{month} {year} r."),
    "en": ("{days} {month} {year}", "{month} {year}"),
    "ru": ("{days} {month} {year} года", "{month} {year} года"),
    "kk": ("{year} жылғы {days} {month}", "{year} жылғы {month}"),
}


def render(fact: Fact, language: str) -> str:
    """The fact in the format of `language` (pl, en, ru, kk): "8 декабря 2021 года".

    Numbers, month names and currency names are CLDR's, through Babel.
    """
    match fact.kind:
        case FactKind.DATE:
            return _render_date(fact.value, language)
        case FactKind.PERCENT:
            return _render_number(Decimal(fact.value), language) + "%"
        case FactKind.MONEY:
            value, currency = fact.value.split()
            return _render_money(Decimal(value), currency, language)
        case FactKind.ORDINAL:
            return fact.value + _ordinal_ending(int(fact.value), language)
        case FactKind.YEAR:
            decade = {"en": "{}s", "ru": "{}-е", "kk": "{}-жылдар", "pl": "lata {}."}[language]
            if fact.value.endswith("s"):
                year = fact.value[:-1]
                return decade.format(year[2:] if language == "pl" else year)
            return fact.value.replace("/", "–")
        case FactKind.TIME:
            return fact.value.replace(":", "." if language == "pl" else ":")
    return _render_number(Decimal(fact.value), language)


def _render_number(value: Decimal, language: str) -> str:
    from babel.numbers import format_decimal

    for factor, name in _SCALE_NAMES[language].items():
        scaled = value / factor
        if scaled >= 1 and scaled == round(scaled, 2):
            return f"{format_decimal(scaled, locale=language, decimal_quantization=False)} {name}"
    return str(format_decimal(value, locale=language, decimal_quantization=False))


def _render_money(value: Decimal, currency: str, language: str) -> str:
    from babel.numbers import get_currency_name

    number = _render_number(value, language)
    if language == "en":
        return f"{currency} {number}"
    # After a scale word the name takes the form of many ("5 млн рублей").
    count = 5 if number[-1].isalpha() else value
    name = get_currency_name(currency, count=count, locale=language)
    return f"{number} {name}"


def _render_date(value: str, language: str) -> str:
    from babel import Locale

    head, _, last = value.partition("/")
    year, month, day = re.fullmatch(r"(\d{4}|-)-(\d\d)(?:-(\d\d))?", head).groups()  # type: ignore[union-attr]
    context = "format" if day else "stand-alone"
    name = Locale(language).months[context]["wide"][int(month)]
    days = f"{int(day)}–{int(last)}" if last else str(int(day)) if day else ""
    order = _DATE_ORDERS[language][0 if day else 1]
    if year == "-":
        order = "{days} {month}" if day else "{month}"
    return order.format(days=days, month=name, year=year)


def _ordinal_ending(value: int, language: str) -> str:
    if language == "en":
        teens = 10 <= value % 100 <= 20
        return "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    if (
        language == "kk"
    ):  # after the vowels of the last word: он, отыз, қырық, алпыс, тоқсан; алты, тоғыз
        back = value % 10 in (6, 9) or (value % 100 in (10, 20, 30, 40, 60, 90))
        return "-шы" if back else "-ші"
    return {"pl": ".", "ru": "-й"}[language]
