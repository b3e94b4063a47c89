"""The window: what it is made of and how that is laid out; drops, and what happens when it closes."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
)
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from adir_desktop.contract import Notice
from adir_desktop.errors import AdirError
from adir_desktop.settings import Settings
from adir_desktop.ui import wiring
from adir_desktop.ui.actions import Actions
from adir_desktop.ui.availability import Availability
from adir_desktop.ui.canvas import Canvas
from adir_desktop.ui.canvas_bar import CanvasBar
from adir_desktop.ui.commands import Commands
from adir_desktop.ui.context import Context
from adir_desktop.ui.dialogs import QtDialogs
from adir_desktop.ui.gallery import Gallery
from adir_desktop.ui.gestures import Gestures
from adir_desktop.ui.history_strip import HistoryStrip
from adir_desktop.ui.menus import Menus
from adir_desktop.ui.message_bar import Message, MessageBar
from adir_desktop.ui.photo_strip import PhotoStrip
from adir_desktop.ui.picture_files import local_files
from adir_desktop.ui.ports import Dialogs, Engine
from adir_desktop.ui.progress_strip import ProgressStrip
from adir_desktop.ui.queue_panel import QueueButton
from adir_desktop.ui.recipe_book import RecipeBook
from adir_desktop.ui.recipe_panel import RecipePanel
from adir_desktop.ui.remarks import said_both
from adir_desktop.ui.welcome import Welcome
from adir_desktop.ui.windows import Windows

SMALLEST = QSize(1024, 640)
FIRST = QSize(1360, 860)


class MainWindow(QMainWindow):
    """One photo on the canvas, the others beside it; one decision at a time."""

    closed = Signal(object)  # the Settings to remember

    def __init__(
        self, engine: Engine, settings: Settings, dialogs: Dialogs | None = None, sample: Path | None = None
    ) -> None:
        super().__init__()
        self.setWindowTitle("ADIR Desktop")
        self.setMinimumSize(SMALLEST)
        self.setAcceptDrops(True)
        self.sample = sample
        self.context = Context(engine, settings, dialogs or QtDialogs(self), self)
        self.session, self.jobs = self.context.session, self.context.jobs
        self.commands = Commands(self.context)
        self._make_views()
        self._lay_out()
        Menus(self, self.actions_by_name, self.context, self.commands.photos)
        wiring.connect(self)
        self._show_photo()
        if not settings.geometry or not self.restoreGeometry(
            QByteArray.fromBase64(settings.geometry.encode())
        ):
            self.resize(FIRST)

    def _make_views(self) -> None:
        context = self.context
        session = context.session
        self.gestures = Gestures(session, context.tools)
        self.canvas = Canvas(session, context.tools, context.showing, self.gestures)
        self.windows = Windows(self, context, self.commands)
        self.actions_by_name = Actions(self)
        self.actions_by_name.fill(context, self.commands, self.canvas, self.windows)
        self.availability = Availability(context, self.actions_by_name)
        self.bar = CanvasBar(session, context.tools, context.showing, self.actions_by_name)
        self.photos = PhotoStrip(context.desk)
        self.queue = QueueButton(context.runs)
        self.history = HistoryStrip(context.desk)
        self.gallery = Gallery(session)
        self.book = RecipeBook(parent=self)
        self.panel = RecipePanel(session, context.stock, self.book)
        self.strip = ProgressStrip(session)
        self.welcome = Welcome(sample=self.sample)

    def _lay_out(self) -> None:
        upper = QWidget()
        photo = _column(upper)
        photo.addWidget(self.canvas, 1)
        photo.addWidget(self.bar)
        photo.addWidget(self.history)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(upper)
        self._split.addWidget(self.gallery)
        self._split.setStretchFactor(0, 1)
        self._left = QWidget()
        left = _column(self._left)
        left.addWidget(self.photos, 1)
        left.addWidget(self.queue)
        self.queue.setSizePolicy(
            QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed
        )  # no wider than the photos
        self._pages = QStackedWidget()
        self._pages.addWidget(self.welcome)
        self._pages.addWidget(self._split)
        self.messages = MessageBar(self._pages)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._left)
        middle.addWidget(self._pages, 1)
        middle.addWidget(self.panel)
        centre = QWidget()
        whole = _column(centre)
        whole.addLayout(middle, 1)
        whole.addWidget(self.strip)
        self.setCentralWidget(centre)

    @Slot(object)
    def note(self, notice: Notice) -> None:
        """Shows a notice."""
        self.messages.say(Message(*said_both(notice.message, notice.remedy)))

    @Slot(object)
    def fail(self, error: AdirError) -> None:
        """Shows an error that no job owns."""
        self.messages.fail(error)

    @Slot(object)
    def take(self, photos: Sequence[Path]) -> None:
        """Opens photos that a second start of the program was given, and comes to the front."""
        self.commands.photos.open(*photos)
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()

    @Slot()
    def _show_photo(self) -> None:
        """The photo on the canvas, or the first page when there is none."""
        picture, desk = self.context.session.picture, self.context.desk
        self._left.setVisible(bool(desk.sheets) or bool(self.context.runs.runs))
        self._pages.setCurrentWidget(self.welcome if picture is None else self._split)
        if picture is None:
            self.setWindowTitle("ADIR Desktop")
            return
        name = picture.photo.path.name if picture.photo.path else self.tr("Photo")
        title = f"{name} ({picture.photo.width} × {picture.photo.height}) – ADIR Desktop"
        if title != self.windowTitle():
            self.setWindowTitle(title)
            self.canvas.setFocus()

    # Drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files of this computer are welcome."""
        if local_files(event.mimeData()):
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
        self.commands.photos.open(*local_files(event.mimeData()))

    # Keys

    def event(self, event: QEvent) -> bool:
        """In a field, Escape is the field's: it leaves it, and stops no restoration."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and isinstance(QApplication.focusWidget(), QLineEdit | QAbstractSpinBox)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Only what no view has used comes here."""
        if event.key() == Qt.Key.Key_Escape:
            self.canvas.setFocus()
        else:
            super().keyPressEvent(event)

    # Closing

    def closeEvent(self, event: QCloseEvent) -> None:
        """Asks for unsaved results; then hides at once and lets running jobs end."""
        if not self.commands.results.may_leave():
            event.ignore()
            return
        self.hide()
        self.windows.close()
        self.commands.runs.end()
        self.context.jobs.close()
        self.commands.sessions.end()
        settings, sources = self.context.settings, self.context.session.values.sources
        library = sources[0].library if sources else settings.library
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        self.closed.emit(replace(settings, library=library, geometry=geometry))
        event.accept()


def _column(widget: QWidget) -> QVBoxLayout:
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    return layout
