"""The file of kohya's scripts, which ComfyUI and A1111 read: down, up and alpha for every module.

lora_unet_mid_block_resnets_0_conv1.lora_down.weight   (r, i, *kernel)
lora_unet_mid_block_resnets_0_conv1.lora_up.weight     (o, r, 1, ...)
lora_unet_mid_block_resnets_0_conv1.alpha              (), the change is alpha / r times up down
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save as serialise_tensors

from adir_desktop.contract import AdaptedPreset
from adir_desktop.engine.lora_formats.modelspec import check_guided, modelspec_header, training_header
from adir_desktop.engine.preset_format import KEY, checked, describe
from adir_desktop.engine.preset_mixing import Change, changes_of
from adir_desktop.errors import PresetError

UNET = "lora_unet_"
_LEGACY_START, _LEGACY_LENGTH = 0x100000, 0x10000  # the bytes that the oldest hash of A1111 looks at
_DOWN, _UP, _ALPHA = ".lora_down.weight", ".lora_up.weight", ".alpha"

_OTHER_BASE = "Name the model that it was made for."
_OUTSIDE = {  # layers outside the blocks, by their names in diffusers -> in Stability's code
    "conv_in": "input_blocks.0.0",
    "conv_out": "out.2",
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
}
_RESNET = {  # the same inside a residual block
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}

Tensors = Mapping[str, NDArray[np.float32]]


def encode(preset: AdaptedPreset) -> bytes:
    """The file's bytes, with our own description beside the headers of others.

    Raises:
        PresetError: the preset is of a pixel network, no LoRA, or holds numbers that are not finite.
    """
    check_guided(preset, "kohya's format")
    checked(preset)
    tensors: dict[str, NDArray[np.float32]] = {}
    for name, change in changes_of(preset).items():
        flat = flat_name(name)
        tensors[flat + _DOWN] = np.ascontiguousarray(change.a, np.float32)
        tensors[flat + _UP] = np.ascontiguousarray(change.b, np.float32)
        tensors[flat + _ALPHA] = np.array(preset.alpha, np.float32)
    training = training_header(preset)
    model_hash, legacy_hash = hashes(serialise_tensors(tensors, training))
    header = training | {"sshs_model_hash": model_hash, "sshs_legacy_hash": legacy_hash}
    header |= modelspec_header(preset, model_hash) | {"format": "pt", KEY: describe(preset)}
    return serialise_tensors(tensors, header)


def hashes(content: bytes) -> tuple[str, str]:
    """sshs_model_hash, over the tensors alone, and sshs_legacy_hash, over 64 KiB at 1 MiB, as kohya's scripts
    take them of a file whose header holds nothing but the `ss_*` keys.
    """
    data = 8 + int.from_bytes(content[:8], "little")
    legacy = content[_LEGACY_START : _LEGACY_START + _LEGACY_LENGTH]
    return hashlib.sha256(content[data:]).hexdigest(), hashlib.sha256(legacy).hexdigest()[:8]


def flat_name(module: str) -> str:
    """The name of a module's path here: "mid_block.attentions.0" -> "lora_unet_mid_block_attentions_0"."""
    return UNET + module.replace(".", "_")


def own_tensors(tensors: Tensors, modules: Iterable[str], alpha: float) -> dict[str, NDArray[np.float32]]:
    """The tensors of a file of ours under peft's names. modules: their paths, which the flat names do not tell.

    Raises:
        KeyError: a module is missing. ValueError: there are others, or an alpha was changed.
    """
    found: dict[str, NDArray[np.float32]] = {}
    for name in modules:
        flat = flat_name(name)
        if float(tensors[flat + _ALPHA]) != np.float32(alpha):
            raise ValueError("an alpha was changed")
        found[f"{name}.lora_A.weight"] = tensors[flat + _DOWN]
        found[f"{name}.lora_B.weight"] = tensors[flat + _UP]
    if len(tensors) * 2 != len(found) * 3:
        raise ValueError("there are other tensors")
    return found


def foreign_changes(tensors: Tensors, modules: Iterable[str], resnets: int) -> dict[str, Change]:
    """What a file of another program changes, by module path.

    modules: paths of the network's layers: only they tell flat names apart. resnets: the network's
    layers_per_block, which the names of Stability's own code count by (kohya uses those for SDXL).

    Raises:
        PresetError: a module is not one of the network's, or its tensors are no plain LoRA.
    """
    paths: dict[str, str] = {}
    known = set(modules)
    for path in known:
        attended = f"{'.'.join(path.split('.')[:2])}.attentions.0.proj_in" in known
        paths |= {flat_name(sgm_name(path, resnets, attended=attended)): path, flat_name(path): path}
    changes: dict[str, Change] = {}
    for flat, parts in _grouped(tensors).items():
        if flat not in paths:
            raise PresetError(f"It changes a layer that this model does not have: {flat}.", _OTHER_BASE)
        if paths[flat] in changes:
            raise PresetError(
                f"It changes a layer twice, under two names: {flat}.", "Use another copy of it."
            )
        changes[paths[flat]] = _change(flat, parts)
    return changes


def sgm_name(path: str, resnets: int, *, attended: bool) -> str:
    """The path of a layer in Stability's own code ("input_blocks.4.1.proj_in").

    resnets: as in `foreign_changes`. attended: there is attention in its block, which shifts what follows.
    """
    parts = path.split(".")
    if parts[0] not in ("down_blocks", "mid_block", "up_blocks"):
        return _OUTSIDE.get(path, path)
    if parts[0] == "mid_block":
        number = 2 * int(parts[2]) + (parts[1] == "attentions")
        return f"middle_block.{number}.{_sgm_inner(parts[3:])}"
    block, kind, layer = int(parts[1]), parts[2], int(parts[3])
    first = block * (resnets + 1)
    if kind == "downsamplers":
        return f"input_blocks.{first + resnets + 1}.0.op"
    if kind == "upsamplers":
        return f"output_blocks.{first + resnets}.{1 + attended}.conv"
    place = f"{int(kind == 'attentions')}.{_sgm_inner(parts[4:])}"
    if parts[0] == "down_blocks":
        return f"input_blocks.{first + 1 + layer}.{place}"
    return f"output_blocks.{first + layer}.{place}"


def _sgm_inner(parts: list[str]) -> str:
    inner = ".".join(parts)
    return _RESNET.get(inner, inner)


def _grouped(tensors: Tensors) -> dict[str, dict[str, NDArray[np.float32]]]:
    """The tensors of each module by what follows its name."""
    groups: dict[str, dict[str, NDArray[np.float32]]] = {}
    for name, value in tensors.items():
        flat, dot, part = name.partition(".")
        groups.setdefault(flat, {})[dot + part] = value
    return groups


def _change(flat: str, parts: dict[str, Any]) -> Change:
    down, up, alpha = parts.get(_DOWN), parts.get(_UP), parts.get(_ALPHA)
    others = parts.keys() - {_DOWN, _UP, _ALPHA}
    if others or down is None or up is None or down.ndim < 2 or up.ndim < 2:
        kind = f" ({', '.join(sorted(others))})" if others else ""
        raise PresetError(
            f"{flat} is no plain LoRA{kind}.", "LoHa, LoKr, DoRA and Tucker forms are not read."
        )
    rank = down.shape[0]
    value = rank if alpha is None else float(alpha.reshape(-1)[0]) if alpha.size == 1 else math.nan
    return Change(down, up, value / rank if rank else math.nan)
