"""A program to be killed: the real window on the real engine, stopped by force at a chosen moment.

    python crash_driver.py PHOTO painting|adapting|sampling

It restores once, goes on working, and when the moment has come prints what must not be lost as one JSON line;
then it goes on until it is killed.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest

from adir_desktop.contract import Event, Progress
from adir_desktop.ui import app
from adir_desktop.ui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
STAGES = {"adapting": "adapt", "sampling": "sample"}


def digest(array: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


class Driver:
    """Works through the moments; each waits for the one before."""

    def __init__(self, window: MainWindow, moment: str) -> None:
        self.window, self.moment = window, moment
        self.session = window.context.session
        self.results: list[str] = []
        self.timer = QTimer(window)
        self.timer.timeout.connect(self.look)
        self.timer.start(20)
        self.steps = [self.ready, self.first_result, self.at_work]
        window.context.runs.happened.connect(self.hear)

    def look(self) -> None:
        if self.steps and self.steps[0]():
            self.steps.pop(0)

    def ready(self) -> bool:
        if self.session.picture is None or self.session.ready is None:
            return False
        values = replace(self.session.values, task="inpaint", adapt="none", steps=2, seed=5)
        self.session.change(values)
        self.stroke((8, 8), (30, 12), release=True)
        self.window.commands.runs.restore()
        return True

    def first_result(self) -> bool:
        sheet = self.window.context.desk.current
        if not sheet.results or self.window.context.runs.running is not None:
            return False
        self.results = [digest(sheet.results[0].restored.restoration.photo.pixels)]
        self.window.context.tools.choose(self.window.context.tools.tool.__class__.BRUSH)
        self.stroke((10, 30), (35, 35), release=self.moment != "painting")
        if self.moment == "painting":
            QTimer.singleShot(400, self.tell)  # choices are written a moment after they are made
        else:
            many = {"adapting": {"adapt": "self", "iterations": 500}, "sampling": {"steps": 1000}}
            self.session.change(replace(self.session.values, sampler="adir", **many[self.moment]))
            self.window.commands.runs.restore()
        return True

    def at_work(self) -> bool:
        return False

    def hear(self, event: Event) -> None:
        there = isinstance(event, Progress) and event.stage == STAGES.get(self.moment) and event.done >= 2
        if there and self.results:
            QTimer.singleShot(400, self.tell)
            self.results, self.known = [], self.results

    def stroke(self, start: tuple[int, int], end: tuple[int, int], *, release: bool) -> None:
        canvas = self.window.canvas

        def at(point: tuple[int, int]) -> QPoint:
            return canvas.view.to_widget(point[0] + 0.5, point[1] + 0.5).toPoint()

        QTest.mousePress(canvas, LEFT, pos=at(start))
        for part in range(1, 6):
            x = start[0] + (end[0] - start[0]) * part / 5
            y = start[1] + (end[1] - start[1]) * part / 5
            here = QPointF(at((round(x), round(y))))
            move = QMouseEvent(
                QEvent.Type.MouseMove,
                here,
                canvas.mapToGlobal(here),
                LEFT,
                LEFT,
                Qt.KeyboardModifier.NoModifier,
            )
            self.window.canvas.mouseMoveEvent(move)
        if release:
            QTest.mouseRelease(canvas, LEFT, pos=at(end))

    def tell(self) -> None:
        results = self.results or self.known
        values = self.session.values
        print(
            json.dumps(
                {
                    "mask": digest(self.session.mask.pixels),
                    "marked": int(self.session.mask.pixels.sum()),
                    "results": results,
                    "steps": values.steps,
                    "seed": values.seed,
                }
            ),
            flush=True,
        )


def main() -> None:
    application = app.application()
    window = app.open_window(app.real_engine(), photos=[Path(sys.argv[1])])
    window.commands.warm()
    driver = Driver(window, sys.argv[2])
    assert driver
    application.exec()


if __name__ == "__main__":
    main()
