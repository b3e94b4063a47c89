"""The photos that are open, and the results of each: one of them is on the canvas."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage

from adir_desktop.ui.mask import MaskPainting
from adir_desktop.ui.qt_images import Picture, Restored
from adir_desktop.ui.requests import Values
from adir_desktop.ui.session import Session, State, first_values

THUMB = QSize(192, 192)
IN_MEMORY = 3  # results a photo keeps at hand; older ones come back from the disk
AT_HAND = 48_000_000  # pixels of photos that are not on the canvas


class Badge(Enum):
    """What a photo's restorations are at."""

    NONE = ""
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(eq=False)
class Result:
    """One restoration of a photo. restored: None while it is only on disk. kept: it is there.

    values: what it was made with; None of one whose record is damaged.
    """

    id: str
    title: str
    detail: str
    created: str
    seconds: float
    thumbnail: QImage
    saved: bool = False
    kept: bool = False
    restored: Restored | None = None
    values: Values | None = None


@dataclass(eq=False)
class Sheet:
    """One open photo. picture, state: while it is off the canvas; picture None: to be read anew.

    shown: id of the result on the canvas, "" for the photo itself.
    """

    id: str
    path: Path
    name: str
    thumbnail: QImage
    size: tuple[int, int] = (0, 0)  # width, height
    picture: Picture | None = None
    state: State | None = None
    results: list[Result] = field(default_factory=list)
    shown: str = ""
    badge: Badge = Badge.NONE

    def result(self, result_id: str) -> Result | None:
        return next((one for one in self.results if one.id == result_id), None)


class Desk(QObject):
    """Photos come, go and change places with the one in the session."""

    changed = Signal()  # photos came or went, another is current, or a badge changed
    results_changed = Signal()  # the results of the current photo, or which of them is shown
    opened = Signal(object)  # a new Sheet, just before it becomes current
    closed = Signal(object)  # a Sheet that is gone
    wanting = Signal(str)  # id of the result that was on the canvas and has to be fetched

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._sheets: list[Sheet] = []
        self._current: Sheet | None = None

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return tuple(self._sheets)

    @property
    def current(self) -> Sheet | None:
        """The photo on the canvas."""
        return self._current

    def sheet(self, sheet_id: str) -> Sheet | None:
        return next((one for one in self._sheets if one.id == sheet_id), None)

    def at(self, path: Path) -> Sheet | None:
        """The open photo of that file."""
        return next((one for one in self._sheets if one.path == path), None)

    def state_of(self, sheet: Sheet) -> State:
        """What belongs to an open photo, on the canvas or off it."""
        state = self._session.state if sheet is self._current else sheet.state
        assert state is not None, "every open photo has its state"
        return state

    def open(self, picture: Picture) -> Sheet:
        """Puts a photo that was just read on the canvas, as a new one of the strip."""
        photo = picture.photo
        path = photo.path or Path("photo.png")
        size = photo.width, photo.height
        sheet = Sheet(uuid.uuid4().hex, path, path.name, small(picture), size)
        values = first_values(picture, self._session.values)
        sheet.state = State(values, MaskPainting(photo.height, photo.width, self))
        self._sheets.append(sheet)
        self.opened.emit(sheet)
        self.put(sheet, picture)
        return sheet

    def bring_back(self, sheet: Sheet) -> None:
        """Adds a photo of an earlier session to the strip, unread."""
        self._sheets.append(sheet)
        self.changed.emit()

    def put(self, sheet: Sheet, picture: Picture) -> None:
        """Puts an open photo on the canvas. Its state must be there."""
        self._put_away()
        self._current = sheet
        if not sheet.size[0]:
            sheet.size = picture.photo.width, picture.photo.height
            sheet.thumbnail = small(picture)
        state = sheet.state
        assert state is not None, "a photo off the canvas has its state"
        sheet.picture, sheet.state = None, None
        if sheet.badge is Badge.DONE:
            sheet.badge = Badge.NONE  # it has been looked at
        self._session.take(sheet.id, picture, state)
        self._spare_memory()
        self.changed.emit()
        self.results_changed.emit()
        if sheet.shown and state.restored is None:
            self.wanting.emit(sheet.shown)

    def close(self, sheet_id: str) -> None:
        """Takes a photo off the strip; its file stays as it is."""
        sheet = self.sheet(sheet_id)
        if sheet is None:
            return
        self._sheets.remove(sheet)
        if sheet is self._current:
            self._current = None
            self._session.leave()
            self.results_changed.emit()
        self.closed.emit(sheet)
        self.changed.emit()

    def add_result(self, sheet_id: str, result: Result) -> None:
        """A restoration has ended: it is shown if its photo is on the canvas, else it waits there."""
        sheet = self.sheet(sheet_id)
        if sheet is None:
            return
        sheet.results.append(result)
        if sheet is self._current:
            self.show(result)
        else:
            sheet.shown, sheet.badge = result.id, Badge.DONE
            if sheet.state is not None:
                old = sheet.state
                sheet.state = State(old.values, old.mask, old.found, result.restored, saved=False)
        self._spare_memory()
        self.changed.emit()

    def show(self, result: Result | None) -> None:
        """Shows one of the current photo's results, which must be in memory; None: the photo alone."""
        if self._current is None:
            return
        self._current.shown = result.id if result is not None else ""
        restored = result.restored if result is not None else None
        self._session.show(restored, saved=result.saved if result is not None else True)
        self.results_changed.emit()

    def forget(self, result_id: str) -> None:
        """Deletes one of the current photo's results."""
        result = self._current.result(result_id) if self._current is not None else None
        if self._current is None or result is None:
            return
        self._current.results.remove(result)
        if self._current.shown == result_id:
            self.show(None)
        self.results_changed.emit()

    def mark(self, sheet_id: str, badge: Badge) -> None:
        """Shows what a photo's restorations are at."""
        sheet = self.sheet(sheet_id)
        if sheet is not None and sheet.badge is not badge:
            sheet.badge = badge
            self.changed.emit()

    def mark_saved(self, result: Result) -> None:
        """A result has been saved."""
        result.saved = True
        if self._current is not None and self._current.shown == result.id:
            self._session.show(self._session.restored, saved=True)
        self.results_changed.emit()

    @property
    def unsaved(self) -> tuple[Sheet, ...]:
        """Photos with results that were never saved."""
        return tuple(one for one in self._sheets if any(not result.saved for result in one.results))

    def _put_away(self) -> None:
        if self._current is not None:
            self._current.state = self._session.state
            self._current.picture = self._session.picture

    def _spare_memory(self) -> None:
        """Lets go of what can be read again: older results, and photos beyond what may stay at hand."""
        room = AT_HAND
        for sheet in reversed(self._sheets):
            if sheet.picture is not None:
                room -= sheet.picture.photo.width * sheet.picture.photo.height
                if room < 0:
                    sheet.picture = None
            recent = sheet.results[-IN_MEMORY:] if sheet is self._current else []
            for result in sheet.results:
                if result.kept and result not in recent and result.id != sheet.shown:
                    result.restored = None


def small(picture: Picture) -> QImage:
    """The thumbnail of a photo, from the smallest level that has enough pixels."""
    image = picture.levels.for_width(THUMB.width())
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaled(THUMB, Qt.AspectRatioMode.KeepAspectRatio, smooth)
