"""Retrieval with the starter encoder on real files: ranking, angles, ties, and what is refused."""

from __future__ import annotations

import io
import math
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from library_makers import index_file
from PIL import Image, ImageFilter, PngImagePlugin
from usearch.index import Index

from adir_desktop.contract import Notice, Photo, Progress
from adir_desktop.engine import library, ranking, retrieve, vector_index
from adir_desktop.engine.catalogue import Catalogue, FileState, NewPhoto
from adir_desktop.engine.encoder import load_encoder
from adir_desktop.engine.photos import open_photo
from adir_desktop.engine.schema import create
from adir_desktop.errors import LibraryError, RequestError
from adir_desktop.files import sha256_file

COUNT = 24


def picture(seed: int) -> Image.Image:
    """A random colour field with a few hard-edged boxes: no two seeds look alike."""
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (5, 7, 3), np.uint8)
    scene = Image.fromarray(small).resize((168, 120), Image.Resampling.BICUBIC)
    for _ in range(4):
        left, top = rng.integers(0, 120), rng.integers(0, 80)
        scene.paste(tuple(int(value) for value in rng.integers(0, 256, 3)), (left, top, left + 40, top + 25))
    return scene


def as_photo(image: Image.Image) -> Photo:
    return Photo(np.asarray(image, np.float32) / 255)


def drain(events):
    seen = []
    while True:
        try:
            seen.append(next(events))
        except StopIteration as end:
            return end.value, seen


def find(query, k, name="album"):
    return drain(retrieve.find(query, name, k))[0].items


def notices(seen) -> str:
    return " ".join(event.message for event in seen if isinstance(event, Notice))


@pytest.fixture
def album(tmp_path) -> Path:
    """A folder of pictures, indexed as the library "album"."""
    folder = tmp_path / "album"
    folder.mkdir()
    for seed in range(COUNT):
        picture(seed).save(folder / f"{seed:02}.png")
    drain(library.index([folder]))
    return folder


def test_a_photo_of_the_library_finds_itself_at_no_distance(album):
    for seed in (0, 11, 23):
        path = album / f"{seed:02}.png"
        first = find(open_photo(path), 3)[0]
        assert (first.path, first.id) == (path, sha256_file(path))
        assert first.angle <= 0.06  # 1e-3 of a radian
        assert first.similarity == pytest.approx(1, abs=1e-6)
        assert Image.open(io.BytesIO(first.thumbnail)).size == (160, 114)
        assert first.included


def test_a_degraded_photo_finds_its_original(album):
    rng = np.random.default_rng(0)
    for seed in range(COUNT):
        clean = picture(seed)
        noisy = np.asarray(clean, float) + rng.normal(0, 25, (120, 168, 3))
        for degraded in (
            clean.filter(ImageFilter.GaussianBlur(3)),
            clean.resize((42, 30), Image.Resampling.BOX),
            Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)),
        ):
            assert find(as_photo(degraded), 1)[0].path.name == f"{seed:02}.png"


def test_the_ranking_is_that_of_the_cosine(album):
    encoder = load_encoder()
    query = picture(1000)
    vectors = encoder.encode_images([picture(seed) for seed in range(COUNT)]).astype(np.float64)
    cosines = vectors @ encoder.encode_images([query])[0]
    items = find(as_photo(query), COUNT)
    order = [int(item.path.stem) for item in items]
    assert sorted(order) == list(range(COUNT))
    assert np.all(np.diff(cosines[order]) < 1e-3)  # float16 may swap what is closer than that
    for item in items:
        assert item.similarity == pytest.approx(cosines[int(item.path.stem)], abs=1e-3)
        assert item.angle == pytest.approx(math.degrees(math.acos(item.similarity)), abs=1e-4)
    assert [item.similarity for item in items] == sorted((item.similarity for item in items), reverse=True)


def test_the_angle_is_a_distance_on_the_sphere():
    rng = np.random.default_rng(0)
    a, b, c = rng.normal(size=(3, 50)).astype(np.float32)
    assert ranking.angle(a, a) == 0
    assert ranking.angle(a, b) == ranking.angle(b, a)
    assert ranking.angle(a, b) + ranking.angle(b, c) >= ranking.angle(a, c)
    assert ranking.angle(a, -a) == 180
    assert ranking.angle(a, 3 * a) == pytest.approx(0, abs=0.05)
    axes = np.eye(50, dtype=np.float32)
    assert ranking.angle(axes[0], axes[1]) == pytest.approx(90)
    assert ranking.angle(axes[0], axes[0] + axes[1]) == pytest.approx(45, abs=0.01)
    assert ranking.cosine(a, b) == pytest.approx(math.cos(math.radians(ranking.angle(a, b))))


def test_two_photos_are_equally_far_from_each_other(album):
    there = {item.path.name: item.angle for item in find(open_photo(album / "03.png"), COUNT)}
    back = {item.path.name: item.angle for item in find(open_photo(album / "08.png"), COUNT)}
    assert there["08.png"] == pytest.approx(back["03.png"], abs=0.05)
    assert there["08.png"] > 5


def test_equal_similarities_are_ordered_by_path(album):
    """Files of different content that show the same picture, more of them than are asked for."""
    for numbers in (range(20, 40), range(20), range(40, 60)):  # the first by path come neither first nor last
        for number in numbers:
            info = PngImagePlugin.PngInfo()
            info.add_text("Comment", f"copy {number}")
            picture(500).save(album / f"copy{number:02}.png", pnginfo=info)
        drain(library.update("album"))
    items = find(as_photo(picture(500)), 5)
    assert [item.path.name for item in items] == [f"copy{number:02}.png" for number in range(5)]
    assert len({item.similarity for item in items}) == 1
    assert items == find(as_photo(picture(500)), 5)


def test_more_neighbours_than_photos_gives_all_with_a_notice(album):
    found, seen = drain(retrieve.find(as_photo(picture(0)), "album", 100))
    assert len(found.items) == COUNT
    assert f"{COUNT} photos, not 100" in notices(seen)
    assert notices(drain(retrieve.find(as_photo(picture(0)), "album", COUNT))[1]) == ""


def test_words_are_a_query_too(album):
    found, seen = drain(retrieve.find("a red bird", "album", 4))
    encoder = load_encoder()
    vectors = encoder.encode_images([picture(seed) for seed in range(COUNT)])
    best = int(np.argmax(vectors @ encoder.encode_text(["a red bird"])[0]))
    assert found.items[0].path.name == f"{best:02}.png"
    assert (found.query, found.library, found.encoder) == ("a red bird", "album", encoder.id)
    assert [event.stage for event in seen if isinstance(event, Progress)] == ["retrieve", "retrieve"]
    assert drain(retrieve.find(open_photo(album / "01.png"), "album", 1))[0].query == str(album / "01.png")


def test_a_folder_stands_for_its_library(album):
    assert find(as_photo(picture(4)), 1, str(album)) == find(as_photo(picture(4)), 1)


def test_photos_that_are_gone_are_left_out(album):
    items = find(as_photo(picture(0)), COUNT)
    for item in items[:-2]:
        item.path.unlink()
    found, seen = drain(retrieve.find(as_photo(picture(0)), "album", 2))
    assert found.items == items[-2:]
    assert f"{COUNT - 2} photos" in notices(seen)
    for item in items[-2:]:
        item.path.unlink()
    with pytest.raises(LibraryError, match="no other photo"):
        find(as_photo(picture(0)), 2)


def test_what_cannot_be_searched_is_refused(album):
    photo = as_photo(picture(0))
    for query, k in ((photo, 0), (photo, -1), ("  ", 3)):
        with pytest.raises(RequestError):
            find(query, k)
    with pytest.raises(LibraryError, match="no library"):
        find(photo, 1, "nowhere")
    with pytest.raises(LibraryError, match="not indexed yet"):
        find(photo, 1, str(album.parent))  # a folder that was never indexed
    for path in album.iterdir():
        path.unlink()
    (album / "notes.txt").touch()
    assert drain(library.update("album"))[0].photos == 0
    with pytest.raises(LibraryError, match="empty"):
        find(photo, 1)


def _synthetic(folder: Path, count: int) -> Catalogue:
    """A catalogue of vectors that lie, like those of photos, on a curved surface of few dimensions."""
    rng = np.random.default_rng(0)
    vectors = np.tanh(rng.normal(size=(count, 12)) @ rng.normal(size=(12, 64)))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    create(folder, [], {"dimensions": "64"})
    catalogue = Catalogue(folder)
    with catalogue.transaction():
        for number, vector in enumerate(vectors.astype(np.float32)):
            key = catalogue.add_photo(NewPhoto(f"{number:064}", 1, 1, "", "", b""), vector)
            catalogue.put_file(FileState(f"/{number:05}.jpg", 1, 1), key)
    return catalogue


def test_the_graph_of_a_large_library_finds_what_an_exact_search_finds(tmp_path, monkeypatch):
    with closing(_synthetic(tmp_path, 2000)) as catalogue:
        drain(vector_index.refresh(catalogue))
        index, seen = drain(vector_index.opened(catalogue))
        assert index.vectors == 2000
        assert notices(seen) == ""
        rng = np.random.default_rng(1)
        keys, vectors = catalogue.vectors()
        hits = 0
        for near in rng.integers(0, 2000, 40):
            query = (vectors[near] + rng.normal(0, 0.03, 64)).astype(np.float32)
            ranked = {}
            for limit in (10**9, 0):
                monkeypatch.setattr(ranking, "EXACT_UP_TO", limit)
                ranked[limit] = [photo.key for _, photo in ranking.rank(catalogue, index, query, 20)[:20]]
            cosines = vectors.astype(np.float64) @ query
            assert set(ranked[10**9]) == set(keys[np.argsort(-cosines)[:20]].tolist())
            hits += len(set(ranked[0]) & set(ranked[10**9]))
        assert hits >= 0.99 * 40 * 20


def test_the_index_says_everything_itself(album):
    index = Index.restore(index_file("album"), view=True)
    assert (index.ndim, str(index.dtype), str(index.metric_kind)) == (256, "ScalarKind.F16", "MetricKind.Cos")
    assert index.connectivity == 16
