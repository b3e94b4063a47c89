"""The first page offers every way to begin."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot
from stores import show

from adir_desktop.ui import theme
from adir_desktop.ui.welcome import SHOWN, Welcome

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def welcome(qtbot: QtBot) -> Welcome:
    page = Welcome(sample=Path("/samples/a.png"))
    page.resize(900, 640)
    show(qtbot, page)
    return page


@pytest.mark.parametrize(
    ("button", "signal"),
    [
        ("open_button", "open_wanted"),
        ("sample_button", "sample_wanted"),
        ("folder_button", "folder_wanted"),
        ("session_button", "session_wanted"),
        ("discard_button", "discard_wanted"),
    ],
)
def test_every_button_asks_for_its_own(welcome: Welcome, qtbot: QtBot, button: str, signal: str) -> None:
    welcome.offer_session("3 photos")
    with qtbot.waitSignal(getattr(welcome, signal)):
        QTest.mouseClick(getattr(welcome, button), LEFT)


def test_without_samples_none_is_offered(qtbot: QtBot) -> None:
    page = Welcome(sample=None)
    show(qtbot, page)
    assert not page.sample_button.isVisible()
    assert page.open_button.isVisible()


def test_a_session_is_offered_only_when_there_is_one(welcome: Welcome) -> None:
    assert not welcome.session_button.isVisible()
    welcome.offer_session("3 photos")
    assert "3 photos" in welcome.session_button.text()
    assert welcome.session_button.isVisible()
    welcome.offer_session("")
    assert not welcome.session_button.isVisible()


def test_recent_photos_are_links_while_they_are_there(welcome: Welcome, qtbot: QtBot, tmp_path: Path) -> None:
    files = [tmp_path / f"photo & {number}.png" for number in range(8)]
    for file in files[1:]:
        file.write_bytes(b"")
    welcome.set_recent([str(file) for file in files])
    shown = [each for each in welcome.findChildren(QToolButton) if each.isVisible()]
    assert [each.toolTip() for each in shown] == [str(file) for file in files[1 : 1 + SHOWN]]
    assert shown[0].text() == "photo && 1.png"
    with qtbot.waitSignal(welcome.recent_wanted) as wanted:
        shown[1].setFocus()
        QTest.keyClick(shown[1], Qt.Key.Key_Space)
    assert wanted.args == [files[2]]
    welcome.set_recent(())
    assert not welcome._recent_row.isVisible()


def test_a_photo_held_over_it_shows(welcome: Welcome, qapp) -> None:
    theme.apply(qapp, "light")
    before = welcome.grab().toImage().pixelColor(450, 60)
    welcome.drag_over(on=True)
    held = welcome.grab().toImage().pixelColor(450, 60)
    welcome.drag_over(on=False)
    assert held != before
    assert held.blue() > held.red()
    assert welcome.grab().toImage().pixelColor(450, 60) == before
    qapp.setStyleSheet("")


def test_nothing_is_cut_off_in_the_smallest_window(welcome: Welcome, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"")
    welcome.set_recent([tmp_path / "a.png"])
    welcome.offer_session("3 photos")
    welcome.resize(400, 300)
    assert welcome.minimumSizeHint().height() < 300
    assert welcome.open_button.height() >= 30
