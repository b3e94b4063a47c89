"""`adir restore` with the real engine and models, on photos of a few pixels: what is written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from small_photos import FEW, make_mask, make_photo, names, pixels

from adir_desktop.engine import presets

pytestmark = pytest.mark.usefixtures("quick")


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
    none = ("restore", other, "-o", "none.png", "--preset", "mine.safetensors=0", *options)
    assert adir(*none).code == 0
    assert np.array_equal(pixels(here / "none.png"), pixels(here / "other.restored.baseline.png"))
    assert not np.array_equal(pixels(here / "none.png"), pixels(here / "stored.png"))
    halves = ("--preset", "mine.safetensors=0.25", "--preset", f"{stored.name}=.75")
    ran = adir("restore", other, "-o", "halves.png", *halves, *options)
    assert ran.code == 0, ran.err
    difference = pixels(here / "halves.png").astype(int) - pixels(here / "stored.png").astype(int)
    assert abs(difference).max() <= 1
    assert adir("rerun", "halves.json", "-o", "again.png").code == 0
    assert np.array_equal(pixels(here / "again.png"), pixels(here / "halves.png"))


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


def test_a_prior_may_be_called_as_the_list_of_models_has_it(adir, photo: Path, here: Path) -> None:
    listed = [model["name"] for model in adir("models", "list", "--json").lines[0]["models"]]
    assert "starter-denoiser" in listed
    for name in ("starter", "starter-denoiser"):
        ran = adir(
            "restore", photo, "-o", f"{name}.png", "--task", "denoise", "--prior", name, "--events=json", *FEW
        )
        assert ran.code == 0, ran.err
        assert ran.lines[-1]["prior"] == "starter", "one name in all records"
        assert {line.get("stage") for line in ran.lines} <= {"sample", None}, "nothing large is loaded"
    assert np.array_equal(pixels(here / "starter.png"), pixels(here / "starter-denoiser.png"))


def test_a_listed_model_that_is_no_prior_is_refused(adir, photo: Path) -> None:
    ran = adir("restore", photo, "--task", "denoise", "--prior", "starter-encoder", *FEW)
    assert ran.code == 2
    assert "no prior 'starter-encoder'" in ran.problem
