"""Where the photo lies in the canvas: pure geometry."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF

MIN_ZOOM, MAX_ZOOM = 0.02, 64.0
MARGIN = 24.0  # widget pixels kept free around a fitted photo
KEPT = 48.0  # widget pixels of the photo that panning always leaves in sight
GAP = 2.0  # widget pixels between two pictures side by side


@dataclass(frozen=True)
class View:
    """zoom: widget pixels a photo pixel. x, y: the photo's top left corner in the widget."""

    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0

    def to_photo(self, point: QPointF) -> tuple[float, float]:
        """Widget -> photo coordinates (x, y); pixel (i, j) covers [j, j + 1) x [i, i + 1)."""
        return (point.x() - self.x) / self.zoom, (point.y() - self.y) / self.zoom

    def to_widget(self, x: float, y: float) -> QPointF:
        """Photo -> widget coordinates."""
        return QPointF(self.x + x * self.zoom, self.y + y * self.zoom)

    def rectangle(self, photo: QSizeF) -> QRectF:
        """Where a photo of that size is drawn."""
        return QRectF(self.x, self.y, photo.width() * self.zoom, photo.height() * self.zoom)

    def zoomed(self, zoom: float, at: QPointF) -> View:
        """Another zoom, with what is under `at` staying there."""
        zoom = min(max(zoom, MIN_ZOOM), MAX_ZOOM)
        factor = zoom / self.zoom
        return View(zoom, at.x() - (at.x() - self.x) * factor, at.y() - (at.y() - self.y) * factor)

    def moved(self, by: QPointF, photo: QSizeF, widget: QSizeF) -> View:
        """Panned, but never out of sight."""
        shown = self.rectangle(photo)
        x = min(max(self.x + by.x(), KEPT - shown.width()), widget.width() - KEPT)
        y = min(max(self.y + by.y(), KEPT - shown.height()), widget.height() - KEPT)
        return replace(self, x=x, y=y)


@dataclass(frozen=True)
class Frame:
    """One picture's place on the widget. target: where all of it would be; window: the part of the widget
    that is drawn, or that it may fill; density: device pixels a widget pixel.
    """

    target: QRectF
    window: QRectF
    density: float = 1.0

    @property
    def seen(self) -> QRectF:
        """The part of the picture that is drawn, in widget coordinates."""
        return self.target.intersected(self.window)

    def within(self, window: QRectF) -> Frame:
        """The same place, less of it drawn."""
        return replace(self, window=self.window.intersected(window))

    def source(self, size: QSize, step_x: float, step_y: float) -> QRect:
        """The whole pixels of an image of that `size` that cover what is seen, and one more around them.

        step_x, step_y: widget pixels a pixel of the image, whose corner lies at the target's.
        """
        seen, corner = self.seen, self.target.topLeft()
        left = math.floor((seen.left() - corner.x()) / step_x) - 1
        top = math.floor((seen.top() - corner.y()) / step_y) - 1
        right = math.ceil((seen.right() - corner.x()) / step_x) + 1
        bottom = math.ceil((seen.bottom() - corner.y()) / step_y) + 1
        return QRect(left, top, right - left, bottom - top).intersected(
            QRect(0, 0, size.width(), size.height())
        )

    def place(self, source: QRect, step_x: float, step_y: float) -> QRectF:
        """Where those pixels belong, exactly."""
        corner = self.target.topLeft()
        return QRectF(
            corner.x() + source.left() * step_x,
            corner.y() + source.top() * step_y,
            source.width() * step_x,
            source.height() * step_y,
        )


def halves(widget: QSizeF) -> tuple[QRectF, QRectF]:
    """Two panes of the same size, side by side."""
    width = math.floor((widget.width() - GAP) / 2)
    return (
        QRectF(0, 0, width, widget.height()),
        QRectF(widget.width() - width, 0, width, widget.height()),
    )


def fitted(photo: QSizeF, widget: QSizeF) -> View:
    """The whole photo, centred; small photos are enlarged to fill the canvas."""
    room_x, room_y = max(widget.width() - 2 * MARGIN, 16.0), max(widget.height() - 2 * MARGIN, 16.0)
    zoom = min(room_x / photo.width(), room_y / photo.height())
    return centred(min(max(zoom, MIN_ZOOM), MAX_ZOOM), photo, widget)


def centred(zoom: float, photo: QSizeF, widget: QSizeF) -> View:
    """A photo in the middle of the canvas at that zoom."""
    return View(
        zoom, (widget.width() - photo.width() * zoom) / 2, (widget.height() - photo.height() * zoom) / 2
    )
