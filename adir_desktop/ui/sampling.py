"""Which pixel of a picture lies under which one of the screen, when none is to be blended with another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from adir_desktop.ui.view import Frame

Kind = TypeVar("Kind", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Sampling:
    """One sample for every device pixel of `place`, in widget coordinates.

    Qt's own drawing steps through a picture in 1/65536 pixels from wherever it begins: drawn bit by bit,
    the edges of large pixels would not meet.
    """

    place: QRectF
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]

    def of(self, pixels: NDArray[Kind]) -> NDArray[Kind]:
        """(rows, columns) of them, in one piece."""
        first, last = self.columns[0], self.columns[-1]
        samples: NDArray[Kind] = pixels[:, first : last + 1][self.rows].take(self.columns - first, axis=1)
        return samples


def nearest(frame: Frame, shape: tuple[int, int], step_x: float, step_y: float) -> Sampling:
    """Of a picture of (height, width) pixels, for what is seen of it; at least one pixel is.

    step_x, step_y: widget pixels a pixel of the picture, whose corner lies at the target's.
    """
    seen, target, density = frame.seen, frame.target, frame.density
    left, right = _device_pixels(seen.left(), seen.right(), density)
    top, bottom = _device_pixels(seen.top(), seen.bottom(), density)
    return Sampling(
        QRectF(left / density, top / density, (right - left) / density, (bottom - top) / density),
        _under(np.arange(top, bottom), target.top() * density, step_y * density, shape[0]),
        _under(np.arange(left, right), target.left() * density, step_x * density, shape[1]),
    )


def _device_pixels(start: float, end: float, density: float) -> tuple[int, int]:
    """Those that are touched: from, and up to but without."""
    first = int(np.floor(start * density))
    return first, max(int(np.ceil(end * density)), first + 1)


def _under(pixels: NDArray[np.intp], start: float, step: float, count: int) -> NDArray[np.intp]:
    """Which of `count` lies under the middle of each device pixel."""
    at = np.floor((pixels + 0.5 - start) / step)
    under: NDArray[np.intp] = np.clip(at, 0, count - 1).astype(np.intp)
    return under
