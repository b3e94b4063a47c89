"""A = U S V^T without ever forming it: what spectral samplers ask of an operator (Kawar et al. 2022, appendix D)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

Transform = Callable[[Tensor], Tensor]
ZERO = 1e-6  # of the largest singular value: below it float32 carries nothing but rounding


@dataclass(frozen=True)
class SVD:
    """singular: (n,), not negative, n = 3 H W of the picture; 0 where nothing is observed.

    coefficients: V^T x, (B, 3, H, W) -> (B, n). picture: V c, the other way. V is square and
    orthonormal, so that white noise stays white. left: U^T y, (B, C, h, w) -> (B, n), lined up with
    `singular` and anything where that is 0.
    """

    singular: Tensor
    coefficients: Transform
    picture: Transform
    left: Transform

    def observed(self, y: Tensor) -> Tensor:
        """U^T y, (B, n), 0 where `singular` is: S V^T x for y = A x."""
        return torch.where(self.singular > 0, self.left(y), 0.0)

    def cut(self, share: float) -> SVD:
        """The same with singular values under `share` of the largest taken as 0, hence as unseen.

        For observations whose noise is said to be nothing: what is left of a coefficient behind a tiny
        singular value is its rounding.
        """
        keep = self.singular >= share * self.singular.max()
        return replace(self, singular=torch.where(keep, self.singular, 0.0))


def diagonal(values: Tensor) -> SVD:
    """A = diag(values), values (3, H, W) in [0, 1]: U = V = I."""

    def flat(x: Tensor) -> Tensor:
        return x.flatten(1)

    return SVD(values.flatten(), flat, lambda c: c.reshape(-1, *values.shape), flat)


def separable(rows: Tensor, columns: Tensor) -> SVD:
    """A X = W_h X W_w^T for W_h (h, H) and W_w (w, W): the SVD of each, found in float64."""
    (u_h, s_h, v_h), (u_w, s_w, v_w) = _factors(rows), _factors(columns)
    height, width = v_h.shape[0], v_w.shape[0]
    border = (0, width - u_w.shape[0], 0, height - u_h.shape[0])

    def left(y: Tensor) -> Tensor:
        return torch.nn.functional.pad(u_h.mT @ y @ u_w, border).flatten(1)

    return SVD(
        torch.outer(s_h, s_w).expand(3, -1, -1).flatten(),
        lambda x: (v_h.mT @ x @ v_w).flatten(1),
        lambda c: v_h @ c.reshape(-1, 3, height, width) @ v_w.mT,
        left,
    )


def _factors(w: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """U (h, h), singular values (H,) padded with zeros, V (H, H) of W (h, H), h <= H."""
    u, s, vt = torch.linalg.svd(w.double().cpu(), full_matrices=True)
    s = torch.where(s > ZERO * s.max(), s, 0.0)
    return u.to(w), torch.nn.functional.pad(s, (0, vt.shape[0] - len(s))).to(w), vt.mT.contiguous().to(w)


def circular(spectrum: Tensor) -> SVD:
    """Convolution on a torus, spectrum (H, W) the complex fft2 K of its centred kernel.

    V is the Hartley transform, real, symmetric and orthonormal; S = |K| is even, hence diagonal in it;
    U = P V with P the convolution by the phase K / |K|.
    """
    size = spectrum.abs()
    size = torch.where(size > ZERO * size.max(), size, 0.0)
    turn_back = (spectrum.conj() / spectrum.abs().clamp_min(torch.finfo(size.dtype).tiny)).nan_to_num()

    def left(y: Tensor) -> Tensor:
        return _hartley(torch.fft.fft2(y, norm="ortho") * turn_back).flatten(1)

    return SVD(
        size.expand(3, -1, -1).flatten(),
        lambda x: _hartley(torch.fft.fft2(x, norm="ortho")).flatten(1),
        lambda c: _hartley(torch.fft.fft2(c.reshape(-1, 3, *size.shape), norm="ortho")),
        left,
    )


def _hartley(transformed: Tensor) -> Tensor:
    """Sums of cos + sin from those of exp(-i): the real basis behind a Fourier transform of real values."""
    return transformed.real - transformed.imag


def grey(each: SVD) -> SVD:
    """The mean of R, G, B after (or before) an operator `each` that treats the channels alike and apart.

    The colours turn to (1, 1, 1) / sqrt(3), which alone is seen, and its complement. y: (B, 1, h, w).
    """
    singular = each.singular.reshape(3, -1) / math.sqrt(3)
    hidden = torch.zeros_like(singular[1:])
    a, b = 1 / math.sqrt(2), 1 / math.sqrt(6)
    basis = singular.new_tensor([[1 / math.sqrt(3)] * 3, [a, -a, 0], [b, b, -2 * b]])

    def turn(x: Tensor) -> Tensor:
        return torch.einsum("ij,bjhw->bihw", basis, x)

    def turn_back(x: Tensor) -> Tensor:
        return torch.einsum("ji,bjhw->bihw", basis, x)

    return SVD(
        torch.cat([singular[:1], hidden]).flatten(),
        lambda x: each.coefficients(turn(x)),
        lambda c: turn_back(each.picture(c)),
        lambda y: each.left(torch.cat([y, torch.zeros_like(y), torch.zeros_like(y)], 1)),
    )


def cropped(inside: SVD, height: int, width: int, grown: tuple[int, int]) -> SVD:
    """`inside`, on (height, width), behind a crop of a picture of size `grown`: what is cut off is unseen.

    Its pixels, those below and then those on the right, are their own coefficients behind the others.
    """
    below = (3, grown[0] - height, grown[1])
    beside = (3, height, grown[1] - width)
    split = [inside.singular.numel(), math.prod(below), math.prod(beside)]

    def coefficients(x: Tensor) -> Tensor:
        top = x[..., :height, :]
        parts = inside.coefficients(top[..., :width]), x[..., height:, :], top[..., width:]
        return torch.cat([part.flatten(1) for part in parts], 1)

    def picture(c: Tensor) -> Tensor:
        seen, low, right = torch.tensor_split(c, (split[0], split[0] + split[1]), dim=1)
        top = torch.cat([inside.picture(seen), right.reshape(len(c), *beside)], -1)
        return torch.cat([top, low.reshape(len(c), *below)], -2)

    def padded(seen: Tensor) -> Tensor:
        return torch.nn.functional.pad(seen, (0, split[1] + split[2]))

    return SVD(padded(inside.singular), coefficients, picture, lambda y: padded(inside.left(y)))
