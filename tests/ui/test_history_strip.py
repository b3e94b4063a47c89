"""The row of results below the canvas."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from queued import colours, desk_with, host, menu_of, picture, plain, result, row_at, sheet

from adir_desktop.ui.desk import Desk
from adir_desktop.ui.history_strip import HistoryStrip
from adir_desktop.ui.theme import ACCENT

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk() -> Desk:
    desk = desk_with("a.png", "b.png")
    first, second = sheet(desk, "a.png"), sheet(desk, "b.png")
    first.results = [result("other")]
    second.results = [result("one", saved=True), result("two"), result("three")]
    second.shown = "two"
    return desk


@pytest.fixture
def strip(qtbot: QtBot, desk: Desk) -> HistoryStrip:
    """Showing and forgetting reach the desk, as in the window."""
    strip = HistoryStrip(desk)
    strip.watch()

    def show(name: str) -> None:
        desk.current.shown = name
        desk.results_changed.emit()

    strip.show_wanted.connect(show)
    strip.forget_wanted.connect(desk.forget)
    host(qtbot, strip)
    return strip


def titles(strip: HistoryStrip) -> list[str]:
    return [strip.model.index(row).data() for row in range(strip.model.rowCount())]


def click(strip: HistoryStrip, row: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.mouseClick(strip.list.viewport(), LEFT, keys, row_at(strip.list, row))


def test_the_original_comes_first_and_results_are_those_of_the_photo(strip: HistoryStrip, desk: Desk) -> None:
    assert titles(strip) == ["Original", "One", "Two", "Three"]
    desk.put(sheet(desk, "a.png"), picture(sheet(desk, "a.png").path))
    assert titles(strip) == ["Original", "Other"]
    desk.forget("other")
    assert not strip.isVisible(), "a photo without results needs no history"


def test_one_click_goes_back_and_the_frame_marks_what_is_shown(strip: HistoryStrip, desk: Desk) -> None:
    frame = strip.list.visualRect(strip.model.index(1))
    assert ACCENT not in colours(strip.list.viewport(), frame)
    click(strip, 1)
    assert desk.current.shown == "one"
    assert ACCENT in colours(strip.list.viewport(), frame)
    click(strip, 0)
    assert desk.current.shown == ""


def test_keys_show_a_result_too(strip: HistoryStrip, desk: Desk) -> None:
    strip.list.setFocus()
    QTest.keyClick(strip.list, Qt.Key.Key_Right)
    assert desk.current.shown == "two", "arrows only move: showing may have to read a file"
    QTest.keyClick(strip.list, Qt.Key.Key_Return)
    assert desk.current.shown == "three"


def test_a_saved_result_is_deleted_at_once(strip: HistoryStrip, desk: Desk) -> None:
    click(strip, 1)
    QTest.keyClick(strip.list, Qt.Key.Key_Delete)
    assert titles(strip) == ["Original", "Two", "Three"]
    assert desk.current.shown == ""


@pytest.mark.parametrize("answer", ["keep", "escape", "delete"])
def test_an_unsaved_one_only_after_a_question_in_the_strip(
    strip: HistoryStrip, desk: Desk, answer: str
) -> None:
    click(strip, 2)
    QTest.keyClick(strip.list, Qt.Key.Key_Delete)
    assert strip.question.isVisible()
    assert "Two" in strip.question.text.text()
    assert strip.question.no.hasFocus()
    if answer == "escape":
        QTest.keyClick(strip.question.no, Qt.Key.Key_Escape)
    else:
        QTest.mouseClick(strip.question.yes if answer == "delete" else strip.question.no, LEFT)
    assert ("Two" in titles(strip)) == (answer != "delete")
    assert not strip.question.isVisible()
    assert strip.list.hasFocus()


def test_the_question_goes_away_with_its_photo(strip: HistoryStrip, desk: Desk) -> None:
    click(strip, 2)
    QTest.keyClick(strip.list, Qt.Key.Key_Delete)
    desk.put(sheet(desk, "a.png"), picture(sheet(desk, "a.png").path))
    assert not strip.question.isVisible()


def test_the_original_cannot_be_deleted(strip: HistoryStrip, desk: Desk) -> None:
    click(strip, 0)
    QTest.keyClick(strip.list, Qt.Key.Key_Delete)
    assert not strip.question.isVisible()
    assert titles(strip) == ["Original", "One", "Two", "Three"]


def test_ctrl_and_two_clicks_compare_two(strip: HistoryStrip, desk: Desk) -> None:
    pairs: list[tuple[str, str]] = []
    strip.compare_two_wanted.connect(lambda a, b: pairs.append((a, b)))
    tick = QRect(strip.list.visualRect(strip.model.index(1)).topLeft() + QPoint(12, 5), QSize(26, 26))
    click(strip, 1, CTRL)
    assert ACCENT in colours(strip.list.viewport(), tick)
    assert desk.current.shown == "two"
    click(strip, 3, CTRL)
    assert pairs == [("one", "three")]
    assert ACCENT not in colours(strip.list.viewport(), tick)
    click(strip, 1, CTRL)
    click(strip, 1, CTRL)
    click(strip, 0, CTRL)
    QTest.keyClick(strip.list, Qt.Key.Key_Right)
    QTest.keyClick(strip.list, Qt.Key.Key_Space, CTRL)
    assert pairs == [("one", "three"), ("", "one")], "picking twice lets go; keys do the same as clicks"


def test_the_menu_compares_with_the_one_shown(strip: HistoryStrip, qtbot: QtBot) -> None:
    wanted: list[str] = []
    strip.compare_wanted.connect(wanted.append)
    for row in (2, 1):  # the second is shown already: there is nothing to compare
        menu = menu_of(qtbot, strip.list, row)
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return if row == 1 else Qt.Key.Key_Escape)
    assert wanted == ["one"]


def test_a_dot_marks_what_is_not_saved(strip: HistoryStrip, desk: Desk) -> None:
    def dot(row: int) -> bool:
        area = strip.list.visualRect(strip.model.index(row))
        corner = QRect(area.center().x() + 22, area.top() + 9, 10, 10)
        return ACCENT in colours(strip.list.viewport(), corner)

    assert dot(3)
    assert not dot(1)
    desk.mark_saved(desk.current.results[2])
    assert not dot(3)


def test_thumbnails_and_tooltips(strip: HistoryStrip, desk: Desk) -> None:
    desk.current.results[0].thumbnail = plain("#c000c0")
    strip.list.viewport().update()
    where = QRect(strip.list.visualRect(strip.model.index(1)).center() - QPoint(2, 16), QSize(4, 4))
    assert colours(strip.list.viewport(), where) == {"#c000c0"}
    tip = strip.model.index(2).data(Qt.ItemDataRole.ToolTipRole)
    title, recipe, took, saved = tip.splitlines()
    assert (title, recipe, saved) == ("Two", "recipe of two", "not saved yet")
    assert took.startswith("took about 40 s · ")
    assert "26" in took
    assert "T10" not in took, "a date as people write it"
