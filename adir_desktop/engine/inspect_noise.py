"""How noisy a photo is: sigma from its finest wavelet coefficients, where it shows little else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from skimage.restoration import estimate_sigma

from adir_desktop import interrupt
from adir_desktop.contract import NoiseLevel, Photo, Pixels

TILE = 32  # pixels a side
TILES = 20  # a side of the grid of tiles at most: 400 tiles tell as much as a hundred megapixels
SMALLEST = 8  # pixels a side, below which a tile tells nothing
QUIET = 0.05  # the share of tiles taken to show noise alone; the others show texture too
BIAS = 0.87  # what this quantile is of the truth: 0.85 for noise alone, more where there is some texture
CLIPPED = 0.01  # the share of values at black or white up to which a tile's noise is whole


def noise(photo: Photo) -> NoiseLevel:
    """The noise's standard deviation in 0..255 units, of one channel, taken to be white.

    The estimator is Donoho and Johnstone's (1994): the median absolute value of the finest diagonal
    wavelet coefficients, on tiles over the whole photo. Texture only adds to it, so that a low quantile over
    the tiles is nearest to the noise. Values cut off at black and white hide noise: such tiles are left
    out where there are others, and beyond sigma 40 or so the answer is somewhat low.
    """
    height, width = photo.height, photo.width
    side = min(TILE, height, width)
    if side < SMALLEST:
        return NoiseLevel(0.0)
    channels = photo.pixels[..., :1] if photo.grey else photo.pixels
    rows, clipped = [], []
    for top in _places(height, side):
        interrupt.check()
        for left in _places(width, side):
            tile = channels[top : top + side, left : left + side]
            rows += _sigmas(tile)
            clipped += _clipped(tile)
    sigmas, shares = np.array(rows), np.array(clipped)
    whole = shares <= max(CLIPPED, float(np.quantile(shares, 0.25)))
    return NoiseLevel(round(float(np.quantile(sigmas[whole], QUIET)) / BIAS * 255, 2))


def _places(length: int, side: int) -> NDArray[np.int64]:
    """Where tiles begin along one side of the photo: evenly spread, overlapping in a small photo."""
    count = min(TILES, max(1, 2 * (length // side) - 1))
    return np.unique(np.linspace(0, length - side, count).astype(np.int64))


def _sigmas(tile: Pixels) -> list[float]:
    return [
        float(estimate_sigma(tile[..., channel])) if np.ptp(tile[..., channel]) > 0 else 0.0
        for channel in range(tile.shape[2])
    ]


def _clipped(tile: Pixels) -> list[float]:
    """The share of each channel's values that lie at black or white."""
    ends = (tile <= 0) | (tile >= 1)
    return [float(share) for share in ends.mean(axis=(0, 1))]
