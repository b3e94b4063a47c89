"""The folder that photos are brought to: SUBSET/FIRST TWO DIGITS/ID.jpg, with the credits beside them.

What it needs to remember lies in a hidden folder of it, which no library looks into.
"""

from __future__ import annotations

import os
import re
import shutil
from array import array
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import product
from pathlib import Path

import numpy as np

from adir_desktop import interrupt
from adir_desktop.engine import credits as beside
from adir_desktop.engine.credits import Credit
from adir_desktop.engine.sqlite import writing
from adir_desktop.errors import BadInput, LibraryError, StorageError, explain
from adir_desktop.files import write_atomic
from index_tools.open_images.facts import IMAGE_ID, SUBSETS, Picture
from index_tools.open_images.sample import Ids

HIDDEN = ".open-images"
MARGIN = 64 * 2**20  # bytes that stay free on the disk
_LEFT = re.compile(r"\.([0-9a-f]{16}\.jpg|credits\.csv)\..+")  # of a killed `write_atomic`
_HEX = "0123456789abcdef"


class Folder:
    """Where the photos go. Nothing is written before it is `occupied`."""

    def __init__(self, root: Path) -> None:
        """Raises BadInput: `root` is a file."""
        self.root = root.expanduser().absolute()
        self.hidden = self.root / HIDDEN
        self._gone = self.hidden / "gone.txt"
        if self.root.exists() and not self.root.is_dir():
            raise BadInput(f"{self.root} is a file.", "Choose a folder, which may be a new one.")

    @contextmanager
    def occupied(self) -> Iterator[None]:
        """One import at a time; a killed one lets go by itself, and what it left half-written is removed.

        Raises:
            LibraryError: another one is at it. StorageError: the folder cannot be made or written to.
        """
        with locked(self.hidden, f"Photos are being brought to {self.root} already."):
            for folder in self._folders():
                for left in _names(folder):
                    if _LEFT.fullmatch(left):
                        (folder / left).unlink(missing_ok=True)
            yield

    def present(self, subset: str) -> Ids:
        """Ids of a subset's photos that are here."""
        ids = array("Q")
        for folder in self._folders():
            if folder.parent.name == subset:
                found = (name.removesuffix(".jpg") for name in _names(folder) if name.endswith(".jpg"))
                ids.extend(int(one, 16) for one in found if IMAGE_ID.fullmatch(one))
        return np.frombuffer(ids, np.uint64) if ids else np.empty(0, np.uint64)

    def gone(self, subset: str) -> Ids:
        """Ids of a subset's photos that the server did not have."""
        try:
            lines = self._gone.read_text(encoding="ascii", errors="replace").splitlines()
        except FileNotFoundError:
            lines = []
        except OSError as error:
            raise explain(error) from error
        pairs = [line.partition("/") for line in lines]
        ids = [int(name, 16) for owner, _, name in pairs if owner == subset and IMAGE_ID.fullmatch(name)]
        return np.array(ids, np.uint64)

    def note_gone(self, pictures: list[Picture]) -> None:
        """Remembers that the server does not have these. Raises StorageError: the disk is full or read-only."""
        try:
            with self._gone.open("a", encoding="ascii") as stream:
                stream.writelines(f"{picture.subset}/{picture.id}\n" for picture in pictures)
        except OSError as error:
            raise explain(error) from error

    def forget_gone(self) -> None:
        """Raises StorageError: the note may not be removed."""
        try:
            self._gone.unlink(missing_ok=True)
        except OSError as error:
            raise explain(error) from error

    def put(self, picture: Picture, content: bytes) -> None:
        """Writes a photo as a whole or not at all. Raises StorageError: the disk is full or read-only."""
        check_room(self.root, len(content), "The next photo")
        write_atomic(self._place(picture.subset, picture.id) / f"{picture.id}.jpg", content)

    def credit(self, subset: str, found: Mapping[str, Credit]) -> None:
        """Adds the credits of photos, by id, to those in their folders.

        Raises:
            LibraryError: a credits file there is damaged. StorageError: the disk is full or read-only.
        """
        by_place: dict[str, dict[str, Credit]] = {}
        for image_id, credit in found.items():
            by_place.setdefault(image_id[:2], {})[image_id] = credit
        for new in by_place.values():
            interrupt.check()
            place = self._place(subset, next(iter(new)))
            old = beside.read(place)
            both = old | {f"{image_id}.jpg": beside.tidied(credit) for image_id, credit in new.items()}
            if old != both:
                beside.write(place, both)

    def _place(self, subset: str, image_id: str) -> Path:
        if subset not in SUBSETS or not IMAGE_ID.fullmatch(image_id):
            raise ValueError(f"{subset}/{image_id} is no photo of Open Images")
        place = self.root / subset / image_id[:2]
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise explain(error) from error
        return place

    def _folders(self) -> Iterator[Path]:
        """Those that are there, of all that may be."""
        for subset in SUBSETS:
            for first, second in product(_HEX, _HEX):
                place = self.root / subset / f"{first}{second}"
                if place.is_dir():
                    interrupt.check()
                    yield place


@contextmanager
def locked(folder: Path, busy: str) -> Iterator[None]:
    """Makes the folder and holds it against other processes. Raises LibraryError `busy`, StorageError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain(error) from error
    with ExitStack() as stack:
        try:
            stack.enter_context(writing(folder))
        except LibraryError as error:
            raise LibraryError(busy, "Wait for it, or stop it.") from error
        yield


def free_space(folder: Path) -> int:
    """Bytes that are free where `folder` is, or will be."""
    place = next(path for path in (folder, *folder.absolute().parents) if path.is_dir())
    return shutil.disk_usage(place).free


def check_room(folder: Path, needed: int, what: str) -> None:
    """Raises StorageError: the disk has less than that free, or little more."""
    free = free_space(folder)
    if free < needed + MARGIN:
        raise StorageError(
            f"{what} needs {_amount(needed)}, and {_amount(free)} are free in {folder}.",
            "Free some space or choose another place; what is there already stays and is not fetched again.",
        )


def _amount(count: int) -> str:
    return f"{count / 1e9:.2f} GB" if count >= 1e8 else f"{count / 1e6:.2f} MB"


def _names(folder: Path) -> list[str]:
    """Names of the files in a folder. Raises StorageError: it may not be read."""
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in entries]
    except OSError as error:
        raise explain(error) from error
