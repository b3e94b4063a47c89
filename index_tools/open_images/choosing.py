"""From the lists of Open Images to the photos that are wanted: one walk chooses, another credits; none holds the lists in memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import numpy as np

from adir_desktop.contract import Event
from adir_desktop.engine.credits import Credit
from adir_desktop.engine.pace import Pace
from adir_desktop.errors import BadInput
from index_tools.open_images.facts import IMAGE_ID, SUBSETS
from index_tools.open_images.order import Order
from index_tools.open_images.sample import TOP, Chosen, Ids, Lowest, limit_of, rank_of
from index_tools.open_images.tables import Table, Values

COLUMNS = ("ImageID", "Subset", "OriginalLandingURL", "License", "Author", "Title", "Rotation")
ROTATION = COLUMNS.index("Rotation")
HELD = 20_000  # credits in memory until they are handed on
_LICENCE = re.compile(r"https?://creativecommons\.org/licenses/([a-z-]+)/([0-9.]+)/?")
_ROTATIONS = {"": 0, "nan": 0, "0": 0, "90": 90, "180": 180, "270": 270}  # nan: not known to Open Images

Credited = Callable[[str, dict[str, Credit]], None]


class Lists:
    """The lists of an order. ids: only these photos, sorted; None for any."""

    def __init__(self, order: Order, paths: Sequence[Path], ids: Ids | None = None) -> None:
        """Raises BadInput: a list cannot be read, is none, or does not say of which subset its photos are."""
        self._order, self._ids = order, ids
        self._tables = [Table(path, COLUMNS, needed=1) for path in paths]
        bare = [table for table in self._tables if not table.has("Subset")]
        if bare and len(order.wanted) > 1:
            raise BadInput(
                f"{bare[0].path} does not say of which subset its photos are.", "Give one --subset for it."
            )

    @property
    def damaged(self) -> int:
        """Rows of the last walk that could not be used."""
        return sum(table.damaged for table in self._tables)

    def choose(self) -> Generator[Event, None, Chosen]:
        """The order's photos.

        Raises:
            BadInput, StorageError: a list cannot be read any more. Interrupted: the person asked to stop.
        """
        limit = TOP if self._order.share is None else limit_of(self._order.share)
        lowest = Lowest(self._order.count, limit)

        def take(rank: int, subset: str, values: Values) -> None:
            turns = (_degrees(values[ROTATION]) or 0) // 90
            lowest.add(rank, int(values[0], 16), SUBSETS.index(subset), turns)

        yield from self._walk("read", _Sieve(self._order, self._ids), take)
        return lowest.chosen()

    def credit(self, chosen: Chosen, hand_on: Credited) -> Generator[Event, None, None]:
        """Hands on the credits of what was chosen, by subset and id, some thousands at a time.

        Raises:
            as `choose`, and whatever `hand_on` raises.
        """
        held: dict[str, dict[str, Credit]] = {subset: {} for subset in SUBSETS}

        def flush(most: int) -> None:
            for subset, credits_held in held.items():
                if len(credits_held) > most:
                    hand_on(subset, credits_held)
                    held[subset] = {}

        def take(_rank: int, subset: str, values: Values) -> None:
            image_id, _, page, licence, author, title, _ = values
            held[subset][image_id] = Credit(author, licence_words(licence), page, title)
            flush(HELD)

        yield from self._walk("credit", _Sieve(self._order, self._ids, chosen.limit), take)
        flush(0)

    def _walk(self, stage: str, sieve: _Sieve, take: Callable[[int, str, Values], None]) -> Generator[Event]:
        size = sum(table.size for table in self._tables)
        pace, before = Pace(stage, max(size, 1)), 0
        for table in self._tables:

            def sift(values: Values, table: Table = table) -> None:
                try:
                    found = sieve.rank(values)
                except ValueError:
                    table.reject()
                    return
                if found is not None:
                    take(*found, values)

            yield from table.walk(sift, pace, before)
            before += table.size
        yield pace.at(max(size, 1))


class _Sieve:
    """Which rows an order means: of these subsets, licences and ids, and of no higher rank than `limit`."""

    def __init__(self, order: Order, ids: Ids | None, limit: int | None = None) -> None:
        self._subsets, self._ids, self._limit, self._seed = order.wanted, ids, limit, order.seed
        self._licences = [text.casefold() for text in order.licences]

    def rank(self, values: Values) -> tuple[int, str] | None:
        """A row's rank and subset, None for one that is not meant. Raises ValueError: it makes no sense."""
        image_id, subset, _, licence, _, _, rotation = values
        subset = subset or self._subsets[0]
        if not IMAGE_ID.fullmatch(image_id) or subset not in SUBSETS or _degrees(rotation) is None:
            raise ValueError(image_id)
        if subset not in self._subsets or not self._allows(licence) or not self._knows(int(image_id, 16)):
            return None
        rank = rank_of(image_id, self._seed)
        return None if self._limit is not None and rank > self._limit else (rank, subset)

    def _allows(self, licence: str) -> bool:
        return not self._licences or any(text in licence.casefold() for text in self._licences)

    def _knows(self, image_id: int) -> bool:
        if self._ids is None:
            return True
        place = int(np.searchsorted(self._ids, np.uint64(image_id)))
        return place < len(self._ids) and int(self._ids[place]) == image_id


def licence_words(url: str) -> str:
    """A Creative Commons licence by its usual name, with its address; anything else as it stands."""
    found = _LICENCE.fullmatch(url.strip())
    return f"CC {found[1].upper()} {found[2]} ({url.strip()})" if found else url


def _degrees(text: str) -> int | None:
    """A cell of the column Rotation ("90.0"); None for one that makes no sense."""
    return _ROTATIONS.get(text.strip().lower().removesuffix(".0"))
