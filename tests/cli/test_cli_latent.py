"""Stable Diffusion as a person uses it: import a model, restore with it adapted, export, load elsewhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import StableDiffusionInpaintPipeline, StableDiffusionUpscalePipeline, UNet2DConditionModel
from peft import PeftModel
from small_photos import make_mask, names, pixels

from adir_desktop.engine import lora, plan, presets
from adir_desktop.engine.priors import LatentPrior, load_prior
from tests.engine import tiny_sd

pytestmark = pytest.mark.usefixtures("quick")
UPSCALER, INPAINTER = "stable-diffusion-x4-upscaler", "stable-diffusion-inpainting"


def said(net: torch.nn.Module) -> torch.Tensor:
    """What a U-Net answers to one noise and one text."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(1, net.config.in_channels, 16, 16, generator=generator)
    states = torch.randn(1, 7, tiny_sd.HEARD, generator=generator)
    level = torch.tensor([20]) if net.config.num_class_embeds else None
    with torch.no_grad():
        return net(x, 300, encoder_hidden_states=states, class_labels=level, return_dict=False)[0]


def loaded(pipeline: type, folder: Path, weights: Path) -> torch.nn.Module:
    pipe = pipeline.from_pretrained(folder, local_files_only=True)
    pipe.load_lora_weights(weights)
    return pipe.unet


def test_upscaling_from_import_to_export(adir, photo: Path, album: Path, here: Path) -> None:
    own = tiny_sd.upscaler(here / "own")
    assert "is not installed" in adir("restore", photo, "--task", "upscale", "--prior", UPSCALER).problem
    assert adir("models", "import", own, "--as", UPSCALER, "--copy").code == 0
    ran = adir(
        "restore", photo, "-o", "out.png", "--task", "upscale", "--prior", UPSCALER, "--steps", "2",
        "--adapt", "neighbours", "--library", album, "--iterations", "3", "--baseline",
        "--prompt", "a cat", "--negative-prompt", "blur",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert {"out.png", "out.baseline.png", "out.json", "out.preset.safetensors"} <= names(here)
    assert pixels(here / "out.png").shape == (160, 192, 3)
    assert not np.array_equal(pixels(here / "out.png"), pixels(here / "out.baseline.png"))
    assert adir("rerun", "out.json", "-o", "again.png").code == 0
    assert np.array_equal(pixels(here / "out.png"), pixels(here / "again.png"))
    preset = presets.load_preset(here / "out.preset.safetensors")
    assert preset.alpha != preset.rank
    assert preset.training["prompt"] == "a cat"
    adapted = said(lora.merged(load_prior(UPSCALER).net, preset.tensors, preset.rank, preset.alpha))
    assert (said(load_prior(UPSCALER).net) - adapted).abs().max() > 0
    for form, target in (("diffusers", "d.safetensors"), ("kohya", "k.safetensors"), ("peft", "p")):
        assert adir("presets", "export", "out.preset.safetensors", target, "--format", form).code == 0
        if form == "peft":
            base = UNet2DConditionModel.from_pretrained(own / "unet")
            net = PeftModel.from_pretrained(base, here / target).base_model.model.eval()
        else:
            net = loaded(StableDiffusionUpscalePipeline, own, here / target)
        assert (said(net) - adapted).abs().max() < 1e-4, form


def test_editing_by_words(adir, photo: Path, here: Path) -> None:
    own = tiny_sd.inpainter(here / "own")
    make_mask(here / "mask.png")
    edit = ("restore", photo, "-o", "out.png", "--task", "edit", "--mask", "mask.png", "--steps", "2")
    assert "needs words" in adir(*edit).problem
    assert "none is installed" in adir(*edit, "--prompt", "a lake").problem
    assert adir("models", "import", own, "--as", INPAINTER, "--copy").code == 0
    ran = adir(*edit, "--prompt", "a lake", "--adapt", "self", "--iterations", "2")
    assert ran.code == 0, ran.err
    outside = pixels(here / "mask.png") == 0
    assert np.array_equal(pixels(here / "out.png")[outside], pixels(photo)[outside])
    assert (pixels(here / "out.png")[~outside] != pixels(photo)[~outside]).any()
    assert (
        adir("presets", "export", "out.preset.safetensors", "d.safetensors", "--format", "diffusers").code
        == 0
    )
    preset = presets.load_preset(here / "out.preset.safetensors")
    adapted = lora.merged(load_prior(INPAINTER).net, preset.tensors, preset.rank, preset.alpha)
    net = loaded(StableDiffusionInpaintPipeline, own, here / "d.safetensors")
    assert (said(net) - said(adapted)).abs().max() < 1e-4


@pytest.mark.parametrize("where", ["load_prior", "read"])
def test_without_memory_for_the_model_itself_it_says_so(
    adir, photo: Path, here: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """While it is loaded, and while its text encoder reads: nothing smaller can take its place."""

    def short(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("out of memory")

    adir("models", "import", tiny_sd.upscaler(here / "own"), "--as", UPSCALER)
    monkeypatch.setattr(plan if where == "load_prior" else LatentPrior, where, short)
    ran = adir("restore", photo, "--task", "upscale", "--prior", UPSCALER, "--prompt", "a", "--steps", "2")
    assert "memory" in ran.problem
    assert "photo.restored.png" not in names(here)
