"""Things that happen in the middle of others: a result while a stroke is drawn, another photo, a closed one."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hands import (
    CONTROL,
    at,
    choose_task,
    click_photo,
    click_row,
    colour,
    colour_file,
    drag,
    is_near,
    opened_all,
    press,
    restored,
    start_restoring,
)
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from scripted import Answers, Script, restoration

from adir_desktop.contract import Finished, Progress, Request
from adir_desktop.ui.main_window import MainWindow
from adir_desktop.ui.ports import Events

LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform has none


@pytest.fixture
def repair(opened: MainWindow) -> MainWindow:
    choose_task(opened, "inpaint")
    press(opened, Key.Key_B)
    return opened


def begin_stroke(window: MainWindow) -> None:
    """The button stays down."""
    QTest.mousePress(window.canvas, LEFT, pos=at(window, 10, 10))
    QTest.mouseMove(window.canvas, at(window, 30, 10))


def end_stroke(window: MainWindow, place: QPoint) -> None:
    QTest.mouseMove(window.canvas, place)
    QTest.mouseRelease(window.canvas, LEFT, pos=place)


def test_a_result_that_comes_while_a_stroke_is_drawn(
    repair: MainWindow, script: Script, qtbot: QtBot
) -> None:
    release = threading.Event()

    def waiting(request: Request) -> Events:
        yield Progress("sample", 1, 2)
        release.wait(5)
        yield Finished(restoration(request))

    drag(repair, (5, 35), (15, 35))
    script.restoring = waiting
    QTest.mouseClick(repair.panel.restore, LEFT)
    begin_stroke(repair)
    before = repair.session.mask.count
    release.set()
    qtbot.waitUntil(lambda: repair.session.restored is not None)
    end_stroke(repair, at(repair, 30, 30))
    assert repair.session.mask.count == before, "what was painted stays, and nothing is added"
    assert is_near(colour(repair, 50, 20), "white")
    press(repair, Key.Key_Z, CONTROL)
    assert not repair.session.mask.pixels[10, 20], "the stroke is one step"
    assert repair.session.mask.pixels[35, 10]


def test_another_photo_that_comes_while_a_stroke_is_drawn(
    repair: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    opened_all(repair, qtbot, colour_file(tmp_path, "red", "red"))
    choose_task(repair, "inpaint")
    press(repair, Key.Key_B)
    begin_stroke(repair)
    place = at(repair, 30, 30)
    press(repair, Key.Key_Tab, CONTROL)
    assert repair.context.desk.current.name == "print.png"
    end_stroke(repair, place)
    assert repair.session.mask.empty
    press(repair, Key.Key_Tab, CONTROL)
    assert repair.session.mask.pixels[10, 10:30].all()
    assert not repair.session.mask.pixels[20:, :].any()


def test_a_photo_that_is_closed_while_a_stroke_is_drawn(repair: MainWindow, answers: Answers) -> None:
    answers.yes = [True]
    begin_stroke(repair)
    place = at(repair, 30, 30)
    press(repair, Key.Key_W, CONTROL)
    end_stroke(repair, place)
    assert repair.welcome.isVisible()
    assert repair.session.mask is None


def test_undo_while_a_stroke_is_drawn(repair: MainWindow) -> None:
    drag(repair, (5, 35), (15, 35))
    begin_stroke(repair)
    press(repair, Key.Key_Z, CONTROL)
    assert not repair.session.mask.pixels[10, 20], "the stroke so far is what is undone"
    assert repair.session.mask.pixels[35, 10]
    end_stroke(repair, at(repair, 30, 30))
    press(repair, Key.Key_Z, CONTROL)
    assert repair.session.mask.empty


def test_another_task_while_a_polygon_is_begun(repair: MainWindow) -> None:
    press(repair, Key.Key_P)
    click_photo(repair, 5, 5)
    click_photo(repair, 40, 5)
    choose_task(repair, "denoise")
    choose_task(repair, "inpaint")
    press(repair, Key.Key_P)
    press(repair, Key.Key_Return)
    assert repair.session.mask.empty


def test_a_result_is_forgotten_while_it_is_compared(opened: MainWindow, qtbot: QtBot) -> None:
    restored(opened, qtbot)
    restored(opened, qtbot)
    strip = opened.history.list
    click_row(strip, 1, CONTROL)
    click_row(strip, 2, CONTROL)
    for _ in range(2):
        strip.setFocus()
        strip.setCurrentIndex(opened.history.model.index(1))
        QTest.keyClick(strip, Key.Key_Delete)
        QTest.mouseClick(opened.history.question.yes, LEFT)
    assert opened.context.desk.current.results == []
    assert opened.session.restored is None
    assert not opened.history.isVisible()
    assert colour(opened, 50, 20) == (200, 120, 90)


def test_all_photos_are_closed_while_one_runs(
    opened: MainWindow, script: Script, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    answers.yes = [True]
    start_restoring(opened, script, qtbot)
    opened_all(opened, qtbot, colour_file(tmp_path, "red", "red"))
    press(opened, Key.Key_W, CONTROL)
    press(opened, Key.Key_W, CONTROL)
    qtbot.waitUntil(lambda: not opened.jobs.engine)
    assert script.closed
    assert opened.welcome.isVisible()
    assert opened.context.runs.runs == ()
    assert not opened.messages.isVisible()


def test_a_photo_is_opened_again_while_its_restoration_is_dropped(
    opened: MainWindow, script: Script, answers: Answers, qtbot: QtBot, photo_file: Path
) -> None:
    answers.yes = [True]
    start_restoring(opened, script, qtbot, stage="adapt")
    press(opened, Key.Key_W, CONTROL)
    script.restoring = None
    opened_all(opened, qtbot, photo_file)
    restored(opened, qtbot)
    assert len(opened.context.desk.current.results) == 1
