"""The time left, said once it is known well enough and then only shrinking."""

from __future__ import annotations

WEIGHT = 0.2  # of a new estimate against the old ones
AGREE = 0.25  # of the time left: estimates no further apart than this agree
SETTLED = 1.5  # seconds of agreement, and
ENOUGH = 3  # estimates, before a figure is shown
TOO_LITTLE = 1.5  # the figure is corrected upwards only when it is wrong by more than this factor


class Countdown:
    """A figure that runs down smoothly: it stands still rather than grow, unless it was badly wrong."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Another stage: what was known is void."""
        self._end: float | None = None
        self._agreeing = (0, 0.0)  # how many estimates, since when
        self._shown: float | None = None

    def update(self, eta: float | None, now: float) -> float | None:
        """The time left to show at `now`, in seconds; None while it is not settled.

        eta: a new estimate of the time left, None when only the clock has moved.
        """
        if eta is not None:
            self._take(eta, now)
        if self._end is None:
            return None
        left = max(self._end - now, 0.0)
        if self._shown is not None:
            self._shown = left if left > TOO_LITTLE * self._shown + 1.0 else min(left, self._shown)
        elif self._agreeing[0] >= ENOUGH and now - self._agreeing[1] >= SETTLED:
            self._shown = left
        return self._shown

    def _take(self, eta: float, now: float) -> None:
        end, count = now + eta, self._agreeing[0]
        if self._end is None:
            self._end, self._agreeing = end, (1, now)
            return
        agrees = abs(end - self._end) <= max(AGREE * eta, 1.0)
        self._agreeing = (count + 1, self._agreeing[1]) if agrees else (1, now)
        self._end += WEIGHT * (end - self._end)
