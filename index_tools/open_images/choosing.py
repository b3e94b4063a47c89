"""From the lists of Open Images to the photos that are wanted: two walks, of which none holds the lists in memory."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from adir_desktop.contract import Event
from adir_desktop.engine.credits import Credit
from adir_desktop.engine.pace import Pace
from adir_desktop.errors import BadInput
from index_tools.open_images.facts import IMAGE_ID, SUBSETS
from index_tools.open_images.order import Order
from index_tools.open_images.pictures import Picture
from index_tools.open_images.sample import Ids, Lowest, limit_of, rank_of
from index_tools.open_images.tables import Table, Values

COLUMNS = ("ImageID", "Subset", "OriginalLandingURL", "License", "Author", "Title", "Rotation")
HELD = 20_000  # credits in memory until they are handed on
_LICENCE = re.compile(r"https?://creativecommons\.org/licenses/([a-z-]+)/([0-9.]+)/?")
_ROTATIONS = {"": 0, "nan": 0, "0": 0, "90": 90, "180": 180, "270": 270}  # nan: not known to Open Images

Credited = Callable[[str, dict[str, Credit]], None]


@dataclass(frozen=True, eq=False)
class Chosen:
    """The photos that are wanted, the lowest rank first: a beginning of them is a smaller sample.

    ids: 64 bits each. subsets: places in SUBSETS. rotations: quarter turns counter-clockwise. All (n,).
    damaged: rows of the lists that could not be used.
    """

    ids: Ids
    subsets: NDArray[np.uint8]
    rotations: NDArray[np.uint8]
    damaged: int = 0

    def __len__(self) -> int:
        return len(self.ids)

    def only(self, mask: NDArray[np.bool_]) -> Chosen:
        return Chosen(self.ids[mask], self.subsets[mask], self.rotations[mask], self.damaged)

    def among(self, ids_of: Callable[[str], Ids]) -> NDArray[np.bool_]:
        """(n,) True for those whose id is among the ids that are given for its subset."""
        mask = np.zeros(len(self), np.bool_)
        for place in np.unique(self.subsets):
            own = self.subsets == place
            mask[own] = np.isin(self.ids[own], ids_of(SUBSETS[place]))
        return mask

    def pictures(self) -> Iterator[Picture]:
        for image_id, place, turns in zip(self.ids, self.subsets, self.rotations, strict=True):
            yield Picture(SUBSETS[place], f"{image_id:016x}", 90 * int(turns))


def choose(
    order: Order, lists: Sequence[Path], ids: Ids | None, credited: Credited | None
) -> Generator[Event, None, Chosen]:
    """The order's photos. ids: only these, sorted; None for any. credited: hears of the credits of all that were chosen,
    a subset and some photos at a time, before this returns.

    Raises:
        BadInput, StorageError: a list cannot be read, or is none. Interrupted: the person asked to stop.
    """
    tables = [Table(path, COLUMNS, needed=1) for path in lists]
    if len(order.wanted) > 1 and (bare := [table for table in tables if not table.has("Subset")]):
        raise BadInput(
            f"{bare[0].path} does not say of which subset its photos are.", "Give one --subset for it."
        )
    walks = 1 if order.count is None else 2
    size = sum(table.size for table in tables)
    pace = Pace("read", max(walks * size, 1))
    if order.count is None:
        limit = limit_of(order.share or 0)
    else:
        lowest = Lowest(order.count)
        yield from _walk(tables, _Sieve(order, ids), lambda rank, *_: lowest.add(rank), pace, 0)
        limit = lowest.limit()
    harvest = _Harvest(credited)
    sieve = _Sieve(order, ids, limit)
    yield from _walk(tables, sieve, harvest.take, pace, (walks - 1) * size)
    harvest.hand_on()
    yield pace.at(max(walks * size, 1))
    return harvest.chosen(sum(table.damaged for table in tables))


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


class _Harvest:
    """What is kept of the chosen rows: some bytes each; their credits are handed on."""

    def __init__(self, credited: Credited | None) -> None:
        self._credited = credited
        self._ranks, self._ids = array("Q"), array("Q")
        self._subsets, self._rotations = array("B"), array("B")
        self._credits: dict[str, dict[str, Credit]] = {}
        self._held = 0

    def take(self, rank: int, subset: str, values: Values) -> None:
        image_id, _, page, licence, author, title, rotation = values
        self._ranks.append(rank)
        self._ids.append(int(image_id, 16))
        self._subsets.append(SUBSETS.index(subset))
        self._rotations.append((_degrees(rotation) or 0) // 90)
        if self._credited is not None:
            own = self._credits.setdefault(subset, {})
            own[image_id] = Credit(author, licence_words(licence), page, title)
            self._held += 1
            if self._held >= HELD:
                self.hand_on()

    def hand_on(self) -> None:
        for subset, found in self._credits.items():
            if self._credited is not None:
                self._credited(subset, found)
        self._credits, self._held = {}, 0

    def chosen(self, damaged: int) -> Chosen:
        """Each photo once, by rank."""
        ids = np.array(self._ids, np.uint64)
        subsets = np.array(self._subsets, np.uint8)
        rotations = np.array(self._rotations, np.uint8)
        order = np.lexsort((subsets, ids, np.array(self._ranks, np.uint64)))
        ids, subsets, rotations = ids[order], subsets[order], rotations[order]
        again = np.zeros(len(ids), np.bool_)
        again[1:] = (ids[1:] == ids[:-1]) & (subsets[1:] == subsets[:-1])
        return Chosen(ids[~again], subsets[~again], rotations[~again], damaged)


def licence_words(url: str) -> str:
    """A Creative Commons licence by its usual name, with its address; anything else as it stands."""
    found = _LICENCE.fullmatch(url.strip())
    return f"CC {found[1].upper()} {found[2]} ({url.strip()})" if found else url


def _walk(
    tables: Sequence[Table],
    sieve: _Sieve,
    take: Callable[[int, str, Values], None],
    pace: Pace,
    before: int,
) -> Generator[Event]:
    for table in tables:

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


def _degrees(text: str) -> int | None:
    """A cell of the column Rotation ("90.0"); None for one that makes no sense."""
    return _ROTATIONS.get(text.strip().lower().removesuffix(".0"))
