"""Messages: what is shown first, and the remedy as a button."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from queued import Queue, host, queue

from adir_desktop.contract import Finished, Notice
from adir_desktop.errors import PhotoError
from adir_desktop.ui.message_bar import Message, MessageBar
from adir_desktop.ui.ports import Events

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def line() -> Iterator[Queue]:
    with queue() as one:
        yield one


@pytest.fixture
def bar(qtbot: QtBot, line: Queue) -> MessageBar:
    room = QWidget()
    bar = MessageBar(room)
    bar.watch(line.jobs, line.runs)
    host(qtbot, room)
    bar.room = room
    return bar


def test_a_message_without_an_action_has_no_button(bar: MessageBar) -> None:
    bar.say(Message("Only three were found.", "Add more photos."))
    assert bar.isVisible()
    assert not bar.action.isVisible()
    assert not bar.property("error")


def test_the_remedy_is_a_button_that_does_it_once(bar: MessageBar) -> None:
    done: list[str] = []
    bar.say(Message("No library.", "Add a folder.", action="Add a folder", run=lambda: done.append("added")))
    assert bar.action.text() == "Add a folder"
    QTest.mouseClick(bar.action, LEFT)
    assert done == ["added"]
    assert not bar.isVisible()


def test_the_button_may_lead_to_another_message(bar: MessageBar) -> None:
    bar.say(Message("Broken.", error=True, action="Mend", run=lambda: bar.say(Message("Mended."))))
    bar.action.setFocus()
    QTest.keyClick(bar.action, Qt.Key.Key_Space)
    assert bar.problem.text() == "Mended."
    assert not bar.action.isVisible()


def test_the_same_words_are_said_once_and_errors_come_first(bar: MessageBar) -> None:
    for _ in range(2):
        bar.fail(PhotoError("It is torn.", "Take another."))
        bar.say(Message("By the way.", action="Look", run=lambda: None))
    assert bar.problem.text() == "It is torn."
    QTest.mouseClick(bar.close_button, LEFT)
    assert bar.problem.text() == "By the way."
    QTest.mouseClick(bar.close_button, LEFT)
    assert not bar.isVisible()


def test_a_failed_run_can_be_tried_again_from_the_message(bar: MessageBar, line: Queue, qtbot: QtBot) -> None:
    line.broken("a.png")
    qtbot.waitUntil(bar.isVisible)
    assert bar.problem.text() == "The computer ran out of memory."
    assert bar.remedy.text() == "Close other programs."
    assert bar.property("error")
    assert bar.action.text() == "Try again"
    QTest.mouseClick(bar.action, LEFT)
    qtbot.waitUntil(lambda: line.states == ["done"])
    assert not bar.isVisible()


def test_of_several_runs_the_failed_one_is_named(bar: MessageBar, line: Queue, qtbot: QtBot) -> None:
    line.broken("a.png")
    line.quick("b.png")
    qtbot.waitUntil(bar.isVisible)
    assert bar.problem.text() == "a.png: The computer ran out of memory."
    qtbot.waitUntil(lambda: line.states == ["failed", "done"])


def test_stopping_with_nothing_kept_says_so_once(bar: MessageBar, line: Queue, qtbot: QtBot) -> None:
    run = line.endless("a.png")
    qtbot.waitUntil(lambda: line.runs.runs[0].share > 0)
    line.runs.stop(run)
    qtbot.waitUntil(bar.isVisible)
    assert bar.problem.text() == "Stopped. The photo is as it was."
    QTest.mouseClick(bar.close_button, LEFT)
    assert not bar.isVisible()


def test_notices_of_a_run_are_shown(bar: MessageBar, line: Queue, qtbot: QtBot) -> None:
    def kept() -> Events:
        yield Notice("Stopped: the best picture so far is kept.")
        yield Finished("picture")

    line.scripted("a.png", kept)
    qtbot.waitUntil(bar.isVisible)
    assert bar.problem.text() == "Stopped: the best picture so far is kept."


def test_it_stays_inside_a_narrow_room(bar: MessageBar, qtbot: QtBot) -> None:
    bar.say(Message("A long problem " * 8, "A long remedy " * 8, error=True, action="Add a folder"))
    bar.window().resize(QSize(520, 500))
    qtbot.waitUntil(lambda: bar.room.rect().contains(bar.geometry()))
    assert bar.rect().contains(bar.action.geometry())
    assert not bar.action.geometry().intersects(bar.problem.geometry())
