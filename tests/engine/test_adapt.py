"""Adaptation: what it trains, what it leaves alone, and that it learns."""

from __future__ import annotations

import copy
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from torch import nn

from adir_desktop.contract import Notice, Photo, Progress, Request
from adir_desktop.engine import lora
from adir_desktop.engine.adapt import AdaptSettings, adapt
from adir_desktop.engine.device import cast
from adir_desktop.engine.holdout import Judge, loss_judge, split
from adir_desktop.engine.lessons import Chance, PixelLessons
from adir_desktop.engine.priors import UNetPrior
from adir_desktop.engine.recipes import adapt_settings
from adir_desktop.engine.samplers.diffpir import DiffPIRSettings
from adir_desktop.engine.tensors import to_tensor
from adir_desktop.engine.trial import rehearsal
from adir_desktop.errors import PresetError
from adir_desktop.tasks import degradation_for

CPU = torch.device("cpu")
SETTINGS = AdaptSettings(iterations=40, batch=4, crop=16, learning_rate=5e-3, rank=4, alpha=4)


def photos(count: int = 4) -> list[np.ndarray]:
    """Stripes of one direction: a kind of picture that can be learnt quickly."""
    stripes = (np.arange(24) // 3 % 2).astype(np.float32)
    return [np.tile(np.roll(stripes, i)[None, :, None], (20, 1, 3)) for i in range(count)]


def run(prior: UNetPrior, settings: AdaptSettings = SETTINGS, seed: int = 0, judge: Judge | None = None):
    work = adapt(prior, photos(), settings, seed=seed, device=CPU, dtype=torch.float32, judge=judge)
    events = []
    while True:
        try:
            events.append(next(work))
        except StopIteration as stop:
            return stop.value, events


def loss(net: nn.Module, prior: UNetPrior) -> float:
    pictures = [to_tensor(p) for p in photos()]
    return math.exp(loss_judge(prior.alpha_bar, CPU, torch.float32)(net, pictures, 16))


def test_lora_is_on_every_convolution_and_nothing_else(small_net: nn.Module) -> None:
    wrapped = lora.inject(small_net, rank=4, alpha=2, seed=0)
    convolutions = {n: m for n, m in small_net.named_modules() if isinstance(m, nn.Conv2d)}
    assert not any(p.requires_grad for p in small_net.parameters())
    trainable = sum(p.numel() for p in wrapped.parameters() if p.requires_grad)
    expected = sum(
        4 * (m.in_channels * m.kernel_size[0] * m.kernel_size[1] + m.out_channels)
        for m in convolutions.values()
    )
    assert trainable == expected
    names = {n.rsplit(".lora_", 1)[0] for n in lora.extract(wrapped)}
    assert names == set(convolutions)
    assert {"conv_in", "conv_out"} <= names


def test_at_iteration_zero_nothing_changes(small_net: nn.Module) -> None:
    x = torch.randn(1, 3, 16, 16)
    wrapped = lora.inject(small_net, rank=4, alpha=2, seed=0)
    assert torch.equal(wrapped(x, 10).sample, small_net(x, 10).sample)


def test_it_learns_and_leaves_the_base_alone(small_prior: UNetPrior) -> None:
    before = {name: value.clone() for name, value in small_prior.net.state_dict().items()}
    adapted, events = run(small_prior)
    after = small_prior.net.state_dict()
    assert all(torch.equal(value, after[name]) for name, value in before.items())
    merged = lora.merged(small_prior.net, adapted.tensors, SETTINGS.rank, SETTINGS.alpha)
    assert loss(merged, small_prior) < 0.9 * loss(small_prior.net, small_prior)
    last = events[-1]
    assert isinstance(last, Progress)
    assert (last.stage, last.done, last.total) == ("adapt", 40, 40)
    assert last.loss is not None
    assert len(adapted.training["losses"]) == 40


def test_merged_equals_unmerged(small_prior: UNetPrior) -> None:
    adapted, _ = run(small_prior)
    wrapped = lora.inject(small_prior.net, SETTINGS.rank, SETTINGS.alpha, seed=0)
    parameters = dict(wrapped.named_parameters())
    with torch.no_grad():
        for name, value in adapted.tensors.items():
            layer, which, _ = name.rsplit(".", 2)
            parameters[f"{layer}{lora.PLACE}.{which}"].copy_(torch.from_numpy(value))
    merged = lora.merged(small_prior.net, adapted.tensors, SETTINGS.rank, SETTINGS.alpha)
    x = torch.randn(2, 3, 16, 16)
    assert torch.allclose(wrapped(x, 50).sample, merged(x, 50).sample, atol=1e-5)
    assert not torch.allclose(merged(x, 50).sample, small_prior.net(x, 50).sample, atol=1e-3)
    plain = {type(m) for m in merged.modules()}
    assert plain == {type(m) for m in small_prior.net.modules()}, "no wrapper is left to cost time"


def test_it_is_pefts_lora(small_net: nn.Module) -> None:
    """The same output and the same gradients as peft's convolutions beside convolutions, and its names."""
    wrapped = lora.inject(small_net, rank=4, alpha=2, seed=0)
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for name, parameter in wrapped.named_parameters():
            if name.endswith(".lora_B"):
                parameter.copy_(0.1 * torch.randn(parameter.shape, generator=generator))
    config = LoraConfig(
        r=4, lora_alpha=2, target_modules=list(lora.adaptable_layers(small_net)), init_lora_weights=True
    )
    theirs = get_peft_model(copy.deepcopy(small_net), config)
    state = {f"base_model.model.{n}": torch.from_numpy(v) for n, v in lora.extract(wrapped).items()}
    assert state.keys() == get_peft_model_state_dict(theirs).keys()
    set_peft_model_state_dict(theirs, state)
    x = torch.randn(2, 3, 16, 16)
    outputs = [net(x, 50, return_dict=False)[0] for net in (wrapped, theirs)]
    assert torch.allclose(*outputs, atol=1e-5)
    for output in outputs:
        output.square().sum().backward()
    parameters = dict(theirs.named_parameters())
    for name, parameter in wrapped.named_parameters():
        if parameter.requires_grad:
            layer, which = name.replace(lora.PLACE, "").rsplit(".", 1)
            other = parameters[f"base_model.model.{layer}.{which}.default.weight"].grad
            assert torch.allclose(parameter.grad, other, rtol=1e-3, atol=1e-4 * float(other.abs().max()))


def test_attentions_one_dimensional_convolutions_are_adapted_too() -> None:
    net = nn.Sequential(nn.Conv1d(4, 6, 1))
    wrapped = lora.inject(net, rank=2, alpha=4, seed=0)
    with torch.no_grad():
        dict(wrapped.named_parameters())[f"0{lora.PLACE}.lora_B"].fill_(0.5)
    tensors = lora.extract(wrapped)
    assert {n: v.shape for n, v in tensors.items()} == {
        "0.lora_A.weight": (2, 4, 1),
        "0.lora_B.weight": (6, 2, 1),
    }
    x = torch.randn(1, 4, 5)
    assert torch.allclose(wrapped(x), lora.merged(net, tensors, 2, 4)(x), atol=1e-6)
    assert not torch.allclose(wrapped(x), net(x), atol=1e-2)


def test_merging_is_the_formula(small_prior: UNetPrior) -> None:
    """W + (alpha / rank) sum_q B[o, q] A[q, i]."""
    adapted, _ = run(small_prior)
    merged = lora.merged(small_prior.net, adapted.tensors, SETTINGS.rank, SETTINGS.alpha)
    a = torch.from_numpy(adapted.tensors["conv_in.lora_A.weight"])
    b = torch.from_numpy(adapted.tensors["conv_in.lora_B.weight"])
    delta = SETTINGS.alpha / SETTINGS.rank * torch.einsum("oq,qikl->oikl", b[:, :, 0, 0], a)
    wanted = small_prior.net.get_parameter("conv_in.weight") + delta
    assert torch.allclose(merged.get_parameter("conv_in.weight"), wanted, atol=1e-6)


def test_photos_kept_out_decide_how_strong_it_is(small_prior: UNetPrior) -> None:
    """Stripes carry over to other stripes; to noise nothing carries over, and the prior stays as it is."""
    settings = replace(SETTINGS, hold_out=True)
    adapted, _ = run(small_prior, settings)
    changes = adapted.training["held_out_loss_change_percent"]
    assert adapted.training["strength"] in (0.5, 1.0)
    assert changes[str(adapted.training["strength"])] == min(changes.values()) < -5
    harmful = replace(settings, learning_rate=3.0, iterations=10)
    spoilt, events = run(small_prior, harmful)
    assert spoilt.training["strength"] == 0
    assert any(isinstance(e, Notice) for e in events)
    merged = lora.merged(small_prior.net, spoilt.tensors, SETTINGS.rank, SETTINGS.alpha)
    assert loss(merged, small_prior) == pytest.approx(loss(small_prior.net, small_prior), rel=1e-5)


def test_a_rehearsal_decides_where_the_damage_is_known(small_prior: UNetPrior) -> None:
    """The judge's word counts, whatever the loss says; both are recorded."""
    settings = replace(SETTINGS, hold_out=True, iterations=20)
    strengths = iter([3.0, 1.0, 2.0])  # the error at strength 0, 0.5 and 1
    adapted, _ = run(small_prior, settings, judge=lambda *_: next(strengths))
    assert adapted.training["strength"] == 0.5
    changes = adapted.training["held_out_restoration_error_change_percent"]
    assert changes["0.5"] == pytest.approx(100 * (math.exp(-2) - 1), abs=1e-3)
    assert adapted.training["held_out_loss_change_percent"]["0.0"] == 0


def test_a_rehearsal_restores_what_suffered_the_same(small_prior: UNetPrior) -> None:
    """With the exact denoiser of a grey picture the error is far under that of a network that knows nothing."""

    class Grey(nn.Module):
        def forward(self, x_t: torch.Tensor, t: int, return_dict: bool) -> tuple[torch.Tensor]:
            bar = small_prior.alpha_bar[t].float()
            return (x_t / (1 - bar).sqrt(),)

    damage = degradation_for("upscale", scale=2, noise=20)
    settings = DiffPIRSettings(6, 1.0, 200)
    judge = rehearsal(damage, "diffpir", settings, small_prior, CPU, torch.float32)
    grey = [torch.zeros(1, 3, 24, 24)]
    assert judge(Grey(), grey, 16) < judge(small_prior.net, grey, 16) - 2
    holes = degradation_for("inpaint", mask=np.eye(16, dtype=bool))
    assert rehearsal(holes, "diffpir", settings, small_prior, CPU, torch.float32) is None


@pytest.mark.parametrize("count", [1, 2, 4, 8])
def test_what_is_kept_out_is_not_trained_on(count: int) -> None:
    pictures = [torch.arange(40.0 * 24).view(1, 1, 24, 40) + 10_000 * i for i in range(count)]
    parts = split(pictures, 8)
    assert parts.held
    assert parts.train
    seen = set(torch.cat([p.flatten() for p in parts.train]).tolist())
    assert not seen & set(torch.cat([p.flatten() for p in parts.held]).tolist())
    assert all(min(p.shape[-2:]) >= 8 for p in [*parts.train, *parts.held])
    assert [int(p.min()) // 10_000 for p in parts.train] == parts.source, "each knows its photo"
    assert split([torch.zeros(1, 3, 10, 10)], 8).held == [], "too small to spare a band"


def test_one_seed_one_result(small_prior: UNetPrior) -> None:
    settings = AdaptSettings(iterations=4, batch=2, crop=16, rank=2, alpha=2, ema=0.9)
    first, second, other = (run(small_prior, settings, seed)[0].tensors for seed in (1, 1, 2))
    assert all(np.array_equal(first[name], second[name]) for name in first)
    assert any(not np.array_equal(first[name], other[name]) for name in first)


def test_one_t_serves_the_whole_batch(small_prior: UNetPrior, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    forward = type(small_prior.net).forward

    def spy(self, sample, timestep, *rest, **named):
        seen.append((sample.shape[0], timestep))
        return forward(self, sample, timestep, *rest, **named)

    monkeypatch.setattr(type(small_prior.net), "forward", spy)
    run(small_prior, AdaptSettings(iterations=5, batch=3, crop=16, rank=2, t_max=100))
    assert [batch for batch, _ in seen] == [3] * 5
    assert all(isinstance(t, int) and 0 <= t < 100 for _, t in seen)
    assert len({t for _, t in seen}) > 1


def test_cancelling_leaves_the_base_intact(small_prior: UNetPrior) -> None:
    before = {name: value.clone() for name, value in small_prior.net.state_dict().items()}
    settings = AdaptSettings(iterations=10_000, batch=2, crop=16, rank=2)
    work = adapt(small_prior, photos(), settings, seed=0, device=CPU, dtype=torch.float32)
    next(work)
    work.close()
    assert all(torch.equal(value, before[name]) for name, value in small_prior.net.state_dict().items())


def test_photos_smaller_than_the_crop_are_enlarged(small_prior: UNetPrior) -> None:
    settings = AdaptSettings(iterations=1, batch=2, crop=64, rank=2)
    adapted, _ = run(small_prior, settings)
    assert all(np.isfinite(value).all() for value in adapted.tensors.values())


def test_a_foreign_preset_is_refused(small_prior: UNetPrior) -> None:
    adapted, _ = run(small_prior, AdaptSettings(iterations=1, batch=1, crop=16, rank=2))
    missing = dict(list(adapted.tensors.items())[1:])  # half a pair
    with pytest.raises(PresetError, match="do not fit"):
        lora.merged(small_prior.net, missing, 2, 8.0)
    with pytest.raises(PresetError, match="do not fit"):
        lora.merged(small_prior.net, adapted.tensors, 3, 8.0)


def test_the_copy_that_computes_is_apart_from_the_master(small_net: nn.Module) -> None:
    copy = cast(small_net, torch.bfloat16)
    assert next(copy.parameters()).dtype == torch.bfloat16
    assert next(small_net.parameters()).dtype == torch.float32


def test_photos_are_drawn_in_proportion_to_their_weights() -> None:
    """Grey levels tell the pictures apart; a part kept of a picture keeps its weight."""
    pictures = [torch.full((1, 3, 8, 8), float(level)) for level in range(3)]
    chance = Chance.of(0, CPU)
    lessons = PixelLessons(pictures, [1.0, 0.0, 3.0], torch.ones(1), batch=1, side=4, t_max=1)
    drawn = [int(lessons.draw(chance).x_t.mean()) for _ in range(400)]  # alpha_bar of 1 leaves no noise
    assert set(drawn) == {0, 2}
    assert drawn.count(2) / 400 == pytest.approx(0.75, abs=0.07)


def test_equal_weights_change_nothing_and_others_do(small_prior: UNetPrior) -> None:
    settings = replace(SETTINGS, iterations=4, hold_out=True)

    def tensors(weights: list[float] | None) -> dict[str, np.ndarray]:
        work = adapt(
            small_prior, photos(5), settings, seed=0, device=CPU, dtype=torch.float32, weights=weights
        )
        while True:
            try:
                next(work)
            except StopIteration as stop:
                return stop.value.tensors

    plain, equal, other = tensors(None), tensors([2.0] * 5), tensors([1.0, 9.0, 1.0, 1.0, 1.0])
    again = tensors([1.0, 9.0, 1.0, 1.0, 1.0])
    assert all(np.array_equal(plain[name], equal[name]) for name in plain)
    assert any(not np.array_equal(plain[name], other[name]) for name in plain)
    assert all(np.array_equal(again[name], other[name]) for name in plain)


@pytest.mark.parametrize(
    ("sizes", "iterations", "crop"),
    [
        ([(128, 128)] * 5, 48, 96),  # 16 passes over their pixels, 3 crops of 96 a time
        ([(64, 600)], 50, 64),
        ([(96, 96)], 25, 96),
        ([(768, 1024)], 200, 96),
        ([], 200, 96),
    ],
)
def test_few_pixels_are_not_learnt_by_heart(sizes: list[tuple[int, int]], iterations: int, crop: int) -> None:
    request = Request(Photo(np.zeros((8, 8, 3), np.float32)), "denoise", degradation_for("denoise"))
    settings = adapt_settings(request, "cpu", sizes)
    assert settings.crop == crop
    limit = 16 * sum(h * w for h, w in sizes) / (settings.batch * crop**2)
    assert settings.iterations == iterations
    assert not sizes or iterations in (25, 200) or iterations - 1 < limit <= iterations
    assert adapt_settings(replace(request, iterations=70), "cpu", sizes).iterations == 70
    paper = adapt_settings(replace(request, recipe="paper"), "cpu", sizes)
    assert paper.iterations == 400
    assert settings.hold_out == (len(sizes) in (0, 1))


def test_of_a_few_photos_none_is_kept_out() -> None:
    request = Request(Photo(np.zeros((8, 8, 3), np.float32)), "denoise", degradation_for("denoise"))
    kept = [adapt_settings(request, "cpu", [(500, 500)] * count).hold_out for count in (1, 2, 7, 8, 20)]
    assert kept == [True, False, False, True, True]
