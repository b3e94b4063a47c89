"""The photos of a library that are most like a query: ADIR's neighbours (Section 4.1, eq. 19)."""

from __future__ import annotations

import math
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from shlex import quote
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adir_desktop.contract import Event, Neighbour, NeighbourSet, Notice, Photo
from adir_desktop.engine import library as libraries
from adir_desktop.engine import vector_index
from adir_desktop.engine.catalogue import Catalogue, StoredPhoto
from adir_desktop.engine.indexing import open_encoder
from adir_desktop.engine.pace import Pace
from adir_desktop.errors import LibraryError, RequestError

EXACT_UP_TO = 50_000  # photos: all are compared (2 ms on two cores); beyond it the HNSW graph is asked
MARGIN = 16  # candidates beyond k, for photos whose files are gone
TIE = 2e-3  # cosines closer than this may have changed places by float16's rounding

Ranked = list[tuple[float, StoredPhoto]]


def find(query: Photo | str, library: str, k: int) -> Generator[Event, None, NeighbourSet]:
    """The `k` photos of a library nearest to a photo or to words, most similar first.

    The query is embedded as it is, degraded or not. Equal similarities are ordered by path. Photos
    whose files are gone are left out.

    Raises:
        LibraryError: there is no such library; it is empty, damaged, or of another encoder.
        RequestError: k is below 1, or there are no words.
        ModelError: the encoder is not on this machine.
    """
    if k < 1:
        raise RequestError(f"{k} neighbours cannot be found.", "Ask for at least 1.")
    if isinstance(query, str) and not query.strip():
        raise RequestError("The words to search for are empty.", "Say what the photos should show.")
    pace = Pace("retrieve", 1)
    yield pace.at(0)
    name = libraries.resolve(library)
    if not libraries.is_library(name):
        raise LibraryError(
            f"The folder {library} is not indexed yet.", f"Index it: adir library add {quote(library)}"
        )
    home = libraries.home_of(name)
    with closing(Catalogue(home)) as catalogue:
        photos = catalogue.photos()
        if photos == 0:
            raise LibraryError(
                f"The library '{home.name}' is empty.", "Put photos into its folders and update it."
            )
        if k > photos:
            yield Notice(f"The library '{home.name}' has {photos} photos, not {k}; all of them are taken.")
        encoder = open_encoder(catalogue)
        vector = (
            encoder.encode_text([query])[0] if isinstance(query, str) else encoder.encode_images([query])[0]
        )
        index = yield from vector_index.ready(catalogue)
        items, gone = _nearest(catalogue, index, vector, k)
    if gone:
        yield Notice(
            f"{gone} photos of the library '{home.name}' are no longer there and were left out.",
            "Update the library.",
        )
    if not items:
        raise LibraryError(f"The photos of the library '{home.name}' are all gone.", "Update the library.")
    yield pace.at(1)
    return NeighbourSet(home.name, encoder.id, _words(query), items)


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


def _nearest(
    catalogue: Catalogue, index: Any, vector: NDArray[np.float32], k: int
) -> tuple[tuple[Neighbour, ...], int]:
    """The `k` nearest photos that still have a file, as far as there are so many; how many have none."""
    wanted = k
    while True:
        items, gone = _present(rank(catalogue, index, vector, wanted), vector, k)
        if len(items) == k or wanted >= len(index):
            return items, gone
        wanted *= 2


def _present(ranked: Ranked, vector: NDArray[np.float32], k: int) -> tuple[tuple[Neighbour, ...], int]:
    """The first `k` photos that still have a file, and how many were passed over on the way."""
    items: list[Neighbour] = []
    gone = 0
    for similarity, photo in ranked:
        path = next((Path(path) for path in photo.paths if Path(path).is_file()), None)
        if path is None:
            gone += 1
            continue
        items.append(
            Neighbour(
                id=photo.sha256,
                path=path,
                similarity=similarity,
                angle=angle(vector, photo.vector),
                author=photo.author,
                licence=photo.licence,
                thumbnail=photo.thumbnail,
            )
        )
        if len(items) == k:
            break
    return tuple(items), gone


def _words(query: Photo | str) -> str:
    if isinstance(query, str):
        return query
    return str(query.path) if query.path else f"a photo of {query.width} x {query.height} pixels"
