"""From a person's choices to the request that the engine gets."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from adir_desktop.contract import (
    LATENT_INPAINT,
    LATENT_UPSCALE,
    PIXELS,
    AdaptTo,
    AppliedPreset,
    Choice,
    Degradation,
    Fading,
    Mask,
    NeighbourSet,
    Photo,
    Request,
    Source,
)
from adir_desktop.errors import PresetError, RequestError
from adir_desktop.searches import Filters
from adir_desktop.tasks import DEFAULT_KERNEL, degradation_for

Chosen = tuple[tuple[str, int | float | str], ...]  # a method's options by name
NEIGHBOURS = {"quick": 8, "paper": 20}  # K of a search made by hand, where the person left it to the recipe
MASKED = ("inpaint", "old", "edit")  # tasks in which painting marks what is damaged, or to be changed
FAMILIES = {  # of models, by task; the first is the usual one
    "upscale": (PIXELS, LATENT_UPSCALE),
    "inpaint": (PIXELS, LATENT_INPAINT),
    "edit": (LATENT_INPAINT,),
}


@dataclass(frozen=True)
class Values:
    """Everything a person can choose. None: as the recipe has it, or the task's own default."""

    task: str = "upscale"
    scale: int = 4
    kernel: str = DEFAULT_KERNEL
    noise: float | None = None
    blurred: bool = False  # of an old print: `kernel` is one of its faults
    colourless: bool = False  # of an old print: it is to get its colours back
    fading: Fading | None = None  # of an old print
    feather: float = 0.0
    adapt: AdaptTo = "none"
    sources: tuple[Source, ...] = ()
    filters: Filters = field(default_factory=Filters)  # of the photos to adapt to
    presets: tuple[AppliedPreset, ...] = ()
    baseline: bool = False
    prior: str = "starter"
    sampler: str | None = None
    recipe: str = "quick"
    steps: int | None = None
    guidance: float | None = None
    options: Chosen = ()  # of the sampler
    seed: int = 0
    seed_locked: bool = True  # else every restoration takes another one
    samples: int = 1
    average: bool = False
    neighbours: int | None = None
    iterations: int | None = None
    prompt: str = ""
    negative_prompt: str = ""


def request_for(
    photo: Photo,
    values: Values,
    mask: Mask | None = None,
    found: NeighbourSet | None = None,
    device: str = "auto",
    *,
    with_words: bool = False,
) -> Request:
    """Everything the engine needs, frozen.

    mask: (H, W), True where damaged; only looked at where the task repairs. with_words: the model takes them;
    others get none, and editing always does.

    Raises:
        AdirError: something is missing or out of range; its words say what.
    """
    _check_adaptation(values, found)
    neighbours, told = values.adapt == "neighbours", with_words or values.task == "edit"
    degradation = degradation_of(values, mask)
    if values.task == "edit" and not values.prompt.strip():
        raise RequestError("Editing needs words.", "Say what the marked part should show.")
    return Request(
        photo=photo,
        task=values.task,
        degradation=degradation,
        prior=values.prior,
        sampler=values.sampler,
        recipe=values.recipe,
        steps=values.steps,
        guidance=values.guidance,
        options=dict(values.options),
        seed=values.seed,
        adapt=values.adapt,
        sources=values.sources if neighbours else (),
        filters=values.filters if neighbours else Filters(),
        neighbours=values.neighbours if neighbours else None,
        found=found if neighbours else None,
        presets=values.presets if values.adapt == "preset" else (),
        iterations=values.iterations if values.adapt in ("neighbours", "self") else None,
        baseline=values.baseline and values.adapt != "none",
        device=device,
        samples=values.samples,
        average=values.average,
        feather=values.feather if values.task in MASKED else 0.0,
        prompt=values.prompt if told else "",
        negative_prompt=values.negative_prompt if told else "",
    )


def families(task: str) -> tuple[str, ...]:
    """The families of models that can do a task."""
    return FAMILIES.get(task, (PIXELS,))


def family_of(prior: str, offered: tuple[Choice, ...]) -> str:
    """Of a model among those that are installed; of any other, the usual one."""
    return next((each.family for each in offered if each.name == prior), PIXELS)


def reads(values: Values, offered: tuple[Choice, ...]) -> bool:
    """Whether the chosen model takes words."""
    return family_of(values.prior, offered) != PIXELS


def fitted(values: Values, old: Values, offered: tuple[Choice, ...]) -> Values:
    """With a model that can do the task; the numbers of a method mean nothing to that of another kind."""
    able = families(values.task)
    if family_of(values.prior, offered) not in able:
        fitting = [each.name for each in offered if each.family in able]
        values = replace(values, prior=fitting[0] if fitting else Values().prior)
    family = family_of(values.prior, offered)
    if family == LATENT_UPSCALE:
        values = replace(values, scale=4)  # the only one it knows
    if family == family_of(old.prior, offered):
        return values
    return replace(values, sampler=None, steps=None, guidance=None, options=())


def leaving_out(values: Values, neighbour: str) -> Values:
    """The same, but a photo of a library, by its id, is never found again, for this photo or another."""
    filters = values.filters
    return replace(values, filters=replace(filters, exclude=filters.exclude | {neighbour}))


def neighbours_wanted(values: Values) -> int:
    """K: as chosen, or the recipe's."""
    return values.neighbours or NEIGHBOURS.get(values.recipe, NEIGHBOURS["quick"])


def chosen_too(presets: tuple[AppliedPreset, ...], path: Path) -> tuple[AppliedPreset, ...]:
    """The same presets and the one at `path`, which is there but once."""
    if any(each.path == path for each in presets):
        return presets
    return (*presets, AppliedPreset(path))


def degradation_of(values: Values, mask: Mask | None) -> Degradation:
    """What happened to a photo, as far as a person said it; mask and errors as in `request_for`."""
    old = values.task == "old"
    painted = mask if mask is not None and mask.any() else None
    return degradation_for(
        values.task,
        scale=values.scale if values.task == "upscale" else None,
        kernel=values.kernel if values.task == "deblur" or (old and values.blurred) else None,
        noise=values.noise,
        mask=painted if values.task in MASKED else None,
        fading=values.fading if old else None,
        grey=old and values.colourless,
    )


def _check_adaptation(values: Values, found: NeighbourSet | None) -> None:
    if values.adapt == "neighbours":
        if not values.sources and found is None:
            raise RequestError(
                "Adapting needs similar photos, and no photo library is chosen.",
                "Add a folder of photos, or restore without adapting.",
            )
        if found is not None and not found.included:
            raise RequestError(
                "All similar photos are switched off.",
                "Switch some on, or restore without adapting.",
            )
    if values.adapt == "preset" and not values.presets:
        raise PresetError("No preset is chosen.", "Choose a preset file, or restore without adapting.")
