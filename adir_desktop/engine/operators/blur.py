"""Blur by a kernel of any shape: camera motion, or a point spread function from a file."""

from __future__ import annotations

import torch
from torch import Tensor

from adir_desktop.engine.operators import svd
from adir_desktop.engine.operators.base import LinearOperator
from adir_desktop.engine.operators.fourier import centred_spectrum, edgeless_inverse, filtered, half
from adir_desktop.engine.operators.separable import reflect
from adir_desktop.engine.operators.svd import SVD


class Convolution(LinearOperator):
    """True convolution with a kernel (k, k), k odd, summing to 1; the picture reflected at its edges.

    Evaluated by the FFT on the reflected picture, so that its cost does not grow with the kernel.
    """

    def __init__(self, kernel: Tensor, height: int, width: int) -> None:
        self.kernel = kernel
        self.in_shape = self.out_shape = (3, height, width)
        self.radius = kernel.shape[-1] // 2
        index = torch.arange(-self.radius, max(height, width) + self.radius)
        self.row_index = reflect(index[: height + 2 * self.radius], height).to(kernel.device)
        self.column_index = reflect(index[: width + 2 * self.radius], width).to(kernel.device)
        self.spectrum = half(centred_spectrum(kernel, height + 2 * self.radius, width + 2 * self.radius))
        self.power = self.spectrum.abs() ** 2

    def to(self, device: torch.device | None, dtype: torch.dtype) -> Convolution:
        return Convolution(self.kernel.to(device, dtype), self.out_shape[1], self.out_shape[2])

    def forward(self, x: Tensor) -> Tensor:
        padded = x.index_select(-2, self.row_index).index_select(-1, self.column_index)
        return filtered(padded, self.spectrum)[..., self._rows, self._columns]

    def adjoint(self, y: Tensor) -> Tensor:
        r = self.radius
        spread = filtered(torch.nn.functional.pad(y, (r, r, r, r)), self.spectrum.conj())
        rows = torch.zeros_like(spread[..., : y.shape[-2], :]).index_add_(-2, self.row_index, spread)
        return torch.zeros_like(y).index_add_(-1, self.column_index, rows)

    def guess(self, y: Tensor) -> Tensor:
        return y

    def precondition(self, r: Tensor, rho: float) -> Tensor:
        """The inverse of the same blur without edges: wrong only near the border."""
        return edgeless_inverse(r, self.power, rho)

    @property
    def _rows(self) -> slice:
        return slice(self.radius, self.radius + self.out_shape[1])

    @property
    def _columns(self) -> slice:
        return slice(self.radius, self.radius + self.out_shape[2])


class CircularConvolution(LinearOperator):
    """True convolution with a kernel (k, k), k odd, summing to 1; the picture goes on from its other side.

    What comparisons with published closed forms assume: everything is a division in Fourier space.
    """

    exact = True

    def __init__(self, kernel: Tensor, height: int, width: int) -> None:
        self.kernel = kernel
        self.in_shape = self.out_shape = (3, height, width)
        self.whole_spectrum = centred_spectrum(kernel, height, width)
        self.spectrum = half(self.whole_spectrum)
        self.power = self.spectrum.abs() ** 2

    def to(self, device: torch.device | None, dtype: torch.dtype) -> CircularConvolution:
        return CircularConvolution(self.kernel.to(device, dtype), self.out_shape[1], self.out_shape[2])

    def forward(self, x: Tensor) -> Tensor:
        return filtered(x, self.spectrum)

    def adjoint(self, y: Tensor) -> Tensor:
        return filtered(y, self.spectrum.conj())

    def guess(self, y: Tensor) -> Tensor:
        return y

    def gram_solve(self, r: Tensor, rho: float, goal: float = 0.0) -> Tensor:
        del goal
        return filtered(r, 1 / (self.power + rho))

    def norm2(self, like: Tensor) -> float:
        del like
        return float(self.power.max())

    def svd(self) -> SVD:
        return svd.circular(self.whole_spectrum)
