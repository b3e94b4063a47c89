"""Bringing a catalogue up to date with what a walk of its folders found: the work behind a library."""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from adir_desktop.contract import Event, Notice
from adir_desktop.engine import encoder as encoders
from adir_desktop.engine.catalogue import Catalogue, FileState, NewPhoto
from adir_desktop.engine.credits import NAME as CREDITS
from adir_desktop.engine.credits import Credit
from adir_desktop.engine.credits import read as read_credits
from adir_desktop.engine.encoder import STARTER, Encoder, Vectors
from adir_desktop.engine.finds import Finds
from adir_desktop.engine.glimpse import content_of, look
from adir_desktop.engine.pace import Pace
from adir_desktop.errors import LibraryError, PhotoError

BATCH = 32  # photos embedded and committed together
FOLDERS = 16  # whose credits are kept
AHEAD = 3  # batches that are read while one is embedded
PATIENCE = 0.2  # seconds to wait for a file before a sign of life


@dataclass
class _Batch:
    """Files read but not yet committed, the new photos (by sha256) among them, and these' vectors."""

    files: list[tuple[FileState, str]] = field(default_factory=list)
    photos: dict[str, Seen] = field(default_factory=dict)
    vectors: list[NDArray[np.float32]] = field(default_factory=list)


GetEncoder = Callable[[], Encoder]
Seen = tuple[NewPhoto, Image.Image]
Read = tuple[str, Seen | None]  # sha256, and what was seen of a photo that is not known yet
Reading = tuple[FileState, Future[Read]]


def merge(catalogue: Catalogue, found: Finds, device: str) -> Generator[Event, None, None]:
    """Adds what was found and is new or changed, forgets what is gone, and notes what cannot be read.

    A file with a known content, moved or copied, is not embedded again. Files are read and decoded on all cores
    while those before are embedded. Each batch is committed as it is done; files that are gone are forgotten
    last, so that a moved photo keeps its vector.

    Raises:
        LibraryError: the catalogue is damaged, its vectors are another encoder's, or a folder went away meanwhile.
        ModelError: the encoder is not on this machine.
        StorageError: the disk is full or read-only.
    """
    total, done = len(found), found.compare(catalogue)
    pace = Pace("index", total, already=done)
    yield pace.at(done)
    yield from add(catalogue, found.changed(BATCH), device, found.failed, pace, done)
    yield from settle(catalogue, found)


def add(
    catalogue: Catalogue,
    files: Iterable[list[FileState]],
    device: str,
    failed: dict[str, str],
    pace: Pace,
    done: int = 0,
) -> Generator[Event, None, None]:
    """Reads files, a batch at a time, and commits what they hold; reasons of those that cannot be read go to `failed`.

    done: files of `pace` that are done already.

    Raises: as `merge`.
    """
    encoder = _once(lambda: open_encoder(catalogue, device))  # not loaded if nothing is to be embedded
    with _reading(files, partial(_read, catalogue, encoder, _Credits(failed))) as batches:
        for readings in batches:
            batch = _Batch()
            for file, reading in readings:
                while not _is_over(reading):
                    yield pace.at(done)
                _take(file, reading, batch, failed)
                done += 1
                if pace.due():
                    yield pace.at(done)
            for vectors in _embedded(batch, encoder):
                batch.vectors.extend(vectors)
                if pace.due():
                    yield pace.at(done)
            _commit(catalogue, batch, encoder)


def settle(catalogue: Catalogue, found: Finds) -> Generator[Event, None, None]:
    """The end of a merge: forgets what is gone and notes what could not be read.

    Raises:
        LibraryError: a folder went away meanwhile; nothing is forgotten.
    """
    _check_still_there(found.roots)
    gone = list(found.gone(catalogue))
    with catalogue.transaction():
        catalogue.drop_files(gone)  # even if none is: a killed run may have left photos without a file
        catalogue.set_failed(found.failed)
    if found.failed:
        path, reason = next(iter(found.failed.items()))
        yield Notice(
            f"{len(found.failed)} files or folders could not be read.", f"The first, {path}: {reason}"
        )


def open_encoder(catalogue: Catalogue, device: str = "cpu") -> Encoder:
    """The encoder that a library's vectors are made with.

    Raises:
        LibraryError: its weights or its preprocessing have changed since.
        ModelError: it is not on this machine.
    """
    meta = catalogue.meta()
    encoder = encoders.load_encoder(meta.get("spec", STARTER), device)
    made_with = (meta.get("encoder", encoder.id), meta.get("preprocessing", encoder.preprocessing))
    if made_with != (encoder.id, encoder.preprocessing):
        name = catalogue.path.parent.name
        raise LibraryError(
            f"The library '{name}' was indexed with another encoder ({made_with[0]}, now {encoder.id}).",
            "Remove the library and add its folders again; the photos themselves are not touched.",
        )
    return encoder


@contextmanager
def _reading(
    files: Iterable[list[FileState]], read: Callable[[FileState], Read]
) -> Iterator[Iterator[list[Reading]]]:
    """Batches of files that are being read, on all cores, a few batches ahead of the one that is taken."""
    pool = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="adir-read")

    def batches() -> Iterator[list[Reading]]:
        waiting: deque[list[Reading]] = deque()
        for batch in files:
            waiting.append([(file, pool.submit(read, file)) for file in batch])
            if len(waiting) > AHEAD:
                yield waiting.popleft()
        yield from waiting

    try:
        yield batches()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _read(catalogue: Catalogue, encoder: GetEncoder, credit: _Credits, file: FileState) -> Read:
    """One file. Raises PhotoError: it cannot be read."""
    path = Path(file.path)
    content = content_of(path)
    sha256 = hashlib.sha256(content).hexdigest()
    if catalogue.key_of(sha256) is not None:
        return sha256, None
    glimpse = look(path, content, encoder().working_side)
    said = credit.of(path)
    taken = glimpse.taken or datetime.fromtimestamp(file.mtime_ns / 1e9).astimezone().date().isoformat()
    photo = NewPhoto(
        sha256,
        glimpse.width,
        glimpse.height,
        said.author or glimpse.author,
        said.licence or glimpse.licence,
        glimpse.thumbnail,
        said.title,
        said.page,
        taken,
    )
    return sha256, (photo, glimpse.image)


class _Credits:
    """What folders say of their photos' makers, the last few kept; of one that cannot be used it is noted why."""

    def __init__(self, failed: dict[str, str]) -> None:
        self._failed = failed
        self._lock = Lock()
        self._kept: OrderedDict[Path, dict[str, Credit]] = OrderedDict()

    def of(self, path: Path) -> Credit:
        with self._lock:
            if path.parent not in self._kept:
                self._kept[path.parent] = self._of_folder(path.parent)
                if len(self._kept) > FOLDERS:
                    self._kept.popitem(last=False)
            return self._kept[path.parent].get(path.name, Credit())

    def _of_folder(self, folder: Path) -> dict[str, Credit]:
        try:
            return read_credits(folder)
        except LibraryError as error:
            self._failed[str(folder / CREDITS)] = error.problem
            return {}


def _is_over(reading: Future[Read]) -> bool:
    """Waits a little; True when the file has been read, or could not be."""
    return bool(wait([reading], PATIENCE).done)


def _take(file: FileState, reading: Future[Read], batch: _Batch, failed: dict[str, str]) -> None:
    """Puts one file into the batch, or its reason into `failed`."""
    try:
        sha256, seen = reading.result()
    except PhotoError as error:
        failed[file.path] = error.problem
        return
    batch.files.append((file, sha256))
    if seen is not None:
        batch.photos.setdefault(sha256, seen)


def _once(make: Callable[[], Encoder]) -> GetEncoder:
    """What `make` gives, made when it is first asked for, by whichever thread."""
    lock, kept = Lock(), cache(make)

    def get() -> Encoder:
        with lock:
            return kept()

    return get


def _check_still_there(roots: Sequence[str]) -> None:
    """A drive that goes away in the middle takes files with it that are not to be forgotten."""
    for root in roots:
        if not Path(root).is_dir():
            raise LibraryError(
                f"The folder {root} went away meanwhile; what had been read of it is kept.",
                "Connect its drive and update the library.",
            )


def _embedded(batch: _Batch, encoder: GetEncoder) -> Iterator[Vectors]:
    """The new photos' vectors, a forward pass at a time."""
    images = [image for _, image in batch.photos.values()]
    size = encoder().batch if images else 1
    return (encoder().encode_images(images[start : start + size]) for start in range(0, len(images), size))


def _commit(catalogue: Catalogue, batch: _Batch, encoder: GetEncoder) -> None:
    """Writes all of the batch in one transaction."""
    with catalogue.transaction():
        if batch.photos:
            catalogue.set_meta(_identity(encoder()))
        keys: dict[str, int | None] = {}
        for (photo, _), vector in zip(batch.photos.values(), batch.vectors, strict=True):
            keys[photo.sha256] = catalogue.add_photo(photo, vector)
        for file, sha256 in batch.files:
            key = keys.get(sha256) or catalogue.key_of(sha256)
            if key is not None:
                catalogue.put_file(file, key)


def _identity(encoder: Encoder) -> dict[str, str]:
    """What must be equal for vectors to be comparable."""
    return {
        "encoder": encoder.id,
        "preprocessing": encoder.preprocessing,
        "dimensions": str(encoder.dimensions),
    }
