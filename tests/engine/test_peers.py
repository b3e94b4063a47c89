"""The same method twice: ours, and that of deepinv (BSD-3), on one prior and one operator."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from adir_desktop.engine.samplers import SAMPLERS, Problem
from adir_desktop.engine.samplers.admm_tv import TVSettings
from adir_desktop.engine.samplers.ddrm import DDRMSettings
from adir_desktop.engine.samplers.diffpir import DiffPIRSettings
from adir_desktop.engine.samplers.dps import DPSSettings, scale
from adir_desktop.engine.samplers.pnp_admm import PnPSettings
from adir_desktop.engine.samplers.schedule import Spaced, quadratic, respaced, sigma, strided
from tests.engine.peers import TASKS, AsTheirs, Pair, deepinv, operators, pair
from tests.engine.sampler_problems import drain

SAMPLES = 600


pytestmark = pytest.mark.usefixtures("one_thread")


def quieter(given: Problem) -> Problem:
    """Its noise over sqrt(2)."""
    return replace(given, noise=lambda like: given.noise(like) / 2**0.5)


def network_range(x: Tensor) -> Tensor:
    return (2 * x - 1).flatten(1)


def disagreement(a: Tensor, b: Tensor) -> tuple[float, float]:
    """Of the means, the largest in standard errors; of the spreads (rms over pixels), the ratio."""
    error = ((a.var(0) + b.var(0)) / len(a)).sqrt().clamp_min(1e-6)
    spread = (float(a.var(0).mean()) / max(float(b.var(0).mean()), 1e-12)) ** 0.5
    return float(((a.mean(0) - b.mean(0)).abs() / error).max()), spread


def their_ddrm(both: Pair, steps: int) -> Tensor:
    levels = [float(sigma(both.prior.alpha_bar[t])) / 2 for t in strided(steps)[::-1]]
    method = deepinv.sampling.DDRM(AsTheirs(both.prior), sigmas=[*levels, 0.0], eps=1e-12)
    torch.manual_seed(1)
    return network_range(method(both.y_theirs.clone(), both.theirs))


@pytest.mark.parametrize("task", TASKS)
def test_ddrm(task: str, capsys: pytest.CaptureFixture) -> None:
    """deepinv divides all noise by sqrt(2), meant for complex coefficients: with real ones its samples are too
    narrow. With our noise divided alike, both draw from one law; means agree in any case.
    """
    both = pair(task, SAMPLES, sigma=0.1)
    settings = DDRMSettings(20)
    theirs, ours = their_ddrm(both, 20), drain("ddrm", both.ours, settings)
    same = drain("ddrm", quieter(both.ours), settings)
    off, spread = disagreement(ours, theirs)
    off_same, spread_same = disagreement(same, theirs)
    with capsys.disabled():
        print(
            f"\nDDRM {task}: means {off:.1f} se, spread x{spread:.3f}; /sqrt(2) {off_same:.1f} x{spread_same:.3f}"
        )
    assert off < 5
    if task == "blur":  # rfft keeps half the coefficients, and of the other columns half the noise is lost
        assert 1.0 < spread < 2**0.5
    else:
        assert off_same < 5
        assert spread_same == pytest.approx(1, abs=0.05)
        assert spread == pytest.approx(2**0.5, abs=0.07)


BETA_MIN, BETA_MAX = 0.1, 20.0  # of deepinv's variance-preserving process


class ConstantZeta(deepinv.sampling.DPSDataFidelity):
    """Their gradient is a score, so that a step takes weight * beta / (2 sqrt(1 - beta)) of it, in [-1, 1];
    the paper's takes zeta of it, whatever the step. zetas: the weight that makes it so, by noise level.
    """

    def __init__(self, denoiser: AsTheirs, weights: dict[float, float]) -> None:
        super().__init__(denoiser)
        self.weights = weights

    def forward(self, x: Tensor, y: Tensor, physics: object, sigma: Tensor, **rest: object) -> object:
        nearest = min(self.weights, key=lambda level: abs(level - float(sigma)))
        self.weight = self.weights[nearest]
        return super().forward(x, y, physics, sigma, **rest)


def their_dps(both: Pair, steps: int, zeta: float) -> Tensor:
    """On our chain of steps: their time t at which exp(-integral of beta) is our alpha_bar."""
    chain = Spaced.of(both.prior.alpha_bar, respaced(steps))
    rise = BETA_MAX - BETA_MIN
    times = [((BETA_MIN**2 - 2 * rise * math.log(bar)) ** 0.5 - BETA_MIN) / rise for bar in chain.alpha_bar]
    levels = [float(sigma(torch.tensor(bar))) / 2 for bar in chain.alpha_bar]
    weights = [2 * zeta * (1 - beta) ** 0.5 / beta for beta in chain.beta]
    denoiser = AsTheirs(both.prior, dtype=torch.float64)
    method = deepinv.sampling.PosteriorDiffusion(
        data_fidelity=ConstantZeta(denoiser, dict(zip(levels, weights, strict=True))),
        denoiser=denoiser,
        sde=deepinv.sampling.VariancePreservingDiffusion(alpha=1.0, beta_min=BETA_MIN, beta_max=BETA_MAX),
        solver=deepinv.sampling.DDPMSolver(timesteps=torch.tensor([*times[::-1], 0.0])),
    )
    torch.manual_seed(1)
    return network_range(method(both.y_theirs.float(), both.theirs.float()))


@pytest.mark.parametrize("task", TASKS)
def test_dps(task: str, capsys: pytest.CaptureFixture) -> None:
    """The same law, once their gradient is weighted as in the paper."""
    both = pair(task, SAMPLES, sigma=0.1)
    settings = DPSSettings(50, 1.0)
    ours = drain("dps", both.ours, settings)
    zeta = settings.guidance * scale(1000 / settings.steps, both.ours.operator.in_shape)
    off, spread = disagreement(ours, their_dps(both, settings.steps, zeta))
    with capsys.disabled():
        print(f"\nDPS {task}: means {off:.1f} se, spread x{spread:.3f}")
    assert off < 5
    assert spread == pytest.approx(1, abs=0.05)


def their_diffpir(both: Pair, settings: DiffPIRSettings) -> Tensor:
    """On our grid of steps. Its lambda: the proximal step minimises 1/2 |A x - y|^2 with gamma = 1 / (2 rho),
    and sigma is half ours, so that lambda = 2 is our 1.
    """
    both.theirs.noise_model = torch.nn.Identity()  # else it makes its own grid
    method = deepinv.sampling.DiffPIR(
        AsTheirs(both.prior),
        deepinv.optim.data_fidelity.L2(),
        sigma=both.ours.sigma / 2,
        max_iter=settings.steps,
        zeta=settings.zeta,
        lambda_=2 * settings.guidance,
    )
    method.seq = 999 - torch.tensor(quadratic(settings.steps, settings.t_start))
    torch.manual_seed(1)
    return network_range(method(both.y_theirs.clone(), both.theirs))


@pytest.mark.parametrize("zeta", [1.0, 0.3])
@pytest.mark.parametrize("task", TASKS)
def test_diffpir(task: str, zeta: float, capsys: pytest.CaptureFixture) -> None:
    """Theirs ends one step earlier, at the noisy x of the last level, and always clips; otherwise the same law."""
    both = pair(task, SAMPLES, sigma=0.1)
    settings = DiffPIRSettings(100, 1.0, zeta=zeta)
    run = SAMPLERS["diffpir"].run(replace(both.ours, clip_denoised=True), settings)
    ours = list(run)[-2].x_t.flatten(1)
    off, spread = disagreement(ours, their_diffpir(both, settings))
    with capsys.disabled():
        print(f"\nDiffPIR {task} zeta {zeta}: means {off:.1f} se, spread x{spread:.3f}")
    assert off < 5
    assert spread == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("task", TASKS)
def test_pnp_admm(task: str) -> None:
    """Nothing is random here: step for step the same, its step size being 1 / rho."""
    both = pair(task, 2, sigma=0.1)
    settings = PnPSettings(12, mode="admm", strength=30.0)
    level = float(sigma(both.prior.alpha_bar)[_nearest(both, 60.0 / 255)])
    rho = settings.guidance * both.ours.sigma**2 / level**2
    method = deepinv.optim.ADMM(
        data_fidelity=deepinv.optim.data_fidelity.L2(),
        prior=deepinv.optim.prior.PnP(AsTheirs(both.prior)),
        stepsize=1 / rho,
        sigma_denoiser=level / 2,
        max_iter=settings.steps,
        early_stop=False,
        custom_init=lambda y, physics: {
            "est": ((both.ours.operator.guess(both.ours.y) + 1) / 2, torch.zeros_like(y))
        },
    )
    with torch.no_grad():
        theirs = network_range(method(both.y_theirs, both.theirs))
    assert torch.allclose(drain("pnp-admm", both.ours, settings), theirs, atol=1e-6)


def _nearest(both: Pair, level: float) -> int:
    return int((sigma(both.prior.alpha_bar) - level).abs().argmin())


def test_total_variation() -> None:
    """The same optimum; lambda of [-1, 1] is twice that of [0, 1]."""
    both = pair("denoise", 2, sigma=0.1)
    theirs = deepinv.models.TVDenoiser(crit=1e-12, n_it_max=20000)
    found = network_range(theirs(both.y_theirs, 0.05))
    ours = drain("admm-tv", both.ours, TVSettings(3000, 1.0, tolerance=1e-9))
    assert torch.allclose(ours, found, atol=1e-3)


def test_the_operators_are_the_same() -> None:
    for task in TASKS:
        ours, theirs = operators(task, 6, torch.float64)
        x = torch.randn(2, 3, 6, 6, dtype=torch.float64)
        assert torch.allclose(ours.forward(x), theirs.A(x), atol=1e-12)
