"""Installed models: the catalogue agrees with the files, and every missing or damaged one is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from adir_desktop.engine import weights
from adir_desktop.errors import ModelError, RequestError
from adir_desktop.places import resource


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
    assert {model.name for model in models} == {"starter-denoiser", "starter-encoder"}
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
