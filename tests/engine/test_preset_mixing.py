"""Presets combined and weakened: the sum of what each does, exactly; other bases and strengths are refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from adir_desktop.contract import AppliedPreset, Neighbour
from adir_desktop.engine import lora, presets
from adir_desktop.engine.preset_mixing import Change, check_strengths, combined, one_rank
from adir_desktop.errors import PresetError, RequestError
from tests.engine.tiny_diffusion import tiny_preset, tiny_unet

BASE = "stable-diffusion-inpainting"


@pytest.fixture(scope="module")
def net():
    return tiny_unet(BASE)


def deltas(net, preset) -> dict[str, torch.Tensor]:
    before = net.state_dict()
    after = lora.merged(net, preset.tensors, preset.rank, preset.alpha).state_dict()
    return {name: after[name].double() - value.double() for name, value in before.items()}


def test_the_whole_changes_each_weight_by_the_sum_of_the_parts(net) -> None:
    one = tiny_preset(net, BASE, rank=3, alpha=5.0, seed=1)
    two = tiny_preset(net, BASE, rank=2, alpha=0.5, seed=2)
    some = {name: value for name, value in two.tensors.items() if "to_k" not in name}
    parts = [(one, 0.7), (replace(two, tensors=some), -1.5), (one, 0.25)]
    whole = combined(parts)
    assert (whole.rank, whole.alpha) == (8, 8.0)
    found = deltas(net, whole)
    each = [(deltas(net, preset), strength) for preset, strength in parts]
    for name, delta in found.items():
        assert (delta - sum(strength * part[name] for part, strength in each)).abs().max() < 1e-6, name
    assert found["conv_in.weight"].abs().max() > 0.1


@pytest.mark.parametrize("strength", [1.0, 0.5, 0.0, -2.0])
def test_one_preset_is_scaled_and_its_tensors_stay(net, strength: float) -> None:
    preset = tiny_preset(net, BASE)
    whole = combined([(preset, strength)])
    assert whole.tensors is preset.tensors
    assert whole.alpha == strength * preset.alpha
    assert (combined([(preset, 1)]) is preset) is True


def test_the_whole_tells_of_its_parts(net) -> None:
    def near(name: str) -> Neighbour:
        return Neighbour(name * 32, Path(f"{name}.jpg"), 0.9, 1.0, "A", "CC BY 2.0")

    one = replace(tiny_preset(net, BASE), name="a", neighbours=(near("aa"), near("bb")), created="2025")
    two = replace(one, name="b", neighbours=(near("bb"), near("cc")), created="2026", training={"seed": 3})
    whole = combined([(one, 1.0), (two, 0.5)])
    assert (whole.name, whole.prior, whole.prior_sha256) == ("a + b", one.prior, one.prior_sha256)
    assert [item.path.name for item in whole.neighbours] == ["aa.jpg", "bb.jpg", "cc.jpg"]
    assert whole.training["combined"][1] == {"name": "b", "strength": 0.5, "training": {"seed": 3}}
    assert whole.created == "2026"


def test_files_are_loaded_and_combined(net, tmp_path: Path) -> None:
    parts = [tiny_preset(net, BASE, rank=rank, seed=rank) for rank in (1, 2)]
    for rank, preset in enumerate(parts, start=1):
        presets.save_preset(preset, tmp_path / f"{rank}.safetensors")
    applied = [AppliedPreset(tmp_path / f"{rank}.safetensors", 0.5) for rank in (1, 2)]
    found = presets.load_applied(applied)
    expected = combined([(preset, 0.5) for preset in parts])
    assert all(np.array_equal(found.tensors[name], value) for name, value in expected.tensors.items())


def test_presets_of_different_bases_are_not_combined(net) -> None:
    one = tiny_preset(net, BASE)
    two = replace(one, name="other", prior="starter", prior_sha256="cd" * 32)
    with pytest.raises(
        PresetError, match=r"'beach' and 'other' .* different models: '.*inpainting' and 'starter'"
    ):
        combined([(one, 1.0), (two, 1.0)])
    with pytest.raises(PresetError, match="No preset"):
        combined([])
    spoilt = {name: np.zeros((3, 5), np.float32) for name in one.tensors}
    with pytest.raises(PresetError, match="do not fit each other"):
        combined([(one, 1.0), (replace(one, tensors=spoilt), 1.0)])


@pytest.mark.parametrize("strength", [2.01, -2.5, float("nan"), float("inf")])
def test_strengths_out_of_range_are_refused(strength: float) -> None:
    check_strengths([AppliedPreset(Path("a"), 2.0), AppliedPreset(Path("a"), -2.0)])
    with pytest.raises(RequestError, match="strength"):
        check_strengths([AppliedPreset(Path("a")), AppliedPreset(Path("b"), strength)])


def test_layers_of_one_rank_and_scale_are_left_alone() -> None:
    rng = np.random.default_rng(0)
    layers = {name: [Change(rng.random((2, 4)), rng.random((3, 2)), 1.5)] for name in ("x", "y")}
    tensors, rank, alpha = one_rank(layers)
    assert (rank, alpha) == (2, 3.0)
    assert tensors["x.lora_A.weight"] is layers["x"][0].a
    layers["y"] = [Change(rng.random((1, 4)), rng.random((3, 1)), 0.5)]
    tensors, rank, alpha = one_rank(layers)
    assert (rank, alpha) == (2, 2.0)
    for name, (change,) in layers.items():
        whole = tensors[f"{name}.lora_B.weight"].astype(float) @ tensors[f"{name}.lora_A.weight"]
        assert np.allclose(whole, change.scale * change.b @ change.a, atol=1e-6)
