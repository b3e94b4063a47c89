"""Large photos through a network in overlapping windows, blended so that no seam shows."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from types import EllipsisType

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from adir_desktop.engine.priors.base import Denoiser, Prediction
from adir_desktop.interrupt import check

Window = tuple[EllipsisType, slice, slice]
OVERLAP = 64  # pixels; twice the reach at which the starter's answer still depends on a neighbour


@dataclass(frozen=True)
class Tiled:
    """A denoiser whose pictures are cut into windows of at most `side` pixels, a multiple of its own.

    The windows' answers are averaged with weights that fall off linearly over the overlap; the data
    term of a sampler still sees the whole photo, so that windows agree with each other.
    """

    inner: Denoiser
    side: int

    @property
    def alpha_bar(self) -> Tensor:
        return self.inner.alpha_bar

    @property
    def multiple_of(self) -> int:
        return self.inner.multiple_of

    def predict(self, x_t: Tensor, t: int) -> Prediction:
        height, width = x_t.shape[-2:]
        if max(height, width) <= self.side:
            check()
            return self.inner.predict(x_t, t)
        blend = blended(
            height, width, self.side, self.multiple_of, lambda window: self._answer(x_t[window], t)
        )
        return Prediction.of(blend)

    def _answer(self, window: Tensor, t: int) -> Tensor:
        """Of one window. Where gradients are wanted it is computed again on the way back: the network's
        activations are in memory for one window at a time, however large the photo.
        """

        def ask(x: Tensor) -> Tensor:
            check()
            return _joined(self.inner.predict(x, t))

        if not (torch.is_grad_enabled() and window.requires_grad):
            return ask(window)
        answer: Tensor = checkpoint(ask, window, use_reentrant=False, preserve_rng_state=False)
        return answer


def blended(
    height: int,
    width: int,
    side: int,
    multiple_of: int,
    ask: Callable[[Window], Tensor],
    *,
    overlap: int = OVERLAP,
    scale: int = 1,
) -> Tensor:
    """A picture (B, C, scale * height, scale * width) put together from answers about windows of it.

    ask: (window of the last two axes) -> (B, C, scale * h, scale * w). The windows, of at most `side`, are
    averaged with weights that fall off linearly over the overlap.
    """
    tall, tops = windows(height, side, multiple_of, overlap)
    wide, lefts = windows(width, side, multiple_of, overlap)
    total: Tensor | None = None
    weights = weight = torch.zeros(())
    for top in tops:
        for left in lefts:
            answer = ask((..., slice(top, top + tall), slice(left, left + wide)))
            if len(tops) == len(lefts) == 1:
                return answer
            if total is None:
                total = answer.new_zeros((*answer.shape[:2], scale * height, scale * width))
                weights = answer.new_zeros((1, 1, *total.shape[-2:]))
                weight = ramp(scale * tall, scale * wide, scale * overlap).to(answer)
            place = (
                ...,
                slice(scale * top, scale * (top + tall)),
                slice(scale * left, scale * (left + wide)),
            )
            total[place] += weight * answer
            weights[place] += weight
    assert total is not None
    total /= weights
    return total


def windows(length: int, side: int, multiple_of: int, overlap: int = OVERLAP) -> tuple[int, list[int]]:
    """The size of the fewest equal windows of at most `side` that cover `length`, and where they begin.

    Neighbours overlap by `overlap` at least; sizes and beginnings are multiples of `multiple_of`, of
    which `length` and `side` must be multiples too.
    """
    if length <= side:
        return length, [0]
    count = math.ceil((length - overlap) / (side - overlap))
    size = math.ceil((length + (count - 1) * overlap) / count / multiple_of) * multiple_of
    stride = (size - overlap) // multiple_of * multiple_of
    return size, [min(i * stride, length - size) for i in range(count)]


def ramp(height: int, width: int, overlap: int = OVERLAP) -> Tensor:
    """(height, width) weights: 1 inside, falling linearly towards every edge, never 0."""

    def line(n: int) -> Tensor:
        distance = torch.minimum(torch.arange(n), torch.arange(n).flip(0)) + 1.0
        return (distance / overlap).clamp(max=1.0)

    return line(height)[:, None] * line(width)[None, :]


def _joined(prediction: Prediction) -> Tensor:
    if prediction.variance_logits is None:
        return prediction.eps
    return torch.cat([prediction.eps, prediction.variance_logits], 1)
