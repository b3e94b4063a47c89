"""Which photos: the lowest by a hash of their ids, so that a smaller sample is part of every larger one."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index_tools.open_images.facts import SUBSETS, Picture

TOP = 2**64 - 1
Ids = NDArray[np.uint64]
Bytes = NDArray[np.uint8]


def rank_of(image_id: str, seed: int) -> int:
    """Where a photo stands, 0 to 2^64 - 1, evenly spread: the 64-bit BLAKE2b of its id, salted with the seed."""
    digest = hashlib.blake2b(image_id.encode(), digest_size=8, salt=seed.to_bytes(16, "big"))
    return int.from_bytes(digest.digest(), "big")


def limit_of(share: float) -> int:
    """The highest rank of a share (0, 1] of all photos."""
    return min(round(share * 2**64) - 1, TOP)


@dataclass(frozen=True, eq=False)
class Chosen:
    """The photos that are wanted, the lowest rank first: a beginning of them is a smaller sample. All (n,).

    ranks, ids: 64 bits each. subsets: places in SUBSETS. turns: quarter turns counter-clockwise that they need.
    """

    ranks: Ids
    ids: Ids
    subsets: Bytes
    turns: Bytes

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def limit(self) -> int:
        """The highest rank among them, -1 where there are none."""
        return int(self.ranks[-1]) if len(self) else -1

    def only(self, which: NDArray[np.bool_] | NDArray[np.intp]) -> Chosen:
        return Chosen(self.ranks[which], self.ids[which], self.subsets[which], self.turns[which])

    def among(self, ids_of: Callable[[str], Ids]) -> NDArray[np.bool_]:
        """(n,) True for those whose id is among the ids that are given for its subset."""
        mask = np.zeros(len(self), np.bool_)
        for place in np.unique(self.subsets):
            own = self.subsets == place
            mask[own] = np.isin(self.ids[own], ids_of(SUBSETS[place]))
        return mask

    def pictures(self) -> Iterator[Picture]:
        for image_id, place, turns in zip(self.ids, self.subsets, self.turns, strict=True):
            yield Picture(SUBSETS[place], f"{image_id:016x}", 90 * int(turns))


class Lowest:
    """The `count` lowest ranks up to `limit` of any number of photos; it holds about twice as many at most.

    count: None for all of them. A photo counts once.
    """

    def __init__(self, count: int | None, limit: int = TOP) -> None:
        self._count, self._limit = count, limit
        self._step = max(count or 0, 1000)
        self._new = _Columns()
        self._held = self._new.chosen()

    def add(self, rank: int, image_id: int, subset: int, turns: int) -> None:
        if rank > self._limit:
            return
        self._new.add(rank, image_id, subset, turns)
        if self._count is not None and len(self._new.ids) >= self._step:
            self._settle()

    def chosen(self) -> Chosen:
        self._settle()
        return self._held

    def _settle(self) -> None:
        new, old, self._new = self._new.chosen(), self._held, _Columns()
        both = Chosen(
            np.concatenate([old.ranks, new.ranks]),
            np.concatenate([old.ids, new.ids]),
            np.concatenate([old.subsets, new.subsets]),
            np.concatenate([old.turns, new.turns]),
        )
        order = np.lexsort((both.subsets, both.ids, both.ranks))
        both = both.only(order)
        first = np.ones(len(both), np.bool_)
        first[1:] = (both.ids[1:] != both.ids[:-1]) | (both.subsets[1:] != both.subsets[:-1])
        self._held = both.only(np.flatnonzero(first)[: self._count])
        if len(self._held) == self._count:
            self._limit = self._held.limit


class _Columns:
    """Photos as they come, some bytes each."""

    def __init__(self) -> None:
        self.ranks, self.ids = array("Q"), array("Q")
        self.subsets, self.turns = array("B"), array("B")

    def add(self, rank: int, image_id: int, subset: int, turns: int) -> None:
        self.ranks.append(rank)
        self.ids.append(image_id)
        self.subsets.append(subset)
        self.turns.append(turns)

    def chosen(self) -> Chosen:
        ranks, ids = np.array(self.ranks, np.uint64), np.array(self.ids, np.uint64)
        return Chosen(ranks, ids, np.array(self.subsets, np.uint8), np.array(self.turns, np.uint8))
