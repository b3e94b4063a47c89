"""The preset file: safetensors, with a preset's whole history as JSON in the header; verified on load."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load as parse_tensors
from safetensors.numpy import save as serialise_tensors

from adir_desktop.contract import AdaptedPreset, Neighbour
from adir_desktop.errors import PresetError
from adir_desktop.plain import plain

FORMAT = "adir-preset"
VERSION = 1
KEY = "adir"  # of our JSON in the header, beside what other programs keep there
SUFFIX = ".safetensors"
MAX_HEADER = 16 * 2**20  # bytes; all layers of a large network and a thousand neighbours take about one
_THUMBNAIL = "thumbnail"
_HALF = re.compile(r"(?P<module>.+)\.lora_(?P<half>[AB])\.weight")
_ANOTHER = "Use another copy of it, or adapt again."

Tensors = Mapping[str, NDArray[np.float32]]


def encode(preset: AdaptedPreset, prefix: str = "") -> bytes:
    """The bytes of a preset file, with `prefix` before the name of every tensor.

    Raises:
        PresetError: the tensors are not pairs of the preset's rank, or hold numbers that are not finite.
    """
    tensors = checked(preset)
    header = {"format": "pt", KEY: describe(preset)}
    return serialise_tensors({prefix + name: value for name, value in tensors.items()}, header)


def checked(preset: AdaptedPreset) -> dict[str, NDArray[np.float32]]:
    """A preset's tensors as files have them, by name.

    Raises:
        PresetError: they are not pairs of the preset's rank, or hold numbers that are not finite.
    """
    tensors = {
        name: np.ascontiguousarray(preset.tensors[name], np.float32) for name in sorted(preset.tensors)
    }
    _check_tensors(tensors, preset.rank, f"'{preset.name}'")
    return tensors


def describe(preset: AdaptedPreset) -> str:
    """A preset's whole history as the JSON under `KEY`; everything but its tensors."""
    return json.dumps(_to_json(preset), allow_nan=False)


def decode(path: Path, named: Callable[[Tensors, Mapping[str, Any]], Tensors] | None = None) -> AdaptedPreset:
    """The preset in `path`, its tensors verified against their checksum.

    named: gives the tensors of another layout the names they have in ours; it also gets the description.

    Raises:
        PresetError: there is no such file, it is no preset of ours, or it is damaged.
    """
    with _opened(path) as stream:
        about = _read_about(stream, path)
        stream.seek(0)
        content = stream.read()
    try:
        found = parse_tensors(content)
    except (SafetensorError, KeyError, ValueError) as error:
        raise _damaged(path) from error
    # Copies: the parsed arrays look into immutable bytes, and torch wants writable ones.
    tensors: Tensors = {name: np.array(value) for name, value in found.items()}
    if named is not None:
        try:
            tensors = named(tensors, about)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _damaged(path, "it was changed by another program") from error
    if about.get("sha256") != tensors_sha256(tensors):
        raise _damaged(path, "its checksum does not match")
    preset = _from_json(about, tensors, path)
    _check_tensors(tensors, preset.rank, str(path))
    return preset


def read_about(path: Path) -> dict[str, Any]:
    """What a preset file says about itself, without reading its tensors; errors as in `decode`."""
    with _opened(path) as stream:
        return _read_about(stream, path)


def thumbnail_of(about: Mapping[str, Any]) -> bytes:
    """The JPEG bytes in what a preset file says about itself, b"" where there is no picture."""
    try:
        return base64.b64decode(about.get(_THUMBNAIL, ""), validate=True)
    except (binascii.Error, TypeError, ValueError):
        return b""


def neighbours_of(about: Mapping[str, Any], path: Path) -> tuple[Neighbour, ...]:
    """The photos that a preset was adapted to. Raises PresetError: their list is damaged."""
    try:
        return tuple(_neighbour_from_json(item) for item in about["neighbours"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(path, "its description is incomplete") from error


def tensors_sha256(tensors: Mapping[str, NDArray[Any]]) -> str:
    """Hex sha256 over the names, types, shapes and values of tensors, in the order of their names."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        value = np.ascontiguousarray(tensors[name])
        digest.update(f"{name} {value.dtype.str} {value.shape}\n".encode())
        digest.update(value.tobytes())
    return digest.hexdigest()


def modules(tensors: Tensors) -> list[str]:
    """The modules that LoRA tensors belong to, by path inside the network, sorted."""
    return sorted({match["module"] for name in tensors if (match := _HALF.fullmatch(name))})


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except FileNotFoundError as error:
        raise PresetError(
            f"There is no preset {path}.", "Check the path, or see: adir presets list"
        ) from error
    except OSError as error:
        raise PresetError(
            f"The preset {path} cannot be read.", "Give a preset file that you may read."
        ) from error


def read_header(path: Path) -> dict[str, str]:
    """What any safetensors file says about itself, ours or another program's: names and texts.

    Raises:
        PresetError: there is no such file, it is no safetensors file, or it ends too early.
    """
    with _opened(path) as stream:
        return _read_header(stream, path)


def _read_header(stream: IO[bytes], path: Path) -> dict[str, str]:
    """8 bytes of length, then JSON with `__metadata__`."""
    size = int.from_bytes(stream.read(8), "little")
    if size > MAX_HEADER:
        raise _foreign(path)
    raw = stream.read(size)
    if len(raw) < size or size == 0:
        raise _foreign(path) if not raw.startswith(b"{") else _damaged(path, "it ends too early")
    try:
        metadata = json.loads(raw).get("__metadata__", {})
        return {str(name): str(text) for name, text in metadata.items()}
    except (ValueError, AttributeError, RecursionError) as error:
        raise _foreign(path) from error


def _foreign(path: Path) -> PresetError:
    return PresetError(
        f"{path} is not a preset of this program.",
        "Give a preset made by adir restore; take in a LoRA of another program with adir presets import.",
    )


def _read_about(stream: IO[bytes], path: Path) -> dict[str, Any]:
    """Our own JSON from the header."""
    foreign = _foreign(path)
    try:
        about = json.loads(_read_header(stream, path)[KEY])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise foreign from error
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise foreign
    if about.get("version") != VERSION:
        raise PresetError(
            f"The preset {path} has version {about.get('version')}; this program reads {VERSION}.",
            "Install the newest ADIR Desktop, or adapt again.",
        )
    return about


def _to_json(preset: AdaptedPreset) -> dict[str, Any]:
    about = {
        "format": FORMAT,
        "version": VERSION,
        "name": preset.name,
        "prior": preset.prior,
        "prior_sha256": preset.prior_sha256,
        "rank": preset.rank,
        "alpha": preset.alpha,
        "neighbours": [_neighbour_to_json(item) for item in preset.neighbours],
        "degradation": plain(preset.degradation),
        "training": plain(preset.training),
        "created": preset.created,
        "modules": modules(preset.tensors),
        "sha256": tensors_sha256(checked(preset)),
    }
    if preset.thumbnail:
        about[_THUMBNAIL] = base64.b64encode(preset.thumbnail).decode()
    return about


def _neighbour_to_json(item: Neighbour) -> dict[str, Any]:
    """The file's name without its folder: presets are shared, and folders are nobody's business."""
    return {
        "id": item.id,
        "file": item.path.name,
        "similarity": float(item.similarity),
        "angle": float(item.angle),
        "author": item.author,
        "licence": item.licence,
    }


def _from_json(about: Mapping[str, Any], tensors: Tensors, path: Path) -> AdaptedPreset:
    try:
        return AdaptedPreset(
            name=str(about["name"]),
            prior=str(about["prior"]),
            prior_sha256=str(about["prior_sha256"]),
            rank=int(about["rank"]),
            alpha=_finite(about["alpha"]),
            tensors=tensors,
            neighbours=neighbours_of(about, path),
            degradation=dict(about["degradation"]),
            training=dict(about["training"]),
            created=str(about["created"]),
            thumbnail=thumbnail_of(about),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(path, "its description is incomplete") from error


def _neighbour_from_json(item: Mapping[str, Any]) -> Neighbour:
    return Neighbour(
        id=str(item["id"]),
        path=Path(Path(str(item["file"])).name),
        similarity=_finite(item["similarity"]),
        angle=_finite(item["angle"]),
        author=str(item["author"]),
        licence=str(item["licence"]),
    )


def _check_tensors(tensors: Tensors, rank: int, name: str) -> None:
    """LoRA pairs as peft keeps them: A (r, cin, k, k) or (r, in), B (cout, r, 1, 1) or (out, r)."""
    for key, value in tensors.items():
        match = _HALF.fullmatch(key)
        axis = 0 if match and match["half"] == "A" else 1
        partner = key.replace(".lora_A.", ".lora_B.") if axis == 0 else key.replace(".lora_B.", ".lora_A.")
        if match is None or partner not in tensors or value.ndim < 2 or value.shape[axis] != rank:
            raise PresetError(f"The preset {name} is no LoRA of rank {rank}.", _ANOTHER)
        if value.dtype != np.float32 or not np.isfinite(value).all():
            raise PresetError(f"The preset {name} holds values that are no finite numbers.", _ANOTHER)
    if not tensors:
        raise PresetError(f"The preset {name} is empty.", _ANOTHER)


def _damaged(path: Path, reason: str = "") -> PresetError:
    return PresetError(f"The preset {path} is damaged{': ' * bool(reason)}{reason}.", _ANOTHER)


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError
    return number
