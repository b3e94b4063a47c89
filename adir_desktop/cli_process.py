"""The process around a command: interruptions, libraries kept quiet, and a log for what nobody foresaw."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from types import FrameType

from adir_desktop import places, settings

# Read by the libraries when they are imported, so before any of them is.
_QUIET = {
    "DIFFUSERS_VERBOSITY": "critical",
    "TRANSFORMERS_VERBOSITY": "critical",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "TORCH_CPP_LOG_LEVEL": "ERROR",
    "TQDM_DISABLE": "1",
}
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class _LogFile(RotatingFileHandler):
    """A log that nobody hears about when it cannot be written."""

    def __init__(self) -> None:
        super().__init__(
            places.log_dir() / "adir.log", maxBytes=2**20, backupCount=1, encoding="utf-8", delay=True
        )

    def emit(self, record: logging.LogRecord) -> None:
        try:
            places.log_dir().mkdir(parents=True, exist_ok=True)
        except OSError:
            return
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging's name
        """Nothing: a full disk is no reason to print a traceback."""


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Warnings and log lines of every library go to the log file instead of the terminal."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    log = _LogFile()
    log.setLevel(logging.WARNING)
    log.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(log)
    logging.captureWarnings(capture=True)
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        root.removeHandler(log)
        log.close()


@contextmanager
def settings_told() -> Iterator[None]:
    """The engine learns of the window's settings, except where the environment says otherwise."""
    chosen, notice = settings.load()
    if notice is not None:
        print(f"adir: {notice.message} {notice.remedy}", file=sys.stderr, flush=True)
    before = {name: os.environ.get(name) for name in settings.VARIABLES.values()}
    os.environ.update({n: v for n, v in settings.variables(chosen).items() if v and not before[n]})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def interruptible() -> Iterator[None]:
    """Being told to end (SIGTERM, or the terminal closing) unwinds like Ctrl-C, so that nothing is left behind."""
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in _SIGNALS[1:]:
            if signal.getsignal(number) is signal.SIG_DFL:  # what nohup or a parent ignores stays ignored
                before[number] = signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Holds an interruption back until the block has ended: files that belong together are all written."""
    held: list[int] = []
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in _SIGNALS:
            if callable(signal.getsignal(number)):
                before[number] = signal.signal(number, lambda told, _frame: held.append(told))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if held:
        raise KeyboardInterrupt


def ends_now() -> None:
    """From here to the end of the process Ctrl-C does nothing: all is done and told, and the last works of
    libraries, torn apart, would only print a traceback.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def forgive_characters() -> None:
    """File names may hold bytes that the terminal's encoding has not: they are printed as escapes."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def drop_output() -> None:
    """After a reader has gone: what is still buffered must not fail once more when the process ends."""
    try:
        number = sys.stdout.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, number)
        os.close(nowhere)
    except (OSError, ValueError, AttributeError):
        return


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
