"""Masks painted at random, for the tests of all that is done with masks."""

from __future__ import annotations

import numpy as np

from adir_desktop.ui.mask import MaskPainting, Mode
from adir_desktop.ui.mask_shapes import Polygon, Rectangle
from adir_desktop.ui.mask_tiles import TILE

SHAPE = (TILE + 70, TILE + 130)  # more than one tile each way, and no multiple of 16


def painted(seed: int, shape: tuple[int, int] = SHAPE) -> MaskPainting:
    """Some strokes, over the tiles' edges too."""
    random = np.random.default_rng(seed)
    mask = MaskPainting(*shape)
    for _ in range(4):
        points = random.uniform(-20, 1.05 * max(shape), (5, 2)).tolist()
        mask.begin(tuple(points[0]), random.uniform(1, 40), erase=bool(random.random() < 0.3))
        for point in points[1:]:
            mask.extend(tuple(point), random.uniform(1, 40))
        mask.finish()
    return mask


def operate(mask: MaskPainting, random: np.random.Generator) -> None:
    """Anything that can be done, at random."""
    height, width = mask.pixels.shape
    points = [tuple(point) for point in random.uniform(-10, max(height, width), (6, 2)).tolist()]
    mode = list(Mode)[random.integers(3)]
    choice = random.integers(10)
    if choice < 4:
        mask.begin(points[0], random.uniform(0.5, 60), erase=choice == 0)
        for point in points[1:]:
            mask.extend(point, random.uniform(0.5, 60) if choice == 1 else None)
        mask.cancel() if choice == 3 else mask.finish()
    elif choice == 4:
        mask.mark(Polygon(tuple(points)), mode)
    elif choice == 5:
        mask.mark(Rectangle(*points[:2]), mode)
    elif choice == 6:
        mask.apply(random.random((height, width)) < 0.1, mode)
    elif choice == 7:
        mask.grow(3) if random.random() < 0.5 else mask.shrink(2)
    elif choice == 8:
        mask.invert() if random.random() < 0.7 else mask.clear()
    else:
        mask.undo() if random.random() < 0.6 else mask.redo()
