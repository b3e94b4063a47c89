"""DPS: every reverse step is pulled towards the data, by a gradient that goes back through the network."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from adir_desktop.engine.priors.base import Prediction
from adir_desktop.engine.samplers.ancestral import LAST, START, Reverse, begin, steady
from adir_desktop.engine.samplers.base import Problem, Sample, Settings, Trajectory, estimate_x0
from adir_desktop.engine.samplers.row import SamplerRow

NEGLIGIBLE = 1e-8  # |y - A x0|: agreement already, and no direction left
PUBLISHED_VALUES = 3 * 256**2  # of the pictures that the published zeta was tuned for


@dataclass(frozen=True)
class DPSSettings(Settings):
    """guidance: zeta, as published for 1000 steps and pictures of 256 x 256. t_start: the training step to
    begin at.
    """

    guidance: float = 0.3
    t_start: int = LAST


@torch.no_grad()
def dps(problem: Problem, settings: DPSSettings) -> Trajectory:
    """Chung et al. 2023, Algorithm 1, with the norm of the authors' code: x_(t-1) = x' - zeta grad |y - A x0(x_t)|.

    x' is the ancestral step; the norm is each picture's own, not squared. The norm's gradient is spread
    over all values of a picture, and there is one in each step: zeta is scaled so that a published number
    means the same for other sizes and fewer steps.

    Raises:
        RequestError: zeta is too large for so few steps.
    """
    chain, x_t = begin(problem, settings.steps, settings.t_start)
    total = len(chain.index)
    zeta = settings.guidance * scale((chain.index[-1] + 1) / total, problem.operator.in_shape)
    for i in reversed(range(total)):
        t = chain.index[i]
        x0, prediction, gradient = misfit_gradient(problem, x_t, t, chain.alpha_bar[i])
        reverse = Reverse.of(chain, i, x_t, prediction)
        x_t = steady((reverse.draw(problem.noise) if i else reverse.mean) - zeta * gradient)
        yield Sample(total - i, total, t, x_t, x0)
    return x_t


def scale(stride: float, shape: tuple[int, int, int]) -> float:
    """1 for the published setting: every training step, pictures of 256 x 256 in three channels."""
    return stride * math.sqrt(math.prod(shape) / PUBLISHED_VALUES)


def misfit_gradient(
    problem: Problem, x_t: Tensor, t: int, alpha_bar: float
) -> tuple[Tensor, Prediction, Tensor]:
    """x0, the prediction, and the gradient of |y - A x0(x_t)| in x_t, through the network and the clipping.

    With J = dx0/dx_t it is J^T A^T (A x0 - y) / |A x0 - y|: only J^T needs a pass back. 0 for a picture that
    agrees already.
    """
    with torch.inference_mode(mode=False), torch.enable_grad():  # a caller's own mode would record nothing
        x = x_t.detach().clone().requires_grad_()
        x0, prediction = estimate_x0(problem, x, t, alpha_bar)
    residual = problem.operator.forward(x0.detach()) - problem.y
    length = residual.flatten(1).norm(dim=1).view(-1, 1, 1, 1)
    unit = torch.where(length > NEGLIGIBLE, residual / length.clamp_min(NEGLIGIBLE), 0.0)
    (gradient,) = torch.autograd.grad(x0, x, problem.operator.adjoint(unit))
    logits = prediction.variance_logits
    plain = Prediction(prediction.eps.detach(), None if logits is None else logits.detach())
    return x0.detach(), plain, gradient


ROW = SamplerRow(
    "DPS",
    "Looks back through the network at every step: slow, needs memory, sharp.",
    "Chung et al.: Diffusion Posterior Sampling, ICLR 2023",
    dps,
    evaluations=lambda settings: min(settings.steps, settings.t_start + 1),
    published={  # the authors' configurations
        #                       steps zeta
        "inpaint":  DPSSettings(1000, 0.5),  # random pixels
        "":         DPSSettings(1000, 0.3),  # x4, Gaussian and motion blur
    },
    quick={  # tried on four photos, 128 px, with the embedded model: +1.4 dB at x4 against 50, 1.0, 999
        #                      steps zeta t_start
        "inpaint":  DPSSettings(30,  1.0, 500),
        "denoise":  DPSSettings(30,  1.0, 500),
        "":         DPSSettings(20,  3.0, 200),
    },
    guidance="zeta",
    options=(START,),
    passes=4.0,  # measured on a processor: 2.2 in float32, 5.3 in bf16; one more where windows are asked twice
    goes_back=True,
)  # fmt: skip
