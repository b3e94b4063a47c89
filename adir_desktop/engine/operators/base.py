"""The linear operator A of y = A x + e: what every sampler may ask of it."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor

from adir_desktop.engine.operators.conjugate_gradient import conjugate_gradient, dot
from adir_desktop.engine.operators.svd import SVD
from adir_desktop.interrupt import check

CG_TOLERANCE = 1e-6  # relative residual; float32 does not carry further
CG_ITERATIONS = 200
PROX_GOAL = 1e-3  # of the change that a prox makes: 0.01 of 255 where it changes 10 of them
POWER_ITERATIONS = 30


class LinearOperator(ABC):
    """A linear map from pictures x (B, 3, H, W) to observations y (B, C, h, w), both in [-1, 1].

    A subclass gives `forward` and its exact transpose `adjoint`; where it knows a closed form it
    overrides `gram_solve` and is `exact`, otherwise conjugate gradients serve. A constant picture maps to the same
    constant (times the mask), so that the affine change of range [0, 1] -> [-1, 1] passes through.
    """

    in_shape: tuple[int, int, int]
    out_shape: tuple[int, int, int]
    exact: bool = False  # whether `gram_solve` is a closed form

    @abstractmethod
    def forward(self, x: Tensor) -> Tensor:
        """A x."""

    @abstractmethod
    def adjoint(self, y: Tensor) -> Tensor:
        """A^T y: <A x, y> = <x, A^T y>."""

    @abstractmethod
    def guess(self, y: Tensor) -> Tensor:
        """A plain first picture (B, 3, H, W) that fits y roughly: nothing is amplified, no hole left."""

    def to(self, device: torch.device | None, dtype: torch.dtype) -> LinearOperator:
        """The same operator on another device or in another precision."""
        del device, dtype
        return self

    def observe(self, picture: Tensor) -> Tensor:
        """The observation y that a picture file (B, 3, h, w) of the damaged photo holds."""
        return picture

    def gram_solve(self, r: Tensor, rho: float, goal: float = 0.0) -> Tensor:
        """(A A^T + rho I)^-1 r in the space of observations.

        goal: conjugate gradients may leave an error e with |A^T e|^2 + rho |e|^2 <= goal^2 (|A^T z|^2 + rho |z|^2);
        closed forms leave none.
        """
        return conjugate_gradient(
            lambda z: self.forward(self.adjoint(z)) + rho * z,
            r,
            lambda z: self.precondition(z, rho),
            enough=CG_TOLERANCE**2 * dot(r, r),
            iterations=CG_ITERATIONS,
            goal=goal,
        )

    def precondition(self, r: Tensor, rho: float) -> Tensor:
        """An approximation of `gram_solve`, symmetric positive definite, for conjugate gradients."""
        del rho
        return r

    def prox(self, x: Tensor, y: Tensor, rho: float) -> Tensor:
        """argmin_z |A z - y|^2 + rho |z - x|^2 = x + A^T (A A^T + rho I)^-1 (y - A x).

        Written in the space of observations, so that nothing is divided by a small rho.
        """
        return x + self.adjoint(self.gram_solve(y - self.forward(x), rho, PROX_GOAL))

    def pinv(self, y: Tensor) -> Tensor:
        """The minimum-norm least-squares picture A^+ y, singular values under 1e-4 of |A| damped."""
        return self.adjoint(self.gram_solve(y, 1e-8 * self.norm2(y)))

    def svd(self) -> SVD | None:
        """A = U S V^T, None where there is no cheap one; `operators.has_svd` knows it beforehand."""
        return None

    def norm2(self, like: Tensor) -> float:
        """|A|^2, the largest eigenvalue of A A^T, by power iteration from a fixed start.

        like: any observation, for its device and dtype.
        """
        generator = torch.Generator().manual_seed(0)
        y = torch.randn((1, *self.out_shape), generator=generator, dtype=torch.float64).to(like)
        value = 1.0
        for _ in range(POWER_ITERATIONS):
            check()
            y = y / y.norm()
            y = self.forward(self.adjoint(y))
            value = float(y.norm())
        return value
