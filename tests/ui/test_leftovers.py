"""The check that every test of the window stands under would notice what it is there to notice."""

from __future__ import annotations

import threading

import pytest
from leftovers import Leftovers
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from adir_desktop.contract import Finished
from adir_desktop.ui.jobs import JobThread
from adir_desktop.ui.ports import Events


@pytest.fixture
def left(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Leftovers:
    return Leftovers(monkeypatch)


def test_a_timer_of_a_hidden_widget_is_noticed_until_the_widget_is_gone(left: Leftovers) -> None:
    widget = QWidget()
    timer = QTimer(widget)
    timer.start(60_000)
    left.settle()
    assert left.timers() == [timer]
    widget.deleteLater()
    left.settle()
    assert left.timers() == []


def test_a_timer_that_has_gone_off_is_none(left: Leftovers, qtbot: QtBot) -> None:
    timer = QTimer()
    timer.setSingleShot(True)
    with qtbot.waitSignal(timer.timeout):
        timer.start(1)
    assert left.timers() == []


def test_a_timer_that_nobody_holds_is_none(left: Leftovers) -> None:
    QTimer().start(60_000)
    left.settle()
    assert left.timers() == []


def test_an_open_window_is_noticed(left: Leftovers, qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    assert left.windows() == []
    widget.show()
    assert left.windows() == [widget]


def test_a_worker_is_noticed_and_waited_for(left: Leftovers) -> None:
    going = threading.Event()

    def slowly() -> Events:
        going.wait(0.2)
        yield Finished(None)

    thread = JobThread(slowly)
    thread.start()
    assert left.threads() == [thread]
    assert left.threads() == []
