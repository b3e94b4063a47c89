"""A pixel-space prior kept as a diffusers `UNet2DModel` folder: the embedded starter, or a person's own."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import torch
from diffusers import UNet2DModel
from torch import Tensor, nn

from adir_desktop.engine.device import cast
from adir_desktop.engine.priors.base import Prediction
from adir_desktop.engine.samplers.schedule import linear_alpha_bar
from adir_desktop.errors import ModelError
from adir_desktop.files import sha256_file

WEIGHTS = "diffusion_pytorch_model.safetensors"
REINSTALL = "Install the program again."


@dataclass(frozen=True, eq=False)
class UNetPrior:
    """A denoiser in pixel space; `net` takes (B, 3, H, W) in [-1, 1] scales and a step.

    The master copy is float32 on the CPU and never changed; `ready` gives the copy that computes.
    """

    name: str
    net: nn.Module
    sha256: str
    alpha_bar: Tensor
    multiple_of: int
    dtype: torch.dtype = torch.float32

    def ready(self, device: torch.device, dtype: torch.dtype, net: nn.Module | None = None) -> UNetPrior:
        """A frozen channels_last copy on `device` in `dtype`; of `net`, an adapted network, if given."""
        return replace(self, net=cast(net or self.net, dtype, device), dtype=dtype)

    def probe(self, side: int) -> None:
        """One evaluation of a square picture, to be timed."""
        device = next(self.net.parameters()).device
        self.predict(torch.zeros(1, 3, side, side, device=device), 500)

    def trainable(self, dtype: torch.dtype) -> nn.Module:
        """What is adapted: the master copy itself, which is only ever copied."""
        del dtype
        return self.net

    def predict(self, x_t: Tensor, t: int) -> Prediction:
        x_t = x_t.to(self.dtype).contiguous(memory_format=torch.channels_last)
        output = self.net(x_t, t, return_dict=False)[0].float()
        return Prediction.of(output)


@lru_cache(maxsize=2)
def load_unet(name: str, folder: Path, remedy: str = REINSTALL) -> UNetPrior:
    """Loads a folder with config.json and safetensors weights; nothing is fetched.

    Raises:
        ModelError: files are missing or damaged (then with that remedy), or the network is not of pixels,
            or needs class labels.
    """
    logging.getLogger("diffusers").setLevel(logging.ERROR)
    if not (folder / WEIGHTS).is_file() or not (folder / "config.json").is_file():
        raise ModelError(f"The model '{name}' is not complete in {folder}.", remedy)
    try:
        net = UNet2DModel.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, torch_dtype=torch.float32
        )
    except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
        raise ModelError(f"The model '{name}' in {folder} is damaged.", remedy) from error
    if net.config.in_channels != 3 or net.config.out_channels not in (3, 6):
        raise ModelError(f"'{name}' is not a network of colour pixels.", "Choose another prior.")
    if net.class_embedding is not None:
        raise ModelError(f"'{name}' needs class labels.", "Choose another prior.")
    return UNetPrior(
        name=name,
        net=net.eval().requires_grad_(requires_grad=False),
        sha256=sha256_file(folder / WEIGHTS),
        alpha_bar=linear_alpha_bar(),
        multiple_of=2 ** (len(net.config.block_out_channels) - 1),
    )
