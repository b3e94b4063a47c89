"""Every method through the program's own doors: settled, estimated, refused where it cannot work."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from adir_desktop.contract import PIXELS, Photo, Request
from adir_desktop.engine import pace_of_machine as pace
from adir_desktop.engine.estimate import estimate
from adir_desktop.engine.pace_of_machine import Speed
from adir_desktop.engine.plan import settle
from adir_desktop.engine.recipes import RECIPES
from adir_desktop.engine.samplers import SAMPLERS
from adir_desktop.errors import RequestError
from adir_desktop.tasks import degradation_for
from tests.engine.scenes import block, run, scene

PHOTO = Photo(scene(32, 40))
OF_PIXELS = [name for name, row in SAMPLERS.items() if row.family == PIXELS]  # see test_latent for the others
TASKS = {
    "upscale": degradation_for("upscale", scale=2),
    "deblur": degradation_for("deblur", kernel="gaussian:1", noise=5),
    "denoise": degradation_for("denoise", noise=25),
    "inpaint": degradation_for("inpaint", mask=block(32, 40, 8, 8, 10)),
    "colorize": degradation_for("colorize"),
}


@pytest.fixture(autouse=True)
def known_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_timed", lambda *_: Speed(0.01, 6e-6, 1e-11, 2e-8))


def requests_of(name: str) -> list[Request]:
    """One for each task that the method takes."""
    row = SAMPLERS[name]
    return [
        Request(PHOTO, task, degradation, sampler=name, precision="float32")
        for task, degradation in TASKS.items()
        if not row.supports(degradation)
    ]


@pytest.mark.parametrize("name", OF_PIXELS)
def test_every_recipe_has_numbers_for_it_and_what_it_costs_is_known(name: str) -> None:
    for request in requests_of(name):
        for recipe in RECIPES:
            told = estimate(replace(request, recipe=recipe))
            assert np.isfinite(told.seconds)
            assert told.seconds > 0
            assert told.memory > 0


@pytest.mark.parametrize("name", OF_PIXELS)
def test_a_settled_request_settles_to_itself(name: str) -> None:
    """So that a sidecar repeats the picture whatever becomes of the recipes."""
    for request in requests_of(name):
        once = settle(request)
        again = settle(once.request)
        assert again.settings == once.settings
        assert again.request.options == once.request.options


@pytest.mark.parametrize("name", OF_PIXELS)
def test_it_restores_a_photo_and_tells_the_truth_about_it(name: str) -> None:
    request = requests_of(name)[0]
    steps = min(settle(request).settings.steps, 4)
    done, events = run(replace(request, steps=steps))
    assert done.photo.pixels.min() >= 0
    assert np.isfinite(done.photo.pixels).all()
    progress = [event for event in events if getattr(event, "stage", "") == "sample"]
    assert progress[-1].done == progress[-1].total
    assert done.record["sampler"] == name
    assert np.isfinite(done.record["consistency"])


@pytest.mark.parametrize("name", OF_PIXELS)
def test_what_it_cannot_do_it_says(name: str) -> None:
    row = SAMPLERS[name]
    for task, degradation in TASKS.items():
        request = Request(PHOTO, task, degradation, sampler=name, precision="float32")
        if row.supports(degradation):
            with pytest.raises(RequestError, match=r"\w+") as refused:
                settle(request)
            assert refused.value.remedy
        elif not row.adapts:
            with pytest.raises(RequestError, match="does not use the diffusion model"):
                settle(replace(request, adapt="self"))


@pytest.mark.parametrize("name", OF_PIXELS)
def test_impossible_steps_are_refused(name: str) -> None:
    request = requests_of(name)[0]
    for steps in (0, SAMPLERS[name].most_steps + 1):
        with pytest.raises(RequestError, match="cannot be run"):
            settle(replace(request, steps=steps))


def test_guidance_for_a_method_without_is_refused() -> None:
    without = next(name for name, row in SAMPLERS.items() if not row.guidance)
    with pytest.raises(RequestError, match="has no guidance"):
        settle(replace(requests_of(without)[0], guidance=3.0))


@pytest.mark.parametrize("name", OF_PIXELS)
def test_another_seed_gives_another_picture_or_is_refused(name: str) -> None:
    steps = min(4, SAMPLERS[name].most_steps)
    request = replace(requests_of(name)[0], recipe="paper", steps=steps)  # the quick Dirac is one pass
    if not SAMPLERS[name].draws:
        with pytest.raises(RequestError, match="leaves nothing to chance"):
            settle(replace(request, samples=2))
    one, other = (run(replace(request, seed=seed))[0] for seed in (0, 1))
    same = np.array_equal(one.photo.pixels, other.photo.pixels)
    assert same != SAMPLERS[name].draws


def test_several_samples_are_drawn_even_where_the_usual_method_draws_none() -> None:
    request = Request(PHOTO, "denoise", TASKS["denoise"], precision="float32")
    assert settle(request).sampler == "pnp-admm"
    assert settle(replace(request, samples=3)).sampler == "diffpir"
