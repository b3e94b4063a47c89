"""`python -m tests.engine.guided_benchmark --reference FOLDER`: our U-Net over the published implementation.

FOLDER: a checkout of openai/guided-diffusion. Both have the same weights and inputs, and take turns in one run. The
reference is as shipped: float32, or on a graphics card the float16 of its own `convert_to_fp16`.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.profiler import profile
from torch.utils.flop_counter import FlopCounterMode

from adir_desktop.engine.bench.laps import matrix_rate, synchronise
from adir_desktop.engine.device import cast
from adir_desktop.engine.priors.guided_diffusion import GuidedUNet, Layout
from tests.engine.guided_layout import MULTIPLES, drawn, tensors

STEP = 500
Run = Callable[[], Tensor]


def theirs(folder: Path, channels: int, weights: dict[str, Tensor]) -> nn.Module:
    """The reference with those weights, made by its own constructor from the published flags."""
    sys.path.insert(0, str(folder))
    from guided_diffusion.unet import UNetModel

    net = UNetModel(
        image_size=256,
        in_channels=3,
        model_channels=channels,
        out_channels=6,
        num_res_blocks=2,
        attention_resolutions=(8, 16, 32),
        channel_mult=MULTIPLES,
        num_heads=4,
        num_head_channels=64,
        use_scale_shift_norm=True,
        resblock_updown=True,
    )
    net.load_state_dict(weights, assign=True)
    return net.eval().requires_grad_(requires_grad=False)


def ours(weights: dict[str, Tensor]) -> GuidedUNet:
    with torch.device("meta"):
        net = GuidedUNet(Layout.of({name: tuple(value.shape) for name, value in weights.items()}))
    net.load_state_dict(weights, assign=True)
    return net.eval().requires_grad_(requires_grad=False)


def runs(args: argparse.Namespace, x: Tensor) -> dict[str, Run]:
    """A forward pass of each, from the picture to float32 eps and logits; the reference first."""
    weights = drawn(tensors(args.channels))
    reference, own = theirs(args.reference, args.channels, weights), ours(weights)
    t = torch.tensor([STEP], device=x.device)
    found: dict[str, Run] = {}
    shipped = reference.to(x.device)
    found["reference float32"] = lambda: shipped(x, t)
    if x.device.type == "cuda":
        half = theirs(args.reference, args.channels, {k: v.clone() for k, v in weights.items()}).to(x.device)
        half.convert_to_fp16()
        half.dtype = torch.float16
        found = {"reference float16": lambda: half(x, t).float(), **found}
    for name in args.precision:
        dtype = getattr(torch, name)
        ready = cast(own, dtype, x.device)
        given = x.to(dtype).contiguous(memory_format=torch.channels_last)
        found[f"ours {name}"] = lambda net=ready, given=given: net(given, STEP, return_dict=False)[0].float()
    return found


@torch.inference_mode()
def forward(args: argparse.Namespace, device: torch.device) -> None:
    """Prints each one's time, its ratio to the reference, and how far its output is from it."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(1, 3, args.side, args.side, generator=generator).to(device)
    each = runs(args, x)
    outputs, seconds = {name: run() for name, run in each.items()}, {name: [] for name in each}
    for _ in range(args.rounds):
        for name, run in each.items():
            synchronise(device)
            start = time.perf_counter()
            run()
            synchronise(device)
            seconds[name].append(time.perf_counter() - start)
    first, *_ = each
    with FlopCounterMode(display=False) as counter:
        each[list(each)[-1]]()
    exact = outputs["reference float32"]
    peaks = {name: matrix_rate(device, getattr(torch, name)) for name in args.precision}
    print(f"{args.channels} channels, {args.side} px, {counter.get_total_flops() / 1e12:.3g} TFLOP")
    for name, times in seconds.items():
        took = statistics.median(times)
        rate = counter.get_total_flops() / took
        peak = peaks.get(name.split()[1])
        share = f"{100 * rate / peak:4.0f} % of the matrix peak" if peak else ""
        error = float((outputs[name] - exact).norm() / exact.norm())
        ratio = statistics.median(seconds[first]) / took
        print(
            f"{name:18} {1000 * took:9.1f} ms  {ratio:5.2f} x  error {error:.1e}  {rate / 1e12:6.3f} TFLOP/s {share}"
        )
    if args.profile:
        with profile() as record:
            each[list(each)[-1]]()
        print(
            record.key_averages().table(sort_by="self_cpu_time_total", row_limit=18, max_name_column_width=40)
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--channels", type=int, default=64, help="256 as published: 552.8 M parameters")
    parser.add_argument("--side", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--precision", nargs="+", default=["float32", "bfloat16"])
    parser.add_argument("--profile", action="store_true", help="where the last one's time goes")
    args = parser.parse_args()
    forward(args, torch.device(args.device))


if __name__ == "__main__":
    main()
