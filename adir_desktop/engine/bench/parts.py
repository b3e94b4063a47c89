"""The work of a prior, in laps: evaluations, steps of the samplers that go with it, adaptation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch

from adir_desktop.contract import LATENT_INPAINT, LATENT_UPSCALE, PIXELS, Pixels, Progress
from adir_desktop.engine.adapt import AdaptSettings, adapt
from adir_desktop.engine.bench.laps import Laps
from adir_desktop.engine.events import result_of
from adir_desktop.engine.latent_lessons import latent_lessons
from adir_desktop.engine.lessons import Lessons
from adir_desktop.engine.operators import build_operator
from adir_desktop.engine.priors import LatentPrior, Prior, UNetPrior
from adir_desktop.engine.recipes import find_recipe
from adir_desktop.engine.samplers import SAMPLERS, Problem, Settings, seeded_noise
from adir_desktop.engine.samplers.latent import LatentProblem
from adir_desktop.tasks import degradation_for

EVALUATION, ADAPTATION = "evaluation", "adaptation"
FACTOR = 4  # of the enlargement that the samplers are timed at
PHOTOS = 4  # to adapt to
SPARE = 32  # pixels a side that a photo has beyond a crop


@dataclass(frozen=True)
class Setting:
    """What is timed and how. size: pixels a side. most: laps that will be asked for at most."""

    prior: Prior
    device: torch.device
    dtype: torch.dtype
    size: int
    recipe: str
    most: int


@dataclass(frozen=True)
class PartRow:
    """laps: the work. units: how many of its units a job of the recipe has. families: of the priors that do it."""

    laps: Callable[[Setting], Laps]
    units: Callable[[Setting], int]
    families: tuple[str, ...] = (PIXELS,)


def _evaluations(setting: Setting) -> Laps:
    ready = setting.prior.ready(setting.device, setting.dtype)
    while True:
        with torch.inference_mode():
            ready.probe(setting.size)
        yield 1


def _latent_steps(name: str, setting: Setting) -> Laps:
    """Steps of Stable Diffusion on a picture of noise, with guidance by words: two evaluations each."""
    prior = setting.prior
    assert isinstance(prior, LatentPrior)
    upscale = prior.family == LATENT_UPSCALE
    side = setting.size // FACTOR if upscale else setting.size
    mask = np.ones((side, side), dtype=bool)
    mask[:1] = False  # one square of the network's own size
    degradation = degradation_for("upscale", scale=FACTOR) if upscale else degradation_for("edit", mask=mask)
    operator = build_operator(degradation, side, side, multiple_of=prior.multiple_of, device=setting.device)
    noise = seeded_noise(0, setting.device)
    y = noise(torch.empty(1, *operator.out_shape, device=setting.device)).clamp(-1, 1)
    numbers = replace(_numbers(name, setting), steps=setting.most)
    problem = LatentProblem(
        prior.ready(setting.device, setting.dtype),
        prior.read("a photo"),
        operator,
        y,
        operator.guess(y),
        noise,
        degradation,
    )
    for _ in SAMPLERS[name].run(problem, numbers):
        yield 1


def _latent_decoding(setting: Setting) -> Laps:
    """Latents to a picture of that size."""
    prior = setting.prior
    assert isinstance(prior, LatentPrior)
    model = prior.encoder(setting.device)
    side = setting.size // prior.factor
    z = seeded_noise(0, setting.device)(torch.empty(1, 4, side, side, device=setting.device))
    while True:
        with torch.inference_mode():
            model.decode(z)
        yield 1


def _steps(name: str, setting: Setting) -> Laps:
    """Steps of a sampler that enlarges a picture of noise by `FACTOR`."""
    assert isinstance(setting.prior, UNetPrior)
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
    lessons = _lessons(setting, photos, numbers)
    work = adapt(
        setting.prior,
        photos,
        numbers,
        seed=0,
        device=setting.device,
        dtype=setting.dtype,
        lessons=lessons,
    )
    before = 0
    for event in work:
        if isinstance(event, Progress) and event.done > before:
            yield event.done - before
            before = event.done


def _lessons(setting: Setting, photos: list[Pixels], numbers: AdaptSettings) -> Lessons | None:
    """Photos as latents; what that takes belongs to no iteration."""
    if not isinstance(setting.prior, LatentPrior):
        return None
    steps = latent_lessons(
        setting.prior,
        photos,
        numbers,
        None,
        degradation_for("upscale", scale=FACTOR),
        "",
        noise_level=0,
        seed=0,
        device=setting.device,
        window=setting.size,
    )
    return result_of(steps)


def _numbers(name: str, setting: Setting) -> Settings:
    row = SAMPLERS[name]
    return row.numbers(find_recipe(setting.recipe).numbers(row), "upscale")


def _adapt_settings(setting: Setting) -> AdaptSettings:
    recipe = find_recipe(setting.recipe)
    table = recipe.adapt if isinstance(setting.prior, UNetPrior) else recipe.latent
    return table.get(setting.device.type, table["cpu"])


def _sampler(name: str) -> PartRow:
    family = SAMPLERS[name].family
    steps = _steps if family == PIXELS else _latent_steps
    return PartRow(
        lambda setting: steps(name, setting),
        lambda setting: SAMPLERS[name].samples(_numbers(name, setting)),
        (family,),
    )


_LATENT = (LATENT_UPSCALE, LATENT_INPAINT)


PARTS: dict[str, PartRow] = {
    EVALUATION: PartRow(_evaluations, lambda _: 1, (PIXELS, *_LATENT)),
    "diffpir": _sampler("diffpir"),
    "adir": _sampler("adir"),
    "dps": _sampler("dps"),
    "sd-upscale": _sampler("sd-upscale"),
    "sd-inpaint": _sampler("sd-inpaint"),
    "decoding": PartRow(_latent_decoding, lambda _: 1, _LATENT),
    ADAPTATION: PartRow(_iterations, lambda setting: _adapt_settings(setting).iterations, (PIXELS, *_LATENT)),
}
