"""Low-rank adaptation of a network's convolutions, through peft: inject, take out, merge."""

from __future__ import annotations

import copy
from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from torch import nn

from adir_desktop.errors import PresetError

PREFIX = "base_model.model."


def adaptable_layers(net: nn.Module) -> list[str]:
    """Names of all convolutions, 1x1 ones and attention's 1-D ones included (ADIR's choice)."""
    return [name for name, layer in net.named_modules() if isinstance(layer, nn.Conv2d | nn.Conv1d)]


def inject(net: nn.Module, rank: int, alpha: float, seed: int) -> nn.Module:
    """A copy of `net` wrapped by peft: y = W x + b + (alpha / rank) B (A x), B = 0 at the start.

    Only A and B (float32) are trainable; `net` itself stays as it is. peft draws A from the global
    generator, which is seeded here and given back as it was.
    """
    config = LoraConfig(
        r=rank, lora_alpha=alpha, target_modules=adaptable_layers(net), init_lora_weights=True, bias="none"
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        wrapped: nn.Module = get_peft_model(copy.deepcopy(net), config)
    return wrapped


def extract(wrapped: nn.Module) -> dict[str, NDArray[np.float32]]:
    """The LoRA tensors by `<layer>.lora_A.weight` and `<layer>.lora_B.weight`."""
    state = get_peft_model_state_dict(wrapped)
    return {
        name.removeprefix(PREFIX): value.detach().float().cpu().numpy().copy()
        for name, value in state.items()
    }


def merged(net: nn.Module, tensors: Mapping[str, NDArray[np.float32]], rank: int, alpha: float) -> nn.Module:
    """A copy of `net` with W + (alpha / rank) B A in place of W: costs nothing extra to run.

    Raises:
        PresetError: the tensors do not fit this network.
    """
    wrapped = inject(net, rank, alpha, seed=0)
    wanted = {name.removeprefix(PREFIX): value for name, value in get_peft_model_state_dict(wrapped).items()}
    unlike = [n for n in wanted.keys() | tensors.keys() if n not in wanted or n not in tensors]
    if unlike or any(tuple(wanted[n].shape) != tensors[n].shape for n in wanted):
        raise PresetError(
            "The preset's layers do not fit this prior.", "Use the prior it was made with, or adapt again."
        )
    state = {PREFIX + name: torch.from_numpy(np.asarray(value)) for name, value in tensors.items()}
    set_peft_model_state_dict(wrapped, state)
    unwrapped: nn.Module = wrapped.merge_and_unload()  # type: ignore[operator]
    return unwrapped.eval().requires_grad_(requires_grad=False)
