"""Presets for other programs: what plain diffusers and peft compute with them is what the program computes."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import UNet2DConditionModel
from diffusers.loaders.lora_conversion_utils import _convert_unet_lora_key
from diffusers.utils import convert_unet_state_dict_to_peft
from peft import PeftModel
from safetensors import safe_open
from safetensors.numpy import load_file, save

from adir_desktop.contract import AdaptedPreset, Neighbour
from adir_desktop.engine import lora, presets
from adir_desktop.engine.lora_formats import kohya, modelspec
from adir_desktop.engine.preset_format import tensors_sha256
from adir_desktop.errors import BadInput, PresetError
from tests.engine.tiny_diffusion import LAYOUTS, output, tiny_pipeline, tiny_preset, tiny_unet

BASES = sorted(LAYOUTS)
FORMS = ("adir", "peft", "diffusers", "kohya")
PUBLISHED = {
    "x4-upscaler": {
        "in_channels": 7,
        "block_out_channels": (256, 512, 512, 1024),
        "down_block_types": ("DownBlock2D", *["CrossAttnDownBlock2D"] * 3),
        "up_block_types": (*["CrossAttnUpBlock2D"] * 3, "UpBlock2D"),
        "cross_attention_dim": 1024,
        "num_class_embeds": 1000,
        "only_cross_attention": (True, True, True, False),
        "use_linear_projection": True,
    },
    "inpainting": {"in_channels": 9, "cross_attention_dim": 768},
}
PUBLISHED_SIZES = {"x4-upscaler": 473_398_020, "inpainting": 859_535_364}
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def full(base: str = BASES[0], **changes) -> AdaptedPreset:
    """With everything that a preset can know; rank 3, alpha 5."""
    near = Neighbour("cd" * 32, Path("/home/someone/dune.jpg"), 0.9, 12.5, "A. Person", "CC BY 2.0")
    preset = replace(
        tiny_preset(tiny_unet(base), base),
        neighbours=(near,),
        degradation={"steps": [{"kind": "downscale", "factor": 4}], "noise_std": 0.0},
        training={
            "iterations": 40,
            "seed": 7,
            "learning_rate": 2e-3,
            "batch": 3,
            "photos": 8,
            "dtype": "bfloat16",
        }
        | {"prompt": "a dune"},
        created="2026-01-02T03:04:05+00:00",
        thumbnail=b"\xff\xd8 a picture \xff\xd9",
    )
    return replace(preset, **changes)


def target(folder: Path, form: str) -> Path:
    return folder / ("out" if form == "peft" else "out.safetensors")


def header(path: Path) -> dict[str, str]:
    with safe_open(path, "np") as opened:
        return opened.metadata()


def merged_output(base: str, preset: AdaptedPreset) -> torch.Tensor:
    return output(lora.merged(tiny_unet(base), preset.tensors, preset.rank, preset.alpha))


# What other programs compute


@pytest.mark.parametrize("form", ["diffusers", "kohya"])
@pytest.mark.parametrize("base", BASES)
def test_a_pipeline_of_diffusers_computes_the_same(base: str, form: str, tmp_path: Path) -> None:
    preset = full(base)
    assert preset.alpha != preset.rank
    assert any(value.ndim == 4 for value in preset.tensors.values())
    presets.export_preset(preset, target(tmp_path, form), form)
    pipe = tiny_pipeline(base, tiny_unet(base))
    pipe.load_lora_weights(target(tmp_path, form))
    expected = merged_output(base, preset)
    assert (output(pipe.unet) - expected).abs().max() < 1e-4
    assert (output(tiny_unet(base)) - expected).abs().max() > 0.01


@pytest.mark.parametrize("base", BASES)
def test_peft_computes_the_same(base: str, tmp_path: Path) -> None:
    preset = full(base)
    presets.export_preset(preset, tmp_path / "out", "peft")
    loaded = PeftModel.from_pretrained(tiny_unet(base), tmp_path / "out").eval()
    with torch.no_grad():
        found = output(loaded.base_model.model)
    assert (found - merged_output(base, preset)).abs().max() < 1e-4


def test_diffusers_finds_the_file_in_a_folder_and_keeps_alpha(tmp_path: Path) -> None:
    presets.export_preset(full(alpha=1.5), tmp_path, "diffusers")
    assert [path.name for path in tmp_path.iterdir()] == ["pytorch_lora_weights.safetensors"]
    pipe = tiny_pipeline(BASES[0], tiny_unet(BASES[0]))
    pipe.load_lora_weights(tmp_path)
    (config,) = pipe.unet.peft_config.values()
    assert (config.r, config.lora_alpha) == (3, 1.5)
    assert (output(pipe.unet) - merged_output(BASES[0], full(alpha=1.5))).abs().max() < 1e-4


def test_without_the_header_diffusers_would_be_wrong(tmp_path: Path) -> None:
    """The pitfall itself: it is alpha in the header that the tests above rest on."""
    preset = full()
    presets.export_preset(preset, tmp_path / "out.safetensors", "diffusers")
    (tmp_path / "bare.safetensors").write_bytes(save(load_file(tmp_path / "out.safetensors")))
    pipe = tiny_pipeline(BASES[0], tiny_unet(BASES[0]))
    pipe.load_lora_weights(tmp_path / "bare.safetensors")
    assert (output(pipe.unet) - merged_output(BASES[0], preset)).abs().max() > 1e-3


# All that is said comes back


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("base", BASES)
def test_every_form_comes_back_with_its_whole_history(base: str, form: str, tmp_path: Path) -> None:
    preset = full(base)
    presets.export_preset(preset, target(tmp_path, form), form, thumbnail=True)
    back = presets.get(presets.import_preset(target(tmp_path, form)))
    assert tensors_sha256(back.tensors) == tensors_sha256(preset.tensors)
    same = (
        "name",
        "prior",
        "prior_sha256",
        "rank",
        "alpha",
        "degradation",
        "training",
        "created",
        "thumbnail",
    )
    assert [getattr(back, name) for name in same] == [getattr(preset, name) for name in same]
    assert [(item.id, item.author, item.licence) for item in back.neighbours] == [
        ("cd" * 32, "A. Person", "CC BY 2.0")
    ]
    assert b"someone" not in b"".join(path.read_bytes() for path in tmp_path.rglob("*.*"))


@pytest.mark.parametrize("form", FORMS)
def test_the_photos_picture_stays_here_unless_it_is_asked_for(form: str, tmp_path: Path) -> None:
    preset = full()
    presets.export_preset(preset, target(tmp_path, form), form)
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*.*"))
    assert base64.b64encode(preset.thumbnail) not in written
    assert b"image/jpeg" not in written
    assert presets.load_preset(target(tmp_path, form)).thumbnail == b""


@pytest.mark.parametrize("form", FORMS)
def test_every_form_can_be_applied_without_import(form: str, tmp_path: Path) -> None:
    presets.export_preset(full(), target(tmp_path, form), form)
    assert presets.load_preset(target(tmp_path, form)).alpha == 5.0


@pytest.mark.parametrize("form", ["diffusers", "kohya"])
def test_a_changed_alpha_is_noticed(form: str, tmp_path: Path) -> None:
    path = target(tmp_path, form)
    presets.export_preset(full(), path, form)
    tensors, said = load_file(path), header(path)
    if form == "kohya":
        name = next(name for name in tensors if name.endswith(".alpha"))
        tensors[name] = np.array(8.0, np.float32)
    else:
        settings = json.loads(said["lora_adapter_metadata"]) | {"unet.lora_alpha": 8}
        said["lora_adapter_metadata"] = json.dumps(settings)
    path.write_bytes(save(tensors, said))
    with pytest.raises(PresetError, match="damaged"):
        presets.import_preset(path)


def test_a_module_more_or_less_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "out.safetensors"
    presets.export_preset(full(), path, "kohya")
    tensors, said = load_file(path), header(path)
    path.write_bytes(save({n: v for n, v in tensors.items() if "conv_in" not in n}, said))
    with pytest.raises(PresetError, match="damaged"):
        presets.import_preset(path)
    path.write_bytes(save(tensors | {"lora_te_x.alpha": np.array(1.0, np.float32)}, said))
    with pytest.raises(PresetError, match="damaged"):
        presets.import_preset(path)


# What kohya's tools read


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    presets.export_preset(full(), tmp_path / "out.safetensors", "kohya", thumbnail=True)
    return tmp_path / "out.safetensors"


def test_every_module_has_its_three_tensors(exported: Path) -> None:
    tensors = load_file(exported)
    layers = lora.adaptable_layers(tiny_unet(BASES[0]))
    parts = ("lora_down.weight", "lora_up.weight", "alpha")
    flat = {f"lora_unet_{name.replace('.', '_')}": name for name in layers}
    assert set(tensors) == {f"{name}.{part}" for name in flat for part in parts}
    preset = full()
    for name, path in flat.items():
        assert tensors[f"{name}.alpha"].shape == ()
        assert tensors[f"{name}.alpha"] == 5.0
        assert np.array_equal(tensors[f"{name}.lora_down.weight"], preset.tensors[f"{path}.lora_A.weight"])
        assert np.array_equal(tensors[f"{name}.lora_up.weight"], preset.tensors[f"{path}.lora_B.weight"])


def test_the_headers_say_what_it_is(exported: Path) -> None:
    said = header(exported)
    assert (said["ss_network_module"], said["ss_network_dim"]) == ("networks.lora", "3")
    assert float(said["ss_network_alpha"]) == 5.0
    assert json.loads(said["ss_network_args"]) == {"conv_dim": "3", "conv_alpha": "5.0"}
    assert (said["ss_base_model_version"], said["ss_v2"]) == ("sd_v1", "False")
    assert (said["ss_seed"], said["ss_steps"], said["ss_learning_rate"]) == ("7", "40", "0.002")
    assert (said["ss_mixed_precision"], said["ss_num_train_images"]) == ("bf16", "8")
    assert said["modelspec.sai_model_spec"] == "1.0.1"
    assert said["modelspec.architecture"] == "stable-diffusion-v1-inpainting/lora"
    assert (said["modelspec.implementation"], said["modelspec.title"]) == ("diffusers", "beach")
    assert said["modelspec.date"] == "2026-01-02T03:04:05+00:00"
    assert "dune.jpg (A. Person, CC BY 2.0)" in said["modelspec.description"]
    assert said["modelspec.license"] == "CreativeML Open RAIL-M"
    assert "a dune" in said["modelspec.usage_hint"]
    assert said["modelspec.tags"]
    picture = said["modelspec.thumbnail"].removeprefix("data:image/jpeg;base64,")
    assert base64.b64decode(picture) == full().thumbnail


def test_the_upscaler_is_named_as_the_others_are(tmp_path: Path) -> None:
    presets.export_preset(full("stable-diffusion-x4-upscaler"), tmp_path / "out.safetensors", "kohya")
    said = header(tmp_path / "out.safetensors")
    assert said["modelspec.architecture"] == "stable-diffusion-v2-x4-upscaler/lora"
    assert (said["modelspec.prediction_type"], said["ss_base_model_version"], said["ss_v2"]) == (
        "v",
        "sd_v2_v",
        "True",
    )


def test_the_hashes_are_those_of_kohyas_scripts(tmp_path: Path) -> None:
    """Recomputed from the file as written, and large enough for the old hash to see something."""
    preset = full()
    large = np.random.default_rng(0).normal(0, 1, (3, 120_000)).astype(np.float32)
    pair = {"x.lora_A.weight": large, "x.lora_B.weight": np.ones((4, 3), np.float32)}
    path = tmp_path / "out.safetensors"
    presets.export_preset(replace(preset, tensors={**preset.tensors, **pair}), path, "kohya")
    content, said = path.read_bytes(), header(path)
    start = 8 + struct.unpack("<Q", content[:8])[0]
    data = hashlib.sha256(content[start:]).hexdigest()
    assert said["sshs_model_hash"] == data
    assert said["modelspec.hash_sha256"] == f"0x{data}"
    bare = io.BytesIO(
        save(load_file(path), {name: text for name, text in said.items() if name.startswith("ss_")})
    )
    bare.seek(0x100000)
    assert said["sshs_legacy_hash"] == hashlib.sha256(bare.read(0x10000)).hexdigest()[:8]
    assert said["sshs_legacy_hash"] != hashlib.sha256(b"").hexdigest()[:8]


def test_a_persons_own_checkpoint_is_known_by_its_widths() -> None:
    shapes = {"conv_in.lora_A.weight": (1, 9, 3, 3), "mid_block.attn2.to_k.lora_A.weight": (1, 1024)}
    tensors = {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}
    preset = AdaptedPreset("x", "file:mine", "", 1, 1.0, tensors)
    assert modelspec.base_of(preset).architecture == "stable-diffusion-v2-inpainting"
    for name, shape in (
        ("conv_in.lora_A.weight", (1, 4, 3, 3)),
        ("mid_block.attn2.to_k.lora_A.weight", (1, 5)),
    ):
        other = replace(preset, tensors=tensors | {name: np.zeros(shape, np.float32)})
        with pytest.raises(PresetError, match="which Stable Diffusion"):
            modelspec.base_of(other)


# What makes no sense


@pytest.mark.parametrize("form", ["diffusers", "kohya"])
def test_presets_of_pixel_networks_keep_to_their_own_forms(form: str, tmp_path: Path) -> None:
    tensors = {
        "conv_in.lora_A.weight": np.ones((2, 3, 3, 3), np.float32),
        "conv_in.lora_B.weight": np.ones((8, 2, 1, 1), np.float32),
    }
    with pytest.raises(PresetError, match="a network of pixels") as caught:
        presets.export_preset(AdaptedPreset("p", "starter", "", 2, 1.0, tensors), tmp_path / "out", form)
    assert "peft" in caught.value.remedy
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", FORMS)
def test_numbers_that_are_not_finite_are_not_exported(form: str, tmp_path: Path) -> None:
    preset = full()
    spoilt = {name: value.copy() for name, value in preset.tensors.items()}
    spoilt["conv_in.lora_A.weight"][0] = np.nan
    with pytest.raises(PresetError, match="finite"):
        presets.export_preset(replace(preset, tensors=spoilt), tmp_path / "out", form)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_replaced_unless_told(form: str, tmp_path: Path) -> None:
    presets.export_preset(full(), target(tmp_path, form), form)
    with pytest.raises(BadInput, match="already exists"):
        presets.export_preset(full(), target(tmp_path, form), form)
    presets.export_preset(full(name="b"), target(tmp_path, form), form, overwrite=True)
    assert presets.load_preset(target(tmp_path, form)).name == "b"


@pytest.mark.parametrize("layout", ["x4-upscaler", "inpainting"])
def test_other_programs_find_every_layer_of_the_published_networks(layout: str) -> None:
    """Flat names taken apart by the rules of diffusers, which knows no network there."""
    with torch.device("meta"):
        net = UNet2DConditionModel(**PUBLISHED[layout])
    assert sum(value.numel() for value in net.parameters()) == PUBLISHED_SIZES[layout]
    names = list(lora.changeable_layers(net))
    assert len({kohya.flat_name(name) for name in names}) == len(names)
    for name in lora.adaptable_layers(net):
        theirs = _convert_unet_lora_key(f"{kohya.flat_name(name)}.lora_down.weight")
        assert list(convert_unet_state_dict_to_peft({theirs: 0})) == [f"{name}.lora_A.weight"]
