"""Opening, changing between, pasting, copying and closing photos."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication, QImage

from adir_desktop import places
from adir_desktop.contract import Finished
from adir_desktop.errors import BadInput, StorageError, explain
from adir_desktop.settings import with_recent
from adir_desktop.ui.context import Context
from adir_desktop.ui.desk import Sheet
from adir_desktop.ui.picture_files import local_files
from adir_desktop.ui.ports import Events
from adir_desktop.ui.qt_images import Picture

OF_THE_PHOTO = ("find", "references", "look", "estimate", "select", "scratches", "noise", "fading")


class PhotoCommands(QObject):
    """The photos of the strip."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._context = context
        self._wanted = ""  # id of the photo that was asked for last: one read for longer must not cover it

    @Slot()
    def choose(self) -> None:
        """Asks for photos and opens them."""
        self.open(*self._context.dialogs.open_photos(self._context.settings.open_folder))

    def open(self, *paths: Path) -> None:
        """Opens photos; the last of them ends up on the canvas."""
        if not paths:
            return
        context = self._context
        context.began.emit()
        for path in (one.absolute() for one in paths):
            known = context.desk.at(path)
            if path.is_dir():
                title = self.tr("{0} is a folder.").format(path.name)
                hint = self.tr("Drop photos; folders are added under Library, or restored under File.")
                context.refuse(BadInput(title, hint))
            elif known is not None:
                self.show(known.id)
            else:
                context.ask("open", context.reading(path), self._opened)

    @Slot(str)
    def show(self, sheet_id: str) -> None:
        """Puts an open photo on the canvas, reading it anew where it was let go of."""
        desk = self._context.desk
        sheet = desk.sheet(sheet_id)
        self._wanted = sheet_id
        if sheet is None or sheet is desk.current:
            return
        self._context.began.emit()
        if sheet.picture is not None:
            self._leave()
            desk.put(sheet, sheet.picture)
            return
        self._context.ask("open", self._context.reading(sheet.path), partial(self._read, sheet))

    def step(self, by: int) -> None:
        """To the next photo of the strip, or the one before."""
        sheets, current = self._context.desk.sheets, self._context.desk.current
        if current is not None and len(sheets) > 1:
            self.show(sheets[(sheets.index(current) + by) % len(sheets)].id)

    @Slot(str)
    def close(self, sheet_id: str) -> None:
        """Takes a photo off the strip; asks if results of it would be lost."""
        context = self._context
        sheet = context.desk.sheet(sheet_id)
        if sheet is None or not self._may_lose(sheet):
            return
        context.runs.drop(sheet_id)
        sheets = context.desk.sheets
        at = sheets.index(sheet)
        was_current = sheet is context.desk.current
        if was_current:
            self._leave()
        context.desk.close(sheet_id)
        others = [one for one in sheets if one is not sheet]
        if was_current and others:
            self.show(others[min(at, len(others) - 1)].id)

    @Slot()
    def close_current(self) -> None:
        if self._context.desk.current is not None:
            self.close(self._context.desk.current.id)

    @Slot()
    def paste(self) -> None:
        """Opens the picture on the clipboard, or the files that were copied."""
        files = local_files(QGuiApplication.clipboard().mimeData())
        if files:
            self.open(*files)
            return
        image = QGuiApplication.clipboard().image()
        if image.isNull():
            self._context.note(self.tr("There is no picture on the clipboard."), self.tr("Copy one first."))
            return
        path = places.data_dir() / "pasted" / time.strftime("%Y-%m-%d %H-%M-%S.png")
        self._context.ask("open", partial(_stored, image, path), self._pasted)

    @Slot()
    def copy(self) -> None:
        """Puts what the canvas shows on the clipboard."""
        session = self._context.session
        shown = session.restored.after if session.restored is not None else None
        if shown is None and session.picture is not None:
            shown = session.picture.levels
        if shown is not None:
            QGuiApplication.clipboard().setImage(shown.full)
            self._context.note(self.tr("Copied."))

    def _opened(self, picture: object) -> None:
        if isinstance(picture, Picture):
            path = picture.photo.path
            known = self._context.desk.at(path) if path is not None else None
            if known is not None:
                self.show(known.id)
            else:
                self._leave()
                self._wanted = self._context.desk.open(picture).id
            self._remember(path)

    def _remember(self, path: Path | None) -> None:
        """Only what could be opened is offered again."""
        context = self._context
        if path is not None:
            recent = with_recent(context.settings.recent, path)
            context.remember(replace(context.settings, open_folder=str(path.parent), recent=recent))

    def _read(self, sheet: Sheet, picture: object) -> None:
        if isinstance(picture, Picture) and sheet in self._context.desk.sheets and sheet.id == self._wanted:
            self._leave()
            self._context.desk.put(sheet, picture)

    def _leave(self) -> None:
        """What is looked for or measured for the photo on the canvas must not land in the next one."""
        self._context.jobs.drop(*OF_THE_PHOTO)

    def _pasted(self, path: object) -> None:
        if isinstance(path, Path):
            self.open(path)

    def _may_lose(self, sheet: Sheet) -> bool:
        """Asks where work would be lost: results, a painted mask, a restoration that runs."""
        losses = self._losses(sheet)
        return not losses or self._context.dialogs.confirm(
            self.tr("Close {0}?").format(sheet.name),
            self.tr("Lost when it is closed: {0}.").format(", ".join(losses)),
            self.tr("Close the photo"),
        )

    def _losses(self, sheet: Sheet) -> list[str]:
        running = self._context.runs.running
        losses: list[str] = []
        if sheet in self._context.desk.unsaved:
            losses.append(self.tr("results that are not saved"))
        if not self._context.desk.state_of(sheet).mask.empty:
            losses.append(self.tr("its mask"))
        if running is not None and running.sheet == sheet.id:
            losses.append(self.tr("the restoration that is running"))
        return losses


def _stored(image: QImage, path: Path) -> Events:
    """A job that writes a pasted picture to a file: it has to outlive the clipboard."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain(error) from error
    if not image.save(str(path)):
        raise StorageError("The pasted picture could not be stored.", "Make room on the disk.")
    yield Finished(path)
