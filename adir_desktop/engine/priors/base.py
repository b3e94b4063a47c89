"""What a sampler may ask of a diffusion prior."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from torch import Tensor


@dataclass(frozen=True)
class Prediction:
    """What the network says of x_t. eps: the noise, as x_t. variance_logits: v in about [-1, 1], as
    x_t, where the network learnt its variance (Nichol, Dhariwal 2021), else None.
    """

    eps: Tensor
    variance_logits: Tensor | None = None

    @staticmethod
    def of(output: Tensor) -> Prediction:
        """From a network's output (B, 3 or 6, H, W): eps, then the variance's logits if it has them."""
        return Prediction(output[:, :3], output[:, 3:] if output.shape[1] > 3 else None)


class Denoiser(Protocol):
    """A network behind one signature: (x_t, t) -> eps.

    alpha_bar: (T,) float64 on the CPU. Pictures are (B, 3, H, W) with H, W multiples of
    `multiple_of`; x_t is float32 whatever the network computes in.
    """

    @property
    def alpha_bar(self) -> Tensor: ...

    @property
    def multiple_of(self) -> int: ...

    def predict(self, x_t: Tensor, t: int) -> Prediction: ...
