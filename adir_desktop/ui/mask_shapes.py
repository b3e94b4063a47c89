"""Shapes as runs of pixels: a pixel belongs to a shape when its centre lies inside; no widgets.

Pixel (i, j) covers [j, j + 1) x [i, i + 1) and has its centre at x = j + 0.5, y = i + 0.5. Runs cost a
shape's rows instead of its area, so that the widest brush stays fast on the largest photo.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]  # x, y
Size = tuple[int, int]  # height, width
_Numbers = NDArray[np.float64]
_Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Spans:
    """Runs of pixels, none of them empty: columns first[n] .. stop[n] - 1 of row row[n]."""

    row: _Whole
    first: _Whole
    stop: _Whole

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        return zip(self.row.tolist(), self.first.tolist(), self.stop.tolist(), strict=True)

    def select(self, chosen: NDArray[np.bool_]) -> Spans:
        """The runs at which `chosen` (n,) is true."""
        return Spans(self.row[chosen], self.first[chosen], self.stop[chosen])


@dataclass(frozen=True)
class Rectangle:
    """Upright, between two opposite corners in any order."""

    corner: Point
    opposite: Point

    def spans(self, size: Size) -> Spans:
        """Its pixels inside a photo of that size."""
        (x0, x1), (y0, y1) = (
            sorted((self.corner[0], self.opposite[0])),
            sorted((self.corner[1], self.opposite[1])),
        )
        top, bottom = _first_centre(y0), _first_centre(y1)
        rows = np.arange(max(top, 0), min(bottom, size[0]))
        ends = np.full((2, len(rows)), [[_first_centre(x0)], [_first_centre(x1)]], np.int64)
        return _clipped(rows, ends[0], ends[1], size[1])


@dataclass(frozen=True)
class Polygon:
    """The area inside a closed line; where it crosses itself, what is enclosed an odd number of times."""

    corners: tuple[Point, ...]

    def spans(self, size: Size) -> Spans:
        """Its pixels inside a photo of that size."""
        rows, columns = _crossings(np.asarray(self.corners, np.float64).reshape(-1, 2), size[0])
        order = np.lexsort((columns, rows))
        rows, columns = rows[order], columns[order]
        # Every row is crossed an even number of times: a run begins at one crossing and ends at the next.
        return _clipped(rows[::2], columns[::2], columns[1::2], size[1])


@dataclass(frozen=True)
class Stroke:
    """A round brush drawn straight from one point to another, while its diameter changes evenly.

    It covers the pixels whose centre lies under the brush at any moment, and the pixel under each end:
    the thinnest brush still marks what it touches.
    """

    start: Point
    end: Point
    first_size: float
    last_size: float

    def spans(self, size: Size) -> Spans:
        """Its pixels inside a photo of that size."""
        r0, r1 = self.first_size / 2, self.last_size / 2
        top = math.floor(min(self.start[1] - r0, self.end[1] - r1))
        bottom = math.floor(max(self.start[1] + r0, self.end[1] + r1)) + 1
        rows = np.arange(max(top, 0), min(bottom, size[0]))
        y = rows.astype(np.float64) + 0.5
        left, right = _disc(self.start, r0, y)
        for one, other in (_disc(self.end, r1, y), _convex(self._tangents(r0, r1), y)):
            left, right = np.minimum(left, one), np.maximum(right, other)
        covered = left <= right  # where the brush does not reach, infinity stands against its opposite
        ends = [(math.floor(y), math.floor(x)) for x, y in (self.start, self.end)]
        ends = [(row, column) for row, column in ends if 0 <= row < size[0]]
        return _clipped(
            np.append(rows[covered], [row for row, _ in ends]).astype(np.int64),
            np.append(np.ceil(left[covered] - 0.5), [column for _, column in ends]).astype(np.int64),
            np.append(np.floor(right[covered] + 0.5), [column + 1 for _, column in ends]).astype(np.int64),
            size[1],
        )

    def _tangents(self, r0: float, r1: float) -> list[Point]:
        """Where the two tangents of the brush's ends touch them; none where one end covers the other."""
        dx, dy = self.end[0] - self.start[0], self.end[1] - self.start[1]
        length = math.hypot(dx, dy)
        if length <= abs(r1 - r0):
            return []
        ux, uy, k = dx / length, dy / length, (r1 - r0) / length
        side = math.sqrt(1 - k * k)
        one, other = (-k * ux - side * uy, -k * uy + side * ux), (-k * ux + side * uy, -k * uy - side * ux)
        touching = (
            (self.start, r0, one),
            (self.end, r1, one),
            (self.end, r1, other),
            (self.start, r0, other),
        )
        return [(x + r * nx, y + r * ny) for (x, y), r, (nx, ny) in touching]


Shape = Rectangle | Polygon | Stroke


def _first_centre(at: float) -> int:
    """The first row or column whose centre is not before `at`."""
    return math.ceil(at - 0.5)


def _disc(centre: Point, radius: float, y: _Numbers) -> tuple[_Numbers, _Numbers]:
    """Where lines of height y enter and leave a disc; (inf, -inf) of those that miss it."""
    rest = radius * radius - (y - centre[1]) ** 2
    half = np.sqrt(np.maximum(rest, 0.0))
    return np.where(rest >= 0, centre[0] - half, np.inf), np.where(rest >= 0, centre[0] + half, -np.inf)


def _convex(corners: list[Point], y: _Numbers) -> tuple[_Numbers, _Numbers]:
    """Where lines of height y enter and leave a convex polygon; (inf, -inf) of those that miss it."""
    left, right = np.full(len(y), np.inf), np.full(len(y), -np.inf)
    for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
        if y0 == y1:  # its ends belong to the neighbouring edges too
            continue
        meets = (y >= min(y0, y1)) & (y <= max(y0, y1))
        x = x0 + (y[meets] - y0) * ((x1 - x0) / (y1 - y0))
        left[meets] = np.minimum(left[meets], x)
        right[meets] = np.maximum(right[meets], x)
    return left, right


def _crossings(corners: _Numbers, height: int) -> tuple[_Whole, _Whole]:
    """Each row's crossings with a closed line: the row, and the first column whose centre is not left of it.

    An edge is crossed by rows with y_low <= centre < y_high, so that a corner counts once.
    """
    start, end = corners, np.roll(corners, -1, axis=0)
    low, high = np.minimum(start[:, 1], end[:, 1]), np.maximum(start[:, 1], end[:, 1])
    top = np.clip(np.ceil(low - 0.5), 0, height).astype(np.int64)
    bottom = np.clip(np.ceil(high - 0.5), 0, height).astype(np.int64)
    count = bottom - top
    edge = np.repeat(np.arange(len(corners)), count)
    within = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    rows = top[edge] + within
    slope = (end[edge, 0] - start[edge, 0]) / (end[edge, 1] - start[edge, 1])
    x = start[edge, 0] + (rows + 0.5 - start[edge, 1]) * slope
    return rows, np.ceil(x - 0.5).astype(np.int64)


def _clipped(rows: _Whole, first: _Whole, stop: _Whole, width: int) -> Spans:
    first, stop = np.maximum(first, 0), np.minimum(stop, width)
    return Spans(rows, first, stop).select(first < stop)
