"""Takes the README's pictures of the window: `python packaging/screenshots/take.py`, no display needed.

Opens the sample cat, adapts to the sample album, restores, and grabs the real window, light and dark; then the
mask editor on the scratched sample, the gallery, a method's own options, and the models dialog.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["ADIR_HOME"] = tempfile.mkdtemp(prefix="adir-screenshot-")

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QPoint, QRect
from PySide6.QtWidgets import QApplication, QWidget

from adir_desktop import places
from adir_desktop.ui import app, theme
from adir_desktop.ui.main_window import MainWindow
from adir_desktop.ui.showing import Mode
from adir_desktop.ui.tools import Tool

OUT = Path(__file__).parent
PATIENCE = 300_000  # ms for one job
DAMAGED = ("samples", "damaged")


def wait(until: Callable[[], bool]) -> None:
    """Lets the window live until something is so."""
    deadline = QDeadlineTimer(PATIENCE)
    while not until():
        if deadline.hasExpired():
            raise TimeoutError
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 100)


def shoot(widget: QWidget, name: str, margin: int = 0) -> None:
    """Grabs a widget, and so much of its window around it, once everything has found its place."""
    for _ in range(20):
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    window = widget.window()
    box = QRect(widget.mapTo(window, QPoint()), widget.size())
    window.grab().copy(box.adjusted(-margin, -margin, margin, margin)).save(str(OUT / name))
    print(OUT / name)


def open_photo(window: MainWindow, name: str) -> None:
    """Opens one of the samples."""
    path = places.resource(*DAMAGED, name)
    window.commands.photos.open(path)
    picture = window.context.session
    wait(lambda: picture.picture is not None and picture.picture.photo.path == path)
    wait(lambda: not window.context.jobs.has("open"))


def restore(window: MainWindow) -> None:
    """Restores the photo on the canvas."""
    context = window.context
    window.commands.runs.restore()
    wait(lambda: context.runs.running is None and context.session.restored is not None)


def take_main(window: MainWindow) -> None:
    """Retrieval, adaptation, restoration: the whole window, twice."""
    context = window.context
    open_photo(window, "cat-small.png")
    wait(lambda: context.session.ready is not None)
    window.commands.libraries.index(places.resource("samples", "album"))
    wait(lambda: context.session.library is not None and not context.jobs.engine)
    window.commands.libraries.find()
    wait(lambda: context.session.found is not None and not context.jobs.engine)
    context.session.change(replace(context.session.values, baseline=True))
    restore(window)
    window.messages.clear()
    window.canvas.fit()
    shoot(window, "window-light.png")
    shoot(window.gallery, "gallery.png")
    theme.apply(app.application(), "dark")
    context.showing.choose_mode(Mode.SIDE_BY_SIDE)
    window.canvas.fit()
    shoot(window, "window-dark.png")
    theme.apply(app.application(), "light")


def take_methods(window: MainWindow) -> None:
    """What a method alone can be told, under More."""
    session, more = window.context.session, window.panel.more
    before, size = session.values, window.size()
    options = (("residual", "paper"), ("cap", "off"))
    session.change(replace(before, task="deblur", adapt="none", sampler="adir", options=options))
    more.toggle.setChecked(True)
    window.resize(size.width(), 2 * size.height())  # so that nothing is scrolled away
    shoot(more, "method.png", theme.GRID)
    window.resize(size)
    more.toggle.setChecked(False)
    session.change(before)


def take_mask(window: MainWindow) -> None:
    """The scratches of a print, proposed by the program."""
    context = window.context
    open_photo(window, "coffee-scratched.png")
    context.session.change(replace(context.session.values, task="inpaint", adapt="none"))
    window.commands.masks.find_scratches()
    wait(lambda: not context.jobs.has("scratches"))
    context.tools.choose(Tool.BRUSH)
    window.canvas.fit()
    shoot(window, "mask-editor.png")


def main() -> None:
    """All of them."""
    app.application()
    window = app.open_window(app.real_engine())
    theme.apply(app.application(), "light")
    window.resize(1360, 860)
    window.commands.warm()
    take_main(window)
    take_methods(window)
    take_mask(window)
    window.windows.models()
    wait(lambda: bool(window.context.stock.models))
    shoot(window.windows.shown("models"), "models.png")
    for sheet in window.context.desk.sheets:
        for result in sheet.results:
            result.saved = True
    window.close()


if __name__ == "__main__":
    main()
