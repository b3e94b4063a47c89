"""An adaptation that failed on its way goes on from where it was, and ends as if nothing had been."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch

from adir_desktop.engine import adapt as adapting
from adir_desktop.engine.adapt import Adapted, AdaptSettings, adapt
from adir_desktop.engine.priors import UNetPrior
from adir_desktop.engine.training import Course
from tests.engine.scenes import scene

CPU = torch.device("cpu")
SETTINGS = AdaptSettings(
    iterations=6, batch=4, crop=16, learning_rate=5e-3, rank=2, ema=0.7, passes=0, hold_out=True
)
PART = 2  # of a batch: a failure may come between two


def learn(prior: UNetPrior, course: Course | None = None, **changed: object) -> Adapted:
    """In parts of a batch, on photos so large that a part of each is kept for the judge."""
    work = adapt(
        prior,
        [scene(96, 40, seed) for seed in range(2)],
        replace(SETTINGS, **changed),
        seed=3,
        device=CPU,
        dtype=torch.float32,
        part=PART,
        course=course,
    )
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value


class FailsOnce:
    """A function that finds no memory the `number`th time that it is called."""

    def __init__(self, inner: Callable, number: int) -> None:
        self.inner, self.number, self.calls = inner, number, 0

    def __call__(self, *args: object, **given: object) -> object:
        self.calls += 1
        if self.calls == self.number:
            raise MemoryError
        return self.inner(*args, **given)


def failing(monkeypatch: pytest.MonkeyPatch, name: str, number: int) -> FailsOnce:
    spy = FailsOnce(getattr(adapting, name), number)
    monkeypatch.setattr(adapting, name, spy)
    return spy


def equal(one: Adapted, other: Adapted) -> bool:
    same = one.tensors.keys() == other.tensors.keys()
    return same and all(np.array_equal(value, other.tensors[name]) for name, value in one.tensors.items())


@pytest.mark.parametrize(
    ("where", "number", "again"),
    [
        ("mse_loss", 2, 1),  # half-way through the first batch: nothing is there yet
        ("mse_loss", 8, 1),  # of the fourth: its first part has left gradients, and noise was drawn
        ("mse_loss", 11, 0),  # at the beginning of the last
        ("_choose_strength", 1, 0),  # after them all
    ],
)
def test_the_outcome_is_bit_for_bit_that_of_no_failure(
    where: str, number: int, again: int, small_prior: UNetPrior, monkeypatch: pytest.MonkeyPatch
) -> None:
    """again: parts of a batch that had to be learnt from twice, beside the one that failed."""
    whole = learn(small_prior)
    spy = failing(monkeypatch, where, number)
    parts = spy if where == "mse_loss" else failing(monkeypatch, "mse_loss", 0)
    course = Course()
    with pytest.raises(MemoryError):
        learn(small_prior, course)
    done = learn(small_prior, course)
    assert equal(done, whole)
    assert done.training["losses"] == whole.training["losses"]
    assert done.training["strength"] == whole.training["strength"]
    failed = 1 if parts is spy else 0
    assert parts.calls == SETTINGS.iterations * SETTINGS.batch // PART + again + failed


def test_other_numbers_begin_anew(small_prior: UNetPrior, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "_step", 5)
    course = Course()
    course.turn_to(SETTINGS)
    with pytest.raises(MemoryError):
        learn(small_prior, course)
    course.turn_to(SETTINGS)
    assert course.training is not None
    assert course.training.done == 4
    course.turn_to(replace(SETTINGS, rank=3))
    assert course.training is None
    done = learn(small_prior, course, rank=3)
    monkeypatch.undo()
    assert equal(done, learn(small_prior, rank=3))
