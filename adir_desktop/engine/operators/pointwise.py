"""Operators that treat each pixel on its own: nothing, holes, loss of colour, a border cut off."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import pad

from adir_desktop.engine.operators import svd
from adir_desktop.engine.operators.base import LinearOperator
from adir_desktop.engine.operators.filling import pull_push
from adir_desktop.engine.operators.svd import SVD


class Identity(LinearOperator):
    """A = I: a photo that is only noisy."""

    exact = True

    def __init__(self, height: int, width: int, like: Tensor | None = None) -> None:
        self.in_shape = self.out_shape = (3, height, width)
        self.like = torch.empty(0) if like is None else like  # device and dtype, which nothing else tells

    def to(self, device: torch.device | None, dtype: torch.dtype) -> Identity:
        return Identity(*self.out_shape[1:], self.like.to(device, dtype))

    def svd(self) -> SVD:
        return svd.diagonal(self.like.new_ones(self.in_shape))

    def forward(self, x: Tensor) -> Tensor:
        return x

    def adjoint(self, y: Tensor) -> Tensor:
        return y

    def guess(self, y: Tensor) -> Tensor:
        return y

    def gram_solve(self, r: Tensor, rho: float, goal: float = 0.0) -> Tensor:
        del goal
        return r / (1 + rho)

    def norm2(self, like: Tensor) -> float:
        del like
        return 1.0


class Holes(LinearOperator):
    """A = diag(M): M is 1 where the photo is seen, 0 where it is missing, between them where it is dimmed."""

    exact = True

    def __init__(self, seen: Tensor) -> None:
        self.seen = seen  # (1, 1, H, W)
        self.in_shape = self.out_shape = (3, seen.shape[-2], seen.shape[-1])

    def to(self, device: torch.device | None, dtype: torch.dtype) -> Holes:
        return Holes(self.seen.to(device, dtype))

    def forward(self, x: Tensor) -> Tensor:
        return self.seen * x

    def adjoint(self, y: Tensor) -> Tensor:
        return self.seen * y

    def observe(self, picture: Tensor) -> Tensor:
        # dimmed towards black: M (2 x - 1) = (2 M x - 1) + 1 - M for x in [0, 1]
        return torch.where(self.seen > 0, picture + (1 - self.seen), 0.0)

    def gram_solve(self, r: Tensor, rho: float, goal: float = 0.0) -> Tensor:
        del goal
        # nothing was seen in a hole: r is 0 there, and stays so
        return torch.where(self.seen > 0, r / (self.seen**2 + rho), 0.0)

    def norm2(self, like: Tensor) -> float:
        del like
        return float(self.seen.max()) ** 2

    def svd(self) -> SVD:
        return svd.diagonal(self.seen[0].expand(self.in_shape))

    def after(self, first: Holes) -> Holes:
        """The masks of both, as one."""
        return Holes(self.seen * first.seen)

    def guess(self, y: Tensor) -> Tensor:
        """Holes filled from what surrounds them, coarse to fine.

        What is dimmed to less than half counts as a hole, so that noise at most doubles.
        """
        clear = (self.seen >= 0.5 * self.seen.max()).to(y)
        return pull_push(clear * y / self.seen.clamp_min(1e-8), clear.expand(y.shape[0], 1, -1, -1))


class Grey(LinearOperator):
    """y = the mean of R, G, B; one channel."""

    exact = True

    def __init__(self, height: int, width: int, like: Tensor | None = None) -> None:
        self.in_shape = (3, height, width)
        self.out_shape = (1, height, width)
        self.each = Identity(height, width, like)

    def to(self, device: torch.device | None, dtype: torch.dtype) -> Grey:
        return Grey(*self.out_shape[1:], self.each.like.to(device, dtype))

    def svd(self) -> SVD:
        return svd.grey(self.each.svd())

    def forward(self, x: Tensor) -> Tensor:
        return x.mean(dim=-3, keepdim=True)

    def adjoint(self, y: Tensor) -> Tensor:
        return y.expand(-1, 3, -1, -1) / 3

    def observe(self, picture: Tensor) -> Tensor:
        return picture.mean(dim=-3, keepdim=True)

    def guess(self, y: Tensor) -> Tensor:
        return y.expand(-1, 3, -1, -1)

    def gram_solve(self, r: Tensor, rho: float, goal: float = 0.0) -> Tensor:
        del goal
        return r / (1 / 3 + rho)

    def norm2(self, like: Tensor) -> float:
        del like
        return 1 / 3


class Crop(LinearOperator):
    """The photo inside a picture grown on the right and bottom to a size the network takes.

    What was added is simply not observed: no pixel is invented for the data's sake.
    """

    exact = True

    def __init__(self, height: int, width: int, multiple_of: int, like: Tensor | None = None) -> None:
        grown_height = -(-height // multiple_of) * multiple_of
        grown_width = -(-width // multiple_of) * multiple_of
        self.border = (0, grown_width - width, 0, grown_height - height)
        self.in_shape = (3, grown_height, grown_width)
        self.out_shape = (3, height, width)
        self.multiple_of = multiple_of
        self.kept = Identity(height, width, like)

    def to(self, device: torch.device | None, dtype: torch.dtype) -> Crop:
        return Crop(*self.out_shape[1:], self.multiple_of, self.kept.like.to(device, dtype))

    def svd(self) -> SVD:
        return self.svd_before(self.kept.svd())

    def svd_before(self, inside: SVD) -> SVD:
        """Of what the crop lets through to an operator with the SVD `inside`."""
        return svd.cropped(inside, *self.out_shape[1:], self.in_shape[1:])

    def forward(self, x: Tensor) -> Tensor:
        return x[..., : self.out_shape[1], : self.out_shape[2]]

    def adjoint(self, y: Tensor) -> Tensor:
        return pad(y, self.border)

    def guess(self, y: Tensor) -> Tensor:
        return pad(y, self.border, mode="replicate")

    def gram_solve(self, r: Tensor, rho: float, goal: float = 0.0) -> Tensor:
        del goal
        return r / (1 + rho)

    def norm2(self, like: Tensor) -> float:
        del like
        return 1.0


def seen_from_mask(missing: Tensor) -> Tensor:
    """(h, w) bool, True where missing -> M (1, 1, h, w) of 1 where seen."""
    return (~missing)[None, None].to(torch.float32)
