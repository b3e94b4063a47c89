"""One picture, large: to zoom and to pan in, nothing else."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from adir_desktop.ui import canvas_paint
from adir_desktop.ui.qt_images import Levels
from adir_desktop.ui.zoomable import Zoomable


class PhotoViewer(Zoomable):
    """Shows the levels it is given, fitted at first; nothing but its ground until then."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._levels: Levels | None = None
        self.setAccessibleName(self.tr("Photo"))
        self.setAccessibleDescription(self.tr("Wheel zooms, dragging and the arrow keys pan."))

    @property
    def levels(self) -> Levels | None:
        return self._levels

    def show_levels(self, levels: Levels | None) -> None:
        """Another picture; None empties it."""
        self._levels = levels
        self.fit()
        self.update()

    def content(self) -> QSizeF | None:
        """The picture's size in pixels."""
        return QSizeF(self._levels.full.size()) if self._levels else None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Only what is out of date."""
        drawn = QRectF(event.rect())
        with QPainter(self) as painter:
            painter.fillRect(drawn, canvas_paint.ground(self.palette()))
            if self._levels is not None:
                canvas_paint.picture(painter, self._levels, self._frames()[0].within(drawn))
