"""Who is told that long work has ended, and when; only the platform's own call is replaced."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot
from queued import Queue, host, queue

from adir_desktop.contract import Finished, LibraryInfo, Progress
from adir_desktop.errors import LibraryError
from adir_desktop.ui import notify
from adir_desktop.ui.notify import Notifier, Tray
from adir_desktop.ui.ports import Events

LIBRARY = LibraryInfo("Holidays", (Path("/photos"),), "starter", 1200, 1, "2026-05-01")


@pytest.fixture
def line() -> Iterator[Queue]:
    with queue() as one:
        yield one


@pytest.fixture
def told() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def notifier(qtbot: QtBot, line: Queue, told: list, monkeypatch: pytest.MonkeyPatch) -> Notifier:
    """Of a window that is in front; a tenth of a second is long for it."""
    monkeypatch.setattr(notify, "LONG", 0.1)
    part = QWidget()
    notifier = Notifier(host(qtbot, part), lambda title, text: told.append((title, text)) or True)
    notifier.watch(line.jobs, line.runs)
    notifier.part = part
    return notifier


@pytest.fixture
def behind(notifier: Notifier, qtbot: QtBot) -> Notifier:
    """Its window is hidden: as good as behind others, where there is no window manager."""
    notifier.part.window().hide()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is None)
    return notifier


def long_enough(*, fails: bool = False, result: object = "picture") -> Callable[[], Events]:
    def events() -> Events:
        for step in range(30):
            yield Progress("adapt", step, 30)
            time.sleep(0.005)
        if fails:
            raise LibraryError("The drive is gone.", "Plug it in.")
        yield Finished(result)

    return events


def test_a_long_run_is_told(behind: Notifier, line: Queue, told: list, qtbot: QtBot) -> None:
    line.scripted("a.png", long_enough())
    qtbot.waitUntil(lambda: told == [("Restored", "a.png")])


def test_a_failure_is_told_too(behind: Notifier, line: Queue, told: list, qtbot: QtBot) -> None:
    line.scripted("a.png", long_enough(fails=True))
    qtbot.waitUntil(lambda: told == [("Restoring failed", "a.png")])


def test_a_queue_is_told_once(behind: Notifier, line: Queue, told: list, qtbot: QtBot) -> None:
    line.scripted("a.png", long_enough())
    line.scripted("b.png", long_enough(fails=True))
    line.quick("c.png")
    qtbot.waitUntil(lambda: bool(told))
    assert told == [("The queue is done", "2 restored, 1 failed")]


def test_the_next_queue_is_counted_anew(behind: Notifier, line: Queue, told: list, qtbot: QtBot) -> None:
    line.scripted("a.png", long_enough())
    qtbot.waitUntil(lambda: len(told) == 1)
    line.scripted("b.png", long_enough())
    qtbot.waitUntil(lambda: told[1:] == [("Restored", "b.png")])


def test_short_work_is_not_told(behind: Notifier, line: Queue, told: list, qtbot: QtBot) -> None:
    line.quick("a.png")
    qtbot.waitUntil(lambda: line.states == ["done"])
    assert told == []


def test_what_the_person_stopped_is_not_told(behind: Notifier, line: Queue, told: list, qtbot: QtBot) -> None:
    run = line.endless("a.png")
    qtbot.wait(150)
    line.runs.stop(run)
    qtbot.waitUntil(lambda: line.states == ["stopped"])
    assert told == []


def test_nothing_is_told_when_it_is_switched_off(
    behind: Notifier, line: Queue, told: list, qtbot: QtBot
) -> None:
    behind.enabled = False
    line.scripted("a.png", long_enough())
    qtbot.waitUntil(lambda: line.states == ["done"])
    assert told == []


def test_nothing_is_told_to_who_is_looking(notifier: Notifier, line: Queue, told: list, qtbot: QtBot) -> None:
    line.scripted("a.png", long_enough())
    qtbot.waitUntil(lambda: line.states == ["done"])
    assert told == []


@pytest.mark.parametrize("fails", [False, True])
def test_an_index_is_told(behind: Notifier, line: Queue, told: list, qtbot: QtBot, fails: bool) -> None:
    line.jobs.start("index", long_enough(fails=fails, result=LIBRARY))
    qtbot.waitUntil(lambda: bool(told))
    ready = [("The photo library is ready", "Holidays: 1,200 photos")]
    assert told == ([("The photo library is not complete", "The window says why.")] if fails else ready)


def test_without_a_notification_area_nothing_stays_behind(qtbot: QtBot) -> None:
    part = QWidget()
    window = host(qtbot, part)
    tray = Tray(window)
    assert tray.show("Restored", "a.png") is False
    assert tray.findChildren(QSystemTrayIcon) == []


def test_clicking_the_notification_raises_the_window_and_the_icon_goes(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[str, str]] = []
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    monkeypatch.setattr(QSystemTrayIcon, "supportsMessages", lambda: True)
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _, *words: shown.append(words[:2]))
    monkeypatch.setattr(QSystemTrayIcon, "show", lambda _: None)
    part = QWidget()
    window = host(qtbot, part)
    window.hide()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is None)
    tray = Tray(window)
    assert tray.show("Restored", "a.png")
    assert shown == [("Restored", "a.png")]
    tray.findChild(QSystemTrayIcon).messageClicked.emit()
    assert window.isVisible()
    qtbot.waitUntil(lambda: tray.findChildren(QSystemTrayIcon) == [])
