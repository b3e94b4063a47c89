"""The guided-diffusion U-Net: its published layout, its arithmetic, its precisions, and adapting it."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers.models.resnet import ResnetBlock2D
from guided_formulas import Formulas, sinusoids
from torch import nn

from adir_desktop.engine import lora
from adir_desktop.engine.adapt import AdaptSettings, adapt
from adir_desktop.engine.device import cast
from adir_desktop.engine.priors import UNetPrior
from adir_desktop.engine.priors.adm_blocks import ResBlock, timestep_embedding
from adir_desktop.engine.priors.guided_diffusion import GuidedUNet, Layout
from adir_desktop.engine.samplers.schedule import linear_alpha_bar
from adir_desktop.interrupt import Interrupted, stopping_when

KEYS = Path(__file__).parent / "checkpoint_keys"
CPU = torch.device("cpu")
TINY = Layout(channels=32, widths=(32, 64), res_blocks=1, attention=(False, True))


def published(name: str) -> dict[str, tuple[int, ...]]:
    lines = (KEYS / f"{name}.txt").read_text(encoding="utf-8").split("\n")
    rows = (line.split() for line in lines if line)
    return {key: tuple(map(int, shape.split("x"))) for key, shape in rows}


def made(layout: Layout, dtype: torch.dtype = torch.float32, seed: int = 0) -> GuidedUNet:
    """Random weights; those of the norms too, lest an error there hides behind ones and zeros."""
    torch.manual_seed(seed)
    net = GuidedUNet(layout)
    for module in net.modules():
        if isinstance(module, nn.GroupNorm):
            nn.init.normal_(module.weight, 1, 0.3)
            nn.init.normal_(module.bias, 0, 0.3)
    return net.to(dtype).eval().requires_grad_(requires_grad=False)


def eps(net: nn.Module, x: torch.Tensor, t: int | torch.Tensor) -> torch.Tensor:
    return net(x, t, return_dict=False)[0]


@pytest.fixture(scope="module")
def net() -> GuidedUNet:
    return made(TINY)


@pytest.mark.parametrize(
    ("name", "layout", "tensors", "parameters", "convolutions"),
    [
        (
            "imagenet256_uncond",
            Layout(256, (256, 256, 512, 512, 1024, 1024), 2, (False, False, False, True, True, True)),
            566,
            552_814_086,
            138,
        ),
        (
            "ffhq_10m",
            Layout(128, (128, 128, 256, 256, 512, 512), 1, (False, False, False, False, True, False)),
            362,
            93_563_910,
            84,
        ),
    ],
)
def test_the_published_checkpoints_fit(
    name: str, layout: Layout, tensors: int, parameters: int, convolutions: int
) -> None:
    """Every name and shape; and what adapting reaches: all convolutions, attention's 1-D ones included."""
    shapes = published(name)
    assert Layout.of(shapes) == layout
    with torch.device("meta"):
        net = GuidedUNet(layout)
    assert {key: tuple(value.shape) for key, value in net.state_dict().items()} == shapes
    assert len(shapes) == tensors
    assert sum(p.numel() for p in net.parameters()) == parameters
    assert net.multiple_of == 32
    assert len(lora.adaptable_layers(net)) == convolutions


LAYOUTS = {
    "as ImageNet, attention below": (TINY, (2,), (1,)),
    "three widths, two blocks, first width apart from the embedding's": (
        Layout(64, (32, 64, 96), 2, (True, True, False), out_channels=3, head_channels=32),
        (3, 6),
        (2, 5),
    ),
    "convolutions resample, four heads": (
        Layout(32, (32, 64), 2, (True, False), block_resampling=False, head_channels=None),
        (),
        (),
    ),
    "the embedding is added": (Layout(32, (32, 64), 1, (False, False), scale_shift=False), (2,), (1,)),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_it_computes_what_the_formulas_say(name: str) -> None:
    layout, downs, ups = LAYOUTS[name]
    net = made(layout, torch.float64)
    oracle = Formulas(net.state_dict(), downs, ups, layout.head_channels)
    x = torch.randn(2, 3, 8, 12, dtype=torch.float64)
    for t in (0, 637):
        wanted = oracle.output(x, t)
        assert wanted.shape[1] == layout.out_channels
        for layout_of_x in (torch.contiguous_format, torch.channels_last):
            found = eps(net, x.contiguous(memory_format=layout_of_x), t)
            assert torch.allclose(found, wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_layout_is_read_off_the_tensors(name: str) -> None:
    layout = LAYOUTS[name][0]
    with torch.device("meta"):
        shapes = {key: tuple(value.shape) for key, value in GuidedUNet(layout).state_dict().items()}
    read = Layout.of(shapes)
    assert read == (layout if layout.head_channels in (64, None) else replace(layout, head_channels=64))


@pytest.mark.parametrize("channels", [32, 33])
def test_the_steps_embedding(channels: int) -> None:
    t = torch.tensor([0, 3, 999])
    found = timestep_embedding(t, channels, torch.float64)
    wanted = torch.stack([sinusoids(float(step), channels) for step in t])
    assert torch.allclose(found, wanted, rtol=0, atol=1e-12)
    single = timestep_embedding(t, channels, torch.float32)
    assert torch.allclose(single.double(), wanted, rtol=0, atol=2e-4), "angles up to 999 in float32"


@pytest.mark.parametrize("resample", ["", "up", "down"])
def test_a_residual_block_is_that_of_diffusers(resample: str) -> None:
    torch.manual_seed(1)
    own = ResBlock(32, 64, 48, scale_shift=True, resample=resample).double()
    other = ResnetBlock2D(
        in_channels=32,
        out_channels=64,
        temb_channels=48,
        groups=32,
        eps=1e-5,
        time_embedding_norm="scale_shift",
        up=resample == "up",
        down=resample == "down",
    ).double()
    pairs = [
        (other.norm1, own.in_layers[0]),
        (other.conv1, own.in_layers[2]),
        (other.time_emb_proj, own.emb_layers[1]),
        (other.norm2, own.out_layers[0]),
        (other.conv2, own.out_layers[3]),
        (other.conv_shortcut, own.skip_connection),
    ]
    for theirs, ours in pairs:
        theirs.load_state_dict(ours.state_dict())
    x, emb = torch.randn(2, 32, 8, 8).double(), torch.randn(2, 48).double()
    assert torch.allclose(own(x, nn.functional.silu(emb)), other(x, emb), rtol=0, atol=1e-12)


def test_each_picture_of_a_batch_may_have_its_own_step(net: GuidedUNet) -> None:
    x = torch.randn(2, 3, 8, 8)
    both = eps(net, x, torch.tensor([5, 900]))
    for i, t in enumerate((5, 900)):
        assert torch.allclose(both[i : i + 1], eps(net, x[i : i + 1], t), atol=1e-5)
    assert torch.equal(eps(net, x, 5), eps(net, x, torch.tensor(5)))
    assert torch.equal(net(x, 5).sample, eps(net, x, 5)), "as diffusers' networks are called"


@pytest.mark.parametrize(("dtype", "worst"), [(torch.bfloat16, 0.02), (torch.float16, 0.003)])
def test_half_precision_is_the_trunks_alone(net: GuidedUNet, dtype: torch.dtype, worst: float) -> None:
    """As published: embedding and head in float32. float16 on a processor is for completeness."""
    before = {name: value.clone() for name, value in net.state_dict().items()}
    ready = cast(net, dtype)
    kinds = {name: p.dtype for name, p in ready.named_parameters()}
    wide = {name for name, kind in kinds.items() if kind == torch.float32}
    assert {
        name for name in kinds if name.startswith(("time_embed.", "out.")) or ".emb_layers." in name
    } <= wide
    assert all(kinds[name] == dtype for name in kinds if name.endswith(("in_layers.2.weight", "qkv.weight")))
    x = torch.randn(1, 3, 32, 32)
    wanted, found = eps(net, x, 300), eps(ready, x.to(dtype), 300)
    assert found.dtype == torch.float32
    assert float((found - wanted).norm() / wanted.norm()) < worst
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())


def test_a_plain_cast_works_too(net: GuidedUNet) -> None:
    x = torch.randn(1, 3, 16, 16)
    low = eps(copy.deepcopy(net).to(torch.bfloat16), x.to(torch.bfloat16), 300)
    assert low.dtype == torch.bfloat16
    assert float((low.float() - eps(net, x, 300)).norm() / eps(net, x, 300).norm()) < 0.03


def test_the_copy_that_computes_lies_as_channels_last(net: GuidedUNet) -> None:
    ready = cast(net, torch.float32)
    weights = dict(ready.named_parameters())
    first = weights["input_blocks.1.0.in_layers.2.weight"]
    assert first.is_contiguous(memory_format=torch.channels_last)
    assert first.data_ptr() != net.get_parameter("input_blocks.1.0.in_layers.2.weight").data_ptr()
    assert not any(p.requires_grad for p in ready.parameters())


def test_variance_is_told_apart_from_the_noise(net: GuidedUNet) -> None:
    prior = UNetPrior("tiny", net, "0" * 64, linear_alpha_bar(), multiple_of=2)
    x = torch.randn(1, 3, 8, 8)
    said = prior.ready(CPU, torch.bfloat16).predict(x, 10)
    assert said.eps.shape == x.shape
    assert said.variance_logits is not None
    assert said.variance_logits.shape == x.shape
    assert said.eps.dtype == torch.float32


def test_lora_starts_as_nothing_and_merges_to_the_same(net: GuidedUNet) -> None:
    x = torch.randn(1, 3, 16, 16)
    wrapped = lora.inject(net, rank=4, alpha=4, seed=0)
    assert torch.equal(eps(wrapped, x, 77), eps(net, x, 77))
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for name, p in wrapped.named_parameters():
            if "lora_B" in name:
                p.copy_(0.05 * torch.randn(p.shape, generator=generator))
    tensors = lora.extract(wrapped)
    assert {name.rsplit(".lora_", 1)[0] for name in tensors} == set(lora.adaptable_layers(net))
    assert "middle_block.1.qkv.lora_A.weight" in tensors
    merged = lora.merged(net, tensors, 4, 4)
    assert (eps(merged, x, 77) - eps(net, x, 77)).abs().max() > 1e-2
    assert torch.allclose(eps(merged, x, 77), eps(wrapped, x, 77), rtol=0, atol=1e-5)
    half = cast(merged, torch.bfloat16)
    assert half.get_parameter("out.2.weight").dtype == torch.float32


def test_adapting_it(net: GuidedUNet) -> None:
    prior = UNetPrior("tiny", net, "0" * 64, linear_alpha_bar(), multiple_of=2)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    photos = [np.full((20, 24, 3), level, np.float32) for level in (0.2, 0.8)]
    settings = AdaptSettings(iterations=2, batch=2, crop=16, learning_rate=1e-2, rank=2, alpha=2)
    for dtype in (torch.float32, torch.bfloat16):
        work = adapt(prior, photos, settings, seed=0, device=CPU, dtype=dtype)
        while True:
            try:
                next(work)
            except StopIteration as stop:
                adapted = stop.value
                break
        moved = [np.abs(value).max() > 0 for name, value in adapted.tensors.items() if "lora_B" in name]
        assert all(moved)
        assert all(np.isfinite(value).all() for value in adapted.tensors.values())
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())


def test_checkpointing_gives_the_same_gradients(net: GuidedUNet) -> None:
    x = torch.randn(2, 3, 16, 16)
    found = []
    for checkpointing in (False, True):
        wrapped = lora.inject(net, rank=2, alpha=2, seed=0)
        wrapped.checkpointing = checkpointing
        eps(wrapped, x, 40).square().mean().backward()
        found.append([p.grad for p in wrapped.parameters() if p.requires_grad])
    assert any(float(g.abs().max()) > 0 for g in found[0])
    assert all(torch.allclose(a, b, rtol=1e-5, atol=1e-8) for a, b in zip(*found, strict=True))


def test_checkpointing_keeps_less(net: GuidedUNet) -> None:
    """Bytes that the way back would need, counted where autograd puts them aside."""
    x = torch.randn(1, 3, 32, 32)
    kept = []
    for checkpointing in (False, True):
        trained = copy.deepcopy(net).requires_grad_(requires_grad=True)
        trained.checkpointing = checkpointing
        own = {p.data_ptr() for p in trained.parameters()}
        total = 0

        def pack(value: torch.Tensor, own: set[int] = own) -> torch.Tensor:
            nonlocal total
            total += 0 if value.data_ptr() in own else value.nbytes
            return value

        with torch.autograd.graph.saved_tensors_hooks(pack, lambda value: value):
            eps(trained, x, 40)
        kept.append(total)
    assert kept[1] < 0.5 * kept[0]


def test_stopping_takes_effect_inside_of_one_evaluation(net: GuidedUNet) -> None:
    asked = iter([False, False, True])
    with stopping_when(lambda: next(asked)), pytest.raises(Interrupted):
        eps(net, torch.zeros(1, 3, 8, 8), 1)


@pytest.mark.parametrize(
    "layout",
    [
        Layout(32, (32, 48), 1, (False, False)),  # no multiple of 32: no groups to normalise in
        Layout(32, (32, 96), 1, (False, False)),  # the middle's attention in heads of 64
        Layout(32, (64, 96, 64), 1, (False, True, False)),
        Layout(32, (32, 64), 0, (False, False)),
    ],
)
def test_numbers_that_make_no_network(layout: Layout) -> None:
    with pytest.raises(ValueError, match=r"widths|heads"):
        GuidedUNet(layout)
