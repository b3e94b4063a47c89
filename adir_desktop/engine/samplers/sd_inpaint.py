"""Stable Diffusion's inpainting network: fills holes with what the rest of the photo, or words, suggest."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import interpolate, max_pool2d

from adir_desktop.contract import LATENT_INPAINT, Degradation, Option
from adir_desktop.engine.boxes import Box, boxes
from adir_desktop.engine.priors.latent_model import LatentModel, Shown
from adir_desktop.engine.samplers.base import Settings, Trajectory
from adir_desktop.engine.samplers.latent import (
    MOST_GUIDANCE,
    LatentProblem,
    Looks,
    ddim,
    passes,
    steps_of,
    told,
)
from adir_desktop.engine.samplers.row import SamplerRow


@dataclass(frozen=True)
class InpaintSettings(Settings):
    """guidance: of the words. strength: of the noise to begin with; below 1 the plain filling shines through.
    colour: "on" moves each filling to the mean colours of what it was made beside.
    """

    guidance: float = 7.5
    strength: float = 1.0
    colour: str = "on"


@torch.inference_mode()
def sd_inpaint(problem: LatentProblem, settings: InpaintSettings) -> Trajectory:
    """Every hole of y (B, 3, H, W) in squares of the network's own size; what is not missing stays."""
    mask = problem.degradation.mask
    assert mask is not None
    x = problem.start.clone()
    missing = torch.from_numpy(mask.copy()).to(x.device)
    todo = boxes(mask, problem.model.native)
    total = len(todo) * _steps(settings)
    for index, box in enumerate(todo):
        x = yield from _filled(problem, settings, x, box, missing, index * _steps(settings), total)
        missing[box.place] &= ~torch.from_numpy(box.paint).to(x.device)
    return x


def _steps(settings: InpaintSettings) -> int:
    """DDIM's steps of one square: those below the noise to begin with."""
    return max(1, round(settings.steps * settings.strength))


def _filled(
    problem: LatentProblem,
    settings: InpaintSettings,
    x: Tensor,
    box: Box,
    missing: Tensor,
    done: int,
    total: int,
) -> Trajectory:
    """The picture with the pixels of one box filled."""
    model = problem.model
    part = x[(..., *box.place)]
    holes = missing[box.place].to(x)[None, None]
    picture, shown = prepared(model, part, holes, problem)
    scheduler = steps_of(model, settings.steps)
    timesteps = scheduler.timesteps[-_steps(settings) :]
    z = problem.noise(shown.channels[:, 1:5])
    if settings.strength < 1:
        z = scheduler.add_noise(model.encode(picture), z, timesteps[:1])
    else:
        z = z * scheduler.init_noise_sigma
    paint = torch.from_numpy(box.paint).to(x)[None, None]

    def into(filling: Tensor) -> Tensor:
        whole = x.clone()
        whole[(..., *box.place)] = torch.lerp(part, _back(filling, part), paint)
        return whole

    def finished(latents: Tensor) -> Tensor:
        filling = model.decode(latents)
        return into(_coloured(filling, picture, holes) if settings.colour == "on" else filling)

    look = Looks(lambda latents: into(model.look(latents, *picture.shape[-2:])))
    steps = ddim(model, z, shown, settings.guidance, scheduler, timesteps)
    z = yield from told(steps, look, finished, done=done, total=total)
    return finished(z)


def prepared(model: LatentModel, part: Tensor, holes: Tensor, problem: LatentProblem) -> tuple[Tensor, Shown]:
    """A part (B, 3, h, w) of a photo at the network's own size, and what the U-Net is shown of it.

    holes: (1, 1, h, w), 1 where missing.
    """
    multiple = model.factor * model.multiple_of
    scale = model.native / max(part.shape[-2:])
    size = [max(multiple, round(n * scale / multiple) * multiple) for n in part.shape[-2:]]
    picture = _resized(part, size)
    mask = (interpolate(holes, size=size, mode="area") > 0).to(part)
    channels = shown_channels(model, picture, mask.expand(len(part), -1, -1, -1))
    return picture, Shown(channels, problem.text)


def shown_channels(model: LatentModel, picture: Tensor, mask: Tensor) -> Tensor:
    """(B, 5, h, w) of latents' size: the mask, and the latents of the picture (B, 3, H, W) with grey holes.

    A latent is repainted where any pixel of it is missing: a scratch may be thinner than eight pixels.
    """
    small = max_pool2d(mask, model.factor)
    return torch.cat([small, model.encode(picture * (1 - mask))], 1)


def _back(filling: Tensor, part: Tensor) -> Tensor:
    return _resized(filling, list(part.shape[-2:])).clamp(-1, 1)


def _resized(x: Tensor, size: list[int]) -> Tensor:
    if list(x.shape[-2:]) == size:
        return x
    return interpolate(x, size=size, mode="bicubic", align_corners=False, antialias=True)


def _coloured(filling: Tensor, picture: Tensor, holes: Tensor) -> Tensor:
    """The VAE shifts colours a little: the filling is moved by what it differs where nothing is missing."""
    seen = 1 - (interpolate(holes, size=filling.shape[-2:], mode="area") > 0).to(filling)
    count = seen.sum().clamp_min(1)
    return filling + ((picture - filling) * seen).sum((-2, -1), keepdim=True) / count


def _supports(degradation: Degradation) -> str:
    if [step.kind for step in degradation.steps] != ["mask"]:
        return "Stable Diffusion's inpainting fills holes, and does nothing else."
    return ""


ROW = SamplerRow(
    "Stable Diffusion inpainting",
    "Fills holes with what fits the rest of the photo, or with what words say.",
    "Rombach et al. 2022, with DDIM, Song et al. 2021",
    sd_inpaint,
    evaluations=lambda settings: passes(_steps(settings), settings.guidance),
    length=_steps,
    published={"": InpaintSettings(50)},
    quick={"": InpaintSettings(25)},
    guidance="w",
    family=LATENT_INPAINT,
    options=(
        Option(
            "strength",
            "Strength",
            "below 1 what is there, or the plain filling, shines through",
            low=0.05,
            high=1.0,
        ),
        Option(
            "colour",
            "Keep colours",
            "moves a filling to the mean colours of the photo around it",
            choices=("on", "off"),
        ),
    ),
    supports=_supports,
    passes=2.0,
    most_guidance=MOST_GUIDANCE,
    batches=False,
)
