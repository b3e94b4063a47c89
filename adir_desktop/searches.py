"""What libraries are searched for, and which of their photos may be answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adir_desktop.contract import Degradation, Mask, Photo

WORDS = 1.0  # weight of words beside a photo: half of its neighbours stay, words have half of their effect


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


@dataclass(frozen=True, eq=False)
class Search:
    """What to search with. words: "" for none. weight: of the words beside a photo, 0 or more.

    degradation: what is known of the photo's damage. ignored: (H, W) of the photo, True where it does
    not count; the degradation's own mask does not count either.
    """

    photo: Photo | None = None
    words: str = ""
    weight: float = WORDS
    degradation: Degradation | None = None
    ignored: Mask | None = None
