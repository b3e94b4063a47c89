"""The network that was used last stays ready, so that the next restoration begins at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from adir_desktop.engine import encoder, priors, vector_index
from adir_desktop.engine.device import give_back

T = TypeVar("T")
_last: dict[Hashable, object] = {}  # one entry at most


def kept(key: Hashable, make: Callable[[], T]) -> T:
    """What was made for this key the last time, or what `make` gives now; the one before is let go first."""
    if key not in _last:
        drop()
        _last[key] = make()
    return _last[key]  # type: ignore[return-value]  # of this key


def drop() -> None:
    """Lets the network go that was used last; what lies in main memory to make it from stays."""
    _last.clear()


def release() -> None:
    """Lets go of every model, and gives the memory back on devices that keep it for later."""
    drop()
    priors.forget()
    encoder.forget()
    vector_index.let_go()
    give_back()
