"""One restoration or several from the same photo: their mean, and how far they differ."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from adir_desktop.contract import AdaptedPreset, Event, Pixels, Thrift
from adir_desktop.engine import lora, warm
from adir_desktop.engine.activations import checkpointed
from adir_desktop.engine.maps import Observation
from adir_desktop.engine.offload import WAITING, taking_turns
from adir_desktop.engine.picture import Report
from adir_desktop.engine.plan import Plan
from adir_desktop.engine.priors import Denoiser, LatentPrior
from adir_desktop.engine.priors.latent_model import LatentModel, Text
from adir_desktop.engine.samplers import Problem, noise_of_each
from adir_desktop.engine.samplers.latent import LatentProblem
from adir_desktop.engine.tensors import to_tensor
from adir_desktop.engine.tiles import Tiled
from adir_desktop.interrupt import Finishing, clock


@dataclass(frozen=True, eq=False)
class Drawn:
    """x: the first sample, or the mean of all, (1, 3, H, W) in [-1, 1]. count: samples that it holds.

    spread: (H, W), the standard deviation over the samples in 0..255 units, the mean over the channels;
    None of one sample. stopped_at: where the person ended it early.
    """

    x: Tensor
    count: int
    spread: Pixels | None = None
    stopped_at: Mapping[str, int | str] | None = None


def draw(
    stage: str,
    plan: Plan,
    observation: Observation,
    denoiser: Denoiser | LatentModel,
    *,
    count: int,
    average: bool,
    gathered: Gathered | None = None,
) -> Generator[Event, None, Drawn]:
    """Restores the photo `count` times, from the request's seed and those after it, several at once where
    they are small. gathered: samples of an earlier try, which are not made again.

    Asked to finish early, it keeps the samples that are complete; of the first ones what there is.

    Raises:
        Finishing: the person asked to end before there was anything to keep.
    """
    start = clock()
    gathered = gathered or Gathered(several=count > 1, average=average)
    gathered.move(plan.device)
    stopped_at = None
    together = plan.together(count)
    text = _text(plan)
    for index in range(gathered.count, count, together):
        seeds = [plan.request.seed + i for i in range(index, min(index + together, count))]
        problem = _problem(plan, observation, denoiser, text, seeds)
        steps = plan.row.samples(plan.settings)
        report = Report(stage, observation, plan.request, steps, index, len(seeds), count, start)
        trajectory = plan.row.run(problem, plan.settings)
        try:
            x = yield from report.follow(trajectory)
        except Finishing:
            if not index:
                raise
        finally:
            trajectory.close()
        if report.complete or not index:
            for one in x:
                gathered.add(one[None])
        if not report.complete:
            stopped_at = report.stopped_at
            break
    return Drawn(gathered.result(), gathered.count, gathered.spread(), stopped_at)


def _text(plan: Plan) -> Text | None:
    """The request's words as a latent prior hears them."""
    if not isinstance(plan.prior, LatentPrior):
        return None
    return plan.prior.read(plan.request.prompt, plan.request.negative_prompt)


def _problem(
    plan: Plan,
    observation: Observation,
    denoiser: Denoiser | LatentModel,
    text: Text | None,
    seeds: Sequence[int],
) -> Problem | LatentProblem:
    """What a sampler is to solve, a picture for each seed."""
    degradation = plan.request.degradation
    y = observation.y.expand(len(seeds), -1, -1, -1)
    noise = noise_of_each(seeds, plan.device)
    if not isinstance(denoiser, LatentModel):
        return Problem(denoiser, observation.operator, y, observation.sigma, noise, degradation=degradation)
    assert text is not None
    if plan.request.task == "edit":  # what is under the mask is not damage
        start = to_tensor(plan.request.photo.pixels, plan.device).expand_as(y)
    else:
        start = observation.operator.guess(y)
    return LatentProblem(denoiser, text, observation.operator, y, start, noise, degradation)


def sampling_denoiser(plan: Plan, preset: AdaptedPreset | None) -> Tiled | LatentModel:
    """The network that samples: the LoRA merged, cast once, cut into windows for large photos."""
    if preset is None and plan.request.thrift == Thrift():
        key = (plan.prior.sha256, str(plan.device), plan.dtype, plan.tile_side)
        return warm.kept(key, partial(_ready, plan, None))
    warm.drop()  # its place may be needed
    if preset is None:
        return _ready(plan, None)
    return _ready(plan, lora.merged(plan.prior.net, preset.tensors, preset.rank, preset.alpha))


def _ready(plan: Plan, net: nn.Module | None) -> Tiled | LatentModel:
    """The prior's network, or `net` in its place, on its device as the plan has it."""
    thrift = plan.request.thrift
    if isinstance(plan.prior, LatentPrior):
        if not thrift.offload:
            return plan.prior.ready(plan.device, plan.dtype, net, plan.tile_side)
        return taking_turns(plan.prior.ready(WAITING, plan.dtype, net, plan.tile_side), plan.device)
    ready = plan.prior.ready(plan.device, plan.dtype, net)
    if thrift.checkpointing and plan.row.goes_back:
        checkpointed(ready.net)
    return Tiled(ready, plan.tile_side)


class Gathered:
    """A running mean and variance (Welford 1962): three pictures in memory, however many samples."""

    def __init__(self, *, several: bool, average: bool) -> None:
        self.count = 0
        self._several = several
        self._average = several and average
        self._first: Tensor | None = None
        self._mean = self._squares = torch.zeros(())

    def move(self, device: torch.device) -> None:
        """What there is goes to the device where the next samples are made."""
        if self._first is not None:
            self._first = self._first.to(device)
        self._mean, self._squares = self._mean.to(device), self._squares.to(device)

    @torch.inference_mode()
    def add(self, x: Tensor) -> None:
        """One more sample."""
        self.count += 1
        if self.count == 1:
            self._first = x
        if not self._several:
            return
        seen = x.clamp(-1, 1)  # as a file would hold it
        delta = seen - self._mean
        self._mean = self._mean + delta / self.count
        self._squares = self._squares + delta * (seen - self._mean)
        if self._average and self.count > 1:
            self._first = None

    def result(self) -> Tensor:
        """The mean where it is wanted and there are several, else the first."""
        return self._mean if self._first is None else self._first

    @torch.inference_mode()
    def spread(self) -> Pixels | None:
        """(H, W) in 0..255 units; None of one sample."""
        if self.count < 2:
            return None
        deviation = (self._squares / (self.count - 1)).clamp_min(0).sqrt().mean(dim=1)[0]
        return (127.5 * deviation).float().cpu().numpy()
