"""The estimate of time and memory: what it knows, how it learns, and that it is quick."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from adir_desktop.contract import Degradation, Estimate, Fading, Photo, Request, Source
from adir_desktop.engine import estimate as estimates
from adir_desktop.engine import pace_of_machine as pace
from adir_desktop.engine.estimate import estimate, learn
from adir_desktop.engine.operator_cost import cost_of
from adir_desktop.engine.operators import build_operator
from adir_desktop.engine.pace_of_machine import Speed
from adir_desktop.engine.plan import settle
from adir_desktop.errors import RequestError
from adir_desktop.tasks import degradation_for
from tests.engine.scenes import block, run, scene

CLEAN = Request(
    Photo(np.zeros((256, 256, 3), np.float32)),
    "denoise",
    degradation_for("denoise"),
    sampler="diffpir",
    precision="float32",
)
SPEED = Speed(evaluation=0.01, pixel=6e-6, flop=1e-11, fft=2e-8)


@pytest.fixture(autouse=True)
def measured_once(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A machine of known speed; the list holds an entry for each time it was timed."""
    timed: list[int] = []
    monkeypatch.setattr(pace, "_timed", lambda *_: timed.append(1) or SPEED)
    return timed


def seconds(request: Request) -> float:
    return estimate(request).seconds


def test_it_counts_the_passes_of_the_network() -> None:
    """20 steps over one window of 256 x 256."""
    one = estimate(CLEAN)
    assert one.parts["sample"] == pytest.approx(20 * (0.01 + 6e-6 * 256**2), rel=0.1)
    assert one.seconds == pytest.approx(sum(one.parts.values()))
    assert one.memory > 100e6


def test_everything_that_costs_more_is_estimated_to() -> None:
    one = seconds(CLEAN)
    self_adapted = replace(CLEAN, adapt="self")
    assert seconds(replace(CLEAN, steps=40)) == pytest.approx(2 * one, rel=0.1)
    assert seconds(replace(CLEAN, samples=3)) == pytest.approx(3 * one, rel=0.05)
    assert seconds(replace(CLEAN, photo=Photo(np.zeros((512, 256, 3), np.float32)))) > 1.8 * one
    assert seconds(self_adapted) > seconds(replace(self_adapted, iterations=5)) > one
    with_baseline = estimate(replace(self_adapted, baseline=True))
    assert with_baseline.parts["baseline"] == with_baseline.parts["sample"]
    assert "baseline" not in estimate(replace(CLEAN, baseline=True)).parts, "nothing is adapted"


def test_large_photos_are_windows_that_overlap() -> None:
    plain = estimate(replace(CLEAN, photo=Photo(np.zeros((512, 512, 3), np.float32))))
    large = estimate(replace(CLEAN, photo=Photo(np.zeros((2048, 2048, 3), np.float32))))
    assert large.parts["sample"] > 16 * plain.parts["sample"]
    assert large.parts["sample"] < 30 * plain.parts["sample"]
    assert large.memory < 3 * plain.memory, "a window at a time"


def test_upscaling_counts_the_picture_that_comes_out() -> None:
    four = replace(CLEAN, task="upscale", degradation=degradation_for("upscale", scale=4))
    assert estimate(four).parts["sample"] > 12 * estimate(CLEAN).parts["sample"]


def test_searching_costs_only_where_it_is_done() -> None:
    request = replace(CLEAN, adapt="neighbours", sources=(Source("a"), Source("b")))
    assert estimate(request).parts["retrieve"] == pytest.approx(2 * estimates.SEARCH)
    with pytest.raises(RequestError):
        estimate(replace(request, sources=()))


@pytest.mark.parametrize(
    ("steps", "exact"),
    [
        (degradation_for("deblur", kernel="box:5"), True),
        (degradation_for("upscale", scale=2, kernel="gaussian:1"), True),
        (degradation_for("old", kernel="box:5", fading=Fading((0.5,) * 3, (0.1,) * 3)), True),
        (degradation_for("inpaint", mask=block(24, 24, 2, 2, 3)), True),
        (degradation_for("inpaint", kernel="box:5", mask=block(24, 24, 2, 2, 3)), False),
        (degradation_for("deblur", kernel="motion:5:10"), False),
    ],
)
def test_it_knows_which_operators_are_solved_in_closed_form(
    steps: Degradation, exact: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked of the operators themselves: conjugate gradients are called or not."""
    asked: list[int] = []
    monkeypatch.setattr(
        "adir_desktop.engine.operators.base.conjugate_gradient",
        lambda _normal, r, *_, **__: asked.append(1) or r,
    )
    operator = build_operator(steps, 24, 24)
    operator.gram_solve(torch.ones(1, *operator.out_shape), 0.1)
    assert bool(asked) != exact
    assert (cost_of(steps, 24, 24, SPEED).solve is not None) == exact


def test_it_is_quick_and_times_the_machine_once(measured_once: list[int], home: Path) -> None:
    estimate(CLEAN)
    start = time.perf_counter()
    for _ in range(20):
        estimate(CLEAN)
    assert (time.perf_counter() - start) / 20 < 0.01
    assert len(measured_once) == 1
    for damage in ("not json", "[]", json.dumps({k: {} for k in json.loads(kept(home))})):
        (home / "cache" / "pace.json").write_text(damage)
        estimate(CLEAN)
    assert len(measured_once) == 4


def kept(home: Path) -> str:
    return (home / "cache" / "pace.json").read_text()


def test_a_finished_restoration_corrects_it() -> None:
    small = replace(CLEAN, photo=Photo(scene(24, 24)), steps=3)
    before = estimate(small)
    done, _ = run(small)
    after = estimate(small)
    took = done.record["seconds_by_stage"]["sample"]
    assert after.parts["sample"] == pytest.approx(took, rel=0.02)
    assert after.parts["sample"] != before.parts["sample"]
    other = replace(small, task="deblur", degradation=degradation_for("deblur"))
    assert estimate(other).parts["sample"] > 0


def test_experience_is_averaged_and_kept_within_reason() -> None:
    speed = SPEED.after("sample", 1.0, 2.0)
    assert speed.corrected("sample", 10.0) == pytest.approx(20)
    assert speed.after("sample", 1.0, 4.0).corrected("sample", 10.0) == pytest.approx(30)
    assert SPEED.after("sample", 1.0, 1e9).corrected("sample", 1.0) == pace.FURTHEST
    assert SPEED.after("sample", 0.0, 1.0) == SPEED


def test_what_was_stopped_or_never_timed_teaches_nothing(home: Path) -> None:
    plan = settle(CLEAN)
    record = {"seconds_by_stage": {"sample": 99.0}}
    learn(plan, record)
    assert not (home / "cache" / "pace.json").exists()
    one = estimate(CLEAN)
    learn(plan, record | {"stopped_at": {"step": 1}})
    assert estimate(CLEAN) == one
    learn(plan, record)
    assert estimate(CLEAN).parts["sample"] == pytest.approx(99.0, rel=1e-3)


def test_a_real_machine_is_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The passes themselves: a larger picture takes longer, and nothing is negative."""
    monkeypatch.undo()
    plan = settle(CLEAN)
    speed = pace._timed(plan.prior, plan.device, plan.dtype)
    assert 1e-8 < speed.pixel < 1e-3
    assert 0 <= speed.evaluation < 1
    assert 0 < speed.flop < 1e-8
    assert 0 < speed.fft < 1e-4


def test_estimates_are_of_the_kind_that_was_promised() -> None:
    found = estimate(replace(CLEAN, adapt="self"))
    assert isinstance(found, Estimate)
    assert list(found.parts) == ["prepare", "adapt", "sample"]
    assert isinstance(found.memory, int)
