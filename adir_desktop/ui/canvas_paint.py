"""Drawing for the canvas: pictures at any size, the before/after slider, names."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QImage, QPainter, QPalette, QPen

from adir_desktop.ui.qt_images import Levels, pixels_of
from adir_desktop.ui.sampling import nearest
from adir_desktop.ui.theme import ACCENT, GRID, mixed
from adir_desktop.ui.view import Frame

ROUNDING = 1e-6  # of a scale: 100 % may come out a little below 1
HANDLE = 15.0  # radius of the slider's handle


def ground(palette: QPalette) -> QColor:
    """The canvas behind the photo: a neutral a little darker than the window."""
    return mixed(palette.window().color(), QColor("black"), 0.12 if is_light(palette) else 0.3)


def is_light(palette: QPalette) -> bool:
    return palette.window().color().lightness() > palette.windowText().color().lightness()


def picture(
    painter: QPainter, levels: Levels, frame: Frame, *, finest: int | None = None, smooth: bool = False
) -> None:
    """One picture, from the level that suits its size: only what is seen costs time.

    finest: width of the picture whose pixels are to be seen as squares from 100 % up; by default this
    one's. smooth: none are ever to be seen.
    """
    if frame.seen.isEmpty():
        return
    full = levels.full
    scale = frame.target.width() * frame.density / full.width()
    level = levels.level_for(scale)
    image = levels.images[level]
    step_x = frame.target.width() / full.width() * 2**level
    step_y = frame.target.height() / full.height() * 2**level
    squares = scale * full.width() / (finest or full.width()) >= 1 - ROUNDING
    painter.save()
    painter.setClipRect(frame.seen, Qt.ClipOperation.IntersectClip)  # the last pixels may stand for less
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=smooth or not squares)
    if full.format() == QImage.Format.Format_ARGB32_Premultiplied:
        _checkered(painter, frame.seen)
    if squares and not smooth:
        _draw_squares(painter, image, frame, step_x, step_y)
    else:
        source = frame.source(image.size(), step_x, step_y)
        painter.drawImage(frame.place(source, step_x, step_y), image, QRectF(source))
    painter.restore()


def parted(frame: Frame, split: float) -> tuple[Frame, Frame]:
    """What is drawn left of the slider, and right of it."""
    at, window = slider_at(frame, split), frame.window
    left = QRectF(window.left(), window.top(), max(at - window.left(), 0.0), window.height())
    right = QRectF(max(at, window.left()), window.top(), max(window.right() - at, 0.0), window.height())
    return frame.within(left), frame.within(right)


def slider_at(frame: Frame, split: float) -> float:
    """Where on the widget the slider stands: on a whole device pixel, so that both sides are exact."""
    return round((frame.target.left() + split * frame.target.width()) * frame.density) / frame.density


def name(painter: QPainter, seen: QRectF, text: str, *, on_right: bool = False) -> None:
    """What is shown, in an upper corner of what can be seen of the photo."""
    metrics = QFontMetricsF(painter.font())
    width, height = metrics.horizontalAdvance(text) + 2 * GRID, metrics.height() + GRID
    x = seen.right() - width - GRID if on_right else seen.left() + GRID
    box = QRectF(x, seen.top() + GRID, width, height)
    chip(painter, box)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def chip(painter: QPainter, box: QRectF) -> None:
    """A dark ground for white text, readable on any photo."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 165))
    painter.drawRoundedRect(box, 6, 6)
    painter.setPen(QColor("white"))


def slider(painter: QPainter, frame: Frame, split: float) -> None:
    """The line between before and after, and its handle in the middle of what is seen."""
    x, target = slider_at(frame, split), frame.target
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(0, 0, 0, 110), 4))
    painter.drawLine(QPointF(x, target.top()), QPointF(x, target.bottom()))
    painter.setPen(QPen(QColor("white"), 2))
    painter.drawLine(QPointF(x, target.top()), QPointF(x, target.bottom()))
    centre = QPointF(x, frame.seen.center().y())
    painter.setPen(QPen(QColor(0, 0, 0, 90), 1))
    painter.setBrush(QColor("white"))
    painter.drawEllipse(centre, HANDLE, HANDLE)
    painter.setPen(QPen(QColor(ACCENT), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    for side in (-1, 1):
        tip = QPointF(centre.x() + side * 9, centre.y())
        painter.drawLine(tip, QPointF(tip.x() - side * 4, tip.y() - 4))
        painter.drawLine(tip, QPointF(tip.x() - side * 4, tip.y() + 4))


def _draw_squares(painter: QPainter, image: QImage, frame: Frame, step_x: float, step_y: float) -> None:
    """Every device pixel shows the pixel under its middle, and nothing of any other."""
    pixels = pixels_of(image)
    sampling = nearest(frame, (image.height(), image.width()), step_x, step_y)
    seen = sampling.of(pixels)
    height, width = seen.shape
    part = QImage(seen.data, width, height, seen.strides[0], image.format())
    part.setColorTable(image.colorTable())
    painter.drawImage(sampling.place, part)


def _checkered(painter: QPainter, target: QRectF) -> None:
    """The usual ground of transparent pictures."""
    painter.fillRect(target, QColor(250, 250, 250))
    painter.fillRect(target, QBrush(QColor(205, 205, 205), Qt.BrushStyle.Dense4Pattern))
