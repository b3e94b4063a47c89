"""The photo at any zoom: panning, painting a mask, before/after, and the live preview."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from adir_desktop.contract import Event, Progress
from adir_desktop.ui import canvas_paint
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.qt_images import Levels, mask_image, paint_mask, preview_image
from adir_desktop.ui.session import Session
from adir_desktop.ui.tools import Tool, Tools
from adir_desktop.ui.view import View, centred, fitted

NOTCH = 120.0  # one step of a mouse wheel, in Qt's units
ZOOM_STEP = 1.25
GRIP = 14.0  # widget pixels to either side of the slider that take hold of it
KEY_STEP = 0.05  # of the photo's width, for the arrow keys
MASK_INK = QColor(224, 49, 49, 130)


class _Drag(Enum):
    NONE = 0
    PAN = 1
    SPLIT = 2
    STROKE = 3


class Canvas(QWidget):
    """Draws in the observed photo's coordinates: a larger result fills the same rectangle."""

    split_moved = Signal(float)  # 0 at the photo's left edge, 1 at its right

    def __init__(self, session: Session, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._tools = session, tools
        self._view = View()
        self._fitting = True
        self._split = 0.5
        self._preview: QImage | None = None
        self._overlay: QImage | None = None
        self._drag, self._last, self._space = _Drag.NONE, QPointF(), False
        self._pointer: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Photo"))
        self.setAccessibleDescription(
            self.tr("Wheel zooms, middle button or space pans, arrow keys move the before/after slider.")
        )

    def watch(self, jobs: Jobs) -> None:
        """Subscribes to all that changes the picture."""
        jobs.happened.connect(self._hear)
        jobs.changed.connect(self._forget_preview, Qt.ConnectionType.QueuedConnection)
        self._jobs = jobs
        self._session.photo_changed.connect(self._new_photo)
        self._session.result_changed.connect(self._new_result)
        self._session.mask_changed.connect(self._new_mask)
        self._session.values_changed.connect(self.update)
        self._tools.changed.connect(self._new_tool)

    @property
    def view(self) -> View:
        return self._view

    @property
    def split(self) -> float:
        return self._split

    def sizeHint(self) -> QSize:
        """Room for a photo."""
        return QSize(640, 480)

    @Slot()
    def fit(self) -> None:
        """The whole photo, also when the window's size changes."""
        self._fitting = True
        if self._has_photo():
            self._look(fitted(self._photo_size(), QSizeF(self.size())))

    @Slot()
    def actual_size(self) -> None:
        """One pixel of the picture on one pixel of the screen."""
        if self._has_photo():
            self._fitting = False
            self._look(centred(1 / self._pixels_per_zoom(), self._photo_size(), QSizeF(self.size())))

    @Slot()
    def zoom_in(self) -> None:
        self._zoom(self._view.zoom * ZOOM_STEP, QRectF(self.rect()).center())

    @Slot()
    def zoom_out(self) -> None:
        self._zoom(self._view.zoom / ZOOM_STEP, QRectF(self.rect()).center())

    def set_split(self, split: float) -> None:
        """Moves the before/after slider."""
        self._split = min(max(split, 0.0), 1.0)
        self.split_moved.emit(self._split)
        self.update()

    # What is shown

    def _has_photo(self) -> bool:
        return self._session.picture is not None

    def _photo_size(self) -> QSizeF:
        picture = self._session.picture
        return QSizeF(picture.levels.full.size()) if picture else QSizeF(1, 1)

    def _pixels_per_zoom(self) -> float:
        """Device pixels a pixel of the largest picture shown, at zoom 1."""
        restored = self._session.restored
        shown = restored.after.full.width() if restored else self._photo_size().width()
        return self.devicePixelRatioF() * self._photo_size().width() / shown

    def _comparing(self) -> bool:
        return self._session.restored is not None and self._preview is None and not self._tools.painting

    def _painting(self) -> bool:
        return self._tools.painting and self._session.values.task == "inpaint"

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """All of it, each time: Qt clips to what is asked for."""
        with QPainter(self) as painter:  # ended also when something fails: Qt does not survive it otherwise
            painter.fillRect(self.rect(), canvas_paint.ground(self.palette()))
            if self._has_photo():
                target = self._view.rectangle(self._photo_size())
                self._paint_photo(painter, target)
                self._paint_mask(painter, target)

    def _paint_photo(self, painter: QPainter, target: QRectF) -> None:
        picture, restored, density = self._session.picture, self._session.restored, self.devicePixelRatioF()
        if picture is None:
            return
        if self._preview is not None and not self._tools.peeking:
            canvas_paint.picture(painter, Levels((self._preview,)), target, density=density)
        elif restored is not None and self._comparing() and not self._tools.peeking:
            against = restored.baseline if self._tools.against_baseline else None
            left = against or picture.levels
            name = self.tr("Without adapting") if against else self.tr("Before")
            canvas_paint.comparison(painter, left, restored.after, target, self._split, density=density)
            canvas_paint.names(painter, target, QRectF(self.rect()), name, self.tr("After"))
        else:
            canvas_paint.picture(painter, picture.levels, target, density=density)

    def _paint_mask(self, painter: QPainter, target: QRectF) -> None:
        shown = self._session.values.task == "inpaint" and self._preview is None and not self._comparing()
        if shown and self._overlay is not None and not self._tools.peeking:
            painter.drawImage(target, self._overlay)
        if self._painting() and self._pointer is not None:
            canvas_paint.brush(painter, self._pointer, self._tools.brush * self._view.zoom)

    # What changes it

    @Slot(object)
    def _hear(self, event: Event) -> None:
        if isinstance(event, Progress) and event.preview is not None:
            self._preview = preview_image(event.preview)
            self.update()

    @Slot()
    def _forget_preview(self) -> None:
        """When the restoration has ended, its result or the photo takes the preview's place."""
        if self._preview is not None and not self._jobs.has("restore"):
            self._preview = None
            self.update()

    @Slot()
    def _new_photo(self) -> None:
        self._preview = self._overlay = None
        self._split = 0.5
        self.fit()

    @Slot()
    def _new_result(self) -> None:
        self._preview = None
        self._report_zoom()
        self.update()

    @Slot(QRect)
    def _new_mask(self, box: QRect) -> None:
        mask = self._session.mask
        if mask is None or box.isEmpty():
            return
        if self._overlay is None:
            self._overlay = mask_image(*mask.pixels.shape)
        paint_mask(self._overlay, mask.pixels, box, MASK_INK)
        zoom = self._view.zoom
        corner = self._view.to_widget(box.left(), box.top())
        dirty = QRectF(corner.x(), corner.y(), box.width() * zoom, box.height() * zoom)
        self.update(dirty.toAlignedRect().adjusted(-2, -2, 2, 2))

    @Slot()
    def _new_tool(self) -> None:
        self._point_out(self._pointer)
        self.update()

    def _look(self, view: View) -> None:
        self._view = view
        self._report_zoom()
        self.update()

    def _report_zoom(self) -> None:
        self._tools.set_zoom(self._view.zoom * self._pixels_per_zoom())

    def _zoom(self, zoom: float, at: QPointF) -> None:
        if self._has_photo():
            self._fitting = False
            self._look(self._view.zoomed(zoom, at))

    # What a person does

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: ARG002
        """A fitted photo stays fitted."""
        if self._fitting:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zooms with the pixel under the pointer staying there."""
        turn = event.angleDelta().y() or event.angleDelta().x()
        self._zoom(self._view.zoom * ZOOM_STEP ** (turn / NOTCH), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Starts panning, sliding or a stroke."""
        if not self._has_photo() or self._drag is not _Drag.NONE:
            return
        self._drag = self._meant_by(event)
        self._last = event.position()
        mask = self._session.mask
        if self._drag is _Drag.STROKE and mask is not None:
            erase = self._tools.tool is Tool.ERASER
            mask.begin(self._view.to_photo(event.position()), self._tools.brush, erase=erase)
        self._point_out(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Goes on with what the press started."""
        if self._drag is _Drag.PAN:
            self._fitting = False
            by = event.position() - self._last
            self._look(self._view.moved(by, self._photo_size(), QSizeF(self.size())))
        elif self._drag is _Drag.SPLIT:
            self.set_split(self._view.to_photo(event.position())[0] / self._photo_size().width())
        elif self._drag is _Drag.STROKE and self._session.mask is not None:
            self._session.mask.extend(self._view.to_photo(event.position()))
        self._last = event.position()
        self._point_out(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ends it."""
        if self._drag is _Drag.STROKE and self._session.mask is not None:
            self._session.mask.finish()
        self._drag = _Drag.NONE
        self._point_out(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Fit or 100 %, in turn; while painting it is one more press."""
        if self._painting():
            self.mousePressEvent(event)
        elif self._fitting:
            self.actual_size()
        else:
            self.fit()

    def leaveEvent(self, event: object) -> None:  # noqa: ARG002
        """The brush's circle leaves with the pointer."""
        self._pointer = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space pans while it is held, the backslash shows the original, arrows move the slider."""
        key = event.key()
        if key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = True
            self._point_out(self._pointer)
        elif key == Qt.Key.Key_Backslash and not event.isAutoRepeat():
            self._tools.peek(on=True)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self._comparing():
            self.set_split(self._split + (KEY_STEP if key == Qt.Key.Key_Right else -KEY_STEP))
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Lets go of what was held."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self._point_out(self._pointer)
        elif event.key() == Qt.Key.Key_Backslash and not event.isAutoRepeat():
            self._tools.peek(on=False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A key released elsewhere is not held any more."""
        self._space = False
        if self._tools.peeking:
            self._tools.peek(on=False)
        super().focusOutEvent(event)

    def _meant_by(self, event: QMouseEvent) -> _Drag:
        if event.button() == Qt.MouseButton.MiddleButton:
            return _Drag.PAN
        if event.button() != Qt.MouseButton.LeftButton:
            return _Drag.NONE
        if self._space:
            return _Drag.PAN
        if self._painting():
            return _Drag.STROKE
        return _Drag.SPLIT if self._on_slider(event.position()) else _Drag.PAN

    def _on_slider(self, point: QPointF) -> bool:
        target = self._view.rectangle(self._photo_size())
        at = target.left() + self._split * target.width()
        return self._comparing() and abs(point.x() - at) <= GRIP

    def _point_out(self, point: QPointF | None) -> None:
        """The pointer's shape says what a press would do."""
        self._pointer = point
        if self._drag is _Drag.PAN:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space or point is None:
            self.setCursor(Qt.CursorShape.OpenHandCursor if self._space else Qt.CursorShape.ArrowCursor)
        elif self._painting():
            self.setCursor(Qt.CursorShape.CrossCursor)
            self.update()
        elif self._drag is _Drag.SPLIT or self._on_slider(point):
            self.setCursor(Qt.CursorShape.SplitHCursor)
        else:
            self.setCursor(Qt.CursorShape.OpenHandCursor if self._has_photo() else Qt.CursorShape.ArrowCursor)
