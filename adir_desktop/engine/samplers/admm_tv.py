"""Total variation by ADMM: no network, an exact optimum; what a restoration without learning can do."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from adir_desktop.contract import Option
from adir_desktop.engine.operators.conjugate_gradient import conjugate_gradient, dot
from adir_desktop.engine.samplers.base import Problem, Sample, Settings, Trajectory
from adir_desktop.engine.samplers.diffpir import SIGMA_FLOOR
from adir_desktop.engine.samplers.row import SamplerRow

SOLVED = 1e-5  # relative residual of the linear systems; the next round begins where the last one ended
RELAXED = 1.8  # over-relaxation, of 1 to 2: about half the steps
LEAST = 1e-6  # lambda: with none at all, nothing would be said of what was not observed
MOST_INNER = 30  # iterations of conjugate gradients in a round
KINDS: dict[str, tuple[int, ...]] = {  # over which axes of (2, B, 3, H, W) a gradient's length is taken
    "isotropic":   (0,),    # both directions
    "anisotropic": (),      # neither: |dx| + |dy|
    "colour":      (0, 2),  # both directions and all channels: edges of the channels come to lie together
}  # fmt: skip


@dataclass(frozen=True)
class TVSettings(Settings):
    """steps: at most so many. guidance: lambda, in units of the photo's noise. kind: of KINDS.

    rho: of ADMM, in units of lambda for pictures in [0, 1]; it decides how fast it is, not what comes out.
    tolerance: of the relative residuals, at which it ends; 0 runs all steps.
    """

    guidance: float = 1.0
    kind: str = "isotropic"
    rho: float = 30.0
    tolerance: float = 3e-5


@torch.inference_mode()
def admm_tv(problem: Problem, settings: TVSettings) -> Trajectory:
    """Minimises 1/2 |A x - y|^2 + lambda |D x| (Rudin, Osher, Fatemi 1992) by ADMM (Boyd et al. 2011, 3.1).

    z stands for D x, differences to the pixel below and to the right, 0 at the last row and column:
    (A^T A + rho D^T D) x = A^T y + rho D^T (z - u),  z = shrink(D x + u, lambda / rho),  u += D x - z.
    A picture of the batch rests as soon as its primal and dual residuals are small.
    """
    operator, y = problem.operator, problem.y
    weight = max(settings.guidance * max(problem.sigma, SIGMA_FLOOR), LEAST)
    rho = settings.rho * weight / 2  # lambda of [-1, 1] is twice that of [0, 1]
    gain, axes = operator.norm2(y), KINDS[settings.kind]

    def normal(v: Tensor) -> Tensor:
        return operator.adjoint(operator.forward(v)) + rho * divergence(gradient(v))

    x = operator.guess(y)
    z = gradient(x)
    u = torch.zeros_like(z)
    b = operator.adjoint(y)
    precondition = smoother(x, gain, rho)
    resting = torch.zeros(len(x), 1, 1, 1, dtype=torch.bool, device=x.device)
    for step in range(1, settings.steps + 1):
        right = b + rho * divergence(z - u)
        enough = SOLVED**2 * dot(right, right)
        change = conjugate_gradient(
            normal, right - normal(x), precondition, enough=enough, iterations=MOST_INNER
        )
        x = torch.where(resting, x, x + change)
        d = gradient(x)
        relaxed = RELAXED * d + (1 - RELAXED) * z
        before, z = z, torch.where(resting, z, shrink(relaxed + u, weight / rho, axes))
        u = torch.where(resting, u, u + relaxed - z)
        yield Sample(step, settings.steps, 0, x, x)
        resting = resting | _settled(d, z, before, u, settings.tolerance)
        if bool(resting.all()):
            break
    return x


def gradient(x: Tensor) -> Tensor:
    """D x, (2, B, C, H, W): differences to the pixel below, and to the one on the right."""
    d = x.new_zeros((2, *x.shape))
    d[0, ..., :-1, :] = x[..., 1:, :] - x[..., :-1, :]
    d[1, ..., :-1] = x[..., 1:] - x[..., :-1]
    return d


def divergence(d: Tensor) -> Tensor:
    """D^T d, (B, C, H, W)."""
    x = torch.zeros_like(d[0])
    x[..., :-1, :] -= d[0, ..., :-1, :]
    x[..., 1:, :] += d[0, ..., :-1, :]
    x[..., :-1] -= d[1, ..., :-1]
    x[..., 1:] += d[1, ..., :-1]
    return x


def shrink(d: Tensor, threshold: float, axes: tuple[int, ...]) -> Tensor:
    """argmin_z threshold |z| + 1/2 |z - d|^2, |z| the sum of the lengths taken over `axes`."""
    length = torch.linalg.vector_norm(d, dim=axes, keepdim=True) if axes else d.abs()
    return d * (1 - threshold / length.clamp_min(threshold))


def smoother(x: Tensor, gain: float, rho: float) -> Callable[[Tensor], Tensor]:
    """(gain + rho D^T D)^-1, exact: D^T D is diagonal for the picture mirrored about its edges."""
    height, width = x.shape[-2:]
    rows, columns = (
        2 - 2 * torch.cos(math.pi * torch.arange(count, dtype=x.dtype, device=x.device) / n)
        for count, n in ((2 * height, height), (width + 1, width))
    )
    power = gain + rho * (rows[:, None] + columns[None, :])

    def smooth(r: Tensor) -> Tensor:
        mirrored = torch.cat([r, r.flip(-2)], -2)
        mirrored = torch.cat([mirrored, mirrored.flip(-1)], -1)
        solved: Tensor = torch.fft.irfft2(torch.fft.rfft2(mirrored) / power, s=mirrored.shape[-2:])
        return solved[..., :height, :width]

    return smooth


def _settled(d: Tensor, z: Tensor, before: Tensor, u: Tensor, tolerance: float) -> Tensor:
    """(B, 1, 1, 1): |D x - z| and rho |D^T (z - z_before)| are small beside what they are differences of."""

    def norm(a: Tensor) -> Tensor:
        return a.square().sum(dim=(-3, -2, -1), keepdim=True).sqrt()

    primal = (d - z).square().sum(dim=(0, 2, 3, 4)).sqrt()
    scale = torch.maximum(d.square().sum(dim=(0, 2, 3, 4)), z.square().sum(dim=(0, 2, 3, 4))).sqrt()
    dual, dual_scale = norm(divergence(z - before)), norm(divergence(u))
    small = (primal <= tolerance * scale)[:, None, None, None] & (dual <= tolerance * dual_scale)
    return small if tolerance > 0 else torch.zeros_like(small)


ROW = SamplerRow(
    "Total variation",
    "No network: edges kept, what lies between them smoothed flat. Repeatable to the last digit.",
    "Rudin, Osher, Fatemi 1992; ADMM as in Boyd et al. 2011",
    admm_tv,
    evaluations=lambda _: 0,
    length=lambda settings: settings.steps,
    published={  # lambda 0.02 and 0.05 for noise of 0.05, pictures in [0, 1]
        #                      steps lambda
        "deblur":   TVSettings(500,  0.4),
        "":         TVSettings(500,  1.0),
    },
    quick={  # chosen on photos: all colours at once gains 0.1 to 0.9 dB
        #                      steps lambda kind      rho   tolerance
        "denoise":  TVSettings(60,   1.0,   "colour", 30.0, 1e-3),
        "":         TVSettings(60,   0.25,  "colour", 30.0, 1e-3),
    },
    guidance="lambda",
    options=(
        Option(
            "kind",
            "Kind",
            "How a step in brightness is measured: round, along the axes, or over all colours at once",
            choices=tuple(KINDS),
        ),
        Option("rho", "Penalty", "Decides how fast it settles, not what comes out", 0.1, 1000),
        Option("tolerance", "Tolerance", "It ends when a step changes less than this", 0, 0.1),
    ),
    passes=0.0,
    adapts=False,
    draws=False,
    most_steps=5000,
)  # fmt: skip
