"""Where errors go that no job owns: the log, and the window's bar."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from types import TracebackType

from PySide6.QtCore import QObject, Signal

from adir_desktop import places
from adir_desktop.errors import explain

log = logging.getLogger(__name__)

LOG_BYTES, LOG_FILES = 1_000_000, 3


class Unforeseen(QObject):
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


def start_log() -> None:
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
