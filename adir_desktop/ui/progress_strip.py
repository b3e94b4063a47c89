"""What the engine is at: stage, count, time left, how well it goes; and ways to hold or stop it."""

from __future__ import annotations

import time

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from adir_desktop.contract import Event, Progress
from adir_desktop.ui import words
from adir_desktop.ui.agreement_gauge import Gauge
from adir_desktop.ui.countdown import Countdown
from adir_desktop.ui.curves import Sparkline
from adir_desktop.ui.forms import push_button
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.runs import Runs
from adir_desktop.ui.session import Session
from adir_desktop.ui.theme import GRID, icon, mark
from adir_desktop.ui.traces import Traces

STOPPABLE = ("index", "find", "references")
TICK = 1000  # ms between looks at the clock while no event comes


class ProgressStrip(QWidget):
    """One line at the window's foot."""

    stop_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._jobs: Jobs | None = None
        self._runs: Runs | None = None
        self._countdown, self._kind, self._run = Countdown(), "", ""
        self._last: Progress | None = None
        self._tick = QTimer(self)
        self._tick.setInterval(TICK)
        self._tick.timeout.connect(self._say)
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(30 * GRID)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.figure = QLabel()
        mark(self.figure, "quiet", on=True)
        self.gauge = Gauge()
        self.gauge.setFixedWidth(8 * GRID)
        self.gauge.setAccessibleName(self.tr("Agreement with the photo"))
        self.traces = Traces(self)
        self.curve = Sparkline(self.traces)
        self.traces.changed.connect(self._show_curve)
        self.pause = push_button(self.tr("Pause"), self.tr("Holds the restoration where it is (Ctrl+P)"))
        self.stop = push_button(self.tr("Stop"), self.tr("Stop (Esc)"))
        self._lay_out()

    def watch(self, jobs: Jobs, runs: Runs) -> None:
        """Hears the engine's events, and which job or run it is at."""
        self._jobs, self._runs = jobs, runs
        jobs.happened.connect(self._hear)
        runs.happened.connect(self._hear)
        runs.happened.connect(self.traces.hear)
        for signal in (jobs.changed, runs.changed, self._session.engine_changed):
            signal.connect(self._follow)
        self.pause.clicked.connect(self._hold)
        self.stop.clicked.connect(self.stop_wanted)
        self._follow()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID // 2, 2 * GRID, GRID // 2)
        row.setSpacing(2 * GRID)
        row.addWidget(self.bar)
        row.addWidget(self.text, 1)
        for part in (self.figure, self.gauge, self.curve, self.pause, self.stop):
            row.addWidget(part)
        self.gauge.hide()
        self.pause.setIconSize(QSize(16, 16))
        self.setFixedHeight(5 * GRID)
        self._show_curve()

    @Slot()
    def _show_curve(self) -> None:
        self.curve.setVisible(bool(self.curve.values))

    @property
    def _paused(self) -> bool:
        return self._runs is not None and self._runs.paused and self._runs.running is not None

    @Slot(object)
    def _hear(self, event: Event) -> None:
        if not isinstance(event, Progress) or not self._kind:  # other lanes' progress has its own places
            return
        if self._last is None or event.stage != self._last.stage:
            self._start_stage()
        self._last = event
        self._countdown.update(event.eta, time.monotonic())
        self.bar.setRange(0, event.total)
        self.bar.setValue(event.done)
        self._say()
        self._measure(event)

    def _start_stage(self) -> None:
        self._last = None
        self._countdown.restart()
        self._measure(Progress("", 0, 0))

    def _measure(self, event: Progress) -> None:
        """The loss while adapting, the agreement while restoring."""
        self.gauge.setVisible(event.consistency is not None)
        if event.loss is not None:
            self.figure.setText(self.tr("loss {0}").format(f"{event.loss:.4f}"))
            self.figure.setToolTip(self.tr("Error of the model on the similar photos; lower is better"))
        elif event.consistency is not None:
            hint = self.tr(
                "Agreement with the photo (data consistency): how far the result is from what the photo shows, "
                "as a multiple of the photo's noise. At the mark, 1, it is as close as makes sense."
            )
            self.gauge.show_value(event.consistency)
            self.figure.setText(self.tr("agreement {0}").format(words.decimal(event.consistency, 2)))
            for part in (self.figure, self.gauge):
                part.setToolTip(hint)
        else:
            self.figure.clear()
            self.figure.setToolTip("")

    @Slot()
    def _say(self) -> None:
        event, jobs = self._last, self._jobs
        if event is None or jobs is None or jobs.stopping:
            return
        count = self.tr("{0} of {1}").format(words.count(event.done), words.count(event.total))
        parts = [self.tr("Paused") if self._paused else words.stage_words(event.stage)]
        parts += [count] if event.total > 0 else []
        left = None if self._paused else self._countdown.update(None, time.monotonic())
        run = self._runs.running if self._runs is not None else None
        later = run.after_stage if run is not None else 0.0
        if left is not None and (event.done < event.total or later):
            parts.append(self.tr("{0} left").format(words.duration(left + later)))
        self.text.setText(" · ".join(parts))

    @Slot()
    def _follow(self) -> None:
        if self._jobs is None or self._runs is None:
            return
        run = self._runs.running
        if (self._jobs.engine, run.id if run else "") != (self._kind, self._run):
            self._begin(self._jobs.engine, run.id if run else "")
        self._show_controls(running=run is not None)
        if self._jobs.stopping:
            self.text.setText(self.tr("Stopping …"))
        elif not self._kind:
            self._rest()
        elif self._last is None:
            self._wait()
        else:
            self._say()

    def _begin(self, kind: str, run: str) -> None:
        """Another job or another run: nothing of the one before holds any more."""
        self._kind = kind
        if run and run != self._run:
            self.traces.clear()
        self._run = run
        self._start_stage()
        if kind:
            self._tick.start()
        else:
            self._tick.stop()

    def _show_controls(self, *, running: bool) -> None:
        jobs, paused = self._jobs, self._paused
        assert jobs is not None
        self.bar.setVisible(bool(self._kind))
        self.stop.setVisible(running or jobs.has(*STOPPABLE))
        self.stop.setEnabled(not jobs.stopping)
        self.pause.setVisible(running and not jobs.stopping)
        self.pause.setText(self.tr("Resume") if paused else self.tr("Pause"))
        self.pause.setIcon(icon("play" if paused else "pause"))
        if paused:  # an estimate from before the pause says nothing about the time after it
            self._countdown.restart()

    def _wait(self) -> None:
        """A job that has not said how far it is."""
        assert self._runs is not None
        self.bar.setRange(0, 0)
        if self._kind != "warm":
            stage = {"find": "retrieve", "restore": "load"}.get(self._kind, self._kind)
            self.text.setText(words.stage_words(stage) + " …")
        elif self._runs.running is not None:
            self.text.setText(self.tr("Loading the engine … Restoring starts when it is ready."))
        else:
            self.text.setText(self.tr("Loading the engine …"))

    def _rest(self) -> None:
        """Idle: only what it runs on."""
        ready = self._session.ready
        self.text.setText(self.tr("Ready · {0}").format(ready.device) if ready else "")

    @Slot()
    def _hold(self) -> None:
        assert self._runs is not None
        if self._runs.paused:
            self._runs.resume()
        else:
            self._runs.pause()
