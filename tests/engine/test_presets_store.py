"""The store of presets as the window sees it: rows from headers, thumbnails, renaming, its jobs."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from adir_desktop.contract import AdaptedPreset, Finished, Neighbour, PresetInfo
from adir_desktop.engine import preset_format, presets, store_jobs
from adir_desktop.errors import BadInput, PresetError, RequestError, StorageError

JPEG = b"\xff\xd8 a picture \xff\xd9"


def make(name: str = "town", **changes) -> AdaptedPreset:
    tensors = {
        "conv_in.lora_A.weight": np.ones((2, 3, 3, 3), np.float32),
        "conv_in.lora_B.weight": np.ones((8, 2, 1, 1), np.float32),
    }
    preset = AdaptedPreset(
        name=name,
        prior="starter",
        prior_sha256="ab" * 32,
        rank=2,
        alpha=8.0,
        tensors=tensors,
        neighbours=(Neighbour("cd" * 32, Path("a.jpg"), 0.93, 12.5, "A. Person", "CC BY 2.0"),),
        degradation={"steps": [{"kind": "downscale", "factor": 4}], "noise_std": 0.0},
        training={"iterations": 40},
        created="2025-01-02T03:04:05+00:00",
    )
    return replace(preset, **changes)


def last(job) -> object:
    *_, event = job
    assert isinstance(event, Finished)
    return event.result


def row(job) -> PresetInfo:
    (info,) = last(job)
    return info


def test_a_row_tells_all_without_the_tensors(monkeypatch: pytest.MonkeyPatch) -> None:
    presets.add(make(), JPEG)

    def refuse(_content: bytes) -> None:
        raise AssertionError("the tensors were read")

    monkeypatch.setattr(preset_format, "parse_tensors", refuse)
    info = row(store_jobs.list_presets())
    assert (info.name, info.prior, info.rank, info.task) == ("town", "starter", 2, "upscale")
    assert (info.recipe, info.created) == ("40 iterations", "2025-01-02T03:04:05+00:00")
    assert info.thumbnail == JPEG
    assert info.bytes_on_disk == info.path.stat().st_size
    (item,) = info.neighbours
    assert (item.path.name, item.similarity, item.author, item.licence) == (
        "a.jpg",
        0.93,
        "A. Person",
        "CC BY 2.0",
    )


@pytest.mark.parametrize(
    ("steps", "noise", "task"),
    [
        (["blur", "downscale"], 3, "upscale"),
        (["grey"], 0, "colorize"),
        (["mask"], 5, "inpaint"),
        (["blur", "fade", "mask"], 5, "old"),
        (["blur"], 0, "deblur"),
        ([], 25, "denoise"),
        ([], 0, ""),
    ],
)
def test_the_faults_tell_the_task(steps: list[str], noise: float, task: str) -> None:
    presets.add(make(degradation={"steps": [{"kind": kind} for kind in steps], "noise_std": noise}))
    assert row(store_jobs.list_presets()).task == task


@pytest.mark.parametrize("picture", ["%%%", 7, None, ["x"]])
def test_a_damaged_thumbnail_is_none_at_all(picture: object) -> None:
    assert preset_format.thumbnail_of({"thumbnail": picture}) == b""


def test_a_row_tells_the_prompt_and_the_forms_it_can_have() -> None:
    presets.add(make())
    presets.add(make("sea", training={"prompt": "a sea"}, prior="stable-diffusion-inpainting"))
    pair = {
        f"down_blocks.1.attentions.0.transformer_blocks.0.ff.net.2.lora_{x}.weight": np.ones(
            (2, 2), np.float32
        )
        for x in "AB"
    }
    presets.add(make("zoo", tensors=pair, prior="file:mine"))
    sea, town, zoo = last(store_jobs.list_presets())
    assert (sea.prompt, town.prompt) == ("a sea", "")
    assert town.forms == presets.PIXEL_FORMATS
    assert sea.forms == zoo.forms == presets.FORMATS


def test_exports_do_not_carry_the_persons_photo(tmp_path: Path) -> None:
    last(store_jobs.add_preset(make(), JPEG))
    path = tmp_path / "shared.safetensors"
    assert last(store_jobs.export_preset("town", path, "adir")) == path
    assert preset_format.thumbnail_of(preset_format.read_about(path)) == b""
    assert last(store_jobs.export_preset("town", tmp_path / "folder", "peft")) == tmp_path / "folder"
    rows = last(store_jobs.take_in_preset(tmp_path / "folder"))
    assert [item.name for item in rows] == ["town", "town-2"]
    with pytest.raises(BadInput, match="already exists"):
        last(store_jobs.export_preset("town", path, "adir"))
    assert last(store_jobs.export_preset("town", path, "adir", overwrite=True)) == path


def test_renaming_keeps_all_but_the_name() -> None:
    presets.add(make(), JPEG)
    before = presets.get("town")
    info = row(store_jobs.rename_preset("town", "Oma's house"))
    assert (info.name, info.thumbnail, info.path.name) == (
        "Oma-s house",
        JPEG,
        "Oma-s house.safetensors",
    )
    after = presets.get("Oma-s house")
    assert after.name == "Oma-s house"
    assert (after.neighbours, after.created) == (before.neighbours, before.created)
    assert preset_format.tensors_sha256(after.tensors) == preset_format.tensors_sha256(before.tensors)


def test_only_the_case_of_a_name_may_change() -> None:
    presets.add(make())
    assert presets.rename("town", "Town") == "Town"
    assert row(store_jobs.list_presets()).name == "Town"


def test_a_name_that_is_taken_or_empty_is_refused() -> None:
    presets.add(make("one"))
    presets.add(make("two"))
    with pytest.raises(PresetError, match="already"):
        presets.rename("one", "TWO")
    with pytest.raises(RequestError, match="name"):
        presets.rename("one", "  ")
    with pytest.raises(PresetError, match="no preset"):
        presets.rename("three", "four")
    assert [item.name for item in presets.list_presets()] == ["one", "two"]


def test_no_new_name_leaves_the_store() -> None:
    presets.add(make())
    presets.rename("town", "../../evil")
    assert [path.parent for path in presets.store_dir().iterdir()] == [presets.store_dir()]


def test_a_full_disk_leaves_the_old_name(monkeypatch: pytest.MonkeyPatch) -> None:
    presets.add(make())

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="full"):
        presets.rename("town", "city")
    assert [item.name for item in presets.list_presets()] == ["town"]


def test_removing_ends_with_what_is_left() -> None:
    presets.add(make("one"))
    presets.add(make("two"))
    assert row(store_jobs.remove_preset("one")).name == "two"
    assert last(store_jobs.remove_preset("two")) == ()


def test_the_stores_need_neither_torch_nor_qt() -> None:
    script = (
        "import sys; from adir_desktop.engine import store_jobs, diagnostics;"
        "list(store_jobs.list_presets()); list(store_jobs.list_models());"
        "list(store_jobs.verify_model('starter-denoiser'));"
        "sys.exit(' '.join({'torch', 'PySide6', 'open_clip'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
