"""No model at all: the operator's own first guess, bicubic where the photo is enlarged."""

from __future__ import annotations

import torch

from adir_desktop.engine.samplers.base import Problem, Sample, Settings, Trajectory
from adir_desktop.engine.samplers.row import SamplerRow


@torch.inference_mode()
def bicubic(problem: Problem, settings: Settings) -> Trajectory:
    """MATLAB's `imresize` upwards (Keys 1981, a = -1/2); holes filled from around, other faults left as they are."""
    del settings
    x = problem.operator.guess(problem.y)
    yield Sample(1, 1, 0, x, x)
    return x


ROW = SamplerRow(
    "Bicubic / no model",
    "What comes without any model: plain enlargement, holes filled smoothly. To compare with.",
    "Keys 1981, as MATLAB's imresize",
    bicubic,
    evaluations=lambda _: 0,
    length=lambda _: 1,
    published={"": Settings(1)},
    quick={"": Settings(1)},
    passes=0.0,
    adapts=False,
    draws=False,
    most_steps=1,
)
