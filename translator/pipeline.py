"""The way of a release, in order: read, segment, draft into catalogs; check them; publish them.

Each step is a stage of its own; this module only says which follows which.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date as Date
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from translator import checks, documents, files, inline, publishing, segmentation
from translator.catalogs import Catalog, State, Unit, edit
from translator.checks import report
from translator.drafting import Drafter, Job
from translator.errors import Interrupted, Refusal, TranslatorError
from translator.machine.engine import Engine, Translation
from translator.memory import Memory, learn
from translator.model import BlockKind, Draft, Finding, Release, Row, Severity
from translator.project import find_catalogs, open_catalog, source_of
from translator.settings import Settings
from translator.style import Style, places
from translator.terminology import Terminology
from translator.terminology.enforcement import Enforced

Progress = Callable[[int, str], AbstractContextManager[Callable[[int], None]]]

_log = logging.getLogger(__name__)

GROUP = 500  # releases held at once: bounds memory; batches are full long before
DEFAULT_FORMATS = ("txt", "md", "html", "pdf")
_IN_PLACE = tuple(suffix.removeprefix(".") for suffix in documents.WRITERS)
_ASIDE = (BlockKind.FURNITURE, BlockKind.METADATA)  # not part of what is published elsewhere


class Workers(Protocol):
    """Who drafts: this process, or a cluster of them."""

    @property
    def workers(self) -> int:
        """How many chunks are drafted at the same time."""

    @property
    def chunk(self) -> int:
        """Segments in a chunk."""

    def draft(
        self, drafter: Drafter, chunks: Iterable[Sequence[Job]]
    ) -> Iterator[tuple[int, list[Draft]]]:
        """The number of each chunk and its drafts, in whatever order."""


class Here:
    """This process."""

    workers = 1
    chunk = 256  # what an interruption may cost

    def draft(
        self, drafter: Drafter, chunks: Iterable[Sequence[Job]]
    ) -> Iterator[tuple[int, list[Draft]]]:
        """The chunks in their order."""
        return ((number, drafter.draft(jobs)) for number, jobs in enumerate(chunks))


HERE = Here()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did for one release in one language; `kept` entries had a translation already."""

    release: str
    language: str
    catalog: Path
    drafted: int
    kept: int
    findings: tuple[Finding, ...] = ()


def open_release(path: Path, *, date: Date | None = None, name: str = "") -> Release:
    """Read and segment a source document; it is called `name`, or like its file."""
    release = segmentation.segment(documents.read(path, date=date))
    return replace(release, name=name) if name else release


def translate(
    project: Settings,
    paths: Sequence[Path],
    languages: Sequence[str],
    *,
    progress: Progress,
    date: Date | None = None,
    redo: bool = False,
    enforce: bool = True,
    left_out: Callable[[str], None] | None = None,
    workers: Workers = HERE,
) -> Iterator[Outcome]:
    """Draft what has no translation yet; every catalog is written as soon as its group is done.
    The `workers` turn segments into drafts; all else is done here.

    Raises TranslatorError before anything is written where a source or a catalog of the group is
    bad (or, where given, tells `left_out` and goes on with the others), and Interrupted on Ctrl-C,
    after saving what was finished.
    """
    machine = engine(project)
    terminology = Terminology.load(project.glossaries)
    with Memory(project.memory) as memory:
        drafters = [
            Drafter(
                machine, terminology, language, memory=memory, enforce=enforce, style=project.style
            )
            for language in languages
        ]
        sources: dict[str, Path] = {}
        group = GROUP * max(1, workers.workers // 2)
        for start in range(0, len(paths), group):
            releases: list[Release] = []
            opened: list[list[Catalog]] = []  # of each release, in the order of `languages`
            for path in paths[start : start + group]:
                try:
                    release = open_release(path, date=date, name=project.release_of(path))
                    _refuse_namesake(release, sources)
                    of_release = [_open_catalog(project, release, code) for code in languages]
                except TranslatorError as error:
                    if left_out is None:
                        raise
                    left_out(str(error))
                    continue
                releases.append(release)
                opened.append(of_release)
            for drafter, catalogs in zip(drafters, zip(*opened, strict=True), strict=False):
                yield from _draft(
                    project,
                    releases,
                    catalogs,
                    drafter,
                    workers=workers,
                    progress=progress,
                    redo=redo,
                )


def _draft(
    project: Settings,
    releases: Sequence[Release],
    catalogs: Sequence[Catalog],
    drafter: Drafter,
    *,
    workers: Workers,
    progress: Progress,
    redo: bool,
) -> Iterator[Outcome]:
    """Draft the pending segments of all these releases, then save each catalog.

    What the memory has comes from there, the rest from the machine, the longest first.
    """
    jobs: list[tuple[int, Job]] = []
    drafts: list[dict[str, Draft]] = [{} for _ in releases]
    for index, (release, catalog) in enumerate(zip(releases, catalogs, strict=True)):
        year = _year(release.date or catalog.source_date)
        pending = catalog.pending(release, redo=redo)
        drafts[index] = drafter.remember(release, pending, year=year)
        pending = [text for text in pending if text not in drafts[index]]
        jobs += [(index, job) for job in drafter.jobs(release, pending, year=year)]
    jobs.sort(key=lambda job: -len(job[1].text))
    _log.debug(
        "%s: %d releases, %d segments from the memory, %d for the machine",
        drafter.language,
        len(releases),
        sum(map(len, drafts)),
        len(jobs),
    )
    interrupted = False
    try:
        with progress(len(jobs), drafter.language) as advance:
            starts = range(0, len(jobs), workers.chunk)
            chunks = [jobs[start : start + workers.chunk] for start in starts]
            of_each = ([job for _, job in chunk] for chunk in chunks)
            for number, done in workers.draft(drafter, of_each):
                for (index, job), draft in zip(chunks[number], done, strict=True):
                    drafts[index][job.marked] = draft
                advance(len(done))
                _log.debug("%s: %d segments drafted", drafter.language, len(done))
    except KeyboardInterrupt:
        interrupted = True
    for release, before, made in zip(releases, catalogs, drafts, strict=True):
        # A reviewer may have saved the file in the meantime: what is on disk now is what counts.
        catalog = _update(project, before.path, release, made)
        yield Outcome(
            release=release.name,
            language=drafter.language,
            catalog=catalog.path,
            drafted=sum(bool(draft.text) for draft in made.values()),
            kept=sum(bool(unit.target) for unit in catalog.units if unit.source not in made),
            findings=(*release.findings, *(f for d in made.values() for f in d.findings)),
        )
    if interrupted:
        raise Interrupted(
            "stopped; what was finished is saved, the same command goes on from there"
        )


def _update(project: Settings, path: Path, release: Release, drafts: dict[str, Draft]) -> Catalog:
    def change(catalog: Catalog) -> Catalog:
        catalog.update(release, drafts, source_file=project.relative(release.path))
        return catalog

    return edit(path, lambda _: _open_catalog(project, release, project.named(path)[1]), change)


def translate_lines(
    project: Settings,
    lines: Sequence[str],
    language: str,
    *,
    date: Date | None = None,
    enforce: bool = True,
) -> list[Draft]:
    """A draft for each line, an empty one for an empty line; nothing is written."""
    drafter = Drafter(
        engine(project),
        Terminology.load(project.glossaries),
        language,
        enforce=enforce,
        style=project.style,
    )
    jobs = drafter.jobs_of([line.strip() for line in lines], year=_year(date))
    done = iter(drafter.draft([job for job in jobs if job.text]))
    return [next(done) if job.text else Draft("", "") for job in jobs]


def explain(
    project: Settings, text: str, language: str, *, date: Date | None = None
) -> tuple[Job, Translation, Enforced]:
    """What the machine makes of one segment, and what enforcement makes of that, and why."""
    drafter = Drafter(engine(project), Terminology.load(project.glossaries), language)
    jobs = drafter.jobs_of([text.strip()], year=_year(date))
    ((translation, enforced),) = drafter.decide(jobs)
    return jobs[0], translation, enforced


def check(project: Settings, catalogs: Iterable[Path]) -> list[Finding]:
    """What is to be looked at in these catalogs, in their order."""
    terminology = Terminology.load(project.glossaries)
    return [
        finding for path in catalogs for finding in _check(project, open_catalog(path), terminology)
    ]


def _check(project: Settings, catalog: Catalog, terminology: Terminology) -> list[Finding]:
    units = catalog.units
    year = _year(catalog.source_date)
    found = []
    found_terms = terminology.find([inline.plain(unit.source) for unit in units])
    for unit, matches in zip(units, found_terms, strict=True):
        fuzzy = unit.state in (State.DRAFT, State.EDITED)
        for finding in checks.check(
            unit.source, unit.target, catalog.language, fuzzy=fuzzy, matches=matches, year=year
        ):
            if finding.id in unit.ignored:
                continue
            found.append(
                replace(
                    finding,
                    source=unit.source,
                    language=catalog.language,
                    file=project.relative(catalog.path),
                    line=unit.line,
                )
            )
    return found


def approve(
    project: Settings, release: str, language: str, lines: Sequence[int], *, reviewer: str
) -> int:
    """Mark the entries that hold these lines of the PO file (all where none is given) as reviewed;
    how many changed.
    """
    (path,) = find_catalogs(project, [release], [language])

    def mark(catalog: Catalog) -> tuple[Catalog, int]:
        units = _standing_at(catalog, lines, project) if lines else catalog.units
        return catalog, catalog.approve((unit.source for unit in units), reviewer)

    catalog, changed = edit(path, open_catalog, mark)
    # Also where nothing changed: a run before this one may have been killed in between.
    _learn(project, catalog, open_source(project, catalog))
    return changed


def _standing_at(catalog: Catalog, lines: Sequence[int], project: Settings) -> list[Unit]:
    """The units that hold these lines of the PO file."""
    chosen = []
    for line in lines:
        above = [unit for unit in catalog.units if unit.line <= line]
        if not above:
            raise TranslatorError(
                "no entry stands here", file=project.relative(catalog.path), line=line
            )
        chosen.append(above[-1])
    return chosen


def open_source(project: Settings, catalog: Catalog) -> Release:
    """The release that a catalog translates, segmented."""
    name, _ = project.named(catalog.path)
    return open_release(source_of(project, catalog), date=catalog.source_date, name=name)


def _learn(project: Settings, catalog: Catalog, release: Release) -> None:
    with Memory(project.memory) as memory:
        learn(memory, catalog, release)


def publish(
    project: Settings,
    release: str,
    language: str,
    formats: Iterable[str] | None = None,
    *,
    draft: bool = False,
    show_terms: bool = False,
    script: str = "",
) -> list[Path]:
    """Write a release's publications in one language; the files written. With `script`, a language
    that can be written in that one is.

    `formats` are DEFAULT_FORMATS and the source's own if left out. In the source's own format the
    translation stands in the source document itself.

    Raises Refusal, with what stands in the way as details, where anything is not reviewed or has an
    error-level finding; with `draft` it publishes all the same, marked as a draft and named so.
    """
    if formats is not None and not formats:
        raise TranslatorError("--format names no format: use for example --format html,pdf")
    for format in formats or ():
        if format not in (*publishing.FORMATS, *_IN_PLACE):
            known = dict.fromkeys((*publishing.FORMATS, *_IN_PLACE))
            raise TranslatorError(f"unknown format “{format}”: use {', '.join(known)}")
    edition = open_edition(
        project, release, language, draft=draft, show_terms=show_terms, script=script
    )
    if formats is None:
        formats = dict.fromkeys((*DEFAULT_FORMATS, *edition.own_format))
    rendered = {format: _rendered(project, edition, format) for format in formats}
    written = []
    for format, content in rendered.items():
        mark = ".draft" if draft else ""
        target = (
            project.public / edition.publication.language / f"{edition.source.name}{mark}.{format}"
        )
        files.write(target, content)
        written.append(target)
    if not draft:
        learn_from(project, edition)
    return written


def preview(project: Settings, release: str, language: str, format: str) -> bytes:
    """The publication in one format as it would be now, a marked draft while it may not be
    published; nothing is written.
    """
    try:
        edition = open_edition(project, release, language)
    except Refusal:
        edition = open_edition(project, release, language, draft=True)
    return _rendered(project, edition, format)


def _rendered(project: Settings, edition: Edition, format: str) -> bytes:
    publication, source = edition.publication, edition.source
    if format not in edition.own_format:
        if format not in publishing.FORMATS:
            raise TranslatorError(
                f"cannot be published as {format}: only a .{format} source can", file=source.path
            )
        design = publishing.Design(template=project.template or publishing.TEMPLATE)
        return publishing.render(publication, format, design=design)
    rows = replace(publication, rows=edition.rows).typeset().rows
    targets = [
        documents.BlockTranslation(block, row.target, row.target_inlines)
        for block, row in zip(source.blocks, rows, strict=True)
    ]
    mark = publishing.draft_mark(publication.language) if publication.draft else ""
    return documents.write(source.path, targets, publication.language, mark=mark)


@dataclass(frozen=True, slots=True)
class Edition:
    """A release in one language, ready to be rendered, and what it was made from."""

    catalog: Catalog
    source: Release
    publication: publishing.Publication
    rows: tuple[Row, ...]  # of all blocks, those too that only the document itself has a place for

    @property
    def own_format(self) -> tuple[str, ...]:
        """The format that the source document is in, where a translation can stand in it."""
        suffix = self.source.path.suffix.lower()
        return (suffix.removeprefix("."),) if suffix in documents.WRITERS else ()


def learn_from(project: Settings, edition: Edition) -> None:
    """Let the memory learn what has been published."""
    _learn(project, edition.catalog, edition.source)


def open_edition(
    project: Settings,
    release: str,
    language: str,
    *,
    draft: bool = False,
    show_terms: bool = False,
    script: str = "",
) -> Edition:
    """Read a release and its catalog. Raises Refusal as `publish` does, unless for a `draft`."""
    written_in = publishing.in_script(language, script)
    (path,) = find_catalogs(project, [release], [language])
    catalog = open_catalog(path)
    source = open_source(project, catalog)
    terminology = Terminology.load(project.glossaries)
    if not draft:
        _refuse_unreviewed(project, catalog, source, terminology)
    rows = tuple(
        _styled(row, language, project.style) for row in _rows(source, catalog, terminology)
    )
    publication = publishing.Publication(
        release_name=source.name,
        language=written_in,
        rows=publishing.whole_notes(row for row in rows if row.kind not in _ASIDE),
        date=source.date,
        draft=draft,
        show_terms=show_terms,
        assets=source.assets,
        addresses=_addresses(project, source.name),
    )
    return Edition(catalog, source, publication, rows)


def _addresses(project: Settings, release: str) -> dict[str, str]:
    """Where the site has the versions of a release that are reviewed, if it has an address."""
    if not project.site_url:
        return {}
    paths = {code: project.catalog(release, code) for code in project.languages}
    return {
        code: f"{project.site_url}/{code}/{quote(release)}.html"
        for code, path in paths.items()
        if path.is_file() and all(u.state is State.APPROVED for u in open_catalog(path).units)
    }


def _refuse_unreviewed(
    project: Settings, catalog: Catalog, source: Release, terminology: Terminology
) -> None:
    place = project.relative(catalog.path)
    known = {unit.source for unit in catalog.units}
    if any(segment.text not in known for segment in source.segments):
        raise Refusal("the source has changed: run `translator translate` on it again", file=place)
    errors = [f for f in _check(project, catalog, terminology) if f.severity is Severity.ERROR]
    if errors:
        raise Refusal(
            f"not published, errors: {len(errors)}; mend them, or use --draft",
            file=place,
            details=report.render(errors, "text").rstrip("\n").split("\n"),
        )


def _rows(source: Release, catalog: Catalog, terminology: Terminology) -> Iterator[Row]:
    """The blocks of the release with their translation; in brackets the source that has none."""
    targets = {segment.text: f"[{segment.text}]" for segment in source.segments}
    targets |= {unit.source: unit.target for unit in catalog.units if unit.target}
    found = iter(terminology.find([inline.plain(s.text, s.tags) for s in source.segments]))
    for block in source.blocks:
        pairs = tuple(
            (inline.plain(s.text, s.tags), inline.plain(targets[s.text], s.tags))
            for s in block.segments
        )
        terms, at = [], 0
        for segment, (text, _) in zip(block.segments, pairs, strict=True):
            terms += [
                replace(m, start=m.start + at, end=m.end + at)
                for m in next(found)
                if not m.term.is_advisory
            ]
            at += len(text) + len(segment.gap)
        target, inlines = inline.joined((targets[s.text], s) for s in block.segments)
        yield Row(
            kind=block.kind,
            source=block.text,
            target=target,
            pairs=pairs,
            terms=tuple(terms),
            source_inlines=block.inlines,
            target_inlines=inlines,
            level=block.level,
            ordered=block.ordered,
            cell=block.cell,
            asset=block.asset,
        )


def _styled(row: Row, language: str, style: Style) -> Row:
    """The row with its target in the house style; what people approved stays in the catalog."""
    if style.leaves(language):
        return row
    matches = [match for match in row.terms if language in match.term.targets]
    kept = places(row.target, language, matches)

    def change(text: str) -> str:
        return style.apply(text, language, kept)

    pairs = tuple(
        (source, style.apply(target, language, places(target, language, matches)))
        for source, target in row.pairs
    )
    inlines = inline.moved(row.target_inlines, row.target, change)
    return replace(row, target=change(row.target), target_inlines=inlines, pairs=pairs)


def _year(date: Date | None) -> int | None:
    return date.year if date else None


def engine(project: Settings) -> Engine:
    """The machine as the project's settings have it."""
    return Engine(
        beam=project.beam,
        threads=project.threads,
        batch_tokens=project.batch_tokens,
        device=project.device,
        chosen=project.packages,
    )


def _open_catalog(project: Settings, release: Release, language: str) -> Catalog:
    """The release's catalog, new or read; TranslatorError where it is another release's."""
    source_file = project.relative(release.path)
    path = project.catalog(release.name, language)
    if not path.exists():
        return Catalog.new(path, release, language, source_file)
    catalog = open_catalog(path)
    if catalog.source_file not in ("", source_file):
        moved = not (project.root / catalog.source_file).exists()
        if not moved and catalog.source_sha256 != release.sha256:
            raise TranslatorError(
                f"is the catalog of {catalog.source_file}, not of {source_file}: rename one of the "
                "two releases, so that each has its own catalog",
                file=path,
            )
    return catalog


def _refuse_namesake(release: Release, seen: dict[str, Path]) -> None:
    """Raise TranslatorError where another of the releases `seen` so far has the name of this."""
    other = seen.setdefault(release.name, release.path)
    if other != release.path:
        raise TranslatorError(
            f"has the same name as {other}, so they share catalogs: rename one", file=release.path
        )
