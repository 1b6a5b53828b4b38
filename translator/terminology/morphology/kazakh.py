"""Kazakh: suffixes by rule, with vowel harmony and consonant assimilation.

Only the last word of a term takes suffixes. A suffix is written with archiphonemes, as Turkic
grammars do; `Stem.add` fills them in: A а/е, I ы/і, L л/д/т, N н/д/т (genitive, accusative),
Z д/т/н (ablative), D д/т, G ғ/г/қ/к, M м/б/п.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from translator.terminology.morphology import Form

CASES = {
    "nom": "",
    "gen": "NIң",
    "dat": "GA",
    "acc": "NI",
    "loc": "DA",
    "abl": "ZAн",
    "ins": "Mен",
}
# After a possessive of the third person the cases take the pronominal н.
POSSESSED_CASES = {
    "nom": "",
    "gen": "нIң",
    "dat": "нA",
    "acc": "н",
    "loc": "ндA",
    "abl": "нAн",
    "ins": "мен",
}

_CASE_ENDING = re.compile(
    "(?:[нд][ыі]ң|т[ыі]ң|[нғгқк][ае]|[ндт][ыі]|н|(?:н?д|т)[ае]|[ндт][ае]н|[мбп]ен)$"
)

_BACK = "аоұыяё"
_FRONT = "әеөүіэю"
_VOWELS = _BACK + _FRONT + "иу"
_NASALS = "мнң"
_GLIDES = "йриую"
_VOICED = "зж"
_VOICELESS_OF = {"г": "к", "ғ": "қ", "б": "п"}
_VOICED_OF = {hard: soft for soft, hard in _VOICELESS_OF.items()}

# --- exceptions ------------------------------------------------------------

# fmt: off
# A possessive drops the last vowel of these: орын → орны.
_DROPPING = {
    word: word[:-2] + word[-1]
    for word in (
        "орын", "мұрын", "ерін", "қарын", "мойын", "қойын", "ауыл", "ауыз", "халық", "құлық",
        "ерік", "көрік", "бөрік", "әріп", "қауіп", "ғұрып",
    )
}
_RESTORED = {short: word for word, short in _DROPPING.items()}
# Words whose suffixes do not follow the vowels of the stem: whether they are front.
_FRONT_WORDS = {"баку": True, "жешув": True, "округ": True, "тарих": False}
# Stems in а, е + с; what else ends in -асы, -есі has the possessive after a vowel (басқарма-сы).
_IN_S = {
    "кеңес", "әріптес", "конгрес", "процес", "адрес", "күрес", "қатынас", "компас", "отандас",
    "жолдас",
}
_DOUBLED = {"конгрес": "конгресс", "процес": "процесс"}
# Last words of several that end like possessives and are none, and possessives that do not look it.
_BARE = {
    "алматы", "қарағанды", "екі", "алты", "жеті", "кісі", "жалпы", "ірі", "ескі", "түркі", "қарсы",
}
_POSSESSED = {"қызы", "ұлы", "консулы", "үшбұрышы", "пункті", "тесті", "тексті", "бюсті"}
_NO_PLURALS = {"тендер", "гендер", "дәптер", "доллар", "лидер"}
# Lemmas that take no suffix: in a case already, attributes, adverbs, postpositions, points.
_FIXED = re.compile(
    r"(?:[нтд][ыі]ң|[ыі]нд[ае](?:ғы|гі)?|[ыі]мен|[аей]т[ыі]н|\.)$"
    r"|(?:^|\s)(?:жөніндегі|туралы|яғни|мысалы|үшін|жылғы|деп|емес)$"
)
# Words in -у that are no verbal nouns, and verbs whose stem is not what is left without it.
_NO_VERBS = {"қару", "тау", "су", "ту", "бу", "ау", "дау", "жау", "бау", "сау"}
_VERB_STEMS = {
    "оқу": "оқы", "тану": "таны", "есту": "есті", "қою": "қой", "жою": "жой", "жабу": "жап",
}

# --- sounds ------------------------------------------------------------

_LETTERS = {
    "б": "бы", "в": "вы", "г": "гы", "ғ": "ғы", "д": "ды", "ж": "жы", "з": "зы", "к": "кы",
    "қ": "қы", "л": "эл", "м": "эм", "н": "эн", "п": "пы", "р": "ры", "с": "эс", "т": "ты",
    "ф": "эф", "х": "ха", "ц": "цы", "ч": "че", "ш": "ша", "щ": "ща",
}
# fmt: on
_DIGITS = ["нөл", "бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз"]
_TENS = ["", "он", "жиырма", "отыз", "қырық", "елу", "алпыс", "жетпіс", "сексен", "тоқсан"]
_LATIN = str.maketrans("aeiouyäöübcdfghjklmnpqrstvwxz", "аеиоуыәөүбкдфгхжклмнпкрствукз")


@dataclass(frozen=True, slots=True)
class Stem:
    """What suffixes are written to: its text, and the sound and vowel harmony that shape them."""

    text: str
    sound: str
    front: bool

    def add(self, suffix: str) -> Stem:
        """The stem with a suffix in archiphonemes."""
        text, sound = self.text, self.sound
        for letter in suffix:
            if letter.isupper():
                letter = self._realise(letter, sound.rstrip("ьъ")[-1:])
            text, sound = text + letter, sound + letter
        return replace(self, text=text, sound=sound)

    def _realise(self, letter: str, last: str) -> str:
        if letter == "A":
            return "е" if self.front else "а"
        if letter == "I":
            return "і" if self.front else "ы"
        vowel = last in _VOWELS and last not in _GLIDES
        voiced = vowel or last in _GLIDES + _NASALS + _VOICED + "л"
        if letter == "G":
            return ("г" if voiced else "к") if self.front else ("ғ" if voiced else "қ")
        if letter == "D":
            return "д" if voiced else "т"
        if not voiced:
            return "п" if letter == "M" else "т"
        if letter == "M":
            return "б" if last in _VOICED else "м"
        if letter == "L":
            return "л" if vowel or last in _GLIDES else "д"
        if letter == "N":
            return "н" if vowel else "д"
        return "н" if last in _NASALS else "д"  # Z

    def genitive(self) -> Stem:
        """The genitive, which after a nasal has н where the accusative has д (адамның, адамды)."""
        return self.add("нIң" if self.sound.rstrip("ьъ")[-1:] in _NASALS else "NIң")

    def case(self, case: str) -> Stem:
        return self.genitive() if case == "gen" else self.add(CASES[case])

    def possessed(self) -> Stem:
        """With the third person's possessive: кеңес → кеңесі, құқық → құқығы, бюро → бюросы."""
        last = self.sound[-1:]
        if last in _VOWELS and last not in "иую":
            return self.add("сI")
        return self._before_vowel().add("I")

    def ours(self) -> Stem:
        """With the possessive of the first person plural: ел → еліміз, бюро → бюромыз."""
        last = self.sound[-1:]
        if last in _VOWELS and last not in "иую":
            return self.add("мIз")
        return self._before_vowel().add("IмIз")

    def _before_vowel(self) -> Stem:
        if self.text.endswith("-"):
            return self
        for word in _DROPPING:
            if self.sound == word or self.sound.endswith("-" + word):
                return replace(self, text=self.text[:-2] + self.text[-1])
        last, before = self.sound[-1:], self.sound[-2:-1]
        if last == "ь":
            return replace(self, text=self.text[:-1], sound=self.sound[:-1])
        if last == "қ" or (last in "кп" and before in _VOWELS and len(self.sound) > 2):
            return replace(self, text=self.text[:-1] + _VOICED_OF[last])
        return self


def _is_front(word: str) -> bool | None:
    """Whether the word's suffixes have front vowels; None where its letters do not tell.

    и is front even after a back vowel in loans (саммитте, Найробиде); у is a consonant after a
    vowel, leaves the harmony to the stem at the end of a verbal noun (келісуге, оқуға, қоюға), and
    is back in a loan (консулға).
    """
    for i in range(len(word) - 1, -1, -1):
        letter = word[i]
        if letter in _BACK:
            return False
        if letter == "ю" and i == len(word) - 1:
            continue
        if letter in _FRONT or letter == "и":
            return True
        if letter == "у" and (i == 0 or word[i - 1] not in _VOWELS) and i < len(word) - 1:
            return False
    return None


def _stems(word: str) -> list[Stem]:
    """The ways in which a word may take suffixes, the usual one first."""
    sound = word.lower().rsplit("-", 1)[-1].strip('«»"„“”')
    if re.search(r"[\d%]$", sound):
        return _spoken(word, [_read_number(sound)])
    if re.search(r"[a-z+]$", sound):
        return _spoken(word, [sound.rstrip("+").translate(_LATIN)])
    if len(word) > 1 and word.isupper():
        return _spoken(word, _read_abbreviation(sound))
    front = _FRONT_WORDS.get(sound, _is_front(sound))
    # Loans in a consonant + к or г, in -кт, in у or ю + soft consonant are front in any case.
    if re.search(f"[^{_VOWELS}][кг]$|кт$|[ую][^{_VOWELS}]ь$", sound):
        front = True
    stem = Stem(word, sound, bool(front))
    if re.search("ьск$|[^н]кт$", sound) or (word[:1].isupper() and sound.endswith("ск")):
        # Минскіде, актіні: the usual way, beside Минскте.
        return [Stem(word + "і", sound + "і", True), stem]
    surname = re.fullmatch("(.+)[оеё]в", sound)
    if surname and word[:1].isupper():
        # Surnames follow their stem: Бектеновтің, Назарбаевтың; usage varies where -ов, -ев differ.
        ending, of_stem = bool(front), bool(_is_front(surname.group(1)))
        stem = replace(stem, front=of_stem)
        after_vowel = surname.group(1)[-1] in _VOWELS
        return [stem] if of_stem == ending or after_vowel else [stem, replace(stem, front=ending)]
    # Usage varies: Познаньда, фестивальде; статуста, Жешувте; Қариннің, Қаринның.
    varies = f"ь$|[ую][^{_VOWELS}]+$" if not front else "[қғұ].*и[^и]*$"
    return [stem, replace(stem, front=not front)] if re.search(varies, sound) else [stem]


def _read_abbreviation(sound: str) -> list[str]:
    """How an abbreviation's end is read: as a word where it can be (СІМ, АҚШ), else by letters."""
    last, before = sound[-1:], sound[-2:-1]
    if last in _VOWELS:
        return [sound]
    if before in _VOWELS or last == "ш":
        return [sound]
    return [sound[:-1] + _LETTERS[last], sound] if last in _LETTERS else [sound]


def _spoken(word: str, readings: list[str]) -> list[Stem]:
    """Stems of what is read otherwise than written; their suffixes follow a hyphen."""
    return [Stem(word + "-", sound, bool(_is_front(sound))) for sound in readings]


def _read_number(text: str) -> str:
    """The last word of a number as it is read: 2025 → бес, 1990 → тоқсан, 53,9% → пайыз."""
    if text.endswith("%"):
        return "пайыз"
    digits = re.findall(r"\d+", text)[-1]
    if digits.strip("0") == "":
        return _DIGITS[0]
    if digits[-1] != "0":
        return _DIGITS[int(digits[-1])]
    if digits[-2:] != "00":
        return _TENS[int(digits[-2])]
    zeros = len(digits) - len(digits.rstrip("0"))
    return "жүз" if zeros == 2 else "мың" if zeros < 6 else "миллион"


# --- terms ------------------------------------------------------------


def paradigm(lemma: str, *, person: bool = False, gender: str = "") -> Iterator[Form]:
    """The forms of a Kazakh term or, with `person`, of a personal name; Kazakh has no gender."""
    body, quote = re.fullmatch(r"(.*?)([»“”\"]*)", lemma, re.S).groups()  # type: ignore[union-attr]
    before, word = re.fullmatch(r"((?:.*[\s«„“\"])?)(\S*)", body, re.S).groups()  # type: ignore[union-attr]
    if not re.search(r"[\w%+]$", word) or (not person and _FIXED.search(body)):
        yield Form(lemma, "nom", "sg")
        return
    single = not before.strip('«„“" ')
    for form in _forms(word, single, person):
        yield Form(before + form.text + quote, form.case, form.number, form.possessed)
        chief = re.search(r"министрінің $", before)
        if chief and form.number == "pl":  # those of several ministers
            several = before[: chief.start()] + "министрлерінің "
            yield Form(several + form.text + quote, form.case, form.number, form.possessed)


def dictionary_forms(phrase: str) -> Iterator[str]:
    """What a phrase whose last word has a case ending can be without it."""
    if found := _CASE_ENDING.search(phrase):
        for end in range(found.start(), len(phrase)):
            stem = phrase[:end]
            if _CASE_ENDING.fullmatch(phrase[end:]) and any(
                form.text == phrase and form.case != "nom" for form in paradigm(stem)
            ):
                yield stem


def _forms(word: str, single: bool, person: bool) -> Iterator[Form]:
    if not person and is_possessed(word, single=single):
        yield from _of_possessed(word)
        return
    stems = _stems(word)
    if person:
        for stem in stems:
            for case in CASES:
                yield Form(_nominative(word, stem, case), case, "sg")
        return
    plural = _is_plural(word)
    number = "pl" if plural else "sg"
    for stem in stems:
        yield from _declined(word, stem, number)
        if single and word[:1].isupper() and not word.isupper():
            yield from _belonging(stem, word)
        elif not plural:
            many = stem.add("LAр")
            yield from _declined(many.text, many, "pl")
    if word[:1].islower() and re.search(".{2}[ую]$", word):
        yield from _verb(word)


def _nominative(word: str, stem: Stem, case: str) -> str:
    return word if case == "nom" else stem.case(case).text


def _declined(word: str, stem: Stem, number: str) -> Iterator[Form]:
    """All cases of a stem, plain and possessed, and what is there to be recognised."""
    for case in CASES:
        yield Form(_nominative(word, stem, case), case, number)
    possessed = stem.possessed()
    for case, suffix in POSSESSED_CASES.items():
        yield Form(possessed.add(suffix).text, case, number, True)
    yield Form(stem.add("DAGI").text, "attr", number)
    yield Form(possessed.add("ндAGI").text, "attr", number, True)
    ours = stem.ours()
    for case in CASES:
        yield Form(ours.case(case).text, "", "")


def _belonging(stem: Stem, word: str) -> Iterator[Form]:
    """The adjective of a place in -лық, which has a small letter: Қазақстан → қазақстандық."""
    text = stem.add("LIқ" if not stem.front else "LIк").text
    yield Form(text[:1].lower() + text[1:], "", "")


def is_possessed(word: str, *, single: bool = False) -> bool:
    """Whether the last word of a lemma already carries the possessive of the third person.

    That is so in an izafet (… министрлігі, … комиссары), hence never in a lemma of one word. What
    else ends in -ы, -і: agents in -шы/-ші (хатшы), adjectives in -лы, -ды, -ты (қарулы, өкілетті),
    and the words in `_BARE`. `_POSSESSED` overrides all of it.
    """
    lower = word.lower()
    if lower in _POSSESSED:
        return True
    if single or lower in _BARE or lower[-1:] not in "ыі" or len(lower) < 4:
        return False
    if lower.endswith(("шы", "ші")) or re.search("[дзжмнңлр]д[ыі]$|[птқкс]т[ыі]$", lower):
        return False
    return not re.search("[зжмнңрйу]л[ыі]$", lower)


def _of_possessed(word: str) -> Iterator[Form]:
    lower = word.lower()
    front = lower.endswith("і")
    plural = _is_plural(word[:-1])
    stem = Stem(word, lower, front)
    number = "pl" if plural else "sg"
    for case, suffix in POSSESSED_CASES.items():
        yield Form(stem.add(suffix).text, case, number)
    yield Form(stem.add("ндAGI").text, "attr", number)
    base = _without_possessive(word, front)
    ours = base.ours()
    for case in CASES:
        yield Form(ours.case(case).text, "", "")
    if not plural:
        many = base.add("LAрI")
        for case, suffix in POSSESSED_CASES.items():
            yield Form(many.add(suffix).text, case, "pl")
        yield Form(many.add("ндAGI").text, "attr", "pl")


def _without_possessive(word: str, front: bool) -> Stem:
    lower = word.lower()
    vowel_stem = re.search("[аәеоөүя]с[ыі]$|(?:[шғқжн]|кт|нк|рк)[ыі]с[ыі]$", lower)
    if vowel_stem and lower[:-1] not in _IN_S:
        return Stem(word[:-2], lower[:-2], front)
    text = word[:-1]
    if lower[:-1] in _DOUBLED:
        text += text[-1]
    elif lower[:-1] in _RESTORED:
        full = _RESTORED[lower[:-1]]
        text = word[:-2] + full[-2:]
    elif text[-1] in "ғг" or (text[-1] == "б" and lower not in {"клубы", "штабы"}):
        text = text[:-1] + _VOICELESS_OF[text[-1]]
    return Stem(text, text.lower(), front)


def _is_plural(word: str) -> bool:
    lower = word.lower()
    if lower in _NO_PLURALS or len(lower) < 6:
        return False
    last = lower[-4]
    if lower.endswith(("лар", "лер")):
        return last in _VOWELS + _GLIDES
    if lower.endswith(("дар", "дер")):
        return last in _NASALS + _VOICED + "л"
    return (
        lower.endswith(("тар", "тер")) and last not in _VOWELS + _GLIDES + _NASALS + _VOICED + "л"
    )


def _verb(word: str) -> Iterator[Form]:
    """Tenses, participles, converbs of a verbal noun (көңіл айту → айтты), to be recognised."""
    if word in _NO_VERBS:
        return
    text = _VERB_STEMS.get(word, word[:-1])
    front = bool(_is_front(text))
    for stem in (Stem(text, text, front), _passive(Stem(text, text, front))):
        for each in _conjugated(stem):
            yield Form(each.text, "", "")


def _passive(stem: Stem) -> Stem:
    vowel = stem.sound[-1] in _VOWELS
    letter = "н" if "л" in stem.sound[-2:] else "л"
    return stem.add(letter if vowel else "I" + letter)


def _conjugated(stem: Stem) -> Iterator[Stem]:
    vowel = stem.sound[-1] in _VOWELS
    short = "й" if vowel else "A"
    past = stem.add("DI")
    yield past
    for ending in ("м", "к" if stem.front else "қ", "ңIз"):
        yield past.add(ending)
    yield stem.add("п" if vowel else "Iп")
    yield stem.add(short)
    for ending in ("дI", "мIз", "мIн"):
        yield stem.add(short).add(ending)
    yield stem.add("йтIн" if vowel else "AтIн")
    yield stem.add("р" if vowel else "Aр")
    yield stem.add("MAқ" if not stem.front else "MAк")
    for participle in (stem.add("GAн"), stem.add("у")):
        for case in CASES:
            yield participle.case(case)
        possessed = participle.possessed()
        for suffix in POSSESSED_CASES.values():
            yield possessed.add(suffix)
