"""Several faults one after the other: A = A_n ... A_2 A_1."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from torch import Tensor

from adir_desktop.engine.operators.base import LinearOperator
from adir_desktop.engine.operators.pointwise import Crop, Identity
from adir_desktop.engine.operators.separable import Separable


class Chain(LinearOperator):
    """Operators applied first to last; the transpose runs last to first."""

    def __init__(self, parts: Sequence[LinearOperator]) -> None:
        self.parts = tuple(parts)
        self.in_shape = self.parts[0].in_shape
        channels = min(part.out_shape[0] for part in self.parts)  # greyness stays grey
        self.out_shape = (channels, *self.parts[-1].out_shape[1:])

    def forward(self, x: Tensor) -> Tensor:
        return reduce(lambda picture, part: part.forward(picture), self.parts, x)

    def adjoint(self, y: Tensor) -> Tensor:
        return reduce(lambda picture, part: part.adjoint(picture), reversed(self.parts), y)

    def guess(self, y: Tensor) -> Tensor:
        return reduce(lambda picture, part: part.guess(picture), reversed(self.parts), y)

    def observe(self, picture: Tensor) -> Tensor:
        return reduce(lambda seen, part: part.observe(seen), self.parts, picture)

    def gram_solve(self, r: Tensor, rho: float) -> Tensor:
        closed = self._closed_form
        return closed.gram_solve(r, rho) if closed else super().gram_solve(r, rho)

    def norm2(self, like: Tensor) -> float:
        closed = self._closed_form
        return closed.norm2(like) if closed else super().norm2(like)

    @property
    def _closed_form(self) -> LinearOperator | None:
        """A crop first leaves A A^T as it is: what follows it alone may know its inverse."""
        if len(self.parts) == 2 and isinstance(self.parts[0], Crop):
            return self.parts[1]
        return None


def chain(parts: Sequence[LinearOperator]) -> LinearOperator:
    """The shortest operator equal to `parts` in a row: neutral parts dropped, separable ones merged."""
    short: list[LinearOperator] = []
    for part in parts:
        if isinstance(part, Identity) or (isinstance(part, Crop) and part.in_shape == part.out_shape):
            continue
        if short and isinstance(part, Separable) and isinstance(short[-1], Separable):
            short[-1] = part.after(short[-1])
        else:
            short.append(part)
    if not short:
        return parts[-1]
    return short[0] if len(short) == 1 else Chain(short)
