"""Whether a thin, long shape in a picture is a scratch: what speaks for it, and how much.

A scratch has a colour, or an offset, of its own along its whole length, whatever lies under it; grain of wood,
wires and rims change with their ground, or have surroundings that look like them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from skimage.morphology import skeletonize

from adir_desktop.contract import Mask

STEP = 6  # pixels along a line over which its colour and its ground's are averaged
AROUND = (4, 6)  # pixels from a line's middle to where its ground is looked at
FEWEST = 20  # pixels of a line's length
EVEN = 2.0  # levels that even a flat colour differs by
STEADY = -1.8  # logarithm: no line is steadier than that, in units of its contrast, or need be
LIKE = 8.0  # levels by which a colour may differ from a line's and still be like it

_TURN = np.arange(8) * np.pi / 4
_CIRCLE = np.rint(
    [(radius * np.sin(turn), radius * np.cos(turn)) for radius in AROUND for turn in _TURN]
).astype(int)

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shape:
    """A thin shape: where its box begins in the picture, its pixels in that box, and its middle line there."""

    corner: tuple[int, int]
    mask: Mask
    middle: Mask

    @property
    def length(self) -> int:
        return int(self.middle.sum())

    def points(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Rows and columns of the middle line in the picture."""
        rows, columns = np.nonzero(self.middle)
        return rows + self.corner[0], columns + self.corner[1]


@dataclass(frozen=True, eq=False)
class Evidence:
    """What was measured of a shape: its colour, how much that varies, and the values that the verdict weighs."""

    colour: Values
    spread: float
    values: Values


def shape_of(mask: Mask, corner: tuple[int, int]) -> Shape | None:
    """The shape, unless it is too short to be judged."""
    middle = skeletonize(mask)
    return Shape(corner, mask, middle) if middle.sum() >= FEWEST else None


def evidence(picture: NDArray[np.float32], shape: Shape, strength: Values, grey: bool) -> Evidence | None:
    """What speaks for and against a shape in a picture (h, w, 3) of 0..1; None if it hides its ground.

    strength: how strongly it shows at its middle's points, in units of the texture around.
    """
    rows, columns = shape.points()
    ground, off = _ground(picture, shape, rows, columns)
    seen = off.any(axis=0)
    if seen.sum() < FEWEST / 2:
        return None
    cells = _cells(rows[seen], columns[seen])
    weights = off[:, seen].sum(axis=0)
    own = picture[rows[seen], columns[seen]].astype(np.float64) * 255
    line = _means(own, cells, np.ones(len(cells)))
    under = _means((ground[:, seen] * off[:, seen, None]).sum(axis=0) / weights[:, None], cells, weights)
    texture = np.sqrt(((ground[:, seen] - under[cells])[off[:, seen]] ** 2).mean())
    values = [
        np.log(np.median(strength)),
        np.log(np.quantile(strength, 0.2)),
        *_colours(line, under, ground[off]),
        np.log(shape.length),
        shape.mask.sum() / shape.length,
        np.hypot(*shape.mask.shape) / shape.length,
        float(grey),
        np.log(texture + 1),
        max(STEADY, np.log((_spread(line) + EVEN) / (np.sqrt(((line - under) ** 2).mean()) + EVEN))),
    ]
    return Evidence(np.median(line, axis=0), _spread(line), np.array(values))


def _colours(line: Values, under: Values, others: Values) -> tuple[float, float]:
    """How much of the surroundings look like the line, and how much it changes where its ground does."""
    colour = np.median(line, axis=0)
    near = np.abs(line - colour).max(axis=1).mean() + LIKE
    alike = (np.abs(others - colour).max(axis=1) < near).mean()
    steady = min(_spread(line), _spread(line - under))
    return float(np.log(alike + 0.01)), float(np.log((steady + EVEN) / (_spread(under) + EVEN)))


def _ground(
    picture: NDArray[np.float32], shape: Shape, rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> tuple[Values, Mask]:
    """The colours on circles around each point (circle, points, 3), and where they are off the shape."""
    height, width = picture.shape[:2]
    y = np.clip(rows + _CIRCLE[:, :1], 0, height - 1)
    x = np.clip(columns + _CIRCLE[:, 1:], 0, width - 1)
    inner_y, inner_x = y - shape.corner[0], x - shape.corner[1]
    box = shape.mask.shape
    inside = (inner_y >= 0) & (inner_y < box[0]) & (inner_x >= 0) & (inner_x < box[1])
    off = ~(inside & shape.mask[np.clip(inner_y, 0, box[0] - 1), np.clip(inner_x, 0, box[1] - 1)])
    return picture[y, x] * 255.0, off


def _cells(rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.intp]:
    """For each point the number of its cell, of STEP pixels a side."""
    keys = (rows // STEP) * (columns.max() // STEP + 1) + columns // STEP
    return np.asarray(np.unique(keys, return_inverse=True)[1], np.intp)


def _means(colours: Values, cells: NDArray[np.intp], weights: Values) -> Values:
    """The mean colour of each cell."""
    total = np.bincount(cells, weights)
    return np.stack([np.bincount(cells, weights * colours[:, k]) / total for k in range(3)], axis=-1)


def _spread(colours: Values) -> float:
    """How much colours differ along a line; what crosses it counts little."""
    return float(np.sqrt((np.minimum(np.abs(colours - np.median(colours, axis=0)), 60) ** 2).mean()))
