"""One similar photo at its full size, in a window beside the main one."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QHideEvent, QKeyEvent, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from adir_desktop.contract import Neighbour
from adir_desktop.ui.forms import push_button, tool_button
from adir_desktop.ui.gallery_model import decode, story
from adir_desktop.ui.gallery_tile import Elided
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.qt_images import Levels, Picture
from adir_desktop.ui.session import Session
from adir_desktop.ui.theme import GRID, mark
from adir_desktop.ui.viewer import PhotoViewer

LOOK = "look"  # the kind of job that opens the photo
PAUSE = 120  # ms to rest on a photo before it is opened, so that leafing through many opens none of them
ENLARGED = 1024  # pixels a side of the thumbnail while the photo is being opened
FIRST = QSize(960, 720)


class NeighbourView(QWidget):
    """A window of its own: arrow keys go to the next one, the space bar uses it or not, Esc closes.

    1 shows its pixels, 0 all of it, + and - zoom.
    """

    photo_wanted = Signal(object)  # the Path of the photo to open
    like_wanted = Signal(object)  # the Neighbour that others should be like

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._session = session
        self._jobs: Jobs | None = None
        self._id = ""
        self._loaded = False
        self.viewer = PhotoViewer()
        self.about = Elided()
        self.note, self.place = QLabel(), QLabel()
        self.before, self.after = tool_button("", "left"), tool_button("", "right")
        self.use = QCheckBox(self.tr("Use for adapting"))
        self.like = push_button(self.tr("More like this"), self.tr("Finds photos like this one"), "search")
        self.folder = push_button(self.tr("Show in folder"), icon_name="folder")
        self.page = push_button(self.tr("Open its page"))
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(PAUSE)
        self._lay_out()
        self._connect()

    def watch(self, jobs: Jobs) -> None:
        """Follows the neighbours, and knows while the photo is being opened."""
        self._jobs = jobs
        jobs.changed.connect(self._tell_state)
        self._session.found_changed.connect(self._follow)

    @property
    def item(self) -> Neighbour | None:
        """The one that is shown."""
        return next((item for item in self._items if item.id == self._id), None)

    @Slot(object)
    def open(self, item: Neighbour) -> None:
        """Shows one of the neighbours: its thumbnail at once, the photo when it is there."""
        self._go_to(item)
        if self.isVisible():
            self.raise_()
        else:
            self.resize(FIRST)
            self.show()
        self.activateWindow()
        self.viewer.setFocus()

    def show_photo(self, path: Path, picture: object) -> None:
        """The answer to `photo_wanted`, a `Picture`; ignored if another photo is looked at by now."""
        item = self.item
        if item is not None and item.path == path and isinstance(picture, Picture):
            self._loaded = True
            self.viewer.show_levels(picture.levels)
            self._tell_state()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The space bar over the photo switches it on or off."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
                self.use.click()
            return True
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        """A large photo is not kept for a closed window; a minimised one keeps it."""
        super().hideEvent(event)
        if event.spontaneous():
            return
        self._rest.stop()
        self._id, self._loaded = "", False
        self.viewer.show_levels(None)

    @property
    def _items(self) -> tuple[Neighbour, ...]:
        return self._session.found.items if self._session.found else ()

    def _connect(self) -> None:
        for keys, step, button in (("Left", self._back, self.before), ("Right", self._on, self.after)):
            button.clicked.connect(step)
            QShortcut(keys, self).activated.connect(step)
        viewer = self.viewer
        for keys, act in (
            ("0", viewer.fit),
            ("1", viewer.actual_size),
            ("+", viewer.zoom_in),
            ("-", viewer.zoom_out),
            ("Esc", self.close),
        ):
            QShortcut(keys, self).activated.connect(act)
        self.viewer.installEventFilter(self)
        self.use.clicked.connect(self._use)
        self.like.clicked.connect(self._want_like)
        self.folder.clicked.connect(self._show_folder)
        self.page.clicked.connect(self._open_page)
        self._rest.timeout.connect(self._want_photo)

    def _lay_out(self) -> None:
        self.before.setToolTip(self.tr("The one before (Left)"))
        self.before.setAccessibleName(self.tr("The one before"))
        self.after.setToolTip(self.tr("The next one (Right)"))
        self.after.setAccessibleName(self.tr("The next one"))
        self.use.setToolTip(self.tr("Space"))
        mark(self.note, "quiet", on=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.setSpacing(GRID)
        top, bottom = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.about, 1)
        top.addWidget(self.note)
        for part in (self.before, self.place, self.after, self.use):
            bottom.addWidget(part)
        bottom.addStretch(1)
        for button in (self.like, self.folder, self.page):
            bottom.addWidget(button)
        column.addLayout(top)
        column.addWidget(self.viewer, 1)
        column.addLayout(bottom)

    def _go_to(self, item: Neighbour) -> None:
        if item.id == self._id and self._loaded:
            return
        self._id, self._loaded = item.id, False
        self.viewer.show_levels(_enlarged(item))
        self._rest.start()
        self._follow()

    def _step(self, by: int) -> None:
        """Round in a circle."""
        rows = [item.id for item in self._items]
        if self._id in rows:
            self._go_to(self._items[(rows.index(self._id) + by) % len(rows)])

    @Slot()
    def _back(self) -> None:
        self._step(-1)

    @Slot()
    def _on(self) -> None:
        self._step(1)

    @Slot()
    def _want_photo(self) -> None:
        item = self.item
        if item is not None:
            self.photo_wanted.emit(item.path)
        self._tell_state()

    @Slot(bool)
    def _use(self, on: bool) -> None:
        self._session.include(self._id, included=on)

    @Slot()
    def _want_like(self) -> None:
        item = self.item
        if item is not None:
            self.like_wanted.emit(item)

    @Slot()
    def _show_folder(self) -> None:
        item = self.item
        if item is not None:
            show_in_folder(item)

    @Slot()
    def _open_page(self) -> None:
        item = self.item
        if item is not None:
            open_page(item)

    @Slot()
    def _follow(self) -> None:
        """Its words and its check mark; closes when other neighbours have taken its place."""
        item = self.item
        if item is None:
            self.close()
            return
        row = self._items.index(item)
        self.setWindowTitle(item.path.name)
        self.about.setText(" · ".join(story(item)))
        self.place.setText(self.tr("{0} of {1}").format(row + 1, len(self._items)))
        self.use.setChecked(item.included)
        self.page.setVisible(has_page(item))
        self.page.setToolTip(self.tr("In your browser: {0}").format(item.page))
        self._tell_state()

    @Slot()
    def _tell_state(self) -> None:
        """What is seen: the photo, or its thumbnail until the photo is there."""
        waiting = self._rest.isActive() or (self._jobs is not None and self._jobs.has(LOOK))
        if self._loaded:
            self.note.setText("")
        elif waiting:
            self.note.setText(self.tr("Opening the photo …"))
        else:
            self.note.setText(self.tr("The photo cannot be opened; this is its thumbnail."))


def has_page(item: Neighbour) -> bool:
    """It was published somewhere that a browser can show."""
    return QUrl(item.page).scheme() in ("http", "https")


def open_page(item: Neighbour) -> None:
    """Where it was published, in the person's browser."""
    if has_page(item):
        QDesktopServices.openUrl(QUrl(item.page))


def show_in_folder(item: Neighbour) -> None:
    """The folder of its file, in the person's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(item.path.parent)))


def _enlarged(item: Neighbour) -> Levels | None:
    """The thumbnail in the size that the photo will have on the screen; None if there is none."""
    image = decode(item.thumbnail)
    if image.isNull():
        return None
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return Levels((image.scaled(QSize(ENLARGED, ENLARGED), keep, smooth),))
