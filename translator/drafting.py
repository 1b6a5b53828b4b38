"""From segments to drafts: the machine's hypotheses, made to hold what is required, with notes on
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from translator import anchors, inline
from translator.inline import Tag
from translator.machine.engine import Engine, Translation
from translator.memory import Memory, reuse
from translator.memory.reuse import neighbours
from translator.model import Draft, Finding, Inline, Match, Release, Segment, Severity
from translator.projection import project
from translator.style import AS_WRITTEN, Style, places
from translator.terminology import Terminology, enforcement, requirements
from translator.terminology.enforcement import Decision, Enforced
from translator.terminology.requirements import Requirement, required_terms


@dataclass(frozen=True, slots=True)
class Job:
    """A segment to draft: its `text` without tags, the terms and names in it, and, if known, the
    year of its release.

    `marked` is the segment as its catalog has it, with `tags`; those numbered in `breaks` are line
    breaks.
    """

    text: str
    matches: tuple[Match, ...] = ()
    year: int | None = None
    marked: str = ""
    tags: tuple[Tag, ...] = ()
    breaks: frozenset[int] = frozenset()


class Drafter:
    """Drafts into one language."""

    def __init__(
        self,
        engine: Engine,
        terminology: Terminology,
        language: str,
        *,
        memory: Memory | None = None,
        enforce: bool = True,
        style: Style = AS_WRITTEN,
    ):
        self.language = language
        self.style = style
        self._engine = engine
        self._terminology = terminology
        self._memory = memory
        self.enforce = enforce
        self._origin = "machine " + ", ".join(
            f"{package.from_code}→{package.to_code} {package.version}"
            for package in engine.route(language)
        )

    def jobs(self, release: Release, pending: Iterable[str], *, year: int | None) -> list[Job]:
        """Jobs for the pending segments of `release`; terms are found in the text as a whole."""
        wanted = set(pending)
        if not wanted:
            return []
        segments = {segment.text: segment for segment in reversed(release.segments)}
        texts = list(dict.fromkeys(segment.text for segment in release.segments))
        jobs = self._jobs([segments[text] for text in texts], year)
        return [job for job in jobs if job.marked in wanted]

    def remember(
        self, release: Release, pending: Iterable[str], *, year: int | None
    ) -> dict[str, Draft]:
        """Drafts for pending segments out of the translation memory, none where it has none."""
        wanted = set(pending)
        if self._memory is None or not wanted:
            return {}
        found = reuse(
            self._memory,
            (beside for beside in neighbours(release) if beside[0] in wanted),
            self.language,
            terminology=self._terminology,
            year=year,
        )
        bare = [text for text, draft in found.items() if inline.problems(text, draft.text)]
        jobs = self.jobs(release, bare, year=year)
        drafts = self._tagged(jobs, [found[job.marked] for job in jobs])
        for job, draft in zip(jobs, drafts, strict=True):
            found[job.marked] = replace(draft, origin=draft.origin + ", tags placed")
        return found

    def jobs_of(self, texts: Sequence[str], *, year: int | None = None) -> list[Job]:
        """A job for each of `texts`, which are in reading order."""
        segments = []
        for text in texts:
            tags = {t.number: Inline("style", t.start, t.end) for t in inline.parse(text)[1]}
            segments.append(Segment(text, tags=tags))
        return self._jobs(segments, year)

    def _jobs(self, segments: Sequence[Segment], year: int | None) -> list[Job]:
        jobs = []
        for segment in segments:
            text, tags = inline.parse(segment.text, segment.tags)
            breaks = frozenset(n for n, i in segment.tags.items() if i.kind == "break")
            jobs.append(Job(text, (), year, segment.text, tuple(tags), breaks))
        found = self._terminology.find([job.text for job in jobs])
        return [replace(job, matches=tuple(m)) for job, m in zip(jobs, found, strict=True)]

    def draft(self, jobs: Sequence[Job]) -> list[Draft]:
        """A draft for each job, in order.

        A segment that the machine cannot translate comes back empty, with a finding: it stays
        untranslated.
        """
        drafts = [
            self._styled(job, self._draft(job, translation, enforced))
            for job, (translation, enforced) in zip(jobs, self.decide(jobs), strict=True)
        ]
        return self._tagged(jobs, drafts)

    def _styled(self, job: Job, draft: Draft) -> Draft:
        if self.style.leaves(self.language):
            return draft
        kept = places(draft.text, self.language, job.matches)
        return replace(draft, text=self.style.apply(draft.text, self.language, kept))

    def decide(self, jobs: Sequence[Job]) -> list[tuple[Translation, Enforced]]:
        """For each job the machine's own translation, and what enforcement made of it and why."""
        texts = [job.text for job in jobs]
        if not self.enforce:
            plain = self._engine.translate(texts, self.language)
            return [(translation, Enforced(translation.text, ())) for translation in plain]
        required = [required_terms(job.text, job.matches, self.language) for job in jobs]
        translations = self._translations(texts, required)
        enforced = [Enforced(translation.text, ()) for translation in translations]
        usable = [k for k, translation in enumerate(translations) if not translation.problem]
        changed = enforcement.enforce(
            self._engine,
            self.language,
            [texts[k] for k in usable],
            [required[k] for k in usable],
            [translations[k] for k in usable],
            [jobs[k].year for k in usable],
        )
        for k, result in zip(usable, changed, strict=True):
            enforced[k] = result
        return list(zip(translations, enforced, strict=True))

    def _translations(
        self, texts: Sequence[str], required: Sequence[Sequence[Requirement]]
    ) -> list[Translation]:
        """The machine's translations, those that lack a term made again with the terms in the
        source, where the package takes them: what is right without them reads a little better.
        """
        translations = self._engine.translate(texts, self.language, align=True)
        if not self._engine.takes_terms(self.language):
            return translations
        lacking = [
            k
            for k, translation in enumerate(translations)
            if not all(requirements.places(r, translation.text, self.language) for r in required[k])
        ]
        again = self._engine.translate(
            [texts[k] for k in lacking],
            self.language,
            annotations=[_annotations(required[k]) for k in lacking],
            align=True,
        )
        for k, translation in zip(lacking, again, strict=True):
            if not translation.problem:
                translations[k] = translation
        return translations

    def _tagged(self, jobs: Sequence[Job], drafts: Sequence[Draft]) -> list[Draft]:
        """The drafts, which have no tags, with the tags of their segments in them.

        What became of the words is asked of the model anew: enforcement, the memory or a person has
        changed its hypothesis.
        """
        done = list(drafts)
        at = [k for k, job in enumerate(jobs) if job.tags and drafts[k].text]
        aligned = self._engine.align(
            [jobs[k].text for k in at], [drafts[k].text for k in at], self.language
        )
        for k, attention in zip(at, aligned, strict=True):
            job, draft = jobs[k], drafts[k]
            certain = anchors.find(job.text, draft.text, self.language, job.matches, year=job.year)
            placed = project(
                job.text,
                job.tags,
                draft.text,
                certain,
                attention,
                language=self.language,
                breaks=job.breaks,
            )
            done[k] = replace(draft, text=inline.insert(draft.text, placed.tags))
            if placed.doubtful:
                message = "check the place of tag " + ", ".join(map(str, placed.doubtful))
                done[k] = replace(
                    done[k],
                    notes=(*draft.notes, f"tags: {message}"),
                    findings=(*draft.findings, _finding("tags-doubtful", message, job.marked)),
                )
        return done

    def _draft(self, job: Job, translation: Translation, enforced: Enforced) -> Draft:
        decisions = {id(decision.requirement.match): decision for decision in enforced.decisions}
        notes = [
            _note(match, match.term.targets[self.language], decisions.get(id(match)))
            for match in job.matches
            if self.language in match.term.targets
        ]
        notes += [
            f"figure: {fact.surface} → {decision.requirement.lemma} (put in by the tool)"
            for decision in enforced.decisions
            if (fact := decision.requirement.fact) is not None and decision.form is not None
        ]
        notes += [f"figure: {figure} taken out, the source has none" for figure in enforced.removed]
        findings = [
            _finding("term-doubtful", _doubt(decision), job.text)
            for decision in enforced.decisions
            if decision.doubtful
        ]
        if translation.problem:
            message = f"left untranslated: the machine's output {translation.problem}: “{job.text}”"
            findings.append(_finding("machine-failed", message, job.text))
            notes.append(f"machine: no usable output ({translation.problem})")
        return Draft(enforced.text, self._origin, tuple(notes), tuple(findings))


def _annotations(required: Sequence[Requirement]) -> list[tuple[int, int, str]]:
    """What a package that knows term annotations is told; of overlapping terms the first."""
    annotations: list[tuple[int, int, str]] = []
    for requirement in required:
        if not annotations or requirement.start >= annotations[-1][1]:
            annotations.append((requirement.start, requirement.end, requirement.lemma))
    return annotations


def _note(match: Match, required: str, decision: Decision | None) -> str:
    """The line that tells a reviewer what a term or name requires and what became of it."""
    kind = "name" if match.term.is_person else "term"
    remarks = []
    if match.short:
        remarks.append("short for the full term")
    if match.term.guess:
        remarks.append("transcribed by rule, please check")
    if decision is not None and decision.form is not None:
        form = decision.form
        features = " ".join(part for part in (form.case, form.number) if part)
        possessed = ", possessed" if form.possessed else ""
        remarks.append(f"{form.text}: {features}{possessed}, {decision.how}")
    elif decision is not None:
        remarks.append("MISSING in the draft")
    surface = " ".join(match.surface.split())
    return f"{kind}: {surface} → {required}" + (f" ({'; '.join(remarks)})" if remarks else "")


def _doubt(decision: Decision) -> str:
    lemma = decision.requirement.lemma
    if decision.form is None:
        return f"“{lemma}” could not be brought into the draft: put it in by hand"
    return f"“{decision.form.text}” was put in against the machine's judgement: check the sentence"


def _finding(id: str, message: str, source: str) -> Finding:
    return Finding(id, Severity.WARNING, message, source=source)
