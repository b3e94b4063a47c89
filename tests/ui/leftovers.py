"""What a test leaves behind: threads that run, windows that are open, timers that would still go off."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QThread, QTimer
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from adir_desktop.ui.jobs import JobThread

PATIENCE = 5000  # ms for a thread that is about to end anyway


class Leftovers:
    """Notes what is started, and tells what of it is still there."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._threads: list[QThread] = []
        self._timers: weakref.WeakSet[QTimer] = weakref.WeakSet()
        self._before = set(map(id, QApplication.topLevelWidgets()))
        start_thread, start_timer = JobThread.start, QTimer.start

        def thread_started(thread: JobThread, *arguments: object) -> None:
            self._threads.append(thread)
            start_thread(thread, *arguments)

        def timer_started(timer: QTimer, *arguments: object) -> None:
            self._timers.add(timer)
            start_timer(timer, *arguments)

        monkeypatch.setattr(JobThread, "start", thread_started)
        monkeypatch.setattr(QTimer, "start", timer_started)

    def settle(self) -> None:
        """What was asked to go away is gone after it."""
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        if self.timers():
            gc.collect()  # a widget that nobody holds any more takes its timers along

    def threads(self) -> list[QThread]:
        """Workers that still run; they are waited for, so that the next test is not harmed."""
        running = [thread for thread in self._threads if isValid(thread) and thread.isRunning()]
        for thread in running:
            thread.wait(PATIENCE)
        return running

    def timers(self) -> list[QTimer]:
        """Timers that go on although what they belong to is not to be seen any more."""
        return [timer for timer in self._valid() if timer.isActive()]

    def windows(self) -> list[object]:
        """Windows that are open, and were not before."""
        shown = (one for one in QApplication.topLevelWidgets() if one.isVisible())
        return [one for one in shown if id(one) not in self._before]

    def _valid(self) -> Iterable[QTimer]:
        return (timer for timer in list(self._timers) if isValid(timer))
