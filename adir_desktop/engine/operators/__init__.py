"""The degradations A: a table from a step's kind to its operator, and the chain for a whole photo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from adir_desktop.contract import Degradation
from adir_desktop.engine.operators.base import LinearOperator
from adir_desktop.engine.operators.blur import Convolution, motion_kernel
from adir_desktop.engine.operators.chain import chain
from adir_desktop.engine.operators.fade import Fade
from adir_desktop.engine.operators.pointwise import Crop, Grey, Holes, Identity, seen_from_mask
from adir_desktop.engine.operators.separable import (
    Separable,
    bicubic_down,
    block_mean,
    blur_matrix,
    box_taps,
    gaussian_taps,
)
from adir_desktop.engine.photos import open_psf
from adir_desktop.errors import MaskError, RequestError
from adir_desktop.tasks import parse_kernel

Values = Mapping[str, int | float | str]


@dataclass(frozen=True)
class Frame:
    """Where an operator is built: the picture's size before it, and the mask of the observed photo."""

    height: int
    width: int
    seen: Tensor | None = None


@dataclass(frozen=True)
class OperatorRow:
    """build: (values, frame) -> operator in float64. shrinks: the factor by which sides get smaller."""

    title: str
    build: Callable[[Values, Frame], LinearOperator]
    shrinks: Callable[[Values], int] = lambda _: 1


def _downscale(values: Values, frame: Frame) -> LinearOperator:
    factor = int(values["factor"])
    return Separable(bicubic_down(frame.height, factor), bicubic_down(frame.width, factor))


def _block_mean(values: Values, frame: Frame) -> LinearOperator:
    factor = int(values["factor"])
    return Separable(block_mean(frame.height, factor), block_mean(frame.width, factor))


def _blur(values: Values, frame: Frame) -> LinearOperator:
    kernel = parse_kernel(str(values["kernel"]))
    if kernel.shape in ("box", "gaussian"):
        radius = kernel.side // 2
        taps = box_taps(kernel.side) if kernel.shape == "box" else gaussian_taps(kernel.values[0], radius)
        return Separable(blur_matrix(taps, frame.height), blur_matrix(taps, frame.width))
    if kernel.path is not None:
        weights = torch.from_numpy(open_psf(kernel.path))
    else:
        weights = motion_kernel(kernel.values[0], kernel.values[1], kernel.side)
    if max(weights.shape) > 2 * max(frame.height, frame.width):
        raise RequestError("The blur kernel is larger than the photo.", "Use a smaller kernel.")
    return Convolution(weights, frame.height, frame.width)


def _grey(_: Values, frame: Frame) -> LinearOperator:
    return Grey(frame.height, frame.width)


def _fade(_: Values, frame: Frame) -> LinearOperator:
    """Nothing: fading is no linear map, and `Fade` takes it off the observation beforehand."""
    return Identity(frame.height, frame.width)


def _mask(_: Values, frame: Frame) -> LinearOperator:
    if frame.seen is None:
        raise MaskError("This repair needs a mask.", "Paint over what is damaged.")
    if tuple(frame.seen.shape[-2:]) != (frame.height, frame.width):
        raise MaskError("The mask does not have the photo's size.", "Use a mask made for this photo.")
    return Holes(frame.seen)


def _factor(values: Values) -> int:
    return int(values["factor"])


OPERATORS: dict[str, OperatorRow] = {
    # kind          what it is                                             build        sides shrink by
    "downscale":  OperatorRow("bicubic downscale (antialiased)",           _downscale,  _factor),
    "block-mean": OperatorRow("mean over blocks",                          _block_mean, _factor),
    "blur":       OperatorRow("box, Gaussian, motion or measured blur",    _blur),
    "grey":       OperatorRow("mean of the colour channels",               _grey),
    "fade":       OperatorRow("faded colours, undone beforehand",          _fade),
    "mask":       OperatorRow("missing pixels",                            _mask),
}  # fmt: skip


def restored_size(degradation: Degradation, height: int, width: int) -> tuple[int, int]:
    """The size (H, W) of the picture behind an observed photo of (height, width).

    Raises:
        RequestError: a step of an unknown kind.
    """
    factor = 1
    for step in degradation.steps:
        if step.kind not in OPERATORS:
            raise RequestError(f"There is no degradation '{step.kind}'.", f"Known: {', '.join(OPERATORS)}.")
        factor *= OPERATORS[step.kind].shrinks(step.values)
    return height * factor, width * factor


def build_operator(
    degradation: Degradation,
    height: int,
    width: int,
    *,
    multiple_of: int = 1,
    device: torch.device | None = None,
    dtype: torch.dtype = torch.float32,
) -> LinearOperator:
    """The operator of a photo observed at (height, width), on pictures the network takes.

    The picture is grown on the right and bottom to a multiple of `multiple_of`; see `Crop`.

    Raises:
        RequestError, MaskError: the degradation does not fit the photo.
    """
    full_height, full_width = restored_size(degradation, height, width)
    seen = None if degradation.mask is None else seen_from_mask(torch.from_numpy(degradation.mask))
    parts: list[LinearOperator] = [Crop(full_height, full_width, multiple_of)]
    frame = Frame(full_height, full_width, seen)
    for step in degradation.steps:
        part = OPERATORS[step.kind].build(step.values, frame)
        parts.append(part)
        frame = Frame(part.out_shape[1], part.out_shape[2], seen)
    parts.append(Identity(frame.height, frame.width))
    return chain([part.to(device, dtype) for part in parts])


__all__ = ["OPERATORS", "Fade", "LinearOperator", "OperatorRow", "build_operator", "restored_size"]
