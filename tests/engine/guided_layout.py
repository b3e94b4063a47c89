"""`python -m tests.engine.guided_layout -o FILE`: a checkpoint of guided diffusion's layout, weights drawn by chance.

The names and shapes follow from the published flags (`--num_channels 256 --num_res_blocks 2
--attention_resolutions 32,16,8 --image_size 256 --learn_sigma True --resblock_updown True
--use_scale_shift_norm True`) by the rules below, which share no line with the engine.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from pathlib import Path

import torch

MULTIPLES = (1, 1, 2, 2, 4, 4)  # of the channels, by level, for pictures of 256 pixels
Shape = tuple[int, ...]


def _layer(name: str, *shape: int) -> Iterator[tuple[str, Shape]]:
    yield f"{name}.weight", shape
    yield f"{name}.bias", shape[:1]


def _residual(name: str, before: int, after: int, embedding: int) -> Iterator[tuple[str, Shape]]:
    yield from _layer(f"{name}.in_layers.0", before)
    yield from _layer(f"{name}.in_layers.2", after, before, 3, 3)
    yield from _layer(f"{name}.emb_layers.1", 2 * after, embedding)
    yield from _layer(f"{name}.out_layers.0", after)
    yield from _layer(f"{name}.out_layers.3", after, after, 3, 3)
    if before != after:
        yield from _layer(f"{name}.skip_connection", after, before, 1, 1)


def _attention(name: str, width: int) -> Iterator[tuple[str, Shape]]:
    yield from _layer(f"{name}.norm", width)
    yield from _layer(f"{name}.qkv", 3 * width, width, 1)
    yield from _layer(f"{name}.proj_out", width, width, 1)


def tensors(
    channels: int = 256,
    multiples: tuple[int, ...] = MULTIPLES,
    blocks: int = 2,
    size: int = 256,
    attending: tuple[int, ...] = (32, 16, 8),
) -> Iterator[tuple[str, Shape]]:
    """(name, shape) of every tensor. attending: sides of the features where attention is."""
    emb = 4 * channels
    yield from _layer("time_embed.0", emb, channels)
    yield from _layer("time_embed.2", emb, emb)
    yield from _layer("input_blocks.0.0", channels, 3, 3, 3)
    width, number, heights = channels, 1, [channels]
    for level, multiple in enumerate(multiples):
        for _ in range(blocks):
            yield from _residual(f"input_blocks.{number}.0", width, multiple * channels, emb)
            width = multiple * channels
            if size >> level in attending:
                yield from _attention(f"input_blocks.{number}.1", width)
            heights.append(width)
            number += 1
        if level < len(multiples) - 1:
            yield from _residual(f"input_blocks.{number}.0", width, width, emb)
            heights.append(width)
            number += 1
    yield from _residual("middle_block.0", width, width, emb)
    yield from _attention("middle_block.1", width)
    yield from _residual("middle_block.2", width, width, emb)
    number = 0
    for level in range(len(multiples) - 1, -1, -1):
        for block in range(blocks + 1):
            place = 1
            yield from _residual(
                f"output_blocks.{number}.0", width + heights.pop(), multiples[level] * channels, emb
            )
            width = multiples[level] * channels
            if size >> level in attending:
                yield from _attention(f"output_blocks.{number}.1", width)
                place = 2
            if level and block == blocks:
                yield from _residual(f"output_blocks.{number}.{place}", width, width, emb)
            number += 1
    yield from _layer("out.0", width)
    yield from _layer("out.2", 6, width, 3, 3)


def drawn(shapes: Iterator[tuple[str, Shape]], seed: int = 0) -> dict[str, torch.Tensor]:
    """Weights that keep the features' scale, norms near 1: nothing overflows at any depth."""
    generator = torch.Generator().manual_seed(seed)
    made = {}
    for name, shape in shapes:
        bound = 1 / math.sqrt(math.prod(shape[1:])) if len(shape) > 1 else 0.1
        made[name] = torch.empty(shape).uniform_(-bound, bound, generator=generator)
        if len(shape) == 1 and name.endswith(".weight"):
            made[name] += 1
    return made


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--channels", type=int, default=256)
    args = parser.parse_args()
    made = drawn(tensors(args.channels))
    torch.save(made, args.out)
    count = sum(value.numel() for value in made.values())
    print(f"{len(made)} tensors, {count} parameters, {args.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
