"""Large photos through small windows: memory grows with the picture alone, and no border of a window shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch

from adir_desktop.contract import Mask, Photo, Request
from adir_desktop.engine import plan as plans
from adir_desktop.engine.activations import Held, predicting
from adir_desktop.engine.operators.masks import random_pixels
from adir_desktop.engine.priors import PRIORS, load_prior
from adir_desktop.tasks import degradation_for
from tests.engine.borders import excess, places
from tests.engine.large_photo import enlarge, repair
from tests.engine.scenes import run, scene
from tests.engine.test_memory import tiny

SIDE = 128  # of a window
COPY = 3 * 4  # bytes a pixel of a picture in float32


@pytest.fixture(autouse=True)
def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(plans.TILE_SIDE, "cpu", SIDE)


@pytest.mark.parametrize(("make", "copies"), [(repair, 11), (enlarge, 8.5)])
def test_memory_grows_with_the_picture_alone(
    make: Callable[[int, int, int], Request], copies: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pictures of the whole size are counted; what a window takes is the same for any photo."""
    monkeypatch.setitem(PRIORS, "starter", replace(PRIORS["starter"], load=tiny))
    peaks = {}
    for side in (192, 384):
        request = replace(make(side, side, 2), precision="float32", device="cpu")
        with Held() as held:
            run(request)
        peaks[side] = held.peak
    pixel = (peaks[384] - peaks[192]) / (384**2 - 192**2)
    window = peaks[192] - pixel * 192**2
    assert 3 * COPY < pixel < copies * COPY
    assert window < 1.5 * predicting(tiny(), torch.float32).at(SIDE**2)


def lines(pixels: np.ndarray) -> tuple[list[int], list[int]]:
    multiple = load_prior("starter").multiple_of
    return places(pixels.shape[0], SIDE, multiple), places(pixels.shape[1], SIDE, multiple)


def textured(height: int, width: int) -> Photo:
    """Waves and grain everywhere, so that every border has something to show."""
    rows, columns = np.mgrid[:height, :width]
    waves = 0.15 * np.sin(rows / 9 + columns / 23) * np.cos(columns / 7 - rows / 31)
    grain = np.random.default_rng(0).normal(0, 0.02, (height, width, 3))
    pixels = 0.7 * scene(height, width) + 0.15 + waves[..., None] + grain
    return Photo(np.clip(pixels, 0, 1).astype(np.float32))


def enlarging() -> tuple[Request, Mask | None]:
    return Request(textured(56, 80), "upscale", degradation_for("upscale", scale=4), steps=2), None


def repairing() -> tuple[Request, Mask | None]:
    mask = random_pixels(224, 320, 0.6, 0)
    degradation = degradation_for("inpaint", mask=mask)
    photo = textured(224, 320)
    damaged = np.where(mask[..., None], np.float32(0), photo.pixels)
    return Request(Photo(damaged), "inpaint", degradation, steps=2), mask


@pytest.mark.slow
@pytest.mark.parametrize("make", [enlarging, repairing])
def test_no_border_of_a_window_shows(make: Callable[[], tuple[Request, Mask | None]]) -> None:
    request, mask = make()
    pixels = run(replace(request, device="cpu"))[0].photo.pixels
    rows, columns = lines(pixels)
    assert len(rows) >= 2
    assert len(columns) >= 4
    ratio, error = excess(pixels, (rows, columns), mask)
    assert error < 0.12
    assert ratio < 1 + 3 * error
    seam = pixels.copy()
    seam[rows[0] :] += 0.02  # five codes of 255: it would be seen
    assert excess(seam, (rows[:1], []), mask)[0] > excess(pixels, (rows[:1], []), mask)[0] + 0.2
