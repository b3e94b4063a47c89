"""Tells a person who is elsewhere that long work has ended."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from adir_desktop.contract import Event, Finished, LibraryInfo
from adir_desktop.ui import words
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.runs import Run, Runs, State

LONG = 10.0  # seconds: shorter work is waited for
STAYS = 12_000  # ms that a notification can be clicked

Show = Callable[[str, str], bool]  # title, text -> was it shown?


class Notifier(QObject):
    """Speaks only while the window is not in front, once a queue or an index is done with."""

    def __init__(self, window: QWidget, show: Show | None = None) -> None:
        super().__init__(window)
        self.enabled = True  # the person's setting
        self._window = window
        self._show = show or Tray(window).show
        self._jobs: Jobs | None = None
        self._runs: Runs | None = None
        self._began: dict[str, float] = {}  # by what is under way: "runs", "index"
        self._ended: list[Run] = []

    def watch(self, jobs: Jobs, runs: Runs) -> None:
        """Follows the queue, and indexing."""
        self._jobs, self._runs = jobs, runs
        runs.changed.connect(self._follow)
        runs.ended.connect(self._note)
        jobs.changed.connect(self._follow)
        jobs.happened.connect(self._hear)

    @Slot()
    def _follow(self) -> None:
        """Begins to count, or is done with counting."""
        assert self._jobs is not None
        assert self._runs is not None
        waits = any(run.state is State.WAITING for run in self._runs.runs) and not self._runs.paused
        if self._runs.running is not None:
            self._began.setdefault("runs", time.monotonic())
        elif not waits and "runs" in self._began:
            self._tell_runs()
        if self._jobs.engine == "index":
            self._began.setdefault("index", time.monotonic())
        elif "index" in self._began:  # its result would have been heard by now
            self._tell("index", self.tr("The photo library is not complete"), self.tr("The window says why."))

    @Slot(object)
    def _note(self, run: Run) -> None:
        self._ended.append(run)

    @Slot(object)
    def _hear(self, event: Event) -> None:
        if isinstance(event, Finished) and isinstance(event.result, LibraryInfo) and "index" in self._began:
            text = self.tr("{0}: {1} photos").format(event.result.name, words.count(event.result.photos))
            self._tell("index", self.tr("The photo library is ready"), text)

    def _tell_runs(self) -> None:
        """One word for the whole queue: a folder of photos is not a folder of interruptions."""
        ended, self._ended = self._ended, []
        done = [run for run in ended if run.state is State.DONE]
        failed = [run for run in ended if run.state is State.FAILED]
        if len(ended) == 1 and (done or failed):
            title = self.tr("Restored") if done else self.tr("Restoring failed")
            self._tell("runs", title, ended[0].name)
        elif done or failed:
            counts = [self.tr("{0} restored").format(len(done))] if done else []
            counts += [self.tr("{0} failed").format(len(failed))] if failed else []
            self._tell("runs", self.tr("The queue is done"), ", ".join(counts))
        self._began.pop("runs", None)

    def _tell(self, what: str, title: str, text: str) -> None:
        took = time.monotonic() - self._began.pop(what)
        if took < LONG or not self.enabled or QApplication.activeWindow() is not None:
            return
        if not self._show(title, text):
            QApplication.alert(self._window)


class Tray(QObject):
    """A notification of the desktop, through an icon that is there only while it can be clicked."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._icon: QSystemTrayIcon | None = None
        self._leave = QTimer(self)
        self._leave.setSingleShot(True)
        self._leave.setInterval(STAYS)
        self._leave.timeout.connect(self._gone)

    def show(self, title: str, text: str) -> bool:
        """Shows it; False where the desktop has no such thing."""
        if not (QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()):
            return False
        if self._icon is None:
            self._icon = QSystemTrayIcon(self._window.windowIcon(), self)
            self._icon.messageClicked.connect(self._come)
            self._icon.activated.connect(self._come)
        self._icon.show()
        self._icon.showMessage(title, text, self._window.windowIcon(), STAYS)
        self._leave.start()
        return True

    @Slot()
    def _come(self) -> None:
        """The person wants to see it."""
        bring_to_front(self._window)
        self._gone()

    @Slot()
    def _gone(self) -> None:
        self._leave.stop()
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None


def bring_to_front(window: QWidget) -> None:
    """Shows a window that is hidden, minimised or behind others."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()
