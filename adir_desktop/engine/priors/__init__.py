"""The diffusion priors a restoration can use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from adir_desktop import places
from adir_desktop.engine.priors.base import Denoiser, Prediction
from adir_desktop.engine.priors.unet import UNetPrior, load_unet
from adir_desktop.errors import RequestError


@dataclass(frozen=True)
class PriorRow:
    """A line of the priors' menu and how to load it."""

    title: str
    hint: str
    load: Callable[[], UNetPrior]


PRIORS: dict[str, PriorRow] = {
    "starter": PriorRow(
        "Starter model",
        "3.6 million parameters, built in: edges, tones and fine noise; it does not invent objects.",
        lambda: load_unet("starter", places.resource("starter", "denoiser")),
    ),
}


def load_prior(name: str) -> UNetPrior:
    """The prior of that name; loaded once and kept.

    Raises:
        RequestError: no such prior. ModelError: its files are missing or damaged.
    """
    if name not in PRIORS:
        raise RequestError(f"There is no prior '{name}'.", f"Choose one of: {', '.join(PRIORS)}.")
    return PRIORS[name].load()


__all__ = ["PRIORS", "Denoiser", "Prediction", "PriorRow", "UNetPrior", "load_prior"]
