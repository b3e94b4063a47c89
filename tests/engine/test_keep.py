"""Finished restorations on disk: exact, whole or absent, and not lost because another file moved."""

from __future__ import annotations

import os
import subprocess
import sys
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
)
from adir_desktop.engine.keep import keep, recall
from adir_desktop.engine.photos import open_photo
from adir_desktop.errors import AdirError, BadInput, StorageError
from adir_desktop.files import sha256_file
from tests.engine.scenes import block, scene

MASK = block(20, 16, 4, 4, 5)


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(len(shape)).random(shape).astype(np.float32)


@pytest.fixture
def photo(tmp_path: Path) -> Photo:
    (tmp_path / "photos").mkdir()
    path = tmp_path / "photos" / "print.png"
    Image.fromarray((scene(20, 16) * 255).astype(np.uint8)).save(path)
    return open_photo(path)


def restoration(photo: Photo, folder: Path) -> Restoration:
    """One with everything that a restoration can have."""
    for name in ("near.png", "psf.png"):
        Image.fromarray(np.full((9, 9), 200, np.uint8)).save(folder / name)
    near = Neighbour(
        sha256_file(folder / "near.png"),
        folder / "near.png",
        0.9,
        12.5,
        "A. Painter",
        "CC0",
        thumbnail=b"\xff\xd8jpeg",
        library="album",
        weight=2.0,
    )
    far = replace(near, id="f" * 64, path=folder / "gone.png", included=False, thumbnail=b"")
    steps = (Step("blur", {"kernel": f"file:{folder / 'psf.png'}"}), Step("mask"))
    request = Request(
        photo,
        "old",
        Degradation(steps, 3.5, MASK),
        adapt="neighbours",
        sources=(Source("album", 2.0),),
        found=NeighbourSet("album", "encoder", "print.png", (near, far)),
        samples=3,
        average=True,
        feather=1.5,
        seed=9,
        baseline=True,
    )
    tensors = {"conv.lora_A.weight": noise(2, 3, 1, 1), "conv.lora_B.weight": noise(4, 2, 1, 1)}
    return Restoration(
        photo=replace(photo, pixels=noise(20, 16, 3), alpha=noise(20, 16)),
        request=request,
        record={"seconds_by_stage": {"sample": 1.5}, "neighbours": ["a"]},
        seconds=2.5,
        baseline=replace(photo, pixels=1 - noise(20, 16, 3)),
        preset=AdaptedPreset("print (old)", "starter", "a" * 64, 2, 1.0, tensors, (near,)),
        agreement=noise(20, 16),
        spread=noise(20, 16) * 9,
    )


def same_photo(a: Photo, b: Photo) -> bool:
    if a.pixels.tobytes() != b.pixels.tobytes() or (a.alpha is None) != (b.alpha is None):
        return False
    if a.alpha is not None and b.alpha is not None and a.alpha.tobytes() != b.alpha.tobytes():
        return False
    names = [f.name for f in fields(Photo) if f.name not in ("pixels", "alpha")]
    return all(getattr(a, name) == getattr(b, name) for name in names)


def check_same(found: Restoration, kept: Restoration) -> None:
    assert same_photo(found.photo, kept.photo)
    assert found.baseline is not None
    assert kept.baseline is not None
    assert same_photo(found.baseline, kept.baseline)
    for name in ("agreement", "spread"):
        assert getattr(found, name).tobytes() == getattr(kept, name).tobytes()
    assert (found.record, found.seconds) == (kept.record, kept.seconds)
    assert found.preset is not None
    assert kept.preset is not None
    assert all(np.array_equal(found.preset.tensors[n], t) for n, t in kept.preset.tensors.items())
    names = [f.name for f in fields(Request) if f.name not in ("photo", "degradation")]
    for name in names:
        assert getattr(found.request, name) == getattr(kept.request, name), name
    degradation = found.request.degradation
    assert (degradation.steps, degradation.noise_std) == (kept.request.degradation.steps, 3.5)
    assert np.array_equal(degradation.mask, MASK)


def test_everything_comes_back(photo: Photo, tmp_path: Path) -> None:
    kept = restoration(photo, tmp_path)
    keep(kept, tmp_path / "results" / "one")
    found = recall(tmp_path / "results" / "one")
    check_same(found, kept)
    assert same_photo(found.request.photo, photo)
    assert [p.name for p in (tmp_path / "results").iterdir()] == ["one"]


def test_a_plain_result_comes_back(photo: Photo, tmp_path: Path) -> None:
    request = Request(photo, "denoise", Degradation((), 25.0))
    keep(Restoration(replace(photo, pixels=noise(20, 16, 3)), request, {}, 1.0), tmp_path / "one")
    found = recall(tmp_path / "one")
    assert (found.baseline, found.preset, found.agreement, found.spread) == (None,) * 4
    assert (found.request.adapt, found.request.found, found.request.degradation.mask) == ("none", None, None)


@pytest.mark.parametrize("loss", ["gone", "changed"])
def test_the_result_outlives_the_files_it_was_made_from(photo: Photo, tmp_path: Path, loss: str) -> None:
    kept = restoration(photo, tmp_path)
    keep(kept, tmp_path / "one")
    assert photo.path is not None
    (tmp_path / "near.png").unlink()
    (tmp_path / "psf.png").unlink()
    if loss == "gone":
        photo.path.unlink()
    else:
        Image.new("RGB", (16, 20)).save(photo.path)
    found = recall(tmp_path / "one")
    check_same(found, kept)
    assert np.array_equal(found.request.photo.pixels, photo.pixels), "8 bits hold an 8-bit photo exactly"


def test_a_photo_without_a_file_is_kept_exactly(photo: Photo, tmp_path: Path) -> None:
    pasted = Photo(noise(20, 16, 3), grey=True, bit_depth=16)
    kept = restoration(photo, tmp_path)
    keep(replace(kept, request=replace(kept.request, photo=pasted)), tmp_path / "one")
    found = recall(tmp_path / "one")
    assert same_photo(found.request.photo, pasted)
    assert np.array_equal(found.request.degradation.mask, MASK)


def test_a_preset_that_was_applied_is_named(photo: Photo, tmp_path: Path) -> None:
    request = Request(
        photo,
        "denoise",
        Degradation((), 25.0),
        adapt="preset",
        presets=(AppliedPreset(tmp_path / "gone.bin", 0.5),),
    )
    keep(Restoration(photo, request, {}, 1.0), tmp_path / "one")
    found = recall(tmp_path / "one").request
    assert (found.adapt, found.presets) == ("preset", (AppliedPreset(tmp_path / "gone.bin", 0.5),))


def test_keeping_again_replaces(photo: Photo, tmp_path: Path) -> None:
    kept = restoration(photo, tmp_path)
    keep(kept, tmp_path / "one")
    keep(replace(kept, seconds=7.0, spread=None), tmp_path / "one")
    found = recall(tmp_path / "one")
    assert (found.seconds, found.spread) == (7.0, None)
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("before", [False, True])
def test_a_full_disk_leaves_nothing_or_what_was_there(
    photo: Photo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    kept = restoration(photo, tmp_path)
    if before:
        keep(kept, tmp_path / "one")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("adir_desktop.engine.keep.os.fsync", full)
        with pytest.raises(StorageError, match="full"):
            keep(replace(kept, seconds=7.0), tmp_path / "one")
    assert (tmp_path / "one").exists() == before
    assert not list(tmp_path.glob(".*"))
    if before:
        check_same(recall(tmp_path / "one"), kept)


def test_damage_is_told(photo: Photo, tmp_path: Path) -> None:
    kept = restoration(photo, tmp_path)
    keep(kept, tmp_path / "whole")
    for path in sorted((tmp_path / "whole").iterdir()):
        content = path.read_bytes()
        for damage in (content[: len(content) // 2], b"", b"\0" * len(content), None):
            path.unlink()
            if damage is not None:
                path.write_bytes(damage)
            with pytest.raises(BadInput) as raised:
                recall(tmp_path / "whole")
            assert raised.value.problem
            assert raised.value.remedy
        path.write_bytes(content)
    check_same(recall(tmp_path / "whole"), kept)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"version": 1', '"version": 2'),
        ("adir-kept", "other"),
        ('"seconds": 2.5', '"seconds": "x"'),
        ('"photo.npy"', '"../photo.npy"'),
    ],
)
def test_a_foreign_or_altered_description_is_refused(
    photo: Photo, tmp_path: Path, old: str, new: str
) -> None:
    keep(restoration(photo, tmp_path), tmp_path / "one")
    about = tmp_path / "one" / "kept.json"
    text = about.read_text()
    assert old in text
    about.write_text(text.replace(old, new))
    with pytest.raises(BadInput):
        recall(tmp_path / "one")


def test_nothing_kept(tmp_path: Path) -> None:
    with pytest.raises(AdirError, match="No result"):
        recall(tmp_path / "nowhere")


def test_neither_needs_torch(photo: Photo, tmp_path: Path) -> None:
    """The window brings results back while the engine is still being loaded."""
    keep(restoration(photo, tmp_path), tmp_path / "one")
    code = (
        "import sys; from pathlib import Path; from adir_desktop.engine import jobs\n"
        "*_, done = jobs.recall(Path(sys.argv[1]))\n"
        "list(jobs.keep(done.result, Path(sys.argv[2])))\n"
        "assert 'torch' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "one"), str(tmp_path / "two")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.returncode == 0, done.stderr
    assert recall(tmp_path / "two").seconds == 2.5
