"""Networks of Dirac on disk: config.json and weights in a folder; the embedded ones, and a person's own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import tomli_w
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from adir_desktop import places
from adir_desktop.engine.device import cast
from adir_desktop.engine.dirac.families import FAMILIES
from adir_desktop.engine.dirac.network import Network, Shape
from adir_desktop.engine.dirac.process import SIGMA_MAX, SIGMA_MIN
from adir_desktop.engine.dirac.schedule import Severities
from adir_desktop.engine.weights import CARD
from adir_desktop.errors import ModelError
from adir_desktop.files import atomic, sha256_file, write_atomic

CONFIG, WEIGHTS = "config.json", "dirac.safetensors"
FORMAT = "adir-dirac-1"


@dataclass(frozen=True)
class Config:
    """What the weights were made for. degradation: a row of FAMILIES. severities: at equally spaced t.

    loss_dt: of the incremental loss. training: how it went, for a person to read.
    """

    degradation: str
    shape: Shape
    severities: Severities
    sigma_min: float = SIGMA_MIN
    sigma_max: float = SIGMA_MAX
    loss_dt: float = 1.0
    training: Mapping[str, Any] = field(default_factory=dict)

    def network(self) -> Network:
        """A new network for it."""
        masked = FAMILIES[self.degradation].masked
        return Network(self.shape, masked=masked, sigma_min=self.sigma_min, sigma_max=self.sigma_max)


def save(folder: Path, config: Config, weights: Mapping[str, Tensor]) -> None:
    """Writes both files, the weights in half precision, and a card for the list of models.

    Raises:
        StorageError: the disk is full or read-only.
    """
    text = {
        "format": FORMAT,
        "degradation": config.degradation,
        "channels": config.shape.channels,
        "blocks": config.shape.blocks,
        "severities": config.severities.values,
        "sigma_min": config.sigma_min,
        "sigma_max": config.sigma_max,
        "loss_dt": config.loss_dt,
        "training": dict(config.training),
    }
    with atomic(folder / WEIGHTS) as temporary:
        save_file({name: value.half().contiguous() for name, value in weights.items()}, temporary)
    write_atomic(folder / CONFIG, (json.dumps(text, indent=1) + "\n").encode())
    card = {
        "title": f"Dirac network: {FAMILIES[config.degradation].title}",
        "purpose": "the method Dirac, trained on this computer",
        "licence": "as the photos that it was trained on allow",
        "files": [
            {
                "path": name,
                "bytes": (folder / name).stat().st_size,
                "sha256": sha256_file(folder / name),
            }
            for name in (CONFIG, WEIGHTS)
        ],
    }
    write_atomic(folder / CARD, tomli_w.dumps(card).encode())


def read_config(folder: Path) -> Config:
    """The description of a folder's network.

    Raises:
        ModelError: it is missing, damaged, or of another format.
    """
    try:
        text = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        config = Config(
            degradation=text["degradation"],
            shape=Shape(tuple(int(c) for c in text["channels"]), int(text["blocks"])),
            severities=Severities(tuple(float(value) for value in text["severities"])),
            sigma_min=float(text["sigma_min"]),
            sigma_max=float(text["sigma_max"]),
            loss_dt=float(text["loss_dt"]),
            training=text["training"],
        )
        usable = text["format"] == FORMAT and config.degradation in FAMILIES
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(folder) from error
    if not usable or len(config.severities.values) < 2 or not 0 < config.sigma_min < config.sigma_max:
        raise _damaged(folder)
    return config


@dataclass(frozen=True)
class Installed:
    """A network that is on this computer. problem: why it cannot be used, "" when it can."""

    name: str
    folder: Path
    embedded: bool
    config: Config | None = None
    problem: str = ""


def installed() -> tuple[Installed, ...]:
    """A person's own networks, in the folder of models, by name; then those that came with the program."""
    own = [_look(folder, embedded=False) for folder in _folders(places.models_dir())]
    return (*own, *(_look(folder, embedded=True) for folder in _folders(places.resource("dirac"))))


def find(degradation: str) -> Installed:
    """The network for a row of FAMILIES: a person's own before the embedded one.

    Raises:
        ModelError: there is none that can be used.
    """
    found = [one for one in installed() if one.config is not None and one.config.degradation == degradation]
    if not found:
        raise ModelError(
            f"No Dirac network for '{degradation}' is on this computer.",
            f"Train one: adir dirac train FOLDER --degradation {degradation}. Or install the program again.",
        )
    return found[0]


def load(folder: Path, device: torch.device) -> tuple[Config, Network]:
    """A folder's network in float32 on `device`, frozen; kept in memory until its file changes.

    Raises:
        ModelError: a file is missing, damaged, or belongs to another network.
    """
    try:
        changed = (folder / WEIGHTS).stat().st_mtime_ns
    except OSError as error:
        raise _damaged(folder) from error
    return _load(folder, device, changed)


@lru_cache(maxsize=2)
def _load(folder: Path, device: torch.device, changed: int) -> tuple[Config, Network]:
    del changed  # a part of the key: a file that was trained on is read again
    config = read_config(folder)
    with torch.inference_mode(mode=False):  # guidance differentiates through it
        net = config.network()
        try:
            weights = load_file(folder / WEIGHTS)
            net.load_state_dict({name: value.float() for name, value in weights.items()})
        except (OSError, ValueError, RuntimeError, SafetensorError) as error:
            raise _damaged(folder) from error
        return config, cast(net, torch.float32, device)  # type: ignore[return-value]


def _look(folder: Path, *, embedded: bool) -> Installed:
    try:
        return Installed(folder.name, folder, embedded, read_config(folder))
    except ModelError as error:
        return Installed(folder.name, folder, embedded, problem=error.problem)


def _folders(home: Path) -> list[Path]:
    """The folders with weights of Dirac; none where there is nothing to look into."""
    try:
        return sorted(path for path in home.iterdir() if (path / WEIGHTS).is_file())
    except OSError:
        return []


def _damaged(folder: Path) -> ModelError:
    return ModelError(
        f"The Dirac network in {folder} is missing, damaged or of another version.",
        "Train it again: adir dirac train. If it came with the program, install the program again.",
    )
