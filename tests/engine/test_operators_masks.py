"""Masks for experiments, and Dirac's soft spot with the file that shows it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from adir_desktop.contract import Degradation, Mask, Photo, Step
from adir_desktop.engine.degrade import degrade
from adir_desktop.engine.operators import build_operator, masks
from adir_desktop.engine.tensors import to_tensor
from adir_desktop.errors import MaskError, RequestError

MAKERS: dict[str, Callable[[int, int, int], Mask]] = {
    "box": lambda h, w, seed: masks.box_mask(h, w, 12, seed, margin=3),
    "pixels": lambda h, w, seed: masks.random_pixels(h, w, 0.5, seed),
    "strokes": lambda h, w, seed: masks.freeform(h, w, seed, 0.2),
    "scratches": masks.scratches,
}


@pytest.mark.parametrize("name", MAKERS)
def test_a_mask_is_its_seeds_and_never_all_or_nothing(name: str) -> None:
    for size in ((40, 31), (19, 64)):
        made = [MAKERS[name](*size, seed) for seed in range(8)]
        for mask in made:
            assert mask.shape == size
            assert mask.dtype == np.bool_
            assert mask.any()
            assert not mask.all()
        assert np.array_equal(made[5], MAKERS[name](*size, 5))
        assert len({mask.tobytes() for mask in made}) > 4


def test_they_hide_what_was_asked_for() -> None:
    box = masks.box_mask(256, 256, 128, 3)
    assert box.sum() == 128**2
    assert box[16:-16, 16:-16].sum() == box.sum(), "nothing in the margin"
    assert masks.random_pixels(50, 40, 0.3, 0).sum() == 600
    for share in (0.05, 0.3, 0.9):
        assert share <= masks.freeform(64, 64, 1, share).mean() < share + 0.05
    assert masks.scratches(64, 64, 0).mean() < 0.3


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: masks.box_mask(20, 20, 15, 0),
        lambda: masks.box_mask(20, 20, 0, 0, margin=0),
        lambda: masks.box_mask(20, 20, 20, 0, margin=0),
        lambda: masks.random_pixels(20, 20, 1.0, 0),
        lambda: masks.random_pixels(1, 1, 0.5, 0),
        lambda: masks.random_pixels(20, 20, float("nan"), 0),
        lambda: masks.freeform(20, 20, 0, 0.0),
        lambda: masks.freeform(20, 20, 0, 0.95),
        lambda: masks.freeform(4, 20, 0),
        lambda: masks.scratches(4, 20, 0),
    ],
)
def test_what_cannot_be_a_mask_is_refused(wrong: Callable[[], Mask]) -> None:
    with pytest.raises(RequestError) as raised:
        wrong()
    assert raised.value.remedy


@pytest.mark.parametrize(("spot", "mean"), [(50, 0.5202), (30, 0.8203)])
def test_the_soft_spot_is_the_published_one(spot: float, mean: float) -> None:
    mask = masks.soft_spot(256, 256, spot, 128, 128)
    assert float(mask.mean()) == pytest.approx(mean, abs=5e-5)
    assert float(mask[0, 0, 128, 128]) == 0
    assert masks.spot_of({"spot": spot}, 256, 256) == (spot, 128, 128)
    assert masks.spot_of({"spot": spot, "row": 1, "column": 0}, 512, 128) == (spot / 2, 511, 0)


@pytest.mark.parametrize(
    "values", [{"spot": 0}, {"spot": 1e9}, {"row": 1.2}, {"column": -1}, {"spot": float("nan")}]
)
def test_a_soft_mask_out_of_range_is_refused(values: dict[str, float]) -> None:
    with pytest.raises(MaskError, match="out of range"):
        build_operator(Degradation((Step("soft-mask", values),)), 16, 16)


def test_a_softly_masked_file_darkens_and_is_read_back() -> None:
    """The file holds M x in [0, 1]; what an operator finds in it is M (2 x - 1)."""
    pixels = np.random.default_rng(0).random((24, 20, 3)).astype(np.float32)
    damage = Degradation((Step("soft-mask", {"row": 0.3}),))
    operator = build_operator(damage, 24, 20)
    seen = operator.forward(torch.ones(1, 3, 24, 20))[0].permute(1, 2, 0).numpy()
    made = degrade(Photo(pixels), damage, 0)
    assert np.abs(made.pixels - seen * pixels).max() < 1e-5
    y = operator.observe(to_tensor(made.pixels))
    assert torch.allclose(y, operator.forward(to_tensor(pixels)), atol=1e-5)
