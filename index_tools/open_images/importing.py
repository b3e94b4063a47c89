"""Bringing photos of Open Images to a folder: chosen, credited, then fetched side by side, and never twice."""

from __future__ import annotations

from collections.abc import Generator
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from adir_desktop.contract import Event, Notice
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.store import network
from adir_desktop.engine.store.network import Wires
from adir_desktop.errors import NetworkError, RequestError
from index_tools.open_images.choosing import Lists
from index_tools.open_images.classes import COLUMNS, labels_of, photos_with
from index_tools.open_images.crowd import Manners, together
from index_tools.open_images.facts import TYPICAL_BYTES, Picture
from index_tools.open_images.folder import Folder, check_room, free_space
from index_tools.open_images.order import Imported, Order, Survey
from index_tools.open_images.pictures import Bucket, Outcome
from index_tools.open_images.sample import Chosen, Ids
from index_tools.open_images.sources import bring
from index_tools.open_images.tables import Table

ASKED = 16  # photos whose size is asked for to estimate that of all
LONG = 5.0  # seconds of a pause that the person should know of
NAMED = 20  # photos that did not come, with their reasons


def survey(order: Order) -> Generator[Event, None, Survey]:
    """What `bring_photos` would do; only the lists are fetched, where they are needed.

    Raises:
        as `bring_photos`, but for the disk's room and other imports.
    """
    folder = Folder(order.folder)
    lists, chosen = yield from _choose(order, folder)
    here, gone = _known(folder, chosen, order)
    missing = chosen.only(~(here | gone))
    size = 0
    if len(missing):
        try:
            size = yield from _typical_size(order, missing)
        except NetworkError as error:
            yield Notice(error.problem, "How large the photos are is not known.")
    known = size * len(missing) if size or not len(missing) else None
    return Survey(
        folder.root,
        len(chosen),
        int(here.sum()),
        int(gone.sum()),
        len(missing),
        known,
        free_space(folder.root),
        lists.damaged,
    )


def bring_photos(order: Order) -> Generator[Event, None, Imported]:
    """Fetches the order's photos that are not there yet. Closed or killed in between, the next call goes on.

    Raises:
        RequestError, BadInput: no such class, list or folder, or nothing to choose from.
        NetworkError: offline, a list cannot be fetched, or too many photos in a row could not be, or all.
        StorageError: no room, or the folder may not be written to.
        LibraryError: another import is at it, or a credits file there is damaged.
        Interrupted: the person asked to stop.
    """
    folder = Folder(order.folder)
    with folder.occupied():
        if order.retry_gone:
            folder.forget_gone()
        lists, chosen = yield from _choose(order, folder)
        here, gone = _known(folder, chosen, order)
        missing = chosen.only(~(here | gone))
        tally = _Tally(order, folder)
        if len(missing):
            size = (yield from _typical_size(order, missing)) or TYPICAL_BYTES
            check_room(folder.root, size * len(missing), f"What is missing ({len(missing)} photos)")
        yield from lists.credit(chosen, folder.credit)  # first: a kill leaves no photo without its licence
        if len(missing):
            yield from _fetch(order, missing, tally)
        return tally.result(len(chosen), int(here.sum()), int(gone.sum()), lists.damaged)


def _choose(order: Order, folder: Folder) -> Generator[Event, None, tuple[Lists, Chosen]]:
    """Raises RequestError: there is nothing to choose from."""
    metadata = order.metadata.expanduser() if order.metadata else folder.hidden / "metadata"
    further = (order.class_names, *order.label_sources) if order.classes else ()
    paths = yield from bring((*order.list_sources, *further), metadata)
    named = paths[len(order.list_sources) :]
    ids = (yield from _with_classes(order, *named)) if named else None
    lists = Lists(order, paths[: len(order.list_sources)], ids)
    chosen = yield from lists.choose()
    if lists.damaged:
        yield Notice(
            f"{lists.damaged} rows of the lists are damaged and were passed over.",
            "An ImageID has 16 hexadecimal digits.",
        )
    if not len(chosen):
        raise RequestError(
            "No photo is as wanted.", "Choose other classes or licences, another subset or a larger share."
        )
    if order.count is not None and len(chosen) < order.count:
        yield Notice(f"Only {len(chosen)} photos are as wanted, not {order.count}.")
    return lists, chosen


def _with_classes(order: Order, names: Path, *labels: Path) -> Generator[Event, None, Ids]:
    wanted = labels_of(order.classes, names)
    tables = [Table(path, COLUMNS, needed=3) for path in labels]
    ids = yield from photos_with(wanted, order.confidence, tables)
    if damaged := sum(table.damaged for table in tables):
        yield Notice(f"{damaged} rows of the labels are damaged and were passed over.")
    return ids


def _known(folder: Folder, chosen: Chosen, order: Order) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(n,) each: which photos are here, and which of the others the server is known not to have."""
    here = chosen.among(folder.present)
    gone = np.zeros_like(here) if order.retry_gone else chosen.among(folder.gone) & ~here
    return here, gone


def _typical_size(order: Order, missing: Chosen) -> Generator[Event, None, int]:
    """Mean bytes of some of the photos, which are chosen evenly; 0 where no server says.

    Raises:
        NetworkError: the program is to stay offline.
    """
    wires = Wires(network.route())
    bucket = Bucket(wires, order.images_url, _manners(order))
    some = list(islice(missing.pictures(), ASKED))
    pace, sizes = Pace("ask", len(some)), list[int]()
    yield pace.at(0)
    for size in together(wires, some, min(order.threads, len(some)), bucket.size):
        if size is not None:
            sizes.append(size)
        yield pace.at(len(sizes))
    known = [size for size in sizes if size > 0]
    return sum(known) // len(known) if known else 0


def _fetch(order: Order, missing: Chosen, tally: _Tally) -> Generator[Event, None, None]:
    wires, manners = Wires(network.route()), _manners(order)
    bucket = Bucket(wires, order.images_url, manners)
    pace, done = Pace("photos", len(missing)), 0
    yield pace.at(0)
    for outcome in together(wires, missing.pictures(), min(order.threads, len(missing)), bucket.fetch):
        if outcome is not None:
            notice = tally.take(outcome)
            done += 1
            if notice is not None:
                yield notice
        if (pause := manners.news()) >= LONG:
            yield Notice(f"The server asks for a pause of {pause:.0f} seconds, which it gets.")
        if pace.due():
            yield pace.at(done)
    tally.settle()
    yield pace.at(done)


def _manners(order: Order) -> Manners:
    return Manners(order.requests, order.bytes_per_second)


class _Tally:
    """What has become of the photos. One thread writes them all: a full disk is met once, and nothing races."""

    def __init__(self, order: Order, folder: Folder) -> None:
        self._most, self._folder, self._server = order.failures, folder, network.host_of(order.images_url)
        self._fetched = self._bytes = self._gone = self._failed = self._in_a_row = 0
        self._unsure: list[Picture] = []
        self._reasons: dict[str, str] = {}

    def take(self, outcome: Outcome) -> Notice | None:
        """Writes a photo, or remembers why there is none. That a server has none counts for good only once it has
        another: a wrong address has none at all.

        Raises:
            NetworkError: too many in a row did not come. StorageError: the disk is full or read-only.
        """
        if outcome.content is not None:
            self._folder.put(outcome.picture, outcome.content)
            self._fetched += 1
            self._bytes += len(outcome.content)
            self._in_a_row = 0
            self.settle()
            return None
        self._in_a_row += 1
        if self._in_a_row >= self._most:
            raise NetworkError(
                f"{self._in_a_row} photos in a row could not be fetched from {self._server} ({outcome.reason}).",
                "What has come stays. Check the connection and the address, then give the same command again.",
            )
        if outcome.gone:
            self._unsure.append(outcome.picture)
            return None
        self._failed += 1
        if len(self._reasons) >= NAMED:
            return None
        name = f"{outcome.picture.subset}/{outcome.picture.id}"
        self._reasons[name] = outcome.reason
        return Notice(f"{name}.jpg did not come: {outcome.reason}.")

    def settle(self) -> None:
        """What the server does not have is gone; remembered where the server is known to have others."""
        if self._unsure and self._fetched:
            self._folder.note_gone(self._unsure)
        self._gone += len(self._unsure)
        self._unsure = []

    def result(self, photos: int, already: int, gone: int, damaged: int) -> Imported:
        """Raises NetworkError: there is not one photo."""
        if not self._fetched + already:
            why = next(iter(self._reasons.values()), "the server has no such photo")
            raise NetworkError(
                f"None of the {photos} photos came from {self._server} ({why}).",
                "Check the connection and the address, then give the same command again.",
            )
        return Imported(
            self._folder.root,
            photos,
            already,
            self._fetched,
            self._bytes,
            gone + self._gone,
            self._failed,
            damaged,
            self._reasons,
        )
