"""A library's catalogue: one SQLite file that knows every photo, its vector and its thumbnail.

It is the truth of a library. The USearch file beside it is made from its vectors and can always be
made again. A photo is one content (sha256); its files are all the places where that content lies.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adir_desktop.engine.sqlite import damaged, explained
from adir_desktop.errors import LibraryError
from adir_desktop.files import atomic

CATALOGUE = "catalogue.sqlite"
VERSION = 1
PATIENCE = 10.0  # seconds to wait for another process's commit
_SCHEMA = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE folders (path TEXT PRIMARY KEY)",
    # key is the vector's key in USearch too, and never used twice; thumbnail is a JPEG; vector is
    # float16 of length 1
    """CREATE TABLE photos (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        sha256 TEXT NOT NULL UNIQUE,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        author TEXT NOT NULL,
        licence TEXT NOT NULL,
        thumbnail BLOB NOT NULL,
        vector BLOB NOT NULL
    )""",
    """CREATE TABLE files (
        path TEXT PRIMARY KEY,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        photo INTEGER NOT NULL REFERENCES photos (key)
    )""",
    "CREATE INDEX files_of_photo ON files (photo)",
    "CREATE TABLE failed (path TEXT PRIMARY KEY, reason TEXT NOT NULL)",
    f"PRAGMA user_version = {VERSION}",
)


@dataclass(frozen=True)
class FileState:
    """What tells whether a file has changed since it was read."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True)
class NewPhoto:
    """A photo to be added: its content's sha256 and what was learnt from it."""

    sha256: str
    width: int
    height: int
    author: str
    licence: str
    thumbnail: bytes


@dataclass(frozen=True, eq=False)
class StoredPhoto:
    """A photo as the catalogue has it. vector: (d,) float16. paths: its files, sorted."""

    vector: NDArray[np.float16]
    key: int
    sha256: str
    author: str
    licence: str
    thumbnail: bytes
    paths: tuple[str, ...]


def create(home: Path, folders: Iterable[str], meta: Mapping[str, str]) -> None:
    """Makes a catalogue without photos. It is there only when all of it is: a kill leaves none.

    Raises:
        StorageError: the disk is full or read-only.
    """
    path = home / CATALOGUE
    with (
        atomic(path, overwrite=False) as temporary,
        explained(path),
        closing(sqlite3.connect(temporary, isolation_level=None)) as connection,
    ):
        for statement in ("BEGIN", *_SCHEMA):
            connection.execute(statement).close()
        connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items()).close()
        connection.executemany("INSERT INTO folders VALUES (?)", ((folder,) for folder in folders)).close()
        connection.execute("COMMIT").close()


class Catalogue:
    """An open catalogue; close it. Every method raises LibraryError when the file is damaged or busy,
    and StorageError when it cannot be written.
    """

    def __init__(self, home: Path) -> None:
        """Opens the catalogue in a library's folder.

        Raises:
            LibraryError: it is missing, damaged, or of a newer version of the program.
        """
        self.path = home / CATALOGUE
        if not self.path.is_file():
            raise LibraryError(f"The library '{home.name}' does not exist.", "Add its folder as a library.")
        with explained(self.path):
            self._connection = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode=rw",
                uri=True,
                timeout=PATIENCE,
                isolation_level=None,
                check_same_thread=False,  # a dropped job's generator may be closed by another thread
            )
        try:
            self._check_version()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what happens inside is kept, or none of it."""
        self._rows("BEGIN IMMEDIATE")
        try:
            yield
            self._rows("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.rollback()
            raise

    def check(self) -> None:
        """Reads the whole file for damage."""
        if self._rows("PRAGMA quick_check(1)") != [("ok",)]:
            raise damaged(self.path)

    def meta(self) -> dict[str, str]:
        """Values about the library as a whole: encoder, generation, time of the last update …"""
        return dict(self._rows("SELECT key, value FROM meta"))

    def number(self, key: str) -> int:
        """A value of `meta` that is a whole number; 0 if it is not there."""
        try:
            return int(self.meta().get(key, "0"))
        except ValueError as error:
            raise damaged(self.path) from error

    def set_meta(self, values: Mapping[str, str]) -> None:
        self._many("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    def folders(self) -> tuple[str, ...]:
        return tuple(path for (path,) in self._rows("SELECT path FROM folders ORDER BY path"))

    def add_folders(self, folders: Iterable[str]) -> None:
        self._many("INSERT OR IGNORE INTO folders VALUES (?)", ((folder,) for folder in folders))

    def files(self) -> dict[str, FileState]:
        """Every known file by its path."""
        return {row[0]: FileState(*row) for row in self._rows("SELECT path, size, mtime_ns FROM files")}

    def photos(self) -> int:
        """How many photos (contents, not files) there are."""
        return int(self._rows("SELECT COUNT(*) FROM photos")[0][0])

    def key_of(self, sha256: str) -> int | None:
        """The photo with that content, if it is known."""
        rows = self._rows("SELECT key FROM photos WHERE sha256 = ?", (sha256,))
        return int(rows[0][0]) if rows else None

    def add_photo(self, photo: NewPhoto, vector: NDArray[np.float32]) -> int:
        """Adds a photo, its vector rounded to float16; returns its key, or that of the same content."""
        values = (photo.sha256, photo.width, photo.height, photo.author, photo.licence, photo.thumbnail)
        known = self.key_of(photo.sha256)
        if known is not None:
            return known
        rows = self._rows(
            "INSERT INTO photos (sha256, width, height, author, licence, thumbnail, vector)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING key",
            (*values, vector.astype(np.float16).tobytes()),
        )
        self._changed()
        return int(rows[0][0])

    def put_file(self, file: FileState, photo: int) -> None:
        """Records that `file` holds that photo, whatever it held before."""
        row = (file.path, file.size, file.mtime_ns, photo)
        self._rows("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", row)

    def drop_files(self, paths: Iterable[str]) -> None:
        """Forgets files, and then the photos that are left without any."""
        self._many("DELETE FROM files WHERE path = ?", ((path,) for path in paths))
        rows = self._rows("DELETE FROM photos WHERE key NOT IN (SELECT photo FROM files) RETURNING key")
        if rows:
            self._changed()

    def texts(self, after: int, count: int) -> list[tuple[int, int, str, str, str]]:
        """(row, photo, path, author, licence) of up to `count` files with a row above `after`, ascending."""
        return self._rows(
            "SELECT files.rowid, files.photo, files.path, photos.author, photos.licence"
            " FROM files JOIN photos ON photos.key = files.photo"
            " WHERE files.rowid > ? ORDER BY files.rowid LIMIT ?",
            (after, count),
        )

    def failed(self) -> tuple[tuple[str, str], ...]:
        """(path, reason) of files that could not be read at the last update."""
        return tuple(self._rows("SELECT path, reason FROM failed ORDER BY path"))

    def set_failed(self, failed: Mapping[str, str]) -> None:
        self._rows("DELETE FROM failed")
        self._many("INSERT OR REPLACE INTO failed VALUES (?, ?)", failed.items())

    def vectors(self) -> tuple[NDArray[np.uint64], NDArray[np.float16]]:
        """All keys (n,) in ascending order and their vectors (n, d)."""
        rows = self._rows("SELECT key, vector FROM photos ORDER BY key")
        keys = np.array([key for key, _ in rows], np.uint64)
        return keys, self._matrix([vector for _, vector in rows])

    def stored(self, keys: Sequence[int]) -> list[StoredPhoto]:
        """The photos with these keys, in no particular order; keys that are gone are left out."""
        wanted = (json.dumps([int(key) for key in keys]),)
        paths: dict[int, list[str]] = {}
        for key, path in self._rows(
            "SELECT photo, path FROM files WHERE photo IN (SELECT value FROM json_each(?)) ORDER BY path",
            wanted,
        ):
            paths.setdefault(key, []).append(path)
        rows = self._rows(
            "SELECT vector, key, sha256, author, licence, thumbnail FROM photos"
            " WHERE key IN (SELECT value FROM json_each(?))",
            wanted,
        )
        vectors = self._matrix([row[0] for row in rows])
        return [
            StoredPhoto(vector, key, sha256, author, licence, thumbnail, tuple(paths.get(key, ())))
            for vector, (_, key, sha256, author, licence, thumbnail) in zip(vectors, rows, strict=True)
        ]

    def _check_version(self) -> None:
        version = self._rows("PRAGMA user_version")[0][0]
        if version > VERSION:
            raise LibraryError(
                f"The library '{self.path.parent.name}' was made by a newer version.", "Update the program."
            )
        if version != VERSION or not self._has_tables():
            raise damaged(self.path)

    def _has_tables(self) -> bool:
        named = {name for (name,) in self._rows("SELECT name FROM sqlite_master")}
        return named >= {"meta", "folders", "photos", "files", "failed"}

    def _changed(self) -> None:
        """A new generation: the set of vectors is not what it was when the index was last written."""
        self._rows(
            "INSERT INTO meta VALUES ('generation', '1')"
            " ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1"
        )

    def _matrix(self, blobs: Sequence[bytes]) -> NDArray[np.float16]:
        """Stored vectors as rows (n, d), after a look at whether they can be what was stored."""
        size = 2 * self.number("dimensions")
        if any(len(blob) != size for blob in blobs):
            raise damaged(self.path)
        rows = np.frombuffer(b"".join(blobs), np.float16).reshape(len(blobs), size // 2)
        lengths = np.linalg.norm(rows.astype(np.float32), axis=1)
        if not np.all(np.abs(lengths - 1) < 0.01):  # also refuses what is not a number
            raise damaged(self.path)
        return rows

    def _rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Runs one statement and fetches all of its rows, so that no read lock outlives the call."""
        with explained(self.path), closing(self._connection.execute(statement, values)) as cursor:
            return cursor.fetchall()

    def _many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        with explained(self.path):
            self._connection.executemany(statement, rows).close()
