"""Russian: agreement inside noun phrases by pymorphy3's dictionary, personal names by rule.

In a noun phrase only the head and what agrees with it declines: adjectives, participles and
ordinals before the head, a second head joined by "и", a participle after a comma. A genitive
complement, a prepositional phrase, an abbreviation, a quoted name and an apposition ("Республика
Польша") stay. Personal names follow the rules of school and reference grammars (Зализняк,
Розенталь) on foreign surnames, since a dictionary's guesses at "Пшидач" or "Рау" are worthless.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import Any

from translator.terminology.morphology import Form

CASES = {"nom": "nomn", "gen": "gent", "dat": "datv", "acc": "accs", "ins": "ablt", "loc": "loct"}
NUMBERS = {"sg": "sing", "pl": "plur"}
_GENDERS = {"m": "masc", "f": "femn", "n": "neut"}

# First parts of compounds that do not decline; the dictionary has most others (премьер-министр).
_FIXED_FIRST = {
    *("бизнес", "бренд", "веб", "вице", "интернет", "медиа", "онлайн"),
    *("пресс", "санкт", "топ", "усть", "экс"),
}
# Лодзь is feminine; the dictionary has it as masculine.
_WRONG_IN_DICTIONARY = {"лодзь"}
_CORRECTIONS = {"балканов": "балкан"}

# A reading of a word as pymorphy3 gives it; the library has no types.
Parse = Any


def paradigm(lemma: str, *, person: bool = False, gender: str = "") -> Iterator[Form]:
    """The forms of a Russian term or, with `person`, of a name; `gender` is "m", "f" or unknown."""
    if person:
        yield from _person(lemma, gender)
        return
    quoted = re.fullmatch(r"([«„“\"])([^«»„“”\"]+)([»“”\"])", lemma)
    if quoted:
        # A title in quotes stands unchanged after its generic noun and declines without one.
        yield Form(lemma, "nom", "sg")
        before, inner, after = quoted.groups()
        for form in paradigm(inner, gender=gender):
            yield Form(before + form.text + after, form.case, form.number)
        return
    found = list(_phrase(lemma, gender))
    yield from found
    yield from _of_several(lemma.split(), found)


def _of_several(words: Sequence[str], found: Sequence[Form]) -> Iterator[Form]:
    """The plural whose complement is plural too: заместители министров, of several ministers."""
    if len(words) < 2 or not all("anim" in p.tag.grammemes for p in _nouns(words[0])[:1]):
        return
    singular = {"NOUN", "anim", "sing", "gent"}
    chief = next((p for p in _parse(words[1]) if singular <= p.tag.grammemes), None)
    chiefs = _find(chief, "plur", "gent") if chief is not None and chief.is_known else None
    if chiefs is None or not _nouns(words[0]):
        return
    for form in found:
        if form.number == "pl":
            text = form.text.replace(f" {words[1]}", f" {_like(chiefs, words[1])}", 1)
            yield Form(text, form.case, form.number)


@lru_cache(maxsize=1)
def analyzer() -> Any:
    """The dictionary, loaded once."""
    import pymorphy3

    return pymorphy3.MorphAnalyzer()


@lru_cache(maxsize=1 << 14)
def _parse(word: str) -> tuple[Parse, ...]:
    return tuple(analyzer().parse(word))


def lemma(word: str) -> str:
    """The dictionary form of a word, in small letters; of several readings the likeliest one's."""
    return str(_parse(word)[0].normal_form)


@lru_cache(maxsize=1 << 14)
def _lexeme(parse: Parse) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple(
        (_CORRECTIONS.get(each.word, each.word), each.tag.grammemes) for each in parse.lexeme
    )


# Forms that a careful text does not use: политикою, колхозный genitive plurals and the like.
_UNUSUAL = {"Infr", "Slng", "Arch", "Dist", "Erro", "V-oy", "V-ey", "V-ej", "V-be", "V-bi", "V-ie"}
_VOICES_AND_TENSES = {"actv", "pssv", "past", "pres"}


def _find(parse: Parse, *grammemes: str) -> str | None:
    """The usual form of a lexeme with these grammemes; a participle keeps its voice and tense."""
    wanted = frozenset(grammemes)
    if parse.tag.POS == "PRTF":
        wanted |= _VOICES_AND_TENSES & parse.tag.grammemes
    found = [(word, tag) for word, tag in _lexeme(parse) if wanted <= tag]
    return min(found, key=lambda each: len(each[1] & _UNUSUAL), default=(None,))[0]


def _like(form: str, word: str) -> str:
    """`form` with the capitals of `word`, and without ё where the glossary writes е for it."""
    if "ё" not in word.lower():
        form = form.replace("ё", "е")
    models = word.split("-")
    parts = form.split("-")
    if len(parts) < len(models):  # only the last part was declined: бизнес-миссия
        parts = models[: len(models) - len(parts)] + parts
    return "-".join(
        part[:1].upper() + part[1:] if model[:1].isupper() else part
        for part, model in zip(parts, models, strict=True)
    )


# --- noun phrases ------------------------------------------------------------


def _is_abbreviation(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _nouns(word: str) -> list[Parse]:
    """Nominative readings as a noun: known words first, singular before plural.

    A compound is as inanimate as its first part (государство-член). What the dictionary guesses of
    an unknown word with a capital is no reading, nor is a personal name of one without.
    """
    first, _, last = word.partition("-")
    if first.lower() in _FIXED_FIRST:
        word = last
    unfit = _is_abbreviation(word) or word.lower() in _WRONG_IN_DICTIONARY
    if unfit or not re.fullmatch(r"[А-Яа-яЁё-]{2,}", word):
        return []
    found = [p for p in _parse(word) if {"NOUN", "nomn"} <= p.tag.grammemes]
    if word[:1].isupper():
        found = [p for p in found if p.is_known or "-" in word]
    elif any(p.is_known for p in _parse(word)):
        found = [p for p in found if p.is_known]
    else:
        found = [p for p in found if not {"Surn", "Name", "Patr"} & p.tag.grammemes]

    def rank(parse: Parse) -> tuple[bool, bool, bool]:
        tag = parse.tag.grammemes
        return not parse.is_known, "plur" in tag, "-" in word and "anim" in tag

    return sorted(found, key=rank)


def _adjectives(word: str) -> list[Parse]:
    if _is_abbreviation(word):
        return []
    found = [p for p in _parse(word) if p.tag.POS in {"ADJF", "PRTF"}]
    return [p for p in found if "nomn" in p.tag.grammemes and "Fixd" not in p.tag.grammemes]


def _agreeing(adjectives: Sequence[Parse], noun: Parse) -> Parse | None:
    number, gender = noun.tag.number, noun.tag.gender
    for parse in adjectives:
        if parse.tag.number == number and (number == "plur" or parse.tag.gender == gender):
            return parse
    return None


def dictionary_forms(phrase: str) -> Iterator[str]:
    """What an inflected noun phrase can be in the nominative; its head is the first noun."""
    words = phrase.split(" ")
    at = next((i for i, word in enumerate(words) if _parse(word)[0].tag.POS == "NOUN"), None)
    if at is None:
        return
    for noun in _parse(words[at]):
        number = noun.tag.number
        agreement = () if number == "plur" else (noun.tag.gender,)
        if noun.tag.POS != "NOUN" or number is None:
            continue
        declined = []
        for word in words[:at]:
            adjective = next((p for p in _parse(word) if p.tag.POS in {"ADJF", "PRTF"}), None)
            declined.append(_find(adjective, "nomn", number, *agreement) if adjective else None)
        declined.append(_find(noun, "nomn", number))
        if all(declined):
            pairs = zip(declined, words, strict=False)
            yield " ".join([*(_like(form or "", word) for form, word in pairs), *words[at + 1 :]])


# A head and its agreeing words: position in the phrase → reading; the head itself is last.
Group = dict[int, Parse]


def _group(words: Sequence[str], at: int, adjectives: dict[int, list[Parse]]) -> Group | None:
    """The agreeing words from `at` on, or None if they lead to no noun in the nominative."""
    if at >= len(words):
        return None
    word = words[at]
    if adjectives and word in {"и", "или"}:
        return _group(words, at + 1, adjectives)
    found = _adjectives(word)
    if found:
        group = _group(words, at + 1, {**adjectives, at: found})
        if group:
            return group
    for noun in _nouns(word) or _substantivised(words, at, found, adjectives):
        matches = {i: _agreeing(each, noun) for i, each in adjectives.items()}
        if all(matches.values()):
            following = _nouns(words[at + 1]) if at + 1 < len(words) else []
            if not adjectives and _is_name(noun) and following and not _is_name(following[0]):
                return _group(words, at + 1, {})  # Назарбаев Университет
            return {**matches, at: noun}
    if not found and _parse(word)[0].tag.POS in {"ADVB", "PRCL"}:
        return _group(words, at + 1, adjectives)
    return None


def _substantivised(
    words: Sequence[str], at: int, readings: list[Parse], adjectives: dict[int, list[Parse]]
) -> list[Parse]:
    """An adjective as the head, a person: Уполномоченный по …, политический заключенный."""
    masculine = [p for p in readings if p.tag.gender == "masc"]
    last = at + 1 == len(words)
    return masculine if (adjectives if last else words[at + 1] not in {"и", "или", ","}) else []


def _is_name(noun: Parse) -> bool:
    return bool({"Name", "Surn", "Geox"} & noun.tag.grammemes)


def _groups(words: Sequence[str]) -> list[Group]:
    """All agreeing groups of the phrase: the first, and those joined to it by "и" or a comma."""
    groups: list[Group] = []
    at = 0
    while (group := _group(words, at, {})) is not None:
        head = max(group)
        if words[head].endswith(",") or (groups and groups[0].keys() & group.keys()):
            break
        groups.append(group)
        if head + 2 < len(words) and words[head + 1] == ",":
            after = _agreeing(_adjectives(words[head + 2]), group[head])
            if after:
                groups[-1] = {head + 2: after, **group}
            break
        if head + 2 >= len(words) or words[head + 1] not in {"и", "или"}:
            break
        at = head + 2
    return groups


def _head(group: Group) -> Parse:
    return list(group.values())[-1]


def _decline(group: Group, words: Sequence[str], case: str, number: str) -> dict[int, str] | None:
    """A group's words in a case and number, by position; None where the head has no such form."""
    position, head = list(group.items())[-1]
    noun = head.tag.POS == "NOUN"
    animate = not noun or "anim" in head.tag.grammemes
    gender = () if number == "plur" else (head.tag.gender or "masc",)
    like_nominative = case == "acc" and not animate and gender != ("femn",)
    form = _find(
        head,
        "nomn" if like_nominative else CASES[case],
        number,
        *(() if noun else gender),
        *(("anim",) if not noun and case == "acc" else ()),
    )
    if form is None:
        return None
    result = {position: _like(form, words[position])}
    for i, parse in group.items():
        if i == position:
            continue
        wanted: tuple[str, ...] = (CASES[case], number, *gender)
        if case == "acc" and (number == "plur" or gender == ("masc",)):
            wanted += ("anim" if animate else "inan",)
        agreeing = _find(parse, *wanted)
        if agreeing is None:
            return None
        result[i] = _like(agreeing, words[i])
    return result


def _phrase(lemma: str, gender: str) -> Iterator[Form]:
    pieces = re.findall(r"\s+|,|[^\s,]+", lemma)
    places = [i for i, piece in enumerate(pieces) if not piece.isspace()]
    words = [pieces[i] for i in places]

    def put(declined: dict[int, str]) -> str:
        text = list(pieces)
        for i, form in declined.items():
            text[places[i]] = form
        return "".join(text)

    first = _parse(words[0])[0]
    if len(words) > 1 and (words[0] == "и" or any(p.tag.POS == "PREP" for p in _parse(words[0]))):
        yield Form(lemma, "nom", "sg")
        return
    if "INFN" in first.tag.grammemes:
        yield Form(lemma, "nom", "sg")
        for form in dict.fromkeys(word for word, _ in _lexeme(first)):
            yield Form(put({0: _like(form, words[0])}), "", "")
        return
    groups = _groups(words)
    if groups:
        yield from _noun_phrase(groups, words, put)
    elif _adjectives(words[-1]) and not any(_is_abbreviation(word) for word in words):
        yield from _adjective(words, gender, put)
    elif len(words) == 1 and _is_unknown_name(lemma):
        kind = "f" if lemma.endswith(_FEMININE_PLACES) else "m"
        for case, variants in _name(lemma, kind, given=True).items():
            inanimate = case == "acc" and lemma[-1] not in "ая"
            yield Form(lemma if inanimate else variants[0], case, "sg")
    else:
        yield Form(lemma, "nom", "sg")
        unit = {"NOUN", "plur", "gent"} <= first.tag.grammemes and first.is_known
        if unit and len(words) == 1 and not _is_abbreviation(lemma):
            # A unit of measure in the form that it has after a number: процентов, злотых.
            for form, _ in _lexeme(first):
                yield Form(_like(form, lemma), "", "")


def _is_unknown_name(word: str) -> bool:
    """A place or a loan that the dictionary does not know in the nominative: Шымкент, полония."""
    if _is_abbreviation(word) or not re.fullmatch(r"[А-Яа-яЁё-]{3,}", word):
        return False
    return word[:1].isupper() or word.endswith("ия")


def _noun_phrase(groups: list[Group], words: Sequence[str], put: Any) -> Iterator[Form]:
    only_plural = all("plur" in _head(group).tag.grammemes for group in groups)
    place = any("Geox" in _head(group).tag.grammemes for group in groups)
    for number in NUMBERS:
        if only_plural if number == "sg" else place and not only_plural:
            continue
        for case in CASES:
            parts = [_in_number(group, words, case, number) for group in groups]
            if all(parts):
                yield Form(put({i: w for part in parts for i, w in part.items()}), case, number)
        if number == "sg" and len(groups) == 1:
            group = groups[0]
            second = _find(_head(group), "loc2", "sing")  # в Крыму, в порту
            locative = _decline(group, words, "loc", "sing")
            if second and locative:
                at = list(group)[-1]
                yield Form(put({**locative, at: _like(second, words[at])}), "loc", "sg")


def _in_number(group: Group, words: Sequence[str], case: str, number: str) -> dict[int, str]:
    only_plural = "plur" in _head(group).tag.grammemes
    return _decline(group, words, case, "plur" if only_plural else NUMBERS[number]) or {}


def _adjective(words: Sequence[str], gender: str, put: Any) -> Iterator[Form]:
    """An adjective as a lemma (казахстанский, так называемый): all genders, the asked one first."""
    last = len(words) - 1
    parse = _adjectives(words[last])[0]
    genders = sorted(_GENDERS.values(), key=lambda each: each != _GENDERS.get(gender, "masc"))
    for number, kinds in (("sing", genders), ("plur", [""])):
        for kind, (case, grammeme), animacy in product(kinds, CASES.items(), ("inan", "anim")):
            wanted = {grammeme, number, *([kind] if kind else [])}
            if case == "acc" and kind in {"masc", ""}:
                wanted.add(animacy)
            elif animacy == "anim":
                continue
            form = _find(parse, *wanted)
            if form:
                name = "sg" if number == "sing" else "pl"
                yield Form(put({last: _like(form, words[last])}), case, name)
    for word, tag in _lexeme(parse):
        if tag & {"ADJS", "PRTS"}:
            yield Form(put({last: _like(word, words[last])}), "", "")


# --- personal names ----------------------------------------------------------

# Places in a soft consonant of these are feminine (Лодзь), those in -ль, -рь, -нь mostly masculine.
_FEMININE_PLACES = ("дзь", "зь", "сь", "ть", "вь", "бь", "пь")
_SIBILANTS = "жшчщц"
_OBLIQUE_STEMS = {"павел": "павл", "пётр": "петр", "петр": "петр", "лев": "льв"}
_PARTICLES = {
    "вель",
    "фон",
    "дер",
    "ван",
    "де",
    "ден",
    "да",
    "ди",
    "дос",
    "ла",
    "ле",
    "аль",
    "бен",
    "дю",
}
_MALE = ("ий", "ый", "ов", "ев", "ёв", "вич", "оглы", "улы")
_FEMALE = ("ая", "яя", "ова", "ева", "ёва", "вна", "ична", "кызы")


def _person(name: str, gender: str) -> Iterator[Form]:
    words = name.split()
    gender = gender or _guess_gender(words)
    paradigms = [_word_of_name(word, i, len(words), gender) for i, word in enumerate(words)]
    for case in CASES:
        for variant in product(*(each[case] for each in paradigms)):
            yield Form(re.sub(r"\S+", "{}", name).format(*variant), case, "sg")


def _guess_gender(words: Sequence[str]) -> str:
    """The gender by the surname's ending, else the given name's in the dictionary or its ending."""
    for part in reversed(words[-1].lower().split("-")):
        if part.endswith(_FEMALE):
            return "f"
        if part.endswith(_MALE):
            return "m"
    given = words[0].lower()
    genders = {
        p.tag.gender
        for p in _parse(words[0])
        if p.is_known and {"Name", "nomn", "sing"} <= p.tag.grammemes and p.normal_form == given
    }
    if len(genders) == 1:
        return "m" if genders == {"masc"} else "f"
    return "f" if given.endswith(("а", "я")) else "m"


def _word_of_name(word: str, index: int, count: int, gender: str) -> dict[str, list[str]]:
    lower = word.lower()
    if lower in _PARTICLES or re.fullmatch(r"\w\.(-?\w\.)*", word):
        return {case: [word] for case in CASES}
    known_given = any(p.is_known and "Name" in p.tag.grammemes for p in _parse(word))
    surname = index == count - 1 and not (count == 1 and known_given)
    if 0 < index < count - 1:
        surname = lower.endswith((*_MALE[:5], *_FEMALE[:5])) and not known_given
    parts = word.split("-")
    # Of a double given name a man's last part declines only (Касым-Жомарта, Жан-Клода).
    fixed = len(parts) - 1 if not surname and gender == "m" else 0
    paradigms = [
        {case: [part] for case in CASES} if i < fixed else _name(part, gender, given=not surname)
        for i, part in enumerate(parts)
    ]
    return {
        case: ["-".join(variant) for variant in product(*(each[case] for each in paradigms))]
        for case in CASES
    }


def _name(word: str, gender: str, *, given: bool) -> dict[str, list[str]]:
    """Case → forms, usual first, of one given name or one part of a surname."""

    def endings(stem: str, *five: str) -> dict[str, list[str]]:
        gen, dat, acc, ins, loc = five
        return {
            "nom": [word],
            "gen": [stem + gen],
            "dat": [stem + dat],
            "acc": [stem + acc],
            "ins": [stem + ins],
            "loc": [stem + loc],
        }

    lower = word.lower()
    if not re.search("[а-яё]$", lower):
        return {case: [word] for case in CASES}
    stem = word[:-1]
    before = lower[-2:-1]
    female = gender == "f"
    if not given and not female and lower.endswith(("ий", "ый")):
        return endings(word[:-2], *_adjectival(before, lower[-3:-2]))
    if (
        not given
        and not female
        and lower.endswith("ой")
        and len(re.findall("[аеёиоуыэюя]", lower)) > 1
    ):
        return endings(word[:-2], "ого", "ому", "ого", _after_velar(lower[-3:-2], "ым", "им"), "ом")
    if female and not given and lower.endswith("ая"):
        soft = lower[-3:-2] in "жшчщ"
        return endings(
            word[:-2], *(("ей", "ей", "ую", "ей", "ей") if soft else ("ой", "ой", "ую", "ой", "ой"))
        )
    if female and not given and lower.endswith("яя"):
        return endings(word[:-2], "ей", "ей", "юю", "ей", "ей")
    if female and not given and lower.endswith(("ова", "ева", "ёва", "ина", "ына")):
        return endings(stem, "ой", "ой", "у", "ой", "ой")
    if lower.endswith("а") and before not in "аеёиоуыэюя":
        ins = "ей" if before in _SIBILANTS else "ой"
        gen = "и" if before in "гкхжшчщ" else "ы"
        return endings(stem, gen, "е", "у", ins, "е")
    if lower.endswith("я"):
        return endings(
            stem, "и", "и" if before == "и" else "е", "ю", "ей", "и" if before == "и" else "е"
        )
    if (
        female
        and given
        and lower.endswith("ь")
        and (word.endswith(_FEMININE_PLACES) or _dictionary_declines(word))
    ):
        return endings(stem, "и", "и", "ь", "ью", "и")
    fixed_surname = not given and lower.endswith(("их", "ых"))
    if female or fixed_surname or lower[-1] in "аеёиоуыэю":
        return {case: [word] for case in CASES}
    if lower[-1] in "ьй":
        return endings(stem, "я", "ю", "я", "ем", "и" if lower.endswith("ий") else "е")
    oblique = word
    if given and lower in _OBLIQUE_STEMS:
        oblique = word[:1] + _OBLIQUE_STEMS[lower][1:]
    ins = "ем" if lower[-1] in _SIBILANTS else "ом"
    result = endings(oblique, "а", "у", "а", ins, "е")
    if not given and lower.endswith(("ов", "ев", "ёв", "ин", "ын")):
        # Foreign surnames in -ин take -ом (Чаплином): nothing in the word tells them apart.
        result["ins"] = [word + "ым", *([word + "ом"] if lower.endswith(("ин", "ын")) else [])]
    return result


def _adjectival(vowel: str, before: str) -> tuple[str, str, str, str, str]:
    if vowel == "и" and before not in "гкхжшчщ":
        return "его", "ему", "его", "им", "ем"
    if before in "жшчщ":
        return "его", "ему", "его", "им", "ем"
    return "ого", "ому", "ого", _after_velar(before, "ым", "им"), "ом"


def _after_velar(before: str, hard: str, soft: str) -> str:
    return soft if before in "гкхжшчщ" else hard


def _dictionary_declines(word: str) -> bool:
    return any(
        p.is_known and {"Name", "femn", "nomn"} <= p.tag.grammemes and "Fixd" not in p.tag.grammemes
        for p in _parse(word)
    )
