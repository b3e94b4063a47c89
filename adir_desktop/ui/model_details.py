"""All there is to know of one model, in rows, with its licence in full."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QTextEdit, QVBoxLayout, QWidget

from adir_desktop.model_info import ModelInfo
from adir_desktop.ui import words
from adir_desktop.ui.forms import form, heading
from adir_desktop.ui.theme import GRID, mark


class ModelDetails(QWidget):
    """fields: the words beside each row's name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = heading("")
        self.fields = {name: _field() for name in ("purpose", "size", "memory", "folder", "licence")}
        self.licence = QTextEdit()
        self.licence.setReadOnly(True)
        self.licence.setAccessibleName(self.tr("The licence in full"))
        mark(self.licence, "framed", on=True)
        rows = QWidget()
        self._rows = form(rows)
        self._rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        for title, name in (
            (self.tr("For"), "purpose"),
            (self.tr("Size"), "size"),
            (self.tr("Memory"), "memory"),
            (self.tr("Folder"), "folder"),
            (self.tr("Licence"), "licence"),
        ):
            self.fields[name].setAccessibleName(title)
            self._rows.addRow(title, self.fields[name])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self._title)
        column.addWidget(rows)
        column.addWidget(self.licence, 1)

    def show_model(self, model: ModelInfo) -> None:
        """A model, installed or not."""
        short, _, text = model.licence.partition("\n\n")
        self._title.setText(model.title)
        self.fields["purpose"].setText(model.purpose)
        self.fields["size"].setText(self._size(model))
        self.fields["memory"].setText(self.tr("about {0}").format(words.bytes(model.memory)))
        self._rows.setRowVisible(self.fields["memory"], model.memory > 0)
        self.fields["folder"].setText(self._place(model))
        self._rows.setRowVisible(self.fields["folder"], model.offer is None)
        self.fields["licence"].setText(short)
        if text.startswith("#"):  # a model card
            self.licence.setMarkdown(text)
        else:
            self.licence.setPlainText(text)
        self.licence.setVisible(bool(text))

    def _size(self, model: ModelInfo) -> str:
        if model.offer is None:
            return words.bytes(model.bytes_on_disk)
        if not model.offer.bytes:
            return self.tr("told before anything is fetched")
        return self.tr("about {0}").format(words.bytes(model.offer.bytes))

    def _place(self, model: ModelInfo) -> str:
        used = self.tr("{0} (a Hugging Face cache, used in place)")
        return used.format(model.folder) if model.in_place else str(model.folder)


def _field() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return label
