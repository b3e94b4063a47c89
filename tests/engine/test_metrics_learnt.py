"""Measures through pyiqa: why they are missing, and the call where they are there (a stand-in for the package)."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import numpy as np
import pytest
import torch

from adir_desktop.contract import Photo
from adir_desktop.engine import metrics, metrics_learnt
from adir_desktop.engine.evaluation import measures
from adir_desktop.errors import BadInput


@pytest.fixture(autouse=True)
def torch_home(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    metrics_learnt._network.cache_clear()
    yield tmp_path / "hub" / "pyiqa"
    metrics_learnt._network.cache_clear()


def photo(side: int = 200, seed: int = 0) -> Photo:
    return Photo(np.random.default_rng(seed).random((side, side, 3)).astype(np.float32))


def install(monkeypatch, folder: Path, network) -> list[str]:
    """As if pyiqa and all its weights were there; what was made of it."""
    made: list[str] = []

    def create_metric(name, device):
        assert device == torch.device("cpu")
        made.append(name)
        print("pyiqa is talkative")
        return network

    module = types.ModuleType("pyiqa")
    module.create_metric = create_metric
    monkeypatch.setitem(sys.modules, "pyiqa", module)
    monkeypatch.setattr(metrics_learnt, "find_spec", lambda _name: object())
    folder.mkdir(parents=True)
    for file in (metrics_learnt.FID, *(row.file for row in metrics_learnt.LEARNT.values())):
        (folder / file).write_bytes(b"weights")
    return made


@pytest.mark.parametrize("name", metrics_learnt.LEARNT)
def test_what_is_missing_is_said_and_pyiqa_is_not_touched(monkeypatch, torch_home: Path, name: str) -> None:
    monkeypatch.setattr(metrics_learnt, "find_spec", lambda _name: None)
    assert "pip install" in metrics_learnt.missing(name)
    assert metrics_learnt.score(name, photo()) == (None, metrics_learnt.missing(name))
    made = install(monkeypatch, torch_home, None)
    (torch_home / metrics_learnt.LEARNT[name].file).unlink()
    value, why = metrics_learnt.score(name, photo())
    assert value is None
    assert metrics_learnt.LEARNT[name].file in why
    assert str(torch_home) in why
    assert made == []


def test_a_picture_goes_in_as_rgb_between_0_and_1(monkeypatch, torch_home: Path, capsys) -> None:
    seen = []
    made = install(monkeypatch, torch_home, lambda x: (seen.append(x), torch.tensor([[4.5]]))[1])
    pixels = photo(40).pixels
    pixels[0, 0] = (-0.5, 2.0, 0.25)
    assert metrics_learnt.score("musiq_ava", Photo(pixels)) == (4.5, "")
    assert metrics_learnt.score("musiq_ava", Photo(pixels)) == (4.5, "")
    assert made == ["musiq-ava"]  # once for both
    assert (seen[0].shape, seen[0].dtype) == ((1, 3, 40, 40), torch.float32)
    assert seen[0][0, :, 0, 0].tolist() == [0.0, 1.0, 0.25]
    assert torch.equal(seen[0][0, 1, 5], torch.from_numpy(pixels[5, :, 1]))
    assert capsys.readouterr().out == ""


def test_replaced_weights_are_read_anew(monkeypatch, torch_home: Path) -> None:
    made = install(monkeypatch, torch_home, lambda _x: torch.tensor(1.0))
    metrics_learnt.score("niqe", photo())
    import os

    os.utime(torch_home / "niqe_modelparameters.mat", (1, 1))
    metrics_learnt.score("niqe", photo())
    assert made == ["niqe", "niqe"]


def test_small_pictures_damaged_weights_and_no_number(monkeypatch, torch_home: Path) -> None:
    def network(x):
        if x.shape[-1] == 200:
            raise RuntimeError("size mismatch")
        return torch.tensor(float("nan"))

    install(monkeypatch, torch_home, network)
    assert metrics_learnt.score("niqe", photo(191)) == (None, "it needs at least 192 pixels a side")
    value, why = metrics_learnt.score("niqe", photo(200))
    assert value is None
    assert "RuntimeError" in why
    assert "niqe_modelparameters.mat" in why
    assert metrics_learnt.score("niqe", photo(210)) == (None, "it gives no number for this picture")


def test_fid_needs_a_thousand_pictures_and_says_why(monkeypatch, torch_home: Path, tmp_path: Path) -> None:
    calls = []

    def network(*folders, **options):
        calls.append((folders, options))
        return 12.5

    install(monkeypatch, torch_home, network)
    assert "bias" in metrics_learnt.fid_missing(999)
    assert metrics_learnt.fid(tmp_path, tmp_path, 999)[0] is None
    assert calls == []
    assert metrics_learnt.fid(tmp_path / "a", tmp_path / "b", 1000) == (12.5, "")
    assert calls[0] == (
        (str(tmp_path / "a"), str(tmp_path / "b")),
        {"num_workers": 0, "verbose": False},
    )
    (torch_home / metrics_learnt.FID).unlink()
    assert metrics_learnt.FID in metrics_learnt.fid(tmp_path, tmp_path, 2000)[1]


def test_an_evaluation_wants_what_can_be_had(monkeypatch, torch_home: Path) -> None:
    names, missing = measures.wanted(luma=False)
    assert names == ["psnr", "ssim", "consistency"]
    assert set(missing) == {"lpips", "niqe", "musiq_ava", "musiq_koniq"}
    install(monkeypatch, torch_home, lambda _x: torch.tensor(3.0))
    names, missing = measures.wanted(luma=True)
    assert set(missing) == {"lpips"}
    found = measures.measure(photo(64), photo(64, 1), 4, names)
    assert set(found) == set(names) - {"consistency"}
    assert found["musiq_koniq"] == 3.0
    assert found["niqe"] is None  # too small
    assert measures.measure(photo(64), photo(64), 4, names)["psnr"] is None  # infinite


def test_psnr_of_the_luma_by_definition() -> None:
    a, b = photo(40), photo(40, 1)
    x, y = (np.rint(p.pixels.astype(np.float64) * 255) / 255 for p in (a, b))
    luma = [16 + 65.481 * z[..., 0] + 128.553 * z[..., 1] + 24.966 * z[..., 2] for z in (x, y)]
    difference = (luma[0] - luma[1])[4:-4, 4:-4]
    expected = 10 * np.log10(255**2 / np.mean(difference**2))
    assert metrics.psnr_luma(a, b, 4) == pytest.approx(expected)
    whole = 10 * np.log10(255**2 / np.mean((luma[0] - luma[1]) ** 2))
    assert metrics.psnr_luma(a, b, 0) == pytest.approx(whole)


@pytest.mark.parametrize(("side", "border"), [(40, 20), (8, 4), (41, 0)])
def test_a_luma_that_cannot_be_compared(side: int, border: int) -> None:
    with pytest.raises(BadInput):
        metrics.psnr_luma(photo(side), photo(40 if side > 8 else 8), border)
