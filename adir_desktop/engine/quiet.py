"""Decoders of pictures warn and log at length about oddities that they can live with; errors still come."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock

_LOGGERS = tuple(logging.getLogger(name) for name in ("tifffile", "PIL.TiffImagePlugin"))


class _Quiet:
    """Python's own context for warnings is not made for threads: here all that are inside share one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self._ignoring = ExitStack()

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._ignoring.enter_context(warnings.catch_warnings(action="ignore"))
                self._ignoring.enter_context(_silent_loggers())
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._ignoring.close()


@contextmanager
def _silent_loggers() -> Iterator[None]:
    before = [logger.disabled for logger in _LOGGERS]
    for logger in _LOGGERS:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, disabled in zip(_LOGGERS, before, strict=True):
            logger.disabled = disabled


DECODERS_QUIET = _Quiet()
