"""Errors and notices in a quiet bar: the problem, and what to do about it."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from adir_desktop.contract import Event, Finished, Notice
from adir_desktop.errors import AdirError
from adir_desktop.ui.forms import push_button, tool_button
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.ports import SavedAs
from adir_desktop.ui.remarks import said_both
from adir_desktop.ui.runs import Run, Runs, State
from adir_desktop.ui.theme import GRID, icon, mark

KEPT = 5  # messages waiting behind the one that is shown
WIDEST = 90 * GRID
BRIEF = 8000  # ms that a mere confirmation stays


@dataclass(frozen=True)
class Message:
    """What is said. error: something failed, rather than surprised.

    action: the remedy as words of a button, "" for none; run: what the button does.
    """

    problem: str
    remedy: str = ""
    error: bool = False
    action: str = ""
    run: Callable[[], object] | None = field(default=None, compare=False)  # the same words are the same news


class MessageBar(QWidget):
    """Shows the latest error, else the latest notice, until it is closed or the next job begins.

    It floats over the top of its parent: a bar that pushed the photo down would make it jump.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._room = parent
        self._runs: Runs | None = None
        self._messages: list[Message] = []
        self._sign = QLabel()
        self.problem, self.remedy = QLabel(), QLabel()
        for label in (self.problem, self.remedy):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        mark(self.remedy, "quiet", on=True)
        self.action = push_button("")
        self.action.clicked.connect(self._act)
        self.close_button = tool_button("", "close")
        self.close_button.setToolTip(self.tr("Close this message"))
        self.close_button.setAccessibleName(self.tr("Close this message"))
        self.close_button.clicked.connect(self._next)
        self._brief = QTimer(self)
        self._brief.setSingleShot(True)
        self._brief.setInterval(BRIEF)
        self._brief.timeout.connect(self._next)
        self._lay_out()
        self.hide()
        parent.installEventFilter(self)

    def watch(self, jobs: Jobs, runs: Runs) -> None:
        """Hears failures and notices of all jobs, and how the runs of the queue end."""
        self._runs = runs
        runs.happened.connect(self._hear)
        runs.ended.connect(self._ended)
        jobs.happened.connect(self._hear)
        jobs.failed.connect(self.fail)
        jobs.stopped.connect(self._stopped)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stays in the middle of the parent's upper edge."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    @Slot(object)
    def fail(self, error: AdirError) -> None:
        """Shows a failure."""
        self.say(Message(*said_both(error.problem, error.remedy), error=True))

    def say(self, message: Message) -> None:
        """Shows `message`, unless it stands there already; an error is not covered by a notice."""
        if message in self._messages:
            return
        self._messages.append(message)
        self._messages.sort(key=lambda one: one.error)  # stable: the latest of the errors comes last
        del self._messages[:-KEPT]
        self._show_last()

    def clear(self) -> None:
        """Something new begins: what was said belongs to the past."""
        self._messages.clear()
        self._show_last()

    @Slot(object)
    def _hear(self, event: Event) -> None:
        if isinstance(event, Notice):
            self.say(Message(*said_both(event.message, event.remedy)))
        elif isinstance(event, Finished) and isinstance(event.result, SavedAs):
            self.say(Message(self.tr("Saved: {0}").format(event.result.path)))

    @Slot(object)
    def _ended(self, run: Run) -> None:
        """A restoration that failed can be tried again; one that was stopped too early left nothing."""
        named = self._runs is not None and len(self._runs.runs) > 1
        if run.state is State.FAILED and run.error is not None:
            problem, remedy = said_both(run.error.problem, run.error.remedy)
            problem = self.tr("{0}: {1}").format(run.name, problem) if named else problem
            again = partial(self._retry, run.id)
            self.say(Message(problem, remedy, error=True, action=self.tr("Try again"), run=again))
        elif run.state is State.STOPPED:
            self.say(Message(self.tr("Stopped. The photo is as it was.")))

    @Slot(str)
    def _stopped(self, kind: str) -> None:
        if kind != "restore":  # the queue says itself how its runs end
            self.say(Message(self.tr("Stopped.")))

    def _retry(self, run_id: str) -> None:
        if self._runs is not None:
            self._runs.retry(run_id)

    @Slot()
    def _act(self) -> None:
        """Does what the shown message offers; it has been dealt with then."""
        run = self._messages.pop().run if self._messages else None
        self._show_last()
        if run is not None:
            run()

    @Slot()
    def _next(self) -> None:
        if self._messages:
            self._messages.pop()
        self._show_last()

    def _show_last(self) -> None:
        self.setVisible(bool(self._messages))
        if not self._messages:
            return
        last = self._messages[-1]
        self.problem.setText(last.problem)
        self.remedy.setText(last.remedy)
        self.remedy.setVisible(bool(last.remedy))
        self.action.setText(last.action)
        self.action.setVisible(bool(last.action))
        self._sign.setPixmap(icon("error" if last.error else "info").pixmap(QSize(20, 20)))
        mark(self, "error", on=last.error)
        if last.error or last.remedy or last.action:
            self._brief.stop()
        else:
            self._brief.start()
        self._place()

    def _place(self) -> None:
        room = self._room.width()
        width = min(room - 4 * GRID, WIDEST)
        height = max(self.heightForWidth(width), 6 * GRID)
        self.setGeometry((room - width) // 2, 2 * GRID, width, height)
        self.raise_()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        row.setSpacing(GRID + GRID // 2)
        row.addWidget(self._sign)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.problem)
        texts.addWidget(self.remedy)
        row.addLayout(texts, 1)
        row.addWidget(self.action)
        row.addWidget(self.close_button)
