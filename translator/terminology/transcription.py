"""Names in Polish spelling written in Russian, Kazakh or English, by rule.

Polish names follow the practical transcription of Polish (Гиляревский, Старостин, «Иностранные
имена и названия в русском тексте»; Ермолович, «Имена собственные на стыке языков и культур»).
Names that Polish respelled from Cyrillic (Kajrat Abdrachmanow) go back by the inverse of the Polish
spelling rules, in Kazakh with its own letters. Names in Latin script that Polish leaves alone
(Müller) are read letter by letter. Which of these a name is, `origin` guesses from its spelling;
the result is always a guess for a person to check.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache


class Origin(StrEnum):
    """The spelling tradition that a name in a Polish text comes from."""

    POLISH = "polish"
    RUSSIAN = "russian"  # Cyrillic, respelled: Russian, Belarusian, Caucasian names
    UKRAINIAN = "ukrainian"
    TURKIC = "turkic"  # Cyrillic, respelled: Kazakh, Kyrgyz, Uzbek, Turkmen names
    WESTERN = "western"  # Latin script of another language, kept as it is


# Forms that usage fixed for East Slavic given names in Russian, whatever the letters say.
UKRAINIAN_NAMES = {
    "andrij": "андрей", "anatolij": "анатолий", "arsenij": "арсений", "artem": "артём",
    "bohdan": "богдан", "danyło": "даниил", "denys": "денис", "dmytro": "дмитрий",
    "hałyna": "галина", "hryhorij": "григорий", "ihor": "игорь", "iryna": "ирина",
    "iwan": "иван", "jewhen": "евгений", "jewhenij": "евгений", "jurij": "юрий",
    "kateryna": "екатерина", "kostiantyn": "константин", "kyryło": "кирилл",
    "łarysa": "лариса", "ludmyła": "людмила", "łesia": "леся", "maksym": "максим",
    "marija": "мария", "mychajło": "михаил", "mykoła": "николай", "mykyta": "никита",
    "natalija": "наталья", "nadija": "надежда", "oksana": "оксана", "olha": "ольга",
    "ołeh": "олег", "ołeksandr": "александр", "ołeksandra": "александра", "ołeksij": "алексей",
    "ołena": "елена", "ołesia": "олеся", "pawło": "павел", "petro": "пётр", "serhij": "сергей",
    "stepan": "степан", "switłana": "светлана", "taras": "тарас", "tetiana": "татьяна",
    "wadym": "вадим", "wałentyn": "валентин", "wałerij": "валерий", "wasyl": "василий",
    "witalij": "виталий", "wiktorija": "виктория", "wołodymyr": "владимир",
    "wjaczesław": "вячеслав", "wiaczesław": "вячеслав",
}  # fmt: skip
RUSSIAN_NAMES = {
    "alaksandr": "александр", "alaksiej": "алексей", "dawid": "давид", "giorgi": "георгий",
    "igor": "игорь", "ilia": "илья", "irakli": "ираклий", "lew": "лев", "lubow": "любовь",
    "micheil": "михаил", "mikałaj": "николай", "siarhiej": "сергей", "swiatłana": "светлана",
    "tatiana": "татьяна", "uładzimir": "владимир", "oleg": "олег", "artiom": "артём",
}  # fmt: skip
_RUSSIAN_GIVEN = re.compile(
    r"(?:siergiej|aleksiej|andriej|jewgienij|jewgienija|dmitrij|michaił|nikołaj|władimir|"
    r"wiaczesław|giennadij|walerij|witalij|anatolij|wasilij|jurij|gieorgij|grigorij|"
    r"aleksandr|arkadij|leonid|jelena|natalja|swietłana|ludmiła|tatjana|jekatierina|jelizawieta)"
)
_TURKIC_ELEMENT = re.compile(
    r"^(?:nur[^eiy]|nureł|kaj[rs]|bejb|bajm|baim|abd[iyr]|abył|aj(?:[bdg]|ta)|ałtaj|ali(?:b|ch)|alim|"
    r"askar|asch|akan|bakyt|dżeen|daur|dina|dujsen|dimasz|er[łn]|gulsz|guln|gałym|jer[łmbknż]|kanat|"
    r"kasym|kanysz|kazych|kudaj|maul|magż|marg[au]|much[at]|murat|ołż|olż|rachm|rachat|sadyr|sag[iy]n|"
    r"sapar|sat[kp]a|serik|sułt|szach|tałg|talg|tem[iy]r|tleu|toka[jr]|tur[sa]|ułan|umar|żan|żom|żum|"
    r"żak|żałg|ach?met)"
    r"|(?:bek|baj|żan|łan|chan|guł|guły|bergen|berdi|gali|bołat|muchan|[bt]ajewa?|bekowa?|"
    r"chanowa?|metowa?|kyzy)$"
)
_CYRILLIC_ENDING = re.compile(
    r"(?:[^k]owa?|ewa?|enko|czuk|iuk|szwili|adze|idze|ij|yszyn|[ln]ina?)$"
)
_POLISH_MARK = re.compile(
    r"[ąęśźćń]|(?<!mi)(?<!mu)(?<!ba)rz|[sc]k[ia]$|icz$|dzi|(?:czyk|czak|wiak|niak|arek|sz)$"
)
_POLISH_SPELLING = re.compile(r"[łż]|sz|cz")
_WESTERN_MARK = re.compile(
    r"[vxqäöüéèêëáàâãåæøíìîïúùûñçšžčřěýôõòőűğışșțăāēīūļķņģ]|th|ph|tz|ck(?!i|a|ie)|oo|ou|cc|gh|sh"
    r"|ae|kh|wh|tt$|(?:[^ai]sch|mann|berg|sen|son|elli|etti|inen|eau|stein|meier)$"
)


def origin(name: str, *, known: bool = False) -> Origin:
    """The tradition that the spelling of `name` (lemma, one or more words) points to.

    `known` says that a Polish dictionary of names has the given name, so that only a plainly
    foreign surname speaks against a Polish one.
    """
    words = [w for w in re.split(r"[\s\-]+", name.lower()) if w and w not in PARTICLES]
    polish = any(_POLISH_MARK.search(w) for w in words)
    cyrillic = bool(_CYRILLIC_ENDING.search(words[-1]))
    if any(w in UKRAINIAN_NAMES for w in words) or words[-1].endswith("enko"):
        return Origin.UKRAINIAN
    if words[0] in RUSSIAN_NAMES or _RUSSIAN_GIVEN.fullmatch(words[0]):
        return Origin.RUSSIAN
    if any(_TURKIC_ELEMENT.search(w) for w in words if not known or w is not words[0]):
        return Origin.POLISH if known and not cyrillic else Origin.TURKIC
    if polish:
        return Origin.POLISH
    if any(_WESTERN_MARK.search(w) for w in words) and not any(map(_POLISH_SPELLING.search, words)):
        return Origin.WESTERN
    if cyrillic and (not known or re.search(r"[oe]w$|[aei]jewa$|szwili$|dze$", words[-1])):
        return Origin.RUSSIAN
    if known or len(words) == 1 or any(map(_POLISH_SPELLING.search, words)):
        return Origin.POLISH
    return Origin.WESTERN


@lru_cache(maxsize=4096)
def transcribe(name: str, language: str, *, gender: str = "", source: Origin | None = None) -> str:
    """The lemma `name`, in Polish spelling, written in `language` ("en", "ru" or "kk").

    `gender` ("m" or "f", empty where unknown) decides adjectival endings; `source`
    overrides `origin`.
    """
    kind = source or origin(name)
    given = True
    result = []
    for piece in re.split(r"([\s\-]+)", name):
        if not piece[:1].isalpha() or (language == "en" and piece in PARTICLES):
            result.append(piece)
            continue
        word = piece.lower()
        if language == "en":
            text = (
                piece
                if kind in (Origin.POLISH, Origin.WESTERN)
                else _capitalised(_english(word, kind))
            )
        elif piece in PARTICLES:
            text = PARTICLES[piece]
        elif word.endswith("."):  # an initial
            text = _capitalised(_cyrillic(word[:-1], kind, gender="", given=given)) + "."
        else:
            text = _cyrillic(word, kind, gender=gender, given=given)
            if language == "kk" and kind is Origin.TURKIC:
                text = _kazakh(text)
            text = _capitalised(text)
        result.append(text)
        given = False
    return "".join(result)


PARTICLES = {
    "vel": "вель", "von": "фон", "van": "ван", "de": "де", "der": "дер", "den": "ден", "da": "да",
    "di": "ди", "del": "дель", "du": "дю", "la": "ла", "dos": "душ", "bin": "бин", "ibn": "ибн",
    "al": "аль", "el": "эль", "ter": "тер", "af": "аф", "zu": "цу",
}  # fmt: skip


def _capitalised(word: str) -> str:
    return word[:1].upper() + word[1:]


def _cyrillic(word: str, kind: Origin, *, gender: str, given: bool) -> str:
    if kind is Origin.WESTERN:
        return _western(word)
    if kind is Origin.UKRAINIAN and word in UKRAINIAN_NAMES:
        return UKRAINIAN_NAMES[word]
    if kind is not Origin.POLISH and word in RUSSIAN_NAMES:
        return RUSSIAN_NAMES[word]
    if kind is Origin.TURKIC:
        return _Reader(word, kind, whole=True).read()
    stem, ending = _adjective(word, gender=gender, given=given)
    return _Reader(stem, kind, whole=not ending).read() + ending


def _adjective(word: str, *, gender: str, given: bool) -> tuple[str, str]:
    """Split off an adjectival ending, already in Russian: kowalska → ("kowalsk", "ая")."""
    if match := re.fullmatch(r"(.*(?:sk|ck|dzk))(i|a)", word):
        return match[1], "ий" if match[2] == "i" else "ая"
    if match := re.fullmatch(r"(.*(?:ch|k|g|ż|sz|cz|c))y", word):
        return match[1], "ий"
    if match := re.fullmatch(r"(.*(?:n|st|ł|w|m))yj?", word):
        return match[1], "ый"
    if given and word.endswith("ary"):  # Cezary, Hilary
        return word[:-1], "ий"
    if word.endswith("oni"):
        return word[:-1], "ий"
    if gender == "f" and not given and (match := re.fullmatch(r"(.*(?:[żzśl]n|czn))a", word)):
        return match[1], "ая"
    return word, ""


_CONSONANTS = {
    "szcz": "щ", "sz": "ш", "cz": "ч", "ch": "х", "dż": "дж", "dź": "дз", "dz": "дз", "b": "б",
    "c": "ц", "ć": "ц", "d": "д", "f": "ф", "g": "г", "h": "х", "k": "к", "l": "л", "ł": "л",
    "m": "м", "n": "н", "ń": "н", "p": "п", "q": "к", "r": "р", "s": "с", "ś": "с", "t": "т",
    "v": "в", "w": "в", "x": "кс", "z": "з", "ź": "з", "ż": "ж", "rz": "ж",
}  # fmt: skip
_PLAIN = {"a": "а", "e": "е", "i": "и", "o": "о", "u": "у", "ó": "у", "y": "ы"}
_IOTATED = {"a": "я", "e": "е", "o": "ё", "u": "ю", "ó": "ю", "ą": "ё", "ę": "е"}
_VOWELS = "aeiouóyąęäöü"
_HUSHING = ("щ", "ш", "ч", "ж", "ц")


class _Reader:
    """One word in Polish spelling, read from left to right into Russian letters."""

    def __init__(self, word: str, kind: Origin, *, whole: bool) -> None:
        self.word, self.kind, self.whole = word, kind, whole
        self.polish = kind is Origin.POLISH
        self.at = 0
        self.out = ""
        self.last = ""  # the consonant grapheme just read, empty after a vowel and at the start

    def read(self) -> str:
        while self.at < len(self.word):
            if grapheme := self._consonant():
                self._write_consonant(grapheme)
            else:
                self._write_vowel()
        return self.out

    def _rest(self, start: int) -> str:
        return self.word[start:]

    def _ends_with(self, text: str) -> bool:
        return self.whole and self._rest(self.at) == text

    def _consonant(self) -> str:
        for length in (4, 2, 1):
            piece = self.word[self.at : self.at + length]
            if len(piece) == length and piece in _CONSONANTS:
                if piece == "rz" and not self.polish:
                    continue  # r and z of their own: Mirzijojew
                return piece
        return ""

    def _write_consonant(self, grapheme: str) -> None:
        start = self.at
        self.at += len(grapheme)
        following = self.word[self.at : self.at + 1]
        text = _CONSONANTS[grapheme]
        if grapheme == "rz" and self.last in ("p", "t", "k", "ch"):
            text = "ш"
        elif grapheme == "dż" and self.kind is Origin.TURKIC and not start:
            text = "ж"  # Kyrgyz: Dżaparow
        elif grapheme == "h" and self.kind is Origin.UKRAINIAN:
            text = "г"
        soft = (grapheme in ("ś", "ź", "ć", "dź") and start > 0) or grapheme == "ń"
        if soft or (grapheme in "lł" and self._l_is_soft(grapheme, following)):
            text += "ь"
        self.out += text
        self.last = grapheme

    def _l_is_soft(self, grapheme: str, following: str) -> bool:
        """Whether an l that no vowel follows is written ль."""
        if following and following in _VOWELS + "lłj":
            return False
        if self.kind is Origin.TURKIC:  # hard but for гүл, flower
            return self.word[self.at - 3 : self.at - 1] == "gu"
        return grapheme == "l"

    def _write_vowel(self) -> None:
        letter = self.word[self.at]
        following = self.word[self.at + 1 : self.at + 2]
        if letter == "j":
            self._write_j(following)
        elif letter == "i" and self.last and following in _IOTATED:
            self._write_soft_i(following)
        else:
            self.at += 1
            self._write_plain(letter, following)
        self.last = ""

    def _write_j(self, vowel: str) -> None:
        """j at the current place: й before a consonant or at the end, else part of the vowel."""
        self.at += 1
        if vowel == "i":
            return  # ji: the и says it all
        if vowel not in _IOTATED or not vowel:
            self.out += "й" if not self.last else "ь"
            return
        self.at += 1
        if self.polish and self.last in ("c", "s", "z"):  # Alicja, Lucjan
            self.out += "и" + ("я" if self._ends_with("") else _PLAIN.get(vowel, "а"))
        elif self.last:
            self.out += "ь" + _IOTATED[vowel]
        elif vowel == "o" and self.polish:
            self.out += "йо"
        else:
            self.out += _IOTATED[vowel]
            self._write_nasal(vowel)

    def _write_soft_i(self, vowel: str) -> None:
        """i between a consonant and a vowel: a sign of softness in Polish words, else a vowel."""
        if self._i_is_vowel(vowel):
            self.at += 2
            at_end = self.whole and self.at == len(self.word)
            plain = "э" if vowel == "e" else _PLAIN.get(vowel, "а")
            self.out += "и" + ("я" if at_end and vowel == "a" else plain)
        else:
            self.at += 2
            self.out += _IOTATED[vowel]
            self._write_nasal(vowel)

    def _i_is_vowel(self, vowel: str) -> bool:
        before, last = self.word[: self.at], self.last
        if self._ends_with("ia"):
            if last in ("z", "c", "s", "dz", "k"):
                return False
            if last == "n":
                return len(re.findall(f"[{_VOWELS}]", before)) >= 2 and before[-2] in _VOWELS
            return True
        if not self.polish:
            return self._ends_with("iani") or (last == "r" and vowel in "au")
        if self._ends_with("iusz") or (self._ends_with("iel") and last == "n"):
            return True
        if self._ends_with("ian") and last in ("m", "b", "l", "r", "t", "d", "p"):
            return True
        return last in ("r", "d", "t", "l", "ch")

    def _write_plain(self, letter: str, following: str) -> None:
        if letter in "ąę":
            self.out += ("ё" if self.last == "l" else "о") if letter == "ą" else "е"
            self._write_nasal(letter)
        elif letter == "e" and not self.last:
            self.out += "э"
        elif letter == "y":
            self.out += "и" if self._y_is_i() else "ы"
        elif self.last == "l" and letter in "auóo" and self._softens(letter):
            self.out += _IOTATED[letter]
        elif letter == "i" and not self.polish and self._is_glide(following):
            self.out += "й"
        else:
            self.out += _PLAIN.get(letter) or _western(letter)

    def _softens(self, letter: str) -> bool:
        if self.polish:
            return True
        double = self.word[max(0, self.at - 3) : self.at - 1] == "ll"
        return letter in "auó" and not double and not self.word.startswith("abdula")

    def _y_is_i(self) -> bool:
        if self.out.endswith(_HUSHING) or self.kind is Origin.UKRAINIAN:
            return True
        # Christian names keep the и of their Latin form: Krystyna, Justyna, Sylwia
        around = self.word[max(0, self.at - 5) : self.at + 3]
        return self.polish and bool(
            re.search(r"kryst|styn|patryc|władys", around)
            or self.word.endswith("eryk")
            or self.word == "henryk"
            or self.word == "henryka"
            or (self.word.startswith(("sylw", "tymo")) and self.at <= 2)
        )

    def _is_glide(self, following: str) -> bool:
        """ai before a consonant in the first syllable of a Turkic name: Baimuchan."""
        before = self.word[: self.at - 1]
        return (
            self.kind is Origin.TURKIC
            and bool(re.fullmatch(r"[^aeiouy]*a", before))
            and following not in ("", "ł", "l", "d", *_VOWELS)
        )

    def _write_nasal(self, vowel: str) -> None:
        """The consonant in ą and ę: м before b and p, none before l and for a final ę, else н."""
        if vowel not in ("ą", "ę"):
            return
        following = self.word[self.at : self.at + 1]
        if following in ("b", "p"):
            self.out += "м"
        elif following not in ("l", "ł") and not (vowel == "ę" and not following):
            self.out += "н"


_WESTERN = [
    ("sch", "ш"), ("tsch", "ч"), ("ch", "х"), ("sh", "ш"), ("th", "т"), ("ph", "ф"), ("ck", "к"),
    ("tz", "ц"), ("gh", "г"), ("kh", "х"), ("gue", "ге"), ("gui", "ги"), ("que", "ке"),
    ("qui", "ки"), ("qua", "ква"), ("wh", "у"), ("ei", "ей"), ("ey", "ей"), ("eu", "ой"),
    ("äu", "ой"), ("ee", "и"), ("oo", "у"), ("ou", "у"), ("ie", "и"), ("ia", "ия"), ("ya", "я"),
    ("yu", "ю"), ("yo", "ё"), ("ja", "я"), ("ju", "ю"), ("jo", "йо"), ("je", "йе"), ("nh", "нь"),
    ("lh", "ль"), ("gn", "нь"), ("gli", "льи"), ("cci", "ччи"), ("ce", "се"), ("ci", "си"),
    ("cy", "си"), ("ss", "сс"), ("sz", "ш"), ("cz", "ч"), ("rz", "ж"), ("a", "а"), ("b", "б"),
    ("c", "к"), ("d", "д"), ("e", "е"), ("f", "ф"), ("g", "г"), ("h", "х"), ("i", "и"),
    ("j", "й"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"),
    ("q", "к"), ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"), ("v", "в"), ("w", "в"),
    ("x", "кс"), ("y", "и"), ("z", "з"), ("ä", "е"), ("ö", "ё"), ("ü", "ю"), ("ß", "сс"),
    ("š", "ш"), ("č", "ч"), ("ž", "ж"), ("ř", "рж"), ("ç", "с"), ("ñ", "нь"), ("ø", "ё"),
    ("æ", "е"), ("å", "о"), ("ğ", "г"), ("ı", "ы"), ("ş", "ш"), ("ș", "ш"), ("ț", "ц"),
    ("ă", "э"), ("ł", "л"), ("ő", "ё"), ("ű", "ю"), ("ě", "е"), ("ń", "нь"), ("ś", "сь"),
    ("ż", "ж"), ("ź", "зь"), ("ć", "ч"), ("ą", "он"), ("ę", "ен"), ("ó", "о"), ("ý", "и"),
]  # fmt: skip
_WESTERN_TABLE = dict(_WESTERN)
_ACCENTS = str.maketrans("éèêëáàâãíìîïúùûôõòāēīūļķņģ", "eeeeaaaaiiiiuuuoooaeiulkng")


def _western(word: str) -> str:
    """A name in Latin script of an unknown language, by its most usual letter values."""
    word = word.translate(_ACCENTS)
    if re.search(r"[äöüß]|sch|ck|mann|stein|meier|heim|burg|tz", word):  # German
        word = word.replace("ei", "aj")
    out, at = "", 0
    while at < len(word):
        for length in (4, 3, 2, 1):
            piece = word[at : at + length]
            if piece in _WESTERN_TABLE and len(piece) == length:
                text = _WESTERN_TABLE[piece]
                if piece == "e" and (at == 0 or word[at - 1] in "aeiou"):
                    text = "э"
                elif piece == "ei" and at == 0:
                    text = "эй"
                elif piece == "l" and word[at + 1 : at + 2] and word[at + 1] not in "aeiouyölüä":
                    text = "ль"
                elif piece in ("y", "i") and at and word[at - 1] in "aeou":
                    text = "й"
                elif piece == "ia" and at + 2 < len(word):
                    text = "иа"
                out += text
                at += length
                break
        else:
            at += 1
    return out


_ENGLISH = {
    "szcz": "shch", "sz": "sh", "cz": "ch", "ch": "kh", "dż": "j", "dz": "dz", "ż": "zh", "c": "ts",
    "w": "v", "ł": "l", "ń": "n", "ś": "s", "ć": "ts", "ź": "z", "ó": "o", "x": "x",
}  # fmt: skip


def _english(word: str, kind: Origin) -> str:
    """A name that Polish respelled from Cyrillic, in the usual English romanisation."""
    if word.endswith("ij"):
        word = word[:-2] + ("ii" if kind is Origin.UKRAINIAN else "y")
    elif word.endswith("ski"):
        word = word[:-1] + "y"
    elif word.endswith("aj") and kind is Origin.TURKIC and len(word) > 3:
        word = word[:-2] + "ay"
    out, at = "", 0
    while at < len(word):
        for length in (4, 2, 1):
            piece = word[at : at + length]
            if length == 1 or (len(piece) == length and piece in _ENGLISH):
                break
        before, after = word[at - 1 : at] if at else "", word[at + 1 : at + 2]
        if piece == "j":
            consonant = before and before not in _VOWELS
            text = (
                ("" if before == "i" and after in "e" and after else "y")
                if after and after in _VOWELS
                else "i"
            )
            if kind is Origin.TURKIC and before == "i" and after in ("e", "a"):
                text = "y"
            if consonant and after in ("a", "u", "e"):
                text = "y" if kind is Origin.TURKIC else "i"
        elif piece == "i" and after == "e" and before not in _VOWELS:
            text = ""
        elif piece == "y" and out.endswith(("sh", "ch", "zh")):
            text = "i"
        else:
            text = _ENGLISH.get(piece, piece)
        out += text
        at += length
    return out


# Elements of Kazakh names whose letters Russian spelling hides: (Russian, Kazakh).
_KAZAKH_ELEMENTS = [
    (r"абд(?:у|ы|и)?ра", "әбдіра"), (r"абд[иы]", "әбді"), ("абыл", "әбіл"), (r"аби(?=б)", "әбі"),
    ("адыл", "әділ"), ("али(?=бек)", "әлі"), ("али(?=[хш])", "әли"), ("^алим", "әлім"),
    ("аш[иы]м", "әшім"), ("аш[иы]к", "ашық"), ("ауэз", "әуез"), ("бейбут", "бейбіт"),
    ("берди", "берді"), ("гуль", "гүл"), ("дин(?=м)", "дін"), ("^дуйсен", "дүйсен"),
    ("ильяс", "ілияс"), ("косым", "қосым"), ("кошер", "көшер"), ("^кунаев", "қонаев"),
    ("^марат", "марат"), ("мауле", "мәуле"), ("даур(?=е)", "дәур"), ("сауле", "сәуле"),
    ("мирза", "мырза"), ("^нур", "нұр"), ("нигм", "нығм"), ("садуа", "сәдуа"), ("^сатк", "сәтқ"),
    ("серик", "серік"), ("смаил", "смайыл"), ("тлеу", "тілеу"), ("умар", "омар"),
    ("чингиз", "шыңғыс"), ("пеис", "пейіс"), ("мадин", "мәдин"), ("бозум", "бозым"),
    ("^кир(?=[аы])", "қыр"), ("^жени", "жеңі"), ("женис", "жеңіс"), ("тенгиз", "теңіз"),
    ("^ораз", "ораз"), ("кабыл", "қабыл"), ("(?<!т)тимур", "тимур"), ("айгуль", "айгүл"),
    ("темир", "темір"), ("иманг", "иманғ"),
]  # fmt: skip
_KAZAKH_SAME = {"руслан", "тимур", "марат", "тамара"}  # as in Russian
_BACK, _FRONT = "аоуыұяёю", "еэиіөүәё"


def _kazakh(word: str) -> str:
    """A Kazakh name in Russian spelling in its own letters, by vowel harmony and known elements."""
    for pattern, text in _KAZAKH_ELEMENTS:
        word = re.sub(pattern, text, word)
    match = re.fullmatch(r"(.+?)((?:[ое]ва?|ул?лина?)?)", word)
    word, ending = (match[1], match[2]) if match and word not in _KAZAKH_SAME else ("", word)
    letters = list(word)
    for at, letter in enumerate(letters):
        if letter in "кг":
            near = _near_vowel(word, at)
            if near in ("а", "о", "у", "ы", "ұ", "я", "ё"):
                letters[at] = "қ" if letter == "к" else "ғ"
        elif letter == "у" and 0 < at < len(word) - 1:
            before, after = word[at - 1], word[at + 1]
            if before not in _BACK + _FRONT and after not in _BACK + _FRONT:
                following = re.search(f"[{_BACK}{_FRONT}]", word[at + 1 :])
                letters[at] = "ү" if following and following[0] in "еэіөүә" else "ұ"
        elif (
            letter == "и"
            and word[at - 1 : at] == "г"
            and "а" in word[:at]
            and word[at + 1 : at + 2] == "н"
        ):
            letters[at], letters[at - 1] = "ы", "ғ"
    return "".join(letters) + ending


def _near_vowel(word: str, at: int) -> str:
    """The vowel right after the consonant at `at`, else the last one before it, else the next."""
    vowels = _BACK + _FRONT
    if at + 1 < len(word) and word[at + 1] in vowels:
        return word[at + 1]
    before = [c for c in word[:at] if c in vowels]
    if before:
        return before[-1]
    following = re.search(f"[{vowels}]", word[at + 1 :])
    return following[0] if following else ""
