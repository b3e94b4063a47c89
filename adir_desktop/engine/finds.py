"""What a walk of a library's folders found, on disk rather than in memory: there may be millions of files."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

from adir_desktop.engine.catalogue import Catalogue, FileState
from adir_desktop.engine.folders import Scan, is_closed, scan, shown, visit, within
from adir_desktop.errors import LibraryError

PAGE = 1000  # files read at a time
_TABLE = """CREATE TABLE found (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, known INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID"""


class Finds(Scan):
    """Photo files found below `roots`, and those of a list. Close it."""

    def __init__(self, roots: Iterable[str]) -> None:
        super().__init__()
        self.roots = tuple(roots)
        # SQLite keeps a database without a name in memory as far as it is small, and removes its file by itself
        self._found = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._found.execute(_TABLE)
        self._found.execute("CREATE TABLE listed (path TEXT PRIMARY KEY) WITHOUT ROWID")
        self._found.execute("BEGIN")  # it is nobody else's and never kept: one transaction is quickest
        self._waiting: list[tuple[str, int, int]] = []
        self._nothing_gone = False

    def close(self) -> None:
        self._found.close()

    def add(self, file: FileState) -> None:
        self._waiting.append((file.path, file.size, file.mtime_ns))
        if len(self._waiting) >= PAGE:
            self._put()

    def _put(self) -> None:
        self._found.executemany("INSERT OR IGNORE INTO found VALUES (?, ?, ?, 0)", self._waiting)
        self._waiting.clear()

    def walk(self) -> Generator[None, None, None]:
        """Finds the files below the roots; yields after each entry."""
        yield from scan(self.roots, self)
        self._put()

    def look_at(self, paths: Iterable[str], *, needed: bool) -> Generator[None, None, None]:
        """Finds the files of a list, wherever they lie; yields after each. needed: one that is missing is a fault."""
        for path in paths:
            self._found.execute("INSERT OR IGNORE INTO listed VALUES (?)", (path,))
            if not visit(Path(path), self) and needed:
                self.failed[shown(path)] = "It is not there."
            yield
        self._put()

    def __len__(self) -> int:
        return int(self._found.execute("SELECT COUNT(*) FROM found").fetchone()[0])

    def compare(self, catalogue: Catalogue) -> int:
        """Tells files that the catalogue knows as they are from others; how many it knows."""
        self._found.executemany(
            "UPDATE found SET known = 1 WHERE path = ? AND size = ? AND mtime_ns = ?",
            ((file.path, file.size, file.mtime_ns) for file in catalogue.files()),
        )
        known = int(self._found.execute("SELECT COUNT(*) FROM found WHERE known = 1").fetchone()[0])
        self._nothing_gone = known == catalogue.number_of_files()
        return known

    def changed(self, count: int) -> Iterator[list[FileState]]:
        """Files that are new or not as the catalogue knows them, by path, up to `count` at a time."""
        after = ""
        while rows := self._found.execute(
            "SELECT path, size, mtime_ns FROM found WHERE known = 0 AND path > ? ORDER BY path LIMIT ?",
            (after, count),
        ).fetchall():
            after = rows[-1][0]
            yield [FileState(*row) for row in rows]

    def gone(self, catalogue: Catalogue) -> Iterator[str]:
        """Files of the catalogue that were looked for and are there no more, or hold no readable photo any more."""
        if self._nothing_gone and not self.failed:
            return
        for file in catalogue.files():
            if self._has(file.path) and file.path not in self.failed:
                continue
            if self._looked(file.path) and not is_closed(file.path, self):
                yield file.path

    def _has(self, path: str) -> bool:
        return self._found.execute("SELECT 1 FROM found WHERE path = ?", (path,)).fetchone() is not None

    def _looked(self, path: str) -> bool:
        """Whether the file would have been found."""
        below = any(within(path, root) for root in self.roots)
        listed = self._found.execute("SELECT 1 FROM listed WHERE path = ?", (path,)).fetchone() is not None
        # a file on a drive that is not connected is not gone
        return below or (listed and Path(path).parent.is_dir())


def check_emptied(catalogue: Catalogue, roots: Iterable[str]) -> None:
    """A drive that is not connected often leaves its empty folder behind.

    Raises:
        LibraryError: a folder is empty that had photos.
    """
    for root in roots:
        with os.scandir(root) as entries:
            empty = next(entries, None) is None
        if empty and catalogue.has_within(root):
            raise LibraryError(
                f"The folder {root} is empty; its photos are not forgotten yet.",
                "Connect its drive. If they are really gone, remove the library.",
            )


def root_of(folder: str | Path) -> str:
    """The folder's real path, in which links and dots are resolved, so that it has one name only.

    Raises:
        LibraryError: it is no folder, or its name is no text.
    """
    path = Path(folder).expanduser()
    if not path.is_dir():
        what = "is not a folder" if path.exists() else "does not exist"
        raise LibraryError(f"{path} {what}.", "Check the name, or connect the drive it lies on.")
    real = os.path.realpath(path)
    if shown(real) != real:
        raise LibraryError(f"The name of the folder {shown(real)} is not text.", "Rename it.")
    return real
