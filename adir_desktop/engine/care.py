"""Looking a library over: whether its catalogue, its index and the photos' files are as they should be."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from adir_desktop.contract import Event
from adir_desktop.engine.care_rows import (
    NAMED,
    PHOTO_FAULTS,
    STRAY_FAULTS,
    Rows,
    count_of,
    note_unfit,
    page_faults,
)
from adir_desktop.engine.care_shards import faulty_shards, stray_files
from adir_desktop.engine.catalogue import Catalogue, FileState
from adir_desktop.engine.folders import within
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.schema import CATALOGUE
from adir_desktop.engine.sqlite import explained, writing
from adir_desktop.errors import StorageError
from adir_desktop.interrupt import check as check_asked

REPAIR, UPDATE, CONNECT = "Repair the library.", "Update the library.", "Connect the drive."
KINDS = {  # kind -> what it is, and what helps
    "pages": ("damaged places in the catalogue", REPAIR),
    "wrong-count": ("wrong number of photos in the catalogue", REPAIR),
    "no-vector": ("photos without a vector", REPAIR),
    "bad-vector": ("vectors of a wrong length, not of length 1, or not numbers", REPAIR),
    "no-thumbnail": ("photos without a thumbnail", REPAIR),
    "no-file": ("photos without any file", REPAIR),
    "stray-vector": ("vectors of photos that do not exist", REPAIR),
    "stray-thumbnail": ("thumbnails of photos that do not exist", REPAIR),
    "stray-file": ("files of photos that do not exist", REPAIR),
    "shard-missing": ("index files that are missing", REPAIR),
    "shard-cut": ("index files of another size than they were written", REPAIR),
    "shard-changed": ("index files with another content than was written", REPAIR),
    "shard-dimensions": ("index files of vectors of another length", REPAIR),
    "shard-overlap": ("index files that overlap others", REPAIR),
    "shard-lacking": ("index files that lack photos", REPAIR),
    "shard-dead": ("index files with many photos that are gone", REPAIR),
    "stray-index": ("files that an interrupted run left behind", REPAIR),
    "not-connected": ("photo files in folders that are not connected", CONNECT),
    "file-gone": ("photo files that are gone", UPDATE),
    "file-changed": ("photo files that have changed since", UPDATE),
}


@dataclass(frozen=True)
class Finding:
    """One kind of fault: how many there are, and a few of them."""

    kind: str
    count: int
    examples: tuple[str, ...]

    @property
    def what(self) -> str:
        return KINDS[self.kind][0]

    @property
    def remedy(self) -> str:
        return KINDS[self.kind][1]


@dataclass(frozen=True)
class Report:
    """What a check found. home: the library's folder. sound: nothing is to be repaired; there may be photo files
    that an update has to look at. Of a catalogue with damaged pages no more is told than that.
    """

    home: Path
    photos: int
    files: int
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        return all(finding.remedy != REPAIR for finding in self.findings)


@dataclass
class _Found:
    """Findings as they are counted."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: str, example: str) -> None:
        self.counts[kind] += 1
        kept = self.examples.setdefault(kind, [])
        if len(kept) < NAMED:
            kept.append(example)

    def put(self, kind: str, count: int, examples: tuple[str, ...]) -> None:
        if count:
            self.counts[kind], self.examples[kind] = count, list(examples)

    def findings(self) -> tuple[Finding, ...]:
        return tuple(
            Finding(kind, self.counts[kind], tuple(self.examples[kind]))
            for kind in KINDS
            if self.counts[kind]
        )


def check(home: Path) -> Generator[Event, None, Report]:
    """Looks over all of a library; nothing is changed. Memory does not grow with the library.

    Raises:
        LibraryError: another process is changing it, or it is of a newer version of the program.
        StorageError: it cannot be read.
        Interrupted: the person asked to stop.
    """
    path, found = home / CATALOGUE, _Found()
    with ExitStack() as stack:
        _hold_still(home, stack)
        pace = Pace("check", 1)
        yield pace.at(0)
        rows = stack.enter_context(closing(Rows(path)))
        damage = page_faults(rows)
        if damage:
            return Report(home, 0, 0, (Finding("pages", len(damage), tuple(damage[:NAMED])),))
        with explained(path):
            photos, files = (rows.number(f"SELECT COUNT(*) FROM {table}") for table in ("photos", "files"))  # noqa: S608
            kept = rows.number("SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'photos'")
            found.put("wrong-count", abs(kept - photos), (f"{kept} instead of {photos}",))
            pace = Pace("check", photos + files)
            yield from note_unfit(rows, pace)
            for fault in (*PHOTO_FAULTS, *STRAY_FAULTS):
                found.put(fault.kind, *count_of(rows, fault))
                yield pace.at(photos)
        catalogue = stack.enter_context(closing(Catalogue(home)))
        known = set()
        for kind, shard in faulty_shards(catalogue):
            known.add(shard.file)
            if kind:
                found.add(kind, shard.file)
            yield pace.at(photos)
        for stray in stray_files(home, frozenset(known)):
            found.add("stray-index", stray.name)
        for number, (kind, file) in enumerate(_files_on_disk(catalogue)):
            if kind:
                found.add(kind, file.path)
            if pace.due():
                yield pace.at(photos + number)
            check_asked()
        yield pace.at(photos + files)
    return Report(home, photos, files, found.findings())


def _hold_still(home: Path, stack: ExitStack) -> None:
    """Keeps others from changing the library meanwhile; where nothing can be written nobody does.

    Raises:
        LibraryError: another process is changing it now.
    """
    try:
        stack.enter_context(writing(home))
    except StorageError:
        return


def _files_on_disk(catalogue: Catalogue) -> Iterator[tuple[str, FileState]]:
    """Every file that the catalogue knows, with the kind of what has become of it, empty for nothing."""
    roots = catalogue.folders()
    away = {root for root in roots if _is_away(root)}

    @lru_cache(maxsize=1024)
    def is_there(folder: str) -> bool:
        return Path(folder).is_dir()

    for file in catalogue.files():
        root = next((root for root in roots if within(file.path, root)), None)
        # a file of a list belongs to no folder of the library: its own stands for the drive
        missing = root in away if root is not None else not is_there(str(Path(file.path).parent))
        yield "not-connected" if missing else _fate(file), file


def _is_away(root: str) -> bool:
    """A drive that is not connected often leaves its empty folder behind."""
    try:
        with os.scandir(root) as entries:
            return next(entries, None) is None
    except OSError:
        return True


def _fate(file: FileState) -> str:
    try:
        status = Path(file.path).stat()
    except OSError:
        return "file-gone"
    return "" if (status.st_size, status.st_mtime_ns) == (file.size, file.mtime_ns) else "file-changed"
