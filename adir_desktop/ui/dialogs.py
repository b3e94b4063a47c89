"""The questions that interrupt a person, with Qt's own dialogs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QInputDialog, QLineEdit, QMessageBox, QWidget

from adir_desktop.ui.picture_files import READABLE, WRITABLE, patterns

PHOTOS = patterns(READABLE)
PRESETS = "*.safetensors"
MODELS = "*.pt *.pth *.safetensors model_index.json open_clip_config.json"


class QtDialogs(QObject):
    """`ports.Dialogs`, over the window they belong to."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent

    def open_photos(self, folder: str) -> tuple[Path, ...]:
        kinds = f"{self.tr('Photos ({0})').format(PHOTOS)};;{self.tr('All files (*)')}"
        start = folder or QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        names, _ = QFileDialog.getOpenFileNames(self._parent, self.tr("Open photos"), start, kinds)
        return tuple(map(Path, names))

    def open_preset(self, folder: str) -> Path | None:
        return self._open(self.tr("Choose a preset"), folder, self.tr("Presets ({0})").format(PRESETS))

    def open_kernel(self, folder: str) -> Path | None:
        kinds = self.tr("Pictures ({0})").format(PHOTOS)
        return self._open(self.tr("Choose a picture of the blur"), folder, kinds)

    def open_mask(self, folder: str) -> Path | None:
        kinds = self.tr("Pictures ({0})").format(PHOTOS)
        return self._open(self.tr("Choose a mask: white is damaged"), folder, kinds)

    def open_model(self) -> Path | None:
        """A checkpoint, or the file that stands for a model's whole folder."""
        kinds = self.tr("Models ({0})").format(MODELS)
        return self._open(self.tr("Choose a checkpoint, or the JSON file of a model's folder"), "", kinds)

    def open_folder(self, folder: str) -> Path | None:
        title = self.tr("Choose a folder of photos")
        return _path(QFileDialog.getExistingDirectory(self._parent, title, folder))

    def open_library(self, folder: str) -> Path | None:
        title = self.tr("Choose the folder of a library")
        return _path(QFileDialog.getExistingDirectory(self._parent, title, folder))

    def save_picture(self, suggestion: Path) -> Path | None:
        kinds = self.tr("Pictures ({0})").format(patterns(WRITABLE))
        return self._save(self.tr("Save the restored photo"), suggestion, kinds)

    def save_preset(self, suggestion: Path) -> Path | None:
        return self._save(self.tr("Save the preset"), suggestion)

    def save_mask(self, suggestion: Path) -> Path | None:
        return self._save(self.tr("Save the mask"), suggestion)

    def save_diagnostics(self, suggestion: Path) -> Path | None:
        return self._save(self.tr("Save the diagnostics"), suggestion)

    def name(self, question: str, suggestion: str) -> str | None:
        plain = QLineEdit.EchoMode.Normal
        text, accepted = QInputDialog.getText(self._parent, "ADIR Desktop", question, plain, suggestion)
        return text.strip() or None if accepted else None

    def confirm(self, question: str, detail: str, accept: str) -> bool:
        box = QMessageBox(QMessageBox.Icon.Question, "ADIR Desktop", question, parent=self._parent)
        box.setInformativeText(detail)
        yes = box.addButton(accept, QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.exec()
        return box.clickedButton() is yes

    def _open(self, title: str, folder: str, kinds: str) -> Path | None:
        everything = self.tr("All files (*)")
        name, _ = QFileDialog.getOpenFileName(self._parent, title, folder, f"{kinds};;{everything}")
        return _path(name)

    def _save(self, title: str, suggestion: Path, kinds: str = "") -> Path | None:
        """Without Qt's own question about existing files: it knows only one of those that are written."""
        options = QFileDialog.Option.DontConfirmOverwrite
        everything = self.tr("All files (*)")
        wanted = f"{kinds};;{everything}" if kinds else everything
        name, _ = QFileDialog.getSaveFileName(self._parent, title, str(suggestion), wanted, options=options)
        return _path(name)


def _path(name: str) -> Path | None:
    return Path(name) if name else None
