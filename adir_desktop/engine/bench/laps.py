"""Timing work that comes in laps: the first warms up and is counted, the others are timed."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass

import torch
from torch.utils.flop_counter import FlopCounterMode

from adir_desktop.engine.bench.report import Spread

Laps = Generator[int, None, None]  # each lap's units of work: evaluations, steps, iterations
MATRIX_SIDES = {"cpu": (1024, 2048), "mps": (2048, 4096), "cuda": (4096, 8192)}  # the fastest is the peak
MATRIX_ROUNDS = 8


@dataclass(frozen=True)
class Effort:
    """rounds: timed at least. seconds: spent at least. most: rounds at most."""

    rounds: int = 5
    seconds: float = 1.0
    most: int = 50


QUICK = Effort(2, 0.0, 2)


def synchronise(device: torch.device) -> None:
    """Waits for what the device was told to do: it does it later."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def timed(laps: Laps, device: torch.device, effort: Effort) -> Generator[None, None, tuple[Spread, int]]:
    """Yields after each lap; returns the seconds of a unit and its counted operations.

    Work that ends early is told by the rounds there were, at least one beside the first lap.
    """
    try:
        with FlopCounterMode(display=False) as counter:
            units = next(laps)
        flop = counter.get_total_flops() // units
        seconds: list[float] = []
        synchronise(device)
        start = last = time.perf_counter()
        yield
        while len(seconds) < effort.rounds or last - start < effort.seconds:
            last = time.perf_counter()
            units = next(laps, 0)
            if not units:
                break
            synchronise(device)
            now = time.perf_counter()
            seconds.append((now - last) / units)
            last = now
            yield
            if len(seconds) == effort.most:
                break
    finally:
        laps.close()
    return Spread.of(seconds), flop


@torch.inference_mode()
def matrix_rate(device: torch.device, dtype: torch.dtype) -> float:
    """Operations a second of the best of a few large matrix products."""
    if device.type == "cuda":  # float32 as the convolutions take it
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32
    best = 0.0
    for side in MATRIX_SIDES[device.type]:
        square = torch.rand(side, side, device=device).to(dtype)
        for _ in range(MATRIX_ROUNDS):
            start = time.perf_counter()
            _ = square @ square
            synchronise(device)
            best = max(best, 2 * side**3 / (time.perf_counter() - start))
    return best
