"""ScoreALD: annealed Langevin dynamics on the posterior, its data term softened along with the prior."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from adir_desktop.contract import Option
from adir_desktop.engine.samplers.ancestral import ancestral_step
from adir_desktop.engine.samplers.base import Problem, Sample, Settings, Trajectory, estimate_x0
from adir_desktop.engine.samplers.row import SamplerRow
from adir_desktop.engine.samplers.schedule import Spaced, respaced
from adir_desktop.engine.samplers.schedule import sigma as sigma_of


@dataclass(frozen=True)
class ScoreALDSettings(Settings):
    """steps: noise levels L. guidance: kappa, the weight of the data's score; 1 is the posterior.

    inner: Langevin steps at each level. first, last: sigma_1 and sigma_L, in network units. rate:
    eta_i / sigma_i^2. variant: "langevin", or "ddpm" for one reverse diffusion step at each level, which
    knows neither of the last three.
    """

    guidance: float = 1.0
    inner: int = 3
    first: float = 50.0
    last: float = 0.01
    rate: float = 0.3
    variant: str = "langevin"


@torch.inference_mode()
def scoreald(problem: Problem, settings: ScoreALDSettings) -> Trajectory:
    """Jalal et al. 2021, eq. 4: the posterior of y = A x + e with e of variance sigma^2 + gamma_i^2, at falling
    noise levels sigma_i; gamma_i = sigma_i.
    """
    run = _ddpm if settings.variant == "ddpm" else _langevin
    return (yield from run(problem, settings))


def _langevin(problem: Problem, settings: ScoreALDSettings) -> Trajectory:
    """With eta_i = rate sigma_i^2, and z fresh noise, in each step

    x <- x + eta_i (s(x) - kappa A^T (A x - y) / (sigma^2 + sigma_i^2)) + sqrt(2 eta_i - eta_i^2 / sigma_i^2) z.

    The paper has sqrt(2 eta_i): the same for small steps, but with large ones the noise of x would lie above
    the level that the network is told, and real networks take the rest for texture. The score is that
    of the nearest of the network's own levels. x begins at the noised first guess, which a high sigma_1
    makes no difference to; one evaluation more at the end takes the last noise off.
    """
    operator, y = problem.operator, problem.y
    alpha_bar = problem.denoiser.alpha_bar
    most = 1 / operator.norm2(y)  # beyond it a step overshoots the data
    total = evaluations(settings)
    levels = sigmas(settings)
    x = operator.guess(y) + levels[0] * problem.noise(problem.zeros())
    for level, sigma_i in enumerate(levels):
        t, root = _nearest(alpha_bar, sigma_i)
        eta = settings.rate * sigma_i**2
        fresh = math.sqrt(2 * eta - (eta / sigma_i) ** 2)
        pull = min(settings.guidance * eta / (problem.sigma**2 + sigma_i**2), most)
        for k in range(settings.inner):
            x0, prediction = estimate_x0(problem, root * x, t, root**2)
            score = -prediction.eps * root / math.sqrt(1 - root**2)
            step = eta * score - pull * operator.adjoint(operator.forward(x) - y)
            x = x + step + fresh * problem.noise(x)
            yield Sample(level * settings.inner + k + 1, total, t, root * x, x0)
    t, root = _nearest(alpha_bar, levels[-1])
    x0, _ = estimate_x0(problem, root * x, t, root**2)
    yield Sample(total, total, t, root * x, x0)
    return x0


def _ddpm(problem: Problem, settings: ScoreALDSettings) -> Trajectory:
    """The same likelihood beside ancestral steps: x_t in place of x, so y times sqrt(alpha_bar), and
    beta_t in place of eta_i.
    """
    operator, y = problem.operator, problem.y
    chain = Spaced.of(problem.denoiser.alpha_bar, respaced(settings.steps, len(problem.denoiser.alpha_bar)))
    most = 1 / operator.norm2(y)
    x_t = problem.noise(problem.zeros())
    for i in reversed(range(settings.steps)):
        bar = chain.alpha_bar[i]
        residual = operator.forward(x_t) - math.sqrt(bar) * y
        variance = bar * problem.sigma**2 + 1 - bar
        pull = min(settings.guidance * chain.beta[i] / variance, most)
        x0, x_t = ancestral_step(problem, chain, i, x_t)
        x_t = x_t - pull * operator.adjoint(residual)
        yield Sample(settings.steps - i, settings.steps, chain.index[i], x_t, x0)
    return x_t


def sigmas(settings: ScoreALDSettings) -> list[float]:
    """sigma_1 ... sigma_L, falling in equal ratios."""
    ratio = settings.last / settings.first
    return [settings.first * ratio ** (i / max(settings.steps - 1, 1)) for i in range(settings.steps)]


def _nearest(alpha_bar: Tensor, sigma: float) -> tuple[int, float]:
    """The training step t whose noise level is nearest in ratio, and sqrt(alpha_bar_t)."""
    t = int((sigma_of(alpha_bar).log() - math.log(sigma)).abs().argmin())
    return t, math.sqrt(float(alpha_bar[t]))


def evaluations(settings: ScoreALDSettings) -> int:
    """Of the network; one more than Langevin steps."""
    return settings.steps if settings.variant == "ddpm" else settings.steps * settings.inner + 1


ROW = SamplerRow(
    "ScoreALD",
    "Langevin dynamics: the most exact with many steps, and a fair picture of what the photo leaves open.",
    "Jalal et al., NeurIPS 2021",
    scoreald,
    evaluations=evaluations,
    # The paper's 2311 levels from 232 to 0.0066 belong to its network of raw MRI data. These: three steps a
    # level as there; at a rate of 0.3 twice as many move the mean by less than a twentieth of the deviation.
    #                           steps kappa
    published={"": ScoreALDSettings(330, 1.0)},
    quick={"": ScoreALDSettings(96, 1.0, inner=1, first=0.5, rate=0.5)},
    guidance="kappa",
    options=(
        Option("inner", "Steps a level", "How many Langevin steps each noise level has", 1, 20, whole=True),
        Option(
            "first", "First noise", "The noise level to begin at, 2 is the whole range of tones", 0.1, 150
        ),
        Option("last", "Last noise", "The noise level to end at; what is left is taken off", 0.005, 0.1),
        Option("rate", "Step size", "Of a Langevin step, as a share of the noise", 0.01, 0.5),
        Option(
            "variant",
            "Kind of step",
            "langevin follows the paper; ddpm takes one step of reverse diffusion at each level",
            choices=("langevin", "ddpm"),
        ),
    ),
)
