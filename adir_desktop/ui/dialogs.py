"""The questions that interrupt a person, with Qt's own dialogs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

PHOTOS = "*.png *.jpg *.jpeg *.tif *.tiff *.webp *.bmp *.heic *.heif"
PRESETS = "*.safetensors"


class QtDialogs:
    """`ports.Dialogs`, over the window they belong to."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent

    def open_photo(self, folder: str) -> Path | None:
        tr = self._parent.tr
        return self._open(tr("Open a photo"), folder, tr("Photos ({0})").format(PHOTOS))

    def open_preset(self, folder: str) -> Path | None:
        tr = self._parent.tr
        return self._open(tr("Choose a preset"), folder, tr("Presets ({0})").format(PRESETS))

    def open_kernel(self, folder: str) -> Path | None:
        tr = self._parent.tr
        return self._open(tr("Choose a picture of the blur"), folder, tr("Pictures ({0})").format(PHOTOS))

    def open_folder(self, folder: str) -> Path | None:
        title = self._parent.tr("Choose a folder of photos")
        return _path(QFileDialog.getExistingDirectory(self._parent, title, folder))

    def save_picture(self, suggestion: Path) -> Path | None:
        return self._save(self._parent.tr("Save the restored photo"), suggestion)

    def save_preset(self, suggestion: Path) -> Path | None:
        return self._save(self._parent.tr("Save the preset"), suggestion)

    def confirm(self, question: str, detail: str, accept: str) -> bool:
        box = QMessageBox(QMessageBox.Icon.Question, "ADIR Desktop", question, parent=self._parent)
        box.setInformativeText(detail)
        yes = box.addButton(accept, QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.exec()
        return box.clickedButton() is yes

    def _open(self, title: str, folder: str, kinds: str) -> Path | None:
        everything = self._parent.tr("All files (*)")
        name, _ = QFileDialog.getOpenFileName(self._parent, title, folder, f"{kinds};;{everything}")
        return _path(name)

    def _save(self, title: str, suggestion: Path) -> Path | None:
        """Without Qt's own question about existing files: it knows only one of those that are written."""
        options = QFileDialog.Option.DontConfirmOverwrite
        name, _ = QFileDialog.getSaveFileName(self._parent, title, str(suggestion), options=options)
        return _path(name)


def _path(name: str) -> Path | None:
    return Path(name) if name else None
