"""What SQLite says, in words, and the lock under which one process at a time changes a library."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from adir_desktop.errors import AdirError, LibraryError, StorageError, explain

LOCK = "lock.sqlite"
PATIENCE = 10.0  # seconds to wait for another process's commit
ROOM = 2**20  # bytes: with less a disk is full


@contextmanager
def writing(home: Path) -> Iterator[None]:
    """One process at a time changes a library; a killed one lets go by itself.

    The lock is SQLite's own on a file of no content, since that works alike on every system.

    Raises:
        LibraryError: another process is changing this library now.
    """
    path = home / LOCK
    try:
        connection = sqlite3.connect(path, timeout=0.2, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise _in_words(error, path) from error
    with closing(connection):
        try:
            connection.execute("BEGIN EXCLUSIVE").close()
        except sqlite3.Error as error:
            raise _in_words(error, path) from error
        yield


def connected(path: Path) -> sqlite3.Connection:
    """An open connection to a catalogue that is there, its transactions left to the caller. Close it.

    Raises:
        LibraryError, StorageError: as `explained`.
    """
    with explained(path):
        return sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=PATIENCE,
            isolation_level=None,
            check_same_thread=False,  # a dropped job's generator may be closed by another thread
        )


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of what happens inside is kept, or none of it. Raises sqlite3.Error."""
    connection.execute("BEGIN IMMEDIATE").close()
    try:
        yield
        connection.execute("COMMIT").close()
    except BaseException:
        if connection.in_transaction:
            connection.rollback()
        raise


def damaged(catalogue: Path) -> LibraryError:
    """The error for a catalogue that cannot be trusted any more."""
    name = catalogue.parent.name
    return LibraryError(
        f"The catalogue of the library '{name}' is damaged.",
        "Remove the library and add its folders again; the photos themselves are not touched.",
    )


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """SQLite's errors about the file at `path` become a library's.

    Raises:
        LibraryError: it is damaged, or another process holds it.
        StorageError: it cannot be opened or written, or the disk is full.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _in_words(error, path) from error


def _in_words(error: sqlite3.Error, path: Path) -> AdirError:
    """SQLite's primary result code in words; what is left over can only come from a damaged file."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LibraryError(
            f"The library '{path.parent.name}' is busy: another program is changing it.",
            "Try again when that is done.",
        )
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _is_full(path)):
        return explain(OSError(errno.ENOSPC, "no space", str(path)))
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return StorageError(f"{path} cannot be opened or written.", "Check the permissions of its folder.")
    if code == sqlite3.SQLITE_IOERR:
        return StorageError(
            f"The file system refused {path} ({error}).", "Check the drive and its free space."
        )
    return damaged(path)


def _is_full(path: Path) -> bool:
    """SQLite does not always tell a full disk from a broken one."""
    try:
        return shutil.disk_usage(path.parent).free < ROOM
    except OSError:
        return False
