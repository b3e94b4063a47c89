"""LoRAs of other programs taken in: the same network comes out, and whatever is odd, hostile or of another base is refused."""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from diffusers import UNet2DConditionModel
from diffusers.loaders.lora_conversion_utils import _maybe_map_sgm_blocks_to_diffusers
from diffusers.utils import convert_state_dict_to_diffusers
from peft import LoraConfig, get_peft_model
from peft.utils import get_peft_model_state_dict
from safetensors.torch import save_file

from adir_desktop.contract import Finished, Notice
from adir_desktop.engine import lora, presets, store_jobs
from adir_desktop.engine.lora_formats import foreign, kohya
from adir_desktop.errors import BaseUnknown, PresetError, RequestError
from tests.engine.tiny_diffusion import LAYOUTS, WORDS, output, tiny_pipeline, tiny_preset, tiny_unet

BASE = "stable-diffusion-inpainting"
PRIORS = {**{name: {"name": name} for name in LAYOUTS}, "starter": {"name": "starter"}}
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
Tensors = dict[str, torch.Tensor]


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch, small_net: torch.nn.Module) -> None:
    """Tiny bases stand for the large ones that are installed."""

    def load(name: str) -> SimpleNamespace:
        if name not in PRIORS:
            raise RequestError(f"There is no prior '{name}'.", "")
        net = tiny_unet(name) if name in LAYOUTS else small_net
        return SimpleNamespace(name=name, net=net, sha256=f"sha of {name}")

    monkeypatch.setattr(foreign, "load_prior", load)
    monkeypatch.setattr(foreign, "PRIORS", PRIORS)
    monkeypatch.setattr(foreign, "offered", lambda: PRIORS)


def trained(net: torch.nn.Module, targets: list[str], **settings) -> torch.nn.Module:
    """Peft's own LoRA on some modules, with numbers in it as training leaves them."""
    config = LoraConfig(target_modules=targets, **settings)
    wrapped = get_peft_model(net, config)
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for name, parameter in wrapped.named_parameters():
            if ".lora_" in name:
                parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.2)
    return wrapped.eval()


@torch.no_grad()
def plain_output(wrapped: torch.nn.Module) -> torch.Tensor:
    return output(wrapped.base_model.model)


def taken_output(path: Path, prior: str | None = BASE) -> torch.Tensor:
    preset = presets.get(presets.import_preset(path, prior))
    base = prior or BASE
    assert (preset.prior, preset.prior_sha256) == (base, f"sha of {base}")
    return output(lora.merged(tiny_unet(base), preset.tensors, preset.rank, preset.alpha))


def small_kohya(net: torch.nn.Module | None = None, **ranks: int) -> Tensors:
    """Ranks and alphas that differ by module; convolutions, attention and time's layers."""
    net = net or tiny_unet(BASE)
    generator = torch.Generator().manual_seed(5)
    tensors: Tensors = {}
    for number, (name, layer) in enumerate(lora.changeable_layers(net).items()):
        if name.startswith(("down_blocks.1", "mid_block", "conv_in", "time_embedding")):
            out, *rest = layer.weight.shape
            rank = ranks.get("rank", 1 + number % 3)
            flat = kohya.flat_name(name)
            tensors[f"{flat}.lora_down.weight"] = torch.randn(rank, *rest, generator=generator) * 0.2
            tensors[f"{flat}.lora_up.weight"] = torch.randn(
                out, rank, *[1] * (len(rest) - 1), generator=generator
            )
            tensors[f"{flat}.alpha"] = torch.tensor(0.5 + number % 2)
    return tensors


# The same network comes out


@pytest.mark.parametrize(
    "settings", [{}, {"use_rslora": True}, {"alpha_pattern": {"attn1.to_q": 9, "conv1": 0.5}}]
)
def test_a_folder_of_peft(settings: dict, tmp_path: Path) -> None:
    wrapped = trained(
        tiny_unet(BASE),
        ["to_q", "to_v", "conv1", "time_emb_proj"],
        r=4,
        lora_alpha=6,
        rank_pattern={"to_v": 2},
        **settings,
    )
    wrapped.save_pretrained(tmp_path / "lora")
    assert (taken_output(tmp_path / "lora") - plain_output(wrapped)).abs().max() < 1e-4
    assert (plain_output(wrapped) - output(tiny_unet(BASE))).abs().max() > 0.01


@pytest.mark.parametrize("with_settings", [True, False])
def test_a_file_of_diffusers(with_settings: bool, tmp_path: Path) -> None:
    """Saved by diffusers itself; without settings alpha is the rank, and so it must have been."""
    pipe = tiny_pipeline(BASE, tiny_unet(BASE))
    config = LoraConfig(
        r=4, lora_alpha=7 if with_settings else 4, target_modules=["to_k", "proj_in", "conv2"]
    )
    pipe.unet.add_adapter(config)
    with torch.no_grad():
        for name, parameter in pipe.unet.named_parameters():
            if ".lora_B" in name:
                parameter.normal_(0, 0.2)
    layers = get_peft_model_state_dict(pipe.unet)
    extra = {"unet_lora_adapter_metadata": config.to_dict()} if with_settings else {}
    type(pipe).save_lora_weights(tmp_path, unet_lora_layers=layers, **extra)
    assert (taken_output(tmp_path) - output(pipe.unet)).abs().max() < 1e-4
    old = {f"unet.{name}": value for name, value in convert_state_dict_to_diffusers(layers).items()}
    if not with_settings:
        save_file(old, tmp_path / "old.safetensors")
        assert not any("lora_A" in name for name in old if "to_k" in name)
        assert (taken_output(tmp_path / "old.safetensors") - output(pipe.unet)).abs().max() < 1e-4


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16, torch.float64])
def test_a_file_of_kohya_with_ranks_and_alphas_of_its_own(dtype: torch.dtype, tmp_path: Path) -> None:
    tensors = {name: value.to(dtype) for name, value in small_kohya().items()}
    save_file(tensors, tmp_path / "x.safetensors")
    net = tiny_unet(BASE)
    for name, layer in lora.changeable_layers(net).items():
        flat = kohya.flat_name(name)
        if f"{flat}.alpha" in tensors:
            down, up, alpha = (
                tensors[f"{flat}.{part}"].double() for part in ("lora_down.weight", "lora_up.weight", "alpha")
            )
            delta = alpha / len(down) * torch.einsum("or,ri->oi", up.flatten(1), down.flatten(1))
            layer.weight += delta.view_as(layer.weight).float()
    assert (taken_output(tmp_path / "x.safetensors") - output(net)).abs().max() < 1e-4
    assert (output(tiny_unet(BASE)) - output(net)).abs().max() > 0.01


def test_an_alpha_that_is_missing_is_the_rank(tmp_path: Path) -> None:
    tensors = {name: value for name, value in small_kohya(rank=2).items() if not name.endswith(".alpha")}
    save_file(tensors, tmp_path / "x.safetensors")
    preset = presets.read_any(tmp_path / "x.safetensors", BASE)
    assert (preset.rank, preset.alpha) == (2, 2.0)


def test_what_we_exported_and_others_stripped_comes_back(tmp_path: Path) -> None:
    preset = tiny_preset(tiny_unet(BASE), BASE)
    for form in ("kohya", "diffusers"):
        presets.export_preset(preset, tmp_path / form, form)
        from safetensors import safe_open

        with safe_open(tmp_path / form, "pt") as opened:
            tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
            header = {name: text for name, text in opened.metadata().items() if name != "adir"}
        save_file(tensors, tmp_path / f"{form}.safetensors", header)
        back = presets.read_any(tmp_path / f"{form}.safetensors", None if form == "kohya" else BASE)
        assert (back.prior, back.rank, back.alpha) == (BASE, 3, 5.0)
        assert all(np.array_equal(back.tensors[name], value) for name, value in preset.tensors.items())


def test_stabilitys_own_names_are_understood(tmp_path: Path) -> None:
    """As kohya's scripts name SDXL's layers; diffusers' converter says which of ours each of them is."""
    torch.manual_seed(0)
    net = UNet2DConditionModel(
        sample_size=8, in_channels=9, block_out_channels=(4, 4, 8), norm_num_groups=2, layers_per_block=2,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=2, cross_attention_dim=WORDS, use_linear_projection=True,
    )  # fmt: skip
    names = list(lora.changeable_layers(net))
    attended = lambda path: f"{'.'.join(path.split('.')[:2])}.attentions.0.proj_in" in names  # noqa: E731
    flat = {path: kohya.flat_name(kohya.sgm_name(path, 2, attended=attended(path))) for path in names}
    assert len(set(flat.values())) == len(names)
    inside = [path for path in names if ".attentions." in path]
    keys = {f"{flat[path]}.lora_down.weight": torch.zeros(1) for path in inside}
    found = _maybe_map_sgm_blocks_to_diffusers(dict(keys), net.config)
    blocks = {"input_blocks": "down_blocks", "middle_block": "mid_block", "output_blocks": "up_blocks"}
    for theirs, ours in blocks.items():
        found = {name.replace(theirs, ours): value for name, value in found.items()}
    assert set(found) == {f"{kohya.flat_name(path)}.lora_down.weight" for path in inside}
    assert flat["down_blocks.1.downsamplers.0.conv"] == "lora_unet_input_blocks_6_0_op"
    assert flat["up_blocks.0.upsamplers.0.conv"] == "lora_unet_output_blocks_2_2_conv"
    assert flat["up_blocks.1.resnets.0.conv_shortcut"] == "lora_unet_output_blocks_3_0_skip_connection"
    assert flat["mid_block.resnets.1.time_emb_proj"] == "lora_unet_middle_block_2_emb_layers_1"
    tensors = {f"{flat[path]}.lora_down.weight": np.ones((1, 4), np.float32) for path in names}
    tensors |= {f"{flat[path]}.lora_up.weight": np.ones((4, 1), np.float32) for path in names}
    assert set(kohya.foreign_changes(tensors, names, 2)) == set(names)


def test_a_1x1_convolution_and_a_linear_layer_stand_for_each_other(tmp_path: Path) -> None:
    """Stable Diffusion 1 has proj_in as a convolution, 2 as a linear layer."""
    a, b = torch.randn(2, 16), torch.randn(16, 2)
    flat = kohya.flat_name("mid_block.attentions.0.proj_in")
    tensors = {f"{flat}.lora_down.weight": a, f"{flat}.lora_up.weight": b}
    save_file(tensors, tmp_path / "x.safetensors")
    preset = presets.read_any(tmp_path / "x.safetensors", BASE)
    assert preset.tensors["mid_block.attentions.0.proj_in.lora_A.weight"].shape == (2, 16, 1, 1)


# Which base, and what is left out


def test_a_file_that_does_not_name_its_base_asks_for_it(tmp_path: Path) -> None:
    save_file(small_kohya(), tmp_path / "x.safetensors", {"ss_output_name": "paint"})
    with pytest.raises(BaseUnknown, match="which model") as caught:
        presets.import_preset(tmp_path / "x.safetensors")
    assert BASE in caught.value.remedy
    assert presets.import_preset(tmp_path / "x.safetensors", BASE) == "paint"


def test_a_file_that_names_its_base_does_not(tmp_path: Path) -> None:
    said = {"modelspec.architecture": "stable-diffusion-v1-inpainting/lora", "modelspec.title": "Brush"}
    save_file(small_kohya(), tmp_path / "x.safetensors", said)
    assert presets.get(presets.import_preset(tmp_path / "x.safetensors")).prior == BASE
    trained(tiny_unet(BASE), ["to_q"], r=2).save_pretrained(tmp_path / "lora")
    settings = json.loads((tmp_path / "lora" / "adapter_config.json").read_text())
    settings["base_model_name_or_path"] = f"someone/{BASE}"
    (tmp_path / "lora" / "adapter_config.json").write_text(json.dumps(settings))
    assert presets.read_any(tmp_path / "lora").prior == BASE


@pytest.mark.parametrize("prefix", ["lora_te_text_model_encoder_layers_0_mlp_fc1", "lora_te2_text_model_x"])
def test_the_text_encoders_part_is_left_out_and_told(prefix: str, tmp_path: Path) -> None:
    extra = {f"{prefix}.{part}": torch.ones(2, 2) for part in ("lora_down.weight", "lora_up.weight")}
    save_file(small_kohya() | extra, tmp_path / "x.safetensors")
    *told, done = store_jobs.take_in_preset(tmp_path / "x.safetensors", BASE)
    assert isinstance(done, Finished)
    assert [type(event) for event in told] == [Notice]
    assert "text encoder (1 layers) was left out" in told[0].message
    (stored,) = done.result
    assert presets.remarks(presets.get(stored.name)) == (told[0].message,)
    save_file(extra, tmp_path / "text.safetensors")
    with pytest.raises(PresetError, match="only the text encoder"):
        presets.import_preset(tmp_path / "text.safetensors", BASE)


# What does not fit


def test_a_lora_of_another_base_is_refused_with_the_layer(tmp_path: Path) -> None:
    save_file(small_kohya(), tmp_path / "x.safetensors")
    with pytest.raises(PresetError, match=r"'conv_in' has the shape \(8, 7, 3, 3\).*\(8, 9, 3, 3\)"):
        presets.import_preset(tmp_path / "x.safetensors", "stable-diffusion-x4-upscaler")
    with pytest.raises(PresetError, match="LoRA of Stable Diffusion"):
        presets.import_preset(tmp_path / "x.safetensors", "starter")
    with pytest.raises(RequestError, match="no prior 'nothing'"):
        presets.import_preset(tmp_path / "x.safetensors", "nothing")
    assert presets.list_presets() == ()


def test_our_own_is_refused_for_another_base(tmp_path: Path) -> None:
    presets.export_preset(tiny_preset(tiny_unet(BASE), BASE), tmp_path / "x.safetensors", "kohya")
    with pytest.raises(PresetError, match=f"made for '{BASE}', not for 'starter'"):
        presets.import_preset(tmp_path / "x.safetensors", "starter")


FLAT = kohya.flat_name("mid_block.attentions.0.transformer_blocks.0.attn1.to_q")
HALVES = {f"{FLAT}.lora_down.weight": torch.ones(2, 16), f"{FLAT}.lora_up.weight": torch.ones(16, 2)}
PEFT = {f"mid_block.resnets.0.conv1.lora_{x}.weight": torch.ones(1, 16, 3, 3) for x in "A"}


@pytest.mark.parametrize(
    ("tensors", "reason"),
    [
        (HALVES | {"lora_unet_nowhere.lora_down.weight": torch.ones(1, 1)}, "does not have: lora_unet_nowhere"),
        (HALVES | {n.replace("mid_block_attentions_0", "middle_block_1"): v + 1 for n, v in HALVES.items()}, "twice"),
        (HALVES | {f"{FLAT}.dora_scale": torch.ones(16)}, r"no plain LoRA \(.dora_scale\)"),
        (HALVES | {f"{FLAT}.lora_mid.weight": torch.ones(2, 2)}, "no plain LoRA"),
        ({f"{FLAT}.hada_w1_a": torch.ones(2, 2), f"{FLAT}.lora_x": torch.ones(1)}, "no plain LoRA"),
        ({f"{FLAT}.lora_down.weight": torch.ones(2, 16)}, "no plain LoRA"),
        (HALVES | {f"{FLAT}.alpha": torch.ones(3)}, "alpha of the layer"),
        (HALVES | {f"{FLAT}.alpha": torch.tensor(float("nan"))}, "no finite numbers"),
        (HALVES | {f"{FLAT}.lora_up.weight": torch.full((16, 2), float("inf"))}, "no finite numbers"),
        (HALVES | {f"{FLAT}.lora_up.weight": torch.full((16, 2), 1e300, dtype=torch.float64)}, "no finite"),
        (HALVES | {f"{FLAT}.lora_up.weight": torch.ones(16, 2, dtype=torch.int64)}, "not read .int64."),
        (HALVES | {f"{FLAT}.lora_up.weight": torch.ones(16, 3)}, "does not fit"),
        (HALVES | {f"{FLAT}.lora_down.weight": torch.ones(0, 16), f"{FLAT}.lora_up.weight": torch.ones(16, 0)}, "alpha"),
        (PEFT, "'mid_block.resnets.0.conv1' is not complete"),
        ({"mid_block.lora_A.bias": torch.ones(2), **PEFT}, "no part of a plain LoRA"),
        ({"conv.weight": torch.ones(2, 2)}, "is no LoRA"),
        ({"nowhere.lora_A.weight": torch.ones(1, 2), "nowhere.lora_B.weight": torch.ones(2, 1)}, "not have: nowhere"),
    ],
)  # fmt: skip
def test_odd_tensors_are_refused(tensors: Tensors, reason: str, tmp_path: Path) -> None:
    save_file(tensors, tmp_path / "x.safetensors")
    with pytest.raises(PresetError, match=reason):
        presets.import_preset(tmp_path / "x.safetensors", BASE)
    assert presets.list_presets() == ()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As peft writes it."""
    path = tmp_path_factory.mktemp("peft")
    trained(tiny_unet(BASE), ["to_q"], r=2).save_pretrained(path)
    return path


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _cut_header(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def _huge_header(path: Path) -> None:
    path.write_bytes(struct.pack("<Q", 1 << 60) + path.read_bytes()[8:])


def _nested(path: Path) -> None:
    deep = b"[" * 100_000
    path.write_bytes(struct.pack("<Q", len(deep)) + deep)


def _list(path: Path) -> None:
    path.write_bytes(struct.pack("<Q", 4) + b"[1]  ")


def _zip(path: Path) -> None:
    torch.save({"x": torch.ones(1)}, path)


def _pickle(path: Path) -> None:
    torch.save({"x": torch.ones(1)}, path, _use_new_zipfile_serialization=False)


def _gone(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (_cut, "damaged or not complete"),
        (_cut_header, "damaged|not a preset"),
        (_huge_header, "not a preset"),
        (_nested, "not a preset|damaged"),
        (_list, "not a preset|damaged"),
        (_zip, "it is a pickle"),
        (_pickle, "it is a pickle"),
        (_gone, "There is no preset"),
    ],
)
def test_damaged_files_are_refused(harm: Callable[[Path], None], reason: str, tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    save_file(small_kohya(), path)
    harm(path)
    with pytest.raises(PresetError, match=reason):
        presets.import_preset(path, BASE)


@pytest.mark.parametrize(
    "settings",
    [
        {"lora_alpha": "x"},
        {"lora_alpha": float("nan")},
        {"alpha_pattern": {"(a+)+$": 1}},
        {"alpha_pattern": {"to_q": None}},
        {"alpha_pattern": [1]},
        {"use_dora": True},
    ],
    ids=str,
)
def test_odd_settings_are_refused(settings: dict, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | settings))
    with pytest.raises(PresetError):
        presets.import_preset(tmp_path, BASE)


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000, " " * 2_000_000 + "{}"], ids=range(5))
def test_damaged_settings_are_refused(text: str, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "adapter_config.json").write_text(text)
    with pytest.raises(PresetError, match="damaged"):
        presets.import_preset(tmp_path, BASE)


@pytest.mark.parametrize("text", ["{", "[1]", "[" * 100_000])
def test_damaged_settings_in_the_header_are_refused(text: str, tmp_path: Path) -> None:
    pair = {f"unet.conv_in.lora_{x}.weight": torch.ones(1, 9, 3, 3) for x in "AB"}
    save_file(pair, tmp_path / "x.safetensors", {"lora_adapter_metadata": text})
    with pytest.raises(PresetError, match="header"):
        presets.import_preset(tmp_path / "x.safetensors", BASE)


def test_a_pickle_in_a_folder_is_refused(tmp_path: Path) -> None:
    torch.save({}, tmp_path / "adapter_model.bin")
    with pytest.raises(PresetError, match="it is a pickle") as caught:
        presets.import_preset(tmp_path, BASE)
    assert ".safetensors" in caught.value.remedy
