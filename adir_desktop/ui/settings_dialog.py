"""The settings: each takes effect at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from adir_desktop.settings import Settings
from adir_desktop.ui.forms import add_row, choose_data, form, line, push_button, quiet, set_checked
from adir_desktop.ui.theme import GRID

Language = tuple[str, str]  # its code, and its own name for itself
SHOWN = (  # what this dialog is about
    *("language", "theme", "notify", "device", "models_folder", "autosave"),
    *("offline", "endpoint", "proxy"),
)


class SettingsDialog(QDialog):
    """changed tells the settings as a whole, with one of them new."""

    changed = Signal(object)  # Settings
    folder_wanted = Signal()

    def __init__(
        self, settings: Settings, languages: Sequence[Language] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.setMinimumWidth(66 * GRID)
        self._settings = self._started = settings
        self.language = _combo((("", self.tr("As the system has it")), *languages))
        self.theme = _combo(
            (
                ("system", self.tr("As the system has it")),
                ("light", self.tr("Light")),
                ("dark", self.tr("Dark")),
            )
        )
        self.device = _combo(
            (
                ("auto", self.tr("The fastest there is")),
                ("cpu", self.tr("Processor")),
                ("cuda", self.tr("NVIDIA graphics card")),
            )
        )
        self.notify = QCheckBox(self.tr("Say when a job ends and the window is not in front"))
        self.autosave = QCheckBox(self.tr("Keep photos, masks and results for the next start"))
        self.offline = QCheckBox(self.tr("Stay offline: never fetch a model"))
        self.endpoint = _address("https://huggingface.co")
        self.proxy = _address(self.tr("as the system has it"))
        self.folder = QLabel()
        self.folder_button = push_button(self.tr("Choose …"))
        self.folder_button.clicked.connect(self.folder_wanted)
        self.restart = quiet(self.tr("The language changes when you start the program again."))
        self._lay_out()
        self.show_values(settings)
        self._watch()

    def show_values(self, settings: Settings) -> None:
        """Shows settings that came from elsewhere, such as a folder that was chosen."""
        self._settings = settings
        choose_data(self.language, settings.language)
        choose_data(self.theme, settings.theme)
        choose_data(self.device, settings.device)
        set_checked(self.notify, on=settings.notify)
        set_checked(self.autosave, on=settings.autosave)
        set_checked(self.offline, on=settings.offline)
        for field, text in ((self.endpoint, settings.endpoint), (self.proxy, settings.proxy)):
            if field.text() != text:
                field.setText(text)
            field.setEnabled(not settings.offline)
        folder = settings.models_folder
        shown = Path(folder).name or folder
        self.folder.setText(shown if folder else self.tr("Beside the libraries"))
        self.folder.setToolTip(folder)
        self.restart.setVisible(settings.language != self._started.language)
        defaults = Settings()
        self.reset_button.setEnabled(
            any(getattr(settings, name) != getattr(defaults, name) for name in SHOWN)
        )

    def _watch(self) -> None:
        for signal in (
            self.language.activated,
            self.theme.activated,
            self.device.activated,
            self.notify.toggled,
            self.autosave.toggled,
            self.offline.toggled,
            self.endpoint.editingFinished,
            self.proxy.editingFinished,
        ):
            signal.connect(self._take)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        fields = QWidget()
        layout = form(fields)
        add_row(layout, self.tr("Language"), self.language)
        layout.addRow("", self.restart)
        add_row(layout, self.tr("Appearance"), self.theme)
        add_row(layout, self.tr("Compute with"), self.device)
        folder = QWidget()
        row = QHBoxLayout(folder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.folder, 1)
        row.addWidget(self.folder_button)
        add_row(layout, self.tr("Larger models in"), folder)
        self.folder_button.setAccessibleName(self.tr("Choose the folder of larger models"))
        add_row(layout, self.tr("Model server"), self.endpoint)
        add_row(layout, self.tr("Proxy"), self.proxy)
        layout.addRow("", self.offline)
        column.addWidget(fields)
        column.addWidget(line())
        column.addWidget(self.autosave)
        column.addWidget(
            quiet(self.tr("After a crash or a power cut, the next start brings all of it back."))
        )
        column.addWidget(self.notify)
        column.addStretch(1)
        self.reset_button = push_button(self.tr("Reset"), self.tr("All of these as they were at first"))
        self.reset_button.clicked.connect(self._reset)
        close = push_button(self.tr("Close"))
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addWidget(self.reset_button)
        foot.addStretch(1)
        foot.addWidget(close)
        column.addLayout(foot)
        for button in (self.folder_button, self.reset_button, close):
            button.setAutoDefault(False)

    @Slot()
    def _take(self) -> None:
        self._change(
            replace(
                self._settings,
                language=self.language.currentData(),
                theme=self.theme.currentData(),
                device=self.device.currentData(),
                notify=self.notify.isChecked(),
                autosave=self.autosave.isChecked(),
                offline=self.offline.isChecked(),
                endpoint=self.endpoint.text().strip(),
                proxy=self.proxy.text().strip(),
            )
        )

    @Slot()
    def _reset(self) -> None:
        """What the dialog does not show stays: recent photos, folders, the window's place."""
        first = Settings()
        self._change(replace(self._settings, **{name: getattr(first, name) for name in SHOWN}))

    def _change(self, settings: Settings) -> None:
        if settings != self._settings:
            self.show_values(settings)
            self.changed.emit(settings)


def _address(unset: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(unset)
    return field


def _combo(choices: Sequence[tuple[str, str]]) -> QComboBox:
    combo = QComboBox()
    for data, words in choices:
        combo.addItem(words, data)
    return combo
