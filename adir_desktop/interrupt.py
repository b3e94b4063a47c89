"""Stopping inside one long step: the job's owner says when, the engine asks between pieces of work.

Closing a generator stops it only where it yields. A single network evaluation of a large photo takes
many seconds, so the engine also asks here between its tiles. There are two wishes: to stop, which throws
the work away, and to finish, which keeps the best there is so far.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Interrupted(Exception):
    """The person asked to stop; nothing went wrong."""


class Finishing(Interrupted):
    """The person asked to finish early. Whoever has something worth keeping catches it; where nobody
    does, there was nothing yet, and it ends the work like any interruption.
    """


_asked: ContextVar[Callable[[], bool]] = ContextVar("asked", default=lambda: False)
_finish: ContextVar[Callable[[], bool]] = ContextVar("finish", default=lambda: False)
_held: ContextVar[float] = ContextVar("held", default=0.0)


@contextmanager
def stopping_when(asked: Callable[[], bool]) -> Iterator[None]:
    """Within this block, on this thread, `check` raises as soon as `asked()` is true.

    `asked` may take its time: that is how a job pauses.
    """
    token = _asked.set(asked)
    try:
        yield
    finally:
        _asked.reset(token)


@contextmanager
def finishing_when(asked: Callable[[], bool]) -> Iterator[None]:
    """Within this block, on this thread, the work ends with the best there is once `asked()` is true.

    Where there is nothing to keep yet it ends as if stopped: `check` raises `Finishing`.
    """
    token = _finish.set(asked)
    try:
        yield
    finally:
        _finish.reset(token)


def finishing() -> bool:
    """The person asked to end early with what there is."""
    return _finish.get()()


def stopping() -> bool:
    """The person asked to stop; returns after the pause, where the work is paused."""
    start = time.perf_counter()
    asked = _asked.get()()
    _held.set(_held.get() + time.perf_counter() - start)
    return asked


def clock() -> float:
    """Seconds of work, from an arbitrary beginning: time spent paused does not count."""
    return time.perf_counter() - _held.get()


def check() -> None:
    """Called between pieces of work that take under a second each.

    Raises:
        Interrupted: the person asked to stop.
        Finishing: the person asked to finish early.
    """
    if stopping():
        raise Interrupted
    if finishing():
        raise Finishing
