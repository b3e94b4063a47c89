"""One pass of the network over a noisy photo: the mean of all that it could have been, not one of them."""

from __future__ import annotations

import torch

from adir_desktop.contract import Degradation
from adir_desktop.engine.samplers.base import Problem, Sample, Settings, Trajectory
from adir_desktop.engine.samplers.pnp_admm import denoised, nearest
from adir_desktop.engine.samplers.row import SamplerRow


@torch.inference_mode()
def one_pass(problem: Problem, settings: Settings) -> Trajectory:
    """x0 at the step whose noise level is the photo's: E[x | y], the answer of least squared error.

    A denoiser in a single pass, as DnCNN (Zhang et al. 2017), made of the diffusion prior.
    """
    del settings
    t = nearest(problem.denoiser.alpha_bar, problem.sigma)
    y = problem.operator.guess(problem.y)  # grown to a size that the network takes
    x0 = denoised(problem, y, t)
    yield Sample(1, 1, t, y, x0)
    return x0


def _supports(degradation: Degradation) -> str:
    """Fading is undone beforehand; any other fault would stay."""
    if any(step.kind != "fade" for step in degradation.steps):
        return "One pass takes away noise, and no other fault."
    return "" if degradation.noise_std > 0 else "There is no noise to take away."


ROW = SamplerRow(
    "Denoise once",
    "One pass of the network: noise only, at once; smoother and nearer to the truth than a sample.",
    "a single pass as in DnCNN, Zhang et al., TIP 2017",
    one_pass,
    evaluations=lambda _: 1,
    published={"": Settings(1)},
    quick={"": Settings(1)},
    supports=_supports,
    draws=False,
    most_steps=1,
)
