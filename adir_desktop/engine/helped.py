"""Did adapting help? Similar photos that the preset has not seen are damaged, and restored with and without."""

from __future__ import annotations

import math
import statistics
from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np

from adir_desktop.contract import (
    AdaptedPreset,
    Degradation,
    Event,
    Helped,
    Mask,
    Neighbour,
    NeighbourSet,
    Photo,
    Pixels,
    Progress,
    Request,
)
from adir_desktop.engine import presets, retrieve
from adir_desktop.engine.degrade import degrade
from adir_desktop.engine.events import changed
from adir_desktop.engine.metrics import psnr
from adir_desktop.engine.operators import restored_size
from adir_desktop.engine.picture import finish, neighbour_pixels
from adir_desktop.engine.plan import Plan, observe, settle
from adir_desktop.engine.samples import Drawn, draw, sampling_denoiser
from adir_desktop.errors import LibraryError, PresetError
from adir_desktop.interrupt import clock
from adir_desktop.searches import Search

PHOTOS = 6
FEWEST = 2  # photos: of one alone no spread can be told
SIDE = 256  # pixels of each photo's middle that are restored
VISIBLE = 0.05  # dB: nobody sees less


def did_it_help(
    request: Request, preset: AdaptedPreset | None, photos: int = PHOTOS
) -> Generator[Event, None, Helped]:
    """Damages up to `photos` similar photos as the person's photo was, restores each from one seed with the
    preset and without, and compares both with what they were.

    request: as the restoration was made. The photos are the next most similar ones of its libraries that
    the preset was not adapted to.

    Raises:
        PresetError: nothing was adapted, or for other weights.
        LibraryError: there are not enough photos left to ask.
    """
    preset = preset or _preset_of(request)
    unseen = yield from _unseen(request, preset, photos)
    pixels, _ = yield from neighbour_pixels(unseen)
    trials = [trial for trial in (_trial(request, each, i) for i, each in enumerate(pixels)) if trial]
    if len(trials) < FEWEST:
        raise LibraryError(
            "There are too few similar photos that the preset has not seen.",
            "Add more photos to the library, or adapt to fewer of them.",
        )
    gains = yield from _gains(trials, preset)
    mean = statistics.fmean(gains)
    error = statistics.stdev(gains) / math.sqrt(len(gains))
    return Helped(tuple(round(gain, 3) for gain in gains), mean, error, *_advice(mean, error))


@dataclass(frozen=True, eq=False)
class _Trial:
    """A photo as it was, and how to restore it from the damage."""

    clean: Photo
    plan: Plan


def _preset_of(request: Request) -> AdaptedPreset:
    if request.adapt != "preset" or not request.presets:
        raise PresetError("Nothing was adapted for this picture.", "Restore it with adapting first.")
    return presets.load_applied(request.presets)


def _unseen(request: Request, preset: AdaptedPreset, photos: int) -> Generator[Event, None, NeighbourSet]:
    """The photos nearest to the request's that the preset was not adapted to."""
    known = {neighbour.id for neighbour in preset.neighbours}
    found: list[Neighbour] = []
    if request.sources:
        damaged = Search(request.photo, degradation=request.degradation)
        wanted = len(known) + photos
        nearest = yield from retrieve.find(damaged, request.sources, wanted, request.filters)
        found = [neighbour for neighbour in nearest.items if neighbour.id not in known]
    elif request.found is not None:
        found = [neighbour for neighbour in request.found.items if neighbour.id not in known]
    if len(found) < FEWEST:
        raise LibraryError(
            "There are too few similar photos that the preset has not seen.",
            "Add more photos to the library, or adapt to fewer of them.",
        )
    items = tuple(replace(neighbour, included=True) for neighbour in found[:photos])
    return NeighbourSet("", "", "", items)


def _trial(request: Request, pixels: Pixels, seed: int) -> _Trial | None:
    """None of a photo too small to be damaged so."""
    factor = restored_size(request.degradation, 1, 1)[0]
    side = min(SIDE, *pixels.shape[:2]) // factor * factor
    if side < 2 * factor:
        return None
    top, left = ((n - side) // 2 for n in pixels.shape[:2])
    clean = Photo(np.ascontiguousarray(pixels[top : top + side, left : left + side]))
    damage = _damage_of(request.degradation, side // factor)
    seen = degrade(clean, damage, seed)
    observed = replace(
        seen, pixels=(np.rint(seen.pixels * 255) / 255).astype(np.float32)
    )  # as a file holds it
    plan = settle(
        replace(
            request,
            photo=observed,
            degradation=damage,
            seed=seed,
            adapt="none",
            sources=(),
            found=None,
            presets=(),
            samples=1,
            average=False,
            baseline=False,
            feather=0.0,
        )
    )
    return _Trial(clean, plan)


def _damage_of(degradation: Degradation, side: int) -> Degradation:
    """The same faults on a square; of the mask the part with the most holes."""
    if degradation.mask is None:
        return degradation
    return replace(degradation, mask=_busiest(degradation.mask, side))


def _busiest(mask: Mask, side: int) -> Mask:
    """The (side, side) window with the most True, but at most half of it where there is such a one."""
    grown = np.pad(mask, [(0, max(0, side - n)) for n in mask.shape])
    sums = np.pad(grown.cumsum(0, dtype=np.int64).cumsum(1), ((1, 0), (1, 0)))
    counts = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    most = np.where(counts <= side * side // 2, counts, -counts)
    top, left = np.unravel_index(int(most.argmax()), most.shape)
    return np.ascontiguousarray(grown[top : top + side, left : left + side])


def _gains(trials: list[_Trial], preset: AdaptedPreset) -> Generator[Event, None, list[float]]:
    """PSNR in dB with the preset minus without, for each trial."""
    start = clock()
    first = trials[0].plan
    networks = [sampling_denoiser(first, preset), sampling_denoiser(first, None)]
    gains, runs = [], 2 * len(trials)
    for number, trial in enumerate(trials):
        scores = []
        for adapted, network in enumerate(networks):
            drawn = draw("helped", trial.plan, observe(trial.plan), network, count=1, average=False)
            result = yield from _overall(drawn, 2 * number + adapted, runs, start)
            scores.append(psnr(finish(result.x, trial.plan.request), trial.clean))
        gains.append(scores[0] - scores[1])
    return gains


def _overall(
    events: Generator[Event, None, Drawn], done: int, runs: int, start: float
) -> Generator[Event, None, Drawn]:
    """The progress of one run as a part of all of them."""

    def part(event: Event) -> Event | None:
        if not isinstance(event, Progress):
            return None
        share = (done + event.done / max(event.total, 1)) / runs
        seconds = clock() - start
        eta = seconds / share * (1 - share) if share else None
        return Progress("helped", round(1000 * share), 1000, seconds, eta)

    return changed(events, part)


def _advice(mean: float, error: float) -> tuple[str, str]:
    """What it means, and what to do."""
    if mean - error > VISIBLE:
        return "Adapting helps on photos like this one.", "Keep what was adapted for the rest of them."
    if mean + error < -VISIBLE:
        return "Adapting harms on photos like this one.", "Restore without adapting, or choose other photos."
    return "Adapting makes no difference to be seen here.", "Restore without adapting: it is faster."
