"""The stored presets as a list: picture, name, how they were made; names can be edited in place."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QDateTime,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPainterPath, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from adir_desktop.contract import PresetInfo
from adir_desktop.ui import words
from adir_desktop.ui.stock import Stock
from adir_desktop.ui.theme import GRID, icon, mixed
from adir_desktop.ui.words import task_words

PICTURE = 56
ROW = QSize(280, PICTURE + 2 * GRID)
DETAIL = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class PresetModel(QAbstractListModel):
    """The presets of the stock; editing a name asks for it."""

    renamed = Signal(str, str)  # old, new

    def __init__(self, stock: Stock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stock = stock
        self._items: tuple[PresetInfo, ...] = ()
        self._images: dict[bytes, QImage] = {}

    @Slot()
    def follow(self) -> None:
        """Takes over the stock's list."""
        self.beginResetModel()
        self._items = self._stock.presets
        self._images = {key: image for key, image in self._images.items() if self._has(key)}
        self.endResetModel()

    def item(self, index: Index) -> PresetInfo | None:
        return self._items[index.row()] if index.isValid() and index.row() < len(self._items) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self._items)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A damaged one cannot be renamed, only deleted."""
        item = self.item(index)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if item and not item.problem else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Name, picture, and a line about each."""
        item = self.item(index)
        if item is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return item.name
        if role == Qt.ItemDataRole.DecorationRole:
            return self._image(item)
        if role == DETAIL:
            return self.detail(item)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{item.name}\n{item.problem or self.detail(item)}"
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A new name is only asked for: the store may make it safe for a file."""
        item, name = self.item(index), str(value).strip()
        if item is None or role != Qt.ItemDataRole.EditRole or name in ("", item.name):
            return False
        self.renamed.emit(item.name, name)
        return True

    def detail(self, item: PresetInfo) -> str:
        """What it was made for, when, and how large it is."""
        if item.problem:
            return self.tr("Damaged")
        made = QDateTime.fromString(item.created, Qt.DateFormat.ISODate).toLocalTime()
        day = QLocale().toString(made.date(), QLocale.FormatType.ShortFormat) if made.isValid() else ""
        task = task_words(item.task).title if item.task else ""
        size = words.bytes(item.bytes_on_disk)
        return " · ".join(part for part in (task, size, day) if part)

    def _image(self, item: PresetInfo) -> QImage:
        if item.thumbnail not in self._images:
            self._images[item.thumbnail] = QImage.fromData(item.thumbnail) if item.thumbnail else QImage()
        return self._images[item.thumbnail]

    def _has(self, thumbnail: bytes) -> bool:
        return any(item.thumbnail == thumbnail for item in self._items)


class PresetRow(QStyledItemDelegate):
    """A picture with two lines beside it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return ROW

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, picture, name, detail."""
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        palette: QPalette = option.palette
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        if chosen:
            painter.fillRect(area, palette.highlight())
        _picture(painter, _picture_area(area), index.data(Qt.ItemDataRole.DecorationRole))
        text = palette.highlightedText().color() if chosen else palette.text().color()
        ground = palette.highlight().color() if chosen else palette.base().color()
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        name, detail = _lines(area)
        painter.setPen(text)
        painter.drawText(name, int(Qt.AlignmentFlag.AlignVCenter), _cut(painter, str(index.data()), name))
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(mixed(ground, text, 0.75))
        painter.drawText(
            detail, int(Qt.AlignmentFlag.AlignVCenter), _cut(painter, str(index.data(DETAIL)), detail)
        )
        painter.restore()

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: ARG002
        """Over the name alone."""
        area: QRect = option.rect
        name, _ = _lines(area)
        height = editor.sizeHint().height()
        editor.setGeometry(name.x() - GRID, name.center().y() - height // 2, name.width() + GRID, height)


def _picture_area(area: QRect) -> QRect:
    return QRect(area.x() + GRID, area.y() + GRID, PICTURE, PICTURE)


def _lines(area: QRect) -> tuple[QRect, QRect]:
    left = area.x() + PICTURE + 3 * GRID
    width = area.right() - left - GRID
    return (
        QRect(left, area.y() + GRID, width, PICTURE // 2),
        QRect(left, area.y() + GRID + PICTURE // 2, width, PICTURE // 2),
    )


def _picture(painter: QPainter, area: QRect, image: object) -> None:
    if not isinstance(image, QImage) or image.isNull():
        icon("photo").paint(painter, area.adjusted(GRID, GRID, -GRID, -GRID))
        return
    side = min(image.width(), image.height())
    part = QRect((image.width() - side) // 2, (image.height() - side) // 2, side, side)
    shape = QPainterPath()
    shape.addRoundedRect(area, 6, 6)
    painter.save()
    painter.setClipPath(shape)
    painter.drawImage(area, image, part)
    painter.restore()


def _cut(painter: QPainter, text: str, area: QRect) -> str:
    return QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideMiddle, area.width())
