"""Methods without a learnt network: total variation against another algorithm, the deep image prior."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from adir_desktop.contract import Degradation, Step
from adir_desktop.engine.operators import build_operator
from adir_desktop.engine.operators.base import LinearOperator
from adir_desktop.engine.samplers import (
    SAMPLERS,
    Problem,
    noise_of_each,
    seeded_noise,
)
from adir_desktop.engine.samplers.admm_tv import TVSettings
from adir_desktop.engine.samplers.deepred import DeepREDSettings
from adir_desktop.interrupt import Interrupted, stopping_when
from tests.engine.sampler_problems import F64, drain

CPU = torch.device("cpu")


pytestmark = pytest.mark.usefixtures("one_thread")


# Total variation


class Circular(LinearOperator):
    """Box blur of 5 pixels with wrapped edges."""

    def __init__(self, side: int) -> None:
        self.in_shape = self.out_shape = (3, side, side)

    def forward(self, x: Tensor) -> Tensor:
        for axis in (-2, -1):
            x = sum(x.roll(shift, axis) for shift in range(-2, 3)) / 5
        return x

    adjoint = forward

    def guess(self, y: Tensor) -> Tensor:
        return y


def operator_of(name: str, side: int) -> LinearOperator:
    if name == "circular":
        return Circular(side)
    mask = np.zeros((side, side), bool)
    mask[side // 4 : side // 2, side // 4 : side // 2] = True
    steps = {
        "identity": (),
        "holes": (Step("mask"),),
        "halved": (Step("downscale", {"factor": 2}),),
        "grey": (Step("grey"),),
        "motion": (Step("blur", {"kernel": "motion:5:30"}), Step("mask")),
    }[name]
    size = side // 2 if name == "halved" else side
    return build_operator(Degradation(steps, 0, mask), size, size, dtype=F64)


def scene(side: int) -> Tensor:
    """(1, 3, side, side): patches with sharp edges."""
    x = torch.full((1, 3, side, side), -0.5, dtype=F64)
    x[..., side // 4 : side // 2, side // 6 : side // 2] = 0.5
    x[:, 1, side // 3 : -side // 6, side // 3 : -2] = 0.8
    return x


def observed(operator: LinearOperator, sigma: float) -> Problem:
    x = scene(operator.in_shape[1])
    clean = operator.forward(x)
    seen = operator.forward(torch.ones_like(x)) > 0
    y = clean + seen * sigma * seeded_noise(1, CPU)(clean)
    return Problem(None, operator, y, sigma, seeded_noise(0, CPU))


def differences(x: np.ndarray) -> np.ndarray:
    """(2, ...): to the pixel below and to the right, 0 at the last."""
    down, right = np.zeros_like(x), np.zeros_like(x)
    down[..., :-1, :] = np.diff(x, axis=-2)
    right[..., :-1] = np.diff(x, axis=-1)
    return np.stack([down, right])


def transposed(d: np.ndarray) -> np.ndarray:
    down, right = d[0].copy(), d[1].copy()
    down[..., -1, :] = 0
    right[..., -1] = 0
    rows = np.pad(down, ((0, 0), (0, 0), (1, 0), (0, 0)))[..., :-1, :] - down
    columns = np.pad(right, ((0, 0), (0, 0), (0, 0), (1, 0)))[..., :-1] - right
    return rows + columns


AXES = {"isotropic": (0,), "anisotropic": (), "colour": (0, 2)}


def variation(d: np.ndarray, kind: str) -> np.ndarray:
    return np.sqrt((d**2).sum(AXES[kind], keepdims=True)) if AXES[kind] else np.abs(d)


def objective(given: Problem, x: Tensor, weight: float, kind: str) -> float:
    misfit = 0.5 * float((given.operator.forward(x) - given.y).square().sum())
    return misfit + weight * float(variation(differences(x.numpy()), kind).sum())


def primal_dual(given: Problem, weight: float, kind: str, steps: int = 1200) -> Tensor:
    """The same optimum by another algorithm (Chambolle, Pock 2011), both A and D dualised."""
    operator, y = given.operator, given.y
    x = operator.guess(y)
    ahead, p, q = x, np.zeros((2, *x.shape)), torch.zeros_like(y)
    step = 1 / math.sqrt(9)  # |A|^2 + |D|^2 <= 1 + 8
    for _ in range(steps):
        p = p + step * differences(ahead.numpy())
        p = p / np.maximum(variation(p, kind) / weight, 1)
        q = (q + step * (operator.forward(ahead) - y)) / (1 + step)
        following = x - step * (torch.from_numpy(transposed(p)) + operator.adjoint(q))
        x, ahead = following, 2 * following - x
    return x


def restored(given: Problem, settings: TVSettings) -> Tensor:
    return drain("admm-tv", given, settings).view(1, *given.operator.in_shape)


TV_CASES = [
    #  operator    kind           lambda  pixels a side
    ("identity", "isotropic", 0.01, 24),
    ("identity", "isotropic", 0.05, 24),
    ("identity", "anisotropic", 0.01, 24),
    ("identity", "anisotropic", 0.05, 24),
    ("identity", "colour", 0.05, 24),
    ("circular", "isotropic", 0.01, 24),
    ("circular", "isotropic", 0.05, 24),
    ("circular", "anisotropic", 0.01, 24),
    ("circular", "anisotropic", 0.05, 24),
    ("holes", "isotropic", 0.02, 12),
    ("halved", "isotropic", 0.02, 12),
    ("motion", "isotropic", 0.02, 12),
]


@pytest.mark.parametrize(("name", "kind", "weight", "side"), TV_CASES)
def test_total_variation_reaches_the_optimum(name: str, kind: str, weight: float, side: int) -> None:
    given = observed(operator_of(name, side), 0.05)
    x = restored(given, TVSettings(500, weight / 0.05, kind))
    best = objective(given, primal_dual(given, weight, kind), weight, kind)
    assert objective(given, x, weight, kind) == pytest.approx(best, rel=1e-4)


def test_total_variation_of_nothing_and_of_everything() -> None:
    """Hardly weighted it leaves the photo alone; all its weight leaves each channel's mean."""
    given = observed(operator_of("identity", 12), 0.05)
    assert torch.allclose(restored(given, TVSettings(200, 1e-6)), given.y, atol=1e-5)
    flat = restored(given, TVSettings(500, 1e3))
    assert torch.allclose(flat, given.y.mean((-2, -1), keepdim=True).expand_as(flat), atol=1e-3)


@pytest.mark.parametrize("name", ["identity", "circular", "holes", "halved", "grey", "motion"])
def test_a_plain_picture_stays(name: str) -> None:
    operator = operator_of(name, 12)
    plain = torch.full((1, *operator.in_shape), 0.3, dtype=F64)
    given = Problem(None, operator, operator.forward(plain), 0.05, seeded_noise(0, CPU))
    assert torch.allclose(restored(given, TVSettings(50, 1.0)), plain, atol=1e-5)


def test_total_variation_ends_when_settled_each_picture_by_itself() -> None:
    given = observed(operator_of("circular", 12), 0.05)
    both = replace(given, y=torch.cat([given.y, 0.5 * given.y.flip(-1)]))
    alone = restored(given, TVSettings(500, 1.0))
    together = drain("admm-tv", both, TVSettings(500, 1.0)).view(2, 3, 12, 12)
    assert torch.allclose(together[:1], alone, atol=1e-4)
    steps = len(list(SAMPLERS["admm-tv"].run(given, TVSettings(500, 1.0))))
    assert 5 < steps < 500
    assert len(list(SAMPLERS["admm-tv"].run(given, TVSettings(30, 1.0, tolerance=0.0)))) == 30


def test_total_variation_stops_within_a_step() -> None:
    asked: list[int] = []
    given = observed(operator_of("motion", 16), 0.05)
    with stopping_when(lambda: bool(asked.append(1)) or len(asked) > 2), pytest.raises(Interrupted):
        next(SAMPLERS["admm-tv"].run(given, TVSettings(5, 1.0)))


# Deep image prior


def photo_like(side: int) -> Tensor:
    """(1, 3, side, side) float32: shaded patches, a disc and stripes."""
    rows, columns = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    r, c = rows / side, columns / side
    x = torch.stack([r - 0.5, 0.6 * c - 0.2, 0.3 - r * c])
    x[:, ((r - 0.35) ** 2 + (c - 0.4) ** 2) < 0.06] += 0.5
    x[1, side // 2 :, : side // 2] -= 0.5
    stripes = torch.sin(columns[: side // 3, 2 * side // 3 :] * 0.9)
    x[:, : side // 3, 2 * side // 3 :] = 0.4 * stripes
    return x[None].clamp(-1, 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("task", "steps", "sigma", "gain"),
    [("denoise", (), 25, 3.0), ("deblur", (Step("blur", {"kernel": "box:5"}),), 10, 1.0)],
)
def test_deepred_restores(
    task: str, steps: tuple[Step, ...], sigma: float, gain: float, capsys: pytest.CaptureFixture
) -> None:
    clean = photo_like(40)
    operator = build_operator(Degradation(steps, sigma), 40, 40)
    y = operator.forward(clean) + 2 * sigma / 255 * seeded_noise(2, CPU)(clean)
    given = Problem(None, operator, y, 2 * sigma / 255, seeded_noise(0, CPU))
    row = SAMPLERS["deepred"]
    settings = row.numbers(row.quick, task)
    x = drain("deepred", given, replace(settings, steps=settings.steps // 2)).view_as(y)
    before, after = (10 * math.log10(4 / float((z - clean).square().mean())) for z in (y, x))
    with capsys.disabled():
        print(f"\ndeepred  {task:9} {before:.2f} -> {after:.2f} dB")
    assert after > before + gain


def test_deepred_fits_each_picture_of_a_batch_by_itself() -> None:
    settings = DeepREDSettings(20, channels=8, scales=2)
    given = observed(operator_of("halved", 16), 0.05)
    both = replace(given, y=given.y.expand(2, -1, -1, -1), noise=noise_of_each([3, 4], CPU))
    together = drain("deepred", both, settings)
    for i, seed in enumerate((3, 4)):
        alone = drain("deepred", replace(given, noise=seeded_noise(seed, CPU)), settings)
        assert torch.allclose(together[i], alone[0], atol=1e-6)
    assert float((together[0] - together[1]).abs().max()) > 1e-3


def test_deepred_ends_where_the_photo_is_met_within_its_noise() -> None:
    given = observed(operator_of("identity", 16), 0.6)
    row = SAMPLERS["deepred"]
    settings = DeepREDSettings(400, channels=8, scales=2, memory=0.9)
    samples = list(row.run(given, settings))
    assert 1 < len(samples) < row.samples(settings)
    misfits = [float((s.x0 - given.y).square().mean().sqrt()) for s in samples]
    assert misfits[-1] <= 0.6 < misfits[-2]


def test_deepred_can_be_stopped_in_any_iteration() -> None:
    asked: list[int] = []
    given = observed(operator_of("identity", 8), 0.05)
    with stopping_when(lambda: bool(asked.append(1)) or len(asked) > 8), pytest.raises(Interrupted):
        next(SAMPLERS["deepred"].run(given, DeepREDSettings(20, channels=4, scales=1)))
