"""Large photos through a network in overlapping windows, blended so that no seam shows."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from adir_desktop.engine.priors.base import Denoiser, Prediction
from adir_desktop.interrupt import check

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
        total: Tensor | None = None
        weights = x_t.new_zeros(1, 1, height, width)
        for top in starts(height, self.side, self.multiple_of):
            for left in starts(width, self.side, self.multiple_of):
                check()
                window = (..., slice(top, top + self.side), slice(left, left + self.side))
                answer = _joined(self.inner.predict(x_t[window], t))
                if total is None:
                    total = answer.new_zeros((*answer.shape[:2], height, width))
                weight = ramp(answer.shape[-2:]).to(answer)
                total[window] += weight * answer
                weights[window] += weight
        assert total is not None
        blended = total / weights
        return Prediction(blended[:, :3], blended[:, 3:] if blended.shape[1] > 3 else None)


def starts(length: int, side: int, multiple_of: int) -> list[int]:
    """Where windows begin so that they overlap by OVERLAP at least and cover `length`."""
    if length <= side:
        return [0]
    stride = max((side - OVERLAP) // multiple_of * multiple_of, multiple_of)
    inner = list(range(0, length - side, stride))
    return [*inner, length - side]


def ramp(shape: torch.Size | tuple[int, int]) -> Tensor:
    """(1, 1, h, w) weights: 1 inside, falling linearly towards every edge, never 0."""

    def line(n: int) -> Tensor:
        distance = torch.minimum(torch.arange(n), torch.arange(n).flip(0)) + 1.0
        return (distance / OVERLAP).clamp(max=1.0)

    return line(shape[-2])[:, None] * line(shape[-1])[None, :]


def _joined(prediction: Prediction) -> Tensor:
    if prediction.variance_logits is None:
        return prediction.eps
    return torch.cat([prediction.eps, prediction.variance_logits], 1)
