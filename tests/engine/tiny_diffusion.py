"""Stable Diffusion's U-Nets in the published layouts at tiny widths, and the pipelines around them."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import numpy as np
import torch
from diffusers import (
    AutoencoderKL,
    DDIMScheduler,
    DDPMScheduler,
    StableDiffusionInpaintPipeline,
    StableDiffusionUpscalePipeline,
    UNet2DConditionModel,
)
from torch import nn
from transformers import CLIPTextConfig, CLIPTextModel

from adir_desktop.contract import AdaptedPreset
from adir_desktop.engine import lora

WORDS = 32  # width of the text's embedding
LAYOUTS: dict[str, dict[str, Any]] = {  # published differences between the bases
    "stable-diffusion-x4-upscaler": {
        "in_channels": 7,
        "num_class_embeds": 1000,
        "use_linear_projection": True,
        "only_cross_attention": (True, False),
        "upcast_attention": True,
    },
    "stable-diffusion-inpainting": {"in_channels": 9},
}


def tiny_unet(base: str) -> UNet2DConditionModel:
    """The U-Net of a base at 8 and 16 channels; always the same numbers, each time a copy of its own."""
    return copy.deepcopy(_built(base))


@cache
def _built(base: str) -> UNet2DConditionModel:
    torch.manual_seed(0)
    net = UNet2DConditionModel(
        sample_size=16,
        out_channels=4,
        block_out_channels=(8, 16),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        layers_per_block=2,
        norm_num_groups=4,
        attention_head_dim=4,
        cross_attention_dim=WORDS,
        **LAYOUTS[base],
    )
    return net.eval().requires_grad_(requires_grad=False)


def tiny_preset(
    net: nn.Module, base: str, *, rank: int = 3, alpha: float = 5.0, seed: int = 0
) -> AdaptedPreset:
    """A preset on every adaptable layer, of random numbers large enough to be seen in the output."""
    rng = np.random.default_rng(seed)
    tensors = {}
    for name, layer in lora.adaptable_layers(net).items():
        out, *rest = layer.weight.shape
        ones = (1,) * (len(rest) - 1)
        tensors[f"{name}.lora_A.weight"] = rng.normal(0, 0.2, (rank, *rest)).astype(np.float32)
        tensors[f"{name}.lora_B.weight"] = rng.normal(0, 0.2, (out, rank, *ones)).astype(np.float32)
    return AdaptedPreset("beach", base, "ab" * 32, rank, alpha, tensors)


@torch.no_grad()
def output(net: nn.Module, seed: int = 0) -> torch.Tensor:
    """What a U-Net of either layout says of one noise and one text."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(2, net.config.in_channels, 16, 16, generator=generator)
    words = torch.randn(2, 5, WORDS, generator=generator)
    labels = torch.tensor([20, 300]) if net.config.num_class_embeds else None
    return net(x, 400, words, class_labels=labels, return_dict=False)[0]


def tiny_pipeline(base: str, net: UNet2DConditionModel) -> Any:
    """The pipeline of diffusers that a base belongs to, of tiny parts."""
    text = CLIPTextModel(
        CLIPTextConfig(
            hidden_size=WORDS,
            intermediate_size=37,
            num_attention_heads=4,
            num_hidden_layers=1,
            vocab_size=100,
        )
    )
    upscales = base == "stable-diffusion-x4-upscaler"
    factor = 0.08333 if upscales else 0.18215
    vae = AutoencoderKL(block_out_channels=(8,), norm_num_groups=4, latent_channels=4, scaling_factor=factor)
    parts: dict[str, Any] = {"unet": net, "vae": vae, "text_encoder": text, "tokenizer": None}
    if upscales:
        scheduler = DDIMScheduler(prediction_type="v_prediction", steps_offset=1, clip_sample=False)
        return StableDiffusionUpscalePipeline(**parts, low_res_scheduler=DDPMScheduler(), scheduler=scheduler)
    extras = {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
    return StableDiffusionInpaintPipeline(
        **parts, scheduler=DDIMScheduler(steps_offset=1, clip_sample=False), **extras
    )
