"""The rows of a catalogue, sound or not: what is wrong with them, read so that a long statement can be stopped."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from adir_desktop.contract import Event
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.schema import TABLES, VERSION
from adir_desktop.engine.sqlite import connected, explained
from adir_desktop.errors import LibraryError
from adir_desktop.interrupt import Interrupted, check

STEPS = 20_000  # of SQLite's machine between two questions whether to stop: some milliseconds
BLOCK = 4096  # vectors looked at together
NAMED = 3  # examples
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_FORMAT)


@dataclass(frozen=True)
class Fault:
    """Rows of a table that should not be there as they are. shown: SQL for an example of them."""

    kind: str
    table: str
    where: str
    shown: str


_PATH = "COALESCE((SELECT path FROM files WHERE photo = photos.key), sha256)"
_NOBODYS = "NOT EXISTS (SELECT 1 FROM photos WHERE photos.key = {})"
# the marks that a JPEG begins and ends with
_PICTURE = (
    "EXISTS (SELECT 1 FROM thumbnails WHERE thumbnails.key = photos.key"
    " AND substr(jpeg, 1, 2) = x'FFD8' AND substr(jpeg, -2) = x'FFD9')"
)
PHOTO_FAULTS = (
    Fault(
        "no-vector",
        "photos",
        "NOT EXISTS (SELECT 1 FROM vectors WHERE vectors.key = photos.key)",
        _PATH,
    ),
    Fault("bad-vector", "photos", "key IN (SELECT key FROM temp.unfit)", _PATH),
    Fault("no-thumbnail", "photos", f"NOT {_PICTURE}", _PATH),
    Fault("no-file", "photos", "NOT EXISTS (SELECT 1 FROM files WHERE photo = photos.key)", "sha256"),
)
STRAY_FAULTS = (
    Fault("stray-vector", "vectors", _NOBODYS.format("vectors.key"), "key"),
    Fault("stray-thumbnail", "thumbnails", _NOBODYS.format("thumbnails.key"), "key"),
    Fault("stray-file", "files", _NOBODYS.format("files.photo"), "path"),
)


class Rows:
    """A catalogue's tables as SQLite has them. Close it.

    Statements end with `Interrupted` soon after the person asked to stop; SQLite's own errors leave them as they are.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stopped: BaseException | None = None
        self._connection = connected(path)
        self._connection.set_progress_handler(self._asked, STEPS)

    def close(self) -> None:
        self._connection.close()

    def each(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """The rows of a statement, one after the other."""
        try:
            with closing(self._connection.execute(statement, values)) as cursor:
                yield from cursor
        except sqlite3.Error:
            if self._stopped is not None:
                raise self._stopped from None
            raise

    def all(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        return list(self.each(statement, values))

    def number(self, statement: str, values: Sequence[Any] = ()) -> int:
        """The one number that a statement gives; 0 for none."""
        rows = self.all(statement, values)
        return int(rows[0][0] or 0) if rows else 0

    def changed(self, statement: str, values: Sequence[Any] = ()) -> int:
        """How many rows a statement changed."""
        self.all(statement, values)
        return self.number("SELECT changes()")  # those of triggers are not among them

    def many(self, statement: str, rows: Iterator[Sequence[Any]]) -> None:
        self._connection.executemany(statement, rows).close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what happens inside is kept, or none of it."""
        self.all("BEGIN IMMEDIATE")
        try:
            yield
            self.all("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.rollback()
            raise

    def dimensions(self) -> int:
        """Numbers of a vector; 0 where the catalogue does not say it, so that no vector fits."""
        said = self.all("SELECT value FROM meta WHERE key = 'dimensions'")
        return int(said[0][0]) if said and str(said[0][0]).isdecimal() else 0

    def _asked(self) -> bool:
        """Called by SQLite, which would swallow what is raised here."""
        try:
            check()
        except (Interrupted, KeyboardInterrupt) as wish:
            self._stopped = wish
            return True
        return False


def page_faults(rows: Rows, most: int = 20, *, thorough: bool = True) -> list[str]:
    """What SQLite finds wrong with the file itself, in its own words, and tables that are missing.

    thorough: looks into the indexes too.

    Raises:
        LibraryError: it is of a newer version of the program, or busy.
        StorageError: it cannot be opened.
    """
    pragma = "integrity_check" if thorough else "quick_check"
    try:
        if rows.number("PRAGMA user_version") > VERSION:
            name = rows.path.parent.name
            raise LibraryError(f"The library '{name}' was made by a newer version.", "Update the program.")
        told = [line for (text,) in rows.all(f"PRAGMA {pragma}({most})") for line in str(text).splitlines()]
        found = [line for line in told if line != "ok" and not line.startswith("***")]  # a heading
        named = {name for (name,) in rows.all("SELECT name FROM sqlite_master")}
    except sqlite3.Error as error:
        with explained(rows.path):
            if not is_damage(error):
                raise
        return [str(error)]
    return found + [f"the table {name} is missing" for name in TABLES if name not in named]


def is_damage(error: sqlite3.Error) -> bool:
    """Whether SQLite speaks of the file's content rather than of the disk or of other programs."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF in _DAMAGE


def note_unfit(rows: Rows, pace: Pace) -> Generator[Event, None, None]:
    """Notes photos whose vector is of another length than the library's, no unit vector or no number, in temp.unfit."""
    rows.all("CREATE TEMP TABLE IF NOT EXISTS unfit (key INTEGER PRIMARY KEY)")
    rows.all("DELETE FROM temp.unfit")
    size, after, done = 2 * rows.dimensions(), 0, 0
    query = "SELECT key, vector FROM vectors WHERE key > ? ORDER BY key LIMIT ?"
    while found := rows.all(query, (after, BLOCK)):
        rows.many("INSERT INTO temp.unfit VALUES (?)", ((key,) for key in _unfit(found, size)))
        after, done = found[-1][0], done + len(found)
        if pace.due():
            yield pace.at(done)


def _unfit(found: Sequence[tuple[int, Any]], size: int) -> list[int]:
    """The keys of those that are not unit vectors of `size` bytes of float16."""
    fits = [isinstance(vector, bytes) and len(vector) == size > 0 for _, vector in found]
    whole = [row for row, fit in zip(found, fits, strict=True) if fit]
    bad = [key for (key, _), fit in zip(found, fits, strict=True) if not fit]
    if whole:
        matrix = np.frombuffer(b"".join(vector for _, vector in whole), np.float16).reshape(len(whole), -1)
        with np.errstate(over="ignore", invalid="ignore"):
            lengths = np.linalg.norm(matrix.astype(np.float32), axis=1)
        bad += [key for (key, _), length in zip(whole, lengths, strict=True) if not abs(length - 1) < 0.01]
    return bad


def count_of(rows: Rows, fault: Fault) -> tuple[int, tuple[str, ...]]:
    """How many rows have that fault, and a few examples. `note_unfit` has run before."""
    count = rows.number(f"SELECT COUNT(*) FROM {fault.table} WHERE {fault.where}")  # noqa: S608
    if not count:
        return 0, ()
    query = f"SELECT {fault.shown} FROM {fault.table} WHERE {fault.where} LIMIT {NAMED}"  # noqa: S608
    return count, tuple(str(value) for (value,) in rows.all(query))


def forget(rows: Rows, fault: Fault) -> int:
    """Removes the rows with that fault; how many there were. `note_unfit` has run before."""
    return rows.changed(f"DELETE FROM {fault.table} WHERE {fault.where}")  # noqa: S608
