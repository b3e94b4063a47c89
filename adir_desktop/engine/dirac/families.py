"""The kinds of degradation that a network of Dirac can be trained for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from adir_desktop.engine.dirac import schedule
from adir_desktop.engine.dirac.holes import random_holes
from adir_desktop.engine.dirac.network import Shape
from adir_desktop.engine.dirac.process import Family, GaussianBlurs, blur
from adir_desktop.engine.dirac.schedule import Severities

STD_MIN, STD_MAX = 0.3, 3.0  # Dirac's range of the blur, pixels
CANDIDATES, POINTS = 136, 34  # steps of 0.02 pixels to choose from, and how many are chosen
SCHEDULE_SIDE = 96  # pixels of the crops that the schedule is measured on
WHOLE = 0.25  # the share of blurred crops that are whole photos, with reflected edges


@dataclass(frozen=True)
class FamilyRow:
    """shape: of its network. masked: the network is shown a mask. severities: the table, from some
    crops (B, 3, H, W) in [0, 1]. draw: a random family for a crop of `side`, and the margin of more
    picture around the crop that it must see.
    """

    title: str
    shape: Shape
    masked: bool
    severities: Callable[[Tensor], Severities]
    draw: Callable[[int, Severities, np.random.Generator], tuple[Family, int]]


def _blur_severities(crops: Tensor) -> Severities:
    """Greedy degradation scheduling (Alg. 2) of the blur's standard deviation by 1 - SSIM of grey pictures."""
    stds = np.linspace(STD_MIN, STD_MAX, CANDIDATES)
    grey = crops.mean(1, keepdim=True)
    height, width = grey.shape[-2:]
    states = [
        list(blur(float(std), height, width, grey.device, grey.dtype).forward(grey)[:, 0].numpy())
        for std in stds
    ]
    chosen = schedule.greedy(CANDIDATES, POINTS, schedule.structural_distance(states))
    return Severities(tuple(round(float(stds[index]), 4) for index in chosen))


def _blurs(side: int, severities: Severities, generator: np.random.Generator) -> tuple[Family, int]:
    """Most crops are cut from a larger blurred picture, so that edges do not leak into all of them."""
    margin = 0 if generator.random() < WHOLE else int(np.ceil(4 * severities.values[-1]))
    whole = side + 2 * margin
    return GaussianBlurs(severities, whole, whole, torch.empty(0)), margin


def _linear(crops: Tensor) -> Severities:
    """Holes grow with t itself."""
    del crops
    return Severities((0.0, 1.0))


def _holes(side: int, severities: Severities, generator: np.random.Generator) -> tuple[Family, int]:
    del severities
    return random_holes(side, generator), 0


FAMILIES: dict[str, FamilyRow] = {
    # name                title             channels of the levels, blocks     mask   schedule           draw
    "blur":    FamilyRow("Gaussian blur",   Shape((48, 80, 112), 2),           False, _blur_severities, _blurs),
    "inpaint": FamilyRow("missing pixels",  Shape((48, 64, 96, 96, 96), 1),    True,  _linear,          _holes),
}  # fmt: skip
