"""Work whose events are changed on their way."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeVar

from adir_desktop.contract import Event

T = TypeVar("T")


def result_of(work: Generator[object, None, T]) -> T:
    """What a generator returns; its events are nobody's."""
    while True:
        try:
            next(work)
        except StopIteration as stop:
            result: T = stop.value
            return result


def changed(
    work: Generator[Event, None, T], change: Callable[[Event], Event | None]
) -> Generator[Event, None, T]:
    """The same work with each event as `change` has it, None for none; closed with it, its result kept."""
    try:
        while True:
            try:
                event = next(work)
            except StopIteration as stop:
                result: T = stop.value
                return result
            told = change(event)
            if told is not None:
                yield told
    finally:
        work.close()
