"""Which photos of one library are nearest to a direction, and how far apart two directions are."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adir_desktop.engine import vector_index
from adir_desktop.engine.catalogue import Catalogue, StoredPhoto

EXACT_UP_TO = 50_000  # photos: all are compared (2 ms on two cores); beyond it the HNSW graph is asked
MARGIN = 16  # candidates beyond k, for photos whose files are gone
TIE = 2e-3  # cosines closer than this may have changed places by float16's rounding

Ranked = list[tuple[float, StoredPhoto]]


def rank(catalogue: Catalogue, index: Any, vector: NDArray[np.float32], k: int) -> Ranked:
    """At least the `k` nearest photos as (cosine, photo), by falling cosine, then by path.

    USearch proposes candidates in float16; the order is by cosines computed here in float64. More are
    asked for until the last candidate is clearly further away than the k-th, so that a tie is never
    cut by the order in which photos came into the index.
    """
    count = min(len(index), k + MARGIN)
    while True:
        keys = vector_index.candidates(index, vector, count, exact=len(index) <= EXACT_UP_TO)
        photos = catalogue.stored([int(key) for key in keys])
        ranked = [(cosine(vector, photo.vector), photo) for photo in photos]
        ranked.sort(key=_order)
        last = min(k, len(ranked)) - 1
        if count >= len(index) or (ranked and ranked[last][0] - ranked[-1][0] > TIE):
            return ranked
        count = min(len(index), 2 * count)


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
