"""From a person's words to a `Degradation`: the tasks, their values, and the spelling of kernels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from adir_desktop.contract import TASKS, Degradation, Fading, Mask, Step
from adir_desktop.errors import MaskError, RequestError

SCALES = (2, 4, 8)
REDUCTIONS = {"bicubic": "downscale", "block": "block-mean"}  # how a photo got small -> its step's kind
BOUNDARIES = ("reflect", "circular")  # of a blur: what lies beyond the picture's edge
DEFAULT_KERNEL = "box:5"
DEFAULT_NOISE = {"denoise": 25.0}  # of 255; 0 for the other tasks
GAINS = (0.05, 2.0)  # of fading: beyond these hardly anything of the colour is left, or it is not fading
MAX_KERNEL = 255  # pixels a side; far beyond any blur that can be undone


@dataclass(frozen=True)
class Kernel:
    """A parsed blur kernel: `box:SIZE`, `gaussian:SIGMA`, `motion:LENGTH:ANGLE`, `shake:SIZE:INTENSITY:SEED`
    or `file:PATH`.

    values are pixels, and degrees counted anticlockwise from the horizontal for the angle. Of a shake: the
    pixels a side of the square it stays in, how much it turns (0 to 1), and the seed of its path.
    """

    shape: str
    values: tuple[float, ...] = ()
    path: Path | None = None

    @property
    def side(self) -> int:
        """Pixels a side of the (odd) square that holds it; 0 for a file, whose size is not known yet."""
        if self.shape in ("box", "shake"):
            return int(self.values[0])
        if self.shape == "gaussian":
            return 2 * math.ceil(4 * self.values[0]) + 1  # cut at 4 sigma
        if self.shape == "motion":
            return 2 * math.ceil(self.values[0] / 2) + 1
        return 0


def parse_kernel(text: str) -> Kernel:
    """`box:5`, `gaussian:2.0`, `motion:15:30`, `shake:61:0.5:0` or `file:PSF.png` as a `Kernel`.

    Raises:
        RequestError: it is none of these, or its numbers make no blur.
    """
    shape, _, rest = text.partition(":")
    if shape == "file" and rest:
        return Kernel("file", path=Path(rest))
    wanted = {"box": 1, "gaussian": 1, "motion": 2, "shake": 3}.get(shape)
    try:
        values = tuple(float(part) for part in rest.split(":"))
    except ValueError:
        values = ()
    if wanted is None or len(values) != wanted or not all(map(math.isfinite, values)):
        raise RequestError(
            f"'{text}' is not a blur kernel.",
            "Use box:5, gaussian:2.0, motion:15:30, shake:61:0.5:0 or file:PSF.png.",
        )
    kernel = Kernel(shape, values)
    if shape == "box" and (values[0] % 2 != 1 or values[0] < 1):
        raise RequestError(f"A box blur of {rest} pixels has no centre.", "Use an odd size such as box:5.")
    if shape == "shake":
        _check_shake(text, *values)
    if values[0] <= 0 or kernel.side > MAX_KERNEL:
        raise RequestError(f"A blur of {rest} cannot be undone.", f"Keep it within {MAX_KERNEL} pixels.")
    return kernel


def _check_shake(text: str, side: float, intensity: float, seed: float) -> None:
    if side % 2 != 1 or side < 3:
        raise RequestError(f"A shake within {side:g} pixels has no centre.", "Use an odd size such as 61.")
    if not 0 <= intensity <= 1 or seed % 1 != 0 or not 0 <= seed < 2**31:
        raise RequestError(
            f"'{text}' is no camera shake.", "Give an intensity from 0 to 1 and a whole seed: shake:61:0.5:0."
        )


def degradation_for(
    task: str,
    *,
    scale: int | None = None,
    kernel: str | None = None,
    noise: float | None = None,
    mask: Mask | None = None,
    fading: Fading | None = None,
    grey: bool = False,
    reduction: str = "bicubic",
) -> Degradation:
    """The chain of faults that `task` undoes, in the order they happened:
    blur, downscale, grey, fading, holes.

    A task brings its own step with a sensible value; values given beside it add their steps, so that
    a small, blurred photo is task "upscale" with a kernel. "old" brings none: an old photo has the faults
    that are given, and at least one. noise is sigma in 0..255 units. grey: the photo lost its colours.
    reduction: how "upscale" takes the photo to have got small, "bicubic" or "block" (means of blocks).

    Raises:
        RequestError: an unknown task or a value out of range.
        MaskError: inpainting without a mask, or with an empty one.
    """
    noise = DEFAULT_NOISE.get(task, 0.0) if noise is None else noise
    _check_values(task, scale, noise, reduction)
    if task == "upscale" and scale is None:
        scale = 4
    if task == "deblur" and kernel is None:
        kernel = DEFAULT_KERNEL
    steps: list[Step] = []
    if kernel is not None:
        parse_kernel(kernel)
        steps.append(Step("blur", {"kernel": kernel}))
    if scale is not None:
        steps.append(Step(REDUCTIONS[reduction], {"factor": scale}))
    if task == "colorize" or grey:
        steps.append(Step("grey"))
    if fading is not None:
        steps.append(_fade(fading))
    _check_mask(task, mask)
    if mask is not None:
        steps.append(Step("mask"))
    if task == "old" and not steps and noise == 0:
        raise RequestError("No fault of the old photo is chosen.", "Mark scratches, or switch a fault on.")
    return Degradation(tuple(steps), float(noise), mask)


def _check_values(task: str, scale: int | None, noise: float, reduction: str) -> None:
    if task not in TASKS:
        raise RequestError(f"There is no task '{task}'.", f"Choose one of: {', '.join(TASKS)}.")
    if not 0 <= noise <= 255:
        raise RequestError(f"Noise of {noise} is out of range.", "Give sigma between 0 and 255.")
    if scale is not None and scale not in SCALES:
        raise RequestError(f"A scale of {scale} is not offered.", "Choose 2, 4 or 8.")
    if reduction not in REDUCTIONS:
        raise RequestError(
            f"There is no reduction '{reduction}'.", f"Choose one of: {', '.join(REDUCTIONS)}."
        )
    if reduction != "bicubic" and task != "upscale":
        raise RequestError(f"A reduction does not go with the task '{task}'.", "Use the task upscale.")
    if scale is not None and task != "upscale":
        raise RequestError(f"A scale does not go with the task '{task}'.", "Use the task upscale.")


def _fade(fading: Fading) -> Step:
    if not all(GAINS[0] <= gain <= GAINS[1] for gain in fading.gain):
        raise RequestError("The fading is out of range.", f"Keep each gain within {GAINS[0]} and {GAINS[1]}.")
    if not all(-1 <= offset <= 1 for offset in fading.offset):
        raise RequestError("The fading is out of range.", "Keep each offset within -1 and 1.")
    names = ("red", "green", "blue")
    gains = {f"gain_{name}": float(value) for name, value in zip(names, fading.gain, strict=True)}
    offsets = {f"offset_{name}": float(value) for name, value in zip(names, fading.offset, strict=True)}
    return Step("fade", gains | offsets)


def _check_mask(task: str, mask: Mask | None) -> None:
    if task == "inpaint" and mask is None:
        raise MaskError("Repairing needs a mask.", "Paint over what is damaged, or give a mask file.")
    if task == "edit" and mask is None:
        raise MaskError("Editing needs a mask.", "Paint over what is to change, or give a mask file.")
    if mask is not None and not mask.any():
        raise MaskError("The mask is empty.", "Paint over what is damaged (white in a mask file).")
    if mask is not None and mask.all():
        raise MaskError("The mask covers the whole photo.", "Leave some of the photo to start from.")
