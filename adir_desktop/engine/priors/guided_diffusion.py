"""The U-Net of guided diffusion (ADM), with the tensor names of its published checkpoints.

Dhariwal, Nichol 2021, "Diffusion models beat GANs on image synthesis".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import torch
from diffusers.models.unets.unet_2d import UNet2DOutput
from torch import Tensor, nn
from torch.nn.functional import silu
from torch.utils.checkpoint import checkpoint

from adir_desktop import interrupt
from adir_desktop.engine.priors.adm_blocks import (
    GROUPS,
    AttentionBlock,
    Downsample,
    EmbeddingLinear,
    HeadConv,
    HeadNorm,
    ResBlock,
    Stage,
    Upsample,
    timestep_embedding,
)

Shapes = Mapping[str, Sequence[int]]

# How attention is cut into heads leaves no trace in a checkpoint. Resampling inside of residual blocks does,
# and in the published networks the two go together:
#                                             resampling         heads
# ImageNet 256 uncond., LSUN (Dhariwal 2021)  residual blocks    of 64 channels
# FFHQ (Choi 2021; also Chung 2023, DPS)      residual blocks    of 64 channels
# the training script's own default           convolutions       4, whatever the width
HEAD_CHANNELS = 64
HEADS = 4


@dataclass(frozen=True)
class Layout:
    """What a network of this family is made of.

    channels: of the step's sinusoids. widths: channels of each level, the finest first. res_blocks: of
    a level on the way down; one more on the way up. attention: by level. out_channels: 3, or 6 where the
    variance is learnt. block_resampling: residual blocks change the size, not convolutions of their own.
    scale_shift: see `ResBlock`. head_channels: of attention; None for 4 heads whatever the width.
    """

    channels: int
    widths: tuple[int, ...]
    res_blocks: int
    attention: tuple[bool, ...]
    out_channels: int = 6
    block_resampling: bool = True
    scale_shift: bool = True
    head_channels: int | None = HEAD_CHANNELS

    @staticmethod
    def of(shapes: Shapes) -> Layout:
        """Read off the names and shapes of a checkpoint's tensors. What it does not tell is in the table above.

        Raises:
            KeyError, IndexError, ValueError: they are not of this family.
        """
        ups = [key for key in shapes if key.startswith("output_blocks.") and _makes_larger(key)]
        levels = len(ups) + 1
        stages = next(i for i in count() if f"output_blocks.{i}.0.in_layers.0.weight" not in shapes)
        each = stages // levels
        last = [each * (levels - 1 - level) for level in range(levels)]  # first stage up, by level
        widths = tuple(shapes[f"output_blocks.{i}.0.out_layers.3.weight"][0] for i in last)
        block_resampling = not any(key.endswith(".conv.weight") for key in ups)
        emb = shapes["output_blocks.0.0.emb_layers.1.weight"][0]
        return Layout(
            channels=shapes["time_embed.0.weight"][1],
            widths=widths,
            res_blocks=each - 1,
            attention=tuple(f"output_blocks.{i}.1.qkv.weight" in shapes for i in last),
            out_channels=shapes["out.2.weight"][0],
            block_resampling=block_resampling,
            scale_shift=emb == 2 * widths[-1],
            head_channels=HEAD_CHANNELS if block_resampling else None,
        )

    def check(self) -> None:
        """Raises ValueError: no network can be made of these numbers."""
        if min(*self.widths, self.channels, self.res_blocks) < 1 or any(w % GROUPS for w in self.widths):
            raise ValueError(f"widths must be multiples of {GROUPS}, and every level needs residual blocks")
        attending = [w for w, on in zip(self.widths, self.attention, strict=True) if on]
        if any(width % (self.head_channels or HEADS) for width in [*attending, self.widths[-1]]):
            raise ValueError("the channels of attention do not divide into heads")

    def heads(self, width: int) -> int:
        return width // self.head_channels if self.head_channels else HEADS


class GuidedUNet(nn.Module):
    """eps and, where it is learnt, the variance's logits: (B, 3, H, W) -> (B, 3 or 6, H, W).

    H and W are multiples of 2^(levels - 1). Parameters may be of any floating type, the trunk's of
    another than those of the embedding and the head; the output is of the head's. With
    `checkpointing` the features inside of a stage are made again on the way back instead of kept:
    a fifth of the memory for a third more time. Called as diffusers' networks are.

    Raises:
        ValueError: see `Layout.check`. Interrupted: while computing, the person asked to stop.
    """

    def __init__(self, layout: Layout, *, checkpointing: bool = False) -> None:
        super().__init__()
        layout.check()
        self.layout = layout
        self.checkpointing = checkpointing
        embedding = 4 * layout.channels
        self.time_embed = nn.Sequential(
            EmbeddingLinear(layout.channels, embedding), nn.SiLU(), EmbeddingLinear(embedding, embedding)
        )
        widths = layout.widths
        self.input_blocks = nn.ModuleList([Stage(nn.Conv2d(3, widths[0], 3, padding=1))])
        skips = self._add_way_down()
        self.middle_block = Stage(
            self._res_block(widths[-1], widths[-1]),
            AttentionBlock(widths[-1], layout.heads(widths[-1])),
            self._res_block(widths[-1], widths[-1]),
        )
        self.output_blocks = nn.ModuleList()
        self._add_way_up(skips)
        self.out = nn.Sequential(
            HeadNorm(GROUPS, widths[0]), nn.SiLU(), HeadConv(widths[0], layout.out_channels, 3, padding=1)
        )

    @property
    def multiple_of(self) -> int:
        """What height and width must be multiples of."""
        return 1 << (len(self.layout.widths) - 1)

    def forward(
        self, sample: Tensor, timestep: int | Tensor, return_dict: bool = True
    ) -> UNet2DOutput | tuple[Tensor]:
        """timestep: of the 1000; a number or a tensor of one for the whole batch, or a tensor (B,)."""
        emb = self._embedding(timestep, sample.device)
        h = sample.to(next(self.input_blocks.parameters()).dtype)
        kept: list[Tensor] = []
        for stage in self.input_blocks:
            h = self._through(stage, h, emb)
            kept.append(h)
        h = self._through(self.middle_block, h, emb)
        for stage in self.output_blocks:
            h = self._through(stage, torch.cat([h, kept.pop()], dim=1), emb)
        output: Tensor = self.out(h.to(next(self.out.parameters()).dtype))
        return UNet2DOutput(sample=output) if return_dict else (output,)

    def _embedding(self, timestep: int | Tensor, device: torch.device) -> Tensor:
        """What all blocks hear of the step, (1 or B, E): the network's embedding and its last SiLU."""
        if isinstance(timestep, Tensor):
            t = timestep.to(device).reshape(-1)
        else:
            t = torch.full((1,), timestep, device=device)
        kind = next(self.time_embed.parameters()).dtype
        sinusoids = timestep_embedding(t, self.layout.channels, torch.promote_types(kind, torch.float32))
        return silu(self.time_embed(sinusoids.to(kind)))

    def _through(self, stage: nn.Module, h: Tensor, emb: Tensor) -> Tensor:
        if h.device.type == "cpu":
            interrupt.check()  # a large network takes half a minute there
        if self.checkpointing and torch.is_grad_enabled():
            again: Tensor = checkpoint(stage, h, emb, use_reentrant=False, preserve_rng_state=False)
            return again
        once: Tensor = stage(h, emb)
        return once

    def _add_way_down(self) -> list[int]:
        """Builds the input blocks; returns the widths of what they keep for the way up."""
        layout = self.layout
        width, skips = layout.widths[0], [layout.widths[0]]
        for level, wanted in enumerate(layout.widths):
            for _ in range(layout.res_blocks):
                self.input_blocks.append(self._stage(width, wanted, level))
                width = wanted
                skips.append(width)
            if level + 1 < len(layout.widths):
                down = self._res_block(width, width, "down") if layout.block_resampling else Downsample(width)
                self.input_blocks.append(Stage(down))
                skips.append(width)
        return skips

    def _add_way_up(self, skips: list[int]) -> None:
        layout = self.layout
        width = layout.widths[-1]
        for level, wanted in reversed(list(enumerate(layout.widths))):
            for i in range(layout.res_blocks + 1):
                stage = self._stage(width + skips.pop(), wanted, level)
                width = wanted
                if level and i == layout.res_blocks:
                    up = self._res_block(width, width, "up") if layout.block_resampling else Upsample(width)
                    stage.append(up)
                self.output_blocks.append(stage)

    def _stage(self, channels: int, width: int, level: int) -> Stage:
        stage = Stage(self._res_block(channels, width))
        if self.layout.attention[level]:
            stage.append(AttentionBlock(width, self.layout.heads(width)))
        return stage

    def _res_block(self, channels: int, width: int, resample: str = "") -> ResBlock:
        embedding = 4 * self.layout.channels
        return ResBlock(channels, width, embedding, scale_shift=self.layout.scale_shift, resample=resample)


def _makes_larger(key: str) -> bool:
    """Of an output block's tensor: it belongs to a layer that doubles the size, once for each such layer."""
    _, _, place, *rest = key.split(".")
    return place != "0" and rest in (["in_layers", "2", "weight"], ["conv", "weight"])
