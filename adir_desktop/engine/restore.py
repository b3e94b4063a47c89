"""From a request to a restoration: retrieve, adapt, sample. It reads as the method does."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import torch
from torch import Tensor

from adir_desktop.contract import AdaptedPreset, Event, Found, NeighbourSet, Photo, Request, Restoration
from adir_desktop.engine import lora, presets, retrieve
from adir_desktop.engine.adapt import adapt
from adir_desktop.engine.device import pick_device, pick_dtype
from adir_desktop.engine.library import ensure
from adir_desktop.engine.operators import LinearOperator, build_operator
from adir_desktop.engine.picture import Report, finish, neighbour_pixels
from adir_desktop.engine.priors import UNetPrior, load_prior
from adir_desktop.engine.recipes import adapt_settings, neighbour_count, sampling_settings
from adir_desktop.engine.record import Stopwatch, make_record
from adir_desktop.engine.samplers import SAMPLERS, Problem, Settings, seeded_noise
from adir_desktop.engine.tensors import network_sigma, to_tensor
from adir_desktop.engine.tiles import Tiled
from adir_desktop.engine.trial import rehearsal
from adir_desktop.errors import LibraryError, PresetError, RequestError

TILE_SIDE = {"cpu": 512, "cuda": 1024, "mps": 768}  # a window is one answer to "stop": under a second


@dataclass(frozen=True)
class Plan:
    """A request with everything settled, and what it computes with."""

    request: Request
    prior: UNetPrior
    device: torch.device
    dtype: torch.dtype
    settings: Settings

    @property
    def evaluations(self) -> int:
        assert self.request.sampler is not None
        return SAMPLERS[self.request.sampler].evaluations(self.settings)


def restore(request: Request) -> Generator[Event, None, Restoration]:
    """Restores the photo of a request; events tell how far it is, the return value is the result.

    Retrieval and adaptation come first where asked for, then sampling with the LoRA merged into the
    weights, and, as the baseline, once more from the same seed without it.

    Raises:
        AdirError: anything that cannot be done, said before minutes of work where it can be known.
    """
    watch = Stopwatch()
    plan = settle(request)
    operator = _operator(plan)
    watch.lap("prepare")
    preset = yield from _adapted(plan, watch)
    denoiser = _denoiser(plan, preset)
    watch.lap("merge")
    photo, agreement = yield from _sampled("sample", plan, operator, denoiser)
    watch.lap("sample")
    baseline = None
    if request.baseline and preset is not None:
        baseline, _ = yield from _sampled("baseline", plan, operator, _denoiser(plan, None))
        watch.lap("baseline")
    record = make_record(plan.request, plan.evaluations, plan.settings, agreement, watch, preset)
    return Restoration(photo, plan.request, record, watch.total, baseline, preset)


def settle(request: Request) -> Plan:
    """Chooses what the request left open and refuses early what cannot be done."""
    device = pick_device(request.device)
    sampler, settings = sampling_settings(request)
    prior = load_prior(request.prior)
    dtype = pick_dtype(request.precision, device, prior.net)
    if request.adapt == "neighbours" and request.library is None and request.found is None:
        raise RequestError(
            "Adapting to similar photos needs a photo library.",
            "Add a folder (--library DIR), or restore without adapting (--adapt none).",
        )
    settled = replace(
        request,
        device=device.type,
        precision=str(dtype).removeprefix("torch."),
        sampler=sampler,
        steps=settings.steps,
        guidance=settings.guidance,
    )
    return Plan(settled, prior, device, dtype, settings)


def _operator(plan: Plan) -> LinearOperator:
    photo = plan.request.photo
    return build_operator(
        plan.request.degradation,
        photo.height,
        photo.width,
        multiple_of=plan.prior.multiple_of,
        device=plan.device,
    )


def _adapted(plan: Plan, watch: Stopwatch) -> Generator[Event, None, AdaptedPreset | None]:
    """The preset to sample with: none, one from a file, or one adapted now."""
    request = plan.request
    if request.adapt == "none":
        return None
    if request.adapt == "preset":
        if request.preset is None:
            raise PresetError("No preset was chosen.", "Choose one, or restore without adapting.")
        preset = presets.load_preset(request.preset)
        if preset.prior_sha256 != plan.prior.sha256:
            raise PresetError(
                f"The preset '{preset.name}' was made for other weights than '{plan.prior.name}'.",
                f"Use it with the prior '{preset.prior}' it was adapted from.",
            )
        return preset
    neighbours = None
    if request.adapt == "neighbours":
        neighbours = yield from _neighbours(request)
        watch.lap("retrieve")
        photos = yield from neighbour_pixels(neighbours)
    else:
        photos = [request.photo.pixels]
    settings = adapt_settings(request, plan.device.type, min(min(p.shape[:2]) for p in photos))
    assert request.sampler is not None
    judge = rehearsal(
        request.degradation, request.sampler, plan.settings, plan.prior, plan.device, plan.dtype
    )
    adapted = yield from adapt(
        plan.prior,
        photos,
        settings,
        seed=request.seed,
        device=plan.device,
        dtype=plan.dtype,
        judge=judge,
    )
    watch.lap("adapt")
    return AdaptedPreset(
        name=f"{request.photo.path.stem if request.photo.path else 'photo'} ({request.task})",
        prior=plan.prior.name,
        prior_sha256=plan.prior.sha256,
        rank=settings.rank,
        alpha=settings.alpha,
        tensors=adapted.tensors,
        neighbours=neighbours.included if neighbours else (),
        degradation={
            "steps": [{"kind": s.kind, **s.values} for s in request.degradation.steps],
            "noise_std": request.degradation.noise_std,
        },
        training=adapted.training,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _neighbours(request: Request) -> Generator[Event, None, NeighbourSet]:
    """The photos to adapt to: chosen beforehand, or found now."""
    found = request.found
    if found is None:
        assert request.library is not None
        name = yield from ensure(request.library)
        found = yield from retrieve.find(request.photo, name, neighbour_count(request))
        yield Found(found)
    if not found.included:
        raise LibraryError(
            "No similar photo is switched on.", "Switch some on, or restore without adapting (--adapt none)."
        )
    return found


def _denoiser(plan: Plan, preset: AdaptedPreset | None) -> Tiled:
    """The network that samples: the LoRA merged, cast once, cut into windows for large photos."""
    net = None
    if preset is not None:
        net = lora.merged(plan.prior.net, preset.tensors, preset.rank, preset.alpha)
    return Tiled(plan.prior.ready(plan.device, plan.dtype, net), TILE_SIDE[plan.device.type])


def _sampled(
    stage: str, plan: Plan, operator: LinearOperator, denoiser: Tiled
) -> Generator[Event, None, tuple[Photo, float]]:
    """Runs the sampler; returns the picture and how well it agrees with the photo."""
    request = plan.request
    assert request.sampler is not None
    y = operator.observe(to_tensor(request.photo.pixels, plan.device))
    sigma = network_sigma(request.degradation.noise_std)
    problem = Problem(denoiser, operator, y, sigma, seeded_noise(request.seed, plan.device))
    report = Report(stage, operator, y, sigma, request)
    trajectory = SAMPLERS[request.sampler].run(problem, plan.settings)
    try:
        x: Tensor = yield from report.follow(trajectory, time.perf_counter())
    finally:
        trajectory.close()
    return finish(x, request), report.consistency(x)
