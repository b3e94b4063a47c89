"""Boxes cover every hole once, small enough for the network's native size where that matters."""

from __future__ import annotations

import time

import numpy as np
import pytest

from adir_desktop.engine.boxes import boxes
from adir_desktop.engine.operators.masks import freeform, scratches

NATIVE = 64


def painted(mask: np.ndarray, native: int = NATIVE) -> tuple[np.ndarray, list]:
    found = boxes(mask, native)
    count = np.zeros(mask.shape, int)
    for box in found:
        assert min(box.top, box.left) >= 0
        assert box.paint.any()
        count[box.place] += box.paint
    return count, found


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("size", [(64, 64), (40, 200), (301, 257), (20, 30)])
def test_every_missing_pixel_is_painted_once(size: tuple[int, int], seed: int) -> None:
    masks = [
        freeform(*size, seed, 0.2),
        np.random.default_rng(seed).random(size) < 0.01,
        np.ones(size, bool),
    ]
    if min(size) >= 40:
        masks.append(scratches(*size, seed))
    for mask in masks:
        before = mask.copy()
        count, found = painted(mask)
        assert np.array_equal(count, mask.astype(int))
        assert np.array_equal(mask, before)
        assert all(max(box.paint.shape) <= max(NATIVE, 1.5 * max(size)) for box in found)


def test_scratches_are_seen_at_full_size_and_wide_holes_whole() -> None:
    mask = np.zeros((600, 900), bool)
    mask[10:13, 5:890] = True
    mask[200:500, 300:600] = True
    _, found = painted(mask)
    wide = [box for box in found if max(box.paint.shape) > NATIVE]
    assert len(wide) == 1
    assert wide[0].paint.sum() == 300 * 300
    assert wide[0].paint.shape == (450, 450)
    assert all(box.paint.shape == (NATIVE, NATIVE) for box in found if box is not wide[0])


def test_what_is_painted_has_something_beside_it() -> None:
    """Away from the photo's edge no painted pixel lies at the edge of its box."""
    mask = np.random.default_rng(0).random((300, 300)) < 0.02
    mask[:30] = mask[-30:] = mask[:, :30] = mask[:, -30:] = False
    for box in painted(mask)[1]:
        assert not box.paint[:8].any()
        assert not box.paint[:, :8].any()
        assert not box.paint[:, -8:].any()


def test_a_large_photo_takes_a_moment() -> None:
    mask = np.random.default_rng(0).random((2000, 3000)) < 1e-3
    start = time.perf_counter()
    assert len(boxes(mask, 512)) < 80
    assert time.perf_counter() - start < 20
