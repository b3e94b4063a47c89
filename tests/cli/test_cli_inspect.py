"""`adir noise`, `adir scratches`, and `auto` in `adir restore`, on photos made for it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from small_photos import FEW, names, pixels

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def print_of_old(here: Path) -> Path:
    """A faded, noisy photo of 96 x 80 pixels with a bright scratch in column 40."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:80, :96]
    clean = np.stack([x / 95, y / 79, (x + y) / 174], -1)
    faded = clean * [0.4, 0.5, 0.6] + [0.3, 0.25, 0.2]
    noisy = faded * 255 + rng.normal(0, 4, faded.shape)
    noisy[8:72, 40] += 60
    path = here / "old.png"
    Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(path)
    return path


def test_noise_is_measured(adir, print_of_old: Path) -> None:
    ran = adir("noise", print_of_old)
    assert ran.code == 0, ran.err
    assert float(ran.out) == pytest.approx(4, abs=1.2)
    (line,) = adir("noise", print_of_old, "--json").lines
    assert line["sigma"] == pytest.approx(4, abs=1.2)


def test_scratches_become_a_mask(adir, print_of_old: Path, here: Path) -> None:
    ran = adir("scratches", print_of_old, "-o", "mask.png")
    assert ran.code == 0, ran.err
    assert "mask.png" in ran.out
    mask = pixels(here / "mask.png")
    assert mask.shape == (80, 96)
    assert mask[10:70, 40].all()
    assert not mask[:, :30].any()
    again = adir("scratches", print_of_old, "-o", "mask.png")
    assert "already exists" in again.problem
    assert adir("scratches", print_of_old, "-o", "mask.png", "--overwrite").code == 0


@pytest.mark.parametrize(
    ("photo_name", "out", "words"),
    [
        ("old.png", "mask.jpg", "ends in .png"),
        ("old.png", "old.png", "file to read from"),
        ("old.png", "nowhere/mask.png", "does not exist"),
        ("none.png", "mask.png", "none.png"),
        ("plain.png", "mask.png", "No scratches"),
    ],
)
@pytest.mark.usefixtures("print_of_old")
def test_what_makes_no_mask(adir, here: Path, photo_name: str, out: str, words: str) -> None:
    Image.new("RGB", (60, 60), "grey").save(here / "plain.png")
    before = names(here)
    assert words in adir("scratches", photo_name, "-o", out).problem
    assert names(here) == before


def test_everything_of_an_old_print_is_found_by_itself(adir, print_of_old: Path, here: Path) -> None:
    ran = adir("restore", print_of_old, "-o", "new.png", "--task", "old", "--mask", "auto", "--noise", "auto",
               "--feather", 2, *FEW)  # fmt: skip
    assert ran.code == 0, ran.err
    for words in ("Noise found: ", "Scratches and dust found: ", "Fading found: "):
        assert words in ran.err
    request = json.loads((here / "new.json").read_text())["request"]
    assert [step["kind"] for step in request["degradation"]["steps"]] == ["fade", "mask"]
    assert request["degradation"]["noise_std"] == pytest.approx(4, abs=1.2)
    assert request["feather"] == 2
    before, after = pixels(print_of_old).astype(float), pixels(here / "new.png").astype(float)
    assert after.std() > 1.3 * before.std()  # the range is back


def test_what_is_not_asked_for_is_not_looked_for(adir, print_of_old: Path) -> None:
    ran = adir("restore", print_of_old, "--task", "denoise", *FEW)
    assert ran.code == 0, ran.err
    assert "found" not in ran.err


def test_samples_and_their_mean(adir, photo: Path, here: Path) -> None:
    options = ("--task", "denoise", "--noise", 60, "--sampler", "adir", "--guidance", 3, *FEW)
    assert adir("restore", photo, "-o", "one.png", *options).code == 0
    assert adir("restore", photo, "-o", "first.png", "--samples", 2, *options).code == 0
    ran = adir("restore", photo, "-o", "mean.png", "--samples", 2, "--average", *options)
    assert ran.code == 0, ran.err
    one, first = (pixels(here / name).astype(int) for name in ("one.png", "first.png"))
    assert np.abs(one - first).mean() < 1, "sums run in another order where two share a batch"
    assert not np.array_equal(pixels(here / "one.png"), pixels(here / "mean.png"))
    assert adir("rerun", "mean.json", "-o", "again.png").code == 0
    assert np.array_equal(pixels(here / "mean.png"), pixels(here / "again.png"))
