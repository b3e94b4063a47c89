"""The sheet of shortcuts can be searched and taken along."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from stores import show

from adir_desktop.ui.shortcuts_dialog import ShortcutsDialog

ROWS = (
    ("Photos", "Open a photo", "Ctrl+O"),
    ("Photos", "Save image", "Ctrl+S"),
    ("Tools", "Brush", "B"),
    ("Tools", "Larger brush", "]"),
)


@pytest.fixture
def dialog(qtbot: QtBot) -> ShortcutsDialog:
    shown = ShortcutsDialog(ROWS)
    show(qtbot, shown)
    return shown


def visible(dialog: ShortcutsDialog) -> list[str]:
    groups = map(dialog.tree.topLevelItem, range(dialog.tree.topLevelItemCount()))
    shown = [group for group in groups if not group.isHidden()]
    items = [group.child(number) for group in shown for number in range(group.childCount())]
    return [item.text(0) for item in items if not item.isHidden()]


def test_all_are_shown_in_their_groups(dialog: ShortcutsDialog) -> None:
    assert visible(dialog) == [title for _, title, _ in ROWS]
    assert dialog.tree.topLevelItem(1).child(0).text(1) == "B"


@pytest.mark.parametrize(
    ("typed", "left"),
    [("brush", ["Brush", "Larger brush"]), ("ctrl+s", ["Save image"]), ("TOOLS larger", ["Larger brush"])],
)
def test_typing_searches(dialog: ShortcutsDialog, typed: str, left: list[str]) -> None:
    QTest.keyClicks(dialog.search, typed)
    assert visible(dialog) == left
    dialog.search.clear()
    assert len(visible(dialog)) == 4


def test_nothing_found_is_said(dialog: ShortcutsDialog) -> None:
    QTest.keyClicks(dialog.search, "teleport")
    assert visible(dialog) == []
    assert dialog.nothing.isVisible()


def test_the_sheet_is_copied_as_text(dialog: ShortcutsDialog) -> None:
    button = next(each for each in dialog.findChildren(QPushButton) if "Copy" in each.text())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == (
        "Photos\n------\nOpen a photo  Ctrl+O\nSave image    Ctrl+S\n\n"
        "Tools\n-----\nBrush         B\nLarger brush  ]\n"
    )
