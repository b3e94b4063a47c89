"""Between tensors and a person's pictures: progress with previews, the finished photo, training photos."""

from __future__ import annotations

from collections.abc import Generator
from contextvars import ContextVar
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import distance_transform_edt
from torch import Tensor

from adir_desktop.contract import Event, NeighbourSet, Notice, Photo, Pixels, Progress, Request
from adir_desktop.engine.maps import Observation
from adir_desktop.engine.operators import restored_size
from adir_desktop.engine.photos import open_photo
from adir_desktop.engine.samplers import Sample, Trajectory
from adir_desktop.engine.tensors import to_pixels, to_preview
from adir_desktop.errors import AdirError, LibraryError
from adir_desktop.interrupt import Finishing, check, clock, finishing, finishing_when

PREVIEW_EVERY = 0.2  # seconds
preview_every: ContextVar[float] = ContextVar("preview_every")  # set to 0 where every step is looked at
TRAINING_LONG_SIDE = 1024  # pixels; larger photos are reduced, so that a crop shows more than a blur


@dataclass
class Report:
    """Turns a sampler's steps into progress events with an estimate of the time left.

    steps: of one sample. index: of `count` samples so many are done. together: so many are made now.
    start: of the first, on the clock of work.
    """

    stage: str
    observation: Observation
    request: Request
    steps: int
    index: int
    together: int
    count: int
    start: float
    complete: bool = False
    _step: int = 0
    _shown: float = 0.0

    def follow(self, trajectory: Trajectory) -> Generator[Event, None, Tensor]:
        """Runs the sampler to its end and returns its x; asked to finish early, the last x0 instead.

        Raises:
            Finishing: there is no x0 yet.
        """
        best: Sample | None = None
        yield Progress(self.stage, self.index * self.steps, self.count * self.steps)
        while True:
            try:
                sample = next(trajectory)
                best, self._step, self.steps = sample, sample.step, sample.total
                if finishing() and sample.step < sample.total:
                    return _picture(best)
                told = self._told(sample)
            except StopIteration as stop:
                self.complete = True
                result: Tensor = stop.value
                return result
            except Finishing:
                if best is None:
                    raise
                return _picture(best)
            if told is not None:
                yield told

    @property
    def stopped_at(self) -> dict[str, int | str]:
        """Where it ended, for the record."""
        where: dict[str, int | str] = {"stage": self.stage, "step": self._step, "total": self.steps}
        return where | ({"sample": self.index + 1, "samples": self.count} if self.count > 1 else {})

    def _told(self, sample: Sample) -> Progress | None:
        """The event of a step, None where the last one was a moment ago."""
        now = clock() - self.start
        if now - self._shown < preview_every.get(PREVIEW_EVERY) and sample.step < sample.total:
            return None
        self._shown = now
        done = self.index * sample.total + self.together * sample.step
        total, first = self.count * sample.total, sample.x0[:1]
        return Progress(
            self.stage,
            done,
            total,
            now,
            eta=now / done * (total - done),
            consistency=self.observation.consistency(first) if sample.whole is None else None,
            preview=to_preview(self._cut(first)),
        )

    def _cut(self, x: Tensor) -> Tensor:
        photo = self.request.photo
        height, width = restored_size(self.request.degradation, photo.height, photo.width)
        return x[..., :height, :width]


def _picture(sample: Sample) -> Tensor:
    """What is kept of an early end; making it is not to be ended early, too."""
    with finishing_when(lambda: False):
        return sample.picture()


def finish(x: Tensor, request: Request) -> Photo:
    """The restored photo: cut to size, with the file knowledge of the original.

    Where holes are the only fault, every pixel outside the mask is the original's own, bit for bit.
    """
    photo, degradation = request.photo, request.degradation
    height, width = restored_size(degradation, photo.height, photo.width)
    pixels = to_pixels(x[..., :height, :width])
    share = repaired_share(request)
    if share is not None:  # a share of 0 or 1 changes no bit
        pixels = share[..., None] * pixels + (1 - share[..., None]) * photo.pixels
    coloured = "grey" in [step.kind for step in degradation.steps]
    return replace(
        photo,
        pixels=pixels,
        alpha=_resized(photo.alpha, height, width),
        grey=False if coloured else photo.grey,
    )


def cut_spread(spread: Pixels | None, request: Request) -> Pixels | None:
    """The samples' spread (H, W), cut to size; what the photo itself shows does not vary."""
    if spread is None:
        return None
    height, width = restored_size(request.degradation, request.photo.height, request.photo.width)
    share = repaired_share(request)
    cut = spread[:height, :width]
    return np.ascontiguousarray(cut if share is None else share * cut)


def repaired_share(request: Request) -> Pixels | None:
    """(h, w) in [0, 1]: how much of each pixel is the repair's; None where the whole picture is new.

    0 outside the mask. Inside it rises with the distance to the mask's edge over `feather` pixels to 1.
    """
    degradation = request.degradation
    if [step.kind for step in degradation.steps] != ["mask"] or degradation.noise_std > 0:
        return None
    assert degradation.mask is not None
    share = degradation.mask.astype(np.float32)
    if request.feather <= 0:
        return share
    rows, columns = (_extent(np.logical_or.reduce(degradation.mask, axis)) for axis in (1, 0))
    inside = distance_transform_edt(degradation.mask[rows, columns])
    share[rows, columns] = np.clip(inside / (request.feather + 1), 0, 1)
    return share


def _extent(occupied: NDArray[np.bool_]) -> slice:
    """The stretch that holds every True, and one more at either end where there is one."""
    places = np.flatnonzero(occupied)
    return slice(max(0, int(places[0]) - 1), int(places[-1]) + 2)


def _resized(alpha: Pixels | None, height: int, width: int) -> Pixels | None:
    if alpha is None or alpha.shape == (height, width):
        return alpha
    enlarged = Image.fromarray(alpha, mode="F").resize((width, height), Image.Resampling.BICUBIC)
    return np.clip(np.asarray(enlarged, dtype=np.float32), 0, 1)


def neighbour_pixels(neighbours: NeighbourSet) -> Generator[Event, None, tuple[list[Pixels], list[float]]]:
    """The included neighbours' pixels and weights; a file that cannot be read any more is left out, and
    said.

    Raises:
        LibraryError: none of them can be read.
    """
    photos: list[Pixels] = []
    weights: list[float] = []
    for neighbour in neighbours.included:
        check()
        try:
            photos.append(_reduced(open_photo(neighbour.path).pixels))
            weights.append(neighbour.weight)
        except AdirError as error:
            yield Notice(f"A similar photo was left out: {error.problem}", error.remedy)
    if not photos:
        raise LibraryError("None of the similar photos can be read.", "Update the library, or choose others.")
    return photos, weights


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
