"""The window as a whole: from an opened photo to a saved result."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6 import __version_info__
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from scripted import READY, Answers, Script, found, restoration, text_of

from adir_desktop.contract import Finished, Notice, Progress, Request
from adir_desktop.errors import ModelError
from adir_desktop.settings import Settings
from adir_desktop.ui.main_window import MainWindow
from adir_desktop.ui.ports import Events

LEFT = Qt.MouseButton.LeftButton
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform has none


def drop(window: MainWindow, *paths: Path) -> None:
    """As a file manager does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    where = QPointF(300, 300)
    common = (Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
    entered = where if __version_info__ >= (6, 12) else where.toPoint()
    QApplication.sendEvent(window, QDragEnterEvent(entered, *common))
    QApplication.sendEvent(window, QDropEvent(where, *common))


def start_restoring(window: MainWindow, script: Script, qtbot: QtBot) -> None:
    """An endless one, until its preview is there."""
    script.restoring = script.step_by_step
    QTest.mouseClick(window.panel.restore, LEFT)
    qtbot.waitUntil(lambda: "Restoring" in window.strip.text.text())


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


def test_of_several_dropped_files_the_first_is_opened_and_that_is_said(
    window: MainWindow, qtbot: QtBot, photo_file: Path
) -> None:
    drop(window, photo_file, photo_file.with_name("b.png"))
    qtbot.waitUntil(lambda: window.session.picture is not None)
    assert "One photo at a time" in window.messages.problem.text()


def test_a_dropped_folder_is_refused_with_a_remedy(window: MainWindow, tmp_path: Path) -> None:
    drop(window, tmp_path)
    assert "is a folder" in window.messages.problem.text()
    assert "Library" in window.messages.remedy.text()
    assert not window.jobs.has("open")


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
    [((60, 40), False, "upscale"), ((60, 40), True, "colorize"), ((900, 40), False, "deblur")],
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


def test_restore_sends_the_request_and_shows_the_result(
    opened: MainWindow, script: Script, qtbot: QtBot
) -> None:
    QTest.mouseClick(opened.panel.restore, LEFT)
    qtbot.waitUntil(lambda: opened.session.restored is not None and not opened.jobs.engine)
    (request,) = script.requests
    assert request.photo is opened.session.picture.photo
    assert (request.task, request.adapt, request.library) == ("upscale", "neighbours", "Holidays")
    assert opened.panel.save.isVisible()
    assert opened.panel.save.property("accent")
    assert not opened.panel.restore.property("accent")
    assert opened.panel.restore.text() == "Restore"


def test_progress_preview_and_neighbours_reach_the_views(
    opened: MainWindow, script: Script, qtbot: QtBot
) -> None:
    where = opened.canvas.view.to_widget(10, 20).toPoint()
    before = opened.canvas.grab().toImage().pixelColor(where)
    start_restoring(opened, script, qtbot)
    assert opened.panel.restore.text() == "Stop"
    assert opened.gallery.model.rowCount() == 4
    assert "4 of 4 on" in opened.gallery.search.count.text()
    assert "of 1,000" in opened.strip.text.text()
    assert "about 40 s left" in opened.strip.text.text()
    assert opened.strip.bar.isVisible()
    qtbot.waitUntil(lambda: opened.canvas.grab().toImage().pixelColor(where) != before)
    assert opened.canvas.grab().toImage().pixelColor(where).getRgb()[:3] == (200, 200, 200)
    opened.commands.runs.stop()
    qtbot.waitUntil(lambda: not opened.jobs.engine)
    assert opened.canvas.grab().toImage().pixelColor(where) == before


def test_the_loss_is_told_and_drawn(opened: MainWindow, script: Script, qtbot: QtBot) -> None:
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
    assert opened.strip.curve.values[0] == 1.0
    release.set()
    qtbot.waitUntil(lambda: not opened.jobs.engine)
    assert opened.strip.curve.values == ()


@pytest.mark.parametrize("how", ["button", "escape"])
def test_stop_ends_the_generator_within_a_second_and_nothing_lands_later(
    opened: MainWindow, script: Script, qtbot: QtBot, how: str
) -> None:
    start_restoring(opened, script, qtbot)
    asked = time.monotonic()
    if how == "button":
        QTest.mouseClick(opened.panel.restore, LEFT)
    else:
        QTest.keyClick(opened.canvas, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not opened.jobs.engine, timeout=2000)
    assert script.closed[0] - asked < 1.0
    qtbot.wait(60)
    assert opened.session.restored is None
    assert opened.messages.problem.text() == "Stopped."
    assert opened.panel.restore.text() == "Restore"
    script.restoring = None
    QTest.mouseClick(opened.panel.restore, LEFT)
    qtbot.waitUntil(lambda: opened.session.restored is not None)


def test_the_window_stays_usable_while_it_restores(opened: MainWindow, script: Script, qtbot: QtBot) -> None:
    start_restoring(opened, script, qtbot)
    QTest.mouseClick(opened.panel.tasks.button(2), LEFT)
    assert opened.session.values.task == "denoise"
    QTest.keyClick(opened.canvas, Qt.Key.Key_1)
    assert opened.canvas.view.zoom == pytest.approx(1.0)
    assert script.requests[0].task == "upscale"
    opened.commands.runs.stop()
    qtbot.waitUntil(lambda: not opened.jobs.engine)


def test_another_photo_drops_the_restoration_of_the_last(
    opened: MainWindow, script: Script, qtbot: QtBot, tmp_path: Path
) -> None:
    start_restoring(opened, script, qtbot)
    path = tmp_path / "other.png"
    Image.new("RGB", (70, 50)).save(path)
    drop(opened, path)
    qtbot.waitUntil(lambda: opened.session.picture.photo.width == 70 and not opened.jobs.engine)
    assert script.closed
    assert opened.session.found is None
    assert opened.session.restored is None


def test_before_the_engine_is_ready_restoring_waits_for_it(
    window: MainWindow, script: Script, qtbot: QtBot, photo_file: Path
) -> None:
    release = threading.Event()

    def slowly() -> Events:
        release.wait(5)
        yield Notice("Loaded.")

    script.warming = slowly
    window.commands.warm()
    window.commands.photos.open(photo_file)
    qtbot.waitUntil(lambda: window.session.picture is not None)
    assert "Loading the engine" in window.strip.text.text()
    QTest.mouseClick(window.panel.restore, LEFT)
    assert window.panel.restore.text() == "Stop"
    assert "starts when it is ready" in window.strip.text.text()
    assert script.requests == []
    release.set()
    qtbot.waitUntil(lambda: window.session.restored is not None)
    assert READY.device in window.strip.text.text() or window.jobs.engine


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


def test_find_shows_the_neighbours(opened: MainWindow, script: Script, qtbot: QtBot) -> None:
    QTest.mouseClick(opened.gallery.search.find_button, LEFT)
    qtbot.waitUntil(lambda: opened.session.found is not None)
    assert script.found_for == [("Holidays", 8)]
    assert opened.gallery.list.isVisible()
    assert opened.gallery.model.index(0).data() == "0.95"


def test_neighbours_switched_off_are_left_out_of_the_next_request(
    opened: MainWindow, script: Script, qtbot: QtBot
) -> None:
    opened.session._set_found(found())
    view = opened.gallery.list
    for number in (1, 3):
        QTest.mouseClick(
            view.viewport(), LEFT, pos=view.visualRect(opened.gallery.model.index(number)).center()
        )
    view.setCurrentIndex(opened.gallery.model.index(3))
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert "3 of 4 on" in opened.gallery.search.count.text()
    opened.commands.runs.restore()
    qtbot.waitUntil(lambda: bool(script.requests) and not opened.jobs.engine)
    sent = script.requests[0].found
    assert [item.included for item in sent.items] == [True, False, True, True]
    assert [item.id for item in sent.included] == ["id0", "id2", "id3"]


def test_with_all_neighbours_off_restoring_is_refused_with_a_way_out(opened: MainWindow) -> None:
    opened.session._set_found(found())
    QTest.mouseClick(opened.gallery.search.all_off, LEFT)
    assert not opened.panel.restore.isEnabled()
    assert "switched off" in opened.panel.missing.text()
    QTest.mouseClick(opened.gallery.search.all_on, LEFT)
    assert opened.panel.restore.isEnabled()


def test_the_gallery_is_there_only_for_similar_photos(opened: MainWindow) -> None:
    assert opened.gallery.isVisible()
    opened.panel.adapt.choice.setFocus()
    QTest.keyClick(opened.panel.adapt.choice, Qt.Key.Key_Home)
    assert not opened.gallery.isVisible()


def test_closing_while_a_job_runs_ends_it_and_remembers_the_settings(
    opened: MainWindow, script: Script, qtbot: QtBot
) -> None:
    start_restoring(opened, script, qtbot)
    remembered: list[Settings] = []
    opened.closed.connect(remembered.append)
    opened.close()
    assert script.closed
    assert not opened.isVisible()
    assert remembered[0].library == "Holidays"
    assert remembered[0].recent
    assert remembered[0].geometry


def test_the_windows_place_is_restored(window: MainWindow, qtbot: QtBot, script: Script) -> None:
    window.resize(1111, 700)
    kept: list[Settings] = []
    window.closed.connect(kept.append)
    window.close()
    again = MainWindow(script.engine(), kept[0], Answers())
    qtbot.addWidget(again)
    assert again.height() == 700  # the offscreen screen is narrower than the window


def test_an_unsaved_result_is_not_left_without_asking(
    opened: MainWindow, script: Script, answers: Answers, qtbot: QtBot, photo_file: Path
) -> None:
    opened.commands.runs.restore()
    qtbot.waitUntil(lambda: opened.session.restored is not None)
    answers.yes = [False, False, True]
    opened.close()
    assert opened.isVisible()
    drop(opened, photo_file)
    assert not opened.jobs.has("open")
    drop(opened, photo_file)
    qtbot.waitUntil(lambda: opened.session.restored is None)
    assert len(answers.asked) == 3


def test_recent_photos_are_in_the_menu(opened: MainWindow, qtbot: QtBot, photo_file: Path) -> None:
    opened._fill_recent()
    (action,) = opened._recent.actions()
    assert action.text() == photo_file.name
    before = opened.session.picture
    action.trigger()
    qtbot.waitUntil(lambda: opened.session.picture is not before)


def test_actions_are_on_only_where_they_can_be_used(opened: MainWindow) -> None:
    actions = opened.actions_by_name
    assert not any(
        actions[name].isEnabled() for name in ("save", "save_preset", "stop", "undo", "brush", "compare")
    )
    assert all(
        actions[name].isEnabled() for name in ("open", "restore", "fit", "find", "add_folder", "update")
    )


def test_the_canvas_draws_the_photo_itself(opened: MainWindow, photo_file: Path) -> None:
    QTest.keyClick(opened.canvas, Qt.Key.Key_1)
    image = opened.canvas.grab().toImage()
    pixels = np.asarray(Image.open(photo_file))
    corner = opened.canvas.view.to_widget(0, 0)
    x, y = round(corner.x()), round(corner.y())
    if (x, y) == (corner.x(), corner.y()):
        for row, column in ((0, 0), (20, 31), (39, 59)):
            assert image.pixelColor(x + column, y + row).getRgb()[:3] == tuple(pixels[row, column])
