"""What other modules need to know of Polish: words with offsets, their readings, declined names.

Readings come from Morfeusz 2 with its SGJP dictionary. Names that it does not know are declined by
the rules of Polish orthography for surnames and given names, native and foreign.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from itertools import product
from typing import Any, NamedTuple

CASES = ("nom", "gen", "dat", "acc", "ins", "loc", "voc")
NOUNS = frozenset({"subst", "depr", "ger"})
ADJECTIVES = frozenset({"adj", "ppas", "pact"})
VERBS = frozenset({"fin", "praet", "inf", "impt", "imps", "pcon", "pant", "bedzie", "cond"})
PARTICLES = frozenset(
    {"vel", "von", "van", "der", "den", "de", "da", "di", "dos", "del", "la", "le", "al", "bin"}
)

_NUMBERS = frozenset({"sg", "pl"})
_MORFEUSZ_CASES = {case: case for case in CASES} | {"inst": "ins"}
_GENDERS = frozenset({"m1", "m2", "m3", "f", "n"})


class Token(NamedTuple):
    """A word or number: `text` is NFC without soft hyphens, the offsets are the original's."""

    text: str
    start: int
    end: int


class Reading(NamedTuple):
    """One interpretation of a word: Morfeusz's lemma without its homonym mark, and its tag.

    `labels` are the kinds of name that the lemma is known as ("imię", "nazwisko" …).
    """

    lemma: str
    pos: str
    numbers: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def features(self) -> frozenset[tuple[str, str, str]]:
        """All (number, case, gender) that the form stands for."""
        return frozenset(product(self.numbers, self.cases, self.genders))


# Letters with combining marks, soft hyphens and other invisible joiners inside; parts joined by a
# hyphen, an apostrophe or, in abbreviations such as "m.in", a dot.
_JOINERS = r"\u00ad\u0300-\u036f\u200b-\u200d\u2060"
_PART = rf"[^\W_](?:[^\W_]|[{_JOINERS}])*"
_DOTTED = r"[^\W\d_]{1,2}(?:\.[^\W\d_]{1,2})+(?=\.)"
_WORD = re.compile(rf"{_DOTTED}|{_PART}(?:[-\u2010\u2011'’]{_PART})*")
_PLACE_ADJECTIVE = re.compile(r"([a-ząćęłńóśźż]{3,}[sc]k)(i|iego|iemu|im|a|iej|ą|ie|ich|imi)")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200d\u2060]")


def tokenize(text: str) -> list[Token]:
    """The words and numbers of `text`; "polsko-kazachski", "ONZ-u", "m.in" are one token each."""
    return [Token(_clean(found[0]), *found.span()) for found in _WORD.finditer(text)]


def _clean(word: str) -> str:
    if word.isascii():
        return word
    word = _INVISIBLE.sub("", word).replace("\u2010", "-").replace("\u2011", "-").replace("’", "'")
    return unicodedata.normalize("NFC", word)


@cache
def _morfeusz() -> Any:
    import morfeusz2

    return morfeusz2.Morfeusz()


@lru_cache(maxsize=1 << 17)
def analyse(word: str) -> tuple[Reading, ...]:
    """The readings of a word as `tokenize` gives it; none where Morfeusz does not know it.

    An unknown adjective in -ski or -cki ("pawłodarski") is read by its ending.
    Of a verb with a personal ending ("spotkałem") the verb is read; of a compound the whole: its
    lemma is "polsko-kazachski" or "radca-minister".
    """
    arcs = _morfeusz().analyse(word)
    last = max((end for _, end, _ in arcs), default=0)
    readings = tuple(
        _reading(interpretation)
        for start, end, interpretation in arcs
        if start == 0 and (end == last or interpretation[2].startswith("praet"))
    )
    readings = tuple(dict.fromkeys(r for r in readings if r.pos != "ign"))
    if not readings and "-" in word:
        linked = any(tag.startswith("adja") for _, _, (_, _, tag, *_) in arcs)
        readings = tuple(dict.fromkeys(_compounds(word, linked=linked)))
    if not readings and (found := _PLACE_ADJECTIVE.fullmatch(word)):
        readings = tuple(
            r._replace(lemma=f"{found.group(1)}i")
            for r in analyse("polsk" + found.group(2))
            if r.pos == "adj"
        )
    return readings


def inflections(lemma: str) -> list[tuple[str, Reading]]:
    """The forms of the lexemes that have this lemma, each with its reading; names keep capitals."""
    return [(each[0], _reading(each)) for each in _morfeusz().generate(lemma)]


def _reading(interpretation: tuple[str, str, str, list[str], list[str]]) -> Reading:
    _, lemma, tag, labels, _ = interpretation
    pos, *fields = tag.split(":")
    parts = [frozenset(field.split(".")) for field in fields]

    def of_kind(kind: Iterable[str]) -> tuple[str, ...]:
        kind = set(kind)
        return tuple(sorted(next((part for part in parts if part <= kind), frozenset())))

    cases = tuple(_MORFEUSZ_CASES[case] for case in of_kind(_MORFEUSZ_CASES))
    name, _, mark = lemma.partition(":")
    return Reading(
        name if mark else lemma, pos, of_kind(_NUMBERS), cases, of_kind(_GENDERS), tuple(labels)
    )


def _compounds(word: str, *, linked: bool) -> Iterable[Reading]:
    """Readings of two words joined by a hyphen; `linked`: the first ends in the linking -o."""
    head, _, tail = word.rpartition("-")
    for reading in analyse(tail):
        if linked and reading.pos in ADJECTIVES:
            yield reading._replace(lemma=f"{head.casefold()}-{reading.lemma}")
        elif reading.pos == "subst":
            for other in analyse(head):
                numbers = tuple(n for n in reading.numbers if n in other.numbers)
                cases = tuple(c for c in reading.cases if c in other.cases)
                if other.pos == "subst" and numbers and cases:
                    lemma = f"{other.lemma}-{reading.lemma}"
                    yield reading._replace(lemma=lemma, numbers=numbers, cases=cases)


def govern(preposition: str) -> frozenset[str]:
    """The cases that a preposition takes; empty for any other word."""
    word = preposition.lower()
    cases = frozenset(case for r in analyse(word) if r.pos == "prep" for case in r.cases)
    return cases - {"dat"} if word == "po" else cases  # the dative only in "po polsku"


# --- names

Forms = Mapping[str, frozenset[str]]

_SOFTENED = (  # the stem's end before the -e of the locative (and the dative of nouns in -a)
    ("st", "ści"), ("zd", "ździ"), ("sł", "śl"), ("zł", "źl"), ("sn", "śni"), ("ch", "sz"),
    ("t", "ci"), ("d", "dzi"), ("ł", "l"), ("r", "rz"), ("k", "c"), ("g", "dz"), ("h", "sz"),
    ("b", "bi"), ("p", "pi"), ("f", "fi"), ("w", "wi"), ("v", "vi"), ("m", "mi"), ("n", "ni"),
    ("s", "si"), ("z", "zi"),
)  # fmt: skip
_SOFT_ENDS = {"ć": "ci", "dź": "dzi", "ń": "ni", "ś": "si", "ź": "zi"}
_HARDENED = ("sz", "cz", "rz", "dz", "ż", "c", "j", "l")
_VOWELS = "aeiouyóąęáéíóúäöüőűăâè"


def gender(given: str, surname: str = "") -> str:
    """ "m" or "f" as far as the names tell, the surname's ending first; else empty."""
    surname = surname.casefold()
    if re.search(r"(sk|ck|dzk|ow|ew|jew|aj)a$", surname):
        return "f"
    if re.search(r"(sk|ck|dzk)i$|[oe]w$", surname):
        return "m"
    known = {
        g[0] for r in analyse(given) if "imię" in r.labels and "nom" in r.cases for g in r.genders
    }
    if len(known) == 1:
        return known.pop()
    return ""


@lru_cache(maxsize=1 << 15)
def decline(name: str, sex: str, *, surname: bool = False) -> dict[str, frozenset[str]]:
    """The singular forms of one word of a person's name, each with the cases that it stands for.

    `sex` is "m" or "f". Parts joined by a hyphen decline together, or only the last one does.
    """
    if "-" in name:
        return _hyphenated(name, sex, surname)
    known = _known(name, sex, "nazwisko" if surname else "imię")
    if known:
        return known
    forms = _masculine(name) if sex == "m" else _feminine(name, surname)
    forms.setdefault(name, set()).update({"nom", "voc"})
    return {form: frozenset(cases) for form, cases in forms.items()}


def _hyphenated(name: str, sex: str, surname: bool) -> dict[str, frozenset[str]]:
    first, _, last = name.rpartition("-")
    heads = {first: frozenset(CASES)}
    for form, cases in decline(first, sex, surname=surname).items():
        heads[form] = heads.get(form, frozenset()) | cases
    tails = decline(last, sex, surname=surname)
    pairs = {f"{h}-{t}": heads[h] & tails[t] for h, t in product(heads, tails)}
    return {form: cases for form, cases in pairs.items() if cases}


def _known(name: str, sex: str, label: str) -> dict[str, frozenset[str]]:
    forms: dict[str, set[str]] = {}
    for interpretation in _morfeusz().generate(name):
        reading = _reading(interpretation)
        form = interpretation[0].replace("’", "'")
        if (
            reading.lemma == name
            and label in reading.labels
            and reading.pos in {"subst", "adj"}
            and "sg" in reading.numbers
            and any(g[0] == sex for g in reading.genders)
        ):
            forms.setdefault(form, set()).update(reading.cases)
    complete = {case for cases in forms.values() for case in cases} >= set(CASES) - {"voc"}
    return {form: frozenset(cases) for form, cases in forms.items()} if complete else {}


def _soften(stem: str) -> str:
    for end, soft in _SOFTENED:
        if stem.endswith(end):
            return stem[: -len(end)] + soft + ("" if soft.endswith("e") else "e")
    return stem + "e"


def _add(forms: dict[str, set[str]], stem: str, **endings: str) -> None:
    for case, ending in endings.items():
        for each in ending.split("/"):
            forms.setdefault(stem + each, set()).add(case)


def _masculine(name: str) -> dict[str, set[str]]:
    forms: dict[str, set[str]] = {}
    last = name[-1]
    if re.search(r"([sck]|dz)ki$|[iy]$", name):
        _add(forms, name, gen="ego", dat="emu", acc="ego", ins="m", loc="m")
        if name.endswith("li"):
            _add(forms, name[:-1], gen="ego", dat="emu", acc="ego")
        if last == "y":
            _add(forms, name[:-1], gen="ego", dat="emu", acc="ego", ins="ym", loc="ym")
            _add(forms, name, gen="'ego", dat="'emu", acc="'ego", ins="'m", loc="'m")
    elif last == "a":
        _noun_in_a(forms, name)
    elif last == "o":
        _noun_in_a(forms, name)
        if name.endswith("io"):  # António, Antónia
            _add(forms, name[:-1], gen="a", dat="owi", acc="a", ins="em", loc="u")
        _add(forms, name, gen="", dat="", acc="", ins="", loc="")
    elif last in "eé":
        _add(forms, name, gen="go", dat="mu", acc="go", ins="m", loc="m")  # Rutte, Ruttego
        _add(forms, name, gen="'a", dat="'owi", acc="'a", ins="'em/'m", loc="'u")  # Claude'a
        _add(forms, name, gen="", dat="", acc="", ins="", loc="")
    else:
        for stem in _stems(name):
            vowel = last in _VOWELS
            soft = stem != name and stem.endswith("i")
            if stem.endswith(("k", "g")):
                ins, loc = "iem", "u"
            elif soft or stem.endswith(_HARDENED) or vowel or stem.endswith("ch"):
                ins, loc = "em", "u"
            else:
                ins, loc = "em", ""
            _add(forms, stem, gen="a", dat="owi", acc="a", ins=ins)
            if loc:
                _add(forms, stem, loc=loc, voc=loc)
            else:
                _add(forms, _soften(stem), loc="", voc="")
        if last in "sxtdh":  # a silent end: Charles'a, Descartes'a
            _add(forms, name, gen="'a", dat="'owi", acc="'a", ins="'em", loc="'ie/'u")
        if last in _VOWELS:
            _add(forms, name, gen="", dat="", acc="", ins="", loc="")
    return forms


def _stems(name: str) -> list[str]:
    """The stems of a masculine name in a consonant: e fleeting or kept, a soft end written out."""
    for end, soft in _SOFT_ENDS.items():
        if name.endswith(end):
            stem = name[: -len(end)]
            kept = [stem + soft]
            return [*kept, stem[:-2] + "ni"] if re.search(r"ie$", stem) and end == "ń" else kept
    if name.endswith("x"):
        return [name, name[:-1] + "ks"]
    if name.endswith("niec"):
        return [name, name[:-4] + "ńc"]
    found = re.search(r"(i?e)(k|c|ł)$", name)
    if found and found.start() > 1:
        return [name, name[: found.start()] + found.group(2)]
    return [name]


def _noun_in_a(forms: dict[str, set[str]], name: str) -> None:
    stem = name[:-1]
    if stem.endswith("i"):
        _add(forms, stem, gen="i/", dat="i/", loc="i/")
    elif stem.endswith("j"):
        _add(forms, stem[:-1] if stem[-2:-1] in _VOWELS else stem, gen="i", dat="i", loc="i")
    elif stem.endswith("l"):
        _add(forms, stem, gen="i", dat="i", loc="i")
    elif stem.endswith(_HARDENED):
        _add(forms, stem, gen="y", dat="y", loc="y")
    else:
        _add(forms, stem, gen="i" if stem.endswith(("k", "g")) else "y")
        _add(forms, _soften(stem), dat="", loc="")
    _add(forms, stem, acc="ę", ins="ą", voc="o")


def _feminine(name: str, surname: bool) -> dict[str, set[str]]:
    forms: dict[str, set[str]] = {}
    if surname and re.search(r"(sk|ck|dzk|ow|ew|in|yn|aj)a$", name):
        stem = name[:-1]
        ending = "ej" if not stem.endswith(("k", "g")) else "iej"
        if stem.endswith("aj"):  # Wałowaja, Wałowej
            _add(forms, stem[:-2], gen="ej", dat="ej", acc="ą/aję", ins="ą", loc="ej")
        else:
            _add(forms, stem, gen=ending, dat=ending, acc="ą", ins="ą", loc=ending)
    elif name.endswith("a"):
        _noun_in_a(forms, name)
    else:
        _add(forms, name, gen="", dat="", acc="", ins="", loc="")
    return forms
