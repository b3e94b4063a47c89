"""Low-rank adaptation of a network's convolutions and attention: inject, take out, merge."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping

import numpy as np
import torch
from diffusers import UNet2DConditionModel
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import conv1d, conv2d, linear
from torch.nn.utils.parametrize import register_parametrization

from adir_desktop.errors import PresetError

PLACE, BESIDE = ".parametrizations.weight.0", ".low_rank"  # of a `LowRank` and a `Beside` below their layer
WIDE = 2**20  # numbers of a weight from which on it is not formed anew: measured at 256 and at 512 channels
_ATTENTION = ".attentions."  # in the path of everything inside an attention block of diffusers
_REMEDY = "Use the prior it was made with, or adapt again."


class _Pair(nn.Module):
    """lora_A: (rank, i, *kernel). lora_B: (o, rank, 1, ...), zero at the start; a linear layer has no kernel.
    Both float32 whatever the network computes in.
    """

    def __init__(self, weight: Tensor, rank: int, alpha: float, generator: torch.Generator) -> None:
        super().__init__()
        self.scale = alpha / rank
        bound = 1 / math.sqrt(weight[0].numel())  # Kaiming's uniform, a = sqrt(5), as torch and peft do
        first = torch.rand((rank, *weight.shape[1:]), generator=generator)
        self.lora_A = nn.Parameter((2 * first - 1) * bound)
        self.lora_B = nn.Parameter(torch.zeros(weight.shape[0], rank, *[1] * (weight.ndim - 2)))


class LowRank(_Pair):
    """W -> W + (alpha / rank) B A, as one weight (Hu et al. 2022).

    Training y = W x + (alpha / rank) B (A x) as three convolutions has the same gradients and costs
    narrow networks almost twice the time.
    """

    def forward(self, weight: Tensor) -> Tensor:
        with torch.autocast(weight.device.type, enabled=False):
            adapted = weight + _product(self.lora_A, self.lora_B, self.scale).view_as(weight)
            return adapted.to(weight.dtype)


class Beside(_Pair):
    """y -> y + (alpha / rank) B (A x), beside a wide layer: its whole weight would be formed anew, and have
    a gradient, at every step. With 512 channels and more that takes four times as long.
    """

    def forward(self, x: Tensor, layer: nn.Module) -> Tensor:
        if isinstance(layer, nn.Linear):
            return self.scale * linear(linear(x, self.lora_A), self.lora_B)
        assert isinstance(layer, nn.Conv1d | nn.Conv2d)
        convolve = conv1d if isinstance(layer, nn.Conv1d) else conv2d
        inner = convolve(x, self.lora_A, None, layer.stride, layer.padding, layer.dilation)
        return self.scale * convolve(inner, self.lora_B)


def _add_branch(layer: nn.Module, given: tuple[Tensor], output: Tensor) -> Tensor:
    beside = layer.low_rank
    assert isinstance(beside, Beside)
    return output + beside.forward(given[0], layer)


def adaptable_layers(net: nn.Module) -> dict[str, nn.Module]:
    """All convolutions, 1x1 ones and attention's 1-D ones included (ADIR's choice), by path.

    Of Stable Diffusion's U-Net, whose attention is made of linear layers, also those.
    """
    guided = isinstance(net, UNet2DConditionModel)
    return {n: layer for n, layer in net.named_modules() if _is_adaptable(n, layer, guided=guided)}


def changeable_layers(net: nn.Module) -> dict[str, nn.Module]:
    """All convolutions and linear layers by path: LoRAs of other programs may change any of them."""
    kinds = (nn.Conv2d, nn.Conv1d, nn.Linear)
    return {n: layer for n, layer in net.named_modules() if isinstance(layer, kinds)}


def _is_adaptable(name: str, layer: nn.Module, *, guided: bool) -> bool:
    if isinstance(layer, nn.Conv2d | nn.Conv1d):
        return True
    return guided and isinstance(layer, nn.Linear) and _ATTENTION in f".{name}"


def inject(net: nn.Module, rank: int, alpha: float, seed: int) -> nn.Module:
    """A copy of `net` with a `LowRank` or a `Beside` on every adaptable layer; at first it computes the same.

    Only A and B are trainable; `net` itself stays as it is.
    """
    generator = torch.Generator().manual_seed(seed)
    wrapped = copy.deepcopy(net).requires_grad_(requires_grad=False)
    for layer in adaptable_layers(wrapped).values():
        assert isinstance(layer.weight, Tensor)
        if _is_wide(layer):
            layer.low_rank = Beside(layer.weight, rank, alpha, generator)
            layer.register_forward_hook(_add_branch)
        else:
            register_parametrization(layer, "weight", LowRank(layer.weight, rank, alpha, generator))
    return wrapped


def _is_wide(layer: nn.Module) -> bool:
    """Whether the product is kept apart; what pads in other ways or has groups is not."""
    if isinstance(layer, nn.Conv1d | nn.Conv2d) and (layer.groups != 1 or layer.padding_mode != "zeros"):
        return False
    assert isinstance(layer.weight, Tensor)
    return layer.weight.numel() >= WIDE


def extract(wrapped: nn.Module) -> dict[str, NDArray[np.float32]]:
    """The LoRA tensors by `<layer>.lora_A.weight` and `<layer>.lora_B.weight`, as peft names them."""
    return {
        f"{name.removesuffix(PLACE).removesuffix(BESIDE)}.{which}.weight": value.detach()
        .float()
        .cpu()
        .numpy()
        .copy()
        for name, module in wrapped.named_modules()
        if isinstance(module, _Pair)
        for which, value in module.named_parameters()
    }


@torch.no_grad()
def merged(net: nn.Module, tensors: Mapping[str, NDArray[np.float32]], rank: int, alpha: float) -> nn.Module:
    """A copy of `net` with W + (alpha / rank) B A in place of W: costs nothing extra to run.

    Layers that `tensors` says nothing of stay as they are.

    Raises:
        PresetError: the tensors do not fit this network; the words name the layer.
    """
    check_fit(net, tensors, rank)
    copied = copy.deepcopy(net).eval().requires_grad_(requires_grad=False)
    for name, layer in changeable_layers(copied).items():
        weight = layer.weight
        assert isinstance(weight, Tensor)
        if f"{name}.lora_A.weight" not in tensors:
            continue
        a, b = (torch.from_numpy(np.asarray(tensors[f"{name}.lora_{which}.weight"])) for which in "AB")
        weight += _product(a, b, alpha / rank).view_as(weight).to(weight.device)
    return copied


def check_fit(net: nn.Module, tensors: Mapping[str, NDArray[np.float32]], rank: int) -> None:
    """Raises PresetError: `tensors` are no LoRA of that rank for (some of) this network's layers."""
    layers = changeable_layers(net)
    if not tensors:
        raise PresetError("The preset is empty.", _REMEDY)
    for key in tensors:
        name = key.rpartition(".lora_")[0]
        if name not in layers or key not in (f"{name}.lora_A.weight", f"{name}.lora_B.weight"):
            unknown = key if not name or name in layers else name
            raise PresetError(
                f"The preset's layers do not fit this prior: it has no layer '{unknown}' to change.", _REMEDY
            )
        weight = layers[name].weight
        assert isinstance(weight, Tensor)
        a, b = (tensors.get(f"{name}.lora_{which}.weight") for which in "AB")
        if a is None or b is None or not _fits(weight, a, b, rank):
            raise PresetError(
                f"The preset's layers do not fit this prior: '{name}' has another shape there, "
                f"{tuple(weight.shape)}.",
                _REMEDY,
            )


def _product(a: Tensor, b: Tensor, scale: float) -> Tensor:
    """(alpha / rank) B A: (o, i times the kernel)."""
    return scale * (b.flatten(1) @ a.flatten(1))


def _fits(weight: Tensor, a: NDArray[np.float32], b: NDArray[np.float32], rank: int) -> bool:
    ones = (1,) * (weight.ndim - 2)
    return a.shape == (rank, *weight.shape[1:]) and b.shape == (weight.shape[0], rank, *ones)
