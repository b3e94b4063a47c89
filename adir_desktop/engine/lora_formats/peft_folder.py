"""The folder of peft: the tensors, and a file of settings beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adir_desktop.contract import AdaptedPreset
from adir_desktop.engine.lora_formats.diffusers import peft_settings
from adir_desktop.engine.preset_format import Tensors, decode, encode
from adir_desktop.errors import PresetError

WEIGHTS = "adapter_model.safetensors"
SETTINGS = "adapter_config.json"
PREFIX = "base_model.model."
MAX_SETTINGS = 2**20  # bytes


def files(preset: AdaptedPreset) -> dict[str, bytes]:
    """The folder's files by name. Raises PresetError: as in `preset_format.encode`."""
    settings = json.dumps(peft_settings(preset), indent=2).encode()
    return {WEIGHTS: encode(preset, PREFIX), SETTINGS: settings}


def load(folder: Path) -> AdaptedPreset:
    """The preset in a folder of ours, verified. Raises PresetError: it is of another program, or changed."""
    preset = decode(folder / WEIGHTS, _named)
    settings = read_settings(folder)
    try:
        agrees = (settings["r"], float(settings["lora_alpha"])) == (preset.rank, preset.alpha)
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(folder) from error
    if not agrees:
        raise PresetError(f"{SETTINGS} in {folder} was changed.", "Export the preset again.")
    return preset


def read_settings(folder: Path) -> dict[str, Any]:
    """What the folder's file of settings says. Raises PresetError: it is missing or damaged."""
    path = folder / SETTINGS
    try:
        settings = json.loads(path.read_bytes()) if path.stat().st_size <= MAX_SETTINGS else None
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(folder) from error
    if not isinstance(settings, dict):
        raise _damaged(folder)
    return settings


def _named(tensors: Tensors, _about: Mapping[str, Any]) -> Tensors:
    return {name.removeprefix(PREFIX): value for name, value in tensors.items()}


def _damaged(folder: Path) -> PresetError:
    return PresetError(f"The preset {folder} is damaged: see {SETTINGS}.", "Export it again.")
