"""The samplers: each a free function over a denoiser and an operator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from adir_desktop.engine.samplers.adir import adir
from adir_desktop.engine.samplers.base import Problem, Sample, Settings, Trajectory, seeded_noise
from adir_desktop.engine.samplers.diffpir import diffpir
from adir_desktop.engine.samplers.schedule import quadratic


@dataclass(frozen=True)
class SamplerRow:
    """run: the sampler. evaluations: network evaluations of a run, known before it starts."""

    title: str
    hint: str
    run: Callable[[Problem, Settings], Trajectory]
    evaluations: Callable[[Settings], int]


SAMPLERS: dict[str, SamplerRow] = {
    "diffpir": SamplerRow(
        "DiffPIR",
        "Few steps; agrees with the photo in closed form at each. The everyday choice.",
        diffpir,
        lambda s: len(quadratic(s.steps, s.t_start)),
    ),
    "adir": SamplerRow(
        "ADIR guidance",
        "Algorithm 1 of the ADIR paper: many small guided steps.",
        adir,
        lambda s: s.steps,
    ),
}

__all__ = ["SAMPLERS", "Problem", "Sample", "SamplerRow", "Settings", "Trajectory", "seeded_noise"]
