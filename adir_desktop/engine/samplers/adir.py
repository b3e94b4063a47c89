"""ADIR guided sampling: measurement guidance without backpropagation through the network."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from adir_desktop.engine.samplers.base import Problem, Sample, Settings, Trajectory, estimate_x0
from adir_desktop.engine.samplers.row import SamplerRow
from adir_desktop.engine.samplers.schedule import Spaced, respaced

PAPER_RESIDUAL_FROM = 500  # steps; with fewer, y_t and mu belong to noise levels too far apart
OVERSHOOT = 1.0  # cap on 2 s Sigma |A|^2: the residual may vanish in a step, never change sign


@torch.inference_mode()
def adir(problem: Problem, settings: Settings) -> Trajectory:
    """Algorithm 1 of ADIR (Abu-Hussein et al., TMLR), with one network evaluation a step.

    The gradient of |A mu - y_t|^2 moves the mean of the reverse step. Three things are settled here
    that the paper leaves open: the adjoint is scaled to unit gain (A^T / |A|^2), so that s means the
    same for every operator; below 500 steps the residual is taken at x0, which has no lag between
    noise levels; and s is capped so that a step never overshoots, nor weighs the data more than
    their own Gaussian likelihood 1 / (2 sigma^2) does.
    """
    denoiser, operator, y = problem.denoiser, problem.operator, problem.y
    chain = Spaced.of(denoiser.alpha_bar, respaced(settings.steps, len(denoiser.alpha_bar)))
    norm2 = operator.norm2(y)
    x_t = problem.noise(problem.zeros())
    for i in reversed(range(settings.steps)):
        t, alpha_bar, beta = chain.index[i], chain.alpha_bar[i], chain.beta[i]
        x0, prediction = estimate_x0(problem, x_t, t, alpha_bar)
        mu = (x_t - beta / math.sqrt(1 - alpha_bar) * prediction.eps) / math.sqrt(1 - beta)
        variance = _variance(prediction.variance_logits, beta, chain.beta_tilde[i])
        if settings.steps >= PAPER_RESIDUAL_FROM:
            y_t = math.sqrt(alpha_bar) * y + math.sqrt(1 - alpha_bar) * operator.forward(prediction.eps)
            residual = operator.forward(mu) - y_t
        else:
            previous = chain.alpha_bar[i - 1] if i else 1.0
            residual = math.sqrt(previous) * (operator.forward(x0) - y)
        s = settings.guidance / norm2
        if problem.sigma > 0:
            s = min(s, 1 / (2 * alpha_bar * problem.sigma**2))
        weight = (s * variance).clamp(max=OVERSHOOT / (2 * norm2))
        x_t = mu - 2 * weight * operator.adjoint(residual)
        if i:
            x_t = x_t + variance.sqrt() * problem.noise(x_t)
        yield Sample(settings.steps - i, settings.steps, t, x_t, x0)
    return x_t


def _variance(logits: Tensor | None, beta: float, beta_tilde: float) -> Tensor:
    """Sigma of the reverse step: learnt, between log beta_tilde and log beta, or beta_tilde itself."""
    if logits is None:
        return torch.tensor(beta_tilde, dtype=torch.float64)
    share = (logits + 1) / 2
    return torch.exp(share * math.log(beta) + (1 - share) * math.log(beta_tilde))


ROW = SamplerRow(
    "ADIR guidance",
    "Algorithm 1 of the ADIR paper: many small guided steps.",
    "Abu-Hussein, Tirer, Giryes: ADIR, TMLR",
    adir,
    evaluations=lambda settings: settings.steps,
    #                   steps  s
    published={"": Settings(1000, 10.0)},  # table 1
    quick={"": Settings(100, 10.0)},  # the x0 residual keeps few steps stable
    guidance="s",
)
