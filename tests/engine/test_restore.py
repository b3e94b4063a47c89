"""The whole engine on small real files with the embedded models."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from adir_desktop.contract import AppliedPreset, Found, Notice, Photo, Progress, Request, Source
from adir_desktop.engine import presets
from adir_desktop.engine.degrade import degrade
from adir_desktop.engine.device import pick_device, pick_dtype
from adir_desktop.engine.photos import open_photo
from adir_desktop.engine.priors import load_prior
from adir_desktop.engine.restore import restore
from adir_desktop.engine.tensors import network_sigma, to_pixels, to_preview, to_tensor
from adir_desktop.errors import DeviceError, LibraryError, ModelError, PresetError, RequestError
from adir_desktop.interrupt import Interrupted, stopping_when
from adir_desktop.tasks import degradation_for
from tests.engine.scenes import psnr, run, scene


@pytest.fixture
def album(tmp_path: Path) -> Path:
    folder = tmp_path / "album"
    folder.mkdir()
    for i in range(3):
        Image.fromarray((scene(80, 72, i + 1) * 255).astype(np.uint8)).save(folder / f"{i}.png")
    return folder


CASES = {
    "upscale": (degradation_for("upscale", scale=4), -0.2),
    "deblur": (degradation_for("deblur", kernel="box:5", noise=5), 2.0),
    "denoise": (degradation_for("denoise", noise=25), 5.0),
}


@pytest.mark.parametrize("task", CASES)
def test_a_damaged_photo_gets_better(task: str) -> None:
    degradation, gain = CASES[task]
    clean = Photo(scene(96, 80))
    observed = degrade(clean, degradation, seed=1)
    done, events = run(Request(observed, task, degradation, seed=1))
    assert done.photo.pixels.shape == clean.pixels.shape
    before = np.clip(to_pixels(_bicubic(observed)), 0, 1) if task == "upscale" else observed.pixels
    assert psnr(done.photo.pixels, clean.pixels) > psnr(before, clean.pixels) + gain
    progress = [e for e in events if isinstance(e, Progress)]
    assert progress[-1].done == progress[-1].total == done.record["evaluations"]
    assert progress[-1].preview is not None
    assert progress[-1].preview.shape == clean.pixels.shape


def _bicubic(observed: Photo) -> torch.Tensor:
    return torch.nn.functional.interpolate(
        to_tensor(observed.pixels), scale_factor=4, mode="bicubic", align_corners=False
    )


def test_repair_leaves_the_rest_alone_bit_for_bit() -> None:
    clean = scene()
    mask = np.zeros(clean.shape[:2], bool)
    mask[10:30, 18:20] = True
    damaged = clean.copy()
    damaged[mask] = 1.0
    photo = Photo(damaged)
    done, _ = run(Request(photo, "inpaint", degradation_for("inpaint", mask=mask)))
    assert np.array_equal(done.photo.pixels[~mask], damaged[~mask])
    assert psnr(done.photo.pixels[mask], clean[mask]) > psnr(damaged[mask], clean[mask]) + 10


def test_colour_keeps_the_greys() -> None:
    degradation = degradation_for("colorize")
    grey = degrade(Photo(scene()), degradation, 0)
    done, _ = run(Request(grey, "colorize", degradation, steps=10))
    assert np.abs(done.photo.pixels.mean(-1) - grey.pixels.mean(-1)).mean() < 0.02


@pytest.mark.parametrize("sampler", ["adir", "diffpir"])
def test_every_sampler_takes_any_size_and_a_chain_of_faults(sampler: str) -> None:
    mask = np.zeros((19, 13), bool)
    mask[4:6] = True
    degradation = degradation_for("upscale", scale=2, kernel="motion:5:20", noise=3, mask=mask)
    photo = Photo(scene(19, 13), alpha=np.ones((19, 13), np.float32))
    done, _ = run(Request(photo, "upscale", degradation, sampler=sampler, steps=4))
    assert done.photo.pixels.shape == (38, 26, 3)
    assert done.photo.alpha is not None
    assert done.photo.alpha.shape == (38, 26)
    assert np.isfinite(done.photo.pixels).all()


def test_neighbours_adapt_baseline_and_preset(album: Path, tmp_path: Path) -> None:
    degradation = degradation_for("upscale", scale=2)
    observed = degrade(Photo(scene(64, 64)), degradation, 0)
    request = Request(
        observed,
        "upscale",
        degradation,
        adapt="neighbours",
        sources=(Source(str(album)),),
        neighbours=5,
        iterations=3,
        steps=3,
        baseline=True,
        seed=4,
    )
    done, events = run(request)
    found = next(e.neighbours for e in events if isinstance(e, Found))
    assert len(found.items) == 3
    assert any(isinstance(e, Notice) for e in events), "fewer photos than asked for is said"
    stages = list(dict.fromkeys(e.stage for e in events if isinstance(e, Progress)))
    assert stages[-3:] == ["adapt", "sample", "baseline"]
    assert done.baseline is not None
    assert done.preset is not None
    assert not np.array_equal(done.baseline.pixels, done.photo.pixels)
    plain, _ = run(replace(request, adapt="none", baseline=False))
    assert np.array_equal(plain.photo.pixels, done.baseline.pixels), (
        "the baseline is the same seed without LoRA"
    )

    file = tmp_path / "preset.safetensors"
    presets.save_preset(done.preset, file)
    assert presets.load_preset(file).thumbnail.startswith(b"\xff\xd8"), "a JPEG of the photo"
    again, _ = run(replace(request, adapt="preset", presets=(AppliedPreset(file),), baseline=False))
    assert np.array_equal(again.photo.pixels, done.photo.pixels), "a saved preset gives the same pixels"
    other = replace(
        request, photo=Photo(scene(32, 32, 9)), adapt="preset", presets=(AppliedPreset(file),), baseline=False
    )
    assert run(other)[0].photo.pixels.shape == (64, 64, 3)

    foreign = replace(done.preset, prior_sha256="f" * 64)
    presets.save_preset(foreign, tmp_path / "foreign.safetensors")
    with pytest.raises(PresetError, match="other weights"):
        run(replace(request, adapt="preset", presets=(AppliedPreset(tmp_path / "foreign.safetensors"),)))

    off = replace(found, items=tuple(replace(item, included=False) for item in found.items))
    with pytest.raises(LibraryError, match="switched on"):
        run(replace(request, found=off))
    one = replace(found, items=(found.items[0], *off.items[1:]))
    assert [n.id for n in run(replace(request, found=one))[0].preset.neighbours] == [found.items[0].id]


def test_the_photo_itself_can_be_adapted_to() -> None:
    photo = Photo(scene(40, 40))
    done, _ = run(Request(photo, "denoise", degradation_for("denoise"), adapt="self", iterations=2, steps=2))
    assert done.preset is not None
    assert done.record["training"]["photos"] == 1


def test_one_seed_one_picture() -> None:
    request = Request(
        Photo(scene(24, 24)), "denoise", degradation_for("denoise"), sampler="diffpir", steps=3, seed=3
    )
    first, second = run(request)[0], run(request)[0]
    assert np.array_equal(first.photo.pixels, second.photo.pixels)
    assert not np.array_equal(first.photo.pixels, run(replace(request, seed=4))[0].photo.pixels)


def test_bad_requests() -> None:
    base = Request(Photo(scene(16, 16)), "denoise", degradation_for("denoise"))
    for change, error in (
        ({"sampler": "magic"}, RequestError),
        ({"prior": "magic"}, RequestError),
        ({"recipe": "magic"}, RequestError),
        ({"steps": 0}, RequestError),
        ({"guidance": float("nan")}, RequestError),
        ({"adapt": "neighbours"}, RequestError),
        ({"adapt": "self", "iterations": 0}, RequestError),
        ({"adapt": "preset"}, PresetError),
        ({"device": "abacus"}, DeviceError),
        ({"precision": "float7"}, DeviceError),
    ):
        with pytest.raises(error) as raised:
            run(replace(base, **change))
        assert raised.value.problem
        assert raised.value.remedy


def test_cuda_when_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(DeviceError, match="No CUDA"):
        pick_device("cuda")
    assert pick_device("auto").type in ("cpu", "mps")


def test_it_can_be_stopped_at_every_stage(album: Path) -> None:
    degradation = degradation_for("upscale", scale=2)
    request = Request(
        Photo(scene(24, 24)),
        "upscale",
        degradation,
        adapt="neighbours",
        sources=(Source(str(album)),),
        iterations=500,
    )
    for stage in ("index", "adapt"):
        work = restore(request)
        for event in work:
            if isinstance(event, Progress) and event.stage == stage:
                break
        work.close()
    with stopping_when(lambda: True), pytest.raises(Interrupted):
        run(replace(request, adapt="none"))


def test_a_damaged_model_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from adir_desktop import places
    from adir_desktop.engine.priors.unet import load_unet

    with pytest.raises(ModelError, match="not complete"):
        load_unet("starter", tmp_path)
    for name in ("config.json", "diffusion_pytorch_model.safetensors"):
        content = places.resource("starter", "denoiser", name).read_bytes()
        (tmp_path / name).write_bytes(content if name.endswith("json") else content[:1000])
    with pytest.raises(ModelError, match="damaged"):
        load_unet("starter", tmp_path)


def test_precision_is_tried_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []
    monkeypatch.setattr("adir_desktop.engine.device._trial", lambda _: tried.append(1) or "bfloat16")
    net, cpu = load_prior("starter").net, torch.device("cpu")
    assert [pick_dtype("auto", cpu, net) for _ in range(2)] == [torch.bfloat16] * 2
    assert len(tried) == 1
    (home / "cache" / "precision.json").write_text("not json")
    assert pick_dtype("auto", cpu, net) == torch.bfloat16
    assert len(tried) == 2


def test_ranges() -> None:
    pixels = scene()
    assert np.abs(to_pixels(to_tensor(pixels)) - pixels).max() < 1e-6
    assert float(to_tensor(np.zeros((1, 1, 3), np.float32)).min()) == -1
    assert network_sigma(10) == pytest.approx(0.0784, abs=1e-4)
    assert to_preview(torch.zeros(1, 3, 2000, 1000)).shape == (1000, 500, 3)


def test_degrading_crops_to_the_scale(tmp_path: Path) -> None:
    Image.fromarray((scene(50, 43) * 255).astype(np.uint8)).save(tmp_path / "p.png")
    small = degrade(open_photo(tmp_path / "p.png"), degradation_for("upscale", scale=4), 0)
    assert small.pixels.shape == (12, 10, 3)
    with pytest.raises(RequestError, match="smaller"):
        degrade(Photo(scene(5, 9)), degradation_for("upscale", scale=8), 0)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_on_cuda() -> None:
    degradation = degradation_for("denoise")
    done, _ = run(Request(Photo(scene()), "denoise", degradation, adapt="self", iterations=5, device="cuda"))
    assert done.record["device"] == "cuda"
