"""Masks for experiments, (h, w) bool and True where missing, and the soft spot of Dirac."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from torch import Tensor

from adir_desktop.contract import Mask
from adir_desktop.errors import MaskError, RequestError

Array = NDArray[np.float64]

SMALLEST = 8  # pixels a side, for strokes and scratches
PUBLISHED_SIDE = 256  # pixels of the pictures that published masks are made for
SPOT = {"spot": 50.0, "row": 0.5, "column": 0.5}  # Dirac's of faces; 30 for ImageNet
SPOT_POWER = 4  # Fabian et al. 2024 (Dirac): M = (1 - bump)^4
SPOT_REACH = 4.0  # standard deviations at which its Gaussian is cut


def soft_spot(height: int, width: int, w: float, row: int, column: int) -> Tensor:
    """M (1, 1, H, W) float64 in [0, 1]: M = (1 - exp(-r^2 / 2 w^2))^4, dark around a pixel (Dirac).

    w, row, column: pixels. The Gaussian is cut at 4 w in each direction.
    """

    def bump(n: int, centre: int) -> Tensor:
        offset = torch.arange(n, dtype=torch.float64) - centre
        inside = offset.abs() <= int(SPOT_REACH * w + 0.5)
        return torch.where(inside, torch.exp(-(offset**2) / (2 * w**2)), 0.0)

    return ((1 - bump(height, row)[:, None] * bump(width, column)) ** SPOT_POWER)[None, None]


def spot_of(values: Mapping[str, int | float | str], height: int, width: int) -> tuple[float, int, int]:
    """The w, row and column of `soft_spot` in pixels of this picture, of a step "soft-mask".

    spot: w for a picture with 256 pixels on its shorter side. row, column: the centre, as shares of the
    sides.

    Raises:
        MaskError: any of them is out of range.
    """
    spot, row, column = (float(values.get(name, usual)) for name, usual in SPOT.items())
    if not (0 < spot <= PUBLISHED_SIDE and 0 <= row <= 1 and 0 <= column <= 1):
        raise MaskError(
            "The soft mask is out of range.",
            f"Give a spot of up to {PUBLISHED_SIDE} pixels, and its row and column between 0 and 1.",
        )
    w = spot * min(height, width) / PUBLISHED_SIDE
    return w, min(int(row * height), height - 1), min(int(column * width), width - 1)


def box_mask(height: int, width: int, side: int, seed: int, margin: int = 16) -> Mask:
    """One square of `side` pixels missing, anywhere at least `margin` from the edges.

    128 and 16 in Chung et al. 2023 (DPS).

    Raises:
        RequestError: it does not fit.
    """
    rows, columns = height - 2 * margin - side, width - 2 * margin - side
    if side < 1 or margin < 0 or min(rows, columns) < 0 or side >= max(height, width):
        raise RequestError(
            f"A hole of {side} pixels does not fit into {width} x {height} with a margin of {margin}.",
            "Use a smaller hole.",
        )
    chance = np.random.default_rng(seed)
    top, left = margin + chance.integers(rows + 1), margin + chance.integers(columns + 1)
    mask = np.zeros((height, width), bool)
    mask[top : top + side, left : left + side] = True
    return mask


def random_pixels(height: int, width: int, share: float, seed: int) -> Mask:
    """Exactly `share` of the pixels missing (rounded, at least one and never all), 0.3 to 0.7 in papers.

    Raises:
        RequestError: the share is not between 0 and 1, or the picture has but one pixel.
    """
    if not 0 < share < 1 or height * width < 2:
        raise RequestError(
            f"A share of {share:g} of {width} x {height} pixels cannot be missing.",
            "Use a share between 0 and 1.",
        )
    count = min(max(round(share * height * width), 1), height * width - 1)
    mask = np.zeros(height * width, bool)
    mask[np.random.default_rng(seed).permutation(height * width)[:count]] = True
    return mask.reshape(height, width)


def freeform(height: int, width: int, seed: int, share: float = 0.2) -> Mask:
    """Bent brush strokes until `share` of the picture is missing, or a little more.

    Raises:
        RequestError: the share is not above 0 and at most 0.9, or the picture has sides under 8 pixels.
    """
    if not 0 < share <= 0.9 or min(height, width) < SMALLEST:
        raise RequestError(
            f"Strokes cannot hide {share:g} of {width} x {height} pixels.",
            f"Use a share up to 0.9, and a picture of at least {SMALLEST} pixels a side.",
        )
    chance = np.random.default_rng(seed)
    mask = np.zeros((height, width), bool)
    brush = max(1, round(min(height, width) * float(chance.uniform(0.02, 0.06))))
    while True:
        point, heading = chance.uniform(0, (width, height)), chance.uniform(0, 2 * math.pi)
        for _ in range(chance.integers(4, 12)):
            heading += chance.normal(0, 0.6)
            following = point + min(height, width) / 8 * np.array([math.cos(heading), math.sin(heading)])
            _dab(mask, point, following, brush)
            if mask.mean() >= share:
                return mask
            point = following


def _dab(mask: Mask, start: Array, end: Array, brush: int) -> None:
    """A straight piece of a stroke with round ends."""
    sheet = Image.new("L", (mask.shape[1], mask.shape[0]))
    draw = ImageDraw.Draw(sheet)
    draw.line([tuple(start), tuple(end)], fill=1, width=brush)
    for x, y in (start, end):
        draw.ellipse((x - brush / 2, y - brush / 2, x + brush / 2, y + brush / 2), fill=1)
    mask |= np.asarray(sheet, bool)


def scratches(height: int, width: int, seed: int, count: int = 6) -> Mask:
    """Thin long scratches, most of them nearly upright as those of a film are.

    Raises:
        RequestError: the picture has sides under 8 pixels.
    """
    if min(height, width) < SMALLEST:
        raise RequestError("The picture is too small to be scratched.", "Use at least 8 pixels a side.")
    chance = np.random.default_rng(seed)
    sheet = Image.new("L", (width, height))
    draw = ImageDraw.Draw(sheet)
    for _ in range(count):
        x, y = chance.uniform(0, width), chance.uniform(-0.2, 0.6) * height
        length, slope = chance.uniform(0.2, 1.0) * height, chance.normal(0, 0.15)
        draw.line([(x, y), (x + slope * length, y + length)], fill=1, width=int(chance.integers(1, 3)))
    return np.asarray(sheet, bool)
