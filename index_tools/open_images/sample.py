"""Which photos: the lowest by a hash of their ids, so that a smaller sample is part of every larger one."""

from __future__ import annotations

import hashlib
from array import array

import numpy as np
from numpy.typing import NDArray

TOP = 2**64 - 1
Ids = NDArray[np.uint64]


def rank_of(image_id: str, seed: int) -> int:
    """Where a photo stands, 0 to 2^64 - 1, evenly spread: the 64-bit BLAKE2b of its id, salted with the seed."""
    digest = hashlib.blake2b(image_id.encode(), digest_size=8, salt=seed.to_bytes(16, "big"))
    return int.from_bytes(digest.digest(), "big")


def limit_of(share: float) -> int:
    """The highest rank of a share (0, 1] of all photos."""
    return min(round(share * 2**64) - 1, TOP)


class Lowest:
    """The `count` lowest of any number of ranks; it holds twice as many at most. A rank counts once."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._held: Ids = np.empty(0, np.uint64)
        self._new = array("Q")
        self._limit = TOP

    def add(self, rank: int) -> None:
        if rank <= self._limit:
            self._new.append(rank)
            if len(self._new) >= max(self._count, 1000):
                self._settle()

    def limit(self) -> int:
        """The highest of the lowest; whatever is not above it belongs to them. -1 where there are none."""
        self._settle()
        return int(self._held[-1]) if len(self._held) else -1

    def _settle(self) -> None:
        new = np.array(self._new, np.uint64)
        self._held = np.unique(np.concatenate([self._held, new]))[: self._count]
        self._new = array("Q")
        if len(self._held) == self._count:
            self._limit = int(self._held[-1])
