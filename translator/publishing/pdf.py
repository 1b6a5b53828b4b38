"""The bilingual PDF: both languages side by side, typeset by Typst with the fonts in its wheel.

All text reaches the template as data and is shown as it is. The same publication gives the same
bytes; one without a date bears today's, since PDF/A demands one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from translator.errors import TranslatorError
from translator.model import SOURCE, BlockKind, Row, Term
from translator.publishing import script, typography
from translator.publishing.furniture import draft_mark, language_name, long_date, translate
from translator.publishing.publication import Publication, lines

if TYPE_CHECKING:
    from typst import Compiler, PDFStandard, TypstError

TEMPLATE: Final = Path(__file__).parent / "templates" / "bilingual.typ"
STANDARDS: Final[list[PDFStandard]] = ["a-2b", "ua-1"]

Span = tuple[int, int]
Run = tuple[str, bool]


def render(publication: Publication) -> bytes:
    """The PDF: A4, tagged, PDF/A-2b and PDF/UA-1. TranslatorError where it cannot be made."""
    from typst import TypstError

    data = json.dumps(_data(publication), ensure_ascii=False)
    try:
        pdf = _compiler().compile(format="pdf", sys_inputs={"data": data}, pdf_standards=STANDARDS)
    except TypstError as error:
        raise TranslatorError(_explain(error)) from error
    assert isinstance(pdf, bytes)  # only images come as a list of pages
    return pdf


def _explain(error: TypstError) -> str:
    missing = re.search(r'the text `"(.+?)"` could not be displayed', error.message)
    if missing:
        return (
            f"the PDF cannot show {missing[1]!r}: its font has no such letter; "
            "take it out of the text, or publish as html, md or txt"
        )
    return f"the PDF cannot be made: {error.message}"


@lru_cache(maxsize=1)
def _compiler() -> Compiler:
    import typst

    return typst.Compiler(TEMPLATE, root=TEMPLATE.parent, ignore_system_fonts=True)


def _day(publication: Publication) -> date:
    return publication.date or date.today()


def _data(publication: Publication) -> dict[str, Any]:
    """What the template reads as `data`; see there."""
    day = _day(publication)
    return {
        "author": publication.byline,
        "keywords": [publication.release_name, SOURCE, publication.language],
        "description": f"{publication.source_title} – {publication.title}",
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "draft": publication.draft,
        "source": _side(publication, SOURCE),
        "target": _side(publication, publication.language),
        "rows": [_row(row, publication) for row in publication.body],
        "terms": _terms(publication) if publication.show_terms else [],
        "colophon": _colophon(publication),
    }


def _side(publication: Publication, language: str) -> dict[str, Any]:
    """One language's column: its title, letterhead and the words of the page."""
    is_source = language == SOURCE
    signature = publication.source_signature if is_source else publication.signature
    key = "source" if is_source else "target"
    return {
        "key": key,
        "language": script.base(language),  # Typst knows no scripts
        "name": language_name(language),
        "title": publication.source_title if is_source else publication.title,
        "heading": _row(publication.headline, publication)[key][0],
        "organisation": signature[-1] if signature else "",
        "kind": translate("Press release", language),
        "date": long_date(publication.date, language) if publication.date else "",
        "page": translate("Page {page} of {pages}", language),
        "draft": translate("Draft", language),
        "notice": draft_mark(language),
        "terms": translate("Terms", language),
        "note": translate("Note", language),
    }


def _colophon(publication: Publication) -> list[str]:
    language = publication.language
    name = publication.release_name
    if publication.date:
        name += f" · {long_date(publication.date, language)}"
    origin = translate("Source: Polish original", language)
    if publication.draft:
        return [origin, translate("Machine translation, not yet reviewed", language), name]
    return [origin, name]


def _row(row: Row, publication: Publication) -> dict[str, Any]:
    """A row as lines of runs, for each language."""
    source_spans: list[Span] = []
    target_spans: list[Span] = []
    if publication.show_terms:
        source_spans = [(match.start, match.end) for match in row.terms]
        target_spans = _find_terms(row, publication.language)
    return {
        "kind": "heading" if row.kind is BlockKind.TITLE else row.kind.value,
        "source": _lines(row.kind, row.source, source_spans),
        "target": _lines(row.kind, row.target, target_spans),
    }


def _find_terms(row: Row, language: str) -> list[Span]:
    """Where the target has a correct form of a term that the source has."""
    from translator.terminology.morphology import find_forms

    found: list[Span] = []
    for match in row.terms:
        lemma = match.term.targets.get(language)
        if lemma:
            forms = find_forms(
                lemma, language, row.target, person=match.term.is_person, gender=match.gender
            )
            found += [(start, end) for start, end, _ in forms]
    return found


def _terms(publication: Publication) -> list[list[str]]:
    """Each term of the release once, in reading order: Polish, target, note."""
    terms: dict[str, Term] = {}
    for row in publication.rows:
        for match in sorted(row.terms, key=lambda match: match.start):
            terms.setdefault(match.term.source, match.term)
    language = publication.language
    # The glossary's notes are for the reviewer, not for readers of what is published.
    return [
        [t.source, t.targets.get(language, ""), t.note if publication.draft else ""]
        for t in terms.values()
    ]


def _lines(kind: BlockKind, text: str, spans: Iterable[Span]) -> list[list[Run]]:
    """The block's printed lines, each cut into runs that are a term or not."""
    result = []
    offset = 0
    for line in lines(kind, text):
        # A line is the text itself but for its ends and its line breaks.
        start = text.replace("\n", " ").index(line, offset)
        offset = start + len(line)
        result.append(list(_runs(line, [(a - start, b - start) for a, b in spans])))
    return result


def _runs(line: str, spans: Sequence[Span]) -> Iterator[Run]:
    """Cut a line at the ends of the spans; overlapping spans become one."""
    marked = [any(start <= i < end for start, end in spans) for i in range(len(line))]
    for is_term, group in groupby(enumerate(marked), key=lambda item: item[1]):
        text = "".join(line[i] for i, _ in group)
        yield typography.single_spaces(text), is_term
