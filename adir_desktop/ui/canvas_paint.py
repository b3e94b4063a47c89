"""Drawing for the canvas: pictures at any size, the before/after slider, the brush."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPalette, QPen

from adir_desktop.ui.qt_images import Levels
from adir_desktop.ui.theme import ACCENT, GRID, mixed

SHARP_FROM = 6.0  # device pixels a picture pixel: from here on single pixels are shown as squares
HANDLE = 15.0  # radius of the slider's handle


def ground(palette: QPalette) -> QColor:
    """The canvas behind the photo: a neutral a little darker than the window."""
    return mixed(palette.window().color(), QColor("black"), 0.12 if is_light(palette) else 0.3)


def is_light(palette: QPalette) -> bool:
    return palette.window().color().lightness() > palette.windowText().color().lightness()


def picture(
    painter: QPainter, levels: Levels, target: QRectF, *, density: float, finest: int | None = None
) -> None:
    """One picture into `target`, from the level that suits its size.

    density: device pixels a widget pixel. finest: width of the picture whose pixels are to be seen as
    squares when they are large enough; by default this one's.
    """
    width = target.width() * density
    image = levels.for_width(width)
    if image.hasAlphaChannel():
        _checkered(painter, target)
    painter.setRenderHint(
        QPainter.RenderHint.SmoothPixmapTransform, on=width < (finest or levels.full.width()) * SHARP_FROM
    )
    painter.drawImage(target, image)


def comparison(
    painter: QPainter, before: Levels, after: Levels, target: QRectF, split: float, *, density: float
) -> None:
    """`before` left of the slider and `after` right of it, both over the whole of `target`."""
    at = target.left() + split * target.width()
    for levels, left, right in ((before, target.left(), at), (after, at, target.right())):
        painter.save()
        painter.setClipRect(QRectF(left, target.top(), right - left, target.height()))
        picture(painter, levels, target, density=density, finest=after.full.width())
        painter.restore()
    _slider(painter, target, at)


def names(painter: QPainter, target: QRectF, window: QRectF, before: str, after: str) -> None:
    """What stands on either side, in the upper corners of what can be seen of the photo."""
    seen = target.intersected(window)
    metrics = QFontMetricsF(painter.font())
    for text, on_right in ((before, False), (after, True)):
        width, height = metrics.horizontalAdvance(text) + 2 * GRID, metrics.height() + GRID
        x = seen.right() - width - GRID if on_right else seen.left() + GRID
        chip = QRectF(x, seen.top() + GRID, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 150))
        painter.drawRoundedRect(chip, 6, 6)
        painter.setPen(QColor("white"))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)


def brush(painter: QPainter, centre: QPointF, diameter: float) -> None:
    """The circle that the brush would mark, seen on light and on dark."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    radius = max(diameter / 2, 1.5)
    painter.setPen(QPen(QColor(0, 0, 0, 170), 3))
    painter.drawEllipse(centre, radius, radius)
    painter.setPen(QPen(QColor("white"), 1.2))
    painter.drawEllipse(centre, radius, radius)


def _slider(painter: QPainter, target: QRectF, x: float) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(0, 0, 0, 110), 4))
    painter.drawLine(QPointF(x, target.top()), QPointF(x, target.bottom()))
    painter.setPen(QPen(QColor("white"), 2))
    painter.drawLine(QPointF(x, target.top()), QPointF(x, target.bottom()))
    seen = target.intersected(QRectF(painter.viewport()))
    centre = QPointF(x, seen.center().y())
    painter.setPen(QPen(QColor(0, 0, 0, 90), 1))
    painter.setBrush(QColor("white"))
    painter.drawEllipse(centre, HANDLE, HANDLE)
    painter.setPen(QPen(QColor(ACCENT), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    for side in (-1, 1):
        tip = QPointF(centre.x() + side * 9, centre.y())
        painter.drawLine(tip, QPointF(tip.x() - side * 4, tip.y() - 4))
        painter.drawLine(tip, QPointF(tip.x() - side * 4, tip.y() + 4))


def _checkered(painter: QPainter, target: QRectF) -> None:
    """The usual ground of transparent pictures."""
    painter.fillRect(target, QColor(250, 250, 250))
    painter.fillRect(target, QBrush(QColor(205, 205, 205), Qt.BrushStyle.Dense4Pattern))
