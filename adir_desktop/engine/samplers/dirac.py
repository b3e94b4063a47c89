"""Dirac: the photo's degradation is undone a little at a time, by a network trained for its kind."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import pad

from adir_desktop.contract import Degradation, Option
from adir_desktop.engine.dirac import store
from adir_desktop.engine.dirac.network import Network
from adir_desktop.engine.dirac.process import ClosingHoles, Family, GaussianBlurs, NoiseLevels, SoftSpot
from adir_desktop.engine.dirac.store import Config
from adir_desktop.engine.operators.masks import spot_of
from adir_desktop.engine.priors.base import Prediction
from adir_desktop.engine.samplers.base import NoiseSource, Problem, Sample, Settings, Trajectory
from adir_desktop.engine.samplers.row import SamplerRow
from adir_desktop.engine.tiles import Tiled
from adir_desktop.errors import ModelError, RequestError
from adir_desktop.tasks import parse_kernel

TILE_SIDE = 512  # pixels
MOST_GUIDED = 2**21  # pixels; the gradient keeps about 2 kB of activations for each
SMALL = 0.002  # delta of the small increments
TOLERANCE = 1e-6  # of a noise level or a place on the path
TRAINED_STEPS = 999  # `Sample.t` counts as those of the other methods

Phi = Callable[[Tensor, float], Tensor]  # (y_t, t) -> x0
INCREMENTS = ("look-ahead", "small look-ahead", "look-back", "small look-back", "identity")
SCALES = ("std", "error")


@dataclass(frozen=True)
class DiracSettings(Settings):
    """steps: 1 / Delta t, from the photo's own t to 0. guidance: the step of the guidance, 0 for none.

    t_stop: the share of the path at which to stop, 1 after a single pass. increment: how the next, less
    degraded state is foretold, one of INCREMENTS. guidance_scale: s_G is the step over twice the photo's
    variance ("std") or over the current misfit ("error"). output: the clean estimate "x0", or the
    "state" y_t.
    """

    t_stop: float = 0.0
    increment: str = "look-ahead"
    guidance_scale: str = "std"
    output: str = "x0"


@dataclass(frozen=True, eq=False)
class Process:
    """y_t = A_t(x0) + sigma_t z for one photo, t in [0, end]; A_end is what happened to the photo."""

    family: Family
    noise: NoiseLevels

    @property
    def end(self) -> float:
        return self.noise.end


@torch.inference_mode()
def dirac(problem: Problem, settings: DiracSettings) -> Trajectory:
    """Fabian et al. 2024, Algorithm 1, on the photo's own piece of the process.

    The network, of [0, 1] pictures, is found by the problem's degradation. Where the photo has less noise
    than the process ever has, what is missing is added first. Everything happens at the photo's size;
    a border that the prior would have needed is filled at the end.

    Raises:
        RequestError: no network is trained for this degradation, or the photo is too large for guidance.
        ModelError: the network's files are damaged.
    """
    if problem.degradation is None or (reason := supports(problem.degradation)):
        raise RequestError(
            reason if problem.degradation else "Dirac must know what happened to the photo.",
            "Choose another method, such as DiffPIR.",
        )
    if settings.guidance and problem.y[0, 0].numel() > MOST_GUIDED:
        raise RequestError(
            "A photo of this size leaves no memory for Dirac's guidance.", "Set it to 0, or reduce the photo."
        )
    y, ones = _unit_range(problem)
    config, net = store.load(_network(problem.degradation).folder, y.device)
    process = _process(problem, config, ones)
    start = _with_missing_noise(y, ones, problem.sigma / 2, process, problem.noise)
    phi = _Phi(net, process, problem.clip_denoised)
    walk = reverse(phi, process, start, y, settings, problem.noise)
    border = [b - a for a, b in zip(y.shape[-2:], problem.operator.in_shape[1:], strict=True)]
    while True:
        try:
            sample = next(walk)
        except StopIteration as stop:
            return _network_range(stop.value, border)
        x_t, x0 = (_network_range(picture, border) for picture in (sample.x_t, sample.x0))
        yield Sample(sample.step, sample.total, sample.t, x_t, x0)


def reverse(
    phi: Phi, process: Process, start: Tensor, y: Tensor, settings: DiracSettings, noise: NoiseSource
) -> Trajectory:
    """The reverse process from y_end = `start` by `evaluations` steps; y is the photo itself.

    y_(t-dt) = y_t + increment + (sigma_t^2 - sigma_(t-dt)^2) [(A_t(x0) - y_t) / sigma_t^2 + G] + noise, with
    G = -s_G grad |y - A_end(x0(y_t))|^2: down the misfit, as equations 16 and 25 want it.
    """
    total = evaluations(settings)
    degrade, state, x0 = process.family.degrade, start, start
    for i in range(total):
        t, following = (process.end * (1 - j / settings.steps) for j in (i, i + 1))
        guide, x0 = _guided(phi, process, state, y, t, settings)
        if not _stops(settings, i):
            sigma2, next2 = process.noise.at(t) ** 2, process.noise.at(following) ** 2
            less = sigma2 - next2
            drift = (degrade(x0, t) - state) / sigma2 + guide
            state = state + _increment(process, x0, t, following, settings.increment) + less * drift
            if less > 0:
                state = state + math.sqrt(less) * noise(state)
        yield Sample(i + 1, total, round(TRAINED_STEPS * t), state, x0)
    return x0 if settings.output == "x0" else state


def evaluations(settings: DiracSettings) -> int:
    """Steps until the next one would end before t_stop; that one still evaluates the network."""
    return next((i + 1 for i in range(settings.steps) if _stops(settings, i)), settings.steps)


def _stops(settings: DiracSettings, i: int) -> bool:
    return 1 - (i + 1) / settings.steps < settings.t_stop - TOLERANCE


def _increment(process: Process, x0: Tensor, t: float, following: float, kind: str) -> Tensor:
    """What x0 gains from t to t - dt, foretold at the step itself, at its beginning, or not at all."""
    degrade, dt = process.family.degrade, t - following
    small = min(SMALL * process.end, dt)
    if kind == "identity":
        return torch.zeros_like(x0)
    if kind == "look-back" and t + dt <= process.end + TOLERANCE:  # the first step has nothing behind it
        return degrade(x0, t) - degrade(x0, t + dt)
    if kind == "small look-back" and t + small <= process.end + TOLERANCE:
        return (degrade(x0, t) - degrade(x0, t + small)) * (dt / small)
    if kind in ("small look-ahead", "small look-back"):
        return (degrade(x0, t - small) - degrade(x0, t)) * (dt / small)
    return degrade(x0, following) - degrade(x0, t)


def _guided(
    phi: Phi, process: Process, state: Tensor, y: Tensor, t: float, settings: DiracSettings
) -> tuple[Tensor | float, Tensor]:
    """G of this step, and x0."""
    if settings.guidance == 0:
        return 0.0, phi(state, t)
    with torch.inference_mode(mode=False), torch.enable_grad():
        given, photo = state.clone().requires_grad_(), y.clone()
        x0 = phi(given, t)
        misfit = (photo - process.family.degrade(x0, process.end)).square().sum((1, 2, 3))
        (gradient,) = torch.autograd.grad(misfit.sum(), given)
    if settings.guidance_scale == "std":
        scale = torch.full_like(misfit, settings.guidance * 0.5 / process.noise.at(process.end) ** 2)
    else:
        scale = settings.guidance / misfit.detach().sqrt().clamp_min(TOLERANCE)
    return -scale.detach()[:, None, None, None] * gradient, x0.detach()


def supports(degradation: Degradation) -> str:
    """Why no network here is trained for the degradation; "" where one is."""
    try:
        config = _network(degradation).config
    except (RequestError, ModelError) as error:
        return error.problem
    assert config is not None
    noise, most = degradation.noise_std, 255 * config.sigma_max
    if noise > most * (1 + TOLERANCE):
        return f"Dirac's network knows noise up to {most:g} of 255, not {noise:g}."
    std, (least, *_, worst) = _std(degradation), config.severities.values
    if std is not None and not least <= std <= worst:
        return f"Dirac's network knows Gaussian blurs of {least:g} to {worst:g} pixels, not {std:g}."
    return ""


def _network(degradation: Degradation) -> store.Installed:
    """Raises RequestError: no network can be for it. ModelError: there is none."""
    kinds = [step.kind for step in degradation.steps]
    if kinds in (["mask"], ["soft-mask"]):
        return store.find("inpaint")
    if kinds == ["blur"] and _std(degradation) is not None:
        return store.find("blur")
    raise RequestError(
        "Dirac has networks for a Gaussian blur alone and for missing parts alone.",
        "Choose another method, such as DiffPIR.",
    )


def _std(degradation: Degradation) -> float | None:
    """Of a Gaussian blur, in pixels."""
    step = degradation.steps[0]
    if step.kind != "blur":
        return None
    kernel = parse_kernel(str(step.values["kernel"]))
    return kernel.values[0] if kernel.shape == "gaussian" else None


def _unit_range(problem: Problem) -> tuple[Tensor, Tensor]:
    """The photo in [0, 1], and A 1: 2 A x - A 1 is what operators say of a picture in [-1, 1]."""
    ones = problem.operator.forward(torch.ones_like(problem.zeros()))
    return (problem.y + ones) / 2, ones


def _network_range(x: Tensor, border: list[int]) -> Tensor:
    """[0, 1] -> [-1, 1], with the border (rows, columns) that the problem's pictures have."""
    return pad(2 * x - 1, (0, border[1], 0, border[0]), mode="replicate")


def _process(problem: Problem, config: Config, ones: Tensor) -> Process:
    """The family through this photo, and the noise that ends in the photo's own."""
    degradation = problem.degradation
    assert degradation is not None
    largest = max(problem.sigma / 2, config.sigma_min)
    height, width = ones.shape[-2:]
    with torch.inference_mode(mode=False):  # guidance differentiates through it
        like = ones[:1, :1].clone()
    std = _std(degradation)
    if std is not None:
        family = GaussianBlurs(config.severities, height, width, like)
        return Process(family, NoiseLevels(config.sigma_min, largest, config.severities.find(std)))
    noise, step = NoiseLevels(config.sigma_min, largest), degradation.steps[0]
    if step.kind == "mask":
        return Process(ClosingHoles(like), noise)
    return Process(SoftSpot(*spot_of(step.values, height, width), height, width, like), noise)


def _with_missing_noise(
    y: Tensor, ones: Tensor, sigma: float, process: Process, noise: NoiseSource
) -> Tensor:
    """The photo as the state y_end: where it has less noise than that, or was not seen, the rest is added."""
    wanted = process.noise.at(process.end) ** 2
    missing = (wanted - sigma**2 * (ones != 0)).clamp_min(0)
    if float(missing.max()) <= TOLERANCE**2:
        return y
    return y + missing.sqrt() * noise(y)


@dataclass(frozen=True, eq=False)
class _Phi:
    """x0 of a state by the network, in windows where the photo is large."""

    net: Network
    process: Process
    clip: bool

    def __call__(self, y: Tensor, t: float) -> Tensor:
        height, width = y.shape[-2:]
        shown = self.process.family.shown(t).to(y).expand(len(y), -1, -1, -1)
        grown = (0, -width % self.net.multiple_of, 0, -height % self.net.multiple_of)
        both = pad(torch.cat([y, shown], 1).float(), grown, mode="replicate")
        level = _AtLevel(self.net, self.process.noise.at(t), y.new_ones(1))
        x0 = Tiled(level, TILE_SIDE).predict(both, 0).eps[..., :height, :width].to(y)
        return x0.clamp(0, 1) if self.clip else x0


@dataclass(frozen=True, eq=False)
class _AtLevel:
    """The network at one sigma, in the form that windows are cut for: state and map in four channels."""

    net: Network
    sigma: float
    alpha_bar: Tensor

    @property
    def multiple_of(self) -> int:
        return self.net.multiple_of

    def predict(self, x_t: Tensor, t: int) -> Prediction:
        del t
        return Prediction(self.net(x_t[:, :3], x_t[:, 3:], x_t.new_full((len(x_t),), self.sigma)))


ROW = SamplerRow(
    "Dirac",
    "Undoes a blur or fills holes little by little, with networks of its own; you choose between exact and sharp.",
    "Fabian et al., ICML 2024",
    dirac,
    evaluations=lambda _: 0,  # of the prior: it has its own networks
    published={  # natural photos, for perception (t_stop 0); for least error the paper stops earlier
        #                       steps step t_stop increment     scale
        "deblur":  DiracSettings(50,  0.2, 0.0, "look-back",  "std"),
        "inpaint": DiracSettings(100, 0.0, 0.0, "look-ahead", "std", "state"),
        "":        DiracSettings(50,  0.0, 0.0, "look-ahead", "std"),
    },
    quick={  # one pass is closest, see the networks' card
        "":        DiracSettings(20,  0.0, 1.0, "look-ahead", "std"),
    },
    length=evaluations,
    guidance="s",
    options=(
        Option("t_stop", "Stop at", "1 is one pass with the least error, 0 the whole way to the sharpest",
               ends=("sharp", "exact")),
        Option("increment", "Increment", "How the next, less degraded state is foretold", choices=INCREMENTS),
        Option("guidance_scale", "Guidance by", "What the guidance is measured in: the photo's noise or the misfit",
               choices=SCALES),
        Option("output", "Result", "The clean estimate, or the last state with its rest of noise",
               choices=("x0", "state")),
    ),
    supports=supports,
    passes=0.6,
    adapts=False,
)  # fmt: skip
