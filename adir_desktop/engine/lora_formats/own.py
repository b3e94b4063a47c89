"""What this program wrote, in whatever form: it says all about itself, so that nothing has to be asked or guessed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adir_desktop.contract import AdaptedPreset
from adir_desktop.engine.lora_formats import diffusers, kohya, peft_folder
from adir_desktop.engine.preset_format import KEY, Tensors, decode, read_header
from adir_desktop.errors import PresetError

_ZIP = b"PK\x03\x04"  # torch's files since 1.6
_PICKLES = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")


def weights_of(path: Path) -> Path:
    """The file with the tensors: itself, or that of a folder.

    Raises:
        PresetError: there is none in the folder, or it is a pickle.
    """
    if not path.is_dir():
        _refuse_pickle(path)
        return path
    for name in (peft_folder.WEIGHTS, diffusers.WEIGHTS):
        if (path / name).is_file():
            return path / name
    for name in ("adapter_model.bin", "pytorch_lora_weights.bin"):
        _refuse_pickle(path / name)
    raise PresetError(
        f"{path} is no preset.", f"Give a preset file, or a folder with {peft_folder.WEIGHTS} in it."
    )


def is_own(path: Path) -> bool:
    """Whether a file or folder says that this program wrote it. Raises PresetError: it cannot be read."""
    return KEY in read_header(weights_of(path))


def load(path: Path) -> AdaptedPreset:
    """The preset in a file or folder of ours, verified against its checksum.

    Raises:
        PresetError: there is no such file, it was not made by this program, or it is damaged.
    """
    weights = weights_of(path)
    if weights.name == peft_folder.WEIGHTS:
        return peft_folder.load(weights.parent)
    header = read_header(weights)

    def named(tensors: Tensors, about: Mapping[str, Any]) -> Tensors:
        if any(name.startswith(kohya.UNET) for name in tensors):
            return kohya.own_tensors(tensors, map(str, about["modules"]), float(about["alpha"]))
        if diffusers.SETTINGS in header:
            settings = json.loads(header[diffusers.SETTINGS])
            if float(settings[f"{diffusers.PREFIX}lora_alpha"]) != float(about["alpha"]):
                raise ValueError("alpha was changed")
            return {name.removeprefix(diffusers.PREFIX): value for name, value in tensors.items()}
        return tensors

    return decode(weights, named)


def _refuse_pickle(path: Path) -> None:
    """The older kind of file, .pt, .bin or .ckpt, as what it is and not by its name."""
    try:
        with path.open("rb") as stream:
            start = stream.read(len(_ZIP))
    except OSError:  # whoever reads it finds the words
        return
    if start == _ZIP or start[:2] in _PICKLES:
        raise PresetError(
            f"{path} is not a preset of this program: it is a pickle, and opening it can run anything.",
            "Get the same LoRA as a .safetensors file.",
        )
