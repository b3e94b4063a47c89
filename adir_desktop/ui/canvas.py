"""The photo at any zoom: painting a mask, comparing with the result, and the live preview."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from adir_desktop.ui import canvas_paint
from adir_desktop.ui.canvas_preview import LivePreview
from adir_desktop.ui.canvas_scene import Scene
from adir_desktop.ui.gestures import Gesture, Gestures, PointerEvent
from adir_desktop.ui.runs import Runs
from adir_desktop.ui.session import Session
from adir_desktop.ui.showing import Showing
from adir_desktop.ui.tools import Tools
from adir_desktop.ui.view import View, halves
from adir_desktop.ui.zoomable import Zoomable

GRIP = 14.0  # widget pixels to either side of the slider that take hold of it
KEY_STEP = 0.05  # of the photo's width, for the arrow keys
SHAPE_KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace)
PEEK_KEYS = (Qt.Key.Key_Backslash, Qt.Key.Key_O)  # the first needs AltGr on many keyboards
SLIDES = {Qt.Key.Key_Left: -KEY_STEP, Qt.Key.Key_Right: KEY_STEP}


class Canvas(Zoomable):
    """Draws in the observed photo's coordinates: a larger result fills the same rectangle."""

    split_moved = Signal(float)  # 0 at the photo's left edge, 1 at its right

    def __init__(
        self,
        session: Session,
        tools: Tools,
        showing: Showing,
        gestures: Gestures,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._tools, self._showing, self._gestures = session, tools, showing, gestures
        self._scene = Scene(session, tools, showing, self)
        self._gesture: Gesture | None = None  # that a press has begun
        self._pane = QSizeF()  # as large as it was when the view was last chosen
        self.setAccessibleName(self.tr("Photo"))
        self.setAccessibleDescription(
            self.tr(
                "Wheel zooms, middle button or space pans, arrow keys move the before/after slider, "
                "the backslash key or O shows the original while it is held."
            )
        )

    def watch(self, runs: Runs) -> None:
        """Subscribes to all that changes the picture."""
        self._scene.preview = LivePreview(self._session, runs, self)
        self._scene.preview.changed.connect(self._arrange)
        self._session.photo_changed.connect(self._new_photo)
        self._session.result_changed.connect(self._new_result)
        self._session.mask_changed.connect(self._new_mask)
        self._session.values_changed.connect(self._arrange)
        self._showing.changed.connect(self._arrange)
        self._tools.changed.connect(self._new_tool)

    @property
    def split(self) -> float:
        """Where the slider stands."""
        return self._scene.split

    def set_split(self, split: float) -> None:
        """Moves the before/after slider."""
        self._scene.split = min(max(split, 0.0), 1.0)
        self.split_moved.emit(self._scene.split)
        self.update()

    def content(self) -> QSizeF | None:
        """The photo's size."""
        return self._scene.size

    def pixel_scale(self) -> float:
        """Of the largest picture shown: 100 % of an enlarged result shows its own pixels."""
        size = self._scene.size
        return self.devicePixelRatioF() * (size.width() / self._scene.finest if size else 1.0)

    def panes(self) -> tuple[QRectF, ...]:
        """One, or two to compare side by side."""
        return halves(QSizeF(self.size())) if self._scene.two_panes else super().panes()

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Only what is out of date."""
        drawn = QRectF(event.rect())
        with QPainter(self) as painter:  # ended also when something fails: Qt does not survive it otherwise
            painter.fillRect(drawn, canvas_paint.ground(self.palette()))
            self._scene.draw(painter, self._frames(), drawn)
            gesture = self._tool
            if gesture is not None:
                gesture.paint(painter, self._view, self._pointer)

    def _look(self, view: View) -> None:
        super()._look(view)
        self._pane = self.panes()[0].size()
        if self._scene.size is not None:
            self._showing.set_zoom(view.zoom * self.pixel_scale())

    # What changes it

    @Slot()
    def _arrange(self) -> None:
        """Two panes instead of one, or one instead of two, show the same part."""
        if self.panes()[0].size() != self._pane:
            self._rearranged()
        self._point_out()
        self.update()

    @Slot()
    def _new_photo(self) -> None:
        self._scene.split = 0.5
        self.fit()

    @Slot()
    def _new_result(self) -> None:
        """An enlarged one has another 100 %."""
        self._arrange()
        self._look(self._view)

    @Slot(QRect)
    def _new_mask(self, box: QRect) -> None:
        place = QRectF(self._view.to_widget(box.left(), box.top()), QSizeF(box.size()) * self._view.zoom)
        if not box.isEmpty():
            self.update(place.toAlignedRect().adjusted(-2, -2, 2, 2))

    @Slot()
    def _new_tool(self) -> None:
        """Without a tool to paint with, a running restoration is seen again."""
        if not self._tools.painting and self._scene.preview is not None:
            self._scene.preview.stand_aside(aside=False)
        self._arrange()

    # What a person does

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Control held it sizes the brush."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and self._scene.painting:
            self._tools.wheel(event.angleDelta().y())
            event.accept()
        else:
            super().wheelEvent(event)

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen marks with its pressure; for all else it is a mouse."""
        if self._tool is None or self._panning:
            event.ignore()
            return
        left = event.button() == Qt.MouseButton.LeftButton
        if event.type() == QEvent.Type.TabletPress and left:
            self._mark(event)
        elif event.type() == QEvent.Type.TabletMove and self._gesture is not None:
            self._gesture.move(self.to_photo(event.position()), event)
        elif event.type() == QEvent.Type.TabletRelease and left:
            self._finish(event)
        self._point_at(event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """While a shape is being made, its keys are its own: Esc drops the shape, not the running job."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            gesture = self._tool
            if gesture is not None and gesture.active and event.key() in SHAPE_KEYS:
                event.accept()
                return True
        return super().event(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """While painting it is one more press, and ends what is made of several."""
        gesture = self._tool
        if event.button() == Qt.MouseButton.LeftButton and gesture is not None:
            self.mousePressEvent(event)
            gesture.double_click(self.to_photo(event.position()))
        else:
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The tool's own keys; the backslash shows the original, arrows move the slider."""
        key = Qt.Key(event.key())
        gesture = self._tool
        if gesture is not None and gesture.key(event.key()):
            self.update()
        elif key in PEEK_KEYS:
            self._showing.peek(on=True)
        elif key in SLIDES and self._scene.sliding and not event.modifiers():
            self.set_split(self._scene.split + SLIDES[key])
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Lets go of what was held."""
        if event.key() in PEEK_KEYS and not event.isAutoRepeat():
            self._showing.peek(on=False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A key released elsewhere is not held any more."""
        self._showing.peek(on=False)
        super().focusOutEvent(event)

    @property
    def _tool(self) -> Gesture | None:
        """What the left button and the pen do, where they mark something."""
        return self._gestures.for_tool(self._tools.tool) if self._scene.painting else None

    def _taken(self, event: QMouseEvent) -> bool:
        if self._tool is not None:
            self._mark(event)
            return True
        return self._on_slider(event.position())

    def _dragged(self, event: QMouseEvent) -> None:
        if self._gesture is not None:
            self._gesture.move(self.to_photo(event.position()), event)
        elif self._scene.sliding and self._scene.size is not None:
            self.set_split(self.to_photo(event.position())[0] / self._scene.size.width())

    def _dropped(self, event: QMouseEvent) -> None:
        self._finish(event)

    def _mark(self, event: PointerEvent) -> None:
        """A tool that is at work goes on with what it has begun; the photo shows itself to be painted on."""
        if self._scene.preview is not None:
            self._scene.preview.stand_aside(aside=True)
        self._gesture = self._tool
        if self._gesture is not None:
            self._gesture.press(self.to_photo(event.position()), event)

    def _finish(self, event: PointerEvent) -> None:
        if self._gesture is not None:
            self._gesture.release(self.to_photo(event.position()), event)
            self._gesture = None

    def _on_slider(self, point: QPointF) -> bool:
        """Only where there is one."""
        at = canvas_paint.slider_at(self._frames()[0], self._scene.split)
        return self._scene.sliding and abs(point.x() - at) <= GRIP

    def _point_out(self) -> None:
        """The pointer's shape says what a press would do."""
        tool, on_slider = self._tool, self._pointer is not None and self._on_slider(self._pointer)
        if self._panning or not (tool or on_slider):
            super()._point_out()
        elif tool is not None:
            self.setCursor(tool.cursor)
            self.update()  # the brush's circle follows
        else:
            self.setCursor(Qt.CursorShape.SplitHCursor)
