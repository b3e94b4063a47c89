"""Stable Diffusion models of the true layout and of tiny widths, made by diffusers and kept as folders."""

from __future__ import annotations

import string
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
    DDIMScheduler,
    DDPMScheduler,
    PNDMScheduler,
    StableDiffusionInpaintPipeline,
    StableDiffusionUpscalePipeline,
    StableDiffusionXLInpaintPipeline,
    UNet2DConditionModel,
)
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

WIDTHS = (32, 64)
HEARD = 32  # channels of a text's states
SCHEDULE: dict[str, Any] = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "clip_sample": False,
    "set_alpha_to_one": False,
    "steps_offset": 1,
}


def tokenizer() -> CLIPTokenizer:
    """Letters, alone and at the end of a word; no merges."""
    letters = [*string.ascii_lowercase, *string.digits]
    tokens = ["<|startoftext|>", "<|endoftext|>", *letters, *(letter + "</w>" for letter in letters)]
    return CLIPTokenizer(
        vocab={token: number for number, token in enumerate(tokens)}, merges=[], model_max_length=77
    )


def text_encoder(kind: Any = CLIPTextModel, layers: int = 2) -> Any:
    return kind(
        CLIPTextConfig(
            vocab_size=74,
            hidden_size=HEARD,
            intermediate_size=37,
            num_hidden_layers=layers,
            num_attention_heads=4,
            max_position_embeddings=77,
            projection_dim=HEARD,
            bos_token_id=0,
            eos_token_id=1,
            pad_token_id=1,
        )
    )


def vae(levels: int, **values: Any) -> AutoencoderKL:
    return AutoencoderKL(
        block_out_channels=(32,) * levels,
        down_block_types=("DownEncoderBlock2D",) * levels,
        up_block_types=("UpDecoderBlock2D",) * levels,
        latent_channels=4,
        layers_per_block=1,
        norm_num_groups=8,
        **values,
    )


def unet(channels: int, size: int, **values: Any) -> UNet2DConditionModel:
    chosen: dict[str, Any] = {
        "block_out_channels": WIDTHS,
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
        "layers_per_block": 1,
        "attention_head_dim": 8,
        "cross_attention_dim": HEARD,
        "norm_num_groups": 8,
    } | values
    return UNet2DConditionModel(in_channels=channels, out_channels=4, sample_size=size, **chosen)


def upscaler(folder: Path, seed: int = 0) -> Path:
    """In the layout of stabilityai/stable-diffusion-x4-upscaler: v-prediction, noise levels as classes."""
    torch.manual_seed(seed)
    pipe = StableDiffusionUpscalePipeline(
        vae=vae(3, scaling_factor=0.08333),
        text_encoder=text_encoder(),
        tokenizer=tokenizer(),
        unet=unet(7, 32, num_class_embeds=1000, use_linear_projection=True),
        low_res_scheduler=DDPMScheduler(beta_schedule="squaredcos_cap_v2"),
        scheduler=DDIMScheduler(**SCHEDULE, prediction_type="v_prediction"),
    )
    pipe.save_pretrained(folder)
    return folder


def inpainter(folder: Path, seed: int = 0) -> Path:
    """In the layout of stable-diffusion-inpainting: nine channels, eps."""
    torch.manual_seed(seed)
    values = {key: value for key, value in SCHEDULE.items() if key != "clip_sample"}
    pipe = StableDiffusionInpaintPipeline(
        vae=vae(4, scaling_factor=0.18215),
        text_encoder=text_encoder(),
        tokenizer=tokenizer(),
        unet=unet(9, 8),
        scheduler=PNDMScheduler(**values, skip_prk_steps=True),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipe.save_pretrained(folder)
    return folder


def xl_inpainter(folder: Path, seed: int = 0) -> Path:
    """In the layout of stable-diffusion-xl-1.0-inpainting: two text encoders, sizes as inputs."""
    torch.manual_seed(seed)
    pipe = StableDiffusionXLInpaintPipeline(
        vae=vae(4, scaling_factor=0.13025),
        text_encoder=text_encoder(),
        text_encoder_2=text_encoder(CLIPTextModelWithProjection),
        tokenizer=tokenizer(),
        tokenizer_2=tokenizer(),
        unet=unet(
            9,
            8,
            cross_attention_dim=2 * HEARD,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=6 * 8 + HEARD,
            use_linear_projection=True,
        ),
        scheduler=DDIMScheduler(**SCHEDULE),
        add_watermarker=False,
    )
    pipe.save_pretrained(folder)
    return folder
