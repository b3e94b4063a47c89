"""The work of a prior in pixel space, in laps: evaluations, steps of the main samplers, adaptation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch

from adir_desktop.contract import Progress
from adir_desktop.engine.adapt import AdaptSettings, adapt
from adir_desktop.engine.bench.laps import Laps
from adir_desktop.engine.operators import build_operator
from adir_desktop.engine.priors import UNetPrior
from adir_desktop.engine.recipes import find_recipe
from adir_desktop.engine.samplers import SAMPLERS, Problem, Settings, seeded_noise
from adir_desktop.tasks import degradation_for

EVALUATION, ADAPTATION = "evaluation", "adaptation"
STEP = 500  # of the 1000, where a single evaluation is asked
FACTOR = 4  # of the enlargement that the samplers are timed at
PHOTOS = 4  # to adapt to
SPARE = 32  # pixels a side that a photo has beyond a crop


@dataclass(frozen=True)
class Setting:
    """What is timed and how. size: pixels a side. most: laps that will be asked for at most."""

    prior: UNetPrior
    device: torch.device
    dtype: torch.dtype
    size: int
    recipe: str
    most: int


@dataclass(frozen=True)
class PartRow:
    """laps: the work. units: how many of its units a job of the recipe has."""

    laps: Callable[[Setting], Laps]
    units: Callable[[Setting], int]


def _evaluations(setting: Setting) -> Laps:
    ready = setting.prior.ready(setting.device, setting.dtype)
    x_t = seeded_noise(0, setting.device)(
        torch.empty(1, 3, setting.size, setting.size, device=setting.device)
    )
    while True:
        with torch.inference_mode():
            ready.predict(x_t, STEP)
        yield 1


def _steps(name: str, setting: Setting) -> Laps:
    """Steps of a sampler that enlarges a picture of noise by `FACTOR`."""
    ready = setting.prior.ready(setting.device, setting.dtype)
    side = setting.size // FACTOR
    degradation = degradation_for("upscale", scale=FACTOR)
    operator = build_operator(degradation, side, side, multiple_of=ready.multiple_of, device=setting.device)
    noise = seeded_noise(0, setting.device)
    y = noise(torch.empty(1, *operator.out_shape, device=setting.device)).clamp(-1, 1)
    numbers = replace(_numbers(name, setting), steps=setting.most)
    for _ in SAMPLERS[name].run(Problem(ready, operator, y, 0.0, noise), numbers):
        yield 1


def _iterations(setting: Setting) -> Laps:
    """The adaptation reports a few times a second: a lap may have several iterations."""
    numbers = replace(_adapt_settings(setting), hold_out=False)
    side = numbers.crop + SPARE
    photos = list(np.random.default_rng(0).random((PHOTOS, side, side, 3), np.float32))
    work = adapt(setting.prior, photos, numbers, seed=0, device=setting.device, dtype=setting.dtype)
    before = 0
    for event in work:
        if isinstance(event, Progress) and event.done > before:
            yield event.done - before
            before = event.done


def _numbers(name: str, setting: Setting) -> Settings:
    row = SAMPLERS[name]
    return row.numbers(find_recipe(setting.recipe).numbers(row), "upscale")


def _adapt_settings(setting: Setting) -> AdaptSettings:
    table = find_recipe(setting.recipe).adapt
    return table.get(setting.device.type, table["cpu"])


def _sampler(name: str) -> PartRow:
    return PartRow(
        lambda setting: _steps(name, setting),
        lambda setting: SAMPLERS[name].samples(_numbers(name, setting)),
    )


PARTS: dict[str, PartRow] = {
    EVALUATION: PartRow(_evaluations, lambda _: 1),
    "diffpir": _sampler("diffpir"),
    "adir": _sampler("adir"),
    "dps": _sampler("dps"),
    ADAPTATION: PartRow(_iterations, lambda setting: _adapt_settings(setting).iterations),
}
