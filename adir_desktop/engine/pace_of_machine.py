"""How fast this machine is: timed once, kept in the cache, and corrected by every finished restoration."""

from __future__ import annotations

import json
import logging
import math
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from typing import Any

import psutil
import torch

from adir_desktop import places
from adir_desktop.engine.priors import Prior
from adir_desktop.errors import AdirError
from adir_desktop.files import write_atomic

log = logging.getLogger(__name__)
SMALL, LARGE = 64, {"cpu": 192, "cuda": 512, "mps": 256}  # pixels a side of the timed pictures
ROUNDS = 3  # the fastest counts: other work on the machine only slows
NEW_SHARE = 0.5  # of the latest run in a correction
FURTHEST = 50.0  # a correction beyond this is no property of the machine


@dataclass(frozen=True)
class Speed:
    """Seconds on this machine. evaluation + pixel * (pixels of the window): one pass of the network.

    flop: of a matrix product in float32. fft: for each pixel, there and back, of three channels.
    corrections: for a kind of work, what it took over what these numbers say.
    """

    evaluation: float
    pixel: float
    flop: float
    fft: float
    corrections: Mapping[str, float] = field(default_factory=dict)

    def corrected(self, kind: str, seconds: float) -> float:
        """What experience makes of a prediction."""
        return seconds * self.corrections.get(kind, 1.0)

    def after(self, kind: str, predicted: float, measured: float) -> Speed:
        """With one experience more: an exponential average of measured over predicted."""
        if not (predicted > 0 and measured > 0):
            return self
        ratio = min(max(measured / predicted, 1 / FURTHEST), FURTHEST)
        old = self.corrections.get(kind, ratio)
        new = old + NEW_SHARE * (ratio - old)
        return replace(self, corrections={**self.corrections, kind: round(new, 4)})


def measured(prior: Prior, device: torch.device, dtype: torch.dtype) -> Speed:
    """The speed kept from before, or timed now, which takes about a second."""
    speed = known(prior, device, dtype)
    if speed is None:
        speed = _timed(prior, device, dtype)
        remember(speed, prior, device, dtype)
    return speed


def known(prior: Prior, device: torch.device, dtype: torch.dtype) -> Speed | None:
    """The speed kept from before, if there is one."""
    entry: Any = _read().get(_key(prior, device, dtype))
    try:
        numbers = {name: float(entry[name]) for name in ("evaluation", "pixel", "flop", "fft")}
        corrections = {str(kind): float(value) for kind, value in entry["corrections"].items()}
    except (KeyError, TypeError, ValueError, AttributeError):  # nothing, or not ours: timed again
        return None
    usable = all(math.isfinite(n) and n >= 0 for n in (*numbers.values(), *corrections.values()))
    return Speed(**numbers, corrections=corrections) if usable else None


def remember(speed: Speed, prior: Prior, device: torch.device, dtype: torch.dtype) -> None:
    """Keeps it; where the cache cannot be written, it is timed again another day."""
    path = places.cache_dir() / "pace.json"
    content = _read() | {_key(prior, device, dtype): asdict(speed)}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, json.dumps(content, indent=1).encode())
    except (OSError, AdirError) as error:
        log.warning("the machine's speed could not be kept: %s", error)


@lru_cache(maxsize=1)
def idle_memory() -> int:
    """Bytes of this process when it was first asked: loaded, and nothing done yet."""
    return int(psutil.Process().memory_info().rss)


def _read() -> dict[str, Any]:
    try:
        content = json.loads((places.cache_dir() / "pace.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _key(prior: Prior, device: torch.device, dtype: torch.dtype) -> str:
    if device.type == "cuda":
        place = torch.cuda.get_device_name(device)
    else:
        place = f"{platform.processor()}/{torch.get_num_threads()}"
    kind = str(dtype).removeprefix("torch.")
    return f"{platform.node()}/{place}/torch {torch.__version__}/{kind}/{prior.sha256[:12]}"


@torch.inference_mode()
def _timed(prior: Prior, device: torch.device, dtype: torch.dtype) -> Speed:
    ready = prior.ready(device, dtype)
    large = LARGE[device.type]
    small = _fastest(lambda: ready.probe(SMALL), device)
    big = _fastest(lambda: ready.probe(large), device)
    pixel = max(big - small, 0.1 * big) / (large**2 - SMALL**2)
    square = torch.ones(1024, 1024, device=device)
    product = _fastest(lambda: square @ square, device)
    picture = torch.ones(1, 3, 512, 512, device=device)
    fft = _fastest(lambda: torch.fft.irfft2(torch.fft.rfft2(picture)), device)
    return Speed(
        evaluation=max(0.0, small - pixel * SMALL**2),
        pixel=pixel,
        flop=product / 2 / 1024**3,
        fft=fft / 512**2,
    )


def _fastest(work: Callable[[], object], device: torch.device) -> float:
    """Seconds of the fastest of a few rounds, after one that does not count."""
    best = math.inf
    for index in range(ROUNDS + 1):
        start = time.perf_counter()
        work()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        if index:
            best = min(best, time.perf_counter() - start)
    return best
