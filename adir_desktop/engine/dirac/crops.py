"""Photos to learn from: read once, reduced, and cut into random crops at random scales."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from adir_desktop.contract import Event, Notice, Pixels
from adir_desktop.engine.folders import Scan, scan
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.photos import open_photo
from adir_desktop.errors import AdirError, LibraryError
from adir_desktop.interrupt import check

SHORT_SIDE = 320  # pixels; larger photos are reduced to it, so that a crop shows more than a blur
MOST_PHOTOS = 4000  # kept in memory: about 2 GB
SMALLEST_SIDE = 160  # pixels; smaller photos are enlarged to it
SMALLEST_SCALE = 0.5  # of a crop, where the photo is large enough
NAMED = 5  # files that could not be read


@dataclass(frozen=True, eq=False)
class Album:
    """Photos as (3, H, W) uint8: `seen` to learn from, `kept_out` to measure on."""

    seen: Sequence[Tensor]
    kept_out: Sequence[Tensor]

    def crop(self, side: int, generator: np.random.Generator) -> Tensor:
        """A random square (1, 3, side, side) in [0, 1] of a random photo, reduced at random, flipped at random."""
        photo = self.seen[int(generator.integers(len(self.seen)))]
        short = min(photo.shape[-2:])
        cut = min(short, int(side * generator.uniform(1, 1 / SMALLEST_SCALE)))
        top, left = (int(generator.integers(n - cut + 1)) for n in photo.shape[-2:])
        part = photo[:, top : top + cut, left : left + cut].float()[None] / 255
        if generator.random() < 0.5:
            part = part.flip(-1)
        if cut != side:
            part = interpolate(part, (side, side), mode="bilinear", antialias=True)
        return part


def read_album(folder: Path, *, kept_out: int, seed: int) -> Generator[Event, None, Album]:
    """The photos in a folder and in the folders within, at most MOST_PHOTOS of them, chosen at random.

    kept_out: how many to measure on, at most a third of them and at least one.

    Raises:
        LibraryError: no such folder, or fewer than two readable photos in it.
    """
    if not folder.is_dir():
        raise LibraryError(f"There is no folder {folder}.", "Give a folder with photos to learn from.")
    files = yield from _files(folder)
    order = np.random.default_rng(seed).permutation(len(files))[:MOST_PHOTOS]
    photos: list[Tensor] = []
    failed: list[str] = []
    pace = Pace("read", len(order))
    for done, index in enumerate(order):
        check()
        try:
            photos.append(_reduced(open_photo(files[index]).pixels))
        except AdirError as error:
            failed.append(str(error))
        if pace.due():
            yield pace.at(done + 1)
    for reason in failed[:NAMED]:
        yield Notice(f"Left out: {reason}")
    if len(failed) > NAMED:
        yield Notice(f"{len(failed) - NAMED} more files could not be read.")
    if len(photos) < 2:
        raise LibraryError(
            f"There are too few photos in {folder} to learn from.", "Give a folder with at least two."
        )
    apart = max(1, min(kept_out, len(photos) // 3))
    return Album(photos[apart:], photos[:apart])


def _files(folder: Path) -> Generator[Event, None, list[Path]]:
    """All photo files, by name, so that a seed means the same everywhere."""
    walk, pace = scan([str(folder)]), Pace("read", 0)
    while True:
        try:
            next(walk)
        except StopIteration as end:
            found: Scan = end.value
            return [Path(name) for name in sorted(found.files)]
        check()
        if pace.due():
            yield pace.at(0)


def _reduced(pixels: Pixels) -> Tensor:
    """(H, W, 3) in [0, 1] -> (3, h, w) uint8, the short side at most SHORT_SIDE, none under SMALLEST_SIDE."""
    x = torch.from_numpy(pixels).permute(2, 0, 1)[None]
    short = min(x.shape[-2:])
    scale = min(SHORT_SIDE, max(short, SMALLEST_SIDE)) / short
    if scale != 1:
        size = [max(SMALLEST_SIDE, round(n * scale)) for n in x.shape[-2:]]
        x = interpolate(x, size, mode="bilinear", antialias=True)
    return (x[0] * 255).round().clamp(0, 255).byte()
