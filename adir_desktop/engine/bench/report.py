"""What a benchmark tells: times with their spread, counted work, memory, and the machine."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import torch

from adir_desktop.engine.device import describe

_CPUINFO = Path("/proc/cpuinfo")


@dataclass(frozen=True)
class Spread:
    """Seconds of one unit of work (an evaluation, a step, an iteration) over the rounds it was timed in."""

    median: float
    low: float
    high: float
    rounds: int

    @staticmethod
    def of(seconds: Sequence[float]) -> Spread:
        """Of at least one round."""
        return Spread(median(seconds), min(seconds), max(seconds), len(seconds))


@dataclass(frozen=True)
class Timing:
    """One part of the work with one prior.

    part: see `parts.PARTS`. flop: floating-point operations of a unit, counted (2 for a multiply and add).
    matrix: operations a second of a large matrix product, in the same precision and process. memory: bytes at
    the peak, of the process or, on a graphics card, of its tensors. units: of a whole job by the recipe.
    """

    part: str
    seconds: Spread
    flop: int
    matrix: float
    memory: int
    units: int

    @property
    def rate(self) -> float:
        """Operations a second."""
        return self.flop / self.seconds.median

    @property
    def share(self) -> float:
        """Of the matrix product's rate."""
        return self.rate / self.matrix

    @property
    def job(self) -> float:
        """Seconds of a whole job by the recipe."""
        return self.units * self.seconds.median

    def record(self) -> dict[str, Any]:
        """JSON-able, with what follows from it."""
        derived = {
            "per_second": 1 / self.seconds.median,
            "tflops": self.rate / 1e12,
            "share_of_matrix": self.share,
            "job_seconds": self.job,
        }
        return asdict(self) | derived


@dataclass(frozen=True)
class Measured:
    """A prior's timings, and of the parts that could not be timed why not."""

    prior: str
    parameters: int
    timings: tuple[Timing, ...]
    problems: Mapping[str, str]

    def record(self) -> dict[str, Any]:
        """JSON-able."""
        timings = [timing.record() for timing in self.timings]
        return {"prior": self.prior, "parameters": self.parameters, "parts": timings} | {
            "problems": dict(self.problems)
        }


@dataclass(frozen=True)
class Machine:
    """name: of the processor or the graphics card. threads: of the processor."""

    name: str
    device: str
    threads: int
    torch: str
    precision: str


@dataclass(frozen=True)
class Report:
    """The outcome of a benchmark. size: pixels a side of the pictures. recipe: whose jobs `units` are of."""

    machine: Machine
    size: int
    recipe: str
    priors: tuple[Measured, ...]

    def record(self) -> dict[str, Any]:
        """JSON-able."""
        common = {"machine": asdict(self.machine), "size": self.size, "recipe": self.recipe}
        return common | {"priors": [prior.record() for prior in self.priors]}


def machine(device: torch.device, dtype: torch.dtype) -> Machine:
    """The machine as the benchmark uses it."""
    name = describe(device) if device.type == "cuda" else processor()
    kind = str(dtype).removeprefix("torch.")
    return Machine(name, device.type, torch.get_num_threads(), torch.__version__, kind)


def processor(cpuinfo: Path = _CPUINFO) -> str:
    """The processor's name, as well as the system tells it."""
    try:
        lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    for line in lines:
        key, _, value = line.partition(":")
        if key.strip() == "model name" and value.strip():
            return value.strip()
    return platform.processor() or platform.machine()
