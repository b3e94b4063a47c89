"""The same prior and the same operators for deepinv's methods: it works in [0, 1] and asks for noise levels."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import torch
from torch import Tensor

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its own imports
    import deepinv
    from deepinv.models import Denoiser as DeepinvDenoiser

from adir_desktop.contract import Degradation, Step
from adir_desktop.engine.operators import LinearOperator, build_operator
from adir_desktop.engine.priors.base import Denoiser
from adir_desktop.engine.samplers import Problem, seeded_noise
from adir_desktop.engine.samplers.schedule import sigma
from tests.engine.gaussian import Gaussian, gaussian_prior

SIDE = 6
TASKS = ("denoise", "inpaint", "blur")


class AsTheirs(DeepinvDenoiser):
    """A diffusion prior as deepinv's D(x, sigma): x in [0, 1], at the training step of the nearest level.

    dtype: the prior's own, where what asks has another.
    """

    def __init__(self, prior: Denoiser, clip: bool = False, dtype: torch.dtype | None = None) -> None:
        super().__init__()
        self.prior = prior
        self.clip = clip
        self.dtype = dtype
        self.levels = sigma(prior.alpha_bar)

    def forward(self, x: Tensor, sigma: float | Tensor, **_: object) -> Tensor:
        level = 2 * float(torch.as_tensor(sigma).flatten()[0])
        if level == 0:
            return x
        t = int((self.levels - level).abs().argmin())
        bar = float(self.prior.alpha_bar[t])
        x_t = bar**0.5 * (2 * x.to(self.dtype or x.dtype) - 1)
        x0 = (x_t - (1 - bar) ** 0.5 * self.prior.predict(x_t, t).eps) / bar**0.5
        return (x0.clamp(-1, 1) if self.clip else x0) / 2 + 0.5


@dataclass(frozen=True)
class Pair:
    """One problem for both. y: ours in [-1, 1]; y_theirs: the same in [0, 1]; sigma: of ours, twice theirs."""

    ours: Problem
    theirs: deepinv.physics.LinearPhysics
    y_theirs: Tensor
    prior: Gaussian


def operators(
    task: str, side: int, dtype: torch.dtype
) -> tuple[LinearOperator, deepinv.physics.LinearPhysics]:
    """The identity, holes, or a 3 x 3 box blur round a torus."""
    missing = torch.rand(side, side, generator=torch.Generator().manual_seed(3)) < 0.4
    steps = {
        "denoise": (),
        "inpaint": (Step("mask"),),
        "blur": (Step("blur", {"kernel": "box:3", "boundary": "circular"}),),
    }[task]
    ours = build_operator(Degradation(steps, 0, missing.numpy()), side, side, dtype=dtype)
    size = (3, side, side)
    seen = (~missing).to(dtype).expand(size).contiguous()
    box = torch.full((1, 3, 3, 3), 1 / 9, dtype=dtype)
    theirs = {
        "denoise": deepinv.physics.Denoising,
        "inpaint": lambda: deepinv.physics.Inpainting(size, mask=seen),
        "blur": lambda: deepinv.physics.BlurFFT(size, filter=box),
    }[task]()
    return ours, theirs


def pair(task: str, count: int, sigma: float, seed: int = 0) -> Pair:
    """`count` copies of one observation of one picture of the Gaussian prior; sigma in [-1, 1]."""
    prior = gaussian_prior(SIDE)
    operator, theirs = operators(task, SIDE, torch.float64)
    x = prior.draw(1, seed=7)
    noise = torch.randn(x.shape, generator=torch.Generator().manual_seed(8), dtype=x.dtype)
    ones = operator.forward(torch.ones_like(x))
    y = operator.forward(x) + sigma * ones.bool() * noise
    y = y.expand(count, -1, -1, -1).contiguous()
    theirs.noise_model = deepinv.physics.GaussianNoise(sigma / 2)
    generator = seeded_noise(seed, torch.device("cpu"))
    ours = Problem(prior, operator, y, sigma, generator, clip_denoised=False)
    return Pair(ours, theirs, (y + ones) / 2, prior)
