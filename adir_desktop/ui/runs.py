"""The queue of restorations: one runs, the others wait, those that failed stay to be tried again."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from PySide6.QtCore import QObject, Signal, Slot

from adir_desktop.contract import Event, Finished, Progress
from adir_desktop.errors import AdirError
from adir_desktop.ui.jobs import Job, Jobs
from adir_desktop.ui.ports import Events


class State(Enum):
    """Where a run is."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


STAGES = ("retrieve", "adapt", "sample", "baseline")  # in their order
ENDED = (State.DONE, State.STOPPED, State.FAILED)


@dataclass(frozen=True)
class Run:
    """One restoration. sheet: id of the open photo it is of, "" for a photo of a folder. what: its recipe
    in words. share: how much of its stage is done, 0 to 1. eta: seconds left in the stage. parts: seconds by
    stage, as they were estimated.
    """

    id: str
    sheet: str
    name: str
    what: str
    state: State = State.WAITING
    stage: str = ""
    share: float = 0.0
    eta: float | None = None
    error: AdirError | None = None
    parts: Mapping[str, float] = field(default_factory=dict)

    @property
    def after_stage(self) -> float:
        """Seconds that the stages after the present one were estimated to take."""
        order = [stage for stage in STAGES if stage in self.parts]
        later = order[order.index(self.stage) + 1 :] if self.stage in order else []
        return sum(self.parts[stage] for stage in later)


class Runs(QObject):
    """All runs, in the order in which they run."""

    changed = Signal()
    happened = Signal(object)  # an Event of the run that is running
    ended = Signal(object)  # the Run, in its last state
    finished = Signal(object, object)  # the Run and its result

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._runs: list[Run] = []
        self._make: dict[str, Callable[[], Events]] = {}
        self._job: Job | None = None
        self._now = ""  # id of the running one
        self._held = False
        self._result: object = None

    @property
    def runs(self) -> tuple[Run, ...]:
        return tuple(self._runs)

    @property
    def running(self) -> Run | None:
        """The one that the engine is at, paused or not."""
        return self._find(self._now)

    @property
    def paused(self) -> bool:
        return self._held

    def add(
        self,
        sheet: str,
        name: str,
        what: str,
        make: Callable[[], Events],
        parts: Mapping[str, float] | None = None,
    ) -> str:
        """Puts a run at the queue's end; it starts when its turn comes. Returns its id."""
        run = Run(uuid.uuid4().hex, sheet, name, what, parts=parts or {})
        self._runs.append(run)
        self._make[run.id] = make
        self._next()
        self.changed.emit()
        return run.id

    def stop(self, run_id: str) -> None:
        """Ends a run: one that is sampling with the best picture so far, a waiting one at once."""
        run = self._find(run_id)
        if run is None or run.state in ENDED:
            return
        if run_id == self._now and self._job is not None:
            self._held = False
            self._put(replace(run, state=State.RUNNING))
            self._job.finish()
            self._jobs.changed.emit()
        else:
            self._end(run_id, State.STOPPED)
        self.changed.emit()

    def drop(self, sheet: str) -> None:
        """Forgets all runs of a photo that was closed."""
        for run in [run for run in self._runs if run.sheet == sheet]:
            if run.id == self._now and self._job is not None:
                self._job.interrupt(told=False)
                self._now, self._job, self._held = "", None, False
            self._forget(run.id)
        self._next()
        self.changed.emit()

    def retry(self, run_id: str) -> None:
        """Lets one that failed or was stopped wait for its turn again."""
        run = self._find(run_id)
        if run is not None and run.state in (State.FAILED, State.STOPPED):
            self._put(replace(run, state=State.WAITING, error=None, share=0.0, stage="", eta=None))
            self._next()
            self.changed.emit()

    def remove(self, run_id: str) -> None:
        """Takes one out of the queue that is not running."""
        if run_id != self._now:
            self._forget(run_id)
            self.changed.emit()

    def move(self, run_id: str, by: int) -> None:
        """Lets a run come earlier (negative) or later by so many places."""
        run = self._find(run_id)
        if run is not None:
            at = self._runs.index(run)
            self._runs.insert(min(max(at + by, 0), len(self._runs) - 1), self._runs.pop(at))
            self.changed.emit()

    def clear_ended(self) -> None:
        for run in [run for run in self._runs if run.state in ENDED]:
            self._forget(run.id)
        self.changed.emit()

    def close(self) -> None:
        """The program ends: nothing waits any more, and what runs is not followed by another."""
        self._runs = [run for run in self._runs if run.id == self._now]

    def pause(self) -> None:
        """Holds the running one where it is; no other starts."""
        self._hold(on=True)

    def resume(self) -> None:
        self._hold(on=False)

    def _hold(self, *, on: bool) -> None:
        self._held = on
        run = self.running
        if self._job is not None and run is not None:
            self._job.pause(on=on)
            self._put(replace(run, state=State.PAUSED if on else State.RUNNING))
        self._next()
        self.changed.emit()

    def _next(self) -> None:
        waiting = next((run for run in self._runs if run.state is State.WAITING), None)
        if self._job is not None or self._held or waiting is None:
            return
        self._now, self._result = waiting.id, None
        self._put(replace(waiting, state=State.RUNNING))
        job = self._jobs.start("restore", self._make[waiting.id], heard=False)
        self._job = job
        job.happened.connect(self._hear)
        job.failed.connect(self._fail)
        job.ended.connect(self._over)

    @Slot(object)
    def _hear(self, event: Event) -> None:
        run = self.running
        if isinstance(event, Progress) and run is not None:
            share = event.done / event.total if event.total else 0.0
            self._put(replace(run, stage=event.stage, share=share, eta=event.eta))
            self.changed.emit()
        if isinstance(event, Finished):
            self._result = event.result
        self.happened.emit(event)

    @Slot(object)
    def _fail(self, error: AdirError) -> None:
        run = self.running
        if run is not None:
            self._put(replace(run, error=error))

    @Slot(object)
    def _over(self, job: Job) -> None:
        if job is not self._job:
            return
        run, result = self._find(self._now), self._result
        self._now, self._job, self._result, self._held = "", None, None, False
        if run is not None:
            if result is not None:
                self._end(run.id, State.DONE)
                self.finished.emit(self._find(run.id) or run, result)
            else:
                self._end(run.id, State.FAILED if run.error is not None else State.STOPPED)
        self._next()
        self.changed.emit()

    def _end(self, run_id: str, state: State) -> None:
        run = self._find(run_id)
        if run is not None:
            self._put(replace(run, state=state, eta=None))
            self.ended.emit(self._find(run_id))

    def _find(self, run_id: str) -> Run | None:
        return next((run for run in self._runs if run.id == run_id), None)

    def _put(self, run: Run) -> None:
        """Puts a new version of a run in the place of the old one."""
        self._runs = [run if old.id == run.id else old for old in self._runs]

    def _forget(self, run_id: str) -> None:
        self._runs = [run for run in self._runs if run.id != run_id]
        self._make.pop(run_id, None)
