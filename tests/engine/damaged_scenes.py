"""Pictures with texture, and what age does to them: noise, scratches, dust."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from adir_desktop.contract import Photo

SIDE = 320


def textured(seed: int, side: int = SIDE, grain: float = 1.5) -> np.ndarray:
    """(side, side, 3) levels of 255: clouds of all sizes, as rough as photos are, a few hard-edged shapes."""
    rng = np.random.default_rng(seed)
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(side), np.fft.fftfreq(side)))
    spectrum = 1 / np.maximum(frequency, 1 / side) ** 1.6
    clouds = [np.fft.ifft2(np.fft.fft2(rng.normal(size=(side, side))) * spectrum).real for _ in range(3)]
    mixed = np.stack([clouds[0] + 0.3 * cloud for cloud in clouds], -1)
    levels = 125 + 32 * (mixed - mixed.mean()) / mixed.std()
    y, x = np.mgrid[:side, :side]
    for _ in range(4):
        cy, cx, radius = rng.uniform(0.1, 0.9, 3) * [side, side, side / 4]
        levels[(y - cy) ** 2 + (x - cx) ** 2 < radius**2] += rng.uniform(-40, 40, 3)
    return levels + rng.normal(0, grain, levels.shape)


def scratch(seed: int, width: float, bend: float, side: int = SIDE) -> np.ndarray:
    """(side, side) in [0, 1]: how much of each pixel a line of that width covers; bend: its sagitta's share."""
    rng = np.random.default_rng(seed)
    angle, length = rng.uniform(0, np.pi), rng.uniform(0.4, 0.8) * side
    middle = rng.uniform(0.35, 0.65, 2) * side
    along = np.linspace(-0.5, 0.5, 60) * length
    across = bend * length * (1 - (2 * along / length) ** 2)
    x = middle[0] + along * np.cos(angle) - across * np.sin(angle)
    y = middle[1] + along * np.sin(angle) + across * np.cos(angle)
    page = Image.new("L", (4 * side, 4 * side))
    ImageDraw.Draw(page).line(
        [(4 * float(a), 4 * float(b)) for a, b in zip(x, y, strict=True)], 255, round(4 * width), "curve"
    )
    return np.asarray(page.resize((side, side), Image.Resampling.BOX), float) / 255


def as_photo(levels: np.ndarray) -> Photo:
    """What an 8-bit file would hold."""
    return Photo((np.clip(np.rint(levels), 0, 255) / 255).astype(np.float32))
