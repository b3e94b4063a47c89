"""Samplers against the closed-form posterior of a Gaussian prior, and against independent recomputation."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from adir_desktop.contract import Degradation, Step
from adir_desktop.engine.operators import build_operator
from adir_desktop.engine.samplers import SAMPLERS, Problem, Settings, seeded_noise
from adir_desktop.engine.samplers.schedule import Spaced, linear_alpha_bar, quadratic, respaced
from tests.engine.gaussian import Gaussian, dense, gaussian_prior, wasserstein

F64 = torch.float64
SIDE = 4
DOWN = (Step("downscale", {"factor": 2}),)
PROBLEMS: dict[str, tuple[tuple[Step, ...], float]] = {
    "denoise": ((), 0.2),
    "inpaint": ((Step("mask"),), 0.1),
    "blur": ((Step("blur", {"kernel": "box:5"}),), 0.157),
    "upscale": (DOWN, 0.05),
    "colorize": ((Step("grey"),), 0.05),
}


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Tensors this small are slower on two threads than on one."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def problem(name: str, count: int, seed: int = 0) -> tuple[Problem, Gaussian, Tensor]:
    """`count` copies of one observation of one picture of the prior, in a batch."""
    prior = gaussian_prior(SIDE)
    steps, sigma = PROBLEMS[name]
    mask = torch.rand(SIDE, SIDE, generator=torch.Generator().manual_seed(3)) < 0.4
    size = (SIDE // 2, SIDE // 2) if steps == DOWN else (SIDE, SIDE)
    operator = build_operator(Degradation(steps, 0, mask.numpy()), *size, dtype=F64)
    x = prior.draw(1, seed=7)
    noise = torch.randn(operator.forward(x).shape, generator=torch.Generator().manual_seed(8), dtype=F64)
    y = operator.forward(x) + sigma * operator.forward(torch.ones_like(x)).bool() * noise
    y = y.expand(count, -1, -1, -1)
    generator = seeded_noise(seed, torch.device("cpu"))
    return Problem(prior, operator, y, sigma, generator, clip_denoised=False), prior, y[0].flatten()


def drain(name: str, given: Problem, settings: Settings) -> Tensor:
    trajectory = SAMPLERS[name].run(given, settings)
    while True:
        try:
            next(trajectory)
        except StopIteration as stop:
            return stop.value.flatten(1)


# The distance to the true posterior (2-Wasserstein over sqrt(n)), whose own spread is 0.1 to 0.2.
# Bounds: what was measured, and a fifth for chance. ADIR trusts the data too much where the noise is
# strong; DiffPIR with fresh noise at each step hits the mean and is a third too narrow.
SAMPLES = 1500
BIAS = [
    # sampler   settings                  denoise inpaint blur  upscale colorize
    ("adir", Settings(1000, 10), (0.120, 0.036, 0.040, 0.037, 0.044)),
    ("adir", Settings(100, 10), (0.101, 0.036, 0.048, 0.039, 0.045)),
    ("diffpir", Settings(100, 1.0), (0.047, 0.059, 0.075, 0.054, 0.046)),
    ("diffpir", Settings(20, 1.0, 200), (0.054, 0.068, 0.079, 0.059, 0.050)),
]


@pytest.mark.parametrize("task", PROBLEMS)
@pytest.mark.parametrize(("sampler", "settings", "bounds"), BIAS)
def test_bias_against_the_posterior(
    sampler: str, settings: Settings, bounds: tuple[float, ...], task: str, capsys: pytest.CaptureFixture
) -> None:
    given, prior, y = problem(task, SAMPLES)
    samples = drain(sampler, given, settings)
    mean, covariance = prior.posterior(dense(given.operator), y, given.sigma)
    got_mean, got_covariance = samples.mean(0), torch.cov(samples.mT)
    distance = wasserstein(got_mean, got_covariance, mean, covariance)
    spread = (float(torch.trace(got_covariance)) / float(torch.trace(covariance))) ** 0.5
    off = float((got_mean - mean).square().mean().sqrt())
    with capsys.disabled():
        print(
            f"\n{sampler:8} {settings.steps:5} {task:9} W2 {distance:.3f} mean off {off:.3f} spread x{spread:.2f}"
        )
    assert distance < bounds[list(PROBLEMS).index(task)]


def test_without_guidance_adir_samples_the_prior() -> None:
    given, prior, _ = problem("denoise", SAMPLES)
    samples = drain("adir", given, Settings(1000, 0.0))
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
    ours = drain("adir", given, Settings(steps, 10.0))
    assert torch.allclose(ours, adir_by_hand(again, prior, Settings(steps, 10.0)), atol=1e-8)


def diffpir_by_hand(given: Problem, prior: Gaussian, settings: Settings) -> Tensor:
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


@pytest.mark.parametrize("settings", [Settings(20, 1.0, 999, 0.3), Settings(15, 0.5, 200)])
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
    for sample in SAMPLERS["adir"].run(given, Settings(steps, 20.0)):
        assert float(sample.x_t.abs().max()) < 50


@pytest.mark.parametrize("name", SAMPLERS)
def test_stronger_guidance_agrees_better_with_exact_data(name: str) -> None:
    """s of ADIR grows, lambda of DiffPIR shrinks the distance to data without noise."""
    misfits = []
    for guidance in (1, 5, 10) if name == "adir" else (100, 10, 1):
        given, _, _ = problem("upscale", 50)
        exact = Problem(given.denoiser, given.operator, given.y, 0.0, given.noise, clip_denoised=False)
        x = drain(name, exact, Settings(100, guidance)).view(-1, 3, SIDE, SIDE)
        misfits.append(float((given.operator.forward(x) - given.y).norm()))
    assert misfits == sorted(misfits, reverse=True)


@pytest.mark.parametrize("name", SAMPLERS)
def test_one_seed_one_picture_and_the_evaluations_foretold(name: str) -> None:
    settings = Settings(12, 1.0, 300)
    runs = []
    for seed in (1, 1, 2):
        given, _, _ = problem("inpaint", 1, seed=seed)
        runs.append(drain(name, given, settings))
    assert torch.equal(runs[0], runs[1])
    assert not torch.equal(runs[0], runs[2])
    given, prior, _ = problem("inpaint", 1)
    calls: list[int] = []

    class Counting(Gaussian):
        def predict(self, x_t: Tensor, t: int):
            calls.append(t)
            return super().predict(x_t, t)

    counting = Counting(prior.mean, prior.covariance, prior.side, prior.alpha_bar)
    drain(name, Problem(counting, given.operator, given.y, given.sigma, given.noise), settings)
    assert len(calls) == SAMPLERS[name].evaluations(settings)


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
