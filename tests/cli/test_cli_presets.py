"""`adir presets`: list, show, export, import, remove."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from small_photos import make_photo

from adir_desktop.contract import AdaptedPreset, Neighbour
from adir_desktop.engine import presets
from adir_desktop.engine.priors import load_prior
from adir_desktop.places import data_dir


@pytest.fixture
def file(here: Path) -> Path:
    rng = np.random.default_rng(0)
    preset = AdaptedPreset(
        name="old town",
        prior="starter",
        prior_sha256="ab" * 32,
        rank=2,
        alpha=8.0,
        tensors={
            "conv_in.lora_A.weight": rng.standard_normal((2, 3, 3, 3)).astype(np.float32),
            "conv_in.lora_B.weight": rng.standard_normal((8, 2, 1, 1)).astype(np.float32),
        },
        neighbours=(Neighbour("cd" * 32, Path("/x/alley.jpg"), 0.91, 20.0, "A. Person", "CC BY 2.0"),),
        training={"iterations": 40},
        created="2025-01-02T03:04:05+00:00",
    )
    presets.save_preset(preset, here / "town.safetensors")
    return here / "town.safetensors"


def test_a_life_in_the_store(adir, file: Path, here: Path) -> None:
    assert "no preset yet" in adir("presets", "list").err
    assert adir("presets", "import", file).out == "Stored as 'old town'.\n"
    listed = adir("presets", "list")
    assert listed.code == 0
    assert "old town" in listed.out
    assert adir("presets", "export", "old town", "copy.safetensors").code == 0
    assert (here / "copy.safetensors").is_file()
    assert adir("presets", "remove", "old town").code == 0
    assert adir("presets", "list", "--json").lines == [{"presets": []}]


def test_listing_for_programs(adir, file: Path) -> None:
    adir("presets", "import", file)
    ((item,),) = (line["presets"] for line in adir("presets", "list", "--json").lines)
    assert (item["name"], item["prior"], item["rank"], item["neighbours"]) == ("old town", "starter", 2, 1)


def test_those_beside_pictures_are_listed_by_their_files(adir, file: Path, here: Path) -> None:
    assert "adir presets list FOLDER" in adir("presets", "list").err
    save_file({"conv_in.lora_A.weight": np.ones((1, 3, 3, 3), np.float32)}, "foreign.safetensors")
    (here / "junk.safetensors").write_bytes(b"junk" * 100)
    (here / "folder.safetensors").mkdir()
    ran = adir("presets", "list", here)
    assert ran.code == 0
    _, row = ran.out.splitlines()
    assert row.split()[:3] == [str(file), "starter", "2"]
    ((item,),) = (line["presets"] for line in adir("presets", "list", ".", "--json").lines)
    assert item["name"] == "town.safetensors", "as --preset takes it"
    assert adir("presets", "show", item["name"]).code == 0
    (here / "empty").mkdir()
    ran = adir("presets", "list", "empty")
    assert (ran.code, ran.out) == (0, "")
    assert "no preset in empty" in ran.err


def test_an_own_preset_may_name_its_prior_as_the_list_of_models_does(adir, file: Path) -> None:
    assert adir("presets", "import", file, "--prior", "starter-denoiser").code == 0


@pytest.mark.parametrize("asked", ["town.safetensors", "old town"])
def test_showing_gives_credit(adir, file: Path, asked: str) -> None:
    adir("presets", "import", file)
    ran = adir("presets", "show", asked)
    assert ran.code == 0
    for word in ("alley.jpg", "A. Person", "CC BY 2.0", "starter", "40"):
        assert word in ran.out
    (about,) = adir("presets", "show", asked, "--json").lines
    assert (about["layers"], about["alpha"]) == (1, 8.0)
    assert about["neighbours"][0]["licence"] == "CC BY 2.0"


def test_export_to_peft_and_back(adir, file: Path, here: Path) -> None:
    assert adir("presets", "export", file, "folder", "--format", "peft").code == 0
    assert {path.name for path in (here / "folder").iterdir()} == {
        "adapter_model.safetensors",
        "adapter_config.json",
    }
    assert adir("presets", "import", "folder").code == 0
    ran = adir("presets", "export", file, "folder", "--format", "peft")
    assert ran.code == 2
    assert "already exists" in ran.problem


def test_the_lora_of_another_program_is_taken_in_for_a_prior(adir, here: Path) -> None:
    weight = load_prior("starter").net.conv_in.weight
    tensors = {
        "unet.conv_in.lora_A.weight": np.ones((1, *weight.shape[1:]), np.float16),
        "unet.conv_in.lora_B.weight": np.full((weight.shape[0], 1, 1, 1), 0.5, np.float16),
        "text_encoder.x.lora_A.weight": np.ones((1, 2), np.float16),
    }
    save_file(tensors, "paint.safetensors")
    ran = adir("presets", "import", "paint.safetensors", "--prior", "starter")
    assert ran.out == "Stored as 'paint'.\n"
    assert "text encoder (1 layers) was left out" in ran.err
    (about,) = adir("presets", "show", "paint", "--json").lines
    assert (about["prior"], about["rank"], about["alpha"], about["layers"]) == ("starter", 1, 1.0, 1)
    make_photo(here / "photo.png", seed=1)
    arguments = (
        "restore",
        "photo.png",
        "--task",
        "denoise",
        "--preset",
        "paint=0.5",
        "--steps",
        2,
        "--sampler",
        "diffpir",
    )
    assert adir(*arguments).code == 0


def test_the_photos_picture_is_exported_only_when_asked(adir, file: Path, here: Path) -> None:
    presets.add(replace(presets.load_preset(file), thumbnail=b"\xff\xd8 small"))
    adir("presets", "export", "old town", "a.safetensors")
    adir("presets", "export", "old town", "b.safetensors", "--thumbnail")
    found = [presets.load_preset(here / name).thumbnail for name in ("a.safetensors", "b.safetensors")]
    assert found == [b"", b"\xff\xd8 small"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["list", "nowhere"], "no such file or folder (nowhere)"),
        (["list", "town.safetensors"], "not a folder"),
        (["show", "nothing"], "There is no preset nothing"),
        (["export", "nothing", "out.safetensors"], "There is no preset nothing"),
        (["remove", "nothing"], "There is no preset nothing"),
        (["remove", "../../secret"], "There is no preset"),
        (["import", "nothing.safetensors"], "There is no preset nothing.safetensors"),
        (["import", "junk.safetensors"], "not a preset of this program"),
        (["import", "cut.safetensors"], "damaged"),
        (["export", "town.safetensors", "out", "--format", "onnx"], "no export format 'onnx'"),
        (["export", "town.safetensors", "out", "--format", "kohya"], "a network of pixels"),
        (["export", "town.safetensors", "out", "--format", "diffusers"], "a network of pixels"),
        (["import", "town.safetensors", "--prior", "other"], "made for 'starter', not for 'other'"),
        (["import", "lora.safetensors"], "does not say which model"),
        (["import", "lora.safetensors", "--prior", "nothing"], "no prior 'nothing'"),
        (["import", "lora.safetensors", "--prior", "starter"], "conv_in"),
        (["import", "lora.safetensors", "--prior", "starter-denoiser"], "conv_in"),
        (["export", "town.safetensors", "nowhere/out.safetensors"], "does not exist"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done(adir, file: Path, here: Path, arguments: list[str], words: str) -> None:
    (here / "junk.safetensors").write_bytes(b"junk" * 100)
    (here / "cut.safetensors").write_bytes(file.read_bytes()[:-10])
    save_file(
        {f"conv_in.lora_{half}.weight": np.ones((1, 5, 3, 3), np.float32) for half in "AB"},
        "lora.safetensors",
    )
    ran = adir("presets", *arguments)
    assert ran.code == 2
    assert words in ran.problem
    assert not data_dir().exists()


def test_a_damaged_preset_in_the_store_does_not_hide_the_others(adir, file: Path) -> None:
    adir("presets", "import", file)
    (presets.store_dir() / "bad.safetensors").write_bytes(b"junk")
    ran = adir("presets", "list")
    assert ran.code == 0
    assert "old town" in ran.out
    assert "presets remove 'bad'" in ran.err


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk(adir, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", lambda _handle: None)
        adir_file = here / "town.safetensors"
        tensors = {
            "a.lora_A.weight": np.ones((1, 2), np.float32),
            "a.lora_B.weight": np.ones((2, 1), np.float32),
        }
        presets.save_preset(AdaptedPreset("t", "starter", "", 1, 1.0, tensors), adir_file)
    ran = adir("presets", "import", adir_file)
    assert ran.code == 1
    assert "full" in ran.problem
    assert presets.list_presets() == ()
