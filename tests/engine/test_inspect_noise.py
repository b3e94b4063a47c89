"""The noise that is measured is the noise that was added."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from damaged_scenes import as_photo, textured

from adir_desktop.contract import Photo
from adir_desktop.engine.inspect_noise import noise


@pytest.mark.parametrize("sigma", [2, 3.5, 5, 10, 20, 35, 50])
def test_noise_on_texture_is_measured(sigma):
    for seed in range(3):
        noisy = textured(seed, grain=0) + np.random.default_rng(seed).normal(0, sigma, (320, 320, 3))
        assert noise(as_photo(noisy)).sigma == pytest.approx(sigma, abs=max(1.5, 0.25 * sigma))


def test_a_photo_without_noise_has_none():
    y, x = np.mgrid[:200, :300]
    ramp = np.repeat((20 + 0.5 * x + 0.2 * y)[..., None], 3, axis=2)
    assert noise(as_photo(ramp)).sigma < 0.6
    assert noise(Photo(np.full((64, 64, 3), 0.5, np.float32))).sigma == 0


def test_more_noise_is_measured_as_more():
    levels = [
        noise(as_photo(textured(1, grain=0) + np.random.default_rng(1).normal(0, sigma, (320, 320, 3)))).sigma
        for sigma in (1, 3, 6, 12, 25)
    ]
    assert levels == sorted(levels)


def test_black_and_white_parts_hide_no_noise():
    """Where values are cut off there is less noise to see; the rest of the photo tells."""
    noisy = textured(2, grain=0)
    noisy[:160] = 0
    noisy[160:240] = 255
    noisy += np.random.default_rng(2).normal(0, 12, noisy.shape)
    assert noise(as_photo(noisy)).sigma == pytest.approx(12, rel=0.25)


def test_a_grey_photo_has_one_channels_noise():
    plane = textured(3, grain=0)[..., :1] + np.random.default_rng(3).normal(0, 8, (320, 320, 1))
    photo = as_photo(plane.repeat(3, axis=2))
    assert noise(photo).sigma == pytest.approx(8, rel=0.25)
    assert noise(replace(photo, grey=True)).sigma == pytest.approx(noise(photo).sigma, abs=0.2)


@pytest.mark.parametrize("shape", [(1, 1), (5, 300), (8, 8), (33, 40), (3000, 20)])
def test_small_and_narrow_photos_have_an_answer(shape):
    rng = np.random.default_rng(0)
    sigma = noise(Photo(rng.normal(0.5, 0.04, (*shape, 3)).astype(np.float32))).sigma
    assert np.isfinite(sigma)
    if min(shape) >= 20:
        assert sigma == pytest.approx(0.04 * 255, rel=0.25)
