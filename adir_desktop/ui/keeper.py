"""The session on disk, written as one works: photos, masks, choices and results outlive a crash.

Inside `sessions/<time>-<process>/`:

- `lock` is held while the program runs
- `session.json`: the photos in order, their values, what was found, which result is shown
- `<photo>/mask.journal`: every stroke, the moment it is painted
- `<photo>/results/<id>/`: one result: thumb.jpg, restoration/ and about.json, which is written last
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QLockFile, Qt
from PySide6.QtGui import QImage

from adir_desktop import places
from adir_desktop.contract import Finished, Notice, Pixels, Restoration
from adir_desktop.errors import AdirError, StorageError, explain
from adir_desktop.files import write_atomic
from adir_desktop.interrupt import finishing_when
from adir_desktop.ui.ports import Engine, Events
from adir_desktop.ui.qt_images import to_image

SESSION, ABOUT, THUMB, RESTORATION = "session.json", "about.json", "thumb.jpg", "restoration"
LOCK, JOURNAL, RESULTS = "lock", "mask.journal", "results"
THUMB_SIDE = 256
SESSIONS_KEPT = 3
THUMB_QUALITY = 88


@dataclass(frozen=True)
class Leftover:
    """An earlier session. when: seconds since 1970. ended: the program was closed as it should."""

    folder: Path
    photos: int
    when: float
    ended: bool = False


class Keeper:
    """One folder of this run of the program, made when there is something to keep."""

    def __init__(self, *, on: bool = True) -> None:
        self.on = on
        self._folder = sessions_dir() / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
        self._lock: QLockFile | None = None

    @property
    def folder(self) -> Path:
        return self._folder

    def begin(self) -> None:
        """Makes the folder and holds its lock.

        Raises:
            StorageError: it cannot be made.
        """
        if self._lock is not None or not self.on:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise explain(error) from error
        lock = _lock(self._folder)
        if not lock.tryLock(0):
            raise StorageError(
                f"The folder {self._folder} is in use or cannot be written to.",
                "Your work is not kept against a crash until this is mended.",
            )
        self._lock = lock

    def adopt(self, leftover: Leftover) -> dict[str, Any]:
        """Goes on in the folder of an earlier session; returns its `session.json`.

        Raises:
            StorageError: it is damaged or gone.
        """
        self.end()
        self._folder = leftover.folder
        self.begin()
        return _read(leftover.folder / SESSION)

    def photo_folder(self, photo: str) -> Path:
        """Where a photo's mask and results are; made when asked for."""
        folder = self._folder / photo
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def journal(self, photo: str) -> Path:
        return self.photo_folder(photo) / JOURNAL

    def result_folder(self, photo: str, result: str) -> Path:
        return self._folder / photo / RESULTS / result

    def has(self, photo: str, result: str) -> bool:
        """A result was kept whole."""
        return (self.result_folder(photo, result) / ABOUT).exists()

    def results(self, photo: str) -> Iterator[tuple[dict[str, Any], QImage]]:
        """The results of a photo that were kept whole, oldest first."""
        about = [_read_or_none(path) for path in (self._folder / photo / RESULTS).glob(f"*/{ABOUT}")]
        for table in sorted((one for one in about if one is not None), key=lambda one: str(one["created"])):
            yield table, QImage(str(self.result_folder(photo, str(table["id"])) / THUMB))

    def forget_photo(self, photo: str) -> None:
        shutil.rmtree(self._folder / photo, ignore_errors=True)

    def forget_result(self, photo: str, result: str) -> None:
        shutil.rmtree(self.result_folder(photo, result), ignore_errors=True)

    def write(self, table: dict[str, Any]) -> Events:
        """A job that writes `session.json`."""
        write_atomic(self._folder / SESSION, json.dumps(table).encode())
        yield Finished(None)

    def leave(self, table: dict[str, Any]) -> None:
        """The program ends with work to go on with: it stays for the next start."""
        if self._lock is not None:
            write_atomic(self._folder / SESSION, json.dumps(table).encode())
            self._lock.unlock()
            self._lock = None

    def end(self) -> None:
        """The session ended as it should, or another one takes its place: its folder goes."""
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None
            shutil.rmtree(self._folder, ignore_errors=True)


def kept(make: Callable[[], Events], engine: Engine, folder: Path, about: dict[str, Any]) -> Events:
    """A restoring job that puts its result on disk before it tells of it: once seen, it is not lost.

    Where it cannot be kept, the result comes all the same, with a notice.
    """
    with closing(make()) as events:
        for event in events:
            if isinstance(event, Finished) and isinstance(event.result, Restoration):
                try:
                    yield from _keep(event.result, engine, folder, about)
                except (AdirError, OSError) as error:
                    yield Notice(
                        f"The result would not outlive a crash: {explain(error).problem}", "Save it."
                    )
            yield event


def leftovers() -> tuple[Leftover, ...]:
    """Sessions that no running program holds and that have something in them, the latest first.

    Empty ones are cleared away, and those before the last few.
    """
    found: list[Leftover] = []
    for folder in sessions_dir().glob("*-*"):
        lock = _lock(folder)
        if not lock.tryLock(0):
            continue
        lock.unlock()
        table = _read_or_none(folder / SESSION)
        photos = len(table["photos"]) if table is not None and isinstance(table.get("photos"), list) else 0
        if photos:
            when = (folder / SESSION).stat().st_mtime
            found.append(Leftover(folder, photos, when, ended=table is not None and "ended" in table))
        else:
            shutil.rmtree(folder, ignore_errors=True)
    latest = sorted(found, key=lambda one: -one.when)
    for old in latest[SESSIONS_KEPT:]:
        discard(old)
    return tuple(latest[:SESSIONS_KEPT])


def discard(leftover: Leftover) -> None:
    """Deletes an earlier session."""
    shutil.rmtree(leftover.folder, ignore_errors=True)


def thumbnail_of(pixels: Pixels) -> QImage:
    """A small picture of (H, W, 3) pixels in [0, 1]; thinned out first, so that large ones cost nothing."""
    every = max(1, max(pixels.shape[:2]) // (4 * THUMB_SIDE))
    small = to_image(np.ascontiguousarray(pixels[::every, ::every]))
    smooth = Qt.TransformationMode.SmoothTransformation
    return small.scaled(THUMB_SIDE, THUMB_SIDE, Qt.AspectRatioMode.KeepAspectRatio, smooth)


def sessions_dir() -> Path:
    return places.data_dir() / "sessions"


def _keep(restoration: Restoration, engine: Engine, folder: Path, about: dict[str, Any]) -> Events:
    folder.mkdir(parents=True, exist_ok=True)
    with (
        finishing_when(lambda: False),  # what finishing early is to keep is kept to the end
        closing(engine.keep(restoration, folder / RESTORATION)) as events,
    ):
        told = [event for event in events if not isinstance(event, Finished)]
        thumbnail_of(restoration.photo.pixels).save(str(folder / THUMB), quality=THUMB_QUALITY)
    write_atomic(
        folder / ABOUT, json.dumps(about | {"seconds": restoration.seconds}).encode(), overwrite=True
    )
    yield from told


def _lock(folder: Path) -> QLockFile:
    """Of a process that was killed, it is known to be stale at once."""
    lock = QLockFile(str(folder / LOCK))
    lock.setStaleLockTime(0)
    return lock


def _read(path: Path) -> dict[str, Any]:
    table = _read_or_none(path)
    if table is None:
        raise StorageError(
            f"The session in {path.parent} is damaged.", "Its results are still in that folder."
        )
    return table


def _read_or_none(path: Path) -> dict[str, Any] | None:
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return table if isinstance(table, dict) else None
