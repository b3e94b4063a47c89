"""A panel that floats beside the control that opened it, inside the window."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from adir_desktop.ui.theme import GRID, mixed


class Popover(QWidget):
    """Stays until it is closed: by Escape, by a click elsewhere, or by its control.

    It is a child of the control's window, not a window of its own: it takes no focus from the window and
    is in its right place on every platform.
    """

    closed = Signal()

    def __init__(self, anchor: QWidget, content: QWidget) -> None:
        super().__init__(anchor)
        self._anchor = anchor
        self._content = content
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID + 2, GRID + 2, GRID + 2, GRID + 2)
        column.addWidget(content)
        self.hide()

    def open(self, *, focus: bool) -> None:
        """Shows it beside its control; with `focus` the keyboard goes on inside it."""
        window = self._anchor.window()
        if self.parent() is not window:
            self.setParent(window)
        self._place()
        self.show()
        self.raise_()
        application().installEventFilter(self)
        if focus:
            self._content.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot()
    def close_down(self) -> None:
        """Hides it; the keyboard goes back to where it came from."""
        if self.isHidden():
            return
        application().removeEventFilter(self)
        inside = self.isAncestorOf(QApplication.focusWidget() or self)
        self.hide()
        if inside and self._anchor.isVisible():
            self._anchor.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notices clicks elsewhere, Escape, and that the window has another size."""
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            inside = any(watched is one or one.isAncestorOf(watched) for one in (self, self._anchor))
            if not inside and watched.window() is self.window():
                self.close_down()
        elif kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.close_down()
                event.accept()
                return True
        elif kind == QEvent.Type.Resize and watched is self.window():
            self._place()
        return False

    def event(self, event: QEvent) -> bool:
        """Grows and shrinks with what is in it."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._place()
        return done

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click between its parts goes no further: what lies below is not meant."""
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """A rounded card with a fine line around it."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            window, text = self.palette().window().color(), self.palette().text().color()
            painter.setPen(QPen(mixed(window, text, 0.3), 1))
            painter.setBrush(mixed(window, QColor("white"), 0.06))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1).toRectF(), 10, 10)

    def _place(self) -> None:
        """Above its control where there is room, and never outside the window."""
        window = self._anchor.window()
        room = window.rect().adjusted(GRID, GRID, -GRID, -GRID)
        size = self.sizeHint().expandedTo(QSize(1, 1)).boundedTo(room.size())
        anchor = QRect(self._anchor.mapTo(window, QPoint(0, 0)), self._anchor.size())
        left = min(max(anchor.left(), room.left()), room.right() - size.width())
        top = anchor.top() - size.height() - GRID // 2
        if top < room.top():
            top = min(anchor.bottom() + GRID // 2, room.bottom() - size.height())
        self.setGeometry(QRect(QPoint(left, max(top, room.top())), size))


def application() -> QApplication:
    """The one that runs."""
    running = QApplication.instance()
    assert isinstance(running, QApplication)
    return running
