"""The open photos, one below the other: which is on the canvas, and what the others are at."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from adir_desktop.ui.badges import draw_badge
from adir_desktop.ui.desk import Badge, Desk, Sheet
from adir_desktop.ui.forms import tool_button
from adir_desktop.ui.runs import Runs
from adir_desktop.ui.theme import GRID, icon
from adir_desktop.ui.thumbnails import draw_caption, draw_frame, draw_picture

WIDTH = 13 * GRID
TILE = QSize(80, 64)
Index = QModelIndex | QPersistentModelIndex
SHEET = Qt.ItemDataRole.UserRole
SHARE = Qt.ItemDataRole.UserRole + 1  # how much of a running restoration's stage is done
CURRENT = Qt.ItemDataRole.UserRole + 2


class SheetModel(QAbstractListModel):
    """The desk's photos."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._runs: Runs | None = None
        self._sheets: tuple[Sheet, ...] = ()

    def watch(self, runs: Runs) -> None:
        """Follows the photos, and how far the running restoration is."""
        self._runs = runs
        self._desk.changed.connect(self.follow)
        runs.changed.connect(self._refresh)
        self.follow()

    @Slot()
    def follow(self) -> None:
        """Photos came, went, or changed."""
        if self._sheets != self._desk.sheets:
            self.beginResetModel()
            self._sheets = self._desk.sheets
            self.endResetModel()
        self._refresh()

    def row_of(self, sheet: Sheet | None) -> int:
        """Its place; -1 where there is none."""
        return self._sheets.index(sheet) if sheet in self._sheets else -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self._sheets)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The name, the sheet itself for the tile, and the whole story as the tooltip."""
        sheet = self._sheets[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(self._story(sheet))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join([sheet.name, *self._story(sheet)[1:]])
        own: dict[int, object] = {
            Qt.ItemDataRole.DisplayRole: sheet.name,
            SHEET: sheet,
            SHARE: self._share(sheet),
            CURRENT: sheet is self._desk.current,
        }
        return own.get(role)

    def _share(self, sheet: Sheet) -> float:
        run = self._runs.running if self._runs is not None else None
        return run.share if run is not None and run.sheet == sheet.id else 0.0

    def _story(self, sheet: Sheet) -> list[str]:
        lines = [str(sheet.path)]
        if sheet.size[0]:
            lines.append(self.tr("{0} × {1} pixels").format(*sheet.size))
        state = {
            Badge.WAITING: self.tr("waiting in the queue"),
            Badge.RUNNING: self.tr("being restored"),
            Badge.DONE: self.tr("restored"),
            Badge.FAILED: self.tr("restoring failed"),
        }.get(sheet.badge)
        return [*lines, state] if state else lines

    @Slot()
    def _refresh(self) -> None:
        if self._sheets:
            self.dataChanged.emit(self.index(0), self.index(len(self._sheets) - 1))


class SheetTile(QStyledItemDelegate):
    """A thumbnail, its badge in the corner, its name below."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        """As wide as the list, beside its scroll bar where it has one."""
        return QSize(self._view.viewport().width(), TILE.height() + 4 * GRID)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Photo, frame, badge, name."""
        sheet = index.data(SHEET)
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        tile = QRect(QPoint(area.center().x() - TILE.width() // 2, area.top() + 5), TILE)
        current = bool(index.data(CURRENT))
        draw_picture(painter, tile, sheet.thumbnail)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        draw_frame(painter, tile, option.palette, chosen=current, focused=focused)
        corner = QRect(tile.right() - 21, tile.top() + 4, 18, 18)
        draw_badge(painter, corner, sheet.badge, float(index.data(SHARE)))
        below = QRect(area.left() + 4, tile.bottom() + 6, area.width() - 8, 2 * GRID + 2)
        draw_caption(painter, below, sheet.name, option.palette, strong=current)


class SheetList(QListView):
    """A click or the arrow keys choose; Delete takes a photo off the strip."""

    chosen = Signal(str)
    remove_wanted = Signal(str)
    queue_wanted = Signal(str)

    def __init__(self, model: SheetModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(SheetTile(self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)  # a whole folder of photos may be open
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName(self.tr("Open photos"))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click anywhere on a tile."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.chosen.emit(index.data(SHEET).id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Return, Delete; the rest is Qt's."""
        before = self.currentIndex()
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and before.isValid():
            self.remove_wanted.emit(before.data(SHEET).id)
            return
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and before.isValid():
            self.chosen.emit(before.data(SHEET).id)
            return
        super().keyPressEvent(event)
        if self.currentIndex().isValid() and self.currentIndex() != before:
            self.chosen.emit(self.currentIndex().data(SHEET).id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the photo under the pointer, or under the keyboard."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            place = self.visualRect(index).center() if by_key else event.pos()
            self.menu(index.data(SHEET)).popup(self.viewport().mapToGlobal(place))

    def menu(self, sheet: Sheet) -> QMenu:
        """It goes away when it is closed."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        show = menu.addAction(self.tr("Show"))
        show.triggered.connect(lambda: self.chosen.emit(sheet.id))
        restore = menu.addAction(icon("play"), self.tr("Restore with these values"))
        restore.setToolTip(self.tr("Puts this photo into the queue with the recipe that is set now"))
        restore.triggered.connect(lambda: self.queue_wanted.emit(sheet.id))
        menu.addSeparator()
        remove = menu.addAction(icon("close"), self.tr("Take off the list"))
        remove.triggered.connect(lambda: self.remove_wanted.emit(sheet.id))
        return menu


class PhotoStrip(QWidget):
    """The column on the left."""

    chosen = Signal(str)  # id of a sheet
    remove_wanted = Signal(str)
    queue_wanted = Signal(str)
    open_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.model = SheetModel(desk, self)
        self.list = SheetList(self.model)
        self.list.chosen.connect(self.chosen)
        self.list.remove_wanted.connect(self.remove_wanted)
        self.list.queue_wanted.connect(self.queue_wanted)
        self.add = tool_button("", "plus")
        self.add.setToolTip(self.tr("Open more photos, or drop them here"))
        self.add.setAccessibleName(self.tr("Open more photos"))
        self.add.clicked.connect(self.open_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID // 2, 0, GRID // 2)
        column.setSpacing(GRID // 2)
        column.addWidget(self.list, 1)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignHCenter)
        self.setFixedWidth(WIDTH)

    def watch(self, runs: Runs) -> None:
        """Follows the desk's photos and the running restoration."""
        self.model.watch(runs)
        self._desk.changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        """The keyboard stands on the photo of the canvas."""
        index = self.model.index(self.model.row_of(self._desk.current))
        if index.isValid() and index != self.list.currentIndex():
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)
