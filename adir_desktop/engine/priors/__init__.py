"""The diffusion priors a restoration can use: those of the menu, and a person's own files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from adir_desktop import places
from adir_desktop.engine.priors.base import Denoiser, Prediction
from adir_desktop.engine.priors.guided_loading import SUFFIXES, load_guided, load_published, published_file
from adir_desktop.engine.priors.unet import UNetPrior, load_unet
from adir_desktop.errors import RequestError

FILE = "file:"  # begins the name of a prior that is a person's own file or folder


@dataclass(frozen=True)
class PriorRow:
    """A line of the priors' menu and how to load it. needs: the file without which it is not offered."""

    title: str
    hint: str
    load: Callable[[], UNetPrior]
    needs: Callable[[], Path] | None = None


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
        published_file,
    ),
}


def offered() -> dict[str, PriorRow]:
    """The rows whose files are installed."""
    return {name: row for name, row in PRIORS.items() if row.needs is None or row.needs().is_file()}


def load_prior(name: str) -> UNetPrior:
    """The prior of that name, or of a person's own checkpoint or diffusers folder; loaded once and kept.

    name: of `PRIORS`, or `file:PATH`, or a path that ends as checkpoints do.

    Raises:
        RequestError: no such prior or file. ModelError: its files are missing, damaged or of another kind.
    """
    path = _own(name)
    if path is not None:
        return _load_own(path)
    if name not in PRIORS:
        raise RequestError(
            f"There is no prior '{name}'.", f"Choose one of: {', '.join(offered())}; or {FILE}PATH."
        )
    return PRIORS[name].load()


def settled_name(name: str) -> str:
    """The same prior under a name that holds in any folder."""
    path = _own(name)
    return name if path is None else f"{FILE}{path}"


def _own(name: str) -> Path | None:
    """The file or folder that a name means, if it is not one of the menu's."""
    if name.startswith(FILE) or (name not in PRIORS and Path(name).suffix.lower() in SUFFIXES):
        return Path(name.removeprefix(FILE)).absolute()
    return None


def _load_own(path: Path) -> UNetPrior:
    if path.is_dir():
        return load_unet(f"{FILE}{path.name}", path, "Choose another folder, or get its files again.")
    if not path.is_file():
        raise RequestError(f"There is no model file {path}.", "Check the path after --prior.")
    return load_guided(f"{FILE}{path.name}", path)


__all__ = [
    "PRIORS",
    "Denoiser",
    "Prediction",
    "PriorRow",
    "UNetPrior",
    "load_prior",
    "offered",
    "settled_name",
]
