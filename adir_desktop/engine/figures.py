"""The README's figures, measured: `python -m adir_desktop.engine.figures speed`."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch

from adir_desktop.engine import lora
from adir_desktop.engine.adapt import AdaptSettings, adapt
from adir_desktop.engine.device import pick_dtype
from adir_desktop.engine.events import result_of
from adir_desktop.engine.operators import build_operator
from adir_desktop.engine.priors import load_pixel_prior
from adir_desktop.engine.samplers import Problem, find_sampler, seeded_noise
from adir_desktop.tasks import degradation_for


def speed(args: argparse.Namespace) -> dict[str, Any]:
    """Ratios of one run: a step with a merged LoRA, with an unmerged one, and without."""
    cpu = torch.device("cpu")
    prior = load_pixel_prior("starter")
    dtype = pick_dtype("auto", cpu, prior.net)
    generator = np.random.default_rng(0)
    photos = [generator.random((96, 96, 3), dtype=np.float32) for _ in range(2)]
    settings = AdaptSettings(iterations=2, batch=2, crop=32)
    work = adapt(prior, photos, settings, seed=0, device=cpu, dtype=torch.float32)
    adapted = result_of(work)
    wrapped = lora.inject(prior.net, settings.rank, settings.alpha, 0)
    x = torch.randn(1, 3, args.side, args.side)
    nets = {
        "plain": prior.ready(cpu, dtype),
        "merged": prior.ready(cpu, dtype, lora.merged(prior.net, adapted.tensors, 16, 8.0)),
        "unmerged": prior.ready(cpu, dtype, wrapped),
        "float32": prior.ready(cpu, torch.float32),
    }
    calls: dict[str, Callable[[], object]] = {
        name: partial(net.predict, x, 100) for name, net in nets.items()
    }
    calls["adir step"] = _one_adir_step(nets["plain"], args.side)
    seconds = paired(calls, args.repeats)
    plain = seconds["plain"]
    return {
        "side": args.side,
        "dtype": str(dtype),
        "seconds_a_pass": round(plain, 4),
        "ratios_to_plain": {name: round(value / plain, 3) for name, value in seconds.items()},
    }


def _one_adir_step(denoiser: Any, side: int) -> Callable[[], object]:
    """A call that runs one step of Algorithm 1 for x4, everything but the network included."""
    degradation = degradation_for("upscale", scale=4)
    operator = build_operator(degradation, side // 4, side // 4)
    y = torch.zeros(1, 3, side // 4, side // 4)
    problem = Problem(denoiser, operator, y, 0.0, seeded_noise(0, torch.device("cpu")))
    trajectory = find_sampler("adir").run(problem, find_sampler("adir").published[""])
    next(trajectory)
    return lambda: next(trajectory)


@torch.inference_mode()
def paired(calls: dict[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """The median seconds of each call, taken in turns so that the machine's moods fall on all alike."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(repeats + 1):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            if turn:  # the first turn warms up
                times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in times.items()}


def main() -> None:
    """Reads the arguments and prints JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    s = commands.add_parser("speed", help="time ratios of one run")
    s.add_argument("--side", type=int, default=256)
    s.add_argument("--repeats", type=int, default=15)
    s.set_defaults(run=speed)
    args = parser.parse_args()
    print(json.dumps(args.run(args), indent=1))


if __name__ == "__main__":
    main()
