"""Files that glossaries are exchanged in: TBX, and tables as IATE, UNTERM and spreadsheets have.

TBX is written as TBX-Basic of 2008 (`martif`), which CAT tools read; the editions of 2019 (`tbx`)
and TBX-Min are read as well. A term is a concept: `descrip` subjectField is its domain, `note` its
note; a variant that must not be used is a term of the status "deprecatedTerm-admn-sts".

IATE exports a row for each term, separated by "|", with the columns E_ID, E_DOMAINS, L_CODE,
T_TERM, T_TYPE, T_RELIABILITY, T_EVALUATION and others (read off public scripts that parse
`IATE_export.csv`; its data fields are explained on iate.europa.eu/tbx). Any other table has a row
for each concept and a column for each language, under its code or its English name, with synonyms
separated by "|" or line breaks: the form of a UNTERM sheet saved as CSV or as tab-separated text.
UNTERM publishes no description of its columns; those that name no language and are not `domain`,
`subject`, `note` or `comment` are passed over.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translator import xml
from translator.errors import TranslatorError
from translator.model import SOURCE, Term
from translator.spreadsheet import unguard
from translator.terminology import termbase

if TYPE_CHECKING:
    from lxml import etree

PREFERRED, ADMITTED, FORBIDDEN = range(3)
CASE_SENSITIVE = "x-caseSensitive"  # TBX has no category for it

_DEPRECATED = "deprecatedTerm-admn-sts"
_TBX_NAMES = {  # newer editions' names for the elements of the edition that the toolkit reads
    "tbx": "martif", "TBX": "martif", "conceptEntry": "termEntry", "entry": "termEntry",
    "langSec": "langSet", "langGroup": "langSet", "termSec": "tig", "termGroup": "tig",
    "ntig": "tig",
}  # fmt: skip
_TBX_CATEGORIES = {  # elements of the style DCT and of TBX-Min, as (element, type)
    "subjectField": ("descrip", "subjectField"),
    "administrativeStatus": ("termNote", "administrativeStatus"),
    "termStatus": ("termNote", "administrativeStatus"),
    "termType": ("termNote", "termType"),
}
_IATE = {"L_CODE", "T_TERM", "E_ID"}
_RELIABLE = ("very reliable", "reliable", "reliability not verified", "minimum reliability")
_SHORT = ("abbrev", "acronym", "initialism")
_COLUMNS = {"domain": "domain", "subject": "domain", "note": "note", "comment": "note"}


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the terms of a concept in a language; `short` is set on an abbreviation."""

    text: str
    status: int = ADMITTED
    short: bool = False
    case_sensitive: bool = False


@dataclass(slots=True)
class Concept:
    """What terms of several languages mean; in each language the better ones come first."""

    line: int
    domain: str = ""
    note: str = ""
    variants: dict[str, list[Variant]] = field(default_factory=dict)

    def add(self, language: str, variant: Variant) -> None:
        if variant.text:
            self.variants.setdefault(language.replace("_", "-").split("-")[0].lower(), []).append(
                variant
            )

    def rows(self, languages: Sequence[str]) -> Iterator[dict[str, str]]:
        """A glossary row for each Polish term, an abbreviation with the others' abbreviations.

        Without a Polish term it is one row with an empty one. Synonyms go into the note.
        """
        for source in self._allowed(SOURCE) or [Variant("")]:
            row = {SOURCE: source.text, "domain": self.domain}
            notes = [self.note] if self.note else []
            for language in languages:
                allowed = self._allowed(language)
                if not allowed:
                    continue
                chosen = next((v for v in allowed if v.short == source.short), allowed[0])
                row[language] = chosen.text
                alike = [v.text for v in allowed if v.short == chosen.short and v != chosen]
                if alike:
                    notes.append(f"also {language}: {', '.join(alike)}")
                forbidden = [v.text for v in self.variants[language] if v.status == FORBIDDEN]
                row[f"forbidden_{language}"] = "|".join(forbidden)
            row["note"] = "; ".join(notes)
            row["case_sensitive"] = "yes" if source.case_sensitive else ""
            yield row

    def _allowed(self, language: str) -> list[Variant]:
        found = [v for v in self.variants.get(language, ()) if v.status != FORBIDDEN]
        return sorted(found, key=lambda variant: variant.status)


def read(path: Path, languages: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a glossary file with their lines, as `termbase.parse` takes them.

    Where the file has no Polish, `pl` is empty. Raises TranslatorError where it is no such file.
    """
    ending = path.suffix.lower()
    if ending == ".tbx":
        concepts = _read_tbx(path)
    elif ending in (".csv", ".tsv", ".txt"):
        header, rows = _table(path)
        if _is_own(header):
            for term in termbase.read(path):
                yield term.line, termbase.row_of(term)
            return
        concepts = _iate(header, rows) if set(header) >= _IATE else _wide(path, header, rows)
    else:
        raise TranslatorError("unknown kind of file: use .tbx, .csv, .tsv or .txt", file=path)
    for concept in concepts:
        for row in concept.rows(languages):
            if any(row.get(language) for language in languages):
                yield concept.line, row


def writer(path: Path) -> Callable[[Sequence[Term], Sequence[str]], bytes]:
    """What makes the content of a glossary file with this ending from terms, for some languages."""
    if path.suffix.lower() == ".tbx":
        return _write_tbx
    if path.suffix.lower() == ".csv":
        return lambda terms, languages: termbase.render(terms, path, languages).encode()
    raise TranslatorError("unknown kind of file: use .tbx or .csv", file=path)


def _is_own(header: Sequence[str]) -> bool:
    known = {"domain", "note", "case_sensitive"}
    return SOURCE in header and all(
        name in known or re.fullmatch("(forbidden_)?[a-z]{2,3}", name) for name in header
    )


def _table(path: Path) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The header of a table and its rows with their lines, whatever separates its columns."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except OSError as error:
        raise TranslatorError(f"cannot be read: {error.strerror}", file=path) from error
    except UnicodeDecodeError as error:
        raise TranslatorError("is not UTF-8: save it as “CSV UTF-8”", file=path) from error
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(",;\t|", key=first.count)
    # IATE does not quote: a term may begin with a quotation mark that is never closed
    quoting: dict[str, Any] = {"quoting": csv.QUOTE_NONE} if separator == "|" else {}
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, **quoting)

    def rows() -> Iterator[tuple[int, list[str]]]:
        line = 1
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield line, [unguard(cell.strip()) for cell in cells]
                line = reader.line_num + 1
        except csv.Error as error:
            raise TranslatorError(f"is no proper table: {error}", file=path, line=line) from error

    found = rows()
    _, header = next(found, (1, []))
    return header, found


def _iate(header: Sequence[str], rows: Iterable[tuple[int, list[str]]]) -> Iterator[Concept]:
    records = [(line, dict(zip(header, cells, strict=False))) for line, cells in rows]
    records.sort(key=lambda record: record[1].get("E_ID", ""))  # stable: the best order is ours
    for _, group in groupby(records, key=lambda record: record[1].get("E_ID", "")):
        same = list(group)
        line, first = same[0]
        concept = Concept(line, domain=first.get("E_DOMAINS", ""))
        for _, record in sorted(same, key=lambda each: _reliability(each[1])):
            concept.add(
                record.get("L_CODE", ""),
                Variant(
                    record.get("T_TERM", ""),
                    _status(record.get("T_EVALUATION", "")),
                    _is_short(record.get("T_TYPE", "")),
                ),
            )
        yield concept


def _reliability(record: dict[str, str]) -> int:
    level = record.get("T_RELIABILITY", "").lower()
    return _RELIABLE.index(level) if level in _RELIABLE else len(_RELIABLE)


def _status(value: str) -> int:
    word = value.strip().lower()
    if word.startswith(("deprecated", "superseded", "obsolete", "notrecommended")):
        return FORBIDDEN
    return PREFERRED if word.startswith("preferred") else ADMITTED


def _is_short(kind: str) -> bool:
    return kind.strip().lower().startswith(_SHORT)


def _wide(
    path: Path, header: Sequence[str], rows: Iterable[tuple[int, list[str]]]
) -> Iterator[Concept]:
    columns = [_column(name) for name in header]
    if sum(len(name) in (2, 3) for name in columns) < 2:
        raise TranslatorError(
            "the first line names no two languages, by code or English name, nor is it IATE's",
            file=path,
        )
    for line, cells in rows:
        concept = Concept(line)
        for name, cell in zip(columns, cells, strict=False):
            if name in ("domain", "note"):
                setattr(concept, name, cell)
            elif name:
                for text in re.split(r"[|\n]", cell):
                    concept.add(name, Variant(text.strip()))
        yield concept


def _column(name: str) -> str:
    """What a column holds: a language (its code), "domain", "note", or nothing of use."""
    from babel import Locale

    name = name.strip().lower()
    if found := re.fullmatch("([a-z]{2,3})([-_][a-z]{2,4})?", name):
        return found.group(1)
    named = {english.lower(): code for code, english in Locale("en").languages.items()}
    return named.get(name) or _COLUMNS.get(name.removesuffix("s"), "")


def _read_tbx(path: Path) -> Iterator[Concept]:
    from lxml import etree
    from translate.misc.xml_helpers import getXMLlang
    from translate.storage.tbx import tbxfile

    root = xml.read(path)
    lines = _to_basic(root)
    if root.tag != "martif" or root.find(".//body") is None:
        raise TranslatorError("is no TBX file (its root is no <martif> or <tbx>)", file=path)
    store = tbxfile.parsestring(etree.tostring(root, encoding="UTF-8"))
    for line, unit in zip(lines, store.units, strict=True):
        concept = Concept(line)
        for note in unit.get_common_notes():
            if note.scope == "concept" and note.category == "subjectField":
                concept.domain = concept.domain or note.text
            elif note.scope == "concept" and note.category in (None, "definition"):
                concept.note = "; ".join(part for part in (concept.note, note.text) if part)
        for node in unit.getlanguageNodes():
            language = getXMLlang(node) or ""
            for term in unit.get_target_terms(language):
                notes = {note.category: note.text for note in term.notes if note.scope == "term"}
                concept.add(
                    language,
                    Variant(
                        term.text,
                        _status(term.administrative_status or ""),
                        _is_short(notes.get("termType", "")),
                        notes.get(CASE_SENSITIVE) == "yes",
                    ),
                )
        yield concept


def _to_basic(root: etree._Element) -> list[int]:
    """Rename what newer editions of TBX call otherwise; the lines of the concepts."""
    from lxml import etree

    lines = []
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        if name in _TBX_CATEGORIES:
            name, category = _TBX_CATEGORIES[name]
            element.set("type", category)
        element.tag = _TBX_NAMES.get(name, name)
        if element.tag == "termEntry":
            lines.append(element.sourceline or 0)
    etree.strip_tags(root, "termGrp", "termNoteGrp")
    etree.cleanup_namespaces(root)
    return lines


def _write_tbx(terms: Sequence[Term], languages: Sequence[str]) -> bytes:
    from translate.storage.tbx import tbxfile

    store = tbxfile(sourcelanguage=SOURCE)
    store.document.getroot().set("type", "TBX-Basic")
    for number, term in enumerate(terms, 1):
        texts = [(SOURCE, term.source, "")]
        for language in languages:
            if language in term.targets:
                texts.append((language, term.targets[language], ""))
            texts += [(language, text, _DEPRECATED) for text in term.forbidden.get(language, ())]
        unit = store.addsourceunit(term.source)
        unit.setid(f"t{number}")
        _describe(unit, term)
        for language, same in groupby(texts, key=itemgetter(0)):
            variants = list(same)
            unit.set_target_terms([text for _, text, _ in variants], language)
            for (_, _, status), tig in zip(variants, _tigs(unit, language), strict=True):
                if status:
                    _append(tig, "termNote", status, type="administrativeStatus")
        if term.case_sensitive:
            _append(_tigs(unit, SOURCE)[0], "termNote", "yes", type=CASE_SENSITIVE)
    return bytes(store)


def _tigs(unit: Any, language: str) -> list[etree._Element]:
    return list(unit.get_target_dom(language).findall("tig"))


def _describe(unit: Any, term: Term) -> None:
    """Put the domain and the note of a concept before its languages, as the format wants it."""
    for tag, text, attributes in (
        ("note", term.note, {}),
        ("descrip", term.domain, {"type": "subjectField"}),
    ):
        if text:
            unit.xmlelement.insert(0, _append(unit.xmlelement, tag, text, **attributes))


def _append(parent: etree._Element, tag: str, text: str, **attributes: str) -> etree._Element:
    from lxml import etree
    from translate.misc.xml_helpers import safely_set_text

    element = etree.SubElement(parent, tag, attributes)
    safely_set_text(element, text)
    return element
