"""Stopping inside one long step: the job's owner says when, the engine asks between pieces of work.

Closing a generator stops it only where it yields. A single network evaluation of a large photo takes
many seconds, so the engine also asks here between its tiles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Interrupted(Exception):
    """The person asked to stop; nothing went wrong."""


_asked: ContextVar[Callable[[], bool]] = ContextVar("asked", default=lambda: False)


@contextmanager
def stopping_when(asked: Callable[[], bool]) -> Iterator[None]:
    """Within this block, on this thread, `check` raises as soon as `asked()` is true."""
    token = _asked.set(asked)
    try:
        yield
    finally:
        _asked.reset(token)


def check() -> None:
    """Called between pieces of work that take under a second each.

    Raises:
        Interrupted: the person asked to stop.
    """
    if _asked.get()():
        raise Interrupted
