"""Presets to and from other programs: the forms to export in, and the model of a LoRA that does not name its own."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QMenu, QPushButton

from adir_desktop.contract import Choice, PresetInfo
from adir_desktop.ui.forms import FIELD_HEIGHT
from adir_desktop.ui.inline_question import InlineQuestion
from adir_desktop.ui.remarks import said


class ExportButton(QPushButton):
    """A menu of forms; those that mean nothing for a preset are off."""

    wanted = Signal(str, bool)  # the form, and whether with the small picture of the photo

    def __init__(self) -> None:
        super().__init__(self.tr("Export"))
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        self._forms: dict[str, QAction] = {}
        for form, words in (
            ("adir", self.tr("For ADIR Desktop: one file …")),
            ("diffusers", self.tr("For diffusers: one file …")),
            ("kohya", self.tr("For ComfyUI, A1111 and kohya: one file …")),
            ("peft", self.tr("For peft: a folder …")),
        ):
            action = menu.addAction(words)
            action.setData(form)
            action.triggered.connect(partial(self._want, form))
            self._forms[form] = action
        menu.addSeparator()
        self.thumbnail = menu.addAction(self.tr("With the small picture of the photo"))
        self.thumbnail.setCheckable(True)
        self.thumbnail.setToolTip(self.tr("Whoever gets the file sees the photo in small"))
        self.setMenu(menu)

    def offer(self, preset: PresetInfo | None) -> None:
        """What makes sense for a preset."""
        self.setEnabled(preset is not None and not preset.problem)
        for form, action in self._forms.items():
            known = preset is not None and form in preset.forms
            action.setEnabled(known)
            action.setToolTip("" if known else self.tr("Only presets of Stable Diffusion have this form"))

    def _want(self, form: str, _checked: bool = False) -> None:
        self.wanted.emit(form, self.thumbnail.isChecked())


class BaseQuestion(InlineQuestion):
    """Asks which model a LoRA belongs to."""

    chosen = Signal(object, str)  # its file, the model's name

    def __init__(self) -> None:
        super().__init__(self.tr("Import"), self.tr("Cancel"))
        self._path = Path()
        self.choice = QComboBox()
        self.choice.setMinimumHeight(FIELD_HEIGHT)
        self.choice.setAccessibleName(self.tr("The model it was made for"))
        self.put_in(self.choice)
        self.answered.connect(self._answered)

    def ask_for(self, path: Path, priors: tuple[Choice, ...]) -> None:
        """About one file; priors: the models there are."""
        self._path = path
        self.choice.clear()
        for prior in priors:
            self.choice.addItem(said(prior.title), prior.name)
        self.choice.setCurrentIndex(
            self.choice.count() - 1
        )  # the starter is first, and other programs know none
        self.ask(self.tr("{0} does not say which model it was made for.").format(path.name))
        self.choice.setFocus()

    @Slot(bool)
    def _answered(self, yes: bool) -> None:
        if yes and self.choice.currentData() is not None:
            self.chosen.emit(self._path, self.choice.currentData())
