"""The similar photos: thumbnails with their similarity, each of which can be switched off."""

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
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from adir_desktop.contract import Neighbour
from adir_desktop.ui.forms import heading, push_button, quiet, tool_button
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.session import Session
from adir_desktop.ui.theme import ACCENT, GRID, mark

TILE = QSize(96, 96)
Index = QModelIndex | QPersistentModelIndex
CHECK = Qt.ItemDataRole.CheckStateRole


class NeighbourModel(QAbstractListModel):
    """The neighbours of the session; checking one goes back into it."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._items: tuple[Neighbour, ...] = ()
        self._images: dict[str, QImage] = {}

    @Slot()
    def follow(self) -> None:
        """Takes over what the session found; thumbnails are decoded when they are first seen."""
        items = self._session.found.items if self._session.found else ()
        if [item.id for item in items] == [item.id for item in self._items]:
            self._items = items
            self.dataChanged.emit(self.index(0), self.index(len(items) - 1))
            return
        self.beginResetModel()
        self._items, self._images = items, {}
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self._items)

    def flags(self, index: Index) -> Qt.ItemFlag:  # noqa: ARG002
        """All alike."""
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Similarity as text, the thumbnail, the check mark, and the whole story as the tooltip."""
        item = self._items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{round(item.similarity, 2) + 0.0:.2f}"  # never -0.00
        if role == Qt.ItemDataRole.DecorationRole:
            return self._image(item)
        if role == CHECK:
            return Qt.CheckState.Checked if item.included else Qt.CheckState.Unchecked
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._story(item)
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Only the check mark can be set."""
        if role != CHECK:
            return False
        self._session.include(
            self._items[index.row()].id, included=Qt.CheckState(value) == Qt.CheckState.Checked
        )
        return True

    def _image(self, item: Neighbour) -> QImage:
        if item.id not in self._images:
            self._images[item.id] = QImage.fromData(item.thumbnail)
        return self._images[item.id]

    def _story(self, item: Neighbour) -> str:
        lines = [item.path.name, self.tr("similarity {0}").format(f"{item.similarity:.3f}")]
        lines += [text for text in (item.author, item.licence) if text]
        lines.append(self.tr("used for adapting") if item.included else self.tr("switched off"))
        return "\n".join(lines)


class NeighbourTile(QStyledItemDelegate):
    """A rounded thumbnail with its similarity and a mark; faint when it is switched off."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return TILE + QSize(GRID, GRID)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Photo, frame, similarity, mark."""
        on = Qt.CheckState(index.data(CHECK)) == Qt.CheckState.Checked
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        tile = QRect(area.topLeft() + QPoint(GRID // 2, GRID // 2), TILE)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        shape = QPainterPath()
        shape.addRoundedRect(tile, 6, 6)
        painter.setClipPath(shape)
        painter.setOpacity(1.0 if on else 0.3)
        _fill(painter, tile, index.data(Qt.ItemDataRole.DecorationRole))
        painter.setOpacity(1.0)
        painter.setClipping(False)
        _chip(painter, tile, str(index.data(Qt.ItemDataRole.DisplayRole)))
        _mark(painter, tile, on=on)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(ACCENT), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(tile, 6, 6)
        painter.restore()


class NeighbourList(QListView):
    """One row of tiles; a click or the space bar switches one on or off."""

    def __init__(self, model: NeighbourModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(NeighbourTile(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setFixedHeight(TILE.height() + 3 * GRID)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName(self.tr("Similar photos"))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click anywhere on a tile."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self._toggle(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Return."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return) and self.currentIndex().isValid():
            self._toggle(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _toggle(self, index: QModelIndex) -> None:
        on = Qt.CheckState(index.data(CHECK)) == Qt.CheckState.Checked
        self.model().setData(index, Qt.CheckState.Unchecked if on else Qt.CheckState.Checked, CHECK)


class Gallery(QWidget):
    """The strip below the canvas; there only when adapting to similar photos."""

    find_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gallery")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._jobs: Jobs | None = None
        self.model = NeighbourModel(session, self)
        self.list = NeighbourList(self.model)
        self.count = QLabel()
        mark(self.count, "quiet", on=True)
        self.hint = quiet(self.tr("The photos of your library most like this one will be shown here."))
        hint = self.tr("Finds the similar photos now; restoring finds them by itself")
        self.find_button = push_button(self.tr("Find"), hint, "search")
        self.all_on = tool_button(self.tr("All"))
        self.all_on.setToolTip(self.tr("Switch all on"))
        self.all_off = tool_button(self.tr("None"))
        self.all_off.setToolTip(self.tr("Switch all off"))
        self._lay_out()
        self.find_button.clicked.connect(self.find_wanted)
        self.all_on.clicked.connect(self._all_on)
        self.all_off.clicked.connect(self._all_off)

    def watch(self, jobs: Jobs) -> None:
        """Follows what was found, and whether finding is possible."""
        self._jobs = jobs
        self._session.found_changed.connect(self.model.follow)
        for signal in (
            self._session.found_changed,
            self._session.values_changed,
            self._session.photo_changed,
            self._session.engine_changed,
            jobs.changed,
        ):
            signal.connect(self._follow)
        self._follow()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        column.setSpacing(GRID // 2)
        top = QHBoxLayout()
        top.setSpacing(GRID)
        top.addWidget(heading(self.tr("Similar photos")))
        top.addWidget(self.count, 1)
        for button in (self.all_on, self.all_off, self.find_button):
            top.addWidget(button)
        column.addLayout(top)
        column.addWidget(self.list)
        column.addWidget(self.hint)
        self.hint.setFixedHeight(self.list.height())  # so that the photo above does not move

    @Slot()
    def _all_on(self) -> None:
        self._session.include_all(included=True)

    @Slot()
    def _all_off(self) -> None:
        self._session.include_all(included=False)

    @Slot()
    def _follow(self) -> None:
        session, found = self._session, self._session.found
        self.setVisible(session.picture is not None and session.values.adapt == "neighbours")
        busy = self._jobs is not None and self._jobs.has("find", "restore")
        self.find_button.setEnabled(session.picture is not None and session.library is not None and not busy)
        has_items = found is not None and bool(found.items)
        self.list.setVisible(has_items)
        self.hint.setVisible(not has_items)
        for button in (self.all_on, self.all_off):
            button.setVisible(has_items)
        self.count.setText("")
        if found is not None:
            self.count.setText(
                self.tr("from {0} · {1} of {2} on").format(
                    found.library, len(found.included), len(found.items)
                )
            )


def _fill(painter: QPainter, tile: QRect, image: QImage) -> None:
    """The photo's middle, filling the tile."""
    if image.isNull():
        painter.fillRect(tile, QColor(128, 128, 128, 90))
        return
    scale = max(tile.width() / image.width(), tile.height() / image.height())
    shown = QRect(0, 0, round(image.width() * scale), round(image.height() * scale))
    shown.moveCenter(tile.center())
    painter.drawImage(shown, image)


def _chip(painter: QPainter, tile: QRect, text: str) -> None:
    metrics = painter.fontMetrics()
    width = metrics.horizontalAdvance(text) + GRID
    chip = QRect(tile.left() + 4, tile.bottom() - metrics.height() - 4, width, metrics.height() + 2)
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
