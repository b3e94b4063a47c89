"""The small signs on thumbnails: waiting, running, done, failed, not saved."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from adir_desktop.ui.desk import Badge
from adir_desktop.ui.theme import ACCENT, ERROR

GROUND = QColor(0, 0, 0, 170)  # legible on any photo
TOP = 90 * 16  # Qt counts arcs in sixteenths of a degree, from three o'clock, anticlockwise
TURN = 360 * 16


def draw_badge(painter: QPainter, corner: QRect, badge: Badge, share: float) -> None:
    """The sign of `badge` in the square `corner`. share: of a running one, 0 to 1."""
    if badge is Badge.NONE:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ground = {Badge.DONE: QColor(ACCENT), Badge.FAILED: QColor(ERROR)}.get(badge, GROUND)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    disc = QRectF(corner)
    painter.drawEllipse(disc)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(disc, 0.11))
    {Badge.WAITING: _clock, Badge.RUNNING: _ring, Badge.DONE: _tick, Badge.FAILED: _cry}[badge](
        painter, disc, share
    )
    painter.restore()


def draw_dot(painter: QPainter, corner: QRect) -> None:
    """Not saved yet: a dot in the accent colour with a white edge."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor("white"), 1.6))
    painter.setBrush(QColor(ACCENT))
    painter.drawEllipse(QRectF(corner).adjusted(1, 1, -1, -1))
    painter.restore()


def _clock(painter: QPainter, disc: QRectF, share: float) -> None:  # noqa: ARG001  # all have one signature
    inset = 0.2 * disc.width()
    painter.drawEllipse(disc.adjusted(inset, inset, -inset, -inset))
    painter.drawPolyline([_at(disc, 0.5, 0.36), _at(disc, 0.5, 0.52), _at(disc, 0.6, 0.58)])


def _ring(painter: QPainter, disc: QRectF, share: float) -> None:
    inset = 0.2 * disc.width()
    ring = disc.adjusted(inset, inset, -inset, -inset)
    painter.setPen(QPen(QColor(255, 255, 255, 80), 0.14 * disc.width()))
    painter.drawEllipse(ring)
    painter.setPen(_pen(disc, 0.14))
    painter.drawArc(ring, TOP, -round(TURN * max(share, 0.03)))


def _tick(painter: QPainter, disc: QRectF, share: float) -> None:  # noqa: ARG001
    painter.drawPolyline([_at(disc, 0.28, 0.53), _at(disc, 0.44, 0.69), _at(disc, 0.73, 0.34)])


def _cry(painter: QPainter, disc: QRectF, share: float) -> None:  # noqa: ARG001
    painter.drawLine(_at(disc, 0.5, 0.26), _at(disc, 0.5, 0.55))
    painter.drawPoint(_at(disc, 0.5, 0.74))


def _pen(disc: QRectF, share: float) -> QPen:
    pen = QPen(QColor("white"), share * disc.width())
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _at(disc: QRectF, x: float, y: float) -> QPointF:
    return QPointF(disc.left() + x * disc.width(), disc.top() + y * disc.height())
