"""What the prior is adapted to: nothing, similar photos, this photo itself, or a saved preset."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from adir_desktop.ui.forms import FIELD_HEIGHT, add_row, form, heading, push_button, quiet
from adir_desktop.ui.session import Session
from adir_desktop.ui.theme import GRID, LABEL_WIDTH


class AdaptPanel(QWidget):
    """The choice, and what it needs: a library or a preset file."""

    folder_wanted = Signal()
    preset_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.choice = QComboBox()
        for name, title in (
            ("none", self.tr("Nothing")),
            ("neighbours", self.tr("Similar photos")),
            ("self", self.tr("This photo itself")),
            ("preset", self.tr("A saved preset")),
        ):
            self.choice.addItem(title, name)
        self.library = QComboBox()
        self.add_folder = push_button(self.tr("Add a folder …"), icon_name="folder")
        self.preset = push_button(self.tr("Choose a preset …"))
        self.baseline = QCheckBox(self.tr("Also restore without adapting, to compare"))
        self.note = quiet()
        self._lay_out()
        self._name_parts()
        self.choice.activated.connect(self._choose)
        self.library.activated.connect(self._choose_library)
        self.baseline.toggled.connect(self._choose_baseline)
        self.add_folder.clicked.connect(self.folder_wanted)
        self.preset.clicked.connect(self.preset_wanted)

    def watch(self) -> None:
        """Follows the session."""
        self._session.values_changed.connect(self._follow)
        self._session.engine_changed.connect(self._new_libraries)
        self._new_libraries()
        self._follow()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        top = QHBoxLayout()
        top.setSpacing(GRID)
        title = heading(self.tr("Adapt to"))
        title.setMinimumWidth(LABEL_WIDTH)
        title.setBuddy(self.choice)
        self.choice.setMinimumHeight(FIELD_HEIGHT)
        top.addWidget(title)
        top.addWidget(self.choice, 1)
        column.addLayout(top)
        self._needs = QWidget()
        self._form = form(self._needs)
        add_row(self._form, self.tr("Library"), self.library)
        self._form.addRow(self.add_folder)
        self._form.addRow(self.preset)
        column.addWidget(self._needs)
        column.addWidget(self.baseline)
        column.addWidget(self.note)

    def _name_parts(self) -> None:
        self.choice.setAccessibleName(self.tr("Adapt to"))
        self.choice.setToolTip(self.tr("Few-shot fine-tuning of the model (LoRA) before restoring"))
        self.library.setAccessibleName(self.tr("Library of photos"))
        self.add_folder.setToolTip(
            self.tr("Makes a library of a folder of your photos; they stay where they are")
        )
        self.baseline.setToolTip(self.tr("The same seed, so that adapting is the only difference"))

    @Slot()
    def _choose(self) -> None:
        self._session.change(replace(self._session.values, adapt=self.choice.currentData()))

    @Slot()
    def _choose_library(self) -> None:
        self._session.change(replace(self._session.values, library=self.library.currentData()))

    @Slot(bool)
    def _choose_baseline(self, on: bool) -> None:
        self._session.change(replace(self._session.values, baseline=on))

    @Slot()
    def _new_libraries(self) -> None:
        self.library.clear()
        for known in self._session.libraries:
            self.library.addItem(
                self.tr("{0} · {1} photos").format(known.name, f"{known.photos:,}"), known.name
            )
            self.library.setItemData(self.library.count() - 1, "\n".join(map(str, known.folders)), 3)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        values = self._session.values
        neighbours, preset = values.adapt == "neighbours", values.adapt == "preset"
        self.choice.setCurrentIndex(self.choice.findData(values.adapt))
        self.library.setCurrentIndex(self.library.findData(values.library))
        self.baseline.setChecked(values.baseline)
        self._needs.setVisible(neighbours or preset)
        self._form.setRowVisible(self.library, neighbours and bool(self._session.libraries))
        self._form.setRowVisible(self.add_folder, neighbours)
        self._form.setRowVisible(self.preset, preset)
        self.preset.setText(values.preset.name if values.preset else self.tr("Choose a preset …"))
        self.baseline.setVisible(values.adapt != "none")
        self.note.setText(self._explanation())

    def _explanation(self) -> str:
        return {
            "none": self.tr("The model is used as it is."),
            "neighbours": self.tr(
                "The model first learns from the photos of your library most like this one."
            ),
            "self": self.tr("The model first learns from this photo alone."),
            "preset": self.tr("What was learnt for an earlier photo is used again."),
        }[self._session.values.adapt]
