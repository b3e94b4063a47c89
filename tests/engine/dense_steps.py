"""Pieces of a sampler once more in dense algebra: flat pictures (B, n), no code shared with the program's."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from adir_desktop.engine.samplers import Problem
from tests.engine.gaussian import Gaussian


def clean(prior: Gaussian, x: Tensor, bar: float) -> tuple[Tensor, Tensor]:
    """x0 and eps of the Gaussian prior from x_t (B, n), by solving its normal equations."""
    system = bar * prior.covariance + (1 - bar) * torch.eye(len(prior.mean), dtype=torch.float64)
    shift = torch.linalg.solve(system, (x - math.sqrt(bar) * prior.mean).mT)
    x0 = prior.mean + math.sqrt(bar) * (prior.covariance @ shift).mT
    return x0, (x - math.sqrt(bar) * x0) / math.sqrt(1 - bar)


def step_of(prior: Gaussian, steps: int, i: int) -> tuple[float, float, float, float]:
    """alpha_bar, the one before it, beta and beta_tilde of step i of a chain of `steps` (2 or more)."""

    def bar(k: int) -> float:
        return float(prior.alpha_bar[round(k * 999 / (steps - 1))]) if k >= 0 else 1.0

    k = max(i, 1)  # the first variance is the second's
    tilde = (1 - bar(k) / bar(k - 1)) * (1 - bar(k - 1)) / (1 - bar(k))
    return bar(i), bar(i - 1), 1 - bar(i) / bar(i - 1), tilde


def noise_of(given: Problem) -> Tensor:
    """The next draw of a problem's noise, (B, n)."""
    return given.noise(given.zeros()).flatten(1)
