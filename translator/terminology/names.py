"""Persons that stand in no glossary: found in a Polish text in any case, lemmatised, transcribed.

A person is a given name that Morfeusz knows, followed by a surname; or two or more words that it
does not know, where the context says that a person is meant: a title before or after, a verb of
saying, another person beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from translator.model import Match, Term
from translator.terminology import name_lemmas, polish, transcription
from translator.terminology.name_lemmas import CASES, Name, words
from translator.terminology.transcription import Origin

LANGUAGES = ("en", "ru", "kk")
NOTE = "transcribed, please check"

# Words after which a surname alone is a person; other titles also govern institutions.
_ADDRESSES = words(
    """
    pan pani minister ministra wiceminister wiceministra premier premierka wicepremier
    prezydent prezydentka wiceprezydent ambasador ambasadorka konsul kanclerz wicekanclerz
    marszałek senator poseł posłanka generał profesor doktor prof dr gen płk ks
    """
)
_TITLES = _ADDRESSES | words(
    """
    dyrektor dyrektorka wicedyrektor rzecznik rzeczniczka sekretarz podsekretarz
    przewodniczący przewodnicząca wiceprzewodniczący szef szefowa wiceszef wiceszefowa
    wicemarszałek deputowany deputowana komisarz król królowa książę attaché radca komendant
    prezes prezeska wiceprezes pełnomocnik pełnomocniczka przedstawiciel przedstawicielka
    ekspert ekspertka historyk historyczka pisarz pisarka poeta poetka reżyser reżyserka
    kompozytor kompozytorka artysta artystka dziennikarz dziennikarka malarz malarka
    fotograf wojewoda burmistrz starosta rektor dziekan kierownik kierowniczka koordynator
    koordynatorka odpowiednik odpowiedniczka kolega koleżanka autor autorka tłumacz
    tłumaczka lekarz lekarka laureat laureatka noblista noblistka sędzia prokurator adwokat
    inżynier architekt aktor aktorka dyrygent pianista pianistka skrzypek skrzypaczka
    student studentka naukowiec badacz badaczka prezenter dyplomata dyplomatka gubernator
    mer naczelnik negocjator mediator wysłannik wysłanniczka obserwator arcybiskup biskup
    kardynał ksiądz imam trener kapitan pułkownik major admirał obywatel obywatelka
    dramaturg muzyk filmowiec wokalistka wokalista zesłaniec lider liderka pracownik
    absolwent absolwentka nauczyciel nauczycielka przedsiębiorca działacz działaczka
    rozmówca rozmówczyni
    """
)
_SAYING = words(
    """
    mówić powiedzieć ocenić podkreślić podkreślać dodać dodawać stwierdzić zaznaczyć
    zauważyć oświadczyć wyjaśnić wyjaśniać tłumaczyć przypomnieć przypominać zapewnić
    zapewniać oznajmić odpowiedzieć odrzec odeprzeć przyznać przekonywać apelować
    zapowiedzieć poinformować ogłosić wskazać wskazywać zachwalać opowiadać wspominać
    dziękować podziękować żartować komentować skomentować pytać zapytać wtórować
    argumentować deklarować zadeklarować relacjonować napisać pisać konkludować
    """
)
# Words of organisations' names, which are no surnames though Morfeusz does not know them.
_ORGANISATIONS = words(
    """
    watch group stream times bank forum house institute center centre university
    international union council foundation fund open security forces air lines airlines
    company corporation energy news press post league kenesz kurułtaj mażylis school college
    network initiative fellowship summit award prize week day festival the of and for
    """
)
# What an institution's name begins with: after a title these are no given names.
_INSTITUTIONS = words(
    """
    agencja akademia bank biblioteka biuro centrum departament dom fundacja fundusz grupa
    inicjatywa instytut izba klub komisja komitet konferencja liga ministerstwo muzeum
    obrona organizacja ośrodek pałac parlament partia port program rada republika królestwo
    rząd sąd sejm senat stowarzyszenie szkoła szpital teatr trybunał unia uniwersytet urząd
    wydział zamek zespół związek szczyt sojusz sekretariat dzień tydzień
    """
)


def lemmatize(surface: str, *, gender: str = "", cases: Sequence[str] = ()) -> Name:
    """Bring a person's name, in any case and perhaps with pan or pani before it, to the nominative.

    `gender` ("m", "f") and `cases` are what the context tells of it, where it does.
    """
    parts = surface.split()
    while len(parts) > 1 and (title := _title(parts[0])):
        gender = gender or title.gender
        cases = cases or title.cases
        parts = parts[1:]
    return name_lemmas.lemmatize(" ".join(parts), gender, tuple(cases))


class Context(NamedTuple):
    """What the words around a name tell of it; `address` where a surname alone may follow."""

    gender: str = ""
    cases: tuple[str, ...] = ()
    address: bool = False
    title: bool = False


@lru_cache(maxsize=1 << 14)
def _title(word: str) -> Context | None:
    """The context that a title sets, None where `word` is none."""
    low = word.lower().rstrip(".")
    readings = [
        r
        for r in polish.analyse(low)
        if r.lemma.lower() in _TITLES and r.pos in ("subst", "adj", "brev")
    ]
    if not readings and low not in _TITLES:
        return None
    genders = {g[0] for r in readings for g in r.genders}
    cases = {case for r in readings for case in r.cases}
    lemmas = {r.lemma.lower() for r in readings} or {low}
    gender = ""
    if genders == {"f"}:
        gender = "f"
    elif genders == {"m"} and any("sg" in r.numbers for r in readings):
        gender = "" if lemmas & (_ADDRESSES - {"pan"}) else "m"
    if cases == set(polish.CASES) and "m" in genders:
        cases = set()  # "minister" is also a woman's title, which is not declined
    return Context(gender, tuple(c for c in CASES if c in cases), bool(lemmas & _ADDRESSES), True)


@lru_cache(maxsize=1 << 14)
def _adjective(word: str) -> Context | None:
    """The gender and cases that an adjective beside a title gives it."""
    if not word or not (word.islower() or word.istitle()):
        return None
    readings = [
        r for r in polish.analyse(word.lower()) if r.pos in polish.ADJECTIVES and "sg" in r.numbers
    ]
    if readings and all(set(r.genders) == {"f"} for r in readings):
        cases = {case for r in readings for case in r.cases}
        return Context("f", tuple(case for case in CASES if case in cases))
    if any("m1" in r.genders and "nom" in r.cases for r in readings):
        return Context("m", ("nom",))
    return None


@lru_cache(maxsize=1 << 14)
def _is_other_noun(word: str) -> bool:
    """Whether what looks like an adjective is a noun of its own as well: profesor prawa."""
    readings = polish.analyse(word)
    adjectives = {r.lemma for r in readings if r.pos in polish.ADJECTIVES}
    return any(r.pos in polish.NOUNS and r.lemma not in adjectives for r in readings)


@lru_cache(maxsize=1 << 14)
def _is_human(word: str) -> bool:
    """Whether `word` is a noun for a man in the singular, such as biofizyk or urzędnik."""
    readings = polish.analyse(word)
    nouns = [r for r in readings if r.pos == "subst" and r.lemma[:1].islower()]
    return bool(nouns) and any("m1" in r.genders and "sg" in r.numbers for r in nouns)


@lru_cache(maxsize=1 << 14)
def _verb_gender(word: str) -> str:
    """The gender of a verb in the past tense singular, empty for any other word."""
    genders = {
        g[0]
        for r in polish.analyse(word)
        if r.pos == "praet" and "sg" in r.numbers
        for g in r.genders
    }
    return genders.pop() if len(genders) == 1 else ""


def _lemmata(word: str) -> set[str]:
    return {r.lemma.lower() for r in polish.analyse(word.lower())}


@lru_cache(maxsize=1 << 14)
def _is_saying(word: str) -> bool:
    return bool(_lemmata(word) & _SAYING)


@lru_cache(maxsize=1 << 14)
def _is_verb(word: str) -> bool:
    kinds = {r.pos for r in polish.analyse(word)}
    return bool(kinds & polish.VERBS) and not kinds & (polish.NOUNS | polish.ADJECTIVES)


@lru_cache(maxsize=1 << 14)
def _labels(word: str) -> frozenset[str]:
    """What a capitalised word can be: imię, nazwisko, geo, common, unknown."""
    if word.lower() in _ORGANISATIONS:
        return frozenset({"common"})
    readings = polish.analyse(word)
    if not readings:
        return frozenset({"imię", "unknown"} if name_lemmas.is_foreign_given(word) else {"unknown"})
    labels = set()
    for reading in readings:
        names = set(reading.labels)
        labels |= names & {"imię", "nazwisko"}
        if "nazwa_geograficzna" in names:
            labels.add("geo")
        if not names or "nazwa_pospolita" in names or reading.lemma[:1].islower():
            labels.add("common")
    if len(word) > 4 and labels == {"common"} and name_lemmas.is_foreign_given(word):
        labels.add("imię")
    return frozenset(labels or {"common"})


def _is_institution(word: str) -> bool:
    return bool(_lemmata(word) & _INSTITUTIONS)


def _agrees(word: str, cases: Sequence[str]) -> bool:
    """Whether a common noun, of no institution, is in one of `cases`, or in its base form."""
    return not _is_institution(word) and any(
        bool(set(r.cases) & set(cases)) if cases else r.lemma.casefold() == word.casefold()
        for r in polish.analyse(word)
        if r.pos == "subst" and "sg" in r.numbers
    )


def _is_name(word: str) -> bool:
    return bool(_labels(word) & {"imię", "nazwisko", "unknown"})


class _Text:
    """A text with its words, in which persons are looked for."""

    def __init__(self, text: str, taken: Sequence[Match]) -> None:
        self.text = text
        self.taken = taken
        self.tokens = polish.tokenize(text)
        self.persons = [(m.start, m.end) for m in taken if m.term.is_person]
        self.found: list[Match] = []

    def find(self, known: Mapping[str, tuple[Name, Term]]) -> list[Match]:
        """The persons, in order; `known` has those of earlier texts by surname."""
        at = 0
        while at < len(self.tokens):
            end = self._run(at)
            while at < end:
                at = self._person(at, end) or self._alone(at, end, known) or at + 1
            at += 1
        return self.found

    # words and gaps

    def _word(self, at: int) -> str:
        return self.tokens[at].text if 0 <= at < len(self.tokens) else ""

    def _gap(self, at: int) -> str:
        """What stands between word `at` and the next, without white space."""
        return self.text[self.tokens[at].end : self.tokens[at + 1].start].strip()

    def _before(self, at: int) -> str:
        """The word right before word `at`, empty where punctuation or nothing precedes."""
        return self._word(at - 1) if at and not self._gap(at - 1) else ""

    def _after(self, stop: int) -> str:
        """The word `stop`, which follows a name, empty where punctuation or nothing follows."""
        return self._word(stop) if stop < len(self.tokens) and not self._gap(stop - 1) else ""

    def _is_initial(self, at: int) -> bool:
        token = self.tokens[at]
        return len(token.text) <= 2 and self.text[token.end : token.end + 1] == "."

    def _is_capitalised(self, at: int) -> bool:
        word = self._word(at)
        return word[:1].isupper() and (len(word) == 1 or not word.isupper())

    def _run(self, at: int) -> int:
        """The end of the run of capitalised words, with particles inside, that begins at `at`."""
        end = at
        while end < len(self.tokens):
            token = self.tokens[end]
            particle = end > at and token.text in polish.PARTICLES and self._is_capitalised(end + 1)
            if not (particle or self._is_capitalised(end)):
                break
            if (end > at and self._gap(end - 1) not in (".", "")) or self._is_cut(end, at):
                break
            if any(m.start < token.end and token.start < m.end for m in self.taken):
                break
            end += 1
        return end

    def _is_cut(self, at: int, start: int) -> bool:
        """Whether a full stop, not that of an initial, stands before word `at`."""
        return at > start and self._gap(at - 1) == "." and not self._is_initial(at - 1)

    # persons

    def _person(self, at: int, end: int) -> int | None:
        """Take the person that begins at word `at` of a run up to `end`; the word after it."""
        first = self._word(at)
        if _title(first) and at + 1 < end:
            return None
        stop = at + 1
        while stop < end and stop - at < 6 and self._continues(stop):
            stop += 1
        if stop - at < 2 or re.fullmatch(r"[IVX]+", self._after(stop)):  # a pope or a king
            return None
        if self._word(at - 1) in ("w", "we", "na") and "imię" in _labels(self._word(at + 1)):
            return None  # a place: w Abudży Filip Korda
        context = self._context(at, stop)
        given = self._is_initial(at) or "imię" in _labels(first)
        if not given and not self._is_foreign(at, stop, context):
            return None
        for last in range(stop, at + 1, -1):  # not all of "Annę Mickiewicz Krzyżem" is the name
            name = self._name(at, last, context or Context())
            if self._word(last - 1) not in polish.PARTICLES and (
                name.certain or (context and last == at + 2)
            ):
                self._add(at, last, name, _term(name))
                return last
        return None

    def _continues(self, at: int) -> bool:
        """Whether word `at` of a run can go on a name that began before it."""
        word = self._word(at)
        if word.lower() in polish.PARTICLES or len(word) == 1:
            return len(word) > 1 or self._is_initial(at)
        if _is_name(word):
            return True
        # a surname that is also a word, after a foreign given name and a title: Astrid Holm
        if "unknown" not in _labels(self._word(at - 1)) or _labels(word) != {"common"}:
            return False
        title = self._title_before(at - 1)
        return title is not None and _agrees(word, title.cases)

    def _is_foreign(self, at: int, stop: int, context: Context | None) -> bool:
        """Whether words that begin with no known given name are a person for their context."""
        first = self._word(at)
        labels = _labels(first)
        if "geo" in labels:
            return False
        if "common" in labels:  # Tran Quoc Bao, Jukka Saarinen
            if "unknown" not in _labels(self._word(at + 1)):
                return False
            titled = context is not None and context.title and _agrees(first, context.cases)
            return titled or self._beside_person(at)
        if context:
            return True
        # the surname itself tells a person, as -ow, -enko or -szwili do
        return {"unknown"} == labels & _labels(self._word(stop - 1)) and bool(
            _EASTERN.search(self._name(at, stop, Context()).lemma)
        )

    def _alone(self, at: int, end: int, known: Mapping[str, tuple[Name, Term]]) -> int | None:
        """Take the surname alone at word `at`: of a person named before, or after a title."""
        word = self._word(at)
        labels = _labels(word)
        if not self._is_capitalised(at) or len(word) < 3 or not _is_name(word) or _title(word):
            return None
        title = self._title_at(at - 1) if at and self._gap(at - 1) in ("", ".") else None
        verb = _verb_gender(self._after(at + 1))
        if title and not title.cases and verb:
            title = title._replace(gender="f" if verb == "f" else title.gender, cases=("nom",))
        if title or not labels & {"common", "geo"}:
            for reading in name_lemmas.readings(word, given=False):
                name, term = known.get(reading.lemma, (None, None))
                if name and term and name.gender == reading.gender:
                    case = self._short_case(at, word, name, title)
                    self._add(at, at + 1, replace(name, case=case), term, short=True)
                    return at + 1
        if not title or not title.address or "geo" in labels or at + 1 < end:
            return None
        if "common" in labels and not ("nom" in title.cases and _agrees(word, ())):
            return None  # of words, only the subject: minister Zając, not minister Zdrowia
        if "imię" in labels and "nazwisko" not in labels:
            return None
        name = self._name(at, at + 1, title)
        disagrees = title.cases and not set(title.cases) & set(name.case.split("."))
        place = "unknown" in labels and name.lemma.endswith("y")  # Ałmaty
        if disagrees or place or not name.certain:
            return None
        self._add(at, at + 1, name, _term(name))
        return at + 1

    def _short_case(self, at: int, word: str, name: Name, title: Context | None) -> str:
        cases = {
            case
            for reading in name_lemmas.readings(word, given=False)
            if (reading.lemma, reading.gender) == (name.surname, name.gender)
            for case in reading.cases
        }
        hint = set(title.cases) if title else set()
        if _is_saying(self._before(at)) or _is_saying(self._after(at + 1)):
            hint = {"nom"}
        return ".".join(case for case in CASES if case in (cases & hint or cases))

    def _name(self, at: int, stop: int, context: Context) -> Name:
        surface = self.text[self.tokens[at].start : self.tokens[stop - 1].end]
        surface = " ".join(surface.replace("’", "'").replace("\u00ad", "").split())
        return name_lemmas.lemmatize(surface, context.gender, context.cases)

    def _add(self, at: int, stop: int, name: Name, term: Term, *, short: bool = False) -> None:
        start, end = self.tokens[at].start, self.tokens[stop - 1].end
        surface = self.text[start:end]
        self.found.append(Match(term, start, end, surface, name.case, "sg", name.gender, short))

    # context

    def _context(self, at: int, stop: int) -> Context | None:
        """What stands around the words from `at` to `stop`; None where nothing tells a person."""
        before, after = self._before(at), self._after(stop)
        subject = Context("f" if _verb_gender(after) == "f" else "", ("nom",))
        if title := self._title_before(at):
            if not title.cases and _verb_gender(after):
                return title._replace(cases=("nom",), gender=title.gender or subject.gender)
            return title
        if _is_saying(after):
            return subject
        if _is_saying(before):
            return Context("f" if _verb_gender(before) == "f" else "", ("nom",))
        if self._title_after(stop) or self._beside_person(at) or _is_human(before):
            return subject if subject.gender else Context()
        return subject if subject.gender and "imię" in _labels(self._word(at)) else None

    def _title_before(self, at: int) -> Context | None:
        """The nearest title before word `at` with no verb or punctuation between."""
        for back in range(at - 1, max(-1, at - 12), -1):
            word = self._word(back)
            if self._gap(back) and not (self._gap(back) == "." and len(word) <= 5):
                return None
            if _title(word):
                return self._title_at(back)
            if _is_verb(word):
                return None
        return None

    def _title_at(self, at: int) -> Context | None:
        """The title at word `at`, its gender and case made clear by the words around it."""
        title = _title(self._word(at))
        if not title:
            return None
        after = self._after(at + 1)
        for other in ("" if _is_other_noun(after) else after, self._before(at)):
            adjective = _adjective(other)
            if adjective and adjective.gender == "f" and not title.gender:
                return title._replace(gender="f", cases=adjective.cases)
            if adjective and adjective.gender == "m" and not title.cases:  # dyrektor generalny
                return title._replace(gender="m", cases=("nom",))
        for back in range(at - 1, max(-1, at - 4), -1):  # zaznaczyła po spotkaniu ambasador
            if self._gap(back) or title.gender:
                break
            if _is_saying(self._word(back)):
                gender = "f" if _verb_gender(self._word(back)) == "f" else ""
                return title._replace(gender=gender, cases=title.cases or ("nom",))
        return title

    def _title_after(self, stop: int) -> bool:
        """Whether an apposition follows: ", dyrektor …" or ", nowy ambasador …"."""
        if stop >= len(self.tokens) or self._gap(stop - 1) not in (",", "–", "—", "("):
            return False
        for at in range(stop, min(stop + 4, len(self.tokens))):
            if at > stop and self._gap(at - 1):
                return False
            if _title(self._word(at)):
                return True
        return False

    def _beside_person(self, at: int) -> bool:
        """Whether a person stands right before, with a conjunction or a comma between."""
        ends = [*(end for _, end in self.persons), *(m.end for m in self.found)]
        start = self.tokens[at].start
        return any(_CONJUNCTION.fullmatch(self.text[end:start]) for end in ends if end < start)


_CONJUNCTION = re.compile(r"\s*(?:,|,?\s(?:i|oraz|a także|a|jak i|lub))\s+")
_EASTERN = re.compile(
    r"(?:[^k]ow|ew|enko|czuk|szwili|adze|idze|[oe]wa|bek|baj|ski|ska|cki|cka|wicz)$"
)


@lru_cache(maxsize=1 << 14)
def _term(name: Name) -> Term:
    targets = {lang: transcribe(name.lemma, lang, gender=name.gender) for lang in LANGUAGES}
    return Term(name.lemma, targets, domain="person", note=NOTE, guess=True)


# A given name in Polish spelling before a foreign surname: Cezary Hoffmann.
_POLISH_LETTERS = re.compile(r"[łżąęśźćńwyj]|c[eiy]|sz|cz|rz")


def transcribe(name: str, language: str, *, gender: str = "") -> str:
    """The lemma `name`, in Polish spelling, written in "en", "ru" or "kk": a guess by rule.

    The rules are in `transcription`; what Morfeusz knows of the given name helps to choose them.
    """
    first, _, rest = name.partition(" ")
    wanted = "imię" if rest else "nazwisko"
    known = any(wanted in r.labels for r in polish.analyse(first.split("-")[0]))
    origin = transcription.origin(name, known=known)
    if origin is Origin.WESTERN and known and rest and _POLISH_LETTERS.search(first.lower()):
        given = transcription.transcribe(first, language, source=Origin.POLISH)
        return f"{given} {transcription.transcribe(rest, language, source=origin)}"
    return transcription.transcribe(name, language, gender=gender, source=origin)


def find(text: str, taken: Sequence[Match] = ()) -> list[Match]:
    """The persons in `text` that no glossary has, in order; spans of `taken` are left alone."""
    return find_all([text], [taken])[0]


def find_all(
    texts: Sequence[str], taken: Sequence[Sequence[Match]] | None = None
) -> list[list[Match]]:
    """The persons in `texts`, in reading order; `taken` has the glossary's matches in each text.

    A surname alone that belongs to a person named in full in an earlier text is `short`.
    """
    known: dict[str, tuple[Name, Term]] = {}
    result = []
    for at, text in enumerate(texts):
        matches = _Text(text, taken[at] if taken else ()).find(known)
        for match in matches:
            name = Name(match.term.source, match.gender, match.case)
            if not match.short and name.surname != name.lemma:
                known[name.surname] = (name, match.term)
        result.append(matches)
    return result
