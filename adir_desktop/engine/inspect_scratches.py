"""A proposal of what to repair: thin bright or dark scratches, and dust.

It is meant to be looked at and corrected: hairs, wires and blades of grass can look just like scratches.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.measure import block_reduce
from skimage.morphology import skeletonize

from adir_desktop import interrupt
from adir_desktop.contract import Event, Marks, Mask, Photo
from adir_desktop.engine.inspect_dust import dust
from adir_desktop.engine.inspect_lines import MARGIN, Plane, lines
from adir_desktop.engine.pace import Pace

LARGEST = 16_000_000  # pixels; a larger photo is looked at reduced: its scratches are wider too
TILE = 320  # pixels a side: about a quarter of a second
GREY = np.array([0.299, 0.587, 0.114], np.float32) * 255  # levels of 255
SURE = (10.0, 3.0)  # levels, and times the line-like texture around: where a line is begun
LIKELY = (3.0, 1.0)  # the same: where it is followed
CERTAIN = 0.6  # the share of a line's length where it is sure, so that it is not two specks and a guess
END = (8.0, 1.5)  # the same, of a single piece: where its ends are
REACH = 10  # pixels that an end goes on beyond five pieces in a row
SHORTEST = (45, 0.08, 80)  # pixels of a line's length: at least, of the photo's shorter side, at most
WIDEST = 6  # pixels of a line's mean width as it is found, about 3 more than it has
CELL = 8  # pixels a side, over 5 x 5 of which texture is judged
COMMON = 0.8  # texture's quantile: a scratch covers less than a fifth of its surroundings

_AROUND = np.ones((3, 3), bool)


@dataclass(frozen=True, eq=False)
class _Found:
    """What was found in a picture (h, w), of one sign: where lines are sure, likely, or may end."""

    sure: Mask
    likely: Mask
    end: Mask


@dataclass(eq=False)
class _Sheet:
    """The answers for the whole picture, filled tile by tile."""

    shape: tuple[int, int]
    dust: Mask = field(init=False)
    signs: tuple[_Found, _Found] = field(init=False)

    def __post_init__(self) -> None:
        self.dust = np.zeros(self.shape, bool)
        self.signs = (self._empty(), self._empty())

    def _empty(self) -> _Found:
        return _Found(*(np.zeros(self.shape, bool) for _ in range(3)))


@dataclass(frozen=True, eq=False)
class _Line:
    """One scratch: where its box lies in the picture, and its pixels in that box."""

    place: tuple[slice, slice]
    mask: Mask


def scratches(photo: Photo) -> Generator[Event, None, Marks]:
    """Where the photo seems scratched or dusty.

    Lines of 1 to 3 pixels, straight or gently curved, that stand out by some 10 levels from both sides
    and from the texture around; specks of up to 9 pixels. Memory stays within a few times 16 megapixels.
    """
    factor = int(np.ceil(np.sqrt(photo.height * photo.width / LARGEST)))
    picture = yield from _grey(photo, factor)
    sheet = _Sheet(picture.shape)
    tiles = list(_tiles(picture.shape))
    pace = Pace("inspect", len(tiles))
    for number, (rows, columns) in enumerate(tiles, 1):
        interrupt.check()
        _look(picture, rows, columns, sheet)
        yield pace.at(number)
    mask = ndimage.binary_dilation(sheet.dust, _AROUND)
    shorter = min(picture.shape)
    shortest = round(min(max(SHORTEST[0], SHORTEST[1] * shorter), SHORTEST[2]))
    for found in sheet.signs:
        for line in _long(found, shortest):
            if line is not None:
                mask[line.place] |= line.mask
            if pace.due():
                yield pace.at(len(tiles))
    if factor > 1:
        mask = mask.repeat(factor, axis=0).repeat(factor, axis=1)[: photo.height, : photo.width]
    yield pace.at(len(tiles))
    return Marks(np.ascontiguousarray(mask))


def _grey(photo: Photo, factor: int) -> Generator[Event, None, Plane]:
    """Brightness in levels of 255, as means over factor x factor pixels."""
    pace = Pace("inspect", 1)
    yield pace.at(0)
    strip = factor * 128
    parts = []
    for top in range(0, photo.height, strip):
        interrupt.check()
        if pace.due():
            yield pace.at(0)
        grey = photo.pixels[top : top + strip] @ GREY
        parts.append(block_reduce(grey, factor, np.mean).astype(np.float32) if factor > 1 else grey)
    return np.concatenate(parts)


def _tiles(shape: tuple[int, int]) -> Iterator[tuple[slice, slice]]:
    for top in range(0, shape[0], TILE):
        for left in range(0, shape[1], TILE):
            yield slice(top, min(top + TILE, shape[0])), slice(left, min(left + TILE, shape[1]))


def _look(picture: Plane, rows: slice, columns: slice, sheet: _Sheet) -> None:
    """Fills in one tile; its surroundings have their say."""
    margin = 3 * CELL  # texture is judged from the neighbours' cells too
    around = _with_margin(picture, rows, columns, margin + MARGIN)
    inner = (
        slice(margin, margin + rows.stop - rows.start),
        slice(margin, margin + columns.stop - columns.start),
    )
    for found, seen in zip(sheet.signs, lines(around), strict=True):
        whole, piece = seen.whole, seen.piece
        found.sure[rows, columns] = _above(whole, SURE)[inner]
        found.likely[rows, columns] = _above(whole, LIKELY)[inner]
        found.end[rows, columns] = _above(piece, END)[inner]
    sheet.dust[rows, columns] = dust(around[MARGIN:-MARGIN, MARGIN:-MARGIN])[inner]


def _with_margin(picture: Plane, rows: slice, columns: slice, margin: int) -> Plane:
    """A tile with its surroundings; beyond the picture its slopes go on, so that its border is no line."""
    before = [max(0, margin - part.start) for part in (rows, columns)]
    after = [
        max(0, part.stop + margin - side) for part, side in zip((rows, columns), picture.shape, strict=True)
    ]
    inside = picture[
        max(0, rows.start - margin) : rows.stop + margin,
        max(0, columns.start - margin) : columns.stop + margin,
    ]
    return np.pad(inside, list(zip(before, after, strict=True)), mode="reflect", reflect_type="odd")


def _above(contrast: Plane, limits: tuple[float, float]) -> Mask:
    """Where the contrast is above a number of levels and above so many times that of the texture."""
    return np.asarray(contrast > np.maximum(limits[0], limits[1] * _texture(contrast)))


def _texture(contrast: Plane) -> Plane:
    """The quantile COMMON of the contrasts in the 5 x 5 cells around each pixel, smoothly."""
    height, width = contrast.shape
    cells = np.pad(contrast, ((0, -height % CELL), (0, -width % CELL)), mode="edge")
    cells = cells.reshape(cells.shape[0] // CELL, CELL, cells.shape[1] // CELL, CELL)[:, ::2, :, ::2]
    values = cells.transpose(0, 2, 1, 3).reshape(cells.shape[0], cells.shape[2], -1)
    padded = np.pad(values, ((2, 2), (2, 2), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (5, 5), axis=(0, 1))
    levels = windows.reshape(*values.shape[:2], -1)
    place = int(COMMON * levels.shape[2])
    level = np.partition(levels, place, axis=2)[..., place]
    smooth = ndimage.zoom(level, CELL, order=1, grid_mode=True, mode="nearest")
    return np.asarray(smooth[:height, :width], np.float32)


def _long(found: _Found, shortest: int) -> Iterator[_Line | None]:
    """The lines that are long and thin enough, their ends added; None for what is no such line."""
    labels, _ = ndimage.label(found.likely, _AROUND)
    for number, place in enumerate(ndimage.find_objects(labels), 1):
        interrupt.check()
        line = labels[place] == number
        if (
            max(line.shape) < shortest / 1.5 or not found.sure[place][line].any()
        ):  # a diagonal's box is smaller
            yield None
            continue
        middle = skeletonize(line)
        length = int(middle.sum())
        sure = ndimage.binary_dilation(found.sure[place] & line, _AROUND) & middle
        fits = sure.sum() >= CERTAIN * length and length >= shortest and line.sum() <= WIDEST * length
        yield _grown(found, labels, place, number) if fits else None


def _grown(found: _Found, labels: NDArray[np.int32], place: tuple[slice, slice], number: int) -> _Line:
    """A line with its ends, in a place that is larger by as much as they may reach."""
    rows, columns = (
        slice(max(0, part.start - REACH), min(side, part.stop + REACH))
        for part, side in zip(place, labels.shape, strict=True)
    )
    line = labels[rows, columns] == number
    may_grow = line | found.end[rows, columns]
    grown = ndimage.binary_dilation(line, _AROUND, iterations=REACH, mask=may_grow)
    return _Line((rows, columns), grown)
