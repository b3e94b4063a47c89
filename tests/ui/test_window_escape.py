"""Esc closes what is open on top, and stops a restoration only where nothing is."""

from __future__ import annotations

import pytest
from hands import choose_task, click_photo, click_row, come_back, drag, press, restored, start_restoring
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from scripted import Script

from adir_desktop.ui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform has none


@pytest.fixture
def running(opened: MainWindow, script: Script, qtbot: QtBot) -> MainWindow:
    """An old result, a mask, and a restoration that adapts and has nothing worth keeping yet."""
    choose_task(opened, "inpaint")
    press(opened, Key.Key_B)
    drag(opened, (5, 5), (20, 5))
    restored(opened, qtbot)
    start_restoring(opened, script, qtbot, stage="adapt")
    return opened


def escape(window: MainWindow) -> None:
    """As the keyboard sends it: to whatever has the focus."""
    where = QApplication.activePopupWidget() or QApplication.focusWidget() or window
    QTest.keyClick(where, Key.Key_Escape)


def goes_on(window: MainWindow, script: Script, qtbot: QtBot) -> None:
    seen = script.steps
    qtbot.waitUntil(lambda: script.steps > seen + 3)
    assert window.context.runs.running is not None
    assert not window.jobs.stopping


def ends_then(window: MainWindow, script: Script, qtbot: QtBot) -> None:
    """With nothing on top any more, the same key stops it."""
    come_back(window)
    window.canvas.setFocus()
    escape(window)
    qtbot.waitUntil(lambda: not window.jobs.engine)
    assert script.closed


def test_the_queue(running: MainWindow, script: Script, qtbot: QtBot) -> None:
    QTest.mouseClick(running.queue, LEFT)
    assert running.queue.panel.isVisible()
    escape(running)
    assert not running.queue.panel.isVisible()
    goes_on(running, script, qtbot)
    ends_then(running, script, qtbot)


def test_the_curves(running: MainWindow, script: Script, qtbot: QtBot) -> None:
    qtbot.waitUntil(running.strip.curve.isVisible)
    QTest.mouseClick(running.strip.curve, LEFT)
    escape(running)
    goes_on(running, script, qtbot)
    ends_then(running, script, qtbot)


def test_the_masks_options(running: MainWindow, script: Script, qtbot: QtBot) -> None:
    QTest.mouseClick(running.bar.open_options, LEFT)
    assert running.bar.options.isVisible()
    escape(running)
    assert not running.bar.options.isVisible()
    goes_on(running, script, qtbot)
    ends_then(running, script, qtbot)


def test_a_question_about_a_result(running: MainWindow, script: Script, qtbot: QtBot) -> None:
    click_row(running.history.list, 1)
    running.history.list.setFocus()
    QTest.keyClick(running.history.list, Key.Key_Delete)
    assert running.history.question.isVisible()
    escape(running)
    assert not running.history.question.isVisible()
    assert len(running.context.desk.current.results) == 1
    goes_on(running, script, qtbot)
    ends_then(running, script, qtbot)


def test_a_similar_photo_that_is_open_large(running: MainWindow, script: Script, qtbot: QtBot) -> None:
    running.gallery.list.setFocus()
    running.gallery.list.setCurrentIndex(running.gallery.model.index(0))
    QTest.keyClick(running.gallery.list, Key.Key_Return)
    assert running.gallery.large.isVisible()
    come_back(running.gallery.large)
    escape(running)
    assert not running.gallery.large.isVisible()
    goes_on(running, script, qtbot)
    ends_then(running, script, qtbot)


@pytest.mark.parametrize("name", ["libraries", "presets", "models", "settings", "shortcuts", "about"])
def test_a_dialog(running: MainWindow, script: Script, qtbot: QtBot, name: str) -> None:
    running.actions_by_name[name].trigger()
    dialog = running.windows.shown(name)
    dialog.activateWindow()
    QApplication.processEvents()
    escape(running)
    assert not dialog.isVisible()
    goes_on(running, script, qtbot)
    ends_then(running, script, qtbot)


def test_a_stroke(running: MainWindow, script: Script, qtbot: QtBot) -> None:
    press(running, Key.Key_B)
    before = running.session.mask.count
    canvas = running.canvas
    place = canvas.view.to_widget(40.5, 30.5).toPoint()
    QTest.mousePress(canvas, LEFT, pos=place)
    assert running.session.mask.count > before
    escape(running)
    assert running.session.mask.count == before
    QTest.mouseRelease(canvas, LEFT, pos=place)
    assert running.session.mask.count == before
    goes_on(running, script, qtbot)
    ends_then(running, script, qtbot)


def test_a_rectangle(running: MainWindow, script: Script, qtbot: QtBot) -> None:
    press(running, Key.Key_M)
    before = running.session.mask.count
    canvas = running.canvas
    QTest.mousePress(canvas, LEFT, pos=canvas.view.to_widget(30, 20).toPoint())
    QTest.mouseMove(canvas, canvas.view.to_widget(50, 35).toPoint())
    escape(running)
    QTest.mouseRelease(canvas, LEFT, pos=canvas.view.to_widget(50, 35).toPoint())
    assert running.session.mask.count == before
    goes_on(running, script, qtbot)
    ends_then(running, script, qtbot)


def test_a_polygon_whose_corners_have_all_been_taken_back(
    running: MainWindow, script: Script, qtbot: QtBot
) -> None:
    press(running, Key.Key_P)
    click_photo(running, 40, 30)
    press(running, Key.Key_Backspace)
    ends_then(running, script, qtbot)


def test_a_field_that_is_typed_into(running: MainWindow, script: Script, qtbot: QtBot) -> None:
    """The first Esc leaves the field, the next stops."""
    QTest.mouseClick(running.panel.more.toggle, LEFT)
    for field in (
        running.panel.values.repair.feather.spin,
        running.panel.more.steps,
        running.panel.more.guidance,
    ):
        field.setFocus()
        escape(running)
        assert running.canvas.hasFocus()
    goes_on(running, script, qtbot)
    escape(running)
    qtbot.waitUntil(lambda: not running.jobs.engine)
