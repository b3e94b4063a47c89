"""Plug-and-play, one pass of the network, no model at all; bad options of these and of the unlearnt methods."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from adir_desktop.contract import Degradation, Step
from adir_desktop.engine.operators import build_operator
from adir_desktop.engine.samplers import (
    SAMPLERS,
    Problem,
    Settings,
    seeded_noise,
    with_options,
)
from adir_desktop.engine.samplers.pnp_admm import PnPSettings
from adir_desktop.errors import RequestError
from tests.engine.gaussian import Gaussian, dense
from tests.engine.sampler_problems import F64, PROBLEMS, drain, problem

CPU = torch.device("cpu")


pytestmark = pytest.mark.usefixtures("one_thread")


# Plug and play


def shrunk(prior: Gaussian, v: Tensor, sigma: float) -> Tensor:
    """m + C (C + sigma^2)^-1 (v - m): the mean of x given v = x + noise, for v (B, n)."""
    noisy = prior.covariance + sigma**2 * torch.eye(len(prior.mean), dtype=F64)
    return prior.mean + torch.linalg.solve(noisy, (v - prior.mean).mT).mT @ prior.covariance


def level(prior: Gaussian, wanted: float) -> float:
    """The network's noise level nearest to the one wanted."""
    levels = ((1 - prior.alpha_bar) / prior.alpha_bar).sqrt()
    return float(levels[(levels - wanted).abs().argmin()])


@pytest.mark.parametrize("damping", [0.0, 0.5])
@pytest.mark.parametrize("weight", [1.0, 0.23])
@pytest.mark.parametrize("task", PROBLEMS)
def test_pnp_admm_settles_where_it_must(task: str, weight: float, damping: float) -> None:
    """(A^T A + rho s^2 C^-1)^-1 (A^T y + rho s^2 C^-1 m): the posterior mean iff rho s^2 = sigma_y^2."""
    given, prior, y = problem(task, 1)
    trajectory = SAMPLERS["pnp-admm"].run(given, PnPSettings(1500, weight, "admm", 25.5, damping))
    for last in trajectory:
        if float((last.x0 - last.x_t).abs().max()) < 1e-9:
            break
    a, precision = dense(given.operator), torch.linalg.inv(prior.covariance)
    pull = weight * given.sigma**2 * precision
    settled = torch.linalg.solve(a.mT @ a + pull, a.mT @ y + pull @ prior.mean)
    assert torch.allclose(last.x0.flatten(), settled, atol=1e-6)
    assert float((last.x0 - last.x_t).abs().max()) < 1e-6
    off = float((last.x0.flatten() - prior.posterior(a, y, given.sigma)[0]).abs().max())
    assert off < 1e-6 if weight == 1 else off > 1e-3


@pytest.mark.parametrize("task", PROBLEMS)
def test_annealing_is_half_quadratic_splitting(task: str) -> None:
    """DPIR's loop once more with dense normal equations and the Gaussian's own denoiser."""
    given, prior, y = problem(task, 2)
    a, steps = dense(given.operator), 6
    first = max(2 * 49 / 255, given.sigma)
    z = given.operator.guess(given.y).flatten(1)
    for k in range(steps):
        sigma = level(prior, first * (given.sigma / first) ** (k / (steps - 1)))
        rho = 0.23 * given.sigma**2 / sigma**2
        normal = a.mT @ a + rho * torch.eye(a.shape[1], dtype=F64)
        z = shrunk(prior, torch.linalg.solve(normal, (y @ a + rho * z).mT).mT, sigma)
    assert torch.allclose(drain("pnp-admm", given, PnPSettings(steps, 0.23)), z, atol=1e-8)


# How far the picture is from the posterior's mean (rms), of a posterior whose spread is 0.1 to 0.2
PNP_OFF = [
    # settings                  denoise inpaint blur  upscale colorize
    (PnPSettings(8, 0.23), (0.014, 0.012, 0.117, 0.011, 0.007)),
    (PnPSettings(24, 0.23), (0.012, 0.011, 0.124, 0.012, 0.010)),
]


@pytest.mark.parametrize("task", PROBLEMS)
@pytest.mark.parametrize(("settings", "bounds"), PNP_OFF)
def test_how_far_plug_and_play_is_from_the_posterior_mean(
    settings: PnPSettings, bounds: tuple[float, ...], task: str, capsys: pytest.CaptureFixture
) -> None:
    given, prior, y = problem(task, 1)
    mean = prior.posterior(dense(given.operator), y, given.sigma)[0]
    off = float((drain("pnp-admm", given, settings)[0] - mean).square().mean().sqrt())
    with capsys.disabled():
        print(f"\npnp-admm {settings.steps:5} {task:9} mean off {off:.3f}")
    assert off < bounds[list(PROBLEMS).index(task)]


def test_holes_begin_with_what_surrounds_them() -> None:
    given, _, _ = problem("inpaint", 1)
    first = next(SAMPLERS["pnp-admm"].run(given, PnPSettings(8, 0.23)))
    assert given.degradation is not None
    holes = torch.from_numpy(given.degradation.mask).expand_as(first.x_t)
    assert torch.allclose(first.x_t[holes], given.operator.guess(given.y)[holes])
    assert float(first.x_t[holes].abs().min()) > 0


def test_one_pass_is_the_mean_of_all_that_could_have_been() -> None:
    given, prior, y = problem("denoise", 3)
    mean, _ = prior.posterior(dense(given.operator), y, given.sigma)
    got = drain("one-pass", given, Settings(1))
    assert torch.allclose(got, shrunk(prior, y[None], level(prior, given.sigma)).expand(3, -1), atol=1e-9)
    assert float((got - mean).abs().max()) < 2e-3  # its noise levels are steps


@pytest.mark.parametrize(
    ("degradation", "fits"),
    [
        (Degradation((), 25), True),
        (Degradation((Step("fade"),), 25), True),
        (Degradation((), 0), False),
        (Degradation((Step("grey"),), 25), False),
    ],
)
def test_one_pass_takes_noise_alone(degradation: Degradation, fits: bool) -> None:
    assert (SAMPLERS["one-pass"].supports(degradation) == "") == fits


# Bicubic


def test_bicubic_is_what_others_call_bicubic() -> None:
    """Pillow's, away from the border, which it treats in its own way."""
    y = torch.rand(1, 3, 9, 12, generator=torch.Generator().manual_seed(0)) * 2 - 1
    operator = build_operator(Degradation((Step("downscale", {"factor": 4}),)), 9, 12)
    given = Problem(None, operator, y, 0.0, seeded_noise(0, CPU))
    x = drain("bicubic", given, Settings(1)).view(3, 36, 48)
    for ours, channel in zip(x, y[0], strict=True):
        pillow = Image.fromarray(channel.numpy(), mode="F").resize((48, 36), Image.Resampling.BICUBIC)
        assert np.allclose(ours[8:-8, 8:-8], np.asarray(pillow)[8:-8, 8:-8], atol=1e-5)


# Options


@pytest.mark.parametrize("name", ["pnp-admm", "one-pass", "admm-tv", "deepred", "bicubic"])
def test_bad_values_of_every_option_are_refused(name: str) -> None:
    row = SAMPLERS[name]
    settings = row.numbers(row.quick, "")
    for option in row.options:
        bad = ["round"] if option.choices else [option.low - 1, option.high + 1, "nan", "much"]
        for value in bad + ([2.5] if option.whole else []):
            with pytest.raises(RequestError):
                with_options(row, settings, {option.name: value})
    with pytest.raises(RequestError, match="has no option"):
        with_options(row, settings, {"zetta": 1})
