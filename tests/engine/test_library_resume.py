"""A build that is killed again and again ends as one that nobody disturbed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from damage import spoil
from library_makers import album, drain, picture, result

from adir_desktop.contract import Photo
from adir_desktop.engine import care, compaction, library, mending, retrieve, shelf, vector_index
from adir_desktop.engine.catalogue import Catalogue

PHOTOS = 300


def content(name: str) -> dict[str, tuple[str, bytes, bytes]]:
    """(sha256, vector, thumbnail) by path."""
    with closing(Catalogue(shelf.home_of(name))) as catalogue:
        photos = catalogue.stored(catalogue.keys().tolist())
        assert len({photo.sha256 for photo in photos}) == len(photos) == catalogue.photos()
        return {
            path: (each.sha256, each.vector.tobytes(), each.thumbnail)
            for each in photos
            for path in each.paths
        }


def answers(name: str) -> list[list[tuple[Path, float]]]:
    found = []
    for seed in (0, 17, 150, 299, 1000):
        near, seen = drain(retrieve.find(Photo(np.asarray(picture(seed), np.float32) / 255), name, 12))
        assert "damaged" not in str(seen)
        found.append([(item.path, item.similarity) for item in near.items])
    return found


def driven(home: Path, *words: str) -> list[Any]:
    """What the driver of the kills reports."""
    driver = Path(__file__).with_name("kill_driver.py")
    done = subprocess.run(
        [sys.executable, str(driver), *words],
        env=os.environ | {"ADIR_HOME": str(home), "PYTHONPATH": str(driver.parents[2])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.skipif(os.name != "posix", reason="kill -9 and fork")
def test_killed_at_many_moments_it_ends_as_if_undisturbed(means, tmp_path, home):
    folder = album(tmp_path / "album", range(PHOTOS), ".jpg")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(vector_index, "SHARD", 64)
        result(library.index([folder], name="calm"))
    reached = driven(home, "build", str(folder))
    assert sum(each["killed"] for each in reached) >= 12, reached
    building = [each["photos"] for each in reached if each["what"] == "build"]
    assert building == sorted(building)
    assert len(set(building)) > 3, building  # at different moments
    assert all(each["photos"] == PHOTOS for each in reached if each["what"] != "build")
    assert len({each["shards"] for each in reached}) > 2, reached
    # whatever the last kill left is a library that answers
    assert content("album") == content("calm")
    assert answers("album") == answers("calm")
    result(library.update("album"))
    result(compaction.compact(shelf.home_of("album")))
    for name in ("album", "calm"):
        report = result(care.check(shelf.home_of(name)))
        assert report.findings == ()
        assert (report.photos, report.files) == (PHOTOS, PHOTOS)
    assert content("album") == content("calm")
    assert answers("album") == answers("calm")
    assert not [path for path in shelf.home_of("album").iterdir() if path.name.startswith(".")]


@pytest.mark.skipif(os.name != "posix", reason="kill -9 and fork")
def test_a_repair_killed_at_any_moment_leaves_the_old_or_the_new(means, tmp_path, home):
    folder = album(tmp_path / "album", range(250))
    result(library.index([folder]))
    place, before = shelf.home_of("album"), content("album")
    spoil(place / "catalogue.sqlite", 1, 6)
    reached = driven(home, "repair")
    assert set(reached) == {"old", "new"}, reached
    done = result(mending.repair(place))
    assert done.lost
    assert not [path for path in place.iterdir() if path.name.startswith(".")]
    result(library.update("album"))
    assert content("album") == before
    assert result(care.check(place)).findings == ()
