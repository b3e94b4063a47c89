"""From a request to a restoration: retrieve, adapt, sample. It reads as the method does."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import torch

from adir_desktop.contract import (
    AdaptedPreset,
    Event,
    Found,
    NeighbourSet,
    Notice,
    Photo,
    Pixels,
    Progress,
    Request,
    Restoration,
)
from adir_desktop.engine import estimate, presets, retrieve
from adir_desktop.engine.adapt import AdaptSettings, adapt
from adir_desktop.engine.encoder import as_image
from adir_desktop.engine.events import changed
from adir_desktop.engine.fallbacks import Ladder
from adir_desktop.engine.glimpse import thumbnail_of
from adir_desktop.engine.holdout import Judge
from adir_desktop.engine.latent_lessons import latent_lessons
from adir_desktop.engine.lessons import Lessons
from adir_desktop.engine.library import ensure
from adir_desktop.engine.maps import Observation
from adir_desktop.engine.picture import cut_spread, finish, neighbour_pixels
from adir_desktop.engine.plan import Plan, observe
from adir_desktop.engine.priors import LatentPrior, settled_name
from adir_desktop.engine.recipes import adapt_settings, neighbour_count
from adir_desktop.engine.record import Stopwatch, make_record
from adir_desktop.engine.samples import Drawn, Gathered, draw, sampling_denoiser
from adir_desktop.engine.training import Course
from adir_desktop.engine.trial import rehearsal
from adir_desktop.errors import LibraryError, MemoryShort, PresetError
from adir_desktop.interrupt import Finishing, check, finishing_when
from adir_desktop.searches import Search

T = TypeVar("T")


def restore(request: Request) -> Generator[Event, None, Restoration]:
    """Restores the photo of a request; events tell how far it is, the return value is the result.

    Retrieval and adaptation come first where asked for, then sampling with the LoRA merged into the
    weights, and, as the baseline, once more from the same seed without it. Asked to finish early
    (`interrupt.finishing_when`) it ends with the best picture so far.

    Raises:
        AdirError: anything that cannot be done, said before minutes of work where it can be known.
        Interrupted: the person asked to stop, or to finish before there was a picture.
    """
    watch = Stopwatch()
    large = (
        settled_name(request.prior) != Request.prior or request.task == "edit"
    )  # gigabytes: half a minute and more
    if large:
        yield Progress("load", 0, 1)
    ladder = Ladder(request)
    if large:
        yield Progress("load", 1, 1)
    yield from ladder.fit()
    sight = Sight()
    yield from ladder.work("prepare", sight.prepared)
    watch.lap("prepare")
    preset = yield from _adapted(ladder, watch)
    gathered = Gathered(several=request.samples > 1, average=request.average)
    drawn = yield from ladder.work("sample", lambda plan: _sampled(plan, sight, preset, gathered, watch))
    if drawn.stopped_at:
        yield _stopped(drawn, request.samples)
    photo = finish(drawn.x, ladder.plan.request)
    watch.lap("sample")
    baseline = None
    if request.baseline and preset is not None and not drawn.stopped_at:
        baseline = yield from _baseline(ladder, sight)
        watch.lap("baseline")
    consistency, agreement = yield from ladder.work("measure", lambda plan: _measured(plan, sight, drawn))
    plan = ladder.plan
    record = make_record(plan, drawn, consistency, watch, preset)
    estimate.learn(plan, record)
    spread = cut_spread(drawn.spread, plan.request)
    return Restoration(
        photo, plan.request, record, watch.total, baseline, preset, agreement=agreement, spread=spread
    )


class Sight:
    """What was observed, made once for a device."""

    def __init__(self) -> None:
        self._device: torch.device | None = None
        self._made: Observation | None = None

    def on(self, plan: Plan) -> Observation:
        """The observation where the plan computes."""
        if self._made is None or self._device != plan.device:
            self._made = None  # there may not be room for both
            self._made, self._device = observe(plan), plan.device
        return self._made

    def prepared(self, plan: Plan) -> Generator[Event, None, None]:
        """As a stage of its own."""
        yield from ()
        self.on(plan)


def _sampled(
    plan: Plan, sight: Sight, preset: AdaptedPreset | None, gathered: Gathered, watch: Stopwatch
) -> Generator[Event, None, Drawn]:
    """The picture, or several; those in `gathered` are there already."""
    request = plan.request
    observation = sight.on(plan)
    denoiser = sampling_denoiser(plan, preset)
    watch.lap("merge")
    return (
        yield from draw(
            "sample",
            plan,
            observation,
            denoiser,
            count=request.samples,
            average=request.average,
            gathered=gathered,
        )
    )


def _measured(plan: Plan, sight: Sight, drawn: Drawn) -> Generator[Event, None, tuple[float, Pixels]]:
    """How well the result agrees with the photo; a finished picture is measured to the end."""
    yield from ()
    with finishing_when(lambda: False):
        observation, x = sight.on(plan), drawn.x.to(plan.device)
        return observation.consistency(x), observation.agreement(x)


def _adapted(ladder: Ladder, watch: Stopwatch) -> Generator[Event, None, AdaptedPreset | None]:
    """The preset to sample with: none, one from a file, or one adapted now."""
    request = ladder.plan.request
    if request.adapt == "none":
        return None
    if request.adapt == "preset":
        return _loaded(ladder.plan)
    neighbours = None
    weights = None
    if request.adapt == "neighbours":
        neighbours = yield from _stoppable(_neighbours(request))
        watch.lap("retrieve")
        photos, weights = yield from neighbour_pixels(neighbours)
    else:
        photos = [request.photo.pixels]
    course = Course()
    preset = yield from ladder.work("adapt", lambda plan: _learnt(plan, course, photos, weights, neighbours))
    watch.lap("adapt")
    return preset


def _learnt(
    plan: Plan,
    course: Course,
    photos: Sequence[Pixels],
    weights: Sequence[float] | None,
    neighbours: NeighbourSet | None,
) -> Generator[Event, None, AdaptedPreset]:
    """A preset adapted to the photos, on from where an earlier try of the course had come to."""
    request = plan.request
    settings = adapt_settings(request, plan.device.type, [(p.shape[0], p.shape[1]) for p in photos])
    course.turn_to((settings, plan.device, plan.dtype))
    judge, course.lessons = yield from _taught(plan, course, photos, settings, weights)
    adapted = yield from adapt(
        plan.prior,
        photos,
        settings,
        seed=request.seed,
        device=plan.device,
        dtype=plan.dtype,
        judge=judge,
        weights=weights,
        lessons=course.lessons,
        part=request.thrift.part,
        checkpointing=request.thrift.checkpointing,
        course=course,
    )
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
        training=adapted.training | ({"prompt": request.prompt} if request.prompt else {}),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        thumbnail=thumbnail_of(as_image(request.photo)),
    )


def _taught(
    plan: Plan,
    course: Course,
    photos: Sequence[Pixels],
    settings: AdaptSettings,
    weights: Sequence[float] | None,
) -> Generator[Event, None, tuple[Judge | None, Lessons | None]]:
    """What a network learns from where that is not the photos' pixels, and who says whether it helped."""
    request = plan.request
    if not isinstance(plan.prior, LatentPrior):
        return rehearsal(
            request.degradation, plan.sampler, plan.settings, plan.prior, plan.device, plan.dtype
        ), None
    if course.lessons is not None:
        return None, course.lessons
    lessons = yield from _stoppable(
        latent_lessons(
            plan.prior,
            photos,
            settings,
            weights,
            request.degradation,
            request.prompt,
            noise_level=getattr(plan.settings, "noise_level", 0),
            seed=request.seed,
            device=plan.device,
            window=plan.tile_side,
        )
    )
    return None, lessons


def _loaded(plan: Plan) -> AdaptedPreset:
    preset = presets.load_applied(plan.request.presets)
    if preset.prior_sha256 != plan.prior.sha256:
        raise PresetError(
            f"The preset '{preset.name}' was made for other weights than '{plan.prior.name}'.",
            f"Use it with the prior '{preset.prior}' it was adapted from.",
        )
    return preset


def _neighbours(request: Request) -> Generator[Event, None, NeighbourSet]:
    """The photos to adapt to: chosen beforehand, or found now."""
    found = request.found
    if found is None:
        sources = []
        for source in request.sources:
            name = yield from ensure(source.library)
            sources.append(replace(source, library=name))
        damaged = Search(request.photo, degradation=request.degradation)
        query = request.prompt if request.task == "edit" else damaged  # the paper's xi_l and xi_v
        found = yield from retrieve.find(query, sources, neighbour_count(request), request.filters)
        yield Found(found)
    if not found.included:
        raise LibraryError("No similar photo is switched on.", "Switch some on, or restore without adapting.")
    return found


def _stoppable(work: Generator[Event, None, T]) -> Generator[Event, None, T]:
    """The same work, which also ends where its events are made: there is no picture to keep yet."""

    def stoppable(event: Event) -> Event:
        check()
        return event

    return changed(work, stoppable)


def _baseline(ladder: Ladder, sight: Sight) -> Generator[Event, None, Photo | None]:
    """The picture of the same seed without adaptation; None where the person did not wait for it, or where
    memory does not allow it.
    """

    def work(plan: Plan) -> Generator[Event, None, Drawn]:
        denoiser = sampling_denoiser(plan, None)
        return (yield from draw("baseline", plan, sight.on(plan), denoiser, count=1, average=False))

    drawn, plan = None, ladder.plan
    try:
        drawn = yield from ladder.work("sample", work)
    except Finishing:  # at once: nothing of it is there
        pass
    except MemoryShort as error:
        yield Notice(f"The comparison without adapting was left out: {error.problem}", error.remedy)
        return None
    finally:
        ladder.plan = plan  # by which the picture itself was made
    if drawn is not None and not drawn.stopped_at:
        return finish(drawn.x, plan.request)
    yield Notice("Stopped early: the comparison without adapting was left out.")
    return None


def _stopped(drawn: Drawn, wanted: int) -> Notice:
    assert drawn.stopped_at is not None
    if drawn.stopped_at.get("sample", 1) != 1:
        return Notice(f"Stopped after {drawn.count} of {wanted} samples: the result is of these.")
    step, total = drawn.stopped_at["step"], drawn.stopped_at["total"]
    return Notice(f"Stopped at step {step} of {total}: this is the best picture so far.")
