"""The models of this machine: what for, how large, under which licence, whole or not."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from adir_desktop.contract import ModelInfo, Progress
from adir_desktop.ui import words
from adir_desktop.ui.forms import form, heading, push_button, quiet
from adir_desktop.ui.inline_question import InlineQuestion
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.stock import Stock
from adir_desktop.ui.theme import GRID, icon, mark

NAME = Qt.ItemDataRole.UserRole


class ModelsDialog(QDialog):
    """A list, and what there is to know and do about the one that is chosen in it."""

    verify_wanted = Signal(str)
    remove_wanted = Signal(str)
    folder_wanted = Signal()

    def __init__(self, stock: Stock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Models"))
        self.resize(100 * GRID, 62 * GRID)
        self._stock = stock
        self._checking = ""  # the name of the model whose files are being read
        self._read_all = False  # of the model that is being checked
        self._checked: dict[str, str] = {}  # what checks found since the dialog is there, "" all whole
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Models"))
        self.list.currentItemChanged.connect(self._show)
        mark(self.list, "framed", on=True)
        mark(self.list, "rows", on=True)
        self._fields = {name: _field() for name in ("purpose", "size", "licence", "folder")}
        self.state = quiet()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of the check"))
        self.licence = QTextEdit()
        self.licence.setReadOnly(True)
        self.licence.setAccessibleName(self.tr("The licence in full"))
        mark(self.licence, "framed", on=True)
        self.verify_button = push_button(
            self.tr("Check the files"), self.tr("Reads every file and compares its checksum (SHA-256)")
        )
        self.remove_button = push_button(self.tr("Remove …"))
        self.show_button = push_button(self.tr("Show in folder"), icon_name="folder")
        self.folder_button = push_button(
            self.tr("Choose the folder …"), self.tr("Where larger models lie, or will lie")
        )
        self.question = InlineQuestion(self.tr("Remove"), self.tr("Keep"))
        self._lay_out()
        self._connect()

    def watch(self, jobs: Jobs) -> None:
        """Follows the models, and the check that is under way."""
        self._jobs = jobs
        self._stock.changed.connect(self._follow)
        self._stock.checking.connect(self._progress)
        jobs.changed.connect(self._look_at_job)
        self._follow()

    @property
    def chosen(self) -> ModelInfo | None:
        """The model that the details are about."""
        item = self.list.currentItem()
        name = item.data(NAME) if item is not None else None
        return next((model for model in self._stock.models if model.name == name), None)

    def _connect(self) -> None:
        self.verify_button.clicked.connect(self._verify)
        self.remove_button.clicked.connect(self._ask)
        self.question.answered.connect(self._remove)
        self.show_button.clicked.connect(self._open_folder)
        self.folder_button.clicked.connect(self.folder_wanted)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(GRID)
        left.addWidget(self.list, 1)
        left.addWidget(quiet(self.tr("Those that came with the program need no network.")))
        left.addWidget(self.folder_button)
        right = QVBoxLayout()
        right.setSpacing(GRID)
        self._title = heading("")
        right.addWidget(self._title)
        right.addWidget(self._details())
        right.addWidget(self.licence, 1)
        right.addWidget(self.state)
        right.addWidget(self.bar)
        right.addWidget(self.question)
        foot = QHBoxLayout()
        close = push_button(self.tr("Close"))
        close.clicked.connect(self.close)
        for button in (self.verify_button, self.show_button, self.remove_button):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(close)
        right.addLayout(foot)
        for button in (self.verify_button, self.show_button, self.remove_button, self.folder_button, close):
            button.setAutoDefault(False)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        whole.setSpacing(2 * GRID)
        whole.addLayout(left, 2)
        whole.addLayout(right, 5)

    def _details(self) -> QWidget:
        rows = QWidget()
        layout = form(rows)
        layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        for title, name in (
            (self.tr("For"), "purpose"),
            (self.tr("Size"), "size"),
            (self.tr("Folder"), "folder"),
            (self.tr("Licence"), "licence"),
        ):
            self._fields[name].setAccessibleName(title)
            layout.addRow(title, self._fields[name])
        return rows

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
            problem = model.problem or self._checked.get(model.name, "")
            item = QListWidgetItem(icon("error" if problem else "info"), model.title)
            item.setData(NAME, model.name)
            item.setToolTip(problem or model.purpose)
            self.list.addItem(item)
        names = [model.name for model in self._stock.models]
        self.list.setCurrentRow(names.index(before) if before in names else 0)
        self.list.blockSignals(False)
        self._show()

    @property
    def chosen_name(self) -> str:
        item = self.list.currentItem()
        return str(item.data(NAME)) if item is not None else ""

    @Slot()
    def _show(self) -> None:
        model = self.chosen
        self.question.withdraw()
        for button in (self.show_button, self.remove_button):
            button.setEnabled(model is not None)
        self.verify_button.setEnabled(model is not None and not self._checking)
        self.bar.setVisible(bool(self._checking) and model is not None and model.name == self._checking)
        if model is None:
            return
        short, _, text = model.licence.partition("\n\n")
        self._title.setText(model.title)
        self._fields["purpose"].setText(model.purpose)
        self._fields["size"].setText(words.bytes(model.bytes_on_disk))
        self._fields["folder"].setText(str(model.folder))
        self._fields["licence"].setText(short)
        if text.startswith("#"):  # a model card
            self.licence.setMarkdown(text)
        else:
            self.licence.setPlainText(text)
        self.licence.setVisible(bool(text))
        self.remove_button.setEnabled(not model.embedded)
        self.remove_button.setToolTip(
            self.tr("It belongs to the program") if model.embedded else self.tr("Deletes its folder")
        )
        self._say(model)

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
        self._read_all = progress.done >= progress.total
        self.bar.setRange(0, 1000)
        self.bar.setValue(round(1000 * progress.done / max(progress.total, 1)))

    def _end_check(self) -> None:
        """A list that comes after the last byte was read tells what the check found."""
        model = next((model for model in self._stock.models if model.name == self._checking), None)
        if model is not None:
            self._checked[model.name] = model.problem
        self._checking, self._read_all = "", False

    @Slot()
    def _look_at_job(self) -> None:
        """A check that failed or was stopped brings no list: nothing was found out."""
        if self._checking and not self._jobs.has(Stock.MODELS):
            self._checking, self._read_all = "", False
            self._show()

    @Slot()
    def _ask(self) -> None:
        if model := self.chosen:
            size = words.bytes(model.bytes_on_disk)
            question = self.tr("Remove {0} and its folder {1} ({2})?")
            self.question.ask(question.format(model.title, model.folder, size))

    @Slot(bool)
    def _remove(self, yes: bool) -> None:
        model = self.chosen
        if yes and model is not None:
            self.remove_wanted.emit(model.name)
        self.remove_button.setFocus()

    @Slot()
    def _open_folder(self) -> None:
        if model := self.chosen:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(model.folder)))


def _field() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return label
