"""One step of the reverse diffusion as it was trained, without any data: what guided samplers build on."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from adir_desktop.contract import Option
from adir_desktop.engine.priors.base import Prediction
from adir_desktop.engine.samplers.base import NoiseSource, Problem, estimate_x0
from adir_desktop.engine.samplers.schedule import TRAINING_STEPS, Spaced, respaced
from adir_desktop.errors import RequestError

LAST = TRAINING_STEPS - 1  # the last training step
START = Option("t_start", "Start", "The noise step to begin at; 999 is pure noise", 1, LAST, whole=True)
BEYOND = 1e3  # network units; noise itself stays under 7


def begin(problem: Problem, steps: int, t_start: int) -> tuple[Spaced, Tensor]:
    """The chain of about `steps` steps up to t_start, evenly, and the state x_t that sampling begins with.

    Noise alone from the last training step; below it the operator's first guess, noised (Chung et al.:
    Come-Closer-Diffuse-Faster, CVPR 2022), which spares steps and keeps a small prior close to the photo.
    """
    alpha_bar = problem.denoiser.alpha_bar
    levels = min(t_start, len(alpha_bar) - 1) + 1
    chain = Spaced.of(alpha_bar, respaced(min(steps, levels), levels))
    if levels == len(alpha_bar):
        return chain, problem.noise(problem.zeros())
    return chain, noised(problem, problem.operator.guess(problem.y), chain.alpha_bar[-1])[0]


def noised(problem: Problem, x: Tensor, alpha_bar: float) -> tuple[Tensor, Tensor]:
    """A picture at the level alpha_bar, and the noise e that brought it there."""
    e = problem.noise(x)
    return math.sqrt(alpha_bar) * x + math.sqrt(1 - alpha_bar) * e, e


@dataclass(frozen=True)
class Reverse:
    """p(x_(i-1) | x_i) = N(mean, variance), as x_i; the variance of each value, or one for all."""

    mean: Tensor
    variance: Tensor

    @staticmethod
    def of(chain: Spaced, i: int, x_t: Tensor, prediction: Prediction) -> Reverse:
        """Ho et al. 2020, eq. 11; where x0 was clipped, with the eps that agrees with it this is their eq. 7."""
        beta = chain.beta[i]
        drift = beta / math.sqrt(1 - chain.alpha_bar[i]) * prediction.eps
        mean = (x_t - drift) / math.sqrt(1 - beta)
        return Reverse(mean, _variance(prediction.variance_logits, beta, chain.beta_tilde[i]))

    def draw(self, noise: NoiseSource) -> Tensor:
        """One sample of x_(i-1)."""
        return self.mean + self.variance.sqrt() * noise(self.mean)


def ancestral_step(problem: Problem, chain: Spaced, i: int, x_t: Tensor) -> tuple[Tensor, Tensor]:
    """x0 and a draw of x_(i-1) from x_i; the mean at i = 0, where nothing is left to denoise it."""
    x0, prediction = estimate_x0(problem, x_t, chain.index[i], chain.alpha_bar[i])
    reverse = Reverse.of(chain, i, x_t, prediction)
    return x0, reverse.draw(problem.noise) if i else reverse.mean


def steady(x: Tensor) -> Tensor:
    """Nothing is done to x.

    Raises:
        RequestError: it has grown beyond all bounds: the steps towards the data were too large.
    """
    if not float(x.abs().max()) <= BEYOND:  # not a number neither
        raise RequestError(
            "With these numbers the method loses its hold.", "Choose a smaller guidance, or more steps."
        )
    return x


def _variance(logits: Tensor | None, beta: float, beta_tilde: float) -> Tensor:
    """Learnt, between log beta_tilde and log beta (Nichol, Dhariwal 2021, eq. 15), or beta_tilde itself."""
    if logits is None:
        return torch.tensor(beta_tilde, dtype=torch.float64)
    share = (logits + 1) / 2
    return torch.exp(share * math.log(beta) + (1 - share) * math.log(beta_tilde))
