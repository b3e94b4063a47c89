"""Libraries without photos: vectors in clusters, as those of photos are, and files that hold nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from adir_desktop.engine.catalogue import Catalogue, FileState, NewPhoto
from adir_desktop.engine.schema import create
from adir_desktop.interrupt import check

PER_CLUSTER = 100  # vectors
SPREAD = 0.7  # length of what a vector adds to the middle of its cluster, which has length 1
BLOCK = 8192  # vectors made at a time
DAY = "2020-01-01"

Vectors = NDArray[np.float32]


class Clusters:
    """Unit vectors (n, dimensions) around random directions, the same for the same seed."""

    def __init__(self, count: int, dimensions: int, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        self.count, self._seed = count, seed
        self._middles = _unit(rng.standard_normal((max(1, count // PER_CLUSTER), dimensions), np.float32))

    @property
    def dimensions(self) -> int:
        return int(self._middles.shape[1])

    def blocks(self) -> Iterator[Vectors]:
        """All of them, a block at a time."""
        for start in range(0, self.count, BLOCK):
            yield self._drawn(min(BLOCK, self.count - start), start + 1)

    def queries(self, count: int, part: int = 0) -> Vectors:
        """Others of the same clusters; each part has its own."""
        return self._drawn(count, 2**40 + part)

    def _drawn(self, count: int, part: int) -> Vectors:
        rng = np.random.default_rng([self._seed, part])
        around = rng.standard_normal((count, self.dimensions), np.float32) * (SPREAD / self.dimensions**0.5)
        return _unit(self._middles[rng.integers(0, len(self._middles), count)] + around)


def fill(home: Path, clusters: Clusters, storage: str) -> None:
    """A library's catalogue with a photo for each vector, and no index yet.

    Raises:
        StorageError: the disk is full.
    """
    home.mkdir(parents=True, exist_ok=True)
    create(home, [], {"dimensions": str(clusters.dimensions), "storage": storage})
    with closing(Catalogue(home)) as catalogue:
        number = 0
        for block in clusters.blocks():
            check()
            with catalogue.transaction():
                for vector in block:
                    photo = NewPhoto(f"{number:064x}", 1024, 683, "", "", b"", taken=DAY)
                    key = catalogue.add_photo(photo, vector)
                    catalogue.put_file(FileState(f"/photos/{number:08}.jpg", 1, 1), key)
                    number += 1


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)
