"""The degradations A: a table from a step's kind to its operator, and the chain for a whole photo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from adir_desktop.contract import Degradation
from adir_desktop.engine.operators.base import LinearOperator
from adir_desktop.engine.operators.blur import CircularConvolution, Convolution
from adir_desktop.engine.operators.chain import chain
from adir_desktop.engine.operators.fade import Fade
from adir_desktop.engine.operators.masks import soft_spot, spot_of
from adir_desktop.engine.operators.pointwise import Crop, Grey, Holes, Identity, seen_from_mask
from adir_desktop.engine.operators.separable import (
    Separable,
    bicubic_down,
    block_mean,
    blur_matrix,
    box_taps,
    gaussian_taps,
)
from adir_desktop.engine.operators.svd import SVD
from adir_desktop.engine.photos import open_psf
from adir_desktop.errors import MaskError, RequestError
from adir_desktop.kernels import motion_kernel, shake_kernel
from adir_desktop.tasks import BOUNDARIES, Kernel, parse_kernel

Values = Mapping[str, int | float | str]


@dataclass(frozen=True)
class Frame:
    """Where an operator is built: the picture's size before it, and the mask of the observed photo."""

    height: int
    width: int
    seen: Tensor | None = None


@dataclass(frozen=True)
class OperatorRow:
    """build: (values, frame) -> operator in float64. shrinks: the factor by which sides get smaller.

    family: of its closed form, see `families`.
    """

    title: str
    build: Callable[[Values, Frame], LinearOperator]
    family: Callable[[Values], str]
    shrinks: Callable[[Values], int] = lambda _: 1


def _downscale(values: Values, frame: Frame) -> LinearOperator:
    factor = int(values["factor"])
    return Separable(bicubic_down(frame.height, factor), bicubic_down(frame.width, factor))


def _block_mean(values: Values, frame: Frame) -> LinearOperator:
    factor = int(values["factor"])
    return Separable(block_mean(frame.height, factor), block_mean(frame.width, factor))


def _blur(values: Values, frame: Frame) -> LinearOperator:
    kernel, boundary = parse_kernel(str(values["kernel"])), _boundary(values)
    if kernel.shape in ("box", "gaussian"):
        radius = kernel.side // 2
        taps = box_taps(kernel.side) if kernel.shape == "box" else gaussian_taps(kernel.values[0], radius)
        return Separable(blur_matrix(taps, frame.height, boundary), blur_matrix(taps, frame.width, boundary))
    weights = kernel_weights(kernel)
    if max(weights.shape) > 2 * max(frame.height, frame.width):
        raise RequestError("The blur kernel is larger than the photo.", "Use a smaller kernel.")
    convolution = CircularConvolution if boundary == "circular" else Convolution
    return convolution(weights, frame.height, frame.width)


def kernel_weights(kernel: Kernel) -> Tensor:
    """(k, k) float64, k odd: the weights of a movement or of a file, not negative, sum 1.

    Raises:
        RequestError, PhotoError: the file cannot be used as one.
    """
    if kernel.path is not None:
        return torch.from_numpy(open_psf(kernel.path))
    if kernel.shape == "shake":
        return torch.from_numpy(shake_kernel(kernel.side, kernel.values[1], int(kernel.values[2])))
    return torch.from_numpy(motion_kernel(kernel.values[0], kernel.values[1], kernel.side))


def _boundary(values: Values) -> str:
    boundary = str(values.get("boundary", BOUNDARIES[0]))
    if boundary not in BOUNDARIES:
        raise RequestError(
            f"There is no boundary '{boundary}' of a blur.", f"Use one of: {', '.join(BOUNDARIES)}."
        )
    return boundary


def _blur_family(values: Values) -> str:
    if parse_kernel(str(values["kernel"])).shape in ("box", "gaussian"):
        return "separable"
    return "circular" if _boundary(values) == "circular" else "reflected"


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


def _soft_mask(values: Values, frame: Frame) -> LinearOperator:
    return Holes(soft_spot(frame.height, frame.width, *spot_of(values, frame.height, frame.width)))


def _factor(values: Values) -> int:
    return int(values["factor"])


def _always(family: str) -> Callable[[Values], str]:
    return lambda _: family


SEPARABLE, DIAGONAL, NOTHING = _always("separable"), _always("diagonal"), _always("")

OPERATORS: dict[str, OperatorRow] = {
    # kind          what it is                                             build        family        sides shrink by
    "downscale":  OperatorRow("bicubic downscale (antialiased)",           _downscale,  SEPARABLE,    _factor),
    "block-mean": OperatorRow("mean over blocks",                          _block_mean, SEPARABLE,    _factor),
    "blur":       OperatorRow("box, Gaussian, motion or measured blur",    _blur,       _blur_family),
    "grey":       OperatorRow("mean of the colour channels",               _grey,       NOTHING),
    "fade":       OperatorRow("faded colours, undone beforehand",          _fade,       NOTHING),
    "mask":       OperatorRow("missing pixels",                            _mask,       DIAGONAL),
    "soft-mask":  OperatorRow("a spot that darkens softly",                _soft_mask,  DIAGONAL),
}  # fmt: skip


def families(degradation: Degradation) -> tuple[str, ...]:
    """What the operator of a degradation consists of, known without building it:
    "separable", "diagonal", "circular" or "reflected" (a convolution), those that merge into one told once.

    Greying and cropping are left out: closed forms survive them.

    Raises:
        RequestError: a step of an unknown kind, or a kernel or boundary that there is not.
    """
    found: list[str] = []
    for step in degradation.steps:
        family = _row(step.kind).family(step.values)
        if family and not (found and family == found[-1] and family in ("separable", "diagonal")):
            found.append(family)
    return tuple(found)


def has_svd(degradation: Degradation) -> bool:
    """Whether `LinearOperator.svd` of its operator is not None. Raises RequestError: as `families`."""
    parts = families(degradation)
    return len(parts) <= 1 and "reflected" not in parts


def _row(kind: str) -> OperatorRow:
    if kind not in OPERATORS:
        raise RequestError(f"There is no degradation '{kind}'.", f"Known: {', '.join(OPERATORS)}.")
    return OPERATORS[kind]


def restored_size(degradation: Degradation, height: int, width: int) -> tuple[int, int]:
    """The size (H, W) of the picture behind an observed photo of (height, width).

    Raises:
        RequestError: a step of an unknown kind.
    """
    factor = 1
    for step in degradation.steps:
        factor *= _row(step.kind).shrinks(step.values)
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


__all__ = [
    "OPERATORS",
    "SVD",
    "Fade",
    "LinearOperator",
    "OperatorRow",
    "build_operator",
    "families",
    "has_svd",
    "kernel_weights",
    "restored_size",
]
