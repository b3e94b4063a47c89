"""Stop keeps the best picture so far; before there is one it ends like any stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from adir_desktop.contract import Event, Notice, Photo, Progress, Request, Restoration, Source
from adir_desktop.engine import plan as plans
from adir_desktop.engine.plan import Plan
from adir_desktop.engine.priors.base import Prediction
from adir_desktop.engine.priors.unet import UNetPrior
from adir_desktop.engine.restore import restore
from adir_desktop.interrupt import Interrupted, check, finishing, finishing_when, stopping_when
from adir_desktop.tasks import degradation_for
from tests.engine.scenes import run, scene

CLEAN = Request(
    Photo(scene(32, 24)), "denoise", degradation_for("denoise"), steps=9, precision="float32", seed=2
)


def finish_at(request: Request, when: Callable[[Event], bool]) -> tuple[Restoration, list[Event]]:
    """Asks to finish as soon as an event is as wanted."""
    events: list[Event] = []
    asked = False
    with finishing_when(lambda: asked):
        work = restore(request)
        while True:
            try:
                events.append(next(work))
            except StopIteration as stop:
                return stop.value, events
            asked = asked or when(events[-1])


def at(stage: str, done: int) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, Progress) and (event.stage, event.done) == (stage, done)


@pytest.fixture(autouse=True)
def every_step_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adir_desktop.engine.picture.PREVIEW_EVERY", 0.0)
    monkeypatch.setattr("adir_desktop.engine.adapt.REPORT_EVERY", 0.0)


@pytest.mark.parametrize("sampler", ["diffpir", "adir"])
def test_sampling_ends_with_the_picture_of_its_last_step(sampler: str) -> None:
    done, events = finish_at(replace(CLEAN, sampler=sampler), at("sample", 4))
    previews = [e.preview for e in events if isinstance(e, Progress) and e.preview is not None]
    assert np.array_equal(np.round(done.photo.pixels * 255), previews[-1])
    assert done.record["stopped_at"] == {"stage": "sample", "step": 4, "total": 9}
    assert [e.message for e in events if isinstance(e, Notice)] == [
        "Stopped at step 4 of 9: this is the best picture so far."
    ]
    assert done.agreement is not None
    whole, _ = run(replace(CLEAN, sampler=sampler))
    assert "stopped_at" not in whole.record
    assert not np.array_equal(whole.photo.pixels, done.photo.pixels)


def test_the_wish_is_heard_after_a_step_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked while the network was at step 3: that step's picture is the one."""
    steps: list[int] = []
    predict = UNetPrior.predict

    def counted(self: UNetPrior, x_t: Tensor, t: int) -> Prediction:
        steps.append(t)
        return predict(self, x_t, t)

    monkeypatch.setattr(UNetPrior, "predict", counted)
    with finishing_when(lambda: len(steps) >= 3):
        done, _ = run(CLEAN)
    assert done.record["stopped_at"]["step"] == 3
    assert len(steps) == 3


def test_inside_a_large_photo_the_step_before_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two windows of step 3: what step 2 gave is there within the second."""
    monkeypatch.setitem(plans.TILE_SIDE, "cpu", 128)
    windows: list[int] = []
    predict = UNetPrior.predict

    def counted(self: UNetPrior, x_t: Tensor, t: int) -> Prediction:
        windows.append(t)
        return predict(self, x_t, t)

    monkeypatch.setattr(UNetPrior, "predict", counted)
    request = replace(CLEAN, photo=Photo(scene(200, 200)), steps=4)
    asked_at: list[float] = []

    def asked() -> bool:
        if len(windows) == 11 and not asked_at:  # two steps of four or nine windows, and some
            asked_at.append(time.monotonic())
        return bool(asked_at)

    with finishing_when(asked):
        done, _ = run(request)
    each = len(windows) // done.record["stopped_at"]["step"]
    assert len(windows) == 11
    assert done.record["stopped_at"]["step"] == 11 // each
    assert time.monotonic() - asked_at[0] < 1


def test_before_the_first_picture_there_is_nothing_to_keep() -> None:
    with finishing_when(lambda: True), pytest.raises(Interrupted):
        run(CLEAN)


def test_adapting_has_nothing_to_keep() -> None:
    with pytest.raises(Interrupted):
        finish_at(replace(CLEAN, adapt="self", iterations=50), at("adapt", 1))


def test_nor_has_looking_for_similar_photos(tmp_path: Path) -> None:
    for i in range(3):
        Image.fromarray((scene(80, 72, i) * 255).astype(np.uint8)).save(tmp_path / f"{i}.png")
    request = replace(CLEAN, adapt="neighbours", sources=(Source(str(tmp_path)),), iterations=2)
    with pytest.raises(Interrupted):
        finish_at(request, lambda event: isinstance(event, Progress) and event.stage == "index")


@pytest.mark.parametrize("done_steps", [0, 2])
def test_the_baseline_is_left_out(done_steps: int) -> None:
    request = replace(CLEAN, adapt="self", iterations=2, baseline=True, steps=4)
    done, events = finish_at(request, at("baseline", done_steps))
    assert done.baseline is None
    assert done.preset is not None
    assert "stopped_at" not in done.record
    assert "comparison" in [e for e in events if isinstance(e, Notice)][-1].message
    whole, _ = run(request)
    assert np.array_equal(whole.photo.pixels, done.photo.pixels)


def test_a_sample_cut_short_brings_no_baseline() -> None:
    request = replace(CLEAN, adapt="self", iterations=2, baseline=True, steps=4)
    done, events = finish_at(request, at("sample", 2))
    assert done.baseline is None
    assert not [e for e in events if isinstance(e, Progress) and e.stage == "baseline"]


def test_of_several_samples_the_complete_ones_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a photo so large that they are made one after the other."""
    monkeypatch.setattr(Plan, "together", lambda plan, count: 1)
    request = replace(CLEAN, samples=5, average=True, steps=4)
    done, events = finish_at(request, at("sample", 10))
    two, _ = run(replace(request, samples=2))
    assert np.array_equal(done.photo.pixels, two.photo.pixels)
    assert np.array_equal(done.spread, two.spread)
    assert done.record["samples"] == 2
    assert done.record["stopped_at"]["sample"] == 3
    assert [e.message for e in events if isinstance(e, Notice)] == [
        "Stopped after 2 of 5 samples: the result is of these."
    ]
    one, _ = finish_at(request, at("sample", 2))
    assert (one.record["samples"], one.spread) == (1, None)


def test_of_samples_made_together_all_are_kept_as_they_are() -> None:
    request = replace(CLEAN, samples=3, average=True, steps=4)
    done, events = finish_at(request, at("sample", 6))
    assert done.record["samples"] == 3
    assert done.spread is not None
    assert "Stopped at step 2 of 4" in [e.message for e in events if isinstance(e, Notice)][-1]


def test_finishing_after_the_last_step_changes_nothing() -> None:
    done, events = finish_at(CLEAN, at("sample", 9))
    assert "stopped_at" not in done.record
    assert not [e for e in events if isinstance(e, Notice)]
    assert np.array_equal(done.photo.pixels, run(CLEAN)[0].photo.pixels)


def test_stopping_is_stronger_than_finishing() -> None:
    asked: list[Event] = []

    def wanted(event: Event) -> bool:
        asked.extend([event] if at("sample", 4)(event) else [])
        return bool(asked)

    with stopping_when(lambda: bool(asked)), pytest.raises(Interrupted) as raised:
        finish_at(CLEAN, wanted)
    assert type(raised.value) is Interrupted


def test_long_solves_hear_it() -> None:
    """Conjugate gradients of a camera shake take longer than the network on a large photo."""
    degradation = degradation_for("deblur", kernel="motion:9:30")
    operator = plans.build_operator(degradation, 24, 24)
    y = torch.randn(1, *operator.out_shape)
    with finishing_when(lambda: True), pytest.raises(Interrupted):
        operator.gram_solve(y, 1e-4)


def test_the_wishes_end_with_their_blocks() -> None:
    with finishing_when(lambda: True):
        assert finishing()
        with pytest.raises(Interrupted):
            check()
    assert not finishing()
    check()


def test_a_pause_is_no_time_of_work() -> None:
    """The question that holds the work up for a moment is how a job pauses."""
    slow = [0.3, 0.3]

    def asked() -> bool:
        if slow:
            time.sleep(slow.pop())
        return False

    start = time.perf_counter()
    with stopping_when(asked):
        done, events = run(replace(CLEAN, steps=3))
    wall = time.perf_counter() - start
    assert not slow
    assert done.seconds < wall - 0.55
    assert done.record["seconds_by_stage"]["sample"] < wall - 0.55
    assert max(e.seconds for e in events if isinstance(e, Progress)) < wall - 0.55
