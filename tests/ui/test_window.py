"""The window as a whole: what it shows at first, what it guesses, what can be done when."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hands import colour, drop, press
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from scripted import Answers, Script, text_of

from adir_desktop.contract import Notice, Progress, Request
from adir_desktop.errors import ModelError
from adir_desktop.settings import Settings
from adir_desktop.ui.main_window import MainWindow
from adir_desktop.ui.ports import Events

LEFT = Qt.MouseButton.LeftButton
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform has none


def test_an_empty_window_has_one_obvious_next_step(
    window: MainWindow, answers: Answers, qtbot: QtBot, photo_file: Path
) -> None:
    assert window.welcome.isVisible()
    assert not window.welcome.sample_button.isVisible()
    assert not window.panel.restore.isEnabled()
    answers.path = photo_file
    QTest.mouseClick(window.welcome.open_button, LEFT)
    qtbot.waitUntil(window.canvas.isVisible)
    assert "print.png" in window.windowTitle()
    assert window.panel.restore.isEnabled()


def test_the_sample_is_offered_where_there_is_one(qtbot: QtBot, script: Script, photo_file: Path) -> None:
    window = MainWindow(script.engine(), Settings(), Answers(), sample=photo_file)
    qtbot.addWidget(window)
    window.show()
    QTest.mouseClick(window.welcome.sample_button, LEFT)
    qtbot.waitUntil(lambda: window.session.picture is not None)
    window.close()


def test_a_dropped_file_is_opened(window: MainWindow, qtbot: QtBot, photo_file: Path) -> None:
    drop(window, photo_file)
    qtbot.waitUntil(lambda: window.session.picture is not None)
    assert window.session.picture.photo.path == photo_file
    assert window.context.settings.recent == (str(photo_file),)


def test_a_file_that_is_no_photo_leaves_the_open_photo(
    opened: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    before = opened.session.picture
    drop(opened, tmp_path / "notes.txt")
    qtbot.waitUntil(opened.messages.isVisible)
    assert opened.messages.problem.text() == "notes.txt is not a photo."
    assert opened.messages.remedy.text() == "Choose a picture file."
    assert opened.messages.property("error")
    assert opened.session.picture is before
    QTest.mouseClick(opened.messages.close_button, LEFT)
    assert not opened.messages.isVisible()


@pytest.mark.parametrize(
    ("size", "grey", "task"),
    [((60, 40), False, "upscale"), ((60, 40), True, "colorize"), ((900, 40), False, "denoise")],
)
def test_the_task_is_guessed_from_the_photo(  # fixtures
    window: MainWindow, qtbot: QtBot, tmp_path: Path, size: tuple[int, int], grey: bool, task: str
) -> None:
    path = tmp_path / "x.png"
    Image.new("L" if grey else "RGB", size).save(path)
    drop(window, path)
    qtbot.waitUntil(lambda: window.session.picture is not None)
    assert window.session.values.task == task


@pytest.mark.parametrize(("side", "scale"), [(64, 4), (256, 4), (300, 2)])
def test_the_scale_is_guessed_so_that_it_does_not_take_forever(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, side: int, scale: int
) -> None:
    path = tmp_path / "x.png"
    Image.new("RGB", (side, 20)).save(path)
    drop(window, path)
    qtbot.waitUntil(lambda: window.session.picture is not None)
    assert window.session.values.scale == scale


def test_a_failure_is_told_with_its_remedy_and_the_window_goes_on(
    opened: MainWindow, script: Script, qtbot: QtBot
) -> None:
    def failing(request: Request) -> Events:
        yield Progress("sample", 1, 2)
        raise ModelError("The denoiser's file is damaged.", "Install the program again.")

    script.restoring = failing
    opened.commands.runs.restore()
    qtbot.waitUntil(opened.messages.isVisible)
    assert opened.messages.problem.text() == "The denoiser's file is damaged."
    assert opened.messages.remedy.text() == "Install the program again."
    qtbot.waitUntil(lambda: not opened.jobs.engine)
    script.restoring = None
    opened.commands.runs.restore()
    qtbot.waitUntil(lambda: opened.session.restored is not None)
    assert not opened.messages.isVisible()


def test_a_notice_is_shown_and_does_not_cover_an_error(
    opened: MainWindow, script: Script, qtbot: QtBot
) -> None:
    def job(request: Request) -> Events:
        yield Notice("Only 3 photos were found.", "Add more to the library.")
        raise ModelError("Broken.", "Mend it.")

    script.restoring = job
    opened.commands.runs.restore()
    qtbot.waitUntil(lambda: opened.messages.problem.text() == "Broken.")
    QTest.mouseClick(opened.messages.close_button, LEFT)
    assert opened.messages.problem.text() == "Only 3 photos were found."
    assert not opened.messages.property("error")
    assert "Add more" in text_of(opened.messages)


def test_the_windows_place_is_restored(window: MainWindow, qtbot: QtBot, script: Script) -> None:
    window.resize(1111, 700)
    kept: list[Settings] = []
    window.closed.connect(kept.append)
    window.close()
    again = MainWindow(script.engine(), kept[0], Answers())
    qtbot.addWidget(again)
    assert again.height() == 700  # the offscreen screen is narrower than the window


def test_actions_are_on_only_where_they_can_be_used(opened: MainWindow) -> None:
    actions = opened.actions_by_name
    assert not any(
        actions[name].isEnabled() for name in ("save", "save_preset", "stop", "undo", "brush", "compare")
    )
    assert all(
        actions[name].isEnabled() for name in ("open", "restore", "fit", "find", "add_folder", "update")
    )


def test_at_100_percent_the_canvas_draws_the_photos_own_pixels(opened: MainWindow, photo_file: Path) -> None:
    press(opened, Qt.Key.Key_1)
    pixels = np.asarray(Image.open(photo_file))
    for x, y in ((0, 0), (31, 20), (59, 39), (7, 33)):
        assert colour(opened, x, y) == tuple(pixels[y, x])


def test_a_window_that_nobody_touches_has_nothing_to_do(opened: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: opened.session.estimate is not None)
    turns: list[int] = []
    opened.session.values_changed.connect(lambda: turns.append(1))
    for changed in (opened.jobs.changed, opened.context.runs.changed, opened.context.desk.changed):
        changed.connect(lambda: turns.append(1))
    qtbot.wait(700)
    assert turns == []
