"""Named recipes: the numbers of sampling and adaptation for each task and device."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from adir_desktop.contract import PIXELS, Request
from adir_desktop.engine.adapt import AdaptSettings
from adir_desktop.engine.holdout import affordable
from adir_desktop.engine.priors import family
from adir_desktop.engine.samplers import SAMPLERS, SamplerRow, Settings, find_sampler, with_options
from adir_desktop.engine.samplers.row import ANY, Numbers
from adir_desktop.errors import RequestError

LATENT_GRID = 64  # pixels: eight latents of eight pixels, or sixteen of four
LEAST_ITERATIONS = 25  # before which a LoRA that begins at zero has hardly moved


@dataclass(frozen=True)
class Recipe:
    """numbers: which of a sampler's tables is used. adapt: by kind of device.

    neighbours: K. samplers: the one used when none is asked for, by task, "" for all others. latent: the same
    as adapt, and K, of Stable Diffusion; crops in pixels of the large picture.
    """

    title: str
    hint: str
    samplers: Mapping[str, str]
    neighbours: int
    numbers: Callable[[SamplerRow], Numbers]
    adapt: Mapping[str, AdaptSettings]
    latent: Mapping[str, AdaptSettings]
    latent_neighbours: int


RECIPES: dict[str, Recipe] = {
    "quick": Recipe(
        "Quick",
        "A minute or two on a processor.",
        # noise alone is better denoised than sampled: +0.9 dB on 20 photos, and skies and skin stay even
        samplers={"denoise": "pnp-admm", "": "diffpir"},
        neighbours=8,
        numbers=lambda row: row.quick,
        adapt={
            #                      its  batch crop  rate  rank alpha  t_max      ema       passes
            "cpu":  AdaptSettings(200, 3,    96,   2e-3, 16,  8.0,  t_max=200, ema=0.98, passes=16, hold_out=True),
            "cuda": AdaptSettings(200, 8,    96,   2e-3, 16,  8.0,  t_max=200, ema=0.98, passes=16, hold_out=True),
        },
        # as published, less of it; never tuned: no large model could be had where this was written
        latent={"cpu": AdaptSettings(100, 1, 256), "cuda": AdaptSettings(200, 4, 512)},
        latent_neighbours=20,
    ),
    "paper": Recipe(
        "As in the paper",
        "ADIR's published numbers: 400 iterations on 20 photos, 1000 guided steps.",
        samplers={"": "adir"},
        neighbours=20,
        numbers=lambda row: row.published,
        adapt={"cpu": AdaptSettings(), "cuda": AdaptSettings()},
        latent={"cpu": AdaptSettings(crop=512), "cuda": AdaptSettings(crop=512)},
        latent_neighbours=50,
    ),
}  # fmt: skip


def find_recipe(name: str) -> Recipe:
    """The recipe of that name.

    Raises:
        RequestError: no such recipe.
    """
    if name not in RECIPES:
        raise RequestError(f"There is no recipe '{name}'.", f"Choose one of: {', '.join(RECIPES)}.")
    return RECIPES[name]


def sampling_settings(request: Request) -> tuple[str, Settings]:
    """The sampler of a request and its settings: the recipe's, with the request's own values on top.

    Raises:
        RequestError: an unknown sampler or recipe, or numbers that cannot run.
    """
    recipe = find_recipe(request.recipe)
    kind = family(request.prior)
    sampler = request.sampler or _usual(recipe, request, kind)
    row = find_sampler(sampler)
    if row.family != kind and row.adapts:
        fitting = [name for name, other in SAMPLERS.items() if other.family == kind]
        raise RequestError(
            f"{row.title} does not go with the prior '{request.prior}'.",
            f"Choose one of: {', '.join(fitting)}.",
        )
    settings = row.numbers(recipe.numbers(row), request.task)
    if request.steps is not None:
        settings = replace(settings, steps=request.steps)
    if request.guidance is not None:
        settings = replace(settings, guidance=request.guidance)
    if request.guidance and not row.guidance:
        raise RequestError(f"{row.title} has no guidance.", "Leave it out.")
    if not 1 <= settings.steps <= row.most_steps:
        raise RequestError(f"{settings.steps} steps cannot be run.", f"Choose 1 to {row.most_steps}.")
    if not 0 <= settings.guidance <= row.most_guidance:
        span = "0 or more" if row.most_guidance == ANY else f"0 to {row.most_guidance:g}"
        raise RequestError(f"A guidance of {settings.guidance} cannot be used.", f"Choose {span}.")
    return sampler, with_options(row, settings, request.options)


def _usual(recipe: Recipe, request: Request, kind: str) -> str:
    """The recipe's method for the task; for several samples one that draws them; a prior's own if it has one."""
    if kind != PIXELS:
        return next(name for name, row in SAMPLERS.items() if row.family == kind)
    sampler = recipe.samplers.get(request.task, recipe.samplers[""])
    return sampler if find_sampler(sampler).draws or request.samples == 1 else recipe.samplers[""]


def adapt_settings(
    request: Request, device_type: str, sizes: Sequence[tuple[int, int]] = ()
) -> AdaptSettings:
    """The numbers of the adaptation on this device: crops no larger than the photos allow, no more
    iterations than they have something to teach, unless so many were asked for, and none kept out of few.

    sizes: height and width of the photos adapted to; none where they are known to be large.

    Raises:
        RequestError: no iterations at all, or too many.
    """
    recipe, latent = find_recipe(request.recipe), family(request.prior) != PIXELS
    table = recipe.latent if latent else recipe.adapt
    settings = table.get(device_type, table["cpu"])
    if request.iterations is not None:
        settings = replace(settings, iterations=request.iterations)
    if not 1 <= settings.iterations <= 100_000:
        raise RequestError(f"{settings.iterations} iterations cannot be run.", "Choose 1 or more.")
    if not sizes:
        return settings
    grid = LATENT_GRID if latent else 32
    crop = min(settings.crop, max(grid, min(min(size) for size in sizes) // grid * grid))
    settings = replace(settings, crop=crop, hold_out=settings.hold_out and affordable(len(sizes)))
    if settings.passes and request.iterations is None:
        shown = settings.batch * crop**2  # pixels an iteration
        pixels = sum(height * width for height, width in sizes)
        enough = max(LEAST_ITERATIONS, math.ceil(settings.passes * pixels / shown))
        settings = replace(settings, iterations=min(settings.iterations, enough))
    return settings


def neighbour_count(request: Request) -> int:
    """K: as asked for, or the recipe's.

    Raises:
        RequestError: fewer than one.
    """
    recipe = find_recipe(request.recipe)
    usual = recipe.neighbours if family(request.prior) == PIXELS else recipe.latent_neighbours
    k = usual if request.neighbours is None else request.neighbours
    if k < 1:
        raise RequestError(f"{k} similar photos are too few to adapt to.", "Choose 1 or more.")
    return k
