"""Work that takes time, on threads of its own: one engine generator a job, its events as signals."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import closing

from PySide6.QtCore import QObject, QThread, Signal, Slot

from adir_desktop.contract import Event, Finished, Progress
from adir_desktop.errors import explain
from adir_desktop.interrupt import Interrupted, finishing_when, stopping, stopping_when
from adir_desktop.ui.ports import Events

log = logging.getLogger(__name__)

# Jobs of one lane wait for each other; those of different lanes run side by side. The engine does one
# thing at a time, and whatever else a person does meanwhile need not wait for it.
ENGINE = "engine"
LANES = {
    "open": "files",
    "save": "files",
    "mask": "files",
    "diagnostics": "files",
    "noise": "inspect",
    "scratches": "inspect",
    "fading": "inspect",
    "select": "inspect",
    "look": "inspect",
    "recall": "keep",
    "autosave": "keep",
    "presets": "store",
    "models": "store",
    "attach": "store",
    "fetch": "fetch",
    "estimate": "estimate",
}
STOPPABLE = (  # beside the queue
    "index", "find", "references", "scratches", "select", "noise", "fading", "helped"
)  # fmt: skip
WORTH_KEEPING = ("sample", "baseline")  # stages whose picture so far is of use
LONGEST = 30_000  # ms to wait for a thread on closing; only the engine's first import takes that long
SPACING = 1 / 30  # seconds between progress events worth drawing
PAUSE_LOOK = 0.1  # seconds between looks at whether a paused job is to end


class JobThread(QThread):
    """Runs one generator to its end, or to the first event after an interruption was asked for."""

    happened = Signal(object)  # an Event; the name "event" is Qt's own
    failed = Signal(object)  # an AdirError

    def __init__(self, start_job: Callable[[], Events], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._start_job = start_job
        self._shown: tuple[str, float] = ("", 0.0)
        self._going = threading.Event()
        self._going.set()
        self._finishing = False
        self._stage = ""

    def pause(self, *, on: bool) -> None:
        """Holds the generator where it is, with all it has in memory; or lets it go on."""
        if on:
            self._going.clear()
        else:
            self._going.set()

    def finish(self) -> None:
        """Asks for what there is so far: the engine completes it, or has nothing and is interrupted."""
        self._finishing = True
        self._going.set()

    def run(self) -> None:
        """The thread's body; the generator is closed before it ends, whatever happens."""
        try:
            wishes = stopping_when(self._asked), finishing_when(lambda: self._finishing)
            with wishes[0], wishes[1], closing(self._start_job()) as events:
                for event in events:
                    if stopping():
                        return
                    if isinstance(event, Progress):
                        self._stage = event.stage
                    if self._worth_showing(event):
                        self.happened.emit(event)
                    if self._finishing and self._stage not in WORTH_KEEPING:
                        return
        except Interrupted:
            log.info("job stopped inside a step")
        except Exception as error:  # the app's only catch-all
            log.exception("job failed")
            self.failed.emit(explain(error))

    def _asked(self) -> bool:
        """Is it to end at once? Asked between all pieces of work: so this is also where it pauses."""
        while not self._going.wait(PAUSE_LOOK):
            if self.isInterruptionRequested():
                return True
        return self.isInterruptionRequested()

    def _worth_showing(self, event: Event) -> bool:
        """Thousands of progress events a second would keep the window busy with painting bars."""
        if not isinstance(event, Progress) or event.preview is not None or event.done >= event.total:
            return True
        stage, at = self._shown
        now = time.monotonic()
        if event.stage == stage and now - at < SPACING:
            return False
        self._shown = (event.stage, now)
        return True


class Job(QObject):
    """One job in the window's thread. Once it is not live any more, nothing of it lands."""

    happened = Signal(object)
    failed = Signal(object)
    ended = Signal(object)  # the job itself

    def __init__(self, kind: str, make: Callable[[], Events], parent: QObject) -> None:
        super().__init__(parent)
        self.kind = kind
        self.live = True
        self.asked_to_stop = False
        self.finished = False  # its last event has come
        self._thread = JobThread(make, self)
        self._thread.happened.connect(self._hear)
        self._thread.failed.connect(self._fail)
        self._thread.finished.connect(self._end)

    @property
    def lane(self) -> str:
        return LANES.get(self.kind.partition(":")[0], ENGINE)  # "fetch:NAME": a kind for each model

    def start(self) -> None:
        self._thread.start()

    def pause(self, *, on: bool) -> None:
        self._thread.pause(on=on)

    def finish(self) -> None:
        """Asks for what there is so far; its last events still land."""
        self.asked_to_stop = True
        self._thread.finish()

    def interrupt(self, *, told: bool) -> None:
        """Its events stop landing at once; its thread ends after the step it is in.

        told: the person asked, and is told when it has ended.
        """
        self.live = False
        self.asked_to_stop = told
        self._thread.requestInterruption()

    def wait(self, milliseconds: int) -> bool:
        return self._thread.wait(milliseconds)

    @Slot(object)
    def _hear(self, event: Event) -> None:
        if self.live:
            self.finished |= isinstance(event, Finished)
            self.happened.emit(event)

    @Slot(object)
    def _fail(self, error: object) -> None:
        if self.live:
            self.failed.emit(error)

    @Slot()
    def _end(self) -> None:
        self._thread.wait()  # "finished" is announced a moment before the thread is gone
        self.ended.emit(self)


class Jobs(QObject):
    """All jobs of the window, by lanes: one job a lane at a time, in the order they came."""

    happened = Signal(object)
    failed = Signal(object)
    stopped = Signal(str)  # the kind of a job that a person stopped
    changed = Signal()  # another job runs, waits or has ended

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: dict[str, Job] = {}  # by lane
        self._waiting: list[Job] = []

    def start(self, kind: str, make: Callable[[], Events], *, heard: bool = True) -> Job:
        """Starts a job, or lets it wait for its lane. make is called on the job's thread.

        heard: its events and failure are everyone's business; else its starter's alone.
        """
        job = Job(kind, make, self)
        if heard:
            job.happened.connect(self.happened)
            job.failed.connect(self.failed)
        job.ended.connect(self._end)
        self._waiting.append(job)
        self._next()
        self.changed.emit()
        return job

    def stop(self, *kinds: str) -> None:
        """Stops and forgets jobs of these kinds because a person asked to."""
        self._interrupt(kinds, told=True)

    def drop(self, *kinds: str) -> None:
        """The same without a word, because their results are not wanted any more."""
        self._interrupt(kinds, told=False)

    def has(self, *kinds: str) -> bool:
        """A job of one of these kinds runs or waits; a stopping one does not count."""
        return any(job.kind in kinds and job.live for job in self._all())

    @property
    def engine(self) -> str:
        """The kind of job that the engine is at; empty when it is idle."""
        job = self._running.get(ENGINE)
        return job.kind if job else ""

    @property
    def stopping(self) -> bool:
        """The engine's job was stopped and its thread is about to end."""
        job = self._running.get(ENGINE)
        return job is not None and job.asked_to_stop

    def close(self, milliseconds: int = LONGEST) -> bool:
        """Ends everything and waits, for files to be written too; False if a thread did not end in time."""
        self._waiting = [job for job in self._waiting if job.kind == "autosave"]
        for job in self._running.values():
            if job.kind != "autosave":
                job.interrupt(told=False)
        ended = [job.wait(milliseconds) for job in self._running.values()]
        for job in self._waiting:
            job.start()
            ended.append(job.wait(milliseconds))
        self._waiting.clear()
        return all(ended)

    def _all(self) -> list[Job]:
        return [*self._running.values(), *self._waiting]

    def _interrupt(self, kinds: tuple[str, ...], *, told: bool) -> None:
        forgotten = [job for job in self._waiting if job.kind in kinds]
        for job in forgotten:
            self._waiting.remove(job)
            job.live = False
            job.deleteLater()
        for job in self._running.values():
            if job.kind in kinds and job.live:
                job.interrupt(told=told)
        for job in forgotten if told else ():
            self.stopped.emit(job.kind)
        self.changed.emit()

    def _next(self) -> None:
        for job in tuple(self._waiting):
            if job.lane not in self._running:
                self._waiting.remove(job)
                self._running[job.lane] = job
                job.start()

    @Slot(object)
    def _end(self, job: Job) -> None:
        if self._running.get(job.lane) is job:
            del self._running[job.lane]
        if job.asked_to_stop and not job.finished:
            self.stopped.emit(job.kind)
        job.deleteLater()
        self._next()
        self.changed.emit()
