"""What a network keeps in memory while it works, counted beforehand: nothing is computed, only sizes are followed."""

from __future__ import annotations

import copy
import math
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from adir_desktop.engine import lora
from adir_desktop.engine.priors import LatentPrior, Prior
from adir_desktop.engine.priors.guided_diffusion import GuidedUNet
from adir_desktop.engine.priors.latent_model import conditions, level_of, silence

SIDE = 64, 16  # pixels, and latents, of the smaller of two pictures that are followed


@dataclass(frozen=True)
class Line:
    """Bytes: fixed + place * (places of all pictures that go through at once); a pixel or a latent is a place."""

    fixed: float
    place: float

    def at(self, places: int) -> int:
        return round(self.fixed + self.place * places)


class Held(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Follows the tensors made within it. now, peak: bytes of those that are alive, and the most that were."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.now = self.peak = 0
        self._alive: dict[int, int] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        for tensor in tree_leaves(result):
            if isinstance(tensor, Tensor) and tensor.layout == torch.strided:
                self._see(tensor)
        return result

    def _see(self, tensor: Tensor) -> None:
        storage = tensor.untyped_storage()
        key = storage._cdata  # noqa: SLF001  its identity: Python's own objects for it come and go
        if key not in self._alive:
            self._alive[key] = storage.nbytes()
            self.now += storage.nbytes()
            self.peak = max(self.peak, self.now)
            weakref.finalize(storage, self._gone, key)

    def _gone(self, key: int) -> None:
        self.now -= self._alive.pop(key)


_lines: dict[tuple[object, ...], Line] = {}


def predicting(prior: Prior, dtype: torch.dtype) -> Line:
    """Of one pass of the prior's network."""
    return _line(prior, (dtype,), lambda side: _passed(_hollow(prior.net, dtype), prior, side, dtype))


def going_back(prior: Prior, dtype: torch.dtype, *, checkpointing: bool) -> Line:
    """Of a pass there and back to the picture."""

    def count(side: int) -> int:
        net = _hollow(prior.net, dtype)
        return _passed(checkpointed(net) if checkpointing else net, prior, side, dtype, to_picture=True)

    return _line(prior, (dtype, checkpointing), count)


def learning(prior: Prior, dtype: torch.dtype, *, checkpointing: bool) -> Line:
    """Of a pass there and back to a LoRA, with the weights that it makes anew for each."""

    def count(side: int) -> int:
        net = _hollow(prior.net, dtype)
        weights = _adaptable(net)
        for weight in weights:
            weight.requires_grad_()
        passed = _passed(checkpointed(net) if checkpointing else net, prior, side, dtype)
        return passed + sum(weight.nbytes for weight in weights)

    return _line(prior, ("learn", dtype, checkpointing), count)


def learnt(prior: Prior, rank: int) -> int:
    """How many numbers a LoRA of that rank has."""
    weights = _adaptable(prior.net)
    return sum(rank * (weight.shape[0] + math.prod(weight.shape[1:])) for weight in weights)


def encoding(prior: LatentPrior) -> Line:
    """Of the VAE's way to latents, float32."""

    def count(side: int) -> int:
        vae: Any = _hollow(prior.pipe.vae, torch.float32)
        pixels = side * prior.factor
        x = torch.empty(1, 3, pixels, pixels)
        with torch.no_grad():
            return _followed(lambda: vae.encode(x).latent_dist.mean)

    return _line(prior, ("encode",), count)


def decoding(prior: LatentPrior) -> Line:
    """Of the VAE's way back to pictures, float32."""

    def count(side: int) -> int:
        vae: Any = _hollow(prior.pipe.vae, torch.float32)
        z = torch.empty(1, 4, side, side)
        with torch.no_grad():
            return _followed(lambda: vae.decode(z, return_dict=False)[0])

    return _line(prior, ("decode",), count)


def checkpointed(net: nn.Module) -> nn.Module:
    """The network itself, which from now on computes again on its way back instead of keeping."""
    if isinstance(net, GuidedUNet):
        net.checkpointing = True
    else:
        net.enable_gradient_checkpointing()  # type: ignore[operator]
    return net


def _line(prior: Prior, kind: tuple[object, ...], count: Callable[[int], int]) -> Line:
    """Through the bytes of two sizes; counted once for each network."""
    key = (prior.sha256, *kind)
    if key not in _lines:
        latent = isinstance(prior, LatentPrior)
        multiple = prior.latent_multiple if isinstance(prior, LatentPrior) else prior.multiple_of
        small = -(-SIDE[latent] // multiple) * multiple
        with FakeTensorMode():  # tensors with a size and no content
            few, many = count(small), count(2 * small)
        place = (many - few) / (3 * small**2)
        _lines[key] = Line(max(0.0, few - place * small**2), place)
    return _lines[key]


def _passed(net: nn.Module, prior: Prior, side: int, dtype: torch.dtype, *, to_picture: bool = False) -> int:
    """Bytes of one square through a network, and back where anything in it learns."""
    channels = prior.pipe.unet.config.in_channels if isinstance(prior, LatentPrior) else 3
    x = torch.empty(1, channels, side, side, dtype=dtype, requires_grad=to_picture)
    x_t = x.contiguous(memory_format=torch.channels_last)
    given = _text(prior, side, dtype) if isinstance(prior, LatentPrior) else {}
    back = to_picture or any(parameter.requires_grad for parameter in net.parameters())

    def work() -> Tensor:
        output: Tensor = net(x_t, 500, return_dict=False, **given)[0]
        if back:
            output.float().square().mean().backward()  # type: ignore[no-untyped-call]
        return output

    with torch.set_grad_enabled(back):
        return _followed(work)


def _text(prior: LatentPrior, side: int, dtype: torch.dtype) -> dict[str, Any]:
    """The further inputs of a U-Net of Stable Diffusion."""
    config, pixels = prior.pipe.unet.config, side * prior.factor
    text = silence(config, 1)
    pooled = None if text.pooled is None else text.pooled.to(dtype)
    return conditions(text.states.to(dtype), pooled, level_of(config), pixels, pixels)


def _adaptable(net: nn.Module) -> list[nn.Parameter]:
    """The weights that a LoRA changes."""
    return [cast(nn.Parameter, layer.weight) for layer in lora.adaptable_layers(net).values()]


def _hollow(net: nn.Module, dtype: torch.dtype) -> nn.Module:
    """The network with parameters of that type and without content."""
    copies: dict[int, object] = {}
    for parameter in net.parameters():
        layout = torch.channels_last if parameter.dim() == 4 else torch.contiguous_format
        value = torch.empty(parameter.shape, dtype=dtype, memory_format=layout)
        copies[id(parameter)] = nn.Parameter(value, requires_grad=False)
    for buffer in net.buffers():
        kind = dtype if buffer.is_floating_point() else buffer.dtype
        copies[id(buffer)] = torch.empty(buffer.shape, dtype=kind)
    return copy.deepcopy(net, copies)


def _followed(work: Callable[[], Tensor]) -> int:
    with Held() as held:
        work()
    return int(held.peak)
