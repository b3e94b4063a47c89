"""What the prior is adapted to: nothing, similar photos, this photo itself, or saved presets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QPixmap, QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QWidget

from adir_desktop.contract import TASKS, PresetInfo
from adir_desktop.ui import words
from adir_desktop.ui.applied_presets import AppliedPresets
from adir_desktop.ui.forms import (
    FIELD_HEIGHT,
    add_row,
    choose_data,
    column,
    form,
    heading,
    push_button,
    quiet,
    set_checked,
)
from adir_desktop.ui.requests import chosen_too
from adir_desktop.ui.session import Session
from adir_desktop.ui.sources import Sources
from adir_desktop.ui.stock import Stock
from adir_desktop.ui.theme import GRID, LABEL_WIDTH

TOOL_TIP = Qt.ItemDataRole.ToolTipRole


class AdaptPanel(QWidget):
    """The choice, and what it needs: libraries or presets."""

    folder_wanted = Signal()
    libraries_wanted = Signal()
    preset_wanted = Signal()  # from a file

    def __init__(self, session: Session, stock: Stock | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._stock = session, stock
        self.choice = QComboBox()
        for name, title in (
            ("none", self.tr("Nothing")),
            ("neighbours", self.tr("Similar photos")),
            ("self", self.tr("This photo itself")),
            ("preset", self.tr("Saved presets")),
        ):
            self.choice.addItem(title, name)
        self.sources = Sources(session)
        self.add_folder = push_button(self.tr("Add a folder …"), icon_name="folder")
        self.libraries = push_button(self.tr("Libraries …"))
        self.applied = AppliedPresets(session)
        self.presets = QComboBox()
        self._offered: tuple[PresetInfo, ...] = ()
        self.preset_file = push_button(self.tr("From a file …"))
        self.baseline = QCheckBox(self.tr("Also restore without adapting, to compare"))
        self.note = quiet()
        self._lay_out()
        self._name_parts()
        self._connect()

    def watch(self) -> None:
        """Follows the session and the stored presets."""
        self._session.values_changed.connect(self._follow)
        self._session.engine_changed.connect(self._follow)
        if self._stock is not None:
            self._stock.changed.connect(self._offer_presets)
        self.sources.watch()
        self.applied.watch()
        self._offer_presets()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GRID)
        title = heading(self.tr("Adapt to"))
        title.setMinimumWidth(LABEL_WIDTH)
        title.setBuddy(self.choice)
        self.choice.setMinimumHeight(FIELD_HEIGHT)
        top.addWidget(title)
        top.addWidget(self.choice, 1)
        whole = column(self)
        whole.addLayout(top)
        self._libraries, self._preset = QWidget(), QWidget()
        libraries = column(self._libraries, self.sources)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self.add_folder, 1)
        buttons.addWidget(self.libraries, 1)
        libraries.addLayout(buttons)
        preset = form(self._preset)
        preset.addRow(self.applied)
        add_row(preset, self.tr("Preset"), self.presets)
        preset.addRow(self.preset_file)
        for part in (self._libraries, self._preset, self.baseline, self.note):
            whole.addWidget(part)

    def _name_parts(self) -> None:
        self.choice.setAccessibleName(self.tr("Adapt to"))
        self.choice.setToolTip(self.tr("Few-shot fine-tuning of the model (LoRA) before restoring"))
        self.presets.setToolTip(self.tr("LoRA weights adapted for an earlier photo"))
        self.presets.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.add_folder.setToolTip(
            self.tr("Makes a library of a folder of your photos; they stay where they are")
        )
        self.libraries.setToolTip(self.tr("Shows, updates and removes libraries"))
        self.preset_file.setToolTip(self.tr("A preset that somebody sent, or one kept elsewhere"))
        self.baseline.setToolTip(self.tr("The same seed, so that adapting is the only difference"))

    def _connect(self) -> None:
        self.choice.activated.connect(self._choose)
        self.presets.activated.connect(self._choose_preset)
        self.baseline.toggled.connect(self._choose_baseline)
        self.add_folder.clicked.connect(self.folder_wanted)
        self.libraries.clicked.connect(self.libraries_wanted)
        self.preset_file.clicked.connect(self.preset_wanted)

    @Slot()
    def _choose(self) -> None:
        self._session.change(replace(self._session.values, adapt=self.choice.currentData()))

    @Slot()
    def _choose_preset(self) -> None:
        chosen = chosen_too(self._session.values.presets, Path(self.presets.currentData()))
        self._session.change(replace(self._session.values, presets=chosen))

    @Slot(bool)
    def _choose_baseline(self, on: bool) -> None:
        self._session.change(replace(self._session.values, baseline=on))

    @Slot()
    def _offer_presets(self) -> None:
        """Those of the store that are not chosen yet."""
        stored = self._stock.presets if self._stock is not None else ()
        self._offered = tuple(item for item in stored if item.path not in self._chosen())
        with QSignalBlocker(self.presets):
            self.presets.clear()
            for preset in self._offered:
                self._add_preset(preset)
            self.presets.setCurrentIndex(-1)
        self._follow()

    def _chosen(self) -> set[Path]:
        return {each.path for each in self._session.values.presets}

    def _add_preset(self, preset: PresetInfo) -> None:
        """One that cannot be used stays in sight, with the reason."""
        picture = QPixmap()
        picture.loadFromData(preset.thumbnail)
        self.presets.addItem(QIcon(picture), preset.name, str(preset.path))
        row = self.presets.count() - 1
        task = words.task_words(preset.task).title if preset.task in TASKS else ""
        says = (part for part in (preset.problem, task, preset.recipe, preset.created) if part)
        self.presets.setItemData(row, "\n".join(says), TOOL_TIP)
        model = self.presets.model()
        if preset.problem and isinstance(model, QStandardItemModel):
            model.item(row).setEnabled(False)

    @Slot()
    def _follow(self) -> None:
        values = self._session.values
        stored = self._stock.presets if self._stock is not None else ()
        if self._offered != tuple(item for item in stored if item.path not in self._chosen()):
            self._offer_presets()
            return
        choose_data(self.choice, values.adapt)
        set_checked(self.baseline, on=values.baseline)
        self._libraries.setVisible(values.adapt == "neighbours")
        self._preset.setVisible(values.adapt == "preset")
        self.libraries.setVisible(bool(self._session.libraries))
        self.presets.setEnabled(self.presets.count() > 0)
        self.presets.setPlaceholderText(self.tr("One more …") if values.presets else self.tr("None chosen"))
        self.baseline.setVisible(values.adapt != "none")
        self.note.setText(self._explanation())

    def _explanation(self) -> str:
        return {
            "none": self.tr("The model is used as it is."),
            "neighbours": self.tr(
                "The model first learns from the photos of your libraries most like this one."
            ),
            "self": self.tr("The model first learns from this photo alone."),
            "preset": self.tr("What was learnt for earlier photos is used again; several presets add up."),
        }[self._session.values.adapt]
