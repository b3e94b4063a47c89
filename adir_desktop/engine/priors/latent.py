"""Stable Diffusion as a prior: a U-Net over the latents of a VAE, told by words what the picture shows.

Rombach et al. 2022. Folders are as diffusers keeps them; ADIR uses the x4 upscaler and inpainting.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
    DDIMScheduler,
    DDPMScheduler,
    StableDiffusionInpaintPipeline,
    StableDiffusionUpscalePipeline,
    StableDiffusionXLInpaintPipeline,
    UNet2DConditionModel,
)
from torch import Tensor, nn
from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer
from transformers.utils.logging import disable_progress_bar

from adir_desktop import interrupt
from adir_desktop.contract import LATENT_INPAINT, LATENT_UPSCALE
from adir_desktop.engine.device import cast
from adir_desktop.engine.priors.latent_model import LatentModel, Text
from adir_desktop.errors import ModelError
from adir_desktop.files import sha256_file

INDEX = "model_index.json"
HUGE = 1_500_000_000  # parameters: such a network stays in the half precision of its file
REMEDY = "Get its files again."


@dataclass(frozen=True)
class _Kind:
    """A pipeline class of diffusers: what its U-Net is for and what it takes besides the latents."""

    family: str
    pipeline: Callable[..., Any]
    channels: int  # of the U-Net's input: latents, and what is shown to it
    scaling: float  # of latents, where the VAE's own file does not say


KINDS = {
    "StableDiffusionUpscalePipeline":   _Kind(LATENT_UPSCALE, StableDiffusionUpscalePipeline, 7, 0.08333),
    "StableDiffusionInpaintPipeline":   _Kind(LATENT_INPAINT, StableDiffusionInpaintPipeline, 9, 0.18215),
    "StableDiffusionXLInpaintPipeline": _Kind(LATENT_INPAINT, StableDiffusionXLInpaintPipeline, 9, 0.13025),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class LatentPrior:
    """A loaded Stable Diffusion model. The master copy is on the CPU and never changed.

    family: LATENT_UPSCALE or LATENT_INPAINT. pipe: the diffusers pipeline, used for its parts and for encoding words.
    """

    name: str
    family: str
    pipe: Any
    sha256: str

    @property
    def net(self) -> nn.Module:
        """The U-Net, which is what adapting changes."""
        net: nn.Module = self.pipe.unet
        return net

    @property
    def alpha_bar(self) -> Tensor:
        """(T,) float64."""
        table: Tensor = self.pipe.scheduler.alphas_cumprod
        return table.double()

    @property
    def factor(self) -> int:
        """Pixels a side of one latent."""
        return int(2 ** (len(self.pipe.vae.config.block_out_channels) - 1))

    @property
    def latent_multiple(self) -> int:
        """What the sides of the latents must be multiples of."""
        return int(2 ** (len(self.pipe.unet.config.block_out_channels) - 1))

    @property
    def multiple_of(self) -> int:
        """Of a restored picture's sides; inpainting cuts its own squares from pictures of any size."""
        return self.factor * self.latent_multiple if self.family == LATENT_UPSCALE else 1

    @property
    def native(self) -> int:
        """Pixels a side of the pictures that the network was trained on."""
        return int(self.pipe.unet.config.sample_size) * self.factor

    def trainable(self, dtype: torch.dtype) -> nn.Module:
        """A copy of the U-Net to adapt: frozen and in `dtype`."""
        return cast(self.net, dtype)

    @property
    def says_v(self) -> bool:
        """The U-Net predicts v, not eps."""
        return bool(self.pipe.scheduler.config.prediction_type == "v_prediction")

    def ready(
        self, device: torch.device, dtype: torch.dtype, net: nn.Module | None = None, side: int = 1 << 30
    ) -> LatentModel:
        """What computes, on `device`: the U-Net (or `net`, an adapted one) in `dtype`, the VAE in float32.

        side: pixels of the windows in which large pictures go through them.
        """
        return self._model(cast(net or self.net, dtype, device), device, dtype, side)

    def encoder(self, device: torch.device, side: int = 1 << 30) -> LatentModel:
        """The VAE alone, on `device`: for pictures to latents and back."""
        return self._model(nn.Identity(), device, torch.float32, side)

    def _model(self, unet: nn.Module, device: torch.device, dtype: torch.dtype, side: int) -> LatentModel:
        pipe = self.pipe
        window = max(self.latent_multiple, side // self.factor // self.latent_multiple * self.latent_multiple)
        return LatentModel(
            unet=unet,
            vae=cast(pipe.vae, torch.float32, device),
            scheduler=pipe.scheduler,
            low_res=getattr(pipe, "low_res_scheduler", None),
            scaling=float(pipe.vae.config.scaling_factor),
            factor=self.factor,
            multiple_of=self.latent_multiple,
            native=self.native,
            window=window,
            dtype=dtype,
        )

    @torch.inference_mode()
    def read(self, prompt: str, negative: str = "") -> Text:
        """What the text encoder makes of the words, for the picture and against it.

        Nothing against it is what the model knows as no words at all, which for SDXL are zeros.
        """
        encoded = self.pipe.encode_prompt(
            prompt=prompt,
            device=torch.device("cpu"),
            num_images_per_prompt=1,
            do_classifier_free_guidance=True,
            negative_prompt=negative or None,
        )
        words, against, *pooled = encoded
        if not pooled:
            return Text(torch.cat([against, words]).float(), None)
        return Text(torch.cat([against, words]).float(), torch.cat([pooled[1], pooled[0]]).float())


def family_of(folder: Path) -> str | None:
    """LATENT_UPSCALE or LATENT_INPAINT, None where the folder holds no such model."""
    kind = _kind_of(folder)
    return kind.family if kind else None


def _kind_of(folder: Path) -> _Kind | None:
    try:
        return KINDS.get(json.loads((folder / INDEX).read_bytes())["_class_name"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


@lru_cache(maxsize=1)
def load_latent(name: str, folder: Path, remedy: str = REMEDY) -> LatentPrior:
    """Loads a diffusers folder of Stable Diffusion; nothing is fetched, and safetensors alone are read.

    Raises:
        ModelError: files are missing or damaged, or it is another kind of model.
        Interrupted: the person asked to stop.
    """
    for library in ("diffusers", "transformers"):
        logging.getLogger(library).setLevel(logging.ERROR)
    disable_progress_bar()  # type: ignore[no-untyped-call]
    kind = _kind_of(folder)
    if kind is None:
        raise ModelError(
            f"{folder} holds no Stable Diffusion model for upscaling or inpainting.", "Choose another prior."
        )
    try:
        pipe = kind.pipeline(**_parts(folder, kind))
    except (OSError, ValueError, RuntimeError, KeyError, TypeError, ImportError) as error:
        raise ModelError(f"The model '{name}' in {folder} is damaged or not complete.", remedy) from error
    if pipe.unet.config.in_channels != kind.channels:
        found = pipe.unet.config.in_channels
        raise ModelError(
            f"The U-Net in {folder} takes {found} channels instead of {kind.channels}.",
            "Choose another prior.",
        )
    _make_stoppable((pipe.unet, pipe.vae))
    return LatentPrior(name, kind.family, pipe, sha256_file(_weights(folder / "unet")))


def _parts(folder: Path, kind: _Kind) -> dict[str, Any]:
    """The pipeline's parts, each of the class that belongs there, whatever the index says."""
    parts: dict[str, Any] = {
        "unet": _unet(folder / "unet"),
        "vae": _part(AutoencoderKL, folder / "vae", torch_dtype=torch.float32),
        "text_encoder": _part(CLIPTextModel, folder / "text_encoder", dtype=torch.float32),
        "tokenizer": CLIPTokenizer.from_pretrained(folder / "tokenizer", local_files_only=True),
        "scheduler": DDIMScheduler.from_pretrained(
            folder / "scheduler", local_files_only=True, clip_sample=False
        ),
    }
    if "scaling_factor" not in json.loads((folder / "vae" / "config.json").read_bytes()):
        parts["vae"].register_to_config(scaling_factor=kind.scaling)
    if kind.pipeline is StableDiffusionUpscalePipeline:
        where = folder / "low_res_scheduler"
        parts["low_res_scheduler"] = DDPMScheduler.from_pretrained(where, local_files_only=True)
    elif kind.pipeline is StableDiffusionXLInpaintPipeline:
        where = folder / "text_encoder_2"
        parts["text_encoder_2"] = _part(CLIPTextModelWithProjection, where, dtype=torch.float32)
        parts["tokenizer_2"] = CLIPTokenizer.from_pretrained(folder / "tokenizer_2", local_files_only=True)
        parts["add_watermarker"] = False
    else:
        parts |= {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
    return parts


def _unet(folder: Path) -> nn.Module:
    with torch.device("meta"):
        size = sum(p.numel() for p in UNet2DConditionModel.from_config(_config(folder)).parameters())
    net: nn.Module = _part(
        UNet2DConditionModel, folder, torch_dtype=torch.float16 if size > HUGE else torch.float32
    )
    return net


def _config(folder: Path) -> dict[str, Any]:
    config: dict[str, Any] = UNet2DConditionModel.load_config(folder, local_files_only=True)
    return config


def _part(kind: Any, folder: Path, **dtype: torch.dtype) -> Any:
    """A frozen network of diffusers or transformers, which call the type by two names."""
    part = kind.from_pretrained(
        folder, local_files_only=True, use_safetensors=True, variant=_variant(folder), **dtype
    )
    return part.eval().requires_grad_(requires_grad=False)


def _variant(folder: Path) -> str | None:
    """Half precision where there is nothing else."""
    return "fp16" if ".fp16." in _weights(folder).name else None


def _weights(folder: Path) -> Path:
    """The weights of a part, in full precision where both are there. Raises OSError: there are none."""
    files = sorted(folder.glob("*.safetensors"), key=lambda path: ".fp16." in path.name)
    if not files:
        raise FileNotFoundError(f"{folder} has no weights as safetensors")
    return files[0]


def _make_stoppable(nets: Iterable[nn.Module]) -> None:
    """A large network takes minutes on a processor: the person may stop between its layers."""

    def ask(module: nn.Module, _: object) -> None:
        if next(module.parameters()).device.type == "cpu":
            interrupt.check()

    for net in nets:
        for module in net.modules():
            if isinstance(module, nn.Conv2d):
                module.register_forward_pre_hook(ask)
