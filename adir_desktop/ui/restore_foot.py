"""The foot of the panel: what it will cost or what is missing, the one button, and what comes after."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from adir_desktop.ui import words
from adir_desktop.ui.agreement_gauge import AgreementGauge
from adir_desktop.ui.forms import push_button, quiet, tool_button
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.requests import MASKED
from adir_desktop.ui.runs import Run, Runs, State
from adir_desktop.ui.session import Session
from adir_desktop.ui.theme import GRID, mark


class RestoreFoot(QWidget):
    """Restore, Stop, Pause, Add to queue; then Save, Save preset and Again."""

    restore_wanted = Signal()  # or to stop it
    pause_wanted = Signal()  # or to go on
    queue_wanted = Signal()  # one more of this photo
    again_wanted = Signal()  # with another seed
    save_wanted = Signal()
    save_preset_wanted = Signal()
    folder_wanted = Signal()
    preset_wanted = Signal()
    brush_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._cure: Callable[[], None] | None = None
        self.gauge = AgreementGauge(session)
        self.missing, self.remedy = quiet(), push_button("")
        self.restore = OnceButton(self.tr("Restore"))
        self.pause = push_button(self.tr("Pause"))
        self.queue = push_button(self.tr("Add to queue"))
        self.cost = CostLine(session)
        self.again = tool_button(self.tr("Again with another seed"), "dice")
        self.save = push_button(self.tr("Save image …"))
        self.save_preset = push_button(self.tr("Save preset …"))
        self._lay_out()
        self._connect()

    def watch(self, jobs: Jobs, runs: Runs) -> None:
        """Follows the session and the queue."""
        self._jobs, self._runs = jobs, runs
        self.gauge.watch()
        self.cost.watch(jobs)
        session = self._session
        for signal in (
            session.values_changed,
            session.photo_changed,
            session.found_changed,
            session.engine_changed,
        ):
            signal.connect(self._look)
        session.mask_changed.connect(self._new_mask)
        for signal in (session.result_changed, jobs.changed, runs.changed):
            signal.connect(self._follow)
        self._look()

    def _lay_out(self) -> None:
        foot = QVBoxLayout(self)
        foot.setContentsMargins(2 * GRID, GRID, 2 * GRID, 2 * GRID)
        foot.setSpacing(GRID)
        foot.addWidget(self.gauge)
        foot.addWidget(self.missing)
        foot.addWidget(self.remedy, 0, Qt.AlignmentFlag.AlignLeft)
        self.restore.setMinimumHeight(5 * GRID)
        foot.addWidget(self.restore)
        foot.addLayout(_row(self.pause, self.queue))
        foot.addWidget(self.cost)
        foot.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        foot.addLayout(_row(self.save, self.save_preset))
        self.again.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.again.setToolTip(self.tr("Another of the possible results of these values"))
        self.restore.setToolTip(self.tr("Restore the photo, or stop restoring (Ctrl+Return, Esc)"))
        self.queue.setToolTip(self.tr("Restores this photo once more, with the values as they are now"))

    def _connect(self) -> None:
        self.restore.clicked.connect(self.restore_wanted)
        self.pause.clicked.connect(self.pause_wanted)
        self.queue.clicked.connect(self.queue_wanted)
        self.again.clicked.connect(self.again_wanted)
        self.save.clicked.connect(self.save_wanted)
        self.save_preset.clicked.connect(self.save_preset_wanted)
        self.remedy.clicked.connect(self._help)

    @Slot(QRect)
    def _new_mask(self, box: QRect) -> None:
        if box.isEmpty():  # a stroke has ended
            self._look()

    @Slot()
    def _look(self) -> None:
        """Is anything missing, and is there a way out?"""
        missing = self._session.missing() if self._session.picture is not None else ""
        self.missing.setText(missing)
        self.missing.setVisible(bool(missing))
        text, self._cure = self._way_out() if missing else ("", None)
        self.remedy.setText(text)
        self.remedy.setVisible(self._cure is not None)
        self.cost.setHidden(bool(missing))
        self._follow()

    def _way_out(self) -> tuple[str, Callable[[], None] | None]:
        """What the button beside a missing thing says and does; in the order in which they are looked at."""
        session, values = self._session, self._session.values
        if values.adapt == "neighbours" and session.found is None and session.library is None:
            return self.tr("Add a folder …"), self.folder_wanted.emit
        if values.adapt == "neighbours" and session.found is not None and not session.found.included:
            return self.tr("Switch all on"), self._include_all
        if values.adapt == "preset" and not values.presets:
            return self.tr("Choose a preset …"), self.preset_wanted.emit
        if values.task in MASKED and (session.mask is None or session.mask.empty):
            return self.tr("Take the brush"), self.brush_wanted.emit
        return "", None

    def _include_all(self) -> None:
        self._session.include_all(included=True)

    @Slot()
    def _help(self) -> None:
        if self._cure is not None:
            self._cure()

    def _mine(self, run: Run | None) -> bool:
        return run is not None and run.sheet == self._session.photo_id != ""

    @Slot()
    def _follow(self) -> None:
        """The buttons; asked at each step of a run."""
        session, runs = self._session, self._runs
        possible = session.picture is not None and not self.missing.text()
        running = self._mine(runs.running)
        stopping = running and self._jobs.stopping
        self.restore.setText(self._main_word(running=running, stopping=stopping))
        self.restore.setEnabled(not stopping and (running or possible))
        self.pause.setVisible((running or runs.paused) and not stopping)
        self.pause.setText(self.tr("Resume") if runs.paused else self.tr("Pause"))
        self.queue.setVisible(running)
        self.queue.setEnabled(possible)
        restored = session.restored
        self.again.setVisible(restored is not None)
        self.again.setEnabled(possible)
        self.save.setVisible(restored is not None)
        self.save.setEnabled(not self._jobs.has("save"))
        self.save_preset.setVisible(restored is not None and restored.restoration.preset is not None)
        save_next = restored is not None and not session.saved and not running
        mark(self.save, "accent", on=save_next)
        mark(self.restore, "accent", on=not save_next and not running)

    def _main_word(self, *, running: bool, stopping: bool) -> str:
        if stopping:
            return self.tr("Stopping …")
        if running:
            return self.tr("Stop")
        if any(run.state is State.WAITING and self._mine(run) for run in self._runs.runs):
            return self.tr("In the queue · add another")
        return self.tr("Restore")


class OnceButton(QPushButton):
    """Hears a double click as one click: the second would stop what the first began."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's own name
        """Not one more press."""
        event.accept()


class CostLine(QWidget):
    """Time and memory of what Restore would do, before it is pressed."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.words = quiet()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.words)

    def watch(self, jobs: Jobs) -> None:
        """Follows the estimate; it is grey while another one is being made."""
        self._jobs = jobs
        self._session.estimate_changed.connect(self._follow)
        jobs.changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        estimate, busy = self._session.estimate, self._jobs.has("estimate")
        self.words.setEnabled(not busy)
        if estimate is None:
            self.words.setText(self.tr("Estimating the time …") if busy else "")
            self.words.setToolTip("")
            return
        time, memory = words.duration(estimate.seconds), words.bytes(estimate.memory)
        text = self.tr("{0} on this computer, {1}").format(time, memory)
        self.words.setText(text[:1].upper() + text[1:])
        parts = (
            self.tr("{0}: {1}").format(words.stage_words(stage), words.duration(seconds))
            for stage, seconds in estimate.parts.items()
        )
        self.words.setToolTip("\n".join(parts))


def _row(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GRID)
    for part in parts:
        row.addWidget(part, 1)
    return row
