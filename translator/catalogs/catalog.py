"""One PO file: its entries as units, and its reading and writing.

The format is GNU gettext's, unwrapped (`msgcat --no-wrap` writes the same bytes), so that a change
of one sentence is a change of one line. An entry is *approved* when it has a translation and no
`fuzzy` flag: any PO editor can approve. What the machine proposed stays in the entry as `#.
draft:`, which tells a person's edit from an untouched draft and shows later how far the two are
apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path

import polib

from translator import files
from translator.catalogs.entry import IGNORE, State, Unit, add_seconds, mark, read_unit
from translator.catalogs.update import merge
from translator.errors import TranslatorError
from translator.model import Draft, Release

# A line of a PO file that is no comment; polib itself lets an unterminated string pass and drops
# its end.
LINE = re.compile(
    r"\s*(?:#~\s*)?(?:\|\s*)?(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s*)?"
    r'"(?:[^"\\]|\\["\\ntrbfv])*"\s*'
)
# What ends a line for polib but not for gettext.
_SEPARATOR = re.compile("[\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029]")
_UNTRANSLATED = re.compile(r'^msgstr ""\s*$(?!\s*")', re.MULTILINE)
# Comments and flags that gettext accepts without the space that polib wants.
_COMMENT = re.compile(r"^#(?=[^\s.:,|~])", re.MULTILINE)
_FLAG = re.compile(r"^#,(?=\S)", re.MULTILINE)


class Catalog:
    """The PO file at `path`, in memory until `save`."""

    def __init__(self, path: Path, po: polib.POFile, on_disk: bytes = b""):
        self.path = path
        self._po = po
        self._on_disk = on_disk  # b"" where there is no file yet
        self._content = on_disk.decode("utf-8-sig")

    @classmethod
    def read(cls, path: Path) -> Catalog:
        """The catalog at `path`. TranslatorError with the line where it is no valid PO file."""
        try:
            on_disk = path.read_bytes()
            content = on_disk.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise TranslatorError(
                f"is not UTF-8 (byte {error.start}): save it as UTF-8 in the PO editor", file=path
            ) from error
        except OSError as error:
            raise TranslatorError(f"cannot be read: {error.strerror}", file=path) from error
        if not content.strip():  # translator leaves none; another program is about to write it
            raise TranslatorError("is empty: restore it, or delete it to begin anew", file=path)
        _refuse_broken_lines(content, path)
        readable = _COMMENT.sub("# ", _FLAG.sub("#, ", content))
        try:
            # polib takes a name or the content itself and tells them apart by asking for a file of
            # that name
            po = polib.pofile(readable + ("" if content.endswith("\n") else "\n"), wrapwidth=0)
        except (OSError, ValueError, IndexError) as error:
            found = re.search(r"\(line (\d+)\)(?:: (.*))?", str(error))
            raise TranslatorError(
                f"is not a valid PO file ({(found and found[2]) or 'syntax error'}): mend it",
                file=path,
                line=int(found[1]) if found else None,
            ) from error
        _refuse_strange_entries(po, path)
        return cls(path, po, on_disk)

    @classmethod
    def new(cls, path: Path, release: Release, language: str, source_file: str) -> Catalog:
        """An empty catalog for the translation of `release`, not yet on disk."""
        po = polib.POFile(wrapwidth=0)
        po.metadata = _header(release.name, language) | {
            "X-Source-File": source_file,
            "X-Source-SHA256": release.sha256,
        }
        return cls(path, po)

    @property
    def source_file(self) -> str:
        return str(self._po.metadata.get("X-Source-File", ""))

    @property
    def source_sha256(self) -> str:
        return str(self._po.metadata.get("X-Source-SHA256", ""))

    @property
    def source_date(self) -> date | None:
        """The date of the release, where one was known when it was translated."""
        try:
            return date.fromisoformat(str(self._po.metadata.get("X-Source-Date", "")))
        except ValueError:
            return None

    @property
    def language(self) -> str:
        """The language of the header, without the country that some editors add (`ru_RU`)."""
        return re.split("[_@-]", str(self._po.metadata.get("Language", "")))[0]

    @property
    def revised(self) -> str:
        """When the file was last changed, as its header says."""
        return str(self._po.metadata.get("PO-Revision-Date", ""))

    @property
    def reviewer(self) -> str:
        """Who changed it last, empty where only the machine did."""
        name = str(self._po.metadata.get("Last-Translator", ""))
        return "" if name == "Automatically generated" else name

    @property
    def units(self) -> list[Unit]:
        """The live entries in reading order."""
        return [read_unit(entry) for entry in self._entries()]

    def require(self, language: str) -> None:
        """Raise TranslatorError where this is a catalog for another language; fill a missing
        header.
        """
        if self.language and self.language != language:
            raise TranslatorError(
                f"is a catalog for “{self.language}”, not “{language}”: put it into its own folder",
                file=self.path,
            )
        for key, value in _header(self.path.stem, language).items():
            self._po.metadata.setdefault(key, value)

    def pending(self, release: Release, *, redo: bool = False) -> list[str]:
        """The distinct segments of `release` that need a draft, in reading order.

        Those are the segments without a translation; with `redo` also those whose draft nobody
        touched.
        """
        wanted = {State.UNTRANSLATED, State.DRAFT} if redo else {State.UNTRANSLATED}
        done = {entry.msgid for entry in self._po if read_unit(entry).state not in wanted}
        return [
            text for text in dict.fromkeys(s.text for s in release.segments) if text not in done
        ]

    def update(self, release: Release, drafts: dict[str, Draft], *, source_file: str) -> None:
        """Bring the catalog to the present source, with `drafts` (segment → draft) where nothing is
        there yet.
        """
        self._po[:] = merge(list(self._po), release, drafts, source_file=source_file)
        self._po.metadata["X-Source-File"] = source_file
        self._po.metadata["X-Source-SHA256"] = release.sha256
        if release.date is not None:
            self._po.metadata["X-Source-Date"] = release.date.isoformat()

    def approve(self, sources: Iterable[str], reviewer: str = "") -> int:
        """Clear the fuzzy flag of these entries; how many changed. Untranslated ones are left
        alone.
        """
        wanted, changed = set(sources), 0
        for entry in self._entries():
            if entry.msgid in wanted and entry.msgstr and entry.fuzzy:
                mark(entry, fuzzy=False)
                entry.previous_msgid = None
                changed += 1
        if changed:
            self.sign(reviewer)
        return changed

    def sign(self, reviewer: str) -> None:
        """Name the person who changed the file last; nothing happens without a name."""
        if reviewer:
            self._po.metadata["Last-Translator"] = reviewer

    def revise(self, source: str, target: str, *, approved: bool, seconds: int = 0) -> None:
        """Put a person's translation into the entry of this segment, approved or still to be
        reviewed; `seconds` of work are added to those that its `#. time:` tells.

        KeyError where there is no such live entry, TranslatorError where the file could not be read
        again with this text.
        """
        if strange := _SEPARATOR.search(polib.escape(target)):
            raise TranslatorError(
                f"has the invisible character U+{ord(strange[0]):04X}, which a PO file cannot hold:"
                f" “{target}”",
                file=self.path,
            )
        entry = self._entry(source)
        entry.msgstr = target
        mark(entry, fuzzy=bool(target) and not approved)
        if approved:
            entry.previous_msgid = None
        if seconds:
            add_seconds(entry, seconds)

    def overrule(self, source: str, check: str) -> None:
        """Note that a person found a check wrong about this segment: `# check: ignore ID`."""
        entry = self._entry(source)
        if check not in read_unit(entry).ignored:
            entry.tcomment = "\n".join(filter(None, [entry.tcomment, IGNORE + check]))

    def save(self) -> bool:
        """Write the file atomically where its content changed; whether it did.

        Raises Conflict, and writes nothing, where another program has changed the file since it was
        read.
        """
        if self._render() == self._content:
            return False
        self._po.metadata["PO-Revision-Date"] = _now()
        content = self._render()
        files.write(self.path, content, over=self._on_disk)
        self._po = polib.pofile(content, wrapwidth=0)  # entries know their new lines
        self._content, self._on_disk = content, content.encode()
        return True

    def _render(self) -> str:
        return str(self._po).rstrip("\n") + "\n"

    def _entry(self, source: str) -> polib.POEntry:
        entry = next((e for e in self._entries() if e.msgid == source), None)
        if entry is None:
            raise KeyError(source)
        return entry

    def _entries(self) -> Iterator[polib.POEntry]:
        return (entry for entry in self._po if not entry.obsolete)


def is_complete(path: Path, *, source_file: str, sha256: str, date: date | None = None) -> bool:
    """Whether the catalog at `path` translates all of this very source (of `date`, where one is
    given). It looks at the text only, so that thousands are told in a second; where it cannot tell,
    it says no.
    """
    try:
        content = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return False
    fields = {"X-Source-File": source_file, "X-Source-SHA256": sha256}
    if date is not None:
        fields["X-Source-Date"] = date.isoformat()
    header = content[: content.find("\n\n")]
    lines = (f'"{key}: {polib.escape(value)}\\n"' for key, value in fields.items())
    return all(line in header for line in lines) and not _UNTRANSLATED.search(content)


def _header(project: str, language: str) -> dict[str, str]:
    """The header fields of a new catalog."""
    from babel.messages.plurals import get_plural

    plural = get_plural(language)
    return {
        "Project-Id-Version": project,
        "PO-Revision-Date": _now(),
        "Last-Translator": "Automatically generated",
        "Language-Team": "none",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": f"nplurals={plural.num_plurals}; plural={plural.plural_expr};",
        "X-Generator": f"translator {_version()}",
    }


@cache
def _version() -> str:
    return version("translator")


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M%z")


def _refuse_broken_lines(content: str, path: Path) -> None:
    for number, line in enumerate(content.split("\n"), 1):
        plain = line.strip("\r \t")
        comment = plain.startswith("#") and not plain.startswith("#~")
        problem = ""
        if strange := _SEPARATOR.search(line.rstrip("\r")):
            problem = f"has the invisible character U+{ord(strange[0]):04X}: delete it"
        elif plain and not comment and not LINE.fullmatch(line):
            problem = (
                "is no line of a PO file (an open quotation mark?): mend it or restore the file"
            )
        if problem:
            raise TranslatorError(problem, file=path, line=number)


def _refuse_strange_entries(po: polib.POFile, path: Path) -> None:
    """Refuse what this tool never writes and could not keep: doubles, contexts, plurals."""
    seen: dict[str, int] = {}
    for entry in po:
        if entry.obsolete:
            continue
        problem = ""
        if entry.msgid in seen:
            problem = (
                f"the entry of line {seen[entry.msgid]} stands here again: delete one of the two"
            )
        elif entry.msgctxt is not None or entry.msgid_plural:
            problem = (
                "an entry with a context or plural is none of a release: remove msgctxt, plural"
            )
        if problem:
            raise TranslatorError(problem, file=path, line=entry.linenum)
        seen[entry.msgid] = entry.linenum or 0
