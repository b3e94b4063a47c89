"""Adapting the prior to a few photos: ADIR's test-time fine-tuning of a LoRA, and nothing else."""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import interpolate, mse_loss

from adir_desktop.contract import Event, Notice, Pixels, Progress
from adir_desktop.engine import holdout, lora
from adir_desktop.engine.activations import checkpointed
from adir_desktop.engine.holdout import Judge
from adir_desktop.engine.lessons import Chance, Example, Lessons, PixelLessons
from adir_desktop.engine.priors import Prior
from adir_desktop.engine.tensors import to_tensor
from adir_desktop.engine.training import Course, Training
from adir_desktop.interrupt import check, clock

REPORT_EVERY = 0.1  # seconds


@dataclass(frozen=True)
class AdaptSettings:
    """The numbers of an adaptation. t_max: t is drawn from 0..t_max - 1. ema: decay of the averaged
    LoRA that is kept, 0 for the last one. passes: over the photos' pixels, at most; 0 for any number. With
    five squares of 128 pixels, 17 passes gained no less than 67 on a sixth (+0.10 and +0.07 dB, 8 photos).
    """

    iterations: int = 400
    batch: int = 6
    crop: int = 256
    learning_rate: float = 1e-4
    rank: int = 16
    alpha: float = 8.0
    t_max: int = 1000
    ema: float = 0.0
    passes: float = 0.0
    hold_out: bool = False


@dataclass(frozen=True)
class Adapted:
    """What adaptation gives: the LoRA tensors and how they came about."""

    tensors: dict[str, NDArray[np.float32]]
    training: dict[str, object]


def adapt(
    prior: Prior,
    photos: Sequence[Pixels],
    settings: AdaptSettings,
    *,
    seed: int,
    device: torch.device,
    dtype: torch.dtype,
    judge: Judge | None = None,
    weights: Sequence[float] | None = None,
    lessons: Lessons | None = None,
    part: int = 0,
    checkpointing: bool = False,
    course: Course | None = None,
) -> Generator[Event, None, Adapted]:
    """Minimises |eps - eps_theta(sqrt(alpha_bar) z + sqrt(1 - alpha_bar) eps, t)|^2 over LoRA (ADIR eq. 20).

    Each iteration: `batch` random crops of the photos z (H, W, 3 in [0, 1]), one t for all of them,
    fresh noise each, Adam at a constant rate. The base network is never touched; closing the generator
    at any point leaves nothing behind. The noise channels alone carry the loss. weights: how often each
    photo is drawn from, in proportion; all alike if None. With `hold_out` the judge, or else the loss,
    says on photos kept out how strongly the LoRA is applied. lessons: a course made of the photos beforehand,
    where the network learns from something else than their pixels; then nothing is kept out. part: of a batch
    so much goes through the network at once, 0 for the usual: the gradients of parts are added up.
    checkpointing: see `Thrift`. course: of an earlier try by the same numbers, which this one goes on with.
    """
    held: Sequence[Tensor] = ()
    if lessons is None:
        lessons, held = _of_pixels(prior.alpha_bar, photos, settings, weights)
    lessons = lessons.on(device)
    training = _training(prior, settings, seed, device, dtype, course or Course())
    if checkpointing:
        checkpointed(training.net)
    together = at_once(lessons.part, settings.batch, device, part)
    reported = 0.0
    while training.done < settings.iterations:
        training.again()
        example = lessons.draw(training.chance)
        training.complete(_step(training.net, example, together, device, dtype), settings.ema)
        now = clock() - training.start
        if now - reported > REPORT_EVERY or training.done == settings.iterations:
            reported = now
            losses = training.read()  # waits for the device, so not at every step
            yield _progress(training.done, settings.iterations, now, losses)
    training.settle()
    losses = training.read()
    last = _progress(settings.iterations, settings.iterations, clock() - training.start, losses)
    told: dict[str, object] = {**asdict(settings), "seed": seed, "photos": len(photos)}
    told["losses"] = _thinned(losses)
    if held:
        judges: dict[str, Judge] = {"loss": holdout.loss_judge(prior.alpha_bar, device, dtype)}
        if judge is not None:
            judges["restoration_error"] = judge
        told |= yield from _choose_strength(training.net, held, settings.crop, judges, last, part)
    seconds = round(clock() - training.start, 2)
    told |= {"dtype": str(dtype).removeprefix("torch."), "seconds": seconds}
    return Adapted(lora.extract(training.net), told)


def _training(
    prior: Prior,
    settings: AdaptSettings,
    seed: int,
    device: torch.device,
    dtype: torch.dtype,
    course: Course,
) -> Training:
    """The course's own where that has come somewhere, else one from the beginning."""
    if course.training is None or not course.training.done:
        course.training = None  # there may not be room for both
        net = lora.inject(prior.trainable(dtype), settings.rank, settings.alpha, seed)
        net = net.to(device, memory_format=_layout(device))  # type: ignore[call-overload]
        course.training = Training.of(net, settings.learning_rate, Chance.of(seed, device))
    return course.training


def _choose_strength(
    wrapped: nn.Module,
    held: Sequence[Tensor],
    side: int,
    judges: Mapping[str, Judge],
    last: Progress,
    part: int,
) -> Generator[Event, None, dict[str, object]]:
    """Scales the LoRA to the strength at which photos that it was not trained on fare best.

    The last of the judges decides; what the others say is recorded too.
    """
    trained = [(name, p) for name, p in wrapped.named_parameters() if p.requires_grad]
    second = [p for name, p in trained if name.endswith(".lora_B")]
    full = [p.detach().clone() for p in second]
    errors: dict[str, dict[float, float]] = {name: {} for name in judges}
    for strength in holdout.STRENGTHS:
        _scale(second, full, strength)
        for name, judge in judges.items():
            error = judge(InParts(wrapped, part) if part else wrapped, held, side)
            errors[name][strength] = error if math.isfinite(error) else math.inf
            yield last
    deciding = list(errors.values())[-1]
    best = min(deciding, key=lambda strength: deciding[strength])
    if deciding[best] > deciding[0.0] - holdout.MARGIN:
        best = 0.0
    _scale(second, full, best)
    if best == 0:  # a training that went astray may leave no finite number: nothing of it is kept
        _scale([p for _, p in trained], [torch.zeros_like(p) for _, p in trained], 0)
        yield Notice(
            "These photos do not help this model: the picture is made as if without adapting.",
            "Choose photos of the same place or occasion, or more of them.",
        )
    changes = {
        f"held_out_{name}_change_percent": {
            str(strength): round(100 * (math.exp(value - found[0.0]) - 1), 3)
            for strength, value in found.items()
        }
        for name, found in errors.items()
    }
    return {"strength": best, **changes}


@torch.no_grad()
def _scale(parameters: Sequence[Tensor], full: Sequence[Tensor], strength: float) -> None:
    for parameter, value in zip(parameters, full, strict=True):
        parameter.copy_(strength * value if strength else torch.zeros_like(value))


def _of_pixels(
    alpha_bar: Tensor, photos: Sequence[Pixels], settings: AdaptSettings, weights: Sequence[float] | None
) -> tuple[Lessons, Sequence[Tensor]]:
    """Lessons from the photos' pixels, and the pictures that are kept out of them."""
    pictures = [at_least(to_tensor(pixels), settings.crop) for pixels in photos]
    each = weights or [1.0] * len(pictures)
    parts = holdout.split(pictures, settings.crop) if settings.hold_out else holdout.whole(pictures)
    lessons = PixelLessons(
        parts.train,
        [each[i] for i in parts.source],
        alpha_bar,
        settings.batch,
        settings.crop,
        settings.t_max,
    )
    return lessons, parts.held


def _step(net: nn.Module, example: Example, part: int, device: torch.device, dtype: torch.dtype) -> Tensor:
    """Adds the gradient of one batch's loss, and returns the loss as a number on the device.

    part: so much of the batch goes through at once, and the person may stop in between.
    """
    count = len(example.target)
    total = torch.zeros((), device=device)
    for first in range(0, count, part):
        check()
        some = slice(first, first + part)
        x_t = example.x_t[some].to(device, memory_format=_layout(device))
        target = example.target[some].to(device)
        conditions = _part_of(example.conditions, some, device)
        with torch.autocast(device.type, dtype, enabled=dtype != torch.float32):
            output = net(x_t, example.t, return_dict=False, **conditions)[0]
        answer = output[:, : target.shape[1]].float()
        loss = mse_loss(answer, target) * (len(target) / count)
        loss.backward()  # type: ignore[no-untyped-call]
        total += loss.detach()
    return total


def at_once(usual: int, batch: int, device: torch.device, part: int) -> int:
    """Pictures of a batch at once: on a processor no more than let a person stop, else all; `part` at most."""
    most = usual if device.type == "cpu" else batch
    return min(most, part or most)


class InParts(nn.Module):
    """A network for which a batch is so many pictures at a time, one part after the other."""

    def __init__(self, net: nn.Module, part: int) -> None:
        super().__init__()
        self.net, self.part = net, part

    def forward(self, x_t: Tensor, t: int, *, return_dict: bool = False) -> tuple[Tensor]:
        parts = [self.net(some, t, return_dict=return_dict)[0] for some in torch.split(x_t, self.part)]
        return (torch.cat(parts),)


def _part_of(conditions: Mapping[str, Any], some: slice, device: torch.device) -> dict[str, Any]:
    """The same inputs for a part of the batch."""
    return {
        name: _part_of(value, some, device) if isinstance(value, Mapping) else value[some].to(device)
        for name, value in conditions.items()
    }


def _layout(device: torch.device) -> torch.memory_format:
    """On a processor the gradient of group normalisation is slow where the channels come last."""
    return torch.contiguous_format if device.type == "cpu" else torch.channels_last


def at_least(picture: Tensor, side: int) -> Tensor:
    """The picture, enlarged if its short side is under `side`."""
    short = min(picture.shape[-2:])
    if short >= side:
        return picture
    size = [max(side, round(n * side / short)) for n in picture.shape[-2:]]
    return interpolate(picture, size=size, mode="bicubic", align_corners=False).clamp(-1, 1)


def _progress(done: int, total: int, seconds: float, losses: Sequence[float]) -> Progress:
    recent = losses[-20:]
    eta = seconds / done * (total - done)
    return Progress("adapt", done, total, seconds, eta, loss=sum(recent) / len(recent))


def _thinned(losses: Sequence[float], most: int = 50) -> list[float]:
    """Means over equal runs: the curve, small enough to keep in a preset."""
    return [round(float(np.mean(part)), 6) for part in np.array_split(losses, min(most, len(losses)))]
