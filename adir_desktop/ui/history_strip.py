"""Every result of the current photo: one click shows it again, two are compared."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QDateTime,
    QLocale,
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
from PySide6.QtGui import QContextMenuEvent, QImage, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from adir_desktop.ui import words
from adir_desktop.ui.badges import draw_badge, draw_dot
from adir_desktop.ui.desk import Badge, Desk, Result, Sheet
from adir_desktop.ui.forget_question import ForgetQuestion
from adir_desktop.ui.theme import GRID, icon
from adir_desktop.ui.thumbnails import draw_caption, draw_frame, draw_picture

TILE = QSize(72, 54)
Index = QModelIndex | QPersistentModelIndex
ID = Qt.ItemDataRole.UserRole
SHOWN = Qt.ItemDataRole.UserRole + 1
PICKED = Qt.ItemDataRole.UserRole + 2  # the first of two to be compared
SAVED = Qt.ItemDataRole.UserRole + 3
ORIGINAL = ""  # its id


class ResultModel(QAbstractListModel):
    """The original, then the current photo's results, oldest first."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._sheet: Sheet | None = None
        self._results: tuple[Result, ...] = ()
        self.picked: str | None = None

    @Slot()
    def follow(self) -> None:
        """Takes over the results of the photo that is current now."""
        sheet = self._desk.current
        results = tuple(sheet.results) if sheet is not None else ()
        if sheet is not self._sheet or results != self._results:
            self.beginResetModel()
            self._sheet, self._results, self.picked = sheet, results, None
            self.endResetModel()
        self._refresh()

    def pick(self, result_id: str | None) -> None:
        """Marks the first of two to be compared."""
        self.picked = result_id
        self._refresh()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() or self._sheet is None else 1 + len(self._results)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Title, thumbnail, marks; the whole recipe as the tooltip."""
        result = self._results[index.row() - 1] if index.row() else None
        own_id = result.id if result is not None else ORIGINAL
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(self._story(result))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(self._story(result))
        own: dict[int, object] = {
            Qt.ItemDataRole.DisplayRole: result.title if result is not None else self.tr("Original"),
            Qt.ItemDataRole.DecorationRole: self._picture(result),
            ID: own_id,
            SHOWN: self._sheet is not None and self._sheet.shown == own_id,
            PICKED: self.picked == own_id,
            SAVED: result is None or result.saved,
        }
        return own.get(role)

    def row_of(self, result_id: str) -> int:
        """Its place; -1 where there is none."""
        ids = [ORIGINAL, *(result.id for result in self._results)]
        return ids.index(result_id) if result_id in ids else -1

    def _picture(self, result: Result | None) -> QImage:
        if result is not None:
            return result.thumbnail
        return self._sheet.thumbnail if self._sheet is not None else QImage()

    def _story(self, result: Result | None) -> list[str]:
        if result is None:
            return [self.tr("The photo as it is in its file")]
        took = self.tr("took {0}").format(words.duration(result.seconds))
        lines = [result.title, *result.detail.splitlines(), f"{took} · {_when(result.created)}"]
        lines.append(self.tr("saved") if result.saved else self.tr("not saved yet"))
        return [line for line in lines if line]

    def _refresh(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))


class ResultTile(QStyledItemDelegate):
    """A thumbnail with its title; a dot while it is not saved, a tick while it is picked."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(TILE.width() + 3 * GRID, TILE.height() + 4 * GRID)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Picture, frame, marks, title."""
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        tile = QRect(QPoint(area.center().x() - TILE.width() // 2, area.top() + 5), TILE)
        shown = bool(index.data(SHOWN))
        draw_picture(painter, tile, index.data(Qt.ItemDataRole.DecorationRole))
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        draw_frame(painter, tile, option.palette, chosen=shown, focused=focused)
        if not index.data(SAVED):
            draw_dot(painter, QRect(tile.right() - 14, tile.top() + 4, 11, 11))
        if index.data(PICKED):
            draw_badge(painter, QRect(tile.left() + 4, tile.top() + 4, 18, 18), Badge.DONE, 1.0)
        below = QRect(area.left() + 2, tile.bottom() + 6, area.width() - 4, 2 * GRID + 2)
        draw_caption(painter, below, str(index.data()), option.palette, strong=shown)


class ResultList(QListView):
    """A click or Return shows a result, with Ctrl two are compared, Delete forgets one."""

    show_wanted = Signal(str)
    forget_wanted = Signal(str)
    compare_wanted = Signal(str)
    recipe_wanted = Signal(str)
    picked = Signal(str)

    def __init__(self, model: ResultModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(ResultTile(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setFixedHeight(TILE.height() + 5 * GRID)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName(self.tr("Results of this photo"))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click anywhere on a tile."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self._choose(index, together=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and Space as a click; Delete."""
        index = self.currentIndex()
        if index.isValid() and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(index, together=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        elif index.row() > 0 and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.forget_wanted.emit(index.data(ID))
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the result under the pointer, or under the keyboard."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            place = self.visualRect(index).center() if by_key else event.pos()
            self.menu(index).popup(self.viewport().mapToGlobal(place))

    def menu(self, index: QModelIndex) -> QMenu:
        """It goes away when it is closed."""
        result_id, shown = str(index.data(ID)), bool(index.data(SHOWN))
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        show = menu.addAction(self.tr("Show"))
        show.triggered.connect(lambda: self.show_wanted.emit(result_id))
        compare = menu.addAction(icon("compare"), self.tr("Compare with the one shown"))
        compare.triggered.connect(lambda: self.compare_wanted.emit(result_id))
        for action in (show, compare):
            action.setEnabled(not shown)
        recipe = menu.addAction(self.tr("Use its recipe"))
        recipe.setEnabled(result_id != ORIGINAL)
        recipe.triggered.connect(lambda: self.recipe_wanted.emit(result_id))
        menu.addSeparator()
        forget = menu.addAction(icon("clear"), self.tr("Delete"))
        forget.setEnabled(result_id != ORIGINAL)
        forget.triggered.connect(lambda: self.forget_wanted.emit(result_id))
        return menu

    def _choose(self, index: QModelIndex, *, together: bool) -> None:
        (self.picked if together else self.show_wanted).emit(index.data(ID))


class HistoryStrip(QWidget):
    """The row below the canvas; there only when the photo has results."""

    show_wanted = Signal(str)  # id of a result, "" for the original
    forget_wanted = Signal(str)
    compare_wanted = Signal(str)  # with the one that is shown
    compare_two_wanted = Signal(str, str)
    recipe_wanted = Signal(str)  # its values are to be those of the panel

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gallery")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._doomed = ""
        self.model = ResultModel(desk, self)
        self.list = ResultList(self.model)
        self.question = ForgetQuestion()
        self.list.show_wanted.connect(self.show_wanted)
        self.list.compare_wanted.connect(self.compare_wanted)
        self.list.recipe_wanted.connect(self.recipe_wanted)
        self.list.forget_wanted.connect(self._forget)
        self.list.picked.connect(self._pick)
        self.question.answered.connect(self._answered)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        row.addWidget(self.list, 1)
        row.addWidget(self.question)  # beside the results: the photo above does not move
        self.hide()

    def watch(self) -> None:
        """Follows the results of whichever photo is current."""
        self._desk.results_changed.connect(self._follow)
        self._desk.changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        self.model.follow()
        sheet = self._desk.current
        self.setVisible(sheet is not None and bool(sheet.results))
        if sheet is None or sheet.result(self._doomed) is None:
            self._doomed = ""
            self.question.hide()
        index = self.model.index(self.model.row_of(sheet.shown)) if sheet is not None else QModelIndex()
        if index.isValid() and not self.list.hasFocus():
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)

    @Slot(str)
    def _pick(self, result_id: str) -> None:
        first = self.model.picked
        if first is None or first == result_id:
            self.model.pick(result_id if first is None else None)
            return
        self.model.pick(None)
        self.compare_two_wanted.emit(first, result_id)

    @Slot(str)
    def _forget(self, result_id: str) -> None:
        sheet = self._desk.current
        result = sheet.result(result_id) if sheet is not None else None
        if result is None:
            return
        if result.saved:
            self.forget_wanted.emit(result_id)
        else:
            self._doomed = result_id
            self.question.ask(result.title)

    @Slot(bool)
    def _answered(self, yes: bool) -> None:  # a slot
        doomed, self._doomed = self._doomed, ""
        self.question.hide()
        self.list.setFocus()
        if yes and doomed:
            self.forget_wanted.emit(doomed)


def _when(created: str) -> str:
    """A time of an ISO form as people of this place write it."""
    at = QDateTime.fromString(created, Qt.DateFormat.ISODateWithMs)
    return QLocale().toString(at.toLocalTime(), QLocale.FormatType.ShortFormat) if at.isValid() else created
