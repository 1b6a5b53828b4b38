"""The term base: glossaries in CSV, read strictly: a slip is found here, not in a publication.

The first line names the columns: `pl` and one for each target language (its ISO 639 code), then, as
wanted, `domain`, `note`, `case_sensitive` and `forbidden_<language>` (variants separated by "|").
A glossary without a `domain` column whose file is called people… holds persons.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from translator.errors import TranslatorError
from translator.model import SOURCE, Term
from translator.spreadsheet import guard, unguard

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_PLAIN = frozenset({"domain", "note", "case_sensitive"})
_FLAGS = {"": False, "0": False, "no": False, "false": False, "1": True, "yes": True, "true": True}
_KAZAKH_LETTERS = frozenset("әғқңөұүһі")
_CYRILLIC = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя") | _KAZAKH_LETTERS
_SCRIPTS = {  # letters that a language does not have
    "ru": _KAZAKH_LETTERS,
    "en": _CYRILLIC,
    "pl": _CYRILLIC,
}


@dataclass(frozen=True, slots=True)
class TermBase:
    """The terms of some glossaries, each Polish lemma once; `conflicts` says what was overruled."""

    terms: tuple[Term, ...]
    conflicts: tuple[str, ...] = ()

    @classmethod
    def load(cls, paths: Sequence[Path]) -> TermBase:
        """Read the glossaries in order; of a lemma in several of them, the last file's row is kept.

        The place of an overruled term in the order stays. Raises TranslatorError, with file and
        line, at the first row that is broken.
        """
        terms: dict[str, Term] = {}
        conflicts = []
        for path in paths:
            for term in read(path):
                earlier = terms.get(term.source)
                if earlier and earlier.targets != term.targets:
                    conflicts.append(_conflict(earlier, term))
                terms[term.source] = term
        return cls(tuple(terms.values()), tuple(conflicts))

    @property
    def languages(self) -> tuple[str, ...]:
        """The target languages that any term has, in the order of the columns."""
        return tuple(dict.fromkeys(language for t in self.terms for language in t.targets))

    def check(self) -> list[str]:
        """What a terminologist should look at though it loads: a line each, file and line first."""
        return sorted(_warnings(self.terms), key=_place)


def read(path: Path) -> list[Term]:
    """The terms of one glossary; TranslatorError names the line of what is wrong."""
    rows = _rows(path)
    try:
        line, header = next(rows)
    except StopIteration:
        raise TranslatorError(
            "is empty; its first line must name the columns: pl,en,ru,kk,domain,note", file=path
        ) from None
    columns = [name.strip().casefold() for name in header]
    languages = _check_header(columns, path, line)
    default = "person" if "domain" not in columns and path.stem.startswith("people") else ""
    terms: dict[str, Term] = {}
    for line, cells in rows:
        if len(cells) != len(columns):
            raise TranslatorError(
                f"has {len(cells)} cells where the header has {len(columns)};"
                ' quote a cell that holds a comma: "…, …"',
                file=path,
                line=line,
            )
        row = dict(zip(columns, cells, strict=True))
        term = parse(row, languages, path, line, default_domain=default)
        if earlier := terms.get(term.source):
            raise TranslatorError(
                f"“{term.source}” stands already in line {earlier.line}; delete one of them",
                file=path,
                line=line,
            )
        terms[term.source] = term
    return list(terms.values())


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The non-empty records with the line that each begins on."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise TranslatorError(f"cannot be read: {error.strerror}", file=path) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise TranslatorError(
            "is not UTF-8; save the glossary as “CSV UTF-8”", file=path, line=line
        ) from error
    if "\0" in text:
        raise TranslatorError("is a binary file, not a CSV glossary", file=path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begin = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begin, [unguard(cell) for cell in cells]
            begin = reader.line_num + 1
    except csv.Error as error:
        raise TranslatorError(f"is not proper CSV: {error}", file=path, line=begin) from error


def _check_header(columns: Sequence[str], path: Path, line: int) -> list[str]:
    """The target languages that the header names."""

    def refuse(what: str) -> TranslatorError:
        return TranslatorError(what, file=path, line=line)

    if len(columns) == 1 and re.search("[;\t]", columns[0]):
        raise refuse("the columns must be separated by commas, not by semicolons or tabs")
    if SOURCE not in columns:
        raise refuse(f"the column “{SOURCE}” is missing; the first line must name the columns")
    for name in columns:
        if columns.count(name) > 1:
            raise refuse(f"the column “{name}” stands twice")
    languages = [name for name in columns if name != SOURCE and _LANGUAGE.fullmatch(name)]
    if not languages:
        raise refuse("a column for a target language is missing, such as en, ru or kk")
    allowed = {SOURCE, *_PLAIN, *languages, *(f"forbidden_{language}" for language in languages)}
    for name in columns:
        if name not in allowed:
            raise refuse(f"the column “{name}” is unknown; known are {', '.join(sorted(allowed))}")
    return languages


def render(terms: Sequence[Term], path: Path, languages: Sequence[str]) -> str:
    """The content of a glossary at `path`, with the line ends that the file there has, if any.

    Without need it has no column beyond the usual six.
    """
    ends = "\r\n" if path.is_file() and b"\r\n" in path.read_bytes() else "\n"
    columns = [SOURCE, *languages, "domain", "note"]
    if path.stem.startswith("people") and all(term.is_person for term in terms):
        columns.remove("domain")
    if any(term.case_sensitive for term in terms):
        columns.append("case_sensitive")
    columns += [
        f"forbidden_{code}" for code in languages if any(code in t.forbidden for t in terms)
    ]
    content = io.StringIO(newline="")
    table = csv.DictWriter(content, columns, extrasaction="ignore", lineterminator=ends)
    table.writeheader()
    table.writerows({k: guard(cell) for k, cell in row_of(term).items()} for term in terms)
    return content.getvalue()


def row_of(term: Term) -> dict[str, str]:
    """The cells of a term, by column; `parse` makes the term of them again."""
    return {
        SOURCE: term.source,
        **term.targets,
        "domain": term.domain,
        "note": term.note,
        "case_sensitive": "yes" if term.case_sensitive else "",
        **{f"forbidden_{code}": "|".join(variants) for code, variants in term.forbidden.items()},
    }


def parse(
    row: Mapping[str, str],
    languages: Iterable[str],
    path: Path,
    line: int,
    *,
    default_domain: str = "",
) -> Term:
    """The term that the cells of a row describe; TranslatorError where they are no proper term."""
    row = {name: _normal(cell) for name, cell in row.items()}

    def refuse(what: str) -> TranslatorError:
        return TranslatorError(what, file=path, line=line)

    if not row.get(SOURCE):
        raise refuse("the Polish lemma is empty; fill in the column “pl” or delete the row")
    targets = {language: text for language in languages if (text := row.get(language, ""))}
    if not targets:
        raise refuse(f"“{row[SOURCE]}” has no translation; fill one in or delete the row")
    for language, text in (targets | {SOURCE: row[SOURCE]}).items():
        foreign = sorted(set(text.casefold()) & _SCRIPTS.get(language, frozenset()))
        if foreign:
            raise refuse(
                f"“{text}” in the column “{language}” has letters of another language:"
                f" {' '.join(foreign)}"
            )
    flag = row.get("case_sensitive", "").casefold()
    if flag not in _FLAGS:
        raise refuse(f"case_sensitive is “{flag}”; write yes or no")
    forbidden = {
        language: tuple(v for v in map(str.strip, row[column].split("|")) if v)
        for language in languages
        if row.get(column := f"forbidden_{language}")
    }
    for language, variants in forbidden.items():
        if targets.get(language) in variants:
            raise refuse(f"“{targets[language]}” is both required and forbidden in “{language}”")
    return Term(
        source=row[SOURCE],
        targets=targets,
        domain=row.get("domain", default_domain),
        note=row.get("note", ""),
        forbidden=forbidden,
        case_sensitive=_FLAGS[flag],
        file=str(path),
        line=line,
    )


def _normal(cell: str) -> str:
    return " ".join(unicodedata.normalize("NFC", cell).replace("\u00ad", "").split())


def _conflict(earlier: Term, later: Term) -> str:
    differences = ", ".join(
        f"{language}: {earlier.targets.get(language, '–')} → {later.targets.get(language, '–')}"
        for language in dict.fromkeys((*earlier.targets, *later.targets))
        if earlier.targets.get(language) != later.targets.get(language)
    )
    return (
        f"{later.file}:{later.line}: “{later.source}” overrules {earlier.file}:{earlier.line}"
        f" ({differences})"
    )


def _place(warning: str) -> tuple[str, int]:
    file, line, _ = warning.split(":", 2)
    return file, int(line)


def _warnings(terms: Sequence[Term]) -> Iterator[str]:
    languages = dict.fromkeys(language for t in terms for language in t.targets)
    with_yo = {
        word.replace("ё", "е"): word
        for t in terms
        for word in _words(t.targets.get("ru", ""))
        if "ё" in word
    }
    folded: defaultdict[str, list[Term]] = defaultdict(list)
    for term in terms:
        place = f"{term.file}:{term.line}: “{term.source}”"
        folded[term.source.casefold()].append(term)
        for language in languages:
            if language not in term.targets:
                yield f"{place} has no translation into “{language}”"
        for language in ("ru", "kk"):
            text = term.targets.get(language, "")
            if re.search("[A-Za-zĄĆĘŁŃÓŚŹŻąćęłńóśźż]", text):
                yield f"{place}: Latin letters in “{language}”: {text}"
        for word in _words(term.targets.get("ru", "")):
            if word in with_yo:
                yield f"{place}: “{word}” is spelled “{with_yo[word]}” elsewhere"
        for language, variants in term.forbidden.items():
            for variant in variants:
                if variant.casefold() in term.targets.get(language, "").casefold():
                    yield f"{place}: forbidden “{variant}” is part of what “{language}” requires"
    for same in folded.values():
        for term in same[1:]:
            place = f"{term.file}:{term.line}: “{term.source}”"
            yield f"{place} differs from “{same[0].source}” only in capitals"


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
