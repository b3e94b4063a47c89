"""What is told of a faded photo brings its range back, and a fresh one is left as it is."""

from __future__ import annotations

import numpy as np
import pytest
from damaged_scenes import textured

from adir_desktop.contract import Photo
from adir_desktop.engine.fading import NEUTRAL, fading
from adir_desktop.tasks import GAINS, degradation_for


def fresh(seed: int) -> np.ndarray:
    """Pixels in [0, 1] that use the whole range."""
    levels = textured(seed)
    low, high = np.percentile(levels, (0.5, 99.5), axis=(0, 1))
    return np.clip((levels - low) / (high - low), 0, 1).astype(np.float32)


@pytest.mark.parametrize(
    ("gain", "offset"),
    [
        ((0.6, 0.6, 0.6), (0.3, 0.3, 0.3)),
        ((0.7, 0.5, 0.4), (0.2, 0.25, 0.3)),
        ((0.3, 0.35, 0.4), (0.35, 0.3, 0.25)),
        ((0.5, 0.5, 0.5), (0.0, 0.0, 0.0)),
    ],
)
def test_fading_is_told_and_undone(gain, offset):
    for seed in range(3):
        clean = fresh(seed)
        faded = (clean * gain + offset).astype(np.float32)
        told = fading(Photo(faded))
        assert told.gain == pytest.approx(gain, abs=0.05)
        assert told.offset == pytest.approx(offset, abs=0.03)
        back = np.clip((faded - told.offset) / told.gain, 0, 1)
        assert np.abs(back - clean).mean() < 0.03


def test_a_fresh_photo_is_left_as_it_is():
    for seed in range(5):
        assert fading(Photo(fresh(seed))) == NEUTRAL
    sunset = fresh(6) * np.float32([1, 0.7, 0.4])  # little blue, but black is black and red is full
    assert fading(Photo(sunset.astype(np.float32))) == NEUTRAL


def test_margins_and_scratches_do_not_hide_it():
    faded = fresh(1) * np.float32(0.5) + np.float32(0.25)
    told = fading(Photo(faded))
    faded[:10], faded[-10:], faded[:, :10], faded[:, -10:] = 1, 1, 1, 0
    faded[100, 40:280] = 1
    assert fading(Photo(faded)).gain == pytest.approx(told.gain, abs=0.03)


@pytest.mark.parametrize("level", [0.0, 0.4, 1.0])
def test_a_picture_of_nothing_tells_nothing(level):
    assert fading(Photo(np.full((40, 40, 3), level, np.float32))) == NEUTRAL
    assert fading(Photo(np.full((1, 1, 3), level, np.float32))) == NEUTRAL


def test_the_answer_is_always_one_that_can_be_undone():
    rng = np.random.default_rng(0)
    for _ in range(20):
        gain, offset = rng.uniform(0, 1.2, 3), rng.uniform(-0.3, 0.8, 3)
        told = fading(Photo(np.clip(fresh(2) * gain + offset, 0, 1).astype(np.float32)))
        assert all(GAINS[0] <= value <= 1 for value in told.gain)
        degradation_for("old", fading=told)


def test_a_large_photo_is_looked_at_in_part():
    faded = np.tile(fresh(3) * np.float32(0.5) + np.float32(0.2), (8, 8, 1))
    assert fading(Photo(faded)).gain == pytest.approx((0.5, 0.5, 0.5), abs=0.05)
