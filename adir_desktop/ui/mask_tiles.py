"""A large mask in memory: its pixels, how many are marked, coarser versions, and what an edit changed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect

from adir_desktop.contract import Mask
from adir_desktop.ui.mask_shapes import Size, Spans

TILE = 512  # pixels a side; an edit remembers the tiles that it touches
FACTORS = (1, 4, 16)  # pixels a side of a block of the coarser versions
LEVEL = 1  # of zlib: packed masks are mostly runs of equal bytes, more effort gains little

Key = tuple[int, int]  # row and column of a tile


@dataclass(frozen=True)
class Change:
    """The pixels that one edit flipped: making it, undoing it and redoing it are the same step.

    tiles: by their key, the flipped pixels as packed bits, compressed.
    """

    tiles: tuple[tuple[Key, bytes], ...]


class TiledMask:
    """Pixels (height, width), True where marked. What is overwritten is kept until `take` makes a Change."""

    def __init__(self, height: int, width: int) -> None:
        self.size: Size = (height, width)
        room = [-(-side // FACTORS[-1]) * FACTORS[-1] for side in self.size]
        # Padded to whole blocks with pixels that are never marked: coarser versions need no special edges.
        self._levels = {f: np.zeros((room[0] // f, room[1] // f), np.bool_) for f in FACTORS}
        self.pixels: Mask = self._levels[1][:height, :width]
        self.count = 0
        self._before: dict[Key, NDArray[np.uint8]] = {}  # packed bits

    def coverage(self, factor: int) -> Mask:
        """(ceil(height / factor), ceil(width / factor)): True where any pixel of the block is marked.

        Read-only; it follows later edits. factor: one of `FACTORS`.
        """
        view = self._levels[factor][: -(-self.size[0] // factor), : -(-self.size[1] // factor)]
        view.flags.writeable = False
        return view

    @property
    def whole(self) -> QRect:
        return QRect(0, 0, self.size[1], self.size[0])

    def tiles(self, box: QRect) -> Iterator[tuple[Key, QRect]]:
        """All tiles that a box inside the photo touches."""
        if box.isEmpty():
            return
        for row in range(box.top() // TILE, box.bottom() // TILE + 1):
            for column in range(box.left() // TILE, box.right() // TILE + 1):
                yield (row, column), self.tile((row, column))

    def tile(self, key: Key) -> QRect:
        """The pixels of a tile; those at the lower and right edge are smaller."""
        return QRect(key[1] * TILE, key[0] * TILE, TILE, TILE).intersected(self.whole)

    def fill(self, spans: Spans, *, value: bool) -> list[QRect]:
        """Marks or unmarks runs of pixels. Returns the boxes that may differ now, one a row of tiles."""
        boxes = []
        bands = spans.row // TILE
        for band in sorted(set(bands.tolist())):  # np.unique would import numpy.ma at the first stroke
            part = spans.select(bands == band)
            left, top = int(part.first.min()), int(part.row.min())
            box = QRect(left, top, int(part.stop.max()) - left, int(part.row.max()) - top + 1)
            self._remember(box)
            for row, first, stop in part:
                run = self.pixels[row, first:stop]
                marked = int(np.count_nonzero(run))
                self.count += stop - first - marked if value else -marked
                run[:] = value
            self._cover(box)
            boxes.append(box)
        return boxes

    def wipe(self) -> list[QRect]:
        """Unmarks everything. Returns the tiles in which something was marked."""
        boxes = [tile for _, tile in self.tiles(self.whole) if self.pixels[slices(tile)].any()]
        for box in boxes:
            self._remember(box)
            self._write(box, np.zeros((box.height(), box.width()), np.bool_))
        return boxes

    def flip(self, change: Change) -> list[QRect]:
        """Flips the pixels of a change; not remembered, since it is its own opposite.

        Raises:
            ValueError: it is damaged, or of a mask of another size.
        """
        boxes = []
        for key, packed in change.tiles:
            box = self.tile(key)
            self._write(box, self.pixels[slices(box)] ^ _unpacked(packed, box))
            boxes.append(box)
        return boxes

    def difference(self, values: Iterable[tuple[Key, Mask]]) -> Change:
        """The change that would give tiles these values."""
        differing = ((key, self.pixels[slices(self.tile(key))] ^ value) for key, value in values)
        return Change(tuple((key, _packed(flipped)) for key, flipped in differing if flipped.any()))

    def take(self) -> Change:
        """What has changed since the last `take`; what stands now is what later edits overwrite."""
        before, self._before = self._before, {}
        return self.difference((key, _shaped(bits, self.tile(key))) for key, bits in before.items())

    def _remember(self, box: QRect) -> None:
        for key, tile in self.tiles(box):
            if key not in self._before:
                self._before[key] = np.packbits(self.pixels[slices(tile)])

    def _write(self, box: QRect, values: Mask) -> None:
        part = self.pixels[slices(box)]
        self.count += int(np.count_nonzero(values)) - int(np.count_nonzero(part))
        part[...] = values
        self._cover(box)

    def _cover(self, box: QRect) -> None:
        """Brings the coarser versions up to date where a box has changed."""
        rows, columns = (
            slice(start // FACTORS[-1], end // FACTORS[-1] + 1)
            for start, end in ((box.top(), box.bottom()), (box.left(), box.right()))
        )
        for fine, coarse in pairwise(FACTORS):
            blocks = FACTORS[-1] // fine
            source = self._levels[fine][_times(rows, blocks), _times(columns, blocks)]
            # Four bools side by side are one number: it is 0 where none is marked.
            words = source.view(np.uint32)
            words = (words[0::4] | words[1::4]) | (words[2::4] | words[3::4])
            blocks = FACTORS[-1] // coarse
            self._levels[coarse][_times(rows, blocks), _times(columns, blocks)] = words != 0


def slices(box: QRect) -> tuple[slice, slice]:
    """Rows and columns of a box; of an empty one, none."""
    top, left = max(box.top(), 0), max(box.left(), 0)
    return slice(top, top + max(box.height(), 0)), slice(left, left + max(box.width(), 0))


def _times(part: slice, factor: int) -> slice:
    return slice(part.start * factor, part.stop * factor)


def _packed(values: Mask) -> bytes:
    return zlib.compress(np.packbits(values).tobytes(), LEVEL)


def _unpacked(packed: bytes, box: QRect) -> Mask:
    """The pixels of a tile. Decoding stops at the tile's size: a damaged file is no way to fill memory."""
    wanted = -(-box.width() * box.height() // 8)
    try:
        bits = zlib.decompressobj().decompress(packed, wanted + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if box.isEmpty() or len(bits) != wanted:
        raise ValueError("not a tile of this mask")
    return _shaped(np.frombuffer(bits, np.uint8), box)


def _shaped(bits: NDArray[np.uint8], box: QRect) -> Mask:
    values = np.unpackbits(bits, count=box.width() * box.height())
    return values.reshape(box.height(), box.width()).view(np.bool_)
