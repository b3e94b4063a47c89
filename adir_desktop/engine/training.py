"""A LoRA in training, and how far it has come: kept where memory runs out, so that the next try goes on from there."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from adir_desktop.engine.lessons import Chance, Lessons
from adir_desktop.interrupt import clock


@dataclass(eq=False)
class Training:
    """net: with a LoRA, on its device. average: of the LoRA's numbers over the iterations. done: iterations that are
    complete. draws: how chance stood before the one that comes. losses: of those done; `unread` ones are still on
    the device.
    """

    net: nn.Module
    optimiser: torch.optim.Optimizer
    average: list[Tensor]
    chance: Chance
    draws: tuple[Tensor, Tensor]
    start: float
    done: int = 0
    losses: list[float] = field(default_factory=list)
    unread: list[Tensor] = field(default_factory=list)

    @staticmethod
    def of(net: nn.Module, rate: float, chance: Chance) -> Training:
        """Adam at a constant rate over all that learns."""
        trainable = [p for p in net.parameters() if p.requires_grad]
        optimiser = torch.optim.Adam(trainable, lr=rate, fused=True)
        average = [p.detach().clone() for p in trainable]
        return Training(net, optimiser, average, chance, chance.state(), clock())

    @property
    def trainable(self) -> list[Tensor]:
        """The numbers of the LoRA."""
        found: list[Tensor] = self.optimiser.param_groups[0]["params"]
        return found

    def complete(self, loss: Tensor, decay: float) -> None:
        """One more iteration, whose gradients are there: a step, and the average follows.

        theta_ema <- d theta_ema + (1 - d) theta, with a warm start that forgets the beginning.
        """
        self.optimiser.step()
        share = 1 - min(decay, (1 + self.done) / (10 + self.done))
        with torch.no_grad():
            for mean, value in zip(self.average, self.trainable, strict=True):
                mean.lerp_(value, share if decay else 1.0)
        self.unread.append(loss)
        self.draws = self.chance.state()
        self.done += 1

    def again(self) -> None:
        """Before the iteration that comes, also where an earlier try of it has failed half-way."""
        self.optimiser.zero_grad(set_to_none=True)
        self.chance.back_to(self.draws)

    def read(self) -> list[float]:
        """The losses so far; waits for the device."""
        if self.unread:
            self.losses += torch.stack(self.unread).tolist()
            self.unread.clear()
        return self.losses

    def settle(self) -> None:
        """The average takes the place of the last numbers."""
        with torch.no_grad():
            for parameter, mean in zip(self.trainable, self.average, strict=True):
                parameter.copy_(mean)


class Course:
    """What several tries of one adaptation have in common. lessons: where they are made beforehand."""

    def __init__(self) -> None:
        self._numbers: Hashable = None
        self.training: Training | None = None
        self.lessons: Lessons | None = None

    def turn_to(self, numbers: Hashable) -> None:
        """Lets go of what was made by other numbers or on another device: from there it could not go on."""
        if numbers != self._numbers:
            self._numbers, self.training, self.lessons = numbers, None, None
