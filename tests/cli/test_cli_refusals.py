"""What `adir restore` refuses: in one line, with nothing written and nothing lost."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from small_photos import FEW, make_mask, names, pixels, refused

from adir_desktop.engine import presets, restore
from adir_desktop.places import data_dir

pytestmark = pytest.mark.usefixtures("quick")
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


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
        (["--task", "denoise", "--noise", "much"], "no noise level"),
        (["--task", "denoise", "--fading", "some"], "no fading"),
        (["--task", "denoise", "--adapt", "neighbours", "--library", "album=0"], "no weight"),
        (["--task", "inpaint", "--mask", "auto"], "needs a mask"),
        (["--task", "old", "--fading", "none"], "No fault"),
        (["--task", "denoise", "--scale", "2"], "scale does not go"),
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
        (["--task", "denoise", "--preset", "junk.safetensors=0.5"], "not a preset"),
        (["--task", "denoise", "--preset", "nothing"], "There is no preset nothing"),
        (["--task", "denoise", "--preset", "junk.safetensors=much"], "'much' is no strength"),
        (["--task", "denoise", "--preset", "junk.safetensors=3"], "strength 3"),
        (["--task", "denoise", "--preset", "junk.safetensors=nan"], "strength nan"),
        (["--task", "denoise", "--adapt", "self", "--preset", "junk.safetensors"], "do not go together"),
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
    next((data_dir() / "libraries" / "five").glob("index-*.usearch")).write_bytes(b"junk" * 1000)
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
