"""Keeping the session against a crash, and bringing one back."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from adir_desktop.errors import AdirError
from adir_desktop.ui import keeper
from adir_desktop.ui.context import Context
from adir_desktop.ui.desk import Result, Sheet
from adir_desktop.ui.keeper import THUMB, THUMB_QUALITY, Leftover
from adir_desktop.ui.mask import MaskPainting
from adir_desktop.ui.mask_journal import DamagedJournal, Journal, replay
from adir_desktop.ui.session import State, Values
from adir_desktop.ui.values_json import found_from_json, found_to_json, values_from_json, values_to_json

AFTER = 200  # ms: choices made in one go are written once


class SessionCommands(QObject):
    """Writes down what is open; masks go into their journals by themselves, results from their job."""

    offered = Signal(object)  # the Leftover that can be brought back, or None
    show_wanted = Signal(str)  # id of the photo that was on the canvas

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._context = context
        self._journals: dict[str, Journal] = {}  # by photo
        self._leftover: Leftover | None = None
        self._loading = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AFTER)
        self._timer.timeout.connect(self._write)
        self._watch()

    @property
    def leftover(self) -> Leftover | None:
        """An earlier session that did not end as it should."""
        return self._leftover

    def look_for_leftover(self) -> None:
        """Offers the latest session that was cut off, if there is one."""
        found = keeper.leftovers()
        self._offer(found[0] if found else None)

    @Slot()
    def bring_back(self) -> None:
        """Opens the photos of the earlier session, with their masks, choices and results."""
        context, leftover = self._context, self._leftover
        if leftover is None or (context.desk.sheets and not self._may_change()):
            return
        for open_now in context.desk.sheets:
            context.desk.close(open_now.id)
        self._offer(None)
        try:
            table = context.keeper.adopt(leftover)
        except AdirError as error:
            context.refuse(error)
            return
        context.session.settle()
        self._loading = True
        sheets = [self._sheet(row) for row in table["photos"] if isinstance(row, dict)]
        for known in filter(None, sheets):
            context.desk.bring_back(known)
        self._loading = False
        current = context.desk.sheet(str(table.get("current"))) or next(iter(context.desk.sheets), None)
        if current is not None:
            self.show_wanted.emit(current.id)

    @Slot()
    def discard(self) -> None:
        """Deletes the earlier session."""
        if self._leftover is not None:
            keeper.discard(self._leftover)
            self._offer(None)

    def end(self) -> None:
        """The program ends as it should: work that is not done is there at the next start."""
        self._timer.stop()
        unfinished = self._context.keeper.on and any(
            self._unfinished(one) for one in self._context.desk.sheets
        )
        for journal in self._journals.values():
            journal.close()
        self._journals.clear()
        if unfinished:
            self._context.keeper.leave(self._table() | {"ended": True})
        else:
            self._context.keeper.end()

    def _unfinished(self, sheet: Sheet) -> bool:
        return bool(sheet.results) or not self._context.desk.state_of(sheet).mask.empty

    def _watch(self) -> None:
        context = self._context
        context.desk.opened.connect(self._opened)
        context.desk.closed.connect(self._closed)
        for signal in (
            context.desk.changed,
            context.desk.results_changed,
            context.session.values_changed,
            context.session.found_changed,
        ):
            signal.connect(self._changed)

    @Slot(object)
    def _opened(self, sheet: Sheet) -> None:
        """A new photo: its folder and its mask's journal are there before the first stroke."""
        context = self._context
        if not context.keeper.on:
            return
        try:
            context.keeper.begin()
            folder = context.keeper.photo_folder(sheet.id)
            sheet.thumbnail.save(str(folder / THUMB), quality=THUMB_QUALITY)
            if sheet.state is not None:
                self._keep_mask(sheet.id, sheet.state.mask)
        except (AdirError, OSError) as error:
            context.keeper.on = False
            self._context.note(
                self.tr("Your work is not kept against a crash: {0}").format(error),
                self.tr("Save results as they come."),
            )

    @Slot(object)
    def _closed(self, sheet: Sheet) -> None:
        journal = self._journals.pop(sheet.id, None)
        if journal is not None:
            journal.close()
        if not self._loading:
            self._context.keeper.forget_photo(sheet.id)
        self._changed()

    @Slot()
    def _changed(self) -> None:
        if self._context.keeper.on and not self._loading and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _write(self) -> None:
        keeper_ = self._context.keeper
        if keeper_.on and keeper_.folder.is_dir():
            self._context.jobs.drop("autosave")
            self._context.ask("autosave", partial(keeper_.write, self._table()), lambda _: None)

    def _table(self) -> dict[str, Any]:
        desk = self._context.desk
        current = desk.current.id if desk.current else ""
        return {"current": current, "photos": [self._row(sheet) for sheet in desk.sheets]}

    def _row(self, sheet: Sheet) -> dict[str, Any]:
        state = self._context.desk.state_of(sheet)
        return {
            "id": sheet.id,
            "path": str(sheet.path),
            "size": list(sheet.size),
            "values": values_to_json(state.values),
            "found": found_to_json(state.found),
            "shown": sheet.shown,
            "saved": [result.id for result in sheet.results if result.saved],
        }

    def _sheet(self, row: dict[str, Any]) -> Sheet | None:
        """A photo of an earlier session; None, with a notice, where its entry is damaged."""
        context = self._context
        try:
            photo, path = str(row["id"]), Path(row["path"])
            width, height = (int(side) for side in row["size"])
            values, found = values_from_json(row["values"]), found_from_json(row["found"])
            mask = self._mask(photo, height, width)
            self._keep_mask(photo, mask)
        except (AdirError, KeyError, ValueError, TypeError, OSError) as error:
            context.note(self.tr("A photo of the last session could not be brought back: {0}").format(error))
            return None
        results = [
            Result(
                id=str(about["id"]),
                title=str(about["title"]),
                detail=str(about["detail"]),
                created=str(about["created"]),
                seconds=float(about["seconds"]),
                thumbnail=thumbnail,
                saved=about["id"] in row["saved"],
                kept=True,
                values=_values(about),
            )
            for about, thumbnail in context.keeper.results(photo)
        ]
        thumbnail = QImage(str(context.keeper.photo_folder(photo) / THUMB))
        state = State(values, mask, found)
        shown = str(row["shown"]) if any(result.id == row["shown"] for result in results) else ""
        return Sheet(photo, path, path.name, thumbnail, (width, height), None, state, results, shown)

    def _mask(self, photo: str, height: int, width: int) -> MaskPainting:
        """The mask as it was, or as much of it as can still be read."""
        try:
            mask = replay(self._context.keeper.journal(photo), height, width)
        except DamagedJournal as error:
            self._context.note(error.problem, error.remedy)
            mask = error.mask
        mask.setParent(self._context.desk)
        return mask

    def _keep_mask(self, photo: str, mask: MaskPainting) -> None:
        journal = Journal(self._context.keeper.journal(photo), self)
        journal.failed.connect(self._context.refuse)
        journal.watch(mask)
        self._journals[photo] = journal

    def _may_change(self) -> bool:
        return self._context.dialogs.confirm(
            self.tr("Bring back the last session?"),
            self.tr("The photos that are open now are closed."),
            self.tr("Bring back"),
        )

    def _offer(self, leftover: Leftover | None) -> None:
        self._leftover = leftover
        self.offered.emit(leftover)


def _values(about: dict[str, Any]) -> Values | None:
    """What a result was made with, where that can still be read."""
    try:
        return values_from_json(about["values"])
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
