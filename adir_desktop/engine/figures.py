"""The README's figures, measured: `python -m adir_desktop.engine.figures quality|speed …`."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from adir_desktop.contract import Photo, Pixels, Request, Restoration, Source
from adir_desktop.engine import lora
from adir_desktop.engine.adapt import AdaptSettings, adapt
from adir_desktop.engine.degrade import degrade
from adir_desktop.engine.device import pick_dtype
from adir_desktop.engine.metrics import compare
from adir_desktop.engine.operators import build_operator
from adir_desktop.engine.photos import PHOTO_SUFFIXES, open_photo
from adir_desktop.engine.priors import load_prior
from adir_desktop.engine.restore import restore
from adir_desktop.engine.samplers import Problem, Settings, find_sampler, seeded_noise
from adir_desktop.engine.tensors import to_pixels, to_tensor
from adir_desktop.tasks import degradation_for

TRIALS = {
    "x4": ("upscale", degradation_for("upscale", scale=4)),
    "deblur": ("deblur", degradation_for("deblur", kernel="box:5", noise=10)),
    "denoise": ("denoise", degradation_for("denoise", noise=25)),
}
GAP = 4  # pixels between pictures of a sheet


def finish(events: Iterator[Any]) -> Restoration:
    """Drains an engine generator; its return value."""
    while True:
        try:
            next(events)
        except StopIteration as stop:
            result: Restoration = stop.value
            return result


def centre(photo: Photo, side: int) -> Photo:
    """The middle square of a photo."""
    top, left = (photo.height - side) // 2, (photo.width - side) // 2
    return replace(photo, pixels=photo.pixels[top : top + side, left : left + side], alpha=None)


def as_file(photo: Photo) -> Photo:
    """The photo as an 8-bit file would hold it."""
    return replace(photo, pixels=(np.round(photo.pixels * 255) / 255).astype(np.float32))


def files_of(folder: Path, count: int) -> list[Path]:
    """`count` photos spread over a folder, all with 0."""
    files = sorted(f for f in folder.iterdir() if f.suffix.lower() in PHOTO_SUFFIXES)
    return files[:: max(1, len(files) // count)][:count] if count else files


def baseline_picture(observed: Photo, trial: str) -> Photo:
    """What the numbers are held against: bicubic enlargement, or the damaged photo itself."""
    operator = build_operator(TRIALS[trial][1], observed.height, observed.width)
    return replace(observed, pixels=to_pixels(operator.guess(to_tensor(observed.pixels))))


def sheet(rows: Sequence[Sequence[Pixels]], path: Path) -> None:
    """Pictures side by side, a row a photo."""
    height, width = rows[0][0].shape[:2]
    page = Image.new("RGB", (len(rows[0]) * (width + GAP) - GAP, len(rows) * (height + GAP) - GAP), "white")
    for r, row in enumerate(rows):
        for c, pixels in enumerate(row):
            picture = Image.fromarray(np.round(pixels * 255).astype(np.uint8))
            page.paste(picture, (c * (width + GAP), r * (height + GAP)))
    page.save(path)


def quality(args: argparse.Namespace) -> dict[str, Any]:
    """PSNR and SSIM of restored centres against bicubic or the input, each with its own seed."""
    results: dict[str, Any] = {}
    for trial in args.trials:
        task, degradation = TRIALS[trial]
        rows, gains, scores = [], [], []
        for seed, file in enumerate(files_of(args.folder, args.count)):
            clean = centre(open_photo(file), args.side)
            observed = as_file(degrade(clean, degradation, seed))
            request = Request(
                observed,
                task,
                degradation,
                seed=seed,
                sampler=args.sampler,
                steps=args.steps,
                guidance=args.guidance,
                adapt="neighbours" if args.library else "none",
                sources=(Source(args.library),) if args.library else (),
                baseline=bool(args.library),
            )
            done = finish(restore(request))
            before = baseline_picture(observed, trial)
            found = [compare(p, clean) for p in (before, done.photo, done.baseline or done.photo)]
            gains.append(found[1]["psnr"] - found[0]["psnr"])
            scores.append([f["psnr"] for f in found] + [f["ssim"] for f in found])
            rows.append([clean.pixels, before.pixels, done.photo.pixels])
            print(
                trial,
                file.name,
                " ".join(f"{s:.3f}" for s in scores[-1]),
                f"{done.seconds:.1f} s",
                flush=True,
            )
        means = [round(statistics.fmean(column), 3) for column in zip(*scores, strict=True)]
        results[trial] = {
            "photos": len(gains),
            "psnr": dict(zip(("before", "restored", "without adapting"), means[:3], strict=True)),
            "ssim": dict(zip(("before", "restored", "without adapting"), means[3:], strict=True)),
            "mean_gain_db": round(statistics.fmean(gains), 2),
            "worst_gain_db": round(min(gains), 2),
        }
        if args.sheet:
            sheet(rows[: args.sheet_rows], args.sheet.with_stem(f"{args.sheet.stem}-{trial}"))
    return results


def speed(args: argparse.Namespace) -> dict[str, Any]:
    """Ratios of one run: a step with a merged LoRA, with an unmerged one, and without."""
    cpu = torch.device("cpu")
    prior = load_prior("starter")
    dtype = pick_dtype("auto", cpu, prior.net)
    generator = np.random.default_rng(0)
    photos = [generator.random((96, 96, 3), dtype=np.float32) for _ in range(2)]
    settings = AdaptSettings(iterations=2, batch=2, crop=32)
    work = adapt(prior, photos, settings, seed=0, device=cpu, dtype=torch.float32)
    adapted: Any = finish(work)
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
    trajectory = find_sampler("adir").run(problem, Settings(1000, 10.0))
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
    q = commands.add_parser("quality", help="PSNR and SSIM on the centres of a folder's photos")
    q.add_argument("folder", type=Path)
    q.add_argument("--trials", nargs="+", default=["x4", "deblur"], choices=TRIALS)
    q.add_argument("--side", type=int, default=256)
    q.add_argument("--count", type=int, default=0, help="photos, 0 for all")
    q.add_argument("--sampler")
    q.add_argument("--steps", type=int)
    q.add_argument("--guidance", type=float)
    q.add_argument("--library", help="adapt to neighbours from this library or folder")
    q.add_argument("--sheet", type=Path, help="write pictures side by side: clean, before, restored")
    q.add_argument("--sheet-rows", type=int, default=4)
    q.set_defaults(run=quality)
    s = commands.add_parser("speed", help="time ratios of one run")
    s.add_argument("--side", type=int, default=256)
    s.add_argument("--repeats", type=int, default=15)
    s.set_defaults(run=speed)
    args = parser.parse_args()
    print(json.dumps(args.run(args), indent=1))


if __name__ == "__main__":
    main()
