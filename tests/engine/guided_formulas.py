"""The guided-diffusion U-Net once more, from its tensors alone, formula by formula and as plainly as can be.

An oracle for the network of the engine: it shares no line with it, and is slow.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import conv2d


def sinusoids(t: float, channels: int) -> Tensor:
    half = channels // 2
    angles = [t * math.exp(-math.log(10_000) * k / half) for k in range(half)]
    values = [math.cos(a) for a in angles] + [math.sin(a) for a in angles] + [0.0] * (channels % 2)
    return torch.tensor(values, dtype=torch.float64)


def swish(x: Tensor) -> Tensor:
    return x / (1 + torch.exp(-x))


def normalised(x: Tensor, weight: Tensor, bias: Tensor, groups: int = 32) -> Tensor:
    parts = x.reshape(len(x), groups, -1)
    mean = parts.mean(2, keepdim=True)
    variance = (parts - mean).square().mean(2, keepdim=True)
    normal = ((parts - mean) / (variance + 1e-5).sqrt()).reshape(x.shape)
    return normal * weight[:, None, None] + bias[:, None, None]


@dataclass(frozen=True)
class Formulas:
    """tensors: float64, by name. downs, ups: indices of the stages that end a level. heads: by channels."""

    tensors: Mapping[str, Tensor]
    downs: tuple[int, ...]
    ups: tuple[int, ...]
    head_channels: int | None

    def output(self, x: Tensor, t: float) -> Tensor:
        emb = sinusoids(t, self.tensors["time_embed.0.weight"].shape[1])
        emb = self._linear("time_embed.2", swish(self._linear("time_embed.0", emb)))
        h = self._conv("input_blocks.0.0", x)
        kept = [h]
        for i in range(1, self._count("input_blocks")):
            h = self._stage(f"input_blocks.{i}", h, emb, "down" if i in self.downs else "")
            kept.append(h)
        h = self._stage("middle_block", h, emb, "")
        for i in range(self._count("output_blocks")):
            h = torch.cat([h, kept.pop()], 1)
            h = self._stage(f"output_blocks.{i}", h, emb, "up" if i in self.ups else "")
        assert not kept
        return self._conv("out.2", swish(self._norm("out.0", h)))

    def _stage(self, name: str, h: Tensor, emb: Tensor, resample: str) -> Tensor:
        """A level's end going up is the last of several layers, going down a layer of its own."""
        for i in range(self._count(name)):
            part = f"{name}.{i}"
            if f"{part}.qkv.weight" in self.tensors:
                h = self._attention(part, h)
            elif f"{part}.op.weight" in self.tensors:
                h = self._conv(f"{part}.op", h, stride=2)
            elif f"{part}.conv.weight" in self.tensors:
                h = self._conv(f"{part}.conv", twice(h))
            else:
                last = i + 1 == self._count(name)
                h = self._residual(part, h, emb, resample if last else "")
        return h

    def _residual(self, name: str, x: Tensor, emb: Tensor, resample: str) -> Tensor:
        h = swish(self._norm(f"{name}.in_layers.0", x))
        if resample:
            h, x = (half(v) if resample == "down" else twice(v) for v in (h, x))
        h = self._conv(f"{name}.in_layers.2", h)
        said = self._linear(f"{name}.emb_layers.1", swish(emb))
        if len(said) == 2 * h.shape[1]:
            scale, shift = said[: h.shape[1], None, None], said[h.shape[1] :, None, None]
            h = self._norm(f"{name}.out_layers.0", h) * (1 + scale) + shift
        else:
            h = self._norm(f"{name}.out_layers.0", h + said[:, None, None])
        if f"{name}.skip_connection.weight" in self.tensors:
            x = self._conv(f"{name}.skip_connection", x)
        return x + self._conv(f"{name}.out_layers.3", swish(h))

    def _attention(self, name: str, x: Tensor) -> Tensor:
        batch, channels = x.shape[:2]
        normal = self._norm(f"{name}.norm", x).reshape(batch, channels, -1)
        qkv = self._pointwise(f"{name}.qkv", normal)
        size = self.head_channels or channels // 4
        heads = []
        for head in qkv.split(3 * size, dim=1):  # a head after the other, each its q, its k, its v
            q, k, v = head[:, :size], head[:, size : 2 * size], head[:, 2 * size :]
            match = torch.einsum("bcp,bcs->bps", q, k) / math.sqrt(size)
            share = torch.exp(match - match.amax(2, keepdim=True))
            heads.append(torch.einsum("bps,bcs->bcp", share / share.sum(2, keepdim=True), v))
        return x + self._pointwise(f"{name}.proj_out", torch.cat(heads, 1)).reshape(x.shape)

    def _norm(self, name: str, x: Tensor) -> Tensor:
        return normalised(x, *self._pair(name))

    def _conv(self, name: str, x: Tensor, stride: int = 1) -> Tensor:
        weight, bias = self._pair(name)
        return conv2d(x, weight, bias, stride, padding=weight.shape[-1] // 2)

    def _pointwise(self, name: str, x: Tensor) -> Tensor:
        weight, bias = self._pair(name)
        return torch.einsum("oc,bcp->bop", weight[:, :, 0], x) + bias[:, None]

    def _linear(self, name: str, x: Tensor) -> Tensor:
        weight, bias = self._pair(name)
        return weight @ x + bias

    def _pair(self, name: str) -> tuple[Tensor, Tensor]:
        return self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"]

    def _count(self, name: str) -> int:
        places = {
            key.removeprefix(f"{name}.").split(".")[0] for key in self.tensors if key.startswith(f"{name}.")
        }
        return len(places)


def half(x: Tensor) -> Tensor:
    return (x[..., ::2, ::2] + x[..., 1::2, ::2] + x[..., ::2, 1::2] + x[..., 1::2, 1::2]) / 4


def twice(x: Tensor) -> Tensor:
    return x.repeat_interleave(2, -1).repeat_interleave(2, -2)
