"""What a restoration will cost on this machine, in seconds and bytes, before it is started."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adir_desktop.contract import Estimate, Request
from adir_desktop.engine import holdout, shelf
from adir_desktop.engine import pace_of_machine as pace
from adir_desktop.engine.fallbacks import planned
from adir_desktop.engine.lessons import PART_PIXELS
from adir_desktop.engine.memory_plan import Needs, adaptation, held, on_card
from adir_desktop.engine.operator_cost import Cost, cost_of
from adir_desktop.engine.pace_of_machine import Speed
from adir_desktop.engine.plan import Plan
from adir_desktop.engine.tensors import network_sigma
from adir_desktop.engine.trial import MOST_STEPS

# Seconds, before there is any experience
PREPARE, MERGE = 0.05, 0.4
SEARCH = 1.0  # opening the encoder and looking at the photo
OPENING = 0.05  # a neighbour's file
PICTURE = 1e-7  # a pixel and step: noise, sums, previews

# Passes of the network, as multiples of one that only predicts
TRAINING = 4.9  # there and back through every weight's low-rank part, measured in bf16
UNMERGED = 1.2  # the low-rank products are formed anew each time


def estimate(request: Request) -> Estimate:
    """Seconds by stage and the peak of memory; within milliseconds once the engine is warm.

    Raises:
        AdirError: the request cannot be done at all, or not with the memory that is free.
    """
    plan, taken = planned(request)
    speed = pace.measured(plan.prior, plan.device, plan.dtype)
    parts = {
        stage: speed.corrected(_kind(stage, plan), seconds) for stage, seconds in _parts(plan, speed).items()
    }
    return Estimate(sum(parts.values()), _memory(plan, taken), parts)


def learn(plan: Plan, record: Mapping[str, Any]) -> None:
    """Corrects the pace by a finished restoration; nothing is learnt where nothing was ever timed."""
    speed = pace.known(plan.prior, plan.device, plan.dtype)
    if speed is None or record.get("stopped_at"):
        return
    took = dict(record["seconds_by_stage"])
    took["prepare"] = took.get("prepare", 0.0) + took.pop("merge", 0.0)
    took.pop("baseline", None)  # the same work as a sample
    if not all(shelf.is_library(source.library) for source in plan.request.sources):
        took.pop("retrieve", None)  # a folder was indexed on the way
    for stage, predicted in _parts(plan, speed).items():
        if stage in took:
            speed = speed.after(_kind(stage, plan), predicted, took[stage])
    pace.remember(speed, plan.prior, plan.device, plan.dtype)


def _kind(stage: str, plan: Plan) -> str:
    """What a correction holds for."""
    request = plan.request
    if stage in ("sample", "baseline"):
        steps = "+".join(step.kind for step in request.degradation.steps)
        return f"sample/{plan.sampler}/{steps or 'noise'}"
    if stage == "adapt":
        return f"adapt/{request.recipe}/{request.adapt}"
    return f"{stage}/{request.adapt}"


def _parts(plan: Plan, speed: Speed) -> dict[str, float]:
    """Seconds by stage as the timed passes have it, before experience corrects them."""
    request = plan.request
    adapts = request.adapt in ("neighbours", "self")
    sample = _sample(plan, speed)
    parts = {"prepare": PREPARE + (0 if request.adapt == "none" else MERGE)}
    if request.adapt == "neighbours" and request.found is None:
        parts["retrieve"] = SEARCH * len(request.sources)
    if adapts:
        parts["adapt"] = _adapt(plan, speed)
    parts["sample"] = request.samples * sample
    if request.baseline and request.adapt != "none":
        parts["baseline"] = sample
    return parts


def _sample(plan: Plan, speed: Speed) -> float:
    """One sample: passes of the network over every window, and the operator at every step."""
    height, width = plan.grown
    count, pixels = plan.window_count(), plan.window_pixels
    network = count * (speed.evaluation + speed.pixel * pixels)
    cost = cost_of(plan.request.degradation, height, width, speed)
    steps = plan.row.samples(plan.settings)
    return steps * (plan.row.passes * network + PICTURE * height * width) + _operators(plan, cost)


def _operators(plan: Plan, cost: Cost) -> float:
    if plan.row.rhos is None:
        return cost.setup + plan.row.samples(plan.settings) * cost.apply
    noise = network_sigma(plan.request.degradation.noise_std)
    rhos = plan.row.rhos(plan.settings, plan.prior.alpha_bar, noise)
    return cost.setup + sum(cost.prox(rho) for rho in rhos)


def _adapt(plan: Plan, speed: Speed) -> float:
    """Iterations, and the questions to photos kept out of them."""
    settings, photos = adaptation(plan)
    pixels = settings.batch * settings.crop**2
    passes = max(1, pixels // PART_PIXELS) if plan.device.type == "cpu" else 1
    training = settings.iterations * TRAINING * (passes * speed.evaluation + pixels * speed.pixel)
    if not settings.hold_out:
        return training + OPENING * photos
    asked = held(photos) * holdout.CROPS * settings.crop**2
    questions = len(holdout.FIXED_T)
    if any(step.kind not in ("mask", "fade") for step in plan.request.degradation.steps) or (
        plan.request.degradation.noise_std > 0
    ):
        questions += min(plan.evaluations, MOST_STEPS)
    one = UNMERGED * (speed.evaluation + asked * speed.pixel)
    return training + OPENING * photos + len(holdout.STRENGTHS) * questions * one


def _memory(plan: Plan, taken: Needs) -> int:
    """The process with its libraries, and the hungriest stage on top; on a graphics card the tensors alone."""
    return taken.peak if on_card(plan.device) else pace.idle_memory() + taken.peak
