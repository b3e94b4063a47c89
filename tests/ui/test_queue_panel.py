"""The queue's list: what it says, and what can be done with keys and buttons, on real threads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from queued import Queue, colours, host, queue, row_at

from adir_desktop.ui.queue_model import SAYS
from adir_desktop.ui.queue_panel import QueueButton, QueuePanel
from adir_desktop.ui.queue_row import button_area
from adir_desktop.ui.theme import ACCENT, ERROR

LEFT = Qt.MouseButton.LeftButton
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def line() -> Iterator[Queue]:
    with queue() as one:
        yield one


@pytest.fixture
def panel(qtbot: QtBot, line: Queue) -> QueuePanel:
    panel = QueuePanel(line.runs)
    panel.watch()
    host(qtbot, panel, width=440, height=420)
    panel.setFocus()
    return panel


def says(panel: QueuePanel, row: int) -> str:
    return str(panel.model.index(row).data(SAYS))


def choose(panel: QueuePanel, row: int) -> None:
    QTest.mouseClick(panel.list.viewport(), LEFT, pos=row_at(panel.list, row))


def test_it_lists_what_runs_and_what_waits(panel: QueuePanel, line: Queue, qtbot: QtBot) -> None:
    assert panel.empty.isVisible()
    line.endless("a.png")
    line.quick("b.png")
    qtbot.waitUntil(lambda: "Adapting" in says(panel, 0))
    assert says(panel, 1) == "Waiting"
    assert panel.list.isVisible()
    assert not panel.empty.isVisible()
    qtbot.waitUntil(lambda: "30 %" in says(panel, 0))
    assert ACCENT in colours(panel.list.viewport(), panel.list.visualRect(panel.model.index(0)))
    assert "Enlarge ×4" in panel.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_the_time_left_is_said_once_it_is_settled(panel: QueuePanel, line: Queue, qtbot: QtBot) -> None:
    line.endless("a.png", eta=40.0)
    qtbot.waitUntil(lambda: "Adapting" in says(panel, 0))
    assert "left" not in says(panel, 0)
    qtbot.waitUntil(lambda: "about 40 s left" in says(panel, 0), timeout=4000)


def test_the_rows_button_stops_the_running_one(panel: QueuePanel, line: Queue, qtbot: QtBot) -> None:
    line.endless("a.png")
    qtbot.waitUntil(lambda: "Adapting" in says(panel, 0))
    button = button_area(panel.list.visualRect(panel.model.index(0))).center()
    QTest.mouseClick(panel.list.viewport(), LEFT, pos=button)
    qtbot.waitUntil(lambda: line.states == ["stopped"], timeout=2000)
    assert says(panel, 0) == "Stopped"


def test_a_failure_says_why_and_can_be_tried_again(panel: QueuePanel, line: Queue, qtbot: QtBot) -> None:
    line.broken("a.png")
    low = panel.list.visualRect(panel.model.index(0)).height()
    qtbot.waitUntil(lambda: line.states == ["failed"])
    tip = panel.model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert "ran out of memory" in tip
    assert "Close other programs" in tip
    qtbot.waitUntil(lambda: panel.list.visualRect(panel.model.index(0)).height() > low)
    assert ERROR in colours(panel.list.viewport(), panel.list.visualRect(panel.model.index(0)))
    choose(panel, 0)
    assert panel.retry.isEnabled()
    QTest.mouseClick(panel.retry, LEFT)
    qtbot.waitUntil(lambda: line.states == ["done"])
    assert not panel.retry.isEnabled()


def test_pause_and_resume(panel: QueuePanel, line: Queue, qtbot: QtBot) -> None:
    assert not panel.pause.isEnabled()
    line.endless("a.png")
    qtbot.waitUntil(lambda: "Adapting" in says(panel, 0))
    QTest.mouseClick(panel.pause, LEFT)
    assert line.states == ["paused"]
    assert says(panel, 0) == "Paused"
    assert panel.pause.text() == "Resume"
    QTest.mouseClick(panel.pause, LEFT)
    assert line.states == ["running"]


@pytest.mark.parametrize("how", ["keys", "buttons"])
def test_waiting_runs_change_places_and_keep_the_keyboard(
    panel: QueuePanel, line: Queue, qtbot: QtBot, how: str
) -> None:
    line.endless("a.png")
    line.quick("b.png")
    line.quick("c.png")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 3)
    choose(panel, 2)
    if how == "keys":
        QTest.keyClick(panel.list, Qt.Key.Key_Up, ALT)
    else:
        QTest.mouseClick(panel.up, LEFT)
    assert line.names == ["a.png", "c.png", "b.png"]
    assert panel.list.chosen.name == "c.png"
    assert panel.list.currentIndex().row() == 1
    if how == "keys":
        QTest.keyClick(panel.list, Qt.Key.Key_Down, ALT)
    else:
        QTest.mouseClick(panel.down, LEFT)
    assert line.names == ["a.png", "b.png", "c.png"]
    assert panel.list.chosen.name == "c.png"
    assert not panel.down.isEnabled()


@pytest.mark.parametrize(
    ("dragged", "before", "order"),
    [(3, 1, "adbc"), (1, 3, "acbd"), (1, -1, "acdb"), (2, 2, "abcd")],
)
def test_rows_can_be_dragged(panel: QueuePanel, line: Queue, dragged: int, before: int, order: str) -> None:
    line.endless("a")
    for name in "bcd":
        line.quick(name)
    model = panel.model
    assert not model.flags(model.index(0)) & Qt.ItemFlag.ItemIsDragEnabled, "the running one stays"
    assert model.flags(model.index(dragged)) & Qt.ItemFlag.ItemIsDragEnabled
    data = model.mimeData([model.index(dragged)])
    assert model.dropMimeData(data, Qt.DropAction.MoveAction, before, 0, QModelIndex())
    assert "".join(line.names) == order


def test_delete_removes_what_waits_but_not_what_runs(panel: QueuePanel, line: Queue, qtbot: QtBot) -> None:
    line.endless("a.png")
    line.quick("b.png")
    line.quick("c.png")
    choose(panel, 1)
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert line.names == ["a.png", "c.png"]
    choose(panel, 0)
    assert not panel.remove.isEnabled()
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert line.names == ["a.png", "c.png"]
    assert panel.stop.isEnabled()
    QTest.mouseClick(panel.stop, LEFT)
    qtbot.waitUntil(lambda: line.states == ["stopped", "done"], timeout=2000)


def test_what_has_ended_is_cleared(panel: QueuePanel, line: Queue, qtbot: QtBot) -> None:
    line.quick("a.png")
    line.broken("b.png")
    qtbot.waitUntil(lambda: line.states == ["done", "failed"])
    QTest.mouseClick(panel.clear, LEFT)
    assert panel.model.rowCount() == 0
    assert not panel.clear.isEnabled()
    assert panel.empty.isVisible()


@pytest.fixture
def button(qtbot: QtBot, line: Queue) -> QueueButton:
    button, elsewhere = QueueButton(line.runs), QLabel("elsewhere")
    button.watch()
    host(qtbot, elsewhere, button)
    button.elsewhere = elsewhere
    return button


def test_the_button_counts_and_opens_the_queue(button: QueueButton, line: Queue, qtbot: QtBot) -> None:
    assert button.text() == "Queue"
    line.endless("a.png")
    line.quick("b.png")
    assert button.text() == "Queue (2)"
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert button.popover.isVisible()
    assert button.panel.list.hasFocus()
    assert button.window().rect().contains(button.popover.geometry())
    QTest.keyClick(button.panel.list, Qt.Key.Key_Delete)
    assert line.names == ["a.png", "b.png"], "the keyboard starts on the running one"
    QTest.keyClick(button.panel.list, Qt.Key.Key_Escape)
    assert not button.popover.isVisible()
    assert button.hasFocus()


def test_a_click_elsewhere_closes_the_queue(button: QueueButton, line: Queue) -> None:
    QTest.mouseClick(button, LEFT)
    assert button.popover.isVisible()
    QTest.mouseClick(button.panel.empty, LEFT)
    assert button.popover.isVisible()
    QTest.mouseClick(button.elsewhere, LEFT)
    assert not button.popover.isVisible()
    QTest.mouseClick(button, LEFT)
    QTest.mouseClick(button, LEFT)
    assert not button.popover.isVisible()
