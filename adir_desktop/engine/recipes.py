"""Named recipes: the numbers of sampling and adaptation for each task and device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from adir_desktop.contract import Request
from adir_desktop.engine.adapt import AdaptSettings
from adir_desktop.engine.samplers import SAMPLERS, Settings
from adir_desktop.errors import RequestError


@dataclass(frozen=True)
class Recipe:
    """sampling: settings by sampler, then task ("" for the others). adapt: by kind of device.

    neighbours: K. sampler: the one used when none is asked for.
    """

    title: str
    hint: str
    sampler: str
    neighbours: int
    sampling: Mapping[str, Mapping[str, Settings]]
    adapt: Mapping[str, AdaptSettings]


# Chosen on photos of the embedded model's own kind, see "Figures" in the README.
_DIFFPIR = {
    #                     steps  lambda  t_start
    "upscale":  Settings(20,    0.5,    200),
    "deblur":   Settings(20,    1.0,    200),
    "denoise":  Settings(20,    1.0,    200),
    "inpaint":  Settings(30,    1.0,    500),
    "colorize": Settings(30,    1.0,    500),
    "":         Settings(20,    1.0,    300),
}  # fmt: skip
_DIFFPIR_PAPER = {"": Settings(100, 1.0, 999)}  # Zhu et al. 2023: 100 evaluations from pure noise
_ADIR_QUICK = {"": Settings(100, 10.0)}  # the x0 residual keeps few steps stable
_ADIR_PAPER = {"": Settings(1000, 10.0)}  # ADIR, table 1: s = 10, 1000 steps

RECIPES: dict[str, Recipe] = {
    "quick": Recipe(
        "Quick",
        "A minute or two on a processor.",
        sampler="diffpir",
        neighbours=8,
        sampling={"diffpir": _DIFFPIR, "adir": _ADIR_QUICK},
        adapt={
            #                      its  batch crop  rate  rank alpha  t_max      ema
            "cpu":  AdaptSettings(60,  2,    128,  3e-4, 16,  8.0,  t_max=200, ema=0.95, hold_out=True),
            "cuda": AdaptSettings(200, 8,    128,  3e-4, 16,  8.0,  t_max=200, ema=0.95, hold_out=True),
        },
    ),
    "paper": Recipe(
        "As in the paper",
        "ADIR's published numbers: 400 iterations on 20 photos, 1000 guided steps.",
        sampler="adir",
        neighbours=20,
        sampling={"diffpir": _DIFFPIR_PAPER, "adir": _ADIR_PAPER},
        adapt={"cpu": AdaptSettings(), "cuda": AdaptSettings()},
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
    sampler = request.sampler or recipe.sampler
    if sampler not in SAMPLERS:
        raise RequestError(f"There is no sampler '{sampler}'.", f"Choose one of: {', '.join(SAMPLERS)}.")
    table = recipe.sampling[sampler]
    settings = table.get(request.task, table[""])
    if request.steps is not None:
        settings = replace(settings, steps=request.steps)
    if request.guidance is not None:
        settings = replace(settings, guidance=request.guidance)
    if not 1 <= settings.steps <= 1000:
        raise RequestError(f"{settings.steps} steps cannot be run.", "Choose 1 to 1000.")
    if not 0 <= settings.guidance <= 1e6:
        raise RequestError(f"A guidance of {settings.guidance} cannot be used.", "Choose 0 or more.")
    return sampler, settings


def adapt_settings(request: Request, device_type: str, smallest_side: int) -> AdaptSettings:
    """The numbers of the adaptation on this device; crops no larger than the photos allow.

    smallest_side: pixels under which a crop would mean enlarging the photos adapted to.

    Raises:
        RequestError: no iterations at all, or too many.
    """
    table = find_recipe(request.recipe).adapt
    settings = table.get(device_type, table["cpu"])
    if request.iterations is not None:
        settings = replace(settings, iterations=request.iterations)
    if not 1 <= settings.iterations <= 100_000:
        raise RequestError(f"{settings.iterations} iterations cannot be run.", "Choose 1 or more.")
    return replace(settings, crop=min(settings.crop, max(32, smallest_side // 32 * 32)))


def neighbour_count(request: Request) -> int:
    """K: as asked for, or the recipe's.

    Raises:
        RequestError: fewer than one.
    """
    k = find_recipe(request.recipe).neighbours if request.neighbours is None else request.neighbours
    if k < 1:
        raise RequestError(f"{k} similar photos are too few to adapt to.", "Choose 1 or more.")
    return k
