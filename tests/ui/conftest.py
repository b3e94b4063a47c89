"""A window on a scripted engine, and a check that no thread, window or timer is left behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from leftovers import Leftovers
from PIL import Image
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from scripted import Answers, Script

from adir_desktop.settings import Settings

if TYPE_CHECKING:
    from adir_desktop.ui.main_window import MainWindow

QLocale.setDefault(QLocale("en"))  # numbers as the English window writes them, wherever the tests run


@pytest.fixture(autouse=True)
def nothing_left(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fails a test that leaves a worker running, a window open, or a timer that would still go off."""
    left = Leftovers(monkeypatch)
    sheet, palette = qapp.styleSheet(), qapp.palette()
    yield
    left.settle()
    if qapp.styleSheet() != sheet:  # the look of one test is not that of the next
        qapp.setStyleSheet(sheet)
        qapp.setPalette(palette)
    assert not left.threads(), "worker threads left behind"
    assert not left.windows(), f"windows left behind: {left.windows()}"
    timers = [(timer, timer.parent()) for timer in left.timers()]
    for timer, _ in timers:
        timer.stop()
    assert not timers, f"timers left behind: {timers}"


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
