"""LoRA on Stable Diffusion's U-Nets: which layers, that merging is exact, that presets may be partial."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from adir_desktop.engine import lora
from adir_desktop.errors import PresetError
from tests.engine.tiny_diffusion import LAYOUTS, output, tiny_preset, tiny_unet

BASES = sorted(LAYOUTS)


def test_attentions_linear_layers_are_adapted_and_no_other_linear_layer() -> None:
    net = tiny_unet("stable-diffusion-x4-upscaler")
    layers = lora.adaptable_layers(net)
    kinds = {n: type(m) for n, m in net.named_modules() if isinstance(m, nn.Linear | nn.Conv2d)}
    assert {n for n, kind in kinds.items() if kind is nn.Conv2d} <= set(layers)
    for name, kind in kinds.items():
        if kind is nn.Linear:
            assert (name in layers) == (".attentions." in name), name
    block = "mid_block.attentions.0.transformer_blocks.0"
    assert {f"{block}.attn1.to_q", f"{block}.attn2.to_out.0", f"{block}.ff.net.2"} <= set(layers)
    assert "mid_block.attentions.0.proj_in" in layers
    assert not {"time_embedding.linear_1", "mid_block.resnets.0.time_emb_proj"} & set(layers)


def test_pixel_networks_keep_to_their_convolutions(small_net: nn.Module) -> None:
    assert {type(layer) for layer in lora.adaptable_layers(small_net).values()} == {nn.Conv2d}


@pytest.mark.parametrize("base", BASES)
def test_injected_taken_out_and_merged_are_one_network(base: str) -> None:
    net = tiny_unet(base)
    wrapped = lora.inject(net, rank=3, alpha=5, seed=0)
    assert torch.equal(output(wrapped), output(net))
    torch.manual_seed(1)
    with torch.no_grad():
        for parameter in wrapped.parameters():
            if parameter.requires_grad:
                parameter.normal_(0, 0.2)
    tensors = lora.extract(wrapped)
    assert {name.rsplit(".lora_", 1)[0] for name in tensors} == set(lora.adaptable_layers(net))
    merged = output(lora.merged(net, tensors, 3, 5))
    assert (output(wrapped) - merged).abs().max() < 1e-4
    assert (output(net) - merged).abs().max() > 0.01


def test_other_linear_layers_can_be_changed_by_loras_of_other_programs() -> None:
    net = tiny_unet("stable-diffusion-inpainting")
    name = "mid_block.resnets.0.time_emb_proj"
    assert name not in lora.adaptable_layers(net)
    weight = net.get_submodule(name).weight
    a, b = torch.randn(2, weight.shape[1]), torch.randn(weight.shape[0], 2)
    tensors = {f"{name}.lora_A.weight": a.numpy(), f"{name}.lora_B.weight": b.numpy()}
    found = lora.merged(net, tensors, 2, 1).get_submodule(name).weight
    assert torch.allclose(found, weight + b @ a / 2, atol=1e-6)


def test_merging_adds_the_product_to_each_weight() -> None:
    net = tiny_unet("stable-diffusion-inpainting")
    preset = tiny_preset(net, "stable-diffusion-inpainting")
    merged = lora.merged(net, preset.tensors, preset.rank, preset.alpha)
    for name, shape in (
        ("conv_in", "ro,ockl"),
        ("mid_block.attentions.0.transformer_blocks.0.attn2.to_k", ""),
    ):
        a, b = (preset.tensors[f"{name}.lora_{half}.weight"].astype(float) for half in "AB")
        delta = np.einsum("orxy,rikl->oikl", b, a) if shape else b @ a
        found = merged.get_submodule(name).weight - net.get_submodule(name).weight
        assert np.allclose(found.numpy(), delta * 5 / 3, atol=1e-6)


def test_a_preset_of_some_layers_leaves_the_others() -> None:
    net = tiny_unet("stable-diffusion-inpainting")
    preset = tiny_preset(net, "stable-diffusion-inpainting")
    some = {name: value for name, value in preset.tensors.items() if ".to_q." in name}
    merged = lora.merged(net, some, preset.rank, preset.alpha)
    changed = {
        name for name, value in merged.state_dict().items() if not torch.equal(value, net.state_dict()[name])
    }
    assert changed == {name.replace(".lora_A", "") for name in some if ".lora_A" in name}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda t: {}, "empty"),
        (lambda t: t | {"nowhere.lora_A.weight": t["conv_in.lora_A.weight"]}, "no layer 'nowhere'"),
        (
            lambda t: t | {"time_embedding.linear_1.lora_A.weight": np.zeros((3, 9))},
            "'time_embedding.linear_1' has another",
        ),
        (
            lambda t: t | {"conv_in.lora_C.weight": t["conv_in.lora_A.weight"]},
            "no layer 'conv_in.lora_C.weight'",
        ),
        (lambda t: t | {"conv_in.weight": t["conv_in.lora_A.weight"]}, "no layer 'conv_in.weight'"),
        (lambda t: t | {"conv_in.lora_A.weight": np.zeros((3, 4, 3, 3))}, "'conv_in' has another shape"),
        (lambda t: t | {"conv_in.lora_B.weight": np.zeros((8, 2, 1, 1))}, "'conv_in' has another shape"),
        (lambda t: {k: v for k, v in t.items() if k != "conv_in.lora_B.weight"}, "'conv_in' has another"),
    ],
)
def test_what_does_not_fit_is_named(change, reason: str) -> None:
    net = tiny_unet("stable-diffusion-inpainting")
    tensors = dict(tiny_preset(net, "stable-diffusion-inpainting").tensors)
    with pytest.raises(PresetError, match=reason):
        lora.merged(net, change(tensors), 3, 5.0)


@pytest.mark.parametrize("base", [*BASES, "pixels"])
def test_beside_wide_layers_or_in_their_weights_it_is_the_same_network(
    base: str, small_net: nn.Module, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Output and gradients; strides, kernels of one and three, and linear layers are all there."""
    net = small_net if base == "pixels" else tiny_unet(base)
    found = []
    for wide in (0, 1 << 60):
        monkeypatch.setattr(lora, "WIDE", wide)
        wrapped = lora.inject(net, rank=3, alpha=5, seed=0)
        generator = torch.Generator().manual_seed(1)
        trainable = {name: p for name, p in wrapped.named_parameters() if p.requires_grad}
        with torch.no_grad():
            for parameter in trainable.values():
                parameter.copy_(0.2 * torch.randn(parameter.shape, generator=generator))
        if base == "pixels":
            x = torch.randn(1, 3, 32, 32, generator=generator)
            answer = wrapped(x, 5, return_dict=False)[0]
        else:
            answer = output.__wrapped__(wrapped)
        answer.square().mean().backward()
        gradients = {
            name.replace(lora.PLACE, "").replace(lora.BESIDE, ""): p.grad for name, p in trainable.items()
        }
        found.append((answer.detach(), gradients, lora.extract(wrapped)))
    (one, gradients, tensors), (other, others, same) = found
    assert torch.allclose(one, other, atol=1e-4)
    assert tensors.keys() == same.keys()
    assert gradients.keys() == others.keys()
    for name, gradient in gradients.items():
        assert torch.allclose(gradient, others[name], atol=1e-3 * float(gradient.abs().max()) + 1e-7), name
