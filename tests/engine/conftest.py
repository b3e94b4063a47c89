"""Fixtures of the engine's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from diffusers import UNet2DModel
from library_makers import Means
from torch import nn

from adir_desktop.engine import encoder as encoders
from adir_desktop.engine.priors import UNetPrior
from adir_desktop.engine.samplers.schedule import linear_alpha_bar


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Tensors of a few pixels are slower on two threads than on one."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def small_net() -> nn.Module:
    """A small U-Net of the starter's layout with random weights."""
    torch.manual_seed(0)
    net = UNet2DModel(
        in_channels=3,
        out_channels=3,
        block_out_channels=(8, 16),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "UpBlock2D"),
        norm_num_groups=4,
        add_attention=False,
    )
    return net.eval().requires_grad_(requires_grad=False)


@pytest.fixture
def small_prior(small_net: nn.Module) -> UNetPrior:
    return UNetPrior("small", small_net, "0" * 64, linear_alpha_bar(), multiple_of=2)


@pytest.fixture
def means(monkeypatch: pytest.MonkeyPatch) -> Means:
    """An encoder of pixel means in place of the network."""
    encoder = Means()
    monkeypatch.setattr(encoders, "load_encoder", lambda spec="starter", device="cpu": encoder)
    return encoder
