"""The network of the deep image prior: an hourglass with skip connections, its weights drawn and never trained."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, leaky_relu, pad

from adir_desktop.engine.samplers.base import NoiseSource

INPUTS = 32  # channels of the input
SKIPS = 4  # channels that go past a scale
SLOPE = 0.2  # of the leaky rectifier


@dataclass(frozen=True)
class Shape:
    """batch: pictures, each with weights of its own. channels: of every scale."""

    batch: int
    channels: int
    scales: int


class Layer(nn.Module):
    """Convolution, normalisation over each channel's pixels, leaky rectifier.

    Every picture of the batch has its own weights (a grouped convolution), so that fitting one is
    nothing to another.
    """

    def __init__(self, batch: int, inputs: int, outputs: int, side: int, stride: int = 1) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(batch, outputs, inputs, side, side))
        self.gain = nn.Parameter(torch.empty(batch, outputs))
        self.bias = nn.Parameter(torch.empty(batch, outputs))
        self.stride = stride

    def draw(self, noise: NoiseSource) -> None:
        """Weights of the spread that torch itself would give them (He et al. 2015, a = sqrt(5))."""
        with torch.no_grad():
            self.weight.copy_(noise(self.weight) / (3 * self.weight[0, 0].numel()) ** 0.5)
            self.gain.fill_(1)
            self.bias.zero_()

    def convolve(self, x: Tensor) -> Tensor:
        batch, outputs, inputs, side, _ = self.weight.shape
        folded = x.reshape(1, batch * inputs, *x.shape[-2:])
        margin = side // 2
        folded = pad(folded, (margin, margin, margin, margin), mode="replicate")
        weight = self.weight.view(batch * outputs, inputs, side, side)
        answer = torch.conv2d(folded, weight, stride=self.stride, groups=batch)
        return answer.view(batch, outputs, *answer.shape[-2:])

    def forward(self, x: Tensor) -> Tensor:
        x = self.convolve(x)
        variance, mean = torch.var_mean(x, (-2, -1), correction=0, keepdim=True)
        x = (x - mean) * torch.rsqrt(variance + 1e-5)
        return leaky_relu(self.gain[..., None, None] * x + self.bias[..., None, None], SLOPE)


class Hourglass(nn.Module):
    """(B, 32, H, W) -> (B, 3, H, W) in [-1, 1] (Ulyanov, Vedaldi, Lempitsky 2018, "skip")."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        b, c = shape.batch, shape.channels
        widths = [INPUTS] + [c] * shape.scales
        self.skip = nn.ModuleList(Layer(b, n, SKIPS, 1) for n in widths[:-1])
        self.down = nn.ModuleList(nn.Sequential(Layer(b, n, c, 3, 2), Layer(b, c, c, 3)) for n in widths[:-1])
        self.up = nn.ModuleList(
            nn.Sequential(Layer(b, c + SKIPS, c, 3), Layer(b, c, c, 1)) for _ in range(shape.scales)
        )
        self.last = Layer(b, c, 3, 1)

    def draw(self, noise: NoiseSource) -> None:
        """All weights anew."""
        for module in self.modules():
            if isinstance(module, Layer):
                module.draw(noise)

    def forward(self, x: Tensor) -> Tensor:
        past = []
        for skip, down in zip(self.skip, self.down, strict=True):
            past.append(skip(x))
            x = down(x)
        for up in reversed(self.up):
            beside = past.pop()
            x = interpolate(x, size=beside.shape[-2:], mode="bilinear", align_corners=False)
            x = up(torch.cat([beside, x], 1))
        return torch.tanh(self.last.convolve(x) + self.last.bias[..., None, None])
