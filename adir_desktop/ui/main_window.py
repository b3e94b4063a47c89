"""The window: layout, menus, drops, and what happens when it closes."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from adir_desktop import __version__
from adir_desktop.contract import Notice
from adir_desktop.errors import AdirError
from adir_desktop.settings import Settings
from adir_desktop.ui.actions import Actions
from adir_desktop.ui.canvas import Canvas
from adir_desktop.ui.canvas_bar import CanvasBar
from adir_desktop.ui.commands import Commands
from adir_desktop.ui.dialogs import QtDialogs
from adir_desktop.ui.gallery import Gallery
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.message_bar import Message, MessageBar
from adir_desktop.ui.ports import Dialogs, Engine
from adir_desktop.ui.progress_strip import ProgressStrip
from adir_desktop.ui.recipe_panel import RecipePanel
from adir_desktop.ui.session import Session
from adir_desktop.ui.tools import Tools
from adir_desktop.ui.welcome import Welcome

SMALLEST = QSize(1024, 640)
FIRST = QSize(1280, 800)


class MainWindow(QMainWindow):
    """One photo, one decision at a time."""

    closed = Signal(object)  # the Settings to remember

    def __init__(
        self, engine: Engine, settings: Settings, dialogs: Dialogs | None = None, sample: Path | None = None
    ) -> None:
        super().__init__()
        self.setWindowTitle("ADIR Desktop")
        self.setMinimumSize(SMALLEST)
        self.setAcceptDrops(True)
        self.session = Session(settings.library, self)
        self.jobs = Jobs(self)
        self.tools = Tools(self.session, self)
        self.commands = Commands(self.session, self.jobs, engine, settings)
        self.commands.dialogs = dialogs or QtDialogs(self)
        self.canvas = Canvas(self.session, self.tools)
        self.actions_by_name = Actions(self, self.session, self.tools)
        self.actions_by_name.fill(self.commands, self.canvas)
        self.bar = CanvasBar(self.session, self.tools, self.actions_by_name)
        self.gallery = Gallery(self.session)
        self.panel = RecipePanel(self.session)
        self.strip = ProgressStrip(self.session)
        self.welcome = Welcome(sample=sample is not None)
        self._sample = sample
        self._lay_out()
        self._fill_menus()
        self._watch()
        self._restore_geometry(settings.geometry)

    def _lay_out(self) -> None:
        self._photo_side = QWidget()
        photo = _column(self._photo_side)
        photo.addWidget(self.canvas, 1)
        photo.addWidget(self.bar)
        photo.addWidget(self.gallery)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.welcome)
        self._pages.addWidget(self._photo_side)
        self.messages = MessageBar(self._pages)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._pages, 1)
        middle.addWidget(self.panel)
        centre = QWidget()
        whole = _column(centre)
        whole.addLayout(middle, 1)
        whole.addWidget(self.strip)
        self.setCentralWidget(centre)

    def _fill_menus(self) -> None:
        menus: tuple[tuple[str, tuple[str, ...]], ...] = (
            (
                self.tr("&File"),
                ("open", "recent", "", "restore", "stop", "", "save", "save_preset", "", "quit"),
            ),
            (
                self.tr("&Edit"),
                ("undo", "redo", "", "hand", "brush", "eraser", "smaller", "larger", "", "invert", "clear"),
            ),
            (self.tr("&View"), ("fit", "actual", "zoom_in", "zoom_out", "", "compare")),
            (self.tr("&Library"), ("add_folder", "update", "", "find")),
        )
        self._recent = QMenu(self.tr("Open &recent"), self)
        self._recent.aboutToShow.connect(self._fill_recent)
        for title, names in menus:
            menu = self.menuBar().addMenu(title)
            for name in names:
                if name == "recent":
                    menu.addMenu(self._recent)
                elif name:
                    menu.addAction(self.actions_by_name[name])
                else:
                    menu.addSeparator()
        about = self.menuBar().addMenu(self.tr("&Help")).addAction(self.tr("&About ADIR Desktop"))
        about.triggered.connect(self._about)

    def _watch(self) -> None:
        """The session hears events first; views then see it as it is."""
        self.jobs.happened.connect(self.session.hear)
        self.canvas.watch(self.jobs)
        self.bar.watch()
        self.gallery.watch(self.jobs)
        self.panel.watch(self.jobs)
        self.strip.watch(self.jobs)
        self.messages.watch(self.jobs)
        self.actions_by_name.watch(self.jobs)
        self.session.photo_changed.connect(self._show_photo)
        commands = self.commands
        commands.refused.connect(self.messages.fail)
        commands.noted.connect(self.note)
        commands.began.connect(self.messages.clear)
        self.welcome.open_wanted.connect(commands.choose_photo)
        self.welcome.sample_wanted.connect(self._open_sample)
        self.gallery.find_wanted.connect(commands.find)
        self.strip.stop_wanted.connect(commands.stop)
        self.panel.restore_wanted.connect(commands.restore)
        self.panel.save_wanted.connect(commands.save)
        self.panel.save_preset_wanted.connect(commands.save_preset)
        self.panel.adapt.folder_wanted.connect(commands.add_folder)
        self.panel.adapt.preset_wanted.connect(commands.choose_preset)
        self.panel.values.kernel_wanted.connect(commands.choose_kernel)

    @Slot(object)
    def note(self, notice: Notice) -> None:
        """Shows a notice."""
        self.messages.say(Message(notice.message, notice.remedy))

    @Slot(object)
    def fail(self, error: AdirError) -> None:
        """Shows an error that no job owns."""
        self.messages.fail(error)

    @Slot()
    def _show_photo(self) -> None:
        picture = self.session.picture
        if picture is None:
            return
        self._pages.setCurrentWidget(self._photo_side)
        name = picture.photo.path.name if picture.photo.path else self.tr("Photo")
        self.setWindowTitle(f"{name} ({picture.photo.width} × {picture.photo.height}) – ADIR Desktop")
        self.canvas.setFocus()

    @Slot()
    def _open_sample(self) -> None:
        if self._sample is not None:
            self.commands.open_photos(self._sample)

    @Slot()
    def _fill_recent(self) -> None:
        self._recent.clear()
        for name in self.commands.settings.recent:
            action = self._recent.addAction(Path(name).name)
            action.setToolTip(name)
            action.triggered.connect(partial(self._open_recent, Path(name)))
        if self._recent.isEmpty():
            self._recent.addAction(self.tr("Nothing yet")).setEnabled(False)

    def _open_recent(self, path: Path, *_checked: bool) -> None:
        self.commands.open_photos(path)

    @Slot()
    def _about(self) -> None:
        words = self.tr("ADIR Desktop {0}: photo restoration on this computer.").format(__version__)
        self.messages.say(Message(words, self.tr("Nothing you open leaves it.")))

    # Drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files of this computer are welcome."""
        if _files(event):
            event.acceptProposedAction()
            self.welcome.drag_over(on=True)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Anywhere in the window."""
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: ARG002
        self.welcome.drag_over(on=False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Opens what was dropped."""
        self.welcome.drag_over(on=False)
        event.acceptProposedAction()
        self.commands.open_photos(*_files(event))

    # Closing

    def closeEvent(self, event: QCloseEvent) -> None:
        """Asks for an unsaved result; then hides at once and lets running jobs end."""
        if not self.commands.may_leave():
            event.ignore()
            return
        self.hide()
        self.jobs.close()
        settings = self.commands.settings
        library = self.session.values.library or settings.library
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        self.closed.emit(replace(settings, library=library, geometry=geometry))
        event.accept()

    def _restore_geometry(self, geometry: str) -> None:
        if not geometry or not self.restoreGeometry(QByteArray.fromBase64(geometry.encode())):
            self.resize(FIRST)


def _column(widget: QWidget) -> QVBoxLayout:
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    return layout


def _files(event: QDropEvent) -> tuple[Path, ...]:
    return tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
