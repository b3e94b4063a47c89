"""The seen pixels of a photo whose only fault is holes, at any level of noise."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from adir_desktop.contract import Degradation
from adir_desktop.engine.samplers.base import Problem


@dataclass(frozen=True)
class Seen:
    """mask: (1, 3, H, W), True where seen. pixels: (B, 3, H, W), the photo's own there. sigma: their noise."""

    mask: Tensor
    pixels: Tensor
    sigma: float

    @staticmethod
    def of(problem: Problem) -> Seen:
        """For an operator of holes alone: A^T undoes A on what is seen, and A^T 1 says where that is."""
        adjoint = problem.operator.adjoint
        ones = problem.y.new_ones(1, *problem.operator.out_shape)
        return Seen(adjoint(ones) > 0, adjoint(problem.y), problem.sigma)

    def paste(self, x: Tensor, alpha_bar: float, noise: Tensor) -> Tensor:
        """x_t with its seen pixels drawn from q(x_t | y): standard normal `noise` brings them to its level.

        Their own noise counts as part of it. Below that x_t is left alone: they would be noisier than it.
        """
        missing = 1 - alpha_bar - alpha_bar * self.sigma**2
        if missing < 0:
            return x
        return torch.where(self.mask, math.sqrt(alpha_bar) * self.pixels + math.sqrt(missing) * noise, x)

    def exact(self, x: Tensor) -> Tensor:
        """The finished picture with the photo's own pixels where seen, unless they are noisy."""
        return x if self.sigma > 0 else torch.where(self.mask, self.pixels, x)


def only_holes(degradation: Degradation) -> bool:
    """Every seen pixel is the picture's own; fading is undone before anything is sampled."""
    return [step.kind for step in degradation.steps if step.kind != "fade"] == ["mask"]
