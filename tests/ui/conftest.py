"""A window on a scripted engine, and a check that neither threads nor windows are left behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from scripted import Answers, Script
from shiboken6 import isValid

from adir_desktop.settings import Settings
from adir_desktop.ui.jobs import JobThread

if TYPE_CHECKING:
    from adir_desktop.ui.main_window import MainWindow


@pytest.fixture(autouse=True)
def nothing_left(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fails a test that leaves a worker running or a window open."""
    threads: list[QThread] = []
    start = JobThread.start

    def started(thread: JobThread, *arguments: object) -> None:
        threads.append(thread)
        start(thread, *arguments)

    monkeypatch.setattr(JobThread, "start", started)
    before = set(map(id, QApplication.topLevelWidgets()))
    yield
    qapp.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    running = [thread for thread in threads if isValid(thread) and thread.isRunning()]
    for thread in running:
        thread.wait(5000)
    assert not running, "worker threads left behind"
    left = [one for one in QApplication.topLevelWidgets() if id(one) not in before and one.isVisible()]
    assert not left, f"windows left behind: {left}"


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def photo_file(tmp_path: Path) -> Path:
    """60 x 40 pixels of a gradient."""
    y, x = np.mgrid[0:40, 0:60]
    pixels = np.stack([4 * x, 6 * y, 0 * x + 90], axis=-1).astype(np.uint8)
    path = tmp_path / "print.png"
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def window(qtbot: QtBot, script: Script, answers: Answers) -> Iterator[MainWindow]:
    """Shown, with nothing open."""
    from adir_desktop.ui.main_window import MainWindow

    shown = MainWindow(script.engine(), Settings(), answers)
    shown.resize(1280, 800)
    with qtbot.waitExposed(shown):
        shown.show()
    shown.activateWindow()
    yield shown
    for sheet in shown.context.desk.sheets:  # no question at the end
        for result in sheet.results:
            result.saved = True
    shown.close()
    shown.deleteLater()


@pytest.fixture
def opened(window: MainWindow, qtbot: QtBot, photo_file: Path) -> MainWindow:
    """A window with `photo_file` open and the engine ready."""
    session = window.context.session
    window.commands.warm()
    qtbot.waitUntil(lambda: session.ready is not None)
    window.commands.photos.open(photo_file)
    qtbot.waitUntil(lambda: session.picture is not None and not window.context.jobs.has("open"))
    return window
