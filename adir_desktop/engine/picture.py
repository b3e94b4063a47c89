"""Between tensors and a person's pictures: progress with previews, the finished photo, training photos."""

from __future__ import annotations

import math
import time
from collections.abc import Generator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from adir_desktop.contract import Event, NeighbourSet, Notice, Photo, Pixels, Progress, Request
from adir_desktop.engine.operators import LinearOperator, restored_size
from adir_desktop.engine.photos import open_photo
from adir_desktop.engine.samplers import Trajectory
from adir_desktop.engine.tensors import network_sigma, to_pixels, to_preview
from adir_desktop.errors import AdirError, LibraryError

PREVIEW_EVERY = 0.2  # seconds
ROUNDING_STD = 0.29  # of 255: the error of rounding to 8 bits
TRAINING_LONG_SIDE = 1024  # pixels; larger photos are reduced, so that a crop shows more than a blur


@dataclass
class Report:
    """Turns a sampler's steps into progress events with an estimate of the time left."""

    stage: str
    operator: LinearOperator
    y: Tensor
    sigma: float
    request: Request

    def follow(self, trajectory: Trajectory, start: float) -> Generator[Event, None, Tensor]:
        """Runs the sampler to its end; returns its x."""
        shown = 0.0
        yield Progress(self.stage, 0, self.request.steps or 0)
        while True:
            try:
                sample = next(trajectory)
            except StopIteration as stop:
                result: Tensor = stop.value
                return result
            now = time.perf_counter() - start
            if now - shown < PREVIEW_EVERY and sample.step < sample.total:
                continue
            shown = now
            eta = now / sample.step * (sample.total - sample.step)
            consistency = self.consistency(sample.x0)
            preview = to_preview(self._cut(sample.x0))
            yield Progress(
                self.stage, sample.step, sample.total, now, eta, consistency=consistency, preview=preview
            )

    @torch.inference_mode()
    def consistency(self, x: Tensor) -> float:
        """|A x - y| / (sigma sqrt(m)), m the number of observed values; 1 is the noise floor."""
        floor = max(self.sigma, network_sigma(ROUNDING_STD))
        return float((self.operator.forward(x) - self.y).norm()) / (floor * math.sqrt(self._seen))

    @cached_property
    def _seen(self) -> float:
        """How many values were observed: A 1 is 1 where the photo shows something."""
        ones = self.y.new_ones(1, *self.operator.in_shape)
        return float(self.operator.forward(ones).sum())

    def _cut(self, x: Tensor) -> Tensor:
        photo = self.request.photo
        height, width = restored_size(self.request.degradation, photo.height, photo.width)
        return x[..., :height, :width]


def finish(x: Tensor, request: Request) -> Photo:
    """The restored photo: cut to size, with the file knowledge of the original.

    Where holes are the only fault, every pixel outside the mask is the original's own, bit for bit.
    """
    photo, degradation = request.photo, request.degradation
    height, width = restored_size(degradation, photo.height, photo.width)
    pixels = to_pixels(x[..., :height, :width])
    if [step.kind for step in degradation.steps] == ["mask"] and degradation.noise_std == 0:
        assert degradation.mask is not None
        pixels = np.where(degradation.mask[..., None], pixels, photo.pixels)
    coloured = "grey" in [step.kind for step in degradation.steps]
    return replace(
        photo,
        pixels=pixels,
        alpha=_resized(photo.alpha, height, width),
        grey=False if coloured else photo.grey,
    )


def _resized(alpha: Pixels | None, height: int, width: int) -> Pixels | None:
    if alpha is None or alpha.shape == (height, width):
        return alpha
    enlarged = Image.fromarray(alpha, mode="F").resize((width, height), Image.Resampling.BICUBIC)
    return np.clip(np.asarray(enlarged, dtype=np.float32), 0, 1)


def neighbour_pixels(neighbours: NeighbourSet) -> Generator[Event, None, list[Pixels]]:
    """The included neighbours' pixels; a file that cannot be read any more is left out, and said.

    Raises:
        LibraryError: none of them can be read.
    """
    photos: list[Pixels] = []
    for neighbour in neighbours.included:
        try:
            photos.append(_reduced(open_photo(neighbour.path).pixels))
        except AdirError as error:
            yield Notice(f"A similar photo was left out: {error.problem}", error.remedy)
    if not photos:
        raise LibraryError(
            "None of the similar photos can be read.", "Update the library: adir library update"
        )
    return photos


def _reduced(pixels: Pixels) -> Pixels:
    longest = max(pixels.shape[:2])
    if longest <= TRAINING_LONG_SIDE:
        return pixels
    height, width = (round(n * TRAINING_LONG_SIDE / longest) for n in pixels.shape[:2])
    channels = [
        np.asarray(Image.fromarray(pixels[..., c], mode="F").resize((width, height), Image.Resampling.BOX))
        for c in range(3)
    ]
    return np.stack(channels, axis=-1)
