"""Takes the README's picture of the window: `python packaging/screenshots/take.py`, no display needed.

Opens the sample cat, adapts to the sample album, restores, and grabs the real window.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["ADIR_HOME"] = tempfile.mkdtemp(prefix="adir-screenshot-")

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QPointF
from PySide6.QtWidgets import QApplication

from adir_desktop import places
from adir_desktop.ui import app

OUT = Path(__file__).parent / "window.png"
PATIENCE = 300_000  # ms for one job


def wait(until: Callable[[], bool]) -> None:
    """Lets the window live until something is so."""
    deadline = QDeadlineTimer(PATIENCE)
    while not until():
        if deadline.hasExpired():
            raise TimeoutError
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 100)


def main() -> None:
    """Opens, finds, restores, grabs."""
    app.application()
    window = app.open_window(app.real_engine())
    window.resize(1280, 800)
    window.commands.warm()
    window.commands.open_photos(places.resource("samples", "damaged", "cat-small.png"))
    wait(lambda: window.session.picture is not None and window.session.ready is not None)
    window.commands._index(places.resource("samples", "album"))  # noqa: SLF001  a dialog would ask here
    wait(lambda: window.session.library is not None and not window.jobs.engine)
    window.commands.find()
    wait(lambda: window.session.found is not None and not window.jobs.engine)
    window.commands.restore()
    wait(lambda: window.session.restored is not None and not window.jobs.engine)
    window.canvas.fit()
    QApplication.processEvents()
    window.grab().save(str(OUT))
    window.session.saved = True
    window.close()
    print(OUT, QPointF(window.width(), window.height()).toPoint())


if __name__ == "__main__":
    main()
