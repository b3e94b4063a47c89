"""The dialog of the photo libraries: what is in them, what could not be read, and keeping them up to date."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from adir_desktop.contract import LibraryInfo
from adir_desktop.ui.forms import heading, push_button, quiet
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.libraries_model import Column, LibrariesModel
from adir_desktop.ui.libraries_parts import (
    EncoderChoice,
    FailedFiles,
    RemovalQuestion,
    StateCell,
    WeightCell,
    library_table,
)
from adir_desktop.ui.session import Session
from adir_desktop.ui.stock import Stock
from adir_desktop.ui.theme import GRID, mark

FIRST = QSize(880, 520)


class LibrariesDialog(QDialog):
    """Stands beside the window; what it started goes on when it is closed."""

    add_wanted = Signal(str)  # the encoder, "" for the usual one
    open_wanted = Signal()  # a library that lies elsewhere
    update_wanted = Signal(str)
    remove_wanted = Signal(str)
    stop_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Photo libraries"))
        self.model = LibrariesModel(session, self)
        self.table = library_table(self.model, self.tr("Photo libraries"))
        self.failed = FailedFiles()
        self.question = RemovalQuestion()
        self.add = push_button(
            self.tr("Add a folder …"), self.tr("Your photos stay where they are"), "folder"
        )
        open_hint = self.tr("One that lies elsewhere, such as on another drive, built by index_tools (index)")
        self.open_button = push_button(self.tr("Open a library …"), open_hint)
        self.first_open = push_button(self.tr("Open a library …"), open_hint)
        self.update_button = push_button(
            self.tr("Look for new photos"), self.tr("Also forgets those that are gone (incremental index)")
        )
        self.remove = push_button(self.tr("Remove …"))
        self.stop = push_button(self.tr("Stop"), self.tr("What was read so far is kept"))
        self.close_button = push_button(self.tr("Close"))
        self.first = push_button(self.tr("Add a folder …"))
        self.encoders = EncoderChoice()
        self._pages = QStackedWidget()
        self._last = ""
        self._lay_out()
        self._connect()
        self.resize(FIRST)

    def watch(self, jobs: Jobs, stock: Stock) -> None:
        """Follows the libraries, the jobs that change them, and which encoders are installed."""
        self.encoders.watch(stock)
        self.model.modelReset.connect(self._choose_again)
        self.model.dataChanged.connect(self._follow)
        self.model.running_changed.connect(self._follow)
        self.model.watch(jobs)
        self._choose_again()

    @property
    def current(self) -> LibraryInfo | None:
        """The library that the buttons act on."""
        return self.model.library(self.table.currentIndex().row())

    def showEvent(self, event: QShowEvent) -> None:
        """Times are told anew: "5 minutes ago" was true when it was last open."""
        super().showEvent(event)
        self.table.viewport().update()
        (self.table if self.model.rowCount() else self.first).setFocus()

    def reject(self) -> None:
        """Esc takes back the question first."""
        if self.question.isVisible():
            self.question.hide()
            self.table.setFocus()
        else:
            super().reject()

    def _lay_out(self) -> None:
        full, empty = QWidget(), QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.table, 2)
        column.addWidget(self.question)
        column.addWidget(self.failed, 1)
        buttons = QHBoxLayout()
        for part in (self.add, self.open_button, self.update_button, self.stop, self.remove):
            buttons.addWidget(part)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        column.addLayout(buttons)
        self._fill_empty(empty)
        self._pages.addWidget(empty)
        self._pages.addWidget(full)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        outer.addWidget(self._pages, 1)
        outer.addWidget(self.encoders)
        adding = self.add, self.open_button, self.first, self.first_open
        for button in (*adding, self.update_button, self.stop, self.remove, self.close_button):
            button.setAutoDefault(False)  # Enter in the table is not a button

    def _fill_empty(self, page: QWidget) -> None:
        column = QVBoxLayout(page)
        column.setSpacing(2 * GRID)
        title = heading(self.tr("No photo library yet"))
        words = quiet(
            self.tr(
                "Adapting learns from photos like the one you restore. Add a folder of your own: it is looked"
                " through once, on this computer, and your photos stay where they are."
            )
        )
        words.setFixedSize(60 * GRID, words.heightForWidth(60 * GRID))
        mark(self.first, "accent", on=True)
        column.addStretch(1)
        for part in (title, words, self.first, self.first_open):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def _connect(self) -> None:
        delegates = ((Column.UPDATED, StateCell(self)), (Column.WEIGHT, WeightCell(self)))
        for column, delegate in delegates:
            self.table.setItemDelegateForColumn(column, delegate)
        self.table.selectionModel().currentRowChanged.connect(self.question.hide)
        self.table.selectionModel().currentRowChanged.connect(self._follow)
        self.add.clicked.connect(self._want_folder)
        self.first.clicked.connect(self._want_folder)
        self.open_button.clicked.connect(self.open_wanted)
        self.first_open.clicked.connect(self.open_wanted)
        self.update_button.clicked.connect(self._want_update)
        self.remove.clicked.connect(self._ask)
        self.stop.clicked.connect(self.stop_wanted)
        self.close_button.clicked.connect(self.close)
        self.question.agreed.connect(self._remove)

    @Slot()
    def _want_folder(self) -> None:
        self.model.expect("")
        self.add_wanted.emit(self.encoders.chosen)

    @Slot()
    def _want_update(self) -> None:
        library = self.current
        if library is not None:
            self.model.expect(library.name)
            self.update_wanted.emit(library.name)

    @Slot()
    def _ask(self) -> None:
        library = self.current
        if library is not None:
            self.question.ask(library)

    @Slot(str)
    def _remove(self, name: str) -> None:
        self.model.expect_removal(name)
        self.remove_wanted.emit(name)

    @Slot()
    def _choose_again(self) -> None:
        """There is always a current library, so that the buttons mean something: the last one if it is there."""
        self.question.hide()
        rows = range(self.model.rowCount())
        names = [library.name if library else "" for library in map(self.model.library, rows)]
        if names:
            row = names.index(self._last) if self._last in names else 0
            self.table.setCurrentIndex(self.model.index(row, 0))
        self._follow()

    @Slot()
    def _follow(self) -> None:
        library, running = self.current, self.model.running
        self._last = library.name if library is not None else self._last
        self._pages.setCurrentIndex(1 if self.model.rowCount() else 0)
        self.update_button.setEnabled(library is not None and not running)
        self.remove.setEnabled(library is not None)
        self.stop.setVisible(running)
        self.add.setEnabled(not running)
        self.failed.show_of(library)
