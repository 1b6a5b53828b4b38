"""How well figures are compared: `python benchmarks/facts.py FILE.tsv…` (columns pl, en, ru, kk).

The reference translations are right, so each difference in them is a false alarm (or an error of
the corpus). Then one figure of each translation is corrupted, and the differences must show it.
"""

from __future__ import annotations

import argparse
import calendar
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from translator.terminology import facts

LANGUAGES = ("en", "ru", "kk")
SCALES = [("million", "billion"), ("mln", "mld"), ("млн", "млрд"), ("миллион", "миллиард")]


def change_digit(text: str, rng: random.Random) -> str:
    place = rng.choice([m.start() for m in re.finditer(r"\d", text)] or [-1])
    if place < 0:
        return text
    other = rng.choice([d for d in "123456789" if d != text[place]])
    return text[:place] + other + text[place + 1 :]


def drop_number(text: str, rng: random.Random) -> str:
    numbers = list(re.finditer(r"\d+(?:[.,\u00a0 ]\d+)*", text))
    if not numbers:
        return text
    gone = rng.choice(numbers)
    return text[: gone.start()] + text[gone.end() :]


def swap_day_and_month(text: str, rng: random.Random) -> str:
    """A date's day, as far as it can be a month, changes places with it: 8.12 → 12.8, in words."""
    dates = [f for f in facts.find(text, "en") if re.fullmatch(r".*-(\d\d)-(\d\d)", f.value)]
    for fact in dates:
        month, day = int(fact.value[-5:-3]), int(fact.value[-2:])
        if day <= 12 and day != month:
            year = fact.value[:-6].strip("-")
            swapped = f"{month} {ENGLISH_MONTHS[day - 1]} {year}".strip()
            return text[: fact.start] + swapped + text[fact.end :]
    return text


def move_point(text: str, rng: random.Random) -> str:
    return (
        re.sub(r"(\d)([.,])(\d)(?!\d)", r"\2\1\3", text, count=1)
        .replace(" .", " 0.")
        .replace(" ,", " 0,")
    )


def change_scale(text: str, rng: random.Random) -> str:
    for low, high in SCALES:
        if re.search(rf"\d {low}", text):
            return re.sub(rf"(\d )({low})", rf"\g<1>{high}", text, count=1)
    return text


ENGLISH_MONTHS = list(calendar.month_name)[1:]
CORRUPTIONS: dict[str, Callable[[str, random.Random], str]] = {
    "digit": change_digit,
    "dropped": drop_number,
    "day/month": swap_day_and_month,
    "point": move_point,
    "scale": change_scale,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--show", action="store_true", help="print each false alarm and each miss")
    arguments = parser.parse_args()
    rng = random.Random(7)
    alarms: Counter[str] = Counter()
    seen: Counter[tuple[str, str]] = Counter()
    caught: Counter[tuple[str, str]] = Counter()
    rows = [
        (f"{path.name}:{number}", line.split("\t"))
        for path in arguments.files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    ]
    begin = time.perf_counter()
    for place, row in rows:
        for language, target in zip(LANGUAGES, row[1:], strict=True):
            missing, extra = facts.differences(row[0], target, language)
            if missing or extra:
                alarms[language] += 1
                if arguments.show:
                    told = [f"-{f.value}" for f in missing] + [f"+{f.value}" for f in extra]
                    print(f"alarm {place} {language} {' '.join(told)}\n  {row[0]}\n  {target}")
    seconds = time.perf_counter() - begin
    for place, row in rows:
        for language, target in zip(LANGUAGES, row[1:], strict=True):
            if any(facts.differences(row[0], target, language)):
                continue  # already told
            for name, corrupt in CORRUPTIONS.items():
                bad = corrupt(target, rng)
                if bad == target or (name == "day/month" and language != "en"):
                    continue
                seen[language, name] += 1
                if any(facts.differences(row[0], bad, language)):
                    caught[language, name] += 1
                elif arguments.show:
                    print(f"miss {place} {language} {name}\n  {target}\n  {bad}")
    print(f"{len(rows)} segments × {len(LANGUAGES)} languages compared in {seconds:.1f} s")
    for language in LANGUAGES:
        print(f"{language}: false alarms {alarms[language]} ({alarms[language] / len(rows):.2%})")
        for name in CORRUPTIONS:
            if total := seen[language, name]:
                hit = caught[language, name]
                print(f"    {name:10} detected {hit}/{total} ({hit / total:.2%})")
    print(f"detected in all: {sum(caught.values()) / max(1, sum(seen.values())):.2%}")


if __name__ == "__main__":
    main()
