"""What the window supposes of a photo without being asked, and clicks that are not meant twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from scripted import Script, found

from adir_desktop.contract import Finished
from adir_desktop.ui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.png"
    Image.fromarray(np.full((420, 500, 3), 90, np.uint8)).save(path)
    return path


def test_a_large_photo_is_to_be_cleaned_of_the_noise_it_has(
    window: MainWindow, script: Script, qtbot: QtBot, large: Path
) -> None:
    window.commands.photos.open(large)
    qtbot.waitUntil(lambda: window.session.values.noise is not None)
    assert window.session.values.task == "denoise"
    assert window.session.values.noise == 12.3, "as the engine measured it"
    QTest.mouseClick(window.panel.tasks.button(1), LEFT)
    assert (window.session.values.task, window.session.values.noise) == ("deblur", 12.3)


def test_noise_that_the_person_gave_is_not_measured_over(
    window: MainWindow, qtbot: QtBot, large: Path
) -> None:
    window.commands.photos.open(large)
    qtbot.waitUntil(lambda: window.session.values.noise is not None)
    window.session.change(replace(window.session.values, noise=3.0))
    window.session.measure(40.0)
    assert window.session.values.noise == 3.0


def test_the_photo_itself_is_not_among_those_it_learns_from(opened: MainWindow, photo_file: Path) -> None:
    items = found().items
    neighbours = replace(found(), items=(replace(items[0], path=photo_file), *items[1:]))
    opened.session.hear(Finished(neighbours))
    assert [item.included for item in opened.session.found.items] == [False, True, True, True]


def test_a_double_click_on_restore_is_one_click(opened: MainWindow, script: Script, qtbot: QtBot) -> None:
    opened.session.change(replace(opened.session.values, adapt="none"))
    script.restoring = script.step_by_step
    QTest.mouseClick(opened.panel.restore, LEFT)
    QTest.mouseDClick(opened.panel.restore, LEFT)
    qtbot.waitUntil(lambda: bool(script.requests))
    assert opened.context.runs.running is not None
    assert not opened.jobs.stopping
    assert not opened.context.runs.paused
    opened.commands.runs.stop()
    qtbot.waitUntil(lambda: not opened.jobs.engine)
