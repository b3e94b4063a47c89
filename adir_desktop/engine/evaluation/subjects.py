"""The clean pictures of an evaluation: squares of a folder's photos, and for albums, their other parts.

Each is written once, 8 bits, and everything else starts from that file: what is damaged, what is compared
with, and the hash that says whether a result is still of the same picture.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from adir_desktop.contract import Event, Notice, Photo, Pixels
from adir_desktop.engine.evaluation.protocols import Fit
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.photos import PHOTO_SUFFIXES, open_photo, save_photo
from adir_desktop.errors import BadInput, PhotoError

GAP = 16  # pixels between the parts of an album: no blur and no first guess reaches from one into another
LEAST_PARTS = 3  # one to restore and two to learn from


@dataclass(frozen=True)
class Subject:
    """One clean square. name: of its files, unlike any other's. source: the photo. clean: the square's file.

    digest: sha256 of its pixels. parts: the album's other squares.
    """

    name: str
    source: Path
    clean: Path
    digest: str
    parts: tuple[Path, ...] = ()

    @property
    def seed(self) -> int:
        """Of the noise and the holes: the same for every method and every run."""
        return int(self.digest[:15], 16)


def photo_files(folder: Path, count: int) -> list[Path]:
    """The first `count` photos of a folder by name, all with 0.

    Raises:
        BadInput: there is no such folder, or no photo in it.
    """
    if not folder.is_dir():
        raise BadInput(f"There is no folder {folder}.", "Give a folder of photos.")
    files = sorted(f for f in folder.iterdir() if f.suffix.lower() in PHOTO_SUFFIXES and f.is_file())
    if not files:
        raise BadInput(f"There is no photo in {folder}.", "Give a folder of PNG, JPEG or other photos.")
    return files[:count] if count else files


def subjects(
    files: Sequence[Path], side: int, fit: Fit, folder: Path, *, album: bool
) -> Generator[Event, None, list[Subject]]:
    """A clean square of `side` pixels of each photo, written into `folder`.

    What cannot be read or is too small is left out, and said.

    Raises:
        BadInput: nothing is left.
        StorageError: the disk is full or read-only.
    """
    (folder / "parts" if album else folder).mkdir(parents=True, exist_ok=True)
    names, found = _names(files), []
    pace = Pace("prepare", len(files))
    for number, file in enumerate(files, start=1):
        try:
            photo = open_photo(file)
        except PhotoError as error:
            yield Notice(f"{file.name} was left out: {error.problem}", error.remedy)
            continue
        squares = _parts(photo.pixels, side) if album else _one(photo.pixels, side, fit)
        if len(squares) < (LEAST_PARTS if album else 1):
            yield Notice(f"{file.name} was left out: {photo.width} x {photo.height} pixels are too few.")
            continue
        middle = len(squares) // 2
        paths = [_path(folder, names[file], i, middle) for i in range(len(squares))]
        for path, pixels in zip(paths, squares, strict=True):
            save_photo(Photo(pixels), path, overwrite=True)
        others = tuple(path for i, path in enumerate(paths) if i != middle)
        digest = hashlib.sha256(codes(squares[middle]).tobytes() + str(squares[middle].shape).encode())
        found.append(Subject(names[file], file, paths[middle], digest.hexdigest(), others))
        if pace.due():
            yield pace.at(number)
    if not found:
        wanted = f"{LEAST_PARTS} squares of {side} pixels each" if album else f"{side} x {side} pixels"
        raise BadInput(f"No photo can be used; each needs {wanted}.", "Choose a smaller --size.")
    return found


def codes(pixels: Pixels) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """The pixels as an 8-bit file has them."""
    return np.rint(np.clip(pixels, 0, 1) * 255).astype(np.uint8)


def as_file(photo: Photo) -> Photo:
    """The photo as an 8-bit file would hold it."""
    return replace(photo, pixels=codes(photo.pixels).astype(np.float32) / np.float32(255))


def _path(folder: Path, name: str, index: int, middle: int) -> Path:
    return folder / f"{name}.png" if index == middle else folder / "parts" / f"{name}.{index}.png"


def _one(pixels: Pixels, side: int, fit: Fit) -> list[Pixels]:
    """The square in the middle: of `side` pixels as it is, or as large as it can be and then reduced."""
    height, width = pixels.shape[:2]
    short = min(height, width)
    if short < side:
        return []
    cut = side if fit == "crop" else short
    top, left = (height - cut) // 2, (width - cut) // 2
    return [_reduced(pixels[top : top + cut, left : left + cut], side)]


def _reduced(square: Pixels, side: int) -> Pixels:
    """By the antialiased bicubic kernel of Keys (a = -1/2), as MATLAB's `imresize`; borders renormalised."""
    if square.shape[0] == side:
        return square
    channels = [
        Image.fromarray(np.ascontiguousarray(square[..., c]), mode="F").resize(
            (side, side), Image.Resampling.BICUBIC
        )
        for c in range(3)
    ]
    return np.clip(np.stack([np.asarray(c, np.float32) for c in channels], axis=-1), 0, 1)


def _parts(pixels: Pixels, side: int) -> list[Pixels]:
    """As many squares as fit on a grid in the middle, `GAP` pixels between them, row by row."""
    height, width = pixels.shape[:2]
    rows, columns = ((n + GAP) // (side + GAP) for n in (height, width))
    top, left = (
        (n - k * (side + GAP) + GAP) // 2 for n, k in zip((height, width), (rows, columns), strict=True)
    )
    corners = [(top + r * (side + GAP), left + c * (side + GAP)) for r in range(rows) for c in range(columns)]
    return [pixels[y : y + side, x : x + side] for y, x in corners]


def _names(files: Sequence[Path]) -> dict[Path, str]:
    """The stem of each; the whole name where two would be alike, on file systems without capitals too."""
    taken = Counter(file.stem.casefold() for file in files)
    return {file: file.stem if taken[file.stem.casefold()] == 1 else file.name for file in files}
