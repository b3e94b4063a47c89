"""Rows to figures: means with their standard errors, the best of a task, and what adapting gains."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adir_desktop.engine.evaluation.measures import MEASURES
from adir_desktop.engine.evaluation.methods import Method
from adir_desktop.engine.evaluation.protocols import Trial


@dataclass(frozen=True)
class Row:
    """One picture: of a photo, a task, a method and a seed. status: of `cells`. about: the rest of its record."""

    photo: str
    trial: Trial
    method: Method
    seed: int
    status: str
    message: str = ""
    measures: Mapping[str, float | None] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def seconds(self) -> float | None:
        return self.about.get("seconds")

    @property
    def evaluations(self) -> int | None:
        return self.about.get("evaluations")


@dataclass(frozen=True, eq=False)
class Results:
    """All that reports are made from. about: how it was done. wanted: the measures that could be had;
    missing: why others could not. left_out: by photo, near-duplicates of it in the libraries.
    """

    about: Mapping[str, Any]
    rows: tuple[Row, ...]
    trials: tuple[Trial, ...]
    methods: tuple[Method, ...]
    wanted: tuple[str, ...]
    missing: Mapping[str, str]
    left_out: Mapping[str, Sequence[str]]

    def tried(self, trial: Trial) -> list[Method]:
        """The methods that gave a picture for a task."""
        done = {row.method.spelling for row in self.rows if row.trial == trial and row.measures}
        return [method for method in self.methods if method.spelling in done]

    def figures(self, trial: Trial) -> dict[str, dict[str, Mean | None]]:
        """By measure, then by method, for one task."""
        tried = self.tried(trial)
        return {
            name: {method.name: summarise(self.rows, trial, method, name) for method in tried}
            for name in self.wanted
            if any(row.measures.get(name) is not None for row in self.rows if row.trial == trial)
        }


@dataclass(frozen=True)
class Mean:
    """Over `photos` photos, each the mean of its seeds. error: standard error; None of one photo."""

    value: float
    error: float | None
    photos: int


@dataclass(frozen=True)
class Gain:
    """What adapting adds, positive is better, with the same seed. improved, worse: shares of the photos;
    the others are as they were.
    """

    mean: Mean
    improved: float
    worse: float


def mean_of(by_photo: Mapping[str, Sequence[float]]) -> Mean | None:
    """The mean of photos' means. Seeds of one photo are no independent pictures: the error is over photos."""
    means = [statistics.fmean(values) for values in by_photo.values() if values]
    if not means:
        return None
    error = statistics.stdev(means) / math.sqrt(len(means)) if len(means) > 1 else None
    return Mean(statistics.fmean(means), error, len(means))


def summarise(rows: Iterable[Row], trial: Trial, method: Method, measure: str) -> Mean | None:
    """Of one measure, or "seconds", over the photos of a task; None where no picture has it."""
    by_photo: dict[str, list[float]] = {}
    for row in rows:
        if row.trial == trial and row.method.spelling == method.spelling:
            value = row.seconds if measure == "seconds" else row.measures.get(measure)
            if value is not None:
                by_photo.setdefault(row.photo, []).append(value)
    return mean_of(by_photo)


def best(means: Mapping[str, Mean | None], measure: str) -> set[str]:
    """The names with the best mean, among those that have all the photos: fewer cannot be compared."""
    better = MEASURES[measure].better
    photos = max((mean.photos for mean in means.values() if mean), default=0)
    whole = {name: mean.value for name, mean in means.items() if mean and mean.photos == photos}
    if not better or len(whole) < 2:
        return set()
    top = max(better * value for value in whole.values())
    return {name for name, value in whole.items() if math.isclose(better * value, top, rel_tol=1e-9)}


def gain(rows: Sequence[Row], trial: Trial, method: Method, measure: str) -> Gain | None:
    """A method that adapts against the same without adapting; None where no pair has the measure."""
    assert method.baseline is not None
    values = {
        (row.method.spelling, row.photo, row.seed): row.measures.get(measure)
        for row in rows
        if row.trial == trial
    }
    by_photo: dict[str, list[float]] = {}
    for (spelling, photo, seed), value in values.items():
        without = values.get((method.baseline.spelling, photo, seed))
        if spelling == method.spelling and value is not None and without is not None:
            by_photo.setdefault(photo, []).append(MEASURES[measure].better * (value - without))
    mean = mean_of(by_photo)
    if mean is None:
        return None
    each = [statistics.fmean(gains) for gains in by_photo.values()]
    return Gain(mean, sum(g > 0 for g in each) / len(each), sum(g < 0 for g in each) / len(each))
