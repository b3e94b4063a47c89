"""A request with everything settled: refused early where it cannot be done."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import torch

from adir_desktop.contract import LATENT_INPAINT, PIXELS, Request, Thrift
from adir_desktop.engine.boxes import boxes
from adir_desktop.engine.device import pick_device
from adir_desktop.engine.maps import Observation
from adir_desktop.engine.operators import build_operator, restored_size
from adir_desktop.engine.preset_mixing import check_strengths
from adir_desktop.engine.priors import (
    LatentPrior,
    Prior,
    family,
    load_prior,
    offered,
    pick_precision,
    settled_name,
)
from adir_desktop.engine.recipes import sampling_settings
from adir_desktop.engine.samplers import SamplerRow, Settings, find_sampler
from adir_desktop.engine.single_pass import full_name
from adir_desktop.engine.tiles import windows
from adir_desktop.errors import ModelError, PresetError, RequestError

TILE_SIDE = {"cpu": 512, "cuda": 1024, "mps": 768}  # a window is one answer to "stop": under a second
MOST_SAMPLES = 100
WIDEST_FEATHER = 200.0  # pixels
SMALLEST_WINDOW = 128  # pixels a side: twice the overlap


@dataclass(frozen=True)
class Plan:
    """A request with everything settled, and what it computes with. evaluations: of the network, for
    one sample.
    """

    request: Request
    prior: Prior
    device: torch.device
    dtype: torch.dtype
    sampler: str
    settings: Settings

    @property
    def row(self) -> SamplerRow:
        return find_sampler(self.sampler)

    @property
    def evaluations(self) -> int:
        return self.row.evaluations(self.settings)

    def together(self, count: int) -> int:
        """How many of `count` samples go through the network at once: as many as fill a window."""
        if not self.row.batches or self.request.thrift.singly:
            return 1
        photo, degradation = self.request.photo, self.request.degradation
        height, width = restored_size(degradation, photo.height, photo.width)
        return max(1, min(count, self.tile_side**2 // (height * width)))

    @property
    def tile_side(self) -> int:
        """Pixels a side of a window; half where a step goes back through the network, for time and memory."""
        side = TILE_SIDE[self.device.type]
        return self.request.thrift.window or (side // 2 if self.row.goes_back else side)

    @property
    def grown(self) -> tuple[int, int]:
        """The size (H, W) that the network sees."""
        photo, multiple = self.request.photo, self.prior.multiple_of
        height, width = restored_size(self.request.degradation, photo.height, photo.width)
        return -(-height // multiple) * multiple, -(-width // multiple) * multiple

    @property
    def window_pixels(self) -> int:
        """Pixels of each window that the picture is cut into."""
        if isinstance(self.prior, LatentPrior) and self.row.family == LATENT_INPAINT:
            return min(self.prior.native, self.tile_side) ** 2
        return math.prod(size for size, _ in self._cut())

    def window_count(self) -> int:
        """How many there are; of a large mask this takes a moment."""
        if isinstance(self.prior, LatentPrior) and self.row.family == LATENT_INPAINT:
            mask = self.request.degradation.mask
            return 0 if mask is None else len(boxes(mask, self.prior.native))
        return math.prod(len(starts) for _, starts in self._cut())

    def _cut(self) -> list[tuple[int, list[int]]]:
        return [windows(n, self.tile_side, self.prior.multiple_of) for n in self.grown]


def settle(request: Request) -> Plan:
    """Chooses what the request left open.

    Raises:
        AdirError: what cannot be done, said before minutes of work.
    """
    device = pick_device(request.device)
    request = replace(request, prior=_prior_for(request))
    sampler, settings = sampling_settings(request)
    _check(request)
    row = find_sampler(sampler)
    _check_method(request, row)
    prior = load_prior(request.prior)
    _check_thrift(request.thrift, prior.multiple_of)
    dtype = pick_precision(request.precision, device)
    settled = replace(
        request,
        prior=settled_name(request.prior),
        device=device.type,
        precision=str(dtype).removeprefix("torch."),
        sampler=full_name(sampler),
        steps=settings.steps,
        guidance=settings.guidance,
        options={option.name: getattr(settings, option.name) for option in row.options},
    )
    return Plan(settled, prior, device, dtype, sampler, settings)


def observe(plan: Plan) -> Observation:
    """The operator of the request's degradation, and what it says about the photo.

    Raises:
        RequestError, MaskError: the degradation does not fit the photo.
    """
    photo, degradation = plan.request.photo, plan.request.degradation
    operator = build_operator(
        degradation, photo.height, photo.width, multiple_of=plan.prior.multiple_of, device=plan.device
    )
    return Observation.of(photo, degradation, operator, plan.device)


def _prior_for(request: Request) -> str:
    """The prior of a request. Words are for those that read: editing takes the first one that is installed.

    Raises:
        RequestError: there is none, or a prior that does not read was given words.
    """
    reads = family(request.prior) != PIXELS
    if request.task == "edit" and not request.prompt.strip():
        raise RequestError("Editing needs words.", "Say what the marked part should show.")
    if request.task == "edit" and not reads:
        able = [name for name, row in offered().items() if row.family == LATENT_INPAINT]
        if not able:
            raise ModelError(
                "Editing by words needs a Stable Diffusion inpainting model, and none is installed.",
                "Get one in the models window, or with: adir models fetch stable-diffusion-inpainting",
            )
        return able[0]
    if (request.prompt or request.negative_prompt) and not reads:
        raise RequestError(
            f"The prior '{request.prior}' does not read words.",
            "Leave them out, or choose a Stable Diffusion model.",
        )
    return request.prior


def _check_method(request: Request, row: SamplerRow) -> None:
    reason = row.supports(request.degradation)
    if reason:
        other = "method, such as DiffPIR" if row.family == PIXELS else "model, such as the starter"
        raise RequestError(reason, f"Choose another {other}.")
    if request.adapt != "none" and not row.adapts:
        raise RequestError(
            f"{row.title} does not use the diffusion model, so adapting it changes nothing.",
            "Restore without adapting, or choose another method.",
        )
    if request.samples > 1 and not row.draws:
        raise RequestError(
            f"{row.title} leaves nothing to chance: all samples would be the same.",
            "Make one, or choose another method, such as DiffPIR.",
        )


def _check_thrift(thrift: Thrift, multiple_of: int) -> None:
    fits = thrift.window >= SMALLEST_WINDOW and thrift.window % multiple_of == 0
    if thrift.part < 0 or (thrift.window and not fits):
        raise RequestError(
            f"Windows of {thrift.window} pixels or parts of {thrift.part} pictures cannot be used.",
            "Leave them to the program.",
        )


def _check(request: Request) -> None:
    if request.adapt == "neighbours" and not request.sources and request.found is None:
        raise RequestError(
            "Adapting to similar photos needs a photo library.",
            "Add a folder of photos, or restore without adapting.",
        )
    check_strengths(request.presets)
    if request.adapt == "preset" and not request.presets:
        raise PresetError("No preset was chosen.", "Choose one, or restore without adapting.")
    if not 1 <= request.samples <= MOST_SAMPLES:
        raise RequestError(
            f"{request.samples} samples cannot be made.", f"Choose 1 to {MOST_SAMPLES} of them."
        )
    if not (math.isfinite(request.feather) and 0 <= request.feather <= WIDEST_FEATHER):
        raise RequestError(
            f"A feather of {request.feather} pixels cannot be used.",
            f"Choose 0 to {WIDEST_FEATHER:.0f} pixels.",
        )
