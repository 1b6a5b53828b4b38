"""English: the head's plural, the phrase's possessive, the tenses of a verb phrase."""

from __future__ import annotations

import re
from collections.abc import Iterator

from translator.terminology.morphology import Form

# fmt: off
_PREPOSITIONS = {
    "of", "for", "on", "in", "to", "with", "against", "at", "from", "by", "between", "under",
    "concerning", "relating", "belonging", "within", "among", "during", "per", "as", "ad", "non",
    "over", "into", "after", "about", "without",
}
# Adjectives that follow the noun: consuls general, ministers plenipotentiary.
_POSTPOSED = {"general", "extraordinary", "designate", "elect", "abroad", "emeritus"}
_IRREGULAR = {
    "person": "persons", "man": "men", "woman": "women", "child": "children",
    "chairman": "chairmen", "chairwoman": "chairwomen", "spokesman": "spokesmen",
    "spokeswoman": "spokeswomen", "ombudsman": "ombudsmen", "statesman": "statesmen",
    "corps": "corps", "series": "series", "means": "means", "headquarters": "headquarters",
    "crisis": "crises", "basis": "bases", "analysis": "analyses", "thesis": "theses",
    "criterion": "criteria", "phenomenon": "phenomena", "aircraft": "aircraft",
    "foot": "feet", "life": "lives", "half": "halves", "leaf": "leaves", "thief": "thieves",
}
_WHOLE = {
    "state party": "states parties",
    "persona non grata": "personae non gratae",
    "note verbale": "notes verbales",
}
# Generic nouns after a title that may contain a preposition.
_GENERIC = {"programme", "initiative", "project", "strategy", "agreement", "award", "prize"}
_INVARIANT = {"corps", "series", "means", "headquarters"}
_SINGULAR_IN_S = _INVARIANT | {
    "news", "mazhilis", "politics", "economics", "gas", "lens", "atlas", "honduras", "texas",
}
# First words of a lemma that is a verb phrase, with the past tense and participle of the irregular.
_VERBS: dict[str, tuple[str, str] | None] = {
    "lay": ("laid", "laid"), "hold": ("held", "held"), "take": ("took", "taken"),
    "make": ("made", "made"), "give": ("gave", "given"), "pay": ("paid", "paid"),
    "meet": ("met", "met"), "bring": ("brought", "brought"), "draw": ("drew", "drawn"),
    "have": ("had", "had"), "set": ("set", "set"), "put": ("put", "put"), "lead": ("led", "led"),
    "send": ("sent", "sent"), "speak": ("spoke", "spoken"), "come": ("came", "come"),
    "go": ("went", "gone"), "become": ("became", "become"), "begin": ("began", "begun"),
    "bear": ("bore", "borne"), "break": ("broke", "broken"), "build": ("built", "built"),
    "submit": ("submitted", "submitted"),
    **dict.fromkeys([
        "adopt", "chair", "commemorate", "conclude", "condemn", "convene", "convey", "declare",
        "deliver", "discuss", "enter", "establish", "exchange", "express", "extend", "host",
        "implement", "impose", "initiate", "launch", "lift", "maintain", "offer", "open", "pledge",
        "present", "ratify", "reaffirm", "recall", "recognise", "sign", "strengthen", "support",
        "terminate", "welcome",
    ]),
}
# fmt: on
_DOUBLING = {"set", "put", "begin", "submit"}
_ADJECTIVE = re.compile(
    r"^(?:current|acting|main|joint|former|new|next)$|(?:called|mentioned|ible|able|ous|sive|lantic)$"
)


def paradigm(lemma: str, *, person: bool = False, gender: str = "") -> Iterator[Form]:
    """The forms of an English term or name: every case but the possessive is the lemma."""
    words = lemma.split(" ")
    first = words[0].lower()
    if first == "the" and len(words) > 1:
        for text in (lemma, "the" + lemma[3:], lemma[4:]):
            yield Form(text, "nom", "sg")
            yield Form(_possessive(text), "gen", "sg", True)
        return
    if not person and len(words) > 1 and first in _VERBS:
        yield from _verb_phrase(words)
        return
    name = person or (len(words) == 1 and lemma[:1].isupper() and not lemma.isupper())
    heads = _heads(words)
    number = "pl" if not name and _is_plural(words[heads[-1]]) else "sg"
    yield Form(lemma, "nom", number)
    if not person and _is_fixed(lemma, words):
        return
    yield Form(_possessive(lemma), "gen", number, True)
    if name and re.search("[^s]s$", lemma):
        yield Form(lemma + "'", "gen", number, True)
    if number == "pl" or name:
        return
    plural = _plural_phrase(words, heads)
    ends_in_plural = heads[-1] == len(words) - 1 and plural.endswith("s")
    yield Form(plural, "nom", "pl")
    yield Form(plural + "'" if ends_in_plural else _possessive(plural), "gen", "pl", True)
    if words[-1] == "general":
        yield Form(_pluralise(lemma), "nom", "pl")  # consul generals


def _is_fixed(lemma: str, words: list[str]) -> bool:
    """Whether the lemma is a preposition, an adverb, an adjective or ends in a point."""
    ends = {words[0].lower(), words[-1].lower()}
    return bool(ends & _PREPOSITIONS or lemma.endswith(".") or _ADJECTIVE.search(lemma))


def _heads(words: list[str]) -> list[int]:
    """The head noun's position, or the heads' of "Representative and Co-ordinator for …"."""
    end = len(words)
    if not (words[0][:1].isupper() and words[-1] in _GENERIC):  # Path to Europe programme
        inner = (i for i, word in enumerate(words) if i and word.lower() in _PREPOSITIONS)
        end = next(inner, end)
    if words[end - 1].startswith("d'"):
        end -= 1
    if words[:end][-1] == "plenipotentiary" and words[end - 2] != "government":
        end -= 1
    while end > 1 and words[end - 1].lower() in _POSTPOSED | {"and"}:
        end -= 1
    head = end - 1
    agents = ("or", "er", "ive")
    two = head >= 2 and words[head - 1] == "and" and words[head].endswith(agents)
    return [head - 2, head] if two and words[head - 2].endswith(agents) else [head]


def _plural_phrase(words: list[str], heads: list[int]) -> str:
    lemma = " ".join(words)
    if lemma.lower() in _WHOLE:
        plural = _WHOLE[lemma.lower()]
        return plural.capitalize() if lemma[:1].isupper() else plural
    return " ".join(_pluralise(word) if i in heads else word for i, word in enumerate(words))


def _pluralise(word: str) -> str:
    hyphen = re.fullmatch(r"(\w+)(-(?:in|of|at|general|elect)\b.*)", word, re.I)
    if hyphen:  # Chairpersons-in-Office, Secretaries-General
        return _pluralise(hyphen.group(1)) + hyphen.group(2)
    lower = word.lower()
    for singular, plural in _IRREGULAR.items():
        if lower == singular or lower.endswith("-" + singular):
            return word[: len(word) - len(singular) + 1] + plural[1:]
    if word.isupper():
        return word + "s"
    if re.search("(?:s|x|z|ch|sh)$", lower):
        return word + "es"
    if re.search("[^aeiou]y$", lower):
        return word[:-1] + "ies"
    return word + "s"


def _is_plural(word: str) -> bool:
    """Whether a noun is plural already: sanctions, Nations; not Belarus, corps, congress."""
    lower = word.lower()
    if re.search("(?:men|children|people|data)$", lower):
        return not lower.endswith("specimen")
    if word.isupper() or lower in _SINGULAR_IN_S:
        return False
    return bool(re.search("[^su']s$", lower)) and not re.search("[^aeiou]is$", lower)


def _possessive(phrase: str) -> str:
    last = phrase.split(" ")[-1]
    bare = last.endswith("s") and (_is_plural(last) or last.lower() in _INVARIANT)
    return phrase + ("'" if bare else "'s")


def _verb_phrase(words: list[str]) -> Iterator[Form]:
    verb = words[0]
    lower = verb.lower()
    past, participle = _VERBS[lower] or (_regular_past(verb),) * 2
    stem = verb + verb[-1] if lower in _DOUBLING else re.sub("(?<=[^eo])e$", "", verb)
    third = {"have": "has", "go": "goes"}.get(lower, _pluralise(verb))
    objects = [" ".join(words[1:])]
    if words[1] in {"a", "an"}:  # lay a wreath: laid the wreath, laid wreaths
        rest = words[2:]
        objects += ["the " + " ".join(rest), _plural_phrase(rest, _heads(rest))]
    for each in objects:
        for form in dict.fromkeys([verb, third, past, participle, stem + "ing"]):
            yield Form(f"{form} {each}", "", "")


def _regular_past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    return verb[:-1] + "ied" if re.search("[^aeiou]y$", verb) else verb + "ed"
