"""Presets: what is saved comes back; whatever is damaged, foreign or hostile is refused in plain words."""

from __future__ import annotations

import json
import os
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load as parse_tensors
from safetensors.numpy import save_file

from adir_desktop.contract import AdaptedPreset, Neighbour
from adir_desktop.engine import preset_format, presets
from adir_desktop.errors import BadInput, PresetError, RequestError, StorageError
from adir_desktop.places import data_dir

RANK = 2


def make(name: str = "street at night", seed: int = 0) -> AdaptedPreset:
    rng = np.random.default_rng(seed)

    def values(*shape: int) -> np.ndarray:
        return rng.standard_normal(shape).astype(np.float32)

    return AdaptedPreset(
        name=name,
        prior="starter",
        prior_sha256="ab" * 32,
        rank=RANK,
        alpha=8.0,
        tensors={
            "conv_in.lora_A.weight": values(RANK, 3, 3, 3),
            "conv_in.lora_B.weight": values(8, RANK, 1, 1),
            "mid_block.resnets.0.conv1.lora_A.weight": values(RANK, 8, 3, 3),
            "mid_block.resnets.0.conv1.lora_B.weight": values(8, RANK, 1, 1),
        },
        neighbours=(
            Neighbour(
                "cd" * 32, Path("/home/someone/Bilder/Straße.jpg"), 0.93, 12.5, "A. Person", "CC BY 2.0"
            ),
        ),
        degradation={"steps": [{"kind": "downscale", "values": {"factor": 4}}], "noise_std": 0.0},
        training={
            "iterations": np.int64(40),
            "losses": np.array([0.5, 0.25], np.float32),
            "bad": float("nan"),
        },
        created="2025-01-02T03:04:05+00:00",
    )


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "one.safetensors"
    presets.save_preset(make(), path)
    return path


def rewrite_header(path: Path, change) -> None:
    """Rewrites our JSON inside the safetensors header and leaves the tensors' bytes."""
    raw = path.read_bytes()
    size = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8 : 8 + size])
    about = json.loads(header["__metadata__"]["adir"])
    header["__metadata__"]["adir"] = json.dumps(change(about))
    new = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(new)) + new + raw[8 + size :])


def test_everything_comes_back(saved: Path) -> None:
    before, after = make(), presets.load_preset(saved)
    assert set(after.tensors) == set(before.tensors)
    for name, value in before.tensors.items():
        assert after.tensors[name].dtype == np.float32
        assert np.array_equal(after.tensors[name], value)
        assert after.tensors[name].flags.writeable
    kept = ("name", "prior", "prior_sha256", "rank", "alpha", "degradation", "created")
    assert [getattr(after, key) for key in kept] == [getattr(before, key) for key in kept]
    assert after.training == {"iterations": 40, "losses": [0.5, 0.25], "bad": None}


def test_neighbours_keep_their_credit_but_not_their_folder(saved: Path) -> None:
    (item,) = presets.load_preset(saved).neighbours
    assert (item.id, item.path, item.author, item.licence) == (
        "cd" * 32,
        Path("Straße.jpg"),
        "A. Person",
        "CC BY 2.0",
    )
    assert item.similarity == 0.93
    assert b"someone" not in saved.read_bytes()


def test_other_programs_can_read_the_tensors(saved: Path) -> None:
    assert set(parse_tensors(saved.read_bytes())) == set(make().tensors)


def test_saving_does_not_replace_unless_told(saved: Path) -> None:
    before = saved.read_bytes()
    with pytest.raises(BadInput, match="already exists"):
        presets.save_preset(make(seed=1), saved)
    assert saved.read_bytes() == before
    presets.save_preset(make(seed=1), saved, overwrite=True)
    assert saved.read_bytes() != before


def test_a_full_disk_leaves_the_old_preset(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = saved.read_bytes()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="full"):
        presets.save_preset(make(seed=1), saved, overwrite=True)
    assert saved.read_bytes() == before
    assert [path.name for path in saved.parent.glob(".*")] == []


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"not a preset at all, only words", b"\xff" * 64, struct.pack("<Q", 2) + b"{}"],
    ids=["empty", "zip", "text", "giant header", "no metadata"],
)
def test_foreign_files_are_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    path.write_bytes(content)
    with pytest.raises(PresetError, match="not a preset of this program") as caught:
        presets.load_preset(path)
    assert caught.value.remedy


def test_a_header_that_claims_gigabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    with path.open("wb") as stream:
        stream.write(struct.pack("<Q", 2**33) + b"{")
        stream.truncate(2**33)  # sparse
    with pytest.raises(PresetError, match="not a preset"):
        presets.load_preset(path)


def test_a_deeply_nested_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    path.write_bytes(struct.pack("<Q", 200_000) + b"[" * 200_000)
    with pytest.raises(PresetError, match="not a preset"):
        presets.load_preset(path)


def test_another_programs_lora_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kohya.safetensors"
    save_file({"lora_unet_x.lora_down.weight": np.zeros((4, 3), np.float32)}, path, {"ss_network_dim": "4"})
    with pytest.raises(PresetError, match="not a preset of this program"):
        presets.load_preset(path)


@pytest.mark.parametrize("keep", [7, 100, -1, -200])
def test_truncated_files_are_refused(saved: Path, keep: int) -> None:
    raw = saved.read_bytes()
    saved.write_bytes(raw[:keep])
    with pytest.raises(PresetError, match=r"damaged|not a preset"):
        presets.load_preset(saved)


def test_one_flipped_bit_is_noticed(saved: Path) -> None:
    raw = bytearray(saved.read_bytes())
    raw[-5] ^= 1
    saved.write_bytes(raw)
    with pytest.raises(PresetError, match="checksum"):
        presets.load_preset(saved)


def test_a_newer_version_is_named(saved: Path) -> None:
    rewrite_header(saved, lambda about: about | {"version": 2})
    with pytest.raises(PresetError, match="version 2") as caught:
        presets.load_preset(saved)
    assert "newest" in caught.value.remedy


@pytest.mark.parametrize(
    "change",
    [
        {"rank": "many"},
        {"rank": 3},
        {"alpha": float("inf")},
        {"neighbours": [{}]},
        {"neighbours": 7},
        {"degradation": None},
        {"training": "none"},
    ],
    ids=str,
)
def test_a_wrong_description_is_refused(saved: Path, change: dict) -> None:
    rewrite_header(saved, lambda about: about | change)
    with pytest.raises(PresetError):
        presets.load_preset(saved)


@pytest.mark.parametrize("missing", ["prior_sha256", "rank", "sha256", "created"])
def test_an_incomplete_description_is_refused(saved: Path, missing: str) -> None:
    rewrite_header(saved, lambda about: {key: value for key, value in about.items() if key != missing})
    with pytest.raises(PresetError, match="damaged"):
        presets.load_preset(saved)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_refused(value: float, tmp_path: Path, monkeypatch) -> None:
    preset = make()
    preset.tensors["conv_in.lora_A.weight"][0, 0, 0, 0] = value
    with pytest.raises(PresetError, match="finite"):
        presets.save_preset(preset, tmp_path / "x.safetensors")
    assert list(tmp_path.glob("*")) == []
    with monkeypatch.context() as patch:  # a file that was written in spite of it
        patch.setattr(preset_format, "_check_tensors", lambda *_: None)
        presets.save_preset(preset, tmp_path / "x.safetensors")
    with pytest.raises(PresetError, match="finite"):
        presets.load_preset(tmp_path / "x.safetensors")


@pytest.mark.parametrize(
    "tensors",
    [
        {},
        {"conv_in.lora_A.weight": np.zeros((RANK, 3, 3, 3), np.float32)},
        {"conv_in.weight": np.zeros((RANK, 3), np.float32)},
        {
            "conv_in.lora_A.weight": np.zeros((RANK + 1, 3, 3, 3), np.float32),
            "conv_in.lora_B.weight": np.zeros((8, RANK + 1, 1, 1), np.float32),
        },
    ],
    ids=["none", "half a pair", "no lora", "other rank"],
)
def test_tensors_must_be_pairs_of_the_rank(tensors: dict, tmp_path: Path) -> None:
    with pytest.raises(PresetError):
        presets.save_preset(replace(make(), tensors=tensors), tmp_path / "x.safetensors")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PresetError, match="There is no preset"):
        presets.load_preset(tmp_path / "none.safetensors")


# The store


def test_an_adaptations_own_name_is_kept() -> None:
    assert presets.add(make("photo (denoise)")) == "photo (denoise)"


def test_the_store_starts_empty() -> None:
    assert presets.list_presets() == ()
    assert not data_dir().exists()


def test_a_name_that_is_taken_gets_a_number() -> None:
    names = [presets.add(make(seed=seed)) for seed in range(3)]
    assert names == ["street at night", "street at night-2", "street at night-3"]
    assert presets.add(make("STREET AT NIGHT")) == "STREET AT NIGHT-4"
    assert np.array_equal(
        presets.get("street at night-2").tensors["conv_in.lora_A.weight"],
        make(seed=1).tensors["conv_in.lora_A.weight"],
    )
    assert [item.name for item in presets.list_presets()] == [*names, "STREET AT NIGHT-4"]


@pytest.mark.parametrize(
    "name",
    [
        "../../evil",
        "/etc/passwd",
        "..",
        "",
        "a\\b",
        "nul",
        "COM1.txt",
        "x" * 500,
        "😀" * 9,
        "e\u0301té",
        "a\0b",
    ],
)
def test_no_name_leaves_the_store(name: str) -> None:
    stored = presets.add(make(name))
    (path,) = presets.store_dir().iterdir()
    assert path == presets.stored_path(stored)
    assert path.resolve().parent == presets.store_dir().resolve()
    assert presets.get(stored).name == stored
    assert len(path.name.encode()) < 160
    assert stored.upper() not in ("NUL", "COM1.TXT")


@pytest.mark.parametrize("name", ["../secret", "..", "", "/etc/passwd", "no\\where"])
def test_asking_for_a_path_is_not_asking_for_a_name(name: str, saved: Path) -> None:
    presets.add(make())
    (presets.store_dir().parent / "secret.safetensors").write_bytes(saved.read_bytes())
    for ask in (presets.get, presets.remove, presets.stored_path):
        with pytest.raises(PresetError, match="There is no preset"):
            ask(name)
    assert (presets.store_dir().parent / "secret.safetensors").exists()


def test_a_damaged_preset_is_listed_and_can_be_removed() -> None:
    presets.add(make("good"))
    (presets.store_dir() / "bad.safetensors").write_bytes(b"junk")
    bad, good = presets.list_presets()
    assert (bad.name, good.name) == ("bad", "good")
    assert "not a preset" in bad.problem
    assert (good.problem, good.rank, good.prior, len(good.neighbours)) == ("", RANK, "starter", 1)
    presets.remove("bad")
    assert [item.name for item in presets.list_presets()] == ["good"]


def test_resolve_knows_paths_and_names(saved: Path) -> None:
    presets.add(make())
    assert presets.resolve(str(saved)) == saved
    assert presets.resolve("street at night") == presets.store_dir() / "street at night.safetensors"
    with pytest.raises(PresetError):
        presets.resolve("unheard of")


# Export and import


def test_our_own_export_is_imported(tmp_path: Path) -> None:
    presets.export_preset(make(), tmp_path / "shared.safetensors")
    name = presets.import_preset(tmp_path / "shared.safetensors")
    assert preset_format.tensors_sha256(presets.get(name).tensors) == preset_format.tensors_sha256(
        make().tensors
    )


def test_a_peft_export_is_imported(tmp_path: Path) -> None:
    presets.export_preset(make(), tmp_path / "out", "peft")
    back = presets.get(presets.import_preset(tmp_path / "out"))
    assert (back.prior_sha256, back.rank, back.alpha) == ("ab" * 32, RANK, 8.0)
    assert preset_format.tensors_sha256(back.tensors) == preset_format.tensors_sha256(make().tensors)


def test_an_unknown_format_is_named(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="'onnx'") as caught:
        presets.export_preset(make(), tmp_path / "out", "onnx")
    assert "adir, peft, diffusers, kohya" in caught.value.remedy


def test_an_export_into_a_folder_replaces_only_when_told(tmp_path: Path) -> None:
    out = tmp_path / "out"
    presets.export_preset(make(), out, "peft")
    (out / "notes.txt").write_text("mine")
    with pytest.raises(BadInput, match="already exists"):
        presets.export_preset(make(seed=1), out, "peft")
    presets.export_preset(make(seed=1), out, "peft", overwrite=True)
    assert presets.load_preset(out).tensors["conv_in.lora_A.weight"][0, 0, 0, 0] == pytest.approx(
        make(seed=1).tensors["conv_in.lora_A.weight"][0, 0, 0, 0]
    )
    assert (out / "notes.txt").read_text() == "mine"


def test_a_full_disk_leaves_no_half_of_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="full"):
        presets.export_preset(make(), tmp_path / "out", "peft")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("config", [None, "{", "{}", '{"r": 2, "lora_alpha": 16}', "[]"])
def test_a_changed_peft_folder_is_refused(config: str | None, tmp_path: Path) -> None:
    presets.export_preset(make(), tmp_path / "out", "peft")
    (tmp_path / "out" / "adapter_config.json").unlink()
    if config is not None:
        (tmp_path / "out" / "adapter_config.json").write_text(config)
    with pytest.raises(PresetError):
        presets.import_preset(tmp_path / "out")


def test_a_foreign_peft_folder_is_not_applied_as_it_is(tmp_path: Path) -> None:
    tensors = {"base_model.model.conv_in.lora_A.weight": np.zeros((2, 3, 3, 3), np.float32)}
    save_file(tensors, tmp_path / "adapter_model.safetensors", {"format": "pt"})
    (tmp_path / "adapter_config.json").write_text('{"r": 2, "lora_alpha": 8}')
    with pytest.raises(PresetError, match="not a preset of this program") as caught:
        presets.load_preset(tmp_path)
    assert "import" in caught.value.remedy
    with pytest.raises(PresetError, match="no preset"):
        presets.import_preset(tmp_path.parent)
    assert presets.list_presets() == ()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_peft_loads_the_export_and_computes_the_same(tmp_path: Path) -> None:
    """y = W x + alpha/r B A x, once with the arrays by hand and once through peft's own loading."""
    import torch
    from diffusers import UNet2DModel
    from peft import PeftModel

    torch.manual_seed(0)
    shape = {
        "block_out_channels": (8, 16),
        "down_block_types": ("DownBlock2D", "DownBlock2D"),
        "up_block_types": ("UpBlock2D", "UpBlock2D"),
        "layers_per_block": 1,
        "norm_num_groups": 4,
        "add_attention": False,
    }
    net = UNet2DModel(sample_size=16, **shape).double().eval()
    convs = {name: part for name, part in net.named_modules() if isinstance(part, torch.nn.Conv2d)}
    rng = np.random.default_rng(0)
    tensors = {}
    for name, conv in convs.items():
        (k, _), cin, cout = conv.kernel_size, conv.in_channels, conv.out_channels
        tensors[f"{name}.lora_A.weight"] = rng.normal(0, 0.1, (RANK, cin, k, k)).astype(np.float32)
        tensors[f"{name}.lora_B.weight"] = rng.normal(0, 0.1, (cout, RANK, 1, 1)).astype(np.float32)
    preset = replace(make(), tensors=tensors)
    presets.export_preset(preset, tmp_path / "out", "peft")

    x, t = torch.randn(1, 3, 16, 16, dtype=torch.float64), torch.tensor([300])
    with torch.no_grad():
        plain = net(x, t, return_dict=False)[0]
        merged = UNet2DModel.from_config(net.config).double().eval()
        merged.load_state_dict(net.state_dict())
        for name, part in merged.named_modules():
            if isinstance(part, torch.nn.Conv2d):
                a = torch.from_numpy(preset.tensors[f"{name}.lora_A.weight"])
                b = torch.from_numpy(preset.tensors[f"{name}.lora_B.weight"])
                part.weight += preset.alpha / preset.rank * torch.einsum("or,rikl->oikl", b[:, :, 0, 0], a)
        expected = merged(x, t, return_dict=False)[0]
        loaded = PeftModel.from_pretrained(net, tmp_path / "out").eval()
        found = loaded(x, t, return_dict=False)[0]
    assert (found - plain).abs().max() > 0.01  # the adapter does something
    assert (found - expected).abs().max() < 1e-6
