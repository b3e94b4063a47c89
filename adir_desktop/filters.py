"""Which photos of a library may be answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Filters:
    """What a photo must be to be found; what is empty or 0 asks for nothing.

    min_side: pixels of the shorter side. licence: a word of the licence, whatever its case. folder: the photo lies
    in it, at any depth. since, until: days as "2019-05-31", "2019-05" or "2019", both included, when the photo was
    taken (its file's time where the photo does not say). exclude: ids (sha256) of photos that are no answer.
    """

    min_side: int = 0
    licence: str = ""
    folder: str = ""
    since: str = ""
    until: str = ""
    exclude: frozenset[str] = frozenset()
