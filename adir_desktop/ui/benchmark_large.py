"""How long the window's thread is busy at a time while a 100-megapixel photo is looked at and painted on."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from adir_desktop.contract import Event, Finished, Photo, Request
from adir_desktop.tasks import degradation_for
from adir_desktop.ui.canvas import Canvas
from adir_desktop.ui.engine_port import real_engine
from adir_desktop.ui.gestures import Gestures
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.mask import MaskPainting
from adir_desktop.ui.ports import Engine
from adir_desktop.ui.qt_images import Picture, pictured
from adir_desktop.ui.runs import Runs
from adir_desktop.ui.session import Session, State, Values
from adir_desktop.ui.showing import Showing
from adir_desktop.ui.tools import Tool, Tools

WIDTH, HEIGHT = 12_000, 8_400
WINDOW = (1600, 1000)
FRAME = 1 / 60  # seconds between two movements of the pointer
BUSY = 0.1  # ms: shorter turns found nothing to do
PAN_STEPS, PAINT_STEPS = 120, 180  # movements of the pointer
LONGEST = 120.0  # seconds that opening, or loading the engine, may take here
SMALL = 256  # pixels a side of the photo that a job restores meanwhile
ITERATIONS = 1000  # of its adaptation: minutes of work


class Turns:
    """Runs the event loop by hand, one turn at a time: nothing that holds the thread stays unseen."""

    def __init__(self) -> None:
        self.lengths: dict[str, list[float]] = {}  # ms, by what was being done
        self.computing: dict[str, list[float]] = {}  # ms of the processor: without waiting for other programs

    def run(self, doing: str, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Turns, with a rest of a millisecond after each, for so long or until it is true."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end and not until():
            self._turn(doing)

    def play(self, target: QWidget, doing: str, events: Iterator[QEvent]) -> None:
        """The same, with an input event every sixtieth of a second."""
        for event in events:
            began = time.perf_counter()
            QCoreApplication.postEvent(target, event)
            self.run(doing, FRAME - (time.perf_counter() - began))

    def clear(self) -> None:
        """Forgets what came before the part that is measured."""
        self.lengths.clear()
        self.computing.clear()

    def report(self) -> dict[str, object]:
        """The distribution over all turns that had something to do, and the longest of each kind."""
        busy = np.array([length for lengths in self.lengths.values() for length in lengths if length > BUSY])
        computing = np.array([length for lengths in self.computing.values() for length in lengths])
        return {
            "turns": len(busy),
            "turn_ms": {
                "median": round(float(np.median(busy)), 1),
                "p99": round(float(np.quantile(busy, 0.99)), 1),
                "max": round(float(busy.max()), 1),
            },
            "over_50_ms": int((busy > 50).sum()),
            "over_100_ms": int((busy > 100).sum()),
            "longest_ms": {doing: round(max(lengths), 1) for doing, lengths in self.lengths.items()},
            "longest_computing_ms": round(float(computing.max()), 1),
        }

    def _turn(self, doing: str) -> None:
        began, computed = time.perf_counter(), time.thread_time()
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.computing.setdefault(doing, []).append(1000 * (time.thread_time() - computed))
        self.lengths.setdefault(doing, []).append(1000 * (time.perf_counter() - began))
        time.sleep(0.001)  # what waiting for the next event is otherwise: other threads may go on


@dataclass(frozen=True)
class Stage:
    """What is measured: a canvas with its photo."""

    canvas: Canvas
    session: Session
    tools: Tools
    close: Callable[[], object]


def measure(photo: Path | None, *, job: bool, canvas_alone: bool) -> dict[str, object]:
    """Opens the photo, zooms, pans and paints. job: the engine restores another one meanwhile."""
    application = QApplication.instance() or QApplication([])
    turns, engine, jobs = Turns(), real_engine(), Jobs()
    heard: list[Event] = []
    jobs.happened.connect(heard.append)
    with tempfile.TemporaryDirectory() as folder:
        path = photo or _large_photo(Path(folder))
        if job:
            jobs.start("warm", engine.warm)
            turns.run("load", LONGEST, lambda: not jobs.has("warm"))
            turns.clear()  # the engine's import is measured by the command `stall`
            jobs.start("restore", partial(engine.restore, _small_request()))
        stage = _alone(engine, path, turns) if canvas_alone else _whole(engine, path, turns)
        _look_around(stage.canvas, turns)
        _paint(stage, turns)
        to_the_end = jobs.has("restore")
        jobs.drop("restore")
        jobs.close()
        stage.close()
        application.processEvents()
    return {
        "window": "canvas alone" if canvas_alone else "whole",
        "canvas": [stage.canvas.width(), stage.canvas.height()],
        "job": {"events": len(heard), "ran to the end of it": to_the_end} if job else None,
        "marked": stage.session.mask.count if stage.session.mask else 0,
        **turns.report(),
    }


def _alone(engine: Engine, path: Path, turns: Turns) -> Stage:
    """The canvas in a bare window, with models of its own."""
    session, jobs = Session(), Jobs()
    tools = Tools(session, session)
    canvas = Canvas(session, tools, Showing(session, session), Gestures(session, tools))
    canvas.watch(Runs(jobs, session))
    canvas.resize(*WINDOW)
    canvas.show()
    opened: list[Picture] = []
    jobs.happened.connect(lambda event: opened.append(event.result) if isinstance(event, Finished) else None)
    jobs.start("open", partial(pictured, partial(engine.files.open_photo, path)))
    turns.run("open", LONGEST, lambda: bool(opened))
    photo = opened[0].photo
    session.take(
        "large", opened[0], State(Values("inpaint"), MaskPainting(photo.height, photo.width, session))
    )

    def close() -> None:
        canvas.close()
        jobs.close()

    turns.run("open", 1.0)
    return Stage(canvas, session, tools, close)


def _whole(engine: Engine, path: Path, turns: Turns) -> Stage:
    """The program's window."""
    from adir_desktop.ui import app

    window = app.open_window(engine)
    context = window.context
    window.resize(*WINDOW)
    window.commands.photos.open(path)
    turns.run("open", LONGEST, lambda: context.session.picture is not None and not context.jobs.has("open"))
    turns.run("open", 1.0)
    return Stage(window.canvas, context.session, context.tools, window.close)


def _look_around(canvas: Canvas, turns: Turns) -> None:
    """In to 800 % and out again with the wheel; in half way, and around with the middle button."""
    at = QPointF(canvas.width() * 0.4, canvas.height() * 0.6)
    notches = [1] * 22 + [-1] * 26 + [1] * 12
    turns.play(canvas, "zoom", (_wheel(canvas, at, notch) for notch in notches for _ in range(4)))
    for _ in range(3):
        turns.play(canvas, "pan", _drag(canvas, Qt.MouseButton.MiddleButton, PAN_STEPS))
        turns.play(canvas, "zoom", (_wheel(canvas, at, 1) for _ in range(12)))


def _paint(stage: Stage, turns: Turns) -> None:
    """Two strokes over all that is seen: of the whole photo, and close by."""
    session, canvas = stage.session, stage.canvas
    session.change(replace(session.values, task="inpaint"))
    stage.tools.choose(Tool.BRUSH)
    for show in (canvas.fit, canvas.actual_size):
        show()
        turns.run("paint", 0.5)
        turns.play(canvas, "paint", _drag(canvas, Qt.MouseButton.LeftButton, PAINT_STEPS))
        session.mask_changed.emit(QRect())
        turns.run("paint", 0.5)


def _wheel(canvas: Canvas, at: QPointF, notches: float) -> QEvent:
    """A quarter of a notch of a wheel that turns smoothly."""
    return QWheelEvent(
        at,
        canvas.mapToGlobal(at),
        QPoint(),
        QPoint(0, round(30 * notches)),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # not inverted; Qt's own signature
    )


def _drag(canvas: Canvas, button: Qt.MouseButton, steps: int) -> Iterator[QEvent]:
    """A press, a loop through most of the canvas, a release."""
    for step in range(steps + 1):
        angle = 2 * math.pi * step / steps
        at = QPointF(
            canvas.width() * (0.5 + 0.35 * math.sin(angle)),
            canvas.height() * (0.5 + 0.35 * math.sin(2 * angle)),
        )
        if step == 0:
            yield _mouse(canvas, QEvent.Type.MouseButtonPress, at, button)
        yield _mouse(canvas, QEvent.Type.MouseMove, at, button)
    yield _mouse(canvas, QEvent.Type.MouseButtonRelease, at, button)


def _mouse(canvas: Canvas, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton) -> QEvent:
    moving = kind == QEvent.Type.MouseMove
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
    pressed = Qt.MouseButton.NoButton if moving else button
    return QMouseEvent(kind, at, canvas.mapToGlobal(at), pressed, held, Qt.KeyboardModifier.NoModifier)


def _large_photo(folder: Path) -> Path:
    """Smooth waves with grain: neither blank nor slow to make."""
    grain = np.random.default_rng(1).integers(0, 40, (512, 512, 3), np.uint8)
    tiles = np.tile(grain, (-(-HEIGHT // 512), -(-WIDTH // 512), 1))[:HEIGHT, :WIDTH].copy()
    x = (100 + 100 * np.sin(np.arange(WIDTH) / 300)).astype(np.uint8)
    tiles += x[None, :, None]
    path = folder / "large.jpg"
    QImage(tiles.data, WIDTH, HEIGHT, 3 * WIDTH, QImage.Format.Format_RGB888).save(str(path), quality=85)
    return path


def _small_request() -> Request:
    """Enough adapting for the engine to be busy all the time."""
    y, x = np.mgrid[0:SMALL, 0:SMALL].astype(np.float32) / SMALL
    photo = Photo(np.stack([x, y, 0.5 + 0 * x], axis=-1))
    return Request(photo, "deblur", degradation_for("deblur"), adapt="self", iterations=ITERATIONS)
