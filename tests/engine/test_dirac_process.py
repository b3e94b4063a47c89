"""Dirac's degradations, their noise and their schedule, against independent recomputation."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from scipy.ndimage import binary_erosion, gaussian_filter

from adir_desktop.contract import Degradation, Step
from adir_desktop.engine.dirac.holes import MOST_HIDDEN, random_holes
from adir_desktop.engine.dirac.process import ClosingHoles, GaussianBlurs, NoiseLevels, SoftSpot, Together
from adir_desktop.engine.dirac.schedule import Severities, greedy, structural_distance
from adir_desktop.engine.operators import build_operator

F64 = torch.float64
LIKE = torch.empty(0, dtype=F64)


def picture(height: int, width: int, seed: int = 0) -> torch.Tensor:
    return torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(seed), dtype=F64)


def test_noise_levels_are_the_published_ones() -> None:
    """sigma_t = 0.01 * 5^t: the values written down by hand."""
    table = {0.0: 0.01, 0.25: 0.0149535, 0.5: 0.0223607, 0.75: 0.0334370, 1.0: 0.05}
    for t, sigma in table.items():
        assert NoiseLevels().at(t) == pytest.approx(sigma, rel=1e-5)
    own = NoiseLevels(0.01, 0.03, end=0.6)
    assert own.at(0.6) == pytest.approx(0.03)
    assert own.at(0.3) == pytest.approx(math.sqrt(0.01 * 0.03))


@pytest.mark.parametrize(("spot", "mean"), [(50, 0.5202), (30, 0.8203)])
def test_the_soft_mask_is_the_published_one(spot: float, mean: float) -> None:
    family = SoftSpot(spot, 128, 128, 256, 256, LIKE)
    assert float(family.shown(1.0).mean()) == pytest.approx(mean, abs=5e-5)
    for t in (0.0, 0.3, 1.0):
        mask = family.shown(t)[0, 0]
        assert mask[128, 128] == 0
        r2 = 20**2 + 7**2
        assert float(mask[148, 135]) == pytest.approx(
            (1 - math.exp(-r2 / (2 * (0.1 + t * (spot - 0.1)) ** 2))) ** 4, abs=1e-6
        )
    assert float((family.shown(0.0) == 1).double().mean()) > 0.9999


@pytest.mark.parametrize("t", [0.0, 0.4, 1.0])
def test_blurs_are_gaussian_filters_with_mirrored_edges(t: float) -> None:
    severities = Severities((0.3, 0.9, 1.8, 3.0))
    std = float(np.interp(t, [0, 1 / 3, 2 / 3, 1], severities.values))
    x = picture(23, 31)
    family = GaussianBlurs(severities, 23, 31, LIKE)
    wanted = gaussian_filter(
        x[0].numpy(), (0, std, std), mode="mirror", radius=(0, math.ceil(4 * std), math.ceil(4 * std))
    )
    assert np.allclose(family.degrade(x, t)[0].numpy(), wanted, atol=1e-12)
    assert torch.allclose(family.shown(t), torch.full((1, 1, 23, 31), std / 3.0, dtype=F64))


def test_the_blur_of_a_photo_is_the_operator_of_the_program() -> None:
    """Where the table says that the blur is 1.7 pixels, A_t is what `gaussian:1.7` means everywhere else."""
    severities = Severities((0.3, 0.9, 1.8, 3.0))
    x = picture(24, 32)
    operator = build_operator(Degradation((Step("blur", {"kernel": "gaussian:1.7"}),)), 24, 32, dtype=F64)
    family = GaussianBlurs(severities, 24, 32, LIKE)
    assert torch.allclose(family.degrade(x, severities.find(1.7)), operator.forward(x), atol=1e-12)


def test_severities_interpolate_and_are_found_again() -> None:
    table = Severities((0.3, 0.5, 1.5, 3.0))
    for t in np.linspace(0, 1, 21):
        assert table.at(t) == pytest.approx(np.interp(t, [0, 1 / 3, 2 / 3, 1], table.values))
        assert table.find(table.at(t)) == pytest.approx(t)
    assert (table.find(0.1), table.find(9.0)) == (0.0, 1.0)


def box_hole() -> torch.Tensor:
    seen = torch.ones(1, 1, 40, 48, dtype=F64)
    seen[..., 10:29, 12:37] = 0
    seen[..., 35, 3:20] = 0  # a scratch
    return seen


def test_holes_close_from_their_rims() -> None:
    seen = box_hole()
    family = ClosingHoles(seen)
    assert torch.equal(family.shown(1.0), seen)
    assert torch.equal(family.shown(0.0), torch.ones_like(seen))
    before = seen
    for t in np.linspace(1, 0, 11):
        mask = family.shown(float(t))
        assert (mask >= before).all()
        assert (mask[seen == 1] == 1).all()
        before = mask
    rings, inner = [], (seen[0, 0] == 0).numpy()
    inner[35] = False
    while inner.any():
        smaller = binary_erosion(inner)
        rings.append(float(family.shown(0.6)[0, 0][torch.from_numpy(inner & ~smaller)].mean()))
        inner = smaller
    assert all(outer >= deeper for outer, deeper in pairwise(rings))
    assert rings[0] > 0.5
    assert rings[-1] == 0


def test_soft_masks_keep_their_own_values_at_the_end() -> None:
    seen = torch.from_numpy(gaussian_filter(box_hole()[0, 0].numpy(), 2.0))[None, None]
    family = ClosingHoles(seen)
    assert torch.allclose(family.shown(1.0), seen)
    assert torch.equal(family.shown(0.0), torch.ones_like(seen))
    everything = ClosingHoles(torch.full((1, 1, 8, 8), 0.7, dtype=F64))  # nowhere a hole to close
    assert torch.allclose(everything.shown(1.0), torch.full((1, 1, 8, 8), 0.7, dtype=F64))
    assert torch.equal(everything.shown(0.5), torch.ones(1, 1, 8, 8, dtype=F64))


def test_masks_multiply() -> None:
    spot, hole = SoftSpot(6.0, 8, 33, 40, 48, LIKE), ClosingHoles(box_hole())
    both = Together((spot, hole))
    assert torch.allclose(both.shown(0.8), spot.shown(0.8) * hole.shown(0.8))
    x = picture(40, 48)
    assert torch.allclose(both.degrade(x, 0.8), both.shown(0.8) * x)


def test_random_holes_are_masks_of_many_kinds() -> None:
    generator = np.random.default_rng(0)
    families = [random_holes(64, generator) for _ in range(40)]
    ends = torch.cat([family.shown(1.0) for family in families])
    assert ends.min() >= 0
    assert ends.max() <= 1
    hidden = 1 - ends.mean((1, 2, 3))
    assert hidden.min() > 0
    hard = [bool(((end == 0) | (end == 1)).all()) for end in ends]
    assert 5 < sum(hard) < 35
    assert all(share <= MOST_HIDDEN for share, is_hard in zip(hidden, hard, strict=True) if is_hard)
    again = random_holes(64, np.random.default_rng(0))
    assert torch.equal(again.shown(1.0), families[0].shown(1.0))


def uneven(i: int, j: int) -> float:
    """Candidates on a curve that is steep at its beginning."""
    return abs(math.sqrt(i / 60) - math.sqrt(j / 60))


def test_the_greedy_schedule_evens_out_the_gaps() -> None:
    """Acceptance of Alg. 2: the largest gap never grows, and ends no larger than that of even spacing."""
    widest = []
    for points in range(2, 20):
        chosen = greedy(61, points, uneven)
        assert len(chosen) == points
        assert chosen == sorted(set(chosen))
        assert (chosen[0], chosen[-1]) == (0, 60)
        widest.append(max(uneven(a, b) for a, b in pairwise(chosen)))
    assert all(now <= before for before, now in pairwise(widest))
    even = [round(60 * k / 18) for k in range(19)]
    assert widest[-1] <= max(uneven(a, b) for a, b in pairwise(even))
    assert widest[-1] < 0.6 * max(uneven(a, b) for a, b in pairwise(even))


def test_the_first_choice_halves_the_distance() -> None:
    """sqrt(c / 60) = 1/2 at c = 15."""
    assert greedy(61, 3, uneven) == [0, 15, 60]


def test_the_greedy_schedule_ends_when_nothing_lies_between() -> None:
    assert greedy(4, 50, uneven) == [0, 1, 2, 3]


def test_structural_distance_grows_with_the_blur() -> None:
    x = picture(32, 32)[0, 0].numpy()
    states = [[gaussian_filter(x, std), gaussian_filter(x.T, std)] for std in (0.3, 0.8, 1.5, 3.0)]
    distance = structural_distance(states)
    assert distance(1, 1) == pytest.approx(0)
    assert distance(0, 1) == pytest.approx(distance(1, 0))
    assert 0 < distance(0, 1) < distance(0, 2) < distance(0, 3) <= 1
