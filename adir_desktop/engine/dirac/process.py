"""Stochastic degradation processes y_t = A_t(x0) + sigma_t z, t from 0 (hardly anything) to 1 (the worst).

Pictures are (B, 3, H, W) in [0, 1], and so are noise levels: 0.05 is 12.75 of 255.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol

import torch
from scipy.ndimage import distance_transform_edt
from torch import Tensor

from adir_desktop.engine.dirac.schedule import Severities
from adir_desktop.engine.operators.masks import soft_spot
from adir_desktop.engine.operators.separable import Separable, blur_matrix, gaussian_taps

SIGMA_MIN, SIGMA_MAX = 0.01, 0.05  # Dirac's, for every task
NARROWEST = 0.1  # pixels: a soft spot's width at t = 0, where nothing is hidden but its centre


class Family(Protocol):
    """The degradations A_t of one photo's size. `shown`: what the network is told of A_t, (1, 1, H, W)."""

    def degrade(self, x: Tensor, t: float) -> Tensor: ...

    def shown(self, t: float) -> Tensor: ...


@dataclass(frozen=True)
class NoiseLevels:
    """sigma_t = smallest (largest / smallest)^(t / end): Dirac's geometric path, ending at t = `end`.

    The published path is the default. A photo that is less degraded than t = 1, or less noisy, has its
    own end on the same kind of path.
    """

    smallest: float = SIGMA_MIN
    largest: float = SIGMA_MAX
    end: float = 1.0

    def at(self, t: float) -> float:
        """sigma_t in [0, 1] units."""
        return float(self.smallest * (self.largest / self.smallest) ** (t / self.end))


@dataclass(frozen=True, eq=False)
class GaussianBlurs:
    """Gaussian blurs whose standard deviation grows along a table; edges reflected as the engine's are."""

    severities: Severities
    height: int
    width: int
    like: Tensor

    def degrade(self, x: Tensor, t: float) -> Tensor:
        std = self.severities.at(t)
        return blur(std, self.height, self.width, x.device, x.dtype).forward(x)

    def shown(self, t: float) -> Tensor:
        share = self.severities.at(t) / self.severities.values[-1]
        return self.like.new_full((1, 1, self.height, self.width), share)


@lru_cache(maxsize=4)  # a reverse step asks for the same two or three again
def blur(std: float, height: int, width: int, device: torch.device, dtype: torch.dtype) -> Separable:
    """The Gaussian blur of standard deviation `std` pixels, cut at 4 std like any kernel of this program."""
    with torch.inference_mode(mode=False):  # guidance differentiates through it
        taps = gaussian_taps(std, math.ceil(4 * std))
        return Separable(blur_matrix(taps, height), blur_matrix(taps, width)).to(device, dtype)


class _Masked(ABC):
    """A_t(x) = M_t x; the network is shown M_t itself."""

    @abstractmethod
    def shown(self, t: float) -> Tensor:
        """M_t."""

    def degrade(self, x: Tensor, t: float) -> Tensor:
        return self.shown(t) * x


@dataclass(frozen=True, eq=False)
class ClosingHoles(_Masked):
    """A painted mask whose holes close from their rims as t falls: M_1 = `seen`, M_0 = 1.

    seen: (1, 1, H, W) in [0, 1], hard or soft. A pixel at depth d of the deepest D opens linearly
    while 2 (1 - t) passes from d/D to d/D + 1: the rim from t = 1 on, the deepest point from t = 1/2 on,
    so that at every t each pixel's neighbours nearer to the rim are known at least as well.
    """

    seen: Tensor

    def shown(self, t: float) -> Tensor:
        opened = (2 * (1 - t) - self._depth).clamp(0, 1)
        return 1 - (1 - self.seen) * (1 - opened)

    @cached_property
    def _depth(self) -> Tensor:
        """Distance to what is seen, the deepest pixel at 1."""
        depth = distance_transform_edt((self.seen[0, 0] < 0.5).cpu().numpy())
        return torch.from_numpy(depth / max(depth.max(), 1)).to(self.seen)[None, None]


@dataclass(frozen=True, eq=False)
class SoftSpot(_Masked):
    """Dirac's soft mask: one dark place whose width grows linearly with t, from NARROWEST to `widest`.

    widest, row, column: of M_1, in pixels, as `soft_spot` has them.
    """

    widest: float
    row: int
    column: int
    height: int
    width: int
    like: Tensor

    def shown(self, t: float) -> Tensor:
        w = NARROWEST + t * (self.widest - NARROWEST)
        return soft_spot(self.height, self.width, w, self.row, self.column).to(self.like)


@dataclass(frozen=True, eq=False)
class Together(_Masked):
    """Several masked families at once: their masks multiply."""

    parts: tuple[ClosingHoles | SoftSpot, ...]

    def shown(self, t: float) -> Tensor:
        return torch.stack([part.shown(t) for part in self.parts]).prod(0)
