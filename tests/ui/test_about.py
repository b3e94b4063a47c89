"""About: versions to copy, and every licence can be read."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QTreeWidgetItem
from pytestqt.qtbot import QtBot
from stores import ADDED, EMBEDDED, show

from adir_desktop import __version__
from adir_desktop.ui import licences
from adir_desktop.ui.about_dialog import AboutDialog
from adir_desktop.ui.stock import Stock


@pytest.fixture
def dialog(qtbot: QtBot) -> AboutDialog:
    stock = Stock()
    shown = AboutDialog(stock)
    shown.watch()
    stock.take_models((EMBEDDED, ADDED))
    show(qtbot, shown)
    return shown


def row(dialog: AboutDialog, name: str) -> QTreeWidgetItem:
    (found,) = dialog.table.findItems(name, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    return found


def test_every_part_says_its_licence(dialog: AboutDialog) -> None:
    table = dialog.table
    groups = [table.topLevelItem(number) for number in range(table.topLevelItemCount())]
    assert len(groups) == 3
    for group in groups:
        assert group.childCount()
        for number in range(group.childCount()):
            assert group.child(number).text(2), group.child(number).text(0)
    assert row(dialog, "numpy").text(1)
    assert row(dialog, "Big").text(2) == "MIT"


def test_licences_are_read_with_the_keyboard(dialog: AboutDialog) -> None:
    assert "Permission is hereby granted" in dialog.text.toPlainText()
    dialog.table.setFocus()
    QTest.keyClick(dialog.table, Qt.Key.Key_Down)
    while dialog.table.currentItem().text(0) != "Big":
        QTest.keyClick(dialog.table, Qt.Key.Key_Down)
    assert dialog.text.toPlainText() == "Permission is granted."
    dialog.table.setCurrentItem(row(dialog, "numpy"))
    assert len(dialog.text.toPlainText()) > 500


def test_versions_are_copied(dialog: AboutDialog) -> None:
    button = next(each for each in dialog.findChildren(QPushButton) if "versions" in each.text())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert f"ADIR Desktop {__version__}" in copied
    assert "numpy " in copied
    assert "Qt " in copied


def test_libraries_of_libraries_are_named_once() -> None:
    names = [library.name.lower() for library in licences.libraries()]
    assert {"numpy", "torch", "pillow", "transformers"} <= set(names)  # the last through another
    assert len(names) == len(set(names))
    assert "pytest" not in names


def test_what_is_not_installed_has_no_licence() -> None:
    assert licences.licence_text("no-such-library") == ""
