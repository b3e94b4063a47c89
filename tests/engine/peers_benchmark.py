"""`python -m tests.engine.peers_benchmark`: our time over deepinv's, on the embedded prior, one thread, in turns."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from adir_desktop.engine.priors import load_prior
from adir_desktop.engine.priors.base import Denoiser, Prediction
from adir_desktop.engine.samplers import SAMPLERS, Problem, Settings, seeded_noise
from adir_desktop.engine.samplers.admm_tv import TVSettings
from adir_desktop.engine.samplers.ddrm import DDRMSettings
from adir_desktop.engine.samplers.diffpir import DiffPIRSettings
from adir_desktop.engine.samplers.dps import DPSSettings
from adir_desktop.engine.samplers.pnp_admm import PnPSettings
from adir_desktop.engine.samplers.schedule import sigma, strided
from tests.engine.peers import AsTheirs, deepinv, operators

NOISE = 20 / 255  # in [-1, 1]
Run = Callable[[], object]


class Counted:
    """A prior that counts its evaluations."""

    multiple_of = 1

    def __init__(self, prior: Denoiser) -> None:
        self.prior = prior
        self.alpha_bar = prior.alpha_bar
        self.calls = 0

    def predict(self, x_t: Tensor, t: int) -> Prediction:
        self.calls += 1
        return self.prior.predict(x_t, t)


def drained(name: str, given: Problem, settings: Settings) -> None:
    for _ in SAMPLERS[name].run(given, settings):
        pass


def methods(prior: Counted, side: int, steps: int) -> dict[str, tuple[Run, Run]]:
    """Ours and theirs of each method, on a blurred and noisy picture; total variation on a noisy one."""
    ours, theirs = operators("blur", side, torch.float32)
    noise = seeded_noise(0, torch.device("cpu"))
    smooth = torch.nn.functional.interpolate(
        noise(torch.empty(1, 3, 8, 8)), size=(side, side), mode="bicubic"
    )
    y = ours.forward(smooth.clamp(-1, 1)) + NOISE * noise(smooth)
    y_theirs = (y + 1) / 2
    theirs.noise_model = deepinv.physics.GaussianNoise(NOISE / 2)
    given = Problem(prior, ours, y, NOISE, noise)
    plain = replace(given, operator=operators("denoise", side, torch.float32)[0])
    denoiser, l2 = AsTheirs(prior, clip=True), deepinv.optim.data_fidelity.L2()
    levels = [float(sigma(prior.alpha_bar[t])) / 2 for t in strided(steps)[::-1]]
    dps = deepinv.sampling.DPS(denoiser, num_steps=steps, dtype=torch.float32)
    ddrm = deepinv.sampling.DDRM(denoiser, sigmas=[*levels, 0.0])
    diffpir = deepinv.sampling.DiffPIR(denoiser, l2, max_iter=steps, lambda_=2.0)
    admm = deepinv.optim.ADMM(
        data_fidelity=l2,
        prior=deepinv.optim.prior.PnP(denoiser),
        stepsize=10.0,
        sigma_denoiser=0.1,
        max_iter=steps,
        early_stop=False,
    )
    tv = deepinv.models.TVDenoiser(crit=1e-5, n_it_max=100)

    def without_gradient(run: Run) -> Run:
        return torch.no_grad()(run)

    return {
        "DPS": (lambda: drained("dps", given, DPSSettings(steps)), lambda: dps(y_theirs, theirs)),
        "DDRM": (
            lambda: drained("ddrm", given, DDRMSettings(steps)),
            lambda: ddrm(y_theirs.clone(), theirs),
        ),
        "DiffPIR": (
            lambda: drained("diffpir", given, DiffPIRSettings(steps)),
            lambda: diffpir(y_theirs, theirs),
        ),
        "PnP-ADMM": (
            lambda: drained("pnp-admm", given, PnPSettings(steps, mode="admm")),
            without_gradient(lambda: admm(y_theirs, theirs)),
        ),
        "TV": (
            lambda: drained("admm-tv", plain, TVSettings(100)),
            without_gradient(lambda: tv(y_theirs, NOISE / 2)),
        ),
    }


def timed(run: Run, prior: Counted) -> tuple[float, int]:
    """Seconds of the processor, network evaluations."""
    prior.calls = 0
    start = time.process_time()
    run()
    return time.process_time() - start, prior.calls


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--side", type=int, default=128)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    torch.set_num_threads(1)
    prior = Counted(load_prior("starter").ready(torch.device("cpu"), torch.float32))
    print("method     ours s  calls  theirs s  calls  total ours/theirs  per evaluation")
    for name, (ours, theirs) in methods(prior, args.side, args.steps).items():
        pairs = [(timed(ours, prior), timed(theirs, prior)) for _ in range(args.rounds)]
        a, b = (statistics.median(pair[i][0] for pair in pairs) for i in (0, 1))
        calls_a, calls_b = pairs[0][0][1], pairs[0][1][1]
        each = f"{a / calls_a / (b / calls_b):.2f}" if calls_a and calls_b else "-"
        print(f"{name:9} {a:7.2f} {calls_a:6} {b:9.2f} {calls_b:6} {a / b:18.2f} {each:>15}", flush=True)


if __name__ == "__main__":
    main()
