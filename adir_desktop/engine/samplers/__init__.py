"""The samplers: each a free function over a denoiser and an operator."""

from __future__ import annotations

from adir_desktop.engine.samplers import adir, diffpir
from adir_desktop.engine.samplers.base import Problem, Sample, Settings, Trajectory, seeded_noise
from adir_desktop.engine.samplers.row import SamplerRow, with_options
from adir_desktop.errors import RequestError

SAMPLERS: dict[str, SamplerRow] = {
    "diffpir": diffpir.ROW,
    "adir": adir.ROW,
}


def find_sampler(name: str) -> SamplerRow:
    """The method of that name.

    Raises:
        RequestError: there is none.
    """
    if name not in SAMPLERS:
        raise RequestError(f"There is no sampler '{name}'.", f"Choose one of: {', '.join(SAMPLERS)}.")
    return SAMPLERS[name]


__all__ = [
    "SAMPLERS",
    "Problem",
    "Sample",
    "SamplerRow",
    "Settings",
    "Trajectory",
    "find_sampler",
    "seeded_noise",
    "with_options",
]
