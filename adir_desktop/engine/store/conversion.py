"""A checkpoint in torch's pickle format becomes safetensors: once, without running anything that it holds."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError, safe_open

from adir_desktop import interrupt
from adir_desktop.contract import Progress
from adir_desktop.engine.pace import Pace
from adir_desktop.errors import ModelError, explain
from adir_desktop.files import CHUNK, atomic

if TYPE_CHECKING:
    from torch import Tensor

_NAMES = {"float32": "F32", "float16": "F16", "bfloat16": "BF16", "float64": "F64"}


def convert(source: Path, target: Path) -> Generator[Progress, None, None]:
    """Writes the tensors of `source` to `target`, unchanged, as a whole or not at all.

    The library writes a file in one call, seconds long; written piece by piece it can be stopped and told
    of, and needs no memory beside the mapped source.

    Raises:
        ModelError: it is damaged, or holds more than tensors. StorageError: the disk is full.
    """
    from adir_desktop.engine.priors.guided_loading import read_tensors

    yield Progress("convert", 0, 1)
    tensors = read_tensors(source)
    header = _header(tensors)
    pace = Pace("convert", sum(value.numel() * value.element_size() for value in tensors.values()) or 1)
    done = 0
    try:
        with atomic(target) as temporary:
            with temporary.open("wb") as stream:
                stream.write(header)
                for value in tensors.values():
                    for piece in _pieces(value):
                        interrupt.check()
                        stream.write(piece)
                        done += len(piece)
                        if pace.due():
                            yield pace.at(done)
            _compare(temporary, tensors)
    except OSError as error:
        raise explain(error) from error
    yield pace.at(max(done, 1))


def _header(tensors: Mapping[str, Tensor]) -> bytes:
    """The beginning of a safetensors file: its length in 8 bytes, then JSON, filled up to 8 bytes."""
    rows: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, value in tensors.items():
        start, end = end, end + value.numel() * value.element_size()
        kind = _NAMES[str(value.dtype).removeprefix("torch.")]
        rows[name] = {"dtype": kind, "shape": list(value.shape), "data_offsets": [start, end]}
    text = json.dumps(rows).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text


def _pieces(value: Tensor) -> Generator[memoryview, None, None]:
    import torch

    content = value.detach().contiguous().reshape(-1).view(torch.uint8).numpy().data
    for start in range(0, len(content), CHUNK):
        yield content[start : start + CHUNK]


def _compare(path: Path, tensors: Mapping[str, Tensor]) -> None:
    """The library finds in the file what went into it."""
    try:
        with safe_open(path, "pt") as file:
            found = {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise ModelError(f"{path} was not written right ({error}).", "Check the drive.") from error
    if found != {name: tuple(value.shape) for name, value in tensors.items()}:
        raise ModelError(f"{path} does not hold what was written to it.", "Check the drive.")
