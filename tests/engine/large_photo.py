"""`python -m tests.engine.large_photo enlarge|repair|latent`: a photo of 24 megapixels through a prior on the processor.

enlarge: 1500 x 1000 pixels four times, repair: scratches in 6000 x 4000, both with the starter; latent: 1000 x 750 four
times with a Stable Diffusion upscaler of tiny widths (it has no sense, but the windows and pictures of a true one). Each
in a process of its own, for its peak of memory; prints that, the estimate, the seconds, and how much steeper the
picture is at the borders of windows than elsewhere.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import psutil

from adir_desktop.contract import Photo, Progress, Request
from adir_desktop.engine.degrade import degrade
from adir_desktop.engine.estimate import estimate
from adir_desktop.engine.operators.masks import scratches
from adir_desktop.engine.plan import settle
from adir_desktop.engine.record import peak_memory
from adir_desktop.tasks import degradation_for
from tests.engine import tiny_sd
from tests.engine.borders import excess, places
from tests.engine.scenes import run, scene

PHOTO = 4000, 6000  # height and width of the large photo
SCRATCHES = 40
THICK = 8  # pixels, or twice that


def enlarge(height: int, width: int, steps: int) -> Request:
    small = Photo(scene(height // 4, width // 4))
    return Request(small, "upscale", degradation_for("upscale", scale=4), steps=steps)


def repair(height: int, width: int, steps: int) -> Request:
    thin = scratches(height // THICK, width // THICK, 0, SCRATCHES)
    mask = thin.repeat(THICK, 0).repeat(THICK, 1)
    degradation = degradation_for("inpaint", mask=mask)
    return Request(degrade(Photo(scene(height, width)), degradation, 0), "inpaint", degradation, steps=steps)


def latent(height: int, width: int, steps: int) -> Request:
    folder = tiny_sd.upscaler(Path(tempfile.mkdtemp(prefix="adir-large-")))
    request = enlarge(height, width, steps)
    return replace(request, prior=f"file:{folder}")


JOBS = {"enlarge": enlarge, "repair": repair, "latent": latent}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("job", choices=JOBS)
    parser.add_argument("--height", type=int, default=PHOTO[0])
    parser.add_argument("--width", type=int, default=PHOTO[1])
    parser.add_argument("--steps", type=int, default=2)
    parser.add_argument("--precision", default="float32")
    asked = parser.parse_args()
    request = replace(
        JOBS[asked.job](asked.height, asked.width, asked.steps), precision=asked.precision, device="cpu"
    )
    expected = estimate(request)
    idle = psutil.Process().memory_info().rss
    start = time.perf_counter()
    done, events = run(request)
    progress = sum(isinstance(event, Progress) for event in events)
    print(f"{asked.job}: {done.photo.width} x {done.photo.height}, {asked.steps} steps, {asked.precision}")
    print(
        f"peak {peak_memory('cpu') / 2**30:.2f} GiB, before the run {idle / 2**30:.2f} GiB, estimated {expected.memory / 2**30:.2f} GiB"
    )
    print(f"{time.perf_counter() - start:.0f} s, {progress} events")
    if asked.job != "latent":  # weights drawn by chance leave noise
        plan = settle(done.request)
        lines = tuple(places(n, plan.tile_side, plan.prior.multiple_of) for n in done.photo.pixels.shape[:2])
        ratio, error = excess(done.photo.pixels, lines, request.degradation.mask)
        print(f"across borders of windows {ratio:.4f} +- {error:.4f} times the gradient beside them")


if __name__ == "__main__":
    main()
