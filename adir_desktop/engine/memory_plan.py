"""How much memory a run will take on its device, and the ways in which it does with less.

Networks that are methods of their own, Dirac's and a person's checkpoints, are not counted but as if the prior
worked in their place: their windows are fixed, and where these do not fit only the processor helps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import psutil
import torch

from adir_desktop.contract import Thrift
from adir_desktop.engine import activations, holdout
from adir_desktop.engine.adapt import AdaptSettings, at_once
from adir_desktop.engine.lessons import pixel_part
from adir_desktop.engine.picture import TRAINING_LONG_SIDE
from adir_desktop.engine.plan import SMALLEST_WINDOW, Plan
from adir_desktop.engine.priors import LatentPrior
from adir_desktop.engine.recipes import adapt_settings, neighbour_count

# What the device takes for each byte that a network keeps: workspaces, other layouts, gaps between tensors. Of the
# processor measured with the starter (2600 over 1664 bytes a pixel there, 11 000 over 7092 there and back).
OVERHEAD = {"cpu": 1.6}
USUAL_OVERHEAD = 1.25
PICTURE = (
    90  # bytes a pixel of the restored picture: the photo, the sampler's state and what it makes of them
)
SHOT = 24  # bytes a pixel of a photo that is learnt from
LEARNT = 5 * 4  # bytes of a LoRA's number: itself, its gradient, two moments of Adam, the average
TOGETHER = 2  # pictures at once with guidance: with words and against them


@dataclass(frozen=True)
class Needs:
    """Bytes on the device beyond those in use before the run, at the peak of each stage. An adaptation first
    encodes, where its prior is a latent one, and then learns.
    """

    sample: int
    encode: int = 0
    learn: int = 0

    @property
    def peak(self) -> int:
        return max(self.sample, self.encode, self.learn)


Need = Callable[[Needs], int]


def needs(plan: Plan) -> Needs:
    """What a run as planned will take."""
    adapts = plan.request.adapt in ("neighbours", "self")
    if not adapts:
        return Needs(_sample(plan))
    return Needs(_sample(plan), _encode(plan), _learn(plan))


def available(device: torch.device) -> int:
    """Bytes that can be had there now."""
    if device.type == "cuda":
        spare = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return int(torch.cuda.mem_get_info(device)[0]) + spare
    if device.type == "mps":
        return int(torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory())
    return int(psutil.virtual_memory().available)


def on_card(device: torch.device) -> bool:
    """The device has memory of its own, and the processor could take over."""
    return device.type != "cpu"


def lighter(plan: Plan, need: Need) -> tuple[Plan, str] | None:
    """The plan with the first change that lowers `need`, and that change in words; None where nothing does."""
    before = need(needs(plan))
    for thrift, words in _savings(plan):
        changed = replace(plan, request=replace(plan.request, thrift=thrift))
        if need(needs(changed)) < before:
            return changed, words
    return None


def adaptation(plan: Plan) -> tuple[AdaptSettings, int]:
    """The numbers of the adaptation and how many photos it has; neighbours are taken to be large enough."""
    request = plan.request
    if request.adapt == "self":
        return adapt_settings(request, plan.device.type, [(request.photo.height, request.photo.width)]), 1
    photos = neighbour_count(request) if request.found is None else len(request.found.included)
    large = (TRAINING_LONG_SIDE, TRAINING_LONG_SIDE)
    return adapt_settings(request, plan.device.type, [large] * photos), photos


def held(photos: int) -> int:
    """How many of the photos are kept out of training."""
    return photos // holdout.EVERY if photos >= holdout.EVERY else photos


def part(plan: Plan, settings: AdaptSettings) -> int:
    """Pictures of a batch that are learnt from at once."""
    usual = 1 if isinstance(plan.prior, LatentPrior) else pixel_part(settings.crop)
    return min(settings.batch, at_once(usual, settings.batch, plan.device, plan.request.thrift.part))


def _savings(plan: Plan) -> Iterator[tuple[Thrift, str]]:
    """The changes in their order; words end the sentence "memory is short: "."""
    thrift, multiple = plan.request.thrift, plan.prior.multiple_of
    side = min(plan.tile_side, max(plan.grown)) // 2
    while plan.row.adapts and side >= SMALLEST_WINDOW:
        window = side // multiple * multiple
        if window >= SMALLEST_WINDOW:
            yield replace(thrift, window=window), f"the picture is made in windows of {window} pixels"
        side //= 2
    if not thrift.checkpointing:
        yield replace(thrift, checkpointing=True), "the network keeps less and computes more"
    if plan.request.adapt in ("neighbours", "self"):
        count = part(plan, adaptation(plan)[0])
        if count > 1:
            fewer = count // 2
            yield replace(thrift, part=fewer), f"pictures are learnt from {fewer} at a time"
    if plan.together(plan.request.samples) > 1:
        yield replace(thrift, singly=True), "the samples are made one after the other"
    if isinstance(plan.prior, LatentPrior) and on_card(plan.device) and not thrift.offload:
        yield replace(thrift, offload=True), "the parts of the model take turns on the device"


def _sample(plan: Plan) -> int:
    height, width = plan.grown
    together = plan.together(plan.request.samples)
    pictures = together * PICTURE * height * width
    if not isinstance(plan.prior, LatentPrior):
        pixels = together * plan.window_pixels
        return _weights(plan) + _overhead(plan, _line(plan).at(pixels)) + pictures
    latents = plan.window_pixels // plan.prior.factor**2
    guided = TOGETHER if plan.settings.guidance != 1 else 1
    unet = _overhead(plan, activations.predicting(plan.prior, plan.dtype).at(together * guided * latents))
    vae = _overhead(plan, activations.decoding(plan.prior).at(together * latents))
    own, its = _weights(plan), _vae(plan.prior)
    apart = max(own + unet, its + vae)
    return (apart if plan.request.thrift.offload else own + its + max(unet, vae)) + pictures


def _line(plan: Plan) -> activations.Line:
    if plan.row.goes_back:
        return activations.going_back(plan.prior, plan.dtype, checkpointing=plan.request.thrift.checkpointing)
    return activations.predicting(plan.prior, plan.dtype)


def _encode(plan: Plan) -> int:
    if not isinstance(plan.prior, LatentPrior):
        return 0
    window = (plan.tile_side // plan.prior.factor) ** 2
    return _vae(plan.prior) + _overhead(plan, activations.encoding(plan.prior).at(window))


def _learn(plan: Plan) -> int:
    settings, photos = adaptation(plan)
    prior, thrift = plan.prior, plan.request.thrift
    learning = activations.learning(prior, plan.dtype, checkpointing=thrift.checkpointing)
    learnt = LEARNT * activations.learnt(prior, settings.rank)
    if isinstance(prior, LatentPrior):
        places = (settings.crop // prior.factor) ** 2
        return _weights(plan) + learnt + _overhead(plan, learning.at(part(plan, settings) * places))
    size = plan.request.photo.height * plan.request.photo.width
    pictures = SHOT * (size if plan.request.adapt == "self" else photos * TRAINING_LONG_SIDE**2)
    train = learning.at(part(plan, settings) * settings.crop**2)
    asked = held(photos) * holdout.CROPS if settings.hold_out else 0
    judging = min(asked, thrift.part or asked)
    judged = activations.predicting(prior, plan.dtype).at(judging * settings.crop**2)
    master = sum(parameter.nbytes for parameter in prior.net.parameters())
    return master + learnt + _overhead(plan, max(train, judged)) + pictures


def _weights(plan: Plan) -> int:
    """Of the copy of the network that computes."""
    return plan.dtype.itemsize * sum(parameter.numel() for parameter in plan.prior.net.parameters())


def _vae(prior: LatentPrior) -> int:
    return int(torch.float32.itemsize * sum(each.numel() for each in prior.pipe.vae.parameters()))


def _overhead(plan: Plan, counted: int) -> int:
    return round(counted * OVERHEAD.get(plan.device.type, USUAL_OVERHEAD))
