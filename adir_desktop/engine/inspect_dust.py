"""Specks of dust: small, compact, and unlike all that is around them."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from adir_desktop.contract import Mask
from adir_desktop.engine.inspect_lines import Plane

LARGEST = 9  # pixels a side
SMALLEST = 4  # pixels of area; less is noise
CONTRAST = 40.0  # levels of 255
TEXTURE = 4.0  # times the usual difference from the surroundings: a speck of a speckled thing is no dust
AROUND = 33  # pixels a side over which that is judged
COMPACT = 0.55  # the share of its box that a speck fills
RING = 3  # pixels around a speck in which there must be nothing like it
_NEAR = np.ones((3, 3), bool)


def dust(picture: Plane) -> Mask:
    """Where specks are in a picture (h, w) of 0..255 levels."""
    found = np.zeros(picture.shape, bool)
    for signed in (picture, -picture):
        hat = ndimage.white_tophat(signed, size=LARGEST + 2)
        usual = np.sqrt(np.maximum(ndimage.uniform_filter(hat * hat, AROUND), 0))
        found |= _specks(signed, hat > CONTRAST / 2, hat > np.maximum(CONTRAST, TEXTURE * usual))
    return found


def _specks(signed: Plane, body: Mask, core: Mask) -> Mask:
    """The bodies that have a core, have a speck's size and shape, and stand alone."""
    labels, _ = ndimage.label(body, _NEAR)
    places = ndimage.find_objects(labels)
    kept = np.zeros(body.shape, bool)
    for number in np.unique(labels[core]):
        rows, columns = places[number - 1]
        if max(rows.stop - rows.start, columns.stop - columns.start) > LARGEST:
            continue
        wide = (
            slice(max(0, rows.start - RING), rows.stop + RING),
            slice(max(0, columns.start - RING), columns.stop + RING),
        )
        speck = labels[wide] == number
        filled = speck.sum() / ((rows.stop - rows.start) * (columns.stop - columns.start))
        if speck.sum() >= SMALLEST and filled >= COMPACT and _alone(signed[wide], speck):
            kept[wide] |= speck
    return kept


def _alone(signed: Plane, speck: Mask) -> bool:
    """True if nothing around the speck is like it: the corner of a larger thing is no dust."""
    ring = ndimage.binary_dilation(speck, _NEAR, RING) & ~ndimage.binary_dilation(speck, _NEAR)
    return bool(ring.any() and signed[ring].max() < signed[speck].mean() - CONTRAST / 2)
