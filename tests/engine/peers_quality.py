"""`python -m tests.engine.peers_quality`: the time until a picture is as good as deepinv's best, on the embedded prior.

Photos sharpened from a 3 x 3 box blur with noise, one thread. Each of deepinv's methods runs with several numbers,
of which the best by PSNR is its quality; ours runs with the quick recipe's and fewer and more steps, of which the
least time that reaches that quality counts.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from adir_desktop.engine.photos import open_photo
from adir_desktop.engine.priors import load_prior
from adir_desktop.engine.priors.base import Denoiser
from adir_desktop.engine.samplers import Problem, find_sampler, seeded_noise
from adir_desktop.engine.samplers.schedule import sigma, strided
from adir_desktop.engine.tensors import to_tensor
from tests.engine.peers import AsTheirs, deepinv, operators
from tests.engine.sampler_problems import drain

NOISE = 20 / 255  # in [-1, 1]
SIDE = 128
CLOSE = 0.05  # dB that count as equal
SAMPLES = Path(__file__).parents[2] / "resources/samples/originals"
OURS = {  # steps that are tried
    "dps": (5, 10, 20, 40),
    "ddrm": (5, 10, 20, 40),
    "diffpir": (3, 5, 10, 20, 40),
    "pnp-admm": (2, 4, 8, 16),
}
Restore = Callable[[Problem, Tensor], Tensor]


@dataclass(frozen=True)
class Reached:
    """What some numbers give: the mean PSNR over the photos in dB, the processor's seconds for a photo."""

    numbers: str
    psnr: float
    seconds: float


def theirs(prior: Denoiser) -> Iterator[tuple[str, str, Restore]]:
    """Method, numbers, run: [0, 1] pictures of [0, 1] observations."""
    denoiser, l2 = AsTheirs(prior, clip=True), deepinv.optim.data_fidelity.L2()
    physics = operators("blur", SIDE, torch.float32)[1]
    physics.noise_model = deepinv.physics.GaussianNoise(NOISE / 2)
    for weight in (30.0, 100.0, 300.0):
        dps = deepinv.sampling.DPS(denoiser, num_steps=50, weight=weight, dtype=torch.float32)
        yield "dps", f"50 steps, weight {weight:g}", lambda _, y, run=dps: run(y, physics)
    for steps in (20, 50, 100):
        levels = [float(sigma(prior.alpha_bar[t])) / 2 for t in strided(steps)[::-1]]
        ddrm = deepinv.sampling.DDRM(denoiser, sigmas=[*levels, 0.0])
        yield "ddrm", f"{steps} steps", lambda _, y, run=ddrm: run(y.clone(), physics)
        for weight in (2.0, 7.0):
            diffpir = deepinv.sampling.DiffPIR(denoiser, l2, max_iter=steps, lambda_=weight, sigma=NOISE / 2)
            yield "diffpir", f"{steps} steps, lambda {weight:g}", lambda _, y, run=diffpir: run(y, physics)
    for steps in (8, 24, 60):
        for level in (0.03, 0.06, 0.1):
            admm = deepinv.optim.ADMM(
                data_fidelity=l2,
                prior=deepinv.optim.prior.PnP(denoiser),
                stepsize=1.0,
                sigma_denoiser=level,
                max_iter=steps,
                early_stop=False,
            )
            yield "pnp-admm", f"{steps} steps, denoiser {level:g}", lambda _, y, run=admm: run(y, physics)


def ours() -> Iterator[tuple[str, str, Restore]]:
    """The same of ours, with the quick recipe's numbers for sharpening."""
    for name, steps_tried in OURS.items():
        row = find_sampler(name)
        for steps in steps_tried:
            settings = replace(row.numbers(row.quick, "deblur"), steps=steps)

            def run(problem: Problem, _: Tensor, name: str = name, settings: object = settings) -> Tensor:
                return (drain(name, problem, settings).view(problem.y.shape) + 1) / 2

            yield name, f"{steps} steps", run


def problems(prior: Denoiser, folder: Path) -> list[tuple[Tensor, Problem]]:
    """Two squares of each photo, in [0, 1], and what is to be restored."""
    found = []
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        whole = to_tensor(open_photo(path).pixels)
        for share in (0.3, 0.6):
            top, left = (int(share * (n - SIDE)) for n in whole.shape[-2:])
            x = whole[..., top : top + SIDE, left : left + SIDE]
            operator = operators("blur", SIDE, torch.float32)[0]
            y = operator.forward(x) + NOISE * seeded_noise(len(found), torch.device("cpu"))(x)
            given = Problem(prior, operator, y, NOISE, seeded_noise(0, torch.device("cpu")))
            found.append(((x + 1) / 2, given))
    return found


def reached(numbers: str, run: Restore, photos: list[tuple[Tensor, Problem]]) -> Reached:
    decibels, seconds = [], []
    for clean, problem in photos:
        torch.manual_seed(0)
        start = time.process_time()
        with torch.no_grad():
            restored = run(problem, (problem.y + 1) / 2)
        seconds.append(time.process_time() - start)
        decibels.append(-10 * float((restored.clamp(0, 1) - clean).square().mean().log10()))
    return Reached(numbers, sum(decibels) / len(photos), sum(seconds) / len(photos))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, default=SAMPLES, metavar="FOLDER")
    folder = parser.parse_args().photos
    torch.set_num_threads(1)
    prior = load_prior("starter").ready(torch.device("cpu"), torch.float32)
    photos = problems(prior, folder)
    results: dict[str, tuple[list[Reached], list[Reached]]] = {name: ([], []) for name in OURS}
    for which, runs in enumerate((ours(), theirs(prior))):
        for name, numbers, run in runs:
            results[name][which].append(reached(numbers, run, photos))
            one = results[name][which][-1]
            whose = ("ours", "deepinv")[which]
            print(f"{name:9} {whose:8} {numbers:26} {one.psnr:6.2f} dB {one.seconds:6.2f} s", flush=True)
    for name, (of_ours, of_theirs) in results.items():
        best = max(of_theirs, key=lambda one: one.psnr)
        equal = [one for one in of_ours if one.psnr >= best.psnr - CLOSE]
        if not equal:
            print(f"{name}: deepinv's {best.psnr:.2f} dB is not reached")
            continue
        fastest = min(equal, key=lambda one: one.seconds)
        print(
            f"{name}: {best.psnr:.2f} dB in {best.seconds:.2f} s, ours {fastest.psnr:.2f} dB in "
            f"{fastest.seconds:.2f} s: {fastest.seconds / best.seconds:.2f}"
        )


if __name__ == "__main__":
    main()
