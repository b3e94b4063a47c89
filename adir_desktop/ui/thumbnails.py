"""How a small picture of a photo is drawn in the strips: rounded, filling its tile, with its frame."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPalette, QPen

from adir_desktop.ui.theme import ACCENT, mixed

RADIUS = 6


def draw_picture(painter: QPainter, tile: QRect, image: QImage) -> None:
    """The photo's middle, filling the rounded tile; grey while there is none."""
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    shape = QPainterPath()
    shape.addRoundedRect(QRectF(tile), RADIUS, RADIUS)
    painter.setClipPath(shape)
    if image.isNull():
        painter.fillRect(tile, QColor(128, 128, 128, 90))
    else:
        scale = max(tile.width() / image.width(), tile.height() / image.height())
        shown = QRectF(0, 0, image.width() * scale, image.height() * scale)
        shown.moveCenter(QRectF(tile).center())
        painter.drawImage(shown, image)
    painter.restore()


def draw_frame(painter: QPainter, tile: QRect, palette: QPalette, *, chosen: bool, focused: bool) -> None:
    """The accent around the chosen tile; a second, finer line where the keyboard is."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if chosen:
        painter.setPen(QPen(QColor(ACCENT), 3))
        painter.drawRoundedRect(QRectF(tile).adjusted(-1, -1, 1, 1), RADIUS + 1, RADIUS + 1)
    if focused:
        painter.setPen(QPen(palette.text().color(), 1.2))
        painter.drawRoundedRect(QRectF(tile).adjusted(-3.4, -3.4, 3.4, 3.4), RADIUS + 3, RADIUS + 3)
    painter.restore()


def draw_caption(painter: QPainter, area: QRect, text: str, palette: QPalette, *, strong: bool) -> None:
    """One centred line, shortened in its middle."""
    painter.save()
    font = painter.font()
    font.setPointSizeF(font.pointSizeF() * 0.88)
    font.setBold(strong)
    painter.setFont(font)
    text_colour, base = palette.text().color(), palette.base().color()
    painter.setPen(text_colour if strong else mixed(base, text_colour, 0.75))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, shown)
    painter.restore()
