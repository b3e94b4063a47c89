"""What sampling in the latents of Stable Diffusion has in common: the problem, and DDIM."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from typing import Any

from torch import Tensor

from adir_desktop.contract import Degradation
from adir_desktop.engine.operators.base import LinearOperator
from adir_desktop.engine.priors.latent_model import LatentModel, Shown, Text
from adir_desktop.engine.samplers.base import NoiseSource, Sample

MOST_GUIDANCE = 50.0  # beyond it nothing but glaring colours is left
LOOK_SHARE = 0.1  # of the time may go into showing how far it is


@dataclass(frozen=True)
class LatentProblem:
    """Find x with y = A x + e in the latents of `model`, of what `text` says; see `Problem`.

    start: a first picture (B, 3, H, W): what lies under the holes, or a plain filling of them.
    """

    model: LatentModel
    text: Text
    operator: LinearOperator
    y: Tensor
    start: Tensor
    noise: NoiseSource
    degradation: Degradation


def passes(steps: int, guidance: float) -> int:
    """Of the U-Net: guidance by words asks it twice at each step, and 1 is none."""
    return steps if guidance == 1 else 2 * steps


def steps_of(model: LatentModel, steps: int) -> Any:
    """The model's DDIM, set to so many steps."""
    scheduler: Any = type(model.scheduler).from_config(model.scheduler.config)
    scheduler.set_timesteps(steps)
    return scheduler


class Looks:
    """Quick looks at latents, for a small share of the time; between two of them the last one is shown."""

    def __init__(self, look: Callable[[Tensor], Tensor]) -> None:
        self._look = look
        self._last: Tensor | None = None
        self._began, self._spent = time.perf_counter(), 0.0

    def at(self, z0: Tensor) -> Tensor:
        """The picture of z0, or of a moment ago."""
        start = time.perf_counter()
        if self._last is None or self._spent < LOOK_SHARE * (start - self._began):
            self._last = self._look(z0)
            self._spent += time.perf_counter() - start
        return self._last


def ddim(
    model: LatentModel,
    z: Tensor,
    shown: Shown,
    guidance: float,
    scheduler: Any,
    timesteps: Tensor,
) -> Generator[tuple[int, Tensor, Tensor], None, Tensor]:
    """DDIM with eta = 0 (Song, Meng, Ermon 2021) from z; yields (t, z_t, the estimate z0) after each step.

    scheduler: of diffusers, its steps set: it knows whether the network says eps or v.
    """
    for t in timesteps.tolist():
        output = model.predict(z, t, shown, guidance)
        step = scheduler.step(output, t, z)
        yield t, z, step.pred_original_sample
        z = step.prev_sample
    return z


def told(
    steps: Generator[tuple[int, Tensor, Tensor], None, Tensor],
    looks: Looks,
    whole: Callable[[Tensor], Tensor],
    *,
    done: int,
    total: int,
) -> Generator[Sample, None, Tensor]:
    """The steps as samples: with a quick look, and how to make a whole picture where it ends early."""
    while True:
        try:
            t, z_t, z0 = next(steps)
        except StopIteration as stop:
            last: Tensor = stop.value
            return last
        done += 1
        yield Sample(done, total, t, z_t, looks.at(z0), partial(whole, z0))
