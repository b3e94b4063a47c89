"""ADIR guided sampling: measurement guidance without backpropagation through the network."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from adir_desktop.contract import Option
from adir_desktop.engine.operators.base import LinearOperator
from adir_desktop.engine.samplers.ancestral import LAST, START, Reverse, begin, steady
from adir_desktop.engine.samplers.base import Problem, Sample, Settings, Trajectory, estimate_x0
from adir_desktop.engine.samplers.row import SamplerRow
from adir_desktop.engine.samplers.schedule import Spaced

PAPER_RESIDUAL_FROM = 500  # steps; with fewer, y_t and mu belong to noise levels too far apart
OVERSHOOT = 1.0  # cap on 2 s Sigma |A|^2: the residual may vanish in a step, never change sign


@dataclass(frozen=True)
class ADIRSettings(Settings):
    """guidance: s. t_start: the training step to begin at. residual: what the gradient is taken of, "auto" by
    the number of steps.

    normalize_adjoint: A^T / |A|^2 in place of A^T. cap: s bounded at each step. noise_last: noise at the
    last step too, as Algorithm 1 is printed. Each of these "on" or "off".
    """

    guidance: float = 10.0
    t_start: int = LAST
    residual: str = "auto"
    normalize_adjoint: str = "on"
    cap: str = "on"
    noise_last: str = "off"


@torch.inference_mode()
def adir(problem: Problem, settings: ADIRSettings) -> Trajectory:
    """Algorithm 1 of ADIR (Abu-Hussein et al., TMLR), with one network evaluation a step.

    The gradient of |A mu - y_t|^2 moves the mean of the reverse step. Three things are settled here
    that the paper leaves open: the adjoint is scaled to unit gain (A^T / |A|^2), so that s means the
    same for every operator; below 500 steps the residual is taken at x0, which has no lag between
    noise levels; and s is capped so that a step never overshoots, nor weighs the data more than
    their own Gaussian likelihood 1 / (2 sigma^2) does.

    Raises:
        RequestError: without the cap, s is too large for so few steps.
    """
    operator, y = problem.operator, problem.y
    norm2 = operator.norm2(y)
    chain, x_t = begin(problem, settings.steps, settings.t_start)
    total = len(chain.index)
    for i in reversed(range(total)):
        alpha_bar = chain.alpha_bar[i]
        x0, prediction = estimate_x0(problem, x_t, chain.index[i], alpha_bar)
        reverse = Reverse.of(chain, i, x_t, prediction)
        residual = _residual(operator, y, settings, chain, i, x0, reverse.mean, prediction.eps)
        s = settings.guidance / (norm2 if settings.normalize_adjoint == "on" else 1)
        weight = s * reverse.variance
        if settings.cap == "on":
            weight = _capped(weight, reverse.variance, alpha_bar, problem.sigma, norm2)
        guided = Reverse(reverse.mean - 2 * weight * operator.adjoint(residual), reverse.variance)
        noisy = i > 0 or settings.noise_last == "on"
        x_t = steady(guided.draw(problem.noise) if noisy else guided.mean)
        yield Sample(total - i, total, chain.index[i], x_t, x0)
    return x_t


def _residual(
    operator: LinearOperator,
    y: Tensor,
    settings: ADIRSettings,
    chain: Spaced,
    i: int,
    x0: Tensor,
    mu: Tensor,
    eps: Tensor,
) -> Tensor:
    """A mu - y_t, with y_t = sqrt(alpha_bar) y + sqrt(1 - alpha_bar) A eps of the level of x_t ("paper") or
    of mu ("level-matched"); or, of the level of mu, A x0 - y ("x0").
    """
    kind = settings.residual
    if kind == "auto":
        kind = "paper" if settings.steps >= PAPER_RESIDUAL_FROM else "x0"
    previous = chain.alpha_bar[i - 1] if i else 1.0
    if kind == "x0":
        return math.sqrt(previous) * (operator.forward(x0) - y)
    level = chain.alpha_bar[i] if kind == "paper" else previous
    return operator.forward(mu) - math.sqrt(level) * y - math.sqrt(1 - level) * operator.forward(eps)


def _capped(weight: Tensor, variance: Tensor, alpha_bar: float, sigma: float, norm2: float) -> Tensor:
    """The weight s Sigma, at most what the likelihood of the data would have, and less than what overshoots."""
    if sigma > 0:
        weight = torch.minimum(weight, variance / (2 * alpha_bar * sigma**2))
    return weight.clamp(max=OVERSHOOT / (2 * norm2))


SWITCH = ("on", "off")
ROW = SamplerRow(
    "ADIR guidance",
    "Algorithm 1 of the ADIR paper: many small guided steps.",
    "Abu-Hussein, Tirer, Giryes: ADIR, TMLR",
    adir,
    evaluations=lambda settings: min(settings.steps, settings.t_start + 1),
    #                            steps s
    published={"": ADIRSettings(1000, 10.0)},  # table 1
    quick={  # tried on four photos, 128 px, with the embedded model: +1.2 dB at x4, +1.9 in holes against 100, 10, 999
        #                        steps  s      t_start
        "upscale":  ADIRSettings(60,    200.0, 200),
        "denoise":  ADIRSettings(60,    3.0,   200),
        "":         ADIRSettings(60,    50.0,  200),
    },
    guidance="s",
    options=(
        START,
        Option(
            "residual",
            "Distance to the photo",
            "Where it is measured: as in the paper, at the noise level of the step's end, or at the clean "
            "picture; auto takes the paper's from 500 steps on and the clean picture below",
            choices=("auto", "paper", "level-matched", "x0"),
        ),
        Option(
            "normalize_adjoint",
            "Unit gain",
            "Scales the gradient so that s means the same for every damage. The paper's s is 10; its first "
            "version has 20 for enlarging 8 times",
            choices=SWITCH,
        ),
        Option(
            "cap",
            "Bounded steps",
            "Keeps a step from overshooting and from trusting noisy photos too much; off is Algorithm 1 to "
            "the letter, which needs about 1000 steps",
            choices=SWITCH,
        ),
        Option(
            "noise_last",
            "Noise at the end",
            "The last step draws noise too, as Algorithm 1 is printed; usually its mean is taken",
            choices=SWITCH,
        ),
    ),
)  # fmt: skip
