"""Killed without warning: the next start offers the session, and nothing painted or finished is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from crash_driver import digest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from scripted import READY, Answers

from adir_desktop.contract import Finished
from adir_desktop.ui import app
from adir_desktop.ui.keeper import sessions_dir
from adir_desktop.ui.main_window import MainWindow

DRIVER = Path(__file__).with_name("crash_driver.py")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    y, x = np.mgrid[0:48, 0:48]
    pixels = np.stack([5 * x, 5 * y, 120 + 0 * x], axis=-1).astype(np.uint8)
    path = tmp_path / "print.png"
    Image.fromarray(pixels).save(path)
    return path


def kill_while(photo: Path, moment: str) -> dict[str, object]:
    """Starts the program, waits for the moment, and kills it; returns what it had by then."""
    command = [sys.executable, str(DRIVER), str(photo), moment]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as program:
        line = program.stdout.readline()
        program.send_signal(signal.SIGKILL)
        program.wait(10)
    assert program.returncode == -signal.SIGKILL
    return json.loads(line)


@pytest.fixture
def started(qtbot: QtBot) -> Iterator[list[MainWindow]]:
    windows: list[MainWindow] = []
    yield windows
    for window in windows:
        for sheet in window.context.desk.sheets:
            for result in sheet.results:
                result.saved = True
        window.close()
        window.deleteLater()


@pytest.mark.parametrize("moment", ["painting", "adapting", "sampling"])
def test_after_a_kill_the_session_comes_back(
    photo: Path, moment: str, started: list[MainWindow], qtbot: QtBot
) -> None:
    had = kill_while(photo, moment)
    assert had["marked"] > 0
    window = app.open_window(app.real_engine(), dialogs=Answers())
    started.append(window)
    offer = [one for one in window.messages.findChildren(QPushButton) if one.isVisible()]
    assert offer, "the session is offered"
    QTest.mouseClick(offer[0], Qt.MouseButton.LeftButton)
    session, desk = window.context.session, window.context.desk
    qtbot.waitUntil(lambda: session.picture is not None, timeout=20_000)
    assert digest(session.mask.pixels) == had["mask"]
    assert (session.values.task, session.values.steps, session.values.seed) == (
        "inpaint",
        had["steps"],
        had["seed"],
    )
    assert len(desk.current.results) == 1
    assert desk.current.results[0].values.steps == 2, "its own recipe, whatever was chosen since"
    qtbot.waitUntil(lambda: session.restored is not None, timeout=60_000)  # it was on the canvas
    assert [digest(session.restored.restoration.photo.pixels)] == had["results"]
    marked = session.mask.count
    session.mask.undo()
    assert session.mask.count < marked, "strokes can still be undone one by one"


def test_after_a_proper_end_nothing_is_offered(photo: Path, started: list[MainWindow], qtbot: QtBot) -> None:
    first = app.open_window(app.real_engine(), photos=[photo], dialogs=Answers())
    qtbot.waitUntil(lambda: first.context.session.picture is not None)
    assert list(sessions_dir().iterdir())
    first.close()
    first.deleteLater()
    assert not list(sessions_dir().iterdir()), "nothing is left on the disk"
    window = app.open_window(app.real_engine(), dialogs=Answers())
    started.append(window)
    assert window.commands.sessions.leftover is None


def test_unfinished_work_is_there_after_a_proper_end(
    photo: Path, started: list[MainWindow], qtbot: QtBot
) -> None:
    first = app.open_window(app.real_engine(), photos=[photo], dialogs=Answers())
    qtbot.waitUntil(lambda: first.session.picture is not None)
    kernel = "shake:61:0.53:7"
    first.session.change(replace(first.session.values, task="inpaint", adapt="self", seed=77, kernel=kernel))
    first.session.mask.begin((10.5, 10.5), 6)
    first.session.mask.finish()
    marked = digest(first.session.mask.pixels)
    first.close()
    first.deleteLater()
    window = app.open_window(app.real_engine(), dialogs=Answers())
    started.append(window)
    assert window.commands.sessions.leftover.ended
    assert not window.messages.isVisible(), "nothing went wrong: the first page offers it, no bar"
    window.commands.sessions.bring_back()
    qtbot.waitUntil(lambda: window.session.picture is not None)
    assert digest(window.session.mask.pixels) == marked
    window.session.hear(Finished(READY))
    values = window.session.values
    assert (values.task, values.adapt, values.seed) == ("inpaint", "self", 77), "as they were chosen"
    assert values.kernel == kernel
    assert window.panel.values.kernel.path.value() == 7
    window.session.mask.clear()


def test_a_session_that_is_not_wanted_is_deleted(
    photo: Path, started: list[MainWindow], qtbot: QtBot
) -> None:
    kill_while(photo, "painting")
    window = app.open_window(app.real_engine(), dialogs=Answers())
    started.append(window)
    assert window.commands.sessions.leftover is not None
    window.commands.sessions.discard()
    assert window.commands.sessions.leftover is None
    assert not list(sessions_dir().iterdir())
