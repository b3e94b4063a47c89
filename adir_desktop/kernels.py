"""Kernels of moving cameras: a path over the pixels, its time spread over what it passes. numpy only."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FINE = 64  # samples a pixel along a path
REACH = 0.75  # length of a shaken path over the kernel's side, before it is bent
SMOOTH = 0.1  # how much of the turning changes with each pixel of the way
BEND = 0.6  # radians a pixel of turning, root mean square, at full intensity
JERKS = 0.1  # sudden turns a pixel at full intensity


def motion_kernel(length: float, angle: float, side: int) -> Array:
    """(side, side): a straight stroke of `length` pixels at `angle` degrees (anticlockwise), sum 1."""
    count = FINE * max(1, math.ceil(length))
    along = ((np.arange(count) + 0.5) / count - 0.5) * max(length - 1, 0)
    return _spread(along * math.cos(math.radians(angle)), -along * math.sin(math.radians(angle)), side)


def shake_kernel(side: int, intensity: float, seed: int) -> Array:
    """(side, side), side odd: a camera shaken along a random path, the same for the same seed; sum 1.

    The direction turns smoothly and now and then at once, the more the higher `intensity` in [0, 1] is
    (0: a straight line); the camera lingers here and hurries there. The kernel's centre of gravity is
    its centre, so that the picture does not move.
    """
    chance = np.random.default_rng(seed)
    count = FINE * side
    pixels = REACH * side / count  # of the way, between two samples
    turning = _wander(count, pixels, chance) * BEND * intensity * pixels
    jerks = (chance.random(count) < JERKS * intensity * pixels) * chance.uniform(-math.pi, math.pi, count)
    direction = chance.uniform(0, 2 * math.pi) + np.cumsum(turning + jerks)
    speed = np.exp(0.5 * intensity * _wander(count, pixels, chance))
    x, y = np.cumsum(speed * np.cos(direction)), np.cumsum(speed * np.sin(direction))
    x, y = x - x.mean(), y - y.mean()
    widest = max(np.abs(x).max(), np.abs(y).max())
    scale = min(REACH * side / speed.sum(), (side // 2) / widest)
    return _spread(x * scale, y * scale, side)


def _wander(count: int, pixels: float, chance: np.random.Generator) -> Array:
    """A smooth random function of the way with variance 1 (an Ornstein-Uhlenbeck process)."""
    keep = math.exp(-SMOOTH * pixels)
    draws = chance.standard_normal(count)
    draws[1:] *= math.sqrt(1 - keep**2)
    values = np.empty(count)
    value = 0.0
    for index, draw in enumerate(draws):
        value = keep * value + draw
        values[index] = value
    return values


def _spread(x: Array, y: Array, side: int) -> Array:
    """Equal weights at (x, y) from the centre, each shared bilinearly among the four pixels around it."""
    x, y = x + side // 2, y + side // 2
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    weights = np.zeros((side + 1, side + 1))
    for dx in (0, 1):
        for dy in (0, 1):
            share = (1 - abs(x - left - dx)) * (1 - abs(y - top - dy))
            np.add.at(weights, (top + dy, left + dx), share)
    inside: Array = weights[:side, :side]
    inside /= inside.sum()
    return inside
