"""Random damage to learn inpainting from: what people paint over, and the soft masks of the paper."""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter

from adir_desktop.engine.dirac.process import ClosingHoles, SoftSpot, Together

SPOTS = 0.4  # the share of soft spots; the rest is painted
SOFTENED = 0.25  # of the painted masks
SPOT_WIDTHS = (0.03, 0.22)  # of the side; the published ones are 30 and 50 of 256
MOST_HIDDEN = 0.6  # of the picture


def random_holes(side: int, generator: np.random.Generator) -> Together:
    """One mask family for a square picture: soft spots, or a painted mask, hard or soft."""
    if generator.random() < SPOTS:
        return Together(tuple(_spot(side, generator) for _ in range(generator.integers(1, 4))))
    missing = _painted(side, generator)
    while missing.mean() > MOST_HIDDEN:
        missing = _painted(side, generator)
    if generator.random() < SOFTENED:
        missing = gaussian_filter(missing, generator.uniform(0.5, 4))
    return Together((ClosingHoles(1 - torch.from_numpy(missing)[None, None]),))


def _spot(side: int, generator: np.random.Generator) -> SoftSpot:
    row, column = (int(n) for n in generator.integers(0, side, 2))
    widest = side * float(generator.uniform(*SPOT_WIDTHS))
    return SoftSpot(widest, row, column, side, side, torch.empty(0))


def _painted(side: int, generator: np.random.Generator) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """(side, side), 1 where missing: some strokes, scratches, boxes and blots."""
    sheet = Image.new("L", (side, side))
    draw = ImageDraw.Draw(sheet)
    for _ in range(generator.integers(1, 5)):
        kind = generator.integers(0, 4)
        if kind == 0:
            _line(draw, side, int(generator.integers(1, 4)), generator)
        elif kind == 1:
            _line(draw, side, int(generator.integers(3, max(5, side // 7))), generator)
        else:
            size = generator.uniform(0.04, 0.4, 2) * side
            corner = generator.uniform(-0.1, 0.95, 2) * side
            shape = draw.rectangle if kind == 2 else draw.ellipse
            shape([*corner, *(corner + size)], fill=1)
    return np.asarray(sheet, np.float32)


def _line(draw: ImageDraw.ImageDraw, side: int, width: int, generator: np.random.Generator) -> None:
    """A bent stroke from anywhere to about anywhere else."""
    steps = generator.normal(0, side / 5, (int(generator.integers(2, 7)), 2))
    steps[0] = generator.uniform(0, side, 2)
    path = [tuple(point) for point in np.cumsum(steps, axis=0)]
    draw.line(path, fill=1, width=width, joint="curve")
