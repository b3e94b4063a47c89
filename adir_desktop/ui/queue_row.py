"""How one run of the queue is drawn, and the button on its right."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from adir_desktop.ui.badges import draw_badge
from adir_desktop.ui.desk import Badge
from adir_desktop.ui.queue_model import RUN, SAYS
from adir_desktop.ui.runs import Run, State
from adir_desktop.ui.theme import ACCENT, ERROR, GRID, icon, mixed

Index = QModelIndex | QPersistentModelIndex
BADGES = {
    State.WAITING: Badge.WAITING,
    State.RUNNING: Badge.RUNNING,
    State.PAUSED: Badge.RUNNING,
    State.DONE: Badge.DONE,
    State.FAILED: Badge.FAILED,
}
BUTTONS = {State.RUNNING: "stop", State.PAUSED: "stop", State.FAILED: "retry", State.STOPPED: "retry"}
LEFT = 5 * GRID  # where the words begin: the badge stands before them
RIGHT = 5 * GRID  # room for the button
WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


class QueueRow(QStyledItemDelegate):
    """Name, recipe, state; a bar for the one that runs; the words of what failed."""

    acted = Signal(str)  # the button was clicked: id of the run

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as the list, as high as its words."""
        width, run = self._view.viewport().width(), index.data(RUN)
        line = QFontMetrics(option.font).height()
        height = 3 * line + 3 * GRID
        if run.state in (State.RUNNING, State.PAUSED):
            height += GRID + GRID // 2
        if run.error is not None:
            words = QRect(0, 0, width - LEFT - GRID, 1000)
            height += QFontMetrics(option.font).boundingRect(words, WRAPPED, _failure(run)).height()
        return QSize(width, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """From top to bottom."""
        run: Run = index.data(RUN)
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        text, ground = option.palette.text().color(), option.palette.base().color()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            edge = QColor(ACCENT) if state & QStyle.StateFlag.State_HasFocus else Qt.GlobalColor.transparent
            painter.setPen(QPen(edge, 1.5))
            painter.setBrush(mixed(ground, QColor(ACCENT), 0.16))
            painter.drawRoundedRect(QRectF(area).adjusted(1, 1, -1, -1), 6, 6)
        badge = BADGES.get(run.state, Badge.NONE)
        draw_badge(painter, QRect(area.left() + GRID + 2, area.top() + GRID + 2, 20, 20), badge, run.share)
        self._words(painter, option, run, str(index.data(SAYS)), mixed(ground, text, 0.7))
        self._button(painter, area, run, mixed(ground, text, 0.12))
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """A click on the button."""
        if event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            area: QRect = option.rect
            if button_area(area).contains(event.position().toPoint()):
                self.acted.emit(index.data(RUN).id)
                return True
        return super().editorEvent(event, model, option, index)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Over the button, what it does; elsewhere the whole story."""
        area: QRect = option.rect
        if index.isValid() and button_area(area).contains(event.pos()):
            words = {"stop": self.tr("Stop"), "retry": self.tr("Try again")}
            name = BUTTONS.get(index.data(RUN).state, "")
            QToolTip.showText(event.globalPos(), words.get(name, self.tr("Remove from the queue")), view)
            return True
        return super().helpEvent(event, view, option, index)

    def _words(
        self, painter: QPainter, option: QStyleOptionViewItem, run: Run, says: str, soft: QColor
    ) -> None:
        area: QRect = option.rect
        font = QFont(option.font)
        line = QFontMetrics(font).height()
        where = QRect(area.left() + LEFT, area.top() + GRID, area.width() - LEFT - RIGHT, line)
        for words, colour, bold in (
            (run.name, option.palette.text().color(), True),
            (run.what, soft, False),
            (says, soft, False),
        ):
            font.setBold(bold)
            painter.setFont(font)
            painter.setPen(colour)
            shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, where.width())
            painter.drawText(where, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
            where.translate(0, line + 2)
        where.setRight(area.right() - GRID)
        if run.state in (State.RUNNING, State.PAUSED):
            bar = QRectF(where.left(), where.top() + 3, where.width(), 5)
            draw_bar(painter, bar, run.share, mixed(option.palette.base().color(), soft, 0.3))
        if run.error is not None:
            where.setBottom(area.bottom())
            painter.setPen(QColor(ERROR) if soft.lightness() < 128 else QColor(ERROR).lighter(160))
            painter.drawText(where, WRAPPED, _failure(run))

    @staticmethod
    def _button(painter: QPainter, area: QRect, run: Run, ground: QColor) -> None:
        button = button_area(area)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(button, 6, 6)
        icon(BUTTONS.get(run.state, "close")).paint(painter, button.adjusted(4, 4, -4, -4))


def button_area(row: QRect) -> QRect:
    """Where a row's button is."""
    return QRect(QPoint(row.right() - GRID - 24, row.top() + GRID), QSize(24, 24))


def draw_bar(painter: QPainter, bar: QRectF, share: float, ground: QColor) -> None:
    """A slim progress bar."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(bar, 2.5, 2.5)
    painter.setBrush(QColor(ACCENT))
    bar.setWidth(max(bar.width() * min(share, 1.0), 5.0))
    painter.drawRoundedRect(bar, 2.5, 2.5)


def _failure(run: Run) -> str:
    return f"{run.error.problem}\n{run.error.remedy}".strip() if run.error is not None else ""
