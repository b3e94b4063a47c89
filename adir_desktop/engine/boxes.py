"""Where a network with a native size is to look so that every hole of a large photo is filled once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, find_objects, label

from adir_desktop.contract import Mask

MARGIN = 8  # a native side over this is what a square shows around the holes that it fills
AROUND = 1.5  # a wide hole is shown in a square so much larger
SEEN = 3  # native sides over this are the widest hole that is filled at full size
EVERYWHERE = np.ones((3, 3), dtype=bool)  # pixels that touch at a corner are one hole


@dataclass(frozen=True, eq=False)
class Box:
    """A part of a photo. paint: (height, width) bool, the missing pixels that are filled by looking at it."""

    top: int
    left: int
    paint: Mask

    @property
    def place(self) -> tuple[slice, slice]:
        height, width = self.paint.shape
        return slice(self.top, self.top + height), slice(self.left, self.left + width)


def boxes(mask: Mask, native: int) -> list[Box]:
    """Boxes that together fill every True pixel of mask (H, W) once, in the order in which to go.

    Wide holes come first, each in a box of its own that shows half as much again; a network sees it at its
    own size. What is narrow, scratches and dust, is filled at full size, `native` pixels a side at a time.
    """
    left = mask.copy()
    found = list(_wide(left, native))
    return found + list(_narrow(left, native))


def _wide(left: Mask, native: int) -> Iterator[Box]:
    """One box for each hole wider than a third of the native side; takes them out of `left`."""
    labels, _ = label(left, structure=EVERYWHERE)
    for number, place in enumerate(find_objects(labels), start=1):
        hole: NDArray[np.bool_] = labels[place] == number
        if min(hole.shape) * SEEN <= native or 2 * _depth(hole) * SEEN <= native:
            continue
        side = max(native, round(AROUND * max(hole.shape)))
        rows, columns = (
            _from((at.start + at.stop - side) // 2, side, size)
            for at, size in zip(place, left.shape, strict=True)
        )
        paint = labels[rows, columns] == number
        left[rows, columns] &= ~paint
        yield Box(rows.start, columns.start, paint)


def _depth(hole: Mask) -> float:
    """Pixels from the innermost point of a hole to its edge."""
    return float(distance_transform_edt(np.pad(hole, 1)).max())


def _narrow(left: Mask, native: int) -> Iterator[Box]:
    """Squares of the native size, row by row, each filling all that lies inside of its margin."""
    margin = native // MARGIN
    height, width = left.shape
    row = 0
    while row < height:
        if not left[row].any():
            row += 1
            continue
        occupied = np.flatnonzero(left[row : row + native - 2 * margin].any(axis=0))
        rows = _from(row - margin, native, height)
        columns = _from(int(occupied[0]) - margin, native, width)
        inner = (_inside(rows, margin, height), _inside(columns, margin, width))
        paint = np.zeros((rows.stop - rows.start, columns.stop - columns.start), dtype=bool)
        local = tuple(
            slice(part.start - whole.start, part.stop - whole.start)
            for part, whole in zip(inner, (rows, columns), strict=True)
        )
        paint[local] = left[inner]
        left[inner] = False
        yield Box(rows.start, columns.start, paint)


def _from(start: int, side: int, size: int) -> slice:
    """`side` pixels from a start, moved inside of `size`; all of it where that is less."""
    side = min(side, size)
    start = min(max(start, 0), size - side)
    return slice(start, start + side)


def _inside(stretch: slice, margin: int, size: int) -> slice:
    """Without the margins, but for those at the photo's own edge."""
    start = stretch.start if stretch.start == 0 else stretch.start + margin
    stop = stretch.stop if stretch.stop == size else stretch.stop - margin
    return slice(start, stop)
