"""RePaint: unconditional diffusion in the holes, the photo's own pixels pasted around them at every step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import torch

from adir_desktop.contract import Degradation, Option
from adir_desktop.engine.samplers.ancestral import ancestral_step
from adir_desktop.engine.samplers.base import Problem, Sample, Settings, Trajectory
from adir_desktop.engine.samplers.row import SamplerRow
from adir_desktop.engine.samplers.schedule import Spaced, respaced
from adir_desktop.engine.samplers.seen import Seen, only_holes


@dataclass(frozen=True)
class RePaintSettings(Settings):
    """steps: of the respaced chain, not of the run. jump: levels up at a time, j. resamplings: how often a
    stretch of j levels is denoised, r.
    """

    jump: int = 10
    resamplings: int = 10


@torch.inference_mode()
def repaint(problem: Problem, settings: RePaintSettings) -> Trajectory:
    """Lugmayr et al. 2022, Algorithm 1, resampling as in their appendix B: now and then j levels up again, so
    that the hole and its surroundings come to agree.

    The paste comes before a step, at the level of its x_t. In noisy photos it ends where x_t gets cleaner
    than they are; without noise the result holds the seen pixels themselves.
    """
    seen = Seen.of(problem)
    chain = Spaced.of(problem.denoiser.alpha_bar, respaced(settings.steps, len(problem.denoiser.alpha_bar)))
    walk = levels(settings)
    total = evaluations(settings)
    step = 0
    x_t = problem.noise(problem.zeros())
    for here, there in pairwise(walk):
        if there > here:
            beta = chain.beta[there]
            x_t = math.sqrt(1 - beta) * x_t + math.sqrt(beta) * problem.noise(x_t)
            continue
        if step:
            x_t = seen.paste(x_t, chain.alpha_bar[here], problem.noise(x_t))
        x0, x_t = ancestral_step(problem, chain, here, x_t)
        step += 1
        yield Sample(step, total, chain.index[here], x_t, seen.exact(x0))
    return seen.exact(x_t)


def levels(settings: RePaintSettings) -> list[int]:
    """The levels of x along a run: from steps - 1 down to -1, which is the clean picture.

    At every multiple of j, all but the last j levels, the walk climbs j levels r - 1 times before it goes on.
    """
    climbs = dict.fromkeys(range(0, settings.steps - settings.jump, settings.jump), settings.resamplings - 1)
    walk = [settings.steps - 1]
    while walk[-1] >= 0:
        walk.append(walk[-1] - 1)
        if climbs.get(walk[-1], 0):
            climbs[walk[-1]] -= 1
            walk += range(walk[-1] + 1, walk[-1] + settings.jump + 1)
    return walk


def evaluations(settings: RePaintSettings) -> int:
    """Steps down: one of the network each."""
    walk = levels(settings)
    return sum(there < here for here, there in pairwise(walk))


def supports(degradation: Degradation) -> str:
    """It pastes what is seen into the result: that must not be blurred, reduced or grey."""
    if only_holes(degradation):
        return ""
    return "RePaint only fills holes: whatever lies outside them must be as it should be."


ROW = SamplerRow(
    "RePaint",
    "Fills holes only: the photo is pasted around them, and they are drawn again until both agree.",
    "Lugmayr et al.: RePaint, CVPR 2022",
    repaint,
    evaluations=evaluations,
    #                          steps  j   r
    published={"": RePaintSettings(250, jump=10, resamplings=10)},  # 2410 evaluations
    quick={"": RePaintSettings(25, jump=5, resamplings=4)},  # 85 evaluations
    options=(
        Option("jump", "Jump", "How many noise levels it climbs at a time", 1, 100, whole=True),
        Option("resamplings", "Resampling", "How often each stretch is drawn again", 1, 50, whole=True),
    ),
    supports=supports,
)  # fmt: skip
