"""Samplers against the closed-form posterior of a Gaussian prior, and against independent recomputation."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from adir_desktop.contract import PIXELS
from adir_desktop.engine.priors.base import Prediction
from adir_desktop.engine.samplers import SAMPLERS, Problem, Sample, Settings, Trajectory, with_options
from adir_desktop.engine.samplers.adir import ADIRSettings
from adir_desktop.engine.samplers.diffpir import DiffPIRSettings
from adir_desktop.engine.samplers.schedule import Spaced, linear_alpha_bar, quadratic, respaced
from adir_desktop.errors import RequestError
from tests.engine.gaussian import Gaussian, dense
from tests.engine.sampler_problems import APART, F64, PROBLEMS, SIDE, bias, drain, problem

pytestmark = pytest.mark.usefixtures("one_thread")


# The distance to the true posterior (2-Wasserstein over sqrt(n)), whose own spread is 0.1 to 0.2.
# Bounds: what was measured, and a fifth for chance. ADIR trusts the data too much where the noise is
# strong; DiffPIR with fresh noise at each step hits the mean and is a third too narrow.
SAMPLES = 1500
BIAS = [
    # sampler   settings                  denoise inpaint blur  upscale colorize
    ("adir", ADIRSettings(1000, 10), (0.120, 0.036, 0.040, 0.037, 0.044)),
    ("adir", ADIRSettings(100, 10), (0.101, 0.036, 0.048, 0.039, 0.045)),
    ("diffpir", DiffPIRSettings(100, 1.0), (0.047, 0.059, 0.075, 0.054, 0.046)),
    ("diffpir", DiffPIRSettings(20, 1.0, 200), (0.054, 0.068, 0.079, 0.059, 0.050)),
]


@pytest.mark.parametrize("task", PROBLEMS)
@pytest.mark.parametrize(("sampler", "settings", "bounds"), BIAS)
def test_bias_against_the_posterior(
    sampler: str, settings: Settings, bounds: tuple[float, ...], task: str, capsys: pytest.CaptureFixture
) -> None:
    distance, off, spread = bias(sampler, settings, task, SAMPLES)
    with capsys.disabled():
        print(
            f"\n{sampler:8} {settings.steps:5} {task:9} W2 {distance:.3f} mean off {off:.3f} spread x{spread:.2f}"
        )
    assert distance < bounds[list(PROBLEMS).index(task)]


def test_without_guidance_adir_samples_the_prior() -> None:
    given, prior, _ = problem("denoise", SAMPLES)
    samples = drain("adir", given, ADIRSettings(1000, 0.0))
    assert float((samples.mean(0) - prior.mean).abs().mean()) < 0.01
    spread = samples.std(0) / prior.covariance.diagonal().sqrt()
    assert float((spread - 1).abs().mean()) < 0.02


def adir_by_hand(given: Problem, prior: Gaussian, settings: Settings) -> Tensor:
    """Algorithm 1 once more with dense matrices, noise from the same source; no code shared."""
    a, y = dense(given.operator), given.y.flatten(1)
    bars = prior.alpha_bar
    norm2 = float(torch.linalg.matrix_norm(a, 2)) ** 2
    picked = [round(i * 999 / (settings.steps - 1)) for i in range(settings.steps)]
    x = given.noise(torch.zeros(len(y), *given.operator.in_shape, dtype=F64)).flatten(1)
    for i in reversed(range(settings.steps)):
        bar = float(bars[picked[i]])
        before = float(bars[picked[i - 1]]) if i else 1.0
        alpha = bar / before
        tilde = (1 - alpha) * (1 - before) / (1 - bar)
        if i == 0:
            second = float(bars[picked[1]])
            tilde = (1 - second / bar) * (1 - bar) / (1 - second)
        eps = prior.predict(x.view(-1, *given.operator.in_shape), picked[i]).eps.flatten(1)
        mu = (x - (1 - alpha) / math.sqrt(1 - bar) * eps) / math.sqrt(alpha)
        if settings.steps >= 500:
            residual = mu @ a.mT - math.sqrt(bar) * y - math.sqrt(1 - bar) * eps @ a.mT
        else:
            residual = math.sqrt(before) * ((x - math.sqrt(1 - bar) * eps) / math.sqrt(bar) @ a.mT - y)
        s = min(settings.guidance / norm2, 1 / (2 * bar * given.sigma**2), 1 / (2 * norm2 * tilde))
        x = mu - 2 * s * tilde * residual @ a
        if i:
            shape = (-1, *given.operator.in_shape)
            x = x + math.sqrt(tilde) * given.noise(x.view(shape)).flatten(1)
    return x


@pytest.mark.parametrize("steps", [1000, 60])
@pytest.mark.parametrize("task", PROBLEMS)
def test_adir_is_algorithm_1(task: str, steps: int) -> None:
    given, _, _ = problem(task, 2, seed=5)
    again, prior, _ = problem(task, 2, seed=5)
    ours = drain("adir", given, ADIRSettings(steps, 10.0))
    assert torch.allclose(ours, adir_by_hand(again, prior, ADIRSettings(steps, 10.0)), atol=1e-8)


def diffpir_by_hand(given: Problem, prior: Gaussian, settings: DiffPIRSettings) -> Tensor:
    """The proximal loop once more by dense normal equations."""
    a, y = dense(given.operator), given.y.flatten(1)
    shape = (-1, *given.operator.in_shape)
    root = math.sqrt(settings.t_start)
    times = sorted({round((root * i / (settings.steps - 1)) ** 2) for i in range(settings.steps)})[::-1]
    bar = float(prior.alpha_bar[times[0]])
    start = given.operator.guess(given.y).flatten(1)
    zeros = torch.zeros(len(y), *given.operator.in_shape, dtype=F64)
    x = math.sqrt(bar) * start + math.sqrt(1 - bar) * given.noise(zeros).flatten(1)
    for k, t in enumerate(times):
        bar = float(prior.alpha_bar[t])
        eps = prior.predict(x.view(shape), t).eps.flatten(1)
        x0 = (x - math.sqrt(1 - bar) * eps) / math.sqrt(bar)
        rho = settings.guidance * given.sigma**2 * bar / (1 - bar)
        normal = a.mT @ a + rho * torch.eye(a.shape[1], dtype=F64)
        x0 = torch.linalg.solve(normal, (y @ a + rho * x0).mT).mT
        if k + 1 == len(times):
            return x0
        following = float(prior.alpha_bar[times[k + 1]])
        eps = (x - math.sqrt(bar) * x0) / math.sqrt(1 - bar)
        fresh = given.noise(x0.view(shape)).flatten(1)
        mixed = math.sqrt(1 - settings.zeta) * eps + math.sqrt(settings.zeta) * fresh
        x = math.sqrt(following) * x0 + math.sqrt(1 - following) * mixed
    raise AssertionError


@pytest.mark.parametrize("settings", [DiffPIRSettings(20, 1.0, 999, 0.3), DiffPIRSettings(15, 0.5, 200)])
@pytest.mark.parametrize("task", PROBLEMS)
def test_diffpir_is_its_algorithm(task: str, settings: Settings) -> None:
    given, _, _ = problem(task, 2, seed=5)
    again, prior, _ = problem(task, 2, seed=5)
    assert torch.allclose(
        drain("diffpir", given, settings), diffpir_by_hand(again, prior, settings), atol=1e-6
    )


@pytest.mark.parametrize("steps", [1000, 250, 100, 50])
@pytest.mark.parametrize("task", PROBLEMS)
def test_adir_stays_stable(task: str, steps: int) -> None:
    given, _, _ = problem(task, 4)
    for sample in SAMPLERS["adir"].run(given, ADIRSettings(steps, 20.0)):
        assert float(sample.x_t.abs().max()) < 50


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("adir", [ADIRSettings(100, s) for s in (1, 5, 10)]),
        ("diffpir", [DiffPIRSettings(100, weight) for weight in (100, 10, 1)]),
    ],
)
def test_stronger_guidance_agrees_better_with_exact_data(name: str, settings: list[Settings]) -> None:
    """s of ADIR grows, lambda of DiffPIR shrinks the distance to data without noise."""
    misfits = []
    for each in settings:
        given, _, _ = problem("upscale", 50)
        x = drain(name, replace(given, sigma=0.0), each).view(-1, 3, SIDE, SIDE)
        misfits.append(float((given.operator.forward(x) - given.y).norm()))
    assert misfits == sorted(misfits, reverse=True)


WITHOUT_CHANCE = {
    "dirac",
    "admm-tv",
    "bicubic",
    "one-pass",
    "pnp-admm",
}  # methods that draw nothing at random


OF_PIXELS = [name for name, row in SAMPLERS.items() if row.family == PIXELS]  # see test_latent for the others


@pytest.mark.parametrize("name", OF_PIXELS)
def test_every_row_is_what_it_says(name: str) -> None:
    """On a degradation that it takes: one seed, one picture, and the evaluations and steps foretold."""
    row = SAMPLERS[name]
    tasks = ("inpaint", *PROBLEMS, *APART)
    task = next(task for task in tasks if not row.supports(problem(task, 1)[0].degradation))
    table = row.numbers(row.quick, task)
    settings = replace(table, steps=min(table.steps, 12))
    pictures, evaluations, lengths = [], [], []
    for seed in (1, 1, 2):
        given, prior, _ = problem(task, 1, seed=seed)
        counting = Counting(prior.mean, prior.covariance, prior.side, prior.alpha_bar)
        trajectory = row.run(replace(given, denoiser=counting), settings)
        steps, picture = watched(trajectory)
        pictures.append(picture)
        evaluations.append(counting.calls)
        lengths.append(len(steps))
        assert [sample.step for sample in steps] == list(range(1, len(steps) + 1))
        assert {sample.total for sample in steps} == {len(steps)}
    assert torch.equal(pictures[0], pictures[1])
    assert torch.equal(pictures[0], pictures[2]) == (name in WITHOUT_CHANCE)
    assert set(evaluations) == {row.evaluations(settings)}
    assert set(lengths) == {row.samples(settings)}


@pytest.mark.parametrize("name", OF_PIXELS)
def test_every_row_runs_all_it_claims(name: str) -> None:
    """A finite picture of the right size for every task that the row supports; there is one at least."""
    row = SAMPLERS[name]
    supported = 0
    for task in (*PROBLEMS, *APART):
        given, _, _ = problem(task, 2)
        if row.supports(given.degradation):
            continue
        supported += 1
        table = row.numbers(row.quick, task)
        picture = watched(row.run(given, replace(table, steps=min(table.steps, 5))))[1]
        assert picture.shape == (2, *given.operator.in_shape)
        assert picture.isfinite().all()
    assert supported


@pytest.mark.parametrize("name", SAMPLERS)
def test_options_are_fields_with_a_default_in_range(name: str) -> None:
    row = SAMPLERS[name]
    for option in row.offered():
        for table in (row.published, row.quick):
            for settings in table.values():
                value = getattr(settings, option.name)
                if option.choices:
                    assert value in option.choices
                else:
                    assert option.low <= value <= option.high
                    assert option.whole == isinstance(value, int)
                assert with_options(row, settings, {option.name: str(value)}) == settings


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"zetta": 1}, "no option 'zetta'"),
        ({"zeta": "much"}, "is no number"),
        ({"zeta": 2}, "cannot be used"),
        ({"zeta": "nan"}, "cannot be used"),
        ({"t_start": 10.5}, "whole number"),
    ],
)
def test_bad_options_are_refused(chosen: dict[str, int | float | str], said: str) -> None:
    row = SAMPLERS["diffpir"]
    with pytest.raises(RequestError, match=said):
        with_options(row, row.numbers(row.quick, ""), chosen)


class Counting(Gaussian):
    """Counts its evaluations."""

    calls = 0

    def predict(self, x_t: Tensor, t: int) -> Prediction:
        object.__setattr__(self, "calls", self.calls + 1)
        return super().predict(x_t, t)


def watched(trajectory: Trajectory) -> tuple[list[Sample], Tensor]:
    """All steps of a run, and its picture."""
    steps = []
    while True:
        try:
            steps.append(next(trajectory))
        except StopIteration as stop:
            return steps, stop.value


def test_schedules() -> None:
    bars = linear_alpha_bar()
    assert float(bars[999]) == pytest.approx(4.036e-5, rel=1e-3)
    assert respaced(1000) == list(range(1000))
    assert respaced(5) == [0, 250, 500, 749, 999]
    chain = Spaced.of(bars, respaced(1000))
    assert chain.beta[0] == pytest.approx(1e-4)
    assert chain.beta[-1] == pytest.approx(0.02)
    assert chain.beta_tilde[0] == chain.beta_tilde[1]
    grid = quadratic(20, 400)
    assert grid[0] == 400
    assert grid[-1] == 0
    assert grid == sorted(set(grid), reverse=True)
