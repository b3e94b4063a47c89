"""The mask as strokes with undo and redo, in the pixels of the observed photo; no widgets."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np
from PySide6.QtCore import QObject, QRect, Signal

from adir_desktop.contract import Mask

Point = tuple[float, float]


class Kind(Enum):
    """What an entry of the history did."""

    PAINT = "paint"
    ERASE = "erase"
    CLEAR = "clear"
    INVERT = "invert"


@dataclass(frozen=True)
class Stroke:
    """One entry of the history: a round brush of diameter `size` along `points` (x, y).

    Pixel (i, j) has its centre at x = j + 0.5, y = i + 0.5. Clearing and inverting have no points.
    """

    kind: Kind
    size: float = 0.0
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, eq=False)
class _Done:
    """A stroke, and the pixels it changed as they were before: undoing costs what the stroke cost."""

    stroke: Stroke
    box: QRect
    before: Mask


class MaskPainting(QObject):
    """A mask of (height, width), True where something is missing, and how it was painted.

    A stroke covers exactly the pixels whose centre lies within half its size of its line, and the pixel
    under each of its ends, so that the thinnest brush still marks what it touches.
    """

    changed = Signal(QRect)  # the pixels that may differ now; empty when a step of the history is complete

    def __init__(self, height: int, width: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mask: Mask = np.zeros((height, width), dtype=np.bool_)
        self._done: list[_Done] = []
        self._undone: list[Stroke] = []
        self._open: Stroke | None = None
        self._before: Mask | None = None
        self._box = QRect()

    @property
    def pixels(self) -> Mask:
        """A read-only view, (height, width); it follows later strokes."""
        view = self._mask.view()
        view.flags.writeable = False
        return view

    @property
    def empty(self) -> bool:
        return not self._mask.any()

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    def begin(self, point: Point, size: float, *, erase: bool = False) -> None:
        """Puts the brush down."""
        self.finish()
        self._before = self._mask.copy()
        self._box = QRect()
        self._open = Stroke(Kind.ERASE if erase else Kind.PAINT, size, (point,))
        self._draw(self._open, point, point)

    def extend(self, point: Point) -> None:
        """Draws on in a straight line; nothing happens when no stroke is open."""
        if self._open is None:
            return
        last = self._open.points[-1]
        self._open = Stroke(self._open.kind, self._open.size, (*self._open.points, point))
        self._draw(self._open, last, point)

    def finish(self) -> None:
        """Lifts the brush: the stroke becomes one step of undo."""
        if self._open is None or self._before is None:
            return
        self._done.append(_Done(self._open, self._box, self._before[_slices(self._box)].copy()))
        self._open = self._before = None
        self._undone.clear()
        self.changed.emit(QRect())

    def undo(self) -> None:
        """Takes the last step back."""
        self.finish()
        if self._done:
            last = self._done.pop()
            self._mask[_slices(last.box)] = last.before
            self._undone.append(last.stroke)
            self.changed.emit(last.box)
            self.changed.emit(QRect())

    def redo(self) -> None:
        """Does again what was undone last."""
        self.finish()
        if self._undone:
            rest, stroke = self._undone[:-1], self._undone[-1]
            self._replay(stroke)
            self._undone = rest
            self.changed.emit(QRect())

    def clear(self) -> None:
        """Empties the mask, as one step of undo."""
        self.finish()
        if not self.empty:
            self._replay(Stroke(Kind.CLEAR))

    def invert(self) -> None:
        """Swaps what is missing and what is there, as one step of undo."""
        self.finish()
        self._replay(Stroke(Kind.INVERT))

    def _replay(self, stroke: Stroke) -> None:
        if stroke.points:
            self.begin(stroke.points[0], stroke.size, erase=stroke.kind is Kind.ERASE)
            for point in stroke.points[1:]:
                self.extend(point)
            self.finish()
            return
        height, width = self._mask.shape
        self._open, self._before = stroke, self._mask.copy()
        self._box = QRect(0, 0, width, height)
        self._mask[:] = False if stroke.kind is Kind.CLEAR else ~self._mask
        self.changed.emit(self._box)
        self.finish()

    def _draw(self, stroke: Stroke, start: Point, end: Point) -> None:
        box = self._reach(stroke.size, start, end)
        if box.isEmpty():
            return
        covered = _covered(box, stroke.size / 2, start, end)
        part = self._mask[_slices(box)]
        if stroke.kind is Kind.PAINT:
            part |= covered
        else:
            part &= ~covered
        self._box = self._box.united(box)
        self.changed.emit(box)

    def _reach(self, size: float, start: Point, end: Point) -> QRect:
        """The box of pixels that a segment may touch, inside the photo."""
        height, width = self._mask.shape
        left = math.floor(min(start[0], end[0]) - size / 2)
        top = math.floor(min(start[1], end[1]) - size / 2)
        right = math.floor(max(start[0], end[0]) + size / 2)
        bottom = math.floor(max(start[1], end[1]) + size / 2)
        return QRect(left, top, right - left + 1, bottom - top + 1).intersected(QRect(0, 0, width, height))


def _covered(box: QRect, radius: float, start: Point, end: Point) -> Mask:
    """(box height, box width): pixel centres within `radius` of the segment, and the ends' own pixels."""
    x = np.arange(box.left(), box.right() + 1)[None, :] + 0.5 - start[0]
    y = np.arange(box.top(), box.bottom() + 1)[:, None] + 0.5 - start[1]
    dx, dy = end[0] - start[0], end[1] - start[1]
    length2 = dx * dx + dy * dy
    along = np.clip((x * dx + y * dy) / length2, 0.0, 1.0) if length2 > 0 else 0.0
    covered: Mask = (x - along * dx) ** 2 + (y - along * dy) ** 2 <= radius * radius
    for px, py in (start, end):
        column, row = math.floor(px), math.floor(py)
        if box.contains(column, row):
            covered[row - box.top(), column - box.left()] = True
    return covered


def _slices(box: QRect) -> tuple[slice, slice]:
    """Rows and columns of a box; of an empty one, none."""
    top, left = max(box.top(), 0), max(box.left(), 0)
    return slice(top, top + max(box.height(), 0)), slice(left, left + max(box.width(), 0))
