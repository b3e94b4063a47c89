"""Networks that share a device: one is there at a time, the others wait in main memory."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch
from torch import nn

from adir_desktop.engine.priors.latent_model import LatentModel

WAITING = torch.device("cpu")


class Turns:
    """Who is on the device."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._here: nn.Module | None = None

    def take(self, net: nn.Module) -> None:
        """Brings `net`; the one before leaves first."""
        if self._here is net:
            return
        if self._here is not None:
            self._here.to(WAITING)
        self._here = None  # also where there is no room for the next one
        net.to(self._device)
        self._here = net


class Guest:
    """A network that comes when it is called: the U-Net itself, or one of the VAE's two ways."""

    def __init__(self, net: nn.Module, turns: Turns) -> None:
        self._net, self._turns = net, turns

    def __call__(self, *args: Any, **given: Any) -> Any:
        self._turns.take(self._net)
        return self._net(*args, **given)

    def encode(self, x: torch.Tensor) -> Any:
        self._turns.take(self._net)
        return self._net.encode(x)  # type: ignore[operator]

    def decode(self, z: torch.Tensor, **given: Any) -> Any:
        self._turns.take(self._net)
        return self._net.decode(z, **given)  # type: ignore[operator]


def taking_turns(model: LatentModel, device: torch.device) -> LatentModel:
    """The same model, whose networks wait in main memory and come to `device` for their part alone."""
    turns = Turns(device)
    return replace(model, unet=Guest(model.unet, turns), vae=Guest(model.vae, turns))
