"""The building blocks of the guided-diffusion U-Net, in the key layout of its published checkpoints.

Dhariwal, Nichol 2021, "Diffusion models beat GANs on image synthesis", appendix. Features are
(B, C, H, W); nothing copies them where they are channels_last. emb is what the layers make of the step:
(1 or B, E), through its SiLU once for all blocks.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import (
    avg_pool2d,
    group_norm,
    interpolate,
    linear,
    scaled_dot_product_attention,
    silu,
)

from adir_desktop.engine.device import InFloat32

GROUPS = 32  # of every group normalisation: all widths are multiples of it
LONGEST_PERIOD = 10_000.0  # of the sinusoids, in steps


def timestep_embedding(t: Tensor, channels: int, dtype: torch.dtype) -> Tensor:
    """cos(t f_k), then sin(t f_k), with f_k = 10000^(-k / half): t (B,) -> (B, channels).

    Made where t lives, so that no transfer waits. An odd last channel is zero.
    """
    half = channels // 2
    k = torch.arange(half, device=t.device, dtype=dtype)
    angles = t.to(dtype)[:, None] * torch.exp(-math.log(LONGEST_PERIOD) / half * k)
    embedding = torch.cat([angles.cos(), angles.sin()], dim=1)
    return nn.functional.pad(embedding, (0, channels % 2))


class EmbeddingLinear(nn.Linear, InFloat32):
    """A layer of the step's embedding; the published networks keep these in float32."""


class HeadNorm(nn.GroupNorm, InFloat32):
    """The normalisation before the output, in float32 as published."""


class HeadConv(nn.Conv2d, InFloat32):
    """The convolution that makes the output, in float32 as published."""


class ModulatedNorm(nn.GroupNorm, InFloat32):
    """Group normalisation times (1 + scale), plus shift, each (1 or B, C).

    Where one step serves the whole batch both affine maps become one, which the normalisation applies
    in its own pass. Its statistics are float32 sums whatever the features are.
    """

    def forward(self, x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:  # type: ignore[override]
        gain = self.weight * (1 + scale)
        offset = torch.addcmul(shift, self.bias, 1 + scale).to(x.dtype)
        gain = gain.to(x.dtype)
        if len(gain) == 1:
            return group_norm(x, self.num_groups, gain[0], offset[0], self.eps)
        normal = group_norm(x, self.num_groups, eps=self.eps)
        return torch.addcmul(offset[..., None, None], normal, gain[..., None, None])


class TokenConv(nn.Conv1d):
    """A 1-D convolution of kernel 1: (B, C, L) -> (B, C', L), as the matrix product that it is.

    On channels_last features the tokens (B, L, C) lie side by side, and no transpose is needed.
    """

    def forward(self, x: Tensor) -> Tensor:
        return linear(x.transpose(1, 2), self.weight[..., 0], self.bias).transpose(1, 2)


class ResBlock(nn.Module):
    """Two convolutions around the step's embedding, beside a skip. resample: "", "up" or "down" by 2.

    scale_shift: the embedding scales and shifts the second normalisation; else it is added before it.
    """

    def __init__(
        self, channels: int, out_channels: int, embedding: int, *, scale_shift: bool, resample: str = ""
    ) -> None:
        super().__init__()
        self.scale_shift = scale_shift
        self.resample = resample
        norm = ModulatedNorm if scale_shift else nn.GroupNorm
        # The numbers of the layers are the checkpoint's: SiLU is applied in `forward`, dropout is over.
        self.in_layers = nn.Sequential(
            nn.GroupNorm(GROUPS, channels), nn.Identity(), nn.Conv2d(channels, out_channels, 3, padding=1)
        )
        self.emb_layers = nn.Sequential(
            nn.Identity(), EmbeddingLinear(embedding, out_channels * (2 if scale_shift else 1))
        )
        self.out_layers = nn.Sequential(
            norm(GROUPS, out_channels),
            nn.Identity(),
            nn.Identity(),
            nn.Conv2d(out_channels, out_channels, 3, padding=1),
        )
        self.skip_connection: nn.Module = nn.Identity()
        if out_channels != channels:
            self.skip_connection = nn.Conv2d(channels, out_channels, 1)

    def forward(self, x: Tensor, emb: Tensor) -> Tensor:
        h = self.in_layers[2](_resampled(_silu(self.in_layers[0](x)), self.resample))
        emb = self.emb_layers(emb)
        if self.scale_shift:
            h = self.out_layers[0](h, *emb.chunk(2, dim=1))
        else:
            h = self.out_layers[0](h + emb.to(h.dtype)[..., None, None])
        skip: Tensor = self.skip_connection(_resampled(x, self.resample))
        change: Tensor = self.out_layers[3](_silu(h))
        return skip + change


class AttentionBlock(nn.Module):
    """Every pixel attends to every other, in heads; qkv's channels are grouped by head, then by q, k, v.

    That is the "legacy" order of the published checkpoints.
    """

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.GroupNorm(GROUPS, channels)
        self.qkv = TokenConv(channels, 3 * channels, 1)
        self.proj_out = TokenConv(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        qkv = self.qkv(self.norm(x).flatten(2)).transpose(1, 2)
        q, k, v = qkv.reshape(*qkv.shape[:2], self.heads, 3, -1).transpose(1, 2).unbind(3)
        attended = scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
        projected: Tensor = self.proj_out(attended.transpose(1, 2))
        return x + projected.reshape(x.shape)


class Downsample(nn.Module):
    """Half the size by a strided convolution: the older networks of the family."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.op = nn.Conv2d(channels, channels, 3, stride=2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        smaller: Tensor = self.op(x)
        return smaller


class Upsample(nn.Module):
    """Twice the size by repetition and a convolution: the older networks of the family."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        larger: Tensor = self.conv(_resampled(x, "up"))
        return larger


class Stage(nn.Sequential):
    """Layers one after the other; those that listen to the step are told it."""

    def forward(self, h: Tensor, emb: Tensor) -> Tensor:  # type: ignore[override]
        for layer in self:
            h = layer(h, emb) if isinstance(layer, ResBlock) else layer(h)
        return h


def _silu(h: Tensor) -> Tensor:
    """In place where nothing will be differentiated: the normalisation's output is nobody else's."""
    return silu(h, inplace=not torch.is_grad_enabled())


def _resampled(h: Tensor, resample: str) -> Tensor:
    """Each pixel repeated 2 x 2, or the mean of each 2 x 2, or the same."""
    if resample == "up":
        return interpolate(h, scale_factor=2.0, mode="nearest")
    return avg_pool2d(h, 2) if resample == "down" else h
