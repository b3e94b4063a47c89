"""What a request's JSON holds of libraries, samples and edges, and what older sidecars lack."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from library_makers import picture

from adir_desktop.contract import Neighbour, NeighbourSet, Request, Source
from adir_desktop.engine.photos import open_photo
from adir_desktop.engine.request_json import request_from, request_to_json
from adir_desktop.errors import BadInput
from adir_desktop.files import sha256_file
from adir_desktop.tasks import degradation_for


@pytest.fixture
def request_(tmp_path) -> Request:
    path = tmp_path / "photo.png"
    picture(1).save(path)
    near = Neighbour(
        sha256_file(path), path, 0.9, 20.0, library="two", page="https://example.org/1", weight=2.5
    )
    return Request(
        photo=open_photo(path),
        task="denoise",
        degradation=degradation_for("denoise", noise=5),
        adapt="neighbours",
        sources=(Source("one"), Source("two", 2.5)),
        found=NeighbourSet("one, two", "means@1", "photo.png", (near,)),
        samples=3,
        average=True,
        feather=2.5,
    )


def there_and_back(request: Request, folder: Path, **changed) -> Request:
    data = json.loads(json.dumps(request_to_json(request, folder))) | changed
    return request_from(data, folder)


def test_every_new_field_comes_back(request_, tmp_path):
    back = there_and_back(request_, tmp_path)
    for name in ("sources", "samples", "average", "feather", "found"):
        assert getattr(back, name) == getattr(request_, name), name
    assert np.array_equal(back.photo.pixels, request_.photo.pixels)


def test_an_older_sidecar_names_one_library(request_, tmp_path):
    data = request_to_json(request_, tmp_path)
    for name in ("sources", "samples", "average", "feather"):
        del data[name]
    for item in data["found"]["items"]:
        for name in ("library", "page", "weight"):
            del item[name]
    data["found"]["library"] = "album"
    back = request_from(data | {"library": "album"}, tmp_path)
    assert back.sources == (Source("album"),)
    assert (back.samples, back.average, back.feather) == (1, False, 0.0)
    assert [(item.library, item.weight, item.page) for item in back.found.items] == [("album", 1.0, "")]
    assert request_from(data | {"library": None}, tmp_path).sources == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"sources": "album"},
        {"sources": [{"library": "album"}]},
        {"sources": [{"library": 5, "weight": 1}]},
        {"sources": [{"library": "album", "weight": "much"}]},
        {"samples": 1.5},
        {"average": 1},
        {"feather": None},
    ],
)
def test_a_damaged_field_is_told(request_, tmp_path, changed):
    with pytest.raises(BadInput, match="damaged"):
        there_and_back(request_, tmp_path, **changed)
