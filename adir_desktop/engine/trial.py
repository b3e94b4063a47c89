"""A rehearsal on photos kept out of training: damage them as the person's photo was, restore, compare."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from adir_desktop.contract import Degradation
from adir_desktop.engine.events import result_of
from adir_desktop.engine.holdout import CROPS, Judge, crop
from adir_desktop.engine.operators import Fade, build_operator, restored_size
from adir_desktop.engine.priors.base import Denoiser, Prediction
from adir_desktop.engine.samplers import Problem, Settings, find_sampler, seeded_noise
from adir_desktop.engine.tensors import network_sigma
from adir_desktop.interrupt import check

MOST_STEPS = 12  # a rehearsal need not be the performance


@dataclass(frozen=True)
class Unmerged:
    """A network in training as a denoiser; autocast covers the network alone, not the operator's sums."""

    net: nn.Module
    alpha_bar: Tensor
    multiple_of: int
    dtype: torch.dtype

    def predict(self, x_t: Tensor, t: int) -> Prediction:
        check()
        with torch.autocast(x_t.device.type, self.dtype, enabled=self.dtype != torch.float32):
            output = self.net(x_t, t, return_dict=False)[0].float()
        return Prediction.of(output)


def rehearsal(
    degradation: Degradation,
    sampler: str,
    settings: Settings,
    prior: Denoiser,
    device: torch.device,
    dtype: torch.dtype,
) -> Judge | None:
    """How well a network restores pictures that suffered the same, as the log of the squared error.

    Holes are left out of the damage: they belong to one photo. None where nothing else is wrong.
    """
    steps = tuple(step for step in degradation.steps if step.kind != "mask")
    if all(step.kind == "fade" for step in steps) and degradation.noise_std == 0:
        return None
    damage = Degradation(steps, degradation.noise_std)
    factor = restored_size(damage, 1, 1)[0]
    fade = Fade.of(damage)  # undone before sampling: what is left of it is stronger noise
    sigma = network_sigma(damage.noise_std) * (fade.amplification if fade else 1.0)
    short = replace(settings, steps=min(settings.steps, MOST_STEPS))

    def judge(net: nn.Module, pictures: Sequence[Tensor], side: int) -> float:
        generator = torch.Generator().manual_seed(0)
        z = torch.cat([crop(p, side, generator) for p in pictures for _ in range(CROPS)])
        operator = build_operator(
            damage, side // factor, side // factor, multiple_of=prior.multiple_of, device=device
        )
        y = operator.forward(z.to(device))
        y = y + sigma * torch.randn(y.shape, generator=generator).to(device)
        denoiser = Unmerged(net, prior.alpha_bar, prior.multiple_of, dtype)
        problem = Problem(denoiser, operator, y, sigma, seeded_noise(0, device))
        trajectory = find_sampler(sampler).run(problem, short)
        return math.log(float((result_of(trajectory).clamp(-1, 1).cpu() - z).square().mean()))

    return judge
