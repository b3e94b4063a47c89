"""What all commands share: the models, the engine behind its port, and a person's answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from adir_desktop.contract import Finished, Notice
from adir_desktop.errors import AdirError
from adir_desktop.settings import Settings
from adir_desktop.ui.desk import Desk
from adir_desktop.ui.jobs import Job, Jobs
from adir_desktop.ui.keeper import Keeper
from adir_desktop.ui.notify import Notifier
from adir_desktop.ui.ports import Dialogs, Engine, Events
from adir_desktop.ui.qt_images import pictured
from adir_desktop.ui.runs import Runs
from adir_desktop.ui.session import Session
from adir_desktop.ui.showing import Showing
from adir_desktop.ui.stock import Stock
from adir_desktop.ui.tools import Tools


class Context(QObject):
    """The models of one window. settings is what will be remembered."""

    refused = Signal(object)  # an AdirError: nothing was started
    noted = Signal(object)  # a Notice
    began = Signal()  # something new: what was said before belongs to the past
    settings_changed = Signal()

    def __init__(self, engine: Engine, settings: Settings, dialogs: Dialogs, parent: QWidget) -> None:
        super().__init__(parent)
        self.engine, self.settings, self.dialogs = engine, settings, dialogs
        self.session = Session(settings.library, self, left_out=settings.left_out)
        self.session.device = settings.device
        self.jobs = Jobs(self)
        self.runs = Runs(self.jobs, self)
        self.desk = Desk(self.session, self)
        self.keeper = Keeper(on=settings.autosave)
        self.tools = Tools(self.session, self)
        self.showing = Showing(self.session, self)
        self.stock = Stock(self)
        self.notifier = Notifier(parent)
        self.notifier.enabled = settings.notify
        self.jobs.happened.connect(self.session.hear)
        self.session.values_changed.connect(self._remember_left_out)

    def remember(self, settings: Settings) -> None:
        """Takes over other settings."""
        if settings != self.settings:
            self.settings = settings
            self.settings_changed.emit()

    def ask(
        self, kind: str, make: Callable[[], Events], then: Callable[[object], None], *, heard: bool = False
    ) -> Job:
        """Starts a job whose result only `then` gets; notices and errors reach the person as ever."""
        job = self.jobs.start(kind, make, heard=heard)
        job.happened.connect(partial(_answer, self, then))
        if not heard:
            job.failed.connect(self.refuse)
        return job

    def reading(self, path: Path) -> Callable[[], Events]:
        """What a job does that reads a photo and makes it ready to draw."""
        return partial(pictured, partial(self.engine.files.open_photo, path))

    @Slot()
    def _remember_left_out(self) -> None:
        """At once: what a person never wants to see again must not come back after a crash."""
        left_out = tuple(sorted(self.session.values.filters.exclude))
        self.remember(replace(self.settings, left_out=left_out))

    def refuse(self, error: AdirError) -> None:
        self.refused.emit(error)

    def pass_on(self, event: object) -> None:
        """The notices of a job that nobody else hears."""
        if isinstance(event, Notice):
            self.noted.emit(event)

    def note(self, message: str, remedy: str = "") -> None:
        self.noted.emit(Notice(message, remedy))


def _answer(context: Context, then: Callable[[object], None], event: object) -> None:
    if isinstance(event, Notice):
        context.noted.emit(event)
    elif isinstance(event, Finished):
        then(event.result)
