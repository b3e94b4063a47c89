"""The map of agreement with the photo, and the feathered edge of a repair."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from adir_desktop.contract import Photo, Request
from adir_desktop.engine.degrade import degrade
from adir_desktop.engine.maps import ROUNDING_STD, Observation
from adir_desktop.engine.operators import build_operator
from adir_desktop.engine.picture import finish, repaired_share
from adir_desktop.engine.tensors import to_tensor
from adir_desktop.errors import RequestError
from adir_desktop.tasks import degradation_for
from tests.engine.scenes import block, run, scene

CPU = torch.device("cpu")


def test_agreement_is_the_difference_over_sigma() -> None:
    degradation = degradation_for("denoise", noise=10)
    photo = Photo(scene())
    operator = build_operator(degradation, 48, 40)
    other = np.clip(photo.pixels + np.linspace(-0.1, 0.1, 40)[None, :, None], 0, 1).astype(np.float32)
    seen = Observation.of(photo, degradation, operator, CPU)
    expected = np.sqrt(np.mean((255 * (other - photo.pixels) / 10) ** 2, axis=-1))
    found = seen.agreement(to_tensor(other))
    assert found.dtype == np.float32
    assert np.abs(found - expected).max() < 1e-4
    assert seen.consistency(to_tensor(other)) == pytest.approx(float(np.sqrt(np.mean(expected**2))), rel=1e-4)


def test_without_noise_rounding_is_the_floor_and_holes_say_nothing() -> None:
    mask = block(48, 40, 5, 5, 8)
    degradation = degradation_for("inpaint", mask=mask)
    photo = Photo(scene())
    operator = build_operator(degradation, 48, 40)
    seen = Observation.of(photo, degradation, operator, CPU)
    found = seen.agreement(to_tensor(photo.pixels + np.float32(1 / 255)))
    assert (found[mask] == 0).all()
    assert found[~mask] == pytest.approx(1 / ROUNDING_STD, rel=1e-3)


def test_a_restoration_brings_the_map_of_the_photo_it_was_given() -> None:
    degradation = degradation_for("upscale", scale=2, noise=6)
    observed = degrade(Photo(scene(64, 64)), degradation, 0)
    done, _ = run(Request(observed, "upscale", degradation))
    assert done.agreement is not None
    assert done.agreement.shape == observed.pixels.shape[:2]
    assert np.sqrt(np.mean(done.agreement**2)) == pytest.approx(done.record["consistency"], abs=1e-3)
    assert done.spread is None


def feathered(feather: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A white picture repaired into a black photo: shows each pixel's share. With the share and mask."""
    mask = block(30, 40, 8, 10, 15)
    request = Request(
        Photo(np.zeros((30, 40, 3), np.float32)),
        "inpaint",
        degradation_for("inpaint", mask=mask),
        feather=feather,
    )
    share = repaired_share(request)
    assert share is not None
    return finish(torch.ones(1, 3, 32, 40), request).pixels[..., 0], share, mask


def test_a_repair_fades_inwards_over_the_feather() -> None:
    pixels, share, mask = feathered(3)
    assert (pixels[~mask] == 0).all()
    assert np.array_equal(pixels, share)
    assert pixels[15, 10:16] == pytest.approx([0.25, 0.5, 0.75, 1, 1, 1])
    assert pixels[8:13, 17] == pytest.approx([0.25, 0.5, 0.75, 1, 1])


def test_without_feather_the_edge_is_hard() -> None:
    pixels, _, mask = feathered(0)
    assert np.array_equal(pixels, mask.astype(np.float32))


def test_a_mask_at_the_border_does_not_fade_there() -> None:
    mask = np.zeros((20, 20), bool)
    mask[:, :8] = True
    request = Request(
        Photo(scene(20, 20)), "inpaint", degradation_for("inpaint", mask=mask), feather=3, steps=2
    )
    share = repaired_share(request)
    assert share is not None
    assert share[5].tolist() == pytest.approx([1, 1, 1, 1, 1, 0.75, 0.5, 0.25, *[0] * 12])


def test_outside_the_mask_a_feathered_repair_changes_no_bit() -> None:
    mask = block(32, 24, 6, 6, 9)
    photo = Photo(np.random.default_rng(0).random((32, 24, 3)).astype(np.float32))
    request = Request(photo, "inpaint", degradation_for("inpaint", mask=mask), steps=3)
    hard, soft = run(request)[0].photo.pixels, run(replace(request, feather=2))[0].photo.pixels
    for pixels in (hard, soft):
        assert pixels[~mask].tobytes() == photo.pixels[~mask].tobytes()
    assert np.array_equal(hard[8:13, 8:13], soft[8:13, 8:13])
    between = hard[6, 6:15] / 3 + 2 * photo.pixels[6, 6:15] / 3
    assert np.abs(soft[6, 6:15] - between).max() < 1e-6


@pytest.mark.parametrize("feather", [-1, float("nan"), 1e6])
def test_an_impossible_feather_is_refused(feather: float) -> None:
    request = Request(Photo(scene()), "denoise", degradation_for("denoise"), feather=feather)
    with pytest.raises(RequestError, match="feather"):
        run(request)
