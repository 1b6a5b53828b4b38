"""Bringing required terms, names and figures into a translation, inflected, with any package.

Nothing is retrained. Where a hypothesis lacks a required term, candidates are made: the words that
stand for the term (by the package's attention, or because they look like the term) are replaced by
each likely inflected form, or the form is put in where the term belongs. The model itself scores
the candidates (`score`: mean log-probability of a target token), and what is known of how Polish
cases map to the target's is added as a prior. From the best candidate's prefix the model then
decodes the rest again, as in Hokamp & Liu 2017, so that what follows agrees with the term; the
continuation is kept where the model prefers it and it loses nothing that was there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Protocol

from translator.model import Hypothesis
from translator.terminology import facts
from translator.terminology.morphology import Form
from translator.terminology.requirements import Requirement, places, required_facts

PRIOR_WEIGHT = 16.0  # of a form's log-probability beside that of the whole translation
CHARACTERS = 4  # of a token, on average
SPANS, FORMS = 2, 2  # places and forms tried for one term
ALIKE = 0.65  # similarity from which a target word counts as a broken or differently spelled form
UNLIKELY = 0.7  # loss of log-probability from which a form of the machine's choice is reconsidered
DOUBTFUL = 1.0  # a loss of mean log-probability from which the reviewer is warned

WORD = re.compile(r"\w+(?:[-’'.]\w+)*", re.UNICODE)

Alignment = tuple[tuple[int, int, int, int], ...]


class Decoder(Protocol):
    """What enforcement asks of the machine; texts go in batches."""

    def score(self, texts: Sequence[str], targets: Sequence[str], to: str) -> list[float]:
        """The mean log-probability of a token of each target as the translation of each text."""

    def constrained(
        self, texts: Sequence[str], prefixes: Sequence[str], to: str
    ) -> Sequence[Hypothesis]:
        """The translation of each text that begins with the prefix."""

    def usable(self, text: str, target: str, to: str) -> bool:
        """Whether a target could be a translation of the text: not empty, looping, in another
        script.
        """


@dataclass(frozen=True, slots=True)
class Candidate:
    """A translation with the form in it at [start, end).

    `prior` is the form's log-probability, `mean` the model's of a token of the text.
    """

    text: str
    form: Form
    start: int
    end: int
    prior: float
    mean: float = 0.0
    continued: bool = False

    @property
    def score(self) -> float:
        """The model's mean with the weighted prior spread over the text's tokens."""
        tokens = max(len(self.text), CHARACTERS) / CHARACTERS
        return self.mean + PRIOR_WEIGHT * self.prior / tokens


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a requirement: the form that stands in the translation and where it came from.

    `how` is "by the machine" where the package put it there itself, "enforced" where it was brought
    in, and "missing" where no candidate could be made. `loss` is how much less likely than its own
    hypothesis the model holds the text with the form in it; `candidates` are the best ones first.
    """

    requirement: Requirement
    form: Form | None
    how: str
    loss: float = 0.0
    candidates: tuple[Candidate, ...] = ()

    @property
    def doubtful(self) -> bool:
        return self.how == "missing" or self.loss > DOUBTFUL


@dataclass(slots=True)
class _Work:
    """A segment while its requirements are worked off one after another."""

    source: str
    requirements: list[Requirement]
    text: str
    alignment: Alignment
    year: int | None = None
    decisions: dict[int, Decision] = field(default_factory=dict)
    removed: tuple[str, ...] = ()

    def next_open(self, language: str) -> int | None:
        """The first requirement not settled that is missing or stands in an unlikely form."""
        for index, requirement in enumerate(self.requirements):
            if index in self.decisions:
                continue
            found = places(requirement, self.text, language)
            if not found or (len(found) == 1 and _is_unlikely(requirement, found[0][2])):
                return index
        return None

    def wrong_figures(self, text: str, language: str) -> int:
        """How many figures and dates a translation lacks or has beyond the source's."""
        return sum(map(len, facts.differences(self.source, text, language, year=self.year)))

    def locked(self, language: str, but: int) -> list[tuple[int, int]]:
        """The spans that hold other requirements or right figures: not to be replaced."""
        _, wrong = facts.differences(self.source, self.text, language, year=self.year)
        figures = [fact for fact in facts.find(self.text, language) if fact not in wrong]
        return [(fact.start, fact.end) for fact in figures] + [
            (start, end)
            for index, requirement in enumerate(self.requirements)
            if index != but
            for start, end, _ in places(requirement, self.text, language)
        ]


@dataclass(frozen=True, slots=True)
class Enforced:
    """A translation with what became of each requirement, in their order, and the figures that were
    taken out of it since the source does not have them.
    """

    text: str
    decisions: tuple[Decision, ...]
    removed: tuple[str, ...] = ()


def enforce(
    decoder: Decoder,
    language: str,
    sources: Sequence[str],
    requirements: Sequence[Sequence[Requirement]],
    hypotheses: Sequence[Hypothesis],
    years: Sequence[int | None],
) -> list[Enforced]:
    """Make each hypothesis hold the terms and names required of it, then the source's figures.

    All segments go through the model together; `years` are those of their releases, for "br.".

    One requirement a segment is worked off in a round, so a segment with n missing terms costs n
    rounds of at most SPANS × FORMS scored candidates and one continuation.
    """
    works = [
        _Work(source, list(required), hypothesis.text, hypothesis.alignment, year)
        for source, required, hypothesis, year in zip(
            sources, requirements, hypotheses, years, strict=True
        )
    ]
    _work_off(decoder, language, works)
    for work in works:
        work.requirements += required_facts(work.source, work.text, language, year=work.year)
    _work_off(decoder, language, works)
    _drop_extra_figures(decoder, language, works)
    return [_finish(work, language) for work in works]


def _work_off(decoder: Decoder, language: str, works: Sequence[_Work]) -> None:
    """Settle one requirement a segment in each round, until none is open."""
    while todo := [
        (work, index) for work in works if (index := work.next_open(language)) is not None
    ]:
        _round(decoder, language, todo)


def _drop_extra_figures(decoder: Decoder, language: str, works: Sequence[_Work]) -> None:
    """Take out figures that the source does not have, with a word beside them where that reads
    better.
    """
    options: list[tuple[_Work, str]] = []
    for work in works:
        missing, extra = facts.differences(work.source, work.text, language, year=work.year)
        if missing or not extra:
            continue
        before = work.wrong_figures(work.text, language)
        options += [
            (work, text)
            for text in _without(work.text, extra[0].start, extra[0].end)
            if work.wrong_figures(text, language) < before
            and all(
                places(requirement, text, language)
                for requirement in work.requirements
                if places(requirement, work.text, language)
            )
        ]
    scores = decoder.score([work.source for work, _ in options], [t for _, t in options], language)
    best: dict[int, tuple[float, str]] = {}
    for (work, text), score in zip(options, scores, strict=True):
        best[id(work)] = max(best.get(id(work), (score, text)), (score, text))
    for work in works:
        if id(work) in best:
            _, extra = facts.differences(work.source, work.text, language, year=work.year)
            work.removed = (extra[0].surface,)
            work.text = best[id(work)][1]


def _without(text: str, start: int, end: int) -> list[str]:
    """The text without a span, and without a word before or behind it as well."""
    before = re.search(r"[^\W\d_]+\s+\Z", text[:start])
    starts = [start, before.start()] if before else [start]
    return [
        re.sub(r"\s+([,.;:!?])", r"\1", " ".join((text[:a] + " " + text[b:]).split()))
        for a in starts
        for b in _ends(text, end)
    ]


def _round(decoder: Decoder, language: str, todo: Sequence[tuple[_Work, int]]) -> None:
    """Bring one missing requirement into each of these segments."""
    proposed = [_candidates(work, index, language) for work, index in todo]
    sources = [work.source for work, _ in todo]
    flat = [(source, work.text) for source, (work, _) in zip(sources, todo, strict=True)]
    for source, candidates in zip(sources, proposed, strict=True):
        flat += [(source, candidate.text) for candidate in candidates]
    scores = decoder.score([s for s, _ in flat], [t for _, t in flat], language)
    own, rest = scores[: len(todo)], iter(scores[len(todo) :])
    ranked = []
    for (work, index), candidates in zip(todo, proposed, strict=True):
        scored = [replace(candidate, mean=next(rest)) for candidate in candidates]
        wrong = {c.text: work.wrong_figures(c.text, language) for c in scored}
        if work.requirements[index].fact is not None:  # a figure put in must not break another
            before = work.wrong_figures(work.text, language)
            scored = [c for c in scored if wrong[c.text] < before]
        ranked.append(sorted(scored, key=lambda c: (wrong[c.text], -c.score)))
    ranked = _continue(decoder, language, todo, ranked)
    for (work, index), candidates, mean in zip(todo, ranked, own, strict=True):
        requirement = work.requirements[index]
        if not candidates:
            work.decisions[index] = Decision(requirement, None, "missing")
            continue
        best = candidates[0]
        how = "by the machine" if best.text == work.text else "enforced"
        work.alignment = _realign(work.alignment, work.text, best, requirement)
        work.text = best.text
        loss = mean - best.mean
        work.decisions[index] = Decision(requirement, best.form, how, loss, tuple(candidates))


def _continue(
    decoder: Decoder,
    language: str,
    todo: Sequence[tuple[_Work, int]],
    ranked: Sequence[list[Candidate]],
) -> list[list[Candidate]]:
    """Let the model go on from the best candidate's form; its text leads where it is preferred."""
    at = [
        k
        for k, (work, index) in enumerate(todo)
        if ranked[k]
        and work.requirements[index].fact is None
        and not places(work.requirements[index], work.text, language)
    ]
    best = [ranked[k][0] for k in at]
    sources = [todo[k][0].source for k in at]
    prefixes = [c.text[: c.end] for c in best]
    continued = [h.text for h in decoder.constrained(sources, prefixes, language)]
    scores = decoder.score(sources, continued, language)
    result = [list(candidates) for candidates in ranked]
    for k, candidate, source, prefix, text, score in zip(
        at, best, sources, prefixes, continued, scores, strict=True
    ):
        work, index = todo[k]
        better = replace(candidate, text=text, mean=score, continued=True)
        whole = (
            text.startswith(prefix)
            and decoder.usable(source, text, language)
            and len(text) > 0.8 * len(candidate.text)
            and work.wrong_figures(text, language) <= work.wrong_figures(candidate.text, language)
            and all(
                places(required, text, language)
                for other, required in enumerate(work.requirements)
                if other == index or places(required, candidate.text, language)
            )
        )
        if whole and better.score > candidate.score:
            result[k].insert(0, better)
    return result


def _candidates(work: _Work, index: int, language: str) -> list[Candidate]:
    """The text with each likely form in each likely place, not scored yet."""
    requirement = work.requirements[index]
    spans = _spans(work, index, language)
    made: dict[str, Candidate] = {}
    for start, end in spans[:SPANS]:
        for form, prior in requirement.forms[:FORMS]:
            candidate = _put(work.text, start, end, form, prior)
            made.setdefault(candidate.text, candidate)
    return list(made.values())


def _put(text: str, start: int, end: int, form: Form, prior: float) -> Candidate:
    """The text with [start, end) replaced by the form, set off by spaces, capital at a sentence's
    start.
    """
    before, after = _without_doubles(text[:start], form.text, text[end:])
    if before and not before[-1].isspace() and before[-1] not in "«“„(\"'-–":
        before += " "
    if after and (after[0].isalnum() or after[0] in "«“„(–"):
        after = " " + after
    inserted = form.text
    if not before.strip() and inserted[:1].islower():
        inserted = inserted[0].upper() + inserted[1:]
    return Candidate(
        text=before + inserted + after,
        form=form,
        start=len(before),
        end=len(before) + len(inserted),
        prior=prior,
    )


def _without_doubles(before: str, inserted: str, after: str) -> tuple[str, str]:
    """The text on both sides without words that the inserted one begins or ends with itself."""
    words = inserted.casefold().split()
    for count in range(len(words) - 1, 0, -1):
        beside = re.search(rf"(?:\S+\s*){{{count}}}\Z", before)
        if beside and beside[0].casefold().split() == words[:count]:
            before = before[: beside.start()]
            break
    for count in range(len(words) - 1, 0, -1):
        beside = re.match(rf"(?:\s*\S+){{{count}}}", after)
        if beside and beside[0].casefold().split() == words[-count:]:
            after = after[beside.end() :]
            break
    return before, after


def _spans(work: _Work, index: int, language: str) -> list[tuple[int, int]]:
    """Where in the text the term belongs, the likeliest first: spans to replace, or empty ones to
    fill.
    """
    requirement, text = work.requirements[index], work.text
    if found := places(requirement, text, language):
        return [(start, end) for start, end, _ in found]
    locked = work.locked(language, index)
    if (fact := requirement.fact) is not None:
        _, extra = facts.differences(work.source, text, language, year=work.year)
        extra.sort(key=lambda other: other.kind is not fact.kind)
        wrong = [(other.start, end) for other in extra for end in _ends(text, other.end)]
        place = _insertion(work, requirement, locked)
        return list(dict.fromkeys([*wrong, (place, place)]))
    words = [
        m.span()
        for m in WORD.finditer(text)
        if not any(m.start() < end and m.end() > start for start, end in locked)
    ]
    evidence = {
        span: max(_looks_like(text[slice(*span)], requirement), _attends(span, work, requirement))
        for span in words
    }
    runs = _runs([span for span in words if evidence[span] > 0], words, text)
    runs.sort(key=lambda run: -sum(evidence.get(span, 0.0) for span in run))
    spans = []
    for run in runs[:2]:
        start, end = run[0][0], run[-1][1]
        spans.append((start, end))
        before = words.index(run[0]) - 1
        if before >= 0 and _is_attribute(text, words[before], start):
            spans.append((words[before][0], end))
        if len(run) > 1:  # attention is blurred at the edges
            spans.append((run[1][0], end))
    if not spans:
        place = _insertion(work, requirement, locked)
        spans.append((place, place))
    return list(dict.fromkeys(spans))


def _ends(text: str, end: int) -> list[int]:
    """Where a wrong figure may end: at its own end, or with the word behind it (its month)."""
    behind = re.match(r"\s+[^\W\d_]+", text[end:])
    return [end, end + behind.end()] if behind else [end]


def _is_attribute(text: str, word: tuple[int, int], end: int) -> bool:
    """Whether a word may belong to what follows it at `end`: long enough, and no punctuation
    between.
    """
    return word[1] - word[0] > 3 and text[word[1] : end].isspace()


def _looks_like(word: str, requirement: Requirement) -> float:
    """How much a word of the text resembles a word of the required term, 0 where it hardly does."""
    word = word.casefold().replace("ё", "е")
    if len(word) < 4:
        return 0.0
    best = 0.0
    for own in WORD.findall(requirement.lemma.casefold().replace("ё", "е")):
        if len(own) >= 4:
            best = max(best, SequenceMatcher(None, own, word, autojunk=False).ratio())
    return best if best >= ALIKE else 0.0


def _attends(span: tuple[int, int], work: _Work, requirement: Requirement) -> float:
    """1 where the word was made from the source term, as far as the package's attention tells."""
    return float(
        any(
            s_start < requirement.end and s_end > requirement.start
            for s_start, s_end, t_start, t_end in work.alignment
            if t_start < span[1] and t_end > span[0]
        )
    )


def _runs(
    chosen: Sequence[tuple[int, int]], words: Sequence[tuple[int, int]], text: str
) -> list[list[tuple[int, int]]]:
    """Chosen words that stand together: nothing between two of them but one other word at most."""
    order = {span: k for k, span in enumerate(words)}
    runs: list[list[tuple[int, int]]] = []
    for span in chosen:
        if runs:
            last = runs[-1][-1]
            between = words[order[last] + 1 : order[span]]
            gap = "".join(
                text[a:b]
                for a, b in zip(
                    [last[1], *(end for _, end in between)],
                    [*(start for start, _ in between), span[0]],
                    strict=True,
                )
            )
            if len(between) <= 1 and gap.isspace():
                runs[-1] += [*between, span]
                continue
        runs.append([span])
    return runs


def _insertion(work: _Work, requirement: Requirement, locked: Sequence[tuple[int, int]]) -> int:
    """Where to put a term that nothing stands for: after what translates the words before it.

    Without alignment, at the same share of the text; always between words and outside of other
    terms.
    """
    before = [
        (s_end, t_end)
        for _, s_end, _, t_end in work.alignment
        if s_end <= requirement.start and t_end <= len(work.text)
    ]
    share = requirement.start / max(len(work.source), 1)
    text = work.text
    place = max(before)[1] if before else round(share * len(text))
    stops = [0, *(m.end() for m in WORD.finditer(text))]
    free = [s for s in stops if not any(start < s < end for start, end in locked)]
    if requirement.fact is not None:  # beside another number it would read as one with it
        free = [
            s
            for s in free
            if not re.search(r"\d\s*\Z", text[:s]) and not re.match(r"\s*\d", text[s:])
        ]
    free = free or [0]
    return min(free, key=lambda stop: abs(stop - place))


def _realign(
    alignment: Alignment, text: str, chosen: Candidate, requirement: Requirement
) -> Alignment:
    """The alignment after a change: kept before it, moved behind it, the term's own between."""
    if chosen.continued:
        kept = [pair for pair in alignment if pair[3] <= chosen.start]
        return (*kept, (requirement.start, requirement.end, chosen.start, chosen.end))
    shift = len(chosen.text) - len(text)
    kept = [pair for pair in alignment if pair[3] <= chosen.start]
    moved = [(a, b, c + shift, d + shift) for a, b, c, d in alignment if c + shift >= chosen.end]
    return (*kept, (requirement.start, requirement.end, chosen.start, chosen.end), *moved)


def _is_unlikely(requirement: Requirement, form: Form) -> bool:
    """Whether another form is far likelier where the Polish form stands."""
    own = [prior for known, prior in requirement.forms if known.text == form.text]
    if own:
        return own[0] < requirement.forms[0][1] - UNLIKELY
    return bool(form.number) and form.number != requirement.forms[0][0].number


def _finish(work: _Work, language: str) -> Enforced:
    """The decisions in order; a later round may have undone an earlier one, which is looked at
    anew.
    """
    decisions = []
    for index, requirement in enumerate(work.requirements):
        decision = work.decisions.get(index)
        found = places(requirement, work.text, language)
        if not found:
            decision = Decision(requirement, None, "missing")
        elif decision is None or decision.form is None:
            decision = Decision(requirement, found[0][2], "by the machine")
        decisions.append(decision)
    return Enforced(_capitalised(work.text, work.source), tuple(decisions), work.removed)


def _capitalised(text: str, source: str) -> str:
    """The text with a capital where the source begins with one; the lemma that led it had none."""
    if source[:1].isupper() and text[:1].islower():
        return text[0].upper() + text[1:]
    return text
