"""DDNM: what the operator sees is taken from the photo, what it does not see from the prior."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from adir_desktop.contract import Degradation, Option
from adir_desktop.engine.operators import has_svd
from adir_desktop.engine.samplers.base import Problem, Sample, Settings, Trajectory, estimate_x0
from adir_desktop.engine.samplers.ddrm import DDRMSettings, Spectrum, decomposed, in_words
from adir_desktop.engine.samplers.repaint import RePaintSettings, levels
from adir_desktop.engine.samplers.row import SamplerRow
from adir_desktop.engine.samplers.schedule import strided

Follow = Callable[[Tensor, Tensor, float], Tensor]  # (x0, eps, alpha_bar of the next level) -> x there


@dataclass(frozen=True)
class DDNMSettings(Settings):
    """steps: levels of noise, not of the run. eta: the share of fresh noise. travel: levels up at a time, l.
    repeats: how often a stretch of l levels is walked, r; 1 is never back.
    """

    eta: float = 0.85
    travel: int = 1
    repeats: int = 1


@torch.inference_mode()
def ddnm(problem: Problem, settings: DDNMSettings) -> Trajectory:
    """Wang et al. 2023, Algorithms 1 and 2; for noisy photos DDNM+ (section 3.3, with the SVD of A).

    Without noise x0 <- x0 - A^+ (A x0 - y), and eps stays that of x_t. With noise each singular direction is
    corrected and noised anew as its own noise sigma / s allows: DDRM's rule with eta_b = 1.

    Raises:
        RequestError: the photo is noisy and the operator has no singular value decomposition.
    """
    alpha_bar = problem.denoiser.alpha_bar
    times = strided(settings.steps, len(alpha_bar))
    follow = _noisy(problem, settings) if problem.sigma > 0 else _noiseless(problem, settings)
    walk = _walk(settings)
    total = evaluations(settings)
    step = 0
    x_t = problem.noise(problem.zeros())
    for here, there in pairwise(walk):
        bar = float(alpha_bar[times[here]])
        following = float(alpha_bar[times[there]]) if there >= 0 else 1.0
        if there > here:
            share = following / bar
            x_t = math.sqrt(share) * x_t + math.sqrt(1 - share) * problem.noise(x_t)
            continue
        x0, prediction = estimate_x0(problem, x_t, times[here], bar)
        x_t = follow(x0, prediction.eps, following)
        step += 1
        yield Sample(step, total, times[here], x_t, x0)
    return x_t


def _noiseless(problem: Problem, settings: DDNMSettings) -> Follow:
    correct = _null_space(problem)

    def follow(x0: Tensor, eps: Tensor, following: float) -> Tensor:
        noise = settings.eta * problem.noise(x0) + math.sqrt(1 - settings.eta**2) * eps
        return math.sqrt(following) * correct(x0) + math.sqrt(1 - following) * noise

    return follow


def _null_space(problem: Problem) -> Callable[[Tensor], Tensor]:
    """x0 -> A^+ y + (I - A^+ A) x0, all but the smallest singular values inverted where they are known."""
    operator, y = problem.operator, problem.y
    known = operator.svd()
    if known is None:
        return lambda x0: x0 - operator.pinv(operator.forward(x0) - y)
    spectrum = Spectrum.of(problem, known)
    svd = spectrum.svd
    return lambda x0: svd.picture(torch.where(svd.singular > 0, spectrum.data, svd.coefficients(x0)))


def _noisy(problem: Problem, settings: DDNMSettings) -> Follow:
    spectrum = Spectrum.of(problem, decomposed(problem))
    svd = spectrum.svd
    rule = DDRMSettings(settings.steps, eta=settings.eta)

    def follow(x0: Tensor, eps: Tensor, following: float) -> Tensor:
        sigma = math.sqrt((1 - following) / following)
        c0 = svd.coefficients(x0)
        scaled = spectrum.follow(c0, svd.coefficients(eps), sigma, problem.noise(c0), rule)
        return math.sqrt(following) * svd.picture(scaled)

    return follow


def _walk(settings: DDNMSettings) -> list[int]:
    """The levels of x along a run; time travel climbs where RePaint does."""
    return levels(RePaintSettings(settings.steps, jump=settings.travel, resamplings=settings.repeats))


def evaluations(settings: DDNMSettings) -> int:
    """Steps down: one of the network each."""
    walk = _walk(settings)
    return sum(there < here for here, there in pairwise(walk))


def supports(degradation: Degradation) -> str:
    """What has singular values in closed form; of the rest, only what can be inverted without harm."""
    if has_svd(degradation):
        return ""
    if degradation.noise_std > 0:
        return (
            f"DDNM needs singular values in closed form for noisy photos; {in_words(degradation)} has none."
        )
    if any(step.kind == "blur" for step in degradation.steps):
        return f"DDNM needs singular values in closed form to undo a blur; {in_words(degradation)} has none."
    return ""


ROW = SamplerRow(
    "DDNM",
    "What the photo shows is kept, what it does not show is drawn: best for photos without noise.",
    "Wang et al.: Denoising Diffusion Null-Space Model, ICLR 2023",
    ddnm,
    evaluations=evaluations,
    #                       steps  eta        l         r
    published={"": DDNMSettings(100, eta=0.85, travel=1, repeats=1)},  # section 4; configs/*.yml
    quick={
        "upscale": DDNMSettings(50, eta=1.0),  # two photos, 128 px, the embedded model: +0.7 dB
        "":        DDNMSettings(50, eta=0.85),
    },
    options=(
        Option("eta", "Fresh noise", "How much of the noise is drawn anew at each step"),
        Option("travel", "Time travel", "How many noise levels it climbs back at a time", 1, 100, whole=True),
        Option("repeats", "Repeats", "How often each stretch is drawn again; 1 is once", 1, 50, whole=True),
    ),
    supports=supports,
)  # fmt: skip
