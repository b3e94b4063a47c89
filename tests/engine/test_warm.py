"""What was used last stays ready, gives the same pictures, and is let go when it is asked for."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest

from adir_desktop.contract import Photo, Request
from adir_desktop.engine import encoder, samples, warm
from adir_desktop.engine.priors import load_prior
from adir_desktop.tasks import degradation_for
from tests.engine.scenes import run, scene


@pytest.fixture(autouse=True)
def afterwards():
    yield
    warm.release()


def request(**values: object) -> Request:
    degradation = degradation_for("denoise", noise=25)
    asked = Request(Photo(scene(32, 32)), "denoise", degradation, steps=2, precision="float32", device="cpu")
    return replace(asked, **values)


def test_the_second_run_makes_no_new_copy_and_the_same_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    ready = samples._ready

    def counted(plan, net):
        made.append(plan.dtype)
        return ready(plan, net)

    monkeypatch.setattr(samples, "_ready", counted)
    first, second = (run(request())[0] for _ in range(2))
    assert len(made) == 1
    assert np.array_equal(first.photo.pixels, second.photo.pixels)
    run(request(precision="bfloat16"))
    run(request())
    assert len(made) == 3  # one at a time


def test_released_nothing_of_it_is_left() -> None:
    run(request())
    nets = [weakref.ref(load_prior("starter").net), weakref.ref(encoder.load_encoder())]
    assert all(net() is not None for net in nets)
    warm.release()
    gc.collect()
    assert all(net() is None for net in nets)
    assert run(request())[0].photo.pixels.shape == (32, 32, 3)
