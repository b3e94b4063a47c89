"""The window without a mouse: Tab reaches everything, everything has a name, keys do what they say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import CONTROL, choose_task, click_entry, colour_file, menu_of, opened_all, press, restored
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot
from scripted import Answers, Script

from adir_desktop.ui.main_window import MainWindow

Key = Qt.Key
CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
)
MANY = 200  # more stops than any window has
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform has none


def controls(window: QWidget) -> Iterator[QWidget]:
    """What a person can use and see, in the window itself; the inner parts of a control are no controls."""
    for one in window.findChildren(QWidget):
        inner = isinstance(one.parentWidget(), (QAbstractSpinBox, QComboBox, QLineEdit))
        scrolls = isinstance(one, QScrollBar)
        if isinstance(one, CONTROLS) and one.window() is window and not inner and not scrolls:
            yield one


def usable(window: QWidget) -> set[QWidget]:
    return {one for one in controls(window) if one.isVisible() and one.isEnabled()}


def stops(window: MainWindow, key: Qt.Key = Key.Key_Tab) -> list[QWidget]:
    """Where the keyboard comes by, until it is where it began."""
    (window.canvas if window.canvas.isVisible() else window.welcome.open_button).setFocus()
    seen: list[QWidget] = []
    for _ in range(MANY):
        where = QApplication.focusWidget()
        assert where is not None
        if where in seen:
            break
        seen.append(where)
        QTest.keyClick(where, key)
    return seen


def missed(window: MainWindow, seen: list[QWidget]) -> set[str]:
    """Of a group of exclusive buttons Tab reaches one; the arrows reach the others."""
    reached = set(seen)
    groups = {one.group() for one in reached if isinstance(one, QAbstractButton) and one.group()}
    return {
        str(one)
        for one in usable(window) - reached
        if not (isinstance(one, QAbstractButton) and one.group() in groups)
    }


@pytest.fixture(params=["empty", "opened", "repairing", "old print", "restored", "everything"])
def moment(
    request: pytest.FixtureRequest, window: MainWindow, qtbot: QtBot, photo_file: Path, tmp_path: Path
) -> MainWindow:
    """The window at different moments of a person's work."""
    if request.param == "empty":
        return window
    opened: MainWindow = request.getfixturevalue("opened")
    if request.param == "repairing":
        choose_task(opened, "inpaint")
    elif request.param == "old print":
        choose_task(opened, "old")
    elif request.param == "restored":
        restored(opened, qtbot)
    elif request.param == "everything":
        QTest.mouseClick(opened.panel.more.toggle, Qt.MouseButton.LeftButton)
        opened_all(opened, qtbot, colour_file(tmp_path, "red", "red"))
        press(opened, Key.Key_F, CONTROL)
        qtbot.waitUntil(lambda: opened.session.found is not None)
    return opened


def test_tab_reaches_everything_and_comes_back(moment: MainWindow) -> None:
    seen = stops(moment)
    assert missed(moment, seen) == set()
    assert QApplication.focusWidget() is seen[0], "it goes round"


def test_tab_goes_backwards_too(opened: MainWindow) -> None:
    assert missed(opened, stops(opened, Key.Key_Backtab)) == set()


def test_everything_without_words_has_a_name(moment: MainWindow) -> None:
    nameless = [
        one
        for one in usable(moment)
        if not one.accessibleName() and not (isinstance(one, QAbstractButton) and one.text())
    ]
    assert nameless == []


def test_every_button_with_only_a_picture_tells_what_it_is(moment: MainWindow) -> None:
    silent = [
        one
        for one in controls(moment)
        if isinstance(one, QAbstractButton)
        and one.isVisible()
        and not one.icon().isNull()
        and not one.text()
        and not one.toolTip()
    ]
    assert silent == []


@pytest.mark.parametrize("name", ["libraries", "presets", "models", "settings", "shortcuts", "about"])
def test_the_dialogs_have_names_and_close_with_escape(opened: MainWindow, qtbot: QtBot, name: str) -> None:
    opened.actions_by_name[name].trigger()
    dialog = opened.windows.shown(name)
    qtbot.waitUntil(lambda: not opened.jobs.has("presets", "models"))
    nameless = [
        one
        for one in controls(dialog)
        if not one.accessibleName() and not (isinstance(one, QAbstractButton) and one.text())
    ]
    # the header's corner and the viewport's scroll bars are Qt's own
    assert [one for one in nameless if not isinstance(one.parentWidget(), QAbstractScrollArea)] == []
    QTest.keyClick(dialog, Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_photo_is_restored_and_saved_without_the_mouse(
    window: MainWindow, answers: Answers, script: Script, qtbot: QtBot, photo_file: Path, tmp_path: Path
) -> None:
    window.commands.warm()
    answers.path = photo_file
    QTest.keyClick(window, Key.Key_O, CONTROL)
    qtbot.waitUntil(lambda: window.session.picture is not None and window.session.ready is not None)
    press(window, Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: window.session.restored is not None)
    answers.path = tmp_path / "better.png"
    press(window, Key.Key_S, CONTROL)
    qtbot.waitUntil(lambda: window.session.saved and not window.jobs.has("save"))
    assert script.saved[0][1] == answers.path


def test_the_photo_is_looked_at_by_keys(opened: MainWindow) -> None:
    press(opened, Key.Key_1)
    assert opened.canvas.view.zoom == pytest.approx(1.0)
    press(opened, Key.Key_Plus, CONTROL)
    larger = opened.canvas.view.zoom
    assert larger > 1.0
    press(opened, Key.Key_Minus, CONTROL)
    assert opened.canvas.view.zoom < larger
    press(opened, Key.Key_0)
    corner = opened.canvas.view.to_widget(0, 0)
    assert corner.x() >= 0
    assert corner.y() >= 0


def test_a_menu_tells_the_keys_of_its_entries(opened: MainWindow) -> None:
    keys = {action.shortcut().toString() for action in menu_of(opened, "Restoring").actions()}
    assert {"Ctrl+Return", "Ctrl+P", "Esc"} <= keys


def test_every_action_is_in_a_menu(opened: MainWindow) -> None:
    in_menus = {
        action
        for top in opened.menuBar().actions()
        for action in menu_of(opened, top.text().replace("&", "")).actions()
    }
    assert [action.text() for action in opened.actions() if action not in in_menus] == []


def test_quitting_by_the_menu_closes_the_window(opened: MainWindow) -> None:
    click_entry(menu_of(opened, "File"), "Quit")
    assert not opened.isVisible()


def test_no_letter_stands_for_two_entries_of_one_menu(window: MainWindow) -> None:
    for entry in window.menuBar().actions():
        menu = entry.menu()
        letters = [
            action.text()[action.text().index("&") + 1].lower()
            for action in menu.actions()
            if "&" in action.text()
        ]
        assert len(letters) == len(set(letters)), (entry.text(), sorted(letters))
