"""Open photos, results and runs for tests of the strips and of the queue."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QContextMenuEvent, QImage
from PySide6.QtWidgets import QAbstractItemView, QApplication, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from adir_desktop.contract import Finished, Photo, Progress
from adir_desktop.errors import MemoryShort
from adir_desktop.ui.desk import Desk, Result, Sheet
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.ports import Events
from adir_desktop.ui.qt_images import Picture, levels_of
from adir_desktop.ui.runs import Runs
from adir_desktop.ui.session import Session


def plain(colour: str) -> QImage:
    """A thumbnail of one colour."""
    image = QImage(96, 72, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def picture(path: Path, value: float = 0.5) -> Picture:
    photo = Photo(np.full((30, 40, 3), value, np.float32), path=path)
    return Picture(photo, levels_of(photo))


def desk_with(*names: str) -> Desk:
    """A desk with these photos open, the last of them current."""
    session = Session()
    desk = Desk(session, session)
    desk.keep_alive = session  # type: ignore[attr-defined]
    for name in names:
        desk.open(picture(Path("/photos") / name))
    return desk


def result(name: str, *, saved: bool = False, colour: str = "#00c000") -> Result:
    return Result(
        name,
        name.capitalize(),
        f"recipe of {name}",
        "2026-05-01T10:00:00.000+00:00",
        42.0,
        plain(colour),
        saved,
    )


def sheet(desk: Desk, name: str) -> Sheet:
    return next(one for one in desk.sheets if one.name == name)


@dataclass
class Queue:
    """A queue on real threads."""

    jobs: Jobs
    runs: Runs

    def endless(self, name: str, *, sheet: str = "", **figures: float) -> str:
        """Puts a run into it that goes on until it is stopped."""

        def events() -> Events:
            for step in range(1, 100_000):
                yield Progress("adapt", min(step, 120), 400, **figures)
                time.sleep(0.005)

        return self.runs.add(sheet, name, "Enlarge ×4", events)

    def quick(self, name: str) -> str:
        return self.runs.add("", name, "Clean", done)

    def broken(self, name: str) -> str:
        """One that fails the first time and succeeds the second."""
        attempts: list[int] = []

        def events() -> Events:
            attempts.append(1)
            if len(attempts) == 1:
                raise MemoryShort("The computer ran out of memory.", "Close other programs.")
            yield from done()

        return self.runs.add("", name, "Clean", events)

    def scripted(self, name: str, make: Callable[[], Events]) -> str:
        return self.runs.add("", name, "Clean", make)

    @property
    def names(self) -> list[str]:
        return [run.name for run in self.runs.runs]

    @property
    def states(self) -> list[str]:
        return [run.state.value for run in self.runs.runs]


def done() -> Events:
    yield Finished("picture")


@contextmanager
def queue() -> Iterator[Queue]:
    """Ends its threads."""
    jobs = Jobs()
    runs = Runs(jobs, jobs)
    try:
        yield Queue(jobs, runs)
    finally:
        for run in runs.runs:
            runs.remove(run.id)  # none starts when the one that runs is ended
        assert jobs.close(5000)


def host(qtbot: QtBot, *parts: QWidget, width: int = 900, height: int = 600) -> QWidget:
    """A window with these parts in it, one below the other, and nothing else."""
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    for part in parts:
        column.addWidget(part)
        part.hosting = window  # type: ignore[attr-defined]  # keeps it alive for as long as the part
    window.resize(width, height)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def menu_of(qtbot: QtBot, view: QAbstractItemView, row: int) -> QMenu:
    """Opens the context menu of one row, as a right click does."""
    before = set(map(id, view.findChildren(QMenu)))
    place = row_at(view, row)
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.viewport().mapToGlobal(place))
    QApplication.sendEvent(view.viewport(), asked)
    menu = next(one for one in view.findChildren(QMenu) if id(one) not in before)
    qtbot.waitUntil(menu.isVisible)
    return menu


def row_at(view: QAbstractItemView, row: int) -> QPoint:
    """Where to click for one row of a list."""
    return view.visualRect(view.model().index(row, 0)).center()


def colours(widget: QWidget, area: QRect) -> set[str]:
    """All colours in a part of a widget."""
    image = widget.grab(area).toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
