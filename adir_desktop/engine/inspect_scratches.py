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

from adir_desktop import interrupt
from adir_desktop.contract import Event, Marks, Mask, Photo
from adir_desktop.engine.inspect_dust import dust
from adir_desktop.engine.inspect_evidence import Evidence, Shape, evidence, shape_of
from adir_desktop.engine.inspect_lines import MARGIN, Plane, lines
from adir_desktop.engine.inspect_verdict import verdict
from adir_desktop.engine.pace import Pace

LARGEST = 16_000_000  # pixels; a larger photo is looked at reduced: its scratches are wider too
TILE = 320  # pixels a side: about a quarter of a second for each axis
AXES = np.array([[0.299, 0.587, 0.114], [1, -1, 0], [0.5, 0.5, -1]], np.float32) * 255  # levels of 255
FLOOR = 3.0  # levels: less texture is noise
UNIT = 32  # steps of a stored strength
WHOLE = (1.0, 1.7, 3.0)  # times the texture around: where long lines are followed, from each in turn
PIECE = (2.0, 3.0)  # the same, for winding lines of which only pieces are straight
END = 1.0  # times the texture: where a line that is sure may go on
REACH = 16  # pixels that an end goes on
SAME = 12.0  # levels: a colour that differs by no more is the line's
SHORTEST = (24, 0.06, 60)  # pixels of a line's length: at least, of the photo's shorter side, at most
CELL = 8  # pixels a side, over 5 x 5 of which texture is judged
COMMON = 0.8  # texture's quantile: a scratch covers less than a fifth of its surroundings

_AROUND = np.ones((3, 3), bool)

Colours = NDArray[np.float32]
Strength = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class _Found:
    """How strongly lines show along one axis of colour, with one sign; in UNITs of the texture around."""

    grey: bool
    whole: Strength
    piece: Strength


@dataclass(eq=False)
class _Sheet:
    """The answers for the whole picture, filled tile by tile."""

    shape: tuple[int, int]
    dust: Mask = field(init=False)
    end: Mask = field(init=False)
    axes: tuple[tuple[_Found, _Found], ...] = field(init=False)

    def __post_init__(self) -> None:
        self.dust, self.end = np.zeros(self.shape, bool), np.zeros(self.shape, bool)
        self.axes = tuple((self._empty(axis == 0), self._empty(axis == 0)) for axis in range(len(AXES)))

    def _empty(self, grey: bool) -> _Found:
        return _Found(grey, np.zeros(self.shape, np.uint8), np.zeros(self.shape, np.uint8))


@dataclass(frozen=True, eq=False)
class Candidate:
    """What may be a scratch, and what speaks for it."""

    shape: Shape
    evidence: Evidence


def scratches(photo: Photo) -> Generator[Event, None, Marks]:
    """Where the photo seems scratched or dusty.

    Lines of 1 to 3 pixels, straight or gently curved, that stand out in brightness or colour from both sides
    and from the texture around; specks of up to 9 pixels. Memory stays within a few times 16 megapixels.
    """
    factor = int(np.ceil(np.sqrt(photo.height * photo.width / LARGEST)))
    picture = yield from _reduced(photo, factor)
    sheet = _Sheet((picture.shape[0], picture.shape[1]))
    tiles = list(_tiles(sheet.shape))
    pace = Pace("inspect", len(tiles))
    for number, (rows, columns) in enumerate(tiles, 1):
        for axis in range(len(AXES)):
            interrupt.check()
            _look(picture, rows, columns, sheet, axis)
            if pace.due():
                yield pace.at(number - 1)
        yield pace.at(number)
    mask = ndimage.binary_dilation(sheet.dust, _AROUND)
    for candidate in candidates(picture, sheet):
        if candidate is not None and verdict(candidate.evidence):
            _mark(mask, picture, sheet, candidate)
        if pace.due():
            yield pace.at(len(tiles))
    if factor > 1:
        mask = mask.repeat(factor, axis=0).repeat(factor, axis=1)[: photo.height, : photo.width]
    yield pace.at(len(tiles))
    return Marks(np.ascontiguousarray(mask))


def _reduced(photo: Photo, factor: int) -> Generator[Event, None, Colours]:
    """The photo's colours in 0..1, as means over factor x factor pixels."""
    pace = Pace("inspect", 1)
    yield pace.at(0)
    if factor == 1:
        return photo.pixels
    strip = factor * 128
    parts = []
    for top in range(0, photo.height, strip):
        interrupt.check()
        if pace.due():
            yield pace.at(0)
        part = block_reduce(photo.pixels[top : top + strip], (factor, factor, 1), np.mean)
        parts.append(part.astype(np.float32))
    return np.concatenate(parts)


def _tiles(shape: tuple[int, int]) -> Iterator[tuple[slice, slice]]:
    for top in range(0, shape[0], TILE):
        for left in range(0, shape[1], TILE):
            yield slice(top, min(top + TILE, shape[0])), slice(left, min(left + TILE, shape[1]))


def _look(picture: Colours, rows: slice, columns: slice, sheet: _Sheet, axis: int) -> None:
    """Fills in one tile, along one axis of colour; its surroundings have their say."""
    margin = 3 * CELL  # texture is judged from the neighbours' cells too
    around = _with_margin(picture, rows, columns, margin + MARGIN) @ AXES[axis]
    inner = (
        slice(margin, margin + rows.stop - rows.start),
        slice(margin, margin + columns.stop - columns.start),
    )
    for found, seen in zip(sheet.axes[axis], lines(around), strict=True):
        found.whole[rows, columns] = _strength(seen.whole)[inner]
        found.piece[rows, columns] = _strength(seen.piece)[inner]
        sheet.end[rows, columns] |= found.piece[rows, columns] >= END * UNIT
    sheet.dust[rows, columns] |= dust(around[MARGIN:-MARGIN, MARGIN:-MARGIN])[inner]


def _with_margin(picture: Colours, rows: slice, columns: slice, margin: int) -> Colours:
    """A tile with its surroundings; beyond the picture its slopes go on, so that its border is no line."""
    before = [max(0, margin - part.start) for part in (rows, columns)]
    after = [
        max(0, part.stop + margin - side)
        for part, side in zip((rows, columns), picture.shape[:2], strict=True)
    ]
    inside = picture[
        max(0, rows.start - margin) : rows.stop + margin,
        max(0, columns.start - margin) : columns.stop + margin,
    ]
    sides = [*zip(before, after, strict=True), (0, 0)]
    return np.pad(inside, sides, mode="reflect", reflect_type="odd")


def _strength(contrast: Plane) -> Strength:
    """The contrast in UNITs of the texture's."""
    times = contrast / np.maximum(FLOOR, _texture(contrast))
    return np.minimum(times * UNIT, 255).astype(np.uint8)


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


def candidates(picture: Colours, sheet: _Sheet) -> Iterator[Candidate | None]:
    """What is long and thin, wherever it shows; None for what is not, so that time can be watched."""
    shorter = min(sheet.shape)
    shortest = round(min(max(SHORTEST[0], SHORTEST[1] * shorter), SHORTEST[2]))
    for found in (found for signs in sheet.axes for found in signs):
        for strength, levels in ((found.whole, WHOLE), (found.piece, PIECE)):
            for level in levels:
                yield None
                yield from _shapes(picture, found, strength >= level * UNIT, shortest)


def _shapes(picture: Colours, found: _Found, likely: Mask, shortest: int) -> Iterator[Candidate | None]:
    """The long shapes of a mask, and their evidence."""
    labels, _ = ndimage.label(likely, _AROUND)
    yield None
    for number, (rows, columns) in enumerate(ndimage.find_objects(labels), 1):
        if max(rows.stop - rows.start, columns.stop - columns.start) < shortest / 1.5:
            continue  # a diagonal's box is smaller
        interrupt.check()
        shape = shape_of(labels[rows, columns] == number, (rows.start, columns.start))
        if shape is None or shape.length < shortest:
            yield None
            continue
        strength = np.maximum(found.whole[shape.points()], 1) / UNIT
        seen = evidence(picture, shape, strength, found.grey)
        yield None if seen is None else Candidate(shape, seen)


def _mark(mask: Mask, picture: Colours, sheet: _Sheet, candidate: Candidate) -> None:
    """Adds a scratch to the mask: where it goes on in its own colour, and the rim that it is blended into."""
    (top, left), (height, width) = candidate.shape.corner, candidate.shape.mask.shape
    rows = slice(max(0, top - REACH), top + height + REACH)
    columns = slice(max(0, left - REACH), left + width + REACH)
    line = np.zeros(mask[rows, columns].shape, bool)
    y, x = top - rows.start, left - columns.start
    line[y : y + height, x : x + width] = candidate.shape.mask
    unlike = np.abs(picture[rows, columns] * 255 - candidate.evidence.colour).max(axis=-1)
    own = unlike < max(SAME, candidate.evidence.spread)
    may_grow = line | (own & sheet.end[rows, columns])
    grown = ndimage.binary_dilation(line, _AROUND, iterations=REACH, mask=may_grow)
    mask[rows, columns] |= ndimage.binary_dilation(grown)
