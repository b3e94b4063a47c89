"""Installed models: the catalogue agrees with the files, and every missing or damaged one is named."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from adir_desktop.engine import encoder, store_jobs, weights
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.store import copying
from adir_desktop.errors import ModelError, RequestError
from adir_desktop.interrupt import Interrupted, stopping_when
from adir_desktop.places import models_dir, resource

EMBEDDED = {"starter-denoiser", "starter-encoder", "dirac-embedded-blur", "dirac-embedded-inpaint"}


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A private copy of the installed models, free to be damaged."""
    root = tmp_path / "resources"
    shutil.copytree(resource("starter"), root / "starter")
    shutil.copy(resource("models.toml"), root)
    monkeypatch.setattr(weights, "resource", root.joinpath)
    return root


def test_every_model_is_whole_and_says_its_licence() -> None:
    models = weights.list_models()
    assert {model.name for model in models} == EMBEDDED
    for model in models:
        assert weights.verify(model).problems == ()
        assert model.bytes == sum(file.path.stat().st_size for file in model.files)
        assert "non-commercial" in model.licence
        assert model.purpose


def test_every_file_of_the_folders_is_in_the_catalogue() -> None:
    for model in weights.list_models():
        assert {file.path for file in model.files} == set(model.folder.iterdir())


def test_model_dir_is_the_folder_with_the_weights() -> None:
    folder = weights.model_dir("starter-denoiser")
    assert (folder / "config.json").is_file()
    assert (folder / "diffusion_pytorch_model.safetensors").is_file()


def test_an_unknown_model_is_named_with_those_there_are() -> None:
    with pytest.raises(RequestError, match="stable") as caught:
        weights.model_dir("stable")
    assert "starter-denoiser" in caught.value.remedy


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / "starter/encoder/open_clip_model.safetensors").unlink()
    with pytest.raises(ModelError, match=r"open_clip_model.safetensors is missing"):
        weights.model_dir("starter-encoder")
    (problem,) = weights.verify(weights.find_model("starter-encoder")).problems
    assert "open_clip_model.safetensors is missing" in problem
    assert weights.verify(weights.find_model("starter-denoiser")).problems == ()


def test_a_truncated_file_is_named(copy: Path) -> None:
    path = copy / "starter/denoiser/diffusion_pytorch_model.safetensors"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(ModelError, match="1000 bytes instead of") as caught:
        weights.model_dir("starter-denoiser")
    assert "Install" in caught.value.remedy


def test_one_flipped_bit_is_found(copy: Path) -> None:
    path = copy / "starter/denoiser/diffusion_pytorch_model.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    (problem,) = weights.verify(weights.find_model("starter-denoiser")).problems
    assert "checksum" in problem
    assert path.name in problem


@pytest.mark.parametrize("content", [None, "models = 3", "[[models]]\nname = 'x'", "[[models", b"\xff"])
def test_a_damaged_catalogue_is_named(copy: Path, content: str | bytes | None) -> None:
    path = copy / "models.toml"
    path.unlink()
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(ModelError, match=r"models\.toml"):
        weights.list_models()


# Models that were installed later


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of models that the person chose, with one that has a card."""
    root = tmp_path / "my models"
    (root / "big").mkdir(parents=True)
    (root / "big" / "weights.bin").write_bytes(b"0123456789" * 1000)
    (root / "big" / "LICENSE").write_text("Permission is granted.")
    digest = hashlib.sha256(b"0123456789" * 1000).hexdigest()
    (root / "big" / "model.toml").write_text(
        'title = "Big"\npurpose = "more detail"\nlicence = "MIT"\n'
        f'[[files]]\npath = "weights.bin"\nbytes = 10000\nsha256 = "{digest}"\n'
    )
    (root / "holiday.txt").write_text("mine")
    (root / "not a model").mkdir()
    monkeypatch.setenv("ADIR_MODELS", str(root))
    return root


def last(job) -> tuple:
    """The models on this machine, after the job."""
    *_, event = job
    return installed(event.result)


def installed(models) -> tuple:
    return tuple(model for model in models if model.offer is None)


def test_installed_models_are_listed_behind_the_embedded(folder: Path) -> None:
    *embedded, big = last(store_jobs.list_models())
    assert {info.name for info in embedded} == EMBEDDED
    assert all(info.embedded for info in embedded)
    assert (big.name, big.title, big.purpose, big.embedded) == ("big", "Big", "more detail", False)
    assert (big.folder, big.bytes_on_disk, big.problem) == (folder / "big", 10000, "")
    assert big.licence == "MIT\n\nPermission is granted."


def test_the_embedded_licence_can_be_read() -> None:
    for info in last(store_jobs.list_models()):
        title, _, text = info.licence.partition("\n\n")
        assert "non-commercial" in title
        assert "Use restriction" in text


def test_without_a_choice_the_folder_is_beside_the_libraries(home: Path) -> None:
    assert models_dir() == home / "data" / "models"
    assert len(weights.list_models()) == len(EMBEDDED)


def test_a_check_tells_how_far_it_is_and_what_it_found(folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(copying, "CHUNK", 1000)
    monkeypatch.setattr(Pace, "due", lambda _self: True)
    *steps, done = store_jobs.verify_model("big")
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert (steps[0].done, steps[-1].done, steps[-1].total) == (0, 10000, 10000)
    assert len(steps) >= 10
    assert installed(done.result)[-1].problem == ""
    (folder / "big" / "weights.bin").write_bytes(b"x" * 10000)
    *_, done = store_jobs.verify_model("big")
    *embedded, big = installed(done.result)
    assert "checksum" in big.problem
    assert [info.problem for info in embedded] == [""] * len(EMBEDDED)


def test_a_check_stops_when_asked(folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(copying, "CHUNK", 10)
    with pytest.raises(Interrupted), stopping_when(lambda: True):
        list(store_jobs.verify_model("big"))


def test_an_encoder_put_there_by_hand_is_known_by_its_structure(folder: Path) -> None:
    shutil.copytree(resource("starter", "encoder"), folder / "mine")
    info = last(store_jobs.verify_model("mine"))[-1]
    assert (info.problem, info.embedded) == ("", False)
    assert "not stated" in info.licence
    known = {model.name: model.encoder for model in last(store_jobs.list_models())}
    assert {name: said for name, said in known.items() if said} == {
        "starter-encoder": encoder.STARTER,
        "mine": "mine",
    }
    for said in (encoder.STARTER, "mine"):
        assert encoder.load_encoder(said).spec == said, "libraries are made by that name"
    path = folder / "mine" / "open_clip_model.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    assert "damaged" in last(store_jobs.verify_model("mine"))[-1].problem


@pytest.mark.parametrize("card", ["", "title = 3", "[[files", "title='a'\npurpose='b'\nlicence='c'\nfiles=3"])
def test_a_damaged_card_is_told_and_the_model_can_be_removed(folder: Path, card: str) -> None:
    (folder / "big" / "model.toml").write_text(card)
    info = last(store_jobs.list_models())[-1]
    assert "model.toml" in info.problem
    *_, progress, done = store_jobs.verify_model("big")
    assert "model.toml" in installed(done.result)[-1].problem
    assert progress.done == progress.total
    assert len(last(store_jobs.remove_model("big"))) == len(EMBEDDED)


def test_removing_takes_the_folder_of_that_model_alone(folder: Path) -> None:
    assert {info.name for info in last(store_jobs.remove_model("big"))} == EMBEDDED
    assert sorted(path.name for path in folder.iterdir()) == ["holiday.txt", "not a model"]


def test_a_link_is_removed_and_not_what_it_points_to(folder: Path, tmp_path: Path) -> None:
    (folder / "big").rename(tmp_path / "elsewhere")
    (folder / "big").symlink_to(tmp_path / "elsewhere")
    last(store_jobs.remove_model("big"))
    assert not (folder / "big").is_symlink()
    assert (tmp_path / "elsewhere" / "weights.bin").is_file()


@pytest.mark.parametrize("name", ["starter-encoder", "holiday.txt", "not a model", "..", ""])
def test_nothing_else_can_be_removed(folder: Path, name: str) -> None:
    with pytest.raises(RequestError):
        last(store_jobs.remove_model(name))
    assert resource("starter", "encoder").is_dir()
    assert (folder / "holiday.txt").is_file()


def test_a_model_cannot_take_the_name_of_an_embedded_one(folder: Path) -> None:
    (folder / "big").rename(folder / "starter-encoder")
    assert [model.embedded for model in weights.list_models()] == [True] * len(EMBEDDED)
