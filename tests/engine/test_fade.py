"""Faded colours: exactly undone, by whatever stands before them, and measured in the photo that was given."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import ndimage

from adir_desktop.contract import Degradation, Fading, Photo, Request, Step
from adir_desktop.engine.degrade import degrade
from adir_desktop.engine.maps import Observation
from adir_desktop.engine.operators import Fade, build_operator
from adir_desktop.engine.tensors import to_tensor
from adir_desktop.errors import RequestError
from adir_desktop.tasks import degradation_for
from tests.engine.gaussian import dense
from tests.engine.scenes import block, psnr, run, scene

CPU = torch.device("cpu")
FADING = Fading((0.7, 0.55, 0.4), (0.2, 0.25, 0.3))
GAIN, OFFSET = np.array(FADING.gain), np.array(FADING.offset)


def observation(photo: Photo, degradation: Degradation) -> Observation:
    operator = build_operator(degradation, photo.height, photo.width)
    return Observation.of(photo, degradation, operator, CPU)


def test_fading_is_gain_and_offset_in_srgb() -> None:
    clean = scene()
    faded = degrade(Photo(clean), degradation_for("old", fading=FADING), 0)
    assert np.abs(faded.pixels - (GAIN * clean + OFFSET)).max() < 1e-6


def test_it_is_undone_exactly() -> None:
    fade = Fade.of(degradation_for("old", fading=FADING))
    assert fade is not None
    x = torch.rand(1, 3, 8, 9, dtype=torch.float64) * 2 - 1
    assert torch.allclose(fade.undo(fade.apply(x)), x, atol=1e-14)
    assert Fade.of(degradation_for("denoise")) is None


def test_a_second_fading_acts_on_the_first() -> None:
    twice = Degradation(
        (
            Step("fade", {"gain_red": 0.5, "offset_red": 0.1}),
            Step("fade", {"gain_red": 0.8, "offset_red": 0.05, "gain_blue": 0.9}),
        )
    )
    fade = Fade.of(twice)
    assert fade is not None
    assert fade.gain.flatten().tolist() == pytest.approx([0.4, 1, 0.9])
    assert fade.offset.flatten().tolist() == pytest.approx([0.8 * 0.1 + 0.05, 0, 0])


def test_a_chain_against_scipy() -> None:
    """Blur, fading and holes, computed here without any of the engine's operators."""
    clean, mask = scene(), block(48, 40, 10, 10, 6)
    degradation = degradation_for("old", kernel="box:5", fading=FADING, mask=mask)
    blurred = np.stack([ndimage.uniform_filter(clean[..., c], 5, mode="mirror") for c in range(3)], -1)
    expected = np.where(mask[..., None], 0.5, GAIN * blurred + OFFSET)
    observed = degrade(Photo(clean), degradation, 0)
    assert np.abs(observed.pixels - expected).max() < 1e-5


def test_the_observation_is_what_a_dense_matrix_makes_of_the_picture() -> None:
    """y' = A x with the fading undone: A as a matrix, the picture as a vector."""
    mask = block(8, 10, 2, 3, 3)
    degradation = degradation_for("upscale", scale=2, kernel="gaussian:0.8", fading=FADING, mask=mask)
    clean = 0.2 + 0.6 * np.random.default_rng(0).random((16, 20, 3)).astype(np.float32)
    seen = observation(degrade(Photo(clean), degradation, 0), degradation)
    matrix = dense(build_operator(degradation, 8, 10, dtype=torch.float64))
    expected = matrix @ to_tensor(clean, dtype=torch.float64).flatten()
    assert torch.allclose(seen.y.double().flatten(), expected, atol=1e-5)


@pytest.mark.parametrize("grey", [False, True])
def test_the_truth_agrees_at_the_noise_floor(grey: bool) -> None:
    """Noise of the photo as it is, whatever each channel's gain made of it when it was undone."""
    degradation = degradation_for("old", kernel="box:3", noise=8, fading=FADING, grey=grey)
    clean = Photo(0.2 + 0.6 * scene(64, 64))
    truth = to_tensor(clean.pixels)
    seen = observation(degrade(clean, degradation, 1), degradation)
    if grey:  # the mean of three values is less noisy than one of them
        assert 0.4 < seen.consistency(truth) < 0.8
    else:
        assert seen.consistency(truth) == pytest.approx(1, abs=0.02)
        assert np.sqrt(np.mean(seen.agreement(truth) ** 2)) == pytest.approx(1, abs=0.02)


def test_undone_noise_is_as_strong_as_the_sampler_is_told() -> None:
    degradation = degradation_for("old", noise=8, fading=FADING)
    clean = Photo(0.2 + 0.6 * scene(64, 64))
    seen = observation(degrade(clean, degradation, 1), degradation)
    assert float((seen.y - to_tensor(clean.pixels)).std()) == pytest.approx(seen.sigma, rel=0.02)


def test_colours_cannot_fade_before_they_are_lost() -> None:
    fade, grey = degradation_for("old", fading=FADING).steps[0], Step("grey")
    with pytest.raises(RequestError, match="before it loses"):
        Fade.of(Degradation((fade, grey)))
    assert Fade.of(Degradation((grey, fade))) is not None
    with pytest.raises(RequestError, match="cannot be undone"):
        Fade.of(Degradation((Step("fade", {"gain_red": 0.0}),)))


def test_an_old_photo_comes_back() -> None:
    """Scratched, faded, soft and noisy at once."""
    clean = 0.1 + 0.8 * scene(96, 80, 3)
    mask = np.zeros((96, 80), bool)
    mask[:, 30:32] = mask[50:52] = True
    degradation = degradation_for("old", kernel="gaussian:1.0", noise=4, fading=FADING, mask=mask)
    observed = degrade(Photo(clean), degradation, 1)
    done, _ = run(Request(observed, "old", degradation))
    unfaded = np.clip((observed.pixels - OFFSET) / GAIN, 0, 1)
    assert psnr(done.photo.pixels, clean) > psnr(observed.pixels, clean) + 10
    assert psnr(done.photo.pixels, clean) > psnr(unfaded, clean) + 5
    assert done.record["consistency"] < 1.2
