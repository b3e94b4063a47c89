"""What is done in the models dialog: checked, removed, fetched, taken in, moved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from adir_desktop.contract import Finished, Notice
from adir_desktop.ui.context import Context
from adir_desktop.ui.jobs import Job
from adir_desktop.ui.ports import Events
from adir_desktop.ui.stock import Stock


class ModelCommands(QObject):
    """Fetches have a lane of their own, one after the other; all else about models waits for each other."""

    moved = Signal(object)  # the Path that is to be remembered as the folder of models
    chosen = Signal(object, str)  # a Path to be taken in, and which model it is, "" to be recognised

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._context = context
        self._models = context.engine.models

    @Slot()
    def refresh(self) -> None:
        """Reads the list anew."""
        self._start(self._models.list)

    def verify(self, name: str) -> None:
        """Reads every file of a model and compares it with its checksum."""
        self._start(partial(self._models.verify, name))

    def remove(self, name: str) -> None:
        self._start(partial(self._models.remove, name))

    def use_cached(self, name: str) -> None:
        """Uses a model where it lies in the Hugging Face cache."""
        self._start(partial(self._models.use_cached, name))

    def fetch(self, name: str) -> None:
        """Fetches a model whose licence the person accepted, or goes on with it."""
        if self._context.jobs.has(Stock.FETCH + name):
            return
        stock = self._context.stock
        job = self._context.jobs.start(
            Stock.FETCH + name, partial(self._models.fetch, name, True), heard=False
        )
        stock.begin_fetch(name)
        job.happened.connect(partial(stock.hear_fetch, name))
        self._tell(job)
        job.ended.connect(partial(self._after_fetch, name))

    def pause(self, name: str) -> None:
        """Ends the fetch; what has come is kept, and the next one goes on there."""
        self._context.jobs.drop(Stock.FETCH + name)
        self._context.stock.end_fetch(name)

    def cancel(self, name: str) -> None:
        """Ends the fetch and deletes what has come, once its thread has let go of it."""
        self.pause(name)
        make = partial(self._models.forget, name)
        job = self._context.jobs.start(Stock.FETCH + name, make, heard=False)
        job.happened.connect(partial(self._context.stock.hear, Stock.MODELS))
        self._tell(job)

    def choose_import(self, name: str) -> None:
        """Lets the person choose what is to be taken in; what becomes of it is asked where it is shown."""
        answer = self._context.dialogs.open_model()
        if answer is not None:
            self.chosen.emit(answer, name)

    def take_in(self, path: Path, name: str) -> None:
        """Moves files of this computer among the models."""
        self._start(partial(self._models.take_in, path, name))

    @Slot()
    def move(self) -> None:
        """Brings all models into another folder, which is then remembered."""
        folder = self._context.dialogs.open_folder(self._context.settings.models_folder)
        if folder is not None:
            job = self._start(partial(self._models.copy, folder))
            job.happened.connect(self._take_folder)

    @Slot()
    def stop(self) -> None:
        """Ends what is being done about the models of this computer."""
        self._context.jobs.drop(Stock.MODELS)
        self.refresh()

    @Slot(object)
    def _take_folder(self, event: object) -> None:
        if isinstance(event, Finished) and isinstance(event.result, Path):
            self.moved.emit(event.result)
            self._start(partial(self._models.remove_old, event.result))

    def _after_fetch(self, name: str, _job: object) -> None:
        """It has ended by itself, failed or was paused; in the last case another may be under way."""
        if not self._context.jobs.has(Stock.FETCH + name):
            self._context.stock.end_fetch(name)
        self.refresh()

    def _start(self, make: Callable[[], Events]) -> Job:
        job = self._context.jobs.start(Stock.MODELS, make, heard=False)
        job.happened.connect(partial(self._context.stock.hear, Stock.MODELS))
        self._tell(job)
        return job

    def _tell(self, job: Job) -> None:
        """Notices and failures reach the person."""
        job.happened.connect(self._note)
        job.failed.connect(self._context.refuse)

    @Slot(object)
    def _note(self, event: object) -> None:
        if isinstance(event, Notice):
            self._context.noted.emit(event)
