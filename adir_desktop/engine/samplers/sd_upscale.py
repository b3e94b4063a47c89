"""The x4 upscaler of Stable Diffusion (Rombach et al. 2022), the network of ADIR-SD."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import interpolate, pad
from torchvision.transforms.functional import gaussian_blur

from adir_desktop.contract import LATENT_UPSCALE, Degradation, Option
from adir_desktop.engine.operators import restored_size
from adir_desktop.engine.priors.latent_model import LatentModel, Shown
from adir_desktop.engine.samplers.base import NoiseSource, Settings, Trajectory
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
from adir_desktop.errors import RequestError

SCALE = 4
COLOUR_SIGMA = 4.0  # pixels of the small photo: what is coarser than this is taken from it


@dataclass(frozen=True)
class UpscaleSettings(Settings):
    """guidance: of the words. noise_level: of the noise that the small photo gets (0 .. 350): more invents
    more. colour: "on" takes the coarse colours from the small photo.
    """

    guidance: float = 9.0
    noise_level: int = 20
    colour: str = "on"


@torch.inference_mode()
def sd_upscale(problem: LatentProblem, settings: UpscaleSettings) -> Trajectory:
    """Latents of the large picture by DDIM, shown the small photo y (B, 3, h, w) with noise of a known level."""
    model, y = problem.model, problem.y
    small = grown(y, problem.operator.in_shape)
    seen, level = noised_small(model, small, settings.noise_level, problem.noise)
    z = problem.noise(small.new_zeros((len(small), 4, *small.shape[-2:])))
    scheduler = steps_of(model, settings.steps)
    shown = Shown(seen, problem.text, level)
    height, width = problem.operator.in_shape[1:]

    def whole(latents: Tensor) -> Tensor:
        x = model.decode(latents)
        return _coloured(problem, x) if settings.colour == "on" else x

    z = yield from told(
        ddim(model, z * scheduler.init_noise_sigma, shown, settings.guidance, scheduler, scheduler.timesteps),
        Looks(lambda latents: model.look(latents, height, width)),
        whole,
        done=0,
        total=settings.steps,
    )
    return whole(z)


def grown(y: Tensor, in_shape: tuple[int, int, int]) -> Tensor:
    """The small photo, grown on the right and bottom to the size of the latents, in [-1, 1]."""
    height, width = (n // SCALE for n in in_shape[1:])
    edge = (0, width - y.shape[-1], 0, height - y.shape[-2])
    return pad(y.clamp(-1, 1), edge, mode="replicate")


def noised_small(model: LatentModel, small: Tensor, level: int, noise: NoiseSource) -> tuple[Tensor, int]:
    """The small photo with noise of a level of the model's own schedule, and that level.

    Raises:
        RequestError: its schedule has no such level.
    """
    if not 0 <= level < len(model.low_res.alphas_cumprod):
        raise RequestError(f"There is no noise level {level}.", "Choose a smaller one.")
    return model.low_res.add_noise(small, noise(small), torch.tensor([level])), level


def _coloured(problem: LatentProblem, x: Tensor) -> Tensor:
    """The picture with the coarse colours of the photo: what A x lacks of y, blurred, is added.

    The low band is exchanged as in StableSR's wavelet colour fix (Wang et al. 2024), by one Gaussian.
    """
    missing = problem.y - problem.operator.forward(x)
    side = 2 * int(3 * COLOUR_SIGMA) + 1
    edge = side // 2
    coarse = gaussian_blur(pad(missing, (edge,) * 4, mode="replicate"), [side, side], [COLOUR_SIGMA] * 2)
    coarse = coarse[..., edge:-edge, edge:-edge]
    large = interpolate(coarse, scale_factor=SCALE, mode="bilinear", align_corners=False)
    return x + grown_like(large, x)


def grown_like(large: Tensor, x: Tensor) -> Tensor:
    """`large`, grown on the right and bottom to the size of x."""
    return pad(large, (0, x.shape[-1] - large.shape[-1], 0, x.shape[-2] - large.shape[-2]), mode="replicate")


def _supports(degradation: Degradation) -> str:
    kinds = {step.kind for step in degradation.steps}
    if restored_size(degradation, 1, 1) != (SCALE, SCALE) or kinds - {"blur", "downscale", "block-mean"}:
        return f"The Stable Diffusion upscaler enlarges small photos {SCALE} times, and does nothing else."
    return ""


ROW = SamplerRow(
    "Stable Diffusion x4",
    "Enlarges four times and invents detail that fits; words may say what the photo shows.",
    "Rombach et al. 2022, with DDIM, Song et al. 2021",
    sd_upscale,
    evaluations=lambda settings: passes(settings.steps, settings.guidance),
    length=lambda settings: settings.steps,
    published={"": UpscaleSettings(50)},
    quick={"": UpscaleSettings(25)},
    guidance="w",
    family=LATENT_UPSCALE,
    options=(
        Option(
            "noise_level",
            "Noise level",
            "of the noise added to the small photo: more lets the model invent more",
            low=0,
            high=350,
            whole=True,
        ),
        Option(
            "colour", "Keep colours", "takes the coarse colours from the small photo", choices=("on", "off")
        ),
    ),
    supports=_supports,
    passes=2.0,
    most_guidance=MOST_GUIDANCE,
)
