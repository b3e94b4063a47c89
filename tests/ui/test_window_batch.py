"""A whole folder, restored with the values of the moment; nothing in it is written over."""

from __future__ import annotations

from pathlib import Path

import pytest
from hands import choose_task, click_entry, colour_file, menu_of, start_restoring, stop
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from scripted import Answers, Script

from adir_desktop.ui.main_window import MainWindow
from adir_desktop.ui.runs import State

LEFT = Qt.MouseButton.LeftButton
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform has none


@pytest.fixture
def album(tmp_path: Path, answers: Answers) -> Path:
    """Two photos and something else; the person will choose it."""
    folder = tmp_path / "album"
    folder.mkdir()
    colour_file(folder, "red", "red")
    colour_file(folder, "blue", "blue")
    (folder / "notes.txt").write_text("hello")
    answers.path = folder
    return folder


def batch(window: MainWindow) -> None:
    click_entry(menu_of(window, "File"), "Restore a folder")


def all_ended(window: MainWindow, qtbot: QtBot) -> None:
    ended = (State.DONE, State.FAILED, State.STOPPED)
    runs = window.context.runs
    qtbot.waitUntil(lambda: bool(runs.runs) and all(run.state in ended for run in runs.runs))


def test_every_photo_of_a_folder_is_restored_into_it(
    opened: MainWindow, script: Script, qtbot: QtBot, album: Path
) -> None:
    choose_task(opened, "denoise")
    batch(opened)
    assert [run.name for run in opened.context.runs.runs] == ["blue.png", "red.png"]
    all_ended(opened, qtbot)
    assert sorted(path.name for path in (album / "restored").iterdir()) == ["blue.png", "red.png"]
    assert [request.task for request in script.requests] == ["denoise", "denoise"]
    assert [sheet.name for sheet in opened.context.desk.sheets] == ["print.png"], "they are not opened"
    assert opened.session.restored is None


def test_files_that_are_there_are_not_replaced(
    opened: MainWindow, script: Script, qtbot: QtBot, album: Path
) -> None:
    (album / "restored").mkdir()
    (album / "restored" / "red.png").write_text("dear to me")
    (album / "restored" / "blue.json").write_text("dear to me")
    batch(opened)
    all_ended(opened, qtbot)
    assert (album / "restored" / "red.png").read_text() == "dear to me"
    assert (album / "restored" / "blue.json").read_text() == "dear to me"
    assert {"red 2.png", "blue 2.png"} <= {path.name for path in (album / "restored").iterdir()}
    assert not any(overwrite for _, _, overwrite in script.saved)


def test_without_an_open_photo_a_folder_can_be_restored_too(
    window: MainWindow, script: Script, qtbot: QtBot, album: Path
) -> None:
    window.commands.warm()
    qtbot.waitUntil(lambda: window.session.ready is not None)
    batch(window)
    assert window.queue.isVisible()
    all_ended(window, qtbot)
    assert len(list((album / "restored").iterdir())) == 2


def test_one_that_cannot_be_read_fails_and_the_others_go_on(
    opened: MainWindow, qtbot: QtBot, album: Path
) -> None:
    (album / "broken.png").write_bytes(b"no picture")
    batch(opened)
    all_ended(opened, qtbot)
    states = {run.name: run.state for run in opened.context.runs.runs}
    assert states == {"blue.png": State.DONE, "broken.png": State.FAILED, "red.png": State.DONE}
    assert "broken.png" in opened.messages.problem.text()
    QTest.mouseClick(opened.queue, LEFT)
    assert opened.queue.panel.model.rowCount() == 3
    QTest.keyClick(opened.queue.panel.list, Qt.Key.Key_Escape)


def test_it_waits_for_what_runs(opened: MainWindow, script: Script, qtbot: QtBot, album: Path) -> None:
    start_restoring(opened, script, qtbot)
    batch(opened)
    assert [run.state for run in opened.context.runs.runs][1:] == [State.WAITING, State.WAITING]
    script.restoring = None
    stop(opened, qtbot)
    all_ended(opened, qtbot)
    assert len(list((album / "restored").iterdir())) == 2


def test_a_folder_without_photos_is_told(opened: MainWindow, answers: Answers, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    answers.path = tmp_path / "empty"
    batch(opened)
    assert "no photos in empty" in opened.messages.problem.text()
    assert opened.context.runs.runs == ()


def test_scratches_cannot_be_the_same_in_all_photos(opened: MainWindow, album: Path) -> None:
    choose_task(opened, "inpaint")
    batch(opened)
    assert "own scratches" in opened.messages.problem.text()
    assert opened.messages.remedy.text()
    assert opened.context.runs.runs == ()
