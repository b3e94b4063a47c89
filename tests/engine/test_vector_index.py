"""Shards: every photo is found whatever of the index is there, and only what changed is written."""

from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest
from usearch.index import Index

from adir_desktop.contract import Notice
from adir_desktop.engine import ranking, vector_index
from adir_desktop.engine.catalogue import Catalogue, FileState, NewPhoto
from adir_desktop.engine.events import result_of
from adir_desktop.engine.schema import create
from adir_desktop.errors import StorageError

RNG = np.random.default_rng(0)
VECTORS = RNG.normal(size=(2000, 24)).astype(np.float32)
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)


def add(catalogue: Catalogue, start: int, stop: int) -> None:
    with catalogue.transaction():
        for i in range(start, stop):
            key = catalogue.add_photo(NewPhoto(f"{i:064}", 1, 1, "", "", b""), VECTORS[i])
            catalogue.put_file(FileState(f"/{i:05}.jpg", 1, 1), key)


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    monkeypatch.setattr(vector_index, "SHARD", 300)
    create(tmp_path, [], {"dimensions": "24"})
    with closing(Catalogue(tmp_path)) as catalogue:
        yield catalogue


def refreshed(catalogue: Catalogue, storage: str = "") -> list[tuple[int, int, int]]:
    if storage:
        with catalogue.transaction():
            catalogue.set_meta({"storage": storage})
    result_of(vector_index.refresh(catalogue))
    return [(shard.low, shard.high, shard.vectors) for shard in catalogue.shards()]


def found(catalogue: Catalogue, i: int, k: int = 5) -> list[int]:
    index = result_of(vector_index.opened(catalogue))
    return [int(photo.sha256) for _, photo in ranking.rank(catalogue, index, VECTORS[i], k)][:k]


def nearest(i: int, among: list[int], k: int = 5) -> list[int]:
    cosines = VECTORS.astype(np.float16).astype(np.float64) @ VECTORS[i]
    return sorted(among, key=lambda j: -cosines[j])[:k]


def test_shards_are_filled_and_gone_on_with(catalogue):
    add(catalogue, 0, 700)
    assert refreshed(catalogue) == [(1, 300, 300), (301, 600, 300), (601, 700, 100)]
    names = {path.name: path.stat().st_mtime_ns for path in catalogue.path.parent.glob("*.usearch")}
    add(catalogue, 700, 800)
    assert refreshed(catalogue)[2:] == [(601, 800, 200)]
    left = {path.name: path.stat().st_mtime_ns for path in catalogue.path.parent.glob("*.usearch")}
    assert {name for name in left if names.get(name) == left[name]} == {
        "index-1-300.usearch",
        "index-301-600.usearch",
    }
    assert len(left) == 3  # the shard that went on was removed
    assert all(found(catalogue, i) == nearest(i, list(range(800))) for i in (0, 299, 300, 650, 799))


def test_a_few_new_photos_wait_and_are_found_all_the_same(catalogue):
    add(catalogue, 0, 256)
    before = refreshed(catalogue)
    add(catalogue, 256, 260)
    assert refreshed(catalogue) == before
    assert all(found(catalogue, i) == nearest(i, list(range(260))) for i in (3, 257, 259))
    add(catalogue, 260, 262)
    assert refreshed(catalogue) == [(1, 262, 262)]


def test_without_any_shard_all_are_compared(catalogue):
    add(catalogue, 0, 50)
    assert found(catalogue, 7) == nearest(7, list(range(50)))


def test_photos_that_are_gone_are_no_answers_and_do_not_stay_for_ever(catalogue):
    add(catalogue, 0, 400)
    shards = refreshed(catalogue)
    with catalogue.transaction():
        catalogue.drop_files([f"/{i:05}.jpg" for i in range(60)])
    assert refreshed(catalogue) == shards  # a fifth of the first: no need yet
    assert found(catalogue, 5) == nearest(5, list(range(60, 400)))
    with catalogue.transaction():
        catalogue.drop_files([f"/{i:05}.jpg" for i in range(60, 90)])
    assert refreshed(catalogue)[0] == (91, 300, 210)
    assert found(catalogue, 5) == nearest(5, list(range(90, 400)))


@pytest.mark.parametrize("mended", [10**6, 0], ids=["small", "large"])
def test_a_damaged_shard_is_mended_or_done_without(catalogue, monkeypatch, mended):
    monkeypatch.setattr(vector_index, "MENDED", mended)
    add(catalogue, 0, 700)
    shards = refreshed(catalogue)
    path = catalogue.path.parent / "index-301-600.usearch"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)
    events = list(vector_index.opened(catalogue))
    assert any("damaged" in event.message for event in events if isinstance(event, Notice))
    assert found(catalogue, 450) == nearest(450, list(range(700)))
    assert (path.read_bytes() == bytes(content)) == (mended == 0)
    assert refreshed(catalogue) == shards
    assert not [event for event in vector_index.opened(catalogue) if isinstance(event, Notice)]


def test_a_copy_of_a_library_is_trusted_by_its_content(catalogue):
    add(catalogue, 0, 100)
    shards = refreshed(catalogue)
    path = catalogue.path.parent / "index-1-100.usearch"
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content)  # another time, the same bytes
    assert not [event for event in vector_index.opened(catalogue) if isinstance(event, Notice)]
    assert refreshed(catalogue) == shards


def test_compacting_leaves_full_shards_of_the_living(catalogue):
    for start in range(0, 400, 100):
        add(catalogue, start, start + 100)
        refreshed(catalogue)
    with catalogue.transaction():
        catalogue.drop_files([f"/{i:05}.jpg" for i in range(0, 400, 5)])
    result_of(vector_index.compact(catalogue, "i8"))
    assert [(shard.low, shard.high, shard.vectors) for shard in catalogue.shards()] == [
        (2, 375, 300),
        (377, 400, 20),
    ]
    kinds = {str(Index.restore(path).dtype) for path in catalogue.path.parent.glob("*.usearch")}
    assert kinds == {"ScalarKind.I8"}
    living = [i for i in range(400) if i % 5]
    assert all(found(catalogue, i) == nearest(i, living) for i in living[::40])


def test_rounded_numbers_cost_no_answer(catalogue, monkeypatch):
    monkeypatch.setattr(ranking, "EXACT_UP_TO", 0)
    add(catalogue, 0, 2000)
    refreshed(catalogue, "i8")
    hits = [set(found(catalogue, i, 20)) & set(nearest(i, list(range(2000)), 20)) for i in range(0, 2000, 50)]
    assert sum(map(len, hits)) >= 0.99 * 20 * len(hits)


def test_a_shard_that_cannot_be_written_in_full_is_not_kept(catalogue, monkeypatch):
    add(catalogue, 0, 100)

    def full(self, path):
        raise RuntimeError("No space left on device")

    monkeypatch.setattr(Index, "save", full)
    with pytest.raises(StorageError, match="No space"):
        refreshed(catalogue)
    assert catalogue.shards() == ()
    assert list(catalogue.path.parent.glob("*index*")) == []
    assert found(catalogue, 7) == nearest(7, list(range(100)))
