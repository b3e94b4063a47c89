"""Several faults one after the other: A = A_n ... A_2 A_1."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, reduce

from torch import Tensor

from adir_desktop.engine.operators import svd
from adir_desktop.engine.operators.base import LinearOperator
from adir_desktop.engine.operators.fourier import edgeless_inverse, power_of
from adir_desktop.engine.operators.pointwise import Crop, Grey, Holes, Identity
from adir_desktop.engine.operators.separable import Separable
from adir_desktop.engine.operators.svd import SVD


class Chain(LinearOperator):
    """Operators applied first to last; the transpose runs last to first.

    A crop before others leaves A A^T as it is, and greying before them divides it by 3: closed forms of
    what follows survive both.
    """

    def __init__(self, parts: Sequence[LinearOperator]) -> None:
        self.parts = tuple(parts)
        self.in_shape = self.parts[0].in_shape
        channels = min(part.out_shape[0] for part in self.parts)  # greyness stays grey
        self.out_shape = (channels, *self.parts[-1].out_shape[1:])
        self.exact = self._gain is not None and self._rest.exact
        self._power: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        return reduce(lambda picture, part: part.forward(picture), self.parts, x)

    def adjoint(self, y: Tensor) -> Tensor:
        return reduce(lambda picture, part: part.adjoint(picture), reversed(self.parts), y)

    def guess(self, y: Tensor) -> Tensor:
        return reduce(lambda picture, part: part.guess(picture), reversed(self.parts), y)

    def observe(self, picture: Tensor) -> Tensor:
        return reduce(lambda seen, part: part.observe(seen), self.parts, picture)

    def gram_solve(self, r: Tensor, rho: float, goal: float = 0.0) -> Tensor:
        if self._gain is None:
            return super().gram_solve(r, rho, goal)
        return self._rest.gram_solve(r, rho / self._gain, goal) / self._gain

    def precondition(self, r: Tensor, rho: float) -> Tensor:
        """Behind holes: the inverse of what comes before them, as if nothing were missing; the better, the
        smaller they are. Else as if the picture had no edges.
        """
        if isinstance(self.parts[-1], Holes):
            seen, before = self.parts[-1].seen > 0, self._unmasked
            inverse = before.gram_solve if before.exact else before.precondition
            return seen * inverse(seen * r, rho)
        if self._power is None:
            self._power = power_of(self, r)
        return edgeless_inverse(r, self._power, rho)

    def norm2(self, like: Tensor) -> float:
        return super().norm2(like) if self._gain is None else self._gain * self._rest.norm2(like)

    def svd(self) -> SVD | None:
        inside = None if self._gain is None else self._rest.svd()
        if inside is None:
            return None
        first = self.parts[0]
        return first.svd_before(inside) if isinstance(first, Crop) else svd.grey(inside)

    @cached_property
    def _gain(self) -> float | None:
        """A A^T over that of all parts but the first, where that is a number."""
        first = self.parts[0]
        return 1.0 if isinstance(first, Crop) else 1 / 3 if isinstance(first, Grey) else None

    @cached_property
    def _rest(self) -> LinearOperator:
        return self.parts[1] if len(self.parts) == 2 else Chain(self.parts[1:])

    @cached_property
    def _unmasked(self) -> LinearOperator:
        return self.parts[0] if len(self.parts) == 2 else Chain(self.parts[:-1])


def chain(parts: Sequence[LinearOperator]) -> LinearOperator:
    """The shortest operator equal to `parts` in a row: neutral parts dropped, like ones merged.

    The channels are greyed before anything else: every other part treats them alike and apart, so that
    it does not matter when, and one channel costs a third of three.
    """
    wanted = [part for part in parts if not _neutral(part)]
    if not wanted:
        return parts[-1]
    grey = [part for part in wanted if isinstance(part, Grey)][:1]
    start = 1 if isinstance(wanted[0], Crop) else 0
    if grey:
        grey = [Grey(*wanted[start].in_shape[1:], grey[0].each.like)]
    short: list[LinearOperator] = [*wanted[:start], *grey]
    for part in wanted[start:]:
        if isinstance(part, Grey):
            continue
        merged = _merged(short[-1], part) if short else None
        short = [*short[:-1], merged] if merged else [*short, part]
    return short[0] if len(short) == 1 else Chain(short)


def _merged(first: LinearOperator, then: LinearOperator) -> LinearOperator | None:
    if isinstance(first, Separable) and isinstance(then, Separable):
        return then.after(first)
    if isinstance(first, Holes) and isinstance(then, Holes):
        return then.after(first)
    return None


def _neutral(part: LinearOperator) -> bool:
    return isinstance(part, Identity) or (isinstance(part, Crop) and part.in_shape == part.out_shape)
