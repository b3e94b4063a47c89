"""What programs other than ours are told about a LoRA: ModelSpec 1.0.1, and kohya's training headers.

The bases are those whose LoRAs other programs know; pixel networks have no such names.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adir_desktop.contract import AdaptedPreset
from adir_desktop.errors import PresetError
from adir_desktop.plain import plain

ARCHITECTURE = "modelspec.architecture"
THUMBNAIL, _JPEG = "modelspec.thumbnail", "data:image/jpeg;base64,"


@dataclass(frozen=True)
class Base:
    """A base as other programs name it. version: kohya's ss_base_model_version. v: predicts velocity."""

    architecture: str
    version: str
    side: int
    licence: str
    v: bool = False


BASES = {  # prior -> its names; the registry has none for the upscaler, so its follows the others' pattern
    "stable-diffusion-x4-upscaler": Base(
        "stable-diffusion-v2-x4-upscaler", "sd_v2_v", 512, "CreativeML Open RAIL++-M", v=True
    ),
    "stable-diffusion-inpainting": Base(
        "stable-diffusion-v1-inpainting", "sd_v1", 512, "CreativeML Open RAIL-M"
    ),
    "stable-diffusion-2-inpainting": Base(
        "stable-diffusion-v2-inpainting", "sd_v2", 512, "CreativeML Open RAIL++-M"
    ),
    "stable-diffusion-xl-inpainting": Base(
        "stable-diffusion-xl-v1-base-inpainting", "sdxl_base_v1-0", 1024, "CreativeML Open RAIL++-M"
    ),
}
_BY_WIDTHS = {  # (inputs of conv_in, width of the text) of a person's own checkpoint -> the published base
    (7, 1024): "stable-diffusion-x4-upscaler",
    (9, 768): "stable-diffusion-inpainting",
    (9, 1024): "stable-diffusion-2-inpainting",
    (9, 2048): "stable-diffusion-xl-inpainting",
}
_TRAINED = {  # kohya's name -> that of our training record
    "ss_seed": "seed",
    "ss_steps": "iterations",
    "ss_max_train_steps": "iterations",
    "ss_learning_rate": "learning_rate",
    "ss_unet_lr": "learning_rate",
    "ss_batch_size_per_device": "batch",
    "ss_num_train_images": "photos",
}
_PRECISIONS = {"float32": "no", "float16": "fp16", "bfloat16": "bf16"}


def is_guided(prior: str, layers: Iterable[str]) -> bool:
    """Whether a preset's base is a Stable Diffusion: only there other programs know the layers' names."""
    return prior in BASES or any(".transformer_blocks." in name for name in layers)


def check_guided(preset: AdaptedPreset, program: str) -> None:
    """Raises PresetError: the preset is of a pixel network, which `program` does not know."""
    if not is_guided(preset.prior, preset.tensors):
        raise PresetError(
            f"'{preset.name}' was made for '{preset.prior}', a network of pixels that {program} does not know.",
            "Export it for ADIR Desktop (adir) or for peft (peft).",
        )


def base_of(preset: AdaptedPreset) -> Base:
    """The names of a preset's base. Raises PresetError: it is no base that other programs know."""
    if preset.prior in BASES:
        return BASES[preset.prior]
    shapes = {name: value.shape for name, value in preset.tensors.items()}
    inputs = shapes.get("conv_in.lora_A.weight", (0, 0))[1]
    words = {shape[1] for name, shape in shapes.items() if name.endswith(".attn2.to_k.lora_A.weight")}
    known = _BY_WIDTHS.get((inputs, words.pop())) if len(words) == 1 else None
    if known is None:
        raise PresetError(
            f"Nothing says which Stable Diffusion '{preset.prior}' is.",
            "Export it for diffusers or peft, which do not ask.",
        )
    return BASES[known]


def prior_named(header: Mapping[str, str]) -> str | None:
    """The prior that a header's architecture means, if it is one of ours."""
    architecture = header.get(ARCHITECTURE, "").removesuffix("/lora")
    return next((name for name, base in BASES.items() if base.architecture == architecture), None)


def thumbnail_in(header: Mapping[str, str]) -> bytes:
    """The JPEG of a header, b"" where there is none or another kind of picture."""
    text = header.get(THUMBNAIL, "")
    if not text.startswith(_JPEG):
        return b""
    try:
        return base64.b64decode(text.removeprefix(_JPEG), validate=True)
    except ValueError:
        return b""


def modelspec_header(preset: AdaptedPreset, data_sha256: str) -> dict[str, str]:
    """The `modelspec.*` keys. data_sha256: hex, over the tensors as they lie in the file."""
    base = base_of(preset)
    header = {
        "sai_model_spec": "1.0.1",
        "architecture": f"{base.architecture}/lora",
        "implementation": "diffusers",
        "title": preset.name,
        "description": _description(preset),
        "date": preset.created,
        "hash_sha256": f"0x{data_sha256}",
        "resolution": f"{base.side}x{base.side}",
        "prediction_type": "v" if base.v else "epsilon",
        "license": base.licence,
        "tags": "adir,restoration,few-shot",
        "usage_hint": _hint(preset),
        "thumbnail": _JPEG + base64.b64encode(preset.thumbnail).decode() if preset.thumbnail else "",
    }
    return {f"modelspec.{name}": value for name, value in header.items() if value}


def training_header(preset: AdaptedPreset) -> dict[str, str]:
    """Kohya's `ss_*` keys: the network, its base, and what is known of the training."""
    base = base_of(preset)
    args = {"conv_dim": str(preset.rank), "conv_alpha": str(float(preset.alpha))}
    training = plain(preset.training)
    header: dict[str, Any] = {
        "ss_network_module": "networks.lora",
        "ss_network_dim": preset.rank,
        "ss_network_alpha": float(preset.alpha),
        "ss_network_args": json.dumps(args),
        "ss_base_model_version": base.version,
        "ss_v2": base.version.startswith("sd_v2"),
        "ss_sd_model_name": preset.prior,
        "ss_output_name": preset.name,
        "ss_training_comment": "adapted to similar photos by ADIR Desktop",
        "ss_training_finished_at": _seconds(preset.created),
        "ss_mixed_precision": _PRECISIONS.get(str(training.get("dtype"))),
    }
    header |= {theirs: training.get(ours) for theirs, ours in _TRAINED.items()}
    return {name: str(value) for name, value in header.items() if value is not None}


def _description(preset: AdaptedPreset) -> str:
    """What it was adapted to, with the credit that licences such as CC BY ask for."""
    lines = [f"Adapted by ADIR Desktop from '{preset.prior}' for restoring photographs."]
    for item in preset.neighbours:
        credit = ", ".join(part for part in (item.author, item.licence) if part)
        lines.append(f"Learnt from {item.path.name}{f' ({credit})' if credit else ''}.")
    return "\n".join(lines)


def _hint(preset: AdaptedPreset) -> str:
    """The prompt that it was adapted with, where there was one."""
    prompt = str(preset.training.get("prompt") or "")
    return f"Adapted with the prompt: {prompt}" if prompt else "Strength 1 is as it was adapted."


def _seconds(created: str) -> float | None:
    try:
        return datetime.fromisoformat(created).timestamp()
    except ValueError:
        return None
