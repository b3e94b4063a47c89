"""`adir degrade` and `adir compare`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from small_photos import make_mask, make_photo


def size(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def test_downscaling(adir, photo: Path, here: Path) -> None:
    assert adir("degrade", photo, "-o", "small.png", "--task", "upscale", "--scale", 2).code == 0
    assert size(here / "small.png") == (24, 20)
    assert adir("degrade", photo, "-o", "smaller.png", "--task", "upscale").code == 0
    assert size(here / "smaller.png") == (12, 10)


def test_noise_has_the_strength_asked_for_and_follows_the_seed(adir, photo: Path, here: Path) -> None:
    flat = here / "flat.png"
    Image.fromarray(np.full((64, 64, 3), 128, np.uint8)).save(flat)
    for name, more in {
        "a": ["--seed", 1],
        "b": ["--seed", 1],
        "c": ["--seed", 2],
        "d": ["--noise", 10],
    }.items():
        assert adir("degrade", flat, "-o", f"{name}.png", "--task", "denoise", *more).code == 0
    assert pixels(here / "a.png").std() == pytest.approx(25, rel=0.05)
    assert pixels(here / "d.png").std() == pytest.approx(10, rel=0.05)
    assert np.array_equal(pixels(here / "a.png"), pixels(here / "b.png"))
    assert not np.array_equal(pixels(here / "a.png"), pixels(here / "c.png"))


def test_blur_from_a_file(adir, photo: Path, here: Path) -> None:
    psf = np.zeros((5, 5), np.uint8)
    psf[2, 2] = 255  # leaves the photo as it is
    Image.fromarray(psf).save(here / "psf.png")
    assert adir("degrade", photo, "-o", "same.png", "--task", "deblur", "--kernel", "file:psf.png").code == 0
    assert np.abs(pixels(here / "same.png") - pixels(photo)).max() <= 1
    assert adir("degrade", photo, "-o", "soft.png", "--task", "deblur").code == 0
    assert np.abs(pixels(here / "soft.png") - pixels(photo)).max() > 20


def test_holes_where_the_mask_is_white(adir, photo: Path, here: Path) -> None:
    make_mask(here / "mask.png")
    assert adir("degrade", photo, "-o", "holes.png", "--task", "inpaint", "--mask", "mask.png").code == 0
    inside = np.zeros((40, 48), bool)
    inside[10:20, 12:24] = True
    after, before = pixels(here / "holes.png"), pixels(photo)
    assert np.array_equal(after[~inside], before[~inside])
    assert len(np.unique(after[inside])) == 1


def test_a_mask_for_a_smaller_picture_has_its_size(adir, photo: Path, here: Path) -> None:
    options = ("--task", "upscale", "--scale", 2, "--mask", "mask.png")
    make_mask(here / "mask.png", 24, 20)
    assert adir("degrade", photo, "-o", "ok.png", *options).code == 0
    make_mask(here / "mask.png", 48, 40)
    ran = adir("degrade", photo, "-o", "bad.png", *options)
    assert ran.code == 2
    assert "mask" in ran.problem
    assert not (here / "bad.png").exists()


def test_grey(adir, photo: Path, here: Path) -> None:
    assert adir("degrade", photo, "-o", "grey.png", "--task", "colorize").code == 0
    grey = pixels(here / "grey.png")
    assert np.array_equal(grey[..., 0], grey[..., 2])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--task", "sharpen"], "no task 'sharpen'"),
        (["--task", "upscale", "--scale", "3"], "scale of 3"),
        (["--task", "denoise", "--noise", "300"], "out of range"),
        (["--task", "denoise", "--noise", "nan"], "out of range"),
        (["--task", "deblur", "--kernel", "box:4"], "no centre"),
        (["--task", "deblur", "--kernel", "swirl:4"], "not a blur kernel"),
        (["--task", "deblur", "--kernel", "file:none.png"], "none.png"),
        (["--task", "inpaint"], "needs a mask"),
    ],
    ids=" ".join,
)
def test_values_that_make_no_degradation(
    adir, photo: Path, here: Path, options: list[str], words: str
) -> None:
    ran = adir("degrade", photo, "-o", "out.png", *options)
    assert ran.code == 2
    assert words in ran.problem
    assert not (here / "out.png").exists()


def test_an_existing_file_is_replaced_only_when_told(adir, photo: Path, here: Path) -> None:
    (here / "out.png").write_bytes(b"mine")
    ran = adir("degrade", photo, "-o", "out.png", "--task", "colorize")
    assert ran.code == 2
    assert "already exists" in ran.problem
    assert (here / "out.png").read_bytes() == b"mine"
    assert adir("degrade", photo, "-o", "out.png", "--task", "colorize", "--overwrite").code == 0
    assert size(here / "out.png") == (48, 40)


def test_the_photo_itself_is_never_replaced(adir, photo: Path) -> None:
    before = photo.read_bytes()
    ran = adir("degrade", photo, "-o", "./photo.png", "--task", "colorize", "--overwrite")
    assert ran.code == 2
    assert photo.read_bytes() == before


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_leaves_nothing_half_written(adir, photo: Path, here: Path) -> None:
    (here / "out.png").write_bytes(b"mine")
    ran = adir("degrade", photo, "-o", "out.png", "--task", "colorize", "--overwrite")
    assert ran.code == 1
    assert "full" in ran.problem
    assert (here / "out.png").read_bytes() == b"mine"
    assert sorted(path.name for path in here.iterdir()) == ["out.png", "photo.png"]


def test_comparing(adir, photo: Path, here: Path) -> None:
    other = make_photo(here / "other.png", seed=3)
    ran = adir("compare", photo, other)
    assert ran.code == 0
    for word in ("PSNR", "SSIM", "Largest difference", "LPIPS"):
        assert word in ran.out
    (values,) = adir("compare", photo, other, "--json").lines
    difference = np.abs(pixels(photo) - pixels(other))
    assert values["largest_difference"] == difference.max()
    assert values["psnr"] == pytest.approx(10 * np.log10(255**2 / (difference**2.0).mean()), abs=1e-6)
    assert values["equal"] is False


def test_comparing_with_itself(adir, photo: Path) -> None:
    assert "infinite" in adir("compare", photo, photo).out
    (values,) = adir("compare", photo, photo, "--json").lines
    assert (values["psnr"], values["equal"], values["largest_difference"]) == (None, True, 0)


def test_comparing_other_sizes(adir, photo: Path, here: Path) -> None:
    other = make_photo(here / "other.png", 20, 20)
    ran = adir("compare", photo, other, "--json")
    assert ran.code == 2
    assert "same size" in ran.lines[-1]["remedy"]
