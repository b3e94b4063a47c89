"""Marking with shapes: a rectangle or a lasso in one drag, a polygon corner by corner, a similar colour."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath

from adir_desktop.ui import gestures_paint
from adir_desktop.ui.gestures_brush import PointerEvent, subtracts
from adir_desktop.ui.mask import MaskPainting, Mode
from adir_desktop.ui.mask_shapes import Point, Polygon, Rectangle, Shape
from adir_desktop.ui.session import Session
from adir_desktop.ui.tools import Tools
from adir_desktop.ui.view import View

CLOSE = 9.0  # widget pixels around a polygon's first corner that close it
Select = Callable[[tuple[int, int], Mode], None]  # row and column of the seed


def wanted_mode(tools: Tools, event: PointerEvent) -> Mode:
    """As chosen; Alt or a pen's eraser takes away."""
    return Mode.SUBTRACT if subtracts(event) else tools.mode


class ShapeGesture:
    """What shapes have in common: points of the photo in `_points` until the shape is marked or dropped."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, session: Session, tools: Tools) -> None:
        self._session, self._tools = session, tools
        self._points: list[Point] = []
        self._mask: MaskPainting | None = None
        self._mode = Mode.ADD

    @property
    def active(self) -> bool:
        return bool(self._points)

    def double_click(self, point: Point) -> None:
        """Only what is made of several clicks ends with two."""

    def key(self, key: int) -> bool:
        """Escape drops the shape."""
        used = self.active and key == Qt.Key.Key_Escape
        if used:
            self.leave()
        return used

    def leave(self) -> None:
        """Drops the shape."""
        self._points, self._mask = [], None

    def _start(self, point: Point, event: PointerEvent) -> None:
        self._points, self._mask = [point], self._session.mask
        self._mode = wanted_mode(self._tools, event)

    def _mark(self, shape: Shape) -> None:
        mask, mode = self._mask, self._mode
        self.leave()
        if mask is not None:
            mask.mark(shape, mode)


class RectangleGesture(ShapeGesture):
    """From corner to corner; Shift makes it a square."""

    def press(self, point: Point, event: PointerEvent) -> None:
        """The first corner."""
        self._start(point, event)

    def move(self, point: Point, event: PointerEvent) -> None:
        """The opposite corner follows."""
        if self._points:
            square = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._points[1:] = [_squared(self._points[0], point) if square else point]

    def release(self, point: Point, event: PointerEvent) -> None:
        """Marks it; a mere click is no rectangle."""
        if len(self._points) > 1:
            self.move(point, event)
            self._mark(Rectangle(*self._points))
        self.leave()

    def paint(self, painter: QPainter, view: View, pointer: QPointF | None) -> None:  # noqa: ARG002
        """Its outline."""
        if len(self._points) > 1:
            gestures_paint.outline(painter, gestures_paint.rectangle(view, *self._points))


class LassoGesture(ShapeGesture):
    """A free line around something; its ends are joined by a straight one."""

    def press(self, point: Point, event: PointerEvent) -> None:
        """The line's start."""
        self._start(point, event)

    def move(self, point: Point, event: PointerEvent) -> None:  # noqa: ARG002
        """The line goes on."""
        if self._points:
            self._points.append(point)

    def release(self, point: Point, event: PointerEvent) -> None:
        """Marks what is inside."""
        self.move(point, event)
        if self._points:
            self._mark(Polygon(tuple(self._points)))

    def paint(self, painter: QPainter, view: View, pointer: QPointF | None) -> None:  # noqa: ARG002
        """The line so far."""
        gestures_paint.outline(painter, gestures_paint.line(view, self._points, closed=True))


class PolygonGesture(ShapeGesture):
    """A corner a click. A double click, Return, or a click on the first corner closes it."""

    def __init__(self, session: Session, tools: Tools) -> None:
        super().__init__(session, tools)
        self._zoom = 1.0  # of the view it was drawn with

    def press(self, point: Point, event: PointerEvent) -> None:
        """One more corner, or the end."""
        if not self._points:
            self._start(point, event)
        elif len(self._points) > 2 and math.dist(point, self._points[0]) * self._zoom <= CLOSE:
            self._close()
        elif point != self._points[-1]:
            self._points.append(point)

    def move(self, point: Point, event: PointerEvent) -> None:
        """The last edge follows the pointer: see `paint`."""

    def release(self, point: Point, event: PointerEvent) -> None:
        """A corner was set by the press."""

    def double_click(self, point: Point) -> None:  # noqa: ARG002
        """Its first click has set the last corner; one that closed the polygon begins no other."""
        if len(self._points) < 2:
            self.leave()
        else:
            self._close()

    def key(self, key: int) -> bool:
        """Return closes, Backspace takes the last corner back."""
        if self.active and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._close()
            return True
        if self.active and key == Qt.Key.Key_Backspace:
            self._points.pop()
            return True
        return super().key(key)

    def paint(self, painter: QPainter, view: View, pointer: QPointF | None) -> None:
        """Edges, corners, and where the next edge would be."""
        self._zoom = view.zoom
        path = QPainterPath(gestures_paint.line(view, self._points))
        if self._points and pointer is not None:
            path.lineTo(pointer)
        path.addPath(gestures_paint.corners(view, self._points))
        gestures_paint.outline(painter, path)

    def _close(self) -> None:
        """Marks it; two corners are no polygon yet."""
        if len(self._points) > 2:
            self._mark(Polygon(tuple(self._points)))


class SimilarGesture(ShapeGesture):
    """One click on a colour; finding the others is left to a worker."""

    cursor = Qt.CursorShape.PointingHandCursor

    def __init__(self, session: Session, tools: Tools, select: Select) -> None:
        super().__init__(session, tools)
        self._select = select

    def press(self, point: Point, event: PointerEvent) -> None:
        """Asks for what has this colour."""
        mask, (column, row) = self._session.mask, (math.floor(point[0]), math.floor(point[1]))
        if mask is not None and 0 <= row < mask.pixels.shape[0] and 0 <= column < mask.pixels.shape[1]:
            self._select((row, column), wanted_mode(self._tools, event))

    def move(self, point: Point, event: PointerEvent) -> None:
        """Nothing more to say."""

    def release(self, point: Point, event: PointerEvent) -> None:
        """Nothing more to say."""

    def paint(self, painter: QPainter, view: View, pointer: QPointF | None) -> None:
        """The pointer says enough."""


def _squared(corner: Point, opposite: Point) -> Point:
    dx, dy = opposite[0] - corner[0], opposite[1] - corner[1]
    side = max(abs(dx), abs(dy))
    return corner[0] + math.copysign(side, dx), corner[1] + math.copysign(side, dy)
