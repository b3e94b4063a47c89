"""Where the work is done: the device, its memory, and the precision that is faster on it."""

from __future__ import annotations

import copy
import gc
import json
import logging
import platform
import time
from pathlib import Path

import torch
from torch import Tensor, nn

from adir_desktop import interrupt, places
from adir_desktop.errors import AdirError, DeviceError
from adir_desktop.files import write_atomic

log = logging.getLogger(__name__)
TRIAL_SIDE = 128  # pixels of the timed picture
TRIAL_ROUNDS = 5
TRIAL_GAIN = 1.2  # bf16 must be this much faster to be worth its rounding
TRIAL_ERROR = 0.03  # largest relative error of eps that bf16 may bring


def pick_device(name: str) -> torch.device:
    """`auto` takes a CUDA (or ROCm) device, then Apple's, then the CPU.

    Raises:
        DeviceError: the device asked for is not there, or no such name.
    """
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    if name == "cuda" and not torch.cuda.is_available():
        raise DeviceError(
            "No CUDA device was found on this computer.", "Choose cpu, or auto to take what is there."
        )
    if name not in ("cpu", "cuda"):
        raise DeviceError(f"There is no device '{name}'.", "Choose auto, cpu or cuda.")
    return torch.device(name)


def describe(device: torch.device) -> str:
    """The device in words."""
    if device.type == "cuda":
        return str(torch.cuda.get_device_name(device))
    threads = torch.get_num_threads()
    return f"processor, {threads} thread{'s' if threads != 1 else ''}"


def pick_dtype(precision: str, device: torch.device, net: nn.Module) -> torch.dtype:
    """The precision of the network's forward pass: as asked, or the faster one by a short trial.

    The trial's outcome is kept in the cache folder, so that runs on one machine agree with each other.

    Raises:
        DeviceError: no such precision.
    """
    if precision in ("float32", "bfloat16"):
        return torch.float32 if precision == "float32" else torch.bfloat16
    if precision != "auto":
        raise DeviceError(f"There is no precision '{precision}'.", "Choose auto, float32 or bfloat16.")
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float32
    if device.type != "cpu":
        return torch.float32
    known = places.cache_dir() / "precision.json"
    key = f"{platform.node()}/{platform.processor()}/torch {torch.__version__}/{torch.get_num_threads()}"
    choices = _read(known)
    if key not in choices:
        choices[key] = _trial(net)
        _keep(known, choices)
    return torch.bfloat16 if choices[key] == "bfloat16" else torch.float32


def _read(known: Path) -> dict[str, str]:
    """The cached outcomes; a missing or damaged cache is simply measured again."""
    try:
        content = json.loads(known.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _keep(known: Path, choices: dict[str, str]) -> None:
    """Writes the outcomes; where the cache cannot be written, the next run tries again."""
    try:
        known.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(known, json.dumps(choices, indent=1).encode())
    except (OSError, AdirError) as error:
        log.warning("the precision trial could not be kept: %s", error)


@torch.inference_mode()
def _trial(net: nn.Module) -> str:
    """Times one evaluation in float32 and in bfloat16 (both channels_last) on the CPU."""
    x = torch.randn((1, 3, TRIAL_SIDE, TRIAL_SIDE), generator=torch.Generator().manual_seed(0))
    x = x.contiguous(memory_format=torch.channels_last)
    trials = {name: cast(net, getattr(torch, name)) for name in ("float32", "bfloat16")}
    seconds = dict.fromkeys(trials, float("inf"))
    outputs = {}
    for _ in range(TRIAL_ROUNDS):  # in turns, so that other work on the machine slows both
        for name, trial in trials.items():
            start = time.perf_counter()
            outputs[name] = trial(x.to(getattr(torch, name)), 500, return_dict=False)[0].float()
            seconds[name] = min(seconds[name], time.perf_counter() - start)
    error = float((outputs["bfloat16"] - outputs["float32"]).norm() / outputs["float32"].norm())
    faster = seconds["float32"] / seconds["bfloat16"]
    log.info("bfloat16 is %.2f times as fast as float32, relative error %.4f", faster, error)
    return "bfloat16" if faster >= TRIAL_GAIN and error <= TRIAL_ERROR else "float32"


def give_back() -> None:
    """What nothing refers to any more, on devices that keep it for later, too."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()


class InFloat32:
    """Marks a layer whose parameters stay in float32 where the network is cast to half precision."""


def cast(net: nn.Module, dtype: torch.dtype, device: torch.device | None = None) -> nn.Module:
    """A copy of the network for inference: frozen, channels_last, in `dtype` but for `InFloat32` layers.

    Each parameter is converted on its own while the copy is made: a large network is in memory once,
    not first as it was.

    Raises:
        Interrupted: the person asked to stop.
    """
    copies: dict[int, object] = {}
    for module in net.modules():
        interrupt.check()
        kind = torch.promote_types(dtype, torch.float32) if isinstance(module, InFloat32) else dtype
        for parameter in module.parameters(recurse=False):
            value = _converted(parameter.detach(), kind, device)
            copies[id(parameter)] = nn.Parameter(value, requires_grad=False)
        for buffer in module.buffers(recurse=False):
            copies[id(buffer)] = _converted(buffer, kind, device)
    return copy.deepcopy(net, copies).eval()


def _converted(value: Tensor, dtype: torch.dtype, device: torch.device | None) -> Tensor:
    """Integers keep their type."""
    layout = torch.channels_last if value.dim() == 4 else torch.preserve_format
    kind = dtype if value.is_floating_point() else value.dtype
    return value.to(device or value.device, kind, copy=True, memory_format=layout)
