"""Stable Diffusion: the same pictures as diffusers' own pipelines make, and the whole way of a request."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import (
    DDIMScheduler,
    StableDiffusionInpaintPipeline,
    StableDiffusionUpscalePipeline,
    StableDiffusionXLInpaintPipeline,
)
from diffusers.models.autoencoders.vae import DiagonalGaussianDistribution

from adir_desktop import interrupt
from adir_desktop.contract import Degradation, Finished, Notice, Photo, Progress, Request, Restoration, Step
from adir_desktop.engine import presets
from adir_desktop.engine.jobs import restore
from adir_desktop.engine.lessons import Chance
from adir_desktop.engine.priors import LatentPrior, family, load_prior
from adir_desktop.engine.recipes import sampling_settings
from adir_desktop.engine.tensors import to_pixels, to_tensor
from adir_desktop.errors import AdirError, ModelError, RequestError
from tests.engine import tiny_sd

CPU = torch.device("cpu")
SEED, STEPS = 3, 3


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    home = tmp_path_factory.mktemp("sd")
    kinds = (tiny_sd.upscaler, tiny_sd.inpainter, tiny_sd.xl_inpainter)
    return {kind.__name__: kind(home / kind.__name__) for kind in kinds}


def photo(height: int, width: int, seed: int = 0) -> Photo:
    """Smooth stripes and a little texture, as a file holds them."""
    rows, columns = np.mgrid[:height, :width]
    waves = [np.sin(rows / 5 + c) * np.cos(columns / 7 - c) for c in range(3)]
    grain = np.random.default_rng(seed).normal(0, 0.02, (height, width, 3))
    pixels = np.clip(0.5 + 0.3 * np.stack(waves, -1) + grain, 0, 1)
    return Photo((np.rint(pixels * 255) / 255).astype(np.float32))


def small(folder: Path, height: int = 16, width: int = 24, **values: object) -> Request:
    return Request(
        photo(height, width),
        "upscale",
        Degradation((Step("downscale", {"factor": 4}),)),
        prior=f"file:{folder}",
        steps=STEPS,
        seed=SEED,
        precision="float32",
        device="cpu",
        **values,
    )


def holed(folder: Path, mask: np.ndarray, **values: object) -> Request:
    task = str(values.pop("task", "inpaint"))
    return Request(
        photo(*mask.shape),
        task,
        Degradation((Step("mask"),), 0.0, mask),
        prior=f"file:{folder}",
        steps=STEPS,
        seed=SEED,
        precision="float32",
        device="cpu",
        **values,
    )


def box(height: int, width: int, rows: slice, columns: slice) -> np.ndarray:
    mask = np.zeros((height, width), dtype=bool)
    mask[rows, columns] = True
    return mask


def run(request: Request) -> tuple[Restoration, list[object]]:
    events = list(restore(request))
    last = events[-1]
    assert isinstance(last, Finished)
    return last.result, events


@pytest.fixture
def posterior_means(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DiagonalGaussianDistribution, "sample", lambda self, generator=None: self.mode())


def own(pipeline: type, folder: Path, **values: object) -> object:
    pipe = pipeline.from_pretrained(folder, **values)
    pipe.scheduler = DDIMScheduler.from_config(pipe.scheduler.config, clip_sample=False)
    pipe.set_progress_bar_config(disable=True)
    return pipe


@pytest.mark.parametrize("guidance", [9.0, 1.0])
def test_the_upscaler_makes_what_diffusers_makes(folders: dict[str, Path], guidance: float) -> None:
    request = small(
        folders["upscaler"], prompt="a red cat", negative_prompt="blur", guidance=guidance,
        options={"colour": "off"},
    )  # fmt: skip
    ours = run(request)[0].photo.pixels
    pipe = own(StableDiffusionUpscalePipeline, folders["upscaler"])
    image = torch.from_numpy(request.photo.pixels).permute(2, 0, 1)[None]
    theirs = pipe(
        prompt="a red cat",
        negative_prompt="blur",
        image=image,
        num_inference_steps=STEPS,
        guidance_scale=guidance,
        noise_level=20,
        generator=torch.Generator().manual_seed(SEED),
        output_type="np",
    ).images[0]
    assert ours.shape == theirs.shape == (64, 96, 3)
    assert np.abs(ours - theirs).max() < 1e-4
    assert ours.std() > 0.01


@pytest.mark.parametrize(
    ("name", "pipeline"),
    [("inpainter", StableDiffusionInpaintPipeline), ("xl_inpainter", StableDiffusionXLInpaintPipeline)],
)
@pytest.mark.usefixtures("posterior_means")
def test_inpainting_makes_what_diffusers_makes(folders: dict[str, Path], name: str, pipeline: type) -> None:
    mask = box(64, 64, slice(16, 40), slice(8, 32))
    request = holed(folders[name], mask, prompt="a red cat", options={"colour": "off"})
    ours = run(request)[0].photo.pixels
    pipe = own(pipeline, folders[name])
    theirs = pipe(
        prompt="a red cat",
        image=torch.from_numpy(request.photo.pixels).permute(2, 0, 1)[None],
        mask_image=torch.from_numpy(mask.astype(np.float32))[None, None],
        height=64,
        width=64,
        num_inference_steps=STEPS,
        guidance_scale=7.5,
        strength=1.0,
        generator=torch.Generator().manual_seed(SEED),
        output_type="np",
    ).images[0]
    assert np.abs(ours[mask] - theirs[mask]).max() < 1e-4
    assert np.array_equal(ours[~mask], request.photo.pixels[~mask])


def test_only_what_is_marked_changes_in_a_larger_photo(folders: dict[str, Path]) -> None:
    mask = box(150, 200, slice(20, 24), slice(10, 190)) | box(150, 200, slice(60, 130), slice(60, 140))
    result, events = run(holed(folders["inpainter"], mask, task="edit", prompt="a lake"))
    before = photo(150, 200).pixels
    assert np.array_equal(result.photo.pixels[~mask], before[~mask])
    assert (result.photo.pixels[mask] != before[mask]).any(-1).mean() > 0.99
    done = [event.done for event in events if isinstance(event, Progress) and event.stage == "sample"]
    assert done == sorted(done)
    assert events[-2].done == events[-2].total
    assert result.record["sampler"] == "sd-inpaint"


def test_a_weak_edit_lets_the_photo_shine_through(folders: dict[str, Path]) -> None:
    """The photo as the VAE has it: this one, which never learnt anything, has it otherwise."""
    mask = box(64, 64, slice(16, 48), slice(16, 48))
    request = holed(folders["inpainter"], mask, task="edit", prompt="x")
    prior = load_prior(request.prior)
    assert isinstance(prior, LatentPrior)
    model = prior.encoder(CPU)
    with torch.inference_mode():
        seen = to_pixels(model.decode(model.encode(to_tensor(request.photo.pixels))))
    made = [
        run(replace(request, steps=20, options={"strength": strength, "colour": "off"}))[0]
        for strength in (0.05, 1.0)
    ]
    weak, strong = (np.corrcoef(one.photo.pixels[mask].ravel(), seen[mask].ravel())[0, 1] for one in made)
    assert weak > strong + 0.1


def test_the_photo_keeps_its_colours(folders: dict[str, Path]) -> None:
    request = small(folders["upscaler"], 24, 24)
    means = {}
    for colour in ("on", "off"):
        pixels = run(replace(request, options={"colour": colour}))[0].photo.pixels
        means[colour] = np.abs(pixels.mean((0, 1)) - request.photo.pixels.mean((0, 1))).max()
    assert means["on"] < 0.02
    assert means["on"] < 0.2 * means["off"]


def test_windows_leave_no_seam(folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where windows meet, a picture made of many has no larger steps than elsewhere."""
    from adir_desktop.engine import plan

    monkeypatch.setitem(plan.TILE_SIDE, "cpu", 160)
    pixels = run(small(folders["upscaler"], 88, 48))[0].photo.pixels
    steps = np.abs(np.diff(pixels, axis=0)).mean((1, 2))
    assert pixels.shape == (352, 192, 3)
    assert steps.max() < 4 * np.median(steps)


def test_ended_early_a_whole_picture_is_kept(folders: dict[str, Path]) -> None:
    """Not the quick look: the picture of the latents at that step."""
    steps = 0

    def enough() -> bool:
        return steps >= 2

    with interrupt.finishing_when(enough):
        job = restore(replace(small(folders["upscaler"], 40, 40), steps=30))
        events = []
        for event in job:
            events.append(event)
            steps += isinstance(event, Progress) and event.stage == "sample"
    result = events[-1].result
    assert result.record["stopped_at"]["step"] < 30
    assert any(isinstance(event, Notice) for event in events)
    detail = np.abs(np.diff(result.photo.pixels, axis=0)).mean()
    assert detail > 0.002


@pytest.mark.parametrize("name", ["upscaler", "inpainter", "xl_inpainter"])
def test_adapting_learns_the_photos_and_can_be_used_again(
    folders: dict[str, Path], name: str, tmp_path: Path
) -> None:
    mask = box(64, 64, slice(16, 40), slice(8, 32))
    request = (
        small(folders[name], adapt="self", iterations=3, baseline=True)
        if name == "upscaler"
        else holed(folders[name], mask, adapt="self", iterations=3, baseline=True, prompt="a red cat")
    )
    result, events = run(request)
    assert {event.stage for event in events if isinstance(event, Progress)} >= {"encode", "adapt", "sample"}
    preset = result.preset
    assert preset is not None
    assert len(preset.training["losses"]) == 3
    assert any(".attentions." in key for key in preset.tensors)
    assert result.baseline is not None
    assert np.abs(result.baseline.pixels - result.photo.pixels).max() > 0
    kept = tmp_path / "kept.safetensors"
    presets.save_preset(preset, kept)


def test_adapting_lowers_the_loss(folders: dict[str, Path]) -> None:
    """On the photos themselves, over fixed batches."""
    from adir_desktop.engine import lora
    from adir_desktop.engine.adapt import AdaptSettings, adapt
    from adir_desktop.engine.latent_lessons import latent_lessons

    prior = load_prior(f"file:{folders['upscaler']}")
    assert isinstance(prior, LatentPrior)
    settings = AdaptSettings(iterations=60, batch=2, crop=64, learning_rate=3e-3)
    pixels = [photo(96, 128, seed).pixels for seed in range(2)]
    degradation = Degradation((Step("downscale", {"factor": 4}),))
    lessons = _last(
        latent_lessons(
            prior, pixels, settings, None, degradation, "", noise_level=20, seed=0, device=CPU, window=512
        )
    )
    adapted = _last(adapt(prior, pixels, settings, seed=0, device=CPU, dtype=torch.float32, lessons=lessons))
    nets = (prior.net, lora.merged(prior.net, adapted.tensors, settings.rank, settings.alpha))
    losses = []
    for net in nets:
        chance = Chance.of(9, CPU)
        total = 0.0
        for _ in range(6):
            example = lessons.draw(chance)
            with torch.no_grad():
                output = net(example.x_t, example.t, return_dict=False, **example.conditions)[0]
            total += float((output - example.target).square().mean())
        losses.append(total)
    assert losses[1] < 0.9 * losses[0]


def _last(work: Iterator[object]) -> object:
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value


def test_the_target_of_a_v_network(folders: dict[str, Path]) -> None:
    """z and eps come back from z_t and v: z = sqrt(a) z_t - sqrt(1 - a) v."""
    from adir_desktop.engine.adapt import AdaptSettings
    from adir_desktop.engine.latent_lessons import latent_lessons

    prior = load_prior(f"file:{folders['upscaler']}")
    assert isinstance(prior, LatentPrior)
    settings = AdaptSettings(batch=1, crop=64)
    flat = [np.full((64, 64, 3), 0.5, np.float32)]
    lessons = _last(
        latent_lessons(
            prior, flat, settings, None, Degradation((Step("downscale", {"factor": 4}),)), "",
            noise_level=0, seed=0, device=CPU, window=512,
        )
    )  # fmt: skip
    example = lessons.draw(Chance.of(1, CPU))
    bar = float(prior.alpha_bar[example.t])
    z = bar**0.5 * example.x_t[:, :4] - (1 - bar) ** 0.5 * example.target
    assert torch.allclose(z, lessons.shots[0].z, atol=1e-5)
    assert example.conditions["class_labels"].tolist() == [0]


def test_the_family_is_known_without_loading(folders: dict[str, Path]) -> None:
    assert [family(f"file:{folder}") for folder in folders.values()] == [
        "latent-upscale", "latent-inpaint", "latent-inpaint",
    ]  # fmt: skip
    assert sampling_settings(small(folders["upscaler"]))[0] == "sd-upscale"


def refused(request: Request) -> AdirError:
    with pytest.raises(AdirError) as caught:
        list(restore(request))
    return caught.value


def test_what_does_not_go_together_is_refused(folders: dict[str, Path]) -> None:
    upscale, mask = small(folders["upscaler"]), box(64, 64, slice(8, 16), slice(8, 16))
    repair = holed(folders["inpainter"], mask)
    eight = replace(upscale, degradation=Degradation((Step("downscale", {"factor": 8}),)))
    assert "4 times" in refused(eight).problem
    assert "fills holes" in refused(replace(upscale, prior=repair.prior)).problem
    assert "does not go with" in refused(replace(upscale, sampler="diffpir")).problem
    assert "does not go with" in refused(replace(upscale, prior="starter", sampler="sd-upscale")).problem
    assert "does not read" in refused(replace(upscale, prior="starter", prompt="a cat")).problem
    assert "needs words" in refused(replace(repair, task="edit")).problem
    assert "no choice" in refused(replace(upscale, options={"colour": "blue"})).problem
    for level in (-1, 351, 2.5):
        assert isinstance(refused(replace(upscale, options={"noise_level": level})), RequestError)
    assert "not installed" in refused(replace(upscale, prior="stable-diffusion-x4-upscaler")).problem
    edit = refused(replace(repair, task="edit", prompt="a cat", prior="starter"))
    assert "adir models fetch" in edit.remedy


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder", "tokenizer", "scheduler"])
def test_an_incomplete_folder_is_refused(folders: dict[str, Path], part: str, tmp_path: Path) -> None:
    copy = shutil.copytree(folders["inpainter"], tmp_path / "copy")
    shutil.rmtree(copy / part)
    with pytest.raises(ModelError, match="damaged or not complete"):
        load_prior(f"file:{copy}")


def test_a_damaged_or_foreign_folder_is_refused(folders: dict[str, Path], tmp_path: Path) -> None:
    copy = shutil.copytree(folders["inpainter"], tmp_path / "copy")
    weights = copy / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelError, match="damaged"):
        load_prior(f"file:{copy}")
    swapped = shutil.copytree(folders["upscaler"], tmp_path / "swapped")
    index = json.loads((swapped / "model_index.json").read_bytes())
    index["_class_name"] = "StableDiffusionInpaintPipeline"
    (swapped / "model_index.json").write_text(json.dumps(index))
    with pytest.raises(ModelError, match="7 channels instead of 9"):
        load_prior(f"file:{swapped}")
    pickled = shutil.copytree(folders["inpainter"], tmp_path / "pickled")
    (pickled / "unet" / "diffusion_pytorch_model.safetensors").unlink()
    torch.save({}, pickled / "unet" / "diffusion_pytorch_model.bin")
    with pytest.raises(ModelError, match="damaged or not complete"):
        load_prior(f"file:{pickled}")
