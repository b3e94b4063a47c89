"""`python -m tests.engine.adapting_benchmark [adapt|widths|steps]`: ratios of adapting and of guided steps, in one run.

adapt: our loop over a plain one with peft, on the starter and on a small guided-diffusion network.
widths: a low-rank weight over peft's side branch, forward and back, by the width of the layers.
steps: a step of ADIR over one of DPS on the same network.
"""

from __future__ import annotations

import argparse
import copy
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import torch
from peft import LoraConfig, get_peft_model
from torch import Tensor, nn
from torch.nn.functional import mse_loss

from adir_desktop.engine import lora
from adir_desktop.engine.adapt import AdaptSettings, adapt
from adir_desktop.engine.bench.laps import Effort, Laps, timed
from adir_desktop.engine.bench.parts import PARTS, Setting
from adir_desktop.engine.priors import UNetPrior, load_prior
from adir_desktop.engine.priors.guided_diffusion import GuidedUNet, Layout
from adir_desktop.engine.samplers.schedule import linear_alpha_bar

CPU = torch.device("cpu")
SETTINGS = AdaptSettings(iterations=1000, batch=3, crop=96, learning_rate=1e-4, rank=16, alpha=8.0)
SMALL = Layout(64, (64, 128, 128, 256), 1, (False, False, True, True))
LAYERS = ((64, 96), (128, 48), (256, 24), (512, 12), (1024, 6))  # channels, side of the features


def guided(layout: Layout) -> UNetPrior:
    torch.manual_seed(0)
    net = GuidedUNet(layout).eval().requires_grad_(requires_grad=False)
    return UNetPrior("small", net, "0" * 64, linear_alpha_bar(), net.multiple_of)


def with_peft(net: nn.Module) -> nn.Module:
    """The network with peft's own LoRA beside every convolution."""
    names = list(lora.adaptable_layers(net))
    config = LoraConfig(r=SETTINGS.rank, lora_alpha=SETTINGS.alpha, target_modules=names)
    return get_peft_model(copy.deepcopy(net), config)


def plain_loop(prior: UNetPrior, photos: list[np.ndarray], dtype: torch.dtype) -> Laps:
    """The usual few lines: crops, noise, one t, autocast (or none in float32), torch's Adam."""
    net = with_peft(prior.net)
    optimiser = torch.optim.Adam((p for p in net.parameters() if p.requires_grad), SETTINGS.learning_rate)
    pictures = [torch.from_numpy(p).permute(2, 0, 1) * 2 - 1 for p in photos]
    side = SETTINGS.crop
    while True:
        crops = []
        for _ in range(SETTINGS.batch):
            picture = pictures[int(torch.randint(len(pictures), (1,)))]
            top, left = (int(torch.randint(n - side + 1, (1,))) for n in picture.shape[1:])
            crops.append(picture[:, top : top + side, left : left + side])
        z = torch.stack(crops)
        eps = torch.randn_like(z)
        t = torch.randint(1000, (1,))
        bar = prior.alpha_bar[t].float()
        with torch.autocast("cpu", dtype, enabled=dtype != torch.float32):
            output = net(bar.sqrt() * z + (1 - bar).sqrt() * eps, t).sample
        optimiser.zero_grad()
        mse_loss(output[:, :3].float(), eps).backward()
        optimiser.step()
        yield 1


def our_loop(prior: UNetPrior, photos: list[np.ndarray], dtype: torch.dtype) -> Laps:
    before = 0
    for event in adapt(prior, photos, SETTINGS, seed=0, device=CPU, dtype=dtype):
        if event.done > before:
            yield event.done - before
            before = event.done


def forward_and_back(net: nn.Module, x: Tensor) -> Laps:
    while True:
        with torch.autocast("cpu", torch.bfloat16):
            output = net(x, 500, return_dict=False)[0]
        output.float().square().mean().backward()  # gradients add up, nobody uses them
        yield 1


def in_turns(works: dict[str, Callable[[], Laps]], rounds: int) -> dict[str, float]:
    """Seconds of a unit of each, the fastest in rounds that take turns: other work on the machine only slows."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            found[name].append(_drained(timed(work(), CPU, Effort(3, 1.0))))
    return {name: min(times) for name, times in found.items()}


def _drained(work: Iterator[None]) -> float:
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value[0].low


def show(name: str, found: dict[str, float]) -> None:
    first, *others = found
    ratios = ", ".join(
        f"{found[other] / found[first]:.2f} x {other}'s {1000 * found[other]:.0f} ms" for other in others
    )
    print(f"{name}: {first} {1000 * found[first]:.0f} ms, gain {ratios}", flush=True)


def adapting(rounds: int) -> None:
    side = SETTINGS.crop + 32
    photos = list(np.random.default_rng(0).random((4, side, side, 3), np.float32))
    for name, prior in (("starter", load_prior("starter")), ("guided", guided(SMALL))):
        works = {
            "ours bfloat16": partial(our_loop, prior, photos, torch.bfloat16),
            "ours float32": partial(our_loop, prior, photos, torch.float32),
            "peft float32": partial(plain_loop, prior, photos, torch.float32),
            "peft autocast": partial(plain_loop, prior, photos, torch.bfloat16),
        }
        show(name, in_turns(works, rounds))


class Layer(nn.Module):
    """One convolution of 3 x 3, in place of a network."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, sample: Tensor, timestep: int, return_dict: bool) -> tuple[Tensor]:
        return (self.conv(sample),)


def widths(rounds: int) -> None:
    """Batch 3; the features get smaller as they get wider, as they do going down a network for crops of 96 px."""
    for width, side in LAYERS:
        x = torch.randn(3, width, side, side, requires_grad=True)
        works = {
            "low-rank weight": partial(forward_and_back, lora.inject(Layer(width), SETTINGS.rank, 8.0, 0), x),
            "side branch": partial(forward_and_back, with_peft(Layer(width)), x),
        }
        show(f"{width} channels, {side} px", in_turns(works, rounds))


def steps(rounds: int) -> None:
    for name, prior in (("starter", load_prior("starter")), ("guided", guided(SMALL))):
        for dtype in (torch.bfloat16, torch.float32):
            setting = Setting(prior, CPU, dtype, 128, "quick", 60)
            works = {part: partial(PARTS[part].laps, setting) for part in ("adir", "dps")}
            found = in_turns(works, rounds)
            ratio = found["adir"] / found["dps"]
            print(f"{name} {dtype}: ADIR {1000 * found['adir']:.0f} ms, {ratio:.2f} of DPS", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "what", nargs="*", choices=("adapt", "widths", "steps"), default=["adapt", "widths", "steps"]
    )
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    for what in args.what:
        {"adapt": adapting, "widths": widths, "steps": steps}[what](args.rounds)


if __name__ == "__main__":
    main()
