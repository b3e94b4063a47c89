"""SDEdit and RePaint: what is seen is pasted, what is missing is drawn."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from dense_steps import clean, noise_of, step_of
from torch import Tensor

from adir_desktop.contract import Degradation, Step
from adir_desktop.engine.operators import build_operator
from adir_desktop.engine.priors import Prediction
from adir_desktop.engine.samplers import Problem, find_sampler
from adir_desktop.engine.samplers.repaint import RePaintSettings, levels
from adir_desktop.engine.samplers.sdedit import SDEditSettings
from adir_desktop.tasks import degradation_for
from tests.engine.gaussian import Gaussian, dense
from tests.engine.sampler_problems import F64, PROBLEMS, SIDE, bias, drain, problem

QUIET = 0.0


pytestmark = pytest.mark.usefixtures("one_thread")


def seen_of(given: Problem) -> Tensor:
    """(n,) True where the mask operator's matrix sees a value."""
    return dense(given.operator).sum(0) > 0.5


def down(prior: Gaussian, given: Problem, x: Tensor, numbers: tuple[float, float, float, float]) -> Tensor:
    """One ancestral step, with noise where there is some below."""
    bar, before, beta, tilde = numbers
    _, eps = clean(prior, x, bar)
    x = (x - beta / math.sqrt(1 - bar) * eps) / math.sqrt(1 - beta)
    return x + math.sqrt(tilde) * noise_of(given) if before < 1 else x


# SDEdit


def sdedit_by_hand(given: Problem, prior: Gaussian, t0: int, keep: bool, repeats: int) -> Tensor:
    """Every training step below t0, over and over."""
    bars = [1.0, *prior.alpha_bar[:t0].tolist()]
    x = given.operator.guess(given.y).flatten(1)
    y, seen = given.y.flatten(1), seen_of(given)
    for _ in range(repeats):
        e = noise_of(given)
        x = math.sqrt(bars[t0]) * x + math.sqrt(1 - bars[t0]) * e
        for t in reversed(range(t0)):
            bar, before = bars[t + 1], bars[t]
            if keep and 1 - bar >= bar * given.sigma**2:
                known = math.sqrt(bar) * y + math.sqrt(1 - bar - bar * given.sigma**2) * e
                x = torch.where(seen, known, x)
            beta = 1 - bar / before
            x = down(prior, given, x, (bar, before, beta, beta * (1 - before) / (1 - bar)))
        if keep and given.sigma == 0:
            x = torch.where(seen, y, x)
    return x


@pytest.mark.parametrize("sigma", [0.0, 0.1])
@pytest.mark.parametrize(("keep", "repeats"), [("on", 1), ("on", 3), ("off", 2)])
def test_sdedit_is_its_algorithm(keep: str, repeats: int, sigma: float) -> None:
    given, prior, _ = problem("inpaint", 2, seed=5)
    again, _, _ = problem("inpaint", 2, seed=5)
    settings = SDEditSettings(200, strength=0.2, keep=keep, repeats=repeats)
    ours = drain("sdedit", replace(given, sigma=sigma), settings)
    wanted = sdedit_by_hand(replace(again, sigma=sigma), prior, 200, keep == "on", repeats)
    assert torch.allclose(ours, wanted, atol=1e-8)


def test_nothing_is_kept_where_the_photo_is_not_the_pictures_own() -> None:
    given, prior, _ = problem("blur", 2, seed=5)
    again, _, _ = problem("blur", 2, seed=5)
    ours = drain("sdedit", given, SDEditSettings(100, strength=0.1, keep="on"))
    assert torch.allclose(ours, sdedit_by_hand(again, prior, 100, keep=False, repeats=1), atol=1e-8)


@pytest.mark.parametrize("task", PROBLEMS)
def test_strength_0_returns_the_guide(task: str) -> None:
    given, _, _ = problem(task, 2)
    assert torch.equal(
        drain("sdedit", given, SDEditSettings(50, strength=0.0)), given.operator.guess(given.y).flatten(1)
    )


def test_strength_1_forgets_the_guide() -> None:
    """An unconditional sample, but for the 0.6 % of the guide that the last training step still holds."""
    given, prior, _ = problem("denoise", 600)
    drawn = drain("sdedit", replace(given, y=given.y + 1.0), SDEditSettings(200, strength=1.0))
    assert float((drawn.mean(0) - prior.mean).abs().mean()) < 0.03
    spread = drawn.std(0) / prior.covariance.diagonal().sqrt()
    assert float((spread - 1).abs().mean()) < 0.06


@pytest.mark.parametrize("name", ["sdedit", "repaint"])
def test_seen_pixels_are_the_photos_own_at_every_size(name: str) -> None:
    """To the last bit, and in the preview too; a picture grown for the network is no exception."""
    mask = torch.zeros(5, 7, dtype=torch.bool)
    mask[1:3, 2:6] = True
    degradation = degradation_for("inpaint", mask=mask.numpy())
    operator = build_operator(degradation, 5, 7, multiple_of=4, dtype=F64)
    given, prior, _ = problem("inpaint", 1)
    photo = torch.rand(1, 3, 5, 7, generator=torch.Generator().manual_seed(0), dtype=F64) * 2 - 1
    flat = Flat(prior.mean, prior.covariance, prior.side, prior.alpha_bar)
    y = operator.observe(photo)
    given = replace(
        given, denoiser=flat, operator=operator, y=y, sigma=QUIET, degradation=degradation, clip_denoised=True
    )
    row = find_sampler(name)
    settings = replace(row.numbers(row.quick, "inpaint"), steps=10)
    trajectory = row.run(given, settings)
    while True:
        try:
            preview = next(trajectory).x0
        except StopIteration as stop:
            picture = stop.value
            break
    for x in (picture, preview):
        assert x.shape == (1, 3, 8, 8)
        assert torch.equal(operator.forward(x), y)
        assert float(x[..., :5, :7][..., mask].abs().max()) <= 1.0


class Flat(Gaussian):
    """Any size: every value on its own, N(0, 0.3^2)."""

    def predict(self, x_t: Tensor, t: int) -> Prediction:
        bar = float(self.alpha_bar[t])
        return Prediction(x_t * math.sqrt(1 - bar) / (bar * 0.09 + 1 - bar))


def test_holes_do_not_start_black() -> None:
    """The guide of a hole is what surrounds it."""
    mask = torch.zeros(8, 8, dtype=torch.bool)
    mask[2:6, 2:6] = True
    degradation = degradation_for("inpaint", mask=mask.numpy())
    operator = build_operator(degradation, 8, 8, dtype=F64)
    given, _, _ = problem("inpaint", 1)
    y = operator.observe(torch.full((1, 3, 8, 8), 0.8, dtype=F64))
    given = replace(given, operator=operator, y=y, degradation=degradation)
    picture = drain("sdedit", given, SDEditSettings(50, strength=0.0))
    assert torch.allclose(picture, torch.full_like(picture, 0.8))


# RePaint


def test_the_walk_of_the_paper() -> None:
    walk = levels(RePaintSettings(250, jump=10, resamplings=10))
    assert len(walk) - 1 == 4570
    assert sum(there < here for here, there in pairwise(walk)) == 2410
    assert find_sampler("repaint").evaluations(RePaintSettings(250, jump=10, resamplings=10)) == 2410


def test_a_short_walk_written_out() -> None:
    """20 levels, jumps of 5, each stretch three times: at 10, 5 and 0."""

    def climb(low: int) -> list[int]:
        return [*range(low + 1, low + 6), *range(low + 4, low - 1, -1)]

    wanted = [*range(19, 9, -1), *climb(10), *climb(10)]
    wanted += [*range(9, 4, -1), *climb(5), *climb(5)]
    wanted += [*range(4, -1, -1), *climb(0), *climb(0), -1]
    assert levels(RePaintSettings(20, jump=5, resamplings=3)) == wanted
    assert levels(RePaintSettings(20, jump=5, resamplings=1)) == list(range(19, -2, -1))
    assert levels(RePaintSettings(1)) == [0, -1]


def repaint_by_hand(given: Problem, prior: Gaussian, settings: RePaintSettings) -> Tensor:
    """Fresh noise in this order: of the paste, then of the step."""
    y, seen = given.y.flatten(1), seen_of(given)
    x = noise_of(given)
    for k, (here, there) in enumerate(pairwise(levels(settings))):
        numbers = step_of(prior, settings.steps, here)
        if there > here:
            beta = step_of(prior, settings.steps, there)[2]
            x = math.sqrt(1 - beta) * x + math.sqrt(beta) * noise_of(given)
            continue
        if k:
            bar, z = numbers[0], noise_of(given)
            if (1 - bar) / bar >= given.sigma**2:
                known = math.sqrt(bar) * y + math.sqrt(1 - bar - bar * given.sigma**2) * z
                x = torch.where(seen, known, x)
        x = down(prior, given, x, numbers)
    return x if given.sigma else torch.where(seen, y, x)


@pytest.mark.parametrize("sigma", [0.0, 0.1, 0.5])
@pytest.mark.parametrize("settings", [RePaintSettings(20, jump=5, resamplings=3), RePaintSettings(7, jump=9)])
def test_repaint_is_its_algorithm(settings: RePaintSettings, sigma: float) -> None:
    given, prior, _ = problem("inpaint", 2, seed=5)
    again, _, _ = problem("inpaint", 2, seed=5)
    ours = drain("repaint", replace(given, sigma=sigma), settings)
    assert torch.allclose(ours, repaint_by_hand(replace(again, sigma=sigma), prior, settings), atol=1e-8)


def of_mask(missing: bool, count: int) -> tuple[Problem, Gaussian]:
    """A photo all seen, or all missing."""
    given, prior, _ = problem("denoise", count)
    mask = torch.full((SIDE, SIDE), missing).numpy()
    degradation = Degradation((Step("mask"),), 0.0, mask)
    operator = build_operator(degradation, SIDE, SIDE, dtype=F64)
    return replace(
        given, operator=operator, y=operator.observe(given.y), sigma=0.0, degradation=degradation
    ), prior


def test_all_seen_returns_the_photo() -> None:
    given, _ = of_mask(missing=False, count=2)
    assert torch.equal(drain("repaint", given, RePaintSettings(10, jump=3)), given.y.flatten(1))


def test_all_missing_is_unconditional() -> None:
    given, prior = of_mask(missing=True, count=400)
    settings = RePaintSettings(100, jump=10, resamplings=2)
    drawn = drain("repaint", given, settings)
    assert float((drawn.mean(0) - prior.mean).abs().mean()) < 0.04
    spread = drawn.std(0) / prior.covariance.diagonal().sqrt()
    assert float((spread - 1).abs().mean()) < 0.08


def test_repaint_takes_holes_and_nothing_else() -> None:
    row = find_sampler("repaint")
    for task in PROBLEMS:
        refused = row.supports(problem(task, 1)[0].degradation)
        assert bool(refused) == (task != "inpaint")
        assert not refused or "only fills holes" in refused
    both = Degradation((Step("blur", {"kernel": "box:3"}), Step("mask")))
    assert row.supports(both)
    assert not row.supports(Degradation((Step("fade", {"gain_red": 0.5}), Step("mask")))), "undone beforehand"


# The distance to the true posterior, bounds: what was measured and a fifth. SDEdit knows the data only by
# its guide, and shows it; with the seen pixels held it is another method.
BIAS = [
    ("sdedit", SDEditSettings(50, strength=0.4), (0.45, 0.08, 0.41, 0.45, 0.49)),
    ("repaint", RePaintSettings(100, jump=5, resamplings=4), (None, 0.035, None, None, None)),
    ("repaint", RePaintSettings(25, jump=5, resamplings=4), (None, 0.065, None, None, None)),
]


@pytest.mark.parametrize("task", PROBLEMS)
@pytest.mark.parametrize(("name", "settings", "bounds"), BIAS)
def test_bias_against_the_posterior(
    name: str, settings: SDEditSettings, bounds: tuple[float | None, ...], task: str
) -> None:
    bound = bounds[list(PROBLEMS).index(task)]
    if bound is None:
        assert find_sampler(name).supports(problem(task, 1)[0].degradation)
        return
    distance, off, spread = bias(name, settings, task, 500)
    print(f"{name} {settings.steps} {task} W2 {distance:.3f} mean off {off:.3f} spread x{spread:.2f}")
    assert distance < bound
