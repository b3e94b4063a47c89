"""What a running restoration looks like on the canvas."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from canvas_host import LEFT, Host, drag, gradient, hosted, photo_at
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from adir_desktop.contract import Finished, Progress
from adir_desktop.ui.ports import Events
from adir_desktop.ui.tools import Tool


@pytest.fixture
def host(qtbot: QtBot) -> Iterator[Host]:
    yield from hosted(qtbot)


class Steps:
    """A run that shows one preview at a time, when it is let."""

    def __init__(self) -> None:
        self.more = threading.Semaphore(0)

    def job(self) -> Events:
        for value in (200, 100, 0):
            self.more.acquire(timeout=5)
            yield Progress("sample", 1, 4, preview=np.full((8, 12, 3), value, np.uint8))
        self.more.acquire(timeout=5)
        yield Finished("done")


def run(host: Host, sheet: str = "one") -> Callable[[], None]:
    """Starts one; what is returned lets it go on by a step."""
    steps = Steps()
    host.runs.add(sheet, "print.png", "Clean", steps.job)
    return steps.more.release


def grey(value: int) -> QColor:
    return QColor(value, value, value)


def test_the_preview_is_shown_in_place_while_the_photo_is_restored(host: Host, qtbot: QtBot) -> None:
    more = run(host)
    for value in (200, 100):
        more()
        qtbot.waitUntil(lambda value=value: host.colour(40.5, 30.5) == grey(value))  # type: ignore[misc]
    more()
    more()
    qtbot.waitUntil(lambda: host.runs.running is None)
    assert host.colour(40.5, 30.5) == photo_at(40, 30)


def test_the_preview_belongs_to_its_photo(host: Host, qtbot: QtBot) -> None:
    more = run(host)
    more()
    qtbot.waitUntil(lambda: host.colour(40.5, 30.5) == grey(200))
    host.open(gradient(), photo_id="two")
    assert host.colour(40.5, 30.5) == photo_at(40, 30)
    with qtbot.waitSignal(host.runs.happened):
        more()
    assert host.colour(40.5, 30.5) == photo_at(40, 30)
    host.open(gradient(), photo_id="one")
    assert host.colour(40.5, 30.5) == grey(100)
    more()
    more()
    qtbot.waitUntil(lambda: host.runs.running is None)


def test_the_mask_can_be_painted_while_the_photo_is_restored(host: Host, qtbot: QtBot) -> None:
    tool = host.paint_with()
    more = run(host)
    more()
    qtbot.waitUntil(lambda: host.colour(40.5, 30.5) == grey(200))
    drag(host.canvas, LEFT, host.at(10, 10), host.at(20, 10))
    assert tool.names() == ["press", "move", "release"]
    assert host.colour(40.5, 30.5) == photo_at(40, 30), "the photo is seen to be painted on"
    host.tools.choose(Tool.HAND)
    assert host.colour(40.5, 30.5) == grey(200)
    for _ in range(3):
        more()
    qtbot.waitUntil(lambda: host.runs.running is None)
