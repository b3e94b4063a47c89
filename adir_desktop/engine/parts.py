"""Catalogues that join others: libraries that are merged, and parts that were made elsewhere for a library.

A part is a catalogue in one file, with the photos of a list of files. It is there only when it is whole, so that
whoever makes it may be killed at any moment.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from adir_desktop.contract import Event, Notice
from adir_desktop.engine import indexing, vector_index
from adir_desktop.engine.catalogue import Catalogue, FileState
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.schema import CATALOGUE, VERSION, create
from adir_desktop.engine.sqlite import connected, explained, transaction, writing
from adir_desktop.errors import LibraryError
from adir_desktop.files import atomic

PAGE = 500  # photos of one transaction: some megabytes, under 0.1 s
IDENTITY = "encoder", "preprocessing", "dimensions"  # of vectors that may be compared

# What is there of a photo in the other catalogue; a row without its vector or thumbnail cannot be taken.
_WHOLE = """
    EXISTS (SELECT 1 FROM other.vectors AS one WHERE one.key = theirs.key AND length(one.vector) = :bytes)
    AND EXISTS (SELECT 1 FROM other.thumbnails AS one WHERE one.key = theirs.key)"""
_PAGE = "theirs.key > :after AND theirs.key <= :last"
_SAME = "JOIN main.photos AS mine ON mine.sha256 = theirs.sha256"
# A photo is only taken with a file: one that is known in a newer state does not bring its older content back.
_PHOTOS = f"""INSERT INTO main.photos ({{photos}}) SELECT {{photos}} FROM other.photos AS theirs
    WHERE {_PAGE} AND {_WHOLE}
    AND NOT EXISTS (SELECT 1 FROM main.photos AS mine WHERE mine.sha256 = theirs.sha256)
    AND EXISTS (SELECT 1 FROM other.files AS file WHERE file.photo = theirs.key AND NOT EXISTS (
        SELECT 1 FROM main.files AS known
        WHERE known.path = file.path AND known.mtime_ns >= file.mtime_ns AND NOT :part))
    ORDER BY theirs.key"""  # noqa: S608
_COPIES = f"""INSERT OR IGNORE INTO main.{{table}} SELECT mine.key, one.{{column}} FROM other.photos AS theirs
    JOIN other.{{table}} AS one ON one.key = theirs.key {_SAME} WHERE {_PAGE}"""  # noqa: S608
_FILES = f"""INSERT INTO main.files (path, size, mtime_ns, photo)
    SELECT file.path, file.size, file.mtime_ns, mine.key FROM other.photos AS theirs
    JOIN other.files AS file ON file.photo = theirs.key {_SAME} WHERE {_PAGE} ORDER BY theirs.key, file.path
    ON CONFLICT (path) DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns, photo = excluded.photo
    WHERE excluded.mtime_ns > mtime_ns OR (
        :part AND (excluded.size, excluded.mtime_ns, excluded.photo) != (size, mtime_ns, photo))"""  # noqa: S608
_LAST = "SELECT MAX(key) FROM (SELECT key FROM other.photos WHERE key > ? ORDER BY key LIMIT ?)"
_TORN = f"SELECT COUNT(*) FROM other.photos AS theirs WHERE {_PAGE} AND NOT ({_WHOLE})"  # noqa: S608
_ADOPT = "INSERT OR IGNORE INTO main.meta SELECT key, value FROM other.meta WHERE key IN (?, ?, ?)"
_REST = (
    "INSERT OR IGNORE INTO main.folders SELECT path FROM other.folders",
    # what either could read has not failed
    "DELETE FROM main.failed WHERE path IN (SELECT path FROM other.files)",
    """INSERT OR REPLACE INTO main.failed SELECT path, reason FROM other.failed
    WHERE path NOT IN (SELECT path FROM main.files) OR :part""",
)


@dataclass(frozen=True)
class Taken:
    """What was new: photos, and files that were unknown or known in an older state."""

    photos: int
    files: int


def take(catalogue: Catalogue, other: Path, *, part: bool = False) -> Generator[Event, None, Taken]:
    """Adds all that another catalogue, the file `other`, has to this one; for callers that hold its write lock.

    A known photo is not doubled, and keeps its credits. Of a file known to both the later state counts. New photos
    have new keys, in the other's order. Taking the same again changes nothing, so what a kill interrupts is begun
    again. Photos whose last file changed stay until `drop_files`.

    part: the other was made for this catalogue: its state of a file counts whatever the times.

    Raises:
        LibraryError: the other is of another encoder or version, or one of them is damaged.
        StorageError: the disk is full or read-only; what was committed is kept.
    """
    with closing(_open(catalogue, other, part=part)) as connection, _explained(catalogue.path, other):
        ours, theirs = (_meta(connection, schema) for schema in ("main", "other"))
        check_same(ours, theirs, other)
        taken = yield from _photos(connection, theirs, other, part=part)
        with transaction(connection):
            for statement in _REST:
                connection.execute(statement, {"part": part}).close()
    return taken


def merge(home: Path, others: Sequence[Path]) -> Generator[Event, None, None]:
    """Adds all that other libraries have to the one in the folder `home`, made if there is none; each by its folder.

    Raises:
        LibraryError: they are of several encoders, or one is damaged, missing, busy, or the one to merge into.
        StorageError: the disk is full or read-only; what was committed is kept.
    """
    with ExitStack() as stack:
        known = [stack.enter_context(closing(Catalogue(other))) for other in others]
        for each in known:
            if (home / CATALOGUE).exists() and each.path.samefile(home / CATALOGUE):
                raise LibraryError(f"'{home.name}' cannot be merged into itself.", "Give other libraries.")
            each.check()
            check_same(known[0].meta(), each.meta(), each.path)
        home.mkdir(parents=True, exist_ok=True)
        stack.enter_context(writing(home))
        if not (home / CATALOGUE).exists():
            first = known[0].meta()
            create(home, (), {name: first[name] for name in ("spec", "storage") if name in first})
        catalogue = stack.enter_context(closing(Catalogue(home)))
        catalogue.check()
        for each in known:
            yield from take(catalogue, each.path)
        with catalogue.transaction():
            catalogue.drop_files(())
            catalogue.set_meta({"updated": datetime.now(UTC).isoformat(timespec="seconds")})
        yield from vector_index.refresh(catalogue)


def check_same(ours: dict[str, str], theirs: dict[str, str], other: Path) -> None:
    """Raises LibraryError: vectors of these catalogues (their `meta`) cannot be compared."""
    names = IDENTITY if "encoder" in ours else ("spec",)
    if "encoder" in theirs and any(ours.get(name) != theirs.get(name) for name in names):
        known = ours.get("encoder", ours.get("spec"))
        raise LibraryError(
            f"The photos of {_named(other)} are of the encoder '{theirs['encoder']}', not '{known}'.",
            "Vectors of two encoders cannot be mixed: use another library for them.",
        )


def is_whole(path: Path) -> bool:
    """Reads a catalogue's file for damage; False too for one of another version."""
    try:
        with closing(sqlite3.connect(_uri(path, part=False), uri=True, isolation_level=None)) as connection:
            version = connection.execute("PRAGMA user_version").fetchone()
            verdict = connection.execute("PRAGMA quick_check(1)").fetchone()
            return bool(version == (VERSION,) and verdict == ("ok",))
    except sqlite3.Error:
        return False


def make_part(
    files: Sequence[FileState], at: Path, spec: str, device: str = "cpu", scratch: Path | None = None
) -> Generator[Event, None, None]:
    """Reads and embeds files into a part at `at`, whose folder is there. Reasons of those that fail are in it.

    It is made in a folder of its own in `scratch`, by default the system's for temporary files, since `at` may lie
    on a network's drive, and then moved as a whole. A part that is there already is left alone.

    Raises:
        ModelError: the encoder `spec` is not on this machine.
        StorageError: the disk is full or read-only.
    """
    if at.exists():
        return
    failed: dict[str, str] = {}
    with TemporaryDirectory(prefix="adir-part-", dir=scratch, ignore_cleanup_errors=True) as folder:
        create(Path(folder), (), {"spec": spec})
        with closing(Catalogue(Path(folder))) as catalogue:
            batches = (
                list(files[start : start + indexing.BATCH]) for start in range(0, len(files), indexing.BATCH)
            )
            yield from indexing.add(catalogue, batches, device, failed, Pace("index", len(files)))
            with catalogue.transaction():
                catalogue.set_failed(failed)
        with atomic(at) as temporary:
            shutil.copyfile(Path(folder) / CATALOGUE, temporary)


def _photos(
    connection: sqlite3.Connection, theirs: dict[str, str], other: Path, *, part: bool
) -> Generator[Event, None, Taken]:
    """Takes photos with all that belongs to them, a page a transaction."""
    pace = Pace("merge", _one(connection, "SELECT COUNT(*) FROM other.photos"))
    columns = ", ".join(_columns(connection, "photos", "key"))
    values = {"after": 0, "last": 0, "part": part, "bytes": 2 * int(theirs.get("dimensions", "0"))}
    photos = files = done = torn = 0
    while last := _one(connection, _LAST, (values["after"], PAGE)):
        values["last"] = last
        with transaction(connection):
            connection.execute(_ADOPT, IDENTITY).close()
            photos += _changed(connection, _PHOTOS.format(photos=columns), values)
            for table, column in (("vectors", "vector"), ("thumbnails", "jpeg")):
                _changed(connection, _COPIES.format(table=table, column=column), values)
            files += _changed(connection, _FILES, values)
        torn += _one(connection, _TORN, values)
        done += _one(connection, f"SELECT COUNT(*) FROM other.photos AS theirs WHERE {_PAGE}", values)  # noqa: S608
        values["after"] = last
        yield pace.at(done)
    if torn:
        yield Notice(
            f"{torn} photos of {_named(other)} have lost their vectors or thumbnails; they are left out."
        )
    return Taken(photos, files)


def _open(catalogue: Catalogue, other: Path, *, part: bool) -> sqlite3.Connection:
    """A connection of its own to the catalogue as `main`, with the other one attached to be read."""
    connection = connected(catalogue.path)
    try:
        with explained(other):
            connection.execute("ATTACH DATABASE ? AS other", (_uri(other, part=part),)).close()
            _check_version(connection, other)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_version(connection: sqlite3.Connection, other: Path) -> None:
    if _one(connection, "PRAGMA other.user_version") != VERSION:
        raise LibraryError(
            f"{_named(other)} was made by another version of the program.",
            "Update the older program and the library.",
        )


def _uri(path: Path, *, part: bool) -> str:
    """A part is never changed: it needs no locks, which drives of a network are often bad at."""
    return f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if part else ''}"


@contextmanager
def _explained(ours: Path, other: Path) -> Iterator[None]:
    """SQLite's errors in words; damage is told of the file that has it."""
    try:
        yield
    except sqlite3.Error as error:
        with explained(ours if is_whole(other) else other):
            raise error from None


def _meta(connection: sqlite3.Connection, schema: str) -> dict[str, str]:
    return dict(connection.execute(f"SELECT key, value FROM {schema}.meta").fetchall())  # noqa: S608


def _columns(connection: sqlite3.Connection, table: str, without: str) -> list[str]:
    rows = connection.execute(f"PRAGMA main.table_info({table})").fetchall()
    return [str(row[1]) for row in rows if row[1] != without]


def _changed(connection: sqlite3.Connection, statement: str, values: dict[str, int]) -> int:
    """Runs it; how many rows it wrote."""
    with closing(connection.execute(statement, values)) as cursor:
        return max(0, cursor.rowcount)


def _one(connection: sqlite3.Connection, statement: str, values: Any = ()) -> int:
    """The one number that a statement answers; 0 for none."""
    with closing(connection.execute(statement, values)) as cursor:
        return int(cursor.fetchone()[0] or 0)


def _named(other: Path) -> str:
    return f"The library '{other.parent.name}'" if other.name == CATALOGUE else f"The part {other.name}"
