"""Checkpoint files: what loads, what is refused and with which words, and what the menu offers."""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import UNet2DConditionModel, UNet2DModel
from safetensors.torch import save_file
from torch import nn

from adir_desktop.contract import Photo, Request
from adir_desktop.engine.jobs import warm
from adir_desktop.engine.plan import settle
from adir_desktop.engine.priors import PRIORS, load_prior, offered, settled_name
from adir_desktop.engine.priors.guided_diffusion import GuidedUNet, Layout
from adir_desktop.engine.priors.guided_loading import load_guided, published_file
from adir_desktop.engine.restore import restore
from adir_desktop.engine.samplers.schedule import linear_alpha_bar
from adir_desktop.errors import ModelError, RequestError
from adir_desktop.interrupt import Interrupted, stopping_when
from adir_desktop.places import resource
from adir_desktop.tasks import degradation_for

TINY = Layout(channels=32, widths=(32, 64), res_blocks=1, attention=(False, True))
X = torch.randn(1, 3, 16, 16, generator=torch.Generator().manual_seed(0))
Tensors = dict[str, torch.Tensor]


@pytest.fixture(scope="module")
def net() -> nn.Module:
    torch.manual_seed(0)
    return GuidedUNet(TINY).eval().requires_grad_(requires_grad=False)


@pytest.fixture
def tensors(net: nn.Module) -> Tensors:
    return {key: value.clone() for key, value in net.state_dict().items()}


def save_old(tensors: Tensors, path: Path) -> None:
    torch.save(tensors, path, _use_new_zipfile_serialization=False)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("file", "save"), [("a.pt", torch.save), ("a.pth", save_old), ("a.safetensors", save_file)]
)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
def test_a_checkpoint_becomes_a_prior(
    file: str,
    save: Callable[[Tensors, Path], None],
    dtype: torch.dtype,
    net: nn.Module,
    tensors: Tensors,
    tmp_path,
) -> None:
    path = tmp_path / file
    save({key: value.to(dtype) for key, value in tensors.items()}, path)
    prior = load_guided("mine", path)
    assert (prior.name, prior.sha256, prior.multiple_of) == ("mine", sha256(path), 2)
    assert torch.equal(prior.alpha_bar, linear_alpha_bar())
    assert {p.dtype for p in prior.net.parameters()} == {torch.float32}
    wanted, said = net(X, 500).sample, prior.predict(X, 500)
    assert said.variance_logits is not None
    found = torch.cat([said.eps, said.variance_logits], 1)
    if dtype == torch.float32:
        assert torch.allclose(found, wanted, rtol=0, atol=1e-5)
    else:
        assert 0 < float((found - wanted).norm() / wanted.norm()) < 2e-3


def test_a_file_is_read_once_until_it_changes(tensors: Tensors, tmp_path: Path) -> None:
    path = tmp_path / "a.pt"
    torch.save(tensors, path)
    first = load_guided("a", path)
    assert load_guided("a", path) is first
    other = tmp_path / "b.pt"
    torch.save(tensors | {"out.2.bias": torch.ones(6)}, other)
    other.replace(path)
    os.utime(path, (1, 1))
    second = load_guided("a", path)
    assert second.sha256 == sha256(path) != first.sha256
    assert torch.equal(second.net.get_parameter("out.2.bias"), torch.ones(6))


def test_loading_can_be_stopped(tensors: Tensors, tmp_path: Path) -> None:
    torch.save(tensors, tmp_path / "a.pt")
    with stopping_when(lambda: True), pytest.raises(Interrupted):
        load_guided("a", tmp_path / "a.pt")


class Evil:
    """Unpickled, it would make a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self.folder),)


def without(tensors: Tensors, *keys: str) -> Tensors:
    return {key: value for key, value in tensors.items() if key not in keys}


FOREIGN = {
    "a tensor is missing": (lambda t: without(t, "middle_block.1.norm.bias"), r"1 tensors .*middle_block.1.norm.bias"),
    "a tensor too many": (lambda t: t | {"extra": torch.ones(2)}, r"1 tensors .*extra"),
    "another shape": (lambda t: t | {"out.0.bias": torch.ones(7)}, r"1 tensors .*out.0.bias"),
    "the way up is missing": (lambda t: {k: v for k, v in t.items() if "output" not in k}, "not of the guided"),
    "names of the family, nonsense otherwise": (lambda t: t | {"output_blocks.1": torch.ones(2)}, "not of the guided"),
    "widths of no groups": (lambda t: {k: v[:48] for k, v in t.items()}, "not of the guided"),
    "something else": (lambda t: {"weight": torch.ones(3)}, "not of the guided"),
    "latent, four channels": (lambda t: t | {"input_blocks.0.0.weight": torch.ones(32, 4, 3, 3)}, "network of 4 channels"),
    "four channels out": (lambda t: t | {"out.2.weight": torch.ones(4, 32, 3, 3)}, "three channels of noise"),
    "latent, as published": (lambda t: {f"model.diffusion_model.{k}": v for k, v in t.items()}, "latent diffusion"),
    "needs class labels": (lambda t: t | {"label_emb.weight": torch.ones(1000, 128)}, "class labels"),
    "whole numbers": (lambda t: t | {"out.2.bias": torch.ones(6, dtype=torch.long)}, "more than a network"),
    "nested": (lambda t: {"state_dict": t, "step": 7}, "more than a network"),
    "a list": (lambda t: list(t.values()), "does not hold"),
    "nothing": (lambda t: {}, "does not hold"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FOREIGN)
def test_another_network_is_refused(kind: str, tensors: Tensors, tmp_path: Path) -> None:
    change, problem = FOREIGN[kind]
    path = tmp_path / "foreign.pt"
    torch.save(change(tensors), path)
    with pytest.raises(ModelError) as refusal:
        load_guided("foreign", path)
    assert re.search(problem, refusal.value.problem)
    assert str(path) in refusal.value.problem
    assert refusal.value.remedy


def test_a_damaged_file_is_refused(tensors: Tensors, tmp_path: Path) -> None:
    whole = {"new.pt": torch.save, "old.pt": save_old, "safe.safetensors": save_file}
    for name, save in whole.items():
        path = tmp_path / name
        save(tensors, path)
        content = path.read_bytes()
        for share in (0.0, 0.3, 0.999):
            path.write_bytes(content[: int(share * len(content))])
            with pytest.raises(ModelError) as refusal:
                load_guided(name, path)
            assert refusal.value.remedy
    (tmp_path / "new.pt").write_bytes(b"PK\x03\x04" + bytes(1000))
    with pytest.raises(ModelError, match="its end is missing"):
        load_guided("new", tmp_path / "new.pt")


def test_a_file_with_code_in_it_does_nothing(tensors: Tensors, tmp_path: Path) -> None:
    target = tmp_path / "made by the file"
    for save in (torch.save, save_old):
        save(tensors | {"out.2.bias": Evil(target)}, tmp_path / "evil.pt")
        with pytest.raises(ModelError, match="can run programs"):
            load_guided("evil", tmp_path / "evil.pt")
    (tmp_path / "plain.pt").write_bytes(pickle.dumps(Evil(target)))
    with pytest.raises(ModelError, match="is not a checkpoint"):
        load_guided("plain", tmp_path / "plain.pt")
    assert not target.exists()


def test_other_files_are_refused(tmp_path: Path) -> None:
    shutil.make_archive(str(tmp_path / "archive"), "zip", resource("starter"))
    (tmp_path / "archive.zip").rename(tmp_path / "archive.pt")
    (tmp_path / "text.pt").write_text("not a network")
    (tmp_path / "text.safetensors").write_text("not a network")
    (tmp_path / "folder.pt").mkdir()
    for path in sorted(tmp_path.iterdir()):
        with pytest.raises(ModelError) as refusal:
            load_guided("other", path)
        assert refusal.value.remedy
    with pytest.raises(ModelError, match="cannot be read"):
        load_guided("other", tmp_path / "nowhere.pt")


def test_the_published_network_is_offered_where_its_file_lies(tensors: Tensors) -> None:
    assert list(offered()) == ["starter"]
    with pytest.raises(ModelError, match="not installed") as refusal:
        load_prior("guided-diffusion")
    assert str(published_file().parent) in refusal.value.remedy
    published_file().parent.mkdir(parents=True)
    torch.save(tensors, published_file())
    assert list(offered()) == ["starter", "guided-diffusion"]
    prior = load_prior("guided-diffusion")
    assert (prior.name, prior.sha256) == ("guided-diffusion", sha256(published_file()))
    *_, done = warm("cpu")
    assert [choice.name for choice in done.result.priors] == ["starter", "guided-diffusion"]


def test_a_persons_own_checkpoint(tensors: Tensors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "my net.pt"
    torch.save(tensors, path)
    monkeypatch.chdir(tmp_path)
    for name in (f"file:{path}", str(path), "my net.pt", "file:my net.pt"):
        assert load_prior(name).name == "file:my net.pt"
        assert settled_name(name) == f"file:{path}"
    assert [settled_name(name) for name in PRIORS] == list(PRIORS)
    for name in ("file:", "file:nowhere.pt", "nowhere.safetensors", "file:\0", "no such prior", "", "my net"):
        with pytest.raises((RequestError, ModelError)) as refusal:
            load_prior(name)
        assert refusal.value.remedy


def test_a_persons_own_diffusers_folder(tmp_path: Path) -> None:
    shutil.copytree(resource("starter", "denoiser"), tmp_path / "unet")
    own, starter = load_prior(f"file:{tmp_path / 'unet'}"), load_prior("starter")
    assert (own.name, own.sha256) == ("file:unet", starter.sha256)
    (tmp_path / "unet" / "config.json").unlink()
    small = {"block_out_channels": (8, 16), "layers_per_block": 1, "norm_num_groups": 4}
    down_up = {"down_block_types": ("DownBlock2D",) * 2, "up_block_types": ("UpBlock2D",) * 2}
    UNet2DModel(**small, **down_up, add_attention=False, num_class_embeds=5).save_pretrained(
        tmp_path / "classes"
    )
    UNet2DModel(**small, **down_up, add_attention=False, in_channels=4).save_pretrained(tmp_path / "latent")
    UNet2DConditionModel(**small, **down_up, cross_attention_dim=8, attention_head_dim=4).save_pretrained(
        tmp_path / "text"
    )
    words = {"classes": "class labels", "latent": "colour pixels", "text": "damaged|colour pixels"}
    for folder, problem in words.items():
        with pytest.raises(ModelError, match=problem):
            load_prior(f"file:{tmp_path / folder}")


def test_restoring_with_it(tensors: Tensors, tmp_path: Path) -> None:
    """The record tells which weights; the settled request finds them from any folder."""
    path = tmp_path / "mine.safetensors"
    save_file(tensors, path)
    photo = Photo(np.full((16, 24, 3), 0.5, np.float32))
    request = Request(
        photo, "denoise", degradation_for("denoise", noise=20), prior=str(path), steps=2, device="cpu"
    )
    request = replace(request, adapt="self", iterations=1, precision="float32")
    done = drained(restore(request))
    assert done.photo.pixels.shape == (16, 24, 3)
    assert np.isfinite(done.photo.pixels).all()
    assert done.request.prior == f"file:{path}"
    assert done.record["prior_sha256"] == sha256(path)
    assert (done.preset.prior, done.preset.prior_sha256) == ("file:mine.safetensors", sha256(path))
    assert settle(done.request).prior.sha256 == sha256(path)


def drained(work):
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value
