"""The composition root: settings, look, log, the engine behind its port, the window."""

from __future__ import annotations

import atexit
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from adir_desktop import places, settings
from adir_desktop.contract import AdaptedPreset, Finished, Photo, Request, Restoration
from adir_desktop.errors import AdirError, explain
from adir_desktop.settings import Settings
from adir_desktop.ui import theme
from adir_desktop.ui.main_window import MainWindow
from adir_desktop.ui.ports import Dialogs, Engine, Events

log = logging.getLogger(__name__)

DESKTOP_ID = "adir-desktop"
LOG_BYTES, LOG_FILES = 1_000_000, 3
AFTER_SHOWN = 100  # ms: the first painting and layout are done before torch's import competes for the CPU


def run(argv: Sequence[str]) -> int:
    """Opens the window, with the first of the photos named in `argv` (without the program's name).

    Returns the exit code. A job that does not end in time is left behind with exit code 1.
    """
    _start_log()
    app = application()
    previous = signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C in a terminal ends it
    window = open_window(real_engine(), photos=[Path(name) for name in argv])
    QTimer.singleShot(AFTER_SHOWN, window.commands.warm)
    try:
        code = app.exec()
        if not window.jobs.close():
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
    window = MainWindow(engine, remembered, dialogs, sample_photo())
    window.closed.connect(_remember)
    _Unforeseen(window).caught.connect(window.fail)
    window.show()
    if notice is not None:
        window.note(notice)
    window.commands.open_photos(*photos)
    return window


def real_engine() -> Engine:
    """The engine, imported by the first call that needs it, on that call's thread."""
    return Engine(
        warm=_warm,
        open_photo=_open_photo,
        index=_index,
        update=_update,
        find=_find,
        restore=_restore,
        save=_save,
        save_preset=_save_preset,
    )


def sample_photo() -> Path | None:
    """The first damaged sample, if samples are installed."""
    folder = places.resource("samples", "damaged")
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return next((file for file in files if file.suffix.lower() in (".png", ".jpg", ".jpeg", ".webp")), None)


def _warm() -> Events:
    from adir_desktop.engine import jobs

    for event in jobs.warm():
        if isinstance(event, Finished):
            _settle()
        yield event


def _settle() -> None:
    """Takes the objects of the loaded libraries out of the garbage collector's rounds.

    There are a million of them: each full round held the window for 0.3 s. They are given back at exit,
    or some libraries would report them as leaks.
    """
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)


def _open_photo(path: Path) -> Events:
    """By `photos` itself: opening a photo must not wait for torch."""
    from adir_desktop.engine.photos import open_photo

    yield Finished(open_photo(path))


def _index(folders: Sequence[Path]) -> Events:
    from adir_desktop.engine import jobs

    yield from jobs.index(folders)


def _update(library: str) -> Events:
    from adir_desktop.engine import jobs

    yield from jobs.update(library)


def _find(query: Photo, library: str, k: int) -> Events:
    from adir_desktop.engine import jobs

    yield from jobs.find(query, library, k)


def _restore(request: Request) -> Events:
    from adir_desktop.engine import jobs

    yield from jobs.restore(request)


def _save(restoration: Restoration, path: Path, overwrite: bool) -> Events:  # the port's order
    from adir_desktop.engine import jobs

    yield from jobs.save(restoration, path, overwrite=overwrite)


def _save_preset(preset: AdaptedPreset, path: Path, overwrite: bool) -> Events:  # the port's order
    from adir_desktop.engine import jobs

    yield from jobs.save_preset(preset, path, overwrite=overwrite)


def _remember(values: Settings) -> None:
    """On closing there is no bar left to say it in."""
    try:
        settings.save(values)
    except AdirError:
        log.exception("settings not saved")


class _Unforeseen(QObject):
    """Errors that no one caught: logged, and shown like any other instead of being lost on a console."""

    caught = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._previous: Callable[..., object] = sys.excepthook
        sys.excepthook = self._hook
        parent.destroyed.connect(self._release)

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, Exception):
            log.critical("unforeseen", exc_info=(kind, error, trace))
            self.caught.emit(explain(error))
        else:
            self._previous(kind, error, trace)

    def _release(self) -> None:
        sys.excepthook = self._previous


def _start_log() -> None:
    """To a file that cannot grow without end; to the console where no file can be written."""
    handler: logging.Handler = logging.StreamHandler()
    try:
        places.log_dir().mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            places.log_dir() / "adir.log",
            maxBytes=LOG_BYTES,
            backupCount=LOG_FILES,
            encoding="utf-8",
            delay=True,
        )
    except OSError:
        log.warning("no log file in %s", places.log_dir())
    logging.basicConfig(
        level=logging.INFO, handlers=[handler], format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
