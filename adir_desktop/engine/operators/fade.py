"""Faded colours: y = gain x + offset for each channel. Affine, so it is undone before anything is solved."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from adir_desktop.contract import Degradation, Step
from adir_desktop.errors import RequestError

KIND: Final = "fade"
CHANNELS = ("red", "green", "blue")


@dataclass(frozen=True)
class Fade:
    """What a chain's steps of kind "fade" do together; gain and offset (1, 3, 1, 1) float64 of sRGB [0, 1].

    The other steps work on each channel alone and keep constants as they are, so that it does not
    matter where among them the colours faded. Undone, noise of sigma becomes sigma / gain: different in
    each channel, while a sampler knows one sigma for all. It is given sigma / gain's root mean square,
    under which |A x - y'| is what it should be over all channels together.
    """

    gain: Tensor
    offset: Tensor

    @staticmethod
    def of(degradation: Degradation) -> Fade | None:
        """The fading of a chain, None where there is none.

        Raises:
            RequestError: the colours faded before they were lost altogether, or a gain is not above 0.
        """
        faded: Fade | None = None
        for step in degradation.steps:
            if step.kind == KIND:
                gain, offset = _channels(step, "gain"), _channels(step, "offset")
                if not bool((gain > 0).all() and torch.isfinite(gain + offset).all()):
                    raise RequestError("The fading cannot be undone.", "Give gains above 0.")
                # a second fading acts on what the first one left
                faded = Fade(gain, offset) if faded is None else faded.then(gain, offset)
            elif step.kind == "grey" and faded is not None:
                raise RequestError(
                    "A photo cannot fade before it loses its colours.", "Put the fading after the grey."
                )
        return faded

    def apply(self, x: Tensor) -> Tensor:
        """(B, 3, H, W) in [-1, 1], as it looks after fading."""
        return self.gain.to(x) * x + self._shift.to(x)

    def undo(self, y: Tensor) -> Tensor:
        """The exact inverse of `apply`."""
        return (y - self._shift.to(y)) / self.gain.to(y)

    def then(self, gain: Tensor, offset: Tensor) -> Fade:
        """Another fading after this one, as one."""
        return Fade(gain * self.gain, gain * self.offset + offset)

    @property
    def amplification(self) -> float:
        """By how much undoing enlarges the noise: the root mean square of 1 / gain."""
        return math.sqrt(float((1 / self.gain).square().mean()))

    @property
    def _shift(self) -> Tensor:
        """The offset in [-1, 1]: 2 (gain (x + 1) / 2 + offset) - 1 = gain x + this."""
        return self.gain + 2 * self.offset - 1


def _channels(step: Step, name: str) -> Tensor:
    neutral = 1.0 if name == "gain" else 0.0
    values = [float(step.values.get(f"{name}_{channel}", neutral)) for channel in CHANNELS]
    return torch.tensor(values, dtype=torch.float64).view(1, 3, 1, 1)
