"""Blur by a kernel of any shape: camera motion, or a point spread function from a file."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from adir_desktop.engine.operators.base import LinearOperator
from adir_desktop.engine.operators.separable import reflect


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
        self.spectrum = _centred_spectrum(kernel, height + 2 * self.radius, width + 2 * self.radius)
        self.power = (
            _centred_spectrum(kernel, height, width).abs() ** 2 if _fits(kernel, height, width) else None
        )

    def to(self, device: torch.device | None, dtype: torch.dtype) -> Convolution:
        return Convolution(self.kernel.to(device, dtype), self.out_shape[1], self.out_shape[2])

    def forward(self, x: Tensor) -> Tensor:
        padded = x.index_select(-2, self.row_index).index_select(-1, self.column_index)
        return self._filter(padded, self.spectrum)[..., self._rows, self._columns]

    def adjoint(self, y: Tensor) -> Tensor:
        r = self.radius
        spread = self._filter(torch.nn.functional.pad(y, (r, r, r, r)), self.spectrum.conj())
        rows = torch.zeros_like(spread[..., : y.shape[-2], :]).index_add_(-2, self.row_index, spread)
        return torch.zeros_like(y).index_add_(-1, self.column_index, rows)

    def guess(self, y: Tensor) -> Tensor:
        return y

    def precondition(self, r: Tensor, rho: float) -> Tensor:
        """The exact inverse of the same blur with wrapped edges: wrong only near the border."""
        if self.power is None:
            return r
        solved: Tensor = torch.fft.irfft2(torch.fft.rfft2(r) / (self.power + rho), s=r.shape[-2:])
        return solved

    @property
    def _rows(self) -> slice:
        return slice(self.radius, self.radius + self.out_shape[1])

    @property
    def _columns(self) -> slice:
        return slice(self.radius, self.radius + self.out_shape[2])

    @staticmethod
    def _filter(x: Tensor, spectrum: Tensor) -> Tensor:
        filtered: Tensor = torch.fft.irfft2(torch.fft.rfft2(x) * spectrum, s=x.shape[-2:])
        return filtered


def _fits(kernel: Tensor, height: int, width: int) -> bool:
    return kernel.shape[-1] <= min(height, width)


def _centred_spectrum(kernel: Tensor, height: int, width: int) -> Tensor:
    """rfft2 of the kernel on an (height, width) grid with its centre at the origin."""
    side = kernel.shape[-1]
    grid = kernel.new_zeros(height, width)
    grid[:side, :side] = kernel
    spectrum: Tensor = torch.fft.rfft2(torch.roll(grid, (-(side // 2), -(side // 2)), (0, 1)))
    return spectrum


def motion_kernel(length: float, angle: float, side: int) -> Tensor:
    """(side, side) float64: a straight stroke of `length` pixels at `angle` degrees (anticlockwise).

    The stroke is sampled finely and spread bilinearly over the pixels it touches.
    """
    count = 64 * max(1, math.ceil(length))
    along = ((torch.arange(count, dtype=torch.float64) + 0.5) / count - 0.5) * max(length - 1, 0)
    x = side // 2 + along * math.cos(math.radians(angle))
    y = side // 2 - along * math.sin(math.radians(angle))
    kernel = torch.zeros(side + 1, side + 1, dtype=torch.float64)
    left, top = x.floor().long(), y.floor().long()
    for dx in (0, 1):
        for dy in (0, 1):
            weight = (1 - (x - left - dx).abs()) * (1 - (y - top - dy).abs())
            kernel.index_put_((top + dy, left + dx), weight, accumulate=True)
    kernel = kernel[:side, :side]
    return kernel / kernel.sum()
