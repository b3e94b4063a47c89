"""Small pictures and short runs that several tests of the engine share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from adir_desktop.contract import Mask, Request, Restoration
from adir_desktop.engine.restore import restore


def scene(height: int = 48, width: int = 40, seed: int = 0) -> np.ndarray:
    """(height, width, 3) float32: a smooth background with a few hard-edged shapes."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width] / max(height, width)
    pixels = np.stack([0.3 + 0.4 * x, 0.3 + 0.4 * y, 0.5 + 0 * x], -1)
    for _ in range(4):
        cy, cx, r = rng.random(3) * [0.9, 0.9, 0.25]
        pixels[(y - cy) ** 2 + (x - cx) ** 2 < r**2] = rng.random(3)
    return pixels.astype(np.float32)


def block(height: int, width: int, top: int, left: int, side: int) -> Mask:
    """A square hole."""
    mask = np.zeros((height, width), bool)
    mask[top : top + side, left : left + side] = True
    return mask


def run(request: Request) -> tuple[Restoration, list[object]]:
    """Restores in float32; the trial that chooses a precision has a test of its own."""
    events: list[object] = []
    if request.precision == "auto":
        request = replace(request, precision="float32")
    work = restore(request)
    while True:
        try:
            events.append(next(work))
        except StopIteration as stop:
            return stop.value, events


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    return float(-10 * np.log10(np.mean((a - b) ** 2)))
