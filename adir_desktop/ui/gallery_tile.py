"""How a similar photo looks: its tile, and the list of tiles that wraps when there is room for more rows."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QLabel, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from adir_desktop.contract import Neighbour
from adir_desktop.ui.gallery_model import CHECK, ITEM, SOURCE, Index, NeighbourModel
from adir_desktop.ui.theme import ACCENT, GRID
from adir_desktop.ui.thumbnails import RADIUS, draw_picture

TILE = 96  # pixels a side at least; a row's tiles grow until they fill it
ROW = TILE + GRID
FAINT = 0.3  # opacity of what is switched off
LIKE = Qt.KeyboardModifier.ControlModifier
KEYS = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete}


class NeighbourTile(QStyledItemDelegate):
    """A rounded thumbnail with its similarity, source and a mark; faint when it is switched off."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cell = QSize(ROW, ROW)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return self.cell

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Photo, frame, similarity, source, mark."""
        on = Qt.CheckState(index.data(CHECK)) == Qt.CheckState.Checked
        area: QRect = option.rect
        half = GRID // 2
        tile = area.adjusted(half, half, -half, -half)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(1.0 if on else FAINT)
        draw_picture(painter, tile, index.data(Qt.ItemDataRole.DecorationRole))
        painter.setOpacity(1.0)
        _chip(painter, tile, str(index.data(Qt.ItemDataRole.DisplayRole)), top=False)
        _chip(painter, tile, str(index.data(SOURCE)), top=True)
        _mark(painter, tile, on=on)
        _frame(painter, tile, option)
        painter.restore()


class NeighbourList(QListView):
    """Tiles in one row, or in as many as there is room for.

    A click or the space bar switches one on or off, a double click or Return opens it large, Ctrl+Return
    asks for more like it, Delete for a restoration without it.
    """

    large_wanted = Signal(object)  # the Neighbour, here and below
    like_wanted = Signal(object)
    without_wanted = Signal(object)
    menu_wanted = Signal(object, QPoint)  # where, on the screen
    current_changed = Signal()

    def __init__(self, model: NeighbourModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pressed, self._clicked, self._last = -1, -1, ""
        self._tile = NeighbourTile(self)
        self.setModel(model)
        self.setItemDelegate(self._tile)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.setMinimumHeight(ROW + 2 * GRID)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName(self.tr("Similar photos"))
        model.modelReset.connect(self._find_current_again)
        self._arrange()

    @property
    def current(self) -> Neighbour | None:
        """The one that keys act on."""
        index = self.currentIndex()
        return index.data(ITEM) if index.isValid() else None

    @property
    def rows_in_sight(self) -> int:
        """How many rows of tiles the height has room for, at least one."""
        return max(self.height() // ROW, 1)

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(8 * ROW, ROW + 2 * GRID)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width or height: other columns or rows."""
        self._arrange()
        super().resizeEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Remembers it by its id, for it may stand elsewhere in the next answer."""
        super().currentChanged(current, previous)
        if current.isValid():
            self._last = current.data(ITEM).id
        self.current_changed.emit()

    def event(self, event: QEvent) -> bool:
        """Keys that mean something here never become shortcuts of the window."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() in KEYS
            and self.currentIndex().isValid()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space, Return, Ctrl+Return and Delete; all else moves."""
        item = self.current
        if item is None or event.key() not in KEYS:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Space:
            self.toggle(self.currentIndex())
        elif event.key() == Qt.Key.Key_Delete:
            self.without_wanted.emit(item)
        elif event.modifiers() & LIKE:
            self.like_wanted.emit(item)
        else:
            self.large_wanted.emit(item)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click counts where it was pressed and let go."""
        super().mousePressEvent(event)
        self._pressed = self.indexAt(event.position().toPoint()).row()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click anywhere on a tile."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        left = event.button() == Qt.MouseButton.LeftButton
        self._clicked = -1
        if left and index.isValid() and index.row() == self._pressed:
            self.toggle(index)
            self._clicked = index.row()
        self._pressed = -1

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Opens it large, and takes back what the first of the two clicks did."""
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            if index.row() == self._clicked:
                self.toggle(index)
            self.large_wanted.emit(index.data(ITEM))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Of the tile under the pointer; from the keyboard, of the current one."""
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if keyboard else self.indexAt(event.pos())
        if not index.isValid():
            return
        self.setCurrentIndex(index)
        where = self.visualRect(index).center() if keyboard else event.pos()
        self.menu_wanted.emit(index.data(ITEM), self.viewport().mapToGlobal(where))

    def toggle(self, index: QModelIndex) -> None:
        """Uses that photo, or does not."""
        on = Qt.CheckState(index.data(CHECK)) == Qt.CheckState.Checked
        self.model().setData(index, Qt.CheckState.Unchecked if on else Qt.CheckState.Checked, CHECK)

    def _arrange(self) -> None:
        """One row scrolls sideways; more of them wrap, with tiles as wide as fill the row."""
        wraps = self.rows_in_sight > 1
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self)
        room = max(self.width() - bar - GRID // 2, ROW)
        side = room // (room // ROW) if wraps else ROW
        off, needed = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setWrapping(wraps)
        self.setHorizontalScrollBarPolicy(off if wraps else needed)
        self.setVerticalScrollBarPolicy(needed if wraps else off)
        if self._tile.cell.width() != side:
            self._tile.cell = QSize(side, side)
            self.scheduleDelayedItemsLayout()

    @Slot()
    def _find_current_again(self) -> None:
        model = self.model()
        row = model.row_of(self._last) if isinstance(model, NeighbourModel) else -1
        if row >= 0:
            self.setCurrentIndex(model.index(row, 0))
        else:
            self.current_changed.emit()


class DropSign(QWidget):
    """Laid over the tiles while files are dragged across them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """A dashed frame, and what letting go will do."""
        area = self.rect().adjusted(2, 2, -2, -2)
        ground = self.palette().window().color()
        ground.setAlpha(225)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(ground)
            painter.setPen(QPen(QColor(ACCENT), 2, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(area, GRID, GRID)
            painter.setPen(self.palette().windowText().color())
            words = self.tr("Let go here to adapt to these photos too")
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)


class Elided(QLabel):
    """One line that ends in dots where there is no room, and is whole in its tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def minimumSizeHint(self) -> QSize:
        """As narrow as it has to be."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """In the colour that the sheet gives it."""
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(self.text() if text != self.text() else "")
        with QPainter(self) as painter:
            self.style().drawItemText(
                painter,
                self.rect(),
                int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
                self.palette(),
                self.isEnabled(),
                text,
                self.foregroundRole(),
            )


def _chip(painter: QPainter, tile: QRect, text: str, *, top: bool) -> None:
    """Words on a dark ground, in the lower or upper left corner; the mark's corner stays free."""
    if not text:
        return
    metrics = painter.fontMetrics()
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, tile.width() - 5 * GRID)
    height = metrics.height() + 2
    y = tile.top() + 4 if top else tile.bottom() - height - 2
    chip = QRect(tile.left() + 4, y, metrics.horizontalAdvance(text) + GRID, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 150))
    painter.drawRoundedRect(chip, 4, 4)
    painter.setPen(QColor("white"))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)


def _mark(painter: QPainter, tile: QRect, *, on: bool) -> None:
    """A tick in the corner, or an empty ring."""
    ring = QRect(tile.right() - 21, tile.top() + 5, 16, 16)
    painter.setPen(QPen(QColor("white"), 1.5))
    painter.setBrush(QColor(ACCENT) if on else QColor(0, 0, 0, 110))
    painter.drawEllipse(ring)
    if on:
        x, y = ring.left(), ring.top()
        painter.setPen(QPen(QColor("white"), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPolyline([QPoint(x + 4, y + 8), QPoint(x + 7, y + 11), QPoint(x + 12, y + 5)])


def _frame(painter: QPainter, tile: QRect, option: QStyleOptionViewItem) -> None:
    """Around the current one: strong where the keys go to it, thin where they do not."""
    state: QStyle.StateFlag = option.state
    focused = bool(state & QStyle.StateFlag.State_HasFocus)
    if not focused and not state & QStyle.StateFlag.State_Selected:
        return
    painter.setPen(QPen(QColor(ACCENT), 3 if focused else 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(tile, RADIUS, RADIUS)
