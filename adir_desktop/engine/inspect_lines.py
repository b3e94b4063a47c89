"""How much each pixel of a picture looks like part of a thin line that does not belong to it.

A line operator in the manner of Dixon and Taylor (1979): for each direction, the mean along a short piece of
line is held against the means along both its sides. What lies across the picture has like sides and an
edge of its own; what belongs to the picture is mostly the edge of something, or wider.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from adir_desktop import interrupt

MARGIN = 36  # pixels of surroundings that the answer at a pixel depends on
DIRECTIONS = 12
PIECE = 7  # pixels: length of a piece of line
ALONG = 6  # pixels from piece to piece
PIECES = range(-2, 3)  # a line shows in at least four of five pieces in a row
WIDTHS = ((1.0, 3.0), (2.5, 4.0))  # of a line, and how far from its middle its sides are looked at; pixels
BEYOND = 2.5  # pixels from a side to where a wider thing would go on
UNLIKE = 0.4  # levels taken off for each level that the two sides differ: edges have unlike sides
WIDE = 0.8  # levels taken off for each level that a side still differs from what lies beyond it
_EDGE = 8  # pixels lost by looking sideways
_KERNEL = 12  # half the side of a kernel, pixels

Plane = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Lines:
    """Contrast to the sides in the picture's units, (h, w) each, 0 where there is no line.

    whole: of a line of five pieces; piece: of one piece alone, which goes on to a line's end.
    """

    whole: Plane
    piece: Plane


def lines(picture: Plane) -> tuple[Lines, Lines]:
    """Bright lines and dark lines of a picture (h + 2 MARGIN, w + 2 MARGIN); the answers are (h, w)."""
    height, width = picture.shape[0] - 2 * MARGIN, picture.shape[1] - 2 * MARGIN
    found = [Lines(*(np.zeros((height, width), np.float32) for _ in range(2))) for _ in range(2)]
    for means, gap, towards in _means(picture):
        interrupt.check()
        middle = _moved(means, (0.0, 0.0), _EDGE)
        left, right = (_moved(means, _sideways(towards, side * gap), _EDGE) for side in (-1, 1))
        left_out, right_out = (
            _moved(means, _sideways(towards, side * (gap + BEYOND)), _EDGE) for side in (-1, 1)
        )
        unlike = UNLIKE * np.abs(left - right)
        for sign, best in zip((1.0, -1.0), found, strict=True):
            nearest = np.maximum(sign * left, sign * right)
            wings = np.maximum(sign * (left - left_out), sign * (right - right_out))
            contrast = sign * middle - nearest - unlike - WIDE * np.maximum(wings, 0)
            np.maximum(best.whole, _whole(contrast, towards), out=best.whole)
            np.maximum(best.piece, _moved(contrast, (0.0, 0.0), MARGIN - _EDGE), out=best.piece)
    return found[0], found[1]


def _means(picture: Plane) -> Iterator[tuple[Plane, float, tuple[float, float]]]:
    """For each width and direction: the mean along a piece at every pixel, the gap, the direction (y, x)."""
    shape = [fft.next_fast_len(side + 2 * _KERNEL, real=True) for side in picture.shape]
    spectrum = fft.rfft2(picture, shape)
    rows, columns = picture.shape
    for width, gap in WIDTHS:
        for number in range(DIRECTIONS):
            angle = math.pi * number / DIRECTIONS
            kernel = fft.rfft2(_piece(angle, width), shape)
            means = fft.irfft2(spectrum * kernel, shape)
            inside = means[_KERNEL : _KERNEL + rows, _KERNEL : _KERNEL + columns]
            yield inside, gap, (math.sin(angle), math.cos(angle))


def _piece(angle: float, width: float) -> Plane:
    """A piece of line through the middle of a square, its values summing to 1."""
    y, x = np.mgrid[-_KERNEL : _KERNEL + 1, -_KERNEL : _KERNEL + 1]
    along = x * math.cos(angle) + y * math.sin(angle)
    across = y * math.cos(angle) - x * math.sin(angle)
    inside = np.clip(PIECE / 2 + 0.5 - np.abs(along), 0, 1) * np.clip(width / 2 + 0.5 - np.abs(across), 0, 1)
    return np.asarray(inside / inside.sum(), np.float32)


def _sideways(towards: tuple[float, float], by: float) -> tuple[float, float]:
    return by * towards[1], -by * towards[0]


def _whole(contrast: Plane, towards: tuple[float, float]) -> Plane:
    """The second smallest contrast of five pieces in a row: one of them may be crossed by something.

    The outer pieces may lie a pixel to the side, as those of a curved line do.
    """
    bent = contrast.copy()
    for side in (-1.0, 1.0):
        inner = bent[1:-1, 1:-1]
        np.maximum(inner, _moved(contrast, _sideways(towards, side), 1), out=inner)
    pieces = (
        _moved(
            contrast if abs(number) < 2 else bent,
            (ALONG * number * towards[0], ALONG * number * towards[1]),
            MARGIN - _EDGE,
        )
        for number in PIECES
    )
    least = next(pieces)
    second = np.full_like(least, np.inf)
    for piece in pieces:
        second = np.minimum(second, np.maximum(least, piece))
        least = np.minimum(least, piece)
    return second


def _moved(plane: Plane, by: tuple[float, float], margin: int) -> Plane:
    """The plane without its margin, seen from `by` (y, x) pixels further on."""
    dy, dx = round(by[0]), round(by[1])
    height, width = plane.shape
    return plane[margin + dy : height - margin + dy, margin + dx : width - margin + dx]
