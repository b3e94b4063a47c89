"""A person's own checkpoint as a method: any single-pass network that spandrel knows (SwinIR, Real-ESRGAN, ...)."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor
from torch.nn.functional import pad

from adir_desktop.contract import Degradation
from adir_desktop.engine.operators import restored_size
from adir_desktop.engine.samplers import CHECKPOINT
from adir_desktop.engine.samplers.base import Problem, Sample, Settings, Trajectory
from adir_desktop.engine.samplers.row import SamplerRow
from adir_desktop.engine.tiles import ramp, windows
from adir_desktop.errors import ModelError, RequestError
from adir_desktop.files import sha256_file
from adir_desktop.interrupt import check

SUFFIXES = (".pth", ".pt", ".ckpt", ".bin", ".safetensors")
TILE_SIDE = {"cpu": 256, "cuda": 768}  # pixels of the observed photo; memory grows with its square
EXTRA = "spandrel_extra_arches"  # architectures under other licences, such as Restormer; used where installed
CHANGES = {"SR": {"blur", "fade"}, "Restoration": {"blur", "fade"}, "Inpainting": {"mask", "fade"}}
SHRINKING = {"downscale", "block-mean"}


@dataclass(frozen=True)
class SinglePassSettings(Settings):
    """file, sha256: of the checkpoint, for the record of a restoration."""

    steps: int = 1
    file: str = ""
    sha256: str = ""


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A network with what spandrel tells of it; the same object for the same file, until it changes."""

    path: Path
    sha256: str
    model: Any

    def restore(self, picture: Tensor, mask: Tensor | None) -> Tensor:
        """(1, 3, h, w) in [0, 1] -> (1, 3, scale h, scale w) in [0, 1]; mask: (1, 1, h, w), 1 in holes."""
        if self.model.input_channels == 1:
            return torch.cat([self.model(picture[:, i : i + 1]) for i in range(3)], 1)
        answer: Tensor = self.model(picture) if mask is None else self.model(picture, mask)
        return answer


def full_name(name: str) -> str:
    """The same method with an absolute path; other names as they are."""
    return CHECKPOINT + str(_path(name)) if name.startswith(CHECKPOINT) else name


def checkpoint_row(name: str) -> SamplerRow:
    """The row of spandrel:FILE.

    Raises:
        RequestError: no such file, or spandrel is not installed.
        ModelError: the file holds no network that spandrel knows, or one of another kind.
    """
    path = _path(name)
    if not path.is_file():
        raise RequestError(f"There is no file {path}.", "Choose a checkpoint on this computer.")
    if find_spec("spandrel") is None:
        raise RequestError(
            "Networks of your own need the package spandrel.",
            'Install it: pip install "adir-desktop[evaluate]"',
        )
    return _row(path, path.stat().st_mtime_ns)


def _path(name: str) -> Path:
    return Path(name.removeprefix(CHECKPOINT)).expanduser().absolute()


@lru_cache(maxsize=2)
def _row(path: Path, modified: int) -> SamplerRow:
    """modified: the file's time, so that a changed file is read anew."""
    del modified
    checkpoint = load_checkpoint(path)
    model = checkpoint.model
    numbers = {"": SinglePassSettings(1, 0.0, path.name, checkpoint.sha256)}
    scale = f" x{model.scale}" if model.scale > 1 else ""
    return SamplerRow(
        f"{model.architecture.name}{scale} ({path.name})",
        "Your own network: one pass, no diffusion.",
        f"{model.architecture.name}, read by spandrel",
        _runner(checkpoint),
        evaluations=lambda _: 0,
        length=lambda _: 1,
        published=numbers,
        quick=numbers,
        supports=lambda degradation: unsupported(model.purpose, model.scale, degradation),
        passes=0.0,
        adapts=False,
        draws=False,
        most_steps=1,
    )


def load_checkpoint(path: Path) -> Checkpoint:
    """Reads a file of weights; nothing in it is ever run, whatever it holds.

    Raises:
        ModelError: it is damaged, no checkpoint, or of an architecture that spandrel does not know.
    """
    import spandrel

    if find_spec(EXTRA) is not None:
        from spandrel_extra_arches import install

        install(ignore_duplicates=True)
    state = spandrel.canonicalize_state_dict(_read(path))
    try:
        model = spandrel.ModelLoader().load_from_state_dict(state)
    except spandrel.UnsupportedModelError as error:
        raise ModelError(
            f"{path.name} is of no architecture that spandrel knows.",
            f"Choose another file; for Restormer and MPRNet install {EXTRA}.",
        ) from error
    except (
        RuntimeError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        AssertionError,
    ) as error:
        raise ModelError(f"The weights in {path.name} are damaged.", "Get the file once more.") from error
    refuse_foreign(path, model)
    model.eval()
    for module in model.model.modules():
        module.requires_grad_(requires_grad=False)
        if not any(module.children()):
            module.register_forward_pre_hook(_ask)
    return Checkpoint(path, sha256_file(path), model)


def _ask(*_: object) -> None:
    """Before each layer: a window of a large network takes many seconds on a processor."""
    check()


def _read(path: Path) -> dict[str, Any]:
    """The tensors by name; torch's own loader for data alone, so that a pickle can call nothing."""
    if path.suffix.lower() not in SUFFIXES:
        raise ModelError(f"{path.name} is no checkpoint.", f"Known are {', '.join(SUFFIXES)}.")
    try:
        if path.suffix.lower() == ".safetensors":
            state: Any = load_file(path)
        else:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of programs in the file, which are refused
                state = torch.load(path, map_location="cpu", weights_only=True)
    except (UnpicklingError, SafetensorError, RuntimeError, EOFError, ValueError, KeyError, OSError) as error:
        raise ModelError(
            f"{path.name} is damaged, or holds more than weights, which is not run.",
            "Choose a file of plain weights (a state dict).",
        ) from error
    if not isinstance(state, dict) or not all(isinstance(key, str) for key in state):
        raise ModelError(f"{path.name} holds no weights.", "Choose a file of plain weights (a state dict).")
    return state


def refuse_foreign(path: Path, model: Any) -> None:
    """Networks that take and give something else than photos of the same kind."""
    if model.purpose not in CHANGES:
        raise ModelError(f"{path.name} is for cut-out faces.", "Choose a network for whole photos.")
    if model.input_channels != model.output_channels or model.input_channels not in (1, 3):
        raise ModelError(f"{path.name} is not for colour photos.", "Choose a network of three channels.")


def unsupported(purpose: str, scale: int, degradation: Degradation) -> str:
    """Why a network of that purpose and scale does not undo it; "" if it does.

    purpose: of spandrel: SR, Restoration (noise, blur) or Inpainting.
    """
    kinds = {step.kind for step in degradation.steps}
    if purpose == "Inpainting" and "mask" not in kinds:
        return "This network only fills holes."
    if restored_size(degradation, 1, 1)[0] != scale:
        return f"This network enlarges {scale} times." if scale > 1 else "This network does not enlarge."
    if not kinds <= CHANGES[purpose] | SHRINKING:
        return "This network does not undo all of these faults."
    return ""


def _runner(checkpoint: Checkpoint) -> Callable[[Problem, Settings], Trajectory]:
    def run(problem: Problem, settings: Settings) -> Trajectory:
        del settings
        return single_pass(checkpoint, problem)

    return run


@torch.inference_mode()
def single_pass(checkpoint: Checkpoint, problem: Problem) -> Trajectory:
    """One pass of the network over the observed photo, in overlapping windows, a `Sample` for each.

    x0 is the operator's first guess where no window has been yet. Windows are blended with weights
    that fall off over their overlap.
    """
    model = checkpoint.model
    model.to(problem.y.device)
    observed = ((problem.y + 1) / 2).clamp(0, 1).float()
    mask = _holes(problem) if model.purpose == "Inpainting" else None
    guess = problem.operator.guess(problem.y)
    border = [n - model.scale * m for n, m in zip(guess.shape[-2:], observed.shape[-2:], strict=True)]
    total = torch.zeros_like(guess[..., : guess.shape[-2] - border[0], : guess.shape[-1] - border[1]])
    weights = torch.zeros_like(total[:1, :1])
    places = _places(model, *observed.shape[-2:])
    x = guess
    for step, (rows, columns, weight) in enumerate(places, start=1):
        check()
        window = (..., rows, columns)
        grown = (..., _times(rows, model.scale), _times(columns, model.scale))
        hole = None if mask is None else mask[window]
        answers = [checkpoint.restore(picture[None], hole) for picture in observed[window]]
        total[grown] += weight.to(total) * torch.cat(answers).to(total)
        weights[grown] += weight.to(total)
        blended = 2 * total / weights.clamp_min(1e-12) - 1
        done = torch.where(weights > 0, blended, guess[..., : total.shape[-2], : total.shape[-1]])
        x = pad(done, (0, border[1], 0, border[0]), mode="replicate")
        yield Sample(step, len(places), 0, x, x)
    return x


def _holes(problem: Problem) -> Tensor:
    """(1, 1, h, w), 1 where the photo is missing."""
    assert problem.degradation is not None
    assert problem.degradation.mask is not None
    return torch.from_numpy(problem.degradation.mask).to(problem.y.device, torch.float32)[None, None]


def _places(model: Any, height: int, width: int) -> list[tuple[slice, slice, Tensor]]:
    """Rows and columns of each window of the observed photo, and the weights of its answer."""
    import spandrel

    multiple = math.lcm(model.size_requirements.multiple_of, 8)
    side = max(height, width)
    if model.tiling != spandrel.ModelTiling.INTERNAL:
        side = TILE_SIDE.get(model.device.type, TILE_SIDE["cpu"])
        side = math.ceil(max(side, model.size_requirements.minimum) / multiple) * multiple
    tall, tops = windows(height, side, multiple)
    wide, lefts = windows(width, side, multiple)
    weight = ramp(tall, wide).repeat_interleave(model.scale, 0).repeat_interleave(model.scale, 1)
    return [(slice(top, top + tall), slice(left, left + wide), weight) for top in tops for left in lefts]


def _times(part: slice, scale: int) -> slice:
    return slice(part.start * scale, part.stop * scale)
