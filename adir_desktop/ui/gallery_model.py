"""The similar photos as a list that views show, and their thumbnails, decoded as they come into sight."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

import time
from collections import OrderedDict

from PySide6.QtCore import (
    QAbstractListModel,
    QBuffer,
    QByteArray,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QImage, QImageReader

from adir_desktop.contract import Neighbour, NeighbourSet, Photo
from adir_desktop.ui import words
from adir_desktop.ui.session import Session

Index = QModelIndex | QPersistentModelIndex
CHECK = Qt.ItemDataRole.CheckStateRole
ITEM = Qt.ItemDataRole.UserRole  # the Neighbour itself
SOURCE = Qt.ItemDataRole.UserRole + 1  # where it is from, where that is worth telling on the tile
KEPT = 400  # decoded thumbnails, about 80 kB each
WAITING = 128  # of those asked for last; what was scrolled past before is not decoded
SIDE = 256  # pixels: a tile at 200 %, so that larger pictures are not decoded whole
SLICE = 0.004  # seconds of decoding in one turn of the event loop


class Thumbnails(QObject):
    """Decoded thumbnails by the id of their neighbour; the least recently used ones are forgotten."""

    decoded = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._images: OrderedDict[str, QImage] = OrderedDict()
        self._waiting: OrderedDict[str, bytes] = OrderedDict()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._decode_some)

    def image(self, item: Neighbour) -> QImage:
        """The thumbnail, or a null image while it is still to be decoded: `decoded` tells when it is there."""
        if item.id in self._images:
            self._images.move_to_end(item.id)
            return self._images[item.id]
        self._waiting[item.id] = item.thumbnail
        self._waiting.move_to_end(item.id)
        if len(self._waiting) > WAITING:
            self._waiting.popitem(last=False)
        if not self._timer.isActive():
            self._timer.start(0)
        return QImage()

    @property
    def waiting(self) -> int:
        """How many are still to be decoded."""
        return len(self._waiting)

    def __len__(self) -> int:
        return len(self._images)

    @Slot()
    def _decode_some(self) -> None:
        """In slices, so that scrolling stays smooth; what was asked for last is in sight now."""
        until = time.monotonic() + SLICE
        done = []
        while self._waiting and time.monotonic() < until:
            name, content = self._waiting.popitem()
            self._images[name] = decode(content)
            done.append(name)
        while len(self._images) > KEPT:
            self._images.popitem(last=False)
        if self._waiting:
            self._timer.start(0)
        for name in done:
            self.decoded.emit(name)


class NeighbourModel(QAbstractListModel):
    """The neighbours of the session; checking one goes back into it."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._items: tuple[Neighbour, ...] = ()
        self._rows: dict[str, int] = {}
        self._mixed = False  # from more than one source
        self.thumbnails = Thumbnails(self)
        self.thumbnails.decoded.connect(self._show_thumbnail)

    @Slot()
    def follow(self) -> None:
        """Takes over what the session found."""
        items = self._session.found.items if self._session.found else ()
        if [item.id for item in items] == [item.id for item in self._items]:
            self._items = items
            if items:
                self.dataChanged.emit(self.index(0), self.index(len(items) - 1))
            return
        self.beginResetModel()
        self._items = items
        self._rows = {item.id: row for row, item in enumerate(items)}
        self._mixed = len({item.library for item in items}) > 1
        self.endResetModel()

    def row_of(self, neighbour: str) -> int:
        """Where the neighbour with this id stands; -1 if it is not among them."""
        return self._rows.get(neighbour, -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self._items)

    def flags(self, index: Index) -> Qt.ItemFlag:  # noqa: ARG002
        """All alike."""
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Similarity as text, the thumbnail, the check mark, and the whole story as the tooltip."""
        item = self._items[index.row()]
        if role == ITEM:
            return item
        if role == Qt.ItemDataRole.DecorationRole:
            return self.thumbnails.image(item)
        if role == CHECK:
            return Qt.CheckState.Checked if item.included else Qt.CheckState.Unchecked
        return self._text(item, role)

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Only the check mark can be set."""
        if role != CHECK:
            return False
        self._session.include(
            self._items[index.row()].id, included=Qt.CheckState(value) == Qt.CheckState.Checked
        )
        return True

    def _text(self, item: Neighbour, role: int) -> str | None:
        if role == Qt.ItemDataRole.DisplayRole:
            return words.decimal(round(item.similarity, 2) + 0.0, 2)  # never -0.00
        if role == SOURCE:
            return self.tr("yours") if not item.library else item.library if self._mixed else ""
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(story(item))
        return ", ".join(story(item)) if role == Qt.ItemDataRole.AccessibleTextRole else None

    @Slot(str)
    def _show_thumbnail(self, neighbour: str) -> None:
        row = self.row_of(neighbour)
        if row >= 0:
            index = self.index(row)
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])


def decode(content: bytes) -> QImage:
    """A picture file's bytes as an image no larger than `SIDE`; null if they are none."""
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    reader = QImageReader(buffer)
    size = reader.size()
    if max(size.width(), size.height()) > SIDE:
        reader.setScaledSize(size.scaled(QSize(SIDE, SIDE), Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


def story(item: Neighbour) -> list[str]:
    """All there is to tell about one, in short pieces: name, similarity, source, author, licence, use."""
    translate = QCoreApplication.translate
    parts = [item.path.name, translate("gallery", "similarity {0}").format(f"{item.similarity:.3f}")]
    parts.append(translate("gallery", "from {0}").format(item.library) if item.library else own_words())
    parts += [text for text in (item.author, item.licence) if text]
    parts.append(
        translate("gallery", "used for adapting") if item.included else translate("gallery", "switched off")
    )
    return parts


def own_words() -> str:
    """The source of photos that the person gave."""
    return QCoreApplication.translate("gallery", "your own photo")


def sources_of(found: NeighbourSet) -> str:
    """The libraries that neighbours are from, and own photos if there are any: "Holidays, Album"."""
    names = list(dict.fromkeys(item.library for item in found.items if item.library))
    if any(not item.library for item in found.items):
        names.append(QCoreApplication.translate("gallery", "your own photos"))
    return ", ".join(names) or found.library


def asked_by_photo(found: NeighbourSet, photo: Photo) -> bool:
    """True if `found` answers the open photo itself, False if words or another photo were asked for.

    Photos that the person only added themselves answer no query at all.
    """
    return not found.query or found.query == _query_of(photo)


def words_beside(found: NeighbourSet, photo: Photo) -> str:
    """The words that were asked for together with the open photo; "" if it was not asked so."""
    start = f"{_query_of(photo)}, "
    return found.query.removeprefix(start) if found.query.startswith(start) else ""


def _query_of(photo: Photo) -> str:
    """As the engine tells of a photo that was asked for."""
    return str(photo.path) if photo.path else f"a photo of {photo.width} x {photo.height} pixels"
