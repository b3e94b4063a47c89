"""Filters: what passes is what passes, however few or many there are, and the nearest of it come first."""

from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest

from adir_desktop.engine import ranking, vector_index
from adir_desktop.engine.catalogue import Catalogue, FileState, NewPhoto
from adir_desktop.engine.events import result_of
from adir_desktop.engine.filtering import checked
from adir_desktop.engine.schema import create
from adir_desktop.errors import RequestError
from adir_desktop.searches import Filters

COUNT = 600
LICENCES = "CC BY 2.0", "CC0 1.0", ""


def vectors_of(count: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    vectors = np.tanh(rng.normal(size=(count, 8)) @ rng.normal(size=(8, 32)))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    """Photos 1 to 600 by turns of three licences, of growing size, of one month each, in two folders."""
    monkeypatch.setattr(vector_index, "SHARD", 200)
    create(tmp_path, [], {"dimensions": "32"})
    with closing(Catalogue(tmp_path)) as catalogue:
        with catalogue.transaction():
            for i, vector in enumerate(vectors_of(COUNT)):
                taken = f"{2000 + i // 12}-{i % 12 + 1:02}-15"
                photo = NewPhoto(f"{i:064}", 100 + i, 400, "", LICENCES[i % 3], b"", taken=taken)
                folder = "/a" if i % 2 else "/a b"
                catalogue.put_file(
                    FileState(f"{folder}/{i:04}.jpg", 1, 1), catalogue.add_photo(photo, vector)
                )
        result_of(vector_index.refresh(catalogue))
        yield catalogue


CASES = {
    "nothing": (Filters(), lambda i: True),
    "size": (Filters(min_side=350), lambda i: 100 + i >= 350),
    "licence": (Filters(licence="cc by"), lambda i: i % 3 == 0),
    "folder": (Filters(folder="/a"), lambda i: i % 2 == 1),
    "since": (Filters(since="2010"), lambda i: i // 12 >= 10),
    "until, a year": (Filters(until="2009"), lambda i: i // 12 <= 9),
    "until, a month": (Filters(until="2010-03"), lambda i: (i // 12, i % 12) <= (10, 2)),
    "a day": (Filters(since="2010-03-15", until="2010-03-15"), lambda i: i == 122),
    "left out": (Filters(exclude=frozenset({f"{i:064}" for i in range(590)})), lambda i: i >= 590),
    "all at once": (
        Filters(250, "CC0", "/a b", "2015", "2030"),
        lambda i: i % 3 == 1 and i % 2 == 0 and 15 <= i // 12 <= 30 and i >= 150,
    ),
    "none": (Filters(licence="nobody's"), lambda i: False),
}


@pytest.mark.parametrize("one_by_one", [0, 10**6], ids=["by the graph", "one by one"])
@pytest.mark.parametrize("name", CASES)
def test_the_nearest_of_what_passes(catalogue, monkeypatch, name, one_by_one):
    monkeypatch.setattr(ranking, "ONE_BY_ONE", one_by_one)
    filters, passes = CASES[name]
    index = result_of(vector_index.opened(catalogue))
    assert index.vectors == COUNT
    query = vectors_of(COUNT)[17] + 0.05
    ranked = ranking.rank(catalogue, index, query, 8, filters)
    allowed = [i for i in range(COUNT) if passes(i)]
    cosines = vectors_of(COUNT) @ (query / np.linalg.norm(query))
    wanted = sorted(allowed, key=lambda i: -cosines[i])[:8]
    assert [int(photo.sha256) for _, photo in ranked][:8] == wanted


@pytest.mark.parametrize(
    "bad",
    [
        Filters(min_side=-1),
        Filters(since="yesterday"),
        Filters(until="2010-3"),
        Filters(until="2019-13"),
        Filters(since="2019-02-30"),
        Filters(folder="/nowhere at all"),
    ],
)
def test_filters_that_mean_nothing_are_refused(bad):
    with pytest.raises(RequestError):
        checked(bad)


@pytest.mark.parametrize("day", ["2019", "2019-12", "2020-02-29"])
def test_days_months_and_years_are_filters(day):
    assert checked(Filters(since=day, until=day)).since == day
