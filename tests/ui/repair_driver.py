"""A person at a real display: opens a scratched photo, paints over the scratch, restores, saves.

    python repair_driver.py SCRATCHED.png REPAIRED.png FROM_X FROM_Y TO_X TO_Y

Everything is done with mouse and keys in the real window on the real engine. Exits with 0 when the file is there.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from scripted import Answers

from adir_desktop.contract import TASKS
from adir_desktop.ui import app

LEFT = Qt.MouseButton.LeftButton
PATIENCE = 100  # seconds


def wait(until: Callable[[], bool]) -> None:
    """Lets the window live; QTest.qWait would hold the interpreter's lock, and no worker would get on."""
    end = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < end, "it takes too long"
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()


def main() -> None:
    scratched, repaired = Path(sys.argv[1]), Path(sys.argv[2])
    x0, y0, x1, y1 = map(float, sys.argv[3:7])
    app.application()
    window = app.open_window(app.real_engine(), photos=[scratched], dialogs=Answers(path=repaired))
    assert QTest.qWaitForWindowExposed(window)
    window.commands.warm()
    session = window.context.session
    wait(lambda: session.picture is not None and session.ready is not None)
    QTest.mouseClick(window.panel.tasks.button(TASKS.index("inpaint")), LEFT)
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_B)

    def at(share: float) -> QPoint:
        point = window.canvas.view.to_widget(x0 + (x1 - x0) * share + 0.5, y0 + (y1 - y0) * share + 0.5)
        return point.toPoint()

    QTest.mousePress(window.canvas, LEFT, pos=at(0))
    for part in range(1, 11):
        QTest.mouseMove(window.canvas, at(part / 10))
    QTest.mouseRelease(window.canvas, LEFT, pos=at(1))
    assert not session.mask.empty
    QTest.mouseClick(window.panel.restore, LEFT)
    wait(lambda: session.restored is not None and not window.context.jobs.engine)
    QTest.mouseClick(window.panel.save, LEFT)
    wait(lambda: session.saved and not window.context.jobs.has("save"))
    print(QApplication.platformName())
    window.close()


if __name__ == "__main__":
    main()
