"""What age did to a photo's colours, told from how much of the range from black to white they still use."""

from __future__ import annotations

import numpy as np

from adir_desktop.contract import Fading, Photo
from adir_desktop.tasks import GAINS

NEUTRAL = Fading((1.0, 1.0, 1.0), (0.0, 0.0, 0.0))
ENOUGH = 1024  # pixels a side that are looked at; more tell no more
FRAME = 0.05  # of each side: a print's white margin or a scanner's black one
ENDS = (0.5, 99.5)  # per cent of the values: scratches and dust lie beyond
FULL = (0.02, 0.98)  # where these lie in a photo that uses the whole range
FRESH = (0.12, 0.82)  # the darkest end is below, the brightest above, in a photo that has not faded
FLAT = 0.05  # a range too small to tell fading from a picture of nothing


def fading(photo: Photo) -> Fading:
    """The gain and offset of each channel that best explain the photo: y = gain * x + offset.

    A print that fades loses its blacks and its whites, each dye for itself. So each channel's ends (0.5 and
    99.5 per cent, the margins left out) are taken for where black and white went. A photo in which some
    channel still reaches black and some channel white is taken for fresh: gain 1, offset 0.
    """
    low, high = np.percentile(_inner(photo), ENDS, axis=(0, 1))
    if (low.min() <= FRESH[0] and high.max() >= FRESH[1]) or (high - low).min() < FLAT:
        return NEUTRAL
    gain = np.clip((high - low) / (FULL[1] - FULL[0]), GAINS[0], 1.0)
    offset = np.clip(low - gain * FULL[0], -1.0, 1.0)
    return Fading(_three(gain), _three(offset))


def _inner(photo: Photo) -> np.ndarray:
    """The photo without its margins, every so many pixels of it."""
    height, width = photo.height, photo.width
    top, left = int(height * FRAME), int(width * FRAME)
    step = max(1, max(height, width) // ENOUGH)
    return photo.pixels[top : height - top : step, left : width - left : step]


def _three(values: np.ndarray) -> tuple[float, float, float]:
    red, green, blue = (round(float(value), 3) for value in values)
    return red, green, blue
