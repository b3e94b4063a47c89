"""Operators that act on rows and columns alone: y = W_h X W_w^T. Resizing and straight blurs."""

from __future__ import annotations

import warnings
from functools import cached_property

import torch
from torch import Tensor

from adir_desktop.engine.operators import svd
from adir_desktop.engine.operators.base import LinearOperator
from adir_desktop.engine.operators.fourier import edgeless_inverse, power_of
from adir_desktop.engine.operators.svd import SVD
from adir_desktop.interrupt import check

EXACT_LIMIT = 2048  # pixels a side of the observation up to which the eigenbasis is worth its n^3


class Separable(LinearOperator):
    """y = W_h X W_w^T for dense W_h (h, H) and W_w (w, W), with exact solves by their eigenbases."""

    def __init__(self, rows: Tensor, columns: Tensor) -> None:
        self.rows = rows
        self.columns = columns
        self.out_shape = (3, rows.shape[0], columns.shape[0])
        self.in_shape = (3, rows.shape[1], columns.shape[1])
        self.exact = max(self.out_shape) <= EXACT_LIMIT
        self._power: Tensor | None = None

    def to(self, device: torch.device | None, dtype: torch.dtype) -> Separable:
        return Separable(self.rows.to(device, dtype), self.columns.to(device, dtype))

    def forward(self, x: Tensor) -> Tensor:
        if self._large:
            rows, columns = self._sparse
            return _banded(rows, x, columns)
        return self.rows @ x @ self.columns.mT

    def adjoint(self, y: Tensor) -> Tensor:
        if self._large:
            rows, columns = self._sparse_transposed
            return _banded(rows, y, columns)
        return self.rows.mT @ y @ self.columns

    def guess(self, y: Tensor) -> Tensor:
        if self.in_shape == self.out_shape:
            return y
        up_rows = bicubic_up(self.rows.shape[0], self.rows.shape[1]).to(y)
        up_columns = bicubic_up(self.columns.shape[0], self.columns.shape[1]).to(y)
        return up_rows @ y @ up_columns.mT

    def precondition(self, r: Tensor, rho: float) -> Tensor:
        """As if the picture had no edges."""
        if self._power is None:
            self._power = power_of(self, r)
        return edgeless_inverse(r, self._power, rho)

    def gram_solve(self, r: Tensor, rho: float, goal: float = 0.0) -> Tensor:
        if not self.exact:
            return super().gram_solve(r, rho, goal)
        (s_h, u_h), (s_w, u_w) = self._eigen
        coefficients = u_h.mT @ r @ u_w
        check()
        return u_h @ (coefficients / (s_h[:, None] * s_w[None, :] + rho)) @ u_w.mT

    def norm2(self, like: Tensor) -> float:
        if not self.exact:
            return super().norm2(like)
        (s_h, _), (s_w, _) = self._eigen
        return float(s_h[-1] * s_w[-1])

    def svd(self) -> SVD:
        return svd.separable(self.rows, self.columns)

    @property
    def _large(self) -> bool:
        """So large that zeros cost more than their absence; a device without sparse products bears them."""
        return max(self.in_shape) > EXACT_LIMIT and self.rows.device.type in ("cpu", "cuda")

    @cached_property
    def _sparse(self) -> tuple[Tensor, Tensor]:
        return _sparse(self.rows), _sparse(self.columns)

    @cached_property
    def _sparse_transposed(self) -> tuple[Tensor, Tensor]:
        return _sparse(self.rows.mT), _sparse(self.columns.mT)

    @cached_property
    def _eigen(self) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
        """Eigenvalues (ascending) and eigenvectors of W W^T for rows and columns, found in float64."""

        def decompose(w: Tensor) -> tuple[Tensor, Tensor]:
            values, vectors = torch.linalg.eigh(w.double().cpu() @ w.double().cpu().mT)
            return values.clamp_min(0).to(w), vectors.to(w)

        return decompose(self.rows), decompose(self.columns)

    def after(self, first: Separable) -> Separable:
        """The operator applied after `first`, as one: exact solves survive the chain."""
        return Separable(self.rows @ first.rows, self.columns @ first.columns)


def _sparse(matrix: Tensor) -> Tensor:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # torch calls its sparse matrices a beta
        return matrix.to_sparse_csr()


def _banded(rows: Tensor, x: Tensor, columns: Tensor) -> Tensor:
    """W_h X W_w^T for sparse matrices, a channel at a time so that the person may stop in between."""
    pictures = []
    for channel in x.flatten(0, -3):
        check()
        pictures.append((columns @ (rows @ channel).mT.contiguous()).mT)
    return torch.stack(pictures).view(*x.shape[:-2], rows.shape[0], columns.shape[0])


def keys_cubic(u: Tensor) -> Tensor:
    """The cubic convolution kernel with a = -1/2 (Keys 1981), |u| < 2."""
    u = u.abs()
    inner = (1.5 * u - 2.5) * u**2 + 1
    outer = ((-0.5 * u + 2.5) * u - 4) * u + 2
    return torch.where(u <= 1, inner, torch.where(u < 2, outer, torch.zeros_like(u)))


def _mirror(index: Tensor, n: int) -> Tensor:
    """Half-sample symmetric extension: -1 -> 0, n -> n - 1 (period 2n)."""
    index = index % (2 * n)
    return torch.where(index < n, index, 2 * n - 1 - index)


def reflect(index: Tensor, n: int) -> Tensor:
    """Whole-sample reflection, the edge pixel not repeated: -1 -> 1, n -> n - 2 (period 2n - 2)."""
    if n == 1:
        return torch.zeros_like(index)
    index = index % (2 * n - 2)
    return torch.where(index < n, index, 2 * n - 2 - index)


def _scatter(positions: Tensor, weights: Tensor, n: int) -> Tensor:
    """The matrix whose row k holds `weights[k]` at `positions[k]`, summed where positions meet."""
    matrix = torch.zeros(positions.shape[0], n, dtype=torch.float64)
    return matrix.scatter_add_(1, positions, weights)


def bicubic_down(n: int, factor: int) -> Tensor:
    """(ceil(n / factor), n) float64: MATLAB's imresize, cubic stretched by `factor` against aliasing."""
    out = -(-n // factor)
    centres = (torch.arange(out, dtype=torch.float64) + 0.5) * factor - 0.5
    taps = torch.arange(4 * factor + 2)
    left = torch.floor(centres - 2 * factor).long()
    positions = left[:, None] + taps
    weights = keys_cubic((centres[:, None] - positions) / factor)
    weights = weights / weights.sum(1, keepdim=True)
    return _scatter(_mirror(positions, n), weights, n)


def bicubic_up(n: int, out: int) -> Tensor:
    """(out, n) float64: MATLAB's imresize upwards, 4 taps, by the factor out / n."""
    factor = out / n
    centres = (torch.arange(out, dtype=torch.float64) + 0.5) / factor - 0.5
    positions = torch.floor(centres).long()[:, None] + torch.arange(-1, 3)
    weights = keys_cubic(centres[:, None] - positions)
    weights = weights / weights.sum(1, keepdim=True)
    return _scatter(_mirror(positions, n), weights, n)


def block_mean(n: int, factor: int) -> Tensor:
    """(n / factor, n) float64: the mean of each run of `factor` pixels; n must be its multiple."""
    return torch.eye(n // factor, dtype=torch.float64).repeat_interleave(factor, 1) / factor


def blur_matrix(taps: Tensor, n: int, boundary: str = "reflect") -> Tensor:
    """(n, n) float64: true convolution with an odd 1-D kernel, the picture going on past its edges
    as in a mirror, or from the other side ("circular").
    """
    radius = len(taps) // 2
    positions = torch.arange(n)[:, None] + torch.arange(radius, -radius - 1, -1)
    positions = positions % n if boundary == "circular" else reflect(positions, n)
    return _scatter(positions, taps.double().expand(n, -1).contiguous(), n)


def box_taps(size: int) -> Tensor:
    """A uniform kernel of `size` (odd) pixels."""
    return torch.full((size,), 1 / size, dtype=torch.float64)


def gaussian_taps(sigma: float, radius: int) -> Tensor:
    """exp(-r^2 / 2 sigma^2) at whole pixels, normalised; sigma in pixels."""
    r = torch.arange(-radius, radius + 1, dtype=torch.float64)
    taps = torch.exp(-(r**2) / (2 * sigma**2))
    return taps / taps.sum()
