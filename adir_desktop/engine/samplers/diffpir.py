"""DiffPIR: denoise, agree with the data in closed form, put noise back; few evaluations, no gradient."""

from __future__ import annotations

import math

import torch

from adir_desktop.engine.samplers.base import Problem, Sample, Settings, Trajectory, estimate_x0
from adir_desktop.engine.samplers.schedule import quadratic, sigma

SIGMA_FLOOR = 0.01  # network units, about 1.3 of 255: rounding to 8 bits, and the prior's own error


@torch.inference_mode()
def diffpir(problem: Problem, settings: Settings) -> Trajectory:
    """Zhu et al. 2023, Algorithm 1: x0 <- argmin |A z - y|^2 + rho_t |z - x0|^2, rho_t = lambda sigma^2 / sigma_t^2.

    sigma_t is the noise level of x_t and sigma that of the observation, both in network units. With
    t_start below the last training step sampling starts from the noised first guess of the operator.
    Unlike the published loop, the last step agrees with the data too.
    """
    denoiser, operator, y = problem.denoiser, problem.operator, problem.y
    alpha_bar = denoiser.alpha_bar
    grid = quadratic(settings.steps, min(settings.t_start, len(alpha_bar) - 1))
    noise_level = max(problem.sigma, SIGMA_FLOOR)
    first = float(alpha_bar[grid[0]])
    x_t = math.sqrt(first) * operator.guess(y) + math.sqrt(1 - first) * problem.noise(problem.zeros())
    x0 = x_t
    for step, t in enumerate(grid, start=1):
        bar = float(alpha_bar[t])
        x0, _ = estimate_x0(problem, x_t, t, bar)
        rho = settings.guidance * noise_level**2 / float(sigma(alpha_bar[t])) ** 2
        x0 = operator.prox(x0, y, rho)
        if step < len(grid):
            following = float(alpha_bar[grid[step]])
            eps = (x_t - math.sqrt(bar) * x0) / math.sqrt(1 - bar)
            fresh = math.sqrt(settings.zeta) * problem.noise(x0)
            noise = math.sqrt(1 - settings.zeta) * eps + fresh
            x_t = math.sqrt(following) * x0 + math.sqrt(1 - following) * noise
        yield Sample(step, len(grid), t, x_t, x0)
    return x0
