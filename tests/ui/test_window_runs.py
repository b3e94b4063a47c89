"""Restoring in the window: one after the other, held, stopped, failed and tried again."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from hands import (
    CONTROL,
    SHIFT,
    choose_task,
    click_row,
    colour,
    colour_file,
    drop,
    is_near,
    opened_all,
    press,
    restored,
    start_restoring,
    stop,
)
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from scripted import READY, Answers, Script, restoration, text_of

from adir_desktop.contract import Finished, Notice, Progress, Request
from adir_desktop.errors import ModelError
from adir_desktop.settings import Settings
from adir_desktop.ui.desk import Badge
from adir_desktop.ui.main_window import MainWindow
from adir_desktop.ui.ports import Events
from adir_desktop.ui.queue_row import button_area
from adir_desktop.ui.runs import State

LEFT = Qt.MouseButton.LeftButton
GREY = (200, 200, 200)  # of the scripted preview
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform has none


def states(window: MainWindow) -> list[State]:
    return [run.state for run in window.context.runs.runs]


def test_restore_sends_the_request_and_shows_the_result(
    opened: MainWindow, script: Script, qtbot: QtBot
) -> None:
    restored(opened, qtbot)
    (request,) = script.requests
    assert request.photo is opened.session.picture.photo
    assert (request.task, request.adapt) == ("upscale", "neighbours")
    assert [source.library for source in request.sources] == ["Holidays"]
    assert is_near(colour(opened, 50, 20), "white")
    assert opened.panel.save.isVisible()
    assert opened.panel.save.property("accent")
    assert not opened.panel.restore.property("accent")
    assert opened.panel.restore.text() == "Restore"


def test_progress_preview_and_neighbours_reach_the_views(
    opened: MainWindow, script: Script, qtbot: QtBot
) -> None:
    before = colour(opened, 10, 20)
    start_restoring(opened, script, qtbot)
    assert opened.panel.restore.text() == "Stop"
    assert opened.gallery.model.rowCount() == 4
    assert "4 of 4 on" in opened.gallery.search.count.text()
    assert "of 1,000" in opened.strip.text.text()
    assert opened.strip.bar.isVisible()
    qtbot.waitUntil(lambda: "about 40 s left" in opened.strip.text.text())
    qtbot.waitUntil(lambda: colour(opened, 10, 20) != before)
    assert colour(opened, 10, 20) == GREY
    script.adapting = 100_000  # from now on there is nothing worth keeping
    stop(opened, qtbot)


def test_the_loss_is_told_and_drawn_until_the_next_run(
    opened: MainWindow, script: Script, qtbot: QtBot
) -> None:
    release = threading.Event()

    def adapting(request: Request) -> Events:
        for done in range(1, 6):
            yield Progress("adapt", done, 5, loss=1.0 / done)
            time.sleep(0.04)
        release.wait(5)
        yield Finished(restoration(request))

    script.restoring = adapting
    opened.commands.runs.restore()
    qtbot.waitUntil(lambda: "loss 0.2000" in opened.strip.figure.text())
    assert max(opened.strip.curve.values) == pytest.approx(1.0)
    release.set()
    qtbot.waitUntil(lambda: not opened.jobs.engine)
    assert opened.strip.curve.values != ()
    script.restoring = None
    restored(opened, qtbot)
    assert opened.strip.curve.values == ()


@pytest.mark.parametrize("how", ["panel", "strip", "escape"])
def test_stopping_before_there_is_a_picture_leaves_the_photo_as_it_was(
    opened: MainWindow, script: Script, qtbot: QtBot, how: str
) -> None:
    start_restoring(opened, script, qtbot, stage="adapt")
    asked = time.monotonic()
    if how == "escape":
        press(opened, Qt.Key.Key_Escape)
    else:
        QTest.mouseClick(opened.panel.restore if how == "panel" else opened.strip.stop, LEFT)
    qtbot.waitUntil(lambda: not opened.jobs.engine, timeout=2000)
    assert script.closed[0] - asked < 1.0
    qtbot.wait(60)
    assert opened.session.restored is None
    assert opened.messages.problem.text() == "Stopped. The photo is as it was."
    assert states(opened) == [State.STOPPED]
    script.restoring = None
    restored(opened, qtbot)


@pytest.mark.parametrize("how", ["panel", "strip", "escape"])
def test_stopping_while_sampling_keeps_the_picture_so_far(
    opened: MainWindow, script: Script, qtbot: QtBot, how: str
) -> None:
    start_restoring(opened, script, qtbot)
    asked = time.monotonic()
    if how == "escape":
        press(opened, Qt.Key.Key_Escape)
    else:
        QTest.mouseClick(opened.panel.restore if how == "panel" else opened.strip.stop, LEFT)
    qtbot.waitUntil(lambda: opened.session.restored is not None, timeout=2000)
    assert time.monotonic() - asked < 1.0
    assert not script.closed, "it came to its own end"
    assert is_near(colour(opened, 50, 20), "white")
    assert states(opened) == [State.DONE]
    assert not opened.messages.isVisible()
    qtbot.waitUntil(lambda: not opened.jobs.engine)


def test_the_window_stays_usable_while_it_restores(opened: MainWindow, script: Script, qtbot: QtBot) -> None:
    start_restoring(opened, script, qtbot)
    choose_task(opened, "denoise")
    assert opened.session.values.task == "denoise"
    press(opened, Qt.Key.Key_1)
    assert opened.canvas.view.zoom == pytest.approx(1.0)
    assert script.requests[0].task == "upscale"
    stop(opened, qtbot)


@pytest.mark.parametrize("how", ["button", "keys"])
def test_a_run_is_held_and_goes_on(opened: MainWindow, script: Script, qtbot: QtBot, how: str) -> None:
    def hold() -> None:
        if how == "button":
            QTest.mouseClick(opened.panel.foot.pause, LEFT)
        else:
            press(opened, Qt.Key.Key_P, CONTROL)

    start_restoring(opened, script, qtbot, stage="adapt")
    hold()
    qtbot.waitUntil(lambda: "Paused" in opened.strip.text.text())
    qtbot.wait(150)
    held = script.steps
    qtbot.wait(150)
    assert script.steps == held
    assert opened.panel.foot.pause.text() == "Resume"
    hold()
    qtbot.waitUntil(lambda: script.steps > held + 3)
    assert opened.panel.foot.pause.text() == "Pause"
    stop(opened, qtbot)


def test_a_held_run_can_be_stopped_by_the_strip(opened: MainWindow, script: Script, qtbot: QtBot) -> None:
    start_restoring(opened, script, qtbot)
    QTest.mouseClick(opened.strip.pause, LEFT)
    QTest.mouseClick(opened.strip.stop, LEFT)
    qtbot.waitUntil(lambda: opened.session.restored is not None)
    assert not opened.context.runs.paused


def test_several_photos_wait_for_each_other_and_keep_their_own_recipes(
    opened: MainWindow, script: Script, qtbot: QtBot, tmp_path: Path
) -> None:
    start_restoring(opened, script, qtbot)
    opened_all(opened, qtbot, colour_file(tmp_path, "red", "red"))
    choose_task(opened, "denoise")
    press(opened, Qt.Key.Key_Return, CONTROL | SHIFT)
    assert states(opened) == [State.RUNNING, State.WAITING]
    assert opened.queue.text() == "Queue (2)"
    assert [sheet.badge for sheet in opened.context.desk.sheets] == [Badge.RUNNING, Badge.WAITING]
    script.restoring = None
    stop(opened, qtbot)
    qtbot.waitUntil(lambda: states(opened) == [State.DONE, State.DONE])
    assert [request.task for request in script.requests] == ["upscale", "denoise"]
    assert script.requests[1].photo is opened.session.picture.photo
    assert opened.queue.text() == "Queue"


def test_one_photo_is_restored_with_several_recipes(opened: MainWindow, script: Script, qtbot: QtBot) -> None:
    start_restoring(opened, script, qtbot)
    choose_task(opened, "deblur")
    QTest.mouseClick(opened.panel.foot.queue, LEFT)
    choose_task(opened, "denoise")
    press(opened, Qt.Key.Key_Return, CONTROL | SHIFT)
    script.restoring = None
    stop(opened, qtbot)
    qtbot.waitUntil(lambda: states(opened) == [State.DONE] * 3)
    assert [request.task for request in script.requests] == ["upscale", "deblur", "denoise"]
    assert len(opened.context.desk.current.results) == 3
    assert opened.history.model.rowCount() == 4


def test_a_photo_of_the_strip_is_queued_from_its_menu(
    opened: MainWindow, script: Script, qtbot: QtBot, tmp_path: Path
) -> None:
    opened_all(opened, qtbot, colour_file(tmp_path, "red", "red"))
    choose_task(opened, "denoise")
    menu = opened.photos.list.menu(opened.context.desk.sheets[0])
    menu.popup(opened.mapToGlobal(opened.rect().center()))
    entry = next(one for one in menu.actions() if "Restore" in one.text())
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(entry).center())
    qtbot.waitUntil(lambda: states(opened) == [State.DONE])
    assert script.requests[0].task == "denoise"
    assert script.requests[0].photo.path.name == "print.png"
    assert len(opened.context.desk.sheets[0].results) == 1


def test_a_result_of_a_photo_off_the_canvas_waits_there(
    opened: MainWindow, script: Script, qtbot: QtBot, tmp_path: Path
) -> None:
    start_restoring(opened, script, qtbot)
    opened_all(opened, qtbot, colour_file(tmp_path, "red", "red"))
    before = colour(opened, 50, 20)
    stop(opened, qtbot)
    first = opened.context.desk.sheets[0]
    qtbot.waitUntil(lambda: first.badge is Badge.DONE)
    assert opened.session.restored is None
    assert colour(opened, 50, 20) == before
    assert not opened.history.isVisible()
    click_row(opened.photos.list, 0)
    assert is_near(colour(opened, 50, 20), "white")
    assert opened.history.isVisible()
    assert first.badge is Badge.NONE


def test_the_preview_is_only_of_the_photo_that_runs(
    opened: MainWindow, script: Script, qtbot: QtBot, tmp_path: Path
) -> None:
    start_restoring(opened, script, qtbot)
    qtbot.waitUntil(lambda: colour(opened, 10, 20) == GREY)
    opened_all(opened, qtbot, colour_file(tmp_path, "red", "red"))
    seen = script.steps
    qtbot.waitUntil(lambda: script.steps > seen + 5)
    assert is_near(colour(opened, 10, 20), "red")
    click_row(opened.photos.list, 0)
    qtbot.waitUntil(lambda: colour(opened, 10, 20) == GREY)
    stop(opened, qtbot)


def test_closing_the_photo_that_runs_asks_and_ends_its_runs(
    opened: MainWindow, script: Script, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    answers.yes = [True]
    start_restoring(opened, script, qtbot)
    QTest.mouseClick(opened.panel.foot.queue, LEFT)
    opened_all(opened, qtbot, colour_file(tmp_path, "red", "red"))
    opened.photos.list.setFocus()
    QTest.keyClick(opened.photos.list, Qt.Key.Key_Up)
    QTest.keyClick(opened.photos.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not opened.jobs.engine)
    assert script.closed
    assert states(opened) == []
    assert opened.context.desk.current.name == "red.png"
    assert opened.session.restored is None


def test_a_failed_run_stays_in_the_queue_and_its_button_tries_again(
    opened: MainWindow, script: Script, qtbot: QtBot
) -> None:
    def failing(request: Request) -> Events:
        yield Progress("sample", 1, 2)
        raise ModelError("The denoiser's file is damaged.", "Install the program again.")

    script.restoring = failing
    QTest.mouseClick(opened.panel.restore, LEFT)
    qtbot.waitUntil(opened.messages.isVisible)
    assert opened.messages.problem.text() == "The denoiser's file is damaged."
    assert opened.messages.remedy.text() == "Install the program again."
    qtbot.waitUntil(lambda: states(opened) == [State.FAILED])
    assert opened.context.desk.current.badge is Badge.FAILED
    script.restoring = None
    QTest.mouseClick(opened.queue, LEFT)
    panel = opened.queue.panel
    assert panel.isVisible()
    button = button_area(panel.list.visualRect(panel.model.index(0)))
    QTest.mouseClick(panel.list.viewport(), LEFT, pos=button.center())
    qtbot.waitUntil(lambda: states(opened) == [State.DONE])
    assert opened.session.restored is not None
    QTest.mouseClick(panel.clear, LEFT)
    assert states(opened) == []
    QTest.keyClick(panel.list, Qt.Key.Key_Escape)
    assert not panel.isVisible()


def test_a_failed_run_is_tried_again_from_the_message(
    opened: MainWindow, script: Script, qtbot: QtBot
) -> None:
    def failing(request: Request) -> Events:
        yield Notice("Only 3 photos were found.", "Add more to the library.")
        raise ModelError("Broken.", "Mend it.")

    script.restoring = failing
    QTest.mouseClick(opened.panel.restore, LEFT)
    qtbot.waitUntil(lambda: opened.messages.problem.text() == "Broken.")
    script.restoring = None
    QTest.mouseClick(opened.messages.action, LEFT)
    qtbot.waitUntil(lambda: opened.session.restored is not None)
    assert "Only 3 photos" in text_of(opened.messages), "the notice was behind the error"
    assert not opened.messages.property("error")


def test_before_the_engine_is_ready_restoring_waits_for_it(
    window: MainWindow, script: Script, qtbot: QtBot, photo_file: Path
) -> None:
    release = threading.Event()

    def slowly() -> Events:
        release.wait(5)
        yield Notice("Loaded.")

    script.warming = slowly
    window.commands.warm()
    drop(window, photo_file)
    qtbot.waitUntil(lambda: window.session.picture is not None)
    assert "Loading the engine" in window.strip.text.text()
    QTest.mouseClick(window.panel.restore, LEFT)
    assert window.panel.restore.text() == "Stop"
    assert "starts when it is ready" in window.strip.text.text()
    assert script.requests == []
    release.set()
    qtbot.waitUntil(lambda: window.session.restored is not None)
    qtbot.waitUntil(lambda: READY.device in window.strip.text.text())


def test_closing_while_a_job_runs_ends_it_and_remembers_the_settings(
    opened: MainWindow, script: Script, qtbot: QtBot
) -> None:
    start_restoring(opened, script, qtbot)
    QTest.mouseClick(opened.panel.foot.queue, LEFT)
    remembered: list[Settings] = []
    opened.closed.connect(remembered.append)
    opened.close()
    assert script.closed
    assert not opened.isVisible()
    assert remembered[0].library == "Holidays"
    assert remembered[0].recent
    assert remembered[0].geometry
    qtbot.wait(60)
    assert len(script.requests) == 1, "what waited is not begun"


def test_a_menu_of_the_strip_goes_when_it_is_closed(opened: MainWindow, qtbot: QtBot) -> None:
    before = len(opened.photos.list.findChildren(QMenu))
    menu = opened.photos.list.menu(opened.context.desk.sheets[0])
    menu.popup(opened.mapToGlobal(opened.rect().center()))
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(opened.photos.list.findChildren(QMenu)) == before)
