"""LoRAs of other programs: read as untrusted files, checked against a prior, and made one of our presets."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import UNet2DConditionModel
from diffusers.utils import convert_unet_state_dict_to_peft
from numpy.typing import NDArray
from peft.utils.other import get_pattern_key
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from adir_desktop.contract import AdaptedPreset
from adir_desktop.engine import lora
from adir_desktop.engine.lora_formats import diffusers, kohya, own, peft_folder
from adir_desktop.engine.lora_formats.modelspec import prior_named, thumbnail_in
from adir_desktop.engine.preset_format import read_header
from adir_desktop.engine.preset_mixing import Change, one_rank
from adir_desktop.engine.priors import PRIORS, load_prior, offered
from adir_desktop.errors import BaseUnknown, PresetError

_TEXT = ("text_encoder", "lora_te_", "lora_te1_", "lora_te2_", "base_model.model.text_model.")
_PREFIXES = ("base_model.model.unet.", "base_model.model.", "unet.", "diffusion_model.")
_HALF = re.compile(r"(?P<module>.+?)\.(?P<part>lora_[AB]\.weight|alpha)")
_PATTERN = re.compile(r"\^?(\w|\.|\\\.)+")  # of a layer's name: what peft writes, and nothing slow to match
MAX_DATE = 40  # characters of a date worth keeping
_ANOTHER = "Use another copy of it."
_KINDS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)

Tensors = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class _Lora:
    """A file as it was found. header: what it says of itself; settings: peft's, where it has them. place: its
    file's name, or its folder's where all files are called alike.
    """

    tensors: Tensors
    header: Mapping[str, str]
    settings: Mapping[str, Any]
    remarks: tuple[str, ...]
    place: str

    @property
    def is_kohya(self) -> bool:
        return any(name.startswith(kohya.UNET) for name in self.tensors)

    @property
    def prior(self) -> str | None:
        """The prior it says it belongs to, if that is one of ours."""
        said = str(self.settings.get("base_model_name_or_path") or "").rpartition("/")[2]
        return prior_named(self.header) or (said if said in PRIORS else None)


def read(path: Path, prior: str | None = None) -> AdaptedPreset:
    """The LoRA of another program in a file, or a folder of peft or diffusers, as a preset for a prior.

    prior: its name, where the file does not say. What differs by layer, ranks and alphas, is made one exactly.
    What was left out is told in the training record under "remarks".

    Raises:
        BaseUnknown: neither the file nor `prior` says which model it belongs to.
        PresetError: it cannot be read, is no plain LoRA, or does not fit the model; the words say where.
        RequestError, ModelError: as in `load_prior`.
    """
    found = _opened(path)
    name = prior or found.prior
    if name is None:
        raise BaseUnknown(
            f"{path.name} does not say which model it belongs to.",
            f"Say it with --prior, one of: {', '.join(offered())}.",
        )
    base = load_prior(name)
    changes = _kohya_changes(found, base.net) if found.is_kohya else _peft_changes(found)
    layers = {layer: [_fitted(base.net, layer, change)] for layer, change in changes.items()}
    tensors, rank, alpha = one_rank(layers)
    lora.check_fit(base.net, tensors, rank)
    training: dict[str, object] = {"made_by": "another program"}
    return AdaptedPreset(
        name=found.header.get("modelspec.title") or found.header.get("ss_output_name") or found.place,
        prior=base.name,
        prior_sha256=base.sha256,
        rank=rank,
        alpha=alpha,
        tensors=tensors,
        training=training | ({"remarks": list(found.remarks)} if found.remarks else {}),
        created=found.header.get("modelspec.date", "")[:MAX_DATE],
        thumbnail=thumbnail_in(found.header),
    )


def _opened(path: Path) -> _Lora:
    weights = own.weights_of(path)
    header = read_header(weights)
    tensors = _tensors(weights)
    if weights.name == peft_folder.WEIGHTS:
        settings = peft_folder.read_settings(weights.parent)
    else:
        settings = _settings(header, weights)
    text = [name for name in tensors if name.startswith(_TEXT)]
    kept = {name: value for name, value in tensors.items() if name not in text}
    if not kept or not any("lora" in name for name in kept):
        what = "changes only the text encoder" if text else "is no LoRA"
        raise PresetError(f"{path.name} {what}.", "Give a LoRA of the network that makes the picture.")
    remarks: tuple[str, ...] = ()
    if text:
        layers = {name.rpartition(".lora")[0] or name for name in text}
        remarks = (
            f"The part for the text encoder ({len(layers)} layers) was left out: it is not adapted here.",
        )
    usual = weights.name in (peft_folder.WEIGHTS, diffusers.WEIGHTS)
    place = weights.absolute().parent.name if usual else weights.stem
    return _Lora(kept, header, settings, remarks, place)


def _tensors(path: Path) -> Tensors:
    """All tensors in float32. Raises PresetError: the file is cut off or damaged, or holds no such numbers."""
    try:
        found = load_file(path)
    except (SafetensorError, OSError, ValueError, KeyError) as error:
        raise PresetError(f"{path.name} is damaged or not complete.", _ANOTHER) from error
    tensors = {}
    for name, value in found.items():
        if value.dtype not in _KINDS:
            kind = str(value.dtype).removeprefix("torch.")
            raise PresetError(f"{path.name} holds numbers of a kind that is not read ({kind}).", _ANOTHER)
        tensors[name] = value.float().numpy()
        if not np.isfinite(tensors[name]).all():
            raise PresetError(f"{path.name} holds values that are no finite numbers.", _ANOTHER)
    return tensors


def _settings(header: Mapping[str, str], path: Path) -> dict[str, Any]:
    """Peft's settings as diffusers keeps them in the header; empty where it has none."""
    try:
        settings = json.loads(header.get(diffusers.SETTINGS, "{}"))
        return {name.removeprefix(diffusers.PREFIX): value for name, value in settings.items()}
    except (ValueError, AttributeError, RecursionError) as error:
        raise PresetError(f"The settings in the header of {path.name} are damaged.", _ANOTHER) from error


def _kohya_changes(found: _Lora, net: nn.Module) -> dict[str, Change]:
    if not isinstance(net, UNet2DConditionModel):
        raise PresetError(
            "It is a LoRA of Stable Diffusion, and the model chosen is not.",
            "Choose the model it was made for.",
        )
    per_block = net.config.layers_per_block
    resnets = per_block if isinstance(per_block, int) else max(per_block)
    return kohya.foreign_changes(found.tensors, lora.changeable_layers(net), resnets)


def _peft_changes(found: _Lora) -> dict[str, Change]:
    """By module path: peft's names, also as diffusers wrote them earlier."""
    tensors = convert_unet_state_dict_to_peft(dict(found.tensors))
    groups: dict[str, dict[str, NDArray[np.float32]]] = {}
    for name, value in tensors.items():
        match = _HALF.fullmatch(_bare(name))
        if match is None:
            raise PresetError(f"{name} is no part of a plain LoRA.", "LoHa, LoKr and DoRA are not read.")
        groups.setdefault(match["module"], {})[match["part"]] = value
    return {module: _change(module, parts, found.settings) for module, parts in groups.items()}


def _bare(name: str) -> str:
    return next((name.removeprefix(prefix) for prefix in _PREFIXES if name.startswith(prefix)), name)


def _change(module: str, parts: Mapping[str, NDArray[np.float32]], settings: Mapping[str, Any]) -> Change:
    a, b = parts.get("lora_A.weight"), parts.get("lora_B.weight")
    if a is None or b is None or a.ndim < 2 or b.ndim < 2 or not a.shape[0]:
        raise PresetError(f"The LoRA of the layer '{module}' is not complete.", _ANOTHER)
    rank = a.shape[0]
    if "alpha" in parts and parts["alpha"].size == 1:
        return Change(a, b, float(parts["alpha"].reshape(-1)[0]) / rank)
    return Change(a, b, _scale(module, rank, settings))


def _scale(module: str, rank: int, settings: Mapping[str, Any]) -> float:
    """Alpha / r as peft has it, or alpha / sqrt(r); 1 without settings."""
    if settings.get("use_dora"):
        raise PresetError("It is a DoRA, which is not read.", "Use a plain LoRA.")
    damaged = PresetError("The LoRA's settings are damaged.", _ANOTHER)
    patterns = settings.get("alpha_pattern") or {}
    if not isinstance(patterns, dict) or not all(_PATTERN.fullmatch(pattern) for pattern in patterns):
        raise damaged
    alpha = patterns.get(get_pattern_key(list(patterns), module), settings.get("lora_alpha", rank))
    if not isinstance(alpha, int | float):
        raise damaged
    return float(alpha) / (math.sqrt(rank) if settings.get("use_rslora") else rank)


def _fitted(net: nn.Module, name: str, change: Change) -> Change:
    """The same change in the shape that the layer has: 1x1 convolutions and linear layers stand for each other."""
    layer = lora.changeable_layers(net).get(name)
    if not math.isfinite(change.scale):
        raise PresetError(f"The alpha of the layer '{name}' is no finite number.", _ANOTHER)
    if layer is None:
        raise PresetError(
            f"It changes a layer that this model does not have: {name}.",
            "Name the model that it was made for.",
        )
    assert isinstance(layer.weight, torch.Tensor)
    shape = layer.weight.shape
    a, b, rank = change.a, change.b, change.rank
    if a.size == rank * math.prod(shape[1:]) and b.size == rank * shape[0]:
        ones = (1,) * (len(shape) - 2)
        return Change(a.reshape(rank, *shape[1:]), b.reshape(shape[0], rank, *ones), change.scale)
    raise PresetError(
        f"It does not fit this model: the layer '{name}' has the shape {tuple(shape)}, "
        f"and the LoRA's is {(b.shape[0], *a.shape[1:])}.",
        "Name the model that it was made for.",
    )
