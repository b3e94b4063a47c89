"""Restoring: now, later, again, a whole folder; and what it will cost."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from adir_desktop.contract import Finished, Found, Photo, Progress, Request, Restoration
from adir_desktop.errors import AdirError, BadInput
from adir_desktop.ui import words
from adir_desktop.ui.context import Context
from adir_desktop.ui.desk import Badge, Result, Sheet
from adir_desktop.ui.jobs import STOPPABLE
from adir_desktop.ui.keeper import kept, thumbnail_of
from adir_desktop.ui.picture_files import READABLE
from adir_desktop.ui.ports import Engine, Events
from adir_desktop.ui.qt_images import Restored, pictured
from adir_desktop.ui.remarks import said
from adir_desktop.ui.requests import Values, reads, request_for
from adir_desktop.ui.runs import Run, State
from adir_desktop.ui.seed_row import any_seed
from adir_desktop.ui.values_json import values_from_json, values_to_json

ESTIMATE_AFTER = 250  # ms without a change
RESTORED_FOLDER = "restored"
BADGES = {
    State.WAITING: Badge.WAITING,
    State.RUNNING: Badge.RUNNING,
    State.PAUSED: Badge.RUNNING,
    State.FAILED: Badge.FAILED,
}


class RunCommands(QObject):
    """Everything that puts restorations into the queue."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._context = context
        self._about: dict[str, dict[str, Any]] = {}  # by run: what its result will be called
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(ESTIMATE_AFTER)
        self._timer.timeout.connect(self._estimate)
        self._watch()

    def _watch(self) -> None:
        session, runs = self._context.session, self._context.runs
        runs.finished.connect(self._finished)
        runs.happened.connect(self._hear)
        runs.changed.connect(self._badges)
        for signal in (session.values_changed, session.photo_changed, session.found_changed):
            signal.connect(self._changed)
        session.mask_changed.connect(self._mask_changed)
        session.engine_changed.connect(self._changed)

    @Slot()
    def restore(self) -> None:
        """Restores the photo on the canvas; where that runs already, stops it."""
        runs, session = self._context.runs, self._context.session
        running = runs.running
        if running is not None and running.sheet == session.photo_id:
            runs.stop(running.id)
        else:
            self.queue()

    @Slot()
    def queue(self) -> None:
        """Puts the photo on the canvas with its values at the end of the queue."""
        context, session = self._context, self._context.session
        sheet = context.desk.current
        if not session.values.seed_locked:
            session.change(replace(session.values, seed=any_seed()))
        try:
            request = session.request()
        except AdirError as error:
            context.refuse(error)
            return
        if sheet is not None:
            context.began.emit()
            self._add(sheet, request, session.values)

    @Slot(str)
    def queue_sheet(self, sheet_id: str) -> None:
        """Puts another open photo into the queue, with its own mask and the values of the one in sight."""
        context = self._context
        sheet = context.desk.sheet(sheet_id)
        if sheet is None or sheet is context.desk.current or sheet.state is None:
            self.queue()
            return
        if sheet.picture is None:
            context.note(self.tr("{0} is not loaded.").format(sheet.name), self.tr("Look at it once first."))
            return
        values = context.session.values
        painted = None if sheet.state.mask.empty else sheet.state.mask.pixels.copy()
        try:
            request = request_for(
                sheet.picture.photo,
                values,
                painted,
                device=context.session.device,
                with_words=reads(values, context.session.offered),
            )
        except AdirError as error:
            context.refuse(error)
            return
        self._add(sheet, request, values)

    @Slot()
    def again(self) -> None:
        """The same once more, with another seed."""
        session = self._context.session
        session.change(replace(session.values, seed=any_seed()))
        self._tell_of_no_chance()
        self.queue()

    def _tell_of_no_chance(self) -> None:
        """Where the result in sight came from a method that no seed changes."""
        session = self._context.session
        if session.restored is None or session.ready is None:
            return
        made_by = session.restored.restoration.request.sampler
        for method in session.ready.samplers:
            if method.name == made_by and not method.draws:
                self._context.note(
                    self.tr("{0} leaves nothing to chance: another seed gives the same picture.").format(
                        said(method.title)
                    ),
                    self.tr("Choose another method under More, such as DiffPIR."),
                )

    @Slot()
    def stop(self) -> None:
        """Stops what is running: a restoration keeps its best picture so far."""
        running = self._context.runs.running
        if running is not None:
            self._context.runs.stop(running.id)
        self._context.jobs.stop(*STOPPABLE)

    def end(self) -> None:
        """The window closes: nothing more is asked for."""
        self._timer.stop()
        self._context.runs.close()

    @Slot()
    def pause(self) -> None:
        """Holds the running restoration, or lets it go on."""
        runs = self._context.runs
        if runs.paused:
            runs.resume()
        else:
            runs.pause()

    @Slot()
    def choose_batch(self) -> None:
        """Asks for a folder, all photos of which are restored with the present values."""
        folder = self._context.dialogs.open_folder(self._context.settings.open_folder)
        if folder is not None:
            self.batch(folder)

    def batch(self, folder: Path) -> None:
        """Puts every photo of a folder into the queue; results go into a folder `restored` inside it."""
        context, values = self._context, self._context.session.values
        photos = sorted(path for path in folder.iterdir() if path.suffix.lower() in READABLE)
        if not photos:
            problem = self.tr("There are no photos in {0}.").format(folder.name)
            context.refuse(BadInput(problem, self.tr("Choose a folder with JPEG, PNG, TIFF or WebP files.")))
            return
        if values.task in ("inpaint", "edit"):
            context.refuse(
                BadInput(
                    self.tr("A folder cannot be repaired at once: each photo has its own scratches."),
                    self.tr("Choose another task."),
                )
            )
            return
        context.began.emit()
        words_of = words.recipe_words(values)
        for path in photos:
            make = partial(
                restored_file,
                context.engine,
                path,
                values,
                context.session.device,
                with_words=reads(values, context.session.offered),
            )
            context.runs.add("", path.name, words_of, partial(pictured, make))

    def _add(self, sheet: Sheet, request: Request, values: Values) -> None:
        context = self._context
        result_id = uuid.uuid4().hex
        what = words.recipe_words(values)
        title = what.split(" · ")[0]
        alike = sum(run.sheet == sheet.id and run.what.split(" · ")[0] == title for run in context.runs.runs)
        about = {
            "id": result_id,
            "title": f"{title} ({alike + 1})" if alike else title,
            "detail": what,
            "created": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "values": values_to_json(values),
        }
        make: Callable[[], Events] = partial(context.engine.restore, request)
        if context.keeper.on:
            folder = context.keeper.result_folder(sheet.id, result_id)
            make = partial(kept, make, context.engine, folder, about)
        parts = context.session.estimate.parts if context.session.estimate else {}
        run = context.runs.add(sheet.id, sheet.name, what, partial(pictured, make), parts)
        self._about[run] = about

    @Slot(object, object)
    def _finished(self, run: Run, result: object) -> None:
        about = self._about.pop(run.id, None)
        if about is None or not isinstance(result, Restored):
            return
        context = self._context
        context.desk.add_result(
            run.sheet,
            Result(
                id=about["id"],
                title=about["title"],
                detail=about["detail"],
                created=about["created"],
                values=values_from_json(about["values"]),
                seconds=result.restoration.seconds,
                thumbnail=thumbnail_of(result.restoration.photo.pixels),
                kept=context.keeper.has(run.sheet, about["id"]),
                restored=result,
            ),
        )

    @Slot(object)
    def _hear(self, event: object) -> None:
        """Neighbours found by a run belong to its photo, on the canvas or off it."""
        running = self._context.runs.running
        if not isinstance(event, Found) or running is None:
            return
        sheet = self._context.desk.sheet(running.sheet)
        if sheet is self._context.desk.current:
            self._context.session.hear(event)
        elif sheet is not None and sheet.state is not None:
            sheet.state = replace(sheet.state, found=event.neighbours)

    @Slot()
    def _badges(self) -> None:
        """A photo shows its run that is furthest on; what has ended well is marked by its result."""
        for sheet in self._context.desk.sheets:
            states = [run.state for run in self._context.runs.runs if run.sheet == sheet.id]
            badge = next((BADGES[state] for state in (State.RUNNING, State.PAUSED) if state in states), None)
            if badge is None and State.WAITING in states:
                badge = Badge.WAITING
            if badge is None and states and states[-1] is State.FAILED:
                badge = Badge.FAILED
            if badge is not None or sheet.badge is not Badge.DONE:
                self._context.desk.mark(sheet.id, badge or Badge.NONE)

    @Slot()
    def _changed(self) -> None:
        self._timer.start()

    @Slot(object)
    def _mask_changed(self, box: Any) -> None:
        if box.isEmpty():
            self._timer.start()

    @Slot()
    def _estimate(self) -> None:
        """What a press of Restore would cost, asked for on a worker."""
        session, jobs = self._context.session, self._context.jobs
        jobs.drop("estimate")
        if session.ready is None or session.missing():
            if session.estimate is not None:
                session.estimate = None
                session.estimate_changed.emit()
            return
        jobs.start("estimate", partial(self._context.engine.estimate, session.sketch()))


def restored_file(engine: Engine, path: Path, values: Values, device: str, *, with_words: bool) -> Events:
    """A job that opens, restores and saves one photo of a folder; it never replaces a file."""
    photo: Photo | None = None
    with closing(engine.files.open_photo(path)) as events:
        for event in events:
            if isinstance(event, Finished):
                photo = event.result
    assert photo is not None
    target = path.parent / RESTORED_FOLDER / f"{path.stem}.png"
    target.parent.mkdir(exist_ok=True)
    with closing(engine.restore(request_for(photo, values, device=device, with_words=with_words))) as events:
        for event in events:
            if isinstance(event, Progress) and event.preview is not None:
                yield replace(event, preview=None)
                continue
            if isinstance(event, Finished) and isinstance(event.result, Restoration):
                yield from _saved(engine, event.result, _free(target))
            yield event


def _saved(engine: Engine, restoration: Restoration, target: Path) -> Events:
    with closing(engine.files.save(restoration, target, False)) as events:  # the port's order
        for event in events:
            if not isinstance(event, Finished):
                yield event


def _free(path: Path) -> Path:
    """The path itself, or with a number that is not taken yet."""
    number = 2
    free = path
    while free.exists() or free.with_suffix(".json").exists():
        free = path.with_name(f"{path.stem} {number}{path.suffix}")
        number += 1
    return free
