"""Selecting what has a similar colour; runs on a worker, since large photos take a while."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import numpy as np

from adir_desktop.contract import Finished, Marks, Mask, Pixels, Progress
from adir_desktop.ui.mask_tiles import TILE, Key
from adir_desktop.ui.ports import Events

STAGE = "select"
BAND = 64  # rows compared at once: of the largest photos too, a moment's work
Seed = tuple[int, int]  # row, column


def similar(pixels: Pixels, seed: Seed, tolerance: float, *, contiguous: bool) -> Mask:
    """(H, W): the pixels whose every channel is within `tolerance` (0..255) of the seed's.

    pixels: (H, W, 3) float32 in [0, 1]. contiguous: only those that hang together with the seed over
    their four sides.
    """
    events = _select(pixels, seed, tolerance, contiguous=contiguous)
    while True:
        try:
            next(events)
        except StopIteration as done:
            answer: Mask = done.value
            return answer


def select_events(pixels: Pixels, seed: Seed, tolerance: float, contiguous: bool) -> Events:
    """The same as a job: progress, then `Finished` with `Marks`."""
    yield Finished(Marks((yield from _select(pixels, seed, tolerance, contiguous=contiguous))))


def _select(
    pixels: Pixels, seed: Seed, tolerance: float, *, contiguous: bool
) -> Generator[Progress, None, Mask]:
    height, width = pixels.shape[:2]
    near = np.empty((height, width), np.bool_)
    colour = pixels[seed].copy()
    bands = range(0, height, BAND)
    steps = len(bands) * (2 if contiguous else 1)
    for number, top in enumerate(bands):
        band = np.abs(pixels[top : top + BAND] - colour)
        # A little on top: codes that differ by exactly the tolerance count, whatever rounding did to them.
        near[top : top + BAND] = (band <= (tolerance + 5e-4) / 255).all(axis=-1)
        yield Progress(STAGE, number, steps)
    return (yield from _connected(near, seed, steps)) if contiguous else near


def _connected(near: Mask, seed: Seed, steps: int) -> Generator[Progress, None, Mask]:
    """The part of `near` that hangs together with the seed, tile by tile: what is reached at a tile's
    edge goes on in its neighbour, until nothing new is reached anywhere.
    """
    from skimage.measure import label  # late: it loads much, and most never select by colour

    chosen = np.zeros_like(near)
    tiles = -(-near.shape[0] // TILE) * -(-near.shape[1] // TILE)
    waiting = {(seed[0] // TILE, seed[1] // TILE): _one(near, seed)}
    seen: set[Key] = set()
    while waiting:
        key = next(iter(waiting))
        reached = waiting.pop(key)
        seen.add(key)
        part, known = _tile(near, key), _tile(chosen, key)
        reached &= part & ~known
        if reached.any():
            labels, count = label(part, connectivity=1, return_num=True)
            wanted = np.zeros(count + 1, np.bool_)
            wanted[labels[reached]] = True
            new = wanted[labels] & ~known
            known |= new
            for neighbour, edge, row, column in _edges(key, new):
                if _tile(near, neighbour).size:
                    there = waiting.setdefault(neighbour, np.zeros_like(_tile(near, neighbour)))
                    there[row, column] |= edge
        yield Progress(STAGE, steps // 2 + steps * len(seen) // (2 * tiles), steps)
    return chosen


def _tile(mask: Mask, key: Key) -> Mask:
    row, column = key[0] * TILE, key[1] * TILE
    return mask[row : row + TILE, column : column + TILE] if min(key) >= 0 else mask[:0, :0]


def _one(near: Mask, seed: Seed) -> Mask:
    tile = np.zeros_like(_tile(near, (seed[0] // TILE, seed[1] // TILE)))
    tile[seed[0] % TILE, seed[1] % TILE] = True
    return tile


def _edges(key: Key, new: Mask) -> Iterator[tuple[Key, Mask, int | slice, int | slice]]:
    """Each neighbour with what reaches it over its side, and the row or column of it that lies there."""
    row, column = key
    whole = slice(None)
    sides: tuple[tuple[Key, Mask, int | slice, int | slice], ...] = (
        ((row - 1, column), new[0], -1, whole),
        ((row + 1, column), new[-1], 0, whole),
        ((row, column - 1), new[:, 0], whole, -1),
        ((row, column + 1), new[:, -1], whole, 0),
    )
    return (side for side in sides if side[1].any())
