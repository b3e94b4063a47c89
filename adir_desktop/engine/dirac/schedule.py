"""Degradation scheduling: how severity grows with t, so that no step of the process is much harder than others."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from skimage.metrics import structural_similarity

from adir_desktop.interrupt import check

Distance = Callable[[int, int], float]


@dataclass(frozen=True)
class Severities:
    """A table of severities, ascending, at equally spaced t in [0, 1]; linear in between."""

    values: tuple[float, ...]

    def at(self, t: float) -> float:
        """The severity at t."""
        place = min(max(t, 0.0), 1.0) * (len(self.values) - 1)
        left = min(int(place), len(self.values) - 2)
        low, high = self.values[left], self.values[left + 1]
        return low + (place - left) * (high - low)

    def find(self, severity: float) -> float:
        """The t of a severity; the nearest end for one outside the table."""
        left = min(max(bisect_right(self.values, severity) - 1, 0), len(self.values) - 2)
        low, high = self.values[left], self.values[left + 1]
        share = min(max((severity - low) / (high - low), 0.0), 1.0)
        return (left + share) / (len(self.values) - 1)


def greedy(candidates: int, points: int, distance: Distance) -> list[int]:
    """Dirac, Alg. 2: `points` of the candidates 0 .. candidates - 1, ascending, both ends among them.

    Where two neighbours of the chosen are farthest apart, the candidate between them goes in whose larger
    distance to the two is smallest. Neighbours with none between them cannot be brought closer.
    """
    chosen = [0, candidates - 1]
    while len(chosen) < min(points, candidates):
        check()
        gaps = [distance(a, b) if b - a > 1 else -1.0 for a, b in pairwise(chosen)]
        widest = int(np.argmax(gaps))
        left, right = chosen[widest], chosen[widest + 1]
        best = min(range(left + 1, right), key=lambda c: max(distance(left, c), distance(c, right)))
        chosen.insert(widest + 1, best)
    return chosen


def structural_distance(states: Sequence[Sequence[NDArray[np.float32]]]) -> Distance:
    """d(i, j) = the mean over the pictures of 1 - SSIM(A_i x, A_j x); states[i][k]: (H, W) in [0, 1]."""

    @cache
    def distance(i: int, j: int) -> float:
        check()
        pairs = zip(states[i], states[j], strict=True)
        return 1 - float(np.mean([structural_similarity(a, b, data_range=1) for a, b in pairs]))

    return distance
