"""A canvas in a bare window: real models, a result to look at, and a tool that notes what it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QTabletEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from adir_desktop.contract import Finished, Photo, Pixels, Request, Restoration
from adir_desktop.tasks import degradation_for
from adir_desktop.ui import qt_images
from adir_desktop.ui.canvas import Canvas
from adir_desktop.ui.gestures import Gestures
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.mask import MaskPainting
from adir_desktop.ui.ports import Events
from adir_desktop.ui.qt_images import Picture, Restored
from adir_desktop.ui.runs import Runs
from adir_desktop.ui.session import Session, State, Values
from adir_desktop.ui.showing import Showing
from adir_desktop.ui.tools import Tool, Tools
from adir_desktop.ui.view import View

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NO_KEYS = Qt.KeyboardModifier.NoModifier
SIZE = (40, 60)  # of the photo: height, width


@dataclass
class Noting:
    """A tool that does nothing but note. taken: the keys that are its own."""

    heard: list[tuple[Any, ...]] = field(default_factory=list)
    taken: tuple[Qt.Key, ...] = ()
    active: bool = False
    cursor: Qt.CursorShape = Qt.CursorShape.CrossCursor
    pointer: QPointF | None = None

    def press(self, point: tuple[float, float], event: QMouseEvent | QTabletEvent) -> None:
        self.heard.append(("press", point, event.modifiers(), pressure(event)))

    def move(self, point: tuple[float, float], event: QMouseEvent | QTabletEvent) -> None:
        self.heard.append(("move", point, event.modifiers(), pressure(event)))

    def release(self, point: tuple[float, float], event: QMouseEvent | QTabletEvent) -> None:
        self.heard.append(("release", point, event.modifiers(), pressure(event)))

    def double_click(self, point: tuple[float, float]) -> None:
        self.heard.append(("double click", point))

    def key(self, key: int) -> bool:
        self.heard.append(("key", key))
        return key in self.taken

    def paint(self, painter: QPainter, view: View, pointer: QPointF | None) -> None:
        self.pointer = pointer
        if pointer is not None:
            painter.fillRect(
                QRect(pointer.toPoint() - QPoint(2, 2), pointer.toPoint() + QPoint(2, 2)), "lime"
            )

    def names(self) -> list[str]:
        return [str(one[0]) for one in self.heard]


@dataclass
class Brushes:
    """One tool for everything but the hand."""

    tool: Noting = field(default_factory=Noting)

    def for_tool(self, tool: Tool) -> Noting | None:
        return None if tool is Tool.HAND else self.tool


class Host(QWidget):
    """The canvas and its models. The photo: 4 x red, 6 y green, 90 blue at (x, y)."""

    def __init__(self, *, real_tools: bool = False) -> None:
        super().__init__()
        self.session = Session(parent=self)
        self.tools = Tools(self.session, self)
        self.showing = Showing(self.session, self)
        self.jobs = Jobs(self)
        self.runs = Runs(self.jobs, self)
        self.brushes = Brushes()
        self.gestures = Gestures(self.session, self.tools, self)
        used = self.gestures if real_tools else self.brushes
        self.canvas = Canvas(self.session, self.tools, self.showing, used, self)  # type: ignore[arg-type]
        self.canvas.watch(self.runs)

    def resizeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        self.canvas.setGeometry(self.rect())

    def open(self, photo: Photo, task: str = "denoise", photo_id: str = "one") -> None:
        state = State(Values(task=task), MaskPainting(photo.height, photo.width, self))
        self.session.take(photo_id, Picture(photo, qt_images.levels_of(photo)), state)

    def show_result(
        self,
        factor: int = 1,
        *,
        baseline: bool = False,
        agreement: Pixels | None = None,
        spread: Pixels | None = None,
    ) -> Restored:
        """White, `factor` times as large; a black baseline."""
        picture = self.session.picture
        assert picture is not None
        white = np.ones((SIZE[0] * factor, SIZE[1] * factor, 3), np.float32)
        request = Request(picture.photo, "denoise", degradation_for("denoise"))
        black = Photo(0 * white) if baseline else None
        restoration = Restoration(
            Photo(white), request, {}, 1.0, baseline=black, agreement=agreement, spread=spread
        )
        restored = drawn(restoration)
        assert isinstance(restored, Restored)
        self.session.show(restored, saved=True)
        return restored

    def paint_with(self, task: str = "inpaint") -> Noting:
        """Repairing, with the tool that notes."""
        self.session.change(replace(self.session.values, task=task))
        self.tools.choose(Tool.BRUSH)
        return self.brushes.tool

    def colour(self, x: float, y: float) -> QColor:
        """What is seen at a place of the photo."""
        return self.image().pixelColor(self.at(x, y))

    def image(self) -> QImage:
        return self.canvas.grab().toImage()

    def at(self, x: float, y: float) -> QPoint:
        return self.canvas.view.to_widget(x, y).toPoint()


def pressure(event: QMouseEvent | QTabletEvent) -> float:
    return event.pressure() if isinstance(event, QTabletEvent) else 1.0


def drawn(result: object) -> object:
    """As the worker hands it over."""

    def job() -> Events:
        yield Finished(result)

    *_, done = qt_images.pictured(job)
    assert isinstance(done, Finished)
    return done.result


def photo_at(x: int, y: int) -> QColor:
    """What the gradient is at the middle of a pixel."""
    return QColor(4 * x, 6 * y, 90)


def gradient() -> Photo:
    y, x = np.mgrid[0 : SIZE[0], 0 : SIZE[1]]
    pixels = np.stack([4 * x, 6 * y, 0 * x + 90], axis=-1).astype(np.float32) / 255
    return Photo(pixels)


def hosted(qtbot: QtBot, *, real_tools: bool = False) -> Iterator[Host]:
    """Shown, with the gradient open, the mouse far away."""
    host = Host(real_tools=real_tools)
    qtbot.addWidget(host)
    host.resize(800, 600)
    with qtbot.waitExposed(host):
        host.show()
    host.activateWindow()
    host.canvas.setFocus()
    host.open(gradient())
    yield host
    host.jobs.close()


def drag(canvas: QWidget, button: Qt.MouseButton, *points: QPoint) -> None:
    QTest.mousePress(canvas, button, pos=points[0])
    for point in points[1:]:
        QTest.mouseMove(canvas, point)
    QTest.mouseRelease(canvas, button, pos=points[-1])


def wheel(
    widget: QWidget,
    where: QPointF,
    notches: int = 0,
    *,
    pixels: QPoint | None = None,
    phase: Qt.ScrollPhase = Qt.ScrollPhase.NoScrollPhase,
    keys: Qt.KeyboardModifier = NO_KEYS,
) -> None:
    turn = QPoint(0, 120 * notches)
    event = QWheelEvent(
        where,
        widget.mapToGlobal(where),
        pixels or QPoint(),
        turn,
        Qt.MouseButton.NoButton,
        keys,
        phase,
        False,  # Qt's own signature
    )
    QApplication.sendEvent(widget, event)
