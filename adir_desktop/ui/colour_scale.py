"""Figures as colours: one scale from dark violet to yellow that grows evenly lighter, for every eye."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

STEPS = 256
# Red, green, blue at equal distances, each lighter than the last.
ANCHORS = (
    (68, 1, 84),
    (72, 40, 120),
    (62, 73, 137),
    (49, 104, 142),
    (38, 130, 142),
    (31, 158, 137),
    (53, 183, 121),
    (109, 205, 89),
    (180, 222, 44),
    (253, 231, 37),
)
ROUND = (1.0, 2.0, 5.0, 10.0)


def colours() -> NDArray[np.uint8]:
    """(STEPS, 3) red, green, blue."""
    anchors = np.array(ANCHORS, np.float64)
    at = np.linspace(0, len(anchors) - 1, STEPS)
    channels = [np.interp(at, range(len(anchors)), anchors[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=-1).round().astype(np.uint8)


def round_top(value: float) -> float:
    """The smallest of 1, 2, 5, 10, 20 … (or 0.5, 0.2 …) that is not below `value`: the end of a scale."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * step for step in ROUND if power * step >= value * (1 - 1e-6))
