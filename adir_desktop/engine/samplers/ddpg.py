"""DDPG: guidance by back-projection while x_t is noisy, by least squares towards the end."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from adir_desktop.contract import Option
from adir_desktop.engine.samplers.base import Problem, Sample, Settings, Trajectory, estimate_x0
from adir_desktop.engine.samplers.row import SamplerRow
from adir_desktop.engine.samplers.schedule import strided

LEAST_ETA = 1e-4  # of the regularised back-projection, as published


@dataclass(frozen=True)
class DDPGSettings(Settings):
    """gamma: large keeps back-projection longer. zeta: the share of fresh noise; zeta_clean: the same for photos
    without noise. eta_tilde: the back-projection's regularisation in units of sigma^2. step_size: "falling" as
    (1 - alpha_bar') / (1 - alpha_bar), or "one". scale: of the least-squares gradient, c.
    """

    gamma: float = 8.0
    zeta: float = 0.5
    zeta_clean: float = 1.0
    eta_tilde: float = 0.7
    step_size: str = "falling"
    scale: float = 1.0


@torch.inference_mode()
def ddpg(problem: Problem, settings: DDPGSettings) -> Trajectory:
    """Garber, Tirer 2024, Algorithm 2: x0 <- x0 - mu [(1 - delta) A^T (A A^T + eta)^-1 + delta c A^T] (A x0 - y).

    delta = alpha_bar'^gamma leads from one to the other. Photos without noise are back-projected throughout,
    with mu = 1; of noisy ones the last x0 of the network is the result. sigma, and with it eta, is in
    network units, which are twice those of the paper's tables.
    """
    operator, y, noisy = problem.operator, problem.y, problem.sigma > 0
    alpha_bar = problem.denoiser.alpha_bar
    times = strided(settings.steps, len(alpha_bar))[::-1]
    eta = _eta(settings, problem.sigma)
    zeta = settings.zeta if noisy else settings.zeta_clean
    x_t = problem.noise(problem.zeros())
    for step, t in enumerate(times, start=1):
        bar = float(alpha_bar[t])
        following = float(alpha_bar[times[step]]) if step < len(times) else 1.0
        x0, _ = estimate_x0(problem, x_t, t, bar)
        delta = following**settings.gamma if noisy else 0.0
        mu = (1 - following) / (1 - bar) if noisy and settings.step_size == "falling" else 1.0
        guided = x0 - mu * _guidance(problem, operator.forward(x0) - y, delta, eta, settings.scale)
        eps = (x_t - math.sqrt(bar) * guided) / math.sqrt(1 - bar)
        kept = math.sqrt(1 - zeta) * (delta if noisy else 1.0)
        noise = math.sqrt(zeta) * problem.noise(x0) + kept * eps
        x_t = math.sqrt(following) * guided + math.sqrt(1 - following) * noise
        yield Sample(step, len(times), t, x_t, x0)
    return x0 if noisy else x_t


def _guidance(problem: Problem, residual: Tensor, delta: float, eta: float, scale: float) -> Tensor:
    """Both directions come out of one transpose: A^T [(1 - delta) (A A^T + eta)^-1 + delta c] residual."""
    operator = problem.operator
    return operator.adjoint((1 - delta) * operator.gram_solve(residual, eta) + delta * scale * residual)


def _eta(settings: DDPGSettings, sigma: float) -> float:
    return max(LEAST_ETA, sigma**2 * settings.eta_tilde)


def rhos(settings: DDPGSettings, alpha_bar: Tensor, sigma: float) -> list[float]:
    """One regularised inverse a step."""
    del alpha_bar
    return [_eta(settings, sigma)] * settings.steps


ROW = SamplerRow(
    "DDPG",
    "Inverts the fault boldly at first and gently at the end: made for noisy blur and enlarging.",
    "Garber, Tirer: Iteratively Preconditioned Guidance, CVPR 2024",
    ddpg,
    evaluations=lambda settings: settings.steps,
    published={  # ImageNet with sigma 0.05 in [0, 1]; for clean photos zeta_clean; evaluation_DDPG.sh
        #                       steps      gamma       zeta      zeta_clean      eta_tilde
        "upscale": DDPGSettings(100, gamma=6.0,  zeta=1.0, zeta_clean=0.7, eta_tilde=0.3),
        "deblur":  DDPGSettings(100, gamma=10.0, zeta=0.4, zeta_clean=1.0, eta_tilde=0.7),  # Gaussian
        "":        DDPGSettings(100, gamma=8.0,  zeta=0.5, zeta_clean=1.0, eta_tilde=0.7),  # the program's own
        # motion: gamma 6, zeta 0.6, eta_tilde 0.7 (sigma 0.05); 3, 0.6, 0.4 (sigma 0.1)
        # faces:  Gaussian 8, 0.5, 0.7; x4 10, 0.8, 0.3; motion 5, 0.6, 0.6 (sigma 0.05)
        #         x4 300, 1, 1; Gaussian 11, 0.6, 1; motion 50, 0.5, 6 (sigma 0.01), all with step size "one"
    },
    # two photos, 128 px, the embedded model: +0.1 to 0.9 dB against gamma 8, zeta 0.5 with 30 steps
    quick={"": DDPGSettings(50, gamma=10.0, zeta=0.4)},
    options=(
        Option("gamma", "Traversing", "How long the fault is inverted; large is to the end", 0.1, 1000),
        Option("zeta", "Fresh noise", "How much of the noise is drawn anew at each step"),
        Option("zeta_clean", "Fresh noise, clean photo", "The same for photos without noise"),
        Option("eta_tilde", "Caution", "Keeps the inversion from amplifying noise", 0.0, 100),
        Option("step_size", "Step size", "Falling with the noise, or one throughout", choices=("falling", "one")),
        Option("scale", "Gentle step", "Weight of the gentle correction at the end", 0.0, 100),
    ),
    rhos=rhos,
)  # fmt: skip
