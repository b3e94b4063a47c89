"""Growing a mask by a round margin, tile by tile; shrinking is growing what is not marked."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from adir_desktop.contract import Mask
from adir_desktop.ui.mask_tiles import Change, TiledMask, slices

MOST = 500  # pixels; more than that is painted faster


def grown(mask: TiledMask, margin: float) -> Change:
    """What marks every pixel whose centre is within `margin` pixels of a marked one's."""
    return mask.difference(_tiles(mask, min(margin, MOST), grow=True))


def shrunk(mask: TiledMask, margin: float) -> Change:
    """What unmarks every pixel whose centre is within `margin` pixels of an unmarked one's.

    The photo's edge takes nothing away: beyond it nothing is known.
    """
    return mask.difference(_tiles(mask, min(margin, MOST), grow=False))


def _tiles(mask: TiledMask, margin: float, *, grow: bool) -> Iterator[tuple[tuple[int, int], Mask]]:
    """The tiles that may differ: those with something to spread in reach, and somewhere to spread to."""
    reach = math.floor(margin)
    for key, tile in mask.tiles(mask.whole):
        around = tile.adjusted(-reach, -reach, reach, reach).intersected(mask.whole)
        part = mask.pixels[slices(around)]
        source = part if grow else ~part
        inner = slices(tile.translated(-around.topLeft()))
        if source.any() and not source[inner].all():
            spread = _spread(source, margin, inner)
            yield key, spread if grow else ~spread


def _spread(source: Mask, margin: float, inner: tuple[slice, slice]) -> Mask:
    """The inner part of `source` with a disc laid on each of its pixels.

    The disc is put together from its rows: those further from its middle are narrower, so that each
    only has to widen the one before.
    """
    height = source.shape[0]
    top, bottom = inner[0].start, inner[0].stop
    result = np.zeros_like(source[inner[0]])
    wide, half = source.copy(), 0
    for away in range(math.floor(margin), -1, -1):
        while (half + 1) ** 2 + away**2 <= margin**2:
            half += 1
            wide[:, half:] |= source[:, : source.shape[1] - half]
            wide[:, : source.shape[1] - half] |= source[:, half:]
        for step in {away, -away}:  # one and the same when it is 0
            first, last = max(top + step, 0), min(bottom + step, height)
            if first < last:
                result[first - step - top : last - step - top] |= wide[first:last]
    answer: Mask = result[:, inner[1]]
    return answer
