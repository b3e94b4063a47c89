"""The mask and how it was edited, with undo and redo, in the pixels of the observed photo; no widgets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, QRect, Signal

from adir_desktop.contract import Mask
from adir_desktop.ui.mask_grow import grown, shrunk
from adir_desktop.ui.mask_shapes import Point, Shape, Stroke
from adir_desktop.ui.mask_tiles import TILE, Change, TiledMask, slices

__all__ = ["Began", "Change", "Extended", "MaskPainting", "Mode", "Operation", "Point", "Step"]


class Mode(Enum):
    """What happens where a shape or another mask is marked; only replacing touches the rest."""

    ADD = "add"
    SUBTRACT = "subtract"
    REPLACE = "replace"


@dataclass(frozen=True)
class Began:
    """The brush was put down. size: its diameter in pixels."""

    point: Point
    size: float
    erase: bool


@dataclass(frozen=True)
class Extended:
    """The brush was drawn on to a point."""

    point: Point
    size: float


class Step(Enum):
    """What else happens to a mask, apart from a `Change` that is made at once."""

    FINISH = "finish"
    CANCEL = "cancel"
    UNDO = "undo"
    REDO = "redo"


Operation = Began | Extended | Step | Change


class MaskPainting(QObject):
    """A mask of (height, width), True where something is missing, and every step that led to it.

    A stroke covers exactly the pixels whose centre lies within half its size of its line, and the pixel
    under each of its points, so that the thinnest brush still marks what it touches. What changes
    nothing is no step. Performing the `operated` operations on an empty mask gives the same mask and
    the same history.
    """

    changed = Signal(QRect)  # the pixels that may differ now; empty when a step of the history is complete
    operated = Signal(object)  # an Operation, when it is done

    def __init__(self, height: int, width: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mask = TiledMask(height, width)
        self._done: list[Change] = []
        self._undone: list[Change] = []
        self._brush: Began | Extended | None = None  # where it is while it is down
        self._erase = False

    @property
    def pixels(self) -> Mask:
        """A read-only view, (height, width); it follows later edits."""
        return self.coverage(1)

    @property
    def count(self) -> int:
        """How many pixels are marked."""
        return self._mask.count

    @property
    def empty(self) -> bool:
        return self.count == 0

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    @property
    def steps(self) -> tuple[tuple[Change, ...], int]:
        """The whole history in order, and how many of its last steps are undone."""
        return (*self._done, *reversed(self._undone)), len(self._undone)

    def coverage(self, factor: int) -> Mask:
        """(ceil(height / factor), ceil(width / factor)): True where any pixel of the block is marked.

        Read-only; it follows later edits. factor: 1, 4 or 16.
        """
        return self._mask.coverage(factor)

    def begin(self, point: Point, size: float, *, erase: bool = False) -> None:
        """Puts the brush down."""
        self.finish()
        self._brush, self._erase = Began(point, size, erase), erase
        self._draw(Stroke(point, point, size, size))
        self.operated.emit(self._brush)

    def extend(self, point: Point, size: float | None = None) -> None:
        """Draws on in a straight line; nothing happens when the brush is not down.

        size: of the brush at `point`, when it has changed; it changes evenly on the way.
        """
        if self._brush is None:
            return
        last, self._brush = self._brush, Extended(point, self._brush.size if size is None else size)
        self._draw(Stroke(last.point, point, last.size, self._brush.size))
        self.operated.emit(self._brush)

    def finish(self) -> None:
        """Lifts the brush: the stroke becomes one step of undo."""
        if self._brush is not None:
            self._brush = None
            self._keep(self._mask.take())
            self._complete(Step.FINISH)

    def cancel(self) -> None:
        """Lifts the brush and takes back what it has painted since it was put down."""
        if self._brush is not None:
            self._brush = None
            self._tell(self._mask.flip(self._mask.take()))
            self._complete(Step.CANCEL)

    def undo(self) -> None:
        """Takes the last step back."""
        self.finish()
        if self._done:
            self._undone.append(self._done.pop())
            self._tell(self._mask.flip(self._undone[-1]))
            self._complete(Step.UNDO)

    def redo(self) -> None:
        """Does again what was undone last."""
        self.finish()
        if self._undone:
            self._done.append(self._undone.pop())
            self._tell(self._mask.flip(self._done[-1]))
            self._complete(Step.REDO)

    def flip(self, change: Change) -> None:
        """Makes a change, as one step.

        Raises:
            ValueError: it is damaged, or of a mask of another size.
        """
        self.finish()
        if change.tiles:
            boxes = self._mask.flip(change)
            self._keep(change)
            self._tell(boxes)
            self._complete(change)

    def clear(self) -> None:
        """Empties the mask, as one step."""
        self.finish()
        self._record(self._mask.wipe())

    def invert(self) -> None:
        """Swaps what is missing and what is there, as one step."""
        self.finish()
        tiles = self._mask.tiles(self._mask.whole)
        self.flip(self._mask.difference((key, ~self._mask.pixels[slices(tile)]) for key, tile in tiles))

    def mark(self, shape: Shape, how: Mode = Mode.ADD) -> None:
        """Adds, takes away or puts in place of all that is marked the pixels of a shape, as one step."""
        self.finish()
        wiped = self._mask.wipe() if how is Mode.REPLACE else []
        filled = self._mask.fill(shape.spans(self._mask.size), value=how is not Mode.SUBTRACT)
        self._record(wiped + filled)

    def apply(self, mask: Mask, how: Mode = Mode.ADD) -> None:
        """The same with the marked pixels of another mask, (height, width).

        Raises:
            ValueError: it has another size.
        """
        if mask.shape != self._mask.size:
            raise ValueError(mask.shape)
        self.finish()
        tiles = self._mask.tiles(self._mask.whole)
        self.flip(self._mask.difference((key, self._combined(mask[slices(t)], t, how)) for key, t in tiles))

    def grow(self, margin: float) -> None:
        """Marks all that is within `margin` pixels of what is marked, as one step."""
        self.finish()
        self.flip(grown(self._mask, margin))

    def shrink(self, margin: float) -> None:
        """Unmarks all that is within `margin` pixels of what is not marked, as one step."""
        self.finish()
        self.flip(shrunk(self._mask, margin))

    def _combined(self, mask: Mask, tile: QRect, how: Mode) -> Mask:
        before = self._mask.pixels[slices(tile)]
        combined = {Mode.ADD: before | mask, Mode.SUBTRACT: before & ~mask, Mode.REPLACE: mask}
        return combined[how]

    def _draw(self, stroke: Stroke) -> None:
        self._tell(self._mask.fill(stroke.spans(self._mask.size), value=not self._erase))

    def _record(self, boxes: list[QRect]) -> None:
        """Makes one step of what was overwritten in these boxes."""
        change = self._mask.take()
        if change.tiles:
            self._keep(change)
            self._tell(boxes)
            self._complete(change)

    def _keep(self, change: Change) -> None:
        if change.tiles:
            self._done.append(change)
            self._undone.clear()

    def _tell(self, boxes: Iterable[QRect]) -> None:
        """Says what may differ, once for each row of tiles: a long thin line is no large box."""
        rows: dict[int, QRect] = {}
        for box in boxes:
            row = box.top() // TILE
            rows[row] = rows.get(row, QRect()).united(box)
        for box in rows.values():
            self.changed.emit(box)

    def _complete(self, operation: Operation) -> None:
        self.operated.emit(operation)
        self.changed.emit(QRect())
