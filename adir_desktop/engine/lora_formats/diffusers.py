"""The file of diffusers, `pytorch_lora_weights.safetensors`, and the settings of peft that both share.

Alpha stands in the header: without it diffusers takes alpha = rank, and a LoRA with another one is too strong
or too weak.
"""

from __future__ import annotations

import json
from typing import Any

from safetensors.numpy import save as serialise_tensors

from adir_desktop.contract import AdaptedPreset
from adir_desktop.engine.lora_formats.modelspec import check_guided
from adir_desktop.engine.preset_format import KEY, checked, describe, modules

WEIGHTS = "pytorch_lora_weights.safetensors"
SETTINGS = "lora_adapter_metadata"  # of the header: peft's settings as JSON, each name with `PREFIX`
PREFIX = "unet."


def encode(preset: AdaptedPreset) -> bytes:
    """The file's bytes, with our own description in the header too.

    Raises:
        PresetError: the preset is of a pixel network, no LoRA, or holds numbers that are not finite.
    """
    check_guided(preset, "a pipeline of diffusers")
    tensors = {PREFIX + name: value for name, value in checked(preset).items()}
    settings = {PREFIX + name: value for name, value in peft_settings(preset).items()}
    header = {"format": "pt", SETTINGS: json.dumps(settings, sort_keys=True), KEY: describe(preset)}
    return serialise_tensors(tensors, header)


def peft_settings(preset: AdaptedPreset) -> dict[str, Any]:
    """As the installed peft writes them, with every setting that it knows; JSON-able."""
    from peft import LoraConfig  # takes seconds, and nothing else here needs it

    alpha = float(preset.alpha)
    config = LoraConfig(
        base_model_name_or_path=preset.prior,
        r=preset.rank,
        lora_alpha=int(alpha) if alpha.is_integer() else alpha,
        target_modules=modules(preset.tensors),
        inference_mode=True,
    )
    settings: dict[str, Any] = json.loads(json.dumps(config.to_dict(), default=sorted))
    return settings
