"""`adir restore` and `adir rerun` with the real engine and models, on photos of a few pixels."""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from small_photos import make_mask, make_photo

from adir_desktop.engine import presets, restore
from adir_desktop.places import data_dir

FEW = ("--steps", 2, "--device", "cpu")
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One precision (else both are timed first) and one thread: they only wait for each other on few pixels."""
    monkeypatch.setattr(restore, "pick_dtype", lambda *_: torch.float32)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


# What is written


def test_the_picture_goes_beside_the_photo(adir, photo: Path, here: Path) -> None:
    before = photo.read_bytes()
    ran = adir("restore", photo, "--task", "denoise", *FEW)
    assert ran.code == 0, ran.err
    assert names(here) == {"photo.png", "photo.restored.png", "photo.restored.json"}
    assert pixels(here / "photo.restored.png").shape == (40, 48, 3)
    saved = [f"picture: {here / 'photo.restored.png'}", f"sidecar: {here / 'photo.restored.json'}"]
    assert ran.out.splitlines() == saved
    first, last = ran.err.splitlines()
    assert first.startswith("Restoring: ")
    assert "seed 0, 2 steps" in last
    assert photo.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "size"),
    [
        (["upscale", "--scale", "2"], (96, 80)),
        (["deblur", "--kernel", "motion:7:30", "--noise", "5"], (48, 40)),
        (["deblur", "--kernel", "file:psf.png"], (48, 40)),
        (["inpaint", "--mask", "mask.png"], (48, 40)),
        (["colorize"], (48, 40)),
        (["upscale", "--scale", "2", "--kernel", "gaussian:1.5", "--mask", "mask.png"], (96, 80)),
    ],
    ids=str,
)
def test_every_task(adir, photo: Path, here: Path, options: list[str], size: tuple[int, int]) -> None:
    make_mask(here / "mask.png")
    Image.fromarray(np.eye(5, dtype=np.uint8) * 200).save(here / "psf.png")
    ran = adir("restore", photo, "-o", "out.png", "--task", *options, *FEW)
    assert ran.code == 0, ran.err
    with Image.open(here / "out.png") as image:
        assert image.size == size


def test_nothing_changes_outside_the_mask(adir, photo: Path, here: Path) -> None:
    make_mask(here / "mask.png")
    assert adir("restore", photo, "-o", "out.png", "--task", "inpaint", "--mask", "mask.png", *FEW).code == 0
    outside = pixels(here / "mask.png") == 0
    assert np.array_equal(pixels(here / "out.png")[outside], pixels(photo)[outside])


def test_the_seed_decides(adir, photo: Path, here: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        options = (
            "--task",
            "denoise",
            "--noise",
            60,
            "--seed",
            seed,
            "--sampler",
            "adir",
            "--guidance",
            3,
            *FEW,
        )
        assert adir("restore", photo, "-o", f"{name}.png", *options).code == 0
    assert np.array_equal(pixels(here / "a.png"), pixels(here / "b.png"))
    assert not np.array_equal(pixels(here / "a.png"), pixels(here / "c.png"))


def test_adapting_to_neighbours_and_running_the_sidecar_again(
    adir, photo: Path, album: Path, here: Path
) -> None:
    adapting = (
        "--adapt",
        "neighbours",
        "--library",
        "album",
        "--neighbours",
        2,
        "--iterations",
        2,
        "--baseline",
    )
    ran = adir("restore", photo, "-o", "out.png", "--task", "denoise", "--events", "json", *adapting, *FEW)
    assert ran.code == 0, ran.err
    assert ran.err == ""
    written = {"out.png", "out.baseline.png", "out.json", "out.preset.safetensors"}
    assert names(here) == {"photo.png", *written}
    *lines, result = ran.lines
    events = [line for line in lines if "stage" in line]  # the others are notices
    assert all("notice" in line for line in lines if line not in events)
    assert {Path(path).name for path in result["paths"].values()} == written
    assert all(Path(path).is_absolute() for path in result["paths"].values())
    assert (result["seed"], result["steps"]) == (0, 2)
    assert result["evaluations"] >= 1
    assert {"adapt", "sample", "baseline"} <= set(result["seconds_by_stage"])
    assert result["peak_memory_bytes"] > 0
    assert "torch" in result["versions"]
    stages = [event["stage"] for event in events]
    assert [stage for n, stage in enumerate(stages) if stage not in stages[:n]][-3:] == [
        "adapt",
        "sample",
        "baseline",
    ]
    assert all("loss" in event for event in events if event["stage"] == "adapt")
    (found,) = (event for event in events if event["stage"] == "found")
    assert len(found["neighbours"]) == 2
    assert len(presets.load_preset(here / "out.preset.safetensors").neighbours) == 2

    ran = adir("rerun", "out.json", "-o", "again.png")
    assert ran.code == 0, ran.err
    assert np.array_equal(pixels(here / "again.png"), pixels(here / "out.png"))
    assert np.array_equal(pixels(here / "again.baseline.png"), pixels(here / "out.baseline.png"))

    (here / "out.preset.safetensors").unlink()  # then it adapts once more
    ran = adir("rerun", "out.json", "-o", "anew.png")
    assert ran.code == 0, ran.err
    assert np.array_equal(pixels(here / "anew.png"), pixels(here / "out.png"))


def test_a_preset_is_saved_where_asked_and_serves_another_photo(adir, photo: Path, here: Path) -> None:
    options = ("--task", "denoise", *FEW)
    ran = adir(
        "restore", photo, "--adapt", "self", "--iterations", 2, "--save-preset", "mine.safetensors", *options
    )
    assert ran.code == 0, ran.err
    assert "photo.restored.preset.safetensors" not in names(here)
    other = make_photo(here / "other.png", seed=5)
    ran = adir("restore", other, "--adapt", "mine.safetensors", "--baseline", *options)
    assert ran.code == 0, ran.err
    assert names(here) >= {"other.restored.png", "other.restored.baseline.png", "other.restored.json"}
    assert "other.restored.preset.safetensors" not in names(here)
    assert adir("presets", "import", "mine.safetensors").code == 0
    (stored,) = presets.list_presets()
    ran = adir("restore", other, "-o", "stored.png", "--adapt", stored.name, *options)
    assert ran.code == 0, ran.err
    assert np.array_equal(pixels(here / "stored.png"), pixels(here / "other.restored.png"))


def test_a_baseline_without_adaptation_is_explained(adir, photo: Path, here: Path) -> None:
    ran = adir("restore", photo, "--task", "denoise", "--baseline", *FEW)
    assert ran.code == 0
    assert "baseline" in ran.err
    assert names(here) == {"photo.png", "photo.restored.png", "photo.restored.json"}


def test_more_neighbours_than_photos_is_said_and_done(adir, photo: Path, album: Path) -> None:
    adapting = ("--adapt", "neighbours", "--library", album, "--neighbours", 50, "--iterations", 1)
    ran = adir("restore", photo, "--task", "denoise", *adapting, *FEW)
    assert ran.code == 0, ran.err
    assert "50" in ran.err


# Bad input: one line, exit 2 or 1, nothing written, nothing lost


def refused(ran, here: Path, words: str, *, code: int = 2) -> None:
    assert ran.code == code
    assert words in ran.problem
    left = {name for name in names(here) if "restored" in name or name.startswith(".")}
    assert left == set()


def bomb() -> bytes:
    """A PNG of 100000 x 100000 pixels in 70 bytes."""
    header = b"IHDR" + struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    chunks = [header, b"IDAT" + zlib.compress(b""), b"IEND"]
    parts = [struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "bad.png"),
        (b"only words", "bad.png"),
        (b"\x89PNG\r\n\x1a\n", "bad.png"),
        (bomb(), "bad.png"),
    ],
    ids=["empty", "text", "signature alone", "bomb"],
)
def test_files_that_are_no_photo(adir, here: Path, content: bytes, words: str) -> None:
    (here / "bad.png").write_bytes(content)
    refused(adir("restore", "bad.png", "--task", "denoise"), here, words)
    assert (here / "bad.png").read_bytes() == content


def test_a_truncated_photo(adir, photo: Path, here: Path) -> None:
    photo.write_bytes(photo.read_bytes()[:-400])
    refused(adir("restore", photo, "--task", "denoise"), here, "photo.png")


def test_a_missing_photo(adir, here: Path) -> None:
    refused(adir("restore", "none.png", "--task", "denoise"), here, "none.png")


def test_a_folder_for_a_photo(adir, here: Path) -> None:
    refused(adir("restore", here, "--task", "denoise"), here, "folder")


@pytest.mark.skipif(AS_ROOT or os.name != "posix", reason="everything is readable for root")
def test_an_unreadable_photo(adir, photo: Path, here: Path) -> None:
    photo.chmod(0)
    refused(adir("restore", photo, "--task", "denoise"), here, "photo.png")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--task", "sharpen"], "no task 'sharpen'"),
        (["--task", "denoise", "--sampler", "ddim"], "no sampler 'ddim'"),
        (["--task", "denoise", "--prior", "imagenet"], "no prior 'imagenet'"),
        (["--task", "denoise", "--recipe", "slow"], "no recipe 'slow'"),
        (["--task", "denoise", "--device", "tpu"], "no device 'tpu'"),
        (["--task", "denoise", "--steps", "100000"], "100000 steps"),
        (["--task", "denoise", "--guidance", "nan"], "guidance of nan"),
        (["--task", "denoise", "--noise", "-1"], "out of range"),
        (["--task", "denoise", "--scale", "2"], "--scale"),
        (["--task", "upscale", "--scale", "3"], "scale of 3"),
        (["--task", "deblur", "--kernel", "box"], "not a blur kernel"),
        (["--task", "deblur", "--kernel", "file:none.png"], "none.png"),
        (["--task", "inpaint"], "needs a mask"),
        (["--task", "inpaint", "--mask", "none.png"], "none.png"),
        (["--task", "inpaint", "--mask", "small.png"], "mask"),
        (["--task", "inpaint", "--mask", "empty.png"], "empty"),
        (["--task", "inpaint", "--mask", "full.png"], "whole photo"),
        (["--task", "denoise", "--adapt", "neighbours"], "library"),
        (["--task", "denoise", "--adapt", "neighbours", "--library", "none"], "none"),
        (["--task", "denoise", "--adapt", "neighbours", "--library", "empty"], "no photos"),
        (["--task", "denoise", "--adapt", "none.safetensors"], "none.safetensors"),
        (["--task", "denoise", "--adapt", "junk.safetensors"], "not a preset"),
        (["--task", "denoise", "--save-preset", "x.safetensors"], "Nothing is adapted"),
        (["--task", "denoise", "-o", "out.xyz"], ".xyz"),
        (["--task", "denoise", "-o", "nowhere/restored.png"], "does not exist"),
        (["--task", "denoise", "-o", "empty"], "cannot be saved"),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("photo")
def test_values_that_make_no_job(adir, here: Path, options: list[str], words: str) -> None:
    (here / "empty").mkdir()
    make_mask(here / "small.png", 20, 20)
    make_mask(here / "empty.png", white=False)
    Image.fromarray(np.full((40, 48), 255, np.uint8)).save(here / "full.png")
    (here / "junk.safetensors").write_bytes(b"junk" * 100)
    refused(adir("restore", "photo.png", *options), here, words)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_no_cuda_when_asked_for(adir, photo: Path, here: Path) -> None:
    refused(adir("restore", photo, "--task", "denoise", "--device", "cuda"), here, "CUDA")


def test_a_damaged_catalogue(adir, photo: Path, album: Path, here: Path) -> None:
    assert adir("library", "add", album).code == 0
    (data_dir() / "libraries" / "album" / "catalogue.sqlite").write_bytes(b"junk" * 1000)
    adapting = ("--adapt", "neighbours", "--library", "album", "--iterations", 1)
    refused(adir("restore", photo, "--task", "denoise", *adapting, *FEW), here, "damaged")
    assert len(list(album.iterdir())) == 5


def test_a_damaged_index_is_made_again(adir, photo: Path, album: Path) -> None:
    assert adir("library", "add", album, "--name", "five").code == 0
    (data_dir() / "libraries" / "five" / "index.usearch").write_bytes(b"junk" * 1000)
    adapting = ("--adapt", "neighbours", "--library", "five", "--iterations", 1)
    ran = adir("restore", photo, "--task", "denoise", *adapting, *FEW)
    assert ran.code == 0, ran.err
    assert "damaged" in ran.err


@pytest.mark.parametrize("damage", ["cut", "bit", "other prior"])
def test_a_preset_that_cannot_be_used(adir, photo: Path, here: Path, damage: str) -> None:
    from dataclasses import replace

    path = here / "mine.safetensors"
    made = adir("restore", photo, "-o", "x.png", "--task", "denoise", "--adapt", "self", "--iterations", 1,
                "--save-preset", path, *FEW)  # fmt: skip
    assert made.code == 0, made.err
    content = bytearray(path.read_bytes())
    if damage == "cut":
        path.write_bytes(content[:-100])
    elif damage == "bit":
        content[-1] ^= 1
        path.write_bytes(content)
    else:
        other = replace(presets.load_preset(path), prior="other", prior_sha256="00" * 32)
        presets.save_preset(other, path, overwrite=True)
    words = "other weights" if damage == "other prior" else "damaged"
    refused(adir("restore", photo, "--task", "denoise", "--adapt", path, *FEW), here, words)


@pytest.mark.parametrize("taken", ["out.png", "out.json", "out.preset.safetensors", "out.baseline.png"])
def test_existing_files_are_refused_before_the_work(
    adir, photo: Path, here: Path, monkeypatch, taken: str
) -> None:
    monkeypatch.setattr(restore, "restore", lambda _request: pytest.fail("the work was begun"))
    (here / taken).write_bytes(b"mine")
    ran = adir("restore", photo, "-o", "out.png", "--task", "denoise", "--adapt", "self", "--baseline", *FEW)
    assert ran.code == 2
    assert taken in ran.problem
    assert "--overwrite" in ran.problem
    assert (here / taken).read_bytes() == b"mine"
    assert names(here) == {"photo.png", taken}


def test_existing_files_are_replaced_when_told(adir, photo: Path, here: Path) -> None:
    (here / "photo.restored.png").write_bytes(b"old")
    assert adir("restore", photo, "--task", "denoise", "--overwrite", *FEW).code == 0
    assert pixels(here / "photo.restored.png").shape == (40, 48, 3)


@pytest.mark.parametrize("out", ["photo.png", "./photo.png", "link.png"])
def test_the_photo_itself_is_never_replaced(adir, photo: Path, here: Path, out: str) -> None:
    before = photo.read_bytes()
    (here / "link.png").symlink_to(photo)
    ran = adir("restore", photo, "-o", out, "--task", "denoise", "--overwrite", *FEW)
    assert ran.code == 2
    assert photo.read_bytes() == before


def test_no_two_files_of_one_name(adir, photo: Path, here: Path) -> None:
    for preset in ("out.png", "out.json"):
        ran = adir(
            "restore", photo, "-o", "out.png", "--task", "denoise", "--adapt", "self", "--save-preset", preset
        )
        assert ran.code == 2
        assert "same name" in ran.problem


def test_a_folder_that_cannot_be_written_to(adir, photo: Path, here: Path, monkeypatch) -> None:
    """Root may write anywhere, so the system's answer is given for it."""
    locked = here / "locked"
    locked.mkdir(mode=0o555)
    if AS_ROOT:
        allowed = os.access
        monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != locked and allowed(path, mode))
    monkeypatch.setattr(restore, "restore", lambda _request: pytest.fail("the work was begun"))
    refused(
        adir("restore", photo, "-o", locked / "out.png", "--task", "denoise"), here, "cannot be written to"
    )
    locked.chmod(0o755)


@pytest.mark.parametrize("events", [[], ["--events", "json"]], ids=["words", "json"])
def test_a_full_disk_leaves_everything_as_it_was(
    adir, photo: Path, here: Path, request, events: list[str]
) -> None:
    (here / "out.png").write_bytes(b"old")
    (here / "out.json").write_bytes(b"old")
    request.getfixturevalue("full_disk")
    ran = adir("restore", photo, "-o", "out.png", "--task", "denoise", "--overwrite", *events, *FEW)
    assert ran.code == 1
    assert "disk is full" in ran.problem
    assert (here / "out.png").read_bytes() == b"old"
    assert (here / "out.json").read_bytes() == b"old"
    assert names(here) == {"photo.png", "out.png", "out.json"}
    if events:
        assert set(ran.lines[-1]) == {"error", "remedy"}


# rerun


@pytest.fixture
def sidecar(adir, photo: Path, here: Path) -> Path:
    assert adir("restore", photo, "-o", "out.png", "--task", "denoise", *FEW).code == 0
    return here / "out.json"


def test_a_sidecar_moved_with_its_photo(adir, sidecar: Path, here: Path, tmp_path: Path, monkeypatch) -> None:
    moved = tmp_path / "elsewhere"
    here.rename(moved)
    monkeypatch.chdir(tmp_path)
    ran = adir("rerun", moved / "out.json", "-o", "again.png", "--events", "json")
    assert ran.code == 0, ran.err
    assert np.array_equal(pixels(tmp_path / "again.png"), pixels(moved / "out.png"))
    assert ran.lines[-1]["paths"]["picture"] == str(tmp_path / "again.png")


def test_other_versions_are_told(adir, sidecar: Path, here: Path) -> None:
    assert "Versions" not in adir("rerun", sidecar, "-o", "same.png").err
    document = json.loads(sidecar.read_text())
    document["record"]["versions"]["torch"] = "1.0"
    sidecar.write_text(json.dumps(document))
    ran = adir("rerun", sidecar, "-o", "again.png", "--events", "json")
    assert ran.code == 0, ran.err
    *_, told, result = ran.lines
    assert "torch 1.0 -> " in told["notice"]
    assert "paths" in result


@pytest.mark.parametrize("content", [None, "", "{", "[]", "{}", '{"format": "other"}', "\x00\xff"])
def test_files_that_are_no_sidecar(adir, here: Path, content: str | None) -> None:
    if content is not None:
        (here / "bad.json").write_text(content, encoding="latin-1")
    ran = adir("rerun", "bad.json", "-o", "restored.png")
    refused(ran, here, "bad.json")


@pytest.mark.parametrize("key", ["photo", "task", "degradation", "seed"])
def test_a_sidecar_with_a_part_missing(adir, sidecar: Path, here: Path, key: str) -> None:
    document = json.loads(sidecar.read_text())
    del document["request"][key]
    sidecar.write_text(json.dumps(document))
    ran = adir("rerun", sidecar, "-o", "restored.png")
    refused(ran, here, "")


def test_a_photo_that_has_changed_since(adir, sidecar: Path, photo: Path, here: Path) -> None:
    make_photo(photo, seed=8)
    refused(adir("rerun", sidecar, "-o", "restored.png"), here, "photo.png")
    photo.unlink()
    refused(adir("rerun", sidecar, "-o", "restored.png"), here, "photo.png")


def test_a_rerun_does_not_replace_its_sidecar(adir, sidecar: Path, here: Path) -> None:
    before = sidecar.read_bytes()
    ran = adir("rerun", sidecar, "-o", "out.png", "--overwrite")
    assert ran.code == 2
    assert sidecar.read_bytes() == before
