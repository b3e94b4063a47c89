"""Folders that the libraries themselves have written are taken in, and load from where they are then."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import open_clip
import pytest
from diffusers import (
    AutoencoderKL,
    DDIMScheduler,
    DDPMScheduler,
    StableDiffusionInpaintPipeline,
    StableDiffusionUpscalePipeline,
    UNet2DConditionModel,
)
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from adir_desktop.engine import weights
from adir_desktop.engine.store.taking_in import take_in
from adir_desktop.errors import RequestError
from adir_desktop.places import models_dir, resource


def unet(channels: int, **more: int) -> UNet2DConditionModel:
    return UNet2DConditionModel(
        block_out_channels=(32, 32),
        layers_per_block=1,
        sample_size=8,
        in_channels=channels,
        out_channels=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=32,
        attention_head_dim=8,
        **more,
    )


@pytest.fixture
def parts(tmp_path: Path) -> dict[str, object]:
    """What both pipelines share, as small as it gets."""
    words = {word: at for at, word in enumerate(("<|startoftext|>", "<|endoftext|>", "a</w>", "b</w>"))}
    (tmp_path / "vocab.json").write_text(json.dumps(words))
    (tmp_path / "merges.txt").write_text("#version: 0.2\n")
    text = CLIPTextConfig(
        vocab_size=len(words),
        hidden_size=32,
        intermediate_size=37,
        num_attention_heads=4,
        num_hidden_layers=1,
        bos_token_id=0,
        eos_token_id=1,
    )
    coder = AutoencoderKL(
        block_out_channels=(32,), norm_num_groups=32, latent_channels=4, scaling_factor=0.08333
    )
    return {
        "vae": coder,
        "text_encoder": CLIPTextModel(text),
        "tokenizer": CLIPTokenizer(str(tmp_path / "vocab.json"), str(tmp_path / "merges.txt")),
        "scheduler": DDIMScheduler(steps_offset=1, clip_sample=False),
    }


def test_an_upscaler_is_recognised_in_its_published_variant(tmp_path: Path, parts: dict) -> None:
    pipe = StableDiffusionUpscalePipeline(
        **parts, unet=unet(7, num_class_embeds=1000), low_res_scheduler=DDPMScheduler(), max_noise_level=350
    )
    pipe.save_pretrained(tmp_path / "given", variant="fp16")
    list(take_in(tmp_path / "given"))
    folder = weights.installed_dir("stable-diffusion-x4-upscaler")
    assert folder == models_dir() / "stable-diffusion-x4-upscaler"
    found = StableDiffusionUpscalePipeline.from_pretrained(folder, variant="fp16", local_files_only=True)
    assert found.unet.config.in_channels == 7


def test_an_inpainting_pipeline_is_what_its_owner_says_but_no_other_kind(tmp_path: Path, parts: dict) -> None:
    pipe = StableDiffusionInpaintPipeline(
        **parts, unet=unet(9), safety_checker=None, feature_extractor=None, requires_safety_checker=False
    )
    pipe.save_pretrained(tmp_path / "given")
    with pytest.raises(RequestError, match="no model that the catalogue knows"):
        list(take_in(tmp_path / "given"))  # no published model is 32 wide
    with pytest.raises(RequestError, match="another kind"):
        list(take_in(tmp_path / "given", "stable-diffusion-xl-inpainting"))
    list(take_in(tmp_path / "given", "stable-diffusion-inpainting"))
    assert not (tmp_path / "given").exists()
    folder = weights.installed_dir("stable-diffusion-inpainting")
    found = StableDiffusionInpaintPipeline.from_pretrained(folder, safety_checker=None, local_files_only=True)
    assert found.unet.config.in_channels == 9
    assert weights.verify(weights.find_model("stable-diffusion-inpainting")).problems == ()


def test_an_encoder_lies_as_open_clip_reads_it(tmp_path: Path) -> None:
    shutil.copytree(resource("starter", "encoder"), tmp_path / "given")
    list(take_in(tmp_path / "given", "clip-vit-b-32", keep=True))
    folder = weights.installed_dir("clip-vit-b-32")
    assert open_clip.create_model(f"local-dir:{folder}").visual is not None
