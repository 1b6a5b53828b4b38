"""Rows made by rule: terms, names of countries and languages, sentences with figures and persons.

The glossaries give the terms, CLDR the names, and the product's own code renders each fact in each
language.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from training.vocabulary import LANGUAGES
from translator.model import Fact, FactKind, Term
from translator.terminology.facts import render
from translator.terminology.morphology import inflect
from translator.terminology.termbase import TermBase

# Slots: d a date, l its locative in Kazakh, p and q persons, n a number, m money, r a share, t a
# time.
TEMPLATES = (
    ("{d}", "{d}", "{d}", "{d}"),
    ("Warszawa, {d}", "Warsaw, {d}", "Варшава, {d}", "Варшава, {d}"),
    (
        "W dniu {d} w Warszawie odbyły się rozmowy.",
        "Talks were held in Warsaw on {d}.",
        "{d} в Варшаве состоялись переговоры.",
        "{l} Варшавада келіссөздер өтті.",
    ),
    (
        "Umowę podpisano {d}",
        "The agreement was signed on {d}",
        "Соглашение было подписано {d}",
        "Келісімге {l} қол қойылды",
    ),
    (
        "Wizyta potrwa do {d}",
        "The visit will last until {d}",
        "Визит продлится до {d}",
        "Сапар {d} күніне дейін жалғасады",
    ),
    (
        "Początek spotkania: {d}, godz. {t}",
        "Start of the meeting: {d}, {t}",
        "Начало встречи: {d}, {t}",
        "Кездесудің басталуы: {d}, сағат {t}",
    ),
    (
        "W posiedzeniu weźmie udział {p}.",
        "{p} will take part in the meeting.",
        "В заседании примет участие {p}.",
        "Отырысқа {p} қатысады.",
    ),
    (
        "Na czele delegacji stanie {p}.",
        "The delegation will be headed by {p}.",
        "Делегацию возглавит {p}.",
        "Делегацияны {p} басқарады.",
    ),
    (
        "Głos zabiorą {p} oraz {q}.",
        "{p} and {q} will take the floor.",
        "Выступят {p} и {q}.",
        "{p} және {q} сөз сөйлейді.",
    ),
    (
        "W spotkaniu wzięło udział {n} osób.",
        "{n} people took part in the meeting.",
        "Во встрече приняли участие {n} человек.",
        "Кездесуге {n} адам қатысты.",
    ),
    (
        "Pomoc otrzymało {n} rodzin.",
        "{n} families received assistance.",
        "Помощь получили {n} семей.",
        "{n} отбасы көмек алды.",
    ),
    (
        "Wartość wymiany handlowej wyniosła {m}.",
        "The value of trade amounted to {m}.",
        "Объём торговли составил {m}.",
        "Сауда көлемі {m} болды.",
    ),
    (
        "Polska przekaże na ten cel {m}.",
        "Poland will allocate {m} for this purpose.",
        "Польша выделит на эти цели {m}.",
        "Польша бұл мақсатқа {m} бөледі.",
    ),
    (
        "Eksport wzrósł o {r}.",
        "Exports rose by {r}.",
        "Экспорт вырос на {r}.",
        "Экспорт {r}-ға өсті.",
    ),
    (
        "Bezrobocie spadło do {r}.",
        "Unemployment fell to {r}.",
        "Безработица снизилась до {r}.",
        "Жұмыссыздық {r}-ға дейін төмендеді.",
    ),
    (
        "Frekwencja wyniosła {r}.",
        "Turnout was {r}.",
        "Явка составила {r}.",
        "Дауыс беруге қатысу {r} болды.",
    ),
)
Row = Sequence[str]


def run(folder: Path, glossaries: Sequence[Path], seed: int, count: int = 2000) -> None:
    """Write `glossary.tsv`, and `generated.tsv` with `count` sentences and CLDR's names."""
    terms = TermBase.load(glossaries).terms
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (
        ("glossary", glossary(terms)),
        ("generated", [*names(), *sentences(terms, random.Random(seed), count)]),
    ):
        text = "".join("\t".join(row) + "\n" for row in rows)
        (folder / f"{name}.tsv").write_text(text, encoding="utf-8")


def glossary(terms: Sequence[Term]) -> Iterator[Row]:
    """The lemmas of the terms."""
    for term in terms:
        yield term.source, *(term.targets.get(language, "") for language in LANGUAGES[1:])


def names() -> Iterator[Row]:
    """Countries and languages in CLDR's names."""
    from babel import Locale

    locales = [Locale(language) for language in LANGUAGES]
    for kind in ("territories", "languages"):
        tables = [getattr(locale, kind) for locale in locales]
        for code in sorted(set.intersection(*map(set, tables))):
            if code.isalpha():
                yield [table[code] for table in tables]


def sentences(terms: Sequence[Term], rng: random.Random, count: int) -> Iterator[Row]:
    """Templates filled with facts and persons drawn at random."""
    people = [term for term in terms if term.is_person]
    for _ in range(count):
        template = rng.choice(TEMPLATES)
        person, other = rng.sample(people, 2)
        facts = dict(zip("dnmrt", _facts(rng), strict=True))
        row = []
        for text, language in zip(template, LANGUAGES, strict=True):
            slots = {slot: render(fact, language) for slot, fact in facts.items()}
            slots["p"], slots["q"] = (
                someone.source if language == "pl" else someone.targets[language]
                for someone in (person, other)
            )
            if language == "kk":
                begin, month = slots["d"].rsplit(" ", 1)
                slots["l"] = f"{begin} {inflect(month, 'kk', case='loc')}"
            filled = text.format_map(slots)
            row.append(filled[0].upper() + filled[1:])
        yield row


def _facts(rng: random.Random) -> Iterator[Fact]:
    day, month = rng.randint(1, 28), rng.randint(1, 12)
    year = rng.choice(["-", f"{rng.randint(1989, 2027)}"])
    figure = rng.choice([rng.randint(5, 20), 10 * rng.randint(3, 99), 100 * rng.randint(10, 999)])
    share = rng.choice([f"{rng.randint(1, 99)}", f"{rng.randint(1, 99)}.{rng.randint(1, 9)}"])
    amount = rng.randint(1, 990) * 10 ** rng.choice([4, 5, 6, 7, 8])
    currency = rng.choice(["EUR", "USD", "PLN", "KZT", "RUB"])
    for kind, value in (
        (FactKind.DATE, f"{year}-{month:02}-{day:02}"),
        (FactKind.NUMBER, f"{figure}"),
        (FactKind.MONEY, f"{amount} {currency}"),
        (FactKind.PERCENT, share),
        (FactKind.TIME, f"{rng.randint(8, 20)}:{rng.choice([0, 15, 30, 45]):02}"),
    ):
        yield Fact(kind, value, 0, 0, "")
