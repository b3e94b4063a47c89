"""A widget with something to zoom and to pan in it: wheel, pinch, touchpad, mouse and keys."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QSizePolicy, QWidget

from adir_desktop.ui.view import Frame, View, centred, fitted

NOTCH = 120.0  # one step of a mouse wheel, in Qt's units
ZOOM_STEP = 1.25
PAN_STEP = 0.1  # of the widget's size, for the arrow keys
ARROWS = {
    Qt.Key.Key_Left: QPointF(1, 0),
    Qt.Key.Key_Right: QPointF(-1, 0),
    Qt.Key.Key_Up: QPointF(0, 1),
    Qt.Key.Key_Down: QPointF(0, -1),
}


class Zoomable(QWidget):
    """Shows its content through a `View`; several panes show the same part of it.

    A subclass says what the content is (`content`, `pixel_scale`, `panes`), draws it, and may take
    presses for itself before they pan.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = View()
        self._fitting = True
        self._pointer: QPointF | None = None
        self._panned_from: QPointF | None = None
        self._held = Qt.MouseButton.NoButton  # the one that is down and counts
        self._space = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.grabGesture(Qt.GestureType.PinchGesture)

    @property
    def view(self) -> View:
        """Where the content lies in each pane."""
        return self._view

    def sizeHint(self) -> QSize:
        """Room for a photo."""
        return QSize(640, 480)

    @Slot()
    def fit(self) -> None:
        """All of it, also when the window's size changes."""
        self._fitting = True
        content = self.content()
        if content is not None:
            self._look(fitted(content, self.panes()[0].size()))

    @Slot()
    def actual_size(self) -> None:
        """One pixel of the picture on one pixel of the screen."""
        content = self.content()
        if content is not None:
            self._fitting = False
            self._look(centred(1 / self.pixel_scale(), content, self.panes()[0].size()))

    @Slot()
    def zoom_in(self) -> None:
        self._zoom(ZOOM_STEP, self.panes()[0].center())

    @Slot()
    def zoom_out(self) -> None:
        self._zoom(1 / ZOOM_STEP, self.panes()[0].center())

    # What a subclass says

    def content(self) -> QSizeF | None:
        """Its size in the view's units; None while there is nothing."""
        return None

    def pixel_scale(self) -> float:
        """Device pixels a pixel of the finest picture shown, at zoom 1."""
        return self.devicePixelRatioF()

    def panes(self) -> tuple[QRectF, ...]:
        """The parts of the widget that show the content, all of one size."""
        return (QRectF(self.rect()),)

    def _look(self, view: View) -> None:
        """Shows another part, or the same larger or smaller."""
        self._view = view
        self.update()

    def _taken(self, event: QMouseEvent) -> bool:  # noqa: ARG002  # subclasses look at it
        """A press of the left button is for the subclass, which hears what follows, and does not pan."""
        return False

    def _dragged(self, event: QMouseEvent) -> None:
        """The pointer moved during what the subclass has taken."""

    def _dropped(self, event: QMouseEvent) -> None:
        """That has ended."""

    # Geometry, for subclasses

    def _frames(self) -> tuple[Frame, ...]:
        """Where the content lies in each pane: from a whole device pixel on, or panning would blur it anew."""
        target = self._view.rectangle(self.content() or QSizeF(1, 1))
        density = self.devicePixelRatioF()
        target.moveTo(*(math.floor(at * density + 0.5) / density for at in (target.x(), target.y())))
        return tuple(Frame(target.translated(pane.topLeft()), pane, density) for pane in self.panes())

    def _in_pane(self, point: QPointF) -> QPointF:
        """A point of the widget as one of the pane under it."""
        pane = next((pane for pane in self.panes() if pane.contains(point)), self.panes()[0])
        return point - pane.topLeft()

    def to_photo(self, point: QPointF) -> tuple[float, float]:
        """A point of the widget in the content's units."""
        return self._view.to_photo(self._in_pane(point))

    def _rearranged(self) -> None:
        """To be called when the panes or the content have changed: a fitted picture stays fitted."""
        if self._fitting:
            self.fit()
        else:
            self._pan(QPointF())

    # What a person does

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: ARG002
        """A fitted picture stays fitted."""
        self._rearranged()

    def event(self, event: QEvent) -> bool:
        """Takes the gestures that Qt has no handlers for."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._look(self._view)  # another screen: the same view has other pixels
        if isinstance(event, QNativeGestureEvent):
            return self._native(event)
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self._pinch(pinch)
                event.accept(pinch)
                return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Two fingers on a touchpad pan; a wheel zooms with the pixel under the pointer staying there."""
        touchpad = event.device().type() == QInputDevice.DeviceType.TouchPad
        if not event.pixelDelta().isNull() and (touchpad or event.phase() != Qt.ScrollPhase.NoScrollPhase):
            self._pan(QPointF(event.pixelDelta()))
        else:
            turn = event.angleDelta().y() or event.angleDelta().x()
            self._zoom(ZOOM_STEP ** (turn / NOTCH), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Takes hold of the picture, or of what the subclass has under the pointer."""
        left = event.button() == Qt.MouseButton.LeftButton
        if self._held != Qt.MouseButton.NoButton or not (
            left or event.button() == Qt.MouseButton.MiddleButton
        ):
            return
        self._held = event.button()
        if not (left and not self._space and self._taken(event)):
            self._panned_from = event.position()
        self._point_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Moves it."""
        if self._panned_from is not None:
            self._pan(event.position() - self._panned_from)
            self._panned_from = event.position()
        elif self._held != Qt.MouseButton.NoButton:
            self._dragged(event)
        self._point_at(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lets go of it."""
        if event.button() != self._held:
            return
        self._held = Qt.MouseButton.NoButton
        if self._panned_from is None:
            self._dropped(event)
        self._panned_from = None
        self._point_at(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """All of it, or 100 % of what is under the pointer, in turn."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._toggle(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows pan; so does the pointer while the space bar is held."""
        arrow = ARROWS.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Space:
            self._hold_space(on=True)
        elif arrow is not None and self.content() is not None:
            pane = self.panes()[0]
            self._pan(QPointF(arrow.x() * pane.width(), arrow.y() * pane.height()) * PAN_STEP)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """The space bar lets go."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._hold_space(on=False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A key released elsewhere is not held any more."""
        self._hold_space(on=False)
        super().focusOutEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is elsewhere."""
        self._point_at(None)
        super().leaveEvent(event)

    def _point_at(self, point: QPointF | None) -> None:
        """The pointer is there; None: elsewhere."""
        self._pointer = point
        self._point_out()

    def _point_out(self) -> None:
        """The pointer's shape says what a press would do."""
        if self._panned_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            self.setCursor(Qt.CursorShape.OpenHandCursor if self.content() else Qt.CursorShape.ArrowCursor)

    @property
    def _panning(self) -> bool:
        """The picture is held, or would be by a press of the left button."""
        return self._space or self._panned_from is not None

    def _hold_space(self, *, on: bool) -> None:
        if on != self._space:
            self._space = on
            self._point_out()

    def _toggle(self, at: QPointF) -> None:
        if self._fitting and self.content() is not None:
            self._zoom(1 / (self.pixel_scale() * self._view.zoom), at)
        else:
            self.fit()

    def _zoom(self, factor: float, at: QPointF) -> None:
        if self.content() is not None:
            self._fitting = False
            self._look(self._view.zoomed(self._view.zoom * factor, self._in_pane(at)))

    def _pan(self, by: QPointF) -> None:
        content = self.content()
        if content is not None:
            self._fitting = False
            self._look(self._view.moved(by, content, self.panes()[0].size()))

    def _native(self, event: QNativeGestureEvent) -> bool:
        """The touchpad of a Mac, or of Wayland."""
        kind = event.gestureType()
        if kind == Qt.NativeGestureType.ZoomNativeGesture:
            self._zoom(1 + event.value(), event.position())
        elif kind == Qt.NativeGestureType.SmartZoomNativeGesture:
            self._toggle(event.position())
        elif kind == Qt.NativeGestureType.PanNativeGesture:
            self._pan(event.delta())
        event.accept()
        return True

    def _pinch(self, pinch: QPinchGesture) -> None:
        """Two fingers on the screen: what is between them stays between them."""
        self._panned_from = None  # the first finger alone was a press of the button
        at = self.mapFromGlobal(pinch.centerPoint())
        if pinch.state() != Qt.GestureState.GestureStarted:
            self._pan(pinch.centerPoint() - pinch.lastCenterPoint())
        self._zoom(pinch.scaleFactor(), at)
