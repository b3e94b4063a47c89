"""How a restoration was made: times, memory, versions; enough to tell and to repeat it."""

from __future__ import annotations

import platform
import sys
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
import torch

from adir_desktop import __version__
from adir_desktop.contract import AdaptedPreset
from adir_desktop.engine.plan import Plan
from adir_desktop.engine.samples import Drawn
from adir_desktop.interrupt import clock

LIBRARIES = ("torch", "diffusers", "peft", "open_clip_torch", "usearch", "numpy", "pillow")


class Stopwatch:
    """Seconds of work by stage."""

    def __init__(self) -> None:
        self._start = self._last = clock()
        self.stages: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        """Ends a stage: the time since the last lap is its."""
        now = clock()
        self.stages[stage] = round(self.stages.get(stage, 0.0) + now - self._last, 3)
        self._last = now

    @property
    def total(self) -> float:
        return round(clock() - self._start, 3)


def make_record(
    plan: Plan, drawn: Drawn, consistency: float, watch: Stopwatch, preset: AdaptedPreset | None
) -> dict[str, Any]:
    """The record of a run, JSON-able."""
    request, settings = plan.request, plan.settings
    stopped = {"stopped_at": dict(drawn.stopped_at)} if drawn.stopped_at else {}
    return stopped | {
        "task": request.task,
        "prior": request.prior,
        "prior_sha256": plan.prior.sha256,
        "sampler": request.sampler,
        "settings": asdict(settings),
        "recipe": request.recipe,
        "adapt": request.adapt,
        "seed": request.seed,
        "steps": settings.steps,
        "evaluations": plan.evaluations * drawn.count,
        "samples": drawn.count,
        # what is edited is not to agree with the photo, and the rest of it is the photo
        "consistency": None if request.task == "edit" else round(consistency, 4),
        "training": dict(preset.training) if preset else None,
        "neighbours": [n.id for n in preset.neighbours] if preset else [],
        "device": request.device,
        "dtype": request.precision,
        "thrift": asdict(request.thrift),
        "window": plan.tile_side,
        "threads": torch.get_num_threads(),
        "seconds": watch.total,
        "seconds_by_stage": dict(watch.stages),
        "peak_memory_bytes": peak_memory(request.device),
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    """Versions of all that decides the pixels."""
    found = {name: version(name) for name in LIBRARIES}
    return {"adir-desktop": __version__, "python": platform.python_version(), **found}


def peak_memory(device: str) -> int:
    """The most memory this process (on CUDA: its tensors) has held, in bytes."""
    if device == "cuda":
        return int(torch.cuda.max_memory_allocated())
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    status = Path("/proc/self/status")
    if status.exists():  # getrusage counts in the process that started this one
        high = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return 1024 * int(high.split()[1])
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak if sys.platform == "darwin" else peak * 1024)
