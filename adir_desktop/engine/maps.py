"""What was observed, and how well a picture agrees with it: as one number, and pixel by pixel."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from adir_desktop.contract import Degradation, Photo, Pixels
from adir_desktop.engine.operators import Fade, LinearOperator
from adir_desktop.engine.tensors import network_sigma, to_tensor

ROUNDING_STD = 0.29  # of 255: the error of rounding to 8 bits


@dataclass(frozen=True, eq=False)
class Observation:
    """y = A x + e as a sampler needs it, in [-1, 1]: nothing where nothing was seen, fading undone.

    sigma: of e there. gain: (1, 1 or 3, 1, 1), by which a difference there shows in the photo itself.
    floor: sigma in the photo, never under that of rounding.
    """

    operator: LinearOperator
    y: Tensor
    sigma: float
    gain: Tensor
    floor: float

    @staticmethod
    def of(
        photo: Photo, degradation: Degradation, operator: LinearOperator, device: torch.device
    ) -> Observation:
        """The photo as `operator` would have made it from the picture that is wanted."""
        picture = to_tensor(photo.pixels, device)
        sigma = network_sigma(degradation.noise_std)
        floor = max(sigma, network_sigma(ROUNDING_STD))
        fade = Fade.of(degradation)
        if fade is None:
            return Observation(operator, operator.observe(picture), sigma, picture.new_ones(1), floor)
        gain = fade.gain.to(picture)
        if operator.out_shape[0] == 1:  # one grey value stands for three faded ones
            gain = gain.square().mean(1, keepdim=True).sqrt()
        y = operator.observe(fade.undo(picture))
        return Observation(operator, y, sigma * fade.amplification, gain, floor)

    @torch.inference_mode()
    def consistency(self, x: Tensor) -> float:
        """|A x - y| / (sigma sqrt(m)) in the photo, m the number of observed values; 1 is the noise floor."""
        return float(self._difference(x).norm()) / (self.floor * math.sqrt(self._seen))

    @torch.inference_mode()
    def agreement(self, x: Tensor) -> Pixels:
        """(h, w) float32 of the photo: |A x - y| / sigma, the root mean square over the channels.

        About 1 where the picture agrees as well as the noise lets it; 0 where nothing was seen.
        """
        each = self._difference(x).square().mean(dim=1)[0].sqrt() / self.floor
        return each.float().cpu().numpy()

    def _difference(self, x: Tensor) -> Tensor:
        return (self.operator.forward(x) - self.y) * self.gain

    @cached_property
    def _seen(self) -> float:
        """How many values were observed: A 1 is above 0 where the photo shows something."""
        ones = self.y.new_ones(1, *self.operator.in_shape)
        return float((self.operator.forward(ones) > 0).sum())
