"""DDRM, DDNM and DDPG against dense linear algebra, the posterior of a Gaussian prior, and exact data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from adir_desktop.contract import Degradation, Step
from adir_desktop.engine.operators import build_operator
from adir_desktop.engine.samplers import (
    SAMPLERS,
    Problem,
    Settings,
    noise_of_each,
    seeded_noise,
    with_options,
)
from adir_desktop.engine.samplers.ddnm import DDNMSettings
from adir_desktop.engine.samplers.ddpg import DDPGSettings
from adir_desktop.engine.samplers.ddrm import DDRMSettings
from adir_desktop.engine.samplers.schedule import strided
from adir_desktop.errors import RequestError
from tests.engine.gaussian import gaussian_prior
from tests.engine.sampler_problems import F64, PROBLEMS, SIDE, bias, drain, exact, problem

CPU = torch.device("cpu")
WELL_POSED = ("denoise", "inpaint", "upscale", "colorize")  # of PROBLEMS: all singular values alike or nearly


pytestmark = pytest.mark.usefixtures("one_thread")


def misfit(given: Problem, x: Tensor) -> float:
    pictures = x.view(-1, *given.operator.in_shape)
    return float((given.operator.forward(pictures) - given.y).abs().max())


# The distance to the true posterior, as in test_samplers.py; bounds: what was measured, and a fifth.
SAMPLES = 1500
BIAS = [
    # sampler  settings           denoise inpaint blur  upscale colorize
    ("ddrm", DDRMSettings(20), (0.071, 0.104, 0.130, 0.064, 0.071)),
    ("ddrm", DDRMSettings(100), (0.066, 0.050, 0.182, 0.040, 0.034)),
    ("ddnm", DDNMSettings(100), (0.066, 0.050, 0.182, 0.040, 0.034)),
    ("ddpg", DDPGSettings(100), (0.110, 0.059, 0.148, 0.080, 0.095)),
]


@pytest.mark.parametrize("task", PROBLEMS)
@pytest.mark.parametrize(("sampler", "settings", "bounds"), BIAS)
def test_bias_against_the_posterior(
    sampler: str, settings: Settings, bounds: tuple[float, ...], task: str, capsys: pytest.CaptureFixture
) -> None:
    distance, off, spread = bias(sampler, settings, task, SAMPLES)
    with capsys.disabled():
        print(f"\n{sampler:5} {settings.steps:4} {task:9} W2 {distance:.3f} mean off {off:.3f} x{spread:.2f}")
    assert distance < bounds[list(PROBLEMS).index(task)]


@pytest.mark.parametrize("task", WELL_POSED)
@pytest.mark.parametrize(
    ("sampler", "settings", "bound"),
    [
        ("ddrm", DDRMSettings(20), 1e-10),
        ("ddrm", DDRMSettings(20, eta=1.0), 1e-10),
        ("ddnm", DDNMSettings(30), 1e-10),
        ("ddnm", DDNMSettings(12, travel=3, repeats=2), 1e-10),
        ("ddpg", DDPGSettings(50), 2e-3),  # its inverse is regularised by 1e-4
    ],
)
def test_exact_data_are_agreed_with_exactly(
    task: str, sampler: str, settings: Settings, bound: float
) -> None:
    given = exact(task, 3)
    assert misfit(given, drain(sampler, given, settings)) < bound


@pytest.mark.parametrize("sampler", ["ddrm", "ddnm", "ddpg"])
def test_seen_pixels_of_a_clean_photo_come_back(sampler: str) -> None:
    """In single precision, through clipping, with a border that is not there."""
    torch.manual_seed(0)
    missing = np.zeros((7, 9), bool)
    missing[2:5, 3:7] = True
    degradation = Degradation((Step("mask"),), 0.0, missing)
    operator = build_operator(degradation, 7, 9, multiple_of=16)
    prior = gaussian_prior(16)
    small = replace(prior, mean=prior.mean.float(), covariance=prior.covariance.float())
    seen = torch.rand(1, 3, 7, 9) * 2 - 1
    y = operator.observe(seen)
    given = Problem(small, operator, y, 0.0, seeded_noise(0, CPU))
    found = operator.forward(drain(sampler, given, SAMPLERS[sampler].quick[""]).view(1, 3, 16, 16))
    assert float((found - y).abs().max()) <= (1e-5 if sampler != "ddpg" else 1e-3)


def test_ddrm_ends_as_the_authors_program_does_where_asked() -> None:
    """Without noise: with the network's own x0, which the data have not corrected."""
    given = exact("inpaint", 2)
    samples = list(SAMPLERS["ddrm"].run(given, DDRMSettings(20, ref_last_step="on")))
    assert torch.allclose(samples[-1].x_t, samples[-1].x0, atol=1e-12)
    assert misfit(given, samples[-1].x_t) > 1e-4
    corrected = list(SAMPLERS["ddrm"].run(exact("inpaint", 2), DDRMSettings(20)))
    assert torch.equal(corrected[-1].x0, samples[-1].x0)


@pytest.mark.parametrize("sampler", ["ddrm", "ddnm", "ddpg"])
@pytest.mark.parametrize("task", PROBLEMS)
def test_the_data_count_for_less_the_noisier_they_are_said_to_be(task: str, sampler: str) -> None:
    settings = {"ddrm": DDRMSettings(20), "ddnm": DDNMSettings(20), "ddpg": DDPGSettings(20)}[sampler]
    misfits = []
    for sigma in (0.02, 0.2, 2.0):
        given, _, _ = problem(task, 40)
        x = drain(sampler, replace(given, sigma=sigma), settings).view(-1, 3, SIDE, SIDE)
        misfits.append(float((given.operator.forward(x.mean(0, keepdim=True)) - given.y[:1]).norm()))
    assert misfits == sorted(misfits)
    assert misfits[-1] > 1.2 * misfits[0]


@pytest.mark.parametrize("sampler", ["ddrm", "ddnm", "ddpg"])
@pytest.mark.parametrize("task", PROBLEMS)
def test_a_batch_is_its_pictures_one_by_one(task: str, sampler: str) -> None:
    settings = {"ddrm": DDRMSettings(8), "ddnm": DDNMSettings(8), "ddpg": DDPGSettings(8)}[sampler]
    given = replace(exact(task, 3), sigma=0.1, noise=noise_of_each([4, 5, 6], CPU))
    together = drain(sampler, given, settings)
    for i, seed in enumerate((4, 5, 6)):
        alone = replace(given, y=given.y[i : i + 1], noise=seeded_noise(seed, CPU))
        assert torch.allclose(drain(sampler, alone, settings)[0], together[i], atol=1e-10)


def test_time_travel_walks_back() -> None:
    """l = 3, r = 2 on 12 levels: at levels 0, 3 and 6 it goes three up, and down once more."""
    settings = DDNMSettings(12, travel=3, repeats=2)
    samples = list(SAMPLERS["ddnm"].run(exact("inpaint", 1), settings))
    strides = [sample.t // 83 for sample in samples]
    assert strides == [11, 10, 9, 8, 7, 9, 8, 7, *(2 * [6, 5, 4]), *(2 * [3, 2, 1]), 0]
    assert len(samples) == SAMPLERS["ddnm"].evaluations(settings)


def test_strides() -> None:
    assert strided(20) == list(range(0, 1000, 50))
    assert strided(3) == [0, 333, 666]
    assert strided(1) == [0]


HOLED_BLUR = (Step("blur", {"kernel": "box:3"}), Step("mask"))


@pytest.mark.parametrize(
    ("sampler", "steps", "noise", "said"),
    [
        ("ddrm", HOLED_BLUR, 0.0, "DDRM needs singular values in closed form; blur, then holes has none"),
        ("ddrm", (Step("blur", {"kernel": "motion:5:30"}),), 5.0, "blur has none"),
        ("ddnm", HOLED_BLUR, 5.0, "for noisy photos; blur, then holes has none"),
        ("ddnm", HOLED_BLUR, 0.0, "to undo a blur"),
        ("ddnm", (Step("downscale", {"factor": 2}), Step("mask")), 5.0, "reduction, then holes has none"),
        ("ddnm", (Step("downscale", {"factor": 2}), Step("mask")), 0.0, ""),
        ("ddpg", HOLED_BLUR, 5.0, ""),
        ("ddrm", (Step("blur", {"kernel": "gaussian:2"}), Step("downscale", {"factor": 2})), 5.0, ""),
    ],
)
def test_what_is_out_of_reach_is_said(sampler: str, steps: tuple[Step, ...], noise: float, said: str) -> None:
    missing = np.zeros((SIDE, SIDE), bool)
    missing[1] = True
    reason = SAMPLERS[sampler].supports(Degradation(steps, noise, missing))
    assert said in reason
    assert bool(reason) == bool(said)


@pytest.mark.parametrize("sampler", ["ddrm", "ddnm"])
def test_running_without_singular_values_is_refused(sampler: str) -> None:
    missing = np.zeros((SIDE, SIDE), bool)
    operator = build_operator(Degradation(HOLED_BLUR, 5.0, missing), SIDE, SIDE, dtype=F64)
    given = replace(problem("denoise", 1)[0], operator=operator)
    with pytest.raises(RequestError, match="no singular values"):
        next(SAMPLERS[sampler].run(given, SAMPLERS[sampler].quick[""]))


def test_ddnm_inverts_by_iteration_where_that_does_no_harm() -> None:
    """A reduced photo with holes has no SVD; its clean data are agreed with all the same."""
    missing = np.zeros((SIDE, SIDE), bool)
    missing[1, 2] = True
    degradation = Degradation((Step("downscale", {"factor": 2}), Step("mask")), 0.0, missing)
    operator = build_operator(degradation, SIDE, SIDE, dtype=F64)
    prior = gaussian_prior(2 * SIDE)
    y = operator.forward(prior.draw(2, seed=3))
    given = Problem(prior, operator, y, 0.0, seeded_noise(0, CPU), clip_denoised=False)
    assert misfit(given, drain("ddnm", given, DDNMSettings(10))) < 1e-4


@pytest.mark.parametrize(
    ("sampler", "chosen", "said"),
    [
        ("ddrm", {"eta": 1.5}, "cannot be used"),
        ("ddrm", {"eta_b": -0.1}, "cannot be used"),
        ("ddrm", {"ref_last_step": "maybe"}, "no choice"),
        ("ddnm", {"travel": 0}, "cannot be used"),
        ("ddnm", {"repeats": 1.5}, "whole number"),
        ("ddpg", {"gamma": "inf"}, "cannot be used"),
        ("ddpg", {"zeta": "nan"}, "cannot be used"),
        ("ddpg", {"step_size": "huge"}, "no choice"),
        ("ddpg", {"mode": 1}, "no option 'mode'"),
    ],
)
def test_bad_options_are_refused(sampler: str, chosen: dict[str, float | str], said: str) -> None:
    row = SAMPLERS[sampler]
    with pytest.raises(RequestError, match=said):
        with_options(row, row.quick[""], chosen)
