"""A Gaussian prior: its exact denoiser, its closed-form posterior, and dense matrices of operators."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from adir_desktop.engine.operators.base import LinearOperator
from adir_desktop.engine.priors.base import Prediction
from adir_desktop.engine.samplers.schedule import linear_alpha_bar


@dataclass(frozen=True)
class Gaussian:
    """N(mean, covariance) over pictures (3, side, side), float64; eps is exact for every t."""

    mean: Tensor
    covariance: Tensor
    side: int
    alpha_bar: Tensor
    multiple_of: int = 1

    def predict(self, x_t: Tensor, t: int) -> Prediction:
        bar = self.alpha_bar[t]
        values, vectors = self._eigen
        gain = (vectors * (bar.sqrt() * values / (bar * values + 1 - bar))) @ vectors.mT
        flat = x_t.flatten(1)
        x0 = self.mean + (flat - bar.sqrt() * self.mean) @ gain
        return Prediction(((flat - bar.sqrt() * x0) / (1 - bar).sqrt()).view_as(x_t))

    @cached_property
    def _eigen(self) -> tuple[Tensor, Tensor]:
        values, vectors = torch.linalg.eigh(self.covariance)
        return values, vectors

    def posterior(self, a: Tensor, y: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
        """Mean and covariance of x given y = A x + e."""
        k = (
            self.covariance
            @ a.mT
            @ torch.linalg.inv(a @ self.covariance @ a.mT + sigma**2 * torch.eye(len(y), dtype=torch.float64))
        )
        return self.mean + k @ (y - a @ self.mean), self.covariance - k @ a @ self.covariance

    def draw(self, count: int, seed: int) -> Tensor:
        generator = torch.Generator().manual_seed(seed)
        z = torch.randn(count, len(self.mean), generator=generator, dtype=torch.float64)
        x = self.mean + z @ torch.linalg.cholesky(self.covariance).mT
        return x.view(count, 3, self.side, self.side)


def gaussian_prior(side: int = 6) -> Gaussian:
    """Neighbouring pixels and channels correlated; mean 0.1, standard deviation 0.3."""
    places = torch.cartesian_prod(torch.arange(side), torch.arange(side)).double()
    space = torch.exp(-torch.cdist(places, places) / 3)
    colour = torch.full((3, 3), 0.8, dtype=torch.float64) + 0.2 * torch.eye(3, dtype=torch.float64)
    covariance = 0.09 * torch.kron(colour, space)
    mean = torch.full((len(covariance),), 0.1, dtype=torch.float64)
    return Gaussian(mean, covariance, side, linear_alpha_bar())


def dense(operator: LinearOperator) -> Tensor:
    """The matrix of an operator, (outputs, inputs) float64."""
    c, h, w = operator.in_shape
    basis = torch.eye(c * h * w, dtype=torch.float64).view(-1, c, h, w)
    return operator.forward(basis).flatten(1).mT.contiguous()


def wasserstein(mean_a: Tensor, cov_a: Tensor, mean_b: Tensor, cov_b: Tensor) -> float:
    """The 2-Wasserstein distance between two Gaussians, over sqrt(n)."""

    def root(matrix: Tensor) -> Tensor:
        values, vectors = torch.linalg.eigh(matrix)
        return vectors @ torch.diag(values.clamp_min(0).sqrt()) @ vectors.mT

    half = root(cov_a)
    cross = root(half @ cov_b @ half)
    squared = (mean_a - mean_b).square().sum() + torch.trace(cov_a + cov_b - 2 * cross)
    return float((squared.clamp_min(0) / len(mean_a)).sqrt())
