"""The network of Dirac: from one degraded state and a map of its degradation to the clean picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import pad, pixel_shuffle, pixel_unshuffle, silu

from adir_desktop.engine.operators.filling import pull_push

EMBEDDING = 64  # channels of what the blocks hear about sigma
PIXEL_STD = 0.25  # of a photo's pixels about their surroundings, in [0, 1]
FOLD = 2  # the picture is worked on at half its size, four pixels to a cell


@dataclass(frozen=True)
class Shape:
    """channels: of each level, the finest (half the picture's size) first. blocks: residual blocks a
    level, on the way down and again on the way up.
    """

    channels: tuple[int, ...]
    blocks: int


class Network(nn.Module):
    """Phi(y_t, map, sigma_t) = y_t + net(...), on pictures of any size.

    Norm-free on purpose: group statistics of small training crops are not those of a whole photo.
    sigma is heard by every block as a scale and a shift of its channels (FiLM, Perez et al. 2018).
    masked: the map is a mask, and the network corrects `unmasked` instead of y_t, which is dark
    where little was seen.
    """

    def __init__(self, shape: Shape, *, masked: bool, sigma_min: float, sigma_max: float) -> None:
        super().__init__()
        self.shape = shape
        self.masked = masked
        self.middle = 0.5 * math.log(sigma_min * sigma_max)
        self.reach = 0.5 * math.log(sigma_max / sigma_min)
        c = shape.channels
        self.embed = nn.Sequential(
            nn.Linear(1, EMBEDDING), nn.SiLU(), nn.Linear(EMBEDDING, EMBEDDING), nn.SiLU()
        )
        self.head = nn.Conv2d(4 * FOLD**2, c[0], 3, padding=1)
        self.down = nn.ModuleList(_level(width, shape.blocks) for width in c)
        self.shrink = nn.ModuleList(nn.Conv2d(a, b, 2, stride=2) for a, b in pairwise(c))
        self.grow = nn.ModuleList(nn.Conv2d(b, 4 * a, 1) for a, b in pairwise(c))
        self.up = nn.ModuleList(_level(width, shape.blocks) for width in c[:-1])
        self.tail = nn.Conv2d(c[0], 3 * FOLD**2, 3, padding=1)
        _silence(self.tail)

    @property
    def multiple_of(self) -> int:
        """Inside, both sides are padded to a multiple of this."""
        return int(FOLD * 2 ** (len(self.shape.channels) - 1))

    def forward(self, y: Tensor, shown: Tensor, sigma: Tensor) -> Tensor:
        """x0 (B, 3, H, W) from y_t (B, 3, H, W) in [0, 1] scales, the map of A_t (B, 1, H, W) and
        sigma_t (B,): the mask for holes, the blur's strength for a blur.
        """
        height, width = y.shape[-2:]
        edge = (0, -width % self.multiple_of, 0, -height % self.multiple_of)
        base = unmasked(y, shown, sigma) if self.masked else y
        x = pad(torch.cat([base, shown], 1), edge, mode="replicate")
        heard = self.embed(((sigma.log() - self.middle) / self.reach)[:, None])
        x = self.head(pixel_unshuffle(x, FOLD))
        finer = []
        for level, shrink in zip(self.down, [*self.shrink, None], strict=True):
            for block in level.children():
                x = block(x, heard)
            if shrink is not None:
                finer.append(x)
                x = shrink(x)
        for level, grow in zip(reversed(self.up), reversed(self.grow), strict=True):
            x = finer.pop() + pixel_shuffle(grow(x), 2)
            for block in level.children():
                x = block(x, heard)
        change = pixel_shuffle(self.tail(x), FOLD)
        return base + change[..., :height, :width].to(y.dtype)


def unmasked(y: Tensor, mask: Tensor, sigma: Tensor) -> Tensor:
    """A first guess of x from y = M x + sigma z: each pixel by itself as far as it is known, else from around it.

    With x ~ N(v, PIXEL_STD^2) it is the posterior mean, v being what larger blocks say. A network that had to
    make this of grey learnt little else in its first thousands of steps.
    """
    noise = (sigma / PIXEL_STD).square()[:, None, None, None]
    reliance = mask.square() + noise
    return pull_push(mask * y / reliance, mask.square() / reliance)


class Block(nn.Module):
    """x + conv(silu(FiLM(conv(silu(x))))); begins as the identity."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        self.film = nn.Linear(EMBEDDING, 2 * channels)
        _silence(self.second)
        _silence(self.film)

    def forward(self, x: Tensor, heard: Tensor) -> Tensor:
        scale, shift = self.film(heard)[..., None, None].chunk(2, dim=1)
        inner = self.first(silu(x)) * (1 + scale) + shift
        out: Tensor = x + self.second(silu(inner))
        return out


def _silence(layer: nn.Conv2d | nn.Linear) -> None:
    """What begins at zero lets a network without normalisation begin as the identity."""
    nn.init.zeros_(layer.weight)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)


def _level(channels: int, blocks: int) -> nn.ModuleList:
    return nn.ModuleList(Block(channels) for _ in range(blocks))
