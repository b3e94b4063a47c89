"""Painting with the brush and the eraser: free, straight, with a pen's pressure."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPointingDevice, QTabletEvent

from adir_desktop.ui import gestures_paint
from adir_desktop.ui.mask import MaskPainting
from adir_desktop.ui.mask_shapes import Point
from adir_desktop.ui.session import Session
from adir_desktop.ui.tools import SMALLEST, Tool, Tools
from adir_desktop.ui.view import View

PointerEvent = QMouseEvent | QTabletEvent
SNAP = math.tan(math.pi / 8)  # with Ctrl, strokes that rise less run along an axis, others diagonally


def subtracts(event: PointerEvent) -> bool:
    """Alt is held, or a pen is turned upside down."""
    upside_down = (
        isinstance(event, QTabletEvent) and event.pointerType() == QPointingDevice.PointerType.Eraser
    )
    return upside_down or bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)


class BrushGesture:
    """Shift at the press goes on straight from where the last stroke ended; Shift while drawing keeps the
    rest of the stroke straight until the button is let go, and shows it before it is painted.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, session: Session, tools: Tools) -> None:
        self._session, self._tools = session, tools
        self._mask: MaskPainting | None = None  # that a stroke is being painted into
        self._at: Point = (0.0, 0.0)  # how far the stroke is painted
        self._ahead: Point | None = None  # where a straight one would end
        self._ended: tuple[MaskPainting, Point] | None = None

    @property
    def active(self) -> bool:
        return self._mask is not None

    def press(self, point: Point, event: PointerEvent) -> None:
        """Puts the brush down."""
        self.leave()
        self._mask = self._session.mask
        if self._mask is None:
            return
        erase, size = self._tools.tool is Tool.ERASER or subtracts(event), self._size(event)
        if self._ended is not None and self._ended[0] is self._mask and _straight(event):
            self._mask.begin(self._ended[1], size, erase=erase)
            self._mask.extend(point, size)
        else:
            self._mask.begin(point, size, erase=erase)
        self._at, self._ahead = point, None

    def move(self, point: Point, event: PointerEvent) -> None:
        """Draws on, or only looks ahead."""
        if self._mask is None:
            return
        if _straight(event):
            self._ahead = _snapped(self._at, point, event)
        else:
            self._draw(point, event)

    def release(self, point: Point, event: PointerEvent) -> None:
        """Lifts the brush."""
        if self._mask is not None and self._ahead is not None:
            self._draw(_snapped(self._at, point, event), event)
        if self._mask is not None:
            self._ended = (self._mask, self._at)
        self.leave()

    def double_click(self, point: Point) -> None:
        """The second press has painted already."""

    def key(self, key: int) -> bool:
        """Escape takes the stroke back."""
        if self._mask is None or key != Qt.Key.Key_Escape:
            return False
        self._mask.cancel()
        self._mask = self._ahead = None
        return True

    def leave(self) -> None:
        """What is painted stays."""
        if self._mask is not None:
            self._mask.finish()
        self._mask = self._ahead = None

    def paint(self, painter: QPainter, view: View, pointer: QPointF | None) -> None:
        """The brush's size at the pointer, and the straight stroke to come."""
        width = self._tools.brush * view.zoom
        if self._ahead is not None:
            path = gestures_paint.line(view, [self._at, self._ahead])
            gestures_paint.straight_stroke(painter, path, width, self._tools.ink)
            gestures_paint.outline(painter, path)
        if pointer is not None:
            gestures_paint.outline(painter, gestures_paint.circle(pointer, width))

    def _draw(self, point: Point, event: PointerEvent) -> None:
        if self._mask is not None:
            self._mask.extend(point, self._size(event, lifting=self._ahead is not None))
            self._at, self._ahead = point, None

    def _size(self, event: PointerEvent, *, lifting: bool = False) -> float:
        """A pen's pressure is 0 as it is lifted, and nothing to go by at the end of a straight stroke."""
        pressure = 1.0
        if isinstance(event, QTabletEvent) and not lifting:
            pressure = event.pressure()
        return max(self._tools.brush * pressure, SMALLEST)


def _straight(event: PointerEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)


def _snapped(start: Point, end: Point, event: PointerEvent) -> Point:
    """With Ctrl, the nearest point to `end` that lies straight or diagonally from `start`."""
    if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return end
    dx, dy = end[0] - start[0], end[1] - start[1]
    if abs(dy) <= SNAP * abs(dx):
        return end[0], start[1]
    if abs(dx) <= SNAP * abs(dy):
        return start[0], end[1]
    along = (abs(dx) + abs(dy)) / 2
    return start[0] + math.copysign(along, dx), start[1] + math.copysign(along, dy)
