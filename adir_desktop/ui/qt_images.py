"""Arrays <-> QImage, and pictures prepared on the worker for drawing at any size."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage

from adir_desktop.contract import Finished, Mask, Photo, Pixels, Restoration
from adir_desktop.errors import MemoryShort
from adir_desktop.ui.ports import Events

BAND = 256  # rows converted at once: the float copy stays small
SMALLEST = 256  # pixels: no level has both sides below this
PREVIEW = 1280  # pixels a side at most; larger previews are thinned out, the canvas is no larger


@dataclass(frozen=True, eq=False)
class Levels:
    """One picture at its own size, half, quarter …: drawing it small is fast and does not shimmer."""

    images: tuple[QImage, ...]

    @property
    def full(self) -> QImage:
        return self.images[0]

    def for_width(self, width: float) -> QImage:
        """The smallest level that is at least `width` device pixels wide."""
        return next((image for image in reversed(self.images) if image.width() >= width), self.full)


@dataclass(frozen=True, eq=False)
class Picture:
    """A photo and its images, ready to draw."""

    photo: Photo
    levels: Levels


@dataclass(frozen=True, eq=False)
class Restored:
    """A restoration and its images, ready to draw. baseline: of the same seed without adapting."""

    restoration: Restoration
    after: Levels
    baseline: Levels | None


def pictured(make: Callable[[], Events]) -> Events:
    """The events of a job with photos made ready for drawing, where there is time for it: on the worker."""
    with closing(make()) as events:
        for event in events:
            yield Finished(_ready_to_draw(event.result)) if isinstance(event, Finished) else event


def levels_of(photo: Photo) -> Levels:
    """All levels of a photo; about 0.4 s for 12 million pixels, so never on the window's thread."""
    images = [to_image(photo.pixels, photo.alpha)]
    while max(images[-1].width(), images[-1].height()) >= 2 * SMALLEST:
        last = images[-1]
        images.append(
            last.scaled(
                max(last.width() // 2, 1),
                max(last.height() // 2, 1),
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        )
    return Levels(tuple(images))


def to_image(pixels: Pixels, alpha: Pixels | None = None) -> QImage:
    """(H, W, 3) float in [0, 1] (and alpha (H, W)) -> a QImage of the same size, rounded to 8 bits."""
    image, target = _blank(pixels.shape[0], pixels.shape[1], alpha=alpha is not None)
    for top in range(0, pixels.shape[0], BAND):
        rows = slice(top, top + BAND)
        colours = np.clip(pixels[rows], 0.0, 1.0)
        if alpha is not None:
            opacity = np.clip(alpha[rows], 0.0, 1.0)
            colours = colours * opacity[..., None]
            target[rows, :, 3] = opacity * 255 + 0.5
        target[rows, :, 2::-1] = colours * 255 + 0.5  # Qt's 32 bits are blue, green, red, alpha in memory
    return image


def preview_image(pixels: NDArray[np.uint8]) -> QImage:
    """(H, W, 3) uint8 -> a QImage, thinned out to at most `PREVIEW` a side; under 10 ms."""
    every = -(-max(pixels.shape[:2]) // PREVIEW)
    pixels = pixels[::every, ::every]
    image, target = _blank(pixels.shape[0], pixels.shape[1], alpha=False)
    target[..., 2::-1] = pixels
    return image


def mask_image(height: int, width: int) -> QImage:
    """A transparent overlay for a mask of that size."""
    image, target = _blank(height, width, alpha=True)
    target[...] = 0
    return image


def paint_mask(image: QImage, mask: Mask, box: QRect, colour: QColor) -> None:
    """Brings the overlay up to date inside `box`. colour: with its opacity."""
    if box.isEmpty():
        return
    rows = slice(box.top(), box.bottom() + 1)
    columns = slice(box.left(), box.right() + 1)
    a = colour.alpha()
    ink = np.array(
        [colour.blue() * a // 255, colour.green() * a // 255, colour.red() * a // 255, a], np.uint8
    )
    _pixels_of(image)[rows, columns] = mask[rows, columns, None] * ink


def _ready_to_draw(result: object) -> object:
    if isinstance(result, Photo):
        return Picture(result, levels_of(result))
    if isinstance(result, Restoration):
        baseline = levels_of(result.baseline) if result.baseline is not None else None
        return Restored(result, levels_of(result.photo), baseline)
    return result


def _blank(height: int, width: int, *, alpha: bool) -> tuple[QImage, NDArray[np.uint8]]:
    """An image and its memory as (H, W, 4); opaque ones have their fourth byte set."""
    form = QImage.Format.Format_ARGB32_Premultiplied if alpha else QImage.Format.Format_RGB32
    image = QImage(width, height, form)
    if image.isNull():
        raise MemoryShort(
            f"There is not enough memory to show {width} x {height} pixels.", "Close other programs."
        )
    target = _pixels_of(image)
    if not alpha:
        target[..., 3] = 255
    return image, target


def _pixels_of(image: QImage) -> NDArray[np.uint8]:
    """The image's own memory, (H, W, 4): 32-bit rows have no padding."""
    return np.frombuffer(image.bits(), np.uint8).reshape(image.height(), image.width(), 4)
