"""What a network is shown while it is adapted: noised pictures, and the noise that it should find in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import torch
from torch import Tensor

from adir_desktop.engine.holdout import crop

PART_PIXELS = 32_768  # of a batch at a time on a processor: about half a second there and back


@dataclass(frozen=True, eq=False)
class Example:
    """One batch. x_t: what the network gets, (B, C, h, w). target: what its first channels should say.

    conditions: its further inputs by name; tensors (B, ...), or mappings of such.
    """

    x_t: Tensor
    t: int
    target: Tensor
    conditions: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Chance:
    """Where batches come from. choices: of pictures, places and steps, on the CPU: reading them waits for no
    device. noises: drawn where the network computes.
    """

    choices: torch.Generator
    noises: torch.Generator

    @staticmethod
    def of(seed: int, device: torch.device) -> Chance:
        """One generator for both on the CPU."""
        choices = torch.Generator().manual_seed(seed)
        same = device.type == "cpu"
        return Chance(choices, choices if same else torch.Generator(device).manual_seed(seed))

    def state(self) -> tuple[Tensor, Tensor]:
        """To come back to."""
        return self.choices.get_state(), self.noises.get_state()

    def back_to(self, state: tuple[Tensor, Tensor]) -> None:
        """The next draws are those that followed then."""
        choices, noises = state
        self.choices.set_state(choices)
        self.noises.set_state(noises)

    def noise(self, like: Tensor) -> Tensor:
        return torch.randn(like.shape, generator=self.noises, device=like.device)


class Lessons(Protocol):
    """A course: draws batches by chance. part: of a batch at a time on a processor, so that it can stop."""

    @property
    def part(self) -> int: ...

    def on(self, device: torch.device) -> Lessons:
        """The same with all of its pictures on a device."""
        ...

    def draw(self, chance: Chance) -> Example: ...


@dataclass(frozen=True)
class PixelLessons:
    """Crops of pictures (1, 3, H, W), each drawn in proportion to its weight, with one t for the batch.

    x_t = sqrt(alpha_bar) z + sqrt(1 - alpha_bar) eps (ADIR eq. 20); t is drawn from 0..t_max - 1.
    """

    pictures: Sequence[Tensor]
    weights: Sequence[float]
    alpha_bar: Tensor
    batch: int
    side: int
    t_max: int

    @property
    def part(self) -> int:
        return pixel_part(self.side)

    def on(self, device: torch.device) -> PixelLessons:
        return replace(self, pictures=[picture.to(device) for picture in self.pictures])

    def draw(self, chance: Chance) -> Example:
        z = torch.cat([self._any_crop(chance.choices) for _ in range(self.batch)])
        t = int(torch.randint(self.t_max, (1,), generator=chance.choices))
        eps = chance.noise(z)
        bar = float(self.alpha_bar[t])
        return Example(bar**0.5 * z + (1 - bar) ** 0.5 * eps, t, eps)

    def _any_crop(self, generator: torch.Generator) -> Tensor:
        """A random square of a random picture, drawn with replacement."""
        return crop(self.pictures[drawn(self.weights, generator)], self.side, generator)


def pixel_part(side: int) -> int:
    """Squares of `side` pixels that go through a network at once on a processor."""
    return max(1, PART_PIXELS // side**2)


def drawn(weights: Sequence[float], generator: torch.Generator) -> int:
    """One of as many things as there are weights, in proportion to them."""
    if min(weights) == max(weights):
        return int(torch.randint(len(weights), (1,), generator=generator))
    odds = torch.tensor(weights, dtype=torch.float64)
    return int(torch.multinomial(odds, 1, generator=generator))
