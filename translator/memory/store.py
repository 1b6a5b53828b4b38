"""The memory's file: an SQLite database of segments and their translations.

Several processes may use it at once: a write is one transaction that waits for the others (write-
ahead log, so that readers never wait), and a killed one leaves no trace. Table `segment` has each
Polish segment once, under a digest of its normalised text; table `translation` what it became, with
where, when and by whom.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any

from translator import files, inline
from translator.errors import TranslatorError
from translator.memory import concordance, index, similarity
from translator.memory.entry import Entry, Hit, Match, normalize

APPLICATION = 0x706C746D  # "pltm" in the file's header says that it is ours
VERSION = 2
WAIT = 60.0  # seconds that a command waits for another's transaction
CANDIDATES = 300  # segments that a fuzzy look-up scores
CHUNK = 10_000

_SCHEMA = (
    "CREATE TABLE segment (id INTEGER PRIMARY KEY, key INTEGER NOT NULL UNIQUE,"
    " source TEXT NOT NULL)",
    "CREATE TABLE translation (segment INTEGER NOT NULL REFERENCES segment, language TEXT NOT NULL,"
    " release TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, target TEXT NOT NULL,"
    " date TEXT NOT NULL, reviewer TEXT NOT NULL,"
    " PRIMARY KEY (segment, language, release, before, after, target)) WITHOUT ROWID",
    index.SCHEMA,
    f"PRAGMA application_id = {APPLICATION}",
    f"PRAGMA user_version = {VERSION}",
)
_ENTRY = "SELECT source, target, language, release, before, after, date, reviewer"
_JOIN = "FROM segment JOIN translation ON segment = id"


class Memory:
    """The translation memory at `path`. Reading never makes the file: without one, it is empty.

    Every method raises TranslatorError where the file is damaged, not a memory, or kept locked.
    """

    def __init__(self, path: Path):
        self.path = path
        self._open: sqlite3.Connection | None = None

    def __enter__(self) -> Memory:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def add(self, entries: Iterable[Entry]) -> int:
        """Add entries, all or, where anything fails, none; how many there were.

        One that is there already takes the new date and reviewer.
        """
        with self._writing() as database:
            return _insert(database, entries)

    def replace(self, release: str, language: str, entries: Sequence[Entry]) -> int:
        """Add entries of one release, in place of what the memory has from that release for the
        same segments: a correction leaves no wrong translation behind.
        """
        with self._writing() as database:
            database.executemany(
                "DELETE FROM translation WHERE language = ? AND release = ?"
                " AND segment = (SELECT id FROM segment WHERE key = ?)",
                ((language, release, _key(normalize(entry.source))) for entry in entries),
            )
            return _insert(database, entries)

    def exact(self, source: str, language: str, before: str = "", after: str = "") -> Match | None:
        """The translation of this very segment (see `normalize`): 101% where both neighbours are
        the same too, else 100%; of several the newest.
        """
        place = (normalize(before), normalize(after))
        best: Match | None = None
        for entry in self._entries(
            f"{_JOIN} WHERE key = ? AND language = ?", _key(normalize(source)), language
        ):
            same = any(place) and (entry.before, entry.after) == place
            match = Match(entry, 101 if same else 100, entry.target)
            if best is None or _preference(match) > _preference(best):
                best = match
        return best

    def fuzzy(
        self, source: str, language: str, *, limit: int = 5, threshold: int = 70
    ) -> list[Match]:
        """The most similar segments that have a translation, best first, by `similarity.score`;
        the very segment, if there, is the first, with 100.

        Tags count for nothing, and the texts of the matches have none.
        """
        text = normalize(inline.plain(source))
        with self._reading() as database:
            if database is None:
                return []
            ids = index.candidates(database, text, CANDIDATES)
            marks = ",".join("?" * len(ids))
            rows = database.execute(
                f"SELECT id, source FROM segment WHERE id IN ({marks}) AND EXISTS"
                " (SELECT 1 FROM translation WHERE segment = id AND language = ?)",
                (*ids, language),
            ).fetchall()
        others = [normalize(inline.plain(other)) for _, other in rows]
        matches = []
        for score, at in similarity.rank(text, others, limit=limit, threshold=threshold):
            found = self._entries(f"{_JOIN} WHERE id = ? AND language = ?", rows[at][0], language)
            entry = max(found, key=lambda entry: (entry.date, entry.target))
            entry = _plain(entry)
            matches.append(Match(entry, score, entry.target))
        return matches

    def concordance(
        self, text: str, languages: Sequence[str] = (), *, limit: int = 20
    ) -> list[Hit]:
        """Entries whose source has the phrase in whatever inflection, the newest segments first;
        their texts are without tags.
        """
        with self._reading() as database:
            if database is None:
                return []
            phrase = concordance.Phrase(text)
            hits: list[Hit] = []
            condition, values = _only(languages)
            for id in index.holding(database, phrase.forms):
                ((source,),) = database.execute("SELECT source FROM segment WHERE id = ?", (id,))
                if not (spans := phrase.find(inline.plain(source))):
                    continue
                for entry in self._entries(f"{_JOIN} WHERE id = ?{condition}", id, *values):
                    hits.append(Hit(_plain(entry), spans))
                if len(hits) >= limit:
                    break
            return hits[:limit]

    def entries(self, languages: Sequence[str] = ()) -> Iterator[Entry]:
        """All entries (in these languages only, where any is given), in the order of import."""
        condition, values = _only(languages)
        return self._entries(f"{_JOIN} WHERE true{condition} ORDER BY id", *values)

    def stats(self) -> dict[str, Any]:
        """The numbers of segments, of translations by language, and of releases, the newest date,
        and the file's size in bytes.
        """
        with self._reading() as database:
            if database is None:
                return {"segments": 0, "translations": {}, "releases": 0, "newest": "", "bytes": 0}
            ((segments,),) = database.execute("SELECT count(*) FROM segment")
            languages = database.execute(
                "SELECT language, count(*) FROM translation GROUP BY language ORDER BY language"
            ).fetchall()
            ((releases, newest),) = database.execute(
                "SELECT count(DISTINCT nullif(release, '')), max(date) FROM translation"
            )
            ((pages,),) = database.execute("PRAGMA page_count")
            ((page,),) = database.execute("PRAGMA page_size")
        return {
            "segments": segments,
            "translations": dict(languages),
            "releases": releases,
            "newest": newest or "",
            "bytes": pages * page,
        }

    def _entries(self, rest: str, *values: Any) -> Iterator[Entry]:
        with self._reading() as database:
            if database is not None:
                for row in database.execute(f"{_ENTRY} {rest}", values):
                    yield Entry(*row)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        with self._clear_errors():
            yield self._connect() if self._open or self.path.exists() else None

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A connection in a transaction that is committed at the end, rolled back on any error."""
        files.folder(self.path.parent)
        with self._clear_errors():
            database = self._connect(create=True)
            assert database is not None  # it was made
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
                database.execute("COMMIT")
            except BaseException:
                if database.in_transaction:  # else SQLite has done it, as where the disk is full
                    database.execute("ROLLBACK")
                raise

    def _connect(self, *, create: bool = False) -> sqlite3.Connection | None:
        """The open file; None where it is empty and not to be made."""
        if self._open is None:
            name = f"{self.path.resolve().as_uri()}?mode={'rwc' if create else 'rw'}"
            database = sqlite3.connect(name, uri=True, timeout=WAIT, isolation_level=None)
            try:
                if not self._is_memory(database):
                    if not create:
                        database.close()
                        return None
                    self._make(database)
                database.execute("PRAGMA synchronous = NORMAL")
                database.execute("PRAGMA cache_size = -65536")  # 64 MiB
            except BaseException:
                database.close()
                raise
            self._open = database
        return self._open

    def _is_memory(self, database: sqlite3.Connection) -> bool:
        """Whether it holds a memory, not nothing; TranslatorError where it is another's."""
        ((application,),) = database.execute("PRAGMA application_id")
        ((version,),) = database.execute("PRAGMA user_version")
        ((tables,),) = database.execute("SELECT count(*) FROM sqlite_master")
        if application == APPLICATION and version > VERSION:
            raise TranslatorError(
                "was written by a newer version of translator: update", file=self.path
            )
        if application == APPLICATION and version < VERSION:
            raise TranslatorError(
                "was written by an older version: export it with that one, move it away, import it",
                file=self.path,
            )
        if application == APPLICATION:
            return True
        if tables or application:
            raise TranslatorError(
                "is a database of another program, not a memory: move it away", file=self.path
            )
        return False

    def _make(self, database: sqlite3.Connection) -> None:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("BEGIN IMMEDIATE")
        if not self._is_memory(database):  # else another process was faster
            for statement in _SCHEMA:
                database.execute(statement)
        database.execute("COMMIT")

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
            if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                message = "another process is writing to it: try again"
            elif code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR):
                message = (
                    f"is damaged or no memory ({error}): restore it, or delete it and import again"
                )
            else:
                message = f"cannot be used: {error}"
            raise TranslatorError(message, file=self.path) from error


def _insert(database: sqlite3.Connection, entries: Iterable[Entry]) -> int:
    ((last,),) = database.execute("SELECT coalesce(max(id), 0) FROM segment")
    total, rest = 0, iter(entries)
    with index.Builder(database) as builder:
        while chunk := list(islice(rest, CHUNK)):
            texts = [normalize(entry.source) for entry in chunk]
            keys = [_key(text) for text in texts]
            marks = ",".join("?" * len(keys))
            ids = dict(
                database.execute(f"SELECT key, id FROM segment WHERE key IN ({marks})", keys)
            )
            segments, new = [], []
            for key, text, entry in zip(keys, texts, chunk, strict=True):
                if key not in ids:
                    last += 1
                    ids[key] = last
                    segments.append((last, key, entry.source))
                    new.append((last, inline.plain(text)))
            database.executemany("INSERT INTO segment VALUES (?, ?, ?)", segments)
            database.executemany(
                "INSERT OR REPLACE INTO translation VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        ids[key],
                        entry.language,
                        entry.release,
                        entry.before and normalize(entry.before),
                        entry.after and normalize(entry.after),
                        entry.target,
                        entry.date,
                        entry.reviewer,
                    )
                    for key, entry in zip(keys, chunk, strict=True)
                ),
            )
            if new:
                builder.add(new)
            total += len(chunk)
        builder.flush()
    return total


def _key(text: str) -> int:
    """What a normalised text is found by: 64 bits of a digest, as many as SQLite's integers have
    (an index of longer ones is slower by a sixth). That any two of a million texts share one has a
    probability of 3 in 100 million.
    """
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), signed=True)


def _plain(entry: Entry) -> Entry:
    return replace(entry, source=inline.plain(entry.source), target=inline.plain(entry.target))


def _preference(match: Match) -> tuple[int, str, str]:
    """What to order translations of the same segment by; the text last, so that it is settled."""
    return match.score, match.entry.date, match.target


def _only(languages: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """A condition for these languages, none for all, and its values."""
    if not languages:
        return "", ()
    return f" AND language IN ({','.join('?' * len(languages))})", tuple(languages)
