"""Several samples of one photo: which seeds, their mean, and how far they differ."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from adir_desktop.contract import Photo, Progress, Request
from adir_desktop.engine.degrade import degrade
from adir_desktop.engine.samples import Gathered
from adir_desktop.errors import RequestError
from adir_desktop.tasks import degradation_for
from tests.engine.scenes import block, run, scene

MASK = block(32, 24, 8, 6, 10)
ROUNDING = 1e-5  # a network's sums run in another order when several pictures share a batch
REPAIR = Request(
    Photo(scene(32, 24)),
    "inpaint",
    degradation_for("inpaint", mask=MASK),
    steps=3,
    seed=5,
    precision="float32",
)


def test_the_running_figures_are_numpys() -> None:
    samples = torch.randn(7, 3, 4, 5, generator=torch.Generator().manual_seed(0))
    gathered = Gathered(several=True, average=True)
    for sample in samples:
        gathered.add(sample[None])
    seen = samples.clamp(-1, 1).numpy()
    assert np.abs(gathered.result()[0].numpy() - seen.mean(0)).max() < 1e-6
    spread = gathered.spread()
    assert spread is not None
    assert np.abs(spread - 127.5 * seen.std(0, ddof=1).mean(0)).max() < 1e-3


def test_samples_are_the_seeds_that_follow() -> None:
    singles = [run(replace(REPAIR, seed=seed))[0].photo.pixels for seed in (5, 6, 7)]
    first = run(replace(REPAIR, samples=3))[0]
    mean = run(replace(REPAIR, samples=3, average=True))[0]
    assert np.abs(first.photo.pixels - singles[0]).max() < ROUNDING
    assert np.abs(mean.photo.pixels - np.mean(singles, axis=0)).max() < ROUNDING
    expected = 255 * np.std(singles, axis=0, ddof=1).mean(-1)
    for done in (first, mean):
        assert done.spread is not None
        assert np.abs(done.spread - expected).max() < 255 * ROUNDING
        assert done.record["samples"] == 3
    assert expected[MASK].min() > 0


def test_what_the_photo_shows_does_not_vary() -> None:
    done = run(replace(REPAIR, samples=2, average=True, feather=2))[0]
    assert done.spread is not None
    assert (done.spread[~MASK] == 0).all()
    assert done.photo.pixels[~MASK].tobytes() == REPAIR.photo.pixels[~MASK].tobytes()


def test_progress_runs_once_over_all_of_them() -> None:
    degradation = degradation_for("upscale", scale=2)
    observed = degrade(Photo(scene(31, 30)), degradation, 0)
    done, events = run(Request(observed, "upscale", degradation, samples=3, steps=4))
    progress = [e for e in events if isinstance(e, Progress) and e.stage == "sample"]
    assert [e.done for e in progress] == sorted(e.done for e in progress)
    assert {e.total for e in progress} == {12}
    assert progress[-1].done == done.record["evaluations"] == 12
    assert done.spread is not None
    assert done.spread.shape == done.photo.pixels.shape[:2]
    assert done.spread.dtype == np.float32


@pytest.mark.parametrize("samples", [0, -1, 101])
def test_an_impossible_number_is_refused(samples: int) -> None:
    with pytest.raises(RequestError, match="samples"):
        run(replace(REPAIR, samples=samples))
