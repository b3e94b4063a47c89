"""The models of this machine and those that can be got: what for, how large, under which licence, whole or not."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from adir_desktop.contract import Progress
from adir_desktop.model_info import ModelInfo
from adir_desktop.ui import words
from adir_desktop.ui.fetch_strip import FetchStrip, progress_words
from adir_desktop.ui.forms import push_button, quiet
from adir_desktop.ui.inline_question import InlineQuestion
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.model_details import ModelDetails
from adir_desktop.ui.stock import Stock
from adir_desktop.ui.theme import GRID, icon, mark

NAME = Qt.ItemDataRole.UserRole


class ModelsDialog(QDialog):
    """A list, and what there is to know and do about the one that is chosen in it."""

    verify_wanted = Signal(str)
    remove_wanted = Signal(str)
    folder_wanted = Signal()
    move_wanted = Signal()
    import_wanted = Signal(str)  # which model it is, "" to be recognised
    take_in_wanted = Signal(object, str)  # a Path, and the same
    stop_wanted = Signal()

    def __init__(self, stock: Stock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Models"))
        self.resize(106 * GRID, 66 * GRID)
        self._stock = stock
        self._checking = ""  # the name of the model whose files are being read
        self._read_all = False  # of the model that is being checked
        self._checked: dict[str, str] = {}  # what checks found since the dialog is there, "" all whole
        self._given: tuple[Path, str] | None = None  # what is to be taken in, and as which model
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Models"))
        self.list.currentItemChanged.connect(self._show)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        mark(self.list, "framed", on=True)
        mark(self.list, "rows", on=True)
        self.details, self.strip = ModelDetails(), FetchStrip()
        self.state, self.work = quiet(), quiet()
        self.bar, self.work_bar = _bar(self.tr("Progress of the check")), _bar(self.tr("Progress"))
        self._make_buttons()
        self.question = InlineQuestion(self.tr("Remove"), self.tr("Keep"))
        self.import_question = InlineQuestion(self.tr("Move them in"), self.tr("Not now"))
        self._lay_out()
        self._connect()
        self._end_work()

    def watch(self, jobs: Jobs) -> None:
        """Follows the models, what is done about them, and what is on its way."""
        self._jobs = jobs
        self._stock.changed.connect(self._follow)
        self._stock.checking.connect(self._progress)
        self._stock.fetching.connect(self._show_fetch)
        jobs.changed.connect(self._look_at_job)
        self._follow()

    @property
    def chosen(self) -> ModelInfo | None:
        """The model that the details are about."""
        name = self.chosen_name
        return next((model for model in self._stock.models if name and model.name == name), None)

    @property
    def chosen_name(self) -> str:
        item = self.list.currentItem()
        return str(item.data(NAME) or "") if item is not None else ""

    @Slot(object, str)
    def ask_about_import(self, path: Path, name: str) -> None:
        """Files were chosen: where they are to be in the end is asked here."""
        self._given = (path, name)
        self.import_question.ask(
            self.tr(
                "Move the model of {0} into the folder of models? A Hugging Face cache stays as it is."
            ).format(path)
        )

    def _make_buttons(self) -> None:
        self.verify_button = push_button(
            self.tr("Check the files"), self.tr("Reads every file and compares its checksum (SHA-256)")
        )
        self.remove_button = push_button(self.tr("Remove …"))
        self.show_button = push_button(self.tr("Show in folder"), icon_name="folder")
        self.import_button = push_button(
            self.tr("Import …"), self.tr("Models that you have got yourself, as a file or a folder")
        )
        self.folder_button = push_button(
            self.tr("Choose the folder …"), self.tr("Where larger models lie, or will lie")
        )
        self.move_button = push_button(
            self.tr("Move the models …"), self.tr("Brings all of them into another folder")
        )
        self.stop_button = push_button(self.tr("Stop"))
        self.close_button = push_button(self.tr("Close"))

    def _connect(self) -> None:
        self.verify_button.clicked.connect(self._verify)
        self.remove_button.clicked.connect(self._ask)
        self.question.answered.connect(self._remove)
        self.import_question.answered.connect(self._take_in)
        self.show_button.clicked.connect(self._open_folder)
        self.folder_button.clicked.connect(self.folder_wanted)
        self.move_button.clicked.connect(self.move_wanted)
        self.stop_button.clicked.connect(self.stop_wanted)
        self.import_button.clicked.connect(partial(self.import_wanted.emit, ""))
        self.strip.import_wanted.connect(self.import_wanted)
        self.close_button.clicked.connect(self.close)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(GRID)
        left.addWidget(self.list, 1)
        left.addWidget(quiet(self.tr("Nothing is fetched before you ask for it.")))
        left.addWidget(self.work)
        left.addWidget(self.work_bar)
        left.addWidget(self.stop_button)
        for button in (self.import_button, self.folder_button, self.move_button):
            left.addWidget(button)
        right = QVBoxLayout()
        right.setSpacing(GRID)
        for part in (self.details, self.state, self.bar, self.question, self.strip, self.import_question):
            right.addWidget(part, 1 if part is self.details else 0)
        foot = QHBoxLayout()
        own = (self.verify_button, self.show_button, self.remove_button)
        for button in own:
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        right.addLayout(foot)
        for button in (
            *own,
            self.import_button,
            self.folder_button,
            self.move_button,
            self.stop_button,
            self.close_button,
        ):
            button.setAutoDefault(False)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        whole.setSpacing(2 * GRID)
        whole.addLayout(left, 3)
        whole.addLayout(right, 6)

    @Slot()
    def _follow(self) -> None:
        """The list anew, with the same model chosen where it is still there."""
        before = self.chosen_name
        if self._read_all:
            self._end_check()
        self.question.withdraw()
        self.list.blockSignals(True)
        self.list.clear()
        for model in self._stock.models:
            self.list.addItem(self._row(model))
        names = [model.name for model in self._stock.models]
        self.list.setCurrentRow(names.index(before) if before in names else 0)
        self.list.blockSignals(False)
        self._show()

    def _row(self, model: ModelInfo) -> QListWidgetItem:
        problem = model.problem or self._checked.get(model.name, "")
        sign = "error" if problem else "info" if model.offer is None else "plus"
        item = QListWidgetItem(icon(sign), model.title)
        item.setData(NAME, model.name)
        absent = self.tr("Not on this computer: {0}").format(model.purpose)
        item.setToolTip(problem or (model.purpose if model.offer is None else absent))
        return item

    @Slot()
    def _show(self) -> None:
        model = self.chosen
        here = model is not None and model.offer is None
        self.question.withdraw()
        for button in (self.verify_button, self.show_button, self.remove_button):
            button.setVisible(here or model is None)
            button.setEnabled(here)
        self.verify_button.setEnabled(here and not self._checking)
        self.bar.setVisible(bool(self._checking) and model is not None and model.name == self._checking)
        self.state.setVisible(here)
        self._show_fetch()
        if model is None:
            return
        self.details.show_model(model)
        self.remove_button.setEnabled(here and not model.embedded)
        self.remove_button.setToolTip(self._why_removed(model))
        self._say(model)

    def _why_removed(self, model: ModelInfo) -> str:
        if model.embedded:
            return self.tr("It belongs to the program")
        return self.tr("It stays in the cache") if model.in_place else self.tr("Deletes its folder")

    @Slot()
    def _show_fetch(self) -> None:
        model = self.chosen
        name = model.name if model is not None else ""
        fetches = self._stock.fetches
        self.strip.show_model(model, fetches.get(name), busy=name in fetches)

    def _say(self, model: ModelInfo) -> None:
        problem = model.problem or self._checked.get(model.name, "")
        mark(self.state, "quiet", on=not problem)
        if model.name == self._checking:
            self.state.setText(self.tr("Reading every file …"))
        elif problem:
            self.state.setText(self.tr("Not in order: {0}").format(problem))
        elif model.name in self._checked:
            self.state.setText(self.tr("Every file is whole."))
        else:
            self.state.setText(self.tr("All files are there; their content was not checked yet."))

    @Slot()
    def _verify(self) -> None:
        if model := self.chosen:
            self._checking, self._read_all = model.name, False
            self._checked.pop(model.name, None)
            self.bar.setRange(0, 0)
            self._show()
            self.verify_wanted.emit(model.name)

    @Slot(object)
    def _progress(self, progress: Progress) -> None:
        """Of the check, or of work that concerns no model of the list, or all of them."""
        if not self._checking:
            self.work.setText(progress_words(progress))
            for part in (self.work, self.work_bar, self.stop_button):
                part.show()
        bar = self.bar if self._checking else self.work_bar
        self._read_all = bool(self._checking) and progress.done >= progress.total
        bar.setRange(0, 1000)
        bar.setValue(round(1000 * progress.done / max(progress.total, 1)))

    def _end_check(self) -> None:
        """A list that comes after the last byte was read tells what the check found."""
        model = next((model for model in self._stock.models if model.name == self._checking), None)
        if model is not None:
            self._checked[model.name] = model.problem
        self._checking, self._read_all = "", False

    @Slot()
    def _look_at_job(self) -> None:
        """A check that failed or was stopped brings no list: nothing was found out."""
        if self._jobs.has(Stock.MODELS):
            return
        self._end_work()
        if self._checking:
            self._checking, self._read_all = "", False
            self._show()

    def _end_work(self) -> None:
        for part in (self.work, self.work_bar, self.stop_button):
            part.hide()

    @Slot()
    def _ask(self) -> None:
        if model := self.chosen:
            size = words.bytes(model.bytes_on_disk)
            question = self.tr("Remove {0} and its folder {1} ({2})?")
            if model.in_place:
                question = self.tr("Use {0} no longer? It stays in the cache {1} ({2}).")
            self.question.ask(question.format(model.title, model.folder, size))

    @Slot(bool)
    def _remove(self, yes: bool) -> None:
        model = self.chosen
        if yes and model is not None:
            self.remove_wanted.emit(model.name)
        self.remove_button.setFocus()

    @Slot(bool)
    def _take_in(self, yes: bool) -> None:
        if yes and self._given is not None:
            self.take_in_wanted.emit(*self._given)
        self._given = None

    @Slot()
    def _open_folder(self) -> None:
        if model := self.chosen:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(model.folder)))


def _bar(name: str) -> QProgressBar:
    bar = QProgressBar()
    bar.setTextVisible(False)
    bar.setAccessibleName(name)
    return bar
