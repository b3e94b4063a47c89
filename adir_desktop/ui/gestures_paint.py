"""How a tool at work is drawn over the photo: seen on light and on dark, in widget coordinates."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from adir_desktop.ui.mask_shapes import Point
from adir_desktop.ui.view import View

HANDLE = 3.5  # radius of a corner


def outline(painter: QPainter, path: QPainterPath) -> None:
    """A thin white line with a dark edge; nothing is filled."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor(0, 0, 0, 170), 3.0), (QColor("white"), 1.2)):
        painter.setPen(QPen(colour, width))
        painter.drawPath(path)


def circle(centre: QPointF, diameter: float) -> QPainterPath:
    """What the brush would mark; never too small to be seen."""
    path = QPainterPath()
    radius = max(diameter / 2, 1.5)
    path.addEllipse(centre, radius, radius)
    return path


def rectangle(view: View, corner: Point, opposite: Point) -> QPainterPath:
    """Between two points of the photo."""
    path = QPainterPath()
    path.addRect(QRectF(view.to_widget(*corner), view.to_widget(*opposite)).normalized())
    return path


def line(view: View, points: list[Point], *, closed: bool = False) -> QPainterPath:
    """Through points of the photo."""
    path = QPainterPath()
    if points:
        path.moveTo(view.to_widget(*points[0]))
        for point in points[1:]:
            path.lineTo(view.to_widget(*point))
        if closed:
            path.closeSubpath()
    return path


def corners(view: View, points: list[Point]) -> QPainterPath:
    """A small circle at each point; a larger one at the first, where a polygon closes."""
    path = QPainterPath()
    for number, point in enumerate(points):
        radius = HANDLE * (1.0 if number else 1.6)
        path.addEllipse(view.to_widget(*point), radius, radius)
    return path


def straight_stroke(painter: QPainter, path: QPainterPath, width: float, ink: QColor) -> None:
    """A stroke that is about to be painted."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(ink, max(width, 1.0))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawPath(path)
