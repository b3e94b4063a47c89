"""The tables of a library's catalogue, and the making of an empty one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from adir_desktop.engine.sqlite import explained
from adir_desktop.files import atomic

CATALOGUE = "catalogue.sqlite"
VERSION = 2
TABLES = {
    "meta": "(key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "folders": "(path TEXT PRIMARY KEY)",
    # key is the vector's key in USearch too, and never used twice; taken is a day, "2019-05-31", or empty
    "photos": """(
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        sha256 TEXT NOT NULL UNIQUE,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        author TEXT NOT NULL,
        licence TEXT NOT NULL,
        title TEXT NOT NULL,
        page TEXT NOT NULL,
        taken TEXT NOT NULL
    )""",
    # float16 of length 1; a table of their own, since they are read by the million
    "vectors": "(key INTEGER PRIMARY KEY, vector BLOB NOT NULL)",
    "thumbnails": "(key INTEGER PRIMARY KEY, jpeg BLOB NOT NULL)",
    "files": """(
        path TEXT PRIMARY KEY,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        photo INTEGER NOT NULL REFERENCES photos (key)
    )""",
    "failed": "(path TEXT PRIMARY KEY, reason TEXT NOT NULL)",
    # USearch files: each holds the vectors whose keys are low to high; size and mtime_ns as it was written
    "shards": """(
        low INTEGER PRIMARY KEY,
        high INTEGER NOT NULL,
        file TEXT NOT NULL,
        vectors INTEGER NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        sha256 TEXT NOT NULL
    )""",
}
FURTHER = (
    "CREATE INDEX files_of_photo ON files (photo)",
    # counting a million rows takes a second when nothing of them is in memory
    "INSERT INTO meta VALUES ('photos', '0')",
    """CREATE TRIGGER photo_added AFTER INSERT ON photos
        BEGIN UPDATE meta SET value = value + 1 WHERE key = 'photos'; END""",
    """CREATE TRIGGER photo_removed AFTER DELETE ON photos
        BEGIN UPDATE meta SET value = value - 1 WHERE key = 'photos'; END""",
)


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
        tables = (f"CREATE TABLE {name} {columns}" for name, columns in TABLES.items())
        for statement in ("BEGIN", *tables, *FURTHER, f"PRAGMA user_version = {VERSION}"):
            connection.execute(statement).close()
        connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items()).close()
        connection.executemany("INSERT INTO folders VALUES (?)", ((folder,) for folder in folders)).close()
        connection.execute("COMMIT").close()
