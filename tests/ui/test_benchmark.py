"""The measurement of the event loop sees what holds it."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from adir_desktop.ui.benchmark_large import Turns


class Slow(QWidget):
    """Takes 60 ms for every event of a kind of its own."""

    KIND = QEvent.Type(QEvent.registerEventType())

    def event(self, event: QEvent) -> bool:
        if event.type() == self.KIND:
            time.sleep(0.06)
        return super().event(event)


def test_an_event_that_holds_the_loop_is_seen_as_long_as_it_is(qtbot: QtBot) -> None:
    slow, turns = Slow(), Turns()
    qtbot.addWidget(slow)
    turns.play(slow, "work", iter([QEvent(Slow.KIND), QEvent(Slow.KIND)]))
    told = turns.report()
    assert told["over_50_ms"] == 2
    assert told["longest_ms"]["work"] == pytest.approx(60, abs=30)  # type: ignore[index]
    turns.clear()
    turns.run("rest", 0.03)
    assert all(length < 50 for length in turns.lengths["rest"])


def test_timers_and_deferred_deletions_are_part_of_a_turn(qapp: QApplication) -> None:
    turns, gone = Turns(), []
    doomed = QWidget()
    doomed.destroyed.connect(lambda: gone.append(True))
    doomed.deleteLater()
    fired: list[bool] = []
    QTimer.singleShot(5, qapp, lambda: (time.sleep(0.06), fired.append(True)))
    turns.run("wait", 5.0, lambda: bool(fired and gone))
    assert max(turns.lengths["wait"]) > 55
