"""Mending a library: rows that do not fit are forgotten, bad shards made anew, a damaged catalogue saved row by row."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from adir_desktop.contract import Event, Notice
from adir_desktop.engine import vector_index
from adir_desktop.engine.care_rows import (
    PHOTO_FAULTS,
    STRAY_FAULTS,
    Rows,
    forget,
    is_damage,
    note_unfit,
    page_faults,
)
from adir_desktop.engine.care_shards import faulty_shards, stray_files
from adir_desktop.engine.catalogue import Catalogue
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.schema import CATALOGUE, create
from adir_desktop.engine.sqlite import explained, writing
from adir_desktop.errors import LibraryError, StorageError, explain
from adir_desktop.files import atomic, sync_folder
from adir_desktop.interrupt import check

END = 2**40  # no key or row is as high; what is may be garbage
PAGE = 1000  # rows copied together
FINER = 256  # rows are skipped one by one at first, then in steps of 1/256 of what was skipped
SAVED = ("photos", "vectors", "thumbnails", "files", "failed", "shards")
TYPES = {"INTEGER": int, "TEXT": str, "BLOB": bytes}


@dataclass(frozen=True)
class Repaired:
    """What a repair did. lost: photos that a damaged catalogue did not give back. forgotten: photos whose files
    the next update indexes anew. strays: rows of photos that did not exist. shards: index files that were bad.
    kept: the damaged catalogue's file, None if it was not damaged.
    """

    lost: int
    forgotten: int
    strays: int
    shards: int
    kept: Path | None

    @property
    def anything(self) -> bool:
        return bool(self.lost or self.forgotten or self.strays or self.shards or self.kept)


def repair(home: Path) -> Generator[Event, None, Repaired]:
    """Mends what can be mended of a library; photos that are lost or do not fit are indexed at the next update.

    Killed at any moment, it leaves the old catalogue or the new one.

    Raises:
        LibraryError: another process is changing it; nothing can be read of it; it is of a newer version.
        StorageError: the disk is full or read-only.
        Interrupted: the person asked to stop.
    """
    path, kept, lost = home / CATALOGUE, None, 0
    with writing(home):
        pace = Pace("mend", 1)
        yield pace.at(0)
        _tidy(home)
        with closing(Rows(path)) as rows:
            damage = page_faults(rows, 1)
            if damage:
                kept, lost = yield from _saved(home, rows)
        with closing(Rows(path)) as rows, explained(path):
            forgotten, strays = yield from _without_faults(rows)
        with closing(Catalogue(home)) as catalogue:
            bad = []
            for kind, shard in faulty_shards(catalogue):
                bad += [shard.low] if kind else []
                yield pace.at(0)
            if bad:
                with closing(Rows(path)) as rows, explained(path), rows.transaction():
                    rows.many("DELETE FROM shards WHERE low = ?", ((low,) for low in bad))
            yield from vector_index.refresh(catalogue)
        yield pace.at(1)
    return Repaired(lost, forgotten, strays, len(bad), kept)


def _tidy(home: Path) -> None:
    """Removes what a killed run left of a catalogue in the making; index files are the index's own business."""
    for path in stray_files(home, frozenset()):
        if path.suffix != ".usearch":
            with suppress(OSError):
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _without_faults(rows: Rows) -> Generator[Event, None, tuple[int, int]]:
    """Forgets photos that are not complete, then rows that are nobody's; how many of both."""
    pace = Pace("mend", total := rows.number("SELECT COUNT(*) FROM photos"))
    yield from note_unfit(rows, pace)
    with rows.transaction():
        forgotten = 0
        for fault in PHOTO_FAULTS:
            forgotten += forget(rows, fault)
            yield pace.at(0)
        rows.all("INSERT OR REPLACE INTO meta SELECT 'photos', COUNT(*) FROM photos")
        nobodys = {fault.kind: forget(rows, fault) for fault in STRAY_FAULTS}
    yield pace.at(total)
    # those of a photo that was just forgotten are no strays
    strays = max(0, nobodys["stray-vector"] - forgotten) + max(0, nobodys["stray-file"] - forgotten)
    return forgotten, strays


def _saved(home: Path, old: Rows) -> Generator[Event, None, tuple[Path, int]]:
    """Puts a catalogue of all that can still be read in the place of the damaged one; where that is kept,
    and how many photos were lost.
    """
    room(home, (home / CATALOGUE).stat().st_size)
    with ExitStack() as stack:
        workshop = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=".repair-", dir=home)))
        try:
            named = {name for (name,) in old.all("SELECT name FROM sqlite_master")}
            meta = dict(_readable(old, "meta", ("key", "value"))) if "meta" in named else {}
        except sqlite3.Error as error:
            raise _hopeless(home) from error
        if "spec" not in meta:
            raise _hopeless(home)
        told = int(meta.pop("photos", "0"))  # which is counted anew
        folders = [folder for (folder,) in _readable(old, "folders", ("path",))] if "folders" in named else []
        create(workshop, folders, meta)
        with explained(workshop / CATALOGUE), closing(Rows(workshop / CATALOGUE)) as new:
            with new.transaction():
                yield from _copied(old, new, named)
            known = max(_photos_in(new), _counted(old), told)
            yield from _without_faults(new)
            left = new.number("SELECT COUNT(*) FROM photos")
        if known and not (left or folders):
            raise _hopeless(home)
        if not folders:
            yield Notice(
                "No folders could be read from the catalogue.", "If it was made of folders, add them again."
            )
        old.close()
        kept = _kept(home)
        try:
            (workshop / CATALOGUE).replace(home / CATALOGUE)
            sync_folder(home)
        except OSError as error:
            raise explain(error) from error
    return kept, known - left


def _copied(old: Rows, new: Rows, named: set[str]) -> Generator[Event, None, None]:
    total = 1 + 4 * _counted(old)  # photos, vectors, thumbnails and files, as far as one can tell
    pace, done, highest = Pace("mend", total), 0, 0
    for table in SAVED:
        columns = [(name, TYPES[kind]) for _, name, kind, *_ in new.all(f"PRAGMA table_info({table})")]
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT OR IGNORE INTO {table} VALUES ({marks})"  # noqa: S608
        batch: list[tuple[Any, ...]] = []
        for row in _readable(old, table, tuple(name for name, _ in columns)) if table in named else ():
            if not all(isinstance(value, kind) for value, (_, kind) in zip(row, columns, strict=True)):
                continue
            if table == "shards":
                highest = max(highest, row[1] if row[1] < END else 0)
            batch.append(row)
            if len(batch) == PAGE:
                new.many(statement, iter(batch))
                done, batch = done + len(batch), []
                if pace.due():
                    yield pace.at(min(done, total - 1))
        new.many(statement, iter(batch))
    keys = [new.number(f"SELECT MAX(key) FROM {table}") for table in ("photos", "vectors", "thumbnails")]  # noqa: S608
    new.all("DELETE FROM sqlite_sequence")
    # a key is never used twice: shards may still hold the vectors of lost photos
    new.all("INSERT INTO sqlite_sequence VALUES ('photos', ?)", (max(highest, *keys),))


def _readable(old: Rows, table: str, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    """The rows of a table by their numbers; those that lie in damaged pages are passed over."""
    statement = f"SELECT rowid, {', '.join(columns)} FROM {table} WHERE rowid > ? ORDER BY rowid LIMIT {PAGE}"  # noqa: S608
    after, skipped = 0, 0
    while after < END:
        check()
        start = after
        try:
            for row in old.each(statement, (after,)):
                if not after < row[0] < END:  # garbage in a page that looks sound
                    break
                yield row[1:]
                after, skipped = row[0], 0
        except sqlite3.Error as error:
            with explained(old.path):
                if not is_damage(error):
                    raise
            step = 1 + skipped // FINER
            after, skipped = after + step, skipped + step
        else:
            if after == start:
                return


def _photos_in(new: Rows) -> int:
    """Photos of which anything was saved."""
    tables = ("SELECT key FROM photos", "SELECT key FROM vectors", "SELECT key FROM thumbnails")
    return new.number(f"SELECT COUNT(*) FROM ({' UNION '.join((*tables, 'SELECT photo FROM files'))})")  # noqa: S608


def _counted(old: Rows) -> int:
    """How many photos there were; 0 if that cannot be read."""
    try:
        return old.number("SELECT COUNT(*) FROM photos")
    except sqlite3.Error:
        return 0


def _kept(home: Path) -> Path:
    """The damaged catalogue under another name as well."""
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    stem = f"catalogue.damaged-{day}"
    names = (f"{stem}.sqlite" if number == 1 else f"{stem}-{number}.sqlite" for number in count(1))
    kept = next(home / name for name in names if not (home / name).exists())
    try:
        os.link(home / CATALOGUE, kept)
    except OSError:  # a file system without hard links
        with atomic(kept) as temporary:
            shutil.copyfile(home / CATALOGUE, temporary)
    return kept


def room(home: Path, needed: int) -> None:
    """Raises StorageError: the disk has fewer free bytes than that."""
    free = shutil.disk_usage(home).free
    if free < needed:
        raise StorageError(
            f"The disk of {home} has {free / 1e6:.0f} MB free, and {needed / 1e6:.0f} MB are needed.",
            "Free some space; nothing was changed.",
        )


def _hopeless(home: Path) -> LibraryError:
    return LibraryError(
        f"Nothing can be read any more of the catalogue of the library '{home.name}'.",
        "Remove the library and add its folders again; the photos themselves are not touched.",
    )
