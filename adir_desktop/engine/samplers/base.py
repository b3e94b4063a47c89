"""What every sampler is given, and what it says at each step."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from adir_desktop.contract import Degradation
from adir_desktop.engine.operators.base import LinearOperator
from adir_desktop.engine.priors.base import Denoiser, Prediction

NoiseSource = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Problem:
    """Find x with y = A x + e, e ~ N(0, sigma^2), under the prior; all in network units, [-1, 1].

    noise: standard normal noise of a tensor's shape; the only source of chance. clip_denoised: keep
    x0 inside [-1, 1]; off where the prior's pictures leave it. degradation: what `operator` was built
    from, for methods whose own network was trained for one.
    """

    denoiser: Denoiser
    operator: LinearOperator
    y: Tensor
    sigma: float
    noise: NoiseSource
    clip_denoised: bool = True
    degradation: Degradation | None = None

    def zeros(self) -> Tensor:
        """A picture of zeros of the problem's size, device and dtype."""
        return self.y.new_zeros((self.y.shape[0], *self.operator.in_shape))


@dataclass(frozen=True)
class Settings:
    """The numbers that methods share; each adds its own.

    steps: of the method's loop. guidance: the weight of the data, by whatever letter the paper calls it;
    0 where there is none.
    """

    steps: int
    guidance: float = 0.0


@dataclass(frozen=True)
class Sample:
    """One step done: step of total, the estimate x0 of the clean picture, the state x_t.

    whole: where x0 is no more than a quick look, makes the picture that the step stands for.
    """

    step: int
    total: int
    t: int
    x_t: Tensor
    x0: Tensor
    whole: Callable[[], Tensor] | None = None

    def picture(self) -> Tensor:
        """What the step would give as a result."""
        return self.x0 if self.whole is None else self.whole()


Trajectory = Generator[Sample, None, Tensor]


def seeded_noise(seed: int, device: torch.device) -> NoiseSource:
    """Standard normal noise from one seed."""
    generator = torch.Generator(device).manual_seed(seed)

    def noise(like: Tensor) -> Tensor:
        return torch.randn(like.shape, generator=generator, device=like.device, dtype=like.dtype)

    return noise


def noise_of_each(seeds: Sequence[int], device: torch.device) -> NoiseSource:
    """For a batch with a seed for each picture: every one gets what it would get alone."""
    each = [seeded_noise(seed, device) for seed in seeds]

    def noise(like: Tensor) -> Tensor:
        drawn = [draw(one[None]) for draw, one in zip(each, like, strict=True)]
        return torch.cat(drawn) if len(drawn) > 1 else drawn[0]

    return noise


def estimate_x0(problem: Problem, x_t: Tensor, t: int, alpha_bar: float) -> tuple[Tensor, Prediction]:
    """x0 = (x_t - sqrt(1 - alpha_bar) eps) / sqrt(alpha_bar), clipped if wanted, with eps made to agree."""
    prediction = problem.denoiser.predict(x_t, t)
    x0 = (x_t - (1 - alpha_bar) ** 0.5 * prediction.eps) / alpha_bar**0.5
    if not problem.clip_denoised:
        return x0, prediction
    logits = prediction.variance_logits
    del prediction  # a large photo has no room for both
    x0 = x0.clamp(-1, 1)
    eps = (x_t - alpha_bar**0.5 * x0) / (1 - alpha_bar) ** 0.5
    return x0, Prediction(eps, logits)
