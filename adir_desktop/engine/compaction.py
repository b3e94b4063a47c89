"""What a library holds and takes on the disk, and making it as small as it can be."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from adir_desktop.contract import Event
from adir_desktop.engine import vector_index
from adir_desktop.engine.care_rows import Rows, page_faults
from adir_desktop.engine.catalogue import Catalogue
from adir_desktop.engine.mending import room
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.schema import CATALOGUE
from adir_desktop.engine.sqlite import explained, writing
from adir_desktop.engine.vector_index import STORAGES
from adir_desktop.errors import LibraryError, RequestError
from adir_desktop.files import atomic

LICENCES = 5  # the most frequent ones


@dataclass(frozen=True)
class Sizes:
    """Bytes of a library's catalogue and of its index files, and how many of these there are."""

    catalogue: int
    index: int
    shards: int


@dataclass(frozen=True)
class Compacted:
    before: Sizes
    after: Sizes


@dataclass(frozen=True)
class Info:
    """Figures of a library. indexed, waiting, dead: vectors in index files, of photos that no file holds yet, and
    in index files of photos that are gone. thumbnails: bytes. licences: (licence, photos), the most frequent first.
    """

    name: str
    home: Path
    folders: tuple[str, ...]
    photos: int
    files: int
    failed: int
    encoder: str
    dimensions: int
    storage: str
    sizes: Sizes
    thumbnails: int
    indexed: int
    waiting: int
    dead: int
    updated: str
    licences: tuple[tuple[str, int], ...]


def sizes(home: Path, catalogue: Catalogue) -> Sizes:
    files = [home / shard.file for shard in catalogue.shards()]
    there = [file.stat().st_size for file in files if file.is_file()]
    return Sizes((home / CATALOGUE).stat().st_size, sum(there), len(files))


def info(home: Path) -> Generator[Event, None, Info]:
    """Raises LibraryError: it is damaged or of a newer version. Interrupted: the person asked to stop."""
    path = home / CATALOGUE
    pace = Pace("check", 1)
    yield pace.at(0)
    with closing(Catalogue(home)) as catalogue, closing(Rows(path)) as rows, explained(path):
        meta, shards = catalogue.meta(), catalogue.shards()
        live = sum(
            rows.number("SELECT COUNT(*) FROM photos WHERE key BETWEEN ? AND ?", (shard.low, shard.high))
            for shard in shards
        )
        indexed, photos = sum(shard.vectors for shard in shards), catalogue.photos()
        licences = rows.all(
            "SELECT licence, COUNT(*) AS photos FROM photos WHERE licence != ''"
            " GROUP BY licence ORDER BY photos DESC, licence LIMIT ?",
            (LICENCES,),
        )
        found = Info(
            name=home.name,
            home=home,
            folders=catalogue.folders(),
            photos=photos,
            files=rows.number("SELECT COUNT(*) FROM files"),
            failed=rows.number("SELECT COUNT(*) FROM failed"),
            encoder=meta.get("encoder", meta.get("spec", "")),
            dimensions=catalogue.number("dimensions"),
            storage=meta.get("storage", STORAGES[0]),
            sizes=sizes(home, catalogue),
            thumbnails=rows.number("SELECT SUM(length(jpeg)) FROM thumbnails"),
            indexed=indexed,
            waiting=photos - live,
            dead=indexed - live,
            updated=meta.get("updated", ""),
            licences=tuple((licence, count) for licence, count in licences),
        )
    yield pace.at(1)
    return found


def compact(home: Path, storage: str = "") -> Generator[Event, None, Compacted]:
    """Writes the index into as few files as can be, without photos that are gone, and the catalogue without gaps.

    storage: numbers of the index, of STORAGES; by default as they are. Killed at any moment, the library still works.

    Raises:
        RequestError: no such storage.
        LibraryError: it is damaged, of a newer version, or another process is changing it.
        StorageError: the disk has not room for a copy, or is read-only.
        Interrupted: the person asked to stop.
    """
    if storage and storage not in STORAGES:
        raise RequestError(
            f"There is no storage '{storage}'.", f"Choose one of these: {', '.join(STORAGES)}."
        )
    path = home / CATALOGUE
    with writing(home):
        pace = Pace("check", 1)
        yield pace.at(0)
        with closing(Rows(path)) as rows:
            if page_faults(rows, 1, thorough=False):
                raise LibraryError(
                    f"The catalogue of the library '{home.name}' is damaged.", "Repair it first."
                )
        with closing(Catalogue(home)) as catalogue:
            before = sizes(home, catalogue)
            room(home, before.catalogue + before.index)
            yield pace.at(1)
            yield from vector_index.compact(catalogue, storage)
        # a copy that takes the catalogue's place: half the room and a third of the writing of VACUUM in place
        with atomic(path) as copy, closing(Rows(path)) as rows, explained(path):
            rows.all("VACUUM INTO ?", (str(copy),))
        with closing(Catalogue(home)) as catalogue:
            return Compacted(before, sizes(home, catalogue))
