"""The diffusion priors a restoration can use: those of the menu, and a person's own files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from adir_desktop import places
from adir_desktop.contract import LATENT_INPAINT, LATENT_UPSCALE, PIXELS
from adir_desktop.engine import weights
from adir_desktop.engine.device import pick_dtype
from adir_desktop.engine.priors.base import Denoiser, Prediction
from adir_desktop.engine.priors.guided_loading import (
    SUFFIXES,
    load_checkpoint,
    load_guided,
    load_published,
    published_file,
)
from adir_desktop.engine.priors.latent import LatentPrior, family_of, load_latent
from adir_desktop.engine.priors.unet import UNetPrior, load_unet
from adir_desktop.errors import ModelError, RequestError

FILE = "file:"  # begins the name of a prior that is a person's own file or folder
Prior = UNetPrior | LatentPrior


@dataclass(frozen=True)
class PriorRow:
    """A line of the priors' menu and how to load it. installed: whether it can be offered.

    family: PIXELS, LATENT_UPSCALE or LATENT_INPAINT; it decides which methods and tasks go with it.
    """

    title: str
    hint: str
    load: Callable[[], Prior]
    installed: Callable[[], bool] = lambda: True
    family: str = PIXELS


def _stable_diffusion(name: str, title: str, hint: str, family: str) -> PriorRow:
    def load() -> Prior:
        folder = weights.installed_dir(name)
        remedy = f"Get it in the models window, or with: adir models fetch {name}"
        if folder is None:
            raise ModelError(f"The model {name} is not installed.", remedy)
        return load_latent(name, folder, remedy)

    return PriorRow(title, hint, load, lambda: weights.installed_dir(name) is not None, family)


PRIORS: dict[str, PriorRow] = {
    "starter": PriorRow(
        "Starter model",
        "3.6 million parameters, built in: edges, tones and fine noise; it does not invent objects.",
        lambda: load_unet("starter", places.resource("starter", "denoiser")),
    ),
    "guided-diffusion": PriorRow(
        "ImageNet model",
        "553 million parameters, trained on a million photos of a thousand kinds of things; wants a graphics card.",
        lambda: load_published("guided-diffusion"),
        lambda: published_file().is_file(),
    ),
    "stable-diffusion-x4-upscaler": _stable_diffusion(
        "stable-diffusion-x4-upscaler",
        "Stable Diffusion x4",
        "473 million parameters: enlarges four times and invents fine detail; wants a graphics card.",
        LATENT_UPSCALE,
    ),
    "stable-diffusion-inpainting": _stable_diffusion(
        "stable-diffusion-inpainting",
        "Stable Diffusion inpainting",
        "860 million parameters: fills holes, and makes in them what words say; wants a graphics card.",
        LATENT_INPAINT,
    ),
    "stable-diffusion-2-inpainting": _stable_diffusion(
        "stable-diffusion-2-inpainting",
        "Stable Diffusion 2 inpainting",
        "866 million parameters: as the first, trained on other photos.",
        LATENT_INPAINT,
    ),
    "stable-diffusion-xl-inpainting": _stable_diffusion(
        "stable-diffusion-xl-inpainting",
        "Stable Diffusion XL inpainting",
        "2600 million parameters, squares of 1024 pixels; wants a graphics card with 12 GB.",
        LATENT_INPAINT,
    ),
}


def offered() -> dict[str, PriorRow]:
    """The rows whose files are installed."""
    return {name: row for name, row in PRIORS.items() if row.installed()}


def family(name: str) -> str:
    """The family of a prior, known without loading it.

    Raises:
        RequestError: no such prior.
    """
    path = _own(name)
    if path is not None:
        return (family_of(path) if path.is_dir() else None) or PIXELS
    return _row(name).family


def load_prior(name: str) -> Prior:
    """The prior of that name, or of a person's own checkpoint or diffusers folder; loaded once and kept.

    name: of `PRIORS`, or as the list of models has it, or `file:PATH`, or a path that ends as checkpoints do.

    Raises:
        RequestError: no such prior or file. ModelError: its files are missing, damaged or of another kind.
    """
    path = _own(name)
    return _row(name).load() if path is None else _load_own(path)


def load_pixel_prior(name: str) -> UNetPrior:
    """The same, of a prior of pixels. Raises RequestError: it is another one."""
    prior = load_prior(name)
    if not isinstance(prior, UNetPrior):
        raise RequestError(f"'{name}' is no prior of pixels.", "Choose another prior, such as starter.")
    return prior


def pick_precision(precision: str, device: torch.device) -> torch.dtype:
    """As `pick_dtype`; the trial is run with the embedded prior, whatever the restoration uses.

    Raises:
        DeviceError: no such precision.
    """
    return pick_dtype(precision, device, PRIORS["starter"].load().net)


def forget() -> None:
    """Lets go of the priors that were loaded; they are loaded again when they are asked for."""
    for cache in (load_unet, load_checkpoint, load_latent):
        cache.cache_clear()


def settled_name(name: str) -> str:
    """The same prior under the name of the menu, or one that holds in any folder."""
    path = _own(name)
    return weights.prior_name(name) if path is None else f"{FILE}{path}"


def _row(name: str) -> PriorRow:
    known = weights.prior_name(name)
    if known not in PRIORS:
        raise RequestError(
            f"There is no prior '{name}'.", f"Choose one of: {', '.join(offered())}; or {FILE}PATH."
        )
    return PRIORS[known]


def _own(name: str) -> Path | None:
    """The file or folder that a name means, if it is not one of the menu's."""
    if name.startswith(FILE) or (name not in PRIORS and Path(name).suffix.lower() in SUFFIXES):
        return Path(name.removeprefix(FILE)).absolute()
    return None


def _load_own(path: Path) -> Prior:
    if path.is_dir() and family_of(path) is not None:
        return load_latent(f"{FILE}{path.name}", path)
    if path.is_dir():
        return load_unet(f"{FILE}{path.name}", path, "Choose another folder, or get its files again.")
    if not path.is_file():
        raise RequestError(f"There is no model file {path}.", "Check the path after --prior.")
    return load_guided(f"{FILE}{path.name}", path)


__all__ = [
    "PRIORS",
    "Denoiser",
    "LatentPrior",
    "Prediction",
    "Prior",
    "PriorRow",
    "UNetPrior",
    "family",
    "forget",
    "load_pixel_prior",
    "load_prior",
    "offered",
    "pick_precision",
    "settled_name",
]
