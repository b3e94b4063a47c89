"""Similar photos of plain colours, and a session that has them, for tests of the gallery alone."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6 import __version_info__
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from adir_desktop.contract import Finished, LibraryInfo, Neighbour, NeighbourSet, Photo, Ready, Source
from adir_desktop.ui import theme
from adir_desktop.ui.mask import MaskPainting
from adir_desktop.ui.qt_images import Picture, levels_of
from adir_desktop.ui.session import Session, State

ALBUM = LibraryInfo("Album", (Path("/photos/album"),), "starter", 12, 90_000, "2024-05-01T10:00:00+00:00")
HOLIDAYS = LibraryInfo(
    "Holidays",
    (Path("/photos/holidays"), Path("/mnt/disk")),
    "starter",
    12_431,
    48_000_000,
    "",
    ((Path("/photos/holidays/cut.jpg"), "It is cut short."), (Path("/photos/holidays/b.cr2"), "It is RAW.")),
)
COLOURS = ("#d03030", "#30d030", "#3030d0", "#d0d030", "#30d0d0", "#d030d0")
PHOTO = Path("/photos/print.png")


def jpeg(colour: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


THUMBNAILS = {colour: jpeg(colour) for colour in COLOURS}


def neighbour(number: int, library: str = "Holidays") -> Neighbour:
    """The colours of the thumbnails take turns; every other one has an author and a page."""
    known = number % 2 == 0
    return Neighbour(
        f"id{number}",
        Path(f"/photos/{number}.jpg"),
        0.95 - 0.001 * number,
        20.0,
        author="Ann Lee" if known else "",
        licence="CC BY 2.0" if known else "",
        thumbnail=THUMBNAILS[COLOURS[number % len(COLOURS)]],
        library=library,
        page="https://example.org/photo" if known else "",
    )


def found(count: int, query: str = str(PHOTO)) -> NeighbourSet:
    items = tuple(neighbour(number) for number in range(count))
    return NeighbourSet("Holidays", "starter", query, items)


def picture(colour: str = "#806040", side: int = 32) -> Picture:
    """A photo of one colour."""
    pixels = np.ones((side, side, 3), np.float32) * np.float32(QColor(colour).getRgbF()[:3])
    photo = Photo(pixels, path=PHOTO)
    return Picture(photo, levels_of(photo))


def session_with(*libraries: LibraryInfo) -> Session:
    """With a photo open, adapting to the similar photos of all `libraries`."""
    session = Session()
    session.hear(Finished(Ready("CPU", (), (), (), libraries)))
    sources = tuple(Source(library.name) for library in libraries)
    session.change(replace(session.values, adapt="neighbours", sources=sources))
    shown = picture()
    mask = MaskPainting(shown.photo.height, shown.photo.width, session)
    session.take("photo", shown, State(session.values, mask))
    return session


def show_found(session: Session, answer: NeighbourSet) -> None:
    """As a search ends."""
    session.hear(Finished(answer))


def dress(app: QApplication, scheme: str) -> Callable[[], None]:
    """The program's own look in light or dark; returns what puts the former look back."""
    before, sheet = QPalette(app.palette()), app.styleSheet()
    palette = QPalette(QColor("#2c2c30")) if scheme == "dark" else QPalette(QColor("#f0f0f2"))
    app.setPalette(palette)
    app.setStyleSheet(theme.sheet(palette))

    def undress() -> None:
        app.setStyleSheet(sheet)
        app.setPalette(before)

    return undress


def colour_at(widget: QWidget, point: QPoint) -> QColor:
    """What is painted there."""
    image = widget.grab().toImage()
    return image.pixelColor(point * image.devicePixelRatio())


def near(colour: QColor, wanted: str, slack: int = 12) -> bool:
    pairs = zip(colour.getRgb()[:3], QColor(wanted).getRgb()[:3], strict=True)
    return all(abs(a - b) <= slack for a, b in pairs)


def drag_over(widget: QWidget, *paths: Path) -> tuple[QDragEnterEvent, QMimeData]:
    """As a file manager does; the data is to be kept until the drop."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    where = QPointF(20, 20)
    entered = where if __version_info__ >= (6, 12) else where.toPoint()
    event = QDragEnterEvent(
        entered,
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, event)
    return event, data


def drop(widget: QWidget, data: QMimeData) -> None:
    event = QDropEvent(
        QPointF(20, 20),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, event)
