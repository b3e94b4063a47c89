"""`adir rerun`: a sidecar on its own, moved, damaged, or behind the times."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from small_photos import FEW, make_photo, pixels, refused

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def sidecar(adir, photo: Path, here: Path) -> Path:
    assert adir("restore", photo, "-o", "out.png", "--task", "denoise", *FEW).code == 0
    return here / "out.json"


def test_a_sidecar_moved_with_its_photo(adir, sidecar: Path, here: Path, tmp_path: Path, monkeypatch) -> None:
    moved = tmp_path / "elsewhere"
    here.rename(moved)
    monkeypatch.chdir(tmp_path)
    ran = adir("rerun", moved / "out.json", "-o", "again.png", "--events", "json")
    assert ran.code == 0, ran.err
    assert np.array_equal(pixels(tmp_path / "again.png"), pixels(moved / "out.png"))
    assert ran.lines[-1]["paths"]["picture"] == str(tmp_path / "again.png")


def test_other_versions_are_told(adir, sidecar: Path, here: Path) -> None:
    assert "Versions" not in adir("rerun", sidecar, "-o", "same.png").err
    document = json.loads(sidecar.read_text())
    document["record"]["versions"]["torch"] = "1.0"
    sidecar.write_text(json.dumps(document))
    ran = adir("rerun", sidecar, "-o", "again.png", "--events", "json")
    assert ran.code == 0, ran.err
    *_, told, result = ran.lines
    assert "torch 1.0 -> " in told["notice"]
    assert "paths" in result


@pytest.mark.parametrize(("part", "name"), [("", "prior_sha256"), ("settings", "sha256")])
def test_other_weights_are_told(adir, sidecar: Path, part: str, name: str) -> None:
    assert "weights" not in adir("rerun", sidecar, "-o", "same.png").err
    document = json.loads(sidecar.read_text())
    record = document["record"]
    (record[part] if part else record)[name] = "0" * 64
    sidecar.write_text(json.dumps(document))
    ran = adir("rerun", sidecar, "-o", "again.png")
    assert ran.code == 0, ran.err
    assert "other weights" in ran.err


@pytest.mark.parametrize("content", [None, "", "{", "[]", "{}", '{"format": "other"}', "\x00\xff"])
def test_files_that_are_no_sidecar(adir, here: Path, content: str | None) -> None:
    if content is not None:
        (here / "bad.json").write_text(content, encoding="latin-1")
    ran = adir("rerun", "bad.json", "-o", "restored.png")
    refused(ran, here, "bad.json")


@pytest.mark.parametrize("key", ["photo", "task", "degradation", "seed"])
def test_a_sidecar_with_a_part_missing(adir, sidecar: Path, here: Path, key: str) -> None:
    document = json.loads(sidecar.read_text())
    del document["request"][key]
    sidecar.write_text(json.dumps(document))
    ran = adir("rerun", sidecar, "-o", "restored.png")
    refused(ran, here, "")


def test_a_photo_that_has_changed_since(adir, sidecar: Path, photo: Path, here: Path) -> None:
    make_photo(photo, seed=8)
    refused(adir("rerun", sidecar, "-o", "restored.png"), here, "photo.png")
    photo.unlink()
    refused(adir("rerun", sidecar, "-o", "restored.png"), here, "photo.png")


def test_a_rerun_does_not_replace_its_sidecar(adir, sidecar: Path, here: Path) -> None:
    before = sidecar.read_bytes()
    ran = adir("rerun", sidecar, "-o", "out.png", "--overwrite")
    assert ran.code == 2
    assert sidecar.read_bytes() == before
