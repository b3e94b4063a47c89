"""DDRM, DDNM and DDPG once more by dense linear algebra in float64; no code shared."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from adir_desktop.engine.samplers import Problem, seeded_noise
from adir_desktop.engine.samplers.ddnm import DDNMSettings
from adir_desktop.engine.samplers.ddpg import DDPGSettings
from adir_desktop.engine.samplers.ddrm import DDRMSettings
from tests.engine.gaussian import Gaussian, dense, gaussian_prior
from tests.engine.sampler_problems import F64, PROBLEMS, SIDE, drain, exact, problem

CPU = torch.device("cpu")


class Dense:
    """A problem as matrices: A, the spectrum of A^T A by a plain eigendecomposition, noise in pixels."""

    def __init__(self, given: Problem, prior: Gaussian, share: float = 1e-6) -> None:
        self.given, self.prior = given, prior
        self.a = dense(given.operator)
        self.y = given.y.flatten(1)
        values, self.basis = torch.linalg.eigh(self.a.mT @ self.a)
        s = values.clamp_min(0).sqrt()
        self.s = torch.where(s > share * s.max(), s, 0.0)

    def apply(self, gains: Tensor, x: Tensor) -> Tensor:
        """The matrix with eigenvectors as A^T A and these eigenvalues, times the pictures x (B, n)."""
        return x @ (self.basis * gains) @ self.basis.mT

    def pinv(self) -> Tensor:
        """A^+ y from A^T y."""
        return self.apply(torch.where(self.s > 0, 1 / self.s.square(), 0.0), self.y @ self.a)

    def coloured(self) -> Tensor:
        """Noise of the run, drawn by the operator's own coefficients, as pixels."""
        svd = self.given.operator.svd()
        assert svd is not None
        return svd.picture(self.given.noise(torch.zeros(len(self.y), len(self.s), dtype=F64))).flatten(1)

    def white(self) -> Tensor:
        return self.given.noise(self.given.zeros()).flatten(1)

    def denoised(self, x: Tensor, t: int) -> tuple[Tensor, Tensor]:
        """x0 and eps."""
        bar = float(self.prior.alpha_bar[t])
        eps = self.prior.predict(x.view(-1, *self.given.operator.in_shape), t).eps.flatten(1)
        return (x - math.sqrt(1 - bar) * eps) / math.sqrt(bar), eps

    def bar(self, t: int) -> float:
        return float(self.prior.alpha_bar[t]) if t >= 0 else 1.0


def ddrm_by_hand(d: Dense, steps: int, eta: float, eta_b: float, sigma_y: float) -> Tensor:
    """Equations 4 to 8 of Kawar et al. for one singular value after the other, as matrices on pixels."""
    times = [i * (1000 // steps) for i in range(steps)][::-1]
    back = d.pinv()

    def gains(rule: Callable[[float], float]) -> Tensor:
        return torch.tensor([rule(float(s)) for s in d.s], dtype=F64)

    top = math.sqrt((1 - d.bar(times[0])) / d.bar(times[0]))
    towards = gains(lambda s: float(s * top > sigma_y))
    spread = gains(lambda s: math.sqrt(top**2 - (sigma_y / s) ** 2) if s * top > sigma_y else top)
    x = math.sqrt(d.bar(times[0])) * (d.apply(towards, back) + d.apply(spread, d.coloured()))
    for t, following in zip(times, [*times[1:], -1], strict=True):
        x0, eps = d.denoised(x, t)
        level = math.sqrt((1 - d.bar(following)) / d.bar(following))
        c = math.sqrt(1 - eta**2)
        seen = d.s > 0
        clear = gains(lambda s, level=level: float(s > 0 and level >= sigma_y / s)).bool()
        dim = seen & ~clear
        to_data = torch.where(clear, eta_b, torch.where(dim, c * level * d.s / max(sigma_y, 1e-300), 0.0))
        along = torch.where(seen, 0.0, c * level)
        left = gains(lambda s, level=level: level**2 - (eta_b * sigma_y / s) ** 2 if s > 0 else 0.0)
        spread = torch.where(clear, left.clamp_min(0).sqrt(), eta * level)
        mean = x0 + d.apply(to_data, back - x0) + d.apply(along, eps)
        x = math.sqrt(d.bar(following)) * (mean + d.apply(spread, d.coloured()))
    return x


@pytest.mark.parametrize(
    "settings", [DDRMSettings(20), DDRMSettings(15, eta=0.5, eta_b=0.8), DDRMSettings(7, eta=1.0)]
)
@pytest.mark.parametrize("task", PROBLEMS)
def test_ddrm_is_its_equations(task: str, settings: DDRMSettings) -> None:
    given, _, _ = problem(task, 2, seed=5)
    again, prior, _ = problem(task, 2, seed=5)
    by_hand = ddrm_by_hand(Dense(again, prior), settings.steps, settings.eta, settings.eta_b, given.sigma)
    assert torch.allclose(drain("ddrm", given, settings), by_hand, atol=1e-8)


@pytest.mark.parametrize("task", PROBLEMS)
def test_ddrm_is_its_equations_without_noise(task: str) -> None:
    given, again = exact(task, 2, seed=5), exact(task, 2, seed=5)
    by_hand = ddrm_by_hand(Dense(again, gaussian_prior(SIDE), share=0.03), 20, 0.85, 1.0, 0.0)
    assert torch.allclose(drain("ddrm", given, DDRMSettings(20)), by_hand, atol=1e-8)


def ddnm_by_hand(d: Dense, steps: int, eta: float, sigma_y: float) -> Tensor:
    """x0 - Lambda A^+ (A x0 - y) and the covariance that Lambda leaves (Wang et al., equations 13, 17, 51)."""
    times = [i * (1000 // steps) for i in range(steps)][::-1]
    back = d.pinv()
    x = d.white()
    for t, following in zip(times, [*times[1:], -1], strict=True):
        x0, eps = d.denoised(x, t)
        a, sigma_t = math.sqrt(d.bar(following)), math.sqrt(1 - d.bar(following))
        c = math.sqrt(1 - eta**2)
        noise = d.coloured() if sigma_y else d.white()
        if sigma_y == 0:
            corrected = x0 - d.apply((d.s > 0).to(F64), x0) + back
            x = a * corrected + sigma_t * (eta * noise + c * eps)
            continue
        seen, able = d.s > 0, sigma_t * d.s >= a * sigma_y
        weight = torch.where(able, 1.0, d.s * sigma_t * c / (a * sigma_y)) * seen
        fresh = torch.where(
            seen & able, (sigma_t**2 - (a * sigma_y / d.s) ** 2).clamp_min(0).sqrt(), eta * sigma_t
        )
        kept = torch.where(seen, 0.0, c * sigma_t)
        corrected = x0 - d.apply(weight, d.apply(seen.to(F64), x0) - back)
        x = a * corrected + d.apply(fresh, noise) + d.apply(kept, eps)
    return x


@pytest.mark.parametrize("noisy", [True, False])
@pytest.mark.parametrize("task", PROBLEMS)
def test_ddnm_is_its_equations(task: str, noisy: bool) -> None:
    given, prior, _ = problem(task, 2, seed=5)
    given = given if noisy else exact(task, 2, seed=5)
    again = replace(given, noise=seeded_noise(5, CPU))
    by_hand = ddnm_by_hand(Dense(again, prior, 1e-6 if noisy else 0.03), 20, 0.6, given.sigma)
    assert torch.allclose(drain("ddnm", given, DDNMSettings(20, eta=0.6)), by_hand, atol=1e-8)


def ddpg_by_hand(d: Dense, settings: DDPGSettings, sigma_y: float) -> Tensor:
    times = [i * (1000 // settings.steps) for i in range(settings.steps)][::-1]
    eta = max(1e-4, sigma_y**2 * settings.eta_tilde)
    gram = torch.linalg.inv(d.a @ d.a.mT + eta * torch.eye(len(d.a), dtype=F64))
    x = d.white()
    for t, following in zip(times, [*times[1:], -1], strict=True):
        x0, _ = d.denoised(x, t)
        bar, after = d.bar(t), d.bar(following)
        residual = x0 @ d.a.mT - d.y
        delta, mu, zeta, weight = 0.0, 1.0, settings.zeta_clean, 1.0
        if sigma_y > 0:
            delta = weight = after**settings.gamma
            mu = (1 - after) / (1 - bar) if settings.step_size == "falling" else 1.0
            zeta = settings.zeta
        back_projection, least_squares = residual @ gram @ d.a, settings.scale * residual @ d.a
        guided = x0 - mu * ((1 - delta) * back_projection + delta * least_squares)
        eps = (x - math.sqrt(bar) * guided) / math.sqrt(1 - bar)
        noise = math.sqrt(zeta) * d.white() + math.sqrt(1 - zeta) * weight * eps
        x = math.sqrt(after) * guided + math.sqrt(1 - after) * noise
    return x0 if sigma_y > 0 else x


@pytest.mark.parametrize(
    "settings",
    [
        DDPGSettings(20),
        DDPGSettings(15, gamma=3.0, zeta=0.9, zeta_clean=0.7, eta_tilde=2.0, step_size="one", scale=0.5),
        DDPGSettings(1),
    ],
)
@pytest.mark.parametrize("noisy", [True, False])
@pytest.mark.parametrize("task", PROBLEMS)
def test_ddpg_is_its_algorithm(task: str, noisy: bool, settings: DDPGSettings) -> None:
    given, prior, _ = problem(task, 2, seed=5)
    given = given if noisy else exact(task, 2, seed=5)
    by_hand = ddpg_by_hand(Dense(replace(given, noise=seeded_noise(5, CPU)), prior), settings, given.sigma)
    given = replace(given, noise=seeded_noise(5, CPU))
    assert torch.allclose(drain("ddpg", given, settings), by_hand, atol=1e-8)
