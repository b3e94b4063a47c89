"""The photos of the window: they come by drop, dialog, clipboard and menu, and each keeps what is its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hands import (
    CONTROL,
    SHIFT,
    choose_task,
    click_entry,
    click_photo,
    click_row,
    colour,
    colour_file,
    drag,
    drag_away,
    drag_over,
    drop,
    is_near,
    menu_of,
    opened_all,
    press,
    restored,
)
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot
from scripted import Answers, Script

from adir_desktop.settings import Settings
from adir_desktop.ui import desk
from adir_desktop.ui.app import real_engine
from adir_desktop.ui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform has none


@pytest.fixture
def three(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Red, green, blue."""
    red, green, blue = (colour_file(tmp_path, name, name) for name in ("red", "lime", "blue"))
    return red, green, blue


def names(window: MainWindow) -> list[str]:
    return [sheet.name for sheet in window.context.desk.sheets]


def current(window: MainWindow) -> str:
    assert window.context.desk.current is not None
    return window.context.desk.current.name


def test_several_dropped_photos_are_all_opened_and_the_last_is_seen(
    window: MainWindow, qtbot: QtBot, three: tuple[Path, ...]
) -> None:
    assert not window.photos.isVisible()
    opened_all(window, qtbot, *three)
    assert names(window) == ["red.png", "lime.png", "blue.png"]
    assert is_near(colour(window, 30, 20), "blue")
    assert window.photos.isVisible()
    assert window.photos.model.rowCount() == 3
    assert window.context.settings.recent == tuple(str(path) for path in reversed(three))


def test_the_strip_shows_each_photo_and_a_click_puts_it_on_the_canvas(
    window: MainWindow, qtbot: QtBot, three: tuple[Path, ...]
) -> None:
    opened_all(window, qtbot, *three)
    strip = window.photos.list
    tiles = strip.viewport().grab().toImage()
    for row, wanted in enumerate(("red", "lime", "blue")):
        middle = strip.visualRect(window.photos.model.index(row)).center()
        assert is_near(tiles.pixelColor(middle.x(), middle.y() - 10).getRgb()[:3], wanted)
    click_row(strip, 0)
    assert is_near(colour(window, 30, 20), "red")
    assert "red.png" in window.windowTitle()
    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Down)
    assert is_near(colour(window, 30, 20), "lime")


def test_control_tab_goes_round(window: MainWindow, qtbot: QtBot, three: tuple[Path, ...]) -> None:
    opened_all(window, qtbot, *three)
    seen = []
    for _ in range(3):
        press(window, Qt.Key.Key_Tab, CONTROL)
        seen.append(current(window))
    assert seen == ["red.png", "lime.png", "blue.png"]
    press(window, Qt.Key.Key_Backtab, CONTROL | SHIFT)
    assert current(window) == "lime.png"


def test_with_one_photo_there_is_no_next(opened: MainWindow) -> None:
    assert not opened.actions_by_name["next"].isEnabled()
    assert not opened.actions_by_name["previous"].isEnabled()


def test_a_photo_that_is_open_is_shown_and_not_opened_twice(
    window: MainWindow, qtbot: QtBot, three: tuple[Path, ...]
) -> None:
    opened_all(window, qtbot, *three)
    drop(window, three[0])
    assert current(window) == "red.png"
    assert len(names(window)) == 3


def test_photos_chosen_in_the_dialog_are_all_opened(
    opened: MainWindow, answers: Answers, qtbot: QtBot, three: tuple[Path, ...]
) -> None:
    answers.photos = three
    QTest.mouseClick(opened.photos.add, LEFT)
    qtbot.waitUntil(lambda: len(names(opened)) == 4)
    assert names(opened)[0] == "print.png"


def test_a_photo_without_unsaved_results_is_closed_without_a_question(
    window: MainWindow, answers: Answers, qtbot: QtBot, three: tuple[Path, ...]
) -> None:
    opened_all(window, qtbot, *three)
    click_row(window.photos.list, 1)
    press(window, Qt.Key.Key_W, CONTROL)
    assert names(window) == ["red.png", "blue.png"]
    assert is_near(colour(window, 30, 20), "blue"), "the next one takes its place"
    window.photos.list.setFocus()
    QTest.keyClick(window.photos.list, Qt.Key.Key_Delete)
    press(window, Qt.Key.Key_W, CONTROL)
    assert names(window) == []
    assert window.welcome.isVisible()
    assert window.windowTitle() == "ADIR Desktop"
    assert not window.panel.restore.isEnabled()
    assert answers.asked == []
    assert three[1].exists()


def test_unsaved_results_are_asked_for_when_their_photo_is_closed(
    opened: MainWindow, answers: Answers, qtbot: QtBot, three: tuple[Path, ...]
) -> None:
    restored(opened, qtbot)
    opened_all(opened, qtbot, three[0])
    assert answers.asked == [], "another photo takes nothing away"
    click_row(opened.photos.list, 0)
    answers.yes = [False, True]
    press(opened, Qt.Key.Key_W, CONTROL)
    assert "print.png" in names(opened)
    assert answers.asked == ["Close print.png?"]
    press(opened, Qt.Key.Key_W, CONTROL)
    assert names(opened) == ["red.png"]


def test_unsaved_results_are_asked_for_when_the_window_is_closed(
    opened: MainWindow, answers: Answers, qtbot: QtBot
) -> None:
    opened.context.keeper.on = False  # else they are there at the next start
    restored(opened, qtbot)
    answers.yes = [False]
    opened.close()
    assert opened.isVisible()
    assert "print.png" in answers.asked[0]
    answers.yes = [True]
    opened.close()
    assert not opened.isVisible()


def test_values_mask_and_result_belong_to_their_photo(
    opened: MainWindow, qtbot: QtBot, three: tuple[Path, ...]
) -> None:
    choose_task(opened, "inpaint")
    press(opened, Qt.Key.Key_B)
    drag(opened, (10, 10), (30, 10))
    marked = opened.session.mask.pixels.copy()
    assert marked.any()
    restored(opened, qtbot)
    assert is_near(colour(opened, 45, 30), "white")

    opened_all(opened, qtbot, three[0])
    assert opened.session.values.task != "inpaint"
    assert opened.session.mask.empty
    assert opened.session.restored is None
    assert not opened.history.isVisible()
    assert is_near(colour(opened, 45, 30), "red")
    choose_task(opened, "deblur")

    click_row(opened.photos.list, 0)
    assert opened.session.values.task == "inpaint"
    assert (opened.session.mask.pixels == marked).all()
    assert is_near(colour(opened, 45, 30), "white")
    assert opened.history.isVisible()
    click_row(opened.photos.list, 1)
    assert opened.session.values.task == "deblur"


def test_an_unfinished_polygon_stays_with_its_photo(
    opened: MainWindow, qtbot: QtBot, three: tuple[Path, ...]
) -> None:
    choose_task(opened, "inpaint")
    opened_all(opened, qtbot, three[0])
    choose_task(opened, "inpaint")
    press(opened, Qt.Key.Key_P)
    for corner in ((5, 5), (40, 5), (20, 30)):
        click_photo(opened, *corner)
    press(opened, Qt.Key.Key_Tab, CONTROL)
    press(opened, Qt.Key.Key_Return)
    assert opened.session.mask.empty


def test_a_photo_that_was_let_go_of_is_read_anew_with_its_mask(
    window: MainWindow, qtbot: QtBot, three: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "AT_HAND", 0)
    opened_all(window, qtbot, three[0])
    choose_task(window, "inpaint")
    press(window, Qt.Key.Key_B)
    drag(window, (10, 10), (30, 10))
    marked = window.session.mask.count
    opened_all(window, qtbot, three[1], three[2])
    assert window.context.desk.sheets[0].picture is None
    click_row(window.photos.list, 0)
    qtbot.waitUntil(lambda: current(window) == "red.png")
    assert window.session.mask.count == marked


def test_of_two_photos_that_are_read_anew_the_one_wanted_last_is_shown(
    window: MainWindow, qtbot: QtBot, three: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_all(window, qtbot, *three)
    window.context.desk.sheets[0].picture = None
    click_row(window.photos.list, 0)
    assert window.jobs.has("open")
    click_row(window.photos.list, 1)
    qtbot.waitUntil(lambda: not window.jobs.has("open"))
    assert current(window) == "lime.png"


def test_a_photo_whose_file_is_gone_is_told(
    window: MainWindow, qtbot: QtBot, three: tuple[Path, ...]
) -> None:
    opened_all(window, qtbot, *three)
    window.context.desk.sheets[0].picture = None
    three[0].unlink()
    click_row(window.photos.list, 0)
    qtbot.waitUntil(window.messages.isVisible)
    assert "red.png" in window.messages.problem.text()
    assert current(window) == "blue.png"


def test_a_picture_is_pasted_and_outlives_the_clipboard(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    image = QImage(50, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    QGuiApplication.clipboard().setImage(image)
    QTest.keyClick(window, Qt.Key.Key_V, CONTROL)
    qtbot.waitUntil(lambda: window.session.picture is not None)
    assert is_near(colour(window, 25, 20), "teal")
    path = window.session.picture.photo.path
    assert path.is_file()
    assert home in path.parents


def test_copied_files_are_pasted(window: MainWindow, qtbot: QtBot, three: tuple[Path, ...]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in three[:2]])
    QGuiApplication.clipboard().setMimeData(data)
    QTest.keyClick(window, Qt.Key.Key_V, CONTROL)
    qtbot.waitUntil(lambda: names(window) == ["red.png", "lime.png"])


def test_a_clipboard_without_a_picture_is_told(window: MainWindow) -> None:
    QGuiApplication.clipboard().setText("hello")
    QTest.keyClick(window, Qt.Key.Key_V, CONTROL)
    assert "no picture" in window.messages.problem.text()
    assert window.messages.remedy.text()


def test_what_is_seen_is_copied(opened: MainWindow, qtbot: QtBot, photo_file: Path) -> None:
    press(opened, Qt.Key.Key_C, CONTROL)
    copied = QGuiApplication.clipboard().image()
    with Image.open(photo_file) as original:
        assert copied.pixelColor(31, 20).getRgb()[:3] == original.getpixel((31, 20))
    restored(opened, qtbot)
    press(opened, Qt.Key.Key_C, CONTROL)
    copied = QGuiApplication.clipboard().image()
    assert (copied.width(), copied.height()) == (120, 80)
    assert is_near(copied.pixelColor(31, 20).getRgb()[:3], "white")


def test_recent_photos_are_in_the_menu_and_on_the_first_page(
    window: MainWindow, qtbot: QtBot, three: tuple[Path, ...]
) -> None:
    opened_all(window, qtbot, *three)
    for _ in three:
        press(window, Qt.Key.Key_W, CONTROL)
    recent = menu_of(window, "File", "Open recent")
    click_entry(recent, "red.png")
    assert [action.text() for action in recent.actions()] == ["blue.png", "lime.png", "red.png"]
    qtbot.waitUntil(lambda: names(window) == ["red.png"])
    assert window.context.settings.recent[0] == str(three[0])


def test_recent_photos_of_another_day_are_offered_on_the_first_page(
    qtbot: QtBot, script: Script, photo_file: Path
) -> None:
    window = MainWindow(script.engine(), Settings(recent=(str(photo_file), "/gone.png")), Answers())
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    buttons = [one for one in window.welcome.findChildren(QToolButton) if one.text().endswith(".png")]
    assert len(buttons) == 1
    QTest.mouseClick(buttons[0], LEFT)
    qtbot.waitUntil(lambda: window.session.picture is not None)
    assert window.session.picture.photo.path == photo_file


def test_a_folder_among_the_dropped_is_refused_and_the_photos_are_opened(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, three: tuple[Path, ...]
) -> None:
    (tmp_path / "album").mkdir()
    drop(window, tmp_path / "album", three[0])
    assert window.messages.problem.text() == "album is a folder."
    assert "Library" in window.messages.remedy.text()
    qtbot.waitUntil(lambda: names(window) == ["red.png"])


def test_a_damaged_photo_is_refused_by_the_real_reader(
    qtbot: QtBot, script: Script, answers: Answers, three: tuple[Path, ...]
) -> None:
    """Cut short, as a broken download is."""
    engine = script.engine()
    files = replace(engine.files, open_photo=real_engine().files.open_photo)
    window = MainWindow(replace(engine, files=files), Settings(), answers)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    three[0].write_bytes(three[0].read_bytes()[:60])
    drop(window, three[0], three[1])
    qtbot.waitUntil(lambda: names(window) == ["lime.png"])
    qtbot.waitUntil(window.messages.isVisible)
    assert "red.png" in window.messages.problem.text()
    assert window.messages.remedy.text()
    assert window.messages.property("error")


def test_the_first_page_answers_a_drag(window: MainWindow, three: tuple[Path, ...]) -> None:
    kept = drag_over(window, three[0])
    assert any(part.property("over") for part in window.welcome.findChildren(QWidget))
    drag_away(window)
    assert not any(part.property("over") for part in window.welcome.findChildren(QWidget))
    assert kept.hasUrls()


def test_a_second_start_hands_its_photos_over(
    opened: MainWindow, qtbot: QtBot, three: tuple[Path, ...]
) -> None:
    opened.take(three[:2])
    qtbot.waitUntil(lambda: names(opened) == ["print.png", "red.png", "lime.png"])
    opened.showMinimized()
    opened.take(())
    assert not opened.isMinimized()
