"""Arrays <-> QImage, and pictures prepared on the worker for drawing at any size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from adir_desktop import interrupt
from adir_desktop.contract import Finished, Mask, Photo, Pixels, Progress, Restoration
from adir_desktop.errors import MemoryShort
from adir_desktop.ui import blocks, colour_scale
from adir_desktop.ui.ports import Events

BAND = 64  # rows at once: the float copy stays in the processor's cache, and a stop is heard within 10 ms
SMALLEST = 256  # pixels: no level has both sides below this
PREVIEW = 1280  # pixels a side at most; larger previews are thinned out, the canvas is no larger
NOISE_TOP = 3.0  # |A x - y| / sigma: noise alone exceeds this in 3 of 1000 pixels
HEAT_ALPHA = 215  # of 255: enough of the picture is seen to know where one is


@dataclass(frozen=True, eq=False)
class Levels:
    """One picture at its own size, half, quarter …: drawing it small is fast and does not shimmer.

    Level k is ceil(size / 2^k): each of its pixels stands for 2^k x 2^k of the first level's, the last ones
    for what is left. All levels together cost 4/3 of the first, 5.3 bytes a pixel: 540 MB for 100 million.
    """

    images: tuple[QImage, ...]

    @property
    def full(self) -> QImage:
        return self.images[0]

    def level_for(self, scale: float) -> int:
        """The smallest level with no less than a pixel a device pixel. scale: device pixels a full pixel."""
        too_small = (level for level in range(1, len(self.images)) if scale * 2**level > 1)
        return next(too_small, len(self.images)) - 1

    def for_width(self, width: float) -> QImage:
        """The smallest image that is at least `width` device pixels wide, or the largest there is."""
        return self.images[self.level_for(width / self.full.width())]


@dataclass(frozen=True, eq=False)
class HeatMap:
    """One figure a pixel, drawn in colours; 1.3 bytes a pixel.

    top: the figure that the brightest colour stands for. outside: the largest figure outside the mask, in
    0..255 units; None where there is no mask.
    """

    levels: Levels
    top: float
    outside: float | None = None


@dataclass(frozen=True, eq=False)
class Picture:
    """A photo and its images, ready to draw."""

    photo: Photo
    levels: Levels


@dataclass(frozen=True, eq=False)
class Restored:
    """A restoration and its images, ready to draw. baseline: of the same seed without adapting.

    changes: where it differs from its photo; None where they are of different sizes.
    """

    restoration: Restoration
    after: Levels
    baseline: Levels | None
    agreement: HeatMap | None = None
    spread: HeatMap | None = None
    changes: HeatMap | None = None


def pictured(make: Callable[[], Events]) -> Events:
    """The events of a job with photos made ready for drawing, where there is time for it: on the worker."""
    with closing(make()) as events:
        for event in events:
            if isinstance(event, Finished):
                with interrupt.finishing_when(
                    lambda: False
                ):  # this is what a person keeps by finishing early
                    ready = Finished(_ready_to_draw(event.result))
                yield ready
            elif isinstance(event, Progress) and event.preview is not None:
                yield replace(event, preview=_thinned(event.preview))
            else:
                yield event


def levels_of(photo: Photo) -> Levels:
    """All levels of a photo; about 0.8 s for 100 million pixels, so never on the window's thread.

    Raises:
        Interrupted: the person asked to stop.
        MemoryShort: there is no room for them.
    """
    full = to_image(photo.pixels, photo.alpha)
    return _levels(full, blocks.mean_down, blocks.mean_up)


def to_image(pixels: Pixels, alpha: Pixels | None = None) -> QImage:
    """(H, W, 3) float in [0, 1] (and alpha (H, W)) -> a QImage of the same size, rounded to 8 bits."""
    height, width, _ = pixels.shape
    form = QImage.Format.Format_RGB32 if alpha is None else QImage.Format.Format_ARGB32_Premultiplied
    image = _blank(height, width, form)
    target = _memory(image).view(np.uint8).reshape(height, width, 4)
    scratch = np.empty((min(BAND, height), width, 3), np.float32)
    for rows in _bands(height):
        part = pixels[rows]
        colours = np.clip(part, 0.0, 1.0, out=scratch[: len(part)])
        if alpha is not None:
            opacity = np.clip(alpha[rows], 0.0, 1.0)
            colours *= opacity[..., None]
        target[rows, :, 3] = 255 if alpha is None else opacity * 255 + 0.5
        colours *= 255
        colours += 0.5
        target[rows, :, 2::-1] = colours  # Qt's 32 bits are blue, green, red, alpha in memory
    return image


def pixels_of(image: QImage) -> blocks.Whole:
    """(H, W) of an image with 8 or 32 bits a pixel: its own memory, not to be written."""
    return _as_rows(image.constBits(), image)


def preview_image(pixels: NDArray[np.uint8]) -> QImage:
    """(H, W, 3) uint8 -> a QImage; under 5 ms when the worker has thinned it out already."""
    pixels = _thinned(pixels)
    height, width, _ = pixels.shape
    shared = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return shared.convertToFormat(QImage.Format.Format_RGB32)  # with memory of its own


def heat_map(figures: Pixels, top: float | None = None) -> HeatMap:
    """(H, W) of figures from 0 -> their map. top: of the scale; by default 199 of 200 figures are below."""
    if top is None:
        every = max(min(figures.shape) // 512, 1)
        top = colour_scale.round_top(float(np.quantile(figures[::every, ::every], 0.995)))
    height, width = figures.shape
    image = _blank(height, width, QImage.Format.Format_Indexed8)
    values = _memory(image)
    for rows in _bands(height):
        values[rows] = np.clip(figures[rows] * (255 / top) + 0.5, 0, 255)
    image.setColorTable(_heat_colours())
    return HeatMap(_levels(image, blocks.mean_down, blocks.mean_up), top)


def changes_map(restored: Photo, photo: Photo, missing: Mask | None = None) -> HeatMap | None:
    """Where two photos differ: the largest of the channels, in 0..255 units. Untouched pixels stay clear.

    missing: the mask, True where the photo was to change. None is returned for photos of different sizes.
    """
    if restored.pixels.shape != photo.pixels.shape:
        return None
    largest = outside = 0.0
    for rows in _bands(photo.height):
        changed = _difference(restored, photo, rows)
        largest = max(largest, float(changed.max()))
        if missing is not None:
            outside = max(outside, float((changed * ~missing[rows]).max()))
    top = min(colour_scale.round_top(largest), 255.0)
    image = _blank(photo.height, photo.width, QImage.Format.Format_Indexed8)
    values = _memory(image)
    for rows in _bands(photo.height):
        # Rounded up: the slightest change is seen.
        values[rows] = np.ceil(np.minimum(_difference(restored, photo, rows) * (255 / top), 255))
    image.setColorTable([0, *_heat_colours()[1:]])
    levels = _levels(image, blocks.largest, blocks.largest)
    return HeatMap(levels, top, None if missing is None else outside)


def _ready_to_draw(result: object) -> object:
    if isinstance(result, Photo):
        return Picture(result, levels_of(result))
    if isinstance(result, Restoration):
        request = result.request
        return Restored(
            restoration=result,
            after=levels_of(result.photo),
            baseline=levels_of(result.baseline) if result.baseline is not None else None,
            agreement=heat_map(result.agreement, NOISE_TOP) if result.agreement is not None else None,
            spread=heat_map(result.spread) if result.spread is not None else None,
            changes=changes_map(result.photo, request.photo, request.degradation.mask),
        )
    return result


def _thinned(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """At most `PREVIEW` a side, in one piece."""
    every = max(-(-max(pixels.shape[:2]) // PREVIEW), 1)
    return np.ascontiguousarray(pixels[::every, ::every])


def _levels(full: QImage, rows: blocks.Join, columns: blocks.Join) -> Levels:
    """`full` and its halves. rows, columns: how neighbours are joined."""
    images = [full]
    while max(images[-1].width(), images[-1].height()) >= 2 * SMALLEST:
        larger = _memory(images[-1])
        image = _blank(-(-larger.shape[0] // 2), -(-larger.shape[1] // 2), full.format())
        image.setColorTable(full.colorTable())
        smaller = _memory(image)
        for band in _bands(image.height()):
            smaller[band] = blocks.halved(larger[2 * band.start : 2 * band.stop], rows, columns)
        images.append(image)
    return Levels(tuple(images))


def _bands(height: int) -> Iterator[slice]:
    """Rows for one piece of work at a time; between them is where a job can be stopped."""
    for top in range(0, height, BAND):
        interrupt.check()
        yield slice(top, top + BAND)


def _blank(height: int, width: int, form: QImage.Format) -> QImage:
    image = QImage(width, height, form)
    if image.isNull():
        raise MemoryShort(
            f"There is not enough memory to show {width} x {height} pixels.", "Close other programs."
        )
    return image


def _memory(image: QImage) -> blocks.Whole:
    """The image's own memory, to be written."""
    return _as_rows(image.bits(), image)


def _as_rows(memory: bytes | bytearray | memoryview, image: QImage) -> blocks.Whole:
    """(H, W), a whole number a pixel; Qt pads rows to four bytes."""
    kind = np.dtype(np.uint32 if image.depth() == 32 else np.uint8)
    return np.frombuffer(memory, kind).reshape(image.height(), -1)[:, : image.width()]


def _difference(a: Photo, b: Photo, rows: slice) -> Pixels:
    """(rows, W): the largest of the channels, in 0..255 units."""
    difference = np.abs(a.pixels[rows] - b.pixels[rows])
    red, green, blue = (difference[..., channel] for channel in range(3))
    largest: Pixels = np.maximum(np.maximum(red, green), blue)  # ten times as fast as max(axis=-1)
    return largest * np.float32(255)


def _heat_colours() -> list[int]:
    """0xAARRGGBB for a table of colours."""
    return [HEAT_ALPHA << 24 | int(r) << 16 | int(g) << 8 | int(b) for r, g, b in colour_scale.colours()]
