"""The settings dialog: every change takes effect at once, and nothing else is touched."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot
from stores import show

from adir_desktop.settings import Settings
from adir_desktop.ui import theme
from adir_desktop.ui.settings_dialog import SettingsDialog

LEFT = Qt.MouseButton.LeftButton
OURS = Settings(library="Holidays", recent=("/a.png",), geometry="AdnQ")


@pytest.fixture
def dialog(qtbot: QtBot) -> SettingsDialog:
    shown = SettingsDialog(OURS, (("en", "English"), ("de", "Deutsch")))
    shown.heard = []
    shown.changed.connect(shown.heard.append)
    show(qtbot, shown)
    return shown


def pick(box: QComboBox, steps: int) -> None:
    box.setFocus()
    for _ in range(steps):
        QTest.keyClick(box, Qt.Key.Key_Down)


def test_one_choice_changes_one_setting(dialog: SettingsDialog) -> None:
    pick(dialog.theme, 2)
    assert dialog.heard[-1] == replace(OURS, theme="dark")
    pick(dialog.device, 1)
    assert dialog.heard[-1] == replace(OURS, theme="dark", device="cpu")


def test_boxes_are_ticked_with_the_mouse(dialog: SettingsDialog) -> None:
    dialog.notify.click()
    QTest.keyClick(dialog.autosave, Qt.Key.Key_Space)
    assert dialog.heard[-1] == replace(OURS, notify=False, autosave=False)


def test_another_language_needs_a_restart_and_says_so(dialog: SettingsDialog) -> None:
    assert not dialog.restart.isVisible()
    pick(dialog.language, 2)
    assert dialog.heard[-1].language == "de"
    assert dialog.restart.isVisible()
    dialog.show_values(OURS)
    assert not dialog.restart.isVisible()


def test_what_came_from_elsewhere_is_shown_and_not_announced(dialog: SettingsDialog) -> None:
    dialog.show_values(replace(OURS, theme="light", models_folder="/big/models", notify=False))
    assert dialog.heard == []
    assert dialog.theme.currentData() == "light"
    assert dialog.folder.text() == "models"
    assert dialog.folder.toolTip() == "/big/models"
    assert not dialog.notify.isChecked()


def test_the_way_to_the_network_is_set_here(dialog: SettingsDialog) -> None:
    QTest.keyClicks(dialog.endpoint, " https://mirror.example ")
    QTest.keyClick(dialog.endpoint, Qt.Key.Key_Return)
    QTest.keyClicks(dialog.proxy, "http://proxy.example:3128")
    QTest.keyClick(dialog.proxy, Qt.Key.Key_Return)
    found = replace(OURS, endpoint="https://mirror.example", proxy="http://proxy.example:3128")
    assert dialog.heard[-1] == found
    QTest.keyClick(dialog.offline, Qt.Key.Key_Space)
    assert dialog.heard[-1] == replace(found, offline=True)
    assert not dialog.endpoint.isEnabled()
    QTest.mouseClick(dialog.reset_button, LEFT)
    assert dialog.heard[-1] == OURS
    assert (dialog.endpoint.text(), dialog.proxy.text()) == ("", "")


def test_reset_keeps_what_the_dialog_does_not_show(dialog: SettingsDialog) -> None:
    assert not dialog.reset_button.isEnabled()
    dialog.show_values(replace(OURS, theme="dark", device="cpu", models_folder="/m", autosave=False))
    QTest.mouseClick(dialog.reset_button, LEFT)
    assert dialog.heard == [OURS]
    assert dialog.theme.currentData() == "system"
    assert not dialog.reset_button.isEnabled()


def test_the_folder_is_asked_for_elsewhere(dialog: SettingsDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.folder_wanted):
        QTest.mouseClick(dialog.folder_button, LEFT)


def test_light_and_dark_are_really_light_and_dark(dialog: SettingsDialog, qapp) -> None:
    shades = []
    for scheme in ("dark", "light", "system"):
        theme.apply(qapp, scheme)
        qapp.processEvents()
        image = dialog.grab().toImage()
        shades.append(image.pixelColor(2, 2).lightness())
        contrast = abs(qapp.palette().text().color().lightness() - qapp.palette().base().color().lightness())
        assert contrast > 150
    assert shades[0] < 60
    assert shades[1] > 220
    qapp.setStyleSheet("")
