"""The published Stable Diffusion configurations at full size with random weights, through the real command.

`python -m tests.engine.full_size_sd upscaler|inpainter|inpainter-2 FOLDER`: makes the model in half precision, as it is
published, restores a small photo with it, adapted and not, and prints times and memory. It tells that the sizes are
right and what they cost; pictures of random weights tell nothing.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable
from pathlib import Path
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
from transformers import CLIPTextConfig, CLIPTextModel

from adir_desktop.contract import Degradation, Finished, Photo, Request, Step
from adir_desktop.engine.jobs import restore
from adir_desktop.engine.priors import load_prior
from tests.engine.tiny_sd import SCHEDULE, tokenizer

DOWN, UP = ("CrossAttnDownBlock2D",), ("CrossAttnUpBlock2D",)
MILLIONS = {
    "upscaler": 473.4,
    "inpainter": 859.5,
    "inpainter-2": 865.9,
}  # of parameters of the published U-Nets


def text_encoder(width: int, layers: int, heads: int) -> CLIPTextModel:
    return CLIPTextModel(
        CLIPTextConfig(
            hidden_size=width,
            intermediate_size=4 * width,
            num_hidden_layers=layers,
            num_attention_heads=heads,
            bos_token_id=0,
            eos_token_id=1,
            pad_token_id=1,
        )
    )


def vae(widths: tuple[int, ...], scaling: float) -> AutoencoderKL:
    return AutoencoderKL(
        block_out_channels=widths,
        down_block_types=("DownEncoderBlock2D",) * len(widths),
        up_block_types=("UpDecoderBlock2D",) * len(widths),
        latent_channels=4,
        layers_per_block=2,
        scaling_factor=scaling,
    )


def upscaler() -> Any:
    """Of stabilityai/stable-diffusion-x4-upscaler."""
    return StableDiffusionUpscalePipeline(
        vae=vae((128, 256, 512), 0.08333),
        text_encoder=text_encoder(1024, 23, 16),
        tokenizer=tokenizer(),
        unet=UNet2DConditionModel(
            sample_size=128,
            in_channels=7,
            block_out_channels=(256, 512, 512, 1024),
            down_block_types=("DownBlock2D", *DOWN * 3),
            up_block_types=(*UP * 3, "UpBlock2D"),
            only_cross_attention=(True, True, True, False),
            attention_head_dim=8,
            cross_attention_dim=1024,
            num_class_embeds=1000,
            use_linear_projection=True,
        ),
        low_res_scheduler=DDPMScheduler(beta_schedule="scaled_linear", beta_start=0.0001, beta_end=0.02),
        scheduler=DDIMScheduler(**SCHEDULE, prediction_type="v_prediction"),
    )


def inpainter(version: int = 1) -> Any:
    """Of stable-diffusion-inpainting (1.5), or of stable-diffusion-2-inpainting."""
    own: dict[str, Any] = {"attention_head_dim": 8, "cross_attention_dim": 768}
    if version == 2:
        own = {
            "attention_head_dim": (5, 10, 20, 20),
            "cross_attention_dim": 1024,
            "use_linear_projection": True,
        }
    return StableDiffusionInpaintPipeline(
        vae=vae((128, 256, 512, 512), 0.18215),
        text_encoder=text_encoder(768, 12, 12) if version == 1 else text_encoder(1024, 23, 16),
        tokenizer=tokenizer(),
        unet=UNet2DConditionModel(
            sample_size=64,
            in_channels=9,
            block_out_channels=(320, 640, 1280, 1280),
            down_block_types=(*DOWN * 3, "DownBlock2D"),
            up_block_types=("UpBlock2D", *UP * 3),
            **own,
        ),
        scheduler=DDIMScheduler(**SCHEDULE),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


MODELS: dict[str, Callable[[], Any]] = {
    "upscaler": upscaler,
    "inpainter": inpainter,
    "inpainter-2": lambda: inpainter(2),
}


def request(name: str, folder: Path, side: int, **values: Any) -> Request:
    pixels = np.random.default_rng(0).random((side, side, 3), dtype=np.float32)
    task, steps, mask = "upscale", (Step("downscale", {"factor": 4}),), None
    if name != "upscaler":
        task, steps, mask = "inpaint", (Step("mask"),), np.zeros((side, side), bool)
        mask[side // 3 : side // 2, side // 3 : side // 2] = True
    degradation = Degradation(steps, 0.0, mask)
    return Request(Photo(pixels), task, degradation, prior=f"file:{folder}", prompt="a cat", **values)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", choices=MODELS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--side", type=int, default=64, help="of the photo, in pixels")
    parser.add_argument("--iterations", type=int, default=2)
    given = parser.parse_args()
    if not given.folder.exists():
        torch.manual_seed(0)
        MODELS[given.model]().to(torch.float16).save_pretrained(given.folder, variant="fp16")
    start = time.perf_counter()
    prior = load_prior(f"file:{given.folder}")
    count = sum(parameter.numel() for parameter in prior.net.parameters())
    told: dict[str, Any] = {"parameters": count, "loading_seconds": time.perf_counter() - start}
    assert round(count / 1e6, 1) == MILLIONS[given.model], count
    for adapt in ("none", "self"):
        asked = request(
            given.model, given.folder, given.side, steps=2, adapt=adapt, iterations=given.iterations
        )
        for event in restore(asked):
            if isinstance(event, Finished):
                told[adapt] = event.result.record["seconds_by_stage"]
    told["peak_memory_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
