"""Small problems on the Gaussian prior, and how samplers are run on them."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from adir_desktop.contract import Degradation, Step
from adir_desktop.engine.operators import build_operator
from adir_desktop.engine.samplers import Problem, Settings, find_sampler, seeded_noise
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
APART = {
    "gaussian blur": ((Step("blur", {"kernel": "gaussian:0.6"}),), 0.04)
}  # for methods that take little else


def problem(name: str, count: int, seed: int = 0) -> tuple[Problem, Gaussian, Tensor]:
    """`count` copies of one observation of one picture of the prior, in a batch."""
    prior = gaussian_prior(SIDE)
    steps, sigma = (PROBLEMS | APART)[name]
    mask = torch.rand(SIDE, SIDE, generator=torch.Generator().manual_seed(3)) < 0.4
    size = (SIDE // 2, SIDE // 2) if steps == DOWN else (SIDE, SIDE)
    operator = build_operator(Degradation(steps, 0, mask.numpy()), *size, dtype=F64)
    x = prior.draw(1, seed=7)
    noise = torch.randn(operator.forward(x).shape, generator=torch.Generator().manual_seed(8), dtype=F64)
    y = operator.forward(x) + sigma * operator.forward(torch.ones_like(x)).bool() * noise
    y = y.expand(count, -1, -1, -1)
    generator = seeded_noise(seed, torch.device("cpu"))
    given = Problem(
        prior,
        operator,
        y,
        sigma,
        generator,
        clip_denoised=False,
        degradation=Degradation(steps, 127.5 * sigma, mask.numpy()),
    )
    return given, prior, y[0].flatten()


def exact(task: str, count: int, seed: int = 0) -> Problem:
    """The problem with y = A x and not a trace of noise; a different x for each of the batch."""
    given, prior, _ = problem(task, count, seed)
    return replace(given, y=given.operator.forward(prior.draw(count, seed=11)), sigma=0.0)


def drain(name: str, given: Problem, settings: Settings) -> Tensor:
    """Runs a sampler to its end; its pictures, (B, n)."""
    trajectory = find_sampler(name).run(given, settings)
    while True:
        try:
            next(trajectory)
        except StopIteration as stop:
            return stop.value.flatten(1)


def bias(name: str, settings: Settings, task: str, samples: int) -> tuple[float, float, float]:
    """How far a sampler's law is from the true posterior, estimated from so many samples:
    the 2-Wasserstein distance over sqrt(n), the error of the mean (rms), the ratio of the spreads.
    """
    given, prior, y = problem(task, samples)
    drawn = drain(name, given, settings)
    mean, covariance = prior.posterior(dense(given.operator), y, given.sigma)
    got_mean, got_covariance = drawn.mean(0), torch.cov(drawn.mT)
    distance = wasserstein(got_mean, got_covariance, mean, covariance)
    spread = (float(torch.trace(got_covariance)) / float(torch.trace(covariance))) ** 0.5
    return distance, float((got_mean - mean).square().mean().sqrt()), spread
