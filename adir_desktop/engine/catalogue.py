"""A library's catalogue: one SQLite file that knows every photo, its vector and its thumbnail.

It is the truth of a library. The USearch file beside it is made from its vectors and can always be
made again. A photo is one content (sha256); its files are all the places where that content lies.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adir_desktop.engine.filtering import below, condition
from adir_desktop.engine.schema import CATALOGUE, TABLES, VERSION
from adir_desktop.engine.sqlite import connected, damaged, explained, transaction
from adir_desktop.errors import LibraryError
from adir_desktop.searches import Filters

PAGE = 4096  # files read at a time
AMONG = "key IN (SELECT value FROM json_each(?))"  # a list of keys as one value
SMALL = 16 * 2**20  # bytes of a catalogue that is read through for damage before each change (0.1 s)


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
    title: str = ""
    page: str = ""
    taken: str = ""


@dataclass(frozen=True)
class Shard:
    """A USearch file as the catalogue knows it: the vectors with keys from low to high, both included."""

    low: int
    high: int
    file: str
    vectors: int
    size: int
    mtime_ns: int
    sha256: str


@dataclass(frozen=True, eq=False)
class StoredPhoto:
    """A photo as the catalogue has it. vector: (d,) float16. paths: its files, sorted."""

    vector: NDArray[np.float16]
    key: int
    sha256: str
    author: str
    licence: str
    page: str
    thumbnail: bytes
    paths: tuple[str, ...]


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
        self._connection = connected(self.path)
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
        with explained(self.path), transaction(self._connection):
            yield

    def check(self) -> None:
        """Reads the file for damage if it is small: larger ones take too long before every change."""
        if self.path.stat().st_size <= SMALL:
            self.check_all()

    def check_all(self) -> None:
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

    def files(self, outside: Iterable[str] = ()) -> Iterator[FileState]:
        """Every known file, by its path. outside: folders in which it does not lie."""
        parts = [below(folder) for folder in outside]
        where = "".join(f" AND NOT ({sql})" for sql, _ in parts)
        values = [value for _, of_one in parts for value in of_one]
        after = ""
        statement = f"SELECT path, size, mtime_ns FROM files WHERE path > ?{where} ORDER BY path LIMIT ?"  # noqa: S608
        while rows := self._rows(statement, (after, *values, PAGE)):
            after = rows[-1][0]
            yield from (FileState(*row) for row in rows)

    def number_of_files(self) -> int:
        return int(self._rows("SELECT COUNT(*) FROM files")[0][0])

    def has_within(self, folder: str) -> bool:
        """Whether a known file lies in the folder, at any depth."""
        sql, values = below(folder)
        return bool(self._rows(f"SELECT 1 FROM files WHERE {sql} LIMIT 1", values))  # noqa: S608

    def photos(self) -> int:
        """How many photos (contents, not files) there are."""
        return self.number("photos")

    def key_of(self, sha256: str) -> int | None:
        """The photo with that content, if it is known."""
        rows = self._rows("SELECT key FROM photos WHERE sha256 = ?", (sha256,))
        return int(rows[0][0]) if rows else None

    def add_photo(self, photo: NewPhoto, vector: NDArray[np.float32]) -> int:
        """Adds a photo, its vector rounded to float16; returns its key, or that of the same content."""
        known = self.key_of(photo.sha256)
        if known is not None:
            return known
        values = (photo.sha256, photo.width, photo.height, photo.author, photo.licence)
        rows = self._rows(
            "INSERT INTO photos (sha256, width, height, author, licence, title, page, taken)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING key",
            (*values, photo.title, photo.page, photo.taken),
        )
        key = int(rows[0][0])
        self._rows("INSERT INTO vectors VALUES (?, ?)", (key, vector.astype(np.float16).tobytes()))
        self._rows("INSERT INTO thumbnails VALUES (?, ?)", (key, photo.thumbnail))
        return key

    def put_file(self, file: FileState, photo: int) -> None:
        """Records that `file` holds that photo, whatever it held before."""
        row = (file.path, file.size, file.mtime_ns, photo)
        self._rows("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", row)

    def drop_files(self, paths: Iterable[str]) -> None:
        """Forgets files, and then the photos that are left without any."""
        self._many("DELETE FROM files WHERE path = ?", ((path,) for path in paths))
        without = "NOT EXISTS (SELECT 1 FROM files WHERE photo = photos.key)"
        if self._rows(f"DELETE FROM photos WHERE {without} RETURNING key"):  # noqa: S608
            for table in ("vectors", "thumbnails"):
                self._rows(f"DELETE FROM {table} WHERE key NOT IN (SELECT key FROM photos)")  # noqa: S608

    def texts(self, after: int, count: int) -> list[tuple[int, int, str, str]]:
        """(row, photo, path, title, author and licence) of up to `count` files with a row above `after`, ascending."""
        return self._rows(
            "SELECT files.rowid, files.photo, files.path, title || ' ' || author || ' ' || licence"
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

    def count(self, low: int, high: int) -> int:
        """How many photos there are with keys from low to high."""
        return int(self._rows("SELECT COUNT(*) FROM vectors WHERE key BETWEEN ? AND ?", (low, high))[0][0])

    def keys(self, low: int = 0, high: int = 2**62) -> NDArray[np.uint64]:
        """The keys of all photos from low to high, ascending."""
        rows = self._rows("SELECT key FROM vectors WHERE key BETWEEN ? AND ? ORDER BY key", (low, high))
        return np.fromiter((key for (key,) in rows), np.uint64, len(rows))

    def vectors(self, low: int = 0, high: int = 2**62) -> tuple[NDArray[np.uint64], NDArray[np.float16]]:
        """Keys (n,) from low to high in ascending order, and their vectors (n, d)."""
        rows = self._rows(
            "SELECT key, vector FROM vectors WHERE key BETWEEN ? AND ? ORDER BY key", (low, high)
        )
        keys = np.fromiter((key for key, _ in rows), np.uint64, len(rows))
        return keys, self._matrix([vector for _, vector in rows])

    def blocks(
        self, size: int, low: int = 0, high: int = 2**62
    ) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.float16]]]:
        """As `vectors`, up to `size` at a time."""
        every = self.keys(low, high)
        for start in range(0, len(every), size):
            block = every[start : start + size]
            yield self.vectors(int(block[0]), int(block[-1]))

    def vectors_of(self, keys: Sequence[int]) -> tuple[NDArray[np.uint64], NDArray[np.float16]]:
        """As `vectors`, of these keys; keys that are gone are left out."""
        rows = self._rows(
            f"SELECT key, vector FROM vectors WHERE {AMONG} ORDER BY key",  # noqa: S608
            (_as_json(keys),),
        )
        found = np.fromiter((key for key, _ in rows), np.uint64, len(rows))
        return found, self._matrix([vector for _, vector in rows])

    def shards(self) -> tuple[Shard, ...]:
        """The USearch files that were made of the vectors, by their keys."""
        rows = self._rows("SELECT low, high, file, vectors, size, mtime_ns, sha256 FROM shards ORDER BY low")
        return tuple(Shard(*row) for row in rows)

    def put_shard(self, shard: Shard) -> None:
        """Records a USearch file, in the place of all that it overlaps."""
        self._rows("DELETE FROM shards WHERE low <= ? AND high >= ?", (shard.high, shard.low))
        row = (shard.low, shard.high, shard.file, shard.vectors, shard.size, shard.mtime_ns, shard.sha256)
        self._rows("INSERT INTO shards VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def passing(self, filters: Filters, keys: Sequence[int] | None = None, most: int = -1) -> list[int]:
        """Photos that pass the filters, of `keys` or of all, ascending; `most` of them, or all with -1."""
        where, values = condition(filters)
        if keys is not None:
            where, values = f"{where} AND {AMONG}", [*values, _as_json(keys)]
        rows = self._rows(f"SELECT key FROM photos WHERE {where} ORDER BY key LIMIT ?", (*values, most))  # noqa: S608
        return [key for (key,) in rows]

    def stored(self, keys: Sequence[int]) -> list[StoredPhoto]:
        """The photos with these keys, in no particular order; keys that are gone are left out."""
        wanted = (_as_json(keys),)
        paths: dict[int, list[str]] = {}
        for key, path in self._rows(
            "SELECT photo, path FROM files WHERE photo IN (SELECT value FROM json_each(?)) ORDER BY path",
            wanted,
        ):
            paths.setdefault(key, []).append(path)
        rows = self._rows(
            "SELECT vector, key, sha256, author, licence, page, jpeg"  # noqa: S608
            f" FROM photos JOIN vectors USING (key) JOIN thumbnails USING (key) WHERE {AMONG}",
            wanted,
        )
        vectors = self._matrix([row[0] for row in rows])
        return [
            StoredPhoto(vector, key, sha256, author, licence, page, thumbnail, tuple(paths.get(key, ())))
            for vector, (_, key, sha256, author, licence, page, thumbnail) in zip(vectors, rows, strict=True)
        ]

    def _check_version(self) -> None:
        version = self._rows("PRAGMA user_version")[0][0]
        name = self.path.parent.name
        if version > VERSION:
            raise LibraryError(f"The library '{name}' was made by a newer version.", "Update the program.")
        if 0 < version < VERSION:
            raise LibraryError(
                f"The library '{name}' was made by an earlier version.",
                "Remove the library and add its folders again; the photos themselves are not touched.",
            )
        if version != VERSION or not self._has_tables():
            raise damaged(self.path)

    def _has_tables(self) -> bool:
        named = {name for (name,) in self._rows("SELECT name FROM sqlite_master")}
        return named >= set(TABLES)

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


def _as_json(keys: Sequence[int]) -> str:
    """Keys as one value of a statement."""
    return json.dumps([int(key) for key in keys])
