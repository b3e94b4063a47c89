"""Plug-and-play: a learned denoiser in the place of the prior's proximal step. Nothing is drawn at random."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from adir_desktop.contract import Option
from adir_desktop.engine.samplers.base import Problem, Sample, Settings, Trajectory, estimate_x0
from adir_desktop.engine.samplers.diffpir import SIGMA_FLOOR
from adir_desktop.engine.samplers.row import SamplerRow
from adir_desktop.engine.samplers.schedule import sigma
from adir_desktop.engine.tensors import network_sigma


@dataclass(frozen=True)
class PnPSettings(Settings):
    """guidance: lambda in rho = lambda sigma_y^2 / sigma_d^2; with 1 a Gaussian prior gives its posterior mean.

    mode: "anneal", half-quadratic splitting with sigma_d falling from `strength` to the photo's noise, or
    "admm", sigma_d staying at `strength`; of 255. damping: the share of each dual step that is left out;
    it does not move the fixed point, and tames denoisers that are not quite proximal maps.
    """

    guidance: float = 0.23
    mode: str = "anneal"
    strength: float = 49.0
    damping: float = 0.0


@torch.inference_mode()
def pnp_admm(problem: Problem, settings: PnPSettings) -> Trajectory:
    """Minimises 1/2 |A x - y|^2 + g(x), where D, the prior's x0 at noise level sigma_d, stands for the prox of g.

    "admm": Venkatakrishnan et al. 2013, x <- prox(z - u), z <- D(x + u), u <- u + x - z.
    "anneal": the same with u = 0 and falling sigma_d, DPIR (Zhang et al., TPAMI 2021, Algorithm 1).
    Both begin at the operator's first guess, so that no hole begins at nothing.
    """
    operator, y = problem.operator, problem.y
    grid = times(settings, problem.denoiser.alpha_bar, problem.sigma)
    rho_at = rhos(settings, problem.denoiser.alpha_bar, problem.sigma)
    dual_step = 1 - settings.damping if settings.mode == "admm" else 0.0
    z = operator.guess(y)
    u = torch.zeros_like(z)
    for step, (t, rho) in enumerate(zip(grid, rho_at, strict=True), start=1):
        x = operator.prox(z - u, y, rho)
        z = denoised(problem, x + u, t)
        u = u + dual_step * (x - z)
        yield Sample(step, len(grid), t, x, z)
    return z


def denoised(problem: Problem, v: Tensor, t: int) -> Tensor:
    """D(v): x0 of a picture whose noise is that of step t; x_t = sqrt(alpha_bar) v."""
    alpha_bar = float(problem.denoiser.alpha_bar[t])
    return estimate_x0(problem, math.sqrt(alpha_bar) * v, t, alpha_bar)[0]


def nearest(alpha_bar: Tensor, level: float) -> int:
    """The step t whose noise level, of x_t / sqrt(alpha_bar_t), is the nearest to `level` (network units)."""
    return int((sigma(alpha_bar) - level).abs().argmin())


def times(settings: PnPSettings, alpha_bar: Tensor, noise: float) -> list[int]:
    """The step of each denoising; noise: of the observation, in network units."""
    first, last = network_sigma(settings.strength), max(noise, SIGMA_FLOOR)
    if settings.mode == "admm":
        last = first
    first = max(first, last)
    share = [i / max(settings.steps - 1, 1) for i in range(settings.steps)]
    return [nearest(alpha_bar, first ** (1 - s) * last**s) for s in share]


def rhos(settings: PnPSettings, alpha_bar: Tensor, noise: float) -> list[float]:
    """Every rho = lambda sigma_y^2 / sigma_d^2 at each denoising, of the sigma_d that the step really has."""
    level = max(noise, SIGMA_FLOOR)
    return [
        settings.guidance * level**2 / float(sigma(alpha_bar[t])) ** 2
        for t in times(settings, alpha_bar, noise)
    ]


ROW = SamplerRow(
    "Plug-and-play ADMM",
    "Agree with the photo, denoise, repeat: no chance in it, smooth and faithful.",
    "Venkatakrishnan et al., GlobalSIP 2013; DPIR, Zhang et al., TPAMI 2021",
    pnp_admm,
    evaluations=lambda settings: settings.steps,
    published={  # DPIR: 8 steps sharpen, 24 enlarge; sigma_d from 49 of 255
        #                       steps lambda
        "upscale":  PnPSettings(24,   0.23),
        "":         PnPSettings(8,    0.23),
    },
    quick={  # chosen on photos: enlarging and holes want more steps, pure noise less of what came before
        #                       steps lambda
        "upscale":  PnPSettings(24,   0.23),
        "denoise":  PnPSettings(8,    0.03),
        "inpaint":  PnPSettings(20,   0.23),
        "":         PnPSettings(8,    0.23),
    },
    guidance="lambda",
    options=(
        Option(
            "mode", "Kind", "anneal: the denoiser grows gentler; admm: it stays", choices=("anneal", "admm")
        ),
        Option("strength", "Denoiser", "The noise it takes away, at first or throughout, of 255", 1, 255),
        Option("damping", "Damping", "Slows admm down where it does not settle", 0, 0.99),
    ),
    rhos=rhos,
    draws=False,
)  # fmt: skip
