"""The noise schedule of discrete variance-preserving diffusion, and its subsets of steps."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

TRAINING_STEPS = 1000


def linear_alpha_bar(steps: int = TRAINING_STEPS, first: float = 1e-4, last: float = 0.02) -> Tensor:
    """alpha_bar_t, float64 (steps,): beta linear from `first` to `last` inclusive (Ho et al. 2020)."""
    return torch.cumprod(1 - torch.linspace(first, last, steps, dtype=torch.float64), 0)


def respaced(steps: int, total: int = TRAINING_STEPS) -> list[int]:
    """`steps` of the `total` training steps, evenly, ends included, ascending (Dhariwal, Nichol 2021)."""
    if steps == 1:
        return [total - 1]
    return [round(i * (total - 1) / (steps - 1)) for i in range(steps)]


def strided(steps: int, total: int = TRAINING_STEPS) -> list[int]:
    """`steps` training steps at equal strides from 0, ascending, the last ones left out (DDIM, Song et al. 2021)."""
    return [i * (total // steps) for i in range(steps)]


def quadratic(steps: int, t_start: int) -> list[int]:
    """About `steps` training steps from t_start down to 0, denser towards 0 (DiffPIR, Zhu et al. 2023)."""
    root = math.sqrt(t_start)
    grid = {round((root * i / max(steps - 1, 1)) ** 2) for i in range(steps)} if steps > 1 else {t_start}
    return sorted(grid, reverse=True)


def sigma(alpha_bar: Tensor) -> Tensor:
    """The noise level of x_t / sqrt(alpha_bar_t): sqrt((1 - alpha_bar) / alpha_bar)."""
    return ((1 - alpha_bar) / alpha_bar).sqrt()


@dataclass(frozen=True)
class Spaced:
    """A subset of the training steps with its own betas; every list ascends with t.

    index: the original step, which the network receives. alpha_bar, beta, beta_tilde: float64 values
    of the shortened chain, beta_tilde the posterior variance with its zero first entry replaced by
    the second (guided diffusion's clipping), or by beta where there is no second.
    """

    index: list[int]
    alpha_bar: list[float]
    beta: list[float]
    beta_tilde: list[float]

    @staticmethod
    def of(alpha_bar: Tensor, index: list[int]) -> Spaced:
        """The chain over `index` (ascending): beta'_i = 1 - alpha_bar_i / alpha_bar_(i-1)."""
        bars = [float(alpha_bar[i]) for i in index]
        before = [1.0, *bars[:-1]]
        beta = [1 - a / b for a, b in zip(bars, before, strict=True)]
        tilde = [b * (1 - p) / (1 - a) for a, p, b in zip(bars, before, beta, strict=True)]
        tilde[0] = tilde[1] if len(tilde) > 1 else beta[0]
        return Spaced(index, bars, beta, tilde)
