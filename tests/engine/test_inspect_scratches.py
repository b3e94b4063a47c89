"""The proposal of scratches and dust: what it finds, what it leaves alone, and that it stays bounded."""

from __future__ import annotations

import time

import numpy as np
import pytest
from damaged_scenes import SIDE, as_photo, scratch, textured
from PIL import Image
from scipy import ndimage

from adir_desktop import interrupt, places
from adir_desktop.contract import Mask, Photo, Progress
from adir_desktop.engine import inspect_scratches
from adir_desktop.engine.inspect_scratches import scratches

NEAR = np.ones((3, 3), bool)


def proposed(photo: Photo) -> Mask:
    work = scratches(photo)
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value.mask


def found(mask: Mask, truth: Mask) -> float:
    """The share of damaged pixels within a pixel of the mask."""
    return float((ndimage.binary_dilation(mask, NEAR) & truth).sum() / truth.sum())


@pytest.mark.parametrize("width", [1, 2, 3])
@pytest.mark.parametrize("bend", [0, 0.08])
@pytest.mark.parametrize("contrast", [30, -30])
def test_a_scratch_on_an_even_ground_is_found_from_end_to_end(width, bend, contrast):
    ground = np.full((SIDE, SIDE, 3), 120.0) + np.random.default_rng(0).normal(0, 2, (SIDE, SIDE, 1))
    line = scratch(width, width, bend)
    mask = proposed(as_photo(ground + contrast * line[..., None]))
    assert found(mask, line > 0.5) >= 0.97
    assert mask.mean() < 3 * max(2, width) * SIDE / SIDE**2


def test_scratches_on_texture_are_found_and_clean_texture_is_left_alone():
    shares, falsely = [], []
    for seed in range(4):
        clean = textured(seed)
        lines = [scratch(10 * seed + n, 1 + n, 0.05 * n) for n in range(3)]
        signs = (40, -40, 40)
        damaged = clean + sum(sign * line[..., None] for sign, line in zip(signs, lines, strict=True))
        truth = np.max(lines, axis=0) > 0.5
        shares.append(found(proposed(as_photo(damaged)), truth))
        falsely.append(proposed(as_photo(clean)).mean())
    assert np.mean(shares) >= 0.8, shares
    assert max(falsely) < 0.005, falsely


def test_grey_scratches_on_coloured_things_are_found_in_the_shipped_sample():
    with Image.open(places.resource("samples", "damaged", "coffee-scratched.png")) as image:
        photo = as_photo(np.asarray(image.convert("RGB"), float))
    with Image.open(places.resource("samples", "damaged", "coffee-mask.png")) as image:
        truth = np.asarray(image.convert("L")) > 127
    mask = proposed(photo)
    assert found(mask, truth) >= 0.85
    assert (ndimage.binary_dilation(truth, NEAR, 2) & mask).sum() >= 0.6 * mask.sum()


@pytest.mark.parametrize("colour", [(1.0, -0.51, 0.0), (0.0, -0.2, 1.0)])
def test_a_scratch_as_bright_as_its_ground_is_found_by_its_colour(colour):
    ground = np.full((SIDE, SIDE, 3), 120.0) + np.random.default_rng(2).normal(0, 2, (SIDE, SIDE, 1))
    line = scratch(4, 2, 0.05)
    assert abs(np.dot(colour, (0.299, 0.587, 0.114))) < 0.01
    assert found(proposed(as_photo(ground + 40 * line[..., None] * colour)), line > 0.5) >= 0.95


def test_crossing_scratches_are_both_found():
    ground = np.full((SIDE, SIDE, 3), 90.0)
    truth = np.zeros((SIDE, SIDE), bool)
    for step in range(-110, 111):
        truth[160 + step, 160 + step] = truth[160 + step, 160 - step] = True
    ground[truth] += 50
    assert found(proposed(as_photo(ground)), truth) >= 0.95


@pytest.mark.parametrize("level", [30, 220])
def test_dust_is_found_and_larger_things_are_not(level):
    rng = np.random.default_rng(1)
    ground = np.full((SIDE, SIDE, 3), 125.0) + rng.normal(0, 2, (SIDE, SIDE, 1))
    y, x = np.mgrid[:SIDE, :SIDE]
    specks = np.zeros((SIDE, SIDE), bool)
    for place in ((40, 50), (200, 90), (120, 260)):
        specks |= np.hypot(y - place[0], x - place[1]) <= 2.6
    thing = np.hypot(y - 250, x - 250) <= 12
    ground[specks | thing] = level
    mask = proposed(as_photo(ground))
    assert found(mask, specks) == 1
    assert not (mask & thing).any()
    assert mask.mean() < 0.002


def test_edges_and_gradients_are_no_scratches():
    y, x = np.mgrid[:SIDE, :SIDE].astype(float)
    stairs = 40 * np.floor(4 * (x + 0.4 * y) / SIDE) + 30
    disc = np.where(np.hypot(x - 150, y - 150) < 90, 180.0, 60.0)
    ramp = 20 + 0.6 * x
    for scene in (stairs, disc, ramp):
        assert not proposed(as_photo(np.repeat(scene[..., None], 3, axis=2))).any()


def test_the_pictures_border_is_no_scratch():
    for seed in range(3):
        mask = proposed(as_photo(textured(seed + 20)))
        assert not mask[:3].any()
        assert not mask[:, -3:].any()


def test_a_seam_between_tiles_is_not_seen(monkeypatch):
    damaged = textured(5, 200) + 45 * scratch(5, 2, 0, 200)[..., None]
    whole = proposed(as_photo(damaged))
    assert whole.any()
    monkeypatch.setattr(inspect_scratches, "TILE", 56)
    tiled = proposed(as_photo(damaged))
    assert (whole ^ tiled).mean() < 0.002  # texture is judged in cells that begin elsewhere


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (30, 30), (41, 77)])
def test_photos_of_any_size_have_a_mask(shape):
    photo = Photo(np.random.default_rng(0).random((*shape, 3), np.float32))
    assert proposed(photo).shape == shape


def test_a_large_photo_is_looked_at_reduced(monkeypatch):
    monkeypatch.setattr(inspect_scratches, "LARGEST", 300 * 300)
    line = scratch(3, 2, 0.05).repeat(3, axis=0).repeat(3, axis=1)[: 3 * SIDE - 2, : 3 * SIDE - 1]
    ground = np.full((*line.shape, 1), 120.0).repeat(3, axis=2)
    mask = proposed(as_photo(ground + 50 * line[..., None]))
    assert mask.shape == line.shape
    assert found(mask, line > 0.5) >= 0.95


def test_it_says_how_far_it_is_and_can_be_stopped():
    photo = as_photo(textured(0, 700))
    last, gaps, progress = time.monotonic(), [], []
    for event in scratches(photo):
        now = time.monotonic()
        gaps.append(now - last)
        last = now
        assert isinstance(event, Progress)
        progress.append(event.done)
    assert sorted(gaps)[len(gaps) // 2] < 0.5
    assert progress == sorted(progress)
    assert max(progress) == 9
    with interrupt.stopping_when(lambda: True), pytest.raises(interrupt.Interrupted):
        proposed(photo)
