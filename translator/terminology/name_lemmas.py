"""The nominative of a person's name: `lemmatize` for a whole name, `readings` for one word of it.

What Morfeusz knows as a given name or surname is taken from it. Other words are understood by
analysis through synthesis: each lemma that could lie behind the form is declined (`polish.decline`)
and weighed by how its ending suits a given name or surname. All words of a name must agree in
gender and case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from translator.terminology import polish
from translator.terminology.transcription import RUSSIAN_NAMES, UKRAINIAN_NAMES


def words(text: str) -> frozenset[str]:
    """The words of `text`, which are separated by white space."""
    return frozenset(text.split())


CASES = ("nom", "gen", "dat", "acc", "ins", "loc")

# Foreign given names that Morfeusz does not know, or only as words.
_FEMININE = words(
    """
    aida ajgerim ajguł ajnura akmarał alija alfija asel aselja botagoz dariga dinara elmira
    gauhar gulnara gulnar gulmira gulszara gulszat gulżan kamila kamszat leila lejla madina
    beatriz inés inês carmen astrid ingrid sigrid karin kirsten birgit mette ebba lotte
    katharina eleanor josephine élodie claudine andreea liisa maryam lyazzat aktoty dżyłdyz
    ajgul aigerim nurgul inga eleni meruert nargiz nargiza nino saltanat saida sałtanat
    saule tamara tina togżan żanar żanna żuldyz zarina zulfija annalena ursula michelle ann
    roza rosa laura jelena ołena olha iryna oksana julija tetiana natalija switłana kateryna
    """
)
_MASCULINE = words(
    """
    abaj abdulla abdulaziz abłaj adilbek ajbek ajdar ajdos akan akylbek alibek alichan alim
    aliszer almas arman armen askar aszat azamat bachtijor bakyt bakytżan batyr bauyrżan
    bejbut bołat czyngyz dastan daulet dauren erłan galym gałym iljas islam jerbol jerbołat
    jerkin jermek jerłan jerżan kajrat kanat karim kasym kasym-żomart magżan maksat manas
    marat margułan maulen muchtar murat nursułtan nurłan ołżas rachat raszyd rusłan rustam
    rustem sabit sadyr samat sanżar sapar serik szawkat tałgat talgat temirłan timur tołegen
    tułegen ułan umar żandos żomart żumabek aleksandre dawit lewan zurab wachtang tigran
    hajk nikoł ilham elçin mykoła mykyta ilia siergiej aleksiej andriej dmitrij michaił
    nikołaj władimir jewgienij giennadij
    """
)
_MASCULINE_NAMES_IN_A = frozenset({"abdulla", "mykoła", "mykyta", "ilia"})
_FOREIGN = frozenset({*_FEMININE, *_MASCULINE, *UKRAINIAN_NAMES, *RUSSIAN_NAMES})


class Reading(NamedTuple):
    """One way to understand a word of a name; the heavier, the better."""

    lemma: str
    gender: str
    cases: frozenset[str]
    weight: float


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in the nominative.

    `gender` is "m" or "f"; `case` the cases that the surface can stand for, joined by a dot.
    `certain` is false where a word had to be taken as it is, against its gender and case.
    """

    lemma: str
    gender: str
    case: str
    certain: bool = True

    @property
    def surname(self) -> str:
        """The last word, with the particles before it ("von Loringhoven", "Szynkowski vel Sęk")."""
        words = self.lemma.split()
        at = len(words) - 1
        while at > 1 and words[at - 1] in polish.PARTICLES:
            at -= 2 if words[at - 1] == "vel" else 1
        return " ".join(words[at:])


_ENDINGS = {  # the ending of a form → the endings its lemma may have
    "": ("",), "a": ("", "o"), "owi": ("", "o"), "em": ("", "o"), "iem": ("",), "u": ("",),
    "e": ("", "a", "o"), "ie": ("", "a"), "y": ("a", "o"), "i": ("a", "o", "ia", "ja"),
    "ii": ("ia",), "ji": ("ja",), "ę": ("a", "o"), "ą": ("a", "o", "á"), "ego": ("y", "e", "i"),
    "iego": ("i",), "emu": ("y", "e", "i"), "iemu": ("i",), "ym": ("y",), "im": ("i",),
    "ej": ("a", "á"), "iej": ("a",),
    "go": ("",), "mu": ("",), "m": ("",), "'a": ("",), "'owi": ("",), "'em": ("",), "'ego": ("",),
    "'m": ("",), "'emu": ("",), "'u": ("",), "'ie": ("",),
}  # fmt: skip
_HARD = {  # the end of a stem before -e → the end of the lemma's stem
    "ci": "t", "dzi": "d", "l": "ł", "rz": "r", "c": "k", "dz": "g", "sz": "ch", "bi": "b",
    "pi": "p", "fi": "f", "wi": "w", "mi": "m", "ni": "n", "si": "s", "zi": "z", "ści": "st",
    "vi": "v",
}  # fmt: skip
_SOFT = {  # the end of a stem before a vowel → the end of the lemma
    "ci": "ć", "dzi": "dź", "ni": "ń", "si": "ś", "zi": "ź", "bi": "b", "pi": "p", "wi": "w",
    "mi": "m",
}  # fmt: skip
_VOWELS = "aeiouyóąęáéíóúäöü"
_ACCENTS = str.maketrans("áéíúâêîô", "aeiuaeio")


@lru_cache(maxsize=1 << 14)
def lemmatize(surface: str, gender: str = "", cases: tuple[str, ...] = ()) -> Name:
    """Bring a person's name in any case to the nominative.

    `gender` and `cases` are what the context tells (a title's, a verb's); they outweigh the
    spelling.
    """
    pieces = re.split(r"(\s+|-)", surface)
    names = [at for at, piece in enumerate(pieces) if _inflects(piece)]
    last_given = sum(piece.isspace() for piece in pieces[: names[-1]]) if names else 0
    options: dict[int, tuple[Reading, ...]] = {}
    space = 0
    for at, piece in enumerate(pieces):
        space += piece.isspace()
        if at in names:
            given = space == 0 and last_given > 0
            middle = 0 < space < last_given
            options[at] = readings(piece, given, middle)
    if len(names) > 1 and any(r.lemma.lower() in UKRAINIAN_NAMES for r in options[names[0]]):
        options[names[-1]] = tuple(  # Witalij Kliczko, not Kliczka
            r._replace(weight=r.weight + 0.5 * r.lemma.endswith("ko")) for r in options[names[-1]]
        )
    best, best_case, chosen = -100.0, "", [Reading(surface, gender or "m", frozenset(), 0.0)]
    for sex in ("m", "f"):
        for case in CASES:
            taken = [_best(options[at], pieces[at], sex, case) for at in names]
            score = sum(reading.weight for reading in taken) + _CASE_WEIGHTS.get(case, 0.0)
            score += 0.15 * (sex == "m") + 2.5 * (sex == gender) + 1.5 * (case in cases)
            if score > best:
                best, best_case, chosen = score, case, taken
    for at, reading in zip(names, chosen, strict=True):
        pieces[at] = reading.lemma
    possible = [
        c
        for c in CASES
        if all(_fits(options[at], r, c) for at, r in zip(names, chosen, strict=True))
    ]
    case = ".".join([c for c in possible if c in cases] or possible or [best_case])
    certain = all(reading.weight > 0.05 for reading in chosen)
    return Name(" ".join("".join(pieces).split()), chosen[0].gender, case, certain)


# Where a form is ambiguous, the common cases win.
_CASE_WEIGHTS = {"nom": 0.05, "dat": -0.1, "loc": -0.1}


def _fits(options: Sequence[Reading], chosen: Reading, case: str) -> bool:
    return any(
        r.lemma == chosen.lemma and r.gender == chosen.gender and case in r.cases for r in options
    )


def _inflects(piece: str) -> bool:
    return (
        len(piece) > 1
        and piece[0].isalpha()
        and piece.lower() not in polish.PARTICLES
        and piece[-1] != "."
    )


def _best(options: Sequence[Reading], word: str, sex: str, case: str) -> Reading:
    fitting = [r for r in options if r.gender == sex and case in r.cases]
    return max(fitting, key=lambda r: r.weight, default=Reading(word, sex, frozenset(), -1.5))


@lru_cache(maxsize=1 << 14)
def readings(word: str, given: bool, middle: bool = False) -> tuple[Reading, ...]:
    """The readings of one word of a name, from the dictionary or else guessed."""
    wanted, other = ("imię", "nazwisko") if given else ("nazwisko", "imię")
    known = []
    for reading in polish.analyse(word):
        if "sg" not in reading.numbers or reading.pos not in ("subst", "adj"):
            continue
        weight = 3.0 if wanted in reading.labels else 2.0 if other in reading.labels else 0.0
        if middle and "imię" in reading.labels:
            weight = 3.0
        for sex in {g[0] for g in reading.genders} & {"m", "f"}:
            if weight:
                weight += 0.05 * reading.lemma.endswith("ek")  # Jacka is Jacek's rather than Jack's
                known.append(Reading(reading.lemma, sex, frozenset(reading.cases), weight))
    sexes = {reading.gender for reading in known}
    guessed = [] if len(sexes) == 2 else [r for r in _guesses(word, given) if r.gender not in sexes]
    return tuple(known + guessed)


def _guesses(word: str, given: bool) -> Iterator[Reading]:
    for lemma in lemmas(word):
        for sex in ("m", "f"):
            weight = _plausibility(lemma, sex, given, declined=lemma != word)
            cases = _cases(word, lemma, sex, surname=not given)
            if not cases or weight == 0:
                continue
            if len(cases) > 4 and sex == "m":  # indeclinable
                yield Reading(lemma, sex, frozenset({"nom"}), weight)
                weight -= 0.2
            yield Reading(lemma, sex, cases, weight)


def _cases(word: str, lemma: str, sex: str, *, surname: bool) -> frozenset[str]:
    """The cases of `lemma` that `word` is the form of."""
    forms = polish.decline(lemma, sex, surname=surname)
    cases = forms.get(word, frozenset())
    if surname and sex == "f" and re.search(r"[iy]na$", lemma):  # a noun as well: Rybakiny
        cases |= polish.decline(lemma, sex).get(word, frozenset())
    if lemma.endswith("li"):  # Garibaszwilego
        cases |= forms.get(re.sub(r"l(ego|emu)$", r"li\1", word), frozenset())
    if lemma.endswith("ha"):  # Olhi
        cases |= forms.get(re.sub(r"hi$", "hy", word), frozenset())
    endings = {"a": {"gen", "acc"}, "owi": {"dat"}, "em": {"ins"}, "u": {"loc"}}
    if sex == "m" and lemma.endswith("o") and not surname:  # Dmytra, Antonia
        cases |= endings.get(word.removeprefix(lemma[:-1]), set())
    if sex == "f" and lemma.endswith("ová"):  # Kratochvílovej
        stem = word.removeprefix(lemma[:-1])
        cases |= {"ej": {"gen", "dat", "loc"}, "ą": {"acc", "ins"}}.get(stem, set())
    if sex == "m":  # Charles'a
        cases |= endings.get(word.removeprefix(f"{lemma}'"), set())
    return cases


@lru_cache(maxsize=1 << 14)
def lemmas(word: str) -> frozenset[str]:
    """The nominatives that `word` may be a form of, by its ending alone."""
    found = set()
    for ending, nominatives in _ENDINGS.items():
        stem = word.removesuffix(ending)
        if len(stem) < 2 or len(stem) + len(ending) != len(word):
            continue
        for nominative in nominatives:
            if not _is_odd(stem, ending, nominative):
                found.add(stem + nominative)
            if ending in ("e", "ie"):
                soft = stem + "i" if ending == "ie" else stem
                found |= {
                    soft.removesuffix(end) + hard + nominative
                    for end, hard in _HARD.items()
                    if soft.endswith(end)
                }
        if ending in ("a", "owi", "em", "iem", "u"):
            found |= {
                stem.removesuffix(end) + soft for end, soft in _SOFT.items() if stem.endswith(end)
            }
            if match := re.search(r"[^aeiouyąęó]([kcł])$", stem):  # the fleeting e: Dudka, Dudek
                found |= {f"{stem[:-1]}e{match[1]}", f"{stem[:-1]}ie{match[1]}"}
            if re.search(r"[^aeiouyąęó]ni$", stem):  # Kwietnia, Kwiecień; Stępnia, Stępień
                found.add(stem[:-2] + "ień")
    return frozenset(lemma for lemma in found if len(lemma) > 1 and "'" not in lemma)


def _is_odd(stem: str, ending: str, nominative: str) -> bool:
    """Whether no name is declined like this, though the endings alone allow it."""
    if (stem[-1], nominative) in {("i", "y"), ("i", "e"), ("l", "y")}:
        return True
    if ending in ("go", "mu", "m") and stem.endswith("ie"):  # Lauriego is Lauri's
        return True
    if nominative == "o" and stem[-1] == "i":  # Giulia is not Giulio's in -ą
        return ending in ("y", "i", "ę", "ą", "e")
    # Kani is Kania's, but Prystajki not Prystajkia's
    return nominative == "ia" and ending == "i" and stem[-1] not in "nscz"


def is_foreign_given(word: str) -> bool:
    """Whether `word` is a form of a foreign given name of the lists here, unknown to Morfeusz."""
    return any(lemma.lower() in _FOREIGN for lemma in lemmas(word))


def _plausibility(lemma: str, sex: str, given: bool, *, declined: bool) -> float:
    """How likely an unknown `lemma` is the nominative of a given name or surname of that gender.

    The value goes up to 2.5; 1 is a form that nothing speaks against. `declined`
    says that the form differs from it.
    """
    low = lemma.lower().translate(_ACCENTS)
    if not declined and low[-1] in "ąę":
        return -2.0  # the ending of a case, always
    if not declined and re.search(
        r"(?:[^aeiouy]em|[^aeiou]iem|anem|owi|ego|emu|iej|o[wv]ej|ewej|'.*)$", low
    ):
        return 0.0 if sex == "f" and re.search(r"(?:owi|ego|emu)$", low) else 0.02  # a case ending
    if given:
        return _given_plausibility(low, sex, declined)
    if sex == "f":
        if re.search(r"(?:[sc]k|dzk|o[wv]|ew|in|yn)[aá]$|szwili$|[ai]dze$", low):
            return 1.1
        if re.search(r"[oe]w$|[sc]ki$", low):
            return 0.1
        if low.endswith("ija"):
            return 0.6
        return 0.7 if low[-1] == "a" else 0.4 if low[-1] in _VOWELS else 0.9
    if re.search(r"(?:[sc]k|dzk|szwil)i$|dze$|[^k]ow$|ew$|enko$", low):
        return 1.2
    if re.search(r"(?:[lgk]y|[^aeiouy]li|ija)$", low):
        return 0.6 if low[-1] != "y" else 0.3
    if re.search(r"[^aeiouyąęó]c$|[^aeiouyąęórlnsj]k$", low) and declined:
        return 0.9  # rather the fleeting e: Łubinca is Łubinec's
    if re.search(r"[oe][wv]a$|[sc]ka$", low):
        return 0.1
    return {"a": 0.7, "o": 0.6, "e": 0.7, "y": 0.8, "i": 0.85, "u": 0.9}.get(low[-1], 1.0)


def _given_plausibility(low: str, sex: str, declined: bool) -> float:
    if low in _FEMININE:
        return 2.5 if sex == "f" else 0.1
    if low in UKRAINIAN_NAMES or low in RUSSIAN_NAMES:
        feminine = low[-1] == "a" and low not in _MASCULINE_NAMES_IN_A
        return 2.5 if (sex == "f") == feminine else 0.1
    if low in _MASCULINE:
        return 2.5 if sex == "m" else 0.1
    if sex == "f":
        return {"a": 1.0, "o": -0.5, "e": 0.4, "i": 0.4, "u": 0.3}.get(low[-1], 0.6)
    if low[-1] == "o":
        return 0.9 if low.endswith("io") else 0.15 if declined else 0.6
    if low[-1] == "ń":
        return 0.5
    if low.endswith("li"):
        return 0.8
    return {
        "a": 0.3,
        "e": 0.6,
        "y": 0.3 if low[-2:] == "ly" else 0.6,
        "u": 0.6,
        "i": 0.5 if declined else 0.8,
    }.get(low[-1], 1.0)
