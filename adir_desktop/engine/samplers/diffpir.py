"""DiffPIR: denoise, agree with the data in closed form, put noise back; few evaluations, no gradient."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from adir_desktop.contract import Option
from adir_desktop.engine.samplers.ancestral import LAST, START, noised
from adir_desktop.engine.samplers.base import Problem, Sample, Settings, Trajectory, estimate_x0
from adir_desktop.engine.samplers.row import SamplerRow
from adir_desktop.engine.samplers.schedule import quadratic, sigma

SIGMA_FLOOR = 0.01  # network units, about 1.3 of 255: rounding to 8 bits, and the prior's own error


@dataclass(frozen=True)
class DiffPIRSettings(Settings):
    """guidance: lambda. t_start: the training step to begin at, below the last one from the noised first
    guess. zeta: the share of fresh noise in a step.
    """

    guidance: float = 1.0
    t_start: int = LAST
    zeta: float = 1.0


@torch.inference_mode()
def diffpir(problem: Problem, settings: DiffPIRSettings) -> Trajectory:
    """Zhu et al. 2023, Algorithm 1: x0 <- argmin |A z - y|^2 + rho_t |z - x0|^2, rho_t = lambda sigma^2 / sigma_t^2.

    sigma_t is the noise level of x_t and sigma that of the observation, both in network units. With
    t_start below the last training step sampling starts from the noised first guess of the operator.
    Unlike the published loop, the last step agrees with the data too.
    """
    denoiser, operator, y = problem.denoiser, problem.operator, problem.y
    alpha_bar = denoiser.alpha_bar
    grid = times(settings, alpha_bar)
    rho_at = rhos(settings, alpha_bar, problem.sigma)
    x_t = noised(problem, operator.guess(y), float(alpha_bar[grid[0]]))[0]
    x0 = x_t
    for step, t in enumerate(grid, start=1):
        bar = float(alpha_bar[t])
        x0 = estimate_x0(problem, x_t, t, bar)[0]  # what goes with it would be in memory for the whole step
        x0 = operator.prox(x0, y, rho_at[step - 1])
        if step < len(grid):
            following = float(alpha_bar[grid[step]])
            noise = _noise(problem, x_t, x0, bar, settings.zeta)
            x_t = (math.sqrt(following) * x0).add_(noise.mul_(math.sqrt(1 - following)))
            del noise
        yield Sample(step, len(grid), t, x_t, x0)
    return x0


def _noise(problem: Problem, x_t: Tensor, x0: Tensor, alpha_bar: float, zeta: float) -> Tensor:
    """Of the next step: a share zeta is fresh, the rest is what x_t holds. In place: a photo may be large."""
    eps = (x_t - math.sqrt(alpha_bar) * x0).div_(math.sqrt(1 - alpha_bar))
    return eps.mul_(math.sqrt(1 - zeta)).add_(problem.noise(x0).mul_(math.sqrt(zeta)))


def times(settings: DiffPIRSettings, alpha_bar: Tensor) -> list[int]:
    """The training steps of a run, falling."""
    return quadratic(settings.steps, min(settings.t_start, len(alpha_bar) - 1))


def rhos(settings: DiffPIRSettings, alpha_bar: Tensor, noise: float) -> list[float]:
    """rho_t = lambda sigma^2 / sigma_t^2 at each step; noise: of the observation, in network units."""
    level = max(noise, SIGMA_FLOOR)
    return [
        settings.guidance * level**2 / float(sigma(alpha_bar[t])) ** 2 for t in times(settings, alpha_bar)
    ]


ROW = SamplerRow(
    "DiffPIR",
    "Few steps; agrees with the photo in closed form at each. The everyday choice.",
    "Zhu et al., CVPR workshops 2023",
    diffpir,
    evaluations=lambda settings: len(quadratic(settings.steps, settings.t_start)),
    published={"": DiffPIRSettings(100, 1.0)},  # 100 evaluations from pure noise
    quick={  # chosen on photos of the embedded model's own kind, see "Figures" in the README
        #                           steps lambda t_start
        "upscale":  DiffPIRSettings(20,   0.5,   200),
        "deblur":   DiffPIRSettings(20,   1.0,   200),
        "denoise":  DiffPIRSettings(20,   1.0,   200),
        "inpaint":  DiffPIRSettings(30,   1.0,   500),
        "colorize": DiffPIRSettings(30,   1.0,   500),
        "":         DiffPIRSettings(20,   1.0,   300),
    },
    guidance="lambda",
    options=(
        START,
        Option("zeta", "Fresh noise", "How much of the noise is drawn anew at each step"),
    ),
    rhos=rhos,
)  # fmt: skip
