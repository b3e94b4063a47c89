"""Are the borders of windows to be seen? The gradient across them over the gradient a few pixels beside them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from adir_desktop.contract import Mask
from adir_desktop.engine.tiles import OVERLAP, windows

BESIDE = (
    -24,
    -16,
    -8,
    8,
    16,
    24,
)  # pixels from a border: where enlarging by two, four or eight has the same phase
PIECE = 32  # pixels along a border that are one sample


def places(length: int, side: int, multiple: int, overlap: int = OVERLAP) -> list[int]:
    """Where windows begin and end inside of a line of pixels."""
    size, starts = windows(length, side, multiple, overlap)
    ends = {place for start in starts for place in (start, start + size)}
    return sorted(place for place in ends if max(BESIDE) < place < length - max(BESIDE))


def excess(
    pixels: NDArray[np.float32], borders: tuple[list[int], list[int]], where: Mask | None = None
) -> tuple[float, float]:
    """The mean absolute difference of pixels on both sides of a border, over that of pixels beside it, and the
    ratio's standard error over pieces of the borders.

    pixels: (H, W, 3). borders: the rows and the columns that windows begin at. where: pixels that count.
    """
    seen = np.ones(pixels.shape[:2], bool) if where is None else where
    at, near = [], []
    for across, (picture, counted) in enumerate(((pixels, seen), (pixels.swapaxes(0, 1), seen.T))):
        for border in borders[across]:
            at.append(_steps(picture, counted, border))
            near.append(np.mean([_steps(picture, counted, border + by) for by in BESIDE], axis=0))
    here, beside = np.concatenate(at), np.concatenate(near)
    known = np.isfinite(here) & np.isfinite(beside)
    here, beside = here[known], beside[known]
    ratio = float(here.mean() / beside.mean())
    error = float((here - ratio * beside).std() / math.sqrt(len(here)) / beside.mean())
    return ratio, error


def _steps(picture: NDArray[np.float32], counted: Mask, row: int) -> NDArray[np.float64]:
    """The mean step from the row before to `row`, for each piece of it; nan where nothing of it counts."""
    both = counted[row] & counted[row - 1]
    step = np.where(both, np.abs(picture[row] - picture[row - 1]).mean(-1), 0.0)
    starts = np.arange(0, len(step), PIECE)
    count = np.add.reduceat(both.astype(int), starts)
    total = np.add.reduceat(step, starts)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
