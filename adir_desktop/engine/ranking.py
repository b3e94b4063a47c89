"""Which photos of one library are nearest to a direction, and how far apart two directions are."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from adir_desktop.engine.catalogue import Catalogue, StoredPhoto
from adir_desktop.engine.vector_index import Searcher
from adir_desktop.searches import Filters

EXACT_UP_TO = 50_000  # photos: all are compared (2 ms on two cores); beyond it the HNSW graphs are asked
ONE_BY_ONE = 20_000  # photos that pass the filters: these are compared, instead of asking for ever more
MARGIN = 16  # candidates beyond k, for photos whose files are gone
TIE = 2e-3  # cosines closer than this may have changed places by float16's rounding

Ranked = list[tuple[float, StoredPhoto]]
Scored = list[tuple[float, int]]  # (cosine, key), by falling cosine


def rank(
    catalogue: Catalogue, index: Searcher, vector: NDArray[np.float32], k: int, filters: Filters | None = None
) -> Ranked:
    """At least the `k` nearest photos that pass the filters as (cosine, photo), by falling cosine, then by path.

    USearch proposes candidates by its shards' rounded numbers; the order is by cosines computed here in float64
    from the catalogue's vectors. More are asked for until the last candidate is clearly further away than the
    k-th, so that a tie is never cut by the order in which photos came into the index.
    """
    few = None if filters is None else catalogue.passing(filters, most=ONE_BY_ONE + 1)
    if few is not None and len(few) <= ONE_BY_ONE:
        return _taken(catalogue, _scored(catalogue, few, vector), k)
    count = k + MARGIN
    while True:
        keys = index.candidates(vector, count, exact=index.vectors <= EXACT_UP_TO).tolist()
        every = len(keys) >= index.vectors
        # of several shards each gives `count`: only so many of all of them are surely the nearest
        near = _scored(catalogue, keys, vector)[: None if every else count]
        passed = near if filters is None else _passed(catalogue, near, filters)
        if every or (len(passed) >= k and passed[k - 1][0] - near[-1][0] > TIE):
            return _taken(catalogue, passed, k)
        count *= 2


def _passed(catalogue: Catalogue, scored: Scored, filters: Filters) -> Scored:
    allowed = set(catalogue.passing(filters, [key for _, key in scored]))
    return [(cosine, key) for cosine, key in scored if key in allowed]


def _scored(catalogue: Catalogue, keys: Sequence[int], vector: NDArray[np.float32]) -> Scored:
    """The photos of these keys that are still there, by falling cosine."""
    found, vectors = catalogue.vectors_of(keys)
    if not len(found):
        return []
    wide = vectors.astype(np.float64)
    wide /= np.linalg.norm(wide, axis=1, keepdims=True)
    cosines = np.clip((wide * _unit(vector)).sum(axis=1), -1, 1)
    order = np.argsort(-cosines, kind="stable")
    return [(float(cosines[i]), int(found[i])) for i in order]


def _taken(catalogue: Catalogue, scored: Scored, k: int) -> Ranked:
    """The first `k` and all that are as near as the last of them, with what the catalogue says of them."""
    least = scored[min(k, len(scored)) - 1][0] if scored else 0
    cosines = {key: cosine for cosine, key in scored if cosine >= least}
    return sorted(((cosines[photo.key], photo) for photo in catalogue.stored(list(cosines))), key=_order)


def _order(pair: tuple[float, StoredPhoto]) -> tuple[float, tuple[str, ...]]:
    return -pair[0], pair[1].paths


def cosine(a: NDArray[np.floating], b: NDArray[np.floating]) -> float:
    """The cosine of the angle between two directions, both taken in float16 as the library keeps them."""
    u, v = _unit(a), _unit(b)
    return float(np.clip((u * v).sum(), -1, 1))


def angle(a: NDArray[np.floating], b: NDArray[np.floating]) -> float:
    """Spherical distance in degrees, 0 to 180: 2 arcsin(|u - v| / 2) of the unit vectors.

    The paper prints the distance squared inside arcsin; unsquared it is the angle (arccos of the
    cosine), and defined for all directions.
    """
    chord = float(np.linalg.norm(_unit(a) - _unit(b)))
    return math.degrees(2 * math.asin(min(1.0, chord / 2)))


def _unit(vector: NDArray[np.floating]) -> NDArray[np.float64]:
    wide = vector.astype(np.float16).astype(np.float64)
    return np.asarray(wide / np.sqrt((wide * wide).sum()))
