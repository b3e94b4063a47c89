"""Memory that is short: counted before a run, simulated at every stage of one, and how a run does with less."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import UNet2DModel
from safetensors.torch import save_file
from torch import Tensor, nn

from adir_desktop.contract import (
    Degradation,
    Notice,
    Photo,
    Progress,
    Request,
    Restoration,
    Step,
    Thrift,
)
from adir_desktop.engine import adapt as adapting
from adir_desktop.engine import device as devices
from adir_desktop.engine import fallbacks, lora, memory_plan, offload
from adir_desktop.engine import plan as plans
from adir_desktop.engine.activations import Held, checkpointed, going_back, learning, predicting
from adir_desktop.engine.estimate import estimate
from adir_desktop.engine.priors import PRIORS, LatentPrior, load_prior
from adir_desktop.engine.priors.latent_model import LatentModel
from adir_desktop.engine.priors.unet import UNetPrior
from adir_desktop.engine.samplers.schedule import linear_alpha_bar
from adir_desktop.errors import MemoryShort, RequestError, explain, ran_out_of_memory
from adir_desktop.tasks import degradation_for
from tests.engine import tiny_sd
from tests.engine.guided_layout import drawn, tensors
from tests.engine.scenes import run, scene

GB = 10**9
CLEAN = Request(
    Photo(scene(40, 32)),
    "denoise",
    degradation_for("denoise", noise=10),
    sampler="diffpir",
    steps=2,
    seed=3,
    precision="float32",
    device="cpu",
)
LARGE = replace(CLEAN, photo=Photo(scene(300, 280)))
ADAPTED = replace(CLEAN, photo=Photo(scene(60, 52)), adapt="self", iterations=3)
OUT: list[Exception] = [
    MemoryError(),
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
    RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: you tried ..."),
    RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 4096 bytes."),
    RuntimeError("MPS backend out of memory (MPS allocated: 1.0 GB, other allocations: 2 GB)"),
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    RuntimeError("HIP out of memory. Tried to allocate 20.00 MiB"),
]
ROUNDING = 2e-4


@lru_cache(maxsize=1)
def tiny() -> UNetPrior:
    """A network of the starter's layout that costs next to nothing."""
    torch.manual_seed(0)
    net = UNet2DModel(
        block_out_channels=(8, 16),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "UpBlock2D"),
        norm_num_groups=4,
        add_attention=False,
    )
    return UNetPrior("tiny", net.eval().requires_grad_(requires_grad=False), "1" * 64, linear_alpha_bar(), 8)


@pytest.fixture(autouse=True)
def tiny_starter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PRIORS, "starter", replace(PRIORS["starter"], load=tiny))


@pytest.fixture(scope="session")
def upscaler(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_sd.upscaler(tmp_path_factory.mktemp("sd") / "upscaler")


@pytest.fixture(scope="session")
def guided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("guided") / "small.safetensors"
    save_file(drawn(tensors(32, (1, 2), 1, 16, (8,)), 0), path)
    return path


def enlarged(folder: Path, height: int = 24, width: int = 24, **values: object) -> Request:
    return replace(
        CLEAN,
        photo=Photo(scene(height, width)),
        task="upscale",
        degradation=Degradation((Step("downscale", {"factor": 4}),)),
        prior=f"file:{folder}",
        sampler=None,
        **values,
    )


def notices(events: list[object]) -> list[str]:
    return [event.message for event in events if isinstance(event, Notice)]


def pixels(done: Restoration) -> np.ndarray:
    return done.photo.pixels


def same(one: Restoration, other: Restoration, within: float = ROUNDING) -> bool:
    return float(np.abs(pixels(one) - pixels(other)).max()) <= within


def nothing_left(number: int = 1) -> Exception:
    """One of the errors, made anew: an exception keeps the frames that it came through."""
    error = OUT[number % len(OUT)]
    return type(error)(*error.args)


class Shortage:
    """A call that finds no memory: `times` times, or for as long as `when` says so of what it was given."""

    def __init__(
        self, inner: Callable, times: int = 10**6, when: Callable[..., bool] = lambda *_, **__: True
    ):
        self.inner, self.left, self.when, self.kind = inner, times, when, 0

    def hook(self, *args: object, **given: object) -> object:
        if self.left and self.when(*args, **given):
            self.left -= 1
            self.kind += 1
            raise nothing_left(self.kind)
        return self.inner(*args, **given)


def short(
    monkeypatch: pytest.MonkeyPatch,
    where: object,
    name: str,
    times: int = 10**6,
    when: Callable = lambda *_, **__: True,
) -> Shortage:
    shortage = Shortage(getattr(where, name), times, when)

    def call(*args: object, **given: object) -> object:
        return shortage.hook(*args, **given)

    monkeypatch.setattr(where, name, call)
    return shortage


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pretended graphics card: the processor under its number, which computes the same."""
    pick = plans.pick_device

    def picked(name: str) -> torch.device:
        return torch.device("cpu", 0) if name == "cuda" else pick(name)

    monkeypatch.setattr(plans, "pick_device", picked)
    monkeypatch.setattr(memory_plan, "on_card", lambda device: device.index is not None)


def free(monkeypatch: pytest.MonkeyPatch, card_bytes: float, main_bytes: float = 100 * GB) -> None:
    monkeypatch.setattr(
        memory_plan, "available", lambda device: int(main_bytes if device.index is None else card_bytes)
    )
    monkeypatch.setattr(fallbacks.psutil, "swap_memory", lambda: type("Swap", (), {"free": 0}))


# What is counted


@pytest.mark.parametrize("error", OUT, ids=repr)
def test_every_allocator_is_understood(error: Exception) -> None:
    assert ran_out_of_memory(error)
    assert isinstance(explain(error), MemoryShort)


@pytest.mark.parametrize(
    "error", [RuntimeError("shapes do not fit"), ValueError("out of memory"), KeyError("x")], ids=repr
)
def test_other_errors_are_not_taken_for_it(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not ran_out_of_memory(error)

    def wrong(*_: object) -> None:
        raise error

    monkeypatch.setattr(UNetPrior, "predict", wrong)
    with pytest.raises(type(error)):
        run(CLEAN)


def test_what_is_counted_is_what_a_real_pass_holds() -> None:
    """The same bytes, followed through a real pass of another size; there and back within a little."""
    prior = load_prior("starter")
    x = torch.randn(1, 3, 160, 160).contiguous(memory_format=torch.channels_last)
    net = devices.cast(prior.net, torch.float32)
    with torch.no_grad(), Held() as held:
        net(x, 500, return_dict=False)
    assert held.now < held.peak
    assert predicting(prior, torch.float32).at(160**2) == pytest.approx(held.peak, rel=0.05)
    x.requires_grad_()
    with Held() as back:
        net(x, 500, return_dict=False)[0].square().mean().backward()
    assert going_back(prior, torch.float32, checkpointing=False).at(160**2) == pytest.approx(
        back.peak, rel=0.1
    )
    assert back.peak > 3 * held.peak


@pytest.mark.parametrize("kind", ["starter", "guided", "upscaler"])
def test_checkpointing_keeps_less_and_learns_the_same(kind: str, guided: Path, upscaler: Path) -> None:
    prior = load_prior({"starter": "starter", "guided": str(guided), "upscaler": f"file:{upscaler}"}[kind])
    usual = learning(prior, torch.float32, checkpointing=False)
    assert learning(prior, torch.float32, checkpointing=True).place < 0.8 * usual.place
    gradients = []
    for thrifty in (False, True):
        net = lora.inject(prior.trainable(torch.float32), 2, 4.0, 0)
        net = checkpointed(net) if thrifty else net
        channels = prior.pipe.unet.config.in_channels if isinstance(prior, LatentPrior) else 3
        x = torch.randn(1, channels, 16, 16, generator=torch.Generator().manual_seed(0))
        given = {}
        if isinstance(prior, LatentPrior):
            given = {
                "encoder_hidden_states": torch.ones(1, 4, tiny_sd.HEARD),
                "class_labels": torch.zeros(1).long(),
            }
        net(x, 300, return_dict=False, **given)[0].square().mean().backward()
        gradients.append({name: p.grad for name, p in net.named_parameters() if p.grad is not None})
    assert gradients[0].keys() == gradients[1].keys()
    assert all(torch.allclose(gradients[0][name], gradients[1][name], atol=1e-6) for name in gradients[0])


# Before the run


def test_enough_memory_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    free(monkeypatch, 0)
    done, events = run(LARGE)
    assert notices(events) == []
    assert done.request.thrift == Thrift()
    assert done.record["window"] == plans.TILE_SIDE["cpu"]


def test_a_plan_takes_smaller_windows_until_it_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, _ = run(LARGE)
    need = memory_plan.needs(plans.settle(LARGE)).peak
    free(monkeypatch, 0, need / 2)
    done, events = run(LARGE)
    assert 128 <= done.request.thrift.window < 280
    assert memory_plan.needs(plans.settle(done.request)).peak <= 0.9 * need / 2
    (told,) = notices(events)
    assert "windows of" in told
    assert "needed" in told
    assert np.abs(pixels(done) - pixels(whole)).mean() < 0.02
    free(monkeypatch, 0)
    again, _ = run(replace(done.request, precision="float32"))
    assert np.array_equal(pixels(again), pixels(done)), "the same windows, however much is free"


def test_what_can_never_fit_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    free(monkeypatch, 0, 10**6)
    asked: list[int] = []
    monkeypatch.setattr(UNetPrior, "predict", lambda *_: asked.append(1))
    for request in (LARGE, ADAPTED):
        with pytest.raises(MemoryShort, match=r"takes .* of memory, and 1 MB are free"):
            run(request)
    assert not asked


def test_the_estimate_is_of_the_plan_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = estimate(LARGE).memory
    free(monkeypatch, 0, memory_plan.needs(plans.settle(LARGE)).peak / 2)
    assert estimate(LARGE).memory < usual


@pytest.mark.usefixtures("card")
@pytest.mark.parametrize(
    ("kind", "rungs"),
    [
        ("pixels", ["window", "checkpointing", "part"]),
        ("latent", ["window", "offload"]),
        ("small", ["singly"]),  # larger ones come one by one as soon as windows are smaller than they are
    ],
)
def test_each_rung_comes_in_its_turn(
    kind: str, rungs: list[str], monkeypatch: pytest.MonkeyPatch, upscaler: Path
) -> None:
    """With less and less on the card more and more is saved, and the processor is the last resort."""
    requests = {"pixels": LARGE, "latent": enlarged(upscaler, 64, 64), "small": replace(CLEAN, samples=3)}
    adapt = "self" if kind == "pixels" else "none"
    request = replace(requests[kind], device="cuda", adapt=adapt, iterations=1)
    before = memory_plan.needs(plans.settle(request)).peak
    seen: list[Thrift] = []
    for share in np.geomspace(1.2, 0.002, 60):
        free(monkeypatch, before * share)
        plan, needs = fallbacks.planned(request)
        if plan.device.index is None:
            break
        assert needs.peak <= before * share
        seen.append(plan.request.thrift)
    assert plan.device.index is None, "the processor never took over"
    assert plan.request.thrift == Thrift()
    assert seen[0] == Thrift()
    assert all(any(getattr(thrift, rung) for thrift in seen) for rung in rungs)


@pytest.mark.parametrize(
    "thrift", [Thrift(window=100), Thrift(window=130), Thrift(window=-8), Thrift(part=-1)]
)
def test_an_impossible_thrift_is_refused(thrift: Thrift) -> None:
    with pytest.raises(RequestError):
        run(replace(CLEAN, thrift=thrift))


# On the way


def test_smaller_windows_where_the_network_finds_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, _ = run(LARGE)
    short(monkeypatch, UNetPrior, "predict", when=lambda _, x, t: max(x.shape[-2:]) > 200)
    done, events = run(LARGE)
    assert done.request.thrift.window <= 200
    assert any("windows" in told for told in notices(events))
    assert np.abs(pixels(done) - pixels(whole)).mean() < 0.02


def test_samples_that_are_there_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The third of four finds no memory once: the first two are not made again."""
    request = replace(LARGE, samples=4, average=True, thrift=Thrift(singly=True))
    sides: list[int] = []
    predict = UNetPrior.predict

    def counted(self: UNetPrior, x: Tensor, t: int) -> object:
        sides.append(max(x.shape[-2:]))
        if len(sides) == 2 * CLEAN.steps + 1:
            raise nothing_left()
        return predict(self, x, t)

    monkeypatch.setattr(UNetPrior, "predict", counted)
    done, events = run(request)
    assert len(notices(events)) == 1
    assert done.record["samples"] == 4
    assert sum(side > 200 for side in sides) == 2 * CLEAN.steps + 1, "two samples, and the try"
    windows = plans.settle(done.request).window_count()
    assert sum(side < 200 for side in sides) == 2 * CLEAN.steps * windows


def test_one_sample_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    request = replace(CLEAN, samples=3, average=True)
    together, _ = run(request)
    short(monkeypatch, UNetPrior, "predict", when=lambda _, x, t: len(x) > 1)
    done, _ = run(request)
    assert done.request.thrift.singly
    assert same(done, together, 1e-5)


def test_learning_in_smaller_parts_is_the_same_learning(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, _ = run(ADAPTED)
    sizes: list[int] = []

    def step(net: nn.Module, example: object, part: int, *rest: object) -> float:
        sizes.append(part)
        if part > 1:
            raise nothing_left(2)
        return _step(net, example, part, *rest)

    _step = adapting._step
    monkeypatch.setattr(adapting, "_step", step)
    done, events = run(ADAPTED)
    assert sizes[0] > 1
    assert sizes[-1] == 1
    assert done.request.thrift.checkpointing, "it comes before"
    assert done.request.thrift.part == 1
    assert same(done, whole, 2e-3)
    told = notices(events)
    assert "computes more" in told[0]
    assert "1 at a time" in told[-1]


def test_a_judge_asks_in_parts_too() -> None:
    net = nn.Conv2d(3, 3, 3, padding=1)

    class Named(nn.Module):
        def forward(self, x: Tensor, t: int, *, return_dict: bool) -> tuple[Tensor]:
            assert len(x) <= 2
            return (net(x) + t,)

    x = torch.randn(5, 3, 8, 8)
    assert torch.allclose(adapting.InParts(Named(), 2)(x, 3, return_dict=False)[0], net(x) + 3, atol=1e-6)


@pytest.mark.parametrize("stage", ["lora", "backward", "judge"])
def test_learning_goes_on_wherever_memory_ran_out(stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, name = {
        "lora": (lora, "inject"),
        "backward": (adapting, "mse_loss"),
        "judge": (adapting, "_choose_strength"),
    }[stage]
    request = replace(
        ADAPTED, photo=Photo(scene(150, 52))
    )  # so large that a part can be kept out for the judge
    whole, _ = run(request)
    shortage = short(monkeypatch, where, name, times=2)
    done, events = run(request)
    assert shortage.left == 0
    assert sum("Memory ran out" in told for told in notices(events)) == 2
    assert done.preset is not None
    assert same(done, whole, 2e-3)


def test_what_was_learnt_before_memory_ran_out_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checkpointing computes the same: neither the LoRA nor the picture tells that it came on the way."""
    whole, _ = run(ADAPTED)
    tries: list[Tensor] = []
    _step = adapting._step

    def step(net: nn.Module, example: object, *rest: object) -> Tensor:
        tries.append(example.x_t)
        if len(tries) == ADAPTED.iterations:
            raise nothing_left(2)
        return _step(net, example, *rest)

    monkeypatch.setattr(adapting, "_step", step)
    done, events = run(ADAPTED)
    assert notices(events) == ["Memory ran out: the network keeps less and computes more."]
    assert len(tries) == ADAPTED.iterations + 1
    assert torch.equal(tries[-1], tries[-2]), "the failed one is tried again, with the same noise"
    assert all(np.array_equal(value, whole.preset.tensors[n]) for n, value in done.preset.tensors.items())
    assert np.array_equal(pixels(done), pixels(whole))


def test_photos_are_encoded_once_however_often_learning_fails(
    upscaler: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = enlarged(upscaler, 64, 64, adapt="self", iterations=2, steps=1)
    encoded: list[int] = []
    encode = LatentModel.encode

    def counted(self: LatentModel, x: Tensor) -> Tensor:
        encoded.append(len(x))
        return encode(self, x)

    monkeypatch.setattr(LatentModel, "encode", counted)
    run(request)
    once = len(encoded)
    shortage = short(monkeypatch, adapting, "_step", times=1)
    done, events = run(request)
    assert shortage.left == 0
    assert notices(events) == ["Memory ran out: the picture is made in windows of 128 pixels."]
    assert len(encoded) == 2 * once
    assert done.preset is not None


def test_what_is_not_the_largest_part_of_an_adaptation_is_made_lighter_too(upscaler: Path) -> None:
    """Encoding takes more than learning, but learning is what may have failed."""
    request = enlarged(upscaler, 128, 128, adapt="self", iterations=2)
    plan = plans.settle(request)
    assert memory_plan.needs(plan).encode > memory_plan.needs(plan).learn
    told: list[str] = []
    while (step := memory_plan.lighter(plan, fallbacks.STAGES["adapt"])) is not None:
        plan, words = step
        told.append(words)
    assert any("windows" in words for words in told)
    assert any("computes more" in words for words in told)


@pytest.mark.usefixtures("card")
@pytest.mark.parametrize(
    ("stage", "prior"),
    [
        ("observe", "starter"),
        ("cast", "starter"),
        ("adapt", "starter"),
        ("sample", "starter"),
        ("adapt", "guided"),
    ],
)
def test_the_processor_takes_over(
    stage: str, prior: str, guided: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything that the card is asked for fails; what was adapted before is not adapted again."""
    name = str(guided) if prior == "guided" else prior
    request = replace(ADAPTED, prior=name, baseline=True, iterations=2, steps=1)
    whole, _ = run(request)
    on_card: Callable[..., bool] = {
        "observe": lambda *_, device, **__: device.index is not None,
        "cast": lambda net, dtype, device=None: device is not None and device.index is not None,
        "adapt": lambda *_, device, **__: device.index is not None,
        "sample": lambda *_, **__: True,
    }[stage]
    from adir_desktop.engine import restore
    from adir_desktop.engine.priors import unet

    if stage == "sample":
        draws: list[torch.device] = []
        original = restore.draw

        def draw(stage: str, plan: plans.Plan, *args: object, **given: object) -> Iterator[object]:
            draws.append(plan.device)
            if plan.device.index is not None:
                raise nothing_left(0)
            return original(stage, plan, *args, **given)

        monkeypatch.setattr(restore, "draw", draw)
    else:
        place = {"observe": (plans, "build_operator"), "cast": (unet, "cast"), "adapt": (restore, "adapt")}[
            stage
        ]
        short(monkeypatch, *place, when=on_card)
    done, events = run(replace(request, device="cuda"))
    assert done.request.device == "cpu"
    assert any(
        "the processor works instead of the device" in told and "chosen" in told for told in notices(events)
    )
    assert same(done, whole)
    assert done.baseline is not None
    finished = [
        event
        for event in events
        if isinstance(event, Progress) and event.stage == "adapt" and event.done == 2
    ]
    assert len(finished) == 1, "what was adapted is not adapted again"


def test_where_nothing_helps_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    short(monkeypatch, UNetPrior, "predict")
    with pytest.raises(MemoryShort, match="are free now"):
        run(LARGE)


def test_a_baseline_without_memory_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from adir_desktop.engine import restore

    short(monkeypatch, restore, "sampling_denoiser", when=lambda plan, preset: preset is None)
    done, events = run(replace(ADAPTED, baseline=True))
    assert done.baseline is None
    assert any("comparison" in told for told in notices(events))
    assert np.isfinite(pixels(done)).all()


def test_what_failed_is_let_go_before_the_next_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large tensor in the frame where memory ran out must not outlive the failure."""
    held: list[object] = []
    predict = UNetPrior.predict

    def greedy(self: UNetPrior, x: Tensor, t: int) -> object:
        import weakref

        if not held:
            much = torch.zeros(1000)
            held.append(weakref.ref(much))
            raise nothing_left(1)
        assert held[0]() is None
        return predict(self, x, t)

    monkeypatch.setattr(UNetPrior, "predict", greedy)
    gc.disable()
    try:
        run(LARGE)
    finally:
        gc.enable()
    assert held


# Latent priors


@pytest.mark.parametrize("stage", ["encode", "unet", "decode"])
def test_a_latent_prior_goes_on_with_smaller_windows(
    stage: str, upscaler: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = enlarged(upscaler, 64, 64, adapt="self" if stage == "encode" else "none", iterations=1, steps=1)
    name = {"encode": "encode", "unet": "_run", "decode": "decode"}[stage]
    # windows are cut inside of encode and decode: they are told by the model's own
    shortage = short(monkeypatch, LatentModel, name, when=lambda model, *_: model.window * model.factor > 200)
    done, events = run(request)
    assert shortage.kind
    assert done.request.thrift.window <= 200
    assert notices(events)
    assert pixels(done).shape == (256, 256, 3)
    assert np.isfinite(pixels(done)).all()


def test_networks_in_turns_make_the_same_picture(upscaler: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    request = enlarged(upscaler)
    whole, _ = run(request)
    taken: list[str] = []
    take = offload.Turns.take

    def seen(self: offload.Turns, net: nn.Module) -> None:
        take(self, net)
        taken.append(type(net).__name__)

    monkeypatch.setattr(offload.Turns, "take", seen)
    done, _ = run(replace(request, thrift=Thrift(offload=True)))
    assert np.array_equal(pixels(done), pixels(whole))
    assert set(taken) == {"UNet2DConditionModel", "AutoencoderKL"}


@pytest.mark.usefixtures("card")
@pytest.mark.parametrize(
    ("size", "samples", "before", "told"),
    [
        (64, 1, Thrift(window=128), "the picture is made in windows of 128 pixels"),
        (24, 2, Thrift(singly=True), "the samples are made one after the other"),
    ],
    ids=["large", "several"],
)
def test_networks_take_turns_where_nothing_else_helped(
    size: int,
    samples: int,
    before: Thrift,
    told: str,
    upscaler: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The U-Net finds no memory on the card until the VAE has left it; the picture is then the same as with
    both there.
    """
    request = enlarged(upscaler, size, size, samples=samples)
    beside, _ = run(replace(request, thrift=before))
    tries: list[bool] = []

    def alone(model: LatentModel, *_: object) -> bool:
        tries.append(isinstance(model.unet, offload.Guest))
        return tries[-1]

    shortage = short(monkeypatch, LatentModel, "_run", when=lambda *given: not alone(*given))
    done, events = run(replace(request, device="cuda"))
    assert notices(events) == [
        f"Memory ran out: {told}.",
        "Memory ran out: the parts of the model take turns on the device.",
    ]
    assert tries[: shortage.kind] == [False, False], "each rung is tried before the next"
    assert all(tries[shortage.kind :])
    assert done.request.thrift == replace(before, offload=True)
    assert done.record["thrift"]["offload"], "the record tells it, and so does a run made again from it"
    assert np.array_equal(pixels(done), pixels(beside))


def test_only_one_network_is_on_the_device() -> None:
    class Net(nn.Linear):
        def to(self, device: torch.device) -> Net:
            self.place = device
            return self

    nets = [Net(1, 1), Net(1, 1)]
    turns = offload.Turns(torch.device("cpu", 0))
    for index in (0, 0, 1, 0):
        offload.Guest(nets[index], turns)(torch.ones(1, 1))
        places_now = [getattr(net, "place", offload.WAITING) for net in nets]
        assert places_now[index].index == 0
        assert places_now[1 - index] == offload.WAITING
    assert turns._here is nets[0]
