"""The composition root: settings, look, language, log, the engine behind its port, the window."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from adir_desktop import places, settings
from adir_desktop.errors import AdirError
from adir_desktop.settings import Settings
from adir_desktop.ui import environment, language, theme
from adir_desktop.ui.engine_port import real_engine
from adir_desktop.ui.faults import Unforeseen, start_log
from adir_desktop.ui.main_window import MainWindow
from adir_desktop.ui.ports import Dialogs, Engine
from adir_desktop.ui.single_instance import FileOpens, SingleInstance

__all__ = ["application", "open_window", "real_engine", "run", "sample_photo"]

log = logging.getLogger(__name__)

DESKTOP_ID = "adir-desktop"
AFTER_SHOWN = 100  # ms: the first painting and layout are done before torch's import competes for the CPU


def run(argv: Sequence[str]) -> int:
    """Opens the window, with the photos named in `argv` (without the program's name); where a window of
    this person is open already, that one takes the photos.

    Returns the exit code. A job that does not end in time is left behind with exit code 1.
    """
    start_log()
    app = application()
    photos = [Path(name).absolute() for name in argv]
    instance = SingleInstance(app)
    if not instance.claim(photos):
        return 0
    previous = signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C in a terminal ends it
    window = open_window(real_engine(), photos=photos)
    instance.opened.connect(window.take)
    opens = FileOpens(app)
    opens.opened.connect(window.take)
    app.installEventFilter(opens)
    QTimer.singleShot(AFTER_SHOWN, window.commands.warm)
    try:
        code = app.exec()
        if not window.context.jobs.close():
            log.error("a job did not end; leaving without it")
            os._exit(1)  # destroying a running thread would crash instead
        return code
    finally:
        signal.signal(signal.SIGINT, previous)


def application() -> QApplication:
    """The one QApplication, in our look."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("ADIR Desktop")
    QGuiApplication.setDesktopFileName(DESKTOP_ID)
    theme.apply(app)
    return app


def open_window(engine: Engine, photos: Sequence[Path] = (), dialogs: Dialogs | None = None) -> MainWindow:
    """The window, shown, with what a person had it remember; errors nobody foresaw land in its bar."""
    remembered, notice = settings.load()
    app = application()
    theme.apply(app, remembered.theme)
    language.install(app, remembered.language)
    environment.tell(remembered)
    window = MainWindow(engine, remembered, dialogs, sample_photo())
    window.closed.connect(_remember)
    window.context.settings_changed.connect(lambda: _remember(window.context.settings))
    Unforeseen(window).caught.connect(window.fail)
    window.show()
    if notice is not None:
        window.note(notice)
    window.commands.sessions.look_for_leftover()
    window.commands.photos.open(*photos)
    return window


def sample_photo() -> Path | None:
    """The first damaged sample, if samples are installed."""
    folder = places.resource("samples", "damaged")
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return next((file for file in files if file.suffix.lower() in (".png", ".jpg", ".jpeg", ".webp")), None)


def _remember(values: Settings) -> None:
    """On closing there is no bar left to say it in."""
    try:
        settings.save(values)
    except AdirError:
        log.exception("settings not saved")


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
