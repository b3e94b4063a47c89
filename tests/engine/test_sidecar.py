"""Sidecars: what is saved together, and a request that comes back equal in effect, or words why not."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from adir_desktop.contract import (
    AdaptedPreset,
    AppliedPreset,
    Degradation,
    Neighbour,
    NeighbourSet,
    Photo,
    Request,
    Restoration,
    Source,
    Step,
    Thrift,
)
from adir_desktop.engine import photos, presets, request_json, sidecar
from adir_desktop.errors import BadInput, PhotoError, RequestError, StorageError
from adir_desktop.files import sha256_file
from adir_desktop.searches import Filters


def picture(path, seed=0, size=(12, 16)):
    path.parent.mkdir(parents=True, exist_ok=True)
    codes = np.random.default_rng(seed).integers(0, 256, (*size, 3)).astype(np.uint8)
    Image.fromarray(codes).save(path)
    return path


def preset(neighbours=()):
    rng = np.random.default_rng(0)
    return AdaptedPreset(
        name="a preset",
        prior="starter",
        prior_sha256="ab" * 32,
        rank=2,
        alpha=8.0,
        tensors={
            "conv_in.lora_A.weight": rng.random((2, 3, 3, 3)).astype(np.float32),
            "conv_in.lora_B.weight": rng.random((8, 2, 1, 1)).astype(np.float32),
        },
        neighbours=tuple(neighbours),
    )


def neighbour(path, included=True):
    return Neighbour(sha256_file(path), path, 0.9, 12.5, "A. Person", "CC0", included, b"jpeg")


@pytest.fixture
def work(tmp_path):
    """A folder with a photo and an album; results go to its subfolder `out`."""
    folder = tmp_path / "work"
    picture(folder / "photo.png")
    for number in range(3):
        picture(folder / "album" / f"{number}.png", seed=number + 1)
    (folder / "out").mkdir()
    return folder


def request_for(work, **values):
    values = {"task": "denoise", "degradation": Degradation((), 25.0), "seed": 7} | values
    return Request(photo=photos.open_photo(work / "photo.png"), **values)


def result(request, **values):
    rng = np.random.default_rng(1)
    photo = replace(request.photo, pixels=rng.random(request.photo.pixels.shape).astype(np.float32))
    return Restoration(photo, request, {"seed": request.seed, "versions": {"numpy": "2"}}, 1.5, **values)


def saved_and_read(restoration, out, **values):
    return sidecar.read_sidecar(sidecar.save_restoration(restoration, out, **values).sidecar)


def rerun(path):
    return sidecar.request_from_json(sidecar.read_sidecar(path))


# ---- saving


def test_picture_baseline_sidecar_and_preset_are_written(work):
    request = request_for(work, adapt="neighbours", sources=(Source("album"),), baseline=True)
    restoration = result(request, baseline=request.photo, preset=preset())
    saved = sidecar.save_restoration(
        restoration, work / "out" / "a.b.png", preset_path=work / "out" / "p.safetensors"
    )
    assert saved.photo == work / "out" / "a.b.png"
    assert saved.baseline == work / "out" / "a.b.baseline.png"
    assert saved.sidecar == work / "out" / "a.b.json"
    assert saved.preset == work / "out" / "p.safetensors"
    assert set(saved.paths) == set((work / "out").iterdir())
    assert saved.paths[0] == saved.photo
    again = photos.open_photo(saved.photo)
    assert np.abs(again.pixels - restoration.photo.pixels).max() <= 0.5 / 255 + 1e-6
    assert (photos.open_photo(saved.baseline).pixels == request.photo.pixels).all()
    loaded = presets.load_preset(saved.preset)
    assert all((loaded.tensors[name] == value).all() for name, value in restoration.preset.tensors.items())


def test_only_the_picture_and_the_sidecar_without_more(work):
    saved = sidecar.save_restoration(result(request_for(work)), work / "out" / "a.jpg")
    assert saved.paths == (work / "out" / "a.jpg", work / "out" / "a.json")
    assert set(saved.paths) == set((work / "out").iterdir())


def test_the_sidecar_tells_how_it_was_made(work):
    request = request_for(work)
    out = work / "out" / "a.png"
    content = saved_and_read(replace(result(request, baseline=request.photo), seconds=2.5), out)
    assert content["record"] == {"seed": 7, "versions": {"numpy": "2"}}
    assert content["seconds"] == 2.5
    assert content["created"].endswith("+00:00")
    assert content["version"] == 1
    assert content["outputs"]["photo"] == {"name": "a.png", "sha256": sha256_file(out)}
    assert content["outputs"]["baseline"]["name"] == "a.baseline.png"
    assert content["request"]["photo"]["sha256"] == sha256_file(work / "photo.png")
    assert content["request"]["photo"]["relative"] == "../photo.png"
    assert content["saved_preset"] is None
    text = (work / "out" / "a.json").read_text()
    assert "NaN" not in text
    assert len(text) < 4000


def test_an_odd_record_does_not_cost_the_picture(work):
    record = {
        "loss": float("nan"),
        "array": np.arange(3),
        "number": np.float32(0.5),
        "path": Path("x"),
        3: (1, None),
        "odd": {2.5},
    }
    content = saved_and_read(replace(result(request_for(work)), record=record), work / "out" / "a.png")
    assert content["record"] == {
        "loss": None,
        "array": [0, 1, 2],
        "number": 0.5,
        "path": "x",
        "3": [1, None],
        "odd": "{2.5}",
    }


@pytest.mark.parametrize("name", ["a.png", "a.baseline.png", "a.json", "p.safetensors"])
def test_nothing_is_written_when_one_of_the_files_exists(work, name):
    out, request = work / "out", request_for(work, adapt="self")
    restoration = result(request, baseline=request.photo, preset=preset())
    (out / name).write_bytes(b"precious")
    with pytest.raises(BadInput, match="already exists"):
        sidecar.save_restoration(restoration, out / "a.png", preset_path=out / "p.safetensors")
    assert [path.name for path in out.iterdir()] == [name]
    assert (out / name).read_bytes() == b"precious"
    sidecar.save_restoration(restoration, out / "a.png", preset_path=out / "p.safetensors", overwrite=True)
    assert len(list(out.iterdir())) == 4
    assert (out / name).read_bytes() != b"precious"


def test_nothing_is_written_when_one_place_is_missing_or_shared(work):
    out, request = work / "out", request_for(work, adapt="self")
    restoration = result(request, preset=preset())
    for path in (out / "none" / "p.safetensors", out, out / "a.json", out / "a.png"):
        with pytest.raises(BadInput):
            sidecar.save_restoration(restoration, out / "a.png", preset_path=path, overwrite=True)
        assert not list(out.iterdir())


def test_a_full_disk_leaves_everything_as_it_was(work, monkeypatch):
    out, request = work / "out", request_for(work, adapt="self")
    restoration = result(request, baseline=request.photo, preset=preset())
    for name in ("a.png", "a.json"):
        (out / name).write_bytes(b"precious")

    def full(*_args, **_values):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(StorageError, match="full"):
        sidecar.save_restoration(
            restoration, out / "a.png", preset_path=out / "p.safetensors", overwrite=True
        )
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {
        "a.png": b"precious",
        "a.json": b"precious",
    }


def test_what_it_was_made_from_is_never_replaced(work):
    path = work / "p.safetensors"
    presets.save_preset(preset(), path)
    request = request_for(work, adapt="preset", presets=(AppliedPreset(path, 0.5),))
    before = (work / "photo.png").read_bytes()
    with pytest.raises(RequestError, match="made from"):
        sidecar.save_restoration(result(request), work / "photo.png", overwrite=True)
    with pytest.raises(RequestError, match="made from"):
        sidecar.save_restoration(
            result(request, preset=preset()), work / "b.png", preset_path=path, overwrite=True
        )
    assert (work / "photo.png").read_bytes() == before


def test_a_preset_that_is_not_there_cannot_be_saved(work):
    with pytest.raises(RequestError, match="no preset"):
        sidecar.save_restoration(
            result(request_for(work)), work / "out" / "a.png", preset_path=work / "out" / "p"
        )
    assert not list((work / "out").iterdir())


@pytest.mark.parametrize("name", ["a.json", "a", "a.gif"])
def test_formats_that_cannot_be_written(work, name):
    with pytest.raises(PhotoError):
        sidecar.save_restoration(result(request_for(work)), work / "out" / name)


# ---- the request, there and back


def equal(a, b):
    """Equal in effect: the same pixels, mask and values; thumbnails are not kept."""
    for field in fields(Request):
        x, y = getattr(a, field.name), getattr(b, field.name)
        if field.name == "photo":
            assert (x.pixels == y.pixels).all()
            assert (x.icc, x.exif, x.bit_depth, x.grey, x.path) == (
                y.icc,
                y.exif,
                y.bit_depth,
                y.grey,
                y.path,
            )
        elif field.name == "degradation":
            assert (x.steps, x.noise_std) == (y.steps, y.noise_std)
            assert (x.mask is None and y.mask is None) or (x.mask == y.mask).all()
        elif field.name == "found" and x is not None:
            assert replace(x, items=tuple(replace(item, thumbnail=b"") for item in x.items)) == y
        else:
            assert x == y, field.name


def test_every_field_of_a_request_is_kept():
    apart = {"sources", "filters", "photo", "degradation", "presets", "found", "options", "thrift"}
    assert {*request_json._PLAIN, *request_json._LATER} | apart == {field.name for field in fields(Request)}


def test_every_value_comes_back(work):
    mask = np.random.default_rng(0).random((12, 16)) < 0.3
    steps = (Step("blur", {"kernel": "motion:15:30"}), Step("downscale", {"factor": 4}), Step("mask"))
    request = request_for(
        work,
        task="upscale",
        degradation=Degradation(steps, 12.5, mask),
        prior="other",
        sampler="adir",
        recipe="paper",
        steps=33,
        guidance=2.5,
        adapt="none",
        sources=(Source("album", 2.5), Source("prints")),
        filters=Filters(300, "CC BY", "/photos", "2001", "2019-05", frozenset({"1", "2"})),
        samples=4,
        average=True,
        feather=1.5,
        thrift=Thrift(window=256, checkpointing=True, part=2),
        neighbours=5,
        iterations=44,
        baseline=True,
        device="cpu",
        precision="bfloat16",
    )
    content = saved_and_read(result(request), work / "out" / "a.png")
    again = sidecar.request_from_json(content)
    equal(request, again)
    assert again.degradation.mask.dtype == np.bool_


@pytest.mark.parametrize("thrift", [{"window": "wide"}, {"window": True}, {"offload": 1}, {"more": 1}, [1]])
def test_a_damaged_thrift_is_refused(work, thrift):
    content = saved_and_read(result(request_for(work)), work / "out" / "a.png")
    with pytest.raises(BadInput, match="damaged"):
        sidecar.request_from_json(content | {"request": content["request"] | {"thrift": thrift}})


def test_choices_left_open_stay_open(work):
    request = request_for(work)
    content = saved_and_read(result(request), work / "out" / "a.png")
    equal(request, sidecar.request_from_json(content))


def test_neighbours_chosen_beforehand_come_back(work):
    items = tuple(neighbour(work / "album" / f"{number}.png", included=number != 1) for number in range(3))
    found = NeighbourSet("album", "starter:abc", "photo.png", items)
    request = request_for(work, adapt="neighbours", sources=(Source("album"),), found=found)
    content = saved_and_read(result(request), work / "out" / "a.png")
    equal(request, sidecar.request_from_json(content))


def test_neighbours_found_on_the_way_are_taken_from_the_preset(work):
    items = [neighbour(work / "album" / f"{number}.png") for number in (2, 0)]
    request = request_for(work, adapt="neighbours", sources=(Source("album"),))
    content = saved_and_read(result(request, preset=preset(items)), work / "out" / "a.png")
    again = sidecar.request_from_json(content)
    assert again.adapt == "neighbours"
    assert [item.path for item in again.found.included] == [item.path for item in items]


@pytest.mark.parametrize("adapt", ["neighbours", "self"])
def test_a_saved_preset_is_applied_again(work, adapt):
    request = request_for(work, adapt=adapt, sources=(Source("album"),), baseline=True)
    restoration = result(request, preset=preset([neighbour(work / "album" / "0.png")]))
    target = work / "out" / "p.safetensors"
    content = saved_and_read(restoration, work / "out" / "a.png", preset_path=target)
    (work / "album" / "0.png").unlink()  # not needed any more
    again = sidecar.request_from_json(content)
    assert (again.adapt, again.presets, again.found) == ("preset", (AppliedPreset(target),), None)
    assert (again.seed, again.baseline) == (7, True)


@pytest.mark.parametrize("harm", ["gone", "changed"])
def test_without_the_saved_preset_the_adaptation_is_repeated(work, harm):
    target = work / "out" / "p.safetensors"
    items = [neighbour(work / "album" / "0.png")]
    restoration = result(
        request_for(work, adapt="neighbours", sources=(Source("album"),)), preset=preset(items)
    )
    content = saved_and_read(restoration, work / "out" / "a.png", preset_path=target)
    if harm == "gone":
        target.unlink()
    else:
        target.write_bytes(b"another")
    again = sidecar.request_from_json(content)
    assert (again.adapt, again.presets) == ("neighbours", ())
    assert again.found.items[0].path == work / "album" / "0.png"


def test_a_preset_that_was_given_comes_back_or_is_missed(work):
    path = work / "given.safetensors"
    presets.save_preset(preset(), path)
    request = request_for(work, adapt="preset", presets=(AppliedPreset(path, 0.5),))
    content = saved_and_read(result(request), work / "out" / "a.png")
    equal(request, sidecar.request_from_json(content))
    path.write_bytes(b"another")
    with pytest.raises(BadInput, match=r"preset .* no longer"):
        sidecar.request_from_json(content)
    path.unlink()
    with pytest.raises(BadInput, match=r"preset .* gone"):
        sidecar.request_from_json(content)


def test_a_sidecar_of_before_strengths_names_one_preset(work):
    path = work / "given.safetensors"
    presets.save_preset(preset(), path)
    request = request_for(work, adapt="preset", presets=(AppliedPreset(path),))
    content = saved_and_read(result(request), work / "out" / "a.png")
    (row,) = content["request"].pop("presets")
    content["request"]["preset"] = {name: value for name, value in row.items() if name != "strength"}
    equal(request, sidecar.request_from_json(content))
    content["request"] |= {"adapt": "none", "preset": None}
    assert sidecar.request_from_json(content).presets == ()


@pytest.mark.parametrize("strength", ["1", None, True])
def test_a_damaged_strength_is_refused(work, strength):
    path = work / "given.safetensors"
    presets.save_preset(preset(), path)
    request = request_for(work, adapt="preset", presets=(AppliedPreset(path),))
    content = saved_and_read(result(request), work / "out" / "a.png")
    content["request"]["presets"][0]["strength"] = strength
    with pytest.raises(BadInput, match="damaged"):
        sidecar.request_from_json(content)


def test_a_kernel_from_a_file_comes_back_or_is_missed(work):
    path = picture(work / "psf.png", seed=9, size=(5, 5))
    degradation = Degradation((Step("blur", {"kernel": f"file:{path}"}),))
    request = request_for(work, task="deblur", degradation=degradation)
    content = saved_and_read(result(request), work / "out" / "a.png")
    equal(request, sidecar.request_from_json(content))
    picture(path, seed=10, size=(5, 5))
    with pytest.raises(BadInput, match=r"kernel .* no longer"):
        sidecar.request_from_json(content)


def test_a_kernel_named_relative_to_the_folder_of_the_day(work, monkeypatch):
    picture(work / "psf.png", seed=9, size=(5, 5))
    monkeypatch.chdir(work)
    degradation = Degradation((Step("blur", {"kernel": "file:psf.png"}),))
    content = saved_and_read(
        result(request_for(work, task="deblur", degradation=degradation)), work / "out" / "a.png"
    )
    monkeypatch.chdir("/")
    again = sidecar.request_from_json(content)
    assert Path(again.degradation.steps[0].values["kernel"].removeprefix("file:")).samefile(work / "psf.png")


def test_the_photo_must_be_there_unchanged(work):
    content = saved_and_read(result(request_for(work)), work / "out" / "a.png")
    picture(work / "photo.png", seed=5)
    with pytest.raises(BadInput, match=r"photo .* no longer") as caught:
        sidecar.request_from_json(content)
    assert caught.value.remedy
    (work / "photo.png").unlink()
    with pytest.raises(BadInput, match=r"photo .* gone") as caught:
        sidecar.request_from_json(content)
    assert caught.value.remedy


def test_neighbours_must_be_there_unchanged_if_they_were_adapted_to(work):
    items = tuple(neighbour(work / "album" / f"{number}.png", included=number != 1) for number in range(3))
    request = request_for(
        work, adapt="neighbours", sources=(Source("album"),), found=NeighbourSet("album", "", "", items)
    )
    content = saved_and_read(result(request), work / "out" / "a.png")
    (work / "album" / "1.png").unlink()
    assert len(sidecar.request_from_json(content).found.included) == 2
    picture(work / "album" / "2.png", seed=77)
    with pytest.raises(BadInput, match=r"2\.png is no longer"):
        sidecar.request_from_json(content)


def test_a_folder_can_be_moved_as_a_whole(work, tmp_path):
    items = [neighbour(work / "album" / "0.png")]
    restoration = result(
        request_for(work, adapt="neighbours", sources=(Source("album"),)), preset=preset(items)
    )
    path = sidecar.save_restoration(restoration, work / "out" / "a.png").sidecar
    moved = tmp_path / "elsewhere"
    shutil.move(work, moved)
    again = rerun(moved / path.relative_to(work))
    assert again.photo.path.resolve() == (moved / "photo.png").resolve()
    assert again.found.items[0].path.resolve() == (moved / "album" / "0.png").resolve()


def test_a_sidecar_can_be_moved_alone_or_with_the_photo(work, tmp_path):
    path = sidecar.save_restoration(result(request_for(work)), work / "out" / "a.png").sidecar
    alone = shutil.copy(path, tmp_path / "alone.json")
    assert rerun(alone).photo.path == work / "photo.png"
    folder = tmp_path / "together"
    folder.mkdir()
    shutil.copy(path, folder)
    shutil.move(work / "photo.png", folder)
    assert rerun(folder / "a.json").photo.path == folder / "photo.png"


@pytest.mark.parametrize("kind", ["never a file", "changed in memory", "changed on disk"])
def test_a_photo_that_is_not_in_its_file_is_not_claimed_to_be(work, kind):
    request = request_for(work)
    if kind == "never a file":
        request = replace(request, photo=replace(request.photo, path=None))
    elif kind == "changed in memory":
        request = replace(request, photo=replace(request.photo, pixels=1 - request.photo.pixels))
    else:
        picture(work / "photo.png", seed=6)
    content = saved_and_read(result(request), work / "out" / "a.png")
    assert content["request"]["photo"] is None
    with pytest.raises(BadInput, match="not a file"):
        sidecar.request_from_json(content)


# ---- damage


def test_files_that_are_no_sidecar(work):
    path = sidecar.save_restoration(result(request_for(work)), work / "out" / "a.png").sidecar
    text = path.read_text()
    bad = {
        "cut.json": text[: len(text) // 2],
        "empty.json": "",
        "list.json": "[1, 2]",
        "number.json": "5",
        "foreign.json": '{"format": "something", "version": 1}',
        "deep.json": "[" * 100_000,
    }
    for name, content in bad.items():
        (work / name).write_text(content)
    (work / "binary.json").write_bytes(bytes(range(256)))
    for name in (*bad, "binary.json", "photo.png", "missing.json", "out", "x" * 300):
        with pytest.raises(BadInput) as caught:
            sidecar.read_sidecar(work / name)
        assert caught.value.remedy
        assert "\n" not in str(caught.value)


def test_a_newer_version_is_refused(work):
    path = sidecar.save_restoration(result(request_for(work)), work / "out" / "a.png").sidecar
    path.write_text(json.dumps(json.loads(path.read_text()) | {"version": 2}))
    with pytest.raises(BadInput, match=r"version 2.*Update"):
        sidecar.read_sidecar(path)


def broken_values(value, path=()):
    """Every place in a JSON tree, with a value of another kind for it."""
    if path:
        yield path, [] if not isinstance(value, list) else 5
        yield path, {"nonsense": True}
        yield path, 1.5 if isinstance(value, str | bool) or value is None else "text"
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from broken_values(item, (*path, key))


def test_a_damaged_request_is_refused_or_harmless(work):
    mask = np.zeros((12, 16), bool)
    mask[3, 4] = True
    psf = picture(work / "psf.png", size=(3, 3))
    steps = (Step("blur", {"kernel": f"file:{psf}"}), Step("mask"))
    found = NeighbourSet("album", "", "", (neighbour(work / "album" / "0.png"),))
    request = request_for(work, degradation=Degradation(steps, 1.0, mask), adapt="neighbours", found=found)
    content = saved_and_read(result(request), work / "out" / "a.png")
    refused = 0
    for path, value in list(broken_values(content["request"])):
        damaged = json.loads(json.dumps(content))
        spot = damaged["request"]
        for key in path[:-1]:
            spot = spot[key]
        spot[path[-1]] = value
        refused += not opens(damaged)
        del spot[path[-1]]
        opens(damaged)
    assert refused > 100


def opens(content):
    """False where it was refused in words; any other exception fails the test."""
    try:
        return isinstance(sidecar.request_from_json(content), Request)
    except BadInput as error:
        return not error.remedy


@pytest.mark.parametrize("mask", ["", "not base64!", "aGVsbG8=", None])
def test_a_damaged_mask(work, mask):
    degradation = Degradation((Step("mask"),), 0.0, np.eye(12, 16, dtype=bool))
    content = saved_and_read(result(request_for(work, degradation=degradation)), work / "out" / "a.png")
    if mask is None:  # a mask of another size
        mask = request_json._mask_to_text(np.eye(9, dtype=bool))
    content["request"]["degradation"]["mask"] = mask
    with pytest.raises(BadInput, match="damaged"):
        sidecar.request_from_json(content)


def test_a_sidecar_without_a_request(work):
    with pytest.raises(BadInput):
        sidecar.request_from_json({"format": sidecar.FORMAT})


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights as POSIX has them")
def test_a_photo_that_may_not_be_read(work, monkeypatch):
    content = saved_and_read(result(request_for(work)), work / "out" / "a.png")

    def denied(*_args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(request_json, "sha256_file", denied)
    with pytest.raises(StorageError, match="permission"):
        sidecar.request_from_json(content)


def test_the_mask_is_kept_bit_by_bit():
    for size in ((1, 1), (7, 9), (16, 8), (33, 65)):
        mask = np.random.default_rng(0).random(size) < 0.5
        photo = Photo(np.zeros((*size, 3), np.float32))
        assert (request_json._mask_from_text(request_json._mask_to_text(mask), photo) == mask).all()
