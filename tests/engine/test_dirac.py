"""The sampler Dirac: its reverse step against closed forms, its stopping, and its embedded networks."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from adir_desktop.contract import Degradation, Step
from adir_desktop.engine.dirac import store
from adir_desktop.engine.dirac.network import Shape
from adir_desktop.engine.dirac.process import ClosingHoles, GaussianBlurs, NoiseLevels
from adir_desktop.engine.dirac.schedule import Severities
from adir_desktop.engine.dirac.store import Config
from adir_desktop.engine.operators import build_operator
from adir_desktop.engine.samplers import Problem, dirac, seeded_noise
from adir_desktop.engine.samplers.base import Sample, Trajectory
from adir_desktop.engine.samplers.dirac import DiracSettings, Process, evaluations, reverse, supports
from adir_desktop.errors import RequestError

F64 = torch.float64
SIDE = 12
CPU = torch.device("cpu")


def blurs() -> GaussianBlurs:
    return GaussianBlurs(Severities((0.3, 0.6, 1.2, 2.0)), SIDE, SIDE, torch.empty(0, dtype=F64))


def holes() -> ClosingHoles:
    seen = torch.ones(1, 1, SIDE, SIDE, dtype=F64)
    seen[..., 3:9, 2:8] = 0
    return ClosingHoles(seen)


FAMILIES = {"blur": blurs, "inpaint": holes}


def drained(walk: Trajectory) -> tuple[list[Sample], Tensor]:
    samples = []
    while True:
        try:
            samples.append(next(walk))
        except StopIteration as stop:
            return samples, stop.value


def given(name: str, noise: NoiseLevels | None = None) -> tuple[Process, Tensor, Tensor]:
    """A process, a clean picture (2, 3, SIDE, SIDE) and its last state."""
    generator = torch.Generator().manual_seed(3)
    process = Process(FAMILIES[name](), noise or NoiseLevels())
    x0 = torch.rand(2, 3, SIDE, SIDE, generator=generator, dtype=F64)
    z = torch.randn(x0.shape, generator=generator, dtype=F64)
    return process, x0, process.family.degrade(x0, process.end) + process.noise.at(process.end) * z


def run(phi: Callable, process: Process, y: Tensor, settings: DiracSettings) -> tuple[list[Sample], Tensor]:
    with torch.inference_mode():
        return drained(reverse(phi, process, y, y, settings, seeded_noise(5, CPU)))


@pytest.mark.parametrize("end", [1.0, 0.7])
@pytest.mark.parametrize("name", FAMILIES)
def test_a_step_with_the_truth_is_the_closed_form(name: str, end: float) -> None:
    """Phi = x0: y' = A_t'(x0) + (sigma'^2 / sigma^2)(y - A_t(x0)) + sqrt(sigma^2 - sigma'^2) z."""
    process, x0, y = given(name, NoiseLevels(0.01, 0.04, end))
    samples, _ = run(lambda state, t: x0, process, y, DiracSettings(4))
    before, after = end, 0.75 * end
    sigma, less = 0.04, 0.01 * 4**0.75
    z = seeded_noise(5, CPU)(y)
    wanted = (
        process.family.degrade(x0, after)
        + (less / sigma) ** 2 * (y - process.family.degrade(x0, before))
        + math.sqrt(sigma**2 - less**2) * z
    )
    assert torch.allclose(samples[0].x_t, wanted, atol=1e-12)


def test_noise_falls_as_foretold() -> None:
    """Phi = x0: the variance goes from s2 to (sigma^2 - sigma'^2) + s2 (sigma'^2 / sigma^2)^2."""
    process = Process(GaussianBlurs(Severities((0.3, 2.0)), 64, 64, torch.empty(0, dtype=F64)), NoiseLevels())
    x0 = torch.full((1, 3, 64, 64), 0.5, dtype=F64)
    y = x0 + 0.05 * torch.randn(x0.shape, generator=torch.Generator().manual_seed(1), dtype=F64)
    samples, _ = run(lambda state, t: x0, process, y, DiracSettings(10))
    variance = 0.05**2
    for i, sample in enumerate(samples):
        now, following = (0.01 * 5 ** (1 - j / 10) for j in (i, i + 1))
        variance = now**2 - following**2 + variance * (following / now) ** 4
        assert float((sample.x_t - x0).std()) == pytest.approx(math.sqrt(variance), rel=0.03)


def by_hand(process: Process, y: Tensor, settings: DiracSettings) -> Tensor:
    """The reverse process once more, for Phi(y, t) = (1 + t/4) y + 0.1, with its gradient by hand: A is symmetric
    for a mask; for the blur its transpose is taken from the matrix.
    """
    eye = torch.eye(SIDE * SIDE, dtype=F64).view(-1, 1, SIDE, SIDE).expand(-1, 3, -1, -1)

    def a(t: float) -> Tensor:
        return process.family.degrade(eye, t)[:, 0].reshape(SIDE * SIDE, -1).mT

    def at(x: Tensor, t: float) -> Tensor:
        return (x.reshape(2, 3, -1) @ a(t).mT).view_as(x)

    noise, state, dt, delta = seeded_noise(5, CPU), y, 1 / settings.steps, 0.002
    for i in range(settings.steps):
        t = 1 - i * dt
        x0 = (1 + t / 4) * state + 0.1
        if t - dt < settings.t_stop - 1e-9:
            return x0
        back = i > 0 and "look-back" in settings.increment
        small = "small" in settings.increment
        h = delta if small else dt
        here, there = (t, t + h) if back else (t - h, t)
        increment = (at(x0, here) - at(x0, there)) * dt / h
        if settings.increment == "identity":
            increment = 0 * x0
        misfit = at(x0, 1.0) - y
        gradient = 2 * (1 + t / 4) * (misfit.reshape(2, 3, -1) @ a(1.0)).view_as(x0)
        norm = misfit.square().sum((1, 2, 3), keepdim=True).sqrt()
        scale = settings.guidance * (0.5 / 0.05**2 if settings.guidance_scale == "std" else 1 / norm)
        sigma2, next2 = (0.01 * 5**t) ** 2, (0.01 * 5 ** (t - dt)) ** 2
        state = (
            state
            + increment
            + (sigma2 - next2) / sigma2 * (at(x0, t) - state)
            - (sigma2 - next2) * scale * gradient
            + math.sqrt(sigma2 - next2) * noise(state)
        )
    return x0


@pytest.mark.parametrize("t_stop", [0.0, 0.25])
@pytest.mark.parametrize("guidance", [(0.0, "std"), (0.5, "std"), (1.0, "error")])
@pytest.mark.parametrize("increment", dirac.INCREMENTS)
@pytest.mark.parametrize("name", FAMILIES)
def test_the_reverse_process_is_algorithm_1(
    name: str, increment: str, guidance: tuple[float, str], t_stop: float
) -> None:
    process, _, y = given(name)
    settings = DiracSettings(10, guidance[0], t_stop, increment, guidance[1])
    _, ours = run(lambda state, t: (1 + t / 4) * state + 0.1, process, y, settings)
    assert torch.allclose(ours, by_hand(process, y, settings), atol=1e-9)


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        (DiracSettings(50, t_stop=1.0), 1),
        (DiracSettings(50, t_stop=0.7), 16),
        (DiracSettings(50, t_stop=0.25), 38),
        (DiracSettings(50, t_stop=0.0), 50),
        (DiracSettings(5, t_stop=1.0), 1),
        (DiracSettings(1, t_stop=0.0), 1),
        (DiracSettings(10, t_stop=0.5), 6),
    ],
)
def test_early_stop(settings: DiracSettings, count: int) -> None:
    """The loop ends at the first step with t - dt < t_stop; that step is still evaluated and is the result."""
    process, _, y = given("inpaint")
    asked: list[float] = []

    def phi(state: Tensor, t: float) -> Tensor:
        asked.append(t)
        return state + t

    samples, result = run(phi, process, y, settings)
    assert evaluations(settings) == len(samples) == len(asked) == count
    dt = 1 / settings.steps
    assert asked == pytest.approx([1 - i * dt for i in range(count)])
    assert torch.equal(result, samples[-1].x0)
    if count > 1 and settings.t_stop:  # the state of the last step is the one it was given
        assert torch.allclose(result, samples[-2].x_t + asked[-1])
    _, state = run(phi, process, y, replace(settings, output="state"))
    assert torch.equal(state, samples[-1].x_t)


@pytest.mark.parametrize("scale", [(0.5, "std"), (200.0, "error")])
@pytest.mark.parametrize("name", FAMILIES)
def test_guidance_lowers_the_misfit(name: str, scale: tuple[float, str]) -> None:
    """A network that is wrong: with guidance its answer agrees better with the photo."""
    process, _, y = given(name)

    def misfit(settings: DiracSettings) -> float:
        x0 = run(lambda state, t: 0.8 * state + 0.02, process, y, settings)[1]
        return float((y - process.family.degrade(x0, 1.0)).norm())

    assert misfit(DiracSettings(20, scale[0], guidance_scale=scale[1])) < 0.999 * misfit(DiracSettings(20))


# the sampler as the program runs it, with the embedded networks


def scene(height: int, width: int) -> Tensor:
    """Edges, ramps and a little texture, (1, 3, H, W) in [-1, 1]."""
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    planes = [
        0.5 * torch.sign(torch.sin(x / 9.0)) + 0.3 * (y / height),
        0.6 * torch.sign(torch.sin((x + y) / 14.0)),
        0.4 * torch.sin(y / 7.0) + 0.2 * torch.sign(torch.sin(x / 9.0)),
    ]
    return torch.stack(planes)[None].float()


def ramps(height: int, width: int) -> Tensor:
    """Smooth colours, none of them grey; (1, 3, H, W) in [-1, 1]."""
    y, x = torch.meshgrid(torch.linspace(-1, 1, height), torch.linspace(-1, 1, width), indexing="ij")
    return torch.stack([0.6 + 0.2 * x, -0.5 + 0.2 * y, 0.5 - 0.1 * x - 0.1 * y])[None]


MASK = np.zeros((45, 70), bool)
MASK[10:13, 5:60] = True
MASK[25:33, 30:38] = True
CASES = {
    "blur": Degradation((Step("blur", {"kernel": "gaussian:2.0"}),), 5.0),
    "blur, as published": Degradation((Step("blur", {"kernel": "gaussian:3.0"}),), 12.75),
    "holes": Degradation((Step("mask"),), 2.0, MASK),
    "soft spot": Degradation((Step("soft-mask", {"spot": 40.0, "row": 0.5, "column": 0.5}),), 12.75),
}


def observed(degradation: Degradation, x: Tensor, multiple_of: int = 8) -> Problem:
    operator = build_operator(degradation, *x.shape[-2:], multiple_of=multiple_of)
    grown = torch.nn.functional.pad(
        x, (0, operator.in_shape[2] - x.shape[-1], 0, operator.in_shape[1] - x.shape[-2])
    )
    noise, sigma = seeded_noise(1, CPU), 2 * degradation.noise_std / 255
    y = operator.forward(grown) + sigma * noise(x) * (operator.forward(torch.ones_like(grown)) > 0)
    return Problem(None, operator, y, sigma, seeded_noise(2, CPU), degradation=degradation)


def error(a: Tensor, b: Tensor) -> float:
    return float((a.clamp(-1, 1) - b).square().mean().sqrt())


@pytest.mark.parametrize(
    ("case", "settings"),
    [
        (case, DiracSettings(10, t_stop=t_stop))
        for case in ("blur", "blur, as published")
        for t_stop in (1.0, 0.5)
    ],
)
def test_the_embedded_network_restores(case: str, settings: DiracSettings) -> None:
    """On a size that no network wants, the result is closer to the truth than the photo."""
    assert supports(CASES[case]) == ""
    x = scene(45, 70)
    problem = observed(CASES[case], x)
    samples, result = drained(dirac.dirac(problem, settings))
    assert result.shape == (1, *problem.operator.in_shape)
    assert len(samples) == evaluations(settings)
    assert error(result[..., :45, :70], x) < 0.95 * error(problem.y, x)


@pytest.mark.parametrize("t_stop", [1.0, 0.5])
@pytest.mark.parametrize("case", ["holes", "soft spot"])
def test_the_embedded_network_fills_holes(case: str, t_stop: float) -> None:
    """Inside, nearer than a third of what the same picture in plain grey is; outside as it was."""
    x = ramps(45, 70)
    problem = observed(CASES[case], x)
    _, result = drained(dirac.dirac(problem, DiracSettings(10, t_stop=t_stop)))
    mask = problem.operator.forward(torch.ones_like(problem.zeros()))
    restored, hidden, seen = result[..., :45, :70], mask < 0.5, mask > 0.99
    assert error(restored * hidden, x * hidden) < error(0 * x, x * hidden) / 3
    assert error(restored * seen, x * seen) < 0.06


@pytest.mark.parametrize("case", ["holes", "soft spot"])
def test_a_network_of_ones_own_is_used_for_holes(
    case: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Untrained, it gives a first guess: what was seen stays, holes are filled from around them."""
    monkeypatch.setenv("ADIR_MODELS", str(tmp_path))
    config = Config("inpaint", Shape((8, 16), 1), Severities((0.0, 1.0)))
    (tmp_path / "mine").mkdir()
    store.save(tmp_path / "mine", config, config.network().state_dict())
    assert store.find("inpaint").folder == tmp_path / "mine"
    assert supports(CASES[case]) == ""
    x = ramps(45, 70)
    problem = observed(CASES[case], x)
    _, result = drained(dirac.dirac(problem, DiracSettings(10, t_stop=1.0)))
    seen = problem.operator.forward(torch.ones_like(problem.zeros())) > 0.99
    restored = result[..., :45, :70]
    assert error(restored * seen, x * seen) < 0.1
    hidden = problem.operator.forward(torch.ones_like(problem.zeros())) < 0.01
    assert error(restored * hidden, x * hidden) < 0.5 * error(0 * x, x * hidden)


def test_a_batch_is_its_pictures_one_by_one() -> None:
    problem = observed(CASES["blur"], scene(45, 70))
    both = replace(problem, y=torch.cat([problem.y, problem.y.flip(1)]))
    settings = DiracSettings(10, t_stop=1.0)

    def silent(like: Tensor) -> Tensor:
        return torch.zeros_like(like)

    _, together = drained(dirac.dirac(replace(both, noise=silent), settings))
    for k in (0, 1):
        _, alone = drained(dirac.dirac(replace(both, y=both.y[k : k + 1], noise=silent), settings))
        assert torch.allclose(together[k : k + 1], alone, atol=1e-5)


def test_guidance_through_the_network() -> None:
    problem = observed(CASES["blur, as published"], scene(45, 70))

    def misfit(guidance: float) -> float:
        settings = DiracSettings(10, guidance, t_stop=0.6)
        result = drained(dirac.dirac(replace(problem, noise=seeded_noise(2, CPU)), settings))[1]
        return float((problem.operator.forward(result) - problem.y).norm())

    assert misfit(1.0) < misfit(0.0)


def test_windows_of_a_large_photo_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = observed(CASES["blur, as published"], scene(96, 200))
    settings = DiracSettings(10, t_stop=1.0)
    _, whole = drained(dirac.dirac(problem, settings))
    monkeypatch.setattr(dirac, "TILE_SIDE", 160)
    _, tiled = drained(dirac.dirac(problem, settings))
    assert error(tiled, whole) < 0.01
    assert not torch.equal(tiled, whole)


@pytest.mark.parametrize(
    ("degradation", "said"),
    [
        (Degradation((Step("blur", {"kernel": "box:5"}),), 5.0), "Gaussian blur alone"),
        (Degradation((Step("blur", {"kernel": "gaussian:3.5"}),), 5.0), "0.3 to 3 pixels, not 3.5"),
        (Degradation((Step("blur", {"kernel": "gaussian:0.2"}),), 5.0), "0.3 to 3 pixels, not 0.2"),
        (Degradation((Step("blur", {"kernel": "gaussian:2"}),), 13.0), "up to 12.75 of 255, not 13"),
        (Degradation((Step("blur", {"kernel": "nonsense"}),), 5.0), "not a blur kernel"),
        (Degradation((Step("mask"),), 25.0, MASK), "up to 12.75"),
        (Degradation((), 10.0), "Gaussian blur alone"),
        (Degradation((Step("blur", {"kernel": "gaussian:2"}), Step("mask")), 5.0, MASK), "alone"),
    ],
)
def test_what_no_network_is_for_is_refused(degradation: Degradation, said: str) -> None:
    assert said in supports(degradation)
    problem = replace(observed(CASES["blur"], scene(45, 70)), degradation=degradation)
    with pytest.raises(RequestError, match=said):
        next(dirac.dirac(problem, DiracSettings(5)))


def test_a_problem_must_say_what_happened() -> None:
    problem = replace(observed(CASES["blur"], scene(45, 70)), degradation=None)
    with pytest.raises(RequestError, match="must know"):
        next(dirac.dirac(problem, DiracSettings(5)))


def test_without_networks_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(store.places, "resource", lambda *parts: tmp_path)
    assert "No Dirac network for 'blur'" in supports(CASES["blur"])
    assert "No Dirac network for 'inpaint'" in supports(CASES["holes"])
