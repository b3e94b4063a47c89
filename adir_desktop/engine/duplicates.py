"""Photos that are there more than once: the same content in several files, and contents that look alike."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adir_desktop.contract import Event
from adir_desktop.engine import vector_index
from adir_desktop.engine.care_rows import Rows
from adir_desktop.engine.catalogue import Catalogue
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.schema import CATALOGUE
from adir_desktop.engine.sqlite import explained
from adir_desktop.engine.vector_index import Searcher
from adir_desktop.errors import RequestError
from adir_desktop.interrupt import check

# cosine; of the starter encoder: see the table of `python -m index_tools duplicates` in the README
ALIKE = 0.98
NEAREST, MOST = 16, 256  # of each photo; further ones that are alike are found through one another
BLOCK = 1024  # photos compared together

Keys = NDArray[np.uint64]
Unit = NDArray[np.float32]
Pair = tuple[int, int, float]


@dataclass(frozen=True)
class Group:
    """Files that belong together. similarity: the least cosine by which a photo came into the group; 1 for equals."""

    paths: tuple[str, ...]
    similarity: float


@dataclass(frozen=True)
class Duplicates:
    """equal: files of one content. alike: photos that look alike, each by all of its files."""

    equal: tuple[Group, ...]
    alike: tuple[Group, ...]


def duplicates(home: Path, threshold: float = ALIKE) -> Generator[Event, None, Duplicates]:
    """Finds a library's duplicates, groups by their first path; memory grows with the duplicates only.

    threshold: cosine from which on two photos are alike, above 0 and up to 1.

    Raises:
        RequestError: another threshold.
        LibraryError: the library is damaged or of a newer version.
        Interrupted: the person asked to stop.
    """
    if not 0 < threshold <= 1:
        raise RequestError(f"A similarity of {threshold} cannot be asked for.", "Give a number from 0 to 1.")
    path = home / CATALOGUE
    with closing(Catalogue(home)) as catalogue, closing(Rows(path)) as rows, explained(path):
        yield Pace("pairs", 1).at(0)
        several = rows.each("SELECT photo FROM files GROUP BY photo HAVING COUNT(*) > 1")
        equal = [Group(_paths(rows, [key]), 1.0) for (key,) in several]
        index = yield from vector_index.opened(catalogue)
        groups = yield from _alike(catalogue, index, threshold)
        alike = [Group(_paths(rows, keys), least) for keys, least in groups]
    return Duplicates(_ordered(equal), _ordered(alike))


def _alike(
    catalogue: Catalogue, index: Searcher, threshold: float
) -> Generator[Event, None, list[tuple[list[int], float]]]:
    """Keys of photos that are alike, directly or through one another, with the least cosine of their pairs."""
    parents: dict[int, int] = {}
    least: dict[int, float] = {}

    def root(key: int) -> int:
        while (parent := parents.setdefault(key, key)) != key:
            parents[key] = parents[parent]
            key = parent
        return key

    pace, done = Pace("pairs", catalogue.photos()), 0
    for keys, vectors in catalogue.blocks(BLOCK):
        for one, other, cosine in _pairs(catalogue, index, keys, _unit(vectors), threshold):
            a, b = root(one), root(other)
            lowest = min(least.get(a, 1.0), least.get(b, 1.0), cosine if a != b else 1.0)
            parents[b] = a
            least[a] = lowest
        done += len(keys)
        if pace.due():
            yield pace.at(done)
        check()
    yield pace.at(done)
    groups = defaultdict(list)
    for key in sorted(parents):
        groups[root(key)].append(key)
    return [(keys, round(least[top], 4)) for top, keys in groups.items()]


def _pairs(
    catalogue: Catalogue, index: Searcher, keys: Keys, vectors: Unit, threshold: float
) -> Iterator[Pair]:
    """Photos of a block with those that are as near as that, by the cosines of the catalogue's own vectors."""
    for view in index.views:
        near = _nearest(view, vectors, threshold)
        others, matrix = catalogue.vectors_of(np.unique(near).tolist())
        yield from _close(keys, vectors, others, _unit(matrix), threshold)
    for low, high in index.loose:
        for others, matrix in catalogue.blocks(BLOCK, low, high):
            yield from _close(keys, vectors, others, _unit(matrix), threshold)


def _nearest(view: Any, vectors: Unit, threshold: float) -> Keys:
    """Keys that a shard holds near to each of the vectors; more than NEAREST where all of them are alike."""
    count = NEAREST
    while True:
        count = min(count, len(view))
        found = view.search(vectors, count)
        check()
        furthest = 1 - np.asarray(found.distances).reshape(len(vectors), -1)[:, -1]
        if count in (len(view), MOST) or not np.any(furthest >= threshold):
            return np.asarray(found.keys).astype(np.uint64)
        count *= 2


def _close(keys: Keys, vectors: Unit, others: Keys, matrix: Unit, threshold: float) -> Iterator[Pair]:
    for start in range(0, len(others), BLOCK):
        some = others[start : start + BLOCK]
        cosines = vectors @ matrix[start : start + BLOCK].T
        for row, column in np.argwhere(cosines >= threshold):
            if keys[row] != some[column]:
                yield int(keys[row]), int(some[column]), float(cosines[row, column])
        check()


def _unit(vectors: NDArray[np.float16]) -> Unit:
    wide = vectors.astype(np.float32)
    return np.asarray(wide / np.linalg.norm(wide, axis=1, keepdims=True))


def _paths(rows: Rows, keys: Sequence[int]) -> tuple[str, ...]:
    query = "SELECT path FROM files WHERE photo IN (SELECT value FROM json_each(?)) ORDER BY path"
    return tuple(path for (path,) in rows.each(query, (json.dumps(keys),)))


def _ordered(groups: Sequence[Group]) -> tuple[Group, ...]:
    return tuple(sorted(groups, key=lambda group: group.paths))
