"""The USearch files of a library: copies of the catalogue's vectors that are fast to search.

Each file, a shard, holds the vectors of a range of keys and is mapped into memory, not read. The catalogue records
its size, time and sha256: a file that is missing, damaged or left behind by an interrupted run does not match, and
is made again. Photos that no shard holds yet are compared one by one, so that an answer is always complete.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from usearch.index import Index

from adir_desktop.contract import Event, Notice
from adir_desktop.engine.catalogue import Catalogue, Shard
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.sqlite import writing
from adir_desktop.errors import BadInput, StorageError
from adir_desktop.files import atomic, sha256_file
from adir_desktop.interrupt import check

SHARD = 2**19  # vectors: 0.7 GB of 512 numbers in float16 while it is made
LAG = 64  # a new photo waits for others until they are 1/64 of the last shard; meanwhile it is compared by itself
WASTE = 4  # a shard is made anew when 1/4 of its vectors are of photos that are gone
MENDED = 50_000  # vectors of a damaged shard that a search makes again by itself
# HNSW (Malkov and Yashunin 2018): M, efConstruction and ef; measured by `python -m index_tools benchmark`.
CONNECTIVITY = 16
EXPANSION_ADD = 64
EXPANSION_SEARCH = 256
CHUNK = 512  # vectors added between two events
BLOCK = 8192  # vectors compared one by one at a time
STORAGES = "f16", "i8"  # numbers of a shard; the order of answers comes from the catalogue's float16

Range = tuple[int, int]
Keys = NDArray[np.uint64]


class Searcher:
    """A library's vectors, open to be searched. vectors: how many, those of photos that are gone included."""

    def __init__(self, catalogue: Catalogue, views: list[Any], loose: list[Range]) -> None:
        """views: shards. loose: ranges of keys that no shard holds."""
        self._catalogue, self.views, self.loose = catalogue, views, loose
        self.vectors = sum(len(view) for view in views) + sum(catalogue.count(*each) for each in loose)

    def candidates(self, vector: NDArray[np.float32], count: int, *, exact: bool) -> Keys:
        """The keys of at least the `count` vectors that seem nearest to `vector` (d,), or of all, in no order."""
        # one after the other: USearch's own `Indexes` starts threads for each search and takes twice as long
        found = [view.search(vector, count, threads=1, exact=exact) for view in self.views]
        keys = np.concatenate(
            [np.asarray(each.keys, np.uint64) for each in found] or [np.empty(0, np.uint64)]
        )
        if len(found) > 1:
            # the nearest of all of them, and as many more for what rounding may have exchanged
            distances = np.concatenate([each.distances for each in found])
            keys = keys[np.argsort(distances, kind="stable")[: 2 * count]]
        loose = [_compared(self._catalogue, each, vector, count) for each in self.loose]
        return np.concatenate([keys, *loose])


def opened(catalogue: Catalogue) -> Generator[Event, None, Searcher]:
    """The index of an open catalogue. A small damaged shard is made again; others are done without."""
    home, shards = catalogue.path.parent, catalogue.shards()
    damaged = [shard for shard in shards if not _is_sound(home, shard)]
    if damaged and catalogue.photos() <= MENDED:
        name = home.name
        yield Notice(f"The index of the library '{name}' was damaged; it is made again from the catalogue.")
        try:
            with writing(home):
                yield from refresh(catalogue)
            return (yield from opened(catalogue))
        except (BadInput, StorageError):  # busy or read-only
            yield Notice(f"The index of the library '{name}' could not be kept; searching takes longer.")
    elif damaged:
        yield Notice(f"The index of the library '{home.name}' is damaged.", "Update the library to mend it.")
    sound = [shard for shard in shards if shard not in damaged]
    views = [_view(home / shard.file, shard.mtime_ns, shard.sha256) for shard in sound]
    return Searcher(catalogue, views, [each for each in _between(sound) if catalogue.count(*each)])


def refresh(catalogue: Catalogue) -> Generator[Event, None, None]:
    """Brings the shards up to date with the catalogue; for callers that hold the write lock.

    Raises:
        StorageError: one cannot be written; the catalogue is complete all the same.
    """
    yield from _made(catalogue, [shard for shard in catalogue.shards() if _is_good(catalogue, shard)])


def _made(catalogue: Catalogue, sound: list[Shard]) -> Generator[Event, None, None]:
    """Writes what is missing beside the sound shards, in the library's storage."""
    kind = catalogue.meta().get("storage", STORAGES[0])
    work = list(_to_do(catalogue, sound))
    pace = Pace("index", sum(len(keys) for keys, _ in work))
    done = 0
    for keys, begun in work:
        done = yield from _write(catalogue, keys, begun, kind, pace, done)
    _forget_others(catalogue)


def compact(catalogue: Catalogue, storage: str = "") -> Generator[Event, None, None]:
    """Makes all shards anew, as few and as full as they can be; for callers that hold the write lock.

    Each takes the place of those that it overlaps as it is done, so that a search always finds most of them.
    """
    kind = storage or catalogue.meta().get("storage", STORAGES[0])
    with catalogue.transaction():  # even if it is so already: a disk that cannot be written is told here
        catalogue.set_meta({"storage": kind})
    yield from _made(catalogue, [])


def _to_do(catalogue: Catalogue, sound: list[Shard]) -> Iterator[tuple[Keys, Shard | None]]:
    """What is to be written: keys for a shard, and the shard that they go on from, if there is one."""
    last = sound[-1] if sound else None
    for low, high in _between(sound):
        if last is not None and low > last.high:
            count = catalogue.count(low, high)
            if count <= last.vectors // LAG:
                continue
            if last.vectors + count <= SHARD:
                yield catalogue.keys(low, high), last
                continue
        keys = catalogue.keys(low, high)
        for start in range(0, len(keys), SHARD):
            yield keys[start : start + SHARD], None


def _between(shards: list[Shard]) -> Iterator[Range]:
    """The ranges of keys before, between and after shards."""
    low = 0
    for shard in shards:
        if shard.low > low:
            yield low, shard.low - 1
        low = shard.high + 1
    yield low, 2**62


def _write(
    catalogue: Catalogue, keys: Keys, begun: Shard | None, kind: str, pace: Pace, done: int
) -> Generator[Event, None, int]:
    """Writes one shard of these keys, and of what `begun` holds; returns how many vectors are done by then."""
    home, low = catalogue.path.parent, int(keys[0])
    if begun is None:
        index = _empty(catalogue.number("dimensions"), kind)
    else:
        low, index = begun.low, Index.restore(home / begun.file)
        index.expansion_add = EXPANSION_ADD
    for chunk, vectors in catalogue.blocks(CHUNK, int(keys[0]), int(keys[-1])):
        index.add(chunk, vectors)
        done += len(chunk)
        if pace.due():
            yield pace.at(done)
        check()
    high = int(keys[-1])
    path = home / f"index-{low}-{high}.usearch"
    yield pace.at(done)
    # the file first, then the catalogue's word that it is whole: a crash in between leaves a mismatch
    with atomic(path) as temporary:
        _save(index, temporary)
    shard = Shard(low, high, path.name, len(index), 0, 0, sha256_file(path))
    with catalogue.transaction():
        catalogue.put_shard(_seen(path, shard))
    return done


def _save(index: Any, path: Path) -> None:
    """Raises StorageError: the disk is full or read-only; USearch tells no more than that it failed."""
    try:
        index.save(path)
    except RuntimeError as error:
        raise StorageError(
            f"The index cannot be written ({error}).", "Check the disk's free space."
        ) from error
    if path.stat().st_size != index.serialized_length:
        raise StorageError("The index cannot be written in full.", "Check the disk's free space.")


def _forget_others(catalogue: Catalogue) -> None:
    """Removes files of earlier shards, and what a killed run left."""
    home, known = catalogue.path.parent, {shard.file for shard in catalogue.shards()}
    for path in (*home.glob("index-*.usearch"), *home.glob(".index-*.usearch")):
        if path.name not in known:
            with suppress(OSError):  # Windows keeps what another process has mapped; the next time then
                path.unlink()


def _is_good(catalogue: Catalogue, shard: Shard) -> bool:
    """Whether a shard can stay as it is: whole, and most of its photos still there."""
    gone = shard.vectors - catalogue.count(shard.low, shard.high)
    return WASTE * gone <= shard.vectors and _is_sound(catalogue.path.parent, shard)


def _is_sound(home: Path, shard: Shard) -> bool:
    """True for the very file that was written, or, where its size or time differ, one of the same content.

    USearch trusts what it reads, so nothing else may be opened.
    """
    path = home / shard.file
    try:
        return _seen(path, shard) == shard or _digest(path, path.stat().st_mtime_ns) == shard.sha256
    except (OSError, BadInput, StorageError):
        return False


def _seen(path: Path, shard: Shard) -> Shard:
    """The shard with its file's size and time."""
    stat = path.stat()
    return replace(shard, size=stat.st_size, mtime_ns=stat.st_mtime_ns)


@lru_cache(maxsize=256)
def _digest(path: Path, _mtime_ns: int) -> str:
    """Of a library that was copied: read through once."""
    return sha256_file(path)


@lru_cache(maxsize=64)
def _view(path: Path, _mtime_ns: int, _sha256: str) -> Any:
    """A shard mapped into memory, kept for the next search."""
    index = Index(path=path, view=True, enable_key_lookups=False)
    index.expansion_search = EXPANSION_SEARCH
    return index


def let_go() -> None:
    """Unmaps all shards: a mapped file keeps its disk busy, and on Windows cannot be removed."""
    _view.cache_clear()


def _compared(catalogue: Catalogue, keys: Range, vector: NDArray[np.float32], count: int) -> Keys:
    """The keys of the `count` nearest of a range, by comparing all of them."""
    best, scores = np.empty(0, np.uint64), np.empty(0, np.float32)
    for found, vectors in catalogue.blocks(BLOCK, *keys):
        best = np.concatenate([best, found])
        scores = np.concatenate([scores, vectors.astype(np.float32) @ vector])
        first = np.argsort(-scores, kind="stable")[:count]
        best, scores = best[first], scores[first]
        check()
    return best


def _empty(dimensions: int, kind: str) -> Any:
    """Everything is said: left to itself, USearch picks the number type by the processor it runs on."""
    return Index(
        ndim=dimensions,
        metric="cos",
        dtype=kind,
        connectivity=CONNECTIVITY,
        expansion_add=EXPANSION_ADD,
        expansion_search=EXPANSION_SEARCH,
    )
