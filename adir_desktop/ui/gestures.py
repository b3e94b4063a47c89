"""What the tools do with the pointer: one small class a tool, used by the canvas."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QPainter

from adir_desktop.ui.gestures_brush import BrushGesture, PointerEvent
from adir_desktop.ui.gestures_shapes import (
    LassoGesture,
    PolygonGesture,
    RectangleGesture,
    SimilarGesture,
)
from adir_desktop.ui.mask_shapes import Point
from adir_desktop.ui.session import Session
from adir_desktop.ui.tools import Tool, Tools
from adir_desktop.ui.view import View

__all__ = ["Gesture", "Gestures", "PointerEvent"]


class Gesture(Protocol):
    """A tool at work. Points are in photo coordinates (x, y), pixel (i, j) covering [j, j+1) x [i, i+1)."""

    cursor: Qt.CursorShape

    @property
    def active(self) -> bool:
        """Something is begun and neither marked nor dropped."""
        ...

    def press(self, point: Point, event: PointerEvent) -> None: ...

    def move(self, point: Point, event: PointerEvent) -> None: ...

    def release(self, point: Point, event: PointerEvent) -> None: ...

    def double_click(self, point: Point) -> None:
        """After the press that was its second click."""
        ...

    def key(self, key: int) -> bool:
        """A key of Qt.Key; true if it was used."""
        ...

    def leave(self) -> None:
        """Another tool or another photo is on: paint stays, an unfinished shape is dropped."""
        ...

    def paint(self, painter: QPainter, view: View, pointer: QPointF | None) -> None:
        """Draws what is in progress; pointer in widget coordinates, None while it is elsewhere."""
        ...


class Gestures(QObject):
    """The tools' gestures, which belong to one canvas."""

    select_wanted = Signal(tuple, object)  # (row, column) of the seed, and the Mode of marking what is found

    def __init__(self, session: Session, tools: Tools, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tools = tools
        brush = BrushGesture(session, tools)
        self._gestures: dict[Tool, Gesture] = {
            Tool.BRUSH: brush,
            Tool.ERASER: brush,
            Tool.RECTANGLE: RectangleGesture(session, tools),
            Tool.LASSO: LassoGesture(session, tools),
            Tool.POLYGON: PolygonGesture(session, tools),
            Tool.SIMILAR: SimilarGesture(session, tools, self.select_wanted.emit),
        }
        tools.changed.connect(self._follow_tool)
        session.photo_changed.connect(self._new_photo)

    def for_tool(self, tool: Tool) -> Gesture | None:
        """None for the hand: it moves the photo."""
        return self._gestures.get(tool)

    @Slot()
    def _follow_tool(self) -> None:
        current = self.for_tool(self._tools.tool)
        for gesture in self._gestures.values():
            if gesture is not current and gesture.active:
                gesture.leave()

    @Slot()
    def _new_photo(self) -> None:
        for gesture in self._gestures.values():
            gesture.leave()
