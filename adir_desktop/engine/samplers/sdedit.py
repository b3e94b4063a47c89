"""SDEdit: noise upon a first guess, and the reverse diffusion takes it off; the data are not asked again."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from adir_desktop.contract import Option
from adir_desktop.engine.samplers.ancestral import ancestral_step, noised
from adir_desktop.engine.samplers.base import Problem, Sample, Settings, Trajectory
from adir_desktop.engine.samplers.row import SamplerRow
from adir_desktop.engine.samplers.schedule import TRAINING_STEPS, Spaced, respaced
from adir_desktop.engine.samplers.seen import Seen, only_holes


@dataclass(frozen=True)
class SDEditSettings(Settings):
    """steps: of one pass. strength: t0 as a share of the training steps; 0 is the guess itself, 1 forgets it.

    keep: "on" holds the seen pixels of a photo that only has holes. repeats: K, passes in a row.
    """

    strength: float = 0.5
    keep: str = "on"
    repeats: int = 1


@torch.inference_mode()
def sdedit(problem: Problem, settings: SDEditSettings) -> Trajectory:
    """Meng et al. 2022, Algorithms 2 and 3 for variance-preserving diffusion: x_t0 from the guide, then down.

    The guide is the operator's plain first guess, so that no hole is left black. Seen pixels are put back
    before each step with the same noise e throughout a pass, and as they are at the end.
    """
    guide = problem.operator.guess(problem.y)
    grid = times(settings)
    total = max(1, len(grid) * settings.repeats)
    if not grid:
        yield Sample(1, total, 0, guide, guide)
        return guide
    keeps = settings.keep == "on" and problem.degradation is not None and only_holes(problem.degradation)
    seen = Seen.of(problem) if keeps else None
    chain = Spaced.of(problem.denoiser.alpha_bar, grid)
    x_t = guide
    for start in range(0, total, len(grid)):
        x_t, e = noised(problem, x_t, chain.alpha_bar[-1])
        for i in reversed(range(len(grid))):
            if seen:
                x_t = seen.paste(x_t, chain.alpha_bar[i], e)
            x0, x_t = ancestral_step(problem, chain, i, x_t)
            yield Sample(start + len(grid) - i, total, chain.index[i], x_t, seen.exact(x0) if seen else x0)
        x_t = seen.exact(x_t) if seen else x_t
    return x_t


def times(settings: SDEditSettings) -> list[int]:
    """The training steps of a pass, rising: `steps` of those below t0, evenly."""
    below = round(settings.strength * TRAINING_STEPS)
    return respaced(min(settings.steps, below), below) if below else []


def evaluations(settings: SDEditSettings) -> int:
    """Of the network, over all passes."""
    return len(times(settings)) * settings.repeats


ROW = SamplerRow(
    "SDEdit",
    "Puts noise on a first guess and takes it off: a freer repair, which looks at the photo only once.",
    "Meng et al.: SDEdit, ICLR 2022",
    sdedit,
    evaluations=evaluations,
    length=lambda settings: max(1, evaluations(settings)),
    published={
        #                          steps strength keep  K
        "inpaint": SDEditSettings(500, strength=0.5, keep="on", repeats=3),  # the authors' examples
        "":        SDEditSettings(500, strength=0.5),
    },
    quick={  # on photos, fidelity falls with every tenth: just enough to take off blur and noise
        "upscale":  SDEditSettings(50, strength=0.1),
        "deblur":   SDEditSettings(50, strength=0.05),
        "denoise":  SDEditSettings(50, strength=0.07),
        "inpaint":  SDEditSettings(50, strength=0.3),
        "":         SDEditSettings(50, strength=0.1),
    },
    options=(
        Option("strength", "Strength", "How much is made anew: 0 leaves the first guess, 1 forgets it"),
        Option(
            "keep",
            "Keep what is seen",
            "Where the photo only has holes, its other pixels stay as they are",
            choices=("on", "off"),
        ),
        Option("repeats", "Passes", "How often noise is put on and taken off again", 1, 10, whole=True),
    ),
)  # fmt: skip
