"""Files that memories are exchanged in: TMX, tables (TSV, CSV) and PO catalogs.

A table has a column for each language, by its code, `pl` among them; its header may also name
`release`, `before`, `after`, `date` and `reviewer`. Without a header its columns are pl, en, ru,
kk, or the first of these.
TSV has no quoting: a tab or line break in a text becomes a space. TMX has a unit for each entry,
with the attributes `changedate` and `changeid` and the properties `x-release`, `x-context-pre` and
`x-context-post`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from translator.catalogs import Catalog, State
from translator.errors import TranslatorError
from translator.memory.entry import Entry, normalize
from translator.model import SOURCE
from translator.settings import LANGUAGES
from translator.spreadsheet import guard, unguard

if TYPE_CHECKING:
    from lxml import etree

DETAILS = ("release", "before", "after", "date", "reviewer")

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_TMX_CODES = ("bpt", "ept", "it", "ph", "ut")  # what stands in them is markup, not text
_TMX_PROPERTIES = {"x-release": "release", "x-context-pre": "before", "x-context-post": "after"}


def read(path: Path) -> Iterator[Entry]:
    """The entries of a file, whose format its ending tells; of a catalog the approved ones.

    Raises TranslatorError with file and line where something is wrong, perhaps only after some
    entries.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise TranslatorError(f"unknown kind of file: use {', '.join(_READERS)}", file=path)
    return reader(path)


def writer(path: Path) -> Callable[[Iterable[Entry]], bytes]:
    """What makes the content of a file with this ending from entries in the memory's order."""
    found = _WRITERS.get(path.suffix.lower())
    if found is None:
        raise TranslatorError(f"unknown kind of file: use {', '.join(_WRITERS)}", file=path)
    return found


def _tsv(path: Path) -> Iterator[Entry]:
    lines = _text(path).removesuffix("\n").split("\n")
    return _table(path, ((n, line.rstrip("\r").split("\t")) for n, line in enumerate(lines, 1)))


def _csv(path: Path) -> Iterator[Entry]:
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)

    def rows() -> Iterator[tuple[int, list[str]]]:
        line = 1
        try:
            for row in reader:
                yield line, row
                line = reader.line_num + 1
        except csv.Error as error:
            raise TranslatorError(f"is no valid CSV: {error}", file=path, line=line) from error

    return _table(path, rows())


def _table(path: Path, rows: Iterable[tuple[int, list[str]]]) -> Iterator[Entry]:
    columns: Sequence[str] = ()
    for line, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if not columns:
            columns = _columns(path, line, row)
            if SOURCE in row:
                continue
        if len(row) != len(columns):
            raise TranslatorError(
                f"has {len(row)} columns, not {len(columns)}: mend the row", file=path, line=line
            )
        texts = (unguard(cell.strip()) for cell in row)
        cells = dict(zip(columns, texts, strict=False))
        source = cells.pop(SOURCE, "")
        details = {name: cells.pop(name, "") for name in DETAILS}
        if not source:
            raise TranslatorError("has no Polish text: mend the row", file=path, line=line)
        for language, target in cells.items():
            if target:
                yield Entry(source, target, language, **details)


def _columns(path: Path, line: int, row: Sequence[str]) -> Sequence[str]:
    """What the columns of a table are, from its first row, whether that is a header or not."""
    if SOURCE not in row:
        return (SOURCE, *LANGUAGES)[: max(2, len(row))]  # one column alone is a mistake
    for name in row:
        if name not in DETAILS and not _LANGUAGE.fullmatch(name):
            raise TranslatorError(
                f"unknown column “{name}”: use language codes and {', '.join(DETAILS)}",
                file=path,
                line=line,
            )
    if len(set(row)) < len(row):
        raise TranslatorError("a column stands there twice", file=path, line=line)
    return tuple(row)


def _po(path: Path) -> Iterator[Entry]:
    catalog = Catalog.read(path)
    if not catalog.language:
        raise TranslatorError("its header has no Language: add it", file=path)
    for unit in catalog.units:
        if unit.state is State.APPROVED:
            yield Entry(
                unit.source,
                unit.target,
                catalog.language,
                release=path.stem,
                date=catalog.revised[:10],
                reviewer=catalog.reviewer,
            )


def _tmx(path: Path) -> Iterator[Entry]:
    from lxml import etree
    from translate.misc.xml_helpers import getXMLlang
    from translate.storage.tmx import tmxfile

    try:
        store = tmxfile.parsestring(_bytes(path))
    except etree.XMLSyntaxError as error:
        raise TranslatorError(
            f"is no valid XML: {error.msg}", file=path, line=error.lineno
        ) from error
    except (AssertionError, AttributeError, ValueError) as error:
        raise TranslatorError(
            "is no TMX file (its root is not <tmx> with a <body>)", file=path
        ) from error
    for unit in store.units:
        texts: dict[str, str] = {}
        nodes: dict[str, etree._Element] = {}
        for node in unit.getlanguageNodes():
            language = (getXMLlang(node) or "").replace("_", "-").split("-")[0].lower()
            etree.strip_elements(node, *_TMX_CODES, with_tail=False)
            texts[language] = (unit.getNodeText(node) or "").strip()
            nodes[language] = node
        source = texts.pop(SOURCE, "")
        if not source:
            raise TranslatorError(
                "a unit without a Polish text: only memories from Polish can be used",
                file=path,
                line=unit.xmlelement.sourceline,
            )
        for language, target in texts.items():
            if target and _LANGUAGE.fullmatch(language):
                yield Entry(
                    source, target, language, **_tmx_details(unit.xmlelement, nodes[language])
                )


def _tmx_details(unit: etree._Element, node: etree._Element) -> dict[str, str]:
    """What is known of a translation; what stands at the language counts before the unit's own."""
    details: dict[str, str] = {}
    for element in (unit, node):
        date = element.get("changedate") or element.get("creationdate") or ""
        if found := re.match(r"(\d{4})(\d\d)(\d\d)", date):
            details["date"] = "-".join(found.groups())
        reviewer = element.get("changeid") or element.get("creationid")
        if reviewer:
            details["reviewer"] = reviewer
        for child in element:
            name = _TMX_PROPERTIES.get(child.get("type", ""))
            if name and child.text:
                details[name] = child.text
    return details


def _write_tmx(entries: Iterable[Entry]) -> bytes:
    from lxml import etree
    from translate.misc.xml_helpers import safely_set_text
    from translate.storage.tmx import tmxfile

    store = tmxfile(sourcelanguage=SOURCE)
    for entry in entries:
        unit = store.addsourceunit(entry.source, SOURCE)
        unit.settarget(entry.target, entry.language, append=True)
        for name, attribute in reversed(_TMX_PROPERTIES.items()):
            if value := getattr(entry, attribute):
                property = etree.Element("prop", type=name)
                safely_set_text(property, value)
                unit.xmlelement.insert(0, property)
        if entry.date:
            unit.xmlelement.set("changedate", entry.date.replace("-", "") + "T000000Z")
        if entry.reviewer:
            unit.xmlelement.set("changeid", entry.reviewer)
    return bytes(store)


def _write_tsv(entries: Iterable[Entry]) -> bytes:
    rows = _rows(list(entries))
    return "".join("\t".join(guard(normalize(c)) for c in row) + "\n" for row in rows).encode()


def _write_csv(entries: Iterable[Entry]) -> bytes:
    content = io.StringIO(newline="")
    rows = (map(guard, row) for row in _rows(list(entries)))
    csv.writer(content, lineterminator="\n").writerows(rows)
    return content.getvalue().encode()


def _rows(entries: Sequence[Entry]) -> Iterator[list[str]]:
    """A header, then a row for what was translated into several languages in the same place; a
    second translation into the same language has a row of its own.
    """
    languages = sorted({entry.language for entry in entries})
    yield [SOURCE, *languages, *DETAILS]
    for (source, *details), same in groupby(
        entries, lambda e: (e.source, *(getattr(e, name) for name in DETAILS))
    ):
        rest = list(same)
        while rest:
            row: dict[str, str] = {}
            left = []
            for entry in rest:
                if entry.language in row:
                    left.append(entry)
                else:
                    row[entry.language] = entry.target
            yield [source, *(row.get(language, "") for language in languages), *details]
            rest = left


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise TranslatorError("is not UTF-8: save it as UTF-8", file=path, line=line) from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise TranslatorError(f"cannot be read: {error.strerror}", file=path) from error


_READERS: dict[str, Callable[[Path], Iterator[Entry]]] = {
    ".tmx": _tmx,
    ".tsv": _tsv,
    ".csv": _csv,
    ".po": _po,
}
_WRITERS: dict[str, Callable[[Iterable[Entry]], bytes]] = {
    ".tmx": _write_tmx,
    ".tsv": _write_tsv,
    ".csv": _write_csv,
}
