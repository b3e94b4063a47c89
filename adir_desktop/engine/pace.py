"""How far a long job is, said often enough and not too often."""

from __future__ import annotations

import time

from adir_desktop.contract import Progress

EVERY = 0.2  # seconds between two events of a job


class Pace:
    """The clock of one stage of `total` things, `already` of which needed no work."""

    def __init__(self, stage: str, total: int, already: int = 0) -> None:
        self._stage, self._total, self._already = stage, total, already
        self._start = self._last = time.monotonic()

    def due(self) -> bool:
        """True when the last event is long enough ago for another."""
        return time.monotonic() - self._last >= EVERY

    def at(self, done: int) -> Progress:
        """The event for `done` things; what is left is expected to take as long as what was worked on."""
        self._last = time.monotonic()
        seconds, worked = self._last - self._start, done - self._already
        eta = seconds / worked * (self._total - done) if worked > 0 else None
        return Progress(self._stage, done, self._total, seconds, eta)
